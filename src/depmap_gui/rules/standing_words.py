"""How a sentence says what force a value of the law has and how sure it is."""

from __future__ import annotations

from depmap_gui.rules.pack import Certainty, Standing

_FORCE = {
    Standing.INTERIM: "interim rule",
    Standing.PROPOSED: "only proposed",
    Standing.SUSPENDED: "suspended",
    Standing.EXPIRED: "expired",
}
_DOUBT = {
    Certainty.UNCONFIRMED: "text not confirmed",
    Certainty.OPEN: "open",
    Certainty.SECONDARY: "by secondary sources",
}


def in_brackets(standing: Standing | None, certainty: Certainty | None) -> str:
    """` (suspended, open)`: what a reader must know of a value; nothing of enacted statute."""
    said = []
    if standing in _FORCE:
        said.append(_FORCE[standing])
    if certainty in _DOUBT:
        said.append(_DOUBT[certainty])
    return f" ({', '.join(said)})" if said else ""
