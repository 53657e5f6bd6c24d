"""GLEIF's level-2 relations between legal entities, with its level-1 names and its exceptions.

The relations say who consolidates whom in its accounts. That is no share: every holding made of
one is of unknown size.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any
from xml.etree.ElementTree import Element

from depmap_gui.domain.kinds import LegalForm, LocationRole
from depmap_gui.domain.records import Company, Owns
from depmap_gui.exchange.formats.bounded import json_of, text_of, xml_of
from depmap_gui.exchange.formats.drafting import Draft, clean
from depmap_gui.exchange.formats.results import Format, Reading

_RELATION_HEAD = "relationship.startnode.nodeid"
_ENTITY_HEADS = frozenset({"lei", "entity.legalname"})
_EXCEPTION_HEADS = frozenset({"lei", "exception.category"})

DIRECT, ULTIMATE = "IS_DIRECTLY_CONSOLIDATED_BY", "IS_ULTIMATELY_CONSOLIDATED_BY"
_BRANCH = "IS_INTERNATIONAL_BRANCH_OF"
_SAID = {
    DIRECT: "Consolidated directly in the holder's accounts; GLEIF gives no share.",
    ULTIMATE: "Consolidated ultimately in the holder's accounts, through whom is not said; GLEIF "
    "gives no share.",
    _BRANCH: "A branch of the holder: the same person in law.",
}
_FORMS = {
    "SOLE_PROPRIETOR": LegalForm.PERSON,
    "RESIDENT_GOVERNMENT_ENTITY": LegalForm.GOVERNMENT,
    "INTERNATIONAL_ORGANIZATION": LegalForm.OTHER,
    "FUND": LegalForm.OTHER,
    "BRANCH": LegalForm.OTHER,
}
_WRAPPERS = ("RelationshipRecord", "LEIRecord", "Exception")
_VOID = ("ANNULLED", "DUPLICATE", "RETIRED")


def is_gleif_head(heads: list[str]) -> bool:
    """Whether the heads of a table (lower case) are those of one of GLEIF's CSV files."""
    there = set(heads)
    return _RELATION_HEAD in there or there >= _ENTITY_HEADS or there >= _EXCEPTION_HEADS


def is_record(plain: dict[str, Any]) -> bool:
    """Whether a JSON object is one of GLEIF's records, or a file of them."""
    names = {"Relationship", "ExceptionCategory", "relations", "records", "exceptions"}
    return ("LEI" in plain and "Entity" in plain) or bool(plain.keys() & names)


def read_gleif(name: str, content: bytes) -> Reading:
    """The companies and holdings of a GLEIF file: relations, entities or exceptions.

    Raises FormatError where the file is no sound XML or JSON.
    """
    draft = Draft(name, content, Format.GLEIF)
    draft.title = "GLEIF"
    relations: list[dict[str, str]] = []
    entities = exceptions = 0
    for record in _records(name, content):
        if "Relationship.StartNode.NodeID" in record:
            relations.append(record)
        elif "Entity.LegalName" in record:
            entities += 1
            _entity(draft, record)
        elif any(key.endswith(("ExceptionCategory", "Exception.Category")) for key in record):
            exceptions += 1
            _exception(draft, record)
        else:
            draft.leave_out("a record", "it is neither an entity nor a relation nor an exception")
    _relations(draft, relations)
    counts = {"entities": entities, "relations": len(relations), "exceptions": exceptions}
    draft.read = {what: number for what, number in counts.items() if number}
    return draft.reading(has_lasting_ids=True)


# Records ------------------------------------------------------------------------------------


def _records(name: str, content: bytes) -> Iterator[dict[str, str]]:
    """Each record flattened: texts by dotted names such as ``Relationship.EndNode.NodeID``."""
    start = text_of(content[:4096]).lstrip()
    if start.startswith("<"):
        root = xml_of(name, content)
        for tag in ("LEIRecord", "RelationshipRecord", "Exception"):
            for element in root.iter(tag):
                yield dict(_flat_element(element))
    elif start.startswith(("[", "{")):
        value = json_of(name, content)
        if isinstance(value, dict) and not is_single(value):
            value = next((part for part in value.values() if isinstance(part, list)), [])
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                yield dict(_flat_json(item))
    else:
        for row in csv.DictReader(io.StringIO(text_of(content), newline="")):
            yield {
                _head(head): text
                for head, text in row.items()
                if isinstance(head, str) and isinstance(text, str) and text.strip()
            }


def is_single(value: dict[str, Any]) -> bool:
    """Whether a JSON object is one record rather than a file of them."""
    return bool(value.keys() & {"Relationship", "Entity", "ExceptionCategory"})


def _flat_element(element: Element, path: str = "") -> Iterator[tuple[str, str]]:
    counted = Counter(child.tag for child in element)
    seen: Counter[str] = Counter()
    for child in element:
        seen[child.tag] += 1
        # Periods are numbered even where there is one, so that their ends stay together.
        is_numbered = counted[child.tag] > 1 or (len(child) > 0 and "Period" in child.tag)
        number = f".{seen[child.tag]}" if is_numbered else ""
        inner = f"{path}{child.tag}{number}"
        if len(child):
            yield from _flat_element(child, f"{inner}.")
        elif child.text and child.text.strip():
            yield inner, child.text.strip()


def _flat_json(value: dict[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    for key, inner in value.items():
        if key in _WRAPPERS and isinstance(inner, dict):
            yield from _flat_json(inner, path)
        elif key == "$":
            yield path.removesuffix("."), str(inner).strip()
        elif isinstance(inner, dict):
            yield from _flat_json(inner, f"{path}{key}.")
        elif isinstance(inner, list):
            for number, item in enumerate(inner, start=1):
                if isinstance(item, dict):
                    yield from _flat_json(item, f"{path}{key}.{number}.")
        elif inner is not None and str(inner).strip():
            yield f"{path}{key}", str(inner).strip()


def _head(head: str) -> str:
    """The head of a CSV column; the mark of the file is no part of the first."""
    return head.strip().removeprefix("\ufeff")


# Entities -----------------------------------------------------------------------------------


def _company(draft: Draft, lei: str) -> str:
    """The company of that identifier, made under it where its name is not known yet."""
    if lei not in draft.entities:
        draft.add(
            Company(
                id=lei,
                name=lei,
                sources=draft.file_source,
                extra={"identifiers": [f"XI-LEI {lei}"]},
            )
        )
    return lei


def _entity(draft: Draft, record: dict[str, str]) -> None:
    lei = clean(record.get("LEI", ""))
    if not lei:
        draft.leave_out(record["Entity.LegalName"], "it has no LEI")
        return
    id = _company(draft, lei)
    form = _FORMS.get(record.get("Entity.EntityCategory", ""), LegalForm.CORPORATION)
    draft.amend(id, name=clean(record["Entity.LegalName"]), form=form)
    for line, head in (
        ("Category", "Entity.EntityCategory"),
        ("Status", "Entity.EntityStatus"),
        ("Created", "Entity.EntityCreationDate"),
    ):
        if (text := record.get(head)) and text not in ("GENERAL", "ACTIVE"):
            draft.remark(id, clean(f"{line}: {text[:10] if line == 'Created' else text}"))
    places = (
        (LocationRole.INCORPORATED, "Entity.LegalJurisdiction"),
        (LocationRole.PRINCIPAL, "Entity.HeadquartersAddress.Country"),
    )
    for role, head in places:
        named = record.get(head, "")
        if named and not draft.locate(id, named, role):
            draft.leave_out(f"{head} '{named}' of {lei}", "no country has that code")


def _exception(draft: Draft, record: dict[str, str]) -> None:
    lei = clean(record.get("LEI", ""))
    if not lei:
        draft.leave_out("an exception", "it has no LEI")
        return
    by_end = {key.rpartition(".")[2]: text for key, text in record.items()}
    category = by_end.get("ExceptionCategory") or record.get("Exception.Category", "")
    reason = by_end.get("ExceptionReason") or next(
        (text for key, text in record.items() if "Reason" in key), ""
    )
    which = "ultimate" if category.startswith("ULTIMATE") else "direct"
    said = reason.replace("_", " ").lower() or "no reason given"
    draft.remark(_company(draft, lei), clean(f"Reports no {which} parent: {said}."))


# Relations ----------------------------------------------------------------------------------


def _relations(draft: Draft, relations: list[dict[str, str]]) -> None:
    directly = {
        record["Relationship.StartNode.NodeID"]
        for record in relations
        if record.get("Relationship.RelationshipType") == DIRECT and not _why_void(record)
    }
    made = 0
    for record in relations:
        child = clean(record["Relationship.StartNode.NodeID"])
        parent = clean(record.get("Relationship.EndNode.NodeID", ""))
        kind = record.get("Relationship.RelationshipType", "")
        if not parent:
            draft.leave_out(f"relation of {child}", "it names no second party")
            continue
        _company(draft, child)
        _company(draft, parent)
        why = _why_void(record)
        if not why and kind not in _SAID:
            draft.remark(child, clean(f"{kind} {parent}"))
            why = "it is no holding; it is in the notes of the first"
        if not why and kind == ULTIMATE and child in directly:
            why = "it stands for the chain of direct relations that the file also has"
        if why:
            draft.leave_out(f"{child} {kind} {parent}", why)
            continue
        made += 1
        _holding(draft, record, child, parent, kind)
    if made:
        draft.note(
            "GLEIF says who consolidates whom, not by which share: every holding is of unknown "
            "size."
        )


def _why_void(record: dict[str, str]) -> str:
    registered = record.get("Registration.RegistrationStatus", "")
    if registered in _VOID:
        return f"its registration is {registered.lower()}"
    status = record.get("Relationship.RelationshipStatus", "")
    if status and status != "ACTIVE" and _period(record)[1] is None:
        return f"it is {status.lower()}, and since when is not said"
    return ""


def _holding(draft: Draft, record: dict[str, str], child: str, parent: str, kind: str) -> None:
    start, end = _period(record)
    lines = [_SAID[kind]]
    if record.get("Registration.RegistrationStatus") == "LAPSED":
        lines.append("The registration has lapsed.")
    amounts = [
        text for key, text in record.items() if "Quantifier" in key and not key.endswith("Method")
    ]
    if amounts:
        lines.append(f"Quantifier: {' '.join(amounts)}")
    sources: tuple[str, ...] = draft.file_source
    reference = record.get("Registration.ValidationReference", "")
    if reference:
        sources += (draft.source(title="GLEIF validation reference", url=reference),)
    draft.join(
        Owns(
            id=draft.id_for(f"{parent}-owns-{child}"),
            source=parent,
            target=child,
            valid_from=start,
            valid_to=end,
            notes=clean("\n".join(lines)),
            sources=sources,
        )
    )


def _period(record: dict[str, str]) -> tuple[date | None, date | None]:
    """From when to when the relation holds; accounting periods are not that."""
    for key, text in record.items():
        if key.lower().endswith("periodtype") and text == "RELATIONSHIP_PERIOD":
            path = key[: -len("PeriodType")]
            ends = {
                other[len(path) :].lower(): value
                for other, value in record.items()
                if other.startswith(path)
            }
            return _day(ends.get("startdate", "")), _day(ends.get("enddate", ""))
    return None, None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
