"""The points on which a map is silent, in words instead of the rule pack's ids."""

from __future__ import annotations

from collections.abc import Sequence

from depmap_gui.rules.pack import RulePack


def open_line(points: Sequence[str], pack: str, packs: Sequence[RulePack]) -> str:
    """`open: Foreign debt; Effective control by contract (Sourcing, Operation)`.

    Points of one test or limb stand together behind its title, in the order they were met.
    """
    rules = next((each for each in packs if each.id == pack), None)
    if rules is None:
        return f"open: {', '.join(points)}"
    grouped: dict[str, list[str]] = {}
    for point in points:
        head = point.rpartition(".")[0]
        parent = rules.title_of(head) if head else ""
        has_parent = bool(parent) and parent != head
        details = grouped.setdefault(parent if has_parent else rules.title_of(point), [])
        if has_parent:
            details.append(rules.title_of(point))
    words = (
        f"{title} ({', '.join(dict.fromkeys(details))})" if details else title
        for title, details in grouped.items()
    )
    return f"open: {'; '.join(words)}"
