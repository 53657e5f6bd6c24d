"""Figures worked by hand or published, beside the engine's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from drawing import drawn, home, places, scored, solved

from depmap_gui.analysis.explain import explain
from depmap_gui.analysis.results import Score, exposure
from depmap_gui.domain.kinds import Basis, LocationRole
from depmap_gui.domain.records import (
    Company,
    Lends,
    License,
    Licenses,
    Located,
    Material,
    Operates,
    Owns,
    Plant,
    Product,
    Supplies,
    Uses,
)

EXAMPLES = json.loads(
    (Path(__file__).parent / "examples" / "ownership.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize(
    ("basis", "expected"),
    [
        (Basis.DOMICILE, {"CN": 1.0}),
        (Basis.ECONOMIC, {"CN": 0.892, "SE": 0.108}),
        (Basis.CONTROL, {"CN": 1.0}),
    ],
)
def test_a_company_held_through_sweden(basis, expected):
    project = drawn(
        [*places("CN", "SE"), *(Company(id=id) for id in ("maker", "nordic", "parent"))],
        [
            home("maker", "CN"),
            home("nordic", "SE"),
            home("parent", "CN"),
            Owns(id="o1", source="nordic", target="maker", share=0.6, votes=0.6),
            Owns(id="o2", source="parent", target="nordic", share=0.82),
        ],
    )
    assert scored(project, basis).attribution["maker"] == pytest.approx(expected, abs=1e-12)


def test_control_passes_down_a_chain_of_majorities():
    project = drawn(
        [*places("CN", "SE"), *(Company(id=id) for id in ("bottom", "middle", "top"))],
        [
            home("bottom", "SE"),
            home("middle", "SE"),
            home("top", "CN"),
            Owns(id="o1", source="middle", target="bottom", share=0.51),
            Owns(id="o2", source="top", target="middle", share=0.51),
        ],
    )
    assert scored(project, Basis.CONTROL).attribution["bottom"] == {"CN": 1.0}


@pytest.mark.parametrize(("votes", "expected"), [(0.5, "SE"), (0.501, "CN")])
def test_half_of_the_votes_is_no_control(votes, expected):
    project = drawn(
        [*places("CN", "SE"), Company(id="firm")],
        [home("firm", "SE"), Owns(id="o", source="CN", target="firm", share=0.1, votes=votes)],
    )
    assert scored(project, Basis.CONTROL).attribution["firm"] == {expected: 1.0}


def test_two_companies_that_hold_each_other():
    project = drawn(
        [*places("CN", "US"), *(Company(id=id) for id in ("a", "b", "x", "y"))],
        [
            home("x", "CN"),
            home("y", "US"),
            Owns(id="o1", source="a", target="b", share=0.3),
            Owns(id="o2", source="b", target="a", share=0.3),
            Owns(id="o3", source="x", target="a", share=0.7),
            Owns(id="o4", source="y", target="b", share=0.7),
        ],
    )
    expected = {"CN": 0.7 / 0.91, "US": 0.21 / 0.91}
    assert scored(project, Basis.ECONOMIC).attribution["a"] == pytest.approx(expected, abs=1e-12)


def licensed_plant():
    """Worked number 3, with its sources named."""
    return drawn(
        [
            *places("CN", "KR", "US"),
            Company(id="us", name="Operator"),
            Company(id="cn", name="CellCo"),
            Company(id="kr", name="Licensor"),
            License(id="deal", name="Cell license"),
            License(id="sub", name="Core license"),
            Plant(id="works", name="Works", own_ip=0.3, sources=("s2",)),
        ],
        [
            home("us", "US"),
            home("cn", "CN"),
            home("kr", "KR"),
            Operates(id="op", source="us", target="works"),
            Uses(id="use", source="deal", target="works", share=0.5, sources=("s1",)),
            Uses(id="subuse", source="sub", target="deal", share=0.4),
            Licenses(id="l1", source="kr", target="deal"),
            Licenses(id="l2", source="cn", target="sub"),
        ],
    )


def test_a_plant_under_a_sublicensed_technology():
    shares = scored(licensed_plant()).ip["works"]
    expected = {"CN": 0.2, "KR": 0.3, "US": 0.3, "unknown": 0.2}
    assert shares == pytest.approx(expected, abs=1e-12)
    chinese = exposure(shares, "CN")
    assert (chinese.low, chinese.high) == pytest.approx((0.2, 0.4), abs=1e-12)


def test_the_explanation_leads_to_links_and_sources():
    solution = solved(licensed_plant())
    tree = explain(solution, "works", Score.IP, "CN")
    (use,) = tree.parts
    assert (use.link, use.entity, use.sources) == ("use", "deal", ("s1",))
    assert use.label == 'License "Cell license": 50% × 40% Land CN'
    (sub,) = use.parts
    assert (sub.link, sub.entity) == ("subuse", "sub")
    (licensor,) = sub.parts
    assert licensor.label == "Licensor CellCo: 100% × 100% Land CN"
    own = explain(solution, "works", Score.IP, "US").parts[0]
    assert own.label == "Own technology of Works: 30% × 100% Land US"


def ownership(example):
    """The example's companies, each outside holder at home in a place of its own."""
    owned = {edge[1] for edge in example["edges"]}
    names = sorted({name for edge in example["edges"] for name in edge[:2]})
    holders = [name for name in names if name not in owned]
    return drawn(
        [*places("ZZ", *(f"of {name}" for name in holders)), *(Company(id=id) for id in names)],
        [
            *(home(name, f"of {name}" if name in holders else "ZZ") for name in names),
            *(
                Owns(id=f"{holder}-{held}", source=holder, target=held, share=share)
                for holder, held, share in example["edges"]
            ),
        ],
    )


@pytest.mark.parametrize("example", EXAMPLES, ids=[example["id"] for example in EXAMPLES])
def test_published_ownership(example):
    shares = scored(ownership(example), Basis.ECONOMIC).attribution[example["target"]]
    if example["expected"] is None:
        assert shares == {"unknown": 1.0}
        return
    for holder, share in example["expected"].items():
        assert shares[f"of {holder}"] == pytest.approx(share, abs=1e-9)


def supplied_plant(**works):
    """A plant with a costed input from each of two makers, one of which buys in turn."""
    return drawn(
        [
            *places("CN", "KR", "US"),
            Company(id="cn", name="CellCo"),
            Company(id="kr", name="Foils", own_ip=1.0, bought_in=0.25),
            Company(id="us", name="Operator"),
            Material(id="ore", name="Ore"),
            Plant(id="works", name="Works", own_ip=1.0, **works),
        ],
        [
            home("cn", "CN"),
            home("kr", "KR"),
            home("us", "US"),
            home("works", "US", LocationRole.SITE),
            Operates(id="op", source="us", target="works"),
            Located(id="or", source="CN", target="ore", role=LocationRole.ORIGIN, share=0.8),
            Supplies(id="s1", source="cn", target="works", item="Cathode", cost=30.0),
            Supplies(id="s2", source="kr", target="works", item="Foil", cost=10.0),
            Supplies(id="s3", source="ore", target="kr", item="Ore", cost=5.0),
        ],
    )


def test_inputs_and_embedded_ip_by_hand():
    scores = scored(supplied_plant(bought_in=0.4))
    assert scores.made_in_first_tier["works"] == pytest.approx({"CN": 0.75, "KR": 0.25})
    # Foils passes a quarter of its quarter on to the ore: 80% China, the rest undocumented.
    whole = {"CN": 0.75 + 0.0625 * 0.8, "KR": 0.1875, "unknown": 0.0625 * 0.2}
    assert scores.made_in["works"] == pytest.approx(whole)
    # CellCo documents no technology; Foils has 75% of its own and 25% in its ore.
    embedded = {
        "US": 0.6,
        "KR": 0.4 * 0.25 * 0.75,
        "CN": 0.4 * 0.25 * 0.25 * 0.8,
        "unknown": 0.4 * (0.75 + 0.25 * 0.25 * 0.2),
    }
    assert scores.embedded_ip["works"] == pytest.approx(embedded)


def test_missing_bought_in_is_assumed_and_said():
    solution = solved(supplied_plant())
    assert "How much of Works's output value is bought in is not known; 50% is assumed." in [
        noted.text for noted in solution.assumptions
    ]
    tree = explain(solution, "works", Score.EMBEDDED_IP, "US")
    assert tree.amount == pytest.approx(0.5)


def test_concentration_bounds_by_hand():
    indexes = scored(supplied_plant()).concentration["works"]
    assert (indexes.suppliers.low, indexes.suppliers.high) == pytest.approx((6250.0, 6250.0))
    low = (0.8**2 + 0.1875**2) * 10_000
    made_in = indexes.inputs_made_in
    assert (made_in.low, made_in.high) == pytest.approx((low, low + 0.0125**2 * 10_000))


def test_single_sources_go_by_item_and_product():
    cells, packs = Product(id="cells"), Product(id="packs")

    def delivery(id, source, item, product=None, candidate=False):
        return Supplies(
            id=id, source=source, target="p", item=item, product=product, candidate=candidate
        )

    project = drawn(
        [
            *(Company(id=id, name=id.upper()) for id in ("a", "b", "c")),
            Plant(id="p", products=(cells, packs)),
        ],
        [
            delivery("1", "a", "Foil"),
            delivery("2", "b", "foil "),
            delivery("3", "a", "Anode"),
            delivery("4", "a", "Anode"),
            delivery("5", "c", "Anode", candidate=True),
            delivery("6", "a", "Paste", "cells"),
            delivery("7", "b", "Paste", "packs"),
            delivery("8", "c", ""),
        ],
    )
    points = scored(project).single_points["p"]
    assert [(point.item, point.source, point.link) for point in points] == [
        ("Anode", "a", "3"),
        ("Paste", "a", "6"),
        ("Paste", "b", "7"),
        ("C", "c", "8"),
    ]


def test_money():
    project = drawn(
        [*places("CN", "US"), Company(id="firm"), Company(id="bank"), Plant(id="p")],
        [
            home("firm", "US"),
            home("bank", "CN"),
            Owns(id="o", source="bank", target="firm", share=0.25),
            Operates(id="op", source="firm", target="p"),
            Lends(id="d", source="bank", target="firm", share=0.15),
        ],
    )
    scores = scored(project, Basis.DOMICILE)
    assert scores.attribution["p"] == {"US": 1.0}
    assert scores.ownership["p"] == {"CN": 0.25, "US": 0.75}
    assert scores.debt["firm"] == {"CN": 0.15, "unknown": 0.85}
    assert "bank" not in scores.debt


def test_a_loop_is_told_once_and_still_sums():
    project = drawn(
        [*places("CN", "US"), *(Company(id=id, name=id.upper()) for id in ("a", "b"))],
        [
            home("a", "US"),
            home("b", "US"),
            Owns(id="o1", source="a", target="b", share=0.3),
            Owns(id="o2", source="b", target="a", share=0.3),
            Owns(id="o3", source="CN", target="a", share=0.7),
        ],
    )
    tree = explain(solved(project, Basis.ECONOMIC), "a", Score.ATTRIBUTION, "CN")
    direct, around = tree.parts
    assert (direct.link, direct.amount) == ("o3", pytest.approx(0.7))
    assert (around.link, around.amount) == ("o2", pytest.approx(0.3 * 0.3 * 0.7 / 0.91))
    (back,) = around.parts
    assert (back.link, back.parts) == ("o1", ())
    assert back.note.startswith("Goes round in a loop told further up")
