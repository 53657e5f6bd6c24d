"""BODS, the Beneficial Ownership Data Standard: statements into companies, persons and holdings.

Of several statements of one record the latest counts. A holding that was stated anew with other
days becomes several links, each valid in its time.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import msgspec

from depmap_gui.domain.kinds import LegalForm, LocationRole
from depmap_gui.domain.quantity import Quantity
from depmap_gui.domain.records import Company, Owns
from depmap_gui.exchange.formats.bods_records import (
    Interest,
    Statement,
    is_statement,
    listed,
    statements,
    text,
)
from depmap_gui.exchange.formats.bounded import json_of, text_of
from depmap_gui.exchange.formats.drafting import Draft
from depmap_gui.exchange.formats.lines import json_lines
from depmap_gui.exchange.formats.results import Format, FormatError, Reading

__all__ = ["is_statement", "read_bods"]

UNKNOWN_TAG = "unknown holder"
_NO_HOLDING = frozenset(
    {"boardMember", "boardChair", "seniorManagingOfficial", "nominee", "nominator"}
)
"""Interests that are offices or services, and make nobody a holder."""

_FORMS = {
    "arrangement": LegalForm.OTHER,
    "state": LegalForm.GOVERNMENT,
    "stateBody": LegalForm.GOVERNMENT,
    "anonymousEntity": LegalForm.OTHER,
    "unknownEntity": LegalForm.OTHER,
}
_UNNAMED = {
    "anonymousEntity": "Anonymous entity",
    "unknownEntity": "Unknown entity",
    "anonymousPerson": "Anonymous person",
    "unknownPerson": "Unknown person",
}


def read_bods(name: str, content: bytes) -> Reading:
    """The map that a file of statements describes.

    Raises FormatError where the file is no JSON, or holds no statement.
    """
    draft = Draft(name, content, Format.BODS)
    found = statements(_items(name, content, draft), draft)
    if not found:
        raise FormatError(f"{name} has no BODS statement that can be read: nothing was imported.")
    by_record: dict[tuple[str, str], list[Statement]] = defaultdict(list)
    for one in found:
        by_record[one.kind, one.record].append(one)
        draft.read[f"{one.kind} statements"] = draft.read.get(f"{one.kind} statements", 0) + 1
    ids: dict[str, str] = {}
    for (kind, record), history in by_record.items():
        history.sort(key=lambda one: (one.day or date.min, one.order))
        if kind != "relationship":
            ids[record] = _item(draft, history[-1])
            for earlier in history[:-1]:
                draft.leave_out(
                    f"{kind} statement {earlier.id}", "a later one of its record counts"
                )
    relationships = [history for (kind, _), history in by_record.items() if kind == "relationship"]
    _Holdings(draft, ids).make(relationships)
    return draft.reading(has_lasting_ids=True)


def _items(name: str, content: bytes, draft: Draft) -> list[Any]:
    start = text_of(content[:64]).lstrip()
    if start.startswith("{"):
        lines = json_lines(content, draft)
        if lines:
            return lines
    value = json_of(name, content)
    if isinstance(value, dict) and not is_statement(value):
        value = next((part for part in value.values() if isinstance(part, list)), [])
    return listed(value)


# Entities and persons -----------------------------------------------------------------------


def _item(draft: Draft, one: Statement) -> str:
    """The company or person of a statement; gives its id."""
    id = _person(draft, one) if one.kind == "person" else _entity(draft, one)
    for line in one.remarks:
        draft.remark(id, line)
    return id


def _entity(draft: Draft, one: Statement) -> str:
    details = one.details
    said = details.get("entityType")
    kind = text(said.get("type")) if isinstance(said, dict) else text(said)
    subtype = text(said.get("subtype")) if isinstance(said, dict) else ""
    form = LegalForm.TRUST if subtype == "trust" else _FORMS.get(kind, LegalForm.CORPORATION)
    listing = details.get("publicListing")
    is_listed = listing.get("hasPublicListing") if isinstance(listing, dict) else None
    name = text(details.get("name")) or _unnamed(kind, details.get("unspecifiedEntityDetails"))
    id = draft.add(
        Company(
            id=draft.id_for(one.record),
            name=name or one.record,
            form=form,
            traded=is_listed if isinstance(is_listed, bool) else None,
            tags=(UNKNOWN_TAG,) if kind in _UNNAMED else (),
            sources=one.sources,
            extra=_identifiers(details),
        )
    )
    place = details.get("jurisdiction") or details.get("incorporatedInJurisdiction")
    _locate(draft, id, place, LocationRole.INCORPORATED, one)
    for address in listed(details.get("addresses")):
        if isinstance(address, dict):
            if text(address.get("type")) == "business":
                _locate(draft, id, address.get("country"), LocationRole.PRINCIPAL, one)
            _remark_address(draft, id, address)
    _remark(draft, id, details, foundingDate="Founded", dissolutionDate="Dissolved")
    others = ", ".join(filter(None, map(text, listed(details.get("alternateNames")))))
    if others:
        draft.remark(id, f"Also named: {others}")
    return id


def _person(draft: Draft, one: Statement) -> str:
    details = one.details
    kind = text(details.get("personType"))
    names = [name for name in listed(details.get("names")) if isinstance(name, dict)]
    names.sort(key=lambda name: text(name.get("type")) not in ("legal", "individual"))
    whole = [_full_name(name) for name in names]
    unspecified = details.get("unspecifiedPersonDetails") or details
    id = draft.add(
        Company(
            id=draft.id_for(one.record),
            name=next(filter(None, whole), "") or _unnamed(kind, unspecified) or one.record,
            form=LegalForm.PERSON,
            tags=(UNKNOWN_TAG,) if kind in _UNNAMED else (),
            sources=one.sources,
            extra=_identifiers(details),
        )
    )
    for nation in listed(details.get("nationalities")):
        _locate(draft, id, nation, LocationRole.CITIZEN, one)
    for address in listed(details.get("addresses")):
        if isinstance(address, dict):
            if text(address.get("type")) == "residence":
                _locate(draft, id, address.get("country"), LocationRole.RESIDENT, one)
            _remark_address(draft, id, address)
    for nation in listed(details.get("taxResidencies")):
        _locate(draft, id, nation, LocationRole.RESIDENT, one)
    if len(others := list(dict.fromkeys(filter(None, whole)))) > 1:
        draft.remark(id, f"Also named: {', '.join(others[1:])}")
    _remark(draft, id, details, birthDate="Born", deathDate="Died")
    return id


def _full_name(name: dict[str, Any]) -> str:
    parts = (text(name.get("givenName")), text(name.get("familyName")))
    return text(name.get("fullName")) or " ".join(filter(None, parts))


def _unnamed(kind: str, unspecified: Any) -> str:
    """What to call somebody whose name is withheld or not known; empty for anybody else."""
    called = _UNNAMED.get(kind, "")
    if called and isinstance(unspecified, dict):
        reason = text(unspecified.get("description")) or text(unspecified.get("reason"))
        return f"{called} ({reason})" if reason else called
    return called


def _identifiers(details: dict[str, Any]) -> dict[str, Any]:
    found = [
        " ".join(
            filter(None, (text(one.get("scheme") or one.get("schemeName")), text(one.get("id"))))
        )
        for one in listed(details.get("identifiers"))
        if isinstance(one, dict)
    ]
    return {"identifiers": kept} if (kept := [words for words in found if words]) else {}


def _locate(draft: Draft, id: str, place: Any, role: LocationRole, one: Statement) -> None:
    if isinstance(place, str):
        place = {"code": place}
    if not isinstance(place, dict):
        return
    named = [text(place.get("code")), text(place.get("name"))]
    if not any(draft.locate(id, words, role, one.sources) for words in named if words):
        draft.leave_out(f"{role} '{' '.join(filter(None, named))}' of {id}", "no such country")
    elif "-" in named[0]:
        draft.remark(id, f"{str(role).capitalize()} in {named[0]}")


def _remark_address(draft: Draft, id: str, address: dict[str, Any]) -> None:
    words = ", ".join(filter(None, (text(address.get("address")), text(address.get("postCode")))))
    if words:
        draft.remark(id, f"Address ({text(address.get('type')) or 'no type'}): {words}")


def _remark(draft: Draft, id: str, details: dict[str, Any], **heads: str) -> None:
    for head, words in heads.items():
        if value := text(details.get(head)):
            draft.remark(id, f"{words}: {value[:10]}")


# Relationships ------------------------------------------------------------------------------


class _Version(msgspec.Struct):
    """A holding as one statement has it, with the days in which it is so."""

    statement: Statement
    interests: list[Interest]
    start: date | None
    end: date | None


class _Holdings:
    """Turns relationships into holdings, direct ones first, so that chains are known."""

    def __init__(self, draft: Draft, ids: dict[str, str]) -> None:
        self._draft, self._ids = draft, ids
        self._owned: dict[str, set[str]] = defaultdict(set)

    def make(self, histories: list[list[Statement]]) -> None:
        """Make the links of all relationships, each given as its statements in time's order."""
        direct: list[list[Statement]] = []
        others: list[list[Statement]] = []
        for history in histories:
            is_direct = all(
                interest.directness == "direct" for interest in history[-1].interests
            ) and bool(history[-1].interests)
            (direct if is_direct else others).append(history)
        for history in direct:
            self._relationship(history, may_be_derived=False)
        for history in others:
            self._relationship(history, may_be_derived=True)

    def _relationship(self, history: list[Statement], *, may_be_derived: bool) -> None:
        last = history[-1]
        told = f"relationship {last.record}"
        if not isinstance(last.subject, str) or not last.subject:
            self._draft.leave_out(told, "it does not say which entity it is about")
            return
        subject = self._known(last.subject, last)
        party = self._party(last, subject)
        if party is None:
            return
        if may_be_derived and self._is_reached(party, subject):
            self._draft.leave_out(
                told, "it is the sum of a chain of holdings that the file has one by one"
            )
            return
        for number, version in enumerate(self._versions(history)):
            self._link(version, party, subject, number)

    def _party(self, one: Statement, subject: str) -> str | None:
        """The holder; made where the file only says why there is no name."""
        told = f"relationship {one.record}"
        if isinstance(one.party, str) and one.party:
            return self._known(one.party, one)
        said = one.party if isinstance(one.party, dict) else {}
        reason = text(said.get("description")) or text(said.get("reason")) or "no reason given"
        if text(said.get("reason")) in ("noBeneficialOwners", "no-beneficial-owners"):
            self._draft.remark(subject, f"No beneficial owners are stated: {reason}")
            self._draft.leave_out(told, "it says that there is no holder; noted on the company")
            return None
        return self._draft.add(
            Company(
                id=self._draft.id_for(f"{one.record}-holder"),
                name=f"Unknown holder ({reason})",
                form=LegalForm.OTHER,
                tags=(UNKNOWN_TAG,),
                sources=one.sources,
            )
        )

    def _known(self, record: str, one: Statement) -> str:
        """The item of a record; made under its id where the file has no statement of it."""
        if record not in self._ids:
            self._draft.note(
                "Relationships name records that the file does not have: each was made a company "
                "under its id."
            )
            self._ids[record] = self._draft.add(
                Company(id=self._draft.id_for(record), name=record, sources=one.sources)
            )
        return self._ids[record]

    def _is_reached(self, party: str, subject: str) -> bool:
        """Whether links made so far already lead from one to the other through others."""
        seen, waiting = {party}, [party]
        while waiting:
            for owned in self._owned[waiting.pop()] - seen:
                if owned == subject:
                    return True
                seen.add(owned)
                waiting.append(owned)
        return False

    def _versions(self, history: list[Statement]) -> list[_Version]:
        """What was so when, as the statements of one relationship tell it."""
        versions: list[_Version] = []
        for one in history:
            start = min((i.start for i in one.interests if i.start), default=None)
            ends = [interest.end for interest in one.interests]
            end = max(filter(None, ends)) if ends and all(ends) else None
            if one.status == "closed":
                last = end or one.day
                if versions:
                    versions[-1].end = versions[-1].end or last
                    continue
                end = last
            since = start or (one.day if versions else None)
            if versions:
                before = versions[-1]
                if since is None or (before.start is not None and since <= before.start):
                    versions.pop()
                    self._draft.leave_out(
                        f"relationship statement {before.statement.id}", "a later one replaces it"
                    )
                elif before.end is None or before.end >= since:
                    before.end = since - timedelta(days=1)
            versions.append(_Version(one, list(one.interests), since, end))
        return versions

    def _link(self, version: _Version, party: str, subject: str, number: int) -> None:
        one, interests = version.statement, version.interests
        holding = [interest for interest in interests if interest.type not in _NO_HOLDING]
        offices = [interest.type for interest in interests if interest.type in _NO_HOLDING]
        name = self._draft.entities[party].name
        if offices and not holding:
            self._draft.remark(subject, f"{name}: {', '.join(offices)}")
            self._draft.leave_out(
                f"relationship statement {one.id}",
                f"{', '.join(offices)} is an office, not a holding; noted on the company",
            )
            return
        # Of two holdings of one kind in one statement the first counts, the rest is in the notes.
        shares: dict[str, Quantity | None] = {}
        for interest in holding:
            shares.setdefault(interest.type, interest.share)
        board = shares.get("appointmentOfBoard")
        record = f"{one.record}-{number + 1}" if number else one.record
        self._draft.join(
            Owns(
                id=self._draft.id_for(record, "owns"),
                source=party,
                target=subject,
                share=shares.get("shareholding"),
                votes=shares.get("votingRights"),
                seats=board,
                appoints=True if "appointmentOfBoard" in shares and board is None else None,
                valid_from=version.start,
                valid_to=version.end,
                notes="\n".join(dict.fromkeys((*_lines(interests), *one.remarks))),
                sources=one.sources,
            )
        )
        self._owned[party].add(subject)


_SPOKEN = ("shareholding", "votingRights", "appointmentOfBoard")
_HELD = {"indirect": "held indirectly", "unknown": "held directly or not, which is not known"}


def _lines(interests: list[Interest]) -> list[str]:
    """What the fields of a holding do not say: other interests, how they are held, details."""
    lines: list[str] = []
    for interest in interests:
        words = [_HELD[interest.directness]] if interest.directness in _HELD else []
        if words and interest.type in _SPOKEN:
            words[0] = f"{interest.type} {words[0]}"
        if interest.type not in (*_SPOKEN, "unknownInterest") or interest.share is not None:
            size = f" {_shown(interest.share)}" if interest.share is not None else ""
            if interest.type not in _SPOKEN:
                words.insert(0, f"{interest.type or 'interest of an unstated kind'}{size}")
        if interest.details:
            words.append(interest.details)
        if words:
            lines.append("; ".join(words))
    return lines


def _shown(share: Quantity) -> str:
    if isinstance(share, tuple):
        return f"{share[0] * 100:g} to {share[2] * 100:g} %"
    return f"{share * 100:g} %"
