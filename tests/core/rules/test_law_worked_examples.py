"""Published and derived worked examples: each is drawn as a map and asked of the pack."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from law_maps import PACK, Sketch, cell_works, examples, pack

from depmap_gui.domain.in_force import MapInForce, last_day
from depmap_gui.domain.records import Company
from depmap_gui.rules.listings import likely_listings
from depmap_gui.rules.results import Answer, Verdict
from depmap_gui.rules.setting import Setting

Example = dict[str, Any]


def named(examples: list[Example]) -> list[Any]:
    return [pytest.param(example, id=example["id"]) for example in examples]


def share(percent: float) -> float:
    return percent / 100


# ------------------------------------------------------------------------------ entity status

FORMS = {"corp": "corporation", "partnership": "partnership", "trust": "trust"}


def attributed_on_a_graph(example: Example) -> None:
    """Holdings among named entities, with who is specified and what reaches the target."""
    inputs, expected = example["inputs"], example["expected"]
    sketch = Sketch()
    names = {edge[end] for edge in inputs["edges"] for end in ("owner", "owned")}
    for name in sorted(names):
        # Only P is foreign by itself; that H is follows, or not, from P's share in it.
        form = FORMS[inputs["entity_kinds"].get(name, "corp")]
        sketch.company(name, "CN" if name == "P" else "US", form=form)
    for edge in inputs["edges"]:
        sketch.link("owns", edge["owner"], edge["owned"], share=share(edge["pct_value"]))
    target = sketch.status(inputs["target"])
    owned_enough = [target.limbs[limb].verdict for limb in ("fie.single", "fie.aggregate")]
    assert (Verdict.FAIL in owned_enough) is expected["T_fie_by_ownership"]
    for name in names - {"P", inputs["target"]}:
        assert sketch.status(name).answers["sfe"] == ("yes" if name in inputs["sfe"] else "no")
    if "H_fie" in expected:
        assert sketch.status("H").answers["fie"] == "yes"
    most = max(expected["attributed_pct"].values())
    assert target.limbs["fie.single"].measure.mode == pytest.approx(share(most), abs=1e-12)
    if "aggregate_after_dedupe_pct" in expected:
        together = share(expected["aggregate_after_dedupe_pct"])
        assert target.limbs["fie.aggregate"].measure.mode == pytest.approx(together, abs=1e-12)


def amplify(example: Example) -> None:
    sketch = Sketch()
    sketch.company("jv")
    for owner in example["inputs"]["direct_owners"]:
        sketch.company(owner["name"], "CN" if owner["sfe"] else "US")
        sketch.link("owns", owner["name"], "jv", share=share(owner["pct"]))
    status = sketch.status("jv")
    assert status.answers["fie"] == "no"
    measure = status.limbs["fie.aggregate"].measure
    assert measure.high == pytest.approx(share(example["expected"]["sfe_pct"]), abs=1e-12)
    assert {"fie.officer", "fie.debt"} <= set(status.open)


def trina_at_closing(example: Example) -> None:
    sketch = Sketch()
    sketch.company("t1", traded=True)
    sketch.company("trina", "CN")
    sketch.company("founder", None, form="person")
    common, converted, placed = (share(row["pct"]) for row in example["inputs"]["sfe_holdings"])
    sketch.link("owns", "trina", "t1", share=common, reports=True)
    sketch.link("owns", "trina", "t1", share=converted, reports=True)
    sketch.link("owns", "founder", "t1", share=placed, reports=True)
    limbs = sketch.status("t1").limbs
    expected = example["expected"]
    trina = share(expected["trina_fully_converted_pct"])
    assert limbs["fie.single"].measure.high == pytest.approx(trina, abs=1e-12)
    assert (limbs["fie.single"].verdict is Verdict.FAIL) is expected["single_25_met"]
    together = share(expected["aggregate_if_all_sfe_pct"])
    assert limbs["fie.aggregate"].measure.low == pytest.approx(trina, abs=1e-12)
    assert limbs["fie.aggregate"].measure.high == pytest.approx(together, abs=1e-12)
    assert limbs["fie.aggregate"].verdict is Verdict.PASS


def on_the_last_day(example: Example) -> None:
    inputs = example["inputs"]
    sketch = Sketch()
    sketch.company("taxpayer")
    sketch.company("owner", "CN")
    before, after = (
        share(inputs["foreign_controlled_pct_on_2027_06_30"]),
        share(inputs["foreign_controlled_pct_on_2027_12_31"]),
    )
    sketch.link("owns", "owner", "taxpayer", share=before, valid_to="2027-06-30")
    sketch.link("owns", "owner", "taxpayer", share=after, valid_from="2027-07-01")
    assert sketch.law(2027).as_of.isoformat() == example["expected"]["tested_on"]
    assert sketch.status("taxpayer", 2027).answers["sfe"] == "no"


def debt(example: Example) -> None:
    inputs = example["inputs"]
    sketch = Sketch()
    sketch.company("taxpayer")
    sketch.company("lender", "CN")
    issued = inputs["debt_issued_to_sfe"] / inputs["debt_issued_total"]
    sketch.link("lends", "lender", "taxpayer", share=issued)
    limb = sketch.status("taxpayer").limbs["fie.debt"]
    assert (limb.verdict is Verdict.FAIL) is example["expected"]["fie"]
    assert limb.measure.mode == pytest.approx(share(example["expected"]["pct"]), abs=1e-12)


def influenced_parent(example: Example) -> None:
    sketch = Sketch()
    sketch.company("owner", "CN")
    sketch.company("parent")
    sketch.company("subsidiary")
    sketch.link("owns", "owner", "parent", share=0.3)
    sketch.link("owns", "parent", "subsidiary", share=1.0)
    assert sketch.status("parent").answers["fie"] == "yes"
    assert (sketch.status("subsidiary").answers["fie"] == "yes") is example["expected"]["T_is_fie"]


def observer(example: Example) -> None:
    sketch = Sketch()
    sketch.company("taxpayer")
    sketch.company("owner", "CN")
    sketch.link("owns", "owner", "taxpayer", share=0.1, appoints=False)
    limb = sketch.status("taxpayer").limbs["fie.officer"]
    assert (limb.verdict is Verdict.FAIL) is example["expected"]["fie"]


def public_company(example: Example) -> None:
    inputs, expected = example["inputs"], example["expected"]
    sketch = Sketch()
    sketch.company("taxpayer", traded=True)
    sketch.company("owner", "CN")
    sketch.link(
        "owns",
        "owner",
        "taxpayer",
        share=share(inputs["sfe_owner_pct"]),
        reports=inputs["sfe_must_report_13d3"],
    )
    status = sketch.status("taxpayer")
    assert (status.answers["fie"] == "yes") is expected.get("fie", expected.get("fie_by_ownership"))


def subsidiary_of_public_company(example: Example) -> None:
    """Debt of exactly 15% tells which reading governs: at least 15%, or more than 15%."""
    sketch = Sketch()
    sketch.company("listed", traded=True)
    sketch.company("private")
    sketch.company("lender", "CN")
    owned = share(example["inputs"]["owned_by_public_entity_pct"])
    sketch.link("owns", "listed", "private", share=owned)
    sketch.link("lends", "lender", "private", share=0.15)
    limb = sketch.status("private").limbs["fie.debt"]
    public = limb.verdict is Verdict.PASS
    assert public is example["expected"]["public_fie_rules_apply"]


def control(example: Example) -> None:
    inputs, expected = example["inputs"], example["expected"]
    held = inputs.get("owner_covered_nation_org") or {}
    value = held.get("value_pct", held.get("capital_pct"))
    value = inputs.get("owner_covered_nation_org_pct") if value is None else value
    votes = held.get("vote_pct", held.get("profits_pct", value))
    sketch = Sketch()
    form = "partnership" if "partnership" in inputs["entity"] else "corporation"
    sketch.company("taxpayer", form=form)
    sketch.company("owner", "CN")
    sketch.link("owns", "owner", "taxpayer", share=share(value), votes=share(votes))
    answers = sketch.status("taxpayer").answers
    assert (answers["sfe"] == "yes") is expected["sfe"]
    if "fie" in expected:
        assert (answers["fie"] == "yes") is expected["fie"]


def listed_by_name(example: Example) -> None:
    """The name is offered, not assumed; once the map says so, the list decides."""
    sketch = Sketch()
    sketch.company("eve", "US", name=example["inputs"]["entity"])
    assert sketch.status("eve").answers["sfe"] == "no"
    assert "sfe.list" in sketch.status("eve").open
    law = sketch.law()
    company = sketch.project().entities["eve"]
    assert isinstance(company, Company)
    offers = {offer.list for offer in likely_listings(company, pack(), law.as_of)}
    assert offers == {"ndaa-154b", "dod-1260h"}
    sketch.entities["eve"]["lists"] = ["ndaa-154b"]
    status = sketch.status("eve")
    assert status.answers["sfe"] == "yes"
    assert "154(b)" in status.reasons[0].text


STATUS_CASES: dict[str, Callable[[Example], None]] = {
    "PFE-318-": attributed_on_a_graph,
    "PFE-DEDUP": attributed_on_a_graph,
    "PFE-AMPLIFY": amplify,
    "PFE-DETERMINATION-DATE": on_the_last_day,
    "PFE-FIE-DEBT": debt,
    "PFE-FIE-NO-CHAIN": influenced_parent,
    "PFE-FIE-OFFICER": observer,
    "PFE-PUBLIC-25": public_company,
    "PFE-PUBLIC-C5": public_company,
    "PFE-PUBLIC-SUB": subsidiary_of_public_company,
    "PFE-SFE-CONTROL": control,
    "PFE-SFE-PARTNERSHIP": control,
    "PFE-SFE-VOTE": control,
    "PFE-SFE-LISTED": listed_by_name,
    "PFE-T1": trina_at_closing,
}


@pytest.mark.parametrize("example", named(examples("pfe_status")))
def test_entity_status(example: Example) -> None:
    (check,) = [check for start, check in STATUS_CASES.items() if example["id"].startswith(start)]
    check(example)


# -------------------------------------------------------------------------- effective control


@pytest.mark.parametrize("example", named(examples("effective_control")))
def test_effective_control(example: Example) -> None:
    inputs, expected = example["inputs"], example["expected"]
    terms = {flag.term: False for flag in pack().flags.values() if flag.term is not None}
    if "all_technical_data_transferred" in inputs:
        terms["withholds_knowhow"] = not inputs["all_technical_data_transferred"]
    months = inputs.get("required_service_agreement_months", 0)
    deal = {
        "signed": inputs.get("agreement_date", "2023-03-01"),
        "modified": inputs.get("modified_on"),
        "last_royalty": inputs.get("royalty_last_date"),
        "royalty": 0.0,
        "service_months": months + sum(inputs.get("renewals_months", [])),
        "terms": terms,
        "sale": "purchase" in inputs.get("type", ""),
        "reverts": inputs.get("reverts_to_seller"),
    }
    sketch = cell_works()
    sketch.company("catl", "CN")
    sketch.add(
        "deal", "license", **{key: value for key, value in deal.items() if value is not None}
    )
    sketch.link("licenses", "catl", "deal")
    sketch.link("uses", "deal", "works", share=0.6)
    if "taxpayer_makes" in inputs:
        _denied_by_product(sketch)
        return
    # A payment in the previous year under an agreement of 2026 puts the tax year at 2027.
    paid = inputs["paid_in_previous_tax_year"]
    year = 2027 if paid else 2026
    reading = {} if paid else {"payments_previous_year": "as-written"}
    found = sketch.law(year).licenses[PACK]["deal"]
    flags = {flag.flag: flag.answer for flag in found.flags}
    for key, value in expected.items():
        match key:
            case "effective_control":
                verdict = sketch.test("effective_control", year).verdict
                assert verdict == ("fail" if value else "pass")
            case "fie_this_year":
                assert sketch.test("effective_control", year, **reading).verdict is Verdict.PASS
                assert value is False
            case "exception":
                assert found.exception == (None if value is None else "bona-fide-sale")
            case "total_months":
                assert f"{value} months" in " ".join(reason.text for reason in found.because)
            case _:
                flag = re.fullmatch(r"flag_([A-Z]{2})", key)
                assert flag is not None, f"{key} is not checked"
                assert flags[flag[1]] is (Answer.YES if value else Answer.NO)


def _denied_by_product(sketch: Sketch) -> None:
    """Cells are made under a license that gives control, modules in a plant that has none."""
    sketch.entities["deal"]["signed"] = "2026-01-01"
    module = {"id": "modules", "credit": "45x/battery-module", "units": 20e6}
    sketch.plant("pack-works", "maker", module)

    def verdicts(**settled: str) -> dict[str, Verdict]:
        return {
            credit.product: {test.id: test.verdict for test in credit.tests}["effective_control"]
            for credit in sketch.law(2027, **settled).credits
        }

    assert verdicts() == {"cells": Verdict.FAIL, "modules": Verdict.PASS}
    wide = verdicts(control_denial_scope="taxpayer")
    assert wide == {"cells": Verdict.FAIL, "modules": Verdict.FAIL}


# -------------------------------------------------------------------------------- direct cost

CREDITS = {
    "qualifying_battery_component": "45x/battery-cell",
    "solar_energy_component": "45x/solar-module",
    "wind_energy_component": "45x/wind-blade",
}


@pytest.mark.parametrize(
    "example", named([e for e in examples("direct_cost") if "EXCLUSION" not in e["id"]])
)
def test_direct_cost(example: Example) -> None:
    inputs, expected = example["inputs"], example["expected"]
    if "construction_begins" in inputs:
        _not_asked_of_old_construction(example)
        return
    year = inputs["year"]
    if "lots" in inputs:
        lots = [(lot["kg"] * lot["usd_per_kg"], lot["pfe"]) for lot in inputs["lots"]]
    else:
        pfe = inputs["pfe_cost"]
        lots = [(inputs["total_cost"] - pfe, False), (pfe, True)]
    sketch = cell_works(credit=CREDITS[inputs["category"]])
    for number, (cost, foreign) in enumerate(lots):
        maker = sketch.company(f"maker-{number}", "CN" if foreign else "US")
        sketch.link("supplies", maker, "works", item="input", category="material", cost=cost)
    test = sketch.test("macr", year)
    assert test.low == test.high == test.mode
    assert test.mode * 100 == pytest.approx(expected["macr_pct"], abs=5e-5)
    assert test.threshold * 100 == pytest.approx(expected["threshold_pct"], abs=1e-12)
    assert test.verdict == ("pass" if expected["passes"] else "fail")


def _not_asked_of_old_construction(example: Example) -> None:
    """Storage begun before 2026: no ratio is asked, the entity tests are."""
    sketch = cell_works(
        credit="48e/storage", construction_start=example["inputs"]["construction_begins"]
    )
    sketch.company("foreign", "CN")
    sketch.link("supplies", "foreign", "works", item="all", category="component", cost=100)
    sketch.link("owns", "foreign", "maker", share=0.25)
    tests = {test.id: test for test in sketch.credit().tests}
    assert tests["macr"].verdict is Verdict.PASS
    assert tests["macr"].threshold is None
    assert tests["fie.single"].verdict is Verdict.FAIL


# ------------------------------------------------------------------------------- credit value

VALUE_INPUTS = {
    "cell_GWh": ("45x/battery-cell", 1e6),
    "module_GWh": ("45x/battery-module", 1e6),
    "pv_cell_GWdc": ("45x/solar-cell", 1e9),
    "module_GWdc": ("45x/solar-module", 1e9),
    "electrode_active_material_production_cost_usd": ("45x/electrode-active-material", 1.0),
    "critical_mineral_production_cost_usd": ("45x/critical-mineral", 1.0),
}


@pytest.mark.parametrize("example", named(examples("credit_value")))
def test_credit_value(example: Example) -> None:
    inputs, expected = example["inputs"], example["expected"]
    if "construction_begins" in inputs:
        begun = f"{inputs['construction_begins']}-06-30"
        sketch = cell_works(credit="48e/storage", construction_start=begun, units=1000.0)
        result = sketch.credit(inputs["construction_begins"])
        assert result.phase_out * 100 == expected["phase_out_pct"]
        assert result.annual_credit == pytest.approx(300 * result.phase_out, abs=1e-9)
        return
    sketch = Sketch()
    sketch.company("maker")
    products = [
        {"id": key, "credit": VALUE_INPUTS[key][0], "units": amount * VALUE_INPUTS[key][1]}
        for key, amount in inputs.items()
        if key in VALUE_INPUTS
    ]
    sketch.plant("works", "maker", *products)
    year = inputs.get("sold_in", inputs.get("produced_in"))
    found = {credit.product: credit.annual_credit for credit in sketch.law(year).credits}
    total = expected.get("total_usd", expected.get("usd"))
    assert sum(found.values()) == pytest.approx(total, rel=1e-12)
    if "cell_usd" in expected:
        assert found["cell_GWh"] == pytest.approx(expected["cell_usd"], rel=1e-12)


def test_settings_are_plain_values() -> None:
    """A setting reads the law of the day it is asked for."""
    empty = Sketch().project()
    for year, threshold in ((2026, 0.60), (2027, 0.65), (2029, 0.80), (2040, 0.85)):
        setting = Setting(MapInForce(empty, last_day(year)), pack(), year)
        assert setting.number("macr.battery") == threshold
