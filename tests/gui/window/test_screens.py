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

from depmap_gui.gui import screen_stage
from depmap_gui.gui.screen_stage import Manner, Stage
from depmap_gui.gui.screens import SCREENS, Screen

# The platform without a display says so of each window of its own; that is its matter.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

ROUNDING = 2


LARGER_NAMES = {
    *("start-page-recent", "guide", "plant-scores", "plant-why", "uncertainty-sampled"),
    *("plant-properties", "company-scores", "company-properties", "license-scores"),
    *("license-properties", "supplies-properties", "map-properties", "companies-properties"),
    *("source-open", "plant-links", "shock", "problems", "years", "settings"),
    *("command-palette", "shortcuts", "about", "crash", "faults", "unsaved-changes"),
    *("confirm", "recovered", "told", "compared", "workbook-review", "graph-review"),
    *("rules-browser", "name-matches", "import-sheets", "import-columns", "import-review"),
    *("smallest-window", "trace", "job-under-way", "two-views"),
    *("report-options",),
    *("scenarios-compared", "scenarios-none", "scenario-changes", "scenario-of-base"),
    *("way-back", "way-back-none"),
}
LARGER = [screen for screen in SCREENS if screen.name in LARGER_NAMES]
"""Those that are drawn with larger text too: every dialog, and one of each kind of panel."""


WORDS = [screen for screen in SCREENS if not screen.name.startswith(("table-", "menu-"))]
"""All but the tables of each kind and the menus, which have no labels or buttons to be clipped."""


@pytest.mark.parametrize("screen", WORDS, ids=[screen.name for screen in WORDS])
def test_screen_is_drawn_whole_and_all_on_it_has_a_name(
    screen: Screen, qtbot: QtBot, qapp, tmp_path, monkeypatch
):
    _is_whole(screen, Manner(), qtbot, qapp, tmp_path, monkeypatch)


@pytest.mark.parametrize("screen", LARGER, ids=[screen.name for screen in LARGER])
def test_nothing_is_clipped_in_larger_text(
    screen: Screen, qtbot: QtBot, qapp, tmp_path, monkeypatch
):
    _is_whole(screen, Manner(text=150), qtbot, qapp, tmp_path, monkeypatch)


def _is_whole(screen, manner, qtbot, qapp, tmp_path, monkeypatch):
    monkeypatch.setattr(screen_stage, "SETTLE_S", 0.02)
    stage = Stage(qapp, manner, tmp_path)
    try:
        shown = screen.show(stage)
        assert list(nameless(shown)) == []
        # Layouts settle in their own time.
        for _ in range(60):
            if not list(clipped(shown)):
                break
            qtbot.wait(50)
        assert list(clipped(shown)) == []
        drawn = shown.grab().toImage()
    finally:
        stage.close()
    tones = {
        drawn.pixelColor(x, y).rgb()
        for x in range(0, drawn.width(), 7)
        for y in range(0, drawn.height(), 7)
    }
    assert len(tones) > 10


def test_all_that_is_to_be_drawn_larger_is_there():
    assert {screen.name for screen in LARGER} == LARGER_NAMES


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
