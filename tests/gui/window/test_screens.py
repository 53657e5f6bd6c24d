"""Every row of the table of screens can be brought about; nothing on it is clipped or nameless."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLabel,
    QLineEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from depmap_gui.gui import screens
from depmap_gui.gui.screens import SCREENS, Screen, Stage
from depmap_gui.gui.settings import ThemeChoice

# The platform without a display says so of each window of its own; that is its matter.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

ROUNDING = 2


@pytest.mark.parametrize("screen", SCREENS, ids=[screen.name for screen in SCREENS])
def test_screen_is_drawn_whole_and_all_on_it_has_a_name(
    screen: Screen, qtbot: QtBot, qapp, tmp_path, monkeypatch
):
    monkeypatch.setattr(screens, "SETTLE_S", 0.02)
    stage = Stage(qapp, ThemeChoice.LIGHT, tmp_path)
    try:
        shown = screen.show(stage)
        assert list(nameless(shown)) == []
        # Layouts settle in their own time.
        qtbot.waitUntil(lambda: not list(clipped(shown)), timeout=3_000)
        drawn = shown.grab().toImage()
    finally:
        stage.close()
    tones = {
        drawn.pixelColor(x, y).rgb()
        for x in range(0, drawn.width(), 7)
        for y in range(0, drawn.height(), 7)
    }
    assert len(tones) > 10


def test_no_two_screens_share_a_name():
    names = [screen.name for screen in SCREENS]
    assert len(set(names)) == len(names)


def nameless(root: QWidget) -> Iterator[str]:
    """What the keyboard reaches and a screen reader could not name."""
    for each in root.findChildren(QWidget):
        if not each.isVisible() or each.focusPolicy() == Qt.FocusPolicy.NoFocus:
            continue
        if each.objectName().startswith("qt_"):
            continue  # parts of Qt's own controls, named by these
        said = each.accessibleName()
        match each:
            case QAbstractButton() | QLabel():
                said = said or each.text()
            case QLineEdit():
                said = said or each.placeholderText()
        if not said:
            yield f"{type(each).__name__} in {type(each.parent()).__name__}"


def clipped(root: QWidget) -> Iterator[str]:
    """Labels and buttons with less room than their words need."""
    for each in root.findChildren(QWidget):
        if not each.isVisible() or isinstance(each, QComboBox | QAbstractItemView):
            continue
        match each:
            case QLabel() if each.wordWrap():
                is_clipped = each.heightForWidth(each.width()) > each.height() + ROUNDING
            case QLabel() if each.text():
                # With a buddy the sign marks an access key and is not drawn.
                words = each.text().replace("&", "") if each.buddy() else each.text()
                needed = each.fontMetrics().horizontalAdvance(words)
                is_clipped = needed > each.contentsRect().width() + ROUNDING
            case QAbstractButton() if each.text():
                is_clipped = each.sizeHint().width() > each.width() + ROUNDING
            case _:
                is_clipped = False
        if is_clipped:
            yield f"{type(each).__name__} '{each.text()[:60]}'"
