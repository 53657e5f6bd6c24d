"""What a spreadsheet program would have to repair, run or follow: none of it is in a workbook."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_workbook import nasty, project, works, written
from workbook_oracle import Parts, complaints

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
        "another text": ("xl/tables/table1.xml", b'name="Product"', b'name="Produkt"'),
        "no sheet": ("xl/workbook.xml", b'name="IP"', b'name="Art"'),
        "no name": ("xl/workbook.xml", b'name="Focus"', b'name="Fokus"'),
        "out of order": ("xl/worksheets/sheet1.xml", b'r="B4"', b'r="A4"'),
        "too deep": ("xl/worksheets/sheet1.xml", b"<f>IF(", b"<f>" + b"IF(" * 65),
        "an error value": ("xl/worksheets/sheet1.xml", b' t="str"><f>', b' t="e"><f>'),
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
