"""What importing does: ask for a file, let the wizard read it, make one step of the history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QStandardPaths, QTimer, Slot
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

from depmap_gui.domain.document import Preparation
from depmap_gui.domain.edits import new_id
from depmap_gui.domain.kinds import Section
from depmap_gui.domain.project import Header, Project
from depmap_gui.domain.views import View
from depmap_gui.gui import numbers
from depmap_gui.gui.action_handlers_bringing import BringingActions, Stage
from depmap_gui.gui.action_handlers_file import FileActions
from depmap_gui.gui.action_handlers_formats import FormatActions
from depmap_gui.gui.arrivals import Arrivals
from depmap_gui.gui.dialogs.graph_review import GraphReview
from depmap_gui.gui.dialogs.import_wizard import ImportWizard
from depmap_gui.gui.dialogs.import_wizard_plan import ImportPlan
from depmap_gui.gui.dialogs.questions import PROJECT_SUFFIX, FileKind, Questions
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.settings import Settings
from depmap_gui.gui.theme import Theme
from depmap_gui.session.formats import SUFFIXES_IN, may_be_foreign
from depmap_gui.session.importing import Preview
from depmap_gui.session.session import Session

TABLE_SUFFIXES = (
    ".xlsx", ".xlsm", ".xltx", ".xls", ".xlsb", ".ods", ".csv", ".tsv", ".tab", ".txt",
)  # fmt: skip
_FILTERS = (
    f"Spreadsheets and text tables ({' '.join('*' + s for s in TABLE_SUFFIXES)});;"
    f"Graphs and ownership data ({' '.join('*.' + s for s in SUFFIXES_IN)})"
)
_GRAPH_SUFFIXES = tuple(f".{suffix}" for suffix in SUFFIXES_IN)
_MAPPINGS = "Mappings (*.json)"
_MOST_SELECTED = 60


class ImportActions(BringingActions):
    """Brings tables into the open map, or into a new one where none is open."""

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
        super().__init__(editor, files, stage, settings, questions, theme, window)
        self._formats = FormatActions(editor, files, stage, settings, questions, theme, window)
        self._formats.told.connect(self.told)
        self._formats.imported.connect(lambda: QTimer.singleShot(0, self, stage.fit))
        self._left: dict[str, ImportPlan] = {}
        self._next: list[Path] = []
        self.wizard: ImportWizard | None = None

    def handlers(self) -> dict[str, Callable[[], object]]:
        """What each action of this file does, by id."""
        return {"file.import": self.choose, **self._formats.handlers()}

    def set_theme(self, theme: Theme) -> None:
        """Wear other colors from the next wizard on."""
        super().set_theme(theme)
        self._formats.set_theme(theme)

    @property
    def graph_review(self) -> GraphReview | None:
        """The account of a graph that is being looked at."""
        return self._formats.shown

    def choose(self) -> None:
        """Ask for files and import them."""
        if paths := self._questions.files_to_read("Import", self._settings.last_folder, _FILTERS):
            self.import_paths(paths)

    def import_path(self, path: Path) -> None:
        """Import one file."""
        self.import_paths([path])

    def import_paths(self, paths: Sequence[Path]) -> None:
        """Import files: tables by the wizard, one after the other, the rest after a review.

        Two tables may be the nodes and edges of one graph.
        """
        self._settings.last_folder = paths[0].parent
        if len(paths) > 1 or may_be_foreign(paths[0]):
            self._formats.import_paths(paths, self._open_tables)
        else:
            self._open_tables(list(paths))

    def open_dropped(self, paths: Sequence[Path]) -> None:
        """Open a map, or import the files, that were dropped on the window."""
        if paths[0].suffix == PROJECT_SUFFIX:
            self._files.open_path(paths[0])
        else:
            self.import_paths(paths)

    def _open_tables(self, paths: list[Path]) -> None:
        self._next = paths[1:]
        self._open(paths[0], paths[0].stem)

    @Slot(str)
    def import_text(self, text: str) -> None:
        """Import cells that were copied from a spreadsheet."""
        self._open(text, "Pasted table")

    def _open(self, source: Path | str, title: str) -> None:
        if self.wizard is not None:
            self.wizard.reject()
        is_open = self._files.is_open
        # Where no map is open the preview is of the new one that will be.
        session = None if is_open else Session(Project(header=Header(title=title)))
        view, project = self._editor.view, self._editor.project
        preparation: Callable[[], Preparation] = self._editor.preparation
        if session is not None:
            project = session.document.snapshot()
            preparation = partial(Preparation, session.document)
            view = View(id=new_id(Project(), Section.VIEWS), name="Map")
        wizard = ImportWizard(
            source,
            project,
            preparation,
            self._editor.tasks,
            self._theme,
            folder=mappings_folder(),
            left=self._left,
            view=view,
            stand=self._stage.places() if is_open else {},
            ask_load=self._mapping_to_load,
            ask_save=self._mapping_to_save,
            parent=self._window,
        )
        self.wizard = wizard
        wizard.ready.connect(lambda preview, made: self._make(session, preview, made))
        wizard.finished.connect(self._on_closed)
        wizard.open()

    def _on_closed(self) -> None:
        if self.wizard is not None:
            self.wizard.deleteLater()
            self.wizard = None
        if self._next:
            # The dialog must be gone before the next one comes.
            QTimer.singleShot(0, self, lambda: self._open_tables(self._next))

    def _make(self, session: Session | None, preview: Preview, made: Arrivals) -> None:
        editor = self._editor
        if session is not None:
            self._files.work_on(session)
        if preview.revision != editor.project.revision:
            self._questions.tell(
                "Nothing was imported",
                "The map has changed since the review.",
                "Import the file again and look at a new review.",
            )
            return
        was_empty = not editor.project.entities
        if not editor.apply(made.prepared):
            return
        if was_empty:
            # A canvas that has only now come into sight has its size after the next event.
            QTimer.singleShot(0, self, self._stage.fit)
        elif len(made.new) <= _MOST_SELECTED:
            editor.reveal(made.new)
        else:
            editor.reveal_requested.emit(made.new)
        self.told.emit(_told(preview))

    def _mapping_to_load(self) -> Path | None:
        folder = mappings_folder()
        start = folder if folder.is_dir() else self._settings.last_folder
        return self._questions.version_to_read("Load mapping", start, _MAPPINGS)

    def _mapping_to_save(self, suggestion: Path) -> Path | None:
        return self._questions.file_to_save("Save mapping", suggestion, FileKind.MAPPING)


def dropped_files(event: QDropEvent) -> list[Path]:
    """The map, or the files to import, that are dragged over a window or dropped on it."""
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    maps = [path for path in paths if path.suffix == PROJECT_SUFFIX]
    if maps:
        return maps if len(paths) == 1 else []
    return [path for path in paths if path.suffix.lower() in (*TABLE_SUFFIXES, *_GRAPH_SUFFIXES)]


def mappings_folder() -> Path:
    """Where the program keeps how files were read, to know their like again."""
    place = QStandardPaths.StandardLocation.AppLocalDataLocation
    return Path(QStandardPaths.writableLocation(place)) / "mappings"


def _told(preview: Preview) -> str:
    label = preview.edit.label if preview.edit is not None else "Import"
    rows = preview.rows
    rest = [
        f"{numbers.count(number)} {'row' if number == 1 else 'rows'} {words}"
        for number, words in ((rows.skipped, "skipped"), (rows.failed, "failed"))
        if number
    ]
    return f"{label}; {' and '.join(rest)}" if rest else label
