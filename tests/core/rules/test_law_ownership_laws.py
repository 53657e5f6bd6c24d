"""One ownership graph under several laws: blocked, covered, of concern, prohibited."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from law_maps import Sketch, examples
from other_laws import BIS, DOE, OBBBA, OFAC, find, judge, status, told

from depmap_gui.rules.results import Answer, Verdict

Example = dict[str, Any]
TODAY = date(2026, 12, 31)
RULE, SUSPENDED, AFTER = date(2025, 10, 15), date(2026, 6, 30), date(2026, 11, 22)


def holdings(edges: list[dict[str, Any]], home: str = "US", **forms: str) -> Sketch:
    """Companies with the holdings of an example; shares in percent (`pct`) or 0..1 (`share`)."""
    sketch = Sketch()
    ends = {edge.get("owner", edge.get("holder")) for edge in edges}
    for name in sorted(ends | {edge["owned"] for edge in edges}):
        sketch.company(name, home, form=forms.get(name, "corporation"))
    for edge in edges:
        share = edge["pct"] / 100 if "pct" in edge else edge["share"]
        sketch.link("owns", edge.get("owner", edge.get("holder")), edge["owned"], share=share)
    return sketch


def on_list(sketch: Sketch, company: str, *lists: str) -> None:
    sketch.entities[company]["lists"] = list(lists)


def government(sketch: Sketch, company: str, country: str = "CN") -> None:
    """Makes a company of the sketch the government of a country."""
    sketch.entities[company]["form"] = "government"
    home = next(link for link in sketch.links if link["target"] == company)
    home["source"] = sketch.country(country)


# ------------------------------------------------------------------------------ worked examples


def blocked(example: Example) -> None:
    inputs, expected = example["inputs"], example["expected"]
    sketch = holdings(inputs["edges"])
    for person in inputs["blocked_persons"]:
        on_list(sketch, person, "ofac-sdn")
    found = judge(sketch, OFAC, on=TODAY).companies[OFAC]
    given = {id for id, each in found.items() if each.answers["blocked"] is Answer.YES}
    assert given == {*inputs["blocked_persons"], *expected["blocked_entities"]}
    for id in expected["not_blocked"]:
        assert found[id].answers["blocked"] is Answer.NO


def blocked_by_control_only(example: Example) -> None:
    """40% of the equity with control: not blocked, but a caution stands beside the answer."""
    sketch = Sketch()
    sketch.company("owner", lists=["ofac-sdn"])
    sketch.company("target")
    share = example["inputs"]["blocked_ownership_pct"] / 100
    sketch.link("owns", "owner", "target", share=share, votes=0.6, appoints=True)
    found = status(sketch, OFAC, "target", TODAY)
    assert (found.answers["blocked"] is Answer.YES) is example["expected"]["blocked_by_50_rule"]
    assert found.limbs["blocked.control"].verdict is Verdict.UNCERTAIN
    assert example["expected"]["flag"] in told(found).lower()


def covered(example: Example) -> None:
    inputs, expected = example["inputs"], example["expected"]
    lists = {"Entity List": "bis-entity-list", "MEU List": "bis-meu"}
    sketch = Sketch()
    sketch.company("target")
    for place, owner in enumerate(inputs["owners"]):
        sketch.company(f"owner-{place}", "CN", lists=[lists[owner["list"]]])
        sketch.link("owns", f"owner-{place}", "target", share=owner["pct"] / 100)
    found = status(sketch, BIS, "target", date.fromisoformat(inputs["date"]))
    if expected["covered"] is True:
        assert found.answers["covered"] is Answer.YES
        assert expected["licence_policy"] in told(found)
        assert "Warning" not in told(found)
        return
    assert "default to covered with a warning" in expected["covered"]
    assert found.answers["covered"] is Answer.YES
    assert "Warning" in told(found)
    assert "question.affiliates-rule-after-suspension" in found.open


def of_concern(example: Example) -> None:
    inputs, expected = example["inputs"], example["expected"]
    if "edges" not in inputs:
        sketch = Sketch()
        sketch.company("GOV", "CN", form="government")
        sketch.company("T")
        shares = {"share": "equity_pct", "votes": "votes_pct", "seats": "board_pct"}
        fields = {field: inputs[key] / 100 for field, key in shares.items()}
        sketch.link("owns", "GOV", "T", **fields)
        inputs = {"target": "T"}
    else:
        sketch = holdings(inputs["edges"])
        government(sketch, inputs["holder"])
    found = status(sketch, DOE, inputs["target"], TODAY)
    assert (found.answers["feoc"] is Answer.YES) is expected["controlled"]
    if "attributed_pct" in expected:
        measure = found.limbs["feoc.equity"].measure
        assert measure is not None
        assert measure.low == measure.high
        assert measure.low * 100 == pytest.approx(expected["attributed_pct"], abs=1e-9)


def crossing(example: Example) -> None:
    """One holder that is blocked, a covered government and specified: three laws at once."""
    inputs, expected = example["inputs"], example["expected"]
    _cross(
        holdings(inputs["edges"]),
        blocked=expected["ofac_blocked"],
        doe=expected["doe_attributed_pct"],
        controlled=expected["doe_controlled"],
        pfe=expected["pfe_318_attributed_pct"],
        influenced=expected["pfe_fie_by_ownership"],
    )


def _cross(
    sketch: Sketch, *, blocked: bool, doe: float, controlled: bool, pfe: float, influenced: bool
) -> None:
    government(sketch, "P")
    on_list(sketch, "P", "ofac-sdn")
    law = judge(sketch, OBBBA, OFAC, DOE, BIS, on=TODAY)
    target = {pack: found["T"] for pack, found in law.companies.items()}
    assert (target[OFAC].answers["blocked"] is Answer.YES) is blocked
    assert (target[DOE].answers["feoc"] is Answer.YES) is controlled
    equity = target[DOE].limbs["feoc.equity"].measure
    single = target[OBBBA].limbs["fie.single"]
    assert equity is not None
    assert equity.low * 100 == pytest.approx(doe, abs=1e-9)
    assert (single.verdict is Verdict.FAIL) is influenced
    assert (0.0 if single.measure is None else single.measure.low * 100) == pytest.approx(pfe)


CASES: dict[str, Callable[[Example], None]] = {
    "OFAC-398": blocked_by_control_only,
    "OFAC-4": blocked,
    "BIS-": covered,
    "DOE-": of_concern,
    "CROSS-": crossing,
}


@pytest.mark.parametrize("example", examples("ownership_laws"), ids=lambda each: each["id"])
def test_worked_example(example: Example) -> None:
    check = next(check for start, check in CASES.items() if example["id"].startswith(start))
    check(example)


@pytest.mark.parametrize("example", examples("cascades"), ids=lambda each: each["id"])
def test_published_cascade(example: Example) -> None:
    """Published examples hold for both laws that count halves."""
    for pack, listed, answer in ((OFAC, "ofac-sdn", "blocked"), (BIS, "bis-meu", "covered")):
        sketch = holdings(example["inputs"]["edges"])
        for person in example["inputs"]["listed"]:
            on_list(sketch, person, listed)
        found = judge(sketch, pack, on=RULE).companies[pack]
        bound = {id for id, each in found.items() if each.answers[answer] is Answer.YES}
        assert bound == {*example["inputs"]["listed"], *example["expected"]["bound"]}


def test_partnership_under_three_laws() -> None:
    """P 30% of a partnership that has 90%: not blocked, 30% for the DOE, 27% under section 318."""
    edges = [{"owner": "P", "owned": "LP", "pct": 30}, {"owner": "LP", "owned": "T", "pct": 90}]
    sketch = holdings(edges, LP="partnership")
    _cross(sketch, blocked=False, doe=30, controlled=True, pfe=27, influenced=True)


def test_third_example_of_faq_401() -> None:
    """X 50% of A and 10% of B, A 40% of B: B is blocked."""
    edges = [
        {"owner": "X", "owned": "A", "pct": 50},
        {"owner": "X", "owned": "B", "pct": 10},
        {"owner": "A", "owned": "B", "pct": 40},
    ]
    sketch = holdings(edges)
    on_list(sketch, "X", "ofac-sdn")
    assert status(sketch, OFAC, "B", TODAY).answers["blocked"] is Answer.YES


# ----------------------------------------------------------------------------- halves, unknowns


@pytest.mark.parametrize(("percent", "answer"), [(49.99, "no"), (50, "yes"), (50.01, "yes")])
def test_boundary_of_half(percent: float, answer: str) -> None:
    sketch = holdings([{"owner": "X", "owned": "A", "pct": percent}])
    on_list(sketch, "X", "ofac-sdn", "bis-entity-list")
    assert status(sketch, OFAC, "A", TODAY).answers["blocked"] == answer
    assert status(sketch, BIS, "A", RULE).answers["covered"] == answer


@pytest.mark.parametrize(
    ("share", "answer"),
    [([0.4, 0.45, 0.49], "no"), ([0.4, 0.45, 0.5], "unknown"), ([0.5, 0.6, 0.7], "yes")],
)
def test_uncertain_share(share: list[float], answer: str) -> None:
    sketch = holdings([])
    sketch.company("X", lists=["ofac-sdn"])
    sketch.company("A")
    sketch.company("B")
    sketch.link("owns", "X", "A", share=share)
    sketch.link("owns", "A", "B", share=0.5)
    for company in ("A", "B"):
        assert status(sketch, OFAC, company, TODAY).answers["blocked"] == answer


def test_unstated_share_is_what_others_leave() -> None:
    sketch = Sketch()
    sketch.company("X", lists=["ofac-sdn"])
    sketch.company("other")
    sketch.company("A")
    sketch.link("owns", "X", "A")
    assert status(sketch, OFAC, "A", TODAY).answers["blocked"] is Answer.UNKNOWN
    sketch.link("owns", "other", "A", share=0.51)
    assert status(sketch, OFAC, "A", TODAY).answers["blocked"] is Answer.NO


def test_uncertain_owner_makes_what_it_holds_unknown() -> None:
    sketch = Sketch()
    sketch.company("X", declared={"blocked": "unknown"})
    sketch.company("A")
    sketch.link("owns", "X", "A", share=0.8)
    assert status(sketch, OFAC, "A", TODAY).answers["blocked"] is Answer.UNKNOWN


def test_declared_answer_stops_the_chain_and_is_shown() -> None:
    sketch = holdings(
        [{"owner": "X", "owned": "A", "pct": 60}, {"owner": "A", "owned": "B", "pct": 60}]
    )
    on_list(sketch, "X", "ofac-sdn")
    sketch.entities["A"]["declared"] = {"blocked": "no", "source": "s1"}
    found = status(sketch, OFAC, "A", TODAY)
    assert found.answers["blocked"] is Answer.NO
    assert found.declared["blocked"].computed is Answer.YES
    assert status(sketch, OFAC, "B", TODAY).answers["blocked"] is Answer.NO


def test_loop_of_holdings_ends() -> None:
    edges = [
        {"owner": "A", "owned": "B", "pct": 60},
        {"owner": "B", "owned": "A", "pct": 60},
        {"owner": "X", "owned": "A", "pct": 40},
    ]
    sketch = holdings(edges)
    assert status(sketch, OFAC, "A", TODAY).answers["blocked"] is Answer.NO
    government(sketch, "X")
    found = status(sketch, DOE, "B", TODAY)
    assert found.answers["feoc"] is Answer.YES
    on_list(sketch, "X", "ofac-sdn")
    sketch.links[-2]["share"] = 0.5
    assert status(sketch, OFAC, "B", TODAY).answers["blocked"] is Answer.NO


def test_undisclosed_holders_and_likely_names_are_open() -> None:
    sketch = Sketch()
    sketch.company("A")
    found = status(sketch, OFAC, "A", TODAY)
    assert found.answers["blocked"] is Answer.NO
    assert found.open == ("blocked.undisclosed",)


def marked_naively(
    holders: dict[str, dict[str, float]], listed: set[str], threshold: float = 0.5
) -> set[str]:
    """Repeat over all companies until nothing changes: the rule word for word."""
    marked = set(listed)
    while True:
        more = {
            company
            for company, held in holders.items()
            if sum(share for holder, share in held.items() if holder in marked) >= threshold - 1e-12
        }
        if more <= marked:
            return marked
        marked |= more


@pytest.mark.parametrize("seed", range(40))
def test_random_graphs_against_the_rule_word_for_word(seed: int) -> None:
    draw = random.Random(seed)
    names = [f"c{number}" for number in range(12)]
    holders: dict[str, dict[str, float]] = {}
    sketch = Sketch()
    listed = set(draw.sample(names, 2))
    for name in names:
        sketch.company(name, lists=["ofac-sdn"] if name in listed else [])
    for name in names:
        left = 100
        for holder in draw.sample([other for other in names if other != name], 3):
            share = draw.choice([0, 10, 20, 25, 30, 40, 50])
            if 0 < share <= left:
                left -= share
                holders.setdefault(name, {})[holder] = share / 100
                sketch.link("owns", holder, name, share=share / 100)
    found = judge(sketch, OFAC, on=TODAY).companies[OFAC]
    assert {id for id, each in found.items() if each.answers["blocked"] is Answer.YES} == (
        marked_naively(holders, listed)
    )


# ------------------------------------------------------------------------- the affiliates rule


@pytest.mark.parametrize(
    ("day", "answer", "word"),
    [
        (date(2025, 9, 28), "no", "not yet in force"),
        (date(2025, 9, 29), "yes", ""),
        (date(2025, 11, 9), "yes", ""),
        (date(2025, 11, 10), "no", "suspended"),
        (date(2026, 11, 9), "no", "suspended"),
        (date(2026, 11, 10), "yes", "Warning"),
    ],
)
def test_affiliates_rule_by_day(day: date, answer: str, word: str) -> None:
    sketch = holdings([{"owner": "X", "owned": "A", "pct": 60}])
    on_list(sketch, "X", "bis-entity-list")
    found = status(sketch, BIS, "A", day)
    assert found.answers["covered"] == answer
    assert word in told(found)
    assert status(sketch, BIS, "X", day).answers["covered"] is Answer.YES


def test_affiliates_rule_after_the_suspension_can_be_settled() -> None:
    sketch = holdings([{"owner": "X", "owned": "A", "pct": 60}])
    on_list(sketch, "X", "bis-meu")
    settled = {"affiliates_rule_after_suspension": "suspended"}
    found = status(sketch, BIS, "A", AFTER, **settled)
    assert found.answers["covered"] is Answer.NO
    assert found.open == ("covered.undisclosed",)
    switch = find(BIS).value("affiliates-rule", AFTER)
    assert switch is not None
    assert (switch.standing, switch.certainty) == ("interim", "open")


def test_strictest_owner_governs_through_a_chain() -> None:
    sketch = holdings(
        [
            {"owner": "lenient", "owned": "A", "pct": 50},
            {"owner": "strict", "owned": "B", "pct": 60},
            {"owner": "A", "owned": "C", "pct": 30},
            {"owner": "B", "owned": "C", "pct": 30},
        ]
    )
    on_list(sketch, "lenient", "bis-meu")
    on_list(sketch, "strict", "ofac-sdn")
    assert "lenient, whose licenses are decided by case by case" in told(
        status(sketch, BIS, "A", RULE)
    )
    assert "strict, whose licenses are decided by policy of denial" in told(
        status(sketch, BIS, "C", RULE)
    )


# ------------------------------------------------------------------ foreign entities of concern


@pytest.mark.parametrize("field", ["share", "votes", "seats"])
@pytest.mark.parametrize(("held", "answer"), [(0.2499, "no"), (0.25, "yes")])
def test_each_metric_alone(field: str, held: float, answer: str) -> None:
    sketch = Sketch()
    sketch.company("GOV", "CN", form="government")
    sketch.company("T")
    shares = {"share": 0.0, "votes": 0.0, "seats": 0.0} | {field: held}
    sketch.link("owns", "GOV", "T", **shares)
    assert status(sketch, DOE, "T", TODAY).answers["feoc"] == answer


def test_multiplied_below_half_in_three_tiers() -> None:
    """40% of 40% of 40% is 6.4%; with half in the middle 40% of 40% is 16%."""
    edges = [
        {"owner": "GOV", "owned": "A", "pct": 40},
        {"owner": "A", "owned": "B", "pct": 40},
        {"owner": "B", "owned": "T", "pct": 40},
    ]
    for middle, percent in ((40, 6.4), (50, 16.0)):
        edges[1]["pct"] = middle
        sketch = holdings(edges)
        government(sketch, "GOV")
        measure = status(sketch, DOE, "T", TODAY).limbs["feoc.equity"].measure
        assert measure is not None
        assert measure.low * 100 == pytest.approx(percent)


def test_private_parent_counts_by_home_and_not_by_shares() -> None:
    sketch = Sketch()
    sketch.company("private", "CN")
    sketch.company("daughter", "US")
    sketch.link("owns", "private", "daughter", share=1.0)
    assert status(sketch, DOE, "private", TODAY).answers["feoc"] is Answer.YES
    assert status(sketch, DOE, "daughter", TODAY).answers["feoc"] is Answer.NO


def test_person_declared_a_political_figure_counts_as_government() -> None:
    sketch = Sketch()
    sketch.company("person", "CN", form="person")
    sketch.company("T")
    sketch.link("owns", "person", "T", share=0.3)
    assert status(sketch, DOE, "T", TODAY).answers["feoc"] is Answer.NO
    for answer in ("yes", "unknown", "no"):
        sketch.entities["person"]["declared"] = {"covered-government": answer, "source": "s"}
        assert status(sketch, DOE, "T", TODAY).answers["feoc"] == answer


def test_jurisdiction_as_holder_is_its_government() -> None:
    sketch = Sketch()
    sketch.company("T")
    sketch.link("owns", sketch.country("RU"), "T", share=0.25)
    assert status(sketch, DOE, "T", TODAY).answers["feoc"] is Answer.YES
    assert status(sketch, OFAC, "T", TODAY).answers["blocked"] is Answer.NO


def test_unknown_home_territory_and_uncertain_share() -> None:
    sketch = Sketch()
    sketch.company("nowhere", None)
    sketch.company("island", "HK")
    sketch.company("T")
    sketch.company("GOV", "CN", form="government")
    sketch.link("owns", "GOV", "T", share=[0.2, 0.22, 0.3])
    for company in ("nowhere", "island", "T"):
        assert status(sketch, DOE, company, TODAY).answers["feoc"] is Answer.UNKNOWN
    assert "feoc.home" in status(sketch, DOE, "nowhere", TODAY).open
    settled = status(sketch, DOE, "island", TODAY, covered_nation_territories="excluded")
    assert settled.answers["feoc"] is Answer.NO


def test_doubt_about_the_text_is_said() -> None:
    sketch = holdings(
        [{"owner": "GOV", "owned": "A", "pct": 50}, {"owner": "A", "owned": "T", "pct": 25}]
    )
    government(sketch, "GOV")
    assert "text not confirmed" in told(status(sketch, DOE, "T", TODAY))
    assert "by secondary sources" in told(status(sketch, DOE, "A", TODAY))


# ------------------------------------------------------------------------- control by contract

KEPT = {
    "quantity": "keeps_quantity",
    "timing": "keeps_timing",
    "use_or_sell_output": "keeps_output",
    "continuous_access_to_site": "keeps_access",
    "operate_maintain_repair_and_use_ip_data": "keeps_operation",
}


def licensed(home: str, **terms: bool) -> Sketch:
    """A US works that produces under a license with these terms."""
    sketch = Sketch()
    sketch.company("maker")
    sketch.company("licensor", home)
    sketch.plant("works", "maker")
    sketch.add("deal", "license", terms=terms)
    sketch.link("licenses", "licensor", "deal")
    sketch.link("uses", "deal", "works", share=0.5)
    return sketch


@pytest.mark.parametrize("example", examples("contract_rights"), ids=lambda each: each["id"])
def test_rights_kept_by_contract(example: Example) -> None:
    inputs, expected = example["inputs"], example["expected"]
    kept = set(inputs["rights_reserved_to_non_feoc"])
    terms = {term: right in kept for right, term in KEPT.items()}
    sketch = licensed("CN" if inputs["counterparty_is_feoc"] else "US", **terms)
    law = judge(sketch, DOE, on=TODAY)
    control = law.licenses[DOE]["deal"]
    maker = law.companies[DOE]["maker"]
    if expected["effective_control"] is False:
        assert control.verdict is Verdict.PASS
        assert control.exception == "safe-harbor"
        assert maker.answers["feoc"] is Answer.NO
        return
    assert expected["effective_control"] == "facts_and_circumstances"
    assert control.exception is None
    assert control.verdict is Verdict.UNCERTAIN
    assert maker.answers["feoc"] is Answer.UNKNOWN
    assert "text not confirmed" in " ".join(reason.text for reason in control.because)


def test_silent_contract_is_open_and_a_right_of_the_counterparty_is_control() -> None:
    silent = judge(licensed("CN"), DOE, on=TODAY)
    assert silent.licenses[DOE]["deal"].verdict is Verdict.UNKNOWN
    assert silent.companies[DOE]["maker"].answers["feoc"] is Answer.NO
    assert "feoc.contract" in silent.companies[DOE]["maker"].open
    control = judge(licensed("CN", output_quantity=True), DOE, on=TODAY)
    assert control.licenses[DOE]["deal"].verdict is Verdict.FAIL
    assert control.companies[DOE]["maker"].answers["feoc"] is Answer.YES
    domestic = judge(licensed("US", output_quantity=True), DOE, on=TODAY)
    assert domestic.licenses[DOE]["deal"].verdict is Verdict.PASS
