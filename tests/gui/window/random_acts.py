"""What a restless person does to a map, drawn by lot: actions, drags, typing, tables, imports.

Everything goes the way a person's doing goes: through the table of actions, mouse and key events
on the canvas, the cells of the tables. The lots are drawn from a seed, so a run can be repeated.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot
from window_parts import answers

from depmap_gui.gui.actions import ACTIONS
from depmap_gui.gui.canvas.inline import NewItemEditor, TargetPicker, TextEditor
from depmap_gui.gui.main_window import MainWindow
from depmap_gui.gui.panels.tables_view import TableView

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.MouseButton.NoButton
LEFT_OUT = frozenset(
    {"edit.undo", "edit.redo", "help.guide", "help.reset_settings", "view.full_screen"}
    | {spec.id for spec in ACTIONS if spec.id.startswith(("file.", "rules.", "view.theme."))}
)
"""Not drawn: undoing is the question itself; others leave the map, or cost much for nothing."""
ACTIONS_DRAWN = tuple(spec.id for spec in ACTIONS if spec.id not in LEFT_OUT)
NAMES = ("Anfang & Söhne", "Zelle", "宁德时代", "x" * 80, "A  B", "", "=1+1", "Työ")
FIGURES = ("60%", "0.25", "12.5m", "300", "10-15%", "nonsense", "", "?", "-1")


class RestlessPerson:
    """Does one thing after another on a window; ``last`` says what was done last."""

    def __init__(self, window: MainWindow, qtbot: QtBot, seed: int, folder: Path) -> None:
        self.window, self.qtbot = window, qtbot
        self.lots = random.Random(seed)
        self.folder = folder
        self.last = ""
        self._ways: tuple[tuple[int, Callable[[], str]], ...] = (
            (34, self.trigger),
            (14, self.select),
            (8, self.drag_card),
            (8, self.pull_link),
            (5, self.band),
            (6, self.type_figure),
            (4, self.double_click),
            (4, self.nudge),
            (5, self.fill_down),
            (4, self.type_in_cell),
            (3, self.paste_cells),
            (2, self.import_graph),
            (3, self.give_up_half_way),
        )

    def act(self) -> None:
        """Do one thing, whole: what it opens is filled in or given up, its jobs have ended."""
        weights = [weight for weight, _ in self._ways]
        (way,) = self.lots.choices([way for _, way in self._ways], weights)
        self.last = way()
        self._answer_what_opened()
        self.qtbot.waitUntil(lambda: not self.window.tasks.is_busy, timeout=60_000)
        QApplication.processEvents()

    # On the map --------------------------------------------------------------------------------

    def trigger(self) -> str:
        """One of the actions that can be done now."""
        table = self.window.actions_table
        id = self.lots.choice([id for id in ACTIONS_DRAWN if table[id].isEnabled()])
        table[id].trigger()
        return id

    def select(self) -> str:
        """A few items and links."""
        editor = self.window.editor
        known = [*editor.project.entities, *editor.project.links]
        chosen = self.lots.sample(known, min(len(known), self.lots.choice((1, 1, 1, 2, 3, 6))))
        editor.select(chosen)
        return f"select {chosen}"

    def drag_card(self) -> str:
        """One card, or all selected ones, somewhere else."""
        start = self._card()
        if start is None:
            return "no card to drag"
        end = start + QPoint(self.lots.randint(-200, 200), self.lots.randint(-150, 150))
        self._drag(start, end)
        return f"drag from {start} to {end}"

    def pull_link(self) -> str:
        """A line from the edge of one card to another card."""
        start, end = self._card(), self._card()
        if start is None or end is None:
            return "no cards to link"
        half = QPoint(round(106 * self.window.canvas.camera.zoom), 0)
        self._drag(start + self.lots.choice((half, -half)), end)
        return f"link from {start} to {end}"

    def band(self) -> str:
        """A rectangle around some cards."""
        start, end = self._spot(), self._spot()
        self._drag(start, end)
        return f"band from {start} to {end}"

    def double_click(self) -> str:
        """On a card, a link, a frame or the page."""
        spot = self._card() if self.lots.random() < 0.5 else self._spot()
        spot = spot or self._spot()
        QTest.mouseDClick(self.window.canvas, LEFT, pos=spot)
        return f"double-click at {spot}"

    def nudge(self) -> str:
        """The selected cards, a little."""
        key = self.lots.choice((Qt.Key.Key_Left, Qt.Key.Key_Down))
        QTest.keyClick(self.window.canvas, key, Qt.KeyboardModifier.ControlModifier)
        return "nudge"

    def type_figure(self) -> str:
        """On a link."""
        links = list(self.window.editor.project.links)
        if not links:
            return "no link"
        link = self.lots.choice(links)
        self.window.canvas.edit_label(link)
        return f"type on {link}"

    def give_up_half_way(self) -> str:
        """Begin to drag a card or to place one, and press Esc."""
        start, canvas = self._card() or self._spot(), self.window.canvas
        if self.lots.random() < 0.5:
            self._mouse(QEvent.Type.MouseButtonPress, start, LEFT)
            self._mouse(QEvent.Type.MouseMove, start + QPoint(60, 40), LEFT)
        else:
            canvas.start_placing(self.lots.choice([*self.window.toolbar.kinds.buttons]))
        QTest.keyClick(canvas, Qt.Key.Key_Escape)
        self._mouse(QEvent.Type.MouseButtonRelease, start, NONE)
        return "give up"

    def _card(self) -> QPoint | None:
        canvas = self.window.canvas
        inside = [
            point
            for id in canvas.scene.ids
            if canvas.rect().contains(point := canvas.point_of(id).toPoint())
        ]
        return self.lots.choice(inside) if inside else None

    def _spot(self) -> QPoint:
        area = self.window.canvas.size()
        across, down = self.lots.random(), self.lots.random()
        return QPoint(round(across * (area.width() - 1)), round(down * (area.height() - 1)))

    def _drag(self, start: QPoint, end: QPoint) -> None:
        self._mouse(QEvent.Type.MouseMove, start, NONE)
        self._mouse(QEvent.Type.MouseButtonPress, start, LEFT)
        for step in (1, 2, 3):
            self._mouse(QEvent.Type.MouseMove, start + (end - start) * step / 3, LEFT)
        self._mouse(QEvent.Type.MouseButtonRelease, end, NONE)

    def _mouse(self, kind: QEvent.Type, spot: QPoint, held: Qt.MouseButton) -> None:
        canvas = self.window.canvas
        button = NONE if kind is QEvent.Type.MouseMove else LEFT
        where, keys = QPointF(canvas.mapToGlobal(spot)), Qt.KeyboardModifier.NoModifier
        event = QMouseEvent(kind, QPointF(spot), where, button, held, keys)
        QApplication.sendEvent(canvas, event)

    # In the tables -----------------------------------------------------------------------------

    def fill_down(self) -> str:
        """A block of cells of one of the tables."""
        view = self._table()
        rows, columns = view.model().rowCount(), view.model().columnCount()
        if rows < 2:
            return "no rows to fill"
        at, column = self.lots.randrange(rows - 1), self.lots.randrange(columns)
        view.selectionModel().clearSelection()
        for row in range(at, min(rows, at + 3)):
            flag = view.selectionModel().SelectionFlag.Select
            view.selectionModel().select(view.model().index(row, column), flag)
        view.fill_down()
        return f"fill down column {column}"

    def type_in_cell(self) -> str:
        """A figure or a name into any cell."""
        view = self._table()
        rows, columns = view.model().rowCount(), view.model().columnCount()
        if not rows:
            return "no cells"
        index = view.model().index(self.lots.randrange(rows), self.lots.randrange(columns))
        words = self.lots.choice(NAMES + FIGURES)
        view.model().setData(index, words)
        return f"type {words!r} into a cell"

    def paste_cells(self) -> str:
        """Some cells of a spreadsheet into a table."""
        view = self._table()
        if not view.model().rowCount():
            return "no rows to paste into"
        view.setCurrentIndex(view.model().index(0, self.lots.randrange(view.model().columnCount())))
        rows = ["\t".join(self.lots.choices(NAMES[:2] + FIGURES, k=2)) for _ in range(2)]
        QGuiApplication.clipboard().setText("\n".join(rows))
        view.paste()
        return f"paste {rows}"

    def _table(self) -> TableView:
        tables, project = self.window.tables, self.window.editor.project
        records = [*project.entities.values(), *project.links.values()]
        if records:
            tables.show_kind(self.lots.choice(records).kind)
        return tables.view

    def import_graph(self) -> str:
        """A small graph of another program."""
        name = self.lots.choice(("Graph A", "Graph B", "Graph C"))
        path = self.folder / f"{name}.graphml"
        path.write_text(GRAPH.format(name=name), encoding="utf-8")
        self.window.imports.import_path(path)
        return f"import {path.name}"

    # What opens --------------------------------------------------------------------------------

    def _answer_what_opened(self) -> None:
        """Fill in what is open for typing, or give it up; choose from menus; close dialogs."""
        QApplication.processEvents()
        menu = self.window.canvas.link_menu
        if isinstance(menu, QMenu) and menu.isVisible():
            self.lots.choice(menu.actions()).trigger()
            menu.close()
        for _ in range(3):
            editor = self.window.canvas.open_editor
            if editor is None:
                break
            self._fill_in(editor)
            QApplication.processEvents()
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, QDialog | QMenu) and widget.isVisible():
                widget.close()
        answers(self.window).told.clear()

    def _fill_in(self, editor: QWidget) -> None:
        keeps = self.lots.random() < 0.75
        control = Qt.KeyboardModifier.NoModifier
        match editor:
            case NewItemEditor():
                editor.name.setText(self.lots.choice(NAMES))
                editor.kind.setCurrentIndex(self.lots.randrange(editor.kind.count()))
            case TargetPicker():
                editor.filter.setText("")
            case QLineEdit():
                editor.setText(self.lots.choice(NAMES + FIGURES))
            case TextEditor():
                editor.setPlainText("\n".join(self.lots.choices(NAMES, k=2)))
                control = Qt.KeyboardModifier.ControlModifier
        key = Qt.Key.Key_Return if keeps else Qt.Key.Key_Escape
        QTest.keyClick(editor.findChild(QLineEdit) or editor, key, control)


GRAPH = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <key id="n" for="node" attr.name="label" attr.type="string"/>
  <graph edgedefault="directed">
    <node id="a"><data key="n">{name} supplier</data></node>
    <node id="b"><data key="n">{name} buyer</data></node>
    <edge source="a" target="b"/>
  </graph>
</graphml>
"""
