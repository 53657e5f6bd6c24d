"""What all actions that bring in or hand out other programs' files stand on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from depmap_gui.domain.views import Point
from depmap_gui.gui.action_handlers_file import FileActions
from depmap_gui.gui.dialogs.questions import Questions
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.settings import Settings
from depmap_gui.gui.theme import Theme


class Stage(Protocol):
    """What importing asks of the canvas."""

    def places(self) -> Mapping[str, Point]:
        """The centers of all items on the view."""

    def fit(self) -> None:
        """Bring the whole map into sight."""


class BringingActions(QObject):
    """The editor, the open file, the canvas and the dialogs; ``told`` is a line for the user."""

    told = Signal(str)

    def __init__(
        self,
        editor: Editor,
        files: FileActions,
        stage: Stage,
        settings: Settings,
        questions: Questions,
        theme: Theme,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._editor, self._files, self._stage = editor, files, stage
        self._settings, self._questions = settings, questions
        self._theme, self._window = theme, window

    def set_theme(self, theme: Theme) -> None:
        """Wear other colors from the next dialog on."""
        self._theme = theme
