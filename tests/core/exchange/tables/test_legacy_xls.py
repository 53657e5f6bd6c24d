"""A first look into xls files, built here record by record as Microsoft lays them out."""

from __future__ import annotations

import struct

import pytest

from depmap_gui.domain.project import Project
from depmap_gui.exchange.tables.grid import TableError, TableFile
from depmap_gui.exchange.tables.legacy_xls import xls_extents
from depmap_gui.exchange.tables.planning import Chosen, plan_import
from depmap_gui.exchange.tables.proposing import propose
from depmap_gui.exchange.tables.reading import table_file

SECTOR = 512
FREE, END, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
HEADS = ("Supplier", "Country", "Plant", "Cost USD")
DIV0 = 0x07


def record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def label(row: int, column: int, text: str) -> bytes:
    plain = text.encode("latin-1")
    return record(0x0204, struct.pack("<HHHHB", row, column, 0, len(plain), 0) + plain)


def number(row: int, column: int, value: float) -> bytes:
    return record(0x0203, struct.pack("<HHHd", row, column, 0, value))


def error(row: int, column: int) -> bytes:
    return record(0x0205, struct.pack("<HHHBB", row, column, 0, DIV0, 1))


def failed_formula(row: int, column: int) -> bytes:
    result = struct.pack("<BBBBHH", 2, 0, DIV0, 0, 0, 0xFFFF)
    return record(0x0006, struct.pack("<HHH", row, column, 0) + result + bytes(6) + bytes(2))


def hidden_row(row: int) -> bytes:
    return record(0x0208, struct.pack("<HHHHHHHH", row, 0, 4, 255, 0, 0, 0x0120, 15))


def stream_of(cells: bytes) -> bytes:
    opens = record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 1997, 0, 0x0600))
    name = b"Data"
    length = len(opens) + len(record(0x0085, bytes(8 + len(name)))) + len(record(0x000A))
    sheet = record(0x0085, struct.pack("<IBBBB", length, 0, 0, len(name), 0) + name)
    begins = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 1997, 0, 0x0600))
    return opens + sheet + record(0x000A) + begins + cells + record(0x000A)


def xls(cells: bytes) -> bytes:
    """A compound file: its table in sector 0, its folder in 1, the workbook from 2 on."""
    stream = stream_of(cells)
    stream += bytes(max(4096, -(-len(stream) // SECTOR) * SECTOR) - len(stream))
    count = len(stream) // SECTOR
    chain = [TABLE, END, *range(3, 2 + count), END]
    table = struct.pack(f"<{SECTOR // 4}I", *chain, *[FREE] * (SECTOR // 4 - len(chain)))

    def entry(name: str, kind: int, start: int, size: int, child: int) -> bytes:
        coded = (name + "\0").encode("utf-16-le")
        return (
            coded.ljust(64, b"\0")
            + struct.pack("<HBBIII", len(coded), kind, 1, FREE, FREE, child)
            + bytes(36)
            + struct.pack("<III", start, size, 0)
        )

    folder = entry("Root Entry", 5, END, 0, 1) + entry("Workbook", 2, 2, len(stream), FREE)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIIII", 0, 1, 1, 0, 4096, END, 0, END, 0, 0)
    header += struct.pack("<I", FREE) * 108
    return header + table + folder.ljust(SECTOR, b"\0") + stream


def suppliers() -> bytes:
    heads = b"".join(label(0, column, head) for column, head in enumerate(HEADS))
    rows = b""
    for row in range(1, 6):
        texts = (f"S{row}", "China", "Works")
        rows += b"".join(label(row, column, text) for column, text in enumerate(texts))
        rows += error(row, 3) if row == 2 else number(row, 3, row * 10.0)
    return heads + rows


def read(content: bytes) -> TableFile:
    return table_file("list.xls", content)


def test_error_cells_and_hidden_rows_of_an_xls_are_told() -> None:
    file = read(xls(hidden_row(4) + suppliers()))
    assert file.sheets[0].rows[1] == ["S1", "China", "Works", 10.0]
    assert file.sheets[0].errors == ((2, 3),)
    assert any("Hidden rows (1)" in notice.message for notice in file.notices)
    preview = plan_import(Project(), [Chosen(file, propose(file).mapping())])
    assert [problem.cell for problem in preview.problems if problem.code == "error cell"] == ["D3"]


def test_formulas_that_failed_are_errors_too() -> None:
    (extent,) = xls_extents(xls(suppliers() + failed_formula(6, 3))).values()
    assert extent.errors == ((2, 3), (6, 3))
    assert extent.formulas == 1
    assert (extent.rows, extent.columns) == (7, 4)


def test_a_stray_cell_in_the_last_corner_is_refused() -> None:
    with pytest.raises(TableError, match="span more than"):
        read(xls(suppliers() + number(65_535, 255, 1.0)))


@pytest.mark.parametrize("cut", [30, 100, 512, 700, 1024, 1500])
def test_a_file_cut_short_is_no_fault_of_the_look(cut: int) -> None:
    assert isinstance(xls_extents(xls(suppliers())[:cut]), dict)


def test_a_sector_size_out_of_all_bounds_is_not_believed() -> None:
    content = bytearray(xls(suppliers()))
    content[30:32] = b"\xff\xff"
    assert xls_extents(bytes(content)) == {}
