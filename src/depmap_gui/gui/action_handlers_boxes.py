"""What the actions on notes, frames and the bends of links do."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from depmap_gui.domain.views import Tint


class Drawing(Protocol):
    """What these actions ask of the canvas."""

    def add_note(self) -> None:
        """Put a note on the view and let it be written on."""

    def add_frame(self) -> None:
        """Put a frame around the selected items, or on the page."""

    def tint_boxes(self, tint: Tint) -> None:
        """Give the selected notes and frames another color."""

    def add_bend(self) -> None:
        """Give the selected link a bend."""

    def straighten(self) -> None:
        """Take all bends of the selected links away."""


def box_handlers(canvas: Drawing) -> dict[str, Callable[[], object]]:
    """What each action on notes, frames and bends does, by id."""
    return {
        "insert.note": canvas.add_note,
        "insert.frame": canvas.add_frame,
        "arrange.bend": canvas.add_bend,
        "arrange.straighten": canvas.straighten,
        **{f"arrange.tint.{tint}": partial(canvas.tint_boxes, tint) for tint in Tint},
    }
