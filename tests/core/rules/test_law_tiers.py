"""What owners hold through tiers: merged from half on, in proportion below or throughout."""

from __future__ import annotations

import random
from datetime import date

import pytest
from law_maps import Sketch

from depmap_gui.domain.in_force import MapInForce
from depmap_gui.rules.attribution import Bound, Holdings
from depmap_gui.rules.tiers import NEVER_ONE, NO_PART, Tiers

Edges = list[tuple[str, str, float]]
HALF = 0.5


def tiers(edges: Edges, owner: str, merge: float) -> Tiers:
    """What one owner holds, of companies with these holdings."""
    sketch = Sketch()
    for name in sorted({end for holder, owned, _ in edges for end in (holder, owned)}):
        sketch.company(name)
    for holder, owned, share in edges:
        sketch.link("owns", holder, owned, share=share)
    holdings = Holdings(MapInForce(sketch.project(), date(2026, 12, 31)))
    return Tiers(holdings, frozenset((owner,)), Bound.LOW, merge)


def equity(found: Tiers, company: str) -> float:
    return found.part.get(company, NO_PART)[0]


SIGMA = [("S0", "S1", 0.8), ("S0", "S2", 0.6), ("S2", "S1", 0.1), ("S1", "S3", 0.4),
         ("S2", "S3", 0.2), ("S0", "S3", 0.1)]  # fmt: skip
LOOP = [("U", "A", 0.5), ("A", "C", 0.6), ("A", "B", 0.3), ("B", "A", 0.2), ("B", "C", 0.1)]


@pytest.mark.parametrize(
    ("edges", "owner", "company", "share"),
    [
        (SIGMA, "S0", "S3", 0.564),
        (LOOP, "U", "C", 0.3351063829787234),
        ([("X", "a", 0.52), ("a", "b", 0.51), ("b", "c", 0.51)], "X", "c", 0.135252),
        ([("A", "B", 0.9), ("B", "C", 0.4)], "A", "C", 0.36),
    ],
    ids=["sigmaconso.com", "a loop, in closed form", "a chain of majorities", "two tiers"],
)
def test_chains_in_proportion(edges: Edges, owner: str, company: str, share: float) -> None:
    """Published and closed-form examples of integrated ownership."""
    assert equity(tiers(edges, owner, NEVER_ONE), company) == pytest.approx(share, abs=1e-12)


def by_definition(edges: Edges, owner: str, company: str) -> float:
    """The tiers word for word, for holdings without loops."""
    held = 0.0
    for holder, owned, share in edges:
        if owned != company:
            continue
        if holder == owner:
            held += share
            continue
        above = by_definition(edges, owner, holder)
        passed = share if above >= HALF - 1e-12 else share * above
        held += max(passed, above) if share >= HALF and above > 0.0 else passed
    return min(1.0, held)


@pytest.mark.parametrize("seed", range(30))
def test_random_tiers_against_the_definition(seed: int) -> None:
    draw = random.Random(seed)
    names = [f"c{number:02}" for number in range(10)]
    edges = []
    for place, owned in enumerate(names[1:], 1):
        left = 100
        for holder in draw.sample(names[:place], min(place, 3)):
            share = draw.choice([5, 10, 20, 25, 30, 50, 60])
            if share <= left:
                left -= share
                edges.append((holder, owned, share / 100))
    found = tiers(edges, names[0], HALF)
    for company in names[1:]:
        expected = by_definition(edges, names[0], company)
        assert equity(found, company) == pytest.approx(expected, abs=1e-12)


def test_loop_that_owns_itself_ends_and_stays_below_one() -> None:
    edges = [("A", "B", 1.0), ("B", "A", 1.0), ("X", "A", 0.01)]
    for merge in (HALF, NEVER_ONE):
        found = tiers(edges, "X", merge)
        assert 0.01 <= equity(found, "B") <= 1.0
    assert equity(tiers(edges[:2], "A", HALF), "B") == 1.0
