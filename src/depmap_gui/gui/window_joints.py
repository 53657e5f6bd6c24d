"""How the parts of the main window are joined: whose signal reaches whom."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from depmap_gui.gui.action_menus import fill

if TYPE_CHECKING:
    from depmap_gui.gui.main_window import MainWindow


def join(window: MainWindow) -> None:
    """Connect the window's parts with one another and with the window."""
    _join_editor(window)
    _join_canvas(window)
    _join_panels(window)
    _join_outline(window)
    _join_start_page(window)
    hints = QGuiApplication.styleHints()
    hints.colorSchemeChanged.connect(window.take_settings)


def _join_editor(window: MainWindow) -> None:
    editor = window.editor
    for signal in (
        editor.opened,
        editor.changed,
        editor.selection_changed,
        editor.assessed,
        editor.coloring_changed,
        editor.freshness_changed,
        editor.shock_changed,
        editor.sight.trace_changed,
        editor.sight.lens_changed,
        editor.sight.lanes_changed,
        editor.history.indexChanged,
        editor.history.cleanChanged,
    ):
        signal.connect(window.refresh_actions)
    for signal in (editor.opened, editor.saved, editor.history.cleanChanged):
        signal.connect(window.refresh_title)
    editor.refused.connect(window.status.tell)
    window.files.openness_changed.connect(window.on_openness)
    window.files.recent_changed.connect(window.refresh_recent)
    window.files.told.connect(window.status.tell)
    window.compare.told.connect(window.status.tell)
    window.comparison.told.connect(window.status.tell)
    window.repair.told.connect(window.status.tell)
    window.scenarios.told.connect(window.status.tell)
    editor.scenario_changed.connect(window.refresh_actions)
    window.keeping.fault_told.connect(window.status.warn)
    # What is under way is shown on the start page too.
    window.tasks.started.connect(lambda _task: window.status.show())
    window.tasks.idle.connect(lambda: window.status.setVisible(window.files.is_open))
    window.problems.count_changed.connect(window.on_problems)


def _join_canvas(window: MainWindow) -> None:
    window.status.actual_size_requested.connect(window.canvas.actual_size)
    window.canvas.zoom_changed.connect(window.status.set_zoom)
    window.status.set_zoom(window.canvas.camera.zoom)
    window.canvas.told.connect(window.status.tell)
    window.layouts.told.connect(window.status.tell)
    window.sights.toggled.connect(window.refresh_actions)
    window.clipboard.told.connect(window.status.tell)
    window.clipboard.table_pasted.connect(window.imports.import_text)
    window.imports.told.connect(window.status.tell)
    window.groups.told.connect(window.status.tell)
    window.views.told.connect(window.status.tell)
    window.view_tabs.name_typed.connect(window.views.rename)
    window.editor.view_changed.connect(window.refresh_actions)
    window.canvas.fold_requested.connect(window.groups.toggle_one)
    window.canvas.mode_changed.connect(window.refresh_actions)
    window.canvas.inspect_requested.connect(partial(window.workspace.show_page, window.inspector))
    window.canvas.context_menu_requested.connect(window.open_context_menu)
    window.canvas.scenario_banner.open_requested.connect(
        window.actions_table["analyze.scenario.changes"].trigger
    )
    window.canvas.shock_banner.open_requested.connect(window.shocks.show)
    window.why.highlight_requested.connect(window.canvas.highlight)
    window.toolbar.kinds.place_asked.connect(window.canvas.start_placing)
    window.toolbar.boxes.draw_asked.connect(window.canvas.draw_or_surround)
    window.canvas.kinds.asked.connect(lambda menu: fill(menu, window.choices["kinds"]()))


def _join_panels(window: MainWindow) -> None:
    window.status.problems_requested.connect(partial(window.workspace.show_page, window.problems))
    window.tables.told.connect(window.status.tell)
    window.tables.table_pasted.connect(window.imports.import_text)
    window.tables.heading_changed.connect(window.settings.set_heading)
    window.scores.repair_asked.connect(window.repair.repair_product)
    window.scores.score_asked.connect(window.why.show_score)
    window.scores.compare_asked.connect(window.comparison.compare)
    window.scores.why_requested.connect(partial(window.workspace.show_page, window.why))
    window.uncertainty.inspect_requested.connect(
        partial(window.workspace.show_page, window.inspector)
    )
    window.uncertainty.field_asked.connect(window.inspector.focus_field)
    window.outline.palette_requested.connect(window.open_palette)
    window.workspace.folding_changed.connect(window.refresh_actions)
    window.toolbar.jurisdiction_chosen.connect(window.map_actions.color_of)
    window.toolbar.scenario_chosen.connect(window.editor.set_scenario)
    window.previews.made.connect(window.on_preview)


def _join_outline(window: MainWindow) -> None:
    tree = window.outline.tree
    tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
    tree.customContextMenuRequested.connect(
        lambda at: window.open_context_menu(tree.viewport().mapToGlobal(at), ())
    )


def _join_start_page(window: MainWindow) -> None:
    start = window.start_page
    start.new_requested.connect(window.files.new)
    start.open_requested.connect(window.files.open)
    start.import_requested.connect(window.imports.choose)
    start.project_requested.connect(window.open_from_start)
    start.forget_requested.connect(window.forget_recent)
