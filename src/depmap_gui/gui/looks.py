"""Dressing the whole program as the settings say: colors, text size, way of writing figures."""

from __future__ import annotations

import sys

from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication

from depmap_gui.gui.numbers import settle_locale
from depmap_gui.gui.settings import NUMBERS, TEXT_SIZE, THEME, Settings
from depmap_gui.gui.theme import Theme, apply_theme, theme_named

SMALLEST_TEXT = 0.8
LARGEST_TEXT = 2.0
_USUAL_POINTS = {"win32": 9.0, "darwin": 13.0}
"""The size of a desktop's own text as it comes, where that is not 10 or 11 points."""
_USUALLY_UP_TO = 1.15


def dress(app: QApplication, settings: Settings) -> Theme:
    """Dress every widget as the settings say; returns the theme for those that paint."""
    settle_locale(settings.value(NUMBERS))
    theme = theme_named(settings.value(THEME), text_scale(settings))
    apply_theme(app, theme)
    return theme


def text_scale(settings: Settings) -> float:
    """How large text is, 1.0 being as designed: as chosen, else as the system's own text is."""
    chosen = settings.value(TEXT_SIZE)
    return chosen / 100.0 if chosen else system_text_scale()


def system_text_scale() -> float:
    """How much larger or smaller the desktop's text is set than usual; 1.0 for about as usual."""
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    ratio = system.pointSizeF() / _USUAL_POINTS.get(sys.platform, 10.0)
    if ratio <= 0.0 or 1.0 / _USUALLY_UP_TO <= ratio <= _USUALLY_UP_TO:
        return 1.0
    return min(LARGEST_TEXT, max(SMALLEST_TEXT, round(ratio, 2)))
