"""Sampled scores: against the ordinary solution of fixed maps, and distributions by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from drawing import drawn, home, places, solved
from hypothesis import given, settings
from hypothesis import strategies as st
from uncertain_maps import put, uncertain

from depmap_gui.analysis import sampled_rows, sampling
from depmap_gui.analysis.context import Canceled
from depmap_gui.analysis.ranges import draw_values, ranges_of
from depmap_gui.analysis.results import Score
from depmap_gui.analysis.sample_maps import random_map
from depmap_gui.analysis.sampling import Sampler, distribution, sample_score
from depmap_gui.analysis.scores import covered_by, scores_of
from depmap_gui.domain.kinds import Basis
from depmap_gui.domain.records import Company, License, Licenses, Operates, Owns, Plant, Uses

SAMPLES = 4000


def fixed(project, ranges, values):
    """The map with every range at a value, set by the tests' own way."""
    return put(
        project,
        {
            (
                "entities" if place.record in project.entities else "links",
                place.record,
                place.field,
            ): value
            for place, value in zip(ranges.places, values, strict=True)
        },
    )


def compare(project, basis, drawn_values):
    """Every score of every item, sampled and as the fixed map is solved."""
    solution, ranges = solved(project, basis), ranges_of(project)
    codes = solution.projection.codes
    each = [scores_of(solved(fixed(project, ranges, row), basis)) for row in drawn_values]
    for score in Score:
        rows = np.flatnonzero(covered_by(solution, score))
        sampler = Sampler(solution, ranges, score, rows, range(len(codes)))
        found = sampler.shares(drawn_values)
        for place, row in enumerate(rows.tolist()):
            entity = solution.projection.ids[row]
            for sample, scores in enumerate(each):
                expected = scores.vectors(score)[entity]
                got = dict(zip(codes, found[place, :, sample], strict=True))
                for code in codes:
                    assert got[code] == pytest.approx(expected.get(code, 0.0), abs=1e-9), (
                        score,
                        entity,
                        code,
                    )


@given(data=st.data(), basis=st.sampled_from(list(Basis)), sweep=st.booleans())
@settings(max_examples=35, deadline=None)
def test_each_sample_is_what_the_fixed_map_is_solved_to(data, basis, sweep):
    project = data.draw(uncertain())
    ranges = ranges_of(project)
    chances = data.draw(
        st.lists(
            st.lists(
                st.sampled_from((0.0, 0.1, 0.5, 0.77, 1.0)),
                min_size=len(ranges),
                max_size=len(ranges),
            ),
            min_size=3,
            max_size=3,
        )
    )
    values = draw_values(ranges.triangle, np.array(chances).reshape(3, len(ranges)))
    with pytest.MonkeyPatch.context() as patch:
        if sweep:
            patch.setattr(sampled_rows, "DENSE", 0)
            patch.setattr(sampled_rows, "MANY", 1)
        compare(project, basis, values)


@pytest.mark.parametrize("basis", list(Basis))
def test_a_larger_map_with_loops(basis):
    project = random_map(600, loops=True, seed=5)
    ranges = ranges_of(project)
    compare(project, basis, draw_values(ranges.triangle, sampling.chances(3, 0, 2, len(ranges))))


# By hand --------------------------------------------------------------------------------------


def works(share, own_ip=None, holding=None):
    """A plant under a license of a Chinese company; a Chinese company may hold its operator."""
    entities = [
        *places("CN", "US"),
        Company(id="cn"),
        Company(id="us"),
        License(id="deal"),
        Plant(id="works", own_ip=own_ip),
    ]
    links = [
        home("cn", "CN"),
        home("us", "US"),
        Operates(id="o", source="us", target="works"),
        Licenses(id="g", source="cn", target="deal"),
        Uses(id="u", source="deal", target="works", share=share),
    ]
    if holding is not None:
        links.append(Owns(id="w", source="cn", target="us", share=holding))
    return drawn(entities, links)


def sampled(project, score=Score.IP, basis=Basis.CONTROL, seed=1, samples=SAMPLES, context=None):
    return sample_score(
        solved(project, basis),
        ranges_of(project),
        score,
        "CN",
        ["works"],
        samples=samples,
        seed=seed,
        context=context,
    ).figures["works"]


def test_a_triangle_gives_its_mean_and_percentiles():
    found = sampled(works((0.2, 0.3, 0.6), own_ip=0.4)).documented
    low, mode, high = 0.2, 0.3, 0.6
    spread = math.sqrt((low**2 + mode**2 + high**2 - low * mode - low * high - mode * high) / 18)
    assert found.mean == pytest.approx((low + mode + high) / 3, abs=4 * spread / math.sqrt(SAMPLES))
    # The triangle's inverse: below the mode low + sqrt(p w (mode - low)), above it from the top.
    for part, quantile in ((0.05, found.p5), (0.25, found.p25)):
        expected = low + math.sqrt(part * (high - low) * (mode - low))
        if part > (mode - low) / (high - low):
            expected = high - math.sqrt((1 - part) * (high - low) * (high - mode))
        assert quantile == pytest.approx(expected, abs=0.01)
    assert found.p95 == pytest.approx(high - math.sqrt(0.05 * 0.4 * 0.3), abs=0.01)
    assert low <= found.least <= found.p5 <= found.p50 <= found.p95 <= found.most <= high
    assert sum(found.counts) == SAMPLES
    assert len(found.edges) == len(found.counts) + 1


def test_what_is_unknown_is_drawn_evenly_on_top():
    found = sampled(works(0.5, own_ip=0.3))
    assert (found.documented.least, found.documented.most) == (0.5, 0.5)
    assert found.documented.counts == (SAMPLES,)
    assert found.possible.mean == pytest.approx(0.6, abs=4 * 0.2 / math.sqrt(12 * SAMPLES))
    assert 0.5 <= found.possible.least < found.possible.most <= 0.7


def test_a_majority_in_doubt_makes_two_heaps():
    # Votes 40-50-60%: a majority in half of the samples; then own IP is Chinese too.
    found = sampled(works(0.2, own_ip=0.4, holding=(0.4, 0.5, 0.6))).documented
    assert {round(found.least, 9), round(found.most, 9)} == {0.2, 0.6}
    assert found.mean == pytest.approx(0.4, abs=4 * 0.2 / math.sqrt(SAMPLES))


def test_the_same_seed_gives_the_same_figures_however_it_is_cut_up(monkeypatch):
    project = random_map(300, loops=True, seed=2)
    plants = [f"p{number}" for number in range(6)]
    solution, ranges = solved(project, Basis.ECONOMIC), ranges_of(project)

    def run(entities, seed=4):
        return sample_score(
            solution, ranges, Score.EMBEDDED_IP, "CN", entities, samples=500, seed=seed
        ).figures

    whole = run(plants)
    monkeypatch.setattr(sampling, "AT_ONCE", 30_000)
    monkeypatch.setattr(sampling, "KEPT", 1000)
    monkeypatch.setattr(sampled_rows, "AT_ONCE", 200)
    assert run(plants) == whole
    assert run(plants[3:4])["p3"] == whole["p3"]
    assert run(plants, seed=5) != whole


def test_it_tells_progress_and_can_be_canceled():
    told = []

    class Impatient:
        def progress(self, fraction, what):
            told.append(fraction)
            if fraction > 0.3:
                raise Canceled

    project = works((0.2, 0.3, 0.6))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sampling, "AT_ONCE", 100)
        with pytest.raises(Canceled):
            sampled(project, context=Impatient())
    assert told == sorted(told)
    assert told[0] == 0.0


def test_a_distribution_is_that_of_numpy():
    values = np.random.default_rng(3).random(977)
    found = distribution(values)
    percentiles = np.percentile(values, (5, 25, 50, 75, 95))
    assert (found.p5, found.p25, found.p50, found.p75, found.p95) == pytest.approx(percentiles)
    assert found.mean == pytest.approx(values.mean())
    counts, edges = np.histogram(values, bins=len(found.counts))
    assert found.edges == pytest.approx(edges)
    assert list(found.counts) == counts.tolist()


def test_samples_that_agree_are_one_bin():
    found = distribution(np.full(10, 0.25))
    assert (found.mean, found.p50, found.edges, found.counts) == (0.25, 0.25, (0.25, 0.25), (10,))
