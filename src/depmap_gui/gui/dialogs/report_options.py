"""What a report is to hold: which plants, which parts, on which paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from depmap_gui.gui import numbers
from depmap_gui.gui.report.paper import Paper
from depmap_gui.gui.theme import BASE_POINTS
from depmap_gui.session.report import MOST_PLANTS
from depmap_gui.session.report_values import ReportPart

_WIDTH = 440
_PAPERS: Mapping[Paper, str] = {Paper.A4: "A4", Paper.LETTER: "US Letter"}
_PARTS: Mapping[ReportPart, str] = {
    ReportPart.MAP: "Picture of the &map",
    ReportPart.PLANTS: "P&lants: shares, tests, reasons, years",
    ReportPart.COMPANIES: "Compan&ies with their statuses",
    ReportPart.EVIDENCE: "Ass&umptions, points of law, problems",
    ReportPart.SOURCES: "&Sources",
}
_SEARCHED_FROM = 12
"""Plants from which on there is a field to find them by name."""


class ReportOptionsDialog(QDialog):
    """Asks what the report is to hold; accepted with Export."""

    def __init__(
        self, plants: Sequence[tuple[str, str]], paper: Paper, parent: QWidget | None = None
    ) -> None:
        """``plants`` are (id, name) of all plants on the map."""
        super().__init__(parent)
        self.setWindowTitle("Export report")
        self.setSizeGripEnabled(True)
        self._plants = plants
        self.paper_choice = QComboBox()
        self.most_at_risk = QRadioButton(_usual(len(plants)))
        self.these = QRadioButton("&These:")
        self.search = QLineEdit()
        self.list = QListWidget()
        self.parts: dict[ReportPart, QCheckBox] = {}
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._lay_out(paper)
        self._update()
        self._grow()

    # What was chosen -----------------------------------------------------------------------

    @property
    def paper(self) -> Paper:
        """The chosen paper."""
        return Paper(self.paper_choice.currentData())

    @property
    def chosen_parts(self) -> frozenset[ReportPart]:
        """The parts that are ticked."""
        return frozenset(part for part, box in self.parts.items() if box.isChecked())

    @property
    def chosen_plants(self) -> tuple[str, ...]:
        """The ids of the plants that are ticked; none where those most at risk are asked for."""
        if self.most_at_risk.isChecked():
            return ()
        return tuple(
            id
            for row, (id, _) in enumerate(self._plants)
            if self.list.item(row).checkState() is Qt.CheckState.Checked
        )

    # Building ------------------------------------------------------------------------------

    def _lay_out(self, paper: Paper) -> None:
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 14)
        # It grows for its list by itself; held to what the list needs, it could never shrink.
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        column.setSpacing(6)
        for each, words in _PAPERS.items():
            self.paper_choice.addItem(words, each.value)
        self.paper_choice.setAccessibleName("Paper")
        self.paper_choice.setCurrentIndex(list(_PAPERS).index(paper))
        column.addWidget(_heading("Pa&per", self.paper_choice))
        column.addWidget(self.paper_choice)
        column.addSpacing(8)
        column.addWidget(_heading("Besides the summary"))
        for part, words in _PARTS.items():
            box = QCheckBox(words)
            box.setChecked(True)
            self.parts[part] = box
            column.addWidget(box)
        self._add_plants(column)
        column.addSpacing(8)
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setIcon(QIcon())
        self.export = self.buttons.addButton("&Export…", QDialogButtonBox.ButtonRole.AcceptRole)
        self.export.setDefault(True)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        column.addWidget(self.buttons)

    def _add_plants(self, column: QVBoxLayout) -> None:
        group = QButtonGroup(self)
        group.addButton(self.most_at_risk)
        group.addButton(self.these)
        self.most_at_risk.setChecked(True)
        self.list.setAccessibleName("Plants of the report")
        self.list.setUniformItemSizes(True)
        self.search.setPlaceholderText("Find a plant by name")
        self.search.setAccessibleName("Find a plant by name")
        self.search.setClearButtonEnabled(True)
        for _, name in self._plants:
            item = QListWidgetItem(name)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked)
            self.list.addItem(item)
        # With one plant, or none, there is nothing to choose.
        if len(self._plants) > 1:
            column.addSpacing(8)
            column.addWidget(_heading("Plants"))
            column.addWidget(self.most_at_risk)
            column.addWidget(self.these)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        column.addStretch()
        self.these.toggled.connect(self._update)
        self.these.toggled.connect(self._grow)
        self.list.itemChanged.connect(self._update)
        self.search.textChanged.connect(self._filter)

    @Slot()
    def _update(self) -> None:
        """Only what can be made may be asked for."""
        picked = self.these.isChecked()
        self.list.setVisible(picked)
        self.search.setVisible(picked and len(self._plants) >= _SEARCHED_FROM)
        missing = picked and not self.chosen_plants
        self.export.setEnabled(not missing)
        self.export.setToolTip("Tick at least one plant first" if missing else "")

    @Slot()
    def _grow(self) -> None:
        """Have room for the list of plants while it is shown."""
        self.ensurePolished()
        self._column.activate()
        grown = max(1.0, self.font().pointSizeF() / BASE_POINTS)
        room = self.screen().availableGeometry()
        height = self.sizeHint().height()
        self.resize(min(round(_WIDTH * grown), room.width()), min(height, room.height()))

    @Slot(str)
    def _filter(self, words: str) -> None:
        """Show the plants whose name has the words; ticks stay."""
        wanted = words.casefold().split()
        for row, (_, name) in enumerate(self._plants):
            folded = name.casefold()
            self.list.item(row).setHidden(not all(word in folded for word in wanted))


def _usual(count: int) -> str:
    if count <= MOST_PLANTS:
        return f"&All {numbers.count(count)}"
    return f"The {MOST_PLANTS} most at &risk, of {numbers.count(count)}"


def _heading(words: str, buddy: QWidget | None = None) -> QLabel:
    made = QLabel(words)
    made.setProperty("role", "heading")
    if buddy is not None:
        made.setBuddy(buddy)
    return made
