"""The toolbar: the file, the tools, the kinds to place, and the lens one looks through.

The lens (color, basis, scenario, year) is always in sight: where the window is narrow the names
of tools give way to their icons first, then the lens takes a row of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from depmap_gui.analysis.results import UNKNOWN
from depmap_gui.domain.kinds import EntityKind
from depmap_gui.domain.records import Jurisdiction
from depmap_gui.gui.action_objects import Actions
from depmap_gui.gui.actions import BASIS_NAMES, BASIS_TIPS, SCORE_NAMES, SCORE_TIPS, YEARS
from depmap_gui.gui.choice_box import ChoiceBox
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.icons import icon
from depmap_gui.gui.lenses import LENSES
from depmap_gui.gui.panels.box_palette import BoxPalette
from depmap_gui.gui.panels.palette import KindPalette
from depmap_gui.gui.theme import Theme

_TEXT_BESIDE = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
_ICON_ONLY = Qt.ToolButtonStyle.ToolButtonIconOnly
_LEFT = ("file.new", "file.open", "file.save", "", "edit.undo", "edit.redo", "")
_NEW, _NEW_WORDS = "analyze.scenario.new", "New scenario…"
_LONGEST = 34
"""Letters of what is chosen that a box shows at most; its tooltip has all."""
# The arrow has its own room already; the style sheet's padding beside it is for wider boxes.
_SHEET = """
QComboBox { padding-right: 2px; }
QComboBox:focus, QComboBox:on { padding-right: 1px; }
"""


class _Manner(NamedTuple):
    """Which buttons show their words, and whether the lens has a row of its own."""

    kinds: bool
    tools: bool
    export: bool
    lens_below: bool = False


_MANNERS = (
    _Manner(kinds=True, tools=True, export=True),
    _Manner(kinds=True, tools=False, export=True),
    _Manner(kinds=False, tools=True, export=True),
    _Manner(kinds=False, tools=False, export=True),
    _Manner(kinds=False, tools=False, export=False),
    _Manner(kinds=True, tools=True, export=True, lens_below=True),
    _Manner(kinds=False, tools=True, export=True, lens_below=True),
    _Manner(kinds=False, tools=False, export=False, lens_below=True),
)
"""How to show the bar, the most telling first."""


class Toolbar(QFrame):
    """Buttons that follow the action table, and the lens."""

    jurisdiction_chosen = Signal(object)
    scenario_chosen = Signal(object)

    def __init__(
        self, editor: Editor, actions: Actions, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "bar")
        self._editor = editor
        self._actions = actions
        self.kinds = KindPalette(theme)
        self.kinds.follow({kind: actions[f"insert.{kind}"] for kind in EntityKind})
        self.boxes = BoxPalette(theme)
        self.boxes.follow({name: actions[f"insert.{name}"] for name in self.boxes.buttons})
        self._buttons: dict[str, QToolButton] = {}
        self._export = self._button("file.export_workbook")
        self._export.setText("Export to Excel")
        self._export.setProperty("primary", "good")
        self._lens = _Lens(editor, actions)
        self._lens.jurisdiction_chosen.connect(self.jurisdiction_chosen)
        self._lens.scenario_chosen.connect(self.scenario_chosen)
        self._first = QHBoxLayout()
        self._second = QHBoxLayout()
        self._manner: _Manner | None = None
        self._lens_width = 0
        self._lay_out()
        self.set_theme(theme)

    @property
    def lens(self) -> _Lens:
        """The combo boxes for color, basis, scenario and year."""
        return self._lens

    def set_theme(self, theme: Theme) -> None:
        """Wear other colors."""
        self.kinds.set_theme(theme)
        self.boxes.set_theme(theme)
        for id, button in self._buttons.items():
            if spec_icon := self._actions.specs[id].icon:
                ink = "#FFFFFF" if button is self._export else None
                button.setIcon(icon(spec_icon, theme, ink, theme.icon_size()))
                button.setIconSize(QSize(theme.icon_size(), theme.icon_size()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: the window has another width."""
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        """Qt: anything; where the lens wants more or less room, words come and go."""
        if event.type() is QEvent.Type.LayoutRequest:
            wanted = self._lens.sizeHint().width()
            if wanted != self._lens_width:
                self._lens_width = wanted
                self._fit()
        return super().event(event)

    def minimumSizeHint(self) -> QSize:
        """Qt: never so wide as to keep the window from being narrow."""
        return QSize(320, super().minimumSizeHint().height())

    def _lay_out(self) -> None:
        first, second = self._first, self._second
        for id in _LEFT:
            first.addWidget(self._button(id) if id else _rule())
        self._named = [self._button(id) for id in ("insert.select", "insert.connect")]
        for button in self._named:
            first.addWidget(button)
        first.addWidget(_rule())
        first.addWidget(self.kinds)
        first.addWidget(self.boxes)
        first.addStretch(1)
        first.addWidget(self._lens)
        first.addWidget(self._export)
        for row in (first, second):
            row.setContentsMargins(8, 0, 8, 0)
            row.setSpacing(2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 5, 0, 5)
        layout.setSpacing(4)
        layout.addLayout(first)
        layout.addLayout(second)

    def _button(self, id: str) -> QToolButton:
        action = self._actions[id]
        button = QToolButton()
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setText(self._actions.specs[id].plain_text.rstrip("…"))
        button.setAccessibleName(button.text())
        button.setToolTip(action.toolTip())
        button.setEnabled(action.isEnabled())
        button.setToolButtonStyle(_ICON_ONLY)
        button.clicked.connect(action.trigger)
        action.enabledChanged.connect(button.setEnabled)
        if action.isCheckable():
            button.setCheckable(True)
            action.toggled.connect(button.setChecked)
            # A click toggles the button by itself; what holds is what the action says after it.
            button.clicked.connect(lambda: button.setChecked(action.isChecked()))
        self._buttons[id] = button
        return button

    def _fit(self) -> None:
        """Show as many words as there is room for."""
        for manner in _MANNERS:
            self._apply(manner)
            if self._first.sizeHint().width() <= self.width():
                return

    def _apply(self, manner: _Manner) -> None:
        if manner == self._manner:
            return
        self._manner = manner
        self.kinds.set_words(manner.kinds)
        for button in self._named:
            button.setToolButtonStyle(_TEXT_BESIDE if manner.tools else _ICON_ONLY)
        self._export.setToolButtonStyle(_TEXT_BESIDE if manner.export else _ICON_ONLY)
        if manner.lens_below and self._first.indexOf(self._lens) >= 0:
            self._first.removeWidget(self._lens)
            self._second.addWidget(self._lens)
            self._second.addStretch(1)
        elif not manner.lens_below and self._second.indexOf(self._lens) >= 0:
            self._second.removeWidget(self._lens)
            while self._second.takeAt(0) is not None:
                continue
            self._first.insertWidget(self._first.count() - 1, self._lens)
        self._first.invalidate()


class _Lens(QWidget):
    """Lens, color, jurisdiction, basis, scenario, year: what one looks at the map through."""

    jurisdiction_chosen = Signal(object)
    scenario_chosen = Signal(object)

    def __init__(self, editor: Editor, actions: Actions) -> None:
        super().__init__()
        self._editor = editor
        self._actions = actions
        self.setStyleSheet(_SHEET)
        through = "Lens: color, links and their labels in one go (Alt+1 to 4)"
        self.through = _Choice("Lens: ", through)
        self.score = _Choice("Color: ", "Score that the map is colored by")
        self.jurisdiction = _Choice("of ", "Jurisdiction whose share is shown")
        self.basis = _Choice("Basis: ", "Whose a company is taken to be")
        self.scenario = _Choice("Scenario: ", "Base map or scenario: what is shown and edited")
        self.year = _Choice("Year ", "Tax year scored for")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 0, 6, 0)
        layout.setSpacing(6)
        boxes = (self.score, self.jurisdiction, self.basis, self.scenario, self.year)
        for box in (self.through, *boxes):
            layout.addWidget(box)
        self.through.add("none", None, "Color, links and labels as the view has them")
        for lens, look in LENSES.items():
            self.through.add(look.name, lens, look.tip)
        self.through.picked.connect(lambda lens: actions[f"view.lens.{lens or 'none'}"].trigger())
        editor.sight.lens_changed.connect(self.refresh)
        for score, name in SCORE_NAMES.items():
            self.score.add(name, score, SCORE_TIPS[score])
        for basis, name in BASIS_NAMES.items():
            self.basis.add(name, basis, BASIS_TIPS[basis])
        self.score.picked.connect(lambda value: actions[f"view.color.{value}"].trigger())
        self.basis.picked.connect(lambda value: actions[f"analyze.basis.{value}"].trigger())
        self.year.picked.connect(self._pick_year)
        self.jurisdiction.picked.connect(self.jurisdiction_chosen)
        self.scenario.picked.connect(self._pick_scenario)
        for signal in (editor.opened, editor.changed, editor.coloring_changed):
            signal.connect(self.refresh)
        editor.assessed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show what is in effect."""
        editor, project = self._editor, self._editor.project
        self.through.show_value(editor.sight.lens)
        self.score.show_value(editor.color_by)
        self.jurisdiction.fill([(text, code, tip) for code, text, tip in codes_of(editor)])
        self.jurisdiction.show_value(editor.jurisdiction)
        self.basis.show_value(project.header.basis)
        scenarios = [(s.name or s.id, s.id, s.notes) for s in project.scenarios.values()]
        new = (_NEW_WORDS, _NEW, "Edits go into it, and the base map stays as it is")
        self.scenario.fill([("Base map", None, "The map as drawn"), *scenarios, new])
        self.scenario.show_value(editor.scenario)
        years = sorted({*YEARS, project.header.year})
        self.year.fill([(str(year), year, "") for year in years])
        self.year.show_value(project.header.year)

    def _pick_scenario(self, scenario: object) -> None:
        if scenario == _NEW:
            self._actions[_NEW].trigger()
        else:
            self.scenario_chosen.emit(scenario)
        # What was picked may be refused; what holds is what the editor says.
        self.refresh()

    def _pick_year(self, year: int) -> None:
        if year in YEARS:
            self._actions[f"analyze.year.{year}"].trigger()


def codes_of(editor: Editor) -> list[tuple[str, str, str]]:
    """(code, text, name) of each jurisdiction that the map may be colored by."""
    places = editor.project.of_kind(Jurisdiction)
    found = {(j.code or j.id): (j.name or j.code) for j in places}
    found.setdefault(editor.jurisdiction, editor.jurisdiction)
    found.pop(UNKNOWN, None)
    named = sorted(found.items(), key=lambda entry: entry[1].casefold())
    return [(code, name, code) for code, name in named] + [
        (UNKNOWN, "Unknown", "What the map does not document")
    ]


class _Choice(ChoiceBox):
    """A combo box that says what it chooses before what is chosen: 'Year 2026'."""

    picked = Signal(object)

    def __init__(self, prefix: str, what: str) -> None:
        super().__init__()
        self._prefix = prefix
        self.setAccessibleName(what)
        self.setToolTip(what)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.activated.connect(lambda row: self.picked.emit(self.itemData(row)))
        # The box is as wide as its text.
        self.currentIndexChanged.connect(self.updateGeometry)
        self._wheel = _NoWheel(self)
        self.installEventFilter(self._wheel)

    def add(self, text: str, value: object, tip: str = "") -> None:
        """Offer one more."""
        self.addItem(text, value)
        self.setItemData(self.count() - 1, tip or None, Qt.ItemDataRole.ToolTipRole)

    def fill(self, entries: Sequence[tuple[str, object, str]]) -> None:
        """Offer these and no others; nothing moves where they are offered already."""
        if [self.itemData(row) for row in range(self.count())] == [e[1] for e in entries] and [
            self.itemText(row) for row in range(self.count())
        ] == [e[0] for e in entries]:
            return
        self.clear()
        for text, value, tip in entries:
            self.add(text, value, tip)

    def show_value(self, value: object) -> None:
        """Show what is in effect."""
        for row in range(self.count()):
            if self.itemData(row) == value:
                self.setCurrentIndex(row)
                return
        self.setCurrentIndex(-1)

    def sizeHint(self) -> QSize:
        """Qt: room for the prefix and the text shown."""
        hint = super().sizeHint()
        measure = self.fontMetrics().horizontalAdvance
        widest = max((measure(self.itemText(row)) for row in range(self.count())), default=0)
        around = hint.width() - widest
        words = min(measure(self._prefix + self.currentText()), measure("n" * _LONGEST))
        return QSize(words + around + 4, hint.height())

    def minimumSizeHint(self) -> QSize:
        """Qt: room for some of the text; what does not fit ends in an ellipsis."""
        hint = self.sizeHint()
        return QSize(min(hint.width(), 8 * self.fontMetrics().averageCharWidth()), hint.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt: draw the box with the prefix before its text."""
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        room = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        option.currentText = self.fontMetrics().elidedText(
            self._prefix + self.currentText(), Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)


class _NoWheel(QObject):
    """Keeps a turn of the wheel over a box from changing what the whole map is scored by."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt: an event for the box."""
        if event.type() is QEvent.Type.Wheel:
            event.ignore()
            return True
        return super().eventFilter(watched, event)


def _rule() -> QFrame:
    rule = QFrame()
    rule.setFrameShape(QFrame.Shape.VLine)
    rule.setFixedWidth(11)
    return rule
