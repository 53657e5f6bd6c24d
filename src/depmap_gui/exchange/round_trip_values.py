"""One cell of an edited workbook as the value of a field, or why it is none."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, timedelta
from typing import Any

from depmap_gui.domain.fields import Field, FieldType
from depmap_gui.exchange.sheets.book import Value
from depmap_gui.exchange.sheets.text import cell_text
from depmap_gui.exchange.tables.grid import Cell

_NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE][-+]?\d+)?")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_ERROR = re.compile(r"#[A-Z0-9/_]+[!?]?|Err:\d+")
_FIRST_DAY = date(1899, 12, 30)
_YES, _NO = {"yes", "true", "y", "1"}, {"no", "false", "n", "0"}
_CLOSE = 1e-12


class CellFault(Exception):
    """A cell that holds no value of its column; a sentence that goes on from the cell's name."""


def is_same(cell: Cell, written: Value) -> bool:
    """Whether a cell still says what the program wrote into it.

    Spreadsheets keep fifteen digits, put one kind of line end for another and drop control
    characters: none of that is somebody's edit.
    """
    if written is None or written == "":
        return cell is None or (isinstance(cell, str) and not cell.strip())
    if isinstance(written, bool):
        return _words(cell) == ("yes" if written else "no")
    if isinstance(written, int | float):
        if isinstance(cell, bool) or not isinstance(cell, int | float):
            return not math.isfinite(written) and cell == str(written)
        return abs(cell - written) <= _CLOSE * max(abs(cell), abs(written))
    if isinstance(written, date):
        return day_of(cell) == written
    if cell is None:
        # The reader of tables takes text like #N/A for an error, whose value is none.
        return bool(_ERROR.fullmatch(written))
    return _plain_text(str(cell)) == _plain_text(cell_text(written))


def typed(field: Field, cell: Cell) -> Any:
    """The value of a field that a cell holds; None where it is empty. Raises CellFault.

    Not for fields that name other records: those are looked up by whoever knows them.
    """
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    match field.type:
        case FieldType.TEXT | FieldType.LONG_TEXT | FieldType.CREDIT | FieldType.PRODUCT:
            return text_of(cell)
        case FieldType.WORDS | FieldType.LISTS:
            return tuple(part for part in map(str.strip, text_of(cell).split(",")) if part)
        case FieldType.FLAG:
            return _flag(cell)
        case FieldType.DATE:
            return _date(cell)
        case FieldType.CHOICE:
            return _choice(field, cell)
        case FieldType.TERMS:
            return {key: _three_valued(word) for key, word in _pairs(cell)}
        case FieldType.DECLARED:
            return dict(_pairs(cell))
        case _:
            raise CellFault("was changed, but cannot be read back; change it in the program")


def number(field: Field, cell: Cell) -> float | None:
    """A number of a quantity; `35%` as text counts, other text does not. Raises CellFault."""
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    if isinstance(cell, bool) or not isinstance(cell, int | float | str):
        raise CellFault(f"holds {_shown(cell)}, where a number belongs")
    if isinstance(cell, str):
        return _within(field, _number_in_text(cell), cell)
    if not math.isfinite(cell):
        raise CellFault("holds no finite number")
    return _within(field, float(cell), cell)


def said(field: Field, value: float) -> str:
    """A figure of a quantity in words, as its column shows it."""
    return f"{value * 100:.10g}%" if field.is_share else f"{value:,.10g}"


def text_of(cell: Cell) -> str:
    """A cell as text: what was typed as a number or date stays as it was typed."""
    match cell:
        case None:
            return ""
        case str():
            return _unescaped(cell)
        case bool():
            return "yes" if cell else "no"
        case int() | float():
            return f"{cell:.15g}"
        case datetime():
            is_day = (cell.hour, cell.minute, cell.second) == (0, 0, 0)
            return cell.date().isoformat() if is_day else cell.isoformat(" ")
        case _:
            return str(cell)


def _within(field: Field, found: float, cell: Cell) -> float:
    if field.least is not None and found < field.least:
        raise CellFault(f"holds {_shown(cell)}; {field.label} is never below {field.least:g}")
    if field.is_share and field.most is not None and found > field.most + _CLOSE:
        raise CellFault(
            f"holds {_shown(cell)}, which would be {found * 100:g}%; a share lies between 0% and "
            "100%, so write 40% or 0.4 for two in five"
        )
    return found


def _number_in_text(cell: str) -> float:
    text = cell.strip().replace("\u00a0", "").replace(" ", "")
    percent = text.endswith("%")
    digits = text.removesuffix("%")
    if not _NUMBER.fullmatch(digits):
        raise CellFault(f"holds the text {_shown(cell)}, where a number belongs")
    found = float(digits.replace(",", ""))
    return found / 100 if percent else found


def _flag(cell: Cell) -> bool:
    word = _words(cell)
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise CellFault(f"holds {_shown(cell)}; write yes or no, or leave it empty for unknown")


def _date(cell: Cell) -> date:
    found = day_of(cell)
    if found is None:
        raise CellFault(f"holds {_shown(cell)}, where a date belongs; write it as 2026-12-31")
    return found


def day_of(cell: Cell) -> date | None:
    """The day that a cell holds, also as its serial number or in ISO form; None: no day."""
    match cell:
        case datetime():
            return cell.date()
        case date():
            return cell
        case bool():
            return None
        case int() | float() if 1 <= cell < 2_958_466:
            return _FIRST_DAY + timedelta(days=int(cell))
        case str():
            try:
                return date.fromisoformat(cell.strip())
            except ValueError:
                return None
        case _:
            return None


def _choice(field: Field, cell: Cell) -> str:
    word = _words(cell)
    for choice in field.choices:
        if choice.casefold() == word:
            return choice
    raise CellFault(f"holds {_shown(cell)}; it can be: {', '.join(field.choices)}")


def _pairs(cell: Cell) -> list[tuple[str, str]]:
    found = []
    for part in filter(None, map(str.strip, text_of(cell).split(";"))):
        key, colon, word = part.partition(":")
        if not colon or not key.strip():
            raise CellFault(f"holds '{part}'; write it as name: yes; other name: no")
        found.append((key.strip(), word.strip()))
    return found


def _three_valued(word: str) -> bool | None:
    match word.casefold():
        case "yes" | "true":
            return True
        case "no" | "false":
            return False
        case "unknown" | "":
            return None
        case _:
            raise CellFault(f"holds '{word}'; an answer is yes, no or unknown")


def _words(cell: Cell) -> str:
    return text_of(cell).strip().casefold()


def _plain_text(text: str) -> str:
    """Text without what spreadsheets change by themselves."""
    lines = _unescaped(text).replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("", lines).strip()


def _unescaped(text: str) -> str:
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def _shown(cell: Cell) -> str:
    text = " ".join(text_of(cell).split())
    return f"'{text[:60]}…'" if len(text) > 60 else f"'{text}'"
