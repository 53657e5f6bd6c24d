"""What the actions of the Rules menu do: browse and choose packs, settle names, see the years."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QDialog, QWidget

from depmap_gui.gui.dialogs.name_matches import NameMatchesDialog
from depmap_gui.gui.dialogs.questions import Questions
from depmap_gui.gui.dialogs.rules_browser import RulesBrowser
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.settings import Settings
from depmap_gui.gui.theme import Theme
from depmap_gui.session.rules import environment_folders


class RulesActions(QObject):
    """Holds the windows beside the map that are about rules; each is made when first asked for."""

    def __init__(
        self,
        editor: Editor,
        settings: Settings,
        questions: Questions,
        theme: Theme,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._editor, self._settings, self._questions = editor, settings, questions
        self._theme, self._window = theme, window
        self._is_open = False
        self.browser: RulesBrowser | None = None
        self.matches: NameMatchesDialog | None = None
        editor.rules_folders = self._folders()
        editor.opened.connect(self._on_opened)

    def handlers(self, show_years: Callable[[], object]) -> dict[str, Callable[[], object]]:
        """What each action of this file does, by id."""
        return {
            "rules.browse": self.browse,
            "rules.add_folder": self.add_folder,
            "rules.read_again": self.read_again,
            "rules.name_matches": self.show_matches,
            "rules.years": show_years,
        }

    def set_theme(self, theme: Theme) -> None:
        """Wear other colors."""
        self._theme = theme
        if self.browser is not None:
            self.browser.set_theme(theme)

    def set_open(self, *, is_open: bool) -> None:
        """Follow a map that was opened or closed."""
        self._is_open = is_open
        if self.browser is not None and self.browser.isVisible():
            self.browser.set_open(is_open=is_open)
        if self.matches is not None and not is_open:
            self.matches.close()

    def browse(self) -> None:
        """Show all rule packs, to read, search and choose."""
        browser = self._made_browser()
        browser.read(self._settings.rules_folders, is_open=self._is_open)
        _raise(browser)

    def add_folder(self) -> None:
        """Ask for a folder of the user's own packs and lists, and take it in."""
        self.browse()
        self._made_browser().packs.add_folder()

    def read_again(self) -> None:
        """Read every pack and list again, and score by them."""
        self._take(self._settings.rules_folders)

    def show_matches(self) -> None:
        """Show the names that look like those on government lists."""
        if self.matches is None:
            self.matches = NameMatchesDialog(self._editor, self._window)
        self.matches.refresh()
        _raise(self.matches)

    def _made_browser(self) -> RulesBrowser:
        if self.browser is None:
            ask = self._questions.rules_folder
            self.browser = RulesBrowser(self._editor, self._theme, ask, self._window)
            self.browser.folders_changed.connect(self._take)
        return self.browser

    @Slot(object)
    def _take(self, folders: tuple[Path, ...]) -> None:
        self._settings.rules_folders = folders
        self._editor.rules_folders = self._folders()
        if self._is_open:
            self._editor.take_rules_from(self._editor.rules_folders)
        if self.browser is not None:
            self.browser.read(folders, is_open=self._is_open)

    def _folders(self) -> tuple[Path, ...]:
        return (*environment_folders(), *self._settings.rules_folders)

    @Slot()
    def _on_opened(self) -> None:
        if self.browser is not None and self.browser.isVisible():
            self.browser.set_open(is_open=self._is_open)


def _raise(dialog: QDialog) -> None:
    dialog.show()
    dialog.raise_()
    dialog.activateWindow()
