"""Scoring again after edits: the same as scoring the changed map anew, whatever the edits."""

from __future__ import annotations

import itertools
import random
from datetime import date

import msgspec
import numpy as np
import pytest
from drawing import drawn, home, places
from drawn_maps import COMPANIES, COSTS, LINKS, MATERIALS, PLACES, PLANTS, SHARES, projects
from hypothesis import given, settings
from hypothesis import strategies as st

from depmap_gui.analysis import linear, rescoring
from depmap_gui.analysis.assess import assess
from depmap_gui.analysis.results import Score
from depmap_gui.analysis.sample_maps import random_map
from depmap_gui.analysis.scores import scores_of
from depmap_gui.analysis.solution import solve
from depmap_gui.analysis.trace import Layer
from depmap_gui.domain.document import Document
from depmap_gui.domain.edits import Add, EditError, Remove, SetField, SetHeader, removal
from depmap_gui.domain.in_force import MapInForce, last_day
from depmap_gui.domain.kinds import Basis, Section
from depmap_gui.domain.project import Header
from depmap_gui.domain.records import Company, Operates, Owns, Plant, Product, Supplies
from depmap_gui.rules.loader import find_pack

DAY = last_day(2026)
FIELDS = {
    "share": SHARES,
    "votes": SHARES,
    "ip_share": SHARES,
    "cost": COSTS,
    "role": st.sampled_from((None, "incorporated", "principal", "site", "origin")),
    "valid_from": st.sampled_from((None, date(2020, 1, 1), date(2030, 1, 1))),
    "valid_to": st.sampled_from((None, date(2020, 1, 1), date(2030, 1, 1))),
    "item": st.sampled_from(("", "anode", "cathode")),
    "product": st.sampled_from((None, "cells", "packs")),
    "candidate": st.booleans(),
    "source": st.sampled_from(COMPANIES + PLANTS + MATERIALS + PLACES),
    "target": st.sampled_from(COMPANIES + PLANTS),
    "own_ip": SHARES,
    "bought_in": SHARES,
    "name": st.sampled_from(("", "anode", "Renamed")),
    "notes": st.just("noted"),
    "products": st.sampled_from(
        ((), (Product(id="cells"),), (Product(id="cells"), Product(id="packs")))
    ),
    "code": st.sampled_from(("CN", "SE", "NO", "")),
}
HEADER = {"bought_in": st.sampled_from((None, 0.3, 1.0)), "title": st.just("Other title")}
PICK = st.integers(0, 10_000)


@pytest.fixture(scope="module", autouse=True)
def however_wide():
    """On maps this small most edits would be too wide to be scored as edits."""
    usual, rescoring.WIDE = rescoring.WIDE, 1.0
    yield
    rescoring.WIDE = usual


@st.composite
def edits(draw):
    """One edit, still without the record that it is made to: that is picked by a number."""
    what = draw(st.sampled_from(("field", "field", "field", "add", "remove", "entity", "header")))
    match what:
        case "field":
            field = draw(st.sampled_from(sorted(FIELDS)))
            return what, draw(PICK), field, draw(FIELDS[field])
        case "header":
            field = draw(st.sampled_from(sorted(HEADER)))
            return what, 0, field, draw(HEADER[field])
        case "add":
            return what, draw(PICK), draw(LINKS), draw(st.booleans())
        case "remove":
            return what, draw(PICK), None, draw(st.booleans())
        case _:
            return what, draw(PICK), None, None


def make(document, edit, count):
    """Make a drawn edit where the document takes it; return what undoes it, else None."""
    try:
        fitting = fit(document.snapshot(), edit, count)
        return None if fitting is None else document.apply(fitting)
    except EditError:
        return None


def fit(project, edit, count):
    """A drawn edit as one of this project's records; None where it has no such record."""
    what, pick, which, value = edit
    entities, links = list(project.entities.values()), list(project.links.values())
    match what:
        case "field":
            records = [one for one in entities + links if which in one.__struct_fields__]
            record = records[pick % len(records)] if records else None
            return record and SetField(record.section, record.id, which, value)
        case "header":
            return SetHeader(which, value)
        case "add":
            cls, fields = which
            return Add(cls(id=f"new{count}", **fields), pick % (len(links) + 1) if value else None)
        case "remove":
            records = links if value else entities
            return removal(project, [records[pick % len(records)].id]) if records else None
        case _:
            return Add(Company(id=f"company{count}", name="New"))


def assert_same(found, expected):
    """Two solutions agree in every figure, every term and every word."""
    assert found.projection.project is expected.projection.project
    assert list(found.layers) == list(expected.layers)
    for layer, solved in expected.layers.items():
        again = found.layers[layer]
        assert np.abs(again.table - solved.table).max() <= 1e-12, layer
        assert again.terms.equals(solved.terms), layer
        assert np.array_equal(again.starts, solved.starts), layer
    assert found.assumptions == expected.assumptions
    assert found.findings == expected.findings
    assert found.single_sources == expected.single_sources
    scores, others = scores_of(found), scores_of(expected)
    for field in scores.__struct_fields__:
        assert set(getattr(scores, field)) == set(getattr(others, field)), field
    for plant, indexes in others.concentration.items():
        for kind in indexes.__struct_fields__:
            again, index = getattr(scores.concentration[plant], kind), getattr(indexes, kind)
            assert again.low == pytest.approx(index.low, abs=1e-8)
            assert again.high == pytest.approx(index.high, abs=1e-8)


@pytest.mark.parametrize("basis", list(Basis))
@settings(max_examples=30)
@given(project=projects(), drawn_edits=st.lists(edits(), min_size=1, max_size=4))
def test_scoring_again_is_scoring_anew(basis, project, drawn_edits):
    document = Document(project)
    solution = solve(MapInForce(document.snapshot(), DAY), basis)
    for count, edit in enumerate(drawn_edits):
        undo = make(document, edit, count)
        if undo is None:
            continue
        solution = solved_again(document, basis, solution)
        if count % 2:
            document.apply(undo)
            solution = solved_again(document, basis, solution)


def solved_again(document, basis, before):
    """The solution of the document as it stands, reached from before; the same as reached anew."""
    now = MapInForce(document.snapshot(), DAY)
    solution = solve(now, basis, before=before)
    assert_same(solution, solve(now, basis))
    return solution


@pytest.mark.parametrize("basis", list(Basis))
@pytest.mark.parametrize("large", [20, 10_000], ids=["swept", "factored"])
def test_a_map_with_tangles_is_followed_through_many_edits(basis, large, monkeypatch):
    monkeypatch.setattr(linear, "LARGE", large)
    document = Document(random_map(600, loops=True, seed=8))
    solution = solve(MapInForce(document.snapshot(), DAY), basis)
    draw = random.Random(3)
    for number in range(12):
        links = document.snapshot().links
        link = links[draw.choice(list(links))]
        if number % 4 == 0:
            document.apply(Remove(Section.LINKS, link.id))
        else:
            field = next(f for f in ("cost", "share", "notes") if f in link.__struct_fields__)
            value = "noted" if field == "notes" else round(draw.uniform(0.0, 0.2), 3)
            document.apply(SetField(Section.LINKS, link.id, field, value))
        solution = solved_again(document, basis, solution)


def supplied_plant():
    """A plant that a Chinese firm supplies, beside another that nothing reaches."""
    return drawn(
        [*places("CN", "US"), *(Company(id=id) for id in ("a", "b")), Plant(id="p"), Plant(id="q")],
        [
            home("a", "CN"),
            home("b", "US"),
            Operates(id="runs", source="b", target="q"),
            Supplies(id="1", source="a", target="p", cost=1.0),
            Supplies(id="2", source="b", target="p", cost=1.0),
        ],
    )


def changed(project, *edits):
    document = Document(project)
    for edit in edits:
        document.apply(edit)
    return MapInForce(document.snapshot(), DAY)


def test_what_an_edit_cannot_reach_is_taken_over():
    project = supplied_plant()
    before = solve(MapInForce(project, DAY), Basis.ECONOMIC)
    after = solve(
        changed(project, SetField(Section.LINKS, "1", "cost", 3.0)), Basis.ECONOMIC, before=before
    )
    assert scores_of(after).made_by["p"] == {"CN": 0.75, "US": 0.25}
    moved = {
        layer
        for layer, solved in after.layers.items()
        if solved.table is not before.layers[layer].table
    }
    assert moved == {
        Layer.MADE_IN_FIRST_TIER,
        Layer.MADE_IN,
        Layer.MADE_BY_FIRST_TIER,
        Layer.MADE_BY,
    }
    assert after.single_sources == before.single_sources


@pytest.mark.parametrize(
    "edit",
    [
        Add(Company(id="new")),
        SetField(Section.ENTITIES, "CN", "code", "TW"),
        removal(supplied_plant(), ["a"]),
    ],
    ids=["an item came", "another code", "an item went"],
)
def test_what_changes_the_shape_of_the_map_is_scored_as_a_new_map(edit):
    project = supplied_plant()
    before = solve(MapInForce(project, DAY), Basis.ECONOMIC)
    after = changed(project, edit)
    assert rescoring.rescoring(before, after, Basis.ECONOMIC) is None
    assert_same(solve(after, Basis.ECONOMIC, before=before), solve(after, Basis.ECONOMIC))


def test_another_day_or_basis_is_scored_anew():
    project = supplied_plant()
    before = solve(MapInForce(project, DAY), Basis.ECONOMIC)
    later = MapInForce(project, last_day(2027))
    assert rescoring.rescoring(before, later, Basis.ECONOMIC) is None
    assert rescoring.rescoring(before, before_on(project), Basis.DOMICILE) is None
    assert rescoring.rescoring(before, before_on(project), Basis.ECONOMIC) is not None


def before_on(project):
    return MapInForce(project, DAY)


def test_an_edit_of_much_of_a_map_is_scored_anew(monkeypatch):
    monkeypatch.setattr(rescoring, "WIDE", 0.25)
    project = supplied_plant()
    before = solve(MapInForce(project, DAY), Basis.ECONOMIC)
    one = changed(project, SetField(Section.ENTITIES, "p", "own_ip", 0.2))
    assert rescoring.rescoring(before, one, Basis.ECONOMIC) is not None
    both = changed(
        project,
        SetField(Section.ENTITIES, "p", "own_ip", 0.2),
        SetField(Section.ENTITIES, "q", "own_ip", 0.2),
    )
    assert rescoring.rescoring(before, both, Basis.ECONOMIC) is None


def test_a_chain_of_five_thousand_is_followed_to_its_end():
    ids = [f"c{number}" for number in range(5_000)]
    project = drawn(
        [*places("CN", "US"), *(Company(id=id) for id in ids)],
        [
            home("c0", "CN"),
            *(
                Owns(id=f"{a}-{b}", source=a, target=b, share=1.0)
                for a, b in itertools.pairwise(ids)
            ),
        ],
    )
    before = solve(MapInForce(project, DAY), Basis.ECONOMIC)
    assert scores_of(before).attribution["c4999"] == {"CN": 1.0}
    edit = SetField(Section.LINKS, "home of c0 incorporated", "source", "US")
    after = solve(changed(project, edit), Basis.ECONOMIC, before=before)
    assert scores_of(after).attribution["c4999"] == {"US": 1.0}


def test_an_assessment_goes_on_from_the_one_before():
    packs = (find_pack("us-obbba"),)
    project = msgspec.structs.replace(
        supplied_plant(), header=Header(year=2026, basis=Basis.ECONOMIC)
    )
    first = assess(project, packs=packs)
    edited = changed(project, SetField(Section.LINKS, "1", "cost", 3.0)).project
    again, anew = assess(edited, packs=packs, before=first), assess(edited, packs=packs)
    kept = again.solution.layers[Layer.ATTRIBUTION].table
    assert kept is first.solution.layers[Layer.ATTRIBUTION].table
    for score in Score:
        assert dict(again.scores.vectors(score)) == dict(anew.scores.vectors(score))
    assert (again.law, again.findings, again.assumptions) == (
        anew.law,
        anew.findings,
        anew.assumptions,
    )
