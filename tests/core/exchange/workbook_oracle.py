"""What Excel would offer to repair in a workbook, or warn of, as far as its rules are known.

The XML is read as it lies in the file, not through a library that would make good.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
FUNCTIONS = frozenset((
    "ABS", "AND", "COUNTIFS", "DATE", "IF", "IFERROR", "INDEX", "ISNUMBER", "MATCH", "MAX", "MIN",
    "MINVERSE", "MMULT", "N", "NOT", "OR", "ROW", "SUM", "SUMIFS", "SUMPRODUCT", "YEAR",
))  # fmt: skip
"""What formulas may use: all of it is in Excel 2010 and in LibreOffice."""
DEEPEST, MOST_ARGUMENTS = 64, 255
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384


class Parts:
    """The parts of a workbook as they lie in the file; each must be well-formed XML."""

    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as file:
            self.raw = {name: file.read(name) for name in file.namelist()}
        self.xml = {
            name: ET.fromstring(content)
            for name, content in self.raw.items()
            if name.endswith((".xml", ".rels", ".vml"))
        }

    def sheets(self) -> dict[str, ET.Element]:
        return {name: root for name, root in self.xml.items() if "/worksheets/sheet" in name}

    def formulas(self) -> list[str]:
        return [
            each.text or "" for root in self.sheets().values() for each in root.iter(MAIN + "f")
        ]

    def tables_of(self, sheet: str) -> list[ET.Element]:
        """The tables on one sheet, which its part names."""
        relations = self.xml.get(sheet.replace("worksheets/", "worksheets/_rels/") + ".rels")
        targets = [] if relations is None else [each.get("Target", "") for each in relations]
        return [self.xml["xl/" + each.removeprefix("../")] for each in targets if "tables/" in each]

    def tables(self) -> list[ET.Element]:
        return [root for name, root in self.xml.items() if name.startswith("xl/tables/")]


def outside_text(formula: str) -> str:
    return re.sub(r'"(?:[^"]|"")*"', '""', formula)


def deepest(formula: str) -> int:
    """How many parentheses stand inside one another; no formula nests functions deeper."""
    depth = most = 0
    for sign in formula:
        depth += (sign == "(") - (sign == ")")
        most = max(most, depth)
    return most


def most_arguments(formula: str) -> int:
    """The arguments of the function that has most."""
    open_lists, most = [0], 0
    for sign in formula:
        if sign == "(":
            open_lists.append(1)
        elif sign == "," and len(open_lists) > 1:
            open_lists[-1] += 1
        elif sign == ")":
            most = max(most, open_lists.pop())
    return most


def complaints(parts: Parts) -> list[str]:
    """All that Excel would offer to repair or warn of, as far as its rules are known."""
    return [
        *_of_names(parts), *_of_texts(parts), *_of_formulas(parts), *_of_tables(parts),
        *_of_links(parts), *_of_validations(parts), *_of_cells(parts), *_of_headers(parts),
        *_of_merges(parts), *_of_properties(parts), *_of_targets(parts),
    ]  # fmt: skip


def _of_names(parts: Parts) -> list[str]:
    found = []
    book = parts.xml["xl/workbook.xml"]
    names = [each.get("name", "") for each in book.iter(MAIN + "sheet")]
    if len({name.casefold() for name in names}) < len(names):
        found.append("two sheets of one name")
    found += [f"sheet {name!r}" for name in names
              if not 0 < len(name) <= 31 or re.search(r"[\[\]:*?/\\]|^'|'$", name)]  # fmt: skip
    defined = [(each.get("name", ""), each.get("localSheetId")) for each in
               book.iter(MAIN + "definedName")]  # fmt: skip
    if len(set(defined)) < len(defined):
        found.append("a name defined twice")
    for name, _ in defined:
        legal = re.fullmatch(r"(?:_xlnm\.)?[A-Za-z_\\][\w.\\]*", name)
        like_a_cell = re.fullmatch(r"[A-Za-z]{1,3}\d+|[RrCc]\d*", name)
        if not legal or like_a_cell:
            found.append(f"defined name {name!r}")
    return found


def _of_texts(parts: Parts) -> list[str]:
    found = []
    for each in parts.xml["xl/sharedStrings.xml"].iter(MAIN + "si"):
        kinds = {child.tag for child in each}
        text = "".join(child.text or "" for child in each)
        if kinds - {MAIN + "t"}:
            found.append(f"rich text from data: {text[:40]!r}")
        if len(text.encode("utf-16-le")) // 2 > 32_767 * 7:
            found.append("a text too long")
    for root in parts.sheets().values():
        for each in (*root.iter(MAIN + "oddHeader"), *root.iter(MAIN + "oddFooter")):
            found += ["a header too long"] * (len(each.text or "") > 255)
    return found


def _of_formulas(parts: Parts) -> list[str]:
    found = []
    for formula in parts.formulas():
        plain = outside_text(formula)
        used = set(re.findall(r"([A-Za-z_.][\w.]*)\(", plain))
        if used - FUNCTIONS:
            found.append(f"functions {used - FUNCTIONS}")
        if len(formula) > 8_192:
            found.append("a formula too long")
        if deepest(plain) > DEEPEST or most_arguments(plain) > MOST_ARGUMENTS:
            found.append(f"a formula too deep or wide: {formula[:60]}")
        if re.search(r"\[|\||\"\"\"\"\"\"", plain) or "://" in plain:
            found.append(f"a reference outside: {formula[:60]}")
    return found


def _of_tables(parts: Parts) -> list[str]:
    found = []
    tables = parts.tables()
    for key in ("id", "name", "displayName"):
        values = [str(each.get(key)).casefold() for each in tables]
        if len(set(values)) < len(values):
            found.append(f"two tables of one {key}")
    for each in tables:
        columns = [column.get("name", "") for column in each.iter(MAIN + "tableColumn")]
        if len({name.casefold() for name in columns}) < len(columns):
            found.append(f"{each.get('name')}: a column name twice")
        if not all(columns) or any(len(name) > 255 for name in columns):
            found.append(f"{each.get('name')}: an empty or overlong column name")
        if not re.fullmatch(r"[A-Za-z_][\w.]*", each.get("name", "")):
            found.append(f"table name {each.get('name')!r}")
    return found + _overlaps(parts)


def _overlaps(parts: Parts) -> list[str]:
    found = []
    for name in parts.sheets():
        areas = [area(each.get("ref", "")) for each in parts.tables_of(name)]
        found += [
            f"{name}: tables lie over one another"
            for number, one in enumerate(areas)
            for other in areas[:number]
            if one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3]
            and other[1] <= one[3]
        ]  # fmt: skip
    return found


def area(reference: str) -> tuple[int, int, int, int]:
    """First column and row, last column and row."""
    ends = re.fullmatch(r"([A-Z]+)(\d+):([A-Z]+)(\d+)", reference)
    assert ends is not None, reference

    def column(letters: str) -> int:
        number = 0
        for letter in letters:
            number = number * 26 + ord(letter) - 64
        return number

    return column(ends[1]), int(ends[2]), column(ends[3]), int(ends[4])


def _of_links(parts: Parts) -> list[str]:
    found = []
    for name, root in parts.xml.items():
        if name.endswith(".rels"):
            found += [f"{name}: leads outside" for each in root if each.get("TargetMode")]
    for name in parts.raw:
        if re.search(r"vba|activeX|embeddings|externalLink|connections|ctrlProps", name):
            found.append(f"{name} should not be there")
    for root in parts.sheets().values():
        links = list(root.iter(MAIN + "hyperlink"))
        if len(links) > 65_530:
            found.append("too many links")
        found += ["a link from data" for each in links if not each.get("location")]
    return found


def _of_validations(parts: Parts) -> list[str]:
    found = []
    for root in parts.sheets().values():
        for each in root.iter(MAIN + "dataValidation"):
            if len(each.get("promptTitle", "")) > 32 or len(each.get("prompt", "")) > 255:
                found.append("a prompt too long")
            formula = each.find(MAIN + "formula1")
            if formula is not None and len(formula.text or "") > 255:
                found.append("a list too long")
    return found


def _of_cells(parts: Parts) -> list[str]:
    found = []
    for name, root in parts.sheets().items():
        last_row = 0
        for row in root.iter(MAIN + "row"):
            number = int(row.get("r", "0"))
            if not last_row < number <= LAST_ROW:
                found.append(f"{name}: row {number} after {last_row}")
            last_row, last_column = number, 0
            if float(row.get("ht", "0")) > 409:
                found.append(f"{name}: row {number} is too high")
            for cell in row:
                column, _, _, _ = area("{0}:{0}".format(cell.get("r", "")))
                if not last_column < column <= LAST_COLUMN:
                    found.append(f"{name}: {cell.get('r')} out of order")
                last_column = column
                found += [f"{name}!{cell.get('r')}: {why}" for why in _of_cell(cell)]
        for each in root.iter(MAIN + "col"):
            if not 0 <= float(each.get("width", "0")) <= 255:
                found.append(f"{name}: a column too wide")
    return found


def _of_cell(cell: ET.Element) -> Iterator[str]:
    value = cell.find(MAIN + "v")
    text = "" if value is None else value.text or ""
    match cell.get("t", "n"):
        case "n":
            unsaid = text == "" and cell.find(MAIN + "f") is not None
            number = re.fullmatch(r"-?\d+(\.\d+)?([eE][-+]?\d+)?", text)
            if value is not None and not number and not unsaid:
                yield f"no number: {text!r}"
        case "e":
            yield f"an error value: {text}"
        case "str":
            if len(text.encode("utf-16-le")) // 2 > 32_767:
                yield "the text of a formula is too long"


def _of_headers(parts: Parts) -> list[str]:
    """The cells over a table must say what the table says its columns are called."""
    strings = ["".join(each.itertext()) for each in
               parts.xml["xl/sharedStrings.xml"].iter(MAIN + "si")]  # fmt: skip
    found = []
    for name, root in parts.sheets().items():
        cells = {cell.get("r"): cell for cell in root.iter(MAIN + "c")}
        for table in parts.tables_of(name):
            left, top, right, bottom = area(table.get("ref", ""))
            columns = [each.get("name", "") for each in table.iter(MAIN + "tableColumn")]
            if right - left + 1 != len(columns) or bottom <= top:
                found.append(f"{table.get('name')}: its area is not that of its columns")
            for number, column in enumerate(columns):
                cell = cells.get(f"{letters(left + number)}{top}")
                value = None if cell is None else cell.find(MAIN + "v")
                if cell is None or value is None or cell.get("t") != "s":
                    found.append(f"{table.get('name')}: no text over column {column!r}")
                elif decoded(strings[int(value.text or "0")]) != decoded(column):
                    found.append(f"{table.get('name')}: another text over column {column!r}")
    return found


def decoded(text: str) -> str:
    """Text as Excel reads it from a string of its files: _x000D_ stands for a sign."""
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)


def letters(column: int) -> str:
    """The letters of a column, counted from 1."""
    found = ""
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def _of_merges(parts: Parts) -> list[str]:
    found = []
    for name, root in parts.sheets().items():
        merged = [area(each.get("ref", "")) for each in root.iter(MAIN + "mergeCell")]
        taken = merged + [area(each.get("ref", "")) for each in parts.tables_of(name)]
        found += [
            f"{name}: merged cells lie over others"
            for number, one in enumerate(merged)
            for other in taken[number + 1 :]
            if one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3]
            and other[1] <= one[3]
        ]  # fmt: skip
    return found


def _of_properties(parts: Parts) -> list[str]:
    return [
        f"property {each.tag}: too long"
        for name in ("docProps/core.xml", "docProps/app.xml")
        for each in parts.xml[name].iter()
        if len(each.text or "") > 255 and not each.tag.endswith("description")
    ]


def _of_targets(parts: Parts) -> list[str]:
    """Formulas, names and links lead to sheets that are there, to cells that can be."""
    book = parts.xml["xl/workbook.xml"]
    there = {each.get("name", "").casefold() for each in book.iter(MAIN + "sheet")}
    named = {each.get("name", "").casefold() for each in book.iter(MAIN + "definedName")}
    led = {location for root in parts.sheets().values() for each in root.iter(MAIN + "hyperlink")
           if (location := each.get("location"))}  # fmt: skip
    places = [outside_text(each) for each in parts.formulas()]
    places += [each.text or "" for each in book.iter(MAIN + "definedName")]
    found = set()
    for formula in {*places, *led}:
        for quoted, bare in re.findall(r"(?:'((?:[^']|'')+)'|([A-Za-z_][\w.]*))!", formula):
            if (quoted or bare).casefold() not in there:
                found.add(f"no sheet {quoted or bare!r}")
        bare_names = re.sub(r"'[^']*'!|[A-Za-z_][\w.]*!|[A-Za-z_.]\w*\(", "(", formula)
        for word in re.findall(r"(?<![\w$.])[A-Za-z_]\w*(?![\w(!])", bare_names):
            is_cell = re.fullmatch(r"[A-Za-z]{1,3}\d+|TRUE|FALSE|E", word)
            if not is_cell and word.casefold() not in named and formula not in led:
                found.add(f"no name {word!r} in {formula[:60]}")
        for row in re.findall(r"\$?[A-Z]{1,3}\$?(\d+)(?!\w|\()", formula):
            if not 1 <= int(row) <= LAST_ROW:
                found.add(f"no row {row}")
    return sorted(found)
