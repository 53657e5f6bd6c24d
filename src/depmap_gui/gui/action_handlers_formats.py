"""Files of other programs in the window: a graph onto the map, the map into another format."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from depmap_gui.analysis.context import Context
from depmap_gui.gui.action_handlers_file import FileActions
from depmap_gui.gui.dialogs.questions import FileKind, Questions
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.settings import Settings
from depmap_gui.session.formats import (
    Joined,
    LeftOut,
    Reading,
    as_project,
    export_format,
    joined,
    read_formats,
)
from depmap_gui.session.session import Session

_SHOWN = 8


class FormatActions(QObject):
    """Reads and writes the formats of other programs in the background."""

    told = Signal(str)
    imported = Signal()
    """What a file held has come onto the map."""

    def __init__(
        self,
        editor: Editor,
        files: FileActions,
        settings: Settings,
        questions: Questions,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._editor, self._files = editor, files
        self._settings, self._questions = settings, questions

    def handlers(self) -> dict[str, Callable[[], object]]:
        """What each action of this file does, by id."""
        return {"file.export_format": self.export}

    # Coming in -----------------------------------------------------------------------------

    def import_path(self, path: Path, otherwise: Callable[[Path], None]) -> None:
        """Read a file and bring it onto the open map, or onto a new one where none is open.

        ``otherwise`` is given a file that is a table after all.
        """

        def job(_context: Context) -> Reading | None:
            return next(iter(read_formats([path])), None)

        def done(reading: Reading | None) -> None:
            if reading is None:
                otherwise(path)
            else:
                self._take(reading)

        task = self._editor.tasks.start(f"Reading {path.name}", job)
        task.finished.connect(done)
        task.failed.connect(
            lambda fault: self._questions.tell(
                "Nothing was imported", str(fault), "The map is as it was."
            )
        )

    def _take(self, reading: Reading) -> None:
        if not self._files.is_open:
            project, left_out = as_project([reading])
            self._files.work_on(Session(project), is_modified=True)
            self._account(reading, left_out, None)
            return
        taken = joined(self._editor.project, reading)
        if taken.edit is None:
            self.told.emit(f"The map says all of {reading.name} already")
        elif not self._editor.apply(taken.edit, taken.edit.label):
            return
        self._account(reading, taken.left_out, taken)

    def _account(
        self, reading: Reading, left_out: tuple[LeftOut, ...], taken: Joined | None
    ) -> None:
        """Say what came of the file, and show what was taken for granted or left out."""
        made = reading.made if taken is None else taken.added
        counts = ", ".join(f"{number:,} {what}" for what, number in made.items()) or "nothing new"
        self.told.emit(f"Imported {reading.name}: {counts}")
        self.imported.emit()
        lines = [*reading.notes]
        lines += [f"Left out: {one}" for one in (*reading.left_out, *left_out)[:_SHOWN]]
        more = len(reading.left_out) + len(left_out) - _SHOWN
        if more > 0:
            lines.append(f"and {more:,} more left out.")
        if lines:
            self._questions.tell(
                f"Imported {reading.name} ({reading.format})",
                "\n".join(lines),
                "Check what was taken for granted. Undo takes the whole import back."
                if taken is not None
                else "Check what was taken for granted.",
            )

    # Going out -----------------------------------------------------------------------------

    def export(self) -> None:
        """Ask for a file and write the map in the format that its ending names."""
        session = self._editor.session
        folder = session.path.parent if session.path else self._settings.last_folder
        name = session.path.stem if session.path else "map"
        path = self._questions.file_to_save(
            "Export data", folder / f"{name}.graphml", FileKind.FORMAT
        )
        if path is None:
            return
        project = self._editor.project

        def job(_context: Context) -> tuple[LeftOut, ...]:
            return export_format(project, path)

        task = self._editor.tasks.start(f"Writing {path.name}", job)
        task.finished.connect(lambda left_out: self._written(path, left_out))
        task.failed.connect(
            lambda fault: self._questions.tell(
                "The file was not written",
                str(fault),
                "Your map is unharmed, and an older file of that name is as it was.",
            )
        )

    def _written(self, path: Path, left_out: tuple[LeftOut, ...]) -> None:
        self.told.emit(f"Wrote {path.name}")
        if left_out:
            self._questions.tell(
                f"{path.name} was written, without some of the map",
                "\n".join(map(str, left_out)),
                "The project file, JSON, GraphML and CSV hold everything.",
            )
