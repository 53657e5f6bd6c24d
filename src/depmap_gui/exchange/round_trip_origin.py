"""What a workbook was written from, and what was changed in it that a project does not hold."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from depmap_gui.exchange.round_trip_rows import InputSheet
from depmap_gui.exchange.round_trip_values import day_of, is_same, text_of
from depmap_gui.exchange.sheets.book import Value
from depmap_gui.exchange.sheets.entity_tables import ORIGIN_ROW, WRITTEN_FROM
from depmap_gui.exchange.sheets.layout import INDEX, SUMMARY
from depmap_gui.exchange.sheets.rules_sheet import RULES, law_print
from depmap_gui.exchange.sheets.summary_sheet import SAMPLED_RISK, YEAR
from depmap_gui.exchange.sheets.tests_sheet import STATED_VERDICT, TESTS
from depmap_gui.exchange.tables.grid import Cell, Sheet, TableError, TableFile

_STATED = re.compile(r"Statuses as computed \((.+)\)")
_OWN_SHEETS = {"summary", "supply", "ownership", "companies", "plants", "products", "sources"}


class Origin(msgspec.Struct, frozen=True):
    """What the hidden Index says of the map: its fingerprint, the scenario played, the year."""

    written_from: str = ""
    scenario: str = ""
    year: int | None = None
    rules: str = ""
    year_cell: str = f"{SUMMARY}!{YEAR.here.replace('$', '')}"

    def year_now(self, file: TableFile) -> int | None:
        """The tax year that stands on Summary; None where none does."""
        cell = _cell(_sheet(file, SUMMARY), YEAR.row, YEAR.column)
        if isinstance(cell, bool) or not isinstance(cell, int | float) or cell != int(cell):
            return None
        return int(cell)


def origin_of(file: TableFile) -> Origin:
    """What a workbook says it was written from. Raises TableError where it is none of ours."""
    names = {sheet.name.strip().casefold() for sheet in file.sheets}
    index = _sheet(file, INDEX)
    if index is None:
        if len(names & _OWN_SHEETS) < 3:
            raise TableError(
                f"{file.name} is not a workbook that DepMap wrote: it has none of its sheets. To "
                "take facts from any other spreadsheet, import it."
            )
        return Origin()
    cells = index.rows[ORIGIN_ROW] if len(index.rows) > ORIGIN_ROW else []
    words = [text_of(cell).strip() for cell in cells]
    pairs = dict(zip(words[::2], words[1::2], strict=False))
    if WRITTEN_FROM not in pairs and len(names & _OWN_SHEETS) < 3:
        raise TableError(
            f"{file.name} is not a workbook that DepMap wrote. To take facts from any other "
            "spreadsheet, import it."
        )
    year = pairs.get("year", "")
    return Origin(
        pairs.get(WRITTEN_FROM, ""),
        pairs.get("scenario", ""),
        int(year) if year.isdigit() else None,
        pairs.get("rules", ""),
    )


def untaken(file: TableFile, found: Mapping[str, InputSheet], origin: Origin) -> list[str]:
    """What was changed in the workbook to see what follows, and is no fact of the map."""
    told = []
    rules = _sheet(file, RULES)
    if origin.rules and rules is not None and law_print(_law_rows(rules)) != origin.rules:
        told.append(
            "Rules was changed: the law is not taken from a workbook. A rule pack of your own "
            "holds other values."
        )
    for name, what, stated in (
        (TESTS, "Verdict", STATED_VERDICT),
        (SUMMARY, "Risk", SAMPLED_RISK),
    ):
        rows = _typed_over(_sheet(file, name), what, stated)
        if rows:
            told.append(
                f"A {what.lower()} was changed on {name} ({_some(rows)}): it is computed, so it is "
                "not taken."
            )
    companies = found.get("company")
    if companies is not None and (changed := _changed_statuses(companies)):
        told.append(
            f"A status was changed on {companies.sheet.name} ({_some(changed)}): it is computed, "
            "so it is not taken. To assert one, fill in 'Declared status'."
        )
    return told


def _some(rows: list[str]) -> str:
    return ", ".join(rows[:5]) + (" and more" if len(rows) > 5 else "")


def _typed_over(sheet: Sheet | None, what: str, stated: str) -> list[str]:
    """The rows in which a computed figure that can be changed to try it was changed."""
    if sheet is None:
        return []
    for index, cells in enumerate(sheet.rows[:40]):
        header = [text_of(cell).strip() for cell in cells]
        if what in header and stated in header:
            shown, kept = header.index(what), header.index(stated)
            return [
                f"row {row + 1}"
                for row in range(index + 1, len(sheet.rows))
                if (written := _cell(sheet, row, kept)) not in (None, "")
                and not is_same(_cell(sheet, row, shown), _written(written))
            ]
    return []


def _written(cell: Cell) -> Value:
    """A kept cell as what was written there."""
    return float(cell) if isinstance(cell, int | float) else text_of(cell)


def _changed_statuses(table: InputSheet) -> list[str]:
    header = [text_of(cell).strip() for cell in table.sheet.rows[table.header]]
    changed = []
    for stated, name in enumerate(header):
        pack = _STATED.fullmatch(name)
        if pack is None:
            continue
        mine = f" ({pack[1]})"
        others = (f"Prohibited{mine}", f"How it is known{mine}", name)
        columns = [at for at, each in enumerate(header)
                   if each.endswith(mine) and each not in others]  # fmt: skip
        for index in range(table.header + 1, len(table.sheet.rows)):
            written = text_of(_cell(table.sheet, index, stated))
            now = [text_of(_cell(table.sheet, index, at)) for at in columns]
            if written and any(now) and sorted(written.split(", ")) != sorted(now):
                changed.append(f"row {index + 1}")
    return changed


def _law_rows(sheet: Sheet) -> list[dict[str, Value]]:
    """The dated values as the sheet has them now, by the keys that the fingerprint takes."""
    headers = {"rule pack": "pack", "parameter": "id", "from": "starts", "to": "ends",
               "value": "number"}  # fmt: skip
    for index, cells in enumerate(sheet.rows[:20]):
        at = {headers[word]: place for place, cell in enumerate(cells)
              if (word := text_of(cell).strip().casefold()) in headers}  # fmt: skip
        if len(at) == len(headers):
            rows = []
            for cells_below in sheet.rows[index + 1 :]:
                row: dict[str, Value] = {}
                for key, place in at.items():
                    cell = cells_below[place] if place < len(cells_below) else None
                    row[key] = _as_written(cell, key)
                if any(value not in (None, "") for value in row.values()):
                    rows.append(row)
            return rows
    return []


def _as_written(cell: Cell, key: str) -> Value:
    if key in ("starts", "ends"):
        return day_of(cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell)
    return text_of(cell)


def _sheet(file: TableFile, name: str) -> Sheet | None:
    return next((each for each in file.sheets if each.name.casefold() == name.casefold()), None)


def _cell(sheet: Sheet | None, row: int, column: int) -> Cell:
    if sheet is None or row >= len(sheet.rows) or column >= len(sheet.rows[row]):
        return None
    return sheet.rows[row][column]
