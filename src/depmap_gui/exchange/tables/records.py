"""The values an import passes along: mapping, proposal, preview, problems and choices.

A file becomes a :class:`~depmap_gui.exchange.tables.grid.TableFile`; a :class:`Proposal` says how
its columns may be read; a :class:`Mapping` (proposed, edited or loaded) says how they are; and a
:class:`Preview` holds what would change, down to the one edit that does it.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from depmap_gui.domain.edits import Batch
from depmap_gui.domain.kinds import EntityKind, LinkKind

MAPPING_VERSION = 1


class ValueReading(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """How the texts and numbers of one column are read; what is None is read cell by cell.

    ``percent``: a bare 49 means 49%. ``decimal``: the decimal mark, ``.`` or ``,``.
    ``multiplier``: what a bare number is multiplied by (a header says 'in millions').
    ``currency``: three letters, of bare numbers. ``unit``: of bare numbers, such as ``GWh``.
    ``day_first``: 3/4/2025 is the third of April. ``separator``: what parts several values of
    one cell, empty where a cell is one value whatever is in it. ``fill_down``: an empty cell means
    what the cell above says.
    """

    percent: bool | None = None
    decimal: str | None = None
    multiplier: float = 1.0
    currency: str | None = None
    unit: str | None = None
    day_first: bool | None = None
    separator: str | None = None
    fill_down: bool = False


class ColumnMapping(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """What one column fills.

    A column is found again by its header and, among equal headers, by its ``occurrence``
    (counted from 1); a blank header by its ``letters``. ``slots`` name what it fills (see
    :mod:`~depmap_gui.exchange.tables.slots`), such as ``supplier.name``; none: left out.
    """

    header: str
    occurrence: int = 1
    letters: str = ""
    slots: tuple[str, ...] = ()
    reading: ValueReading = ValueReading()


class RowFilter(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """Only rows whose cell in ``header`` is one of ``values`` are taken."""

    header: str
    values: tuple[str, ...]


class TableMapping(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """How one table (a sheet, or a range of it) is read.

    ``sheet`` is the name it had; a file whose sheet is called otherwise is recognized by its
    headers. ``header_row`` counts from 1, over ``header_rows`` rows, 0 where it has none; None:
    found anew each time. ``constants`` give every row a slot's value (``buyer.name``: ``Works``),
    ``patterns`` compose one of several columns (``plant.name``: ``{Company}, {City}``), and
    ``kinds`` say what a role is where it is not what it usually is (``supplier``: ``plant``).
    """

    columns: tuple[ColumnMapping, ...]
    sheet: str = ""
    range: str | None = None
    header_row: int | None = None
    header_rows: int = 1
    template: str = "general"
    constants: dict[str, str] = {}
    patterns: dict[str, str] = {}
    kinds: dict[str, EntityKind] = {}
    filters: tuple[RowFilter, ...] = ()


class Mapping(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """How a file's tables are read: what is saved, shared and recognized by fit.

    ``rates`` give the project's currency for one unit of another: ``{"EUR": 1.08}``.
    """

    version: int = MAPPING_VERSION
    name: str = ""
    tables: tuple[TableMapping, ...] = ()
    rates: dict[str, float] = {}


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What the values of a column leave open: ``options`` are the answers, the first the likelier.

    ``matter`` names the part of the reading it is about: ``day_first``, ``percent``, ``decimal``,
    ``separator``, ``fill_down``, ``currency`` or ``slot``.
    """

    sheet: str
    header: str
    matter: str
    message: str
    options: tuple[str, ...] = ()


class ColumnProposal(msgspec.Struct, frozen=True, kw_only=True):
    """How a column would be read, how sure that is (0..1) and why; ``samples`` are some cells."""

    column: int
    mapping: ColumnMapping
    confidence: float
    reason: str
    samples: tuple[str, ...] = ()
    filled: int = 0


class TableProposal(msgspec.Struct, frozen=True, kw_only=True):
    """How one sheet would be read. ``doubts`` say why it is not sure enough to be imported as is.

    ``header_row`` counts from 0 (None: there is no header), ``first_row`` is the first row of
    values, ``row_count`` the rows from there on.
    """

    sheet: str
    mapping: TableMapping
    columns: tuple[ColumnProposal, ...]
    template: str
    confidence: float
    header_row: int | None
    first_row: int
    row_count: int
    questions: tuple[Question, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def is_confident(self) -> bool:
        """Whether it may be imported without anyone looking at it."""
        return not self.doubts


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """How a file would be read, sheet by sheet."""

    file: str
    tables: tuple[TableProposal, ...]

    def mapping(self, sheets: tuple[str, ...] | None = None) -> Mapping:
        """The mapping of the named sheets, or of all that are confident."""
        taken = [
            table.mapping
            for table in self.tables
            if (table.is_confident if sheets is None else table.sheet in sheets)
        ]
        return Mapping(tables=tuple(taken))


class Severity(StrEnum):
    """How much a problem of an import matters: what is lost, what was decided, what to know."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing the preview tells, with its place: ``cell`` as in ``F17``, empty: the sheet."""

    severity: Severity
    code: str
    message: str
    file: str = ""
    sheet: str = ""
    cell: str = ""
    row: int | None = None

    @property
    def place(self) -> str:
        """Where it is, as a person would say it: ``suppliers.xlsx, Sheet1!F17``."""
        inside = f"{self.sheet}!{self.cell}" if self.cell else self.sheet
        return ", ".join(filter(None, (self.file, inside)))


class Outcome(StrEnum):
    """What becomes of a row of the table, or of a record of the map."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    FAILED = "failed"


class RowFate(msgspec.Struct, frozen=True):
    """What becomes of one row (counted from 0 in its sheet), and why where it is not taken."""

    row: int
    outcome: Outcome
    reason: str = ""


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """How many rows or records meet each outcome."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    skipped: int = 0
    failed: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.added + self.changed + self.unchanged + self.skipped + self.failed


class TablePreview(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of every row of one table: ``fates`` has one for each row after the header."""

    file: str
    sheet: str
    rows: Counts
    fates: tuple[RowFate, ...]


class AlikePair(msgspec.Struct, frozen=True, kw_only=True):
    """Two names that may mean one thing. ``first`` is kept where they are joined.

    ``on_map`` tells that the first is an item of the project (``first_id``), ``likeness`` is
    0..1, ``places`` are cells where the second stands.
    """

    kind: EntityKind
    first: str
    second: str
    likeness: float
    reason: str
    on_map: bool = False
    first_id: str | None = None
    places: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str, str]:
        """What a choice names the pair by."""
        return (str(self.kind), self.first, self.second)


class Merged(msgspec.Struct, frozen=True, kw_only=True):
    """Spellings that were taken for one item, since they differ in form only."""

    kind: EntityKind
    name: str
    spellings: tuple[str, ...]
    on_map: bool = False


class GonePolicy(StrEnum):
    """What to do with what an earlier version of the file brought and this one lacks."""

    KEEP = "keep"
    REMOVE = "remove"
    END_DATE = "end-date"


class Gone(msgspec.Struct, frozen=True, kw_only=True):
    """A record that an earlier import of this table brought and this one does not mention."""

    id: str
    kind: EntityKind | LinkKind
    name: str


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """What the analyst decided about an import, beside the mapping.

    ``same`` are the keys of alike pairs that are one thing; ``gone_date`` ends links under
    ``end-date`` (ISO; default: ``today``, which is also when the sources were read);
    ``replace_hand_edits`` lets the file win over values changed by hand since the last import.
    """

    same: frozenset[tuple[str, str, str]] = frozenset()
    gone: GonePolicy = GonePolicy.KEEP
    gone_date: str | None = None
    today: str | None = None
    replace_hand_edits: bool = False


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What an import would do; applying ``edit`` does it, as one undoable step.

    ``edit`` is None where nothing would change. ``records`` counts entities and links by kind.
    """

    edit: Batch | None
    tables: tuple[TablePreview, ...]
    rows: Counts
    records: dict[str, Counts]
    problems: tuple[Problem, ...] = ()
    alike: tuple[AlikePair, ...] = ()
    merged: tuple[Merged, ...] = ()
    gone: tuple[Gone, ...] = ()
    questions: tuple[Question, ...] = ()
    sources: tuple[str, ...] = ()
    revision: int = 0


class Fit(msgspec.Struct, frozen=True, kw_only=True):
    """How well a saved mapping fits a file: ``score`` is 0..1, ``missing`` headers it lacks."""

    mapping: Mapping
    score: float
    missing: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
