"""The banner over the map while a shock is on: what is off, how it looks, and the way out."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from depmap_gui.gui.canvas.line_banner import LineBanner, Look
from depmap_gui.gui.theme import Theme

_LOOK = Look(
    "Shock",
    "shock",
    "ineligible",
    "ineligible_text",
    "Show what is lost (Ctrl+Shift+K)",
    "End the shock: switch everything on again",
)


class ShockBanner(LineBanner):
    """Its words lead to the panel; its cross ends the shock."""

    def __init__(self, theme: Theme, over: QWidget) -> None:
        super().__init__(_LOOK, theme, over)
