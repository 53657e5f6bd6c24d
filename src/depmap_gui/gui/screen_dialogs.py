"""More that is drawn: menus, tables of each kind, empty pages, questions, work under way."""

from __future__ import annotations

import time
from pathlib import Path

import msgspec
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QDialog, QFrame, QMenu, QWidget

from depmap_gui.analysis.context import Context
from depmap_gui.domain.kinds import EntityKind, LinkKind
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Company, License, Plant, Source
from depmap_gui.gui.dialogs.command_palette import CommandPalette
from depmap_gui.gui.dialogs.compare import CompareWindow
from depmap_gui.gui.dialogs.differences import ReviewDialog
from depmap_gui.gui.dialogs.graph_review import Account, GraphReview
from depmap_gui.gui.panels.field_editors_choice import DateEditor
from depmap_gui.gui.panels.inspector import InspectorPanel
from depmap_gui.gui.screen_stage import Stage
from depmap_gui.gui.screen_states import State, importing, shown, top_dialog
from depmap_gui.resources import samples
from depmap_gui.session.round_trip import compare_projects

# Menus and tables -------------------------------------------------------------------------


def context_menu(*, has_selection: bool) -> State:
    """The menu of the map: of what is selected, or of the page."""

    def show(stage: Stage) -> QWidget:
        stage.open_sample()
        if has_selection:
            stage.select(Plant)
        stage.window.open_context_menu(QPoint(200, 200), ())
        stage.settle()
        return next(m for m in stage.window.findChildren(QMenu) if m.isVisible())

    return show


def cells_menu(stage: Stage) -> QWidget:
    """The menu of a table's cells."""
    stage.open_sample()
    tables = stage.window.tables
    return _popped(stage, tables.cell_menu(tables.view))


def columns_menu(stage: Stage) -> QWidget:
    """The menu of a table's columns."""
    stage.open_sample()
    tables = stage.window.tables
    menu = tables.cell_menu(tables.view)
    columns = next(each for each in menu.findChildren(QMenu) if "olumns" in each.title())
    return _popped(stage, columns)


def _popped(stage: Stage, menu: QMenu) -> QMenu:
    menu.popup(QPoint(100, 100))
    stage.settle()
    return menu


def table(kind: EntityKind | LinkKind) -> State:
    """The table of one kind, with most of the window."""

    def show(stage: Stage) -> QWidget:
        stage.open_sample()
        stage.window.workspace.show_page(stage.window.tables)
        stage.window.tables.show_kind(kind)
        stage.settle()
        return stage.window.workspace.bottom

    return show


# Details ----------------------------------------------------------------------------------


def nothing_selected(page: str) -> State:
    """A page of the details with nothing selected."""

    def show(stage: Stage) -> QWidget:
        stage.open_sample()
        _turn_to(stage, page)
        return stage.window

    return show


def link_of(kind: LinkKind) -> State:
    """The properties of the first link of a kind."""

    def show(stage: Stage) -> QWidget:
        stage.open_sample()
        links = stage.window.editor.project.links.values()
        stage.window.editor.select((next(link.id for link in links if link.kind == kind),))
        _turn_to(stage, "Properties")
        return stage.window

    return show


def several_companies(stage: Stage) -> QWidget:
    """The properties that several companies share."""
    stage.open_sample()
    project = stage.window.editor.project
    stage.window.editor.select(tuple(each.id for each in project.of_kind(Company))[:3])
    _turn_to(stage, "Properties")
    return stage.window


def calendar(stage: Stage) -> QWidget:
    """The calendar below a field that takes a day."""
    stage.open_sample()
    stage.select(License)
    _turn_to(stage, "Properties")
    field = next(each for each in _inspector(stage).findChildren(DateEditor) if each.isVisible())
    field.open_calendar()
    stage.settle()
    return next(each for each in field.findChildren(QFrame) if each.isWindow())


def source_open(stage: Stage) -> QWidget:
    """A source of the project, open to be edited."""
    stage.open_sample()
    stage.select(Plant)
    _turn_to(stage, "Sources")
    source = next(iter(stage.window.editor.project.sources.values()))
    stage.window.sources.rows[source.id].toggle_form()
    stage.settle()
    return stage.window


def _inspector(stage: Stage) -> InspectorPanel:
    return stage.window.inspector


def _turn_to(stage: Stage, page: str) -> None:
    tabs = stage.window.workspace.details
    titles = [tabs.tabText(number) for number in range(tabs.count())]
    tabs.setCurrentIndex(titles.index(page))
    stage.settle()


# Dialogs ----------------------------------------------------------------------------------


def palette_with(words: str) -> State:
    """The command palette with something typed."""

    def show(stage: Stage) -> QWidget:
        stage.open_sample()
        stage.trigger("help.palette")
        palette = top_dialog(stage)
        assert isinstance(palette, CommandPalette)
        palette.input.setText(words)
        stage.settle()
        return palette

    return show


def recovered(stage: Stage) -> QWidget:
    """What is asked after a crash."""
    kept = "DepMap ended unexpectedly, and kept 12 unsaved changes to “Marshall”."
    note = "The last one was made on 2/13/26, 9:41 AM."
    return stage.asked(lambda: stage.window.questions.recovered(kept, note))


def told(stage: Stage) -> QWidget:
    """What is said where a file could not be written."""
    further = "The map is unchanged and still open. Choose another folder, or free some space."
    return stage.asked(
        lambda: stage.window.questions.tell(
            "The map was not saved", "The disk that holds “Marshall.depmap” is full.", further
        )
    )


def compared(stage: Stage) -> QWidget:
    """Two versions of the map as one."""
    stage.open_sample()
    window = stage.window
    found = compare_projects(_earlier(window.editor.project), window.editor.project)
    dialog = CompareWindow(found, ("march.depmap", "marshall.depmap"), window.theme, window)
    return _let_go(stage, dialog)


def scenarios_compared(stage: Stage) -> QWidget:
    """The scenarios of the map side by side."""
    stage.open_sample()
    stage.trigger("analyze.compare_scenarios")
    return _comparison(stage)


def no_scenarios(stage: Stage) -> QWidget:
    """What stands in the place of the comparison on a map without scenarios."""
    stage.trigger("file.new")
    stage.trigger("analyze.compare_scenarios")
    return _comparison(stage)


def _comparison(stage: Stage) -> QWidget:
    compared = stage.window.comparison.shown
    assert compared is not None
    stage.settle()
    return compared


def way_back(stage: Stage) -> QWidget:
    """The cheapest way back to eligible, and the moves that it may be made of."""
    stage.open_sample()
    stage.trigger("analyze.repair")
    shown = stage.window.repair.shown
    assert shown is not None
    stage.settle()
    return shown


def no_way_back(stage: Stage) -> QWidget:
    """What is said where no way exists."""
    stage.sample = samples()[-1]
    return way_back(stage)


def reviewed(stage: Stage) -> QWidget:
    """What an edited workbook says differently."""
    stage.open_sample()
    project = stage.window.editor.project
    found = compare_projects(project, _earlier(project))
    return _let_go(stage, ReviewDialog(found, "marshall.xlsx", stage.window))


def only_rows(stage: Stage) -> QWidget:
    """Which rows of a table are imported, by the values of a column."""
    importing(1)(stage)
    wizard = stage.window.imports.wizard
    assert wizard is not None
    wizard.columns.open_filter()
    assert wizard.columns.filter is not None
    stage.settle()
    return wizard.columns.filter


def graph_review(stage: Stage) -> QWidget:
    """What a graph of another program brings."""
    account = Account(
        names=("owners.graphml",),
        format="GraphML",
        read={"nodes": 1240, "edges": 2310},
        added={"company": 1180, "holding": 2304},
        filled=12,
        lines=(
            ("left out", "edge 17", "it ends at a node that the file does not have"),
            ("taken for granted", "1,180 nodes are companies", "no kind is stated"),
        ),
    )
    stage.open_sample()
    return _let_go(stage, GraphReview(account, stage.window.theme, stage.window))


def _let_go(stage: Stage, dialog: QDialog) -> QWidget:
    return shown(stage, dialog)


def _earlier(project: Project) -> Project:
    """The map with one company less known, one renamed and a source more."""
    plant, company = project.of_kind(Plant)[0], project.of_kind(Company)[0]
    renamed = msgspec.structs.replace(plant, name="Marshall cell plant", own_ip=0.2)
    unsaid = msgspec.structs.replace(company, notes="")
    entities = {**project.entities, plant.id: renamed, company.id: unsaid}
    cost = next(link for link in project.links.values() if link.kind == LinkKind.SUPPLIES)
    links = {id: link for id, link in project.links.items() if id != cost.id}
    sources = {**project.sources, "memo": Source(id="memo", title="Memo of March")}
    return msgspec.structs.replace(project, entities=entities, links=links, sources=sources)


# The window -------------------------------------------------------------------------------


def recent_projects(stage: Stage) -> QWidget:
    """The start page with maps worked on before, one of which is gone."""
    stage.settings.remember(Path("/no-such-folder/Glendale.depmap"))
    stage.settings.remember(stage.sample)
    stage.window.refresh_recent()
    stage.settle(4)
    return stage.window


def two_views(stage: Stage) -> QWidget:
    """A map with a second view."""
    stage.open_sample()
    stage.trigger("view.views.new")
    stage.settle()
    return stage.window


def under_way(stage: Stage) -> QWidget:
    """A long job, with how far it is and a way to stop it."""
    stage.open_sample()

    def job(context: Context) -> None:
        # It goes on until the window that is closed cancels it.
        while True:
            time.sleep(0.02)
            context.progress(0.42, "row 4,200 of 10,000")

    stage.window.tasks.start("Importing suppliers.xlsx", job)
    stage.settle(4, until_done=False)
    return stage.window
