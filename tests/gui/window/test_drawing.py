"""A small map drawn from an empty page: by mouse alone, and by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot
from window_parts import answers, wait_scored

from depmap_gui.domain.kinds import EntityKind, LinkKind
from depmap_gui.domain.project import Project
from depmap_gui.gui.main_window import MainWindow
from depmap_gui.gui.panels.palette import KindPalette
from depmap_gui.project.file import project_bytes, read_project
from depmap_gui.session.viewports import looked_at

LEFT = Qt.MouseButton.LeftButton
SETTLE_MS = 250
"""Longer than it takes to score the map anew: what is being typed must outlive that."""


def the(project: Project, name: str) -> str:
    """The id of the one item of that name."""
    (found,) = [entity.id for entity in project.entities.values() if entity.name == name]
    return found


def drawn(project: Project) -> set[tuple[str, str, str]]:
    """The links as (source name, kind, target name)."""
    return {
        (project.name(link.source), link.kind.value, project.name(link.target))
        for link in project.links.values()
    }


EXPECTED = {
    ("China", "located", "CellCo"),
    ("CellCo", "licenses", "Deal"),
    ("Deal", "uses", "Works"),
    ("Maker", "operates", "Works"),
}
ITEMS = (
    ("Works", EntityKind.PLANT),
    ("Maker", EntityKind.COMPANY),
    ("CellCo", EntityKind.COMPANY),
    ("Deal", EntityKind.LICENSE),
    ("China", EntityKind.JURISDICTION),
)
LINKS = (("China", "CellCo"), ("CellCo", "Deal"), ("Deal", "Works"), ("Maker", "Works"))


def typed(qtbot: QtBot, text: str) -> None:
    """Type into whatever has the keys, some time after it got them."""
    qtbot.wait(SETTLE_MS)
    holder = QApplication.focusWidget()
    assert holder is not None, "nothing has the keys"
    qtbot.keyClicks(holder, text)
    qtbot.keyClick(holder, Qt.Key.Key_Return)


def choose(qtbot: QtBot, window: MainWindow, kind: LinkKind) -> None:
    """Take one kind from the menu of link kinds, where it opened."""
    menu = window.canvas.link_menu
    if isinstance(menu, QMenu) and menu.isVisible():
        entry, *_ = [action for action in menu.actions() if action.data() == kind.value]
        qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(entry).center())


def place(window: MainWindow, id: str) -> QPoint:
    """The pixel of the canvas in the middle of a card."""
    return window.canvas.point_of(id).toPoint()


def drag(window: MainWindow, start: QPoint, end: QPoint) -> None:
    """Hover, press, move in steps, release: with the button held, which QTest's moves are not."""
    canvas = window.canvas
    steps = [start + (end - start) * step / 5 for step in range(1, 6)]
    events = [(QEvent.Type.MouseMove, start, Qt.MouseButton.NoButton)]
    events += [(QEvent.Type.MouseButtonPress, start, LEFT)]
    events += [(QEvent.Type.MouseMove, point, LEFT) for point in steps]
    events += [(QEvent.Type.MouseButtonRelease, end, Qt.MouseButton.NoButton)]
    for kind, point, held in events:
        where = QPointF(canvas.mapToGlobal(point))
        button = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseMove else LEFT
        keys = Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(canvas, QMouseEvent(kind, QPointF(point), where, button, held, keys))


def by_mouse(qtbot: QtBot, window: MainWindow) -> None:
    """Click each kind in the toolbar and name it; pull a line from port to card."""
    (palette,) = window.findChildren(KindPalette)
    for name, kind in ITEMS:
        qtbot.mouseClick(palette.buttons[kind], LEFT)
        typed(qtbot, name)
    half_card = QPoint(round(106 * window.canvas.camera.zoom), 0)
    for source, target in LINKS:
        project = window.editor.project
        card = place(window, the(project, source))
        drag(window, card + half_card, place(window, the(project, target)))
        (kind,) = [LinkKind(k) for s, k, t in EXPECTED if (s, t) == (source, target)]
        choose(qtbot, window, kind)


def by_keyboard(qtbot: QtBot, window: MainWindow) -> None:
    """Press each kind's key and name it; go to a card, press K, type the other's name."""
    keys = {
        EntityKind.PLANT: Qt.Key.Key_P,
        EntityKind.COMPANY: Qt.Key.Key_C,
        EntityKind.LICENSE: Qt.Key.Key_L,
        EntityKind.JURISDICTION: Qt.Key.Key_J,
    }
    for name, kind in ITEMS:
        window.canvas.setFocus()
        qtbot.keyClick(window.canvas, keys[kind])
        typed(qtbot, name)
    for source, target in LINKS:
        wanted = the(window.editor.project, source)
        for _ in range(len(ITEMS) + 1):
            if window.editor.selection == (wanted,):
                break
            qtbot.keyClick(window.canvas, Qt.Key.Key_Tab)
        qtbot.keyClick(window.canvas, Qt.Key.Key_K)
        typed(qtbot, target)
        (kind,) = [LinkKind(k) for s, k, t in EXPECTED if (s, t) == (source, target)]
        menu = window.canvas.link_menu
        if isinstance(menu, QMenu) and menu.isVisible():
            while menu.activeAction().data() != kind.value:
                qtbot.keyClick(menu, Qt.Key.Key_Down)
            qtbot.keyClick(menu, Qt.Key.Key_Return)
        window.activateWindow()
        window.canvas.setFocus()


# A popup menu asks for the keys of the whole display, which the offscreen one cannot give.
@pytest.mark.qt_log_ignore("This plugin does not support")
@pytest.mark.parametrize("draw", [by_mouse, by_keyboard])
def test_a_map_is_drawn_saved_and_reopened(
    qtbot: QtBot,
    window: MainWindow,
    tmp_path: Path,
    draw: Callable[[QtBot, MainWindow], None],
) -> None:
    window.activateWindow()
    qtbot.waitActive(window)
    window.actions_table["file.new"].trigger()
    draw(qtbot, window)
    assert drawn(window.editor.project) == EXPECTED
    wait_scored(window, qtbot)
    works = the(window.editor.project, "Works")
    assert window.editor.assessment.scores.ip[works] == {"unknown": 1.0}

    path = tmp_path / "drawn.depmap"
    answers(window).save_path = path
    window.actions_table["file.save"].trigger()
    qtbot.waitUntil(lambda: not window.editor.is_modified)
    written = read_project(path)
    # Where one looked is written along with it, and is no part of what was drawn.
    plain = looked_at(written, dict.fromkeys(written.views))
    assert project_bytes(plain) == project_bytes(window.editor.project)
    assert window.open_path(path)
    assert drawn(window.editor.project) == EXPECTED
    centers = read_project(path).views[window.editor.view.id].positions
    assert len(set(centers.values())) == len(ITEMS)


def test_a_click_with_shift_asks_for_a_place_on_the_map(qtbot: QtBot, window: MainWindow) -> None:
    window.actions_table["file.new"].trigger()
    (palette,) = window.findChildren(KindPalette)
    shift = Qt.KeyboardModifier.ShiftModifier
    qtbot.mouseClick(palette.buttons[EntityKind.PLANT], LEFT, shift)
    assert not window.editor.project.entities
    spot = QPoint(300, 200)
    qtbot.mouseMove(window.canvas, spot)
    qtbot.mouseClick(window.canvas, LEFT, pos=spot)
    (plant,) = window.editor.project.entities
    assert (place(window, plant) - spot).manhattanLength() <= 2
