"""The real program with a window onto its state: run as `observed_program.py ARGUMENT...`.

The program starts exactly as `python -m depmap_gui ARGUMENT...` does. Each line that comes in
on the standard input is answered by one line of JSON on the standard output: what is on the
screen and where, in pixels of the display. Nothing here acts; hands do, from outside.
"""

from __future__ import annotations

import json
import runpy
import sys
import threading
from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QObject, QPoint, QRect, Qt, Signal
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QMenu, QWidget

from depmap_gui.gui.canvas.labels import label_middle
from depmap_gui.gui.canvas.widget import MapCanvas
from depmap_gui.gui.main_window import MainWindow


class Eye(QObject):
    """Answers, in the window's own thread and between two events, what is to be seen."""

    asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.asked.connect(self._answer, Qt.ConnectionType.QueuedConnection)
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for _ in sys.stdin:
            self.asked.emit()

    def _answer(self) -> None:
        sys.stdout.write(json.dumps(seen()) + "\n")
        sys.stdout.flush()


def seen() -> dict[str, Any]:
    """What is on the screen: the window in front, its parts, its menus, and its map."""
    in_front = QApplication.activePopupWidget() or QApplication.activeWindow()
    focus = QApplication.focusWidget()
    window = _main_window(QApplication.activeWindow())
    return {
        "front": in_front.windowTitle() if in_front is not None else "",
        "focus": _name(focus) if focus is not None else "",
        "typed": focus.text() if isinstance(focus, QLineEdit) else "",
        "parts": [part for top in _shown_windows() for part in _parts(top)],
        "entries": [entry for menu in _menus() for entry in _entries(menu)],
        "windows": sum(isinstance(top, MainWindow) for top in _shown_windows()),
        **(_state(window) if window is not None else {}),
    }


def _shown_windows() -> list[QWidget]:
    return [top for top in QApplication.topLevelWidgets() if top.isVisible()]


def _main_window(widget: QWidget | None) -> MainWindow | None:
    while widget is not None and not isinstance(widget, MainWindow):
        widget = widget.parentWidget()
    if widget is not None:
        return widget
    return next((top for top in _shown_windows() if isinstance(top, MainWindow)), None)


def _name(widget: QWidget) -> str:
    if widget.accessibleName():
        return widget.accessibleName()
    return widget.text() if isinstance(widget, QAbstractButton) else type(widget).__name__


def _rect(widget: QWidget, inside: QRect | None = None) -> list[int]:
    area = inside if inside is not None else widget.rect()
    corner = widget.mapToGlobal(area.topLeft())
    return [corner.x(), corner.y(), area.width(), area.height()]


def _parts(top: QWidget) -> Iterator[dict[str, Any]]:
    for widget in (top, *top.findChildren(QWidget)):
        if isinstance(widget, QAbstractButton | QLineEdit | QComboBox | MapCanvas) and (
            widget.visibleRegion().contains(widget.rect().center())
        ):
            yield {
                "name": _name(widget),
                "kind": type(widget).__name__,
                "rect": _rect(widget),
                "works": widget.isEnabled(),
            }
    if isinstance(top, MainWindow):
        bar = top.menuBar()
        for action in bar.actions():
            rect = _rect(bar, bar.actionGeometry(action))
            yield {"name": action.text(), "kind": "Menu", "rect": rect, "works": True}


def _menus() -> list[QMenu]:
    return [top for top in _shown_windows() if isinstance(top, QMenu)]


def _entries(menu: QMenu) -> Iterator[dict[str, Any]]:
    for action in menu.actions():
        if not action.isSeparator():
            yield {
                "name": action.text(),
                "rect": _rect(menu, menu.actionGeometry(action)),
                "works": action.isEnabled(),
            }


def _state(window: MainWindow) -> dict[str, Any]:
    editor, canvas, project = window.editor, window.canvas, window.editor.project
    return {
        "title": window.windowTitle(),
        "is_open": window.files.is_open,
        "is_modified": window.isWindowModified(),
        "is_scored": editor.is_fresh,
        "is_busy": window.tasks.is_busy,
        "told": window.status.told.text(),
        "selected": [project.name(id) for id in editor.selection],
        "zoom": canvas.camera.zoom,
        "links": [_link(project, link) for link in project.links.values()],
        "undo": editor.history.undoText(),
        **_map(canvas),
    }


def _link(project: Any, link: Any) -> list[str]:
    return [project.name(link.source), link.kind.value, project.name(link.target)]


def _map(canvas: MapCanvas) -> dict[str, Any]:
    """Where cards and labels of links stand; nothing while the view still flies."""
    scene, camera = canvas.scene, canvas.camera

    def at(x: float, y: float) -> list[int]:
        left, top = camera.to_widget((x, y))
        spot = canvas.mapToGlobal(QPoint(round(left), round(top)))
        return [spot.x(), spot.y()]

    cards = {scene.name(row): at(*scene.centers[row]) for row in range(len(scene.ids))}
    labels = []
    for row, link in enumerate(scene.links):
        middle = label_middle(scene, row)
        labels.append([*_link(scene.project, link), at(middle.x(), middle.y())])
    return {"cards": cards, "labels": labels, "canvas": _rect(canvas)}


if __name__ == "__main__":
    eye = Eye()
    runpy.run_module("depmap_gui", run_name="__main__", alter_sys=True)
