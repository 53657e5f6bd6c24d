"""The list of what is switched off: one row for each outage, with its fraction and its ways."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QDoubleSpinBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from depmap_gui.analysis.shock_results import Channel, Outage
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Jurisdiction
from depmap_gui.gui.icons import icon
from depmap_gui.gui.panels.parts import Elided, icon_button, label
from depmap_gui.gui.shocks import CHANNEL_WORDS
from depmap_gui.gui.theme import Theme

CHANNEL_TIPS = {
    Channel.MADE_IN: "All that plants, companies and materials make there",
    Channel.MADE_BY: "All that is made by its companies, wherever they stand",
    Channel.LICENSES: "All technology that its companies license",
}


class OutageRow(QWidget):
    """One outage; ``changed`` hears of it as it should be, or of None when it is taken out."""

    def __init__(
        self,
        project: Project,
        outage: Outage,
        theme: Theme,
        changed: Callable[[str, Outage | None], object],
    ) -> None:
        super().__init__()
        self.outage = outage
        self._changed = changed
        name = project.name(outage.entity)
        entity = project.entities.get(outage.entity)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 2)
        column.setSpacing(2)
        column.addWidget(self._first_line(name, entity.kind.value if entity else "", theme))
        self.ways: dict[Channel, QCheckBox] = {}
        if isinstance(entity, Jurisdiction):
            column.addWidget(self._ways(name))
        if entity is None:
            column.addWidget(label("It is no longer on the map and is left out.", "muted"))

    def _first_line(self, name: str, kind: str, theme: Theme) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        if kind:
            sign = QLabel()
            ink = getattr(theme, kind)
            sign.setPixmap(icon(kind, theme, ink, 16).pixmap(16, 16))
            sign.setAccessibleName(kind)
            row.addWidget(sign)
        row.addWidget(Elided(name), 1)
        self.fraction = _PercentBox()
        self.fraction.setAccessibleName(f"Share of {name} that is lost")
        self.fraction.setToolTip("How much of it is lost")
        self.fraction.setValue(100.0 * self.outage.fraction)
        self.fraction.valueChanged.connect(self._on_fraction)
        row.addWidget(self.fraction)
        self.remove = icon_button("x", theme, f"Switch {name} on again", self._on_remove)
        row.addWidget(self.remove)
        return line

    def _ways(self, name: str) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(22, 0, 0, 0)
        row.setSpacing(8)
        for channel, words in CHANNEL_WORDS.items():
            box = QCheckBox(words)
            box.setChecked(channel in self.outage.channels)
            box.setToolTip(CHANNEL_TIPS[channel])
            box.setAccessibleName(f"{name}: {words}")
            box.toggled.connect(self._on_ways)
            self.ways[channel] = box
            row.addWidget(box)
        row.addStretch(1)
        return line

    def show_outage(self, outage: Outage) -> None:
        """Show the outage as it stands now, without a word about it."""
        self.outage = outage
        self.fraction.blockSignals(True)
        self.fraction.setValue(100.0 * outage.fraction)
        self.fraction.blockSignals(False)
        for channel, box in self.ways.items():
            box.blockSignals(True)
            box.setChecked(channel in outage.channels)
            box.blockSignals(False)

    def _on_fraction(self, value: float) -> None:
        self._change(msgspec.structs.replace(self.outage, fraction=value / 100.0))

    def _on_ways(self, _checked: bool) -> None:
        chosen = frozenset(channel for channel, box in self.ways.items() if box.isChecked())
        self._change(msgspec.structs.replace(self.outage, channels=chosen))

    def _change(self, outage: Outage) -> None:
        self.outage = outage
        self._changed(outage.entity, outage)

    def _on_remove(self) -> None:
        self._changed(self.outage.entity, None)


class _PercentBox(QDoubleSpinBox):
    """0 to 100 %, told when it has been typed to the end."""

    def __init__(self) -> None:
        super().__init__()
        self.setRange(0.0, 100.0)
        self.setDecimals(1)
        self.setSingleStep(10.0)
        self.setSuffix(f"\N{NO-BREAK SPACE}{self.locale().percent()}")
        self.setKeyboardTracking(False)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)

    def textFromValue(self, value: float) -> str:  # noqa: N802 - the name Qt calls it by
        """Qt: the number without a decimal that says nothing."""
        is_whole = value.is_integer()
        return self.locale().toString(round(value)) if is_whole else super().textFromValue(value)
