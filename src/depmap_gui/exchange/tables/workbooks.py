"""Workbooks (xlsx, xlsm, xls, xlsb, ods) as sheets of cells, read by python-calamine."""

from __future__ import annotations

import html
import io
import posixpath
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

from depmap_gui.exchange.tables.containers import (
    Zipped,
    needs_password,
    open_zip,
    password_needed,
    refuse_entities,
)
from depmap_gui.exchange.tables.grid import (
    Cell,
    CellRange,
    FileKind,
    Notice,
    Sheet,
    TableError,
)
from depmap_gui.exchange.tables.legacy_xls import xls_extents
from depmap_gui.exchange.tables.limits import (
    MOST_CELLS,
    MOST_SHARED_BYTES,
    MOST_SHARED_TEXTS,
)
from depmap_gui.exchange.tables.scan import (
    Extent,
    refuse_huge_ods,
    whole_tags,
    xlsb_extent,
    xlsx_extent,
)

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

T = TypeVar("T")

_SHEET = re.compile(rb"<(?:\w+:)?sheet\b([^<>]*)>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b([^<>]*)>")
_ATTRIBUTE = re.compile(rb'([\w:]+)\s*=\s*(?:"([^"]*)"|\'([^\']*)\')')
_ERROR_TEXT = re.compile(
    r"#(?:REF!|DIV/0!|N/A|NAME\?|NULL!|NUM!|VALUE!|SPILL!|CALC!|FIELD!|BLOCKED!|GETTING_DATA)"
    r"|Err:\d{3}"
)
# fmt: off
_TOLD_PARTS: tuple[tuple[str, str], ...] = (
    ("xl/pivotTables/",   "It has a pivot table: the figures it shows are read as plain cells."),
    ("xl/vbaProject",     "It has macros; they were neither read nor run."),
    ("xl/externalLinks/", "It has links to other files; none was followed."),
    ("xl/comments",       "It has comments on cells; they are not imported."),
    ("xl/threadedComments", "It has comments on cells; they are not imported."),
)
# fmt: on


def read_workbook(
    name: str, content: bytes, kind: FileKind
) -> tuple[tuple[Sheet, ...], tuple[Notice, ...]]:
    """The sheets of a workbook and what there is to tell of them.

    Raises TableError where the file as a whole cannot be read; a sheet that cannot is told in a
    notice and left out.
    """
    notices: list[Notice] = []
    extents: dict[str, Extent] = {}
    if kind is not FileKind.XLS:
        zipped = open_zip(name, content)
        if kind is FileKind.ODS and _is_encrypted_ods(zipped):
            raise password_needed(name)
        extents = _extents(zipped, kind)
        notices += _told_of_parts(zipped, kind)
    elif not needs_password(content):
        extents = xls_extents(content)
        # The reader lays out all sheets of an xls at once.
        if sum(extent.rows * extent.columns for extent in extents.values()) > MOST_CELLS:
            raise TableError(
                f"{name} has sheets whose filled cells span more than {MOST_CELLS:,} cells: it was "
                "not read. Save the sheets you need as .xlsx, without what lies outside the table."
            )
    workbook = _opened(name, content)
    sheets: list[Sheet] = []
    for about in workbook.sheets_metadata:
        if str(about.typ) != "SheetTypeEnum.WorkSheet":
            notices.append(Notice(_NOT_CELLS, about.name))
            continue
        extent = extents.get(about.name, Extent())
        if extent.is_odd:
            notices.append(Notice(_ODD_CELLS, about.name))
            continue
        if not extent.is_bearable:
            notices.append(Notice(_too_wide(extent), about.name))
            continue
        hidden = str(about.visible) != "SheetVisibleEnum.Visible"
        sheet = _sheet(workbook, about.name, extent, hidden, name, notices)
        if sheet is not None:
            sheets.append(sheet)
    if not sheets and notices:
        raise TableError(f"{name} has no sheet that can be read: {notices[-1].message}")
    return tuple(sheets), tuple(notices)


_NOT_CELLS = "This is a chart, dialog or macro sheet: it has no table to import."

_ODD_CELLS = (
    "A cell of this sheet is written as no spreadsheet program writes it, so that nobody can tell "
    "how far the sheet reaches: it was left out. Open the file in Excel or LibreOffice and save it "
    "anew."
)


def _too_wide(extent: Extent) -> str:
    return (
        f"This sheet's filled cells span {extent.rows:,} rows by {extent.columns:,} columns, more "
        f"than {MOST_CELLS:,} cells: it was left out. Delete what lies outside the table, save, "
        "and import it again."
    )


def _opened(name: str, content: bytes) -> CalamineWorkbook:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        return _guarded(lambda: CalamineWorkbook.from_filelike(io.BytesIO(content)))
    except PasswordError:
        raise password_needed(name) from None
    except CalamineError:
        if needs_password(content):
            raise password_needed(name) from None
        raise TableError(
            f"{name} cannot be read: it is damaged, cut short or no workbook. Ask for the file "
            "again, or open it in Excel or LibreOffice and save it anew."
        ) from None


def _sheet(
    workbook: CalamineWorkbook,
    sheet_name: str,
    extent: Extent,
    hidden: bool,
    file_name: str,
    notices: list[Notice],
) -> Sheet | None:
    from python_calamine import CalamineError

    try:
        read = _guarded(lambda: workbook.get_sheet_by_name(sheet_name))
        if read.height * read.width > MOST_CELLS:
            notices.append(
                Notice(_too_wide(Extent(rows=read.height, columns=read.width)), sheet_name)
            )
            return None
        rows = _guarded(lambda: _rows(read))
        merged = _guarded(lambda: read.merged_cell_ranges) or []
    except CalamineError as fault:
        notices.append(
            Notice(
                f"This sheet cannot be read ({_short(fault)}): it was left out. Open {file_name} "
                "in Excel and save it anew.",
                sheet_name,
            )
        )
        return None
    errors = extent.errors or _error_texts(rows)
    for row, column in errors:
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = None
    if extent.hidden_rows and rows:
        notices.append(
            Notice(f"Hidden rows ({extent.hidden_rows:,}) are read like the others.", sheet_name)
        )
    if extent.formulas:
        notices.append(
            Notice(
                f"Of formulas ({extent.formulas:,}) the values last computed are taken.",
                sheet_name,
            )
        )
    return Sheet(
        name=sheet_name,
        rows=tuple(rows),
        hidden=hidden,
        merged=tuple(
            CellRange(top, left, bottom, right) for (top, left), (bottom, right) in merged
        ),
        errors=errors,
        formulas=extent.formulas,
    )


def _rows(read: CalamineSheet) -> list[list[Cell]]:
    """The cells from the first row and column of the sheet on, empty ones as None."""
    if read.start is None:
        return []
    down, across = read.start
    margin: list[Cell] = [None] * across
    rows: list[list[Cell]] = [[] for _ in range(down)]
    for row in read.to_python(skip_empty_area=True):
        cells: list[Cell] = list(row)
        if "" in cells:
            cells = [None if cell == "" else cell for cell in cells]
        rows.append(margin + cells if across else cells)
    return rows


def _error_texts(rows: list[list[Cell]]) -> tuple[tuple[int, int], ...]:
    """Cells whose text is an error value: how formats without error cells write them."""
    return tuple(
        (i, j)
        for i, row in enumerate(rows)
        for j, cell in enumerate(row)
        if isinstance(cell, str) and cell[:1] in "#E" and _ERROR_TEXT.fullmatch(cell)
    )


def _guarded(read: Callable[[], T]) -> T:
    """What ``read`` returns; a panic of the native reader becomes a CalamineError."""
    from python_calamine import CalamineError

    try:
        return read()
    except BaseException as fault:
        # The native reader's panics derive from BaseException and have no importable class.
        if type(fault).__name__ == "PanicException":
            raise CalamineError("the reader gave up on it") from None
        raise


def _short(fault: Exception) -> str:
    return " ".join(str(fault).split())[:160].rstrip(".")


def _extents(zipped: Zipped, kind: FileKind) -> dict[str, Extent]:
    """The extent of each sheet by name, once all parts are found bearable."""
    if kind is FileKind.ODS:
        refuse_huge_ods(zipped)
        return {}
    for part in zipped.parts:
        if part.endswith(("sharedStrings.xml", "styles.xml")):
            texts = sum(piece.count(b"<si") for piece in _bounded(zipped, part))
            if texts > MOST_SHARED_TEXTS:
                raise TableError(f"{zipped.name} holds more texts than a table needs.")
        elif part.endswith((".rels", "workbook.xml")):
            for piece in _bounded(zipped, part):
                refuse_entities(zipped.name, piece)
    if kind is FileKind.XLSB:
        return {
            name: xlsb_extent(zipped, part)
            for name, part in _binary_sheets(zipped).items()
            if part in zipped.parts
        }
    return {
        name: xlsx_extent(zipped, part)
        for name, part in _sheet_parts(zipped).items()
        if part in zipped.parts
    }


def _bounded(zipped: Zipped, part: str) -> Iterator[bytes]:
    """A part that the reader will hold whole in memory, within a limit of its own."""
    return whole_tags(zipped, part, MOST_SHARED_BYTES)


def _sheet_parts(zipped: Zipped) -> dict[str, str]:
    """The part of each worksheet by the sheet's name."""
    book = next((p for p in zipped.parts if p.lower().endswith("xl/workbook.xml")), None)
    if book is None:
        return {}
    targets = _targets(zipped, book)
    content = zipped.read(book, MOST_SHARED_BYTES)
    found = {}
    for attributes in _SHEET.findall(content):
        values = _attributes(attributes)
        id = next((v for k, v in values.items() if k.endswith(":id") or k == "id"), "")
        found[values.get("name", "")] = targets.get(id, "")
    return found


def _binary_sheets(zipped: Zipped) -> dict[str, str]:
    """The part of each sheet of an xlsb by the sheet's name, as its workbook part lists them."""
    book = "xl/workbook.bin"
    targets = _targets(zipped, book)
    content = zipped.read(book, MOST_SHARED_BYTES)
    found = {}
    for id, target in targets.items():
        at = content.find(id.encode("utf-16-le") + b"")
        if at < 0:
            continue
        at += 2 * len(id)
        size = int.from_bytes(content[at : at + 4], "little")
        found[content[at + 4 : at + 4 + 2 * size].decode("utf-16-le", "replace")] = target
    return found


def _targets(zipped: Zipped, book: str) -> dict[str, str]:
    folder, file = posixpath.split(book)
    relations = posixpath.join(folder, "_rels", file + ".rels")
    if relations not in zipped.parts:
        return {}
    targets = {}
    for attributes in _RELATION.findall(zipped.read(relations, MOST_SHARED_BYTES)):
        values = _attributes(attributes)
        target = values.get("Target", "")
        whole = target[1:] if target.startswith("/") else posixpath.join(folder, target)
        targets[values.get("Id", "")] = posixpath.normpath(whole)
    return targets


def _attributes(text: bytes) -> dict[str, str]:
    return {
        name.decode("utf-8", "replace"): html.unescape(
            (double or single).decode("utf-8", "replace")
        )
        for name, double, single in _ATTRIBUTE.findall(text)
    }


def _is_encrypted_ods(zipped: Zipped) -> bool:
    manifest = "META-INF/manifest.xml"
    if manifest not in zipped.parts:
        return False
    return b"encryption-data" in zipped.read(manifest, MOST_SHARED_BYTES)


def _told_of_parts(zipped: Zipped, kind: FileKind) -> list[Notice]:
    notices = [
        Notice(sentence)
        for start, sentence in _TOLD_PARTS
        if any(part.startswith(start) for part in zipped.parts)
    ]
    if kind is FileKind.XLSX and "xl/workbook.xml" in zipped.parts:
        book = zipped.read("xl/workbook.xml", MOST_SHARED_BYTES)
        if re.search(rb'date1904="(?:1|true)"', book):
            notices.append(Notice("Its dates count from 1904; they are read as the dates shown."))
    return list(dict.fromkeys(notices))
