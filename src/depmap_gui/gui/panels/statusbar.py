"""The status bar: how large the map is, whether its scores are up to date, what is under way."""

from __future__ import annotations

import time

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QStatusBar,
    QWidget,
)

from depmap_gui.gui.editor import Editor
from depmap_gui.gui.icons import icon
from depmap_gui.gui.numbers import count as count_text
from depmap_gui.gui.numbers import percent
from depmap_gui.gui.panels.parts import Elided
from depmap_gui.gui.tasks import Task
from depmap_gui.gui.theme import Theme

_SLOW_MS = 400
_ESTIMATE_AFTER = 2.0
_TOLD_FOR_MS = 8000


class StatusBar(QStatusBar):
    """Facts at the left, work under way in the middle, file and zoom at the right."""

    problems_requested = Signal()
    actual_size_requested = Signal()

    def __init__(self, editor: Editor, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._theme = theme
        self._has_problems = 0
        self.size_words = QLabel()
        self.scores = QLabel()
        self.problems = _flat("Show the problems")
        self.told = Elided("")
        self._warning = ""
        self.file = QLabel()
        self.zoom = _flat("Actual size (Ctrl+1)")
        self.work = TaskStrip(theme)
        self._forget = QTimer(self, singleShot=True, interval=_TOLD_FOR_MS)
        self._forget.timeout.connect(self._tell_lasting)
        self._slow = QTimer(self, singleShot=True, interval=_SLOW_MS)
        self._slow.timeout.connect(self._tell_scores)
        self.setSizeGripEnabled(False)
        self.setContentsMargins(6, 0, 6, 0)
        left: tuple[QWidget, ...] = (self.size_words, self.scores, self.problems, self.told)
        right: tuple[QWidget, ...] = (self.work, self.file, self.zoom)
        for widget in left:
            self.addWidget(widget, int(widget is self.told))
        for widget in right:
            self.addPermanentWidget(widget)
        self.told.setAccessibleName("What was done last")
        self._connect()
        self.refresh()

    def set_theme(self, theme: Theme) -> None:
        """Wear other colors."""
        self._theme = theme
        self.work.set_theme(theme)
        self._tell_scores()
        self.set_problems(self._has_problems)

    def refresh(self) -> None:
        """Say everything anew."""
        self._tell_size()
        self._tell_scores()
        self._tell_file()

    def set_problems(self, count: int) -> None:
        """How many problems there are."""
        self._has_problems = count
        words = "No problems" if not count else "1 problem" if count == 1 else f"{count} problems"
        self.problems.setText(words)
        theme = self._theme
        self.problems.setIcon(
            icon("alert", theme, theme.at_risk_text, theme.icon_size(14))
            if count
            else icon("check", theme, theme.eligible_text, theme.icon_size(14))
        )
        self.problems.setIconSize(QSize(theme.icon_size(14), theme.icon_size(14)))

    def set_zoom(self, zoom: float) -> None:
        """How large the map is shown; 1 is actual size."""
        self.zoom.setText(percent(round(zoom, 2)))
        self.zoom.setAccessibleName(f"Zoom {zoom * 100:.0f} percent; press for actual size")

    def tell(self, words: str) -> None:
        """Say something for a while."""
        self.told.setStyleSheet("")
        self.told.say(words)
        self._forget.start()

    @Slot(str)
    def warn(self, words: str) -> None:
        """Say something that lasts until the map is saved or another is opened."""
        self._warning = words
        self._tell_lasting()

    @Slot()
    def _tell_lasting(self) -> None:
        self._forget.stop()
        self.told.setStyleSheet(f"color: {self._theme.at_risk_text};" if self._warning else "")
        self.told.say(self._warning)

    @Slot()
    def _forget_warning(self) -> None:
        if self._warning:
            self.warn("")

    def _connect(self) -> None:
        editor = self._editor
        editor.opened.connect(self.refresh)
        for signal in (editor.opened, editor.saved):
            signal.connect(self._forget_warning)
        editor.changed.connect(self._tell_size)
        editor.freshness_changed.connect(self._on_freshness)
        editor.assessed.connect(self._tell_scores)
        editor.scoring_failed.connect(self._tell_scores)
        editor.saved.connect(self._tell_file)
        editor.history.cleanChanged.connect(self._tell_file)
        editor.tasks.started.connect(self.work.show_task)
        self.problems.clicked.connect(self.problems_requested)
        self.zoom.clicked.connect(self.actual_size_requested)

    @Slot()
    def _tell_size(self) -> None:
        project = self._editor.project
        items, links = len(project.entities), len(project.links)
        self.size_words.setText(
            f"{count_text(items)} {'item' if items == 1 else 'items'} · "
            f"{count_text(links)} {'link' if links == 1 else 'links'}"
        )

    @Slot()
    def _on_freshness(self) -> None:
        """Stale figures are said to be so; the word only changes at once where it takes long."""
        self._tell_scores()
        if not self._editor.is_fresh:
            self._slow.start()

    @Slot()
    def _tell_scores(self) -> None:
        editor, theme = self._editor, self._theme
        if editor.is_fresh:
            self._slow.stop()
            self.scores.setText(f"Scores up to date · {max(1, round(editor.scoring_ms))} ms")
            self.scores.setToolTip("Every figure shown belongs to the map as it stands")
            self.scores.setStyleSheet("")
        elif editor.scoring_fault:
            self.scores.setText("Scores could not be computed")
            self.scores.setToolTip(editor.scoring_fault)
            self.scores.setStyleSheet(f"color: {theme.ineligible_text}; font-weight: 600;")
        else:
            self.scores.setText("Scoring…")
            self.scores.setToolTip("The figures shown are older than the map")
            self.scores.setStyleSheet(f"color: {theme.accent_text};")

    @Slot()
    def _tell_file(self) -> None:
        editor = self._editor
        path = editor.session.path
        if editor.is_modified:
            self.file.setText("Modified")
        else:
            self.file.setText("Saved" if path is not None else "Not saved yet")
        self.file.setToolTip(str(path) if path is not None else "The map is in no file yet")


class TaskStrip(QWidget):
    """What a job is doing, how far it is, how long it still takes, and a way to stop it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks: list[Task] = []
        self.words = QLabel()
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(140)
        self.bar.setMaximumHeight(8)
        self.stop = _flat("Stop this and leave nothing half done")
        self.stop.setText("Cancel")
        self.stop.clicked.connect(self._cancel)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 8, 0)
        layout.setSpacing(6)
        for widget in (self.words, self.bar, self.stop):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        self.set_theme(theme)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Wear other colors."""
        self.stop.setIcon(icon("x", theme, theme.muted, 12))

    @Slot(object)
    def show_task(self, task: Task) -> None:
        """Follow a job until it ends; the latest one is shown."""
        self._tasks.append(task)
        task.progressed.connect(self._on_progress)
        task.ended.connect(self._on_ended)
        self._show(task, 0.0, "")

    @Slot(float, str)
    def _on_progress(self, fraction: float, what: str) -> None:
        task = self.sender()
        if self._tasks and task is self._tasks[-1]:
            self._show(self._tasks[-1], fraction, what)

    @Slot()
    def _on_ended(self) -> None:
        task = self.sender()
        self._tasks = [other for other in self._tasks if other is not task]
        if self._tasks:
            self._show(self._tasks[-1], 0.0, "")
        else:
            self.hide()

    def _show(self, task: Task, fraction: float, what: str) -> None:
        words = f"{task.title}: {what}" if what else task.title
        elapsed = time.monotonic() - task.started_at
        if elapsed > _ESTIMATE_AFTER and 0.02 < fraction < 1:
            words += f" · about {_duration(elapsed / fraction - elapsed)} left"
        self.words.setText(words)
        self.bar.setRange(0, 1000 if fraction > 0 else 0)
        self.bar.setValue(round(fraction * 1000))
        self.bar.setAccessibleName(words)
        self.show()

    def _cancel(self) -> None:
        if self._tasks:
            self._tasks[-1].cancel()
            self.words.setText(f"{self._tasks[-1].title}: stopping…")


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min"


def _flat(what: str) -> QPushButton:
    button = QPushButton()
    button.setProperty("link", "true")
    button.setToolTip(what)
    button.setAccessibleName(what)
    return button
