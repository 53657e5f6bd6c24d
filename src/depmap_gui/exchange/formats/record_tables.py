"""A project as CSV: one table of each kind in a zip, or one table of all, and back whole.

A cell holds the field's text, or its value as JSON where it is no text. Text that a spreadsheet
would take for a formula stands behind an apostrophe, as does text that begins with one.
"""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterator
from typing import Any

import msgspec

from depmap_gui.domain.project import Header, Project
from depmap_gui.domain.records import (
    ENTITY_CLASSES,
    LINK_CLASSES,
    AnyEntity,
    AnyLink,
)
from depmap_gui.exchange.formats.bounded import MOST_BYTES, text_of
from depmap_gui.exchange.formats.own_fields import (
    entity_of,
    is_text,
    link_of,
    plain_of,
    texts_of,
)
from depmap_gui.exchange.formats.own_graph import FAULTS, HELD, held_project
from depmap_gui.exchange.formats.results import Format, FormatError, Handed, LeftOut, Reading
from depmap_gui.exchange.tables.containers import open_zip

TABLE = "table"
_HEADER = "project"
_FIRST_HEADS = (TABLE, "id")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "'")
_CLASSES: dict[str, type[msgspec.Struct]] = {
    _HEADER: Header,
    **{str(kind): record for kind, record in ENTITY_CLASSES.items()},
    **{str(kind): record for kind, record in LINK_CLASSES.items()},
    **HELD,
}
_MOMENT = (1980, 1, 1, 0, 0, 0)
"""Stamped on every part of a zip, so that the same project gives the same bytes."""

Row = dict[str, str]


def csv_bytes(project: Project) -> Handed:
    """The project as one table, a record a row; nothing is left out."""
    rows = [_header_row(project)]
    rows += [
        {TABLE: str(record.kind)} | _cells(texts_of(record), type(record))
        for record in (*project.entities.values(), *project.links.values())
    ]
    rows += [
        {TABLE: section} | _cells(texts_of(kept), record)
        for section, record in HELD.items()
        for kept in getattr(project, section).values()
    ]
    return Handed(_written(rows))


def csv_zip_bytes(project: Project) -> Handed:
    """The project as a zip of tables, one of each kind; nothing is left out."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for table, rows in _tables(project):
            if rows:
                info = zipfile.ZipInfo(f"{table}.csv", _MOMENT)
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, _written(rows))
    return Handed(out.getvalue())


def is_record_table(heads: list[str]) -> bool:
    """Whether the heads (lower case) are those of a table of all records."""
    return tuple(heads[:2]) == _FIRST_HEADS


def is_record_zip(name: str, content: bytes) -> bool:
    """Whether a zip holds tables of records. Raises TableError where it is damaged."""
    parts = open_zip(name, content).parts
    return f"{_HEADER}.csv" in parts and all(
        part.removesuffix(".csv") in _CLASSES for part in parts
    )


def read_csv(name: str, content: bytes) -> Reading:
    """The project of a table of all records."""
    rows: list[tuple[str, Row]] = []
    left_out: list[LeftOut] = []
    for line, row in _rows(content):
        table = row.pop(TABLE, "")
        if table in _CLASSES:
            rows.append((table, row))
        else:
            left_out.append(LeftOut(f"row {line}", f"there is no kind of record '{table}'"))
    return _reading(name, content, Format.CSV, rows, left_out)


def read_csv_zip(name: str, content: bytes) -> Reading:
    """The project of a zip of tables. Raises TableError where it is damaged or far too large."""
    zipped = open_zip(name, content)
    rows = [
        (table, row)
        for part in zipped.parts
        if (table := part.removesuffix(".csv")) in _CLASSES
        for _, row in _rows(zipped.read(part, MOST_BYTES))
    ]
    return _reading(name, content, Format.CSV_ZIP, rows, [])


def _tables(project: Project) -> Iterator[tuple[str, list[Row]]]:
    yield _HEADER, [{head: text for head, text in _header_row(project).items() if head != TABLE}]
    for kind, record in ENTITY_CLASSES.items():
        found = [entity for entity in project.entities.values() if entity.kind is kind]
        yield str(kind), [_cells(texts_of(entity), record) for entity in found]
    for link_kind, link_record in LINK_CLASSES.items():
        links = [link for link in project.links.values() if link.kind is link_kind]
        yield str(link_kind), [_cells(texts_of(link), link_record) for link in links]
    for section, held_record in HELD.items():
        kept = getattr(project, section).values()
        yield section, [_cells(texts_of(item), held_record) for item in kept]


def _header_row(project: Project) -> Row:
    return {TABLE: _HEADER, "id": _HEADER} | _cells(texts_of(project.header), Header)


def _cells(texts: Row, record: type[msgspec.Struct]) -> Row:
    return {
        head: _guarded(text) if head == "id" or is_text(record, head) else text
        for head, text in texts.items()
        if head != "kind"
    }


def _guarded(text: str) -> str:
    """The text so that no spreadsheet runs it and an empty one is told from none."""
    return f"'{text}" if not text or text.startswith(_FORMULA_STARTS) else text


def _unguarded(text: str) -> str:
    rest = text[1:]
    is_guarded = text.startswith("'") and (not rest or rest.startswith(_FORMULA_STARTS))
    return rest if is_guarded else text


def _written(rows: list[Row]) -> bytes:
    heads = list(dict.fromkeys(head for row in rows for head in row))
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([row.get(head, "") for head in heads] for row in rows)
    # The mark lets Excel know that the text is UTF-8.
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _rows(content: bytes) -> Iterator[tuple[int, Row]]:
    csv.field_size_limit(MOST_BYTES)
    reader = csv.reader(io.StringIO(text_of(content), newline=""))
    heads: list[str] | None = None
    for row in reader:
        if heads is None:
            heads = [head.strip() for head in row]
        elif any(row):
            cells = zip(heads, row, strict=False)
            yield reader.line_num, {head: text for head, text in cells if text}


def _reading(
    name: str, content: bytes, format: Format, rows: list[tuple[str, Row]], left_out: list[LeftOut]
) -> Reading:
    entities: dict[str, AnyEntity] = {}
    links: dict[str, AnyLink] = {}
    own: dict[str, Any] = {section: [] for section in HELD}
    for table, row in rows:
        record = _CLASSES[table]
        texts = {
            head: _unguarded(text) if head == "id" or is_text(record, head) else text
            for head, text in row.items()
        }
        try:
            _take(table, texts, entities, links, own)
        except FAULTS as fault:
            told = f"{table} {texts.get('id', '')}".strip()
            left_out.append(LeftOut(told, f"a cell of its row cannot be read ({fault})"))
    for id in [id for id, link in links.items() if {link.source, link.target} - entities.keys()]:
        left_out.append(LeftOut(f"link {id}", "an item that it joins is not in the file"))
        del links[id]
    if not entities and not links and left_out:
        raise FormatError(f"{name} has no row that could be read: {left_out[0]}")
    project = held_project(own, entities, links, left_out)
    return Reading(
        name=name,
        format=format,
        sha256=hashlib.sha256(content).hexdigest(),
        project=project,
        read={"rows": len(rows)},
        left_out=tuple(left_out),
        is_own=True,
        has_lasting_ids=True,
    )


def _take(
    table: str,
    texts: Row,
    entities: dict[str, AnyEntity],
    links: dict[str, AnyLink],
    own: dict[str, Any],
) -> None:
    if table in ENTITY_CLASSES:
        entity = entity_of(texts | {"kind": table})
        entities[entity.id] = entity
    elif table in LINK_CLASSES:
        link = link_of(texts | {"kind": table})
        links[link.id] = link
    else:
        plain = plain_of(texts, _CLASSES[table])
        if table == _HEADER:
            own["header"] = {key: value for key, value in plain.items() if key != "id"}
        else:
            own[table].append(plain)
