"""A first look into an xls file: how far each sheet reaches, which cells hold errors or formulas.

An xls file is a small file system (sectors chained by a table) with one stream of records in it.
The library that reads it tells neither error cells nor hidden rows, and lays every sheet out as a
rectangle before anyone can ask how large that is.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from depmap_gui.exchange.tables.scan import MOST_ERRORS_TOLD, Extent

_SECTOR_SHIFTS = (9, 12)
_END_OF_CHAIN = 0xFFFFFFFA
_SMALL_STREAM = 4096
_ENTRY = 128
_STREAMS = ("Workbook", "Book")

_BOF, _EOF, _BOUND_SHEET, _ROW = 0x0809, 0x000A, 0x0085, 0x0208
_FORMULA, _BOOL_OR_ERROR, _MANY_NUMBERS = 0x0006, 0x0205, 0x00BD
_CELLS = frozenset((0x00FD, 0x0203, 0x027E, 0x0204, 0x00D6, _FORMULA, _BOOL_OR_ERROR))
_HIDDEN = 0x20
_BIFF8 = 0x0600


def xls_extents(content: bytes) -> dict[str, Extent]:
    """The extent of each sheet by its name; empty where the file is not built as it should be."""
    try:
        stream = _workbook_stream(content)
        return {name: _extent(stream, start) for name, start in _sheets(stream)}
    except (struct.error, IndexError, UnicodeDecodeError):
        return {}


def _workbook_stream(content: bytes) -> bytes:
    """The bytes of the stream that holds the workbook. Raises struct.error, IndexError,
    UnicodeDecodeError."""
    shift = struct.unpack_from("<H", content, 30)[0]
    if shift not in _SECTOR_SHIFTS:
        raise struct.error
    size = 1 << shift
    count, first_folder = struct.unpack_from("<II", content, 44)
    first_small_table, _, first_more, more = struct.unpack_from("<4I", content, 60)
    table_sectors = list(struct.unpack_from("<109I", content, 76))
    sector = first_more
    for _ in range(min(more, len(content) // size)):
        part = _sector(content, size, sector)
        table_sectors += struct.unpack(f"<{size // 4}I", part)
        sector = table_sectors.pop()
    table: list[int] = []
    for number in table_sectors[:count]:
        table += struct.unpack(f"<{size // 4}I", _sector(content, size, number))
    folder = _chained(content, size, table, first_folder)
    root_start, root_size = _entry(folder, 0)
    for at in range(0, len(folder) - _ENTRY + 1, _ENTRY):
        length = struct.unpack_from("<H", folder, at + 64)[0]
        name = folder[at : at + max(0, length - 2)].decode("utf-16-le")
        if name not in _STREAMS:
            continue
        start, length = _entry(folder, at)
        if length >= _SMALL_STREAM:
            return _chained(content, size, table, start)[:length]
        small = _chained(content, size, table, root_start)[:root_size]
        small_table = _chained(content, size, table, first_small_table)
        links = list(struct.unpack(f"<{len(small_table) // 4}I", small_table))
        return _chained(small, 64, links, start, header=0)[:length]
    return b""


def _entry(folder: bytes, at: int) -> tuple[int, int]:
    start, length = struct.unpack_from("<II", folder, at + 116)
    return start, length


def _sector(content: bytes, size: int, number: int) -> bytes:
    at = (number + 1) * size
    return content[at : at + size].ljust(size, b"\xff")


def _chained(
    content: bytes, size: int, table: list[int], sector: int, *, header: int | None = None
) -> bytes:
    """The sectors of a chain put together; the first lies behind ``header`` bytes (one sector)."""
    header = size if header is None else header
    parts = []
    for _ in range(len(table) + 1):
        if sector >= _END_OF_CHAIN or sector >= len(table):
            break
        parts.append(content[header + sector * size : header + (sector + 1) * size])
        sector = table[sector]
    return b"".join(parts)


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Kind, start and size of each record from there on."""
    end = len(stream) - 4
    while at <= end:
        kind, size = struct.unpack_from("<HH", stream, at)
        yield kind, at + 4, size
        at += 4 + size


def _sheets(stream: bytes) -> Iterator[tuple[str, int]]:
    """Name and start of each sheet, as the first records list them."""
    is_biff8 = True
    for kind, at, _ in _records(stream, 0):
        if kind == _BOF:
            is_biff8 = struct.unpack_from("<H", stream, at)[0] >= _BIFF8
        elif kind == _BOUND_SHEET:
            start, length = struct.unpack_from("<I2xB", stream, at)
            if not is_biff8:
                yield stream[at + 7 : at + 7 + length].decode("cp1252", "replace"), start
            elif stream[at + 7] & 1:
                yield stream[at + 8 : at + 8 + 2 * length].decode("utf-16-le"), start
            else:
                yield stream[at + 8 : at + 8 + length].decode("latin-1"), start
        elif kind == _EOF:
            return


def _extent(stream: bytes, start: int) -> Extent:
    first: int | None = None
    last_row = last_column = formulas = hidden = depth = 0
    errors: list[tuple[int, int]] = []
    for kind, at, size in _records(stream, start):
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                break
        elif depth > 1:
            continue
        elif kind in _CELLS or kind == _MANY_NUMBERS:
            row, column = struct.unpack_from("<HH", stream, at)
            first = row if first is None else min(first, row)
            last_row = max(last_row, row + 1)
            if kind == _MANY_NUMBERS:
                column = struct.unpack_from("<H", stream, at + size - 2)[0]
            last_column = max(last_column, column + 1)
            formulas += kind == _FORMULA
            if _is_error(stream, kind, at) and len(errors) < MOST_ERRORS_TOLD:
                errors.append((row, column))
        elif kind == _ROW and size >= 14:
            hidden += bool(stream[at + 12] & _HIDDEN)
    return Extent(
        rows=last_row - (first or 0),
        columns=last_column,
        errors=tuple(errors),
        formulas=formulas,
        hidden_rows=hidden,
    )


def _is_error(stream: bytes, kind: int, at: int) -> bool:
    if kind == _BOOL_OR_ERROR:
        return stream[at + 7] == 1
    return kind == _FORMULA and stream[at + 12 : at + 14] == b"\xff\xff" and stream[at + 6] == 2
