"""The banner over the map while something is traced: what, how far, by which links; the way out."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from depmap_gui.analysis.reach import EVERY_LINK, Direction
from depmap_gui.domain.kinds import LinkKind
from depmap_gui.gui.icons import icon
from depmap_gui.gui.sight import Trace
from depmap_gui.gui.theme import Theme

DEPTHS: dict[int | None, str] = {1: "1", 2: "2", 3: "3", None: "All"}
"""How far can be traced, and what the button says."""
LINK_GROUPS: dict[str, frozenset[LinkKind]] = {
    "Supplies": frozenset({LinkKind.SUPPLIES}),
    "Licenses": frozenset({LinkKind.LICENSES, LinkKind.USES}),
    "Ownership and operation": frozenset({LinkKind.OWNS, LinkKind.OPERATES}),
    "Debt": frozenset({LinkKind.LENDS}),
    "Places": frozenset({LinkKind.LOCATED}),
}
"""The kinds of link that are followed or not together."""

_SHEET = """
QFrame#trace-banner {{ background: {raised}; border: 1px solid {accent}; border-radius: 8px; }}
QFrame#trace-banner QLabel {{ color: {muted}; }}
QFrame#trace-banner QLabel#what {{ color: {text}; font-weight: 600; }}
QFrame#trace-banner QToolButton {{
    border: 1px solid transparent; border-radius: 5px; padding: 2px 6px; color: {text};
}}
QFrame#trace-banner QToolButton:hover {{ background: {hover}; }}
QFrame#trace-banner QToolButton:focus {{ border: 1px solid {accent}; }}
QFrame#trace-banner QToolButton:checked {{ background: {accent}; color: {on_accent}; }}
QFrame#trace-banner QToolButton::menu-indicator {{ image: none; }}
"""
_GAP = 12
_LEAST_WORDS = 70


class TraceBanner(QFrame):
    """One line at the top of the map."""

    turn_requested = Signal()
    depth_chosen = Signal(object)
    kinds_chosen = Signal(object)
    select_requested = Signal()
    end_requested = Signal()

    def __init__(self, theme: Theme, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("trace-banner")
        self.setAccessibleName("Trace")
        # A press on the banner is none on the map below it.
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._words = ""
        self._top = _GAP
        self.what = QLabel()
        self.what.setObjectName("what")
        self.what.setTextFormat(Qt.TextFormat.PlainText)
        self.note = QLabel()
        self.turn = _button("Trace the other way (U upstream, D downstream)")
        self.turn.clicked.connect(lambda _checked=False: self.turn_requested.emit())
        self.depths = {depth: self._depth_button(depth, text) for depth, text in DEPTHS.items()}
        self.kinds = _button("Which kinds of link are followed", "Links")
        self.kinds.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self.kinds)
        self._menu.triggered.connect(lambda _action: self._choose_kinds())
        self._groups = {name: self._menu.addAction(name) for name in LINK_GROUPS}
        for action in self._groups.values():
            action.setCheckable(True)
        self.kinds.setMenu(self._menu)
        self.select = _button("Select the items that are traced (Shift+S)", "Select")
        self.select.clicked.connect(lambda _checked=False: self.select_requested.emit())
        self.end = _button("End the trace (Esc)")
        self.end.setAccessibleName("End the trace")
        self.end.clicked.connect(lambda _checked=False: self.end_requested.emit())
        self._lay_out()
        self.set_theme(theme)
        self.hide()

    def _lay_out(self) -> None:
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(6, 4, 6, 4)
        row.setSpacing(4)
        depths = self.depths.values()
        steps = self._steps = QLabel("Steps")
        for part in (self.turn, self.what, self.note, steps, *depths, self.kinds, self.select):
            row.addWidget(part)
        row.addWidget(self.end)
        for icon_only in (self.turn, self.end):
            icon_only.setFixedSize(26, 24)
            icon_only.setIconSize(QSize(14, 14))

    def _depth_button(self, depth: int | None, text: str) -> QToolButton:
        far = "all the way" if depth is None else f"{depth} step{'s' if depth > 1 else ''} far"
        made = _button(f"Trace {far} ({depth or 0})", text)
        made.setAccessibleName(f"Trace {far}")
        made.setCheckable(True)
        made.setAutoExclusive(True)
        made.clicked.connect(lambda _checked=False: self.depth_chosen.emit(depth))
        return made

    def _choose_kinds(self) -> None:
        chosen = [LINK_GROUPS[name] for name, action in self._groups.items() if action.isChecked()]
        self.kinds_chosen.emit(frozenset().union(*chosen))

    def set_theme(self, theme: Theme) -> None:
        """Wear other colors."""
        self._theme = theme
        colors = {name: getattr(theme, name) for name in theme.__struct_fields__}
        self.setStyleSheet(_SHEET.format(**colors))
        self.end.setIcon(icon("x", theme, theme.text, 14))
        self._fit()

    def tell(self, trace: Trace | None, name: str, found: int) -> None:
        """Say what is traced and how many items it found; with None there is no banner."""
        self.setVisible(trace is not None)
        if trace is None:
            self._words = ""
            return
        is_up = trace.direction is Direction.UPSTREAM
        self._words = f"What {name} depends on" if is_up else f"What depends on {name}"
        self.note.setText(f"{found} item{'' if found == 1 else 's'}")
        self.turn.setIcon(
            icon("chevron-left" if is_up else "chevron-right", self._theme, self._theme.text, 14)
        )
        self.turn.setAccessibleName(f"Now {trace.direction}; trace the other way")
        for depth, button in self.depths.items():
            button.setChecked(depth == trace.depth)
        for group, action in self._groups.items():
            action.setChecked(LINK_GROUPS[group] <= trace.kinds)
        self.kinds.setText("Links" if trace.kinds == EVERY_LINK else "Some links")
        self._fit()

    def place(self, top: int) -> None:
        """Stay in the middle, this far below the upper edge, no wider than there is room."""
        self._top = top
        self._fit()

    def _fit(self) -> None:
        over = self.parentWidget()
        if not self._words or over is None:
            return
        room = over.width() - 2 * _GAP
        font = self.what.font()
        font.setBold(True)
        metrics = QFontMetrics(font)
        wanted = metrics.horizontalAdvance(self._words) + 8
        # What is traced comes first; the words that matter least give way where all do not fit.
        spare = (self.note, self._steps, self.select, self.kinds)
        for part in spare:
            part.setVisible(True)
        for part in spare:
            taken = self._taken()
            if taken + min(wanted, 160) <= room:
                break
            part.setVisible(False)
        left = max(_LEAST_WORDS, room - self._taken())
        words = metrics.elidedText(self._words, Qt.TextElideMode.ElideRight, left)
        self.what.setText(words)
        self.what.setToolTip(self._words if words != self._words else "")
        self._row.activate()
        width = min(self.sizeHint().width(), room)
        self.resize(width, self.sizeHint().height())
        self.move((over.width() - width) // 2, self._top)

    def _taken(self) -> int:
        """The width of all but the words, with the gaps between."""
        parts = (self.turn, self.note, self._steps, *self.depths.values(), self.kinds, self.select)
        shown = [part for part in (*parts, self.end) if not part.isHidden()]
        return 16 + sum(part.sizeHint().width() + self._row.spacing() for part in shown)


def _button(tip: str, text: str = "") -> QToolButton:
    made = QToolButton()
    made.setAutoRaise(True)
    made.setToolTip(tip)
    made.setText(text)
    made.setAccessibleName(text or tip)
    return made
