"""A narrow or low window keeps half of itself for the map, and nothing chosen is forgotten."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from depmap_gui.gui.main_window import MainWindow
from depmap_gui.gui.window_room import height_below, side_widths

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
LEAST = {"outline": 170.0, "details": 260.0}


def resized(window: MainWindow, width: int, height: int = 900) -> None:
    window.resize(width, height)
    for _ in range(4):
        QApplication.processEvents()


def share_of_map(window: MainWindow) -> float:
    return window.canvas.width() / window.width()


def width_of(window: MainWindow, name: str) -> int:
    return window.workspace.width_of(name)


# The rule -----------------------------------------------------------------------------------


def test_with_room_everybody_has_what_they_want() -> None:
    wanted = {"outline": 240.0, "details": 400.0}
    assert side_widths(1600, wanted, LEAST, 28) == wanted
    assert side_widths(1280, wanted, LEAST, 28) == wanted


def test_with_less_room_they_shrink_then_the_outline_folds_then_the_details() -> None:
    wanted = {"outline": 240.0, "details": 400.0}
    shrunk = side_widths(1000, wanted, LEAST, 28)
    assert sum(shrunk.values()) == pytest.approx(500.0)
    assert all(LEAST[name] < shrunk[name] < wanted[name] for name in wanted)
    assert side_widths(720, wanted, LEAST, 28) == {"outline": 0.0, "details": 332.0}
    assert side_widths(390, wanted, LEAST, 28) == {"outline": 0.0, "details": 0.0}


def test_what_was_asked_for_is_what_stays() -> None:
    wanted = {"outline": 240.0, "details": 400.0}
    assert side_widths(720, wanted, LEAST, 28, ["outline"]) == {"outline": 240.0, "details": 0.0}
    assert side_widths(300, wanted, LEAST, 28, ["outline"])["outline"] == 170.0


@given(
    st.floats(300, 3000),
    st.floats(170, 900),
    st.floats(260, 900),
    st.sampled_from([[], ["outline"], ["details"], ["details", "outline"]]),
)
def test_the_map_has_at_least_half_wherever_a_panel_can_fold(
    whole: float, outline: float, details: float, asked: list[str]
) -> None:
    found = side_widths(whole, {"outline": outline, "details": details}, LEAST, 28, asked)
    strips = 28 * sum(1 for width in found.values() if not width)
    if whole >= 2 * (260 + 28):
        assert sum(found.values()) + strips <= whole / 2 + 1e-6
    assert all(not width or width >= LEAST[name] - 1e-6 for name, width in found.items())


def test_the_panel_below_leaves_the_map_its_share() -> None:
    assert height_below(900, 250, 150, is_asked=False) == 250
    assert height_below(500, 250, 150, is_asked=False) == 200
    assert height_below(340, 250, 150, is_asked=False) == 0
    assert height_below(340, 250, 150, is_asked=True) == 150


# The window ---------------------------------------------------------------------------------


def test_panels_fold_as_the_window_narrows_and_come_back(open_map: MainWindow) -> None:
    workspace = open_map.workspace
    resized(open_map, 1600)
    before = [width_of(open_map, name) for name in LEAST]
    assert workspace.shown == ["outline", "details", "bottom"]
    for width in range(1500, 700, -100):
        resized(open_map, width)
        assert share_of_map(open_map) >= 0.49, width
    assert workspace.shown == ["details", "bottom"]
    assert not open_map.actions_table["view.panel.outline"].isChecked()
    assert workspace.strips["outline"].isVisible()
    resized(open_map, 1600)
    assert workspace.shown == ["outline", "details", "bottom"]
    assert [width_of(open_map, name) for name in LEAST] == before
    assert open_map.actions_table["view.panel.outline"].isChecked()


def test_a_folded_panel_is_a_click_away(open_map: MainWindow) -> None:
    workspace = open_map.workspace
    resized(open_map, 720)
    QTest.mouseClick(workspace.strips["outline"], Qt.MouseButton.LeftButton)
    assert "outline" in workspace.shown
    assert "details" not in workspace.shown
    assert share_of_map(open_map) >= 0.5
    # A page that is asked for brings its panel back.
    open_map.editor.select(("works",))
    open_map.actions_table["analyze.why"].trigger()
    assert "details" in workspace.shown
    assert workspace.details.currentWidget() is open_map.why
    open_map.actions_table["edit.find"].trigger()
    assert "outline" in workspace.shown


def test_a_hidden_panel_stays_hidden_through_all_sizes(open_map: MainWindow) -> None:
    open_map.actions_table["view.panel.details"].trigger()
    for width in (1600, 720, 1600):
        resized(open_map, width)
        assert "details" not in open_map.workspace.shown
        assert not open_map.workspace.strips["details"].isVisible()


def test_the_panel_below_folds_to_its_tabs(open_map: MainWindow) -> None:
    workspace = open_map.workspace
    resized(open_map, 1200, 480)
    assert "bottom" not in workspace.shown
    assert workspace.bottom.isVisible()
    assert workspace.bottom.height() < 60
    bar = workspace.bottom.tabBar()
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(1).center())
    assert "bottom" in workspace.shown
    assert workspace.bottom.currentWidget() is open_map.problems
    assert open_map.problems.isVisible()
    resized(open_map, 1200, 900)
    assert workspace.bottom.height() > 140


def test_closed_narrow_the_widths_of_the_wide_window_are_remembered(
    open_map: MainWindow,
) -> None:
    workspace = open_map.workspace
    resized(open_map, 1600, 1000)
    wide = [workspace.width_of(name) for name in LEAST] + [workspace.bottom.height()]
    resized(open_map, 720, 480)
    workspace.remember()
    workspace.restore()
    resized(open_map, 1600, 1000)
    assert [workspace.width_of(name) for name in LEAST] + [workspace.bottom.height()] == wide
