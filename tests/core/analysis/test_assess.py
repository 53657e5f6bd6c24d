"""The whole assessment: scores, law, checks, scenario and year in one value; and stopping it."""

from __future__ import annotations

from datetime import date

import pytest
from drawing import drawn, home, places

from depmap_gui.analysis.assess import assess
from depmap_gui.analysis.context import Canceled
from depmap_gui.domain.kinds import Basis
from depmap_gui.domain.records import Company, Owns, Scenario, ScenarioChange
from depmap_gui.domain.scenarios import ScenarioError
from depmap_gui.rules.loader import find_pack


@pytest.fixture(scope="module")
def packs():
    return (find_pack("us-obbba"),)


def project():
    """A firm at home in Sweden, half Chinese from 2027 on."""
    from msgspec.structs import replace

    map = drawn(
        [*places("CN", "SE"), Company(id="firm", name="Firm")],
        [
            home("firm", "SE"),
            Owns(id="o", source="CN", target="firm", share=0.5, valid_from=date(2027, 1, 1)),
        ],
        title="Test map",
        year=2026,
        basis=Basis.ECONOMIC,
    )
    sold = Scenario(id="sold", changes=(ScenarioChange(remove="o"),))
    return replace(map, scenarios={"sold": sold}, revision=7)


def test_year_basis_and_scenario_are_asked_for(packs):
    now = assess(project(), packs=packs)
    assert (now.title, now.year, now.basis, now.scenario) == (
        "Test map",
        2026,
        Basis.ECONOMIC,
        None,
    )
    assert now.revision == 7
    assert [pack.id for pack in now.packs] == ["us-obbba"]
    assert now.law.year == 2026
    assert now.scores.attribution["firm"] == {"SE": 1.0}
    later = assess(project(), year=2027, packs=packs)
    assert later.scores.attribution["firm"] == {"CN": 0.5, "SE": 0.5}
    home_basis = assess(project(), year=2027, basis=Basis.DOMICILE, packs=packs)
    assert home_basis.scores.attribution["firm"] == {"SE": 1.0}
    sold = assess(project(), year=2027, scenario="sold", packs=packs)
    assert sold.scores.attribution["firm"] == {"SE": 1.0}


def test_an_unknown_scenario_is_refused(packs):
    with pytest.raises(ScenarioError, match="no scenario 'other'"):
        assess(project(), scenario="other", packs=packs)


def test_a_problem_is_told_once(packs):
    circle = drawn(
        [Company(id=id, name=id) for id in ("a", "b")],
        [
            Owns(id="1", source="a", target="b", share=1.0),
            Owns(id="2", source="b", target="a", share=1.0),
        ],
        basis=Basis.ECONOMIC,
    )
    codes = [finding.code for finding in assess(circle, packs=packs).findings]
    assert codes.count("owns.circle") == 1


class Stopping:
    """Hears of progress, and stops at a point."""

    def __init__(self, at):
        self.at = at
        self.heard = []

    def progress(self, fraction, what):
        self.heard.append(fraction)
        if fraction >= self.at:
            raise Canceled


def test_progress_rises_and_stops_on_request(packs):
    through = Stopping(at=2.0)
    assess(project(), packs=packs, context=through)
    assert through.heard == sorted(through.heard)
    assert (through.heard[0], through.heard[-1]) == (0.0, 1.0)
    with pytest.raises(Canceled):
        assess(project(), packs=packs, context=Stopping(at=0.5))
