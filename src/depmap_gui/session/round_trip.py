"""An edited workbook beside the map it was written from: what differs, and applying it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import msgspec

from depmap_gui.analysis.context import Context, Quiet
from depmap_gui.domain.difference_words import sentence
from depmap_gui.domain.differences import (
    Change,
    Difference,
    Refusal,
    differences,
    edit_of,
    reordered,
)
from depmap_gui.domain.edits import Batch
from depmap_gui.domain.kinds import Section
from depmap_gui.domain.project import Project
from depmap_gui.domain.scenarios import ScenarioError, play
from depmap_gui.project.file import read_project

WORKBOOKS = (".xlsx", ".xlsm", ".ods", ".xlsb", ".xls")


class Told(msgspec.Struct, frozen=True):
    """One difference with its sentence and, of a workbook, the cell it stands in."""

    difference: Difference
    words: str
    cell: str = ""


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Two projects and all that differs between them.

    ``problems`` are cells of a workbook that could not be read as what they stand for;
    ``notices`` are sentences about the whole; ``order`` names the lists in another order.
    """

    before: Project
    after: Project
    told: tuple[Told, ...]
    problems: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    order: tuple[Section, ...] = ()

    @property
    def is_same(self) -> bool:
        """Whether there is nothing to tell of."""
        return not (self.told or self.problems or self.order)


def compare_projects(before: Project, after: Project) -> Comparison:
    """What one must do to one project to get the other."""
    # Where somebody looked last is no difference between two maps.
    found = [
        each
        for each in differences(before, after)
        if (each.section, each.field) != (Section.VIEWS, "viewport")
    ]
    return Comparison(
        before=before,
        after=after,
        told=_told(found, before, after, {}),
        order=reordered(before, after),
    )


def compare_workbook(
    project: Project, workbook: Path, context: Context | None = None
) -> Comparison:
    """What an edited workbook says differently from the project it was written from.

    Raises TableError where the file cannot be read or is no workbook of this program, Canceled
    where ``context`` says so.
    """
    # Reading spreadsheets takes libraries that most runs never need.
    from depmap_gui.exchange.round_trip import edited_project, read_book

    context = context or Quiet()
    context.progress(0.0, f"Reading {workbook.name}")
    read = read_book(workbook)
    origin = read.origin
    context.progress(0.5, "Comparing it with the map")
    notices: list[str] = []
    base = project
    if origin.scenario:
        try:
            base = play(project, origin.scenario)
            notices.append(
                "The workbook shows a scenario; what was changed in it is applied to the base map."
            )
        except ScenarioError as fault:
            notices.append(f"The workbook shows a scenario that does not fit the map: {fault}")
    book = edited_project(read, base)
    found = differences(base, book.project)
    context.progress(0.9, "Putting the differences into words")
    return Comparison(
        before=base,
        after=book.project,
        told=_told(found, base, book.project, book.cells),
        problems=tuple(map(str, book.problems)),
        notices=(*notices, *book.notices),
    )


def compare_files(before: Path, after: Path) -> Comparison:
    """What differs between two files, of which one may be a workbook.

    Raises ProjectFileError, TableError, FileNotFoundError and ValueError where both are workbooks.
    """
    if is_workbook(before) and is_workbook(after):
        raise ValueError(
            "Two workbooks cannot be compared: one of the two must be the project (.depmap) that "
            "they were written from."
        )
    if is_workbook(after):
        return compare_workbook(read_project(before), after)
    project = read_project(after)
    if is_workbook(before):
        book = compare_workbook(project, before)
        other_way = compare_projects(book.after, book.before)
        return msgspec.structs.replace(
            other_way, problems=book.problems, notices=book.notices, order=()
        )
    return compare_projects(read_project(before), project)


def is_workbook(path: Path) -> bool:
    """Whether the file's name says that it is a workbook."""
    return path.suffix.lower() in WORKBOOKS


def is_project(path: Path) -> bool:
    """Whether the file's name says that it is a project."""
    return path.suffix.lower() == ".depmap"


def edit_of_chosen(
    project: Project, chosen: Sequence[Told], source: str
) -> tuple[Batch, tuple[Refusal, ...]]:
    """The chosen differences as one undoable edit of the map, and those that cannot be made.

    ``source`` is what they come from, for the history.
    """
    number = len(chosen)
    label = f"Apply {number:,} {'change' if number == 1 else 'changes'} from {source}"
    return edit_of(project, [each.difference for each in chosen], label)


def marks(comparison: Comparison) -> Mapping[str, Change]:
    """What became of each item and link on the map, by id."""
    found: dict[str, Change] = {}
    for each in comparison.told:
        difference = each.difference
        if difference.section not in (Section.ENTITIES, Section.LINKS):
            continue
        whole = difference.change is not Change.CHANGED and not difference.product
        found[difference.id] = difference.change if whole else Change.CHANGED
    return found


def union(before: Project, after: Project, ids: Collection[str]) -> Project:
    """The later project with what was removed from it put back, to show both on one map.

    ``ids`` are those of the removed items and links.
    """
    entities = {**after.entities}
    links = {**after.links}
    entities |= {id: before.entities[id] for id in ids if id in before.entities}
    links |= {
        id: link
        for id in ids
        if (link := before.links.get(id)) and link.source in entities and link.target in entities
    }
    return msgspec.structs.replace(after, entities=entities, links=links)


def _told(
    found: Sequence[Difference],
    before: Project,
    after: Project,
    cells: Mapping[tuple[str, str, str, str], str],
) -> tuple[Told, ...]:
    links = _links_at(found, before)
    return tuple(
        Told(
            each, sentence(each, before, after, links.get(each.id, 0)), cells.get(_place(each), "")
        )
        for each in found
    )


def _links_at(found: Sequence[Difference], before: Project) -> Mapping[str, int]:
    """How many links hang on each removed item."""
    gone = {each.id: 0 for each in found if each.change is Change.REMOVED and not each.product}
    if gone:
        for link in before.links.values():
            for end in {link.source, link.target}:
                if end in gone:
                    gone[end] += 1
    return gone


def _place(difference: Difference) -> tuple[str, str, str, str]:
    section = difference.section or ""
    return str(section), difference.id, difference.product, difference.field
