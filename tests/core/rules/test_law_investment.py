"""The proposed conditions on investment in the Union: what the map shows, and what stays open."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from law_maps import Sketch
from other_laws import EU, find, judge

from depmap_gui.rules.pack import Standing
from depmap_gui.rules.results import CheckResult, Outcome

TODAY = date(2026, 12, 31)


def works(share: Any = 0.49, partner: str | None = "DE", site: str = "HU") -> Sketch:
    """A plant in the Union whose operator a Chinese investor holds through its own daughter."""
    sketch = Sketch()
    sketch.company("operator", "HU")
    sketch.plant("works", "operator")
    sketch.link("located", sketch.country(site), "works", role="site")
    sketch.company("investor", "CN")
    sketch.company("daughter", "NL")
    sketch.link("owns", "investor", "daughter", share=1.0)
    sketch.link("owns", "daughter", "operator", share=share)
    if partner is not None:
        sketch.company("partner", partner)
        sketch.link("owns", "partner", "operator", share=0.4)
    return sketch


def check(sketch: Sketch, on: date = TODAY) -> CheckResult:
    (found,) = judge(sketch, EU, on=on).checks
    return found


def verdicts(found: CheckResult) -> dict[str, str]:
    return {test.id: test.verdict.value for test in found.tests}


@pytest.mark.parametrize(
    ("share", "verdict"),
    [(0.49, "pass"), (0.4901, "fail"), ([0.45, 0.48, 0.55], "uncertain"), (0.0, "pass")],
)
def test_cap_on_the_share(share: Any, verdict: str) -> None:
    assert verdicts(check(works(share)))["share"] == verdict


def test_share_is_counted_through_the_daughter() -> None:
    measured = next(test for test in check(works(0.3)).tests if test.id == "share")
    assert measured.low == measured.high == pytest.approx(0.3)
    assert measured.threshold == 0.49


@pytest.mark.parametrize(("partner", "verdict"), [("DE", "pass"), ("US", "unknown")])
def test_partner_of_the_union(partner: str, verdict: str) -> None:
    assert verdicts(check(works(0.49, partner)))["joint-venture"] == verdict


def test_sole_investor_has_no_joint_venture() -> None:
    found = check(works(1.0, None))
    assert verdicts(found)["joint-venture"] == "fail"
    assert verdicts(found)["share"] == "fail"
    assert found.outcome is Outcome.BARRED


def test_license_of_the_investor() -> None:
    sketch = works()
    assert verdicts(check(sketch))["license"] == "unknown"
    sketch.add("deal", "license")
    sketch.link("licenses", "investor", "deal")
    sketch.link("uses", "deal", "works")
    assert verdicts(check(sketch))["license"] == "pass"


def test_what_no_map_shows_is_open_until_declared() -> None:
    sketch = works()
    found = check(sketch)
    assert {"scope", "research", "workers"} <= set(found.open)
    assert found.outcome is Outcome.CLEAR
    sketch.entities["operator"]["declared"] = {"research": "yes", "workers": "no", "scope": "no"}
    found = check(sketch)
    assert (verdicts(found)["research"], verdicts(found)["workers"]) == ("pass", "fail")
    assert found.outcome is Outcome.BARRED


def test_plants_elsewhere_are_not_asked_and_plants_without_investor_pass() -> None:
    assert judge(works(site="US"), EU, on=TODAY).checks == ()
    sketch = works(0.0)
    sketch.links = [link for link in sketch.links if link["source"] != "investor"]
    assert set(verdicts(check(sketch)).values()) <= {"pass", "unknown"}


def test_it_is_a_proposal_and_says_so() -> None:
    found = check(works())
    assert found.standing == "proposed"
    assert "proposal" in found.title
    assert all(test.title.startswith("Proposed") for test in found.tests)
    pack = find(EU)
    assert "proposal" in pack.title
    for id, parameter in pack.parameters.items():
        if id != "member-states":
            assert {value.standing for value in parameter.values} == {Standing.PROPOSED}
    assert judge(works(), EU, on=date(2026, 3, 3)).checks == ()
    assert judge(works(), EU, on=date(2026, 3, 4)).checks
