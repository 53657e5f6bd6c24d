"""The import wizard: sheets, columns, review, and one step of the history at the end.

The dialog changes nothing itself. Reading, proposing and planning run in the background; when the
person presses Import, :attr:`ImportWizard.ready` brings the preview and what came of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from depmap_gui.analysis.context import Context
from depmap_gui.domain.document import Preparation
from depmap_gui.domain.project import Project
from depmap_gui.domain.views import Point, View
from depmap_gui.gui.arrivals import Arrivals, arrivals
from depmap_gui.gui.dialogs.import_wizard_columns import ColumnsPage
from depmap_gui.gui.dialogs.import_wizard_parts import JobStrip, button, label
from depmap_gui.gui.dialogs.import_wizard_plan import (
    ImportPlan,
    mapping_file,
    plan_file,
    plan_pasted,
    read_anew,
    with_mapping,
)
from depmap_gui.gui.dialogs.import_wizard_review import ReviewPage
from depmap_gui.gui.dialogs.import_wizard_sheets import Reread, SheetsPage
from depmap_gui.gui.dialogs.sizes import open_at
from depmap_gui.gui.numbers import count
from depmap_gui.gui.tasks import Job, Task, Tasks
from depmap_gui.gui.theme import Theme
from depmap_gui.project.atomic import SaveError
from depmap_gui.session.importing import (
    Choices,
    Chosen,
    Outcome,
    Preview,
    Severity,
    TableError,
    load_mapping,
    plan_import,
    save_mapping,
)
from depmap_gui.session.importing import (
    Mapping as SavedMapping,
)

STEPS = ("Sheets", "Columns", "Review")
SHEETS, COLUMNS, REVIEW = range(3)
_SIZE = (1240, 780)
_LEAST = (700, 460)
LIVE_MS = 500
"""How long the columns rest before what they would make is counted anew."""


class ImportWizard(QDialog):
    """A file, or pasted cells, on its way into a map.

    ``left`` keeps how a file was going to be read when the dialog is left, by the file's SHA-256.
    ``ask_load`` and ``ask_save`` ask for the file of a mapping.
    """

    ready = Signal(object, object)

    def __init__(
        self,
        source: Path | str,
        project: Project,
        preparation: Callable[[], Preparation],
        tasks: Tasks,
        theme: Theme,
        *,
        folder: Path,
        left: MutableMapping[str, ImportPlan],
        view: View,
        stand: Mapping[str, Point],
        ask_load: Callable[[], Path | None],
        ask_save: Callable[[Path], Path | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.plan: ImportPlan | None = None
        self._source, self._preparation, self._tasks = source, preparation, tasks
        self._project = project
        self._folder, self._left = folder, left
        self._view, self._stand = view, dict(stand)
        self._ask_load, self._ask_save = ask_load, ask_save
        self._task: Task | None = None
        self._is_quiet = False
        self._shown: tuple[SavedMapping, Choices] | None = None
        self._looked_for: tuple[SavedMapping, Choices] | None = None
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setSizeGripEnabled(True)
        # The analyst's own day is meant: it is when the source was read.
        today = date.today().isoformat()  # noqa: DTZ011 - the person's own day is meant
        self.sheets = SheetsPage(theme, offers_text=isinstance(source, Path))
        self.columns = ColumnsPage(project, theme)
        self.review = ReviewPage(theme, today)
        self._live = QTimer(self, singleShot=True, interval=LIVE_MS)
        self._live.timeout.connect(self._look_quietly)
        self.counts = label("", "muted")
        self.counts.setWordWrap(False)
        self.fault = label("", "bad")
        self.fault.hide()
        self.strip = JobStrip()
        self._make_buttons()
        self._lay_out()
        self._connect()
        name = source.name if isinstance(source, Path) else "pasted cells"
        self.setWindowTitle(f"Import {name}")
        self.setMinimumSize(*_LEAST)
        open_at(self, *_SIZE)
        self._go(SHEETS)
        self._read(None, None)

    @property
    def step(self) -> int:
        """The step that is shown."""
        return self.pages.currentIndex()

    @property
    def preview(self) -> Preview | None:
        """What the import would do, where that is known for the plan as it stands."""
        return self.review.preview if self._shown == self._wanted() else None

    @property
    def is_busy(self) -> bool:
        """Whether something is being read or worked out that one must wait for."""
        return self._task is not None and not self._is_quiet

    # Building ------------------------------------------------------------------------------

    def _make_buttons(self) -> None:
        self.back = button("&Back", self._on_back)
        self.next = button("&Next", self._on_next)
        self.next.setDefault(True)
        self.import_button = button("&Import", self._on_import, "Make it one step of the history")
        self.import_button.setProperty("primary", True)
        self.cancel = button("Cancel", self.reject, "The map stays as it is (Esc)")
        self.remember = QCheckBox("Remember how &files like this are read")
        self.remember.setChecked(True)
        self.steps = QButtonGroup(self)
        self.steps.setExclusive(True)
        for number, words in enumerate(STEPS):
            step = QToolButton()
            step.setText(f"{number + 1}   {words}")
            step.setCheckable(True)
            step.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
            step.setMinimumWidth(110)
            step.setSizePolicy(QSizePolicy.Policy.MinimumExpanding, QSizePolicy.Policy.Fixed)
            step.setAccessibleName(f"Step {number + 1} of {len(STEPS)}: {words}")
            step.clicked.connect(partial(self._go, number))
            self.steps.addButton(step, number)

    def _lay_out(self) -> None:
        steps = QVBoxLayout()
        steps.setSpacing(4)
        for step in self.steps.buttons():
            steps.addWidget(step)
        steps.addStretch(1)
        self.pages = QStackedWidget()
        for page in (self.sheets, self.columns, self.review):
            self.pages.addWidget(page)
        middle = QHBoxLayout()
        middle.setSpacing(14)
        middle.addLayout(steps)
        line = QFrame()
        line.setFrameShape(QFrame.Shape.VLine)
        middle.addWidget(line)
        middle.addWidget(self.pages, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.strip)
        buttons.addWidget(self.counts)
        buttons.addWidget(self.remember)
        buttons.addStretch(1)
        for each in (self.cancel, self.back, self.next, self.import_button):
            buttons.addWidget(each)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 12)
        layout.setSpacing(10)
        layout.addWidget(self.fault)
        layout.addLayout(middle, 1)
        layout.addLayout(buttons)

    def _connect(self) -> None:
        self.sheets.plan_changed.connect(self.take)
        self.sheets.reread_asked.connect(self._on_reread)
        self.sheets.text_asked.connect(self._read)
        self.columns.plan_changed.connect(self.take)
        self.columns.reread_asked.connect(self._on_reread)
        self.columns.load_asked.connect(self._on_load)
        self.columns.save_asked.connect(self._on_save)
        self.review.choices_changed.connect(self._look)
        self.strip.stop_asked.connect(self._stop)

    # Steps ---------------------------------------------------------------------------------

    @Slot(object)
    def take(self, plan: ImportPlan) -> None:
        """Go on with this plan."""
        if self._task is not None and self._is_quiet:
            # It counts what would come of another plan.
            self._task.cancel()
            self._task = None
            self.strip.hide()
        self.plan = plan
        self.fault.hide()
        self.sheets.show_plan(plan)
        self.columns.show_plan(plan)
        self._refresh()
        self._live.start()

    def _go(self, step: int) -> None:
        if step != SHEETS and (self.plan is None or not self.plan.taken):
            step = SHEETS
        if step == COLUMNS and self.plan is not None and self.step == SHEETS:
            self.columns.look_at(self.sheets.sheet)
        self.pages.setCurrentIndex(step)
        self.steps.button(step).setChecked(True)
        self._refresh()
        if step == REVIEW:
            self._look()
            self.review.fate_table.setFocus()
        elif step == COLUMNS:
            self._live.start()
            self.columns.table.setFocus()

    def _on_back(self) -> None:
        self._go(max(SHEETS, self.step - 1))

    def _on_next(self) -> None:
        self._go(min(REVIEW, self.step + 1))

    def _refresh(self) -> None:
        """Enable what can be done now."""
        step, plan = self.step, self.plan
        can_go = plan is not None and bool(plan.taken) and not self.is_busy
        self.steps.button(COLUMNS).setEnabled(can_go)
        self.steps.button(REVIEW).setEnabled(can_go)
        self.pages.setEnabled(plan is not None and not self.is_busy)
        self.back.setEnabled(step > SHEETS and not self.is_busy)
        self.next.setVisible(step < REVIEW)
        self.next.setEnabled(can_go)
        self.import_button.setVisible(step == REVIEW)
        preview = self.preview
        self.import_button.setEnabled(
            not self.is_busy and preview is not None and preview.edit is not None
        )
        self.remember.setVisible(step == REVIEW and not self.is_busy)
        self.counts.setVisible(step == COLUMNS and self._task is None)
        self.counts.setText(_counted(preview) if preview is not None else "")
        is_open = plan is not None and any(each.table.doubts for each in plan.taken)
        mark, tip = (" △", "Something is still to be decided") if is_open else ("", "")
        self.steps.button(COLUMNS).setText(f"{COLUMNS + 1}   {STEPS[COLUMNS]}{mark}")
        self.steps.button(COLUMNS).setToolTip(tip)
        last: QPushButton = self.import_button if step == REVIEW else self.next
        last.setDefault(True)

    # Jobs ----------------------------------------------------------------------------------

    def _start(
        self, words: str, job: Job, then: Callable[[Any], None], *, quietly: bool = False
    ) -> None:
        """Run a job; the pages wait for it, save where it runs ``quietly``."""
        self._is_quiet = quietly
        if self._task is not None:
            self._task.cancel()
        task = self._tasks.start(words, job, visible=False)
        self._task = task
        if not quietly:
            self.fault.hide()
        self.strip.begin(words)
        task.progressed.connect(partial(self._on_progress, task))
        task.finished.connect(partial(self._on_finished, task, then))
        task.failed.connect(partial(self._on_failed, task))
        task.canceled.connect(partial(self._on_canceled, task))
        self._refresh()

    def _on_progress(self, task: Task, fraction: float, words: str) -> None:
        if task is self._task:
            self.strip.progress(fraction, words or task.title)

    def _ended(self, task: Task) -> bool:
        """Whether the job is the one that is waited for; it is no longer."""
        if task is not self._task:
            return False
        self._task = None
        self.strip.hide()
        return True

    def _on_finished(self, task: Task, then: Callable[[Any], None], value: object) -> None:
        if self._ended(task):
            then(value)
            self._refresh()

    def _on_failed(self, task: Task, fault: object) -> None:
        if self._ended(task):
            known = isinstance(fault, TableError | OSError | SaveError)
            words = str(fault) if known else f"Something went wrong: {fault}"
            self._tell(f"{words} The map is as it was.")
            self._refresh()

    def _on_canceled(self, task: Task) -> None:
        if self._ended(task):
            if not self._is_quiet:
                self._tell("Stopped; nothing was changed.")
            self._refresh()

    def _stop(self) -> None:
        if self._task is not None:
            self.strip.words.setText("Stopping…")
            self._task.cancel()

    def _tell(self, words: str) -> None:
        self.fault.setText(words)
        self.fault.show()

    # Reading -------------------------------------------------------------------------------

    @Slot(str, str)
    def _read(self, encoding: str | None, delimiter: str | None) -> None:
        source, folder = self._source, self._folder

        def job(context: Context) -> ImportPlan:
            if isinstance(source, str):
                return plan_pasted(source, folder, context)
            return plan_file(source, folder, context, encoding=encoding, delimiter=delimiter)

        name = source.name if isinstance(source, Path) else "the pasted cells"
        self._start(f"Reading {name}", job, self._on_read)

    def _on_read(self, plan: ImportPlan) -> None:
        left = self._left.get(plan.file.sha256)
        same_text = left is not None and (left.file.encoding, left.file.delimiter) == (
            plan.file.encoding,
            plan.file.delimiter,
        )
        if left is not None and same_text and self.plan is None:
            words = "The columns are matched as you left them."
            plan = msgspec.structs.replace(left, recognized=words)
        self.take(plan)
        if not plan.tables:
            self._tell(f"{plan.file.name} has no table with anything in it.")
        self.sheets.view.setFocus()

    @Slot(object)
    def _on_reread(self, asked: Reread) -> None:
        plan = self.plan
        if plan is None:
            return

        def job(_context: Context) -> ImportPlan:
            return plan.with_table(
                read_anew(
                    plan,
                    asked.sheet,
                    range=asked.range,
                    header_row=asked.header_row,
                    header_rows=asked.header_rows,
                    template=asked.template,
                )
            )

        self._start("Looking at the columns", job, self.take)

    # Mappings ------------------------------------------------------------------------------

    def _on_load(self) -> None:
        path, plan = self._ask_load(), self.plan
        if path is None or plan is None:
            return

        def job(_context: Context) -> ImportPlan:
            words = f"Columns are matched as {path.name} says."
            found = with_mapping(plan, load_mapping(path), words)
            if not found.taken:
                raise TableError(f"{path.name} fits no sheet of {plan.file.name}.")
            return found

        self._start(f"Reading {path.name}", job, self.take)

    def _on_save(self) -> None:
        if self.plan is None:
            return
        path = self._ask_save(mapping_file(self.plan, self._folder))
        if path is not None:
            self._save(path)

    def _save(self, path: Path) -> None:
        assert self.plan is not None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            save_mapping(self.plan.mapping, path)
        except (SaveError, OSError) as fault:
            self._tell(f"The mapping was not saved: {fault}")

    # Importing -----------------------------------------------------------------------------

    def _wanted(self) -> tuple[SavedMapping, Choices] | None:
        return (self.plan.mapping, self.review.choices) if self.plan is not None else None

    @Slot()
    def _look_quietly(self) -> None:
        """Work out what the import would do while the columns are still being matched."""
        if self.step == COLUMNS and self._task is None and self.plan and self.plan.taken:
            self._look(quietly=True)

    @Slot()
    def _look(self, *, quietly: bool = False) -> None:
        """Work out what the import would do, where that is not known yet."""
        plan, wanted, project = self.plan, self._wanted(), self._project
        if plan is None or wanted is None or wanted == self._shown:
            return
        if self._task is not None and self._is_quiet and wanted == self._looked_for:
            # It is under way: now the pages wait for it.
            self._is_quiet = quietly
            self._refresh()
            return
        self._looked_for = wanted
        mapping, choices = wanted

        def job(context: Context) -> Preview:
            return plan_import(project, [Chosen(plan.file, mapping)], choices, context)

        def show(preview: Preview) -> None:
            self._shown = wanted
            self.review.show_preview(plan, preview)
            if self.step == REVIEW and self.focusWidget() is None:
                # The pages were asleep, and what had the focus lost it.
                self.pages.setEnabled(True)
                self.review.fate_table.setFocus()

        self._start("Working out what would change", job, show, quietly=quietly)

    def _on_import(self) -> None:
        preview = self.preview
        if preview is None or preview.edit is None:
            return
        edit, view, stand = preview.edit, self._view, self._stand
        preparation, before = self._preparation(), self._project

        def job(context: Context) -> Arrivals:
            return arrivals(preparation, edit, view, stand, context, before=before)

        self._start("Making the items", job, lambda made: self._finish(preview, made))

    def _finish(self, preview: Preview, made: Arrivals) -> None:
        if self.plan is not None:
            if self.remember.isChecked():
                self._save(mapping_file(self.plan, self._folder))
            self._left.pop(self.plan.file.sha256, None)
        self.ready.emit(preview, made)
        self.accept()

    def reject(self) -> None:
        """Qt: the person turns back; how the file was going to be read is kept."""
        self._live.stop()
        if self._task is not None:
            self._task.cancel()
            self._task = None
        if self.plan is not None:
            self._left[self.plan.file.sha256] = self.plan
        super().reject()


def _counted(preview: Preview) -> str:
    """What would become of the rows, in a line."""
    rows = preview.rows
    parts = [
        f"{count(getattr(rows, outcome.value))} {outcome.value}"
        for outcome in Outcome
        if getattr(rows, outcome.value)
    ]
    told = sum(problem.severity is not Severity.NOTE for problem in preview.problems)
    words = f"{count(rows.total)} rows: {', '.join(parts)}"
    return f"{words} · {count(told)} to look at" if told else words
