"""The letters of the report: sizes, colors and fonts, measured in device units of its pages."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from PySide6.QtGui import QFont

from depmap_gui.gui.theme import LIGHT, font

UNIT = 20.0
"""Device units in a point: fine enough that letters stand where they are measured."""
_FIGURES = {
    QFont.Weight.Normal: "Inter Figures",
    QFont.Weight.DemiBold: "Inter Figures SemiBold",
}


class Style(NamedTuple):
    """How a run of words is set. ``leading`` is from line to line, both in points."""

    points: float
    leading: float
    color: str = LIGHT.text
    weight: QFont.Weight = QFont.Weight.Normal
    has_figures: bool = False

    def colored(self, color: str) -> Style:
        """The same in another color."""
        return self._replace(color=color)

    @property
    def strong(self) -> Style:
        """The same, heavier."""
        return self._replace(weight=QFont.Weight.DemiBold)

    @property
    def figures(self) -> Style:
        """The same with figures of one width, for columns of numbers."""
        return self._replace(has_figures=True)


TITLE = Style(22.0, 27.0, weight=QFont.Weight.Bold)
HEADING = Style(14.0, 19.0, weight=QFont.Weight.DemiBold)
SUBHEADING = Style(10.5, 15.0, weight=QFont.Weight.DemiBold)
BODY = Style(8.75, 12.5)
SMALL = Style(7.5, 10.5)
MUTED = SMALL.colored(LIGHT.muted)
HEAD = Style(7.0, 9.5, LIGHT.muted, QFont.Weight.DemiBold)
TINY = Style(6.0, 8.0, LIGHT.muted)
FOOT = Style(6.75, 9.0, LIGHT.muted)


class Run(NamedTuple):
    """Words in one style."""

    text: str
    style: Style


@cache
def face(style: Style) -> QFont:
    """The font of a style, its height in device units.

    Inter joins some signs into forms that stand for no letter, which nobody could find or copy
    in a PDF; that is switched off. The figures come as a font of their own for the same reason.
    """
    made = font(weight=style.weight)
    if style.has_figures:
        made.setFamilies([_FIGURES.get(style.weight, _FIGURES[QFont.Weight.Normal]),
                          *made.families()])  # fmt: skip
    made.setFeature(QFont.Tag("calt"), 0)
    made.setPixelSize(round(style.points * UNIT))
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made
