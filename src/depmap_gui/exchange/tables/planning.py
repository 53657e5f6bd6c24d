"""An import as it would happen: every row accounted for, every problem told, one edit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

import msgspec

from depmap_gui.analysis.context import Context, Quiet
from depmap_gui.domain.edits import Add, Batch, Edit, SetField, removal
from depmap_gui.domain.kinds import EntityKind, Section
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Source
from depmap_gui.exchange.tables.alike import alike, same_key
from depmap_gui.exchange.tables.building import BuiltTable, build_table
from depmap_gui.exchange.tables.cells import Money
from depmap_gui.exchange.tables.drafts import Drafts, EntityDraft, LinkDraft, TableNames
from depmap_gui.exchange.tables.grid import Sheet, TableError, TableFile, column_letters
from depmap_gui.exchange.tables.ledger import (
    Entry,
    Ledger,
    Past,
    ledgers,
    series_of,
    with_ledger,
)
from depmap_gui.exchange.tables.mappings import sheet_for
from depmap_gui.exchange.tables.merging import FreshIds, Merger
from depmap_gui.exchange.tables.records import (
    AlikePair,
    Choices,
    Counts,
    Gone,
    GonePolicy,
    Mapping,
    Outcome,
    Preview,
    Problem,
    RowFate,
    Severity,
    TableMapping,
    TablePreview,
)
from depmap_gui.exchange.tables.templates import Template

MOST_ALIKE = 2_000
_COMPARED = (EntityKind.COMPANY, EntityKind.PLANT, EntityKind.LICENSE, EntityKind.MATERIAL)


class Chosen(msgspec.Struct, frozen=True):
    """One file and the mapping it is read by."""

    file: TableFile
    mapping: Mapping


class _Table(msgspec.Struct, frozen=True):
    file: TableFile
    sheet: Sheet
    mapping: TableMapping
    series: str

    @property
    def is_turned(self) -> bool:
        """Whether its rows are not the file's: a range is read as it stands there."""
        return self.sheet.spots is not None and not self.mapping.range

    def row(self, row: int) -> int:
        """The file's row, counted from 1, of a row of the table."""
        return (self.sheet.spot(row, None)[0] if self.is_turned else row) + 1


def plan_import(
    project: Project,
    chosen: Sequence[Chosen],
    choices: Choices | None = None,
    context: Context | None = None,
) -> Preview:
    """What importing these files would do to the project; nothing is changed.

    Raises TableError where a mapping fits no sheet of its file, Canceled where ``context`` says.
    """
    choices = choices or Choices()
    context = context or Quiet()
    tables = _tables(chosen, project)
    drafts = Drafts(
        [
            TableNames(t.file.name, t.sheet.name, t.sheet.spot if t.is_turned else None)
            for t in tables
        ]
    )
    _tell_notices(drafts, chosen)
    built: list[BuiltTable] = []
    for number, table in enumerate(tables):

        def progress(fraction: float, number: int = number, table: _Table = table) -> None:
            context.progress(0.7 * (number + fraction) / len(tables), f"Reading {table.sheet.name}")

        rates = next(c.mapping.rates for c in chosen if c.file is table.file)
        money = Money(project.header.currency, rates)
        built.append(build_table(drafts, number, table.sheet, table.mapping, money, progress))
    return _Plan(project, tables, built, drafts, choices, context).preview()


def _tables(chosen: Sequence[Chosen], project: Project) -> list[_Table]:
    found = []
    known = {ledger.series for _, ledger in ledgers(project)}
    for one in chosen:
        for mapping in one.mapping.tables:
            sheet = sheet_for(mapping, one.file)
            if sheet is None:
                raise TableError(
                    f"The mapping of '{mapping.sheet}' fits no sheet of {one.file.name}: none has "
                    "its columns."
                )
            # An earlier release may have come in before its mapping had a name, or after.
            named = series_of(one.file.name, sheet.name, mapping.template, one.mapping.name)
            plain = series_of(one.file.name, sheet.name, mapping.template)
            series = plain if plain in known and named not in known else named
            found.append(_Table(one.file, sheet, mapping, series))
    if not found:
        raise TableError("There is nothing to import: no table was chosen.")
    # Tables of items come before tables of links, which name them by their keys.
    return sorted(found, key=lambda table: table.mapping.template == Template.EDGES)


def _tell_notices(drafts: Drafts, chosen: Sequence[Chosen]) -> None:
    mapped = {(t.file, t.sheet) for t in drafts.tables}
    for one in chosen:
        for notice in one.file.notices:
            if notice.sheet is None or (one.file.name, notice.sheet) in mapped:
                drafts.problems.append(
                    Problem(
                        severity=Severity.NOTE,
                        code="file",
                        message=notice.message,
                        file=one.file.name,
                        sheet=notice.sheet or "",
                    )
                )


class _Plan:
    """Puts one preview together."""

    def __init__(
        self,
        project: Project,
        tables: list[_Table],
        built: list[BuiltTable],
        drafts: Drafts,
        choices: Choices,
        context: Context,
    ) -> None:
        self._project = project
        self._tables = tables
        self._built = built
        self._drafts = drafts
        self._choices = choices
        self._context = context
        ids = FreshIds(project)
        self._sources = {n: ids.next(Section.SOURCES) for n in range(len(tables))}
        self._cited, self._new_cited = _cited_sources(project, drafts, ids)
        self._past = Past(project, dict.fromkeys(table.series for table in tables))
        self._merger = Merger(
            project,
            drafts,
            self._past,
            self._sources,
            self._cited,
            replace_hand_edits=choices.replace_hand_edits,
        )

    def preview(self) -> Preview:
        """The preview of it all."""
        self._context.progress(0.72, "Comparing names")
        pairs = self._alike()
        merger = self._merger
        self._context.progress(0.8, "Comparing with the map")
        merger.merge_entities(self._joined(pairs))
        merger.merge_links()
        gone = self._gone()
        changes = [*merger.done.adds, *merger.done.links, *merger.done.sets]
        removed = self._gone_edits(gone)
        edit = self._batch(changes, removed)
        tables = self._table_previews()
        self._context.progress(1.0, "Done")
        return Preview(
            edit=edit,
            tables=tables,
            rows=_sum(table.rows for table in tables),
            records=self._record_counts(),
            problems=tuple(self._drafts.problems),
            alike=tuple(pairs),
            merged=tuple(merger.done.merged),
            gone=tuple(gone),
            sources=tuple(self._sources.values()) if edit else (),
            revision=self._project.revision,
        )

    def _alike(self) -> list[AlikePair]:
        """Pairs of new names that may be one item, with each other or with the map's."""
        pairs: list[AlikePair] = []
        for kind in _COMPARED:
            known = {
                entity.name: entity.id
                for entity in self._project.entities.values()
                if entity.kind is kind and entity.name
            }
            known_keys = {same_key(name) for name in known}
            names = [
                draft.name
                for draft in self._drafts.entities
                if draft.kind is kind and draft.name and same_key(draft.name) not in known_keys
            ]
            found = alike(names, known)
            if len(found) > MOST_ALIKE:
                self._drafts.tell(
                    Severity.NOTE,
                    "many alike",
                    (0, -1),
                    f"{len(found):,} pairs of names look alike; the {MOST_ALIKE:,} likeliest are "
                    "offered for review.",
                )
            pairs += [
                AlikePair(
                    kind=kind,
                    first=like.first,
                    second=like.second,
                    likeness=like.score,
                    reason=like.reason,
                    on_map=like.first in known,
                    first_id=known.get(like.first),
                )
                for like in found[:MOST_ALIKE]
            ]
        return pairs

    def _joined(self, pairs: list[AlikePair]) -> dict[int, int | str]:
        """Drafts that the analyst took for others, by their index."""
        drafts = self._drafts
        joined: dict[int, int | str] = {}
        for pair in pairs:
            if pair.key not in self._choices.same:
                continue
            second = drafts.found(pair.second, pair.kind)
            if second is None:
                continue
            first = None if pair.first_id else drafts.found(pair.first, pair.kind)
            target = pair.first_id or first
            if target is None or target == second:
                continue
            if isinstance(target, int) and target in joined:
                target = joined[target]
            joined[second] = target
            if isinstance(target, int):
                kept, gone = drafts.entities[target], drafts.entities[second]
                drafts.merge(kept.fields, gone.fields, gone.at, f"'{kept.name}'")
                kept.notes |= gone.notes
                kept.tags |= gone.tags
                kept.products = gone.products | kept.products
                kept.spellings |= gone.spellings
                kept.touched += gone.touched
        return joined

    def _gone(self) -> list[Gone]:
        """What the last import of these tables brought and these files no longer have."""
        done = self._merger.done
        here = {*done.entity_ids, *done.link_ids}
        found = []
        for table in self._tables:
            for id in self._past.last.get(table.series, {}):
                if id in here or id in self._past.elsewhere:
                    continue
                record = self._project.entities.get(id) or self._project.links.get(id)
                if record is not None and record.kind is not EntityKind.JURISDICTION:
                    found.append(Gone(id=id, kind=record.kind, name=self._project.name(id)))
        return list(dict.fromkeys(found))

    def _gone_edits(self, gone: list[Gone]) -> list[Edit]:
        project = self._project
        ids = {one.id for one in gone}
        match self._choices.gone:
            case GonePolicy.KEEP:
                return []
            case GonePolicy.END_DATE:
                day = self._choices.gone_date or self._choices.today
                if not day:
                    return []
                return [
                    SetField(Section.LINKS, id, "valid_to", day)
                    for id in ids
                    if id in project.links and _ends_later(project, id, day)
                ]
            case GonePolicy.REMOVE:
                held = {
                    end
                    for link in project.links.values()
                    if link.id not in ids
                    for end in (link.source, link.target)
                    if link.kind != "located"
                }
                doomed = [id for id in ids if id in project.links or id not in held]
                return list(removal(project, doomed).edits)

    def _batch(self, changes: list[Edit], removed: list[Edit]) -> Batch | None:
        if not changes and not removed:
            return None
        done = self._merger.done
        sources: list[Edit] = []
        for number, table in enumerate(self._tables):
            sources.append(Add(self._source(number, table)))
        used = {
            text
            for draft, outcome, _ in self._results()
            if outcome is not Outcome.UNCHANGED
            for text in draft.cited
        }
        cited = [Add(source) for text, source in self._new_cited.items() if text in used]
        files = list(dict.fromkeys(table.file.name for table in self._tables))
        items, links = len(done.adds), len(done.links)
        label = f"Import {' and '.join(files[:2])}: {items} items, {links} links"
        return Batch(label, (*sources, *cited, *changes, *removed))

    def _source(self, number: int, table: _Table) -> Source:
        """The source that facts of one table rest on, with the cells they stood in."""
        done, drafts = self._merger.done, self._drafts
        records = {}
        keys = {}
        for id, draft in zip(done.entity_ids, drafts.entities, strict=True):
            if draft.at[0] == number and id in done.values:
                records[id] = Entry(table.row(draft.at[1]), done.values[id])
                if draft.key:
                    keys[id] = draft.key
        for id, link in zip(done.link_ids, drafts.links, strict=True):
            if link.at[0] == number and id in done.values:
                records[id] = Entry(table.row(link.at[1]), done.values[id])
        ledger = Ledger(
            file=table.file.name,
            sha256=table.file.sha256,
            sheet=table.sheet.name,
            series=table.series,
            columns={}
            if table.is_turned
            else {
                slot: column_letters(column) for slot, column in self._built[number].columns.items()
            },
            records=records,
            keys=keys,
        )
        title = table.file.name
        if len(table.file.sheets) > 1:
            title += f", {table.sheet.name}"
        source = Source(
            id=self._sources[number],
            title=title,
            accessed=self._choices.today or "",
            note=f"Imported from {table.file.name}, sheet {table.sheet.name}; SHA-256 "
            f"{table.file.sha256}.",
        )
        return with_ledger(source, ledger)

    def _table_previews(self) -> tuple[TablePreview, ...]:
        outcomes: dict[tuple[int, int], Outcome] = {}
        for draft, result, _ in self._results():
            if result is Outcome.ADDED and draft.kind is not EntityKind.JURISDICTION:
                outcomes |= dict.fromkeys(draft.touched, Outcome.ADDED)
            elif result is Outcome.CHANGED:
                for spot in draft.touched:
                    outcomes.setdefault(spot, Outcome.CHANGED)
        previews = []
        for number, (table, built) in enumerate(zip(self._tables, self._built, strict=True)):
            fates = [RowFate(row, Outcome.SKIPPED, why) for row, why in built.skipped.items()]
            fates += [RowFate(row, Outcome.FAILED, why) for row, why in built.failed.items()]
            fates += [
                RowFate(row, outcomes.get((number, row), Outcome.UNCHANGED)) for row in built.taken
            ]
            fates.sort(key=lambda fate: fate.row)
            counted = Counter(str(fate.outcome) for fate in fates)
            previews.append(
                TablePreview(
                    file=table.file.name,
                    sheet=table.sheet.name,
                    rows=Counts(**counted),
                    fates=tuple(fates),
                )
            )
        return tuple(previews)

    def _results(self) -> Iterator[tuple[EntityDraft | LinkDraft, Outcome, str]]:
        """Every draft with what becomes of it and the id of its record."""
        done, drafts = self._merger.done, self._drafts
        yield from zip(drafts.entities, done.entity_outcomes, done.entity_ids, strict=True)
        yield from zip(drafts.links, done.link_outcomes, done.link_ids, strict=True)

    def _record_counts(self) -> dict[str, Counts]:
        met: dict[str, tuple[str, str]] = {}
        for draft, result, id in self._results():
            met.setdefault(id, (str(draft.kind), str(result)))
        counted: dict[str, dict[str, int]] = {}
        for (kind, outcome), number in Counter(met.values()).items():
            counted.setdefault(kind, {})[outcome] = number
        return {kind: Counts(**counts) for kind, counts in counted.items()}


def _cited_sources(
    project: Project, drafts: Drafts, ids: FreshIds
) -> tuple[dict[str, str], dict[str, Source]]:
    """The source ids of what rows cite as their source, and the records of new ones."""
    known = {source.title: source.id for source in project.sources.values() if source.title}
    known |= {source.url: source.id for source in project.sources.values() if source.url}
    known |= {id: id for id in project.sources}
    found: dict[str, str] = {}
    new: dict[str, Source] = {}
    every: Iterator[EntityDraft | LinkDraft] = chain(drafts.entities, drafts.links)
    for draft in every:
        for text in draft.cited:
            if text in found:
                continue
            found[text] = known.get(text) or ids.next(Section.SOURCES)
            if text not in known:
                url = text if text.startswith(("http://", "https://")) else ""
                new[text] = Source(id=found[text], title=text, url=url)
    return found, new


def _ends_later(project: Project, id: str, day: str) -> bool:
    ends = project.links[id].valid_to
    return ends is None or ends.isoformat() > day


def _sum(counts: Iterable[Counts]) -> Counts:
    whole: Counter[str] = Counter()
    for one in counts:
        whole.update(msgspec.structs.asdict(one))
    return Counts(**whole)
