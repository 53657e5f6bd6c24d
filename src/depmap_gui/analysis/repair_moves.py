"""The moves that a map and its rule packs offer for bringing a plant back to eligible.

Supplies and holdings are read here; what can be done about agreements is in
``repair_agreements.py``. Only moves that may bear on a test that stands in the way are offered.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from depmap_gui.analysis.repair_agreements import agreement_moves
from depmap_gui.analysis.repair_case import RepairCase
from depmap_gui.analysis.repair_results import STEPS, Move, MoveKind
from depmap_gui.domain.in_force import counts_on
from depmap_gui.domain.quantity import Quantity, high, mode
from depmap_gui.domain.records import Company, Jurisdiction, Lends, Owns, Supplies
from depmap_gui.rules.cost_tables import plain_words
from depmap_gui.rules.results import Answer
from depmap_gui.rules.setting import SAME

ON_OWNERS = "entity-limb"
ON_AGREEMENTS = "license-control"
NOT_ON_SUPPLIES = frozenset({ON_OWNERS, ON_AGREEMENTS, "service-deadline", "acquired-in-time"})
"""Methods of tests that no supply of the plant enters."""


def moves_of(case: RepairCase) -> tuple[Move, ...]:
    """Every move that may bear on what stands in the way today, the forbidden ones among them."""
    methods = {case.method(key, test) for key, test in case.blocked()}
    found: list[Move] = []
    if methods - NOT_ON_SUPPLIES:
        found += _supply_moves(case)
    if ON_AGREEMENTS in methods:
        found += agreement_moves(case)
    if ON_OWNERS in methods:
        found += _holding_moves(case)
        found += _loan_moves(case)
    return tuple(found)


def price_of(case: RepairCase, move: str, extra: float | None = None) -> float | None:
    """The move's yearly cost: as the analyst states it, else as the map does."""
    return case.rules.prices.get(move, extra)


# Supplies -------------------------------------------------------------------------------------


def _supply_moves(case: RepairCase) -> Iterator[Move]:
    tainted = _tainted(case)
    day = case.map.as_of
    links = case.project.links
    candidates = [
        link
        for link in links.values()
        if isinstance(link, Supplies)
        and link.candidate
        and link.target == case.plant.id
        and link.source in case.project.entities
        and counts_on(link, day)
    ]
    for link in case.map.into(Supplies, case.plant.id):
        if not _counts(case, link):
            continue
        for candidate in candidates:
            if _same_item(link, candidate):
                yield _swap(case, link, candidate)
        if link.id in tainted:
            yield _resource(case, link)


def _counts(case: RepairCase, link: Supplies) -> bool:
    """Whether the supply may enter a ratio of a product in question."""
    return any(
        link.product in (None, key[1])
        and (link.category is None or link.category in case.credit_rule(key).cost_categories)
        for key in case.credits
    )


def _same_item(link: Supplies, candidate: Supplies) -> bool:
    item = plain_words(link.item)
    same = bool(item) and item == plain_words(candidate.item)
    return same and (None in (link.product, candidate.product) or link.product == candidate.product)


def _tainted(case: RepairCase) -> frozenset[str]:
    """Supplies of which prohibited entities make, or may make, some part."""
    return frozenset(
        line.link
        for credit in case.credits.values()
        if credit.material is not None
        for line in (*credit.material.lines, *credit.material.left_out)
        if line.link is not None and line.pfe_high > SAME
    )


def _swap(case: RepairCase, link: Supplies, candidate: Supplies) -> Move:
    extra = None
    if link.cost is not None and candidate.cost is not None:
        extra = mode(candidate.cost) - mode(link.cost)
    id = f"{MoveKind.SWAP.value}:{link.id}:{candidate.id}"
    return Move(
        id=id,
        kind=MoveKind.SWAP,
        record=link.id,
        group=f"supply:{link.id}",
        title=link.item or "the item",
        other=candidate.id,
        extra=price_of(case, id, extra),
        on_map=extra,
        where=(link.id, candidate.id, candidate.source),
    )


def _resource(case: RepairCase, link: Supplies) -> Move:
    id = f"{MoveKind.RESOURCE.value}:{link.id}"
    return Move(
        id=id,
        kind=MoveKind.RESOURCE,
        record=link.id,
        group=f"supply:{link.id}",
        title=link.item or "the item",
        extra=price_of(case, id),
        steps=0 if link.cost is None else STEPS,
        where=(link.id, link.source),
    )


# Holdings and loans ---------------------------------------------------------------------------


def _holding_moves(case: RepairCase) -> Iterator[Move]:
    taxpayer = case.taxpayer
    if taxpayer is None:
        return
    for link in case.map.into(Owns, taxpayer.id):
        if not _foreign_above(case, link.source):
            continue
        yield _less_of(case, MoveKind.DIVEST, link)
        seats = link.seats is not None and high(link.seats) > 0.0
        if link.appoints or (link.appoints is None and seats):
            id = f"{MoveKind.END_RIGHT.value}:{link.id}"
            yield Move(
                id=id,
                kind=MoveKind.END_RIGHT,
                record=link.id,
                group=id,
                title=case.project.name(link.source),
                extra=price_of(case, id),
                sets={"appoints": False},
                where=(link.id, link.source),
            )


def _loan_moves(case: RepairCase) -> Iterator[Move]:
    taxpayer = case.taxpayer
    if taxpayer is None:
        return
    for link in case.map.into(Lends, taxpayer.id):
        if case.prohibited(link.source) is Answer.NO:
            continue
        yield _less_of(case, MoveKind.REFINANCE, link)


def _less_of(case: RepairCase, kind: MoveKind, link: Owns | Lends) -> Move:
    """Bringing down the share of a holding or a loan, step by step."""
    id, steps = f"{kind.value}:{link.id}", _steps(link.share)
    return Move(
        id=id,
        kind=kind,
        record=link.id,
        group=id,
        title=case.project.name(link.source),
        extra=price_of(case, id),
        steps=steps,
        before=steps / STEPS if steps else None,
        where=(link.id, link.source),
    )


def _steps(share: Quantity | None) -> int:
    """In how many steps a share can be brought down to nothing; 0 where it is not known."""
    return 0 if share is None else ceil(high(share) * STEPS - SAME * STEPS)


def _foreign_above(case: RepairCase, holder: str) -> bool:
    """Whether the holder, or somebody above it, is or may be barred, or is a government."""
    seen, waiting = {holder}, [holder]
    while waiting:
        id = waiting.pop()
        entity = case.project.entities.get(id)
        if isinstance(entity, Jurisdiction):
            return True
        if isinstance(entity, Company) and case.prohibited(id) is not Answer.NO:
            return True
        for link in case.map.into(Owns, id):
            if link.source not in seen:
                seen.add(link.source)
                waiting.append(link.source)
    return False
