"""Nothing is lost: unsaved edits are kept in a journal, and offered again after a crash."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
from PySide6.QtCore import QDateTime, QLocale, QObject, Signal, Slot

from depmap_gui.analysis.context import Context
from depmap_gui.domain.document import ChangeSet
from depmap_gui.domain.edits import Edit
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.tasks import Task
from depmap_gui.project.journal import (
    Journal,
    Recovered,
    RecoveryError,
    discard,
    left_behind,
    recover,
    recovery_folder,
)
from depmap_gui.session.session import Session

OpenWork = Callable[[Session], None]


class Safekeeping(QObject):
    """Keeps the journal of the open map, whichever that is."""

    fault_told = Signal(str)

    def __init__(
        self, editor: Editor, folder: Path | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._editor = editor
        self._folder = folder if folder is not None else recovery_folder()
        self._recovered_from: Path | None = None
        self._journal: Journal | None = None
        self._waiting: list[tuple[Edit, int]] = []
        self._writing: tuple[Journal, Task] | None = None
        self._told_fault: str | None = None
        editor.opened.connect(self._on_opened)
        editor.saved.connect(self._on_saved)
        editor.changed.connect(self._on_changed)

    def left_behind(self) -> list[tuple[Path, Recovered]]:
        """What crashes left and can be restored, latest first; the rest is put away."""
        found = []
        for path in reversed(left_behind(self._folder)):
            try:
                found.append((path, recover(path)))
            except RecoveryError as fault:
                self.fault_told.emit(str(fault))
        return [(path, work) for path, work in found if work.edits]

    def restore(self, journal: Path, work: Recovered, open_work: OpenWork) -> None:
        """Work on what was restored; its journal stays until it is saved or given up."""
        # A file that somebody changed since is not overwritten by a mere Save.
        path = None if work.file_changed else work.path
        project = msgspec.structs.replace(work.project, revision=0)
        open_work(Session(project, path))
        self._recovered_from = journal

    def discard(self, journal: Path) -> None:
        """Give up what a crash left."""
        discard(journal)

    def close(self) -> None:
        """End in good order: nothing is left behind. All jobs must have ended."""
        self._let_go()
        if self._writing is not None:
            self._writing[0].close()
            self._writing = None

    @Slot()
    def _on_opened(self) -> None:
        self._let_go()
        session = self._editor.session
        self._journal = Journal(session.document.snapshot(), session.path, self._folder)

    @Slot()
    def _on_saved(self) -> None:
        self._give_up_recovered()
        if self._journal is not None:
            self._end_journal()
            session = self._editor.session
            self._journal = Journal(session.document.snapshot(), session.path, self._folder)
            self._told_fault = None

    @Slot(object)
    def _on_changed(self, change: ChangeSet) -> None:
        """Keep an edit: at once, or after those that are being written in the background."""
        journal, edit = self._journal, change.edit
        if journal is None or edit is None:
            return
        if self._is_writing(journal) or journal.is_slow(edit):
            self._waiting.append((edit, change.revision))
            self._write_on()
        else:
            journal.record(edit, change.revision)
        self._tell_fault()

    def _is_writing(self, journal: Journal) -> bool:
        return self._writing is not None and self._writing[0] is journal

    def _write_on(self) -> None:
        """Write what waits in the background, where nothing is being written."""
        journal = self._journal
        if self._writing is not None or journal is None or not self._waiting:
            return
        lines = tuple(self._waiting)
        self._waiting.clear()

        def job(_context: Context) -> None:
            for edit, revision in lines:
                journal.record(edit, revision)

        task = self._editor.tasks.start("Keeping unsaved changes", job, visible=False)
        self._writing = (journal, task)
        task.ended.connect(self._on_written)

    @Slot()
    def _on_written(self) -> None:
        journal, _ = self._writing or (None, None)
        self._writing = None
        if journal is not None and journal is not self._journal:
            journal.close()
        self._tell_fault()
        self._write_on()

    def _tell_fault(self) -> None:
        fault = self._journal.fault if self._journal is not None else None
        if fault is not None and fault != self._told_fault:
            self._told_fault = fault
            self.fault_told.emit(fault)

    def _let_go(self) -> None:
        self._give_up_recovered()
        self._end_journal()

    def _end_journal(self) -> None:
        """Leave nothing behind; a journal that is being written is closed when that has ended."""
        journal, self._journal = self._journal, None
        self._waiting.clear()
        if journal is not None and not self._is_writing(journal):
            journal.close()

    def _give_up_recovered(self) -> None:
        if self._recovered_from is not None:
            discard(self._recovered_from)
            self._recovered_from = None


def account(work: Recovered) -> tuple[str, str]:
    """What is offered, and what to bear in mind, as sentences."""
    title = work.project.header.title or (work.path.stem if work.path else "an unsaved map")
    changes = "1 unsaved change" if work.edits == 1 else f"{work.edits} unsaved changes"
    moment = QDateTime.fromSecsSinceEpoch(int(work.last_edit.timestamp()))
    when = QLocale().toString(moment, QLocale.FormatType.ShortFormat)
    notes = [f"The last one was made on {when}."]
    if work.lost:
        notes.append("What was done in the very last moment could not be kept.")
    if work.file_changed and work.path is not None:
        notes.append(
            f"The file {work.path.name} has changed since, so restored work is saved under "
            "another name."
        )
    return f"DepMap ended unexpectedly, and kept {changes} to “{title}”.", " ".join(notes)
