"""A project as FollowTheMoney: parties, holdings and debts, one JSON object a line."""

from __future__ import annotations

from typing import Any

import msgspec

from depmap_gui.domain.kinds import EntityKind, LegalForm, LocationRole
from depmap_gui.domain.project import Project
from depmap_gui.domain.quantity import Quantity
from depmap_gui.domain.records import Company, Jurisdiction, Lends, Located, Owns
from depmap_gui.exchange.formats.results import Handed
from depmap_gui.exchange.formats.unheld import Unheld

_SCHEMAS = {
    LegalForm.CORPORATION: "Company",
    LegalForm.PERSON: "Person",
    LegalForm.GOVERNMENT: "PublicBody",
    LegalForm.OTHER: "LegalEntity",
    LegalForm.PARTNERSHIP: "Company",
    LegalForm.TRUST: "LegalEntity",
}
_HEADS = {
    LocationRole.INCORPORATED: "jurisdiction",
    LocationRole.PRINCIPAL: "mainCountry",
    LocationRole.CITIZEN: "nationality",
    LocationRole.RESIDENT: "country",
}
_WHY = "FollowTheMoney has no place for it"


def ftm_bytes(project: Project) -> Handed:
    """Companies and persons, the countries that own, holdings and debts; the rest is told."""
    unheld = Unheld(_WHY)
    lines: list[dict[str, Any]] = []
    places = _places(project)
    owners = {link.source for link in project.links.values() if isinstance(link, Owns)}
    for id, entity in project.entities.items():
        if isinstance(entity, Company):
            schema = _SCHEMAS[entity.form]
            given = {"name": [entity.name] if entity.name else [], **places.get(id, {})}
            given["notes"] = [entity.notes] if entity.notes else []
            if entity.form in (LegalForm.PARTNERSHIP, LegalForm.TRUST):
                given["legalForm"] = [str(entity.form)]
            lines.append(_line(id, schema, given))
        elif isinstance(entity, Jurisdiction) and id in owners:
            code = [entity.code.lower()] if entity.code else []
            lines.append(_line(id, "PublicBody", {"name": [entity.name], "jurisdiction": code}))
        elif entity.kind is not EntityKind.JURISDICTION:
            unheld.add(str(entity.kind))
    for link in project.links.values():
        days = {
            "startDate": [link.valid_from.isoformat()] if link.valid_from else [],
            "endDate": [link.valid_to.isoformat()] if link.valid_to else [],
            "summary": [link.notes] if link.notes else [],
        }
        match link:
            case Owns():
                ends = {"owner": [link.source], "asset": [link.target]}
                percentage = {
                    "percentage": [_percent(link.share)] if link.share is not None else []
                }
                lines.append(_line(link.id, "Ownership", ends | percentage | days))
                for field in ("votes", "seats", "appoints", "reports"):
                    if getattr(link, field) is not None:
                        unheld.add(f"{field} of holdings")
            case Lends():
                ends = {"creditor": [link.source], "debtor": [link.target]}
                lines.append(_line(link.id, "Debt", ends | days))
                if link.share is not None:
                    unheld.add("share of debts")
            case Located() if isinstance(project.entities.get(link.target), Company):
                pass
            case _:
                unheld.add(f"'{link.kind}' link")
    content = b"".join(msgspec.json.encode(line) + b"\n" for line in lines)
    return Handed(content, unheld.told(project))


def _line(id: str, schema: str, properties: dict[str, list[str]]) -> dict[str, Any]:
    kept = {head: values for head, values in properties.items() if values}
    return {"id": id, "schema": schema, "properties": kept}


def _places(project: Project) -> dict[str, dict[str, list[str]]]:
    """Codes of the countries of each company by property."""
    found: dict[str, dict[str, list[str]]] = {}
    for link in project.links.values():
        place = project.entities.get(link.source)
        if isinstance(link, Located) and isinstance(place, Jurisdiction):
            head = _HEADS.get(link.role or LocationRole.INCORPORATED)
            if head and (named := place.code.lower() or place.name):
                found.setdefault(link.target, {}).setdefault(head, []).append(named)
    return found


def _percent(share: Quantity) -> str:
    """A share in percent; a range as its ends."""
    if isinstance(share, tuple):
        return f"{_figure(share[0])}-{_figure(share[2])} %"
    return _figure(share)


def _figure(share: float) -> str:
    return f"{round(share * 100, 12):.12f}".rstrip("0").rstrip(".")
