"""The shortcut sheet: every key of the program on one page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from depmap_gui.gui.dialogs.buttons import close_row

MOUSE_AND_CANVAS: tuple[tuple[str, str], ...] = (
    ("Drag from an item’s edge to another", "Link them"),
    ("Double-click the page", "Add an item there"),
    ("Double-click a group’s title or card", "Collapse or expand it"),
    ("Drag on the page", "Select what the band touches"),
    ("Drag a link’s line, or double-click it", "Bend it there"),
    ("Double-click a bend, or Delete on it", "Take the bend away"),
    ("Drag a frame’s title or edge", "Move it with what stands on it; with Alt, alone"),
    ("Double-click a note or a frame’s title", "Write on it"),
    ("Space or middle button, and drag", "Move the page"),
    ("Wheel with Ctrl", "Zoom at the pointer; the settings can have them the other way"),
    ("Arrow keys", "Go from item to item"),
    ("Ctrl and arrow keys", "Move the selection"),
    ("Enter", "Properties of the selection"),
    ("Esc", "Give up what is under way"),
)
"""What the mouse and the canvas's own keys do, as (gesture, effect)."""


class ShortcutSheet(QDialog):
    """Groups of (what, keys) in two columns."""

    def __init__(
        self, groups: Mapping[str, Sequence[tuple[str, str]]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        columns = QHBoxLayout()
        columns.setSpacing(36)
        halves = _halves(groups)
        for names in halves:
            column = QVBoxLayout()
            column.setSpacing(18)
            for name in names:
                column.addLayout(_group(name, groups[name]))
            column.addStretch(1)
            columns.addLayout(column, 1)
        inner = QWidget()
        inner.setLayout(columns)
        columns.setContentsMargins(24, 20, 24, 12)
        scroll = QScrollArea()
        scroll.setAccessibleName("Keyboard shortcuts")
        scroll.setWidgetResizable(True)
        scroll.setWidget(inner)
        buttons = close_row(self)
        buttons.setContentsMargins(0, 0, 16, 12)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll, 1)
        layout.addWidget(buttons)
        wanted = inner.sizeHint()
        self.resize(max(700, wanted.width() + 30), min(820, wanted.height() + 80))


def _halves(groups: Mapping[str, Sequence[object]]) -> tuple[list[str], list[str]]:
    """The groups in two columns of about the same length, in their order."""
    total = sum(len(rows) + 2 for rows in groups.values())
    left: list[str] = []
    right: list[str] = []
    height = 0
    for name, rows in groups.items():
        (left if height + len(rows) / 2 < total / 2 else right).append(name)
        height += len(rows) + 2
    return left, right


def _group(name: str, rows: Sequence[tuple[str, str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(20)
    grid.setVerticalSpacing(7)
    heading = QLabel(name)
    heading.setProperty("role", "heading")
    grid.addWidget(heading, 0, 0, 1, 2)
    for row, (what, keys) in enumerate(rows, start=1):
        label = QLabel(what)
        label.setWordWrap(True)
        combination = QLabel(keys)
        combination.setProperty("role", "muted")
        combination.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        combination.setWordWrap(len(keys) > 24)
        grid.addWidget(label, row, 0)
        grid.addWidget(combination, row, 1)
    grid.setColumnStretch(0, 1)
    return grid
