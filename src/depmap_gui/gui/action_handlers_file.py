"""What the File actions do: new, open, save, export, close; and what is asked before."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from depmap_gui.analysis.context import Context
from depmap_gui.analysis.results import Assessment
from depmap_gui.domain.project import Project
from depmap_gui.domain.scenarios import ScenarioError
from depmap_gui.gui.dialogs.questions import ChangedOutside, FileKind, Questions, Unsaved
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.settings import Settings
from depmap_gui.project.atomic import SaveError
from depmap_gui.project.faults import FileFault, ProjectFileError
from depmap_gui.rules.faults import PackError
from depmap_gui.session.export import export_picture, export_workbook
from depmap_gui.session.file_stamp import FileStamp, file_stamp, is_changed_since
from depmap_gui.session.session import ScoringRequest, Session, score

Draw = Callable[[str, Project, Assessment], Callable[[], bytes]]
"""Draws a map with its scores as a file of the given suffix (``png``, ``svg``, ``pdf``)."""
Scored = Callable[[ScoringRequest, Assessment], None]

LARGE_FILE = 4_000_000
"""Bytes from which on a file is read in the background."""
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
        self._stamp: FileStamp | None = None
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
        """Open a file; all its faults are told where it cannot be, and the open map stays.

        A large one is read in the background; then this returns before it is open.
        """
        # Asked before it is read: what is saved now may be the very file.
        if not self.may_leave():
            return False
        stamp = file_stamp(path)
        if stamp is not None and stamp.size > LARGE_FILE:
            self._open_large(path, stamp)
            return True
        try:
            session = Session.open(path)
        except ProjectFileError as fault:
            self._tell_faults(path, fault)
            return False
        self._work_on_file(session, path, stamp)
        return True

    def _open_large(self, path: Path, stamp: FileStamp) -> None:
        before = self._editor.session

        def job(context: Context) -> Session:
            context.progress(0.0, "reading the file")
            session = Session.open(path)
            context.progress(1.0, "showing it")
            return session

        def finish(session: Session) -> None:
            # Another map may have been opened meanwhile, or this one worked on.
            if self._editor.session is before and self.may_leave():
                self._work_on_file(session, path, stamp)

        task = self._editor.tasks.start(f"Opening {path.name}", job)
        task.finished.connect(finish)
        task.canceled.connect(lambda: self.told.emit(f"{path.name} was not opened"))
        task.failed.connect(lambda fault: self._tell_unopened(path, fault))

    def _tell_unopened(self, path: Path, fault: Exception) -> None:
        if isinstance(fault, ProjectFileError):
            self._tell_faults(path, fault)
        else:
            why = f"{path.name} could not be read: {fault}"
            self._questions.tell("The map was not opened", why, "What was open stays open.")

    def _tell_faults(self, path: Path, fault: ProjectFileError) -> None:
        self._questions.tell_faults(path, [(_place(f), f.message) for f in fault.faults])

    def _work_on_file(self, session: Session, path: Path, stamp: FileStamp | None) -> None:
        self._remember(path)
        self.work_on(session)
        self._stamp = stamp

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
        self._stamp = file_stamp(session.path)
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
        path = self._questions.file_to_save("Save map", self.suggestion("depmap"), FileKind.PROJECT)
        return path is not None and self._write(path)

    def _write(self, path: Path) -> bool:
        if path == self._editor.session.path and is_changed_since(path, self._stamp):
            match self._questions.changed_outside(path):
                case ChangedOutside.SAVE_AS:
                    return self.save_as()
                case ChangedOutside.CANCEL:
                    return False
                case ChangedOutside.SAVE_ANYWAY:
                    pass
        try:
            self._editor.save_as(path)
        except SaveError as fault:
            kept = (
                "Your changes are still open in this window, and the file is as it was before. "
                "Save the map under another name or in another folder."
            )
            asked = self._questions.elsewhere("The map was not saved", str(fault), kept)
            return asked and self.save_as()
        self._stamp = file_stamp(path)
        self._remember(path)
        self.told.emit(f"Saved {path.name}")
        return True

    # Handing over --------------------------------------------------------------------------

    def export_workbook(self) -> None:
        """Ask for a file and write the workbook in the background."""
        path = self._questions.file_to_save(
            "Export workbook", self.suggestion("xlsx"), FileKind.WORKBOOK
        )
        if path is None:
            return

        base = self._editor.base

        def write(request: ScoringRequest, assessment: Assessment) -> None:
            drawn = request.project
            draw = self._draw("png", drawn, assessment) if drawn.entities else None

            def job(context: Context) -> Path:
                context.progress(0.0, "drawing the map")
                picture = draw() if draw is not None else None
                export_workbook(request, assessment, path, picture, context, base=base)
                return path

            self.start_writing("Exporting the workbook", "workbook", job)

        self.with_scores("workbook", write)

    def export_picture(self) -> None:
        """Ask for a file and write the map as a picture."""
        path = self._questions.file_to_save(
            "Export picture", self.suggestion("png"), FileKind.PICTURE
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

        def write(request: ScoringRequest, assessment: Assessment) -> None:
            draw = self._draw(suffix, request.project, assessment)

            def job(context: Context) -> Path:
                context.progress(0.0, "drawing the map")
                drawn = draw()
                context.progress(0.9, "writing the file")
                export_picture(drawn, path)
                return path

            self.start_writing("Writing the picture", "picture", job)

        self.with_scores("picture", write)

    def with_scores(self, what: str, then: Scored) -> None:
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
        session = editor.session

        def go_on(assessment: Assessment) -> None:
            if editor.session is session:
                then(request, assessment)
            else:
                self.told.emit(f"Another map was opened meanwhile; the {what} was not written")

        task.finished.connect(go_on)
        task.failed.connect(lambda fault: self._tell_not_exported(what, fault))

    def start_writing(self, title: str, what: str, job: Callable[[Context], Path]) -> None:
        """Run a job that writes a file, and tell how it ended."""
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

    def suggestion(self, suffix: str) -> Path:
        """Where a file of the map would usually be written."""
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
