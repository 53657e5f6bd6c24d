"""Small pieces that several panels are built from: labels, cards, bars, buttons."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QBrush,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPolygonF,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from depmap_gui.gui.icons import icon
from depmap_gui.gui.numbers import tabular
from depmap_gui.gui.theme import Theme, Tone, color, font

BAR_HEIGHT = 8


def restyle(widget: QWidget) -> None:
    """Have the style sheet look at the widget's properties again."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def label(text: str, role: str = "", *, wrap: bool = True, figures: bool = False) -> QLabel:
    """A label in one of the style sheet's roles; plain text, so that no name is read as markup."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if role:
        made.setProperty("role", role)
    if figures:
        # Nothing but the figures is settled: size and weight go on following the style sheet.
        made.setFont(tabular(QFont()))
    return made


def link_button(text: str, act: Callable[[], object], tip: str = "") -> QPushButton:
    """A button that reads as a link within text."""
    made = QPushButton(text)
    made.setProperty("link", True)
    made.setStyleSheet("QPushButton { padding: 2px 4px; text-align: left; }")
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.setToolTip(tip)
    made.setAccessibleName(tip or text)
    made.clicked.connect(lambda _checked=False: act())
    return made


def icon_button(name: str, theme: Theme, tip: str, act: Callable[[], object]) -> QToolButton:
    """A small button that shows only an icon; ``tip`` says in words what it does."""
    made = QToolButton()
    made.setToolTip(tip)
    made.setAccessibleName(tip)
    made.setAutoRaise(True)
    made.setStyleSheet("QToolButton { padding: 0; }")
    made.setProperty("icon-name", name)
    _draw_icon(made, theme)
    made.clicked.connect(lambda _checked=False: act())
    return made


def recolor_icons(root: QWidget, theme: Theme) -> None:
    """Draw the icons of all icon buttons below a widget in the theme's colors, at its size."""
    for button in root.findChildren(QToolButton):
        if isinstance(button.property("icon-name"), str):
            _draw_icon(button, theme)


def _draw_icon(button: QToolButton, theme: Theme) -> None:
    size = theme.sized(16)
    button.setIcon(icon(button.property("icon-name"), theme, theme.muted, size))
    button.setIconSize(QSize(size, size))
    button.setFixedSize(size + 10, size + 10)


def tone_icon(tone: Tone, theme: Theme, size: int = 16) -> QLabel:
    """The tone's icon on a disc of its color: readable without color."""
    made = ToneMark(tone, theme, size)
    made.setAccessibleName(tone.value)
    return made


class ToneMark(QLabel):
    """A disc in a tone's color with a tick, a cross, '!', '?' or a square on it."""

    def __init__(self, tone: Tone, theme: Theme, size: int = 16) -> None:
        super().__init__()
        self._tone, self._theme, self._size = tone, theme, theme.sized(size)
        self.setFixedSize(self._size, self._size)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the mark."""
        painter = QPainter(self)
        self.draw(painter)
        painter.end()

    def draw(self, painter: QPainter) -> None:
        """Draw the disc and the sign on it."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(self._theme.fill(self._tone)))
        painter.drawEllipse(self.rect())
        unit = self._size / 16
        pen = QPen(color(self._theme.on_accent), 1.8 * unit)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        match self._tone:
            case Tone.GOOD:
                painter.drawPolyline(_points(unit, (4.6, 8.2), (7.0, 10.6), (11.4, 5.8)))
            case Tone.BAD:
                painter.drawPolyline(_points(unit, (5.4, 5.4), (10.6, 10.6)))
                painter.drawPolyline(_points(unit, (10.6, 5.4), (5.4, 10.6)))
            case Tone.WARN:
                painter.drawPolyline(_points(unit, (8, 4.2), (8, 8.8)))
                painter.drawPoint(QPointF(8 * unit, 11.7 * unit))
            case Tone.UNKNOWN:
                sign = font(weight=QFont.Weight.Bold)
                sign.setPixelSize(round(11 * unit))
                painter.setFont(sign)
                painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "?")
            case Tone.ENDED:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(color(self._theme.on_accent))
                painter.drawRoundedRect(QRectF(5 * unit, 5 * unit, 6 * unit, 6 * unit), unit, unit)


def _points(unit: float, *places: tuple[float, float]) -> QPolygonF:
    return QPolygonF([QPointF(x * unit, y * unit) for x, y in places])


class Bar(QWidget):
    """A share as a bar: documented filled, undocumented hatched, a threshold as a tick."""

    def __init__(
        self,
        low: float,
        high: float,
        theme: Theme,
        *,
        fill: str = "",
        threshold: float | None = None,
        start: float = 0.0,
    ) -> None:
        super().__init__()
        self._low, self._high, self._start = low, high, start
        self._theme, self._threshold = theme, threshold
        self._fill = fill or theme.exposure_high
        self.setFixedHeight(BAR_HEIGHT + (8 if threshold is not None else 0))
        self.setMinimumWidth(40)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground, filled part, hatched part and tick."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        top = (self.height() - BAR_HEIGHT) / 2
        ground = QRectF(0, top, self.width(), BAR_HEIGHT)
        painter.setBrush(color(self._theme.exposure_low))
        painter.drawRoundedRect(ground, 3, 3)
        painter.save()
        painter.setClipRect(self._part(self._low, self._high, top))
        painter.setBrush(color(self._fill, 0.25))
        painter.drawRoundedRect(ground, 3, 3)
        painter.setBrush(QBrush(color(self._fill), Qt.BrushStyle.BDiagPattern))
        painter.drawRoundedRect(ground, 3, 3)
        painter.restore()
        painter.setClipRect(self._part(self._start, self._low, top))
        painter.setBrush(color(self._fill))
        painter.drawRoundedRect(ground, 3, 3)
        painter.setClipping(False)
        if self._threshold is not None:
            x = min(max(self._threshold, 0.0), 1.0) * (self.width() - 2) + 1
            painter.setPen(QPen(color(self._theme.text), 2))
            painter.drawLine(round(x), 1, round(x), self.height() - 1)
        painter.end()

    def _part(self, start: float, end: float, top: float) -> QRectF:
        left = min(max(start, 0.0), 1.0) * self.width()
        right = min(max(end, 0.0), 1.0) * self.width()
        return QRectF(left, top, max(0.0, right - left), BAR_HEIGHT)


class Card(QFrame):
    """A framed block with a heading line, which ``tip`` explains; rows are added to
    :attr:`column`."""

    def __init__(self, heading: str = "", parent: QWidget | None = None, *, tip: str = "") -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(12, 10, 12, 12)
        self.column.setSpacing(6)
        self.top = QHBoxLayout()
        self.top.setSpacing(6)
        if heading:
            title = label(heading, "section")
            title.setToolTip(tip)
            title.setAccessibleDescription(tip)
            self.top.addWidget(title, 1)
            self.column.addLayout(self.top)

    def add(self, piece: QWidget | QLayout) -> None:
        """Put a further widget or row at the bottom."""
        if isinstance(piece, QWidget):
            self.column.addWidget(piece)
        else:
            self.column.addLayout(piece)


class Scroll(QScrollArea):
    """A column of blocks that scrolls up and down and is as wide as the panel."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)


class Elided(QLabel):
    """One line of text that ends in '…' where it does not fit; the tooltip has it whole."""

    def __init__(self, text: str, role: str = "") -> None:
        super().__init__()
        self._whole = text
        self.setTextFormat(Qt.TextFormat.PlainText)
        if role:
            self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMinimumWidth(30)
        self.setAccessibleName(text)
        self._fit()

    @property
    def whole(self) -> str:
        """The text as given."""
        return self._whole

    def say(self, text: str) -> None:
        """Show another text."""
        self._whole = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the text anew."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """A new font needs a new fit."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def sizeHint(self) -> QSize:
        """As wide as the whole text."""
        hint = super().sizeHint()
        return QSize(self.fontMetrics().horizontalAdvance(self._whole) + 4, hint.height())

    def _fit(self) -> None:
        width = max(self.width(), 10)
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, width)
        if shown != self.text():
            self.setText(shown)
        self.setToolTip(self._whole if shown != self._whole else "")


class ClickRow(QFrame):
    """A row that acts when clicked, or on Return or Space when it has the focus."""

    def __init__(self, act: Callable[[], object] | None, name: str) -> None:
        super().__init__()
        self._act = act
        self.setAccessibleName(name)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(4, 2, 4, 2)
        self.row.setSpacing(8)
        if act is not None:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Act on a click."""
        inside = self.rect().contains(event.position().toPoint())
        if self._act is not None and event.button() == Qt.MouseButton.LeftButton and inside:
            self._act()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Act on Return and Space."""
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        if self._act is not None and event.key() in keys:
            self._act()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Show where the keyboard is."""
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Accent), 2))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 4, 4)
            painter.end()


class LivePanel(QWidget):
    """A panel that is brought up to date only while it can be seen, and once when it is shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_behind = True

    def refresh(self) -> None:
        """Bring what is shown up to date."""
        raise NotImplementedError

    def refresh_if_seen(self) -> None:
        """Bring it up to date now, or when it is next shown."""
        self._is_behind = True
        if self.isVisible():
            self._is_behind = False
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up on what happened while the panel was hidden."""
        super().showEvent(event)
        if self._is_behind:
            self._is_behind = False
            self.refresh()


def clear(layout: QLayout) -> None:
    """Take all widgets out of a layout and let them go.

    Rows within it are widgets, never layouts: a layout that is taken out of another one is known
    to Python by two names, and is freed twice.
    """
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
