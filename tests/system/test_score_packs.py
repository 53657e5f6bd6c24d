"""``depmap score`` with several laws at once: statuses, checks, duties and landed costs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from depmap_gui.cli.main import run

OWNERS = "us-obbba,us-ofac-50,us-doe-feoc,us-bis-affiliates"


@pytest.fixture
def file(tmp_path: Path) -> str:
    """A government that is blocked and listed holds 50% of a holding with 50% of the maker, whose
    works buys cells from a Chinese plant and makes a vehicle with Chinese software."""
    entities: list[dict[str, Any]] = [
        {"id": "cn", "kind": "jurisdiction", "name": "China", "code": "CN"},
        {"id": "us", "kind": "jurisdiction", "name": "United States", "code": "US"},
        {"id": "state", "kind": "company", "name": "State", "form": "government",
         "lists": ["ofac-sdn", "bis-entity-list"]},
        {"id": "holding", "kind": "company", "name": "Holding"},
        {"id": "maker", "kind": "company", "name": "Maker"},
        {"id": "seller", "kind": "company", "name": "Seller"},
        {"id": "abroad", "kind": "plant", "name": "Abroad"},
        {"id": "works", "kind": "plant", "name": "Works",
         "products": [{"id": "van", "name": "Van", "model_year": 2027, "weight": 8000}]},
    ]  # fmt: skip
    links: list[dict[str, Any]] = [
        {"kind": "located", "source": "cn", "target": "state", "role": "incorporated"},
        {"kind": "located", "source": "us", "target": "holding", "role": "incorporated"},
        {"kind": "located", "source": "us", "target": "maker", "role": "incorporated"},
        {"kind": "located", "source": "cn", "target": "seller", "role": "incorporated"},
        {"kind": "located", "source": "us", "target": "works", "role": "site"},
        {"kind": "located", "source": "cn", "target": "abroad", "role": "site"},
        {"kind": "owns", "source": "state", "target": "holding", "share": 0.5},
        {"kind": "owns", "source": "holding", "target": "maker", "share": 0.5},
        {"kind": "operates", "source": "maker", "target": "works"},
        {"kind": "operates", "source": "seller", "target": "abroad"},
        {"kind": "supplies", "source": "abroad", "target": "works", "item": "Cells",
         "category": "component", "cost": 1000.0, "hs": "8507.60"},
        {"kind": "supplies", "source": "seller", "target": "works", "item": "Telematics",
         "category": "component", "line": "vcs-software"},
    ]  # fmt: skip
    for place, link in enumerate(links):
        link["id"] = f"l{place}"
    project = {
        "format": "depmap", "version": 1, "title": "Laws", "currency": "USD", "year": 2026,
        "basis": "control", "entities": entities, "links": links,
        "sources": [], "scenarios": [], "views": [],
    }  # fmt: skip
    path = tmp_path / "laws.depmap"
    path.write_text(json.dumps(project), "utf-8")
    return str(path)


def scored(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run(["score", *arguments]) == 0
    printed = capsys.readouterr()
    assert not printed.err
    return printed.out


def test_one_graph_under_four_laws(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Halves of halves: blocked and covered in full, 50% for the DOE, 25% under section 318."""
    found = json.loads(scored(capsys, file, "--packs", OWNERS, "--json"))
    status = found["companies"]["maker"]["status"]
    assert set(status) == set(OWNERS.split(","))
    assert status["us-ofac-50"]["blocked"] == "yes"
    assert status["us-bis-affiliates"]["covered"] == "yes"
    assert status["us-doe-feoc"]["feoc"] == "yes"
    assert (status["us-obbba"]["sfe"], status["us-obbba"]["fie"]) == ("no", "yes")
    reasons = " ".join(found["companies"]["maker"]["reasons"])
    assert "Warning: whether the rule for affiliates is in force" in reasons
    assert "duties" not in found["plants"]["works"]
    assert any("not known" in told for told in found["assumptions"])


@pytest.mark.parametrize(("year", "rate"), [(2025, 0.309), (2026, 0.409)])
def test_duties_and_landed_cost(
    file: str, year: int, rate: float, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = (file, "--packs", "tariffs", "--year", str(year))
    found = json.loads(scored(capsys, *arguments, "--json"))["plants"]
    duties = {duty["item"]: duty for duty in found["works"]["duties"]}
    assert duties["Cells"]["rate"] == pytest.approx(rate)
    assert duties["Cells"]["amount"] == pytest.approx(1000 * rate)
    assert sum(layer["rate"] for layer in duties["Cells"]["layers"]) == pytest.approx(rate)
    assert duties["Telematics"]["rate"] is None
    (landed,) = found["works"]["landed"]
    assert landed["share"] == pytest.approx(rate / (1 + rate))
    assert "duties" not in found["abroad"]
    text = scored(capsys, *arguments)
    assert f"{rate:.1%}  Cells: Ordinary duty 3.4%" in text
    assert "of the landed cost" in text


def test_vehicle_and_proposal(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    packs = "us-connected-vehicles,eu-iaa"
    found = json.loads(scored(capsys, file, "--packs", packs, "--json"))
    (check,) = found["plants"]["works"]["checks"]
    assert (check["product"], check["outcome"]) == ("van", "barred")
    assert {test["id"]: test["verdict"] for test in check["tests"]}["software"] == "fail"
    assert any("this is a proposal" in told for told in found["assumptions"])
    assert "Connected vehicle of van: BARRED" in scored(capsys, file, "--packs", packs)
