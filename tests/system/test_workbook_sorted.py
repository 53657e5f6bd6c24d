"""Varied maps recomputed by an office suite, as exported and with every table's rows shuffled.

Sorting a table moves rows and, in formulas, what points at the same row; references elsewhere stay
as they are. So is it done here, row by row, and nothing may come out differently.
"""

from __future__ import annotations

import random
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest
from openpyxl.formula.translate import Translator
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet
from test_workbook_recalculation import differences, errors, recalculated, same, without_values

sys.path.insert(0, str(Path(__file__).parents[1] / "core" / "exchange"))
from test_workbook_varied import exported

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed"),
]
SEEDS = range(1, 5)
FIXED = {"t_index", "t_attribution", "t_ip", "t_parts", "t_technology", "t_ratios", "t_lines",
         "t_makers", "t_landed"}  # fmt: skip
"""Tables that have no buttons to sort them by."""
PLACES = ("Row on Supply", "Row on Products", "Row on Companies", "Row on its sheet")
"""Columns that tell where a row stands now: they alone move with sorting."""
Order = dict[int, int]


def shuffled(sheet: Worksheet, reference: str, draw: random.Random) -> Order:
    """Shuffle a table's rows; where each row went."""
    left, top, right, bottom = range_boundaries(reference)
    rows = list(range(top + 1, bottom + 1))
    to = dict(zip(rows, draw.sample(rows, len(rows)), strict=True))
    said = {
        row: [(sheet.cell(row, column).value, sheet.cell(row, column).data_type)
              for column in range(left, right + 1)]
        for row in rows
    }  # fmt: skip
    for row, values in said.items():
        for column, (value, kind) in enumerate(values, left):
            cell = sheet.cell(to[row], column)
            if kind == "f" and isinstance(value, str):
                origin = sheet.cell(row, column).coordinate
                cell.value = Translator(value, origin=origin).translate_formula(cell.coordinate)
            else:
                cell.value = value
                cell.data_type = kind
    return to


def test_varied_maps_recompute_to_the_engines_figures_also_when_sorted(tmp_path: Path) -> None:
    bare, mixed, orders = [], [], []
    for seed in SEEDS:
        given = tmp_path / f"given{seed}.xlsx"
        exported(seed, given)
        bare.append(tmp_path / f"bare{seed}.xlsx")
        shutil.copy(given, bare[-1])
        without_values(bare[-1])
        book = openpyxl.load_workbook(given)
        orders.append({
            sheet.title: shuffled(sheet, table.ref, random.Random(seed))
            for sheet in book for table in sheet.tables.values() if table.name not in FIXED
        })  # fmt: skip
        mixed.append(tmp_path / f"mixed{seed}.xlsx")
        book.save(mixed[-1])
    computed = recalculated([*bare, *mixed], tmp_path)
    count = len(bare)
    for seed, plain, sorted_, order in zip(
        SEEDS, computed[:count], computed[count:], orders, strict=True
    ):
        given = tmp_path / f"given{seed}.xlsx"
        assert errors(plain) == errors(sorted_) == []
        assert differences(given, plain) == []
        assert plain["Check"]["D3"].value == sorted_["Check"]["D3"].value == "OK"
        assert moved(given, sorted_, order) == []


def moved(given: Path, computed: openpyxl.Workbook, orders: Mapping[str, Order]) -> list[str]:
    """Formula cells that came out differently, wherever their row stands now."""
    live = openpyxl.load_workbook(given)
    stored = openpyxl.load_workbook(given, data_only=True)
    found = []
    for sheet in live:
        to = orders.get(sheet.title, {})
        columns = {cell.column for row in sheet.iter_rows(max_row=60) for cell in row
                   if cell.value in PLACES}  # fmt: skip
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type != "f" or (cell.column in columns and cell.row not in to):
                    continue
                if sheet.title == "Duties" and cell.column in columns:
                    continue
                own = stored[sheet.title][cell.coordinate].value
                now = computed[sheet.title].cell(to.get(cell.row, cell.row), cell.column).value
                if not same(own, now):
                    found.append(f"{sheet.title}!{cell.coordinate}: {own!r} {now!r}")
    return found
