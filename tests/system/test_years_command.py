"""``depmap years`` and ``depmap status`` as others script against them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from depmap_gui.cli.main import run

HEAD = {"format": "depmap", "version": 1, "title": "Small", "currency": "USD", "year": 2026}
RECORDS: dict[str, list[dict[str, Any]]] = {
    "entities": [
        {"id": "cn", "kind": "jurisdiction", "name": "China", "code": "CN"},
        {"id": "us", "kind": "jurisdiction", "name": "United States", "code": "US"},
        {"id": "maker", "kind": "company", "name": "Maker Inc."},
        {"id": "cellco", "kind": "company", "name": "CellCo Ltd."},
        {"id": "byd", "kind": "company", "name": "BYD", "lists": ["dod-1260h"]},
        {"id": "deal", "kind": "license", "name": "Deal", "signed": "2026-03-01", "royalty": 0.1},
        {
            "id": "works",
            "kind": "plant",
            "name": "Works",
            "products": [
                {"id": "cells", "name": "Cells", "credit": "45x/battery-cell", "units": 1000},
                {"id": "park", "name": "Storage park", "credit": "48e/storage", "units": 100,
                 "construction_start": "2027-01-01", "in_service": "2028-06-30"},
            ],
        },
    ],
    "links": [
        {"id": "l1", "kind": "located", "source": "cn", "target": "cellco"},
        {"id": "l2", "kind": "located", "source": "us", "target": "maker"},
        {"id": "l3", "kind": "located", "source": "us", "target": "byd"},
        {"id": "l4", "kind": "operates", "source": "maker", "target": "works"},
        {"id": "l5", "kind": "supplies", "source": "cellco", "target": "works", "item": "Anode",
         "category": "material", "cost": 30},
        {"id": "l6", "kind": "supplies", "source": "maker", "target": "works", "item": "Rest",
         "category": "material", "cost": 70},
    ],
}  # fmt: skip
LICENSE = [
    {"id": "l7", "kind": "licenses", "source": "cellco", "target": "deal"},
    {"id": "l8", "kind": "uses", "source": "deal", "target": "works"},
]


def written(folder: Path, *more: dict[str, Any]) -> str:
    """The small map as a file, with more links, or companies and plants, than those above."""
    path = folder / "small.depmap"
    records: dict[str, list[dict[str, Any]]] = {key: [*rows] for key, rows in RECORDS.items()}
    for record in more:
        records["entities" if record["kind"] in ("company", "plant") else "links"].append(record)
    path.write_text(json.dumps({**HEAD, **records}), encoding="utf-8")
    return str(path)


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert run([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_years_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "years", written(tmp_path))
    assert (found["from"], found["to"]) == (2026, 2035)
    cells, park = found["products"]
    assert cells["first_failures"] == {"macr": 2029}
    assert (cells["first_ineligible"], cells["first_without_credit"]) == (2029, 2033)
    by_year = {year["year"]: year for year in cells["years"]}
    assert by_year[2028]["status"] == "eligible"
    assert by_year[2031]["annual_credit"] == 1000 * 35 * 0.5
    ratio = next(test for test in by_year[2029]["tests"] if test["id"] == "macr")
    assert ratio == {"id": "macr", "verdict": "fail", "low": 0.7, "high": 0.7, "threshold": 0.8}
    assert park["years"][3]["recapture"]["verdict"] == "pass"
    assert (cells["one_time"], park["one_time"]) == (None, {"year": 2028})
    assert [year["credit_in_year"] for year in park["years"]][:4] == [0.0, 0.0, 30.0, 0.0]
    assert {year["annual_credit"] for year in park["years"][:4]} == {30.0}
    assert park["years"][3]["recapture"]["to"] == "2038-06-30"
    assert "open_questions" not in found


def test_years_between_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "years", written(tmp_path), "--from", "2028", "--to", "2029")
    assert [year["year"] for year in found["products"][0]["years"]] == [2028, 2029]
    assert run(["years", written(tmp_path), "--from", "2030", "--to", "2029"]) == 2
    assert "2029, comes before the first, 2030" in capsys.readouterr().err


def test_open_questions_that_matter(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "years", written(tmp_path, *LICENSE), "--readings")
    told = {effect["question"]: effect for effect in found["open_questions"]}
    effect = told["payments-previous-year"]
    assert effect["reading"] == "as-written"
    assert effect["credits"][0]["tests"]["effective_control"] == ["fail", "pass"]


def test_years_as_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["years", written(tmp_path, *LICENSE), "--readings"]) == 0
    out = capsys.readouterr().out
    assert "Works, Cells (45x/battery-cell)" in out
    assert "first fails in 2026: Effective control by contract" in out
    assert "recapture: 30 USD exposed until 2038-06-30 (FAIL)" in out
    assert "BYD, sfe: 2026 no, 2027 yes" in out
    assert "Payment in the previous year" in out


@pytest.mark.parametrize(
    ("day", "listed", "sfe"),
    [("2026-01-01", False, "no"), ("2026-06-07", False, "no"), ("2026-11-22", True, "yes")],
)
def test_status_as_of_a_day(
    day: str, listed: bool, sfe: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """BYD is on the 1260H list since 2026-06-08, in an edition that may not stand."""
    found = answer(capsys, "status", written(tmp_path), "--on", day)
    assert found["as_of"] == day
    byd = found["companies"]["byd"]
    assert byd["status"]["us-obbba"]["sfe"] == sfe
    (entry,) = byd["lists"]
    assert (entry["listed"], entry["since"]) == (listed, "2026-06-08")
    assert entry["doubt"] == "list-1260h-edition"
    assert found["companies"]["cellco"]["status"]["us-obbba"]["sfe"] == "yes"


def test_status_as_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["status", written(tmp_path), "--on", "2026-11-22"]) == 0
    out = capsys.readouterr().out
    assert "as of 2026-11-22" in out
    assert "BYD: sfe yes, fie no" in out
    assert "since 2026-06-08" in out
    with pytest.raises(SystemExit):
        run(["status", written(tmp_path), "--on", "June"])
    assert "a day such as 2026-11-22, not 'June'" in capsys.readouterr().err


def test_score_tells_methods_what_would_turn_them_and_recapture(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer(capsys, "score", written(tmp_path), "--year", "2028")
    cells, park = found["plants"]["works"]["credits"]
    ratio = next(test for test in cells["tests"] if test["id"] == "macr")
    assert ratio["alternative_to"] is None
    assert "from 2029-01-01 on" in ratio["flips"][1]
    assert cells["because"] == []
    assert cells["recapture"] is None
    assert park["recapture"] == {
        "verdict": "pass",
        "from": "2028-06-30",
        "to": "2038-06-30",
        "amount": 30.0,
        "because": park["recapture"]["because"],
        "citation": "26 USC 50(a)(4)",
    }


def test_status_tells_reasons_and_warnings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whether the BIS rule for affiliates came back after its suspension is not known."""
    records: list[dict[str, Any]] = [
        {"id": "listed", "kind": "company", "name": "Listed", "lists": ["bis-entity-list"]},
        {"id": "owns", "kind": "owns", "source": "listed", "target": "maker", "share": 0.6},
    ]
    path = written(tmp_path, *records)
    found = answer(capsys, "status", path, "--on", "2026-11-22", "--packs", "us-bis-affiliates")
    maker = found["companies"]["maker"]
    assert maker["status"]["us-bis-affiliates"]["covered"] == "yes"
    assert any(text.startswith("Warning: whether the rule") for text in maker["reasons"])
    assert run(["status", path, "--on", "2026-06-01", "--packs", "us-bis-affiliates"]) == 0
    told = capsys.readouterr().out
    assert "Maker Inc.: covered no" in told
    assert "is suspended from 2025-11-10 until 2026-11-09" in told


def test_status_tells_a_list_that_a_company_has_left_or_not_yet_joined(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["status", written(tmp_path), "--on", "2026-01-01"]) == 0
    told = capsys.readouterr().out
    assert "not on this day on the list of Chinese military companies, section 1260H" in told
    assert "(the entry runs from 2026-06-08 on)" in told


def test_status_tells_the_duties_of_the_day(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The published totals on Chinese storage batteries, in the middle of a year."""
    records: list[dict[str, Any]] = [
        {"id": "made", "kind": "plant", "name": "Made"},
        {"id": "site", "kind": "located", "source": "cn", "target": "made", "role": "site"},
        {"id": "here", "kind": "located", "source": "us", "target": "works", "role": "site"},
        {
            "id": "batteries",
            "kind": "supplies",
            "source": "made",
            "target": "works",
            "item": "Batteries",
            "category": "component",
            "cost": 100,
            "hs": "8507.60.0020",
        },
    ]
    path = written(tmp_path, *records)
    for day, rate in (("2026-01-15", 0.484), ("2026-03-01", 0.384), ("2026-11-22", 0.409)):
        found = answer(capsys, "status", path, "--on", day, "--packs", "tariffs")
        (duty,) = [
            each for each in found["plants"]["works"]["duties"] if each["link"] == "batteries"
        ]
        assert duty["rate"] == pytest.approx(rate)
