"""How long a large table takes to be previewed, beside the bare reading of its workbook."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from depmap_gui.domain.project import Project
from depmap_gui.exchange.tables.planning import Chosen, plan_import
from depmap_gui.exchange.tables.proposing import propose
from depmap_gui.exchange.tables.reading import read_table_file

HEADS = (
    "Supplier", "Supplier country", "Vendor ID", "Plant", "Plant country", "Item", "Category",
    "Annual spend (USD k)", "IP share %", "Contract date", "City", "Remarks",
)  # fmt: skip
_COUNTRIES = ("China", "Deutschland", "USA", "South Korea", "JP", "Viet Nam", "México", "Polska")
_ITEMS = ("Cathode", "Anode", "Separator", "Foil", "Electrolyte", "Busbar", "Housing", "Cells")
_FORMS = ("Inc.", "GmbH", "Co., Ltd.", "S.A.", "LLC", "")
_SYLLABLES = tuple(
    f"{first}{vowel}{last}"
    for first in ("b", "dr", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z")
    for vowel in "aeiou"
    for last in ("", "n", "r", "x")
)


class PreviewTiming(msgspec.Struct, frozen=True):
    """Processor seconds of python-calamine alone, and of reading, mapping, checking and preview.

    Processor time, since a busy machine would make one of the two look slow.
    """

    rows: int
    bare: float
    own: float
    added: int
    held: int


def time_preview(rows: int, folder: Path, *, held: Callable[[], int]) -> PreviewTiming:
    """Write a supplier list of so many rows, read it bare, then preview its import."""
    path = folder / "suppliers.xlsx"
    write_suppliers(path, rows)
    started = time.process_time()
    _read_bare(path)
    bare = time.process_time() - started
    started = time.process_time()
    file = read_table_file(path)
    preview = plan_import(Project(), [Chosen(file, propose(file).mapping())])
    own = time.process_time() - started
    return PreviewTiming(rows, bare, own, preview.rows.added, held())


def write_suppliers(path: Path, rows: int, seed: int = 1) -> None:
    """A supplier list with the usual mess: spellings, bands, unknowns, currencies, long names."""
    from xlsxwriter import Workbook

    chance = random.Random(seed)
    names = [
        "".join(chance.choices(_SYLLABLES, k=5)).capitalize() + " " + chance.choice(_FORMS)
        for _ in range(max(1, rows // 4))
    ]
    book = Workbook(path, {"constant_memory": True, "default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("Suppliers")
    sheet.write_row(0, 0, HEADS)
    for row in range(1, rows + 1):
        number = chance.randrange(len(names))
        share = chance.choice(("10-15%", "<5%", "n/a", f"{chance.randrange(60)}%"))
        cells = (
            names[number].strip(),
            _COUNTRIES[number % len(_COUNTRIES)],
            f"V{number:06}",
            f"Works {chance.randrange(40)}",
            "United States",
            chance.choice(_ITEMS),
            chance.choice(("material", "component", "equipment")),
            round(chance.uniform(1, 9_000), 1),
            share,
            f"20{chance.randrange(10, 27)}-0{chance.randrange(1, 10)}-1{chance.randrange(10)}",
            "".join(chance.choices(_SYLLABLES, k=3)).capitalize(),
            f"Row {row} as delivered",
        )
        sheet.write_row(row, 0, cells)
    book.close()


def _read_bare(path: Path) -> None:
    from python_calamine import CalamineWorkbook

    workbook = CalamineWorkbook.from_path(str(path))
    for name in workbook.sheet_names:
        workbook.get_sheet_by_name(name).to_python()
