"""How wide a PNG picture is shown, so that it can be scaled to fit a sheet."""

from __future__ import annotations

import struct

_SCREEN = 96.0
_METER = 39.3701
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def pixels(png: bytes) -> float | None:
    """The width in pixels of a screen, the picture's own resolution heeded; None if no PNG."""
    if not png.startswith(_SIGNATURE) or len(png) < 24:
        return None
    width: int = struct.unpack(">I", png[16:20])[0]
    place = png.find(b"pHYs")
    if place < 0 or len(png) < place + 13:
        return float(width)
    per_meter, unit = struct.unpack(">I4xB", png[place + 4 : place + 13])
    return width * _SCREEN / (per_meter / _METER) if unit == 1 and per_meter else float(width)
