"""Pictures of every screen and dialog, to be looked at: in one theme and at one scale a run.

Each row of :data:`SCREENS` opens a window of its own on the sample, brings it into one state and
returns what is to be drawn. Nothing of the person's own settings is read or written.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QEvent, QSettings, Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QMessageBox, QWidget

from depmap_gui.domain.records import Company, Jurisdiction, License, Material, Plant
from depmap_gui.gui.dialogs.about import AboutDialog
from depmap_gui.gui.dialogs.crash import CrashDialog
from depmap_gui.gui.dialogs.faults import FaultsDialog
from depmap_gui.gui.lenses import Lens
from depmap_gui.gui.main_window import MainWindow, Surroundings
from depmap_gui.gui.settings import Settings, ThemeChoice
from depmap_gui.gui.sight import LaneBy
from depmap_gui.gui.theme import Theme, apply_theme, theme_named
from depmap_gui.resources import samples

SIZE = (1600, 1000)
SMALLEST = (720, 480)
SETTLE_S = 0.25
PATIENCE_S = 30.0


class Stage:
    """One window on a sample, and the means to wait for it."""

    def __init__(self, app: QApplication, theme: ThemeChoice, folder: Path) -> None:
        self._app = app
        self.sample = samples()[0]

        def dress(_choice: ThemeChoice) -> Theme:
            worn = theme_named(theme.value)
            apply_theme(app, worn)
            return worn

        store = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
        store.clear()
        self.window = MainWindow(Surroundings(Settings(store), dress, samples()))
        self.window.resize(*SIZE)
        self.window.show()
        self.settle()

    def settle(self, seconds: float | None = None) -> None:
        """Let what is under way in the window happen."""
        deadline = time.monotonic() + (SETTLE_S if seconds is None else seconds)
        while time.monotonic() < deadline:
            self._app.processEvents()
            time.sleep(0.005)

    def open_sample(self) -> None:
        """Open the sample and wait until it is scored and nothing else is running."""
        self.window.open_path(self.sample)
        deadline = time.monotonic() + PATIENCE_S
        while not self.window.editor.is_fresh and time.monotonic() < deadline:
            self.settle(0.02)
        self.window.canvas.fit()
        self.settle()

    def select(self, kind: type) -> None:
        """Select the first item of a kind."""
        project = self.window.editor.project
        found = next(entity.id for entity in project.entities.values() if type(entity) is kind)
        self.window.editor.select((found,))
        self.settle()

    def trigger(self, action: str) -> None:
        """Do what an action of the table does."""
        self.window.actions_table[action].trigger()
        self.settle()

    def asked(self, ask: Callable[[], object]) -> QWidget:
        """The box that a question opens, answered with Esc once it has been drawn."""
        drawn: list[QWidget] = []

        def keep() -> None:
            box = self._app.activeModalWidget()
            if isinstance(box, QMessageBox | QDialog):
                drawn.append(_still(box))
                box.reject()

        QTimer.singleShot(int(SETTLE_S * 1000), keep)
        ask()
        return drawn[0]

    def close(self) -> None:
        """Take the window away without a question."""
        self.window.editor.history.setClean()
        self.window.close()
        self.window.deleteLater()
        # Outside a running event loop Qt leaves this to us; a window left over would be styled on.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


class Screen(NamedTuple):
    """One state of the window or one dialog: its name, and how to bring it about."""

    name: str
    show: Callable[[Stage], QWidget]


def draw_screens(folder: Path, theme: ThemeChoice, scale: float) -> list[Path]:
    """Draw every screen into the folder; returns the files. Needs no display.

    The scale must be set before there is an application, so it is one a run.
    """
    os.environ["QT_SCALE_FACTOR"] = str(scale)
    from depmap_gui.gui.offscreen import application

    app = application()
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    with tempfile.TemporaryDirectory() as own:
        for number, screen in enumerate(SCREENS, start=1):
            stage = Stage(app, theme, Path(own))
            try:
                name = f"{number:02d}-{screen.name}-{theme}-{scale * 100:.0f}.png"
                screen.show(stage).grab().save(str(folder / name))
                made.append(folder / name)
            finally:
                stage.close()
    return made


def _still(box: QWidget) -> QWidget:
    """The picture of a box that is about to close, as a widget that can be grabbed."""
    from PySide6.QtWidgets import QLabel

    picture = QLabel()
    picture.setPixmap(box.grab())
    return picture


# The states ------------------------------------------------------------------------------------


def _start_page(stage: Stage) -> QWidget:
    stage.settle(4 * SETTLE_S)
    return stage.window


def _empty_map(stage: Stage) -> QWidget:
    stage.trigger("file.new")
    return stage.window


def _guide(stage: Stage) -> QWidget:
    stage.trigger("help.guide")
    return stage.window


def _nothing_selected(stage: Stage) -> QWidget:
    stage.open_sample()
    return stage.window


def _selected(kind: type, page: str) -> Callable[[Stage], QWidget]:
    def show(stage: Stage) -> QWidget:
        stage.open_sample()
        stage.select(kind)
        tabs = stage.window.workspace.details
        titles = [tabs.tabText(number) for number in range(tabs.count())]
        tabs.setCurrentIndex(titles.index(page))
        stage.settle()
        return stage.window

    return show


def _link_selected(stage: Stage) -> QWidget:
    stage.open_sample()
    project = stage.window.editor.project
    link = next(link.id for link in project.links.values() if link.kind == "supplies")
    stage.window.editor.select((link,))
    stage.window.workspace.show_page(stage.window.inspector)
    stage.settle()
    return stage.window


def _several_selected(stage: Stage) -> QWidget:
    stage.open_sample()
    stage.trigger("edit.select_all")
    stage.window.workspace.show_page(stage.window.inspector)
    stage.settle()
    return stage.window


def _bottom(page: str) -> Callable[[Stage], QWidget]:
    def show(stage: Stage) -> QWidget:
        stage.open_sample()
        tabs = stage.window.workspace.bottom
        titles = [tabs.tabText(number).split()[0] for number in range(tabs.count())]
        tabs.setCurrentIndex(titles.index(page))
        stage.settle()
        return stage.window

    return show


def _uncertainty(title: str = "", *, is_sampled: bool = False) -> Callable[[Stage], QWidget]:
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
            stage.settle(0.02)
        if is_sampled:
            panel.run_samples()
            while not panel.drawn.is_fresh and time.monotonic() < deadline:
                stage.settle(0.02)
        stage.settle()
        return stage.window

    return show


def _shock(stage: Stage) -> QWidget:
    stage.open_sample()
    project = stage.window.editor.project
    china = next(each.id for each in project.of_kind(Jurisdiction) if each.code == "CN")
    stage.window.editor.select((china,))
    stage.trigger("analyze.switch_off")
    stage.settle(4 * SETTLE_S)
    return stage.window


def _trace(stage: Stage) -> QWidget:
    stage.open_sample()
    stage.select(Plant)
    stage.trigger("view.trace.upstream")
    stage.trigger("view.trace.depth.1")
    return stage.window


def _minimap(stage: Stage) -> QWidget:
    stage.open_sample()
    stage.window.canvas.actual_size()
    stage.settle(2 * SETTLE_S)
    return stage.window


def _lanes(by: LaneBy) -> Callable[[Stage], QWidget]:
    def show(stage: Stage) -> QWidget:
        stage.open_sample()
        stage.trigger(f"arrange.{by}")
        stage.settle(4 * SETTLE_S)
        stage.trigger(f"view.lanes.{by}")
        stage.trigger("view.fit")
        stage.settle(2 * SETTLE_S)
        return stage.window

    return show


def _through(lens: Lens) -> Callable[[Stage], QWidget]:
    def show(stage: Stage) -> QWidget:
        stage.open_sample()
        stage.trigger(f"view.lens.{lens}")
        return stage.window

    return show


def _palette(stage: Stage) -> QWidget:
    stage.open_sample()
    stage.trigger("help.palette")
    return _top_dialog(stage)


def _dialog(action: str) -> Callable[[Stage], QWidget]:
    def show(stage: Stage) -> QWidget:
        stage.open_sample()
        stage.trigger(action)
        return _top_dialog(stage)

    return show


def _name_matches(stage: Stage) -> QWidget:
    """A company whose name is nearly that of a listed one is offered."""
    stage.open_sample()
    editor = stage.window.editor
    maker = Company(id="maker", name="Gotion High tech Co.")
    editor.add(maker, (0.0, 400.0))
    stage.settle(4 * SETTLE_S)
    stage.trigger("rules.name_matches")
    return _top_dialog(stage)


def _arranged(how: str) -> Callable[[Stage], QWidget]:
    def show(stage: Stage) -> QWidget:
        stage.open_sample()
        stage.trigger(f"arrange.{how}")
        stage.settle(6 * SETTLE_S)
        return stage.window

    return show


def _top_dialog(stage: Stage) -> QWidget:
    stage.settle()
    shown = [
        each for each in stage.window.findChildren(QDialog) if each.isVisible() and each.isWindow()
    ]
    return shown[-1]


def _about(stage: Stage) -> QWidget:
    return _shown(stage, AboutDialog(stage.window.theme, stage.window))


def _crash(stage: Stage) -> QWidget:
    details = "Traceback (most recent call last):\n  ...\nValueError: an example"
    kept = "The map is still open, and all of it is saved."
    return _shown(stage, CrashDialog(details, Path("depmap.log"), kept, stage.window))


def _faults(stage: Stage) -> QWidget:
    faults = [
        ("Line 12", "The link 'l7' ends at 'works', which is no item of the map."),
        ("Line 31", "A share lies in 0 to 1; 'l9' has 1.4."),
    ]
    return _shown(stage, FaultsDialog(Path("plant.depmap"), faults, stage.window))


def _shown(stage: Stage, dialog: QDialog) -> QWidget:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.show()
    stage.settle()
    return dialog


def _unsaved(stage: Stage) -> QWidget:
    return stage.asked(lambda: stage.window.questions.unsaved("Marshall"))


def _confirm(stage: Stage) -> QWidget:
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


def _import(step: int, tab: int = 0) -> Callable[[Stage], QWidget]:
    """The import wizard on a small table, at one of its steps."""

    def show(stage: Stage) -> QWidget:
        stage.open_sample()
        stage.window.imports.import_text(_TABLE)
        wizard = stage.window.imports.wizard
        assert wizard is not None
        deadline = time.monotonic() + PATIENCE_S
        for _ in range(step + 1):
            while wizard.is_busy and time.monotonic() < deadline:
                stage.settle(0.02)
            if wizard.step < step:
                wizard.next.click()
        while wizard.is_busy and time.monotonic() < deadline:
            stage.settle(0.02)
        wizard.review.tabs.setCurrentIndex(tab)
        wizard.resize(1240, 780)
        stage.settle()
        return wizard

    return show


def _small_window(stage: Stage) -> QWidget:
    stage.open_sample()
    stage.window.resize(*SMALLEST)
    stage.select(Plant)
    return stage.window


def _menu(title: str) -> Callable[[Stage], QWidget]:
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


# fmt: off
SCREENS: tuple[Screen, ...] = (
    Screen("start-page", _start_page),
    Screen("empty-map", _empty_map),
    Screen("guide", _guide),
    Screen("map", _nothing_selected),
    Screen("plant-scores", _selected(Plant, "Scores")),
    Screen("plant-why", _selected(Plant, "Why?")),
    Screen("uncertainty", _uncertainty()),
    Screen("uncertainty-sampled", _uncertainty(is_sampled=True)),
    Screen("plant-properties", _selected(Plant, "Properties")),
    Screen("plant-links", _selected(Plant, "Links")),
    Screen("plant-sources", _selected(Plant, "Sources")),
    Screen("company-scores", _selected(Company, "Scores")),
    Screen("company-properties", _selected(Company, "Properties")),
    Screen("license-scores", _selected(License, "Scores")),
    Screen("license-properties", _selected(License, "Properties")),
    Screen("material-properties", _selected(Material, "Properties")),
    Screen("jurisdiction-scores", _selected(Jurisdiction, "Scores")),
    Screen("link-properties", _link_selected),
    Screen("several-properties", _several_selected),
    Screen("tables", _bottom("Tables")),
    Screen("problems", _bottom("Problems")),
    Screen("history", _bottom("History")),
    Screen("years", _bottom("Years")),
    Screen("arranged-by-tier", _arranged("tier")),
    Screen("arranged-by-jurisdiction", _arranged("jurisdiction")),
    Screen("rules-browser", _dialog("rules.browse")),
    Screen("name-matches", _name_matches),
    Screen("shock", _shock),
    Screen("trace", _trace),
    Screen("minimap", _minimap),
    Screen("lanes-tier", _lanes(LaneBy.TIER)),
    Screen("lanes-jurisdiction", _lanes(LaneBy.JURISDICTION)),
    *(Screen(f"lens-{lens}", _through(lens)) for lens in Lens),
    Screen("command-palette", _palette),
    Screen("shortcuts", _dialog("help.shortcuts")),
    Screen("about", _about),
    Screen("crash", _crash),
    Screen("faults", _faults),
    Screen("unsaved-changes", _unsaved),
    Screen("confirm", _confirm),
    Screen("import-sheets", _import(0)),
    Screen("import-columns", _import(1)),
    Screen("import-review", _import(2)),
    Screen("import-problems", _import(2, 1)),
    Screen("import-alike", _import(2, 2)),
    Screen("smallest-window", _small_window),
    Screen("menu-file", _menu("File")),
    Screen("menu-view", _menu("View")),
    Screen("menu-arrange", _menu("Arrange")),
    Screen("menu-analyze", _menu("Analyze")),
    Screen("menu-rules", _menu("Rules")),
)
# fmt: on
