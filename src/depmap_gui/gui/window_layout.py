"""How the parts of an open map lie in the window, and how that is remembered."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QTabWidget, QVBoxLayout, QWidget

from depmap_gui.gui.settings import Settings

_ACROSS = (240, 800, 400)
_DOWN = (650, 250)
_NARROWEST = {"outline": 170, "details": 260}
_LOWEST = 110
# All pages of the narrow panel can be chosen without scrolling their tabs.
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
        details: Pages,
        bottom: Pages,
    ) -> None:
        super().__init__()
        self._settings = settings
        self.details = _tabs("Selected item", details)
        self.details.tabBar().setStyleSheet(_CLOSE_TABS)
        self.bottom = _tabs("Tables, problems and history", bottom)
        across = QSplitter(Qt.Orientation.Horizontal)
        for part in (outline, canvas, self.details):
            across.addWidget(part)
        across.setStretchFactor(1, 1)
        down = QSplitter(Qt.Orientation.Vertical)
        down.addWidget(across)
        down.addWidget(self.bottom)
        down.setStretchFactor(0, 1)
        self._splitters = {"across": across, "down": down}
        self._panels = {"outline": outline, "details": self.details, "bottom": self.bottom}
        for splitter in self._splitters.values():
            splitter.setChildrenCollapsible(False)
            splitter.setHandleWidth(1)
        for name, width in _NARROWEST.items():
            self._panels[name].setMinimumWidth(width)
        self.bottom.setMinimumHeight(_LOWEST)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(toolbar)
        layout.addWidget(down, 1)
        self.restore()

    def restore(self) -> None:
        """Lie as the settings remember; as the program came where they remember nothing."""
        self._splitters["across"].setSizes(list(_ACROSS))
        self._splitters["down"].setSizes(list(_DOWN))
        for name, splitter in self._splitters.items():
            splitter.restoreState(self._settings.splitter(name))
        for name, panel in self._panels.items():
            panel.setVisible(self._settings.is_shown(name))

    def remember(self) -> None:
        """Have the settings remember how wide and high the parts are."""
        for name, splitter in self._splitters.items():
            self._settings.set_splitter(name, splitter.saveState())

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


def _tabs(name: str, pages: Pages) -> QTabWidget:
    tabs = QTabWidget()
    tabs.setDocumentMode(True)
    tabs.setAccessibleName(name)
    tabs.tabBar().setAccessibleName(name)
    tabs.tabBar().setExpanding(False)
    for title, page in pages:
        tabs.addTab(page, title)
    return tabs
