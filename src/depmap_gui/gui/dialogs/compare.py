"""Two versions of a map beside the list of what differs: choose a line to fly there."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from depmap_gui.domain.differences import Change, count_words
from depmap_gui.gui import numbers
from depmap_gui.gui.canvas.change_marks import tone, words
from depmap_gui.gui.dialogs.compare_map import CompareMap
from depmap_gui.gui.dialogs.difference_list import DifferenceList
from depmap_gui.gui.dialogs.differences import notes
from depmap_gui.gui.theme import Theme
from depmap_gui.session.round_trip import Comparison, marks, union

_SIZE = (1280, 760)
_SHARES = (760, 520)


class CompareWindow(QDialog):
    """The open map compared with another version; nothing is changed by looking."""

    def __init__(
        self,
        comparison: Comparison,
        names: tuple[str, str],
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        before, after = names
        self.setWindowTitle(f"{before} and {after}")
        found = marks(comparison)
        removed = [id for id, change in found.items() if change is Change.REMOVED]
        both = union(comparison.before, comparison.after, removed)
        self.map = CompareMap(both, found, theme)
        self.list = DifferenceList(comparison, reviewed=False)
        self.list.jump_requested.connect(self.map.show_id)
        heading = QLabel(
            f"From “{before}” to “{after}”: "
            f"{count_words([each.difference for each in comparison.told])}"
        )
        heading.setProperty("role", "heading")
        heading.setTextFormat(Qt.TextFormat.PlainText)
        heading.setWordWrap(True)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.map)
        split.addWidget(self.list)
        split.setSizes(list(_SHARES))
        split.setStretchFactor(0, 1)
        split.setChildrenCollapsible(False)
        self.list.setContentsMargins(12, 0, 0, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 14)
        layout.setSpacing(10)
        layout.addWidget(heading)
        layout.addWidget(_legend(Counter(found.values()), theme))
        if told := (*comparison.notices, *(f"The {s} stand in another order."
                                           for s in comparison.order)):  # fmt: skip
            layout.addWidget(notes(told))
        layout.addWidget(split, 1)
        layout.addLayout(self._buttons())
        self.resize(*_SIZE)

    def _buttons(self) -> QHBoxLayout:
        buttons = QHBoxLayout()
        fit = QPushButton("Show &whole map")
        fit.setAutoDefault(False)
        fit.clicked.connect(self.map.fit)
        close = QPushButton("C&lose")
        close.setDefault(True)
        close.clicked.connect(self.close)
        buttons.addWidget(fit)
        buttons.addStretch(1)
        buttons.addWidget(close)
        return buttons


def _legend(counted: Counter[Change], theme: Theme) -> QLabel:
    """What the frames on the map mean, and how many there are."""
    frames = {
        Change.ADDED: "solid frame",
        Change.REMOVED: "dashed frame",
        Change.CHANGED: "dotted frame",
    }
    parts = [
        f'<span style="color: {tone(change, theme)}">■</span> {words(change)} '
        f"({frames[change]}): {numbers.count(counted[change])}"
        for change in Change
    ]
    made = QLabel("On the map:&nbsp; " + "&nbsp;&nbsp;&nbsp; ".join(parts))
    made.setTextFormat(Qt.TextFormat.RichText)
    made.setWordWrap(True)
    return made
