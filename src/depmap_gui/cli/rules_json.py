"""Rule packs and their differences as JSON that others script against."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec

from depmap_gui.rules.pack import Parameter, RulePack
from depmap_gui.session.pack_diff import PackChange
from depmap_gui.session.rules import OfferedPack
from depmap_gui.session.verdict_diff import VerdictChange


def offered_json(offered: OfferedPack) -> dict[str, Any]:
    """One pack of the list; ``faults`` says why it is refused, empty where it is sound."""
    pack = offered.pack
    return {
        "id": offered.id,
        "title": pack.title if pack else None,
        "version": pack.version if pack else None,
        "date": pack.dated.isoformat() if pack else None,
        "status": pack.status if pack else None,
        "origin": offered.place,
        "shipped": offered.is_shipped,
        "faults": [str(fault) for fault in offered.error.faults] if offered.error else [],
    }


def used_json(pack: RulePack) -> dict[str, Any]:
    """Which pack it is: id, version, date and where it is from."""
    return {
        "id": pack.id,
        "version": pack.version,
        "date": pack.dated.isoformat(),
        "origin": pack.origin.words or "ships with DepMap",
    }


def pack_json(pack: RulePack, as_of: date | None) -> dict[str, Any]:
    """A whole pack; with a day, each parameter's value and the persons on each list that day."""
    plain: dict[str, Any] = msgspec.to_builtins(pack)
    plain["origin"] = pack.origin.words or "ships with DepMap"
    if as_of is not None:
        plain["as_of"] = as_of.isoformat()
        plain["parameters"] = {
            id: parameter_json(parameter, as_of) for id, parameter in pack.parameters.items()
        }
        for id, listing in pack.lists.items():
            on_it = [person for person in listing.persons if person.listed_on(as_of)]
            plain["lists"][id]["persons"] = msgspec.to_builtins(on_it)
    return plain


def parameter_json(parameter: Parameter, as_of: date | None) -> dict[str, Any]:
    """A parameter with all its values, or with a day only the one that holds then, if any."""
    plain: dict[str, Any] = msgspec.to_builtins(parameter)
    if as_of is not None:
        held = parameter.on(as_of)
        plain["as_of"] = as_of.isoformat()
        plain["values"] = [] if held is None else [msgspec.to_builtins(held)]
    return plain


def diff_json(
    before: RulePack,
    after: RulePack,
    changes: Sequence[PackChange],
    verdicts: Sequence[VerdictChange] | None,
    year: int | None,
) -> dict[str, Any]:
    """What changed; ``verdicts`` is None where no map was named."""
    return {
        "before": used_json(before),
        "after": used_json(after),
        "changes": msgspec.to_builtins(list(changes)),
        "year": year,
        "verdicts": None if verdicts is None else msgspec.to_builtins(list(verdicts)),
    }
