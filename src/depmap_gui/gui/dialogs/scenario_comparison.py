"""Scenarios side by side: the base map and its scenarios in a window beside the map."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QGuiApplication, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QProgressBar,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from depmap_gui.analysis.context import Context, Quiet
from depmap_gui.domain.project import Project
from depmap_gui.gui import numbers
from depmap_gui.gui.dialogs.scenario_comparison_choices import Choices, button
from depmap_gui.gui.dialogs.scenario_comparison_copy import copied
from depmap_gui.gui.dialogs.scenario_comparison_model import ComparisonModel, changes_of
from depmap_gui.gui.dialogs.scenario_comparison_tree import ComparisonTree
from depmap_gui.gui.dialogs.sizes import open_at
from depmap_gui.gui.editor import LARGE, Editor
from depmap_gui.gui.panels.comparison_words import Words
from depmap_gui.gui.panels.parts import label
from depmap_gui.gui.panels.tables_clipboard import to_clipboard
from depmap_gui.gui.tasks import Task
from depmap_gui.gui.theme import Theme
from depmap_gui.rules.faults import PackError
from depmap_gui.session.scenario_comparison import (
    ComparisonQuestion,
    ScenarioComparison,
    compare_scenarios,
    comparison_question,
)

_SIZE, _LEAST = (1240, 780), (640, 420)
_HEIGHTS = (560, 130)
_DELAY_MS = 400
_LINE = 70
"""Letters of a line of the message that stands in the place of the table."""
_WORKING = "Comparing the scenarios…"
_BEHIND = "The map has changed since. Comparing again…"
_NONE = (
    "This map has no scenario yet. A scenario is a what-if: a few changes beside the map, such as "
    "another supplier or an amended license. Make one: what you then change on the map goes to it, "
    "and its figures stand here beside the map's own."
)
_UNCHANGED = "No figure differs from the base map in the scenarios and figures chosen."
_UNPICKED = "No figure is chosen. Choose some with Figures."
_CANCELED = "The comparison was canceled."


class ScenarioComparisonWindow(QDialog):
    """A window of its own that follows the map; a line leads to its plant there.

    ``told`` carries what is to be said in the status bar.
    """

    told = Signal(str)

    def __init__(
        self,
        editor: Editor,
        theme: Theme,
        new_scenario: Callable[[], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle("Scenarios side by side")
        self._editor = editor
        self._new_scenario = new_scenario
        self._task: Task | None = None
        self._asked: ComparisonQuestion | None = None
        self.comparison: ScenarioComparison | None = None
        self._had_keys = False
        self._delay = QTimer(self, singleShot=True, interval=_DELAY_MS)
        self._delay.timeout.connect(self.compare)
        self.model = ComparisonModel(theme, self)
        self.tree = ComparisonTree(self.model)
        self._make_parts()
        self._lay_out()
        self._connect()
        self.setMinimumSize(*_LEAST)
        open_at(self, *_SIZE)

    # Building ------------------------------------------------------------------------------

    def _make_parts(self) -> None:
        self.heading = label("Scenarios side by side", "heading")
        self.note = label("", "muted")
        self.choices = Choices()
        self.progress = QProgressBar()
        self.progress.setAccessibleName("How far the comparison is")
        self.progress.setTextVisible(False)
        self.cancel = button("&Cancel", "Stop comparing", self._cancel)
        self.again = button("Compare &again", "Compare the scenarios anew", self.compare)
        self.message = label("", "muted")
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._narrow_message()
        self.make_one = button(
            "&New scenario", "Make a first scenario and show it on the map", self._new_scenario
        )
        self.make_one.setProperty("primary", "true")
        self.details = QPlainTextEdit()
        self.details.setReadOnly(True)
        self.details.setAccessibleName("What the scenarios change, or the selected cell in full")
        self.details.setMinimumHeight(56)
        self.show_button = button(
            "Show on the &map", "Choose the column's scenario and go to the plant", self._go
        )
        self.copy_button = button(
            "&Copy table", "Copy the lines for a spreadsheet, with headings", self.copy
        )
        self.close_button = button("C&lose", "Put this window away", self.close)

    def _narrow_message(self) -> None:
        self.message.setMaximumWidth(self.message.fontMetrics().averageCharWidth() * _LINE)

    def _lay_out(self) -> None:
        working = QHBoxLayout()
        working.setSpacing(8)
        working.addWidget(self.note, 1)
        working.addWidget(self.progress, 1)
        working.addWidget(self.cancel)
        working.addWidget(self.again)
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.tree)
        split.addWidget(self.details)
        split.setSizes(list(_HEIGHTS))
        split.setStretchFactor(0, 1)
        split.setChildrenCollapsible(False)
        self.pages = QStackedWidget()
        self.pages.addWidget(split)
        self.pages.addWidget(self._empty_page())
        buttons = QHBoxLayout()
        buttons.addWidget(self.show_button)
        buttons.addWidget(self.copy_button)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 12)
        column.setSpacing(8)
        column.addWidget(self.heading)
        column.addWidget(self.choices)
        column.addLayout(working)
        column.addWidget(self.pages, 1)
        column.addLayout(buttons)

    def _empty_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.addStretch(2)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(self.message, 20)
        across.addStretch(1)
        column.addLayout(across)
        column.addSpacing(8)
        column.addWidget(self.make_one, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        return page

    def _connect(self) -> None:
        editor = self._editor
        editor.changed.connect(self._follow)
        editor.assessed.connect(self._follow)
        editor.coloring_changed.connect(self._follow)
        self.choices.changed.connect(self._show)
        self.choices.sampling_changed.connect(self.compare)
        self.tree.go_asked.connect(self._go_to)
        self.tree.copy_asked.connect(self.copy)
        self.tree.selectionModel().currentChanged.connect(self._tell_cell)

    def set_theme(self, theme: Theme) -> None:
        """Wear other colors."""
        self.model.set_theme(theme)
        self._narrow_message()
        self.tree.fit()

    # Comparing -----------------------------------------------------------------------------

    @property
    def is_working(self) -> bool:
        """Whether a comparison is under way."""
        return self._task is not None

    @Slot()
    def compare(self) -> None:
        """Compare all scenarios of the map in the background; an older run is dropped."""
        self._drop()
        try:
            question = self._question()
        except (PackError, OSError) as fault:
            self._tell_failed(str(fault))
            return
        self._asked = question

        def job(context: Context) -> ScenarioComparison:
            return compare_scenarios(question, context)

        self._task = self._editor.tasks.start("Comparing scenarios", job, visible=False)
        self._task.progressed.connect(self._on_progress)
        self._task.finished.connect(self._on_compared)
        self._task.failed.connect(self._on_failed)
        self._task.canceled.connect(self._on_canceled)
        self.progress.setRange(0, 100)
        self.progress.setValue(0)
        self._say(_WORKING if self.comparison is None else _BEHIND)

    def _question(self) -> ComparisonQuestion:
        return comparison_question(
            self._editor.session,
            jurisdiction=self._editor.jurisdiction,
            samples=self.choices.samples,
        )

    @Slot()
    def _follow(self, _change: object = None) -> None:
        """Compare again where the map, its scenarios, its rules or the jurisdiction changed."""
        if not self.isVisible() or self._is_answered():
            return
        self._drop()
        self._say(_BEHIND)
        # A part that is switched off loses the keys to the next one: they come back with it.
        self._had_keys |= self.tree.hasFocus()
        self.tree.setEnabled(False)
        self._delay.start()

    def _is_answered(self) -> bool:
        """Whether what was last asked is what would be asked now."""
        asked, editor = self._asked, self._editor
        if asked is None or asked.jurisdiction != editor.jurisdiction:
            return False
        try:
            packs = editor.session.packs()
        except (PackError, OSError):
            return False
        base = editor.session.document.snapshot()
        return packs is asked.request.packs and _is_same_map(base, asked.request.project)

    @Slot(float, str)
    def _on_progress(self, fraction: float, what: str) -> None:
        if self.sender() is self._task:
            self.progress.setValue(round(100 * fraction))
            self.progress.setToolTip(what)

    @Slot(object)
    def _on_compared(self, found: object) -> None:
        if self.sender() is self._task and isinstance(found, ScenarioComparison):
            self._task = None
            self.comparison = found
            self.choices.offer(found.versions)
            self._show()

    @Slot(object)
    def _on_failed(self, fault: object) -> None:
        if self.sender() is self._task:
            self._task = None
            self._tell_failed(str(fault))

    @Slot()
    def _on_canceled(self) -> None:
        if self.sender() is self._task:
            self._task = None
            self._asked = None
            self._say(_CANCELED)
            if self.comparison is None:
                self._tell_instead(_CANCELED)

    def _tell_failed(self, fault: str) -> None:
        self.comparison = self._asked = None
        self._tell_instead(f"The scenarios could not be compared.\n{fault}")

    @Slot()
    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _drop(self) -> None:
        """Stop what is under way without a word."""
        self._delay.stop()
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def forget(self) -> None:
        """Drop everything: another map is open."""
        self._drop()
        self.comparison = self._asked = None
        self.choices.forget()
        self.model.fill(None, (), (), only_changed=False)
        self.close()

    # What is shown -------------------------------------------------------------------------

    def _say(self, note: str) -> None:
        """Say how the comparison stands, and offer what fits."""
        working = self.is_working or self._delay.isActive()
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self.progress.setVisible(working)
        self.cancel.setVisible(self.is_working)
        self.again.setVisible(not working and self._asked is None)
        if self.comparison is None and working:
            self._tell_instead("", keeps_note=True)

    def _tell_instead(
        self, words: str, *, offers_new: bool = False, keeps_note: bool = False
    ) -> None:
        """Show a message in the place of the table."""
        self.pages.setCurrentIndex(1)
        self.message.setText(words)
        self.make_one.setVisible(offers_new)
        for part in (self.show_button, self.copy_button):
            part.setEnabled(False)
        self.choices.setEnabled(self.comparison is not None and not offers_new)
        if not keeps_note:
            self._say("")

    @Slot()
    def _show(self) -> None:
        """Show what was compared, as far as it is chosen."""
        found = self.comparison
        if found is None:
            return
        if len(found.versions) == 1:
            self._tell_instead(_NONE, offers_new=True)
            return
        words = Words(found, self._editor.project)
        shown = self._shown()
        self.heading.setText(words.heading())
        only, groups = self.choices.only_changed.isChecked(), self.choices.groups
        self.tree.refill(lambda: self.model.fill(words, groups, shown, only_changed=only))
        for number in range(len(found.versions)):
            self.tree.setColumnHidden(number + 1, number not in shown)
        self.tree.setEnabled(True)
        if self._had_keys:
            self.tree.setFocus()
        self._had_keys = False
        self._tell_cell(self.tree.currentIndex(), QModelIndex())
        self._say(_unfit(found))
        if not self.model.nodes:
            self._tell_instead(_UNCHANGED if only else _UNPICKED)
            return
        if self.pages.currentIndex() != 0:
            self.pages.setCurrentIndex(0)
            self.tree.setFocus()
        for part in (self.choices, self.show_button, self.copy_button):
            part.setEnabled(True)

    def _shown(self) -> list[int]:
        """The numbers of the versions in sight."""
        versions = () if self.comparison is None else self.comparison.versions
        return [n for n, each in enumerate(versions) if each.scenario not in self.choices.hidden]

    def _tell_changes(self, about: Sequence[str] = ()) -> None:
        """Say below the table what each scenario in sight changes; first what a line is about."""
        versions = () if self.comparison is None else self.comparison.versions
        blocks: list[Sequence[str]] = [about] if len(about) > 1 else []
        blocks += [changes_of(versions[number]) for number in self._shown() if number]
        self.details.setPlainText("\n\n".join(_block(lines) for lines in blocks))

    @Slot(QModelIndex, QModelIndex)
    def _tell_cell(self, index: QModelIndex, _before: QModelIndex) -> None:
        if not index.isValid():
            self._tell_changes()
        elif index.column() == 0:
            self._tell_changes(self.model.story_at(index))
        else:
            version = self.model.versions[index.column() - 1]
            parts = [self.model.story_at(index)]
            parts += [["", *changes_of(version)]] if version.scenario is not None else []
            self.details.setPlainText("\n".join(_block(lines) for lines in parts))

    # To the map ----------------------------------------------------------------------------

    @Slot()
    def _go(self) -> None:
        self._go_to(self.tree.currentIndex())

    @Slot(QModelIndex)
    def _go_to(self, index: QModelIndex) -> None:
        """Choose the column's scenario and bring the line's plant or company into sight."""
        if not index.isValid():
            self.told.emit("Select a line of the comparison first.")
            return
        owner = self.model.node_at(index).owner
        if index.column() > 0:
            version = self.model.versions[index.column() - 1]
            if version.fault:
                self.told.emit(f"{version.name} does not fit the map and cannot be shown.")
                return
            self._editor.set_scenario(version.scenario)
        if not owner:
            return
        if owner in self._editor.project.entities:
            self._editor.reveal((owner,))
            self._map_to_front()
        else:
            name = self.comparison.names[owner] if self.comparison is not None else owner
            self.told.emit(f"{name} is not on the map that is shown.")

    def _map_to_front(self) -> None:
        if (behind := self.parentWidget()) is not None:
            behind.window().raise_()
            behind.window().activateWindow()

    @Slot()
    def copy(self) -> None:
        """Put the selected lines, or all that are shown, on the clipboard, headings first."""
        words, rows, versions = self.model.words, self.tree.rows(), self._in_order()
        if words is None or self.pages.currentIndex() != 0:
            return
        if len(rows) <= LARGE:
            self._put_on_clipboard(copied(words, rows, versions, Quiet()))
            return
        task = self._editor.tasks.start(
            "Copying the comparison", lambda context: copied(words, rows, versions, context)
        )
        task.finished.connect(self._put_on_clipboard)

    @Slot(object)
    def _put_on_clipboard(self, block: Sequence[Sequence[str]]) -> None:
        QGuiApplication.clipboard().setText(to_clipboard(block))
        self.told.emit(f"Copied {numbers.count(len(block) - 1)} lines for a spreadsheet.")

    def _in_order(self) -> list[int]:
        """The versions in sight as their columns stand, the base first."""
        shown, header = set(self._shown()), self.tree.header()
        columns = [header.logicalIndex(at) for at in range(header.count())]
        order = [column - 1 for column in columns if column - 1 in shown]
        return sorted(order, key=bool)

    # Qt ------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Qt: the window comes into sight, perhaps after the map has changed."""
        super().showEvent(event)
        if not self._is_answered() and not self.is_working:
            self.compare()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Qt: the window goes; what is under way for it stops."""
        if self.is_working or self._delay.isActive():
            self._drop()
            self._asked = None
        super().closeEvent(event)


def _is_same_map(one: Project, other: Project) -> bool:
    """Whether nothing that is compared differs; where items stand does not matter."""
    return one.revision == other.revision or (
        one.header == other.header
        and one.entities == other.entities
        and one.links == other.links
        and one.scenarios == other.scenarios
    )


def _unfit(found: ScenarioComparison) -> str:
    """Which scenarios are not compared; empty where all are."""
    names = [f"“{version.name}”" for version in found.versions if version.fault]
    if not names:
        return ""
    verb = "does not fit the map and is" if len(names) == 1 else "do not fit the map and are"
    return f"{', '.join(names)} {verb} not compared: below the table it says why."


def _block(lines: Iterable[str]) -> str:
    first, *rest = lines
    return "\n".join([first, *(f"    {line}" for line in rest)])
