"""Checks of shares that must not exceed the whole: holdings, debt, technology, origin."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from depmap_gui.domain.findings import Finding, Severity, listed, percent
from depmap_gui.domain.in_force import MapInForce
from depmap_gui.domain.quantity import Quantity, mode
from depmap_gui.domain.records import (
    Company,
    Lends,
    License,
    Licenses,
    Located,
    Material,
    Owns,
    Plant,
    Supplies,
    Uses,
)

TOLERANCE = 1e-9
"""How far shares may sum above the whole before it is told: rounding, not a mistake."""

L = TypeVar("L", Located, Owns, Lends, Supplies, Licenses, Uses)


def sum_findings(chart: MapInForce) -> Iterator[Finding]:
    """Shares in force on the day that sum to more than all there is."""
    for entity in chart.project.entities.values():
        match entity:
            case Company():
                yield from _holdings(chart, entity.id)
                yield from _debt(chart, entity.id)
                yield from _technology(chart, entity)
            case Plant():
                yield from _technology(chart, entity)
            case License():
                yield from _sub_licenses(chart, entity.id)
                yield from _licensors(chart, entity.id)
            case Material():
                yield from _origins(chart, entity.id)


def _holdings(chart: MapInForce, company: str) -> Iterator[Finding]:
    links = chart.into(Owns, company)
    if not links:
        return
    told = False
    for field, what, reading in _HOLDINGS:
        # Votes default to the equity: the same excess is not told twice.
        if field == "votes" and told and all(link.votes is None for link in links):
            continue
        parts = _stated(links, reading)
        if _exceeds(parts):
            told = True
            yield _excess(
                chart,
                "owns.total",
                company,
                parts,
                field,
                f"The holders of {chart.project.name(company)} have {{sum}} of its {what} together",
                "Scores scale the holdings down to 100%. Correct the shares, or give the "
                "links dates where one holder followed another.",
            )


def _votes(link: Owns) -> Quantity | None:
    return link.votes if link.votes is not None else link.share


_HOLDINGS: tuple[tuple[str, str, Callable[[Owns], Quantity | None]], ...] = (
    ("share", "equity", lambda link: link.share),
    ("votes", "votes", _votes),
    ("seats", "board seats", lambda link: link.seats),
)


def _debt(chart: MapInForce, company: str) -> Iterator[Finding]:
    parts = _stated(chart.into(Lends, company), lambda link: link.share)
    if _exceeds(parts):
        yield _excess(
            chart,
            "lends.total",
            company,
            parts,
            "share",
            f"The lenders of {chart.project.name(company)} hold {{sum}} of its debt together",
            "Debt exposure would be overstated. Correct the shares.",
        )


def _technology(chart: MapInForce, entity: Plant | Company) -> Iterator[Finding]:
    id = entity.id
    parts = [] if entity.own_ip is None else [("its own", mode(entity.own_ip), id)]
    parts += _stated(chart.into(Uses, id), lambda link: link.share)
    parts += _stated(chart.into(Supplies, id), lambda link: link.ip_share)
    if _exceeds(parts):
        yield _excess(
            chart,
            "ip.total",
            id,
            parts,
            "own_ip",
            f"The parts of the technology base of {chart.project.name(id)} sum to {{sum}}",
            "Scores scale them down to 100%. Correct its own IP share, the licenses' "
            "shares or the supplies' IP shares.",
        )


def _sub_licenses(chart: MapInForce, id: str) -> Iterator[Finding]:
    parts = _stated(chart.into(Uses, id), lambda link: link.share)
    if _exceeds(parts):
        yield _excess(
            chart,
            "license.total",
            id,
            parts,
            "share",
            f"The sub-licenses of {chart.project.name(id)} make up {{sum}} of its technology",
            "Scores scale them down to 100%. Correct the shares.",
        )


def _licensors(chart: MapInForce, id: str) -> Iterator[Finding]:
    project, links = chart.project, chart.into(Licenses, id)
    parts = _stated(links, lambda link: link.share)
    if _exceeds(parts):
        yield _excess(
            chart,
            "licensors.total",
            id,
            parts,
            "share",
            f"The licensors of {project.name(id)} have {{sum}} of it together",
            "Scores scale them down to 100%. Correct the shares.",
        )
    if 0 < len(parts) < len(links):
        silent = [link for link in links if link.share is None]
        yield Finding(
            severity=Severity.WARNING,
            code="licensors.mixed",
            where=(id, *(link.id for link in silent)),
            field="share",
            message=(
                f"Of the licensors of {project.name(id)}, some have a share and "
                f"{listed(project.name(link.source) for link in silent)} "
                f"{'has' if len(silent) == 1 else 'have'} none. Whose technology it is cannot "
                "be told from that. State every share, or none for equal parts."
            ),
        )


def _origins(chart: MapInForce, id: str) -> Iterator[Finding]:
    parts = _stated(chart.into(Located, id), lambda link: link.share)
    if _exceeds(parts):
        yield _excess(
            chart,
            "origin.total",
            id,
            parts,
            "share",
            f"The origins of {chart.project.name(id)} sum to {{sum}}",
            "Scores scale them down to 100%. Correct the shares.",
        )


Part = tuple[str, float, str]
"""Id of the item that has the part (or words for it), its share, and the id to look at."""


def _stated(links: Sequence[L], share: Callable[[L], Quantity | None]) -> list[Part]:
    return [
        (link.source, mode(stated), link.id)
        for link in links
        if (stated := share(link)) is not None
    ]


def _exceeds(parts: list[Part]) -> bool:
    return bool(parts) and sum(share for _, share, _ in parts) > 1.0 + TOLERANCE


def _excess(
    chart: MapInForce, code: str, id: str, parts: list[Part], field: str, said: str, advice: str
) -> Finding:
    total = percent(sum(share for _, share, _ in parts))
    detail = listed(f"{chart.project.name(who)} {percent(share)}" for who, share, _ in parts)
    where = dict.fromkeys((id, *(link for _, _, link in parts)))
    return Finding(
        severity=Severity.ERROR,
        code=code,
        where=tuple(where),
        field=field,
        message=f"{said.format(sum=total)} ({detail}), and there is only 100%. {advice}",
    )
