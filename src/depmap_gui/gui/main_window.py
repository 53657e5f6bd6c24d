"""The main window: it joins editor, canvas, panels and actions, and holds no logic of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QMainWindow,
    QStackedWidget,
    QWidget,
)

from depmap_gui.analysis.results import Assessment
from depmap_gui.domain.project import Project
from depmap_gui.gui.action_choices import choices_of
from depmap_gui.gui.action_handlers import bind, in_effect, needs_met
from depmap_gui.gui.action_handlers_clipboard import ClipboardActions
from depmap_gui.gui.action_handlers_compare import CompareActions
from depmap_gui.gui.action_handlers_comparison import ComparisonActions
from depmap_gui.gui.action_handlers_file import FileActions
from depmap_gui.gui.action_handlers_groups import GroupActions
from depmap_gui.gui.action_handlers_help import HelpActions
from depmap_gui.gui.action_handlers_import import ImportActions, dropped_files
from depmap_gui.gui.action_handlers_layout import LayoutActions
from depmap_gui.gui.action_handlers_map import MapActions
from depmap_gui.gui.action_handlers_recovery import Safekeeping, account
from depmap_gui.gui.action_handlers_repair import RepairActions
from depmap_gui.gui.action_handlers_report import ReportActions
from depmap_gui.gui.action_handlers_rules import RulesActions
from depmap_gui.gui.action_handlers_scenarios import ScenarioActions
from depmap_gui.gui.action_handlers_settings import SettingsActions
from depmap_gui.gui.action_handlers_shock import ShockActions
from depmap_gui.gui.action_handlers_sight import SightActions
from depmap_gui.gui.action_handlers_views import ViewActions
from depmap_gui.gui.action_menus import (
    ON_OUTLINE,
    build_menu_bar,
    context_menu,
    palette_entries,
    what_is_selected,
)
from depmap_gui.gui.action_objects import Actions
from depmap_gui.gui.action_specs import Scope, State
from depmap_gui.gui.actions import PANELS
from depmap_gui.gui.canvas.widget import MapCanvas
from depmap_gui.gui.coloring import Coloring
from depmap_gui.gui.dialogs.command_palette import CommandPalette
from depmap_gui.gui.dialogs.questions import Questions, Restore
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.icons import icon
from depmap_gui.gui.panels.guide import Guide
from depmap_gui.gui.panels.history import HistoryPanel
from depmap_gui.gui.panels.inspector import InspectorPanel
from depmap_gui.gui.panels.links import LinksPanel
from depmap_gui.gui.panels.outline import OutlinePanel
from depmap_gui.gui.panels.problems import ProblemsPanel
from depmap_gui.gui.panels.scenario import ScenarioPanel
from depmap_gui.gui.panels.scores import ScoresPanel
from depmap_gui.gui.panels.selected_head import SelectedHead
from depmap_gui.gui.panels.shock import ShockPanel
from depmap_gui.gui.panels.sources import SourcesPanel
from depmap_gui.gui.panels.statusbar import StatusBar
from depmap_gui.gui.panels.tables import TablesPanel
from depmap_gui.gui.panels.timeline import TimelinePanel
from depmap_gui.gui.panels.toolbar import Toolbar
from depmap_gui.gui.panels.uncertainty import UncertaintyPanel
from depmap_gui.gui.panels.view_tabs import ViewSheet, ViewTabs
from depmap_gui.gui.panels.why import WhyPanel
from depmap_gui.gui.render import render_bytes
from depmap_gui.gui.sample_previews import Preview, SamplePreviews
from depmap_gui.gui.settings import Settings
from depmap_gui.gui.start_page import StartPage
from depmap_gui.gui.tasks import Tasks
from depmap_gui.gui.theme import Theme
from depmap_gui.gui.view_edits import with_view_first
from depmap_gui.gui.window_focus import FocusOrder
from depmap_gui.gui.window_joints import join
from depmap_gui.gui.window_layout import Workspace

Dress = Callable[[Settings], Theme]
"""Dresses the whole program as the settings say, and gives the theme it now wears."""

_FIRST_SIZE = (1440, 900)
_FRAME = QSize(8, 40)
"""What the desktop's frame around a window takes at most; known only once it is shown."""
_SMALLEST = (720, 480)


class Surroundings(NamedTuple):
    """What a window is given from outside."""

    settings: Settings
    dress: Dress
    samples: Sequence[Path] = ()
    recovery_folder: Path | None = None
    questions: Callable[[QWidget], Questions] = Questions
    another: Callable[[], MainWindow] | None = None


class MainWindow(QMainWindow):
    """One window on one project."""

    closed = Signal()

    def __init__(self, around: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._around = around
        self.settings = around.settings
        self.theme = around.dress(self.settings)
        self.questions = around.questions(self)
        self.tasks = Tasks(self)
        self.editor = Editor(self.tasks, self)
        self.keeping = Safekeeping(self.editor, around.recovery_folder, self)
        self.actions_table = Actions(self, lambda name: icon(name, self.theme))
        self._make_parts()
        self._lay_out()
        self._bind()
        join(self)
        self.setAcceptDrops(True)
        self._keep_room()
        self.on_openness()

    # Building ------------------------------------------------------------------------------

    def _make_parts(self) -> None:
        editor, theme = self.editor, self.theme
        self.canvas = MapCanvas(editor, theme)
        self.view_tabs = ViewTabs(editor)
        self.outline = OutlinePanel(editor, theme)
        self.scores = ScoresPanel(editor, theme)
        self.why = WhyPanel(editor, theme)
        self.uncertainty = UncertaintyPanel(editor, theme)
        self.shock = ShockPanel(editor, theme)
        self.inspector = InspectorPanel(editor, theme)
        self.links = LinksPanel(editor, theme)
        self.sources = SourcesPanel(editor, theme)
        self.tables = TablesPanel(editor, theme, self.settings.heading)
        self.problems = ProblemsPanel(editor, theme)
        self.history = HistoryPanel(editor, theme)
        self.timeline = TimelinePanel(editor, theme)
        self.what_if = ScenarioPanel(editor, self.actions_table, theme)
        self.rules = RulesActions(editor, self.settings, self.questions, theme, self)
        self.compare = CompareActions(editor, self.settings, self.questions, theme, self)
        self.comparison = ComparisonActions(editor, self.actions_table, theme, self)
        self.repair = RepairActions(editor, theme, self)
        self.toolbar = Toolbar(editor, self.actions_table, theme)
        self.status = StatusBar(editor, theme)
        self.guide = Guide(editor, theme, self.canvas)
        self.start_page = StartPage(theme, self._around.samples)
        self.previews = SamplePreviews(self._around.samples, self.tasks, self)
        self._themed = (
            self.canvas,
            self.outline,
            self.scores,
            self.why,
            self.uncertainty,
            self.shock,
            self.inspector,
            self.links,
            self.sources,
            self.tables,
            self.problems,
            self.history,
            self.timeline,
            self.what_if,
            self.rules,
            self.compare,
            self.comparison,
            self.repair,
            self.toolbar,
            self.status,
            self.guide,
            self.start_page,
        )

    def _lay_out(self) -> None:
        self.workspace = Workspace(
            self.settings,
            toolbar=self.toolbar,
            outline=self.outline,
            canvas=ViewSheet(self.view_tabs, self.canvas),
            head=SelectedHead(self.editor),
            text_scale=self.theme.text_scale,
            details=(
                ("Scores", self.scores),
                ("Why?", self.why),
                ("How sure?", self.uncertainty),
                ("Shock", self.shock),
                ("Properties", self.inspector),
                ("Links", self.links),
                ("Sources", self.sources),
            ),
            bottom=(
                ("Tables", self.tables),
                ("Problems", self.problems),
                ("History", self.history),
                ("Years", self.timeline),
                ("What if", self.what_if),
            ),
        )
        self.pages = QStackedWidget()
        self.pages.addWidget(self.start_page)
        self.pages.addWidget(self.workspace)
        self.setCentralWidget(self.pages)
        self.setStatusBar(self.status)
        self._focus_order = FocusOrder((self.start_page, *self.workspace.parts, self.status))
        self.restore_geometry()

    def restore_geometry(self) -> None:
        """Stand where and as large as the window was left; as it came where it never was."""
        if not self.restoreGeometry(self.settings.geometry):
            room = QGuiApplication.primaryScreen().availableGeometry().size() - _FRAME
            self.resize(QSize(*_FIRST_SIZE).boundedTo(room))

    def _keep_room(self) -> None:
        """Be no smaller than the parts can be read in, nor larger than the screen."""
        grown = min(self.theme.text_scale, 1.5)
        room = self.screen().availableGeometry()
        width, height = (round(side * grown) for side in _SMALLEST)
        self.setMinimumSize(min(width, room.width()), min(height, room.height()))

    def _bind(self) -> None:
        self.files = FileActions(self.editor, self.settings, self.questions, self._draw, self)
        self.reports = ReportActions(self.editor, self.files, self.questions, self)
        self.map_actions = MapActions(self.editor, self.canvas, self.problems, self)
        self.layouts = LayoutActions(self.editor, self.canvas, self)
        self.sights = SightActions(self.editor, self.canvas, self.settings, self)
        self.clipboard = ClipboardActions(self.editor, self.canvas, self)
        self.imports = ImportActions(
            self.editor, self.files, self.canvas, self.settings, self.questions, self.theme, self
        )
        self.groups = GroupActions(self.editor, self.canvas, self)
        self.shocks = ShockActions(self.editor, self.shock, self.workspace)
        self.scenarios = ScenarioActions(self.editor, self.what_if, self.workspace)
        self.views = ViewActions(self.editor, self.canvas, self.view_tabs, self)
        self.setting = SettingsActions(self)
        self.setting.wear()
        window_handlers: dict[str, Callable[[], object]] = {
            "file.new_window": self._open_another,
            "file.quit": self._quit,
            "edit.find": self._find,
            "view.full_screen": self._toggle_full_screen,
            "analyze.why": partial(self.workspace.show_page, self.why),
            "analyze.uncertainty": self._show_uncertainty,
            "analyze.check": self._check,
            "view.next_part": partial(self._focus_order.turn, 1),
            "view.previous_part": partial(self._focus_order.turn, -1),
            **{f"view.panel.{name}": partial(self._toggle_panel, name) for name in PANELS},
        }
        bind(
            self.actions_table,
            self.files.handlers(),
            self.reports.handlers(),
            self.imports.handlers(),
            self.map_actions.handlers(),
            self.layouts.handlers(),
            self.sights.handlers(),
            self.clipboard.handlers(),
            self.groups.handlers(),
            self.views.handlers(),
            self.setting.handlers(),
            HelpActions(self).handlers(),
            self.compare.handlers(),
            self.comparison.handlers(),
            self.repair.handlers(),
            self.shocks.handlers(),
            self.scenarios.handlers(),
            self.rules.handlers(partial(self.workspace.show_page, self.timeline)),
            window_handlers,
        )
        self.addActions(list(self.actions_table.of_scope(Scope.WINDOW)))
        self.canvas.addActions(list(self.actions_table.of_scope(Scope.MAP)))
        # Letters typed in the outline look for a name; they place nothing.
        self.outline.tree.addActions([self.actions_table[id] for id in ON_OUTLINE])
        editor, samples = self.editor, self._around.samples
        self.choices = choices_of(
            editor, self.settings, samples, self.files, self.map_actions, self.views
        )
        build_menu_bar(self.menuBar(), self.actions_table, self.choices)

    # Opening and closing -------------------------------------------------------------------

    def open_path(self, path: Path) -> bool:
        """Open a project file in this window."""
        return self.files.open_path(path)

    def offer_recovered(self) -> None:
        """Offer what crashes left, the latest first; each map restored gets a window."""
        window = self
        for journal, work in self.keeping.left_behind():
            match self.questions.recovered(*account(work)):
                case Restore.RESTORE:
                    if window.files.is_open:
                        if self._around.another is None:
                            return
                        window = self._around.another()
                    open_work = partial(window.files.work_on, is_modified=True)
                    window.keeping.restore(journal, work, open_work)
                case Restore.DISCARD:
                    self.keeping.discard(journal)
                case Restore.LATER:
                    return

    def closeEvent(self, event: QCloseEvent) -> None:
        """Qt: the window is about to close; changes are asked about, jobs are stopped."""
        if not self.files.may_leave():
            event.ignore()
            return
        self.editor.close()
        self.tasks.cancel_all()
        self.settings.geometry = self.saveGeometry()
        self.workspace.remember()
        self.settings.sync()
        self.keeping.close()
        event.accept()
        self.closed.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """Qt: the window comes into sight."""
        super().showEvent(event)
        self.refresh_recent()
        self._refresh_previews()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Qt: Tab or Shift+Tab; they go on in reading order."""
        return self._focus_order.step(forward=forward) or super().focusNextPrevChild(forward)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Qt: something is dragged over the window; a map or files to import are welcome."""
        if dropped_files(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Qt: something was dropped."""
        if paths := dropped_files(event):
            event.acceptProposedAction()
            self.imports.open_dropped(paths)

    @Slot(object)
    def open_from_start(self, path: Path) -> None:
        if path in self._around.samples:
            self.files.open_sample(path)
        else:
            self.files.open_path(path)

    def forget_recent(self, path: Path) -> None:
        self.settings.forget(path)
        self.refresh_recent()

    # What is shown -------------------------------------------------------------------------

    @Slot()
    def take_settings(self) -> None:
        """Follow what the settings say now, in every window."""
        self.wear(self._around.dress(self.settings))

    def wear(self, theme: Theme) -> None:
        """Be drawn in these colors."""
        self.theme = theme
        for part in (*self._themed, self.imports):
            part.set_theme(self.theme)
        self.setting.wear()
        self._keep_room()
        self.workspace.follow_text(theme.text_scale)
        self._refresh_previews()
        self.actions_table.refresh_icons()
        self.refresh_actions()

    @Slot()
    def refresh_actions(self) -> None:
        """Enable and check what fits now."""
        is_open, editor = self.files.is_open, self.editor
        checked = in_effect(
            editor,
            is_open=is_open,
            theme=self.settings.theme,
            panels=self.workspace.shown,
            shows_locations=self.canvas.shows_locations,
            is_connecting=self.canvas.mode == "connect",
            is_full_screen=self.isFullScreen(),
            seen=self.sights.checked(),
        )
        self.actions_table.update(State(needs_met(editor, is_open=is_open), checked))
        self.actions_table.say_history(editor.history.undoText(), editor.history.redoText())

    def open_palette(self) -> None:
        """Show the command palette over the window."""
        entries = palette_entries(
            self.actions_table,
            self.choices,
            self.editor,
            self.theme,
            is_open=self.files.is_open,
        )
        palette = CommandPalette(entries, self.theme, self)
        palette.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        palette.open_over(self)

    @Slot()
    def on_openness(self) -> None:
        is_open = self.files.is_open
        self.rules.set_open(is_open=is_open)
        self.pages.setCurrentWidget(self.workspace if is_open else self.start_page)
        self.status.setVisible(is_open)
        self.refresh_title()
        self.refresh_actions()
        if is_open:
            self.canvas.setFocus()
        else:
            self.refresh_recent()
            self.start_page.new_card.setFocus()
        self._refresh_previews()

    @Slot()
    def refresh_title(self) -> None:
        if not self.files.is_open:
            self.setWindowTitle("DepMap")
            self.setWindowModified(False)
            return
        session = self.editor.session
        name = session.path.name if session.path is not None else session.title
        self.setWindowTitle(f"{name.replace('[*]', '[*][*]')}[*] – DepMap")
        self.setWindowModified(self.editor.is_modified)

    def refresh_recent(self) -> None:
        self.start_page.set_recent(self.settings.recent)

    def _refresh_previews(self) -> None:
        if self.files.is_open or not self.isVisible():
            self.previews.stop()
        else:
            self.previews.start(self.theme)

    @Slot(object)
    def on_preview(self, preview: Preview) -> None:
        self.start_page.describe(*preview)

    @Slot(int)
    def on_problems(self, count: int) -> None:
        self.status.set_problems(count)
        tabs = self.workspace.bottom
        tabs.setTabText(tabs.indexOf(self.problems), f"Problems {count}" if count else "Problems")

    def _toggle_panel(self, name: str) -> None:
        self.workspace.toggle(name)
        self.refresh_actions()

    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)
        self.refresh_actions()

    def _open_another(self) -> None:
        if self._around.another is not None:
            self._around.another()

    def _quit(self) -> None:
        """Close every window, this one first; a person may keep any of them open."""
        if self.close():
            QApplication.closeAllWindows()

    def _find(self) -> None:
        self.workspace.show_panel("outline")
        self.outline.start_finding()

    def _show_uncertainty(self) -> None:
        self.workspace.show_page(self.uncertainty)
        self.uncertainty.start()

    def _check(self) -> None:
        self.workspace.show_page(self.problems)
        self.editor.score_now()

    def open_context_menu(self, at: QPoint, _ids: Sequence[str]) -> None:
        menu = context_menu(self.actions_table, of=what_is_selected(self.editor), parent=self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)

    def _draw(self, suffix: str, project: Project, assessment: Assessment) -> Callable[[], bytes]:
        """What draws the map as it is seen now, on whichever thread it is called."""
        editor = self.editor
        coloring = Coloring(editor.color_by, editor.jurisdiction)
        seen = with_view_first(project, editor.view.id)
        return partial(render_bytes, seen, assessment, suffix, coloring=coloring)
