"""The states of the window and the dialogs that are drawn, each with how it is brought about."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QMenu, QWidget

from depmap_gui.domain.edits import Batch
from depmap_gui.domain.kinds import LinkKind
from depmap_gui.domain.records import Company, Jurisdiction, Plant
from depmap_gui.domain.views import Frame, Note, Tint
from depmap_gui.gui.box_edits import with_bends, with_boxes
from depmap_gui.gui.dialogs.about import AboutDialog
from depmap_gui.gui.dialogs.crash import CrashDialog
from depmap_gui.gui.dialogs.faults import FaultsDialog
from depmap_gui.gui.dialogs.sizes import grown_with
from depmap_gui.gui.lenses import Lens
from depmap_gui.gui.screen_stage import PATIENCE_S, Stage
from depmap_gui.gui.sight import LaneBy

SMALLEST = (720, 480)
State = Callable[[Stage], QWidget]
"""Brings a window into one state; gives what is to be drawn."""


def start_page(stage: Stage) -> QWidget:
    last = time.monotonic() + PATIENCE_S
    while not stage.window.previews.is_done and time.monotonic() < last:
        stage.settle(0.5)
    stage.settle()
    return stage.window


def empty_map(stage: Stage) -> QWidget:
    stage.trigger("file.new")
    return stage.window


def guide(stage: Stage) -> QWidget:
    stage.trigger("help.guide")
    return stage.window


def nothing_selected(stage: Stage) -> QWidget:
    stage.open_sample()
    return stage.window


def selected(kind: type, page: str) -> State:
    def show(stage: Stage) -> QWidget:
        stage.open_sample()
        stage.select(kind)
        tabs = stage.window.workspace.details
        titles = [tabs.tabText(number) for number in range(tabs.count())]
        tabs.setCurrentIndex(titles.index(page))
        stage.settle()
        return stage.window

    return show


def several_selected(stage: Stage) -> QWidget:
    stage.open_sample()
    stage.trigger("edit.select_all")
    stage.window.workspace.show_page(stage.window.inspector)
    stage.settle()
    return stage.window


def bottom(page: str) -> State:
    def show(stage: Stage) -> QWidget:
        stage.open_sample()
        tabs = stage.window.workspace.bottom
        titles = [tabs.tabText(number).split()[0] for number in range(tabs.count())]
        tabs.setCurrentIndex(titles.index(page))
        stage.settle()
        return stage.window

    return show


def uncertainty(title: str = "", *, is_sampled: bool = False) -> State:
    """The plant's uncertainty; of the question whose title ends so, else of the first."""

    def show(stage: Stage) -> QWidget:
        stage.open_sample()
        stage.select(Plant)
        stage.trigger("analyze.uncertainty")
        panel = stage.window.uncertainty
        titles = [panel.question.itemText(at) for at in range(panel.question.count())]
        at = next((at for at, each in enumerate(titles) if each.endswith(title)), -1)
        if title and at >= 0:
            panel.question.setCurrentIndex(at)
            panel.question.activated.emit(at)
        deadline = time.monotonic() + PATIENCE_S
        while not panel.facts.is_fresh and time.monotonic() < deadline:
            stage.settle(0.1)
        if is_sampled:
            panel.run_samples()
            while not panel.drawn.is_fresh and time.monotonic() < deadline:
                stage.settle(0.1)
        stage.settle()
        return stage.window

    return show


def shock(stage: Stage) -> QWidget:
    stage.open_sample()
    project = stage.window.editor.project
    china = next(each.id for each in project.of_kind(Jurisdiction) if each.code == "CN")
    stage.window.editor.select((china,))
    stage.trigger("analyze.switch_off")
    stage.settle(times=4)
    return stage.window


def trace(stage: Stage) -> QWidget:
    stage.open_sample()
    stage.select(Plant)
    stage.trigger("view.trace.upstream")
    stage.trigger("view.trace.depth.1")
    return stage.window


def minimap(stage: Stage) -> QWidget:
    stage.open_sample()
    stage.window.canvas.actual_size()
    stage.settle(times=2)
    return stage.window


def lanes(by: LaneBy) -> State:
    def show(stage: Stage) -> QWidget:
        stage.open_sample()
        stage.trigger(f"arrange.{by}")
        stage.settle(times=4)
        stage.trigger(f"view.lanes.{by}")
        stage.trigger("view.fit")
        stage.settle(times=2)
        return stage.window

    return show


def annotated(stage: Stage) -> QWidget:
    """The map with a frame around the jurisdictions, a note and a link that bends."""
    stage.open_sample()
    editor = stage.window.editor
    project, places = editor.project, editor.view.positions
    plant = places[project.of_kind(Plant)[0].id]
    stand = [places[each.id] for each in project.of_kind(Jurisdiction)]
    left, top = min(x for x, _ in stand) - 160, min(y for _, y in stand) - 110
    size = (320.0, max(y for _, y in stand) - top + 80)
    frame = Frame(id="frame", title="Whose law", rect=(left, top, *size), tint=Tint.BLUE)
    note = Note(
        id="note",
        text="Candidates are not bought from yet; to be settled before the audit.",
        rect=(plant[0] - 20, plant[1] + 160, 240, 100),
    )
    edits = with_boxes(editor.view, (frame, note))
    last = [each for each in project.links.values() if each.kind == LinkKind.SUPPLIES][-1]
    corner = ((plant[0] - 60, places[last.source][1] + 40),)
    editor.apply(Batch("Frame, note and bend", tuple(edits)))
    editor.apply(Batch("Bend", tuple(with_bends(editor.view, {last.id: corner}))))
    stage.window.canvas.fit()
    stage.settle(times=2)
    return stage.window


def through(lens: Lens) -> State:
    def show(stage: Stage) -> QWidget:
        stage.open_sample()
        stage.trigger(f"view.lens.{lens}")
        return stage.window

    return show


def palette(stage: Stage) -> QWidget:
    stage.open_sample()
    stage.trigger("help.palette")
    return top_dialog(stage)


def dialog(action: str) -> State:
    def show(stage: Stage) -> QWidget:
        stage.open_sample()
        stage.trigger(action)
        return top_dialog(stage)

    return show


def name_matches(stage: Stage) -> QWidget:
    """A company whose name is nearly that of a listed one is offered."""
    stage.open_sample()
    editor = stage.window.editor
    maker = Company(id="maker", name="Gotion High tech Co.")
    editor.add(maker, (0.0, 400.0))
    stage.settle(times=4)
    stage.trigger("rules.name_matches")
    return top_dialog(stage)


def arranged(how: str) -> State:
    def show(stage: Stage) -> QWidget:
        stage.open_sample()
        stage.trigger(f"arrange.{how}")
        stage.settle(times=6)
        return stage.window

    return show


def top_dialog(stage: Stage) -> QWidget:
    stage.settle()
    shown = [
        each for each in stage.window.findChildren(QDialog) if each.isVisible() and each.isWindow()
    ]
    return shown[-1]


def about(stage: Stage) -> QWidget:
    return shown(stage, AboutDialog(stage.window.theme, stage.window))


def crash(stage: Stage) -> QWidget:
    details = "Traceback (most recent call last):\n  ...\nValueError: an example"
    kept = "The map is still open, and all of it is saved."
    return shown(stage, CrashDialog(details, Path("depmap.log"), kept, stage.window))


def faults(stage: Stage) -> QWidget:
    faults = [
        ("Line 12", "The link 'l7' ends at 'works', which is no item of the map."),
        ("Line 31", "A share lies in 0 to 1; 'l9' has 1.4."),
    ]
    return shown(stage, FaultsDialog(Path("plant.depmap"), faults, stage.window))


def shown(stage: Stage, dialog: QDialog) -> QWidget:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.show()
    stage.settle()
    return dialog


def unsaved(stage: Stage) -> QWidget:
    return stage.asked(lambda: stage.window.questions.unsaved("Marshall"))


def confirm(stage: Stage) -> QWidget:
    asked = "Reset theme, panels and window to how they came? Maps stay as they are."
    return stage.asked(lambda: stage.window.questions.confirm("Reset settings", asked, "&Reset"))


_TABLE = """Suppliers of the cell plant, as of May 2025
Supplier\tCountry\tBuyer\tItem\tCost (USD)\tCertified %
Haida Foil\tChina\tMarshall\tCopper foil\t41,500,000\t0.31
Nordgraf AB\tSweden\tMarshall\tAnode graphite\t28,000,000\t0.24
Nordgraf A.B. Group\tSweden\tMarshall\tBinder\t1,900,000\t0.02
Kodama\tJapan\tMarshall\tSeparator\t17,250,000\t0.16
Lost Lids\tAtlantis\tMarshall\tCan and lid\tto be told\t
Total\t\t\t\t88,650,000\t
"""
"""Cells as a person copies them from a spreadsheet."""


def importing(step: int, tab: int = 0) -> State:
    """The import wizard on a small table, at one of its steps."""

    def show(stage: Stage) -> QWidget:
        stage.open_sample()
        stage.window.imports.import_text(_TABLE)
        wizard = stage.window.imports.wizard
        assert wizard is not None
        deadline = time.monotonic() + PATIENCE_S
        for _ in range(step + 1):
            while wizard.is_busy and time.monotonic() < deadline:
                stage.settle(0.1)
            if wizard.step < step:
                wizard.next.click()
        while wizard.is_busy and time.monotonic() < deadline:
            stage.settle(0.1)
        wizard.review.tabs.setCurrentIndex(tab)
        wizard.resize(grown_with(wizard, 1240), grown_with(wizard, 780))
        stage.settle()
        return wizard

    return show


def small_window(stage: Stage) -> QWidget:
    stage.open_sample()
    stage.window.resize(*SMALLEST)
    stage.select(Plant)
    return stage.window


def menu(title: str) -> State:
    def show(stage: Stage) -> QWidget:
        stage.open_sample()
        stage.select(Plant)
        bar = stage.window.menuBar()
        action = next(each for each in bar.actions() if each.text().replace("&", "") == title)
        menu = next(each for each in bar.findChildren(QMenu) if each.menuAction() is action)
        menu.show()
        stage.settle()
        return menu

    return show
