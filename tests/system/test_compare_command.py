"""``depmap compare`` as others script against it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from depmap_gui.cli.main import run
from depmap_gui.resources import samples

MAP: dict[str, Any] = {
    "format": "depmap", "version": 1, "title": "Small", "currency": "USD", "year": 2026,
    "entities": [
        {"id": "cn", "kind": "jurisdiction", "name": "China", "code": "CN"},
        {"id": "us", "kind": "jurisdiction", "name": "United States", "code": "US"},
        {"id": "maker", "kind": "company", "name": "Maker Inc."},
        {"id": "cellco", "kind": "company", "name": "CellCo Ltd."},
        {"id": "deal", "kind": "license", "name": "Cell license", "signed": "2023-02-13"},
        {"id": "works", "kind": "plant", "name": "Works", "own_ip": 0.3, "products": [
            {"id": "cells", "name": "LFP cells", "credit": "45x/battery-cell", "units": 20000000}]},
    ],
    "links": [
        {"id": "l1", "kind": "located", "source": "cn", "target": "cellco",
         "role": "incorporated"},
        {"id": "l2", "kind": "located", "source": "us", "target": "maker", "role": "incorporated"},
        {"id": "l4", "kind": "operates", "source": "maker", "target": "works"},
        {"id": "l5", "kind": "licenses", "source": "cellco", "target": "deal"},
        {"id": "l6", "kind": "uses", "source": "deal", "target": "works",
         "share": [0.5, 0.6, 0.65]},
        {"id": "l7", "kind": "supplies", "source": "cellco", "target": "works", "item": "Anode",
         "category": "material", "cost": 30},
        {"id": "l8", "kind": "supplies", "source": "maker", "target": "works", "item": "Rest",
         "category": "material", "cost": 70},
    ],
    "sources": [],
    "scenarios": [
        {"id": "less", "name": "Less, and later", "changes": [
            {"set": "l6", "field": "share", "value": 0.4}]},
        {"id": "bought", "name": "Bought in China", "changes": [
            {"set": "l8", "field": "cost", "value": 20}]},
        {"id": "broken", "name": "Broken", "changes": [{"remove": "nothing"}]},
    ],
    "views": [],
}  # fmt: skip


@pytest.fixture
def small(tmp_path: Path) -> str:
    path = tmp_path / "small.depmap"
    path.write_text(json.dumps(MAP), encoding="utf-8")
    return str(path)


def said(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert run(["compare", *arguments]) == code
    told = capsys.readouterr()
    assert told.err == ""
    return told.out


def answer(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> Any:
    return json.loads(said(capsys, *arguments, "--json", code=code))


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run(["compare", *arguments]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    return told.err


def rows(plain: Any, **about: str) -> list[Any]:
    return [
        row for row in plain["rows"] if all(row.get(key) == value for key, value in about.items())
    ]


def test_the_figures_are_those_of_the_documented_example(
    small: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """60% Chinese and 10% open; with a license for 40% of it, 40% and 30% open."""
    plain = answer(capsys, small, "--scenarios", "less,bought")
    assert [each["scenario"] for each in plain["versions"]] == [None, "less", "bought"]
    (ip,) = rows(plain, figure="ip")
    assert ip["values"] == [
        {"low": 0.6, "high": 0.7}, {"low": 0.4, "high": 0.7}, {"low": 0.6, "high": 0.7},
    ]  # fmt: skip
    assert ip["differences"] == [
        None,
        {"outcome": "changed", "low": -0.2, "high": 0.0},
        {"outcome": "same", "low": 0.0, "high": 0.0},
    ]
    # 30 of 100 are Chinese made, and 30 of 50 in the scenario; 70 and 20 of them are not.
    (macr,) = rows(plain, figure="test", test="macr")
    base, _, bought = macr["values"]
    assert (base["verdict"], base["low"], base["threshold"]) == ("pass", 0.7, 0.6)
    assert (bought["verdict"], bought["low"], bought["margin"]) == ("fail", 0.4, -0.2)
    assert macr["differences"][2]["low"] == -0.3
    (status,) = rows(plain, figure="status")
    assert status["values"][2]["status"] == "ineligible"
    assert status["differences"][2] == {"outcome": "changed"}
    (credit,) = rows(plain, figure="annual_credit")
    assert credit["values"][0] == {"value": 700000000.0, "currency": "USD", "one_time": None}


def test_the_shape_of_the_json(small: str, capsys: pytest.CaptureFixture[str]) -> None:
    plain = answer(capsys, small, "--samples", "30", code=1)
    assert list(plain) == [
        "title", "year", "basis", "jurisdiction", "samples", "rule_packs", "versions", "names",
        "rows", "caution",
    ]  # fmt: skip
    assert (plain["year"], plain["basis"], plain["jurisdiction"]) == (2026, "control", "CN")
    assert plain["versions"][1] == {
        "scenario": "less",
        "name": "Less, and later",
        "fault": None,
        "changes": [
            "The license use Cell license → Works: IP share changed from 60% (50% to 65%) to 40%."
        ],
    }
    number = len(plain["versions"])
    for row in plain["rows"]:
        assert len(row["values"]) == len(row["differences"]) == number
        assert row["differences"][0] is None
    keys = {figure: set(rows(plain, figure=figure)[0]) for figure in ("ip", "test", "status")}
    common = {"figure", "plant", "values", "differences"}
    claimed = {"product", "product_name", "credit", "rule_pack"}
    assert keys == {
        "ip": common, "test": common | claimed | {"test"}, "status": common | claimed,
    }  # fmt: skip
    assert set(rows(plain, figure="test")[0]["values"][0]) == {
        "verdict", "low", "high", "unit", "comparison", "threshold", "margin", "open",
    }  # fmt: skip
    assert set(rows(plain, figure="open")[0]["differences"][1]) == {
        "outcome", "opened", "settled",
    }  # fmt: skip
    (risk,) = rows(plain, figure="risk")
    (money,) = rows(plain, figure="at_risk")
    assert 0.0 <= risk["values"][0]["value"] <= 1.0
    expected = risk["values"][0]["value"] * 700000000.0
    assert money["values"][0]["value"] == pytest.approx(expected)


def test_a_scenario_that_does_not_fit_is_told_and_the_exit_code_says_so(
    small: str, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = answer(capsys, small, code=1)
    broken = plain["versions"][3]
    assert broken["fault"] == (
        "Scenario 'Broken': 'nothing' cannot be removed: the map does not have it."
    )
    assert all(row["values"][3] is None for row in plain["rows"])
    assert rows(plain, figure="ip")[0]["values"][1] == {"low": 0.4, "high": 0.7}
    text = said(capsys, small, code=1)
    assert "Broken [broken]\n  does not fit the map and is not compared:" in text
    assert broken["fault"] in text


def test_scenarios_are_named_by_id_or_name_and_the_base_by_its_own(
    small: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for given in ("less,bought", "Less, and later,bought", "base,Less, and later, Bought in China"):
        plain = answer(capsys, small, "--scenarios", given)
        assert [each["scenario"] for each in plain["versions"]] == [None, "less", "bought"]
    only = answer(capsys, small, "--scenarios", "base")
    assert len(only["versions"]) == 1
    told = refused(capsys, small, "--scenarios", "less,missing")
    assert told == (
        "There is no scenario 'missing' in this project (it has: less (Less, and later); bought "
        "(Bought in China); broken (Broken)).\n"
    )


def test_what_is_asked_is_answered(small: str, capsys: pytest.CaptureFixture[str]) -> None:
    plain = answer(
        capsys, small, "--scenarios", "less", "--year", "2033", "--basis", "domicile",
        "--jurisdiction", "US", "--packs", "us-obbba,us-doe-feoc",
    )  # fmt: skip
    assert (plain["year"], plain["basis"], plain["jurisdiction"]) == (2033, "domicile", "US")
    assert [pack["id"] for pack in plain["rule_packs"]] == ["us-obbba", "us-doe-feoc"]
    (ip,) = rows(plain, figure="ip")
    # 30% its own; the 10% that nobody documents may be American, too.
    assert ip["values"][0] == {"low": 0.3, "high": pytest.approx(0.4)}
    (status,) = rows(plain, figure="status", product="cells")
    assert status["values"][0]["phase_out"] == 0.0
    assert "There is no jurisdiction 'FR' on this map (it has: CN, US, unknown)." in refused(
        capsys, small, "--jurisdiction", "FR"
    )
    assert "seed" in refused(capsys, small, "--seed", "-1")


def test_the_table_has_a_column_a_version_and_marks_what_differs(
    small: str, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = said(capsys, small, "--scenarios", "less,bought").splitlines()
    (heads,) = (line for line in lines if "Less, and later  " in line)
    ip = next(line for line in lines if line.startswith("  CN IP "))
    at = [heads.index(name) for name in ("Base", "Less, and later", "Bought in China")]
    cells = [ip[start:end].strip() for start, end in zip(at, [*at[1:], None], strict=True)]
    assert cells == ["60.0% to 70.0%", "40.0% to 70.0% (-20.0, +0.0 pts)", "="]
    (macr,) = (line for line in lines if "Material assistance by direct cost" in line)
    assert "(fails if < 60.0%)" in macr
    assert macr.endswith("FAIL 40.0% (-30.0 pts), margin -20.0 pts")
    assert lines[-1] == "An aid to analysis, not legal advice."


@pytest.mark.parametrize("sample", samples(), ids=lambda path: path.stem)
def test_every_sample_can_be_compared(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plain = answer(capsys, str(sample))
    text = said(capsys, str(sample))
    for version in plain["versions"]:
        assert version["fault"] is None
        assert all(change in text for change in version["changes"])
    changed = {
        row["figure"]
        for row in plain["rows"]
        for each in row["differences"]
        if each is not None and each["outcome"] == "changed"
    }
    assert {"status", "test"} <= changed
