"""How the parts of an open map lie in the window, and how that is remembered."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QTabWidget, QVBoxLayout, QWidget

from depmap_gui.gui.settings import Settings

_ACROSS = (240, 800, 400)
_DOWN = (650, 250)
_NARROWEST = {"outline": 170, "details": 260}
_LOWEST = 150
_MOST_GROWN = 1.5
# At the usual size of text all pages of the narrow panel are in sight at once.
_CLOSE_TABS = "QTabBar::tab { padding: 7px 4px 6px 4px; margin: 0; }"

Pages = Sequence[tuple[str, QWidget]]


class Workspace(QWidget):
    """Toolbar above; outline, map and details side by side; tables below. Panels can be hidden."""

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
        self._parts = (toolbar, outline, canvas, aside, self.bottom)
        across = QSplitter(Qt.Orientation.Horizontal)
        for part in (outline, canvas, aside):
            across.addWidget(part)
        across.setStretchFactor(1, 1)
        down = QSplitter(Qt.Orientation.Vertical)
        down.addWidget(across)
        down.addWidget(self.bottom)
        down.setStretchFactor(0, 1)
        self._splitters = {"across": across, "down": down}
        self._panels = {"outline": outline, "details": aside, "bottom": self.bottom}
        for splitter in self._splitters.values():
            splitter.setChildrenCollapsible(False)
            splitter.setHandleWidth(1)
        self._text_scale = 1.0
        self.follow_text(text_scale)
        _below_one_another(toolbar, down, within=self)
        self.restore()

    def follow_text(self, scale: float) -> None:
        """Give the panels at the sides the room that words of another size take."""
        scale = min(scale, _MOST_GROWN)
        grown, self._text_scale = scale / self._text_scale, scale
        for name, width in _NARROWEST.items():
            self._panels[name].setMinimumWidth(round(width * self._text_scale))
        self.bottom.setMinimumHeight(round(_LOWEST * self._text_scale))
        if grown != 1.0:
            across = self._splitters["across"]
            left, middle, right = across.sizes()
            across.setSizes([round(left * grown), middle, round(right * grown)])

    def restore(self) -> None:
        """Lie as the settings remember; as the program came where they remember nothing."""
        left, middle, right = _ACROSS
        grown = self._text_scale
        self._splitters["across"].setSizes([round(left * grown), middle, round(right * grown)])
        self._splitters["down"].setSizes(list(_DOWN))
        for name, splitter in self._splitters.items():
            splitter.restoreState(self._settings.splitter(name))
        for name, panel in self._panels.items():
            panel.setVisible(self._settings.is_shown(name))
        for name, (tabs, pages) in self._pages.items():
            titles = [title for title, _ in pages]
            in_front = self._settings.page(name)
            tabs.setCurrentIndex(titles.index(in_front) if in_front in titles else 0)

    def remember(self) -> None:
        """Have the settings remember how wide and high the parts are, and which are in front."""
        for name, splitter in self._splitters.items():
            self._settings.set_splitter(name, splitter.saveState())
        for name, (tabs, pages) in self._pages.items():
            self._settings.set_page(name, pages[tabs.currentIndex()][0])

    @property
    def parts(self) -> tuple[QWidget, ...]:
        """The parts as one reads them: toolbar, outline, map, details, bottom."""
        return self._parts

    @property
    def shown(self) -> list[str]:
        """The names of the panels that are shown."""
        return [name for name, panel in self._panels.items() if not panel.isHidden()]

    def toggle(self, name: str) -> None:
        """Hide a panel, or show it again; that is remembered."""
        panel = self._panels[name]
        panel.setVisible(panel.isHidden())
        self._settings.set_shown(name, not panel.isHidden())

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
