"""What the checks say: a finding, how much it matters, and how it can be mended."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from depmap_gui.domain.edits import Edit


class Severity(StrEnum):
    """How much a finding matters to the figures."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


class Mend(msgspec.Struct, frozen=True):
    """A one-click repair: what it does, and the edit that does it."""

    label: str
    edit: Edit


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One problem of the map: ``code`` names the kind of problem, ``where`` the ids concerned."""

    severity: Severity
    code: str
    where: tuple[str, ...]
    message: str
    field: str | None = None
    mend: Mend | None = None


LISTED = 4


def percent(share: float) -> str:
    """A share as a percentage for a sentence: 0.625 as 62.5%."""
    return f"{round(100 * share, 2):g}%"


def listed(words: Iterable[str]) -> str:
    """Words joined as in a sentence; of a long list the first few and how many more."""
    words = list(words)
    if len(words) > LISTED:
        words = [*words[:LISTED], f"{len(words) - LISTED} more"]
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""
