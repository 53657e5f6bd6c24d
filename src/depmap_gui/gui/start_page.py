"""The start page: samples, a new map, a file, and the projects last worked on."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from string import Template

import msgspec
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
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

from depmap_gui.gui.icons import icon, icon_pixmap
from depmap_gui.gui.theme import Theme

_WIDEST = 940
_NARROW = 760
_PICTURE = QSize(190, 118)
_SHEET = Template("""
#startPage, #startColumn { background: $canvas; }
#startBrand { font-size: ${brand}pt; font-weight: 700; }
#startLine { font-size: ${line_size}pt; color: $muted; }
#startNote { color: $muted; }
QPushButton[card="true"] {
    background: $raised; border: 1px solid $line; border-radius: 10px; padding: 0; text-align: left;
}
QPushButton[card="true"]:hover { border-color: $accent; background: $raised; }
QPushButton[card="true"]:pressed { background: $accent_tint; }
QPushButton[card="true"]:focus { border: 2px solid $accent; padding: 0; }
QPushButton[card="true"][missing="true"] {
    background: transparent; border: 1px dashed $line_strong;
}
QLabel[role="cardTitle"] { font-weight: 600; font-size: ${card_size}pt; }
QPushButton[missing="true"] QLabel[role="cardTitle"] { color: $muted; }
""")


class StartPage(QScrollArea):
    """What one sees with no map open. It asks; the window does."""

    new_requested = Signal()
    open_requested = Signal()
    import_requested = Signal()
    project_requested = Signal(object)
    forget_requested = Signal(object)

    def __init__(
        self, theme: Theme, samples: Iterable[Path], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("startPage")
        self.setAccessibleName("Start page")
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._theme = theme
        self._samples = tuple(samples)
        self._cards: dict[Path, SampleCard] = {}
        self._recent_shown: tuple[Path, ...] = ()
        self.new_card = Card("new", "New map", "An empty page")
        self.open_card = Card("open", "Open…", "A .depmap file")
        self.import_card = Card("import", "Import…", "A spreadsheet")
        self.recent_cards: dict[Path, Card] = {}
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._recent = QVBoxLayout()
        self._mark = QLabel()
        self._lay_out()
        self.new_card.clicked.connect(self.new_requested)
        self.open_card.clicked.connect(self.open_requested)
        self.import_card.clicked.connect(self.import_requested)
        self.set_recent(())
        self.set_theme(theme)

    @property
    def sample_cards(self) -> dict[Path, SampleCard]:
        """The card of each sample."""
        return self._cards

    def set_theme(self, theme: Theme) -> None:
        """Wear other colors."""
        self._theme = theme
        points = {"brand": 26.0, "line_size": 11.5, "card_size": 10.5}
        sizes = {name: f"{size * theme.text_scale:.1f}" for name, size in points.items()}
        self._column.setMaximumWidth(theme.sized(_WIDEST))
        self.setStyleSheet(_SHEET.substitute(msgspec.structs.asdict(theme) | sizes))
        scale = self.devicePixelRatioF()
        self._mark.setPixmap(icon_pixmap("map", theme.accent, 40, scale))
        begin = (self.new_card, self.open_card, self.import_card)
        for card in (*begin, *self._cards.values()):
            card.set_theme(theme)
        self.set_recent(self._recent_shown)

    def describe(self, sample: Path, title: str, words: str, picture: bytes) -> None:
        """Say and show (as a PNG) what is in a sample, once it has been read."""
        if (card := self._cards.get(sample)) is not None:
            card.say(title, words)
            card.show_picture(picture, self._theme)

    def set_recent(self, paths: Iterable[Path]) -> None:
        """List the projects last worked on; those that are gone are dimmed."""
        self._recent_shown = tuple(paths)
        self.recent_cards = {}
        _clear(self._recent)
        for path in self._recent_shown:
            self._recent.addLayout(self._recent_row(path))
        if not self._recent_shown:
            empty = QLabel("Maps you open or save are listed here.")
            empty.setObjectName("startNote")
            empty.setWordWrap(True)
            self._recent.addWidget(empty)
        self._recent.addStretch(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: the page has another size; a narrow one has its columns one below the other."""
        super().resizeEvent(event)
        across = self.viewport().width() >= self._theme.sized(_NARROW)
        direction = QBoxLayout.Direction
        self._columns.setDirection(direction.LeftToRight if across else direction.TopToBottom)

    def _lay_out(self) -> None:
        column = QWidget()
        column.setObjectName("startColumn")
        self._column = column
        column.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        layout = QVBoxLayout(column)
        layout.setContentsMargins(32, 64, 32, 32)
        layout.setSpacing(28)
        layout.addLayout(self._head())
        self._columns.setSpacing(40)
        self._columns.addLayout(self._left(), 3)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(_section("Recent"))
        self._recent.setSpacing(8)
        right.addLayout(self._recent, 1)
        self._columns.addLayout(right, 2)
        layout.addLayout(self._columns, 1)
        note = QLabel(
            "Drop a map or a spreadsheet anywhere on this window to open it. "
            "DepMap is an aid to analysis, not legal advice."
        )
        note.setObjectName("startNote")
        note.setWordWrap(True)
        layout.addWidget(note)
        ground = QWidget()
        ground.setObjectName("startColumn")
        around = QHBoxLayout(ground)
        around.setContentsMargins(0, 0, 0, 0)
        around.addStretch(1)
        around.addWidget(column, 100)
        around.addStretch(1)
        self.setWidget(ground)

    def _head(self) -> QHBoxLayout:
        brand = QLabel("DepMap")
        brand.setObjectName("startBrand")
        line = QLabel("Who does a plant depend on? Whose technology, whose inputs, whose money.")
        line.setObjectName("startLine")
        line.setWordWrap(True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(brand)
        words.addWidget(line)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        return head

    def _left(self) -> QVBoxLayout:
        begin = QHBoxLayout()
        begin.setSpacing(12)
        begin.addWidget(self.new_card, 1)
        begin.addWidget(self.open_card, 1)
        begin.addWidget(self.import_card, 1)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(_section("Start"))
        left.addLayout(begin)
        left.addSpacing(16)
        if self._samples:
            left.addWidget(_section("Open a sample"))
        for path in self._samples:
            card = SampleCard("picture", _title_of(path), "Sample map")
            card.clicked.connect(lambda _checked=False, path=path: self._ask_for(path))
            self._cards[path] = card
            left.addWidget(card)
        left.addStretch(1)
        return left

    def _ask_for(self, path: Path) -> None:
        self.project_requested.emit(path)

    def _recent_row(self, path: Path) -> QHBoxLayout:
        is_there = path.is_file()
        where = _short(path.parent)
        card = Card("file", path.stem, where if is_there else f"Not found in {where}")
        card.setProperty("missing", not is_there)
        card.setToolTip(str(path))
        card.set_theme(self._theme)
        card.setEnabled(is_there)
        card.clicked.connect(lambda: self._ask_for(path))
        self.recent_cards[path] = card
        forget = QToolButton()
        forget.setIcon(icon("x", self._theme, self._theme.muted, 14))
        forget.setAccessibleName(f"Take {path.stem} off the list")
        forget.setToolTip("Take it off this list; the file stays")
        forget.clicked.connect(lambda: self.forget_requested.emit(path))
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(card, 1)
        row.addWidget(forget, 0, Qt.AlignmentFlag.AlignVCenter)
        return row


class Card(QPushButton):
    """A large button: an icon, a title, and a line below it."""

    def __init__(self, picture: str, title: str, words: str) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._picture = picture
        self._icon = QLabel()
        self._title = _Elided()
        self._title.setProperty("role", "cardTitle")
        self._words = _Elided()
        self._words.setProperty("role", "muted")
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addStretch(1)
        texts.addWidget(self._title)
        texts.addWidget(self._words)
        texts.addStretch(1)
        layout = self._row = QHBoxLayout(self)
        layout.setContentsMargins(14, 11, 14, 11)
        layout.setSpacing(12)
        layout.addWidget(self._icon)
        layout.addLayout(texts, 1)
        for label in (self._icon, self._title, self._words):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.say(title, words)

    def say(self, title: str, words: str) -> None:
        """Show another title and line."""
        self._title.set_words(title)
        self._words.set_words(words)
        self.setAccessibleName(title)
        self.setAccessibleDescription(words)

    def set_theme(self, theme: Theme) -> None:
        """Wear other colors."""
        is_missing = bool(self.property("missing"))
        ink = theme.muted if is_missing else theme.accent_text
        self._icon.setPixmap(icon_pixmap(self._picture, ink, 22, self.devicePixelRatioF()))

    def sizeHint(self) -> QSize:
        """Qt: as large as its contents want."""
        return self._row.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Qt: its contents may be cut short sideways, never in height."""
        return QSize(160, self._row.sizeHint().height())


class SampleCard(Card):
    """A card with a small picture of the map in place of the icon."""

    def __init__(self, picture: str, title: str, words: str) -> None:
        super().__init__(picture, title, words)
        self._icon.setFixedSize(_PICTURE)
        self._content: bytes = b""

    def show_picture(self, content: bytes, theme: Theme) -> None:
        """Show a PNG of the map."""
        self._content = content
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Wear other colors."""
        scale = self.devicePixelRatioF()
        made = QPixmap(_PICTURE * scale)
        made.setDevicePixelRatio(scale)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        frame = QRectF(QPointF(0.5, 0.5), QSizeF(_PICTURE) - QSizeF(1, 1))
        outline = QPainterPath()
        outline.addRoundedRect(frame, 6, 6)
        painter.fillPath(outline, QColor(theme.canvas))
        painter.setClipPath(outline)
        self._paint_picture(painter, theme, scale)
        painter.setClipping(False)
        painter.setPen(QColor(theme.line))
        painter.drawPath(outline)
        painter.end()
        self._icon.setPixmap(made)

    def _paint_picture(self, painter: QPainter, theme: Theme, scale: float) -> None:
        drawn = QImage.fromData(self._content)
        if drawn.isNull():
            mark = icon_pixmap(self._picture, theme.muted, 24, scale)
            painter.drawPixmap(QPointF(_PICTURE.width() / 2 - 12, _PICTURE.height() / 2 - 12), mark)
            return
        small = drawn.scaled(
            _PICTURE * scale,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        small.setDevicePixelRatio(scale)
        size = QSizeF(small.width() / scale, small.height() / scale)
        corner = QPointF(
            (_PICTURE.width() - size.width()) / 2, (_PICTURE.height() - size.height()) / 2
        )
        painter.drawImage(corner, small)


class _Elided(QLabel):
    """One line that ends in an ellipsis where it is too long."""

    def __init__(self) -> None:
        super().__init__()
        self._all = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_words(self, words: str) -> None:
        self._all = words
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: the label has another width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        width = self.width()
        metrics = self.fontMetrics()
        self.setText(metrics.elidedText(self._all, Qt.TextElideMode.ElideMiddle, width))


def _section(words: str) -> QLabel:
    label = QLabel(words)
    label.setProperty("role", "section")
    return label


def _title_of(path: Path) -> str:
    words = path.stem.replace("-", " ").replace("_", " ")
    return words[:1].upper() + words[1:]


def _short(folder: Path) -> str:
    try:
        return "~/" + folder.relative_to(Path.home()).as_posix().removeprefix(".")
    except ValueError:
        return str(folder)


def _clear(layout: QLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            # Hidden at once: it would be seen where it stood until the event loop comes round.
            widget.hide()
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            _clear(inner)
