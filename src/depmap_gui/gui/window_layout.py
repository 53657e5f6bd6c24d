"""How the parts of an open map lie in the window, and how that is remembered."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from depmap_gui.gui.settings import Settings
from depmap_gui.gui.window_room import STRIP, Strip, height_below, side_widths

_ACROSS = (240, 800, 400)
_DOWN = (710, 190)
_NARROWEST = {"outline": 170, "details": 260}
_LOWEST = 150
_MOST_GROWN = 1.5
_ANY_LENGTH = 10_000
"""Longer than any window: what a splitter is made to read the sizes that it was left with."""
# At the usual size of text all pages of the narrow panel are in sight at once.
_CLOSE_TABS = "QTabBar::tab { padding: 7px 4px 6px 4px; margin: 0; }"

Pages = Sequence[tuple[str, QWidget]]


class Workspace(QWidget):
    """Toolbar above; outline, map and details side by side; tables below. Panels can be hidden.

    In a narrow or low window panels shrink, and then fold by themselves, so that the map keeps
    half of it; they come back as the window grows. ``folding_changed`` tells of either.
    """

    folding_changed = Signal()

    def __init__(
        self,
        settings: Settings,
        *,
        toolbar: QWidget,
        outline: QWidget,
        canvas: QWidget,
        head: QWidget,
        details: Pages,
        bottom: Pages,
        text_scale: float = 1.0,
    ) -> None:
        super().__init__()
        self._settings = settings
        self.details = _tabs("Selected item", details)
        self.details.tabBar().setStyleSheet(_CLOSE_TABS)
        self.bottom = _tabs("Tables, problems and history", bottom)
        self._pages = {"details": (self.details, details), "bottom": (self.bottom, bottom)}
        aside = _below_one_another(head, self.details)
        self._panels = {"outline": outline, "details": aside, "bottom": self.bottom}
        self.strips = {
            "outline": Strip("Map outline", is_right=False),
            "details": Strip("Details", is_right=True),
        }
        self._parts = (
            toolbar,
            self.strips["outline"],
            outline,
            canvas,
            aside,
            self.strips["details"],
            self.bottom,
        )
        self._across = _splitter(Qt.Orientation.Horizontal, outline, canvas, aside)
        self._across.setStretchFactor(1, 1)
        row = _beside_one_another(self.strips["outline"], self._across, self.strips["details"])
        self._down = _splitter(Qt.Orientation.Vertical, row, self.bottom)
        self._down.setStretchFactor(0, 1)
        self._wanted = {"outline": 0.0, "details": 0.0, "bottom": 0.0}
        self._asked: list[str] = []
        self._folded: set[str] = set()
        self._text_scale = 1.0
        self.follow_text(text_scale)
        _below_one_another(toolbar, self._down, within=self)
        self.restore()
        self._across.splitterMoved.connect(self._take_width)
        self._down.splitterMoved.connect(self._take_height)
        for name, strip in self.strips.items():
            strip.clicked.connect(partial(self._ask, name))
        self.bottom.tabBarClicked.connect(self._unfold_bottom)
        self.bottom.currentChanged.connect(self._unfold_bottom)

    def follow_text(self, scale: float) -> None:
        """Give the panels at the sides the room that words of another size take."""
        scale = min(scale, _MOST_GROWN)
        grown, self._text_scale = scale / self._text_scale, scale
        for name, width in _NARROWEST.items():
            self._panels[name].setMinimumWidth(round(width * self._text_scale))
            self._wanted[name] *= grown
        self._make_room()

    def restore(self) -> None:
        """Lie as the settings remember; as the program came where they remember nothing."""
        grown = self._text_scale
        left, _, right = _left_with(self._settings.splitter("across"), 3) or (
            round(_ACROSS[0] * grown),
            0,
            round(_ACROSS[2] * grown),
        )
        _, below = _left_with(self._settings.splitter("down"), 2) or _DOWN
        self._wanted = {"outline": left, "details": right, "bottom": below}
        self._asked.clear()
        for name, (tabs, pages) in self._pages.items():
            titles = [title for title, _ in pages]
            in_front = self._settings.page(name)
            tabs.setCurrentIndex(titles.index(in_front) if in_front in titles else 0)
        self._make_room()

    def remember(self) -> None:
        """Have the settings remember how wide and high the parts are, and which are in front."""
        wanted = {name: round(size) for name, size in self._wanted.items()}
        sizes = (wanted["outline"], _ACROSS[1], wanted["details"])
        across, down = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        self._settings.set_splitter("across", _state_with(across, sizes))
        self._settings.set_splitter("down", _state_with(down, (_DOWN[0], wanted["bottom"])))
        for name, (tabs, pages) in self._pages.items():
            self._settings.set_page(name, pages[tabs.currentIndex()][0])

    @property
    def parts(self) -> tuple[QWidget, ...]:
        """The parts as one reads them: toolbar, outline, map, details, bottom."""
        return self._parts

    @property
    def shown(self) -> list[str]:
        """The names of the panels that are shown."""
        return [
            name
            for name, panel in self._panels.items()
            if not panel.isHidden() and name not in self._folded
        ]

    def width_of(self, name: str) -> int:
        """How wide a panel is."""
        return self._panels[name].width()

    def toggle(self, name: str) -> None:
        """Hide a panel, or show it again; that is remembered."""
        is_shown = name in self.shown
        self._settings.set_shown(name, not is_shown)
        if is_shown:
            self._asked = [each for each in self._asked if each != name]
            self._make_room()
        else:
            self._ask(name)

    def show_panel(self, name: str) -> None:
        """Show a panel where it is hidden."""
        if name not in self.shown:
            self.toggle(name)

    def show_page(self, page: QWidget) -> None:
        """Bring a page of the details or of the bottom panel to the front."""
        for name, tabs in (("details", self.details), ("bottom", self.bottom)):
            if tabs.indexOf(page) >= 0:
                self.show_panel(name)
                tabs.setCurrentWidget(page)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: the window is another size; the map keeps its half of it."""
        super().resizeEvent(event)
        self._make_room()

    # Room for the map ----------------------------------------------------------------------

    def _ask(self, name: str) -> None:
        """Have this panel shown rather than the others, where there is no room for all."""
        self._asked = [name, *(each for each in self._asked if each != name)]
        self._make_room()

    def _unfold_bottom(self) -> None:
        if "bottom" in self._folded:
            self._ask("bottom")

    def _take_width(self) -> None:
        """A hand has set the width of a panel."""
        left, _, right = self._across.sizes()
        for name, width in (("outline", left), ("details", right)):
            if width > 0:
                self._wanted[name] = width

    def _take_height(self) -> None:
        self._wanted["bottom"] = self._down.sizes()[1]

    def _make_room(self) -> None:
        """Give each panel what it is to have in a window of this size; fold what has no room."""
        before = set(self._folded)
        grown, chosen = self._text_scale, [n for n in self._panels if self._settings.is_shown(n)]
        least = {name: width * grown for name, width in _NARROWEST.items()}
        wanted = {name: max(self._wanted[name], least[name]) for name in least if name in chosen}
        widths = side_widths(self.width(), wanted, least, STRIP * grown, self._asked)
        height = height_below(
            self._down.height(),
            self._wanted["bottom"],
            _LOWEST * grown,
            is_asked="bottom" in self._asked,
        )
        sizes = {**widths, "bottom": height if "bottom" in chosen else 0.0}
        self._folded = {name for name in chosen if not sizes[name]}
        for name, strip in self.strips.items():
            self._panels[name].setVisible(name in chosen and name not in self._folded)
            strip.setVisible(name in self._folded)
        self.bottom.setVisible("bottom" in chosen)
        self._fold_bottom(is_folded="bottom" in self._folded)
        left, right = (round(sizes.get(name, 0.0)) for name in least)
        self._across.setSizes([left, max(1, self._across.width() - left - right), right])
        self._down.setSizes([max(1, self._down.height() - round(height)), round(height)])
        if not self._folded:
            self._asked.clear()
        if self._folded != before:
            self.folding_changed.emit()

    def _fold_bottom(self, *, is_folded: bool) -> None:
        """Leave nothing of the panel below but its tabs, or give it its pages back."""
        if (pages := self.bottom.findChild(QStackedWidget)) is not None:
            pages.setVisible(not is_folded)
        bar = self.bottom.tabBar().sizeHint().height()
        self.bottom.setMinimumHeight(bar if is_folded else round(_LOWEST * self._text_scale))
        self.bottom.setMaximumHeight(bar if is_folded else _ANY_LENGTH)


def _splitter(orientation: Qt.Orientation, *parts: QWidget) -> QSplitter:
    made = QSplitter(orientation)
    for part in parts:
        made.addWidget(part)
    made.setChildrenCollapsible(False)
    made.setHandleWidth(1)
    return made


def _left_with(state: QByteArray, count: int) -> list[int] | None:
    """The sizes that a splitter of so many parts was left with, whatever the window's size."""
    splitter = _splitter(Qt.Orientation.Horizontal, *(QWidget() for _ in range(count)))
    stretched = 1 if count == 3 else 0
    splitter.setStretchFactor(stretched, 1)
    # A state brings its own direction with it.
    splitter.resize(_ANY_LENGTH, _ANY_LENGTH)
    return splitter.sizes() if splitter.restoreState(state) else None


def _state_with(orientation: Qt.Orientation, sizes: Sequence[int]) -> QByteArray:
    """The state of a splitter whose parts are of these sizes."""
    splitter = _splitter(orientation, *(QWidget() for _ in sizes))
    whole = sum(sizes) + len(sizes) - 1
    splitter.resize(whole, whole)
    splitter.setSizes(list(sizes))
    return splitter.saveState()


def _beside_one_another(*parts: QWidget) -> QWidget:
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(0)
    for part in parts:
        row.addWidget(part, int(isinstance(part, QSplitter)))
    return made


def _below_one_another(above: QWidget, below: QWidget, within: QWidget | None = None) -> QWidget:
    """A widget with the one above, as high as it wants to be, and the other in what is left."""
    made = within or QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(above)
    column.addWidget(below, 1)
    return made


def _tabs(name: str, pages: Pages) -> QTabWidget:
    tabs = QTabWidget()
    tabs.setDocumentMode(True)
    tabs.setAccessibleName(name)
    bar = tabs.tabBar()
    bar.setAccessibleName(name)
    bar.setExpanding(False)
    bar.setUsesScrollButtons(True)
    # A name cut short would say nothing: where all do not fit, the bar scrolls.
    bar.setElideMode(Qt.TextElideMode.ElideNone)
    for title, page in pages:
        tabs.addTab(page, title)
    return tabs
