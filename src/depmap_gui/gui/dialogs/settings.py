"""The settings dialog: one row for each setting of the table, in effect as soon as it is chosen."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QLabel,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from depmap_gui.gui import numbers
from depmap_gui.gui.dialogs.buttons import close_row
from depmap_gui.gui.panels.parts import icon_button, label, recolor_icons
from depmap_gui.gui.settings import NUMBERS, SETTINGS, Setting, Settings
from depmap_gui.gui.theme import BASE_POINTS, Theme

_WIDTH = 560


class SettingsDialog(QDialog):
    """Chooses at once: ``chosen`` tells that something else holds now.

    ``reset_asked`` asks for all settings back as they came.
    """

    chosen = Signal()
    reset_asked = Signal()

    def __init__(self, settings: Settings, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Settings")
        self._settings = settings
        self._controls: dict[str, QComboBox | QCheckBox] = {}
        self._resets: dict[str, QToolButton] = {}
        self.example = label("", "muted", figures=True)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(24, 18, 18, 12)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self._lay_out(theme)
        self.refresh()
        self._open_whole()

    def set_theme(self, theme: Theme) -> None:
        """Wear other colors and another size of text."""
        recolor_icons(self, theme)
        self.refresh()
        self._open_whole()

    def _open_whole(self) -> None:
        """Be as large as all rows need, where the screen has the room."""
        self.ensurePolished()
        grown = max(1.0, self.font().pointSizeF() / BASE_POINTS)
        width = round(_WIDTH * grown)
        rows = self._grid.heightForWidth(width - 40)
        room = self.screen().availableGeometry()
        height = rows + self._buttons.sizeHint().height() + 24
        self.resize(min(width, room.width() - 40), min(height, room.height() - 40))

    def control(self, setting: Setting[Any]) -> QComboBox | QCheckBox:
        """What a setting is chosen with."""
        return self._controls[setting.key]

    def reset_button(self, setting: Setting[Any]) -> QToolButton:
        """What brings a setting back to how it came."""
        return self._resets[setting.key]

    def refresh(self) -> None:
        """Show what holds now."""
        for setting in SETTINGS:
            value = self._settings.value(setting)
            control = self._controls[setting.key]
            was = control.blockSignals(True)
            if isinstance(control, QCheckBox):
                control.setChecked(bool(value))
            else:
                control.setCurrentIndex([choice for choice, _ in setting.choices].index(value))
            control.blockSignals(was)
            self._resets[setting.key].setEnabled(value != setting.default)
        self.example.setText(f"For example {_example()}")

    def _lay_out(self, theme: Theme) -> None:
        section = ""
        for setting in SETTINGS:
            if setting.section != section:
                section = setting.section
                heading = label(section, "heading")
                heading.setContentsMargins(0, 14 if self._grid.rowCount() > 1 else 0, 0, 4)
                self._grid.addWidget(heading, self._grid.rowCount(), 0, 1, 3)
            self._add(setting, theme)
        inner = QWidget()
        inner.setLayout(self._grid)
        self._grid.setRowStretch(self._grid.rowCount(), 1)
        scroll = _Scroll(inner)
        buttons = self._buttons = close_row(self)
        buttons.setContentsMargins(24, 0, 16, 12)
        self.reset_all = buttons.addButton("&Reset all…", QDialogButtonBox.ButtonRole.ResetRole)
        self.reset_all.setToolTip("Everything here, and how windows and panels lie, as it came")
        self.reset_all.setAutoDefault(False)
        self.reset_all.clicked.connect(self.reset_asked)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll, 1)
        layout.addWidget(buttons)

    def _add(self, setting: Setting[Any], theme: Theme) -> None:
        row = self._grid.rowCount()
        control = self._control(setting)
        control.setAccessibleName(setting.label)
        control.setAccessibleDescription(setting.help)
        name = QLabel(setting.label)
        name.setBuddy(control)
        reset = icon_button("undo", theme, f"{setting.label} as it came", self._putting(setting))
        self._controls[setting.key], self._resets[setting.key] = control, reset
        self._grid.addWidget(name, row, 0)
        self._grid.addWidget(control, row, 1)
        self._grid.addWidget(reset, row, 2)
        said = label(setting.help, "muted")
        said.setContentsMargins(0, 0, 0, 8)
        self._grid.addWidget(said, row + 1, 1, 1, 2)
        if setting is NUMBERS:
            self.example.setContentsMargins(0, 0, 0, 8)
            self._grid.addWidget(self.example, row + 2, 1, 1, 2)

    def _control(self, setting: Setting[Any]) -> QComboBox | QCheckBox:
        if isinstance(setting.default, bool):
            box = QCheckBox()
            box.toggled.connect(lambda on: self._choose(setting, on))
            return box
        choices = QComboBox()
        for _, words in setting.choices:
            choices.addItem(words)
        choices.activated.connect(lambda at: self._choose(setting, setting.choices[at][0]))
        return choices

    def _putting(self, setting: Setting[Any]) -> Any:
        return lambda: self._choose(setting, setting.default)

    def _choose(self, setting: Setting[Any], value: object) -> None:
        self._settings.choose(setting, value)
        self.chosen.emit()
        self.refresh()


class _Scroll(QScrollArea):
    """The rows, which scroll where the screen has no room for all."""

    def __init__(self, inner: QWidget) -> None:
        super().__init__()
        self.setAccessibleName("Settings")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(inner)


def _example() -> str:
    """A count, a share, money and a day, as they are written now."""
    shown = (
        numbers.count(1234567.5),
        numbers.percent(0.625),
        numbers.money(-2.5e6, "USD", short=False),
        numbers.day(date(2026, 2, 13)),
    )
    return " · ".join(each.replace(" ", numbers.NO_BREAK) for each in shown)
