"""A worksheet for large tables: formulas as they are written, and rows let go of early."""

from __future__ import annotations

import shutil
import tempfile
from typing import IO, Any

from xlsxwriter.worksheet import Worksheet

CHARTED_ROWS = 64
"""Rows from the top that stay readable after sealing: charts keep a copy of what they show."""


class PlainSheet(Worksheet):  # type: ignore[misc]  # XlsxWriter ships no types
    """An XlsxWriter worksheet that is quicker and can be sealed. It keeps to steps that XlsxWriter
    has had for ten years; a release without one of them would be slower or fail its tests."""

    fh: IO[str]
    _sealed: IO[str] | None = None

    def seal(self) -> None:
        """Put the rows written so far into a temporary file; no cell may be written any more.

        XlsxWriter would hold the cells of all sheets in memory until the workbook is closed; its
        own remedy, `constant_memory`, knows no tables.
        """
        if self._sealed is not None or self.dim_rowmin is None:
            return
        # Closed by let_go(), once the workbook is written or given up.
        self._sealed = tempfile.TemporaryFile("w+", encoding="utf-8", newline="")  # noqa: SIM115  # let_go() closes it
        kept, self.fh = self.fh, self._sealed
        self._write_rows()
        self.fh = kept
        for row in [row for row in self.table if row >= CHARTED_ROWS]:
            del self.table[row]

    def _write_sheet_data(self) -> None:
        if self._sealed is None:
            super()._write_sheet_data()
            return
        self._xml_start_tag("sheetData")
        self._sealed.seek(0)
        shutil.copyfileobj(self._sealed, self.fh, 1 << 20)
        self.let_go()
        self._xml_end_tag("sheetData")

    def let_go(self) -> None:
        """Remove the temporary file."""
        if self._sealed is not None:
            self._sealed.close()

    def _prepare_formula(self, formula: str, _expand: bool = False) -> str:
        """XlsxWriter looks through each formula for functions newer than Excel 2010, to mark
        them; the formulas here have none, and the search takes longer than all else."""
        inner = formula[1:-1] if formula.startswith("{") else formula
        return inner.removeprefix("=")


class RecordingSheet(PlainSheet):
    """A worksheet that also keeps what was written into each cell, to write the same bare."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: list[tuple[Any, ...]] = []

    def write_string(self, row: int, col: int, *rest: Any) -> int:
        """As XlsxWriter's."""
        self.cells.append(("s", row, col, rest[0]))
        return int(super().write_string(row, col, *rest))

    def write_number(self, row: int, col: int, *rest: Any) -> int:
        """As XlsxWriter's."""
        self.cells.append(("n", row, col, rest[0]))
        return int(super().write_number(row, col, *rest))

    def write_datetime(self, row: int, col: int, *rest: Any) -> int:
        """As XlsxWriter's."""
        self.cells.append(("d", row, col, rest[0]))
        return int(super().write_datetime(row, col, *rest))

    def write_blank(self, row: int, col: int, *rest: Any) -> int:
        """As XlsxWriter's."""
        self.cells.append(("b", row, col, None))
        return int(super().write_blank(row, col, *rest))

    def write_formula(self, row: int, col: int, *rest: Any) -> int:
        """As XlsxWriter's."""
        self.cells.append(("f", row, col, rest[0], rest[2]))
        return int(super().write_formula(row, col, *rest))
