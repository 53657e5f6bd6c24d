"""Tables into a project: read, propose a mapping, preview, and make the one edit.

A window or a command goes through these in order::

    file = read_table_file(path)  # sheets of cells; TableError is a sentence
    fit = fitting_mapping(file, folder)  # a saved mapping that fits, or None
    proposal = propose(file)  # per sheet: columns, confidence, questions
    mapping = proposal.mapping()  # edit it: with_slot, with_answer, ...
    preview = plan_import(project, [Chosen(file, mapping)], choices, context)
    apply_import(session, preview)  # one undoable step

All of it but the last is a plain function of frozen values, fit for a background job. The values
are declared in :mod:`depmap_gui.exchange.tables.records`, the slots that columns may fill in
:func:`slots`.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as MappingOf
from contextlib import contextmanager
from pathlib import Path

import msgspec

from depmap_gui.domain.edits import Edit
from depmap_gui.exchange.tables.columns import shown
from depmap_gui.exchange.tables.deciding import answered
from depmap_gui.exchange.tables.grid import Sheet, TableError, TableFile
from depmap_gui.exchange.tables.headers import column_names
from depmap_gui.exchange.tables.ledger import cell_of
from depmap_gui.exchange.tables.mappings import best_fit, fit, lay, mapping_bytes, mapping_from
from depmap_gui.exchange.tables.planning import Chosen, plan_import
from depmap_gui.exchange.tables.proposing import (
    propose,
    propose_table,
    slot_label,
    template_label,
)
from depmap_gui.exchange.tables.reading import pasted_table, read_table_file
from depmap_gui.exchange.tables.records import (
    AlikePair,
    Choices,
    ColumnMapping,
    Fit,
    GonePolicy,
    Mapping,
    Outcome,
    Preview,
    Problem,
    Proposal,
    Question,
    Severity,
    TableMapping,
    TableProposal,
)
from depmap_gui.exchange.tables.slots import Slot, slot, slots
from depmap_gui.exchange.tables.templates import LABELS, Template
from depmap_gui.exchange.tables.words import head_words
from depmap_gui.project.atomic import write_bytes_atomically
from depmap_gui.session.session import Session

MAPPING_SUFFIX = ".json"

__all__ = [
    "LABELS",
    "AlikePair",
    "Choices",
    "Chosen",
    "ColumnMapping",
    "Fit",
    "GonePolicy",
    "Mapping",
    "Outcome",
    "Preview",
    "Problem",
    "Proposal",
    "Question",
    "Severity",
    "Sheet",
    "Slot",
    "TableError",
    "TableFile",
    "TableMapping",
    "TableProposal",
    "Template",
    "apply_import",
    "cell_of",
    "collection_paused",
    "column_names",
    "fit",
    "fitting_mapping",
    "lay",
    "load_mapping",
    "pasted_table",
    "plan_import",
    "propose",
    "propose_table",
    "read_table_file",
    "save_mapping",
    "shown",
    "slot_label",
    "slots",
    "template_label",
    "with_answer",
    "with_constants",
    "with_slot",
]


@contextmanager
def collection_paused() -> Iterator[None]:
    """Run the block without the cycle collector, as the window runs its jobs.

    An import makes some hundred thousand small records and no cycles; looking through them again
    and again takes a third of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def apply_import(session: Session, preview: Preview) -> Edit | None:
    """Make the previewed edit; returns the one that undoes it, None where nothing changes.

    Raises TableError where the map was changed since the preview: what it shows is no longer what
    would happen.
    """
    if preview.revision != session.document.revision:
        raise TableError(
            "The map has changed since the preview was made; nothing was imported. Look at a new "
            "preview and import again."
        )
    return session.document.apply(preview.edit) if preview.edit is not None else None


def load_mapping(path: Path) -> Mapping:
    """The mapping of a file. Raises TableError, a sentence, where it cannot be read or used."""
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise TableError(f"{path} cannot be read: {fault.strerror or fault}.") from None
    return mapping_from(content, path.name)


def save_mapping(mapping: Mapping, path: Path) -> None:
    """Write a mapping as JSON, whole or not at all. Raises SaveError."""
    write_bytes_atomically(path, mapping_bytes(mapping))


def fitting_mapping(file: TableFile, folder: Path) -> Fit | None:
    """The saved mapping of a folder that fits a file best, or None where none fits well.

    Files of the folder that are no mappings are passed over.
    """
    found = []
    for path in sorted(folder.glob("*" + MAPPING_SUFFIX)) if folder.is_dir() else ():
        try:
            found.append(load_mapping(path))
        except TableError:
            continue
    return best_fit(found, file)


def with_constants(mapping: TableMapping, constants: MappingOf[str, str]) -> TableMapping:
    """The mapping with slots filled the same in every row. Raises TableError on unknown slots."""
    for id in constants:
        require_slot(id)
    return msgspec.structs.replace(mapping, constants={**mapping.constants, **constants})


def with_slot(mapping: TableMapping, header: str, slot_ids: Iterable[str]) -> TableMapping:
    """The mapping with a column filling these slots; none: left out.

    A slot that another column filled alone is taken from it. Raises TableError where there is no
    such column or slot.
    """
    wanted = tuple(slot_ids)
    for id in wanted:
        require_slot(id)
    column = _column(mapping, header)
    columns = tuple(
        msgspec.structs.replace(one, slots=wanted)
        if one is column
        else msgspec.structs.replace(
            one, slots=tuple(id for id in one.slots if id not in wanted or _is_shared(id))
        )
        for one in mapping.columns
    )
    patterns = {id: text for id, text in mapping.patterns.items() if id not in wanted}
    return msgspec.structs.replace(mapping, columns=columns, patterns=patterns)


def with_answer(mapping: TableMapping, header: str, matter: str, answer: str) -> TableMapping:
    """The mapping with a question about a column answered by one of its options.

    Raises TableError where there is no such column.
    """
    column = _column(mapping, header)
    columns = tuple(
        msgspec.structs.replace(one, reading=answered(one.reading, matter, answer))
        if one is column
        else one
        for one in mapping.columns
    )
    return msgspec.structs.replace(mapping, columns=columns)


def require_slot(id: str) -> Slot:
    """The slot of that id. Raises TableError with those that come near."""
    found = slot(id)
    if found is None:
        role = id.partition(".")[0]
        near = [known for known in slots() if known.startswith(f"{role}.")] or [
            known for known in slots() if known.endswith(".name")
        ]
        raise TableError(
            f"There is no '{id}' that a column could fill; try {', '.join(near[:12])}."
        )
    return found


def _column(mapping: TableMapping, header: str) -> ColumnMapping:
    wanted = head_words(header)
    names = column_names([column.header for column in mapping.columns])
    for name, column in zip(names, mapping.columns, strict=True):
        if header in (name, column.letters) or head_words(name) == wanted:
            return column
    heads = ", ".join(f"'{name}'" for name in names[:20])
    raise TableError(f"There is no column '{header}'. The table has {heads}.")


def _is_shared(id: str) -> bool:
    return id.endswith((".notes", ".tags"))
