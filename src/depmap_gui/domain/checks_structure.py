"""Checks of what the map as a whole lacks or says twice: operators, licensors, places, circles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from depmap_gui.domain.edits import Remove
from depmap_gui.domain.findings import Finding, Mend, Severity, listed
from depmap_gui.domain.in_force import MapInForce, located_role
from depmap_gui.domain.kinds import LegalForm, LocationRole, Section
from depmap_gui.domain.project import Project
from depmap_gui.domain.quantity import mode
from depmap_gui.domain.records import (
    Company,
    License,
    Licenses,
    Located,
    Material,
    Operates,
    Owns,
    Plant,
    Uses,
)

_ONE_OF_EACH = (LocationRole.INCORPORATED, LocationRole.PRINCIPAL, LocationRole.SITE)
_HOMES = frozenset({LocationRole.INCORPORATED, LocationRole.PRINCIPAL})
_PERSONAL_HOMES = _HOMES | {LocationRole.CITIZEN, LocationRole.RESIDENT}
_WHOLE = 1.0 - 1e-9


def structure_findings(chart: MapInForce) -> Iterator[Finding]:
    """What is missing, or there too often, among the links in force on the day."""
    for entity in chart.project.entities.values():
        match entity:
            case Plant():
                yield from _operator(chart, entity)
                yield from _places(chart, entity)
            case Company() | Material():
                yield from _places(chart, entity)
            case License():
                yield from _license(chart, entity)
    yield from _circles(chart)


def _operator(chart: MapInForce, plant: Plant) -> Iterator[Finding]:
    links = chart.into(Operates, plant.id)
    name = chart.project.name(plant.id)
    if not links:
        yield Finding(
            severity=Severity.WARNING,
            code="plant.no_operator",
            where=(plant.id,),
            message=(
                f"No company operates {name} on {chart.as_of}. Whose plant it is stays unknown, "
                "and no credit can be tested, since the operator is the taxpayer. Link the "
                "company that runs it; a joint venture is a company of its own."
            ),
        )
    elif len(links) > 1:
        names = listed(chart.project.name(link.source) for link in links)
        yield Finding(
            severity=Severity.ERROR,
            code="plant.operators",
            where=(plant.id, *(link.id for link in links)),
            message=(
                f"{name} has {len(links)} operators on {chart.as_of} ({names}), and one can be "
                "the taxpayer: the first is taken. Keep one, or draw their joint venture as a "
                "company that they own and that operates the plant."
            ),
        )


def _places(chart: MapInForce, entity: Plant | Company | Material) -> Iterator[Finding]:
    links = chart.into(Located, entity.id)
    by_role: dict[LocationRole, list[Located]] = defaultdict(list)
    for link in links:
        by_role[located_role(link, entity)].append(link)
    if len(links) > 1:
        for role in _ONE_OF_EACH:
            if len(by_role.get(role, ())) > 1:
                yield _second_place(chart.project, entity.id, role, by_role[role])
    name = chart.project.name(entity.id)
    match entity:
        case Plant() if LocationRole.SITE not in by_role:
            yield Finding(
                severity=Severity.HINT,
                code="plant.no_site",
                where=(entity.id,),
                message=(
                    f"{name} has no site. What it makes counts as made in an unknown place. "
                    "Link the jurisdiction it stands in."
                ),
            )
        case Company() if by_role.keys().isdisjoint(_homes(entity)):
            yield Finding(
                severity=Severity.HINT,
                code="company.no_place",
                where=(entity.id,),
                message=(
                    f"{name} has no {_home_words(entity)}, so its own part of every exposure is "
                    "unknown. Link the jurisdiction."
                ),
            )
        case Material() if LocationRole.ORIGIN not in by_role:
            yield Finding(
                severity=Severity.HINT,
                code="material.no_origin",
                where=(entity.id,),
                message=(
                    f"{name} has no origin, so it counts as unknown everywhere. Link the "
                    "jurisdictions it comes from, with their shares."
                ),
            )


def _homes(company: Company) -> frozenset[LocationRole]:
    return _PERSONAL_HOMES if company.form is LegalForm.PERSON else _HOMES


def _home_words(company: Company) -> str:
    if company.form is LegalForm.PERSON:
        return "citizenship or residence"
    return "place of incorporation or principal place of business"


def _second_place(
    project: Project, entity: str, role: LocationRole, links: list[Located]
) -> Finding:
    places = listed(project.name(link.source) for link in links)
    again = [link.id for at, link in enumerate(links) if _repeats(link, links[:at])]
    mend = Mend("Remove the repeated link", Remove(Section.LINKS, again[0])) if again else None
    return Finding(
        severity=Severity.ERROR,
        code="located.duplicate",
        where=(entity, *(link.id for link in links)),
        field="role",
        message=(
            f"{project.name(entity)} has {len(links)} links with the role '{role}' ({places}). "
            "There can be one: where it is at home would depend on which is read. Remove the "
            "others, or give them dates where it moved."
        ),
        mend=mend,
    )


def _repeats(link: Located, earlier: list[Located]) -> bool:
    return any(link.source == other.source for other in earlier)


def _license(chart: MapInForce, license: License) -> Iterator[Finding]:
    """Whose technology matters only where somebody uses it: an ended license is no problem."""
    name = chart.project.name(license.id)
    if not chart.out_of(Uses, license.id):
        yield Finding(
            severity=Severity.HINT,
            code="license.unused",
            where=(license.id,),
            message=(
                f"Nobody uses {name} on {chart.as_of}, so it counts in no score. Link the plant, "
                "company or license that it serves."
            ),
        )
    elif not chart.into(Licenses, license.id):
        yield Finding(
            severity=Severity.WARNING,
            code="license.no_licensor",
            where=(license.id,),
            message=(
                f"Nobody grants {name} on {chart.as_of}. Whose technology it is stays unknown. "
                "Link the company that grants it."
            ),
        )


def _circles(chart: MapInForce) -> Iterator[Finding]:
    """Groups of companies that belong wholly to one another: nobody stands behind them."""
    for group in _closed_groups(chart):
        names = listed(chart.project.name(id) for id in group)
        yield Finding(
            severity=Severity.ERROR,
            code="owns.circle",
            where=tuple(group),
            message=(
                f"{names} {'belongs' if len(group) == 1 else 'belong'} wholly to "
                f"{'itself' if len(group) == 1 else 'one another'}: nobody stands behind them, so "
                "their ownership cannot be attributed. Correct a share, or add the owner that is "
                "missing."
            ),
        )


def _closed_groups(chart: MapInForce) -> Iterator[list[str]]:
    """Companies whose holdings sum to the whole and are all held within the same group."""
    holders: dict[str, list[str]] = {}
    for company in chart.project.of_kind(Company):
        links = [link for link in chart.into(Owns, company.id) if _share(link) > 0]
        if sum(map(_share, links)) >= _WHOLE:
            holders[company.id] = [link.source for link in links]
    held: dict[str, list[str]] = defaultdict(list)
    for id, sources in holders.items():
        for source in sources:
            held[source].append(id)
    # Whoever has a holder outside is not closed in, and neither is then whatever it holds.
    open_ones = [source for source in held if source not in holders]
    while open_ones:
        opened = [id for id in held[open_ones.pop()] if holders.pop(id, None) is not None]
        open_ones += opened
    while holders:
        start = next(iter(holders))
        group = {start: None}
        rest = [start]
        while rest:
            id = rest.pop()
            near = [other for other in (*holders.pop(id), *held[id]) if other in holders]
            rest += [other for other in dict.fromkeys(near) if other not in group]
            group |= dict.fromkeys(near)
        yield list(group)


def _share(link: Owns) -> float:
    return 0.0 if link.share is None else mode(link.share)
