"""Tornados: against the ordinary solution and law with one quantity moved, and cases by hand."""

from __future__ import annotations

import pytest
from drawing import drawn, home, places, solved
from hypothesis import given, settings
from hypothesis import strategies as st
from test_bounds import works as drawn_works
from test_risk import PACKS, works
from uncertain_maps import put, uncertain

from depmap_gui.analysis.context import Canceled
from depmap_gui.analysis.ranges import ranges_of
from depmap_gui.analysis.results import Score
from depmap_gui.analysis.scores import covered_by, scores_of
from depmap_gui.analysis.tornado import tornado_of_score, tornado_of_test
from depmap_gui.analysis.uncertainty_results import ScoreQuestion, TestQuestion, UncertaintyError
from depmap_gui.domain.kinds import Basis
from depmap_gui.domain.records import Company, Licenses, Operates, Owns, Plant, Supplies, Uses
from depmap_gui.rules.results import Verdict

MACR = TestQuestion("works", "cells", "us-obbba", "macr")


def at(project, moved=None, value=None):
    """The map with one range at a value and the others at their mode."""
    ranges = ranges_of(project)
    values = {}
    for place, (_, mode, _) in zip(ranges.places, ranges.triangle.tolist(), strict=True):
        section = "entities" if place.record in project.entities else "links"
        values[section, place.record, place.field] = value if place == moved else mode
    return put(project, values)


@given(data=st.data(), basis=st.sampled_from(list(Basis)))
@settings(max_examples=12, deadline=None)
def test_each_bar_is_what_the_map_is_solved_to(data, basis):
    project = data.draw(uncertain())
    solution, ranges = solved(project, basis), ranges_of(project)
    for score in Score:
        for row in covered_by(solution, score).nonzero()[0].tolist()[:3]:
            entity = solution.projection.ids[row]
            found = tornado_of_score(solution, ranges, ScoreQuestion(entity, score, "CN"))
            seen = {bar.quantity.place: bar for bar in found.bars}
            assert len(seen) + found.without_effect == len(ranges)
            figure = scores_of(solved(at(project), basis)).vectors(score)[entity].get("CN", 0.0)
            assert found.figure == pytest.approx(figure, abs=1e-9)
            for place, (low, _, high) in zip(ranges.places, ranges.triangle.tolist(), strict=True):
                ends = [
                    scores_of(solved(at(project, place, value), basis))
                    .vectors(score)[entity]
                    .get("CN", 0.0)
                    for value in (low, high)
                ]
                bar = seen.get(place)
                got = (figure, figure) if bar is None else (bar.at_low, bar.at_high)
                if bar is None:
                    assert ends[0] == pytest.approx(ends[1], abs=1e-9)
                else:
                    assert got == pytest.approx(ends, abs=1e-9)
            swings = [bar.swing for bar in found.bars]
            assert swings == sorted(swings, reverse=True)


def test_a_plants_quantities_by_hand():
    project = drawn_works(
        Licenses(id="g", source="cn", target="deal"),
        Uses(id="u", source="deal", target="works", share=(0.1, 0.2, 0.5), sources=("s1",)),
        Supplies(id="s", source="cn", target="works", ip_share=(0.1, 0.15, 0.2)),
        Supplies(id="n", source="kr", target="works", cost=(1.0, 2.0, 3.0)),
    )
    found = tornado_of_score(solved(project), ranges_of(project), ScoreQuestion("works"))
    first, second = found.bars
    assert (first.quantity.place.record, first.quantity.sources) == ("u", ("s1",))
    assert (first.at_low, first.at_high) == (pytest.approx(0.25), pytest.approx(0.65))
    assert (second.at_low, second.at_high) == (pytest.approx(0.3), pytest.approx(0.4))
    assert found.figure == pytest.approx(0.35)
    assert found.without_effect == 1
    assert "IP share" in first.quantity.label


def test_a_tests_measure_and_verdict_by_hand():
    project = works(chinese=(20.0, 30.0, 60.0), holding=(0.2, 0.22, 0.3))
    found = tornado_of_test(project, PACKS, ranges_of(project), MACR)
    (bar,) = found.bars
    # 60 clean against the covered cost: 75% and 50% around a threshold of 60%.
    assert (bar.at_low, bar.at_high) == (pytest.approx(60 / 80), pytest.approx(60 / 120))
    assert (bar.verdict_at_low, bar.verdict_at_high) == (Verdict.PASS, Verdict.FAIL)
    assert found.verdict is Verdict.PASS
    assert bar.changes_verdict
    assert found.figure == pytest.approx(60 / 90)
    assert found.threshold == pytest.approx(0.6)
    held = tornado_of_test(
        project, PACKS, ranges_of(project), TestQuestion("works", "cells", "us-obbba", "fie.single")
    )
    assert [bar.verdict_at_high for bar in held.bars] == [Verdict.FAIL]
    assert held.bars[0].at_high == pytest.approx(0.3)


def test_questions_that_do_not_fit_the_map_are_told():
    project = works(chinese=30.0)
    ranges = ranges_of(project)
    for question, said in (
        (ScoreQuestion("nothing"), "no item 'nothing'"),
        (ScoreQuestion("works", Score.DEBT), "has no debt"),
        (ScoreQuestion("works", Score.IP, "FR"), "no jurisdiction 'FR'"),
    ):
        with pytest.raises(UncertaintyError, match=said):
            tornado_of_score(solved(project), ranges, question)
    for question, said in (
        (TestQuestion("works", "cars", "us-obbba", "macr"), "product 'cars'"),
        (TestQuestion("works", "cells", "us-obbba", "mac"), "no test 'mac'"),
    ):
        with pytest.raises(UncertaintyError, match=said):
            tornado_of_test(project, PACKS, ranges, question)


def test_it_can_be_canceled():
    class Impatient:
        def progress(self, fraction, what):
            raise Canceled

    project = works(chinese=(20.0, 30.0, 60.0))
    with pytest.raises(Canceled):
        tornado_of_test(project, PACKS, ranges_of(project), MACR, Impatient())


def test_a_circle_that_an_end_closes_is_unknown_and_nobodys():
    # At its high end the maker belongs to itself alone: nobody stands behind it, China neither.
    project = drawn(
        [*places("CN", "KR"), Company(id="maker"), Plant(id="works", own_ip=1.0)],
        [
            home("maker", "KR"),
            Owns(id="itself", source="maker", target="maker", share=(0.1, 0.1, 1.0)),
            Operates(id="runs", source="maker", target="works"),
        ],
    )
    solution = solved(project, Basis.ECONOMIC)
    for code, ends in (("CN", []), ("KR", [(1.0, 0.0)])):
        question = ScoreQuestion("works", Score.IP, code)
        found = tornado_of_score(solution, ranges_of(project), question)
        assert [(bar.at_low, bar.at_high) for bar in found.bars] == ends
