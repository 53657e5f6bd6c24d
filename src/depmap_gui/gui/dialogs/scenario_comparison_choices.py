"""What is shown of the scenarios side by side: which of them, which figures, and with what risk."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QMenu, QPushButton, QWidget

from depmap_gui.gui.dialogs.scenario_comparison_model import changes_of
from depmap_gui.gui.panels.comparison_words import GROUPS
from depmap_gui.session.scenario_comparison import Version

SAMPLES = 1_000


class Choices(QWidget):
    """The row of choices above the table.

    ``changed`` says that other lines or columns are to be shown, ``sampling_changed`` that the
    scenarios must be compared anew, with risks or without.
    """

    changed = Signal()
    sampling_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.hidden: set[str | None] = set()
        self.groups = set(GROUPS)
        self.scenarios = button("&Scenarios", "Choose the scenarios that are shown")
        self.figures = button("&Figures", "Choose the figures that are shown")
        self.only_changed = QCheckBox("&Only what differs")
        self.only_changed.setToolTip("Hide the figures that no scenario shown changes")
        self.sampled = QCheckBox("&Risk and money at risk")
        self.sampled.setToolTip(
            f"Draw {SAMPLES:,} samples of what is uncertain for each scenario: this takes a while"
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for part in (self.scenarios, self.figures, self.only_changed, self.sampled):
            row.addWidget(part)
        row.addStretch(1)
        self._fill_figures()
        self.only_changed.toggled.connect(self.changed)
        self.sampled.toggled.connect(self.sampling_changed)

    @property
    def samples(self) -> int | None:
        """How many samples each version's risks are drawn from; None for no risks."""
        return SAMPLES if self.sampled.isChecked() else None

    def offer(self, versions: Iterable[Version]) -> None:
        """Let these versions be chosen from; those hidden before stay so."""
        menu = QMenu(self.scenarios)
        menu.setToolTipsVisible(True)
        for version in versions:
            is_shown = version.scenario not in self.hidden
            words = version.name.replace("&", "&&")
            action = _add_checked(menu, words, is_shown, self._toggle_scenario)
            action.setData(version.scenario)
            action.setToolTip("\n".join(changes_of(version)))
        before = self.scenarios.menu()
        self.scenarios.setMenu(menu)
        if before is not None:
            before.deleteLater()

    def forget(self) -> None:
        """Show the scenarios of another map, all of them."""
        self.hidden = set()

    def _fill_figures(self) -> None:
        menu = QMenu(self.figures)
        for name, (words, _figures) in GROUPS.items():
            _add_checked(menu, words, name in self.groups, self._toggle_group).setData(name)
        self.figures.setMenu(menu)

    @Slot(bool)
    def _toggle_scenario(self, is_shown: bool) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            (self.hidden.discard if is_shown else self.hidden.add)(action.data())
            self.changed.emit()

    @Slot(bool)
    def _toggle_group(self, is_shown: bool) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            (self.groups.add if is_shown else self.groups.discard)(action.data())
            self.changed.emit()


def button(text: str, tip: str, act: Callable[[], object] | None = None) -> QPushButton:
    """A button that Enter does not press unasked."""
    made = QPushButton(text)
    made.setToolTip(tip)
    made.setAutoDefault(False)
    if act is not None:
        made.clicked.connect(lambda _checked=False: act())
    return made


def _add_checked(menu: QMenu, text: str, checked: bool, toggled: Callable[[bool], None]) -> QAction:
    action = menu.addAction(text)
    action.setCheckable(True)
    action.setChecked(checked)
    action.toggled.connect(toggled)
    return action
