"""A first proposal of how a file's tables are read: by heads, cells and the shape of the whole."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from depmap_gui.exchange.tables.columns import Meaning, Profile, meanings, profile, shown
from depmap_gui.exchange.tables.deciding import decide_reading
from depmap_gui.exchange.tables.doubting import doubts_of, with_patterns
from depmap_gui.exchange.tables.grid import (
    Cell,
    CellRange,
    FileKind,
    Sheet,
    TableFile,
    column_letters,
)
from depmap_gui.exchange.tables.headers import (
    Header,
    area,
    column_names,
    find_header,
    header_at,
    typical_fill,
    why_skipped,
)
from depmap_gui.exchange.tables.parties import parties
from depmap_gui.exchange.tables.records import (
    ColumnMapping,
    ColumnProposal,
    Proposal,
    Question,
    TableMapping,
    TableProposal,
)
from depmap_gui.exchange.tables.slots import Reads, Role, slot
from depmap_gui.exchange.tables.templates import (
    LABELS,
    SURE_ENOUGH,
    Template,
    choose_template,
    slot_for,
)

_DESCRIBING = frozenset(
    {"notes", "where", "coordinates", "country", "tags", "traded", "form", "key"}
)
BODY_LOOKED_AT = 1_500
_GROUPING = frozenset({Role.PLANT, Role.BUYER, Role.OWNED, Role.LICENSEE, Role.MATERIAL})
"""Roles whose items head groups of rows; an empty owner or lender is one that is not known."""
_MANY = frozenset({Reads.NOTE, Reads.WORDS})
"""Slots of these readings may be filled by several columns."""


class _Read(msgspec.Struct, frozen=True):
    """One column as it was looked at."""

    index: int
    name: str
    head: str
    meanings: tuple[Meaning, ...]
    cells: Profile
    is_stepped: bool


class _Guess(msgspec.Struct, frozen=True):
    """The slot a column would fill, how sure, and why."""

    slot: str | None
    surety: float
    reason: str


def propose(file: TableFile) -> Proposal:
    """How each sheet of the file that holds anything would be read."""
    tables = [
        propose_table(file, sheet) for sheet in file.sheets if any(map(any_filled, sheet.rows))
    ]
    return Proposal(file=file.name, tables=tuple(tables))


def any_filled(row: Sequence[Cell]) -> bool:
    """Whether a row holds anything."""
    return any(cell is not None for cell in row)


def propose_table(
    file: TableFile,
    sheet: Sheet,
    *,
    range: str | None = None,
    header_row: int | None = None,
    header_rows: int = 1,
    template: str | None = None,
) -> TableProposal:
    """How one sheet would be read, in a range, under a header or in a shape that someone chose.

    ``header_row`` counts from 1; 0 says that there is no header. Raises TableError where the
    range is none.
    """
    within = CellRange.parse(range) if range else None
    rows = area(sheet, within)
    header = _header(rows, sheet, header_row, header_rows)
    body = body_sample(rows, header)
    read = _read_columns(header, body)
    shape = (
        Template(template)
        if template
        else choose_template([(column.meanings, column.cells) for column in read])
    )
    guesses = _without_rivals(_guesses(read, shape), read)
    is_text = file.kind is FileKind.TEXT
    columns, questions = _column_proposals(sheet.name, read, guesses, is_text_file=is_text)
    mapping = TableMapping(
        columns=tuple(column.mapping for column in columns),
        sheet=sheet.name,
        range=range,
        header_row=None if header_row is None else header_row,
        header_rows=header_rows if header_row is not None else 1,
        template=str(shape),
    )
    mapping = with_patterns(mapping, columns)
    doubts = doubts_of(sheet, shape, mapping, columns, questions)
    named = [c.confidence for c in columns if any(s.endswith(".name") for s in c.mapping.slots)]
    return TableProposal(
        sheet=sheet.name,
        mapping=mapping,
        columns=tuple(columns),
        template=str(shape),
        confidence=max(named, default=0.0) if not doubts else min(0.5, max(named, default=0.0)),
        header_row=header.first,
        first_row=header.body,
        row_count=max(0, len(rows) - header.body),
        questions=tuple(questions),
        doubts=doubts,
    )


def _column_proposals(
    sheet: str, read: Sequence[_Read], guesses: Sequence[_Guess], *, is_text_file: bool
) -> tuple[list[ColumnProposal], list[Question]]:
    """The columns as they would be read, and what their cells leave open."""
    columns: list[ColumnProposal] = []
    questions: list[Question] = []
    for column, guess in zip(read, guesses, strict=True):
        filled = slot(guess.slot) if guess.slot else None
        reading, asked = decide_reading(
            sheet,
            column.name,
            column.head,
            filled,
            column.cells,
            is_text_file=is_text_file,
        )
        questions += asked
        if column.is_stepped and _groups_rows(column, guess, read, guesses):
            reading = msgspec.structs.replace(reading, fill_down=True)
            questions.append(_about_filling(sheet, column))
        columns.append(
            ColumnProposal(
                column=column.index,
                mapping=ColumnMapping(
                    header=column.head,
                    occurrence=_occurrence(read, column),
                    letters="" if column.head else column_letters(column.index),
                    slots=(guess.slot,) if guess.slot else (),
                    reading=reading,
                ),
                confidence=round(guess.surety, 2),
                reason=guess.reason,
                samples=column.cells.samples,
                filled=column.cells.filled,
            )
        )
    return columns, questions


def _groups_rows(
    column: _Read, guess: _Guess, read: Sequence[_Read], guesses: Sequence[_Guess]
) -> bool:
    """Whether a column names each group of rows once at its top, left of a full column of names."""
    role, _, field = (guess.slot or "").partition(".")
    if field != "name" or role not in _GROUPING:
        return False
    return any(
        other.index > column.index
        and (named.slot or "").endswith(".name")
        and not other.is_stepped
        and other.cells.filled > column.cells.filled
        for other, named in zip(read, guesses, strict=True)
    )


def _about_filling(sheet: str, column: _Read) -> Question:
    return Question(
        sheet=sheet,
        header=column.name,
        matter="fill_down",
        message=f"'{column.name}' names each group of rows once: its empty cells are read as the "
        "cell above.",
        options=("as above", "nothing"),
    )


def _header(
    rows: list[list[Cell]], sheet: Sheet, header_row: int | None, header_rows: int
) -> Header:
    if header_row is None:
        return find_header(rows, sheet.merged)
    if header_row == 0:
        return header_at(rows, find_header(rows, sheet.merged).first or 0, 0)
    return header_at(rows, header_row - 1, header_rows, sheet.merged)


def body_sample(rows: Sequence[list[Cell]], header: Header) -> list[list[Cell]]:
    """The first entries of a table, without totals, notes and blank rows."""
    start = rows[header.body : header.body + BODY_LOOKED_AT]
    typical = typical_fill(start)
    return [row for row in start if not why_skipped(row, header.heads, typical)]


def _read_columns(header: Header, body: Sequence[Sequence[Cell]]) -> list[_Read]:
    names = column_names(header.heads)
    found = []
    for index, head in enumerate(header.heads):
        column = [row[index] if index < len(row) else None for row in body]
        cells = profile(column)
        is_stepped = (
            len(column) > 1 and column[0] is not None and column.count(None) >= len(column) * 0.2
        )
        if head or cells.filled:
            found.append(_Read(index, names[index], head, meanings(head), cells, is_stepped))
    return found


def _occurrence(read: Sequence[_Read], column: _Read) -> int:
    before = [c for c in read if c.index < column.index and c.head == column.head]
    return 1 + len(before)


def _guesses(read: Sequence[_Read], template: Template) -> list[_Guess]:
    roles = frozenset(
        meaning.role
        for column in read
        for meaning in column.meanings
        if meaning.role and meaning.surety >= SURE_ENOUGH
    )
    guesses = []
    beside: Role | None = None
    for column in read:
        guess = _guess(column, template, roles, beside)
        guesses.append(guess)
        if guess.slot and guess.slot.endswith(".name"):
            beside = Role(guess.slot.partition(".")[0])
    return guesses


def _guess(column: _Read, template: Template, roles: frozenset[str], beside: Role | None) -> _Guess:
    """The best slot for a column whose cells bear it out."""
    best = _Guess(None, 0.0, "nothing says what it is" if column.head else "it has no head")
    if not column.cells.filled:
        best = _Guess(None, 0.0, "it is empty")
    for meaning in column.meanings:
        id = slot_for(meaning, template, roles, beside)
        found = slot(id) if id else None
        if found is None:
            continue
        borne, why = _borne_out(found.reads, column.cells)
        surety = meaning.surety * borne
        if surety > best.surety:
            best = _Guess(found.id, surety, f"its head says so{why}")
    if best.surety >= SURE_ENOUGH:
        return best
    if _tells_owners(column, template, roles):
        return _Guess("owner.name", 0.8, "its head says shares, and its cells name who has them")
    place = slot_for(Meaning(attribute="country"), template, roles, beside)
    if column.cells.countries >= 0.8 and column.cells.filled and place:
        return _Guess(place, 0.65, "its cells are countries")
    if best.slot and best.surety >= 0.3 and slot(best.slot):
        return best
    is_described = any(m.attribute in _DESCRIBING for m in column.meanings)
    note = slot_for(Meaning(attribute="notes"), template, roles, beside)
    if is_described and column.cells.filled and note:
        return _Guess(note, 0.6, "kept as a note: its cells fit nothing else")
    return best if best.surety >= 0.3 else _Guess(None, 0.0, best.reason)


def _tells_owners(column: _Read, template: Template, roles: frozenset[str]) -> bool:
    """Whether a column of shares holds texts such as 'A 49% / B 51%'."""
    if template not in (Template.PLANTS, Template.OWNERSHIP) or "owner" in roles:
        return False
    if not any(m.field == "share" for m in column.meanings) or column.cells.numbers > 0.3:
        return False
    texts = [value for value in column.cells.values if isinstance(value, str)]
    shared = sum(any(p.share is not None for p in parties(text)) for text in texts)
    return bool(texts) and shared * 2 >= len(texts)


def _borne_out(reads: Reads, cells: Profile) -> tuple[float, str]:
    """How far the cells of a column fit a reading (a factor of the surety), and in words."""
    if not cells.filled:
        return 0.7, ", though it is empty"
    match reads:
        case Reads.COUNTRY:
            if cells.countries >= 0.5:
                return 1.0, " and its cells are countries"
            return (0.7, "") if cells.countries >= 0.2 else (0.25, "")
        case Reads.SHARE | Reads.MONEY | Reads.NUMBER | Reads.OUTPUT:
            if cells.numbers >= 0.5:
                return 1.0, " and its cells are numbers"
            return (0.8, "") if cells.numbers >= 0.25 else (0.25, "")
        case Reads.DATE:
            if cells.dates >= 0.5:
                return 1.0, " and its cells are dates"
            return (0.7, "") if cells.dates >= 0.2 else (0.4, ", though few cells are dates")
        case Reads.FLAG:
            return (1.0, " and its cells are yes or no") if cells.flags >= 0.5 else (0.25, "")
        case Reads.NAME:
            is_named = cells.texts >= 0.5 and cells.numbers < 0.5 and cells.flags < 0.5
            return (1.0, "") if is_named else (0.5, ", though its cells are no names")
        case Reads.KEY:
            return (1.0, "") if cells.is_key_like else (0.4, "")
        case _:
            return 1.0, ""


def _without_rivals(guesses: list[_Guess], read: Sequence[_Read]) -> list[_Guess]:
    """Where several columns claim a slot that one alone can fill, only the best keeps it."""
    best: dict[str, int] = {}
    for index, guess in enumerate(guesses):
        found = slot(guess.slot) if guess.slot else None
        if found is None or found.reads in _MANY:
            continue
        rival = best.get(found.id)
        if rival is None or _rank(guess, read[index]) > _rank(guesses[rival], read[rival]):
            best[found.id] = index
    kept = []
    for index, guess in enumerate(guesses):
        winner = best.get(guess.slot or "")
        if guess.slot and winner is not None and winner != index:
            reason = f"'{read[winner].name}' fills {slot_label(guess.slot)} already"
            kept.append(_Guess(None, 0.0, reason))
        else:
            kept.append(guess)
    return kept


def _rank(guess: _Guess, column: _Read) -> tuple[float, int, int, int]:
    """Surer first; of columns of years the latest; then the fuller, then the one to the left."""
    years = [int(year) for year in re.findall(r"(?:19|20)\d{2}", column.head)]
    return (round(guess.surety, 1), max(years, default=0), column.cells.filled, -column.index)


def slot_label(id: str) -> str:
    """What a person calls a slot."""
    found = slot(id)
    return f"'{found.label}'" if found else f"'{id}'"


def template_label(template: str) -> str:
    """What a person calls a shape of tables."""
    return LABELS[Template(template)]


__all__ = ["propose", "propose_table", "shown", "slot_label", "template_label"]
