"""What the actions do that set the map beside another file: apply a workbook, compare versions."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QDialog, QWidget

from depmap_gui.analysis.context import Context
from depmap_gui.domain.differences import Refusal
from depmap_gui.domain.edits import Batch
from depmap_gui.domain.project import Project
from depmap_gui.exchange.tables.grid import TableError
from depmap_gui.gui import numbers
from depmap_gui.gui.dialogs.compare import CompareWindow
from depmap_gui.gui.dialogs.differences import ReviewDialog
from depmap_gui.gui.dialogs.questions import Questions
from depmap_gui.gui.editor import LARGE, Editor
from depmap_gui.gui.settings import Settings
from depmap_gui.gui.theme import Theme
from depmap_gui.project.faults import ProjectFileError
from depmap_gui.project.file import read_project
from depmap_gui.session.round_trip import (
    Comparison,
    compare_projects,
    compare_workbook,
    edit_of_chosen,
    is_project,
)

_WORKBOOKS = "Workbooks (*.xlsx *.xlsm *.ods)"
_VERSIONS = "Maps and workbooks (*.depmap *.xlsx *.xlsm *.ods)"
_REFUSED_SHOWN = 6


class CompareActions(QObject):
    """Reads the other file in the background, then shows what differs."""

    told = Signal(str)

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
        self.shown: QDialog | None = None
        editor.opened.connect(self._put_away)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """What each action of this file does, by id."""
        return {"file.apply_workbook": self.apply_workbook, "file.compare": self.compare}

    def set_theme(self, theme: Theme) -> None:
        """Wear other colors from the next window on."""
        self._theme = theme

    # Applying ------------------------------------------------------------------------------

    def apply_workbook(self) -> None:
        """Ask for an edited workbook and show what it says differently, to be reviewed."""
        path = self._chosen("Apply workbook", _WORKBOOKS)
        if path is not None:
            self.apply_path(path)

    def apply_path(self, path: Path) -> None:
        """Read an edited workbook (or another version) in the background, then review it."""
        project = self._editor.base

        def job(context: Context) -> Comparison:
            if is_project(path):
                other = _read(path, context)
                return compare_projects(project, other)
            return compare_workbook(project, path, context)

        self._start(f"Reading {path.name}", job, lambda found: self._review(found, path))

    def _review(self, found: Comparison, path: Path) -> None:
        if not found.told and not found.problems:
            self.told.emit(f"{path.name} says what the map says: there is nothing to apply")
            if found.notices:
                self._questions.tell("Nothing to apply", "\n".join(found.notices[:8]))
            return
        dialog = ReviewDialog(found, path.name, self._window)
        dialog.list.jump_requested.connect(lambda id: self._editor.reveal([id]))
        dialog.accepted.connect(lambda: self._apply(dialog, path))
        self._show(dialog)

    def _apply(self, dialog: ReviewDialog, path: Path) -> None:
        chosen, project = dialog.chosen, self._editor.base
        if len(chosen) <= LARGE:
            self._make(edit_of_chosen(project, chosen, path.name))
            return

        def job(context: Context) -> tuple[Batch, tuple[Refusal, ...]]:
            context.progress(0.0, f"{numbers.count(len(chosen))} changes")
            return edit_of_chosen(project, chosen, path.name)

        task = self._editor.tasks.start(f"Applying {path.name}", job)
        task.finished.connect(self._make)
        task.canceled.connect(lambda: self.told.emit("Nothing was applied"))
        task.failed.connect(self._tell_failed)

    @Slot(object)
    def _make(self, made: tuple[Batch, tuple[Refusal, ...]]) -> None:
        edit, refused = made
        if edit.edits:
            then = partial(self._tell_made, edit, refused)
            # Files hold the base map, whatever scenario is shown.
            self._editor.apply_large(edit, edit.label, then, on_base=True)
        else:
            self._tell_made(edit, refused)

    def _tell_made(self, edit: Batch, refused: tuple[Refusal, ...]) -> None:
        if edit.edits:
            self.told.emit(edit.label)
        if refused:
            lines = [each.why for each in refused[:_REFUSED_SHOWN]]
            if len(refused) > _REFUSED_SHOWN:
                lines.append(f"and {len(refused) - _REFUSED_SHOWN} more.")
            self._questions.tell(
                f"{len(refused)} of the changes could not be made",
                "\n".join(lines),
                "Whatever they rest on was declined or is not on the map. The others were made.",
            )

    # Comparing -----------------------------------------------------------------------------

    def compare(self) -> None:
        """Ask for another version of the map and show the two as one."""
        path = self._chosen("Compare with", _VERSIONS)
        if path is not None:
            self.compare_path(path)

    def compare_path(self, path: Path) -> None:
        """Read another version in the background, then show what differs."""
        project = self._editor.base

        def job(context: Context) -> Comparison:
            if is_project(path):
                other = _read(path, context)
                return compare_projects(other, project)
            return compare_workbook(project, path, context)

        own = self._editor.session.path
        here = own.name if own is not None else "the open map"
        names = (path.name, here) if is_project(path) else (here, path.name)
        self._start(f"Reading {path.name}", job, lambda found: self._compare(found, names))

    def _compare(self, found: Comparison, names: tuple[str, str]) -> None:
        if found.is_same:
            self.told.emit(f"{names[0]} and {names[1]} say the same")
            return
        self._show(CompareWindow(found, names, self._theme, self._window))

    # Both ----------------------------------------------------------------------------------

    @Slot()
    def _put_away(self) -> None:
        """Close what is about a map that is no longer open."""
        if self.shown is not None:
            self.shown.close()
            self.shown.deleteLater()
            self.shown = None

    def _show(self, dialog: QDialog) -> None:
        self._put_away()
        self.shown = dialog
        dialog.show()
        dialog.raise_()

    def _chosen(self, title: str, filters: str) -> Path | None:
        return self._questions.version_to_read(title, self._settings.last_folder, filters)

    def _start(
        self,
        title: str,
        job: Callable[[Context], Comparison],
        then: Callable[[Comparison], None],
    ) -> None:
        task = self._editor.tasks.start(title, job)
        session = self._editor.session

        def go_on(found: Comparison) -> None:
            if self._editor.session is session:
                then(found)
            else:
                self.told.emit("Another map was opened meanwhile; nothing was compared")

        task.finished.connect(go_on)
        task.canceled.connect(lambda: self.told.emit("Nothing was read"))
        task.failed.connect(self._tell_failed)

    def _tell_failed(self, fault: Exception) -> None:
        known = isinstance(fault, TableError | ProjectFileError | OSError)
        self._questions.tell(
            "The file was not read",
            str(fault) if known else f"Something went wrong while reading it: {fault}",
            "Your map is as it was.",
        )


def _read(path: Path, context: Context) -> Project:
    """The other version of the map. Raises ProjectFileError, Canceled."""
    context.progress(0.0, "reading the file")
    project = read_project(path)
    context.progress(0.4, "comparing")
    return project
