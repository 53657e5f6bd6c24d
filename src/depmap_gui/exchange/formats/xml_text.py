"""Text as XML writes it, so that it is read back the same."""

from __future__ import annotations

import re

# What XML 1.0 can hold in no way at all.
_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MARKS = str.maketrans(
    {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        '"': "&quot;",
        "\r": "&#13;",
        "\n": "&#10;",
        "\t": "&#9;",
    }
)


def escaped(text: str) -> str:
    """The text for an element or an attribute; characters XML cannot hold become U+FFFD."""
    return _IMPOSSIBLE.sub("\N{REPLACEMENT CHARACTER}", text).translate(_MARKS)
