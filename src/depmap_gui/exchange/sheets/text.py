"""Text as a workbook can hold it: always text, never longer or stranger than Excel allows."""

from __future__ import annotations

import re
from collections.abc import Iterable

MOST_UNITS = 32_767
"""Excel counts the text of a cell in UTF-16 units."""

LONGEST_LABEL = 120
CUT = "… [cut: a cell holds no more]"

# Not allowed in XML 1.0 even as an escape; a spreadsheet would ask to repair the file.
_FORBIDDEN = re.compile("[\ud800-\udfff\ufffe\uffff]")
_RICH, _RICH_END = "<r>", "</r>"
"""XlsxWriter takes text between these for markup of its own and writes it as it stands."""
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


def cell_text(text: str) -> str:
    """The text with what no workbook can hold replaced, cut where it is too long for a cell."""
    clean = _FORBIDDEN.sub("�", text)
    if clean.startswith(_RICH) and clean.endswith(_RICH_END):
        clean += " "
    if len(clean) * 2 <= MOST_UNITS or _units(clean) <= MOST_UNITS:
        return clean
    kept = clean.encode("utf-16-le")[: (MOST_UNITS - len(CUT)) * 2]
    return kept.decode("utf-16-le", errors="ignore") + CUT


def plain_line(text: str) -> str:
    """The text on one line without control characters, for headings and document properties."""
    line = " ".join(_CONTROL.sub(" ", cell_text(text)).split())
    is_rich = line.startswith(_RICH) and line.endswith(_RICH_END)
    return "< r>" + line.removeprefix(_RICH) if is_rich else line


def column_word(text: str) -> str:
    """The text as part of a table's heading, where Excel takes _x000D_ for a sign of its own."""
    return _ESCAPE.sub("_ ", text)


def labels(names: Iterable[tuple[str, str]], reserved: Iterable[str] = ()) -> dict[str, str]:
    """What to call each of (id, name) in lists to choose from: never empty, never twice.

    Spreadsheets compare text without regard to case, so labels differ in more than case; nor do
    they equal a reserved word.
    """
    taken = {word.casefold() for word in reserved}
    last: dict[str, int] = {}
    found: dict[str, str] = {}
    for id, name in names:
        shown = plain_line(name)
        if len(shown) > LONGEST_LABEL:
            shown = shown[:LONGEST_LABEL].rstrip() + "…"
        shown = shown or f"(no name) [{plain_line(id)[:LONGEST_LABEL]}]"
        label, folded = shown, shown.casefold()
        number = last.get(folded, 1)
        while label.casefold() in taken:
            number += 1
            label = f"{shown} ({number})"
        last[folded] = number
        taken.add(label.casefold())
        found[id] = label
    return found


def quoted(text: str) -> str:
    """The text as a string inside a formula."""
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def _units(text: str) -> int:
    return len(text) + sum(ord(letter) > 0xFFFF for letter in text)
