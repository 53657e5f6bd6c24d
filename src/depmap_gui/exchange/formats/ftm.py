"""FollowTheMoney: entities of a schema with lists of texts, one JSON object a line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from depmap_gui.domain.kinds import LegalForm, LocationRole
from depmap_gui.domain.quantity import Quantity
from depmap_gui.domain.records import Company, Lends, Owns
from depmap_gui.exchange.formats.bods_records import day_of, listed, text
from depmap_gui.exchange.formats.bounded import json_of, text_of
from depmap_gui.exchange.formats.drafting import Draft
from depmap_gui.exchange.formats.graph import number
from depmap_gui.exchange.formats.lines import json_lines
from depmap_gui.exchange.formats.meaning import percent_in
from depmap_gui.exchange.formats.results import Format, FormatError, Reading

_FORMS = {
    "Company": LegalForm.CORPORATION,
    "Organization": LegalForm.OTHER,
    "LegalEntity": LegalForm.OTHER,
    "PublicBody": LegalForm.GOVERNMENT,
    "Person": LegalForm.PERSON,
    "Asset": LegalForm.OTHER,
}
"""What each schema of a party is in law; an asset only where somebody owns it."""

_LEGAL_FORMS = {form.value: form for form in LegalForm}
_OFFICES = {
    "Directorship": ("director", "organization"),
    "Membership": ("member", "organization"),
    "Employment": ("employee", "employer"),
    "Representation": ("agent", "client"),
    "UnknownLink": ("subject", "object"),
    "Associate": ("person", "associate"),
    "Family": ("person", "relative"),
    "Succession": ("predecessor", "successor"),
}
"""Relations that are no holding: who, and at whom."""

_PLACES: tuple[tuple[str, LocationRole, LocationRole], ...] = (
    ("jurisdiction", LocationRole.INCORPORATED, LocationRole.RESIDENT),
    ("mainCountry", LocationRole.PRINCIPAL, LocationRole.RESIDENT),
    ("nationality", LocationRole.INCORPORATED, LocationRole.CITIZEN),
    ("citizenship", LocationRole.INCORPORATED, LocationRole.CITIZEN),
    ("country", LocationRole.INCORPORATED, LocationRole.RESIDENT),
)
"""Properties that name a country: its role for an organization, and for a person."""

_REMARKED = (
    "alias", "registrationNumber", "leiCode", "incorporationDate", "dissolutionDate", "birthDate",
    "deathDate", "address", "website", "status", "sector", "topics", "position", "summary",
)  # fmt: skip

Entity = dict[str, Any]


def is_entity(plain: Entity) -> bool:
    """Whether a JSON object is an entity of FollowTheMoney."""
    return isinstance(plain.get("schema"), str) and isinstance(plain.get("properties"), dict)


def read_ftm(name: str, content: bytes) -> Reading:
    """The parties, holdings and debts of a file of entities.

    Raises FormatError where the file holds no such entity.
    """
    draft = Draft(name, content, Format.FTM)
    start = text_of(content[:64]).lstrip()
    items = json_lines(content, draft) if start.startswith("{") else []
    entities = []
    for count, item in enumerate(items or listed(json_of(name, content)), start=1):
        if isinstance(item, dict) and is_entity(item) and text(item.get("id")):
            entities.append(item)
        else:
            draft.leave_out(f"record {count}", "it is no FollowTheMoney entity with an id")
    if not entities:
        raise FormatError(
            f"{name} has no FollowTheMoney entity that can be read: nothing was imported."
        )
    _Reading(draft, entities).run()
    return draft.reading(has_lasting_ids=True)


class _Reading:
    def __init__(self, draft: Draft, entities: list[Entity]) -> None:
        self._draft = draft
        self._entities = {text(entity["id"]): entity for entity in entities}
        if len(self._entities) < len(entities):
            draft.note(
                f"{len(entities) - len(self._entities)} entities stand twice; the later ones count."
            )
        for entity in entities:
            schema = entity["schema"]
            draft.read[schema] = draft.read.get(schema, 0) + 1
        self._ids: dict[str, str] = {}

    def run(self) -> None:
        links: dict[str, Callable[[Entity], None]] = {
            "Ownership": self._ownership,
            "Debt": self._debt,
        }
        owned = {
            asset
            for entity in self._entities.values()
            if entity["schema"] == "Ownership"
            for asset in _texts(entity, "asset")
        }
        for id, entity in self._entities.items():
            schema = entity["schema"]
            if schema in _FORMS and (schema != "Asset" or id in owned):
                self._party(id, entity)
            elif schema not in links and schema not in _OFFICES and schema != "Address":
                self._draft.leave_out(
                    f"{schema} {_first(entity, 'name') or id}",
                    "it is neither a party nor a holding nor a debt",
                )
        for id, entity in self._entities.items():
            schema = entity["schema"]
            if schema in links:
                links[schema](entity)
            elif schema in _OFFICES:
                self._office(entity)
            elif schema in _FORMS and id in self._ids:
                self._parents(entity)

    def _party(self, id: str, entity: Entity) -> None:
        form = _FORMS[entity["schema"]]
        stated = _first(entity, "legalForm").casefold()
        form = _LEGAL_FORMS.get(stated, form)
        names = _texts(entity, "name")
        full = " ".join(filter(None, (_first(entity, "firstName"), _first(entity, "lastName"))))
        sources = self._sources(entity)
        self._ids[id] = self._draft.add(
            Company(
                id=self._draft.id_for(id),
                name=next(iter(names), "") or full or text(entity.get("caption")) or id,
                form=form,
                notes="\n".join(_texts(entity, "notes")),
                sources=sources,
            )
        )
        for other in names[1:]:
            self._draft.remark(self._ids[id], f"Also named: {other}")
        for head in _REMARKED:
            if values := [value for value in _texts(entity, head) if value not in self._entities]:
                self._draft.remark(self._ids[id], f"{head}: {', '.join(values)}")
        is_person = form is LegalForm.PERSON
        placed: set[LocationRole] = set()
        for head, role, personal in _PLACES:
            wanted = personal if is_person else role
            if head == "country" and wanted in placed:
                continue
            for named in _texts(entity, head):
                if self._draft.locate(self._ids[id], named, wanted, sources):
                    placed.add(wanted)
                else:
                    self._draft.leave_out(f"{head} '{named}' of {id}", "no such country")
        for reference in _texts(entity, "addressEntity"):
            address = self._entities.get(reference, {"properties": {}})
            if full_address := _first(address, "full"):
                self._draft.remark(self._ids[id], f"address: {full_address}")

    def _ownership(self, entity: Entity) -> None:
        found = self._ends(entity, "owner", "asset")
        if found is None:
            return
        said = _first(entity, "percentage") or _first(entity, "sharePercentage")
        share = _share(said)
        for owner in found[0]:
            for asset in found[1]:
                self._draft.join(
                    Owns(
                        id=self._draft.id_for(text(entity["id"]), "owns"),
                        source=owner,
                        target=asset,
                        share=share,
                        **self._common(entity, said if share is None else ""),
                    )
                )

    def _debt(self, entity: Entity) -> None:
        found = self._ends(entity, "creditor", "debtor")
        if found is None:
            return
        for creditor in found[0]:
            for debtor in found[1]:
                self._draft.join(
                    Lends(
                        id=self._draft.id_for(text(entity["id"]), "lends"),
                        source=creditor,
                        target=debtor,
                        **self._common(entity, _first(entity, "amount")),
                    )
                )

    def _office(self, entity: Entity) -> None:
        schema = entity["schema"]
        who, where = _OFFICES[schema]
        role = _first(entity, "role") or _first(entity, "relationship") or schema
        for organization in _texts(entity, where):
            for holder in _texts(entity, who):
                if organization in self._ids:
                    called = self._ids.get(holder)
                    name = self._draft.entities[called].name if called else holder
                    span = "–".join(
                        filter(None, (_first(entity, "startDate"), _first(entity, "endDate")))
                    )
                    line = f"{role}: {name}" + (f" ({span})" if span else "")
                    self._draft.remark(self._ids[organization], line)
        self._draft.leave_out(
            f"{schema} {entity['id']}",
            f"a {role.lower()} is no holding; noted on the {where} where that is on the map",
        )

    def _parents(self, entity: Entity) -> None:
        """A company's parent, where the file says so without a holding."""
        child = self._ids[text(entity["id"])]
        for parent in _texts(entity, "parent"):
            if parent not in self._ids:
                self._draft.leave_out(f"parent of {entity['id']}", "it is not in the file")
                continue
            self._draft.note("Of parents without a holding the share is unknown.")
            self._draft.join(
                Owns(
                    id=self._draft.id_for(f"{parent}-owns-{child}"),
                    source=self._ids[parent],
                    target=child,
                    notes="Stated as its parent; the share is not.",
                    sources=self._sources(entity),
                )
            )

    def _ends(self, entity: Entity, who: str, whom: str) -> tuple[list[str], list[str]] | None:
        """Ids of both ends of a relation; None, and told, where one is not on the map."""
        ends = []
        for head in (who, whom):
            named = _texts(entity, head)
            known = [self._ids[id] for id in named if id in self._ids]
            if len(known) < len(named) or not named:
                missing = ", ".join(id for id in named if id not in self._ids) or "nobody"
                self._draft.leave_out(
                    f"{entity['schema']} {entity['id']}",
                    f"its {head} ({missing}) is no party of the file",
                )
            ends.append(known)
        return (ends[0], ends[1]) if all(ends) else None

    def _common(self, entity: Entity, unread: str) -> dict[str, Any]:
        lines = [*_texts(entity, "summary"), *_texts(entity, "notes")]
        for head in ("role", "ownershipType", "legalBasis", "sharesCount", "sharesValue", "status"):
            lines += [f"{head}: {value}" for value in _texts(entity, head)]
        if unread:
            lines.append(f"amount: {unread}")
        return {
            "valid_from": _day(entity, "startDate"),
            "valid_to": _day(entity, "endDate"),
            "notes": "\n".join(dict.fromkeys(lines)),
            "sources": self._sources(entity),
        }

    def _sources(self, entity: Entity) -> tuple[str, ...]:
        url, publisher = _first(entity, "sourceUrl"), _first(entity, "publisher")
        if not url and not publisher:
            return self._draft.file_source
        given = self._draft.source(
            title=publisher or url,
            publisher=publisher,
            url=url,
            accessed=_first(entity, "retrievedAt"),
        )
        return (*self._draft.file_source, given)


def _texts(entity: Entity, head: str) -> list[str]:
    """The values of a property as texts; a reference may be an entity inside the entity."""
    found = []
    for item in listed(entity["properties"].get(head)):
        value = item.get("id") if isinstance(item, dict) else item
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if words := text(str(value) if is_number else value):
            found.append(words)
    return found


def _first(entity: Entity, head: str) -> str:
    return next(iter(_texts(entity, head)), "")


def _day(entity: Entity, head: str) -> date | None:
    words = _first(entity, head)
    # A year or a month alone is no day; it stays open rather than being made up.
    return day_of(words) if len(words) >= 10 else None


def _share(said: str) -> Quantity | None:
    """The share of a percentage, which is written with or without its sign."""
    if not said:
        return None
    if (value := number(said)) is not None:
        return round(value / 100, 14) if 0 <= value <= 100 else None
    return percent_in(said if "%" in said else f"{said} %")
