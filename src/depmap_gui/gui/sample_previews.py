"""What the start page shows of each sample: its title, its size and a small picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from depmap_gui.analysis.context import Context
from depmap_gui.analysis.results import Assessment
from depmap_gui.domain.project import Project
from depmap_gui.gui.render import map_alone
from depmap_gui.gui.tasks import Tasks
from depmap_gui.gui.theme import LIGHT, Theme
from depmap_gui.project.faults import ProjectFileError
from depmap_gui.project.file import read_project
from depmap_gui.session.session import Session, score

_AFTER_FIRST_PAINT_MS = 250


class Preview(NamedTuple):
    """A sample in brief; the picture is a PNG."""

    path: Path
    title: str
    words: str
    picture: bytes


class SamplePreviews(QObject):
    """Reads and scores the samples one after the other, once the window is up."""

    made = Signal(object)

    def __init__(
        self, samples: Sequence[Path], tasks: Tasks, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._waiting = list(samples)
        self._unnamed = list(samples)
        self._tasks = tasks
        self._scored: dict[Path, tuple[Project, Assessment]] = {}
        self._theme: Theme | None = None
        self._begin = QTimer(self, singleShot=True, interval=_AFTER_FIRST_PAINT_MS)
        self._begin.timeout.connect(self._next)

    def start(self, theme: Theme) -> None:
        """Make what is not made yet, and draw what is in other colors where they changed."""
        is_other = theme != self._theme
        self._theme = theme
        if is_other:
            for path in self._scored:
                self._tell(path)
        if self._waiting:
            self._begin.start()

    def stop(self) -> None:
        """Leave the rest for another time."""
        self._begin.stop()

    @property
    def is_done(self) -> bool:
        """Whether there is nothing more to make."""
        return not self._waiting and not self._tasks.is_busy

    @Slot()
    def _next(self) -> None:
        self._name()
        if not self._waiting or self._tasks.is_busy:
            return
        path = self._waiting.pop(0)
        task = self._tasks.start("Reading a sample", _reading(path), visible=False)
        task.finished.connect(self._on_read)
        task.ended.connect(self._begin.start)

    def _name(self) -> None:
        """Say at once what the samples are called: they are small; pictures take a while."""
        while self._unnamed:
            path = self._unnamed.pop()
            try:
                project = read_project(path)
            except ProjectFileError:
                continue  # opening it will say why; the card keeps its plain name
            self.made.emit(Preview(path, _title(project, path), _words(project), b""))

    @Slot(object)
    def _on_read(self, read: tuple[Path, Project, Assessment] | None) -> None:
        if read is not None:
            path, project, assessment = read
            self._scored[path] = project, assessment
            self._tell(path)

    def _tell(self, path: Path) -> None:
        project, assessment = self._scored[path]
        picture = map_alone(project, assessment, self._theme or LIGHT)
        self.made.emit(Preview(path, _title(project, path), _words(project), picture))


@cache
def sample_title(path: Path) -> str:
    """What a shipped map is called; the name of its file where that cannot be read."""
    try:
        return _title(read_project(path), path)
    except ProjectFileError:
        return path.stem


def _title(project: Project, path: Path) -> str:
    return project.header.title or path.stem


def _words(project: Project) -> str:
    items, links = len(project.entities), len(project.links)
    return f"{items} items · {links} links · tax year {project.header.year}"


def _reading(path: Path) -> Callable[[Context], tuple[Path, Project, Assessment] | None]:
    def job(context: Context) -> tuple[Path, Project, Assessment] | None:
        try:
            request = Session.open(path).request()
        except ProjectFileError:
            return None  # opening it will say why; the card keeps its plain name
        return path, request.project, score(request, context)

    return job
