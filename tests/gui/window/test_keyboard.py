"""Everything is reached by keys, in reading order, and one sees where they go."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QContextMenuEvent, QImage
from PySide6.QtWidgets import QApplication, QMenu, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from depmap_gui.gui.action_menus import palette_entries
from depmap_gui.gui.main_window import MainWindow
from depmap_gui.gui.panels.tables_view import TableView
from depmap_gui.gui.window_focus import reading_order

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

LEAST_SEEN = 40
"""Pixels that must look different where the keys are."""


@pytest.fixture
def at_work(open_map: MainWindow, qtbot: QtBot) -> MainWindow:
    """The window with a plant selected and the keys on the map."""
    open_map.editor.select(["works"])
    open_map.activateWindow()
    open_map.canvas.setFocus()
    qtbot.waitUntil(open_map.canvas.hasFocus)
    return open_map


def reached(window: MainWindow) -> list[QWidget]:
    """What Tab should reach, part by part."""
    return [widget for part in window.workspace.parts for widget in reading_order(part)] + (
        reading_order(window.status)
    )


def say(widget: QWidget) -> str:
    return f"{type(widget).__name__} '{widget.accessibleName()}'"


def test_tab_goes_through_the_whole_window(at_work: MainWindow, qtbot: QtBot):
    table = at_work.tables.view
    expected = [widget for widget in reached(at_work) if widget is not table]
    seen: list[QWidget] = []
    at_work.status.zoom.setFocus()
    for _ in range(len(expected) + 60):
        now = QApplication.focusWidget()
        assert now is not None
        if isinstance(now, TableView):
            # It keeps Tab for its cells, as a spreadsheet does; F6 leads out.
            at_work.actions_table["view.next_part"].trigger()
        else:
            qtbot.keyClick(now, Qt.Key.Key_Tab)
        now = QApplication.focusWidget()
        if now in seen and now is not at_work.canvas:
            break
        seen.append(now)
    missed = [say(widget) for widget in expected if widget not in seen]
    assert missed == []


def test_tab_reads_panels_that_were_filled_later(at_work: MainWindow, qtbot: QtBot):
    at_work.workspace.show_page(at_work.scores)
    bar = at_work.workspace.details.tabBar()
    bar.setFocus()
    qtbot.keyClick(bar, Qt.Key.Key_Tab)
    now = QApplication.focusWidget()
    assert at_work.scores.isAncestorOf(now)
    qtbot.keyClick(now, Qt.Key.Key_Backtab)
    assert QApplication.focusWidget() is bar


def test_f6_goes_from_part_to_part_and_back(at_work: MainWindow):
    parts = [part for part in at_work.workspace.parts if part.isVisible()] + [at_work.status]
    visited = []
    for _ in parts:
        at_work.actions_table["view.next_part"].trigger()
        now = QApplication.focusWidget()
        visited.append(next(n for n, part in enumerate(parts) if part.isAncestorOf(now)))
    start = visited[-1]
    assert visited == [(start + 1 + n) % len(parts) for n in range(len(parts))]
    assert QApplication.focusWidget() is at_work.canvas
    at_work.actions_table["view.previous_part"].trigger()
    assert at_work.outline.isAncestorOf(QApplication.focusWidget())


def picture(widget: QWidget) -> QImage:
    """The widget and a little around it, as the window shows it."""
    window = widget.window()
    corner = widget.mapTo(window, QPoint(0, 0))
    around = QRect(corner, widget.size()).adjusted(-4, -4, 4, 4).intersected(window.rect())
    return window.grab(around).toImage()


def different(one: QImage, other: QImage) -> int:
    """In how many pixels they differ, up to a few more than are needed."""
    if one.size() != other.size():
        return LEAST_SEEN
    found = 0
    for y in range(one.height()):
        for x in range(one.width()):
            found += one.pixel(x, y) != other.pixel(x, y)
            if found >= LEAST_SEEN:
                return found
    return found


def bring_into_sight(widget: QWidget) -> None:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            parent.ensureWidgetVisible(widget)
        parent = parent.parentWidget()
    QApplication.processEvents()


def one_of_each(window: MainWindow) -> Iterator[QWidget]:
    """One control of each class and look."""
    known = set()
    for widget in reached(window):
        looks = tuple(widget.property(name) for name in ("link", "flat", "primary", "role"))
        if (key := (type(widget), type(widget.parentWidget()), looks)) not in known:
            known.add(key)
            yield widget


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("page", ["scores", "inspector", "links", "sources", "shock"])
def test_one_sees_where_the_keys_go(at_work: MainWindow, theme: str, page: str):
    at_work.actions_table[f"view.theme.{theme}"].trigger()
    at_work.workspace.show_page(getattr(at_work, page))
    QApplication.processEvents()
    unseen = []
    for widget in one_of_each(at_work):
        if (now := QApplication.focusWidget()) is not None:
            now.clearFocus()
        bring_into_sight(widget)
        before = picture(widget)
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        QApplication.processEvents()
        if different(before, picture(widget)) < LEAST_SEEN:
            unseen.append(say(widget))
    assert unseen == []


def access_keys(menu: QMenu) -> list[str]:
    texts = [each.text().replace("&&", "") for each in menu.actions() if each.isVisible()]
    return [text[text.index("&") + 1].lower() for text in texts if "&" in text]


def menus_of(window: MainWindow) -> Iterator[tuple[str, QMenu]]:
    for menu in window.menuBar().findChildren(QMenu):
        menu.aboutToShow.emit()
        yield menu.title(), menu
    yield "cells", window.tables.cell_menu(window.tables.view)


def test_no_two_entries_of_a_menu_share_an_access_key(open_map: MainWindow):
    clashes = {
        title: sorted({key for key in keys if keys.count(key) > 1})
        for title, menu in menus_of(open_map)
        if len(set(keys := access_keys(menu))) < len(keys)
    }
    assert clashes == {}


def test_the_menus_of_the_bar_have_keys_of_their_own(open_map: MainWindow):
    titles = [action.text() for action in open_map.menuBar().actions()]
    keys = [title[title.index("&") + 1].lower() for title in titles]
    assert len(set(keys)) == len(keys)


def test_every_action_that_can_be_done_is_in_the_palette(at_work: MainWindow):
    entries = palette_entries(
        at_work.actions_table, at_work.choices, at_work.editor, at_work.theme, is_open=True
    )
    offered = " | ".join(entry.text for entry in entries)
    missing = [
        spec.id
        for id, spec in at_work.actions_table.specs.items()
        if at_work.actions_table[id].isEnabled()
        and id != "help.palette"
        and spec.plain_text.rstrip("…") not in offered
    ]
    assert missing == []


def test_the_menu_key_opens_the_menu_of_what_is_selected(at_work: MainWindow):
    opened: list[object] = []
    at_work.canvas.context_menu_requested.connect(lambda at, ids: opened.append((at, ids)))
    key = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(5, 5), QPoint(5, 5))
    QApplication.sendEvent(at_work.canvas, key)
    ((_, ids),) = opened
    assert ids == ("works",) or ids == ["works"]
    menu = next(m for m in at_work.findChildren(QMenu) if m.isVisible())
    menu.close()
