"""`depmap diff` and `depmap apply` as a script calls them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from depmap_gui.cli.main import run

PROJECT = """{
"format": "depmap",
"version": 1,
"title": "Small",
"currency": "USD",
"year": 2026,
"basis": "control",
"entities": [
{"id": "cn", "kind": "jurisdiction", "name": "China", "code": "CN"},
{"id": "maker", "kind": "company", "name": "Maker Inc."},
{"id": "works", "kind": "plant", "name": "Works", "own_ip": 0.3}
],
"links": [
{"id": "l1", "kind": "located", "source": "cn", "target": "maker", "role": "incorporated"},
{"id": "l2", "kind": "operates", "source": "maker", "target": "works"}
],
"sources": [],
"scenarios": [],
"views": []
}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = tmp_path / "a.depmap"
    path.write_text(PROJECT)
    return path


@pytest.fixture
def workbook(project: Path) -> Path:
    path = project.with_suffix(".xlsx")
    assert run(["export", str(project), "-o", str(path)]) == 0
    return path


def edit(path: Path, sheet: str, row: int, header: str, value: Any) -> None:
    book = openpyxl.load_workbook(path)
    column = next(cell.column for cell in book[sheet][4] if cell.value == header)
    book[sheet].cell(row, column).value = value
    book.save(path)


def test_the_same_is_0(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["diff", str(project), str(project)]) == 0
    assert capsys.readouterr().out == "No differences.\n"


def test_a_change_is_1_and_a_sentence(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = project.with_name("b.depmap")
    other.write_text(PROJECT.replace("0.3", "0.45").replace("2026", "2027"))
    assert run(["diff", str(project), str(other)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "The project: year changed from 2026 to 2027.",
        "Works: own IP changed from 30% to 45%.",
    ]
    assert run(["diff", str(project), str(other), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["same"] is False
    assert told["differences"][1] == {
        "change": "changed", "section": "entities", "id": "works", "kind": "plant",
        "product": None, "field": "own_ip", "old": 0.3, "new": 0.45, "cell": None,
        "words": "Works: own IP changed from 30% to 45%.",
    }  # fmt: skip


def test_what_cannot_be_read_is_2(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = project.with_name("c.depmap")
    broken.write_text("{")
    assert run(["diff", str(project), str(broken)]) == 2
    text = project.with_name("d.xlsx")
    text.write_text("no workbook")
    assert run(["diff", str(project), str(text)]) == 2
    assert run(["diff", str(text), str(text)]) == 2
    assert run(["diff", str(project), str(project.with_name("none.depmap"))]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "Traceback" not in told.err
    assert "Two workbooks cannot be compared" in told.err


@pytest.mark.slow
def test_an_unchanged_workbook_leaves_the_bytes(
    project: Path, workbook: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = project.read_bytes()
    assert run(["diff", str(project), str(workbook)]) == 0
    assert run(["apply", str(workbook), str(project)]) == 0
    assert "nothing to apply" in capsys.readouterr().out
    assert project.read_bytes() == before


@pytest.mark.slow
def test_an_edited_workbook_is_applied(
    project: Path, workbook: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = project.read_bytes()
    edit(workbook, "Plants", 5, "Own IP", 0.5)
    assert run(["diff", str(project), str(workbook)]) == 1
    assert "own IP changed from 30% to 50%. [Plants!" in capsys.readouterr().out
    assert run(["diff", str(workbook), str(project)]) == 1
    assert "own IP changed from 50% to 30%" in capsys.readouterr().out
    assert run(["apply", str(workbook), str(project), "--dry-run"]) == 0
    assert "Nothing was written" in capsys.readouterr().out
    assert project.read_bytes() == before
    out = project.with_name("out.depmap")
    assert run(["apply", str(workbook), str(project), "-o", str(out)]) == 0
    assert project.read_bytes() == before
    assert out.read_bytes() == before.replace(b'"own_ip": 0.3', b'"own_ip": 0.5')
    edit(workbook, "Plants", 5, "Own IP", "half")
    capsys.readouterr()
    assert run(["apply", str(workbook), str(project), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["written"] is None
    assert "holds the text 'half'" in told["problems"][0]
