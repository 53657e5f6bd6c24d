"""What a spreadsheet program would have to repair, run or follow: none of it is in a workbook.

The XML is read as it lies in the file, not through a library that would make good.
"""

from __future__ import annotations

import re
import sys
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_workbook import nasty, project, works, written

from depmap_gui.domain.fields import FieldType, fields_of
from depmap_gui.domain.kinds import Basis
from depmap_gui.domain.project import Header, Project
from depmap_gui.domain.records import Company, Jurisdiction
from depmap_gui.exchange.sheets.layout import MOST_COLUMNS
from depmap_gui.exchange.workbook_fault import WorkbookError
from depmap_gui.resources import resource
from depmap_gui.rules.loader import load_pack
from depmap_gui.rules.pack import RulePack

sys.path.insert(0, str(Path(__file__).parents[1] / "project"))
from every_field import every_field  # stands beside the tests of the project file

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
FUNCTIONS = frozenset((
    "ABS", "AND", "COUNTIFS", "DATE", "IF", "IFERROR", "INDEX", "ISNUMBER", "MATCH", "MAX", "MIN",
    "MINVERSE", "MMULT", "N", "NOT", "OR", "SUM", "SUMIFS", "SUMPRODUCT",
))  # fmt: skip
ATTACKS = (
    "=1+1", "=cmd|' /C calc'!A0", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1",
    "\n=1", "=HYPERLINK(\"http://x.example\",\"y\")", "http://x.example", "file:///etc/passwd",
    "mailto:a@b.example", "internal:Summary!A1", "external:c:\\x.xlsx", "{=1+1}",
    "<r><t>x</t></r>", "<r>&broken</r>", "</t></si>", "]]>", "&lt;", "_x000D_", "_x0041_",
    "\x00\x01\x1f", "\ufffe", "a" * 40_000, "😀" * 20_000, " lead", "trail ", "",
    "[Book.xlsx]Sheet!A1", "'x'!A1", "TRUE", "#REF!", "1e5", "2026-01-01", "50%",
)  # fmt: skip


@pytest.fixture(scope="module")
def pack() -> RulePack:
    return load_pack(resource("rules", "us-obbba"))


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

    def tables(self) -> list[ET.Element]:
        return [root for name, root in self.xml.items() if name.startswith("xl/tables/")]


def outside_text(formula: str) -> str:
    return re.sub(r'"(?:[^"]|"")*"', '""', formula)


def complaints(parts: Parts) -> list[str]:
    """All that Excel would offer to repair or warn of, as far as its rules are known."""
    return [
        *_of_names(parts), *_of_texts(parts), *_of_formulas(parts), *_of_tables(parts),
        *_of_links(parts), *_of_validations(parts),
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
        relations = parts.xml.get(name.replace("worksheets/", "worksheets/_rels/") + ".rels")
        if relations is None:
            continue
        targets = [each.get("Target", "") for each in relations]
        areas = [area(parts.xml["xl/" + target.removeprefix("../")].get("ref", ""))
                 for target in targets if "tables/" in target]  # fmt: skip
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


def hostile() -> Project:
    """Every record with every text field set to an attack, and one of each attack as a name."""
    base = every_field()
    texts = (FieldType.TEXT, FieldType.LONG_TEXT, FieldType.CREDIT)

    def attacked(record: Any, text: str) -> Any:
        changes: dict[str, Any] = {
            field.name: text for field in fields_of(type(record)) if field.type in texts
        }
        changes |= {field.name: (text, text) for field in fields_of(type(record))
                    if field.type is FieldType.WORDS}  # fmt: skip
        return msgspec.structs.replace(record, **changes)

    entities = {
        id: attacked(each, ATTACKS[n]) for n, (id, each) in enumerate(base.entities.items())
    }
    for number, text in enumerate(ATTACKS):
        entities[f"j{number}"] = Jurisdiction(id=f"j{number}", name=text, code=text)
        entities[text or "empty"] = Company(id=text or "empty", name=text, notes=text)
    return Project(
        header=Header(title=ATTACKS[0] * 200, currency="=1", basis=Basis.ECONOMIC),
        entities=entities,
        links={id: attacked(each, ATTACKS[n]) for n, (id, each) in enumerate(base.links.items())},
        sources={id: attacked(each, ATTACKS[2]) for id, each in base.sources.items()},
        scenarios={},
    )


@pytest.mark.parametrize("given", [works(), nasty(), every_field(), hostile(), Project()])
def test_nothing_has_to_be_repaired(given: Project, tmp_path: Path, pack: RulePack) -> None:
    written(given, pack, tmp_path / "w.xlsx")
    assert complaints(Parts(tmp_path / "w.xlsx")) == []


def test_the_complaints_can_be_made(tmp_path: Path, pack: RulePack) -> None:
    """The oracle sees what it should see: a copy spoilt in each way is complained of."""
    written(works(), pack, tmp_path / "w.xlsx")
    whole = Parts(tmp_path / "w.xlsx")
    spoils = {
        "two sheets": ("xl/workbook.xml", b'name="Plants"', b'name="supply"'),
        "defined name": ("xl/workbook.xml", b'name="Year"', b'name="A1"'),
        "functions": ("xl/worksheets/sheet1.xml", b"<f>", b"<f>WEBSERVICE(1)+"),
        "rich text": ("xl/sharedStrings.xml", b"<si><t>Plants<", b"<si><r/><t>Plants<"),
    }  # fmt: skip
    for complaint, (part, old, new) in spoils.items():
        assert old in whole.raw[part], part
        spoilt = Parts(tmp_path / "w.xlsx")
        spoilt.xml[part] = ET.fromstring(whole.raw[part].replace(old, new))
        assert any(complaint in each for each in complaints(spoilt)), complaint


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.sampled_from(ATTACKS) | st.text(st.characters(blacklist_categories=("Cs",)), max_size=20))
def test_no_text_changes_a_formula(tmp_path: Path, pack: RulePack, text: str) -> None:
    """The formulas of a map are the same whatever its texts say."""
    found = []
    for name in ("plain", text):
        base = works()
        entities = {id: msgspec.structs.replace(each, name=name, notes=name, tags=(name,))
                    for id, each in base.entities.items()}  # fmt: skip
        links = {id: msgspec.structs.replace(each, notes=name) for id, each in base.links.items()}
        given = msgspec.structs.replace(base, entities=entities, links=links)
        written(given, pack, tmp_path / "w.xlsx")
        parts = Parts(tmp_path / "w.xlsx")
        assert complaints(parts) == []
        found.append(parts.formulas())
    assert found[0] == found[1]


def test_a_map_that_no_sheet_can_hold_is_refused(tmp_path: Path, pack: RulePack) -> None:
    many = [Jurisdiction(id=f"j{n}", name=f"J{n}", code=f"J{n}") for n in range(MOST_COLUMNS)]
    with pytest.raises(WorkbookError, match="too large for a workbook: the sheet 'Attribution'"):
        written(project(many, []), pack, tmp_path / "w.xlsx")
    assert not (tmp_path / "w.xlsx").exists()
