"""A project as BODS 0.4 statements: companies and persons first, then who holds what in whom."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from datetime import date
from typing import Any

import msgspec

from depmap_gui.domain.countries import countries
from depmap_gui.domain.kinds import EntityKind, LegalForm, LocationRole
from depmap_gui.domain.project import Project
from depmap_gui.domain.quantity import Quantity
from depmap_gui.domain.records import AnyEntity, Company, Jurisdiction, Located, Owns, Source
from depmap_gui.exchange.formats.results import Handed
from depmap_gui.exchange.formats.unheld import Unheld

VERSION = "0.4"
_WHY = "BODS has no place for it"
_TYPES: dict[LegalForm, dict[str, str]] = {
    LegalForm.CORPORATION: {"type": "registeredEntity"},
    LegalForm.PARTNERSHIP: {"type": "registeredEntity", "details": "partnership"},
    LegalForm.TRUST: {"type": "arrangement", "subtype": "trust"},
    LegalForm.GOVERNMENT: {"type": "stateBody"},
    LegalForm.OTHER: {"type": "arrangement", "subtype": "other"},
}
_PERSONAL = (LocationRole.CITIZEN, LocationRole.RESIDENT)


def bods_bytes(project: Project, today: date | None = None) -> Handed:
    """The project's parties and holdings as statements of ``today``; the rest is told."""
    return _Statements(project, today or date.today()).handed()  # noqa: DTZ011 - the day here


class _Statements:
    def __init__(self, project: Project, today: date) -> None:
        self._project, self._today = project, today.isoformat()
        self._unheld = Unheld(_WHY)
        self._places: dict[str, list[tuple[LocationRole, Jurisdiction]]] = defaultdict(list)
        for link in project.links.values():
            place = project.entities.get(link.source)
            if isinstance(link, Located) and isinstance(place, Jurisdiction):
                role = link.role or LocationRole.INCORPORATED
                self._places[link.target].append((role, place))

    def handed(self) -> Handed:
        """All statements, an entity before what is said of its relations."""
        project = self._project
        made: list[dict[str, Any]] = []
        owners = {link.source for link in project.links.values() if isinstance(link, Owns)}
        for id, entity in project.entities.items():
            if isinstance(entity, Company):
                made.append(self._party(entity))
            elif isinstance(entity, Jurisdiction) and id in owners:
                details = {
                    "isComponent": False,
                    "entityType": {"type": "state"},
                    "name": entity.name or id,
                    "jurisdiction": _country(entity),
                }
                made.append(self._statement(id, "entity", details, id, entity.sources))
            elif entity.kind is not EntityKind.JURISDICTION:
                self._unheld.add(str(entity.kind))
        for link in project.links.values():
            if isinstance(link, Owns):
                made.append(self._relationship(link))
            elif not isinstance(link, Located) or not isinstance(
                project.entities.get(link.target), Company
            ):
                self._unheld.add(f"'{link.kind}' link")
        content = msgspec.json.format(msgspec.json.encode(made), indent=1)
        return Handed(content + b"\n", self._unheld.told(project))

    def _party(self, company: Company) -> dict[str, Any]:
        kind, details = (
            ("person", self._person(company))
            if company.form is LegalForm.PERSON
            else ("entity", self._entity(company))
        )
        identifiers = company.extra.get("identifiers")
        if isinstance(identifiers, list):
            details["identifiers"] = [_identifier(str(words)) for words in identifiers]
        is_person = kind == "person"
        role_told = LocationRole.RESIDENT if is_person else LocationRole.PRINCIPAL
        addresses = []
        for role, place in self._places[company.id]:
            if (role in _PERSONAL) is not is_person:
                self._unheld.add(f"'{role}' place of {'persons' if is_person else 'entities'}")
            elif role is role_told:
                type = "residence" if is_person else "business"
                addresses.append({"type": type, "country": _country(place)})
        if addresses:
            details["addresses"] = addresses
        statement = self._statement(company.id, kind, details, company.id, company.sources)
        if company.notes:
            statement["annotations"] = [
                {
                    "statementPointerTarget": "",
                    "motivation": "commenting",
                    "description": company.notes,
                }
            ]
        return statement

    def _entity(self, company: Company) -> dict[str, Any]:
        details: dict[str, Any] = {"isComponent": False, "entityType": dict(_TYPES[company.form])}
        details["name"] = company.name
        homes = [
            place for role, place in self._places[company.id] if role is LocationRole.INCORPORATED
        ]
        if homes:
            details["jurisdiction"] = _country(homes[0])
        for _ in homes[1:]:
            self._unheld.add("second place of incorporation")
        if company.traded is not None:
            details["publicListing"] = {"hasPublicListing": company.traded}
        return details

    def _person(self, company: Company) -> dict[str, Any]:
        nations = [_country(p) for r, p in self._places[company.id] if r is LocationRole.CITIZEN]
        details: dict[str, Any] = {
            "isComponent": False,
            "personType": "knownPerson",
            "names": [{"type": "legal", "fullName": company.name}],
        }
        if nations:
            details["nationalities"] = nations
        return details

    def _relationship(self, link: Owns) -> dict[str, Any]:
        held = [("shareholding", link.share), ("votingRights", link.votes)]
        held.append(("appointmentOfBoard", link.seats))
        interests = [
            {"type": type, "share": _share(share)} for type, share in held if share is not None
        ]
        if link.appoints and link.seats is None:
            interests.append({"type": "appointmentOfBoard"})
        elif link.appoints is not None:
            self._unheld.add("appoints of holdings")
        if link.reports is not None:
            self._unheld.add("reports of holdings")
        interests = interests or [{"type": "unknownInterest"}]
        for interest in interests:
            interest["directOrIndirect"] = "direct"
            if link.valid_from:
                interest["startDate"] = link.valid_from.isoformat()
            if link.valid_to:
                interest["endDate"] = link.valid_to.isoformat()
        if link.notes:
            interests[0]["details"] = link.notes
        details = {
            "isComponent": False,
            "subject": link.target,
            "interestedParty": link.source,
            "interests": interests,
        }
        return self._statement(link.id, "relationship", details, link.target, link.sources)

    def _statement(
        self,
        record: str,
        kind: str,
        details: dict[str, Any],
        subject: str,
        sources: tuple[str, ...],
    ) -> dict[str, Any]:
        content = msgspec.json.encode([record, kind, details])
        statement: dict[str, Any] = {
            # Of 32 to 64 characters; the same statement has the same one in every file.
            "statementId": f"depmap-{hashlib.sha256(content).hexdigest()[:40]}",
            "declarationSubject": subject,
            "statementDate": self._today,
            "publicationDetails": {
                "publicationDate": self._today,
                "bodsVersion": VERSION,
                "publisher": {"name": self._project.header.title or "DepMap"},
            },
        }
        found = [one for id in sources if (one := self._project.sources.get(id)) is not None]
        if found:
            statement["source"] = _source(found[0])
        return statement | {
            "recordId": record,
            "recordType": kind,
            "recordStatus": "new",
            "recordDetails": details,
        }


def _source(source: Source) -> dict[str, Any]:
    told: dict[str, Any] = {"type": ["thirdParty"], "description": source.title or source.id}
    if source.url.startswith(("http://", "https://")) and " " not in source.url:
        told["url"] = source.url
    if source.publisher:
        told["assertedBy"] = [{"name": source.publisher}]
    return told


def _country(place: AnyEntity) -> dict[str, str]:
    code = place.code if isinstance(place, Jurisdiction) else ""
    name = place.name or countries().get(code) or code or place.id
    return {"name": name, "code": code} if len(code) == 2 else {"name": name}


def _identifier(words: str) -> dict[str, str]:
    scheme, _, id = words.partition(" ")
    return {"scheme": scheme, "id": id} if id else {"id": scheme, "schemeName": "Not stated"}


def _share(share: Quantity) -> dict[str, float]:
    if isinstance(share, tuple):
        return {"minimum": _percent(share[0]), "maximum": _percent(share[2])}
    return {"exact": _percent(share)}


def _percent(share: float) -> float:
    return min(100.0, max(0.0, round(share * 100, 12)))
