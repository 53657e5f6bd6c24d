"""Files of other programs in the window: a graph onto the map, the map into another format."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
from PySide6.QtCore import Qt, Signal, Slot

from depmap_gui.analysis.context import Context
from depmap_gui.domain.edits import Batch, EditError
from depmap_gui.domain.project import Project
from depmap_gui.exchange.tables.grid import TableError
from depmap_gui.gui import numbers
from depmap_gui.gui.action_handlers_bringing import BringingActions
from depmap_gui.gui.arrivals import Arrivals, arrivals
from depmap_gui.gui.dialogs.graph_review import Account, GraphReview, account_of
from depmap_gui.gui.dialogs.questions import FileKind
from depmap_gui.project.faults import ProjectFileError
from depmap_gui.session.formats import (
    Format,
    LeftOut,
    Reading,
    as_project,
    export_format,
    joined,
    read_formats,
)
from depmap_gui.session.session import Session


class _Brought(NamedTuple):
    """What came of reading files: tables, and the rest as a session of its own or an edit."""

    tables: list[Path]
    account: Account | None = None
    made: Session | Arrivals | None = None


def _tables(paths: Sequence[Path], readings: Sequence[Reading]) -> list[Path]:
    """The files that gave no reading, save a table of nodes that was read with its edges."""
    read = {reading.name for reading in readings}
    has_pair = any(reading.format is Format.GEPHI for reading in readings)
    rest = [path for path in paths if path.name not in read]
    return [] if has_pair and len(rest) == 1 else rest


class FormatActions(BringingActions):
    """Reads and writes the formats of other programs in the background."""

    imported = Signal()
    """What a file held has come onto the map."""

    shown: GraphReview | None = None
    """The account that is being looked at."""

    def handlers(self) -> dict[str, Callable[[], object]]:
        """What each action of this file does, by id."""
        return {"file.export_format": self.export}

    # Coming in -----------------------------------------------------------------------------

    def import_paths(self, paths: Sequence[Path], otherwise: Callable[[list[Path]], None]) -> None:
        """Read files together and show what they bring, onto the open map or onto a new one.

        ``otherwise`` is given those that are tables after all.
        """
        editor = self._editor
        is_open, project, view = self._files.is_open, editor.project, editor.view
        preparation = editor.preparation() if is_open else None
        stand = dict(self._stage.places()) if is_open else {}

        def job(context: Context) -> _Brought:
            context.progress(0.0, "reading the files")
            found = read_formats(paths)
            readings = [reading for reading in found if reading is not None]
            tables = _tables(paths, readings)
            if not readings:
                return _Brought(tables)
            context.progress(0.3, "Setting it beside the map")
            if preparation is None:
                made, left_out = as_project(readings)
                return _Brought(tables, account_of(readings, (), left_out), Session(made))
            taken = []
            for reading in readings:
                taken.append(joined(preparation.project, reading))
                preparation.make(taken[-1].edit or Batch("", ()))
            label = f"Import {' and '.join(reading.name for reading in readings[:2])}"
            come = arrivals(preparation, Batch(label, ()), view, stand, context, before=project)
            return _Brought(tables, account_of(readings, taken), come)

        task = editor.tasks.start(f"Reading {paths[0].name}", job)
        task.finished.connect(lambda brought: self._review(brought, project, otherwise))
        task.canceled.connect(lambda: self.told.emit("Nothing was imported"))
        task.failed.connect(self._tell_failed)

    @Slot(object)
    def _tell_failed(self, fault: Exception) -> None:
        known = isinstance(fault, TableError | ProjectFileError | EditError | OSError)
        self._questions.tell(
            "Nothing was imported",
            str(fault) if known else f"Something went wrong while reading it: {fault}",
            "The map is as it was.",
        )

    def _review(
        self, brought: _Brought, project: Project, otherwise: Callable[[list[Path]], None]
    ) -> None:
        """Show the account; what it tells of is done where the person says so."""
        account, made = brought.account, brought.made
        if account is None or made is None:
            otherwise(brought.tables)
            return
        if self.shown is not None:
            self.shown.close()
        dialog = GraphReview(account, self._theme, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.destroyed.connect(self._forget)
        dialog.accepted.connect(lambda: self._make(account, made, project))
        if brought.tables:
            dialog.finished.connect(lambda _result: otherwise(brought.tables))
        self.shown = dialog
        dialog.open()

    @Slot()
    def _forget(self) -> None:
        self.shown = None

    def _make(self, account: Account, made: Session | Arrivals, project: Project) -> None:
        counts = ", ".join(
            f"{numbers.count(number)} {what}" for what, number in account.added.items()
        )
        words = f"Imported {' and '.join(account.names[:2])}: {counts or 'empty fields filled'}"
        if isinstance(made, Session):
            if not self._files.may_leave():
                return
            self._files.work_on(made, is_modified=True)
        elif self._editor.project is not project:
            self._questions.tell(
                "Nothing was imported",
                "The map has changed since the file was read.",
                "Import the file again and look at what it brings now.",
            )
            return
        elif not self._editor.apply(made.prepared):
            return
        self.told.emit(words)
        self.imported.emit()

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
        if self._editor.scenario is not None:
            # The scenario is played already, and all of them are differences from another map.
            project = msgspec.structs.replace(project, scenarios={})

        def job(context: Context) -> tuple[LeftOut, ...]:
            return export_format(project, path, context)

        task = self._editor.tasks.start(f"Writing {path.name}", job)
        task.finished.connect(lambda left_out: self._written(path, left_out))
        task.canceled.connect(lambda: self.told.emit(f"{path.name} was not written"))
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
