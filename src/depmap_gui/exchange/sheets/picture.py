"""How large a PNG picture is shown, so that it can be scaled to fit a sheet."""

from __future__ import annotations

import struct

_SCREEN = 96.0
_METER = 39.3701
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def pixels(png: bytes) -> tuple[float, float] | None:
    """Width and height in pixels of a screen, its own resolution heeded; None if no PNG."""
    if not png.startswith(_SIGNATURE) or len(png) < 24:
        return None
    width, height = struct.unpack(">II", png[16:24])
    scale = 1.0
    place = png.find(b"pHYs")
    if place >= 0 and len(png) >= place + 13:
        per_meter, unit = struct.unpack(">I4xB", png[place + 4 : place + 13])
        if unit == 1 and per_meter:
            scale = _SCREEN / (per_meter / _METER)
    return width * scale, height * scale
