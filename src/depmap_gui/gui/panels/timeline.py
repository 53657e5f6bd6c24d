"""Years: how each product and each of its tests stands in every year, on today's map."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Slot
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QVBoxLayout, QWidget

from depmap_gui.analysis.context import Context
from depmap_gui.analysis.years import LAST_YEAR, YearsResult, verdicts_by_year
from depmap_gui.domain.records import Plant
from depmap_gui.domain.scenarios import ScenarioError
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.panels.parts import LivePanel, label
from depmap_gui.gui.panels.timeline_rows import YearsModel, lines_of
from depmap_gui.gui.tasks import Task
from depmap_gui.gui.theme import Theme
from depmap_gui.rules.faults import PackError

FIRST_YEAR = 2026
_NAME_WIDTH = 270
_YEAR_WIDTH = 112
_FIRST_WIDTH = 110
_WORKING = "Asking every year…"
_NOTHING = (
    "No product on this map claims a credit of its rule packs, so there is nothing to ask year by "
    "year. Name the credit of a plant's product in its properties."
)
_EXPLAINED = (
    "Today's map under each year's law. Marked is the year the map is scored for; 'first' is the "
    "first year in which a test fails. An aid to analysis, not legal advice."
)


class TimelinePanel(LivePanel):
    """The selected plants' products by year; those of all plants where none is selected."""

    def __init__(self, editor: Editor, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._task: Task | None = None
        self.result: YearsResult | None = None
        self.setAccessibleName("Verdicts by year")
        self.note = label(_WORKING, "muted")
        self.note.setContentsMargins(12, 6, 12, 6)
        self.model = YearsModel(theme, self)
        self.table = _Table()
        self.table.setModel(self.model)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.note)
        column.addWidget(self.table, 1)
        self.table.activated.connect(self._reveal)
        editor.opened.connect(self._on_opened)
        editor.assessed.connect(self.refresh_if_seen)
        editor.selection_changed.connect(self._on_selection)
        editor.freshness_changed.connect(self._on_freshness)
        self._show()

    def showEvent(self, event: QShowEvent) -> None:
        """Qt: the panel comes into sight, perhaps with another selection than when it left."""
        super().showEvent(event)
        self._show()

    def set_theme(self, theme: Theme) -> None:
        """Wear other colors."""
        self.model.set_theme(theme)

    def refresh(self) -> None:
        """Ask every year in the background; an older run is dropped."""
        self._cancel()
        try:
            request = self._editor.session.request()
        except (PackError, ScenarioError, OSError) as fault:
            self.result = None
            self._show(str(fault))
            return
        first = min(FIRST_YEAR, request.project.header.year)
        last = max(LAST_YEAR, request.project.header.year)

        def every_year(context: Context) -> YearsResult:
            return verdicts_by_year(request.project, request.packs, first, last, context)

        self._task = self._editor.tasks.start("Verdicts by year", every_year, visible=False)
        self._task.finished.connect(self._on_finished)
        self._task.failed.connect(self._on_failed)
        self.note.setText(_WORKING)

    @Slot(object)
    def _on_finished(self, result: object) -> None:
        if self.sender() is self._task and isinstance(result, YearsResult):
            self._task = None
            self.result = result
            self._show()

    @Slot(object)
    def _on_failed(self, fault: object) -> None:
        if self.sender() is self._task:
            self._task = None
            self.result = None
            self._show(f"The years could not be asked: {fault}")

    @Slot()
    def _on_opened(self) -> None:
        self._cancel()
        self.result = None
        self._show()
        self.refresh_if_seen()

    @Slot(bool)
    def _on_freshness(self, is_fresh: bool) -> None:
        if not is_fresh and self.result is not None:
            self.note.setText(_WORKING)
        self.table.setEnabled(is_fresh)

    @Slot()
    def _on_selection(self) -> None:
        if self.isVisible():
            self._show()

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None

    @Slot()
    def _show(self, fault: str = "") -> None:
        """Show the lines of what is selected."""
        editor, result = self._editor, self.result
        project = editor.project
        plants = [id for id in editor.selection if isinstance(project.entities.get(id), Plant)]
        lines = lines_of(result, project, plants) if result is not None else ()
        years = tuple(range(result.first, result.last + 1)) if result is not None else ()
        self.model.fill(lines, years, project.header.year)
        self.table.fit(self.model)
        words = _EXPLAINED if lines else _WORKING if result is None else _NOTHING
        self.note.setText(fault or words)
        self.table.setVisible(bool(lines))
        self._column.setAlignment(
            self.note, Qt.AlignmentFlag(0) if lines else Qt.AlignmentFlag.AlignTop
        )

    @Slot(QModelIndex)
    def _reveal(self, index: QModelIndex) -> None:
        if index.isValid():
            self._editor.reveal((self.model.lines[index.row()].plant,))


class _Table(QTableView):
    """Cells that the arrow keys reach; Enter goes to the plant."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Products and tests by year")
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 12)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)

    def fit(self, model: YearsModel) -> None:
        """Give the columns their widths anew where their number changed."""
        header = self.horizontalHeader()
        for column in range(model.columnCount()):
            if column == 0:
                header.resizeSection(column, _NAME_WIDTH)
            elif column <= len(model.years):
                header.resizeSection(column, _YEAR_WIDTH)
            else:
                header.resizeSection(column, _FIRST_WIDTH)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: a key was pressed."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.activated.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)
