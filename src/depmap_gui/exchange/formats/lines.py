"""Files of one JSON record a line."""

from __future__ import annotations

from typing import Any

import msgspec

from depmap_gui.exchange.formats.bounded import text_of
from depmap_gui.exchange.formats.drafting import Draft


def json_lines(content: bytes, draft: Draft) -> list[dict[str, Any]]:
    """The records of the lines; empty where the first is none, so that it is another kind of file.

    A later line that is no record is told with its number and left out.
    """
    found: list[dict[str, Any]] = []
    for number, line in enumerate(text_of(content).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            value = msgspec.json.decode(line.encode("utf-8", "replace"))
        except (msgspec.DecodeError, RecursionError):
            value = None
        if isinstance(value, dict):
            found.append(value)
        elif not found:
            return []
        else:
            draft.leave_out(f"line {number}", "it is no JSON record")
    return found
