"""BODS statements of versions 0.2, 0.3 and 0.4, each brought to one shape."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import msgspec

from depmap_gui.domain.quantity import Quantity
from depmap_gui.exchange.formats.drafting import Draft, clean

_OLD_TYPES = {
    "entityStatement": "entity",
    "personStatement": "person",
    "ownershipOrControlStatement": "relationship",
}
_HYPHEN = re.compile(r"-(\w)")


class Interest(msgspec.Struct, kw_only=True):
    """One interest: its type in the words of 0.4, its share in 0..1, and its days."""

    type: str = ""
    share: Quantity | None = None
    start: date | None = None
    end: date | None = None
    directness: str = ""
    details: str = ""
    is_beneficial: bool | None = None


class Statement(msgspec.Struct, kw_only=True):
    """One statement. ``order`` tells which of a record's statements came later."""

    id: str
    kind: str
    record: str
    day: date | None
    order: int
    status: str = ""
    details: dict[str, Any]
    sources: tuple[str, ...]
    subject: str | dict[str, Any] | None = None
    party: str | dict[str, Any] | None = None
    interests: tuple[Interest, ...] = ()
    remarks: tuple[str, ...] = ()


def is_statement(plain: Mapping[str, Any]) -> bool:
    """Whether a JSON object is a BODS statement of any version."""
    return ("statementId" in plain and ("recordType" in plain or "recordDetails" in plain)) or (
        "statementID" in plain and plain.get("statementType") in _OLD_TYPES
    )


def statements(items: Iterable[Any], draft: Draft) -> list[Statement]:
    """The statements among the items, in order; what is none is left out and told."""
    found: list[Statement] = []
    replaced: set[str] = set()
    for order, item in enumerate(items, start=1):
        if not isinstance(item, dict) or not is_statement(item):
            draft.leave_out(f"item {order}", "it is no BODS statement")
            continue
        old = [text for text in listed(item.get("replacesStatements")) if isinstance(text, str)]
        replaced.update(old)
        statement = _statement(item, order, draft)
        if statement is not None:
            found.append(statement)
    kept = [one for one in found if one.id not in replaced]
    for one in found:
        if one.id in replaced:
            draft.leave_out(f"{one.kind} statement {one.id}", "a later statement replaces it")
    return kept


def _statement(item: dict[str, Any], order: int, draft: Draft) -> Statement | None:
    is_old = "statementID" in item
    id = text(item.get("statementID" if is_old else "statementId"))
    kind = _OLD_TYPES.get(text(item.get("statementType"))) or text(item.get("recordType"))
    details = item if is_old else item.get("recordDetails")
    if kind not in _OLD_TYPES.values() or not isinstance(details, dict):
        draft.leave_out(f"statement {id}", "it says nothing of an entity, person or relationship")
        return None
    day = day_of(item.get("statementDate"))
    statement = Statement(
        id=id,
        kind=kind,
        record=id if is_old else text(item.get("recordId")) or id,
        day=day,
        order=order,
        status=text(item.get("recordStatus")),
        details=details,
        sources=_sources(item, draft),
        remarks=tuple(
            words
            for annotation in listed(item.get("annotations"))
            if isinstance(annotation, dict) and (words := text(annotation.get("description")))
        ),
    )
    if kind == "relationship":
        statement.subject = _party(details.get("subject"))
        statement.party = _party(details.get("interestedParty"))
        statement.interests = tuple(
            _interest(interest, is_old=is_old)
            for interest in listed(details.get("interests"))
            if isinstance(interest, dict)
        )
    return statement


def _party(value: Any) -> str | dict[str, Any] | None:
    """The record that is meant, or what is said of why it is not named."""
    if isinstance(value, dict):
        for key in ("describedByEntityStatement", "describedByPersonStatement"):
            if isinstance(value.get(key), str):
                return str(value[key])
        inner = value.get("unspecified")
        return inner if isinstance(inner, dict) else value
    return value if isinstance(value, str) else None


def _interest(plain: dict[str, Any], *, is_old: bool) -> Interest:
    type = _HYPHEN.sub(lambda found: found[1].upper(), text(plain.get("type")))
    directness = text(
        plain.get("directOrIndirect") or (plain.get("interestLevel") if is_old else "")
    )
    beneficial = plain.get("beneficialOwnershipOrControl")
    return Interest(
        type=type,
        share=share_of(plain.get("share")),
        start=day_of(plain.get("startDate")),
        end=day_of(plain.get("endDate")),
        directness=directness,
        details=text(plain.get("details")),
        is_beneficial=beneficial if isinstance(beneficial, bool) else None,
    )


def share_of(plain: Any) -> Quantity | None:
    """A share in 0..1 from percent: exact, or the range and its middle; None where not stated."""
    if not isinstance(plain, dict):
        return None
    exact = _percent(plain.get("exact"))
    if exact is not None:
        return exact
    least = _first(plain, "minimum", "exclusiveMinimum")
    most = _first(plain, "maximum", "exclusiveMaximum")
    if least is None and most is None:
        return None
    low, high = least or 0.0, 1.0 if most is None else most
    if low > high:
        return None
    return low if low == high else (low, round((low + high) / 2, 12), high)


def _first(plain: dict[str, Any], *names: str) -> float | None:
    return next((share for name in names if (share := _percent(plain.get(name))) is not None), None)


def _percent(value: Any) -> float | None:
    # In 0.2 exclusiveMinimum is a flag.
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 100:
        return None
    return round(value / 100, 14)


def _sources(item: dict[str, Any], draft: Draft) -> tuple[str, ...]:
    """The file, and the source that the statement itself names."""
    source = item.get("source")
    published = item.get("publicationDetails")
    if not isinstance(source, dict):
        return draft.file_source
    publisher = published.get("publisher") if isinstance(published, dict) else None
    asserted = ", ".join(
        text(agent.get("name"))
        for agent in listed(source.get("assertedBy"))
        if isinstance(agent, dict)
    )
    types = ", ".join(text(type) for type in listed(source.get("type")))
    id = draft.source(
        title=text(source.get("description")) or types or "BODS statement",
        publisher=asserted or (text(publisher.get("name")) if isinstance(publisher, dict) else ""),
        url=text(source.get("url")),
        accessed=text(source.get("retrievedAt"))[:10],
        note=f"Type: {types}" if source.get("description") and types else "",
    )
    return (*draft.file_source, id)


def listed(value: Any) -> list[Any]:
    """The value as a list, whatever it is."""
    match value:
        case None:
            return []
        case list():
            return value
        case _:
            return [value]


def text(value: Any) -> str:
    """The value as clean text; empty where it is none."""
    return clean(value).strip() if isinstance(value, str) else ""


def day_of(value: Any) -> date | None:
    """A day from a date or a moment, or None."""
    try:
        return date.fromisoformat(text(value)[:10])
    except ValueError:
        return None
