"""What the File actions do: new, open, save, export, close; and what is asked before."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from depmap_gui.analysis.context import Context
from depmap_gui.analysis.results import Assessment
from depmap_gui.domain.scenarios import ScenarioError
from depmap_gui.gui.dialogs.questions import FileKind, Questions, Unsaved
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.settings import Settings
from depmap_gui.project.atomic import SaveError
from depmap_gui.project.faults import FileFault, ProjectFileError
from depmap_gui.rules.faults import PackError
from depmap_gui.session.export import export_picture, export_workbook
from depmap_gui.session.session import ScoringRequest, Session, score

Draw = Callable[[str, Assessment], bytes]
"""Draws the map as a file of the given suffix (``png``, ``svg``, ``pdf``)."""
Scored = Callable[[ScoringRequest, Assessment], None]

_UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


class FileActions(QObject):
    """Which map is open, and its comings and goings."""

    openness_changed = Signal(bool)
    recent_changed = Signal()
    told = Signal(str)

    def __init__(
        self,
        editor: Editor,
        settings: Settings,
        questions: Questions,
        draw: Draw,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._editor = editor
        self._settings = settings
        self._questions = questions
        self._draw = draw
        self.is_open = False

    def handlers(self) -> dict[str, Callable[[], object]]:
        """What each action of this file does, by id."""
        return {
            "file.new": self.new,
            "file.open": self.open,
            "file.save": self.save,
            "file.save_as": self.save_as,
            "file.export_workbook": self.export_workbook,
            "file.export_picture": self.export_picture,
            "file.close": self.close,
        }

    # Opening and closing -------------------------------------------------------------------

    def new(self) -> None:
        """Start an empty map."""
        if self.may_leave():
            self.work_on(Session())

    def open(self) -> None:
        """Ask for a file and open it."""
        path = self._questions.file_to_open(self._settings.last_folder)
        if path is not None:
            self.open_path(path)

    def open_path(self, path: Path) -> bool:
        """Open a file; all its faults are told where it cannot be."""
        try:
            session = Session.open(path)
        except ProjectFileError as fault:
            self._questions.tell_faults(path, [(_place(f), f.message) for f in fault.faults])
            return False
        if not self.may_leave():
            return False
        self._remember(path)
        self.work_on(session)
        return True

    def open_sample(self, path: Path) -> bool:
        """Open a shipped map as a new one: it has no file until it is saved."""
        try:
            shipped = Session.open(path)
        except ProjectFileError as fault:
            self._questions.tell_faults(path, [(_place(f), f.message) for f in fault.faults])
            return False
        if not self.may_leave():
            return False
        self.work_on(Session(shipped.document.snapshot()))
        return True

    def work_on(self, session: Session, *, is_modified: bool = False) -> None:
        """Make a session the one being worked on."""
        self._editor.open_session(session)
        if is_modified:
            self._editor.history.resetClean()
        self._set_open(True)

    def close(self) -> None:
        """Back to the start page."""
        if self.may_leave():
            self._set_open(False)
            self._editor.open_session(Session())

    def may_leave(self) -> bool:
        """Whether the open map may go: it is saved, or the person gives its changes up."""
        if not self.is_open or not self._editor.is_modified:
            return True
        match self._questions.unsaved(self._editor.session.title):
            case Unsaved.SAVE:
                return self.save()
            case Unsaved.DISCARD:
                return True
            case Unsaved.CANCEL:
                return False

    # Saving --------------------------------------------------------------------------------

    def save(self) -> bool:
        """Write the map to its file; asks for one where it has none."""
        path = self._editor.session.path
        return self.save_as() if path is None else self._write(path)

    def save_as(self) -> bool:
        """Ask for a file and write the map to it."""
        path = self._questions.file_to_save(
            "Save map", self._suggestion("depmap"), FileKind.PROJECT
        )
        return path is not None and self._write(path)

    def _write(self, path: Path) -> bool:
        try:
            self._editor.save_as(path)
        except SaveError as fault:
            self._questions.tell(
                "The map was not saved",
                str(fault),
                "Your changes are still open in this window, and the file is as it was before. "
                "Save the map under another name or in another folder.",
            )
            return False
        self._remember(path)
        self.told.emit(f"Saved {path.name}")
        return True

    # Handing over --------------------------------------------------------------------------

    def export_workbook(self) -> None:
        """Ask for a file and write the workbook in the background."""
        path = self._questions.file_to_save(
            "Export workbook", self._suggestion("xlsx"), FileKind.WORKBOOK
        )
        if path is None:
            return

        def write(request: ScoringRequest, assessment: Assessment) -> None:
            picture = self._draw("png", assessment) if request.project.entities else None
            base = self._editor.project

            def job(context: Context) -> Path:
                export_workbook(request, assessment, path, picture, context, base=base)
                return path

            self._start("Exporting the workbook", "workbook", job)

        self._with_scores("workbook", write)

    def export_picture(self) -> None:
        """Ask for a file and write the map as a picture."""
        path = self._questions.file_to_save(
            "Export picture", self._suggestion("png"), FileKind.PICTURE
        )
        if path is None:
            return
        suffix = path.suffix.lower().removeprefix(".")
        if suffix not in FileKind.PICTURE.suffixes:
            self._questions.tell(
                "The picture was not written",
                f"DepMap draws no “{path.suffix or 'files without a suffix'}”.",
                "End the name in .png, .svg or .pdf.",
            )
            return

        def write(_request: ScoringRequest, assessment: Assessment) -> None:
            drawn = self._draw(suffix, assessment)

            def job(_context: Context) -> Path:
                export_picture(drawn, path)
                return path

            self._start("Writing the picture", "picture", job)

        self._with_scores("picture", write)

    def _with_scores(self, what: str, then: Scored) -> None:
        """Go on with scores that belong to the map as it stands, computed first where need be."""
        editor = self._editor
        try:
            request = editor.session.request()
        except (PackError, ScenarioError, OSError) as fault:
            self._tell_not_exported(what, fault)
            return
        if editor.is_fresh and editor.assessment is not None:
            then(request, editor.assessment)
            return
        task = editor.tasks.start("Scoring", lambda context: score(request, context))
        task.finished.connect(lambda assessment: then(request, assessment))
        task.failed.connect(lambda fault: self._tell_not_exported(what, fault))

    def _start(self, title: str, what: str, job: Callable[[Context], Path]) -> None:
        task = self._editor.tasks.start(title, job)
        task.finished.connect(lambda path: self.told.emit(f"Wrote {path.name}"))
        task.canceled.connect(lambda: self.told.emit(f"The {what} was not written"))
        task.failed.connect(lambda fault: self._tell_not_exported(what, fault))

    def _tell_not_exported(self, what: str, fault: Exception) -> None:
        self._questions.tell(
            f"The {what} was not written",
            str(fault),
            "Your map is unharmed, and an older file of that name is as it was.",
        )

    def _suggestion(self, suffix: str) -> Path:
        session = self._editor.session
        if session.path is not None:
            return session.path.with_suffix(f".{suffix}")
        name = _UNFIT.sub(" ", session.title).strip(" .") or "map"
        return self._settings.last_folder / f"{name}.{suffix}"

    def _remember(self, path: Path) -> None:
        self._settings.remember(path)
        self.recent_changed.emit()

    def _set_open(self, is_open: bool) -> None:
        self.is_open = is_open
        self.openness_changed.emit(is_open)


def _place(fault: FileFault) -> str:
    """Where a fault is, for the first column: 'line 7, l6', or the file as a whole."""
    line = f"line {fault.line}" if fault.line else ""
    return ", ".join(part for part in (line, fault.where) if part) or "the file"
