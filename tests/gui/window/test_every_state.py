"""Every action of the table in every state of the window: no fault, no half change, no surprise.

A state is brought about once, and again only where an action has left it. After each action the
map is either as it was, with no step more in the history, or it is one step further, and undoing
that step gives back the same bytes. An action that is not enabled does nothing by its keys either.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu
from pytestqt.qtbot import QtBot
from window_parts import answers, small_project, wait_scored

from depmap_gui.analysis.reach import Direction
from depmap_gui.domain.edits import Batch, SetField
from depmap_gui.domain.kinds import EntityKind, Section
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Scenario, ScenarioChange
from depmap_gui.gui.action_specs import ActionSpec, Need, Scope
from depmap_gui.gui.actions import ACTIONS
from depmap_gui.gui.canvas.acts import RubberBand
from depmap_gui.gui.dialogs.questions import Unsaved
from depmap_gui.gui.main_window import MainWindow
from depmap_gui.project.file import project_bytes
from depmap_gui.session.session import Session

# The offscreen platform says so of every dialog and popup; a real one supports them.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

LEAVES_THE_MAP = frozenset({"file.new", "file.open", "file.close"})
STEPS_OF_HISTORY = frozenset({"edit.undo", "edit.redo"})
ENDS_THE_PROGRAM = "file.quit"


@dataclass
class Bench:
    """A window on which states are brought about and actions are tried."""

    window: MainWindow
    qtbot: QtBot
    saved: Path
    folder: Path
    job_may_end: threading.Event = field(default_factory=threading.Event)

    def fresh(self, path: Path | None) -> None:
        """The map of that file (a new one for None) as opened, with nothing under way."""
        window, editor = self.window, self.window.editor
        self.end_all()
        answers(window).on_unsaved = Unsaved.DISCARD
        if path is None:
            window.actions_table["file.new"].trigger()
        elif not window.files.is_open or editor.session.path != path:
            window.open_path(path)
        editor.history.setIndex(0)
        editor.set_scenario(None)
        editor.show_view(next(iter(editor.project.views), ""))
        editor.shocks.end()
        editor.sight.forget()
        window.canvas.start_selecting()
        editor.select(())
        if editor.assessment is None:
            wait_scored(window, self.qtbot)

    def put_back(self, reached: tuple[object, ...]) -> None:
        """Bring back by small means what a state had, where that is enough."""
        editor = self.window.editor
        if self.window.files.is_open and id(editor.session) == reached[1]:
            editor.history.setIndex(reached[2])
            editor.show_view(reached[4])
            editor.select(reached[3])

    def end_all(self) -> None:
        """Close what is open over the window, and wait for the jobs."""
        self.window.canvas.close_editor()
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, QDialog | QMenu) and widget.isVisible():
                widget.close()
        self.job_may_end.set()
        self.qtbot.waitUntil(lambda: not self.window.tasks.is_busy, timeout=60_000)
        self.job_may_end.clear()

    def start_job(self) -> None:
        """A job that goes on until it is let end, or canceled."""

        def job(context: object) -> None:
            while not self.job_may_end.wait(0.005):
                context.progress(0.5, "Working")

        self.window.tasks.start("A long job", job)

    def signature(self) -> tuple[object, ...]:
        """What makes the state: where it differs the state must be brought about anew."""
        window, editor, canvas = self.window, self.window.editor, self.window.canvas
        shock = editor.shock
        return (
            window.files.is_open,
            id(editor.session),
            editor.history.index(),
            editor.selection,
            editor.view.id,
            canvas.mode,
            type(canvas.act),
            type(canvas.open_editor),
            editor.sight.trace,
            shock.outages if shock is not None else (),
            editor.session.scenario,
            window.tasks.is_busy,
            window.compare.shown is not None and window.compare.shown.isVisible(),
            QApplication.activeModalWidget() is not None,
        )


Bring = Callable[[Bench], None]


def selecting(*ids: str) -> Bring:
    """A state in which these are selected."""

    def bring(bench: Bench) -> None:
        bench.fresh(bench.saved)
        bench.window.editor.select(ids)

    return bring


def nothing_open(bench: Bench) -> None:
    bench.end_all()
    answers(bench.window).on_unsaved = Unsaved.DISCARD
    if bench.window.files.is_open:
        bench.window.actions_table["file.close"].trigger()


def everything_selected(bench: Bench) -> None:
    bench.fresh(bench.saved)
    bench.window.actions_table["edit.select_all"].trigger()


def scenario_chosen(bench: Bench) -> None:
    bench.fresh(bench.saved)
    bench.window.editor.set_scenario("s1")
    bench.window.editor.select(("works",))


def year_changed(bench: Bench) -> None:
    bench.fresh(bench.saved)
    bench.window.actions_table["analyze.year.2030"].trigger()
    bench.window.editor.select(("cellco",))


def tracing(bench: Bench) -> None:
    bench.fresh(bench.saved)
    bench.window.editor.select(("works",))
    bench.window.editor.sight.start_trace(("works",), Direction.UPSTREAM)


def in_a_shock(bench: Bench) -> None:
    bench.fresh(bench.saved)
    bench.window.editor.select(("cn",))
    bench.window.editor.switch_off(("cn",))
    bench.qtbot.waitUntil(lambda: not bench.window.tasks.is_busy, timeout=60_000)


def comparing(bench: Bench) -> None:
    bench.fresh(bench.saved)
    bench.window.compare.compare_path(bench.folder / "other.depmap")
    bench.qtbot.waitUntil(lambda: bench.window.compare.shown is not None, timeout=60_000)
    bench.qtbot.waitUntil(lambda: not bench.window.tasks.is_busy, timeout=60_000)


def in_a_collapsed_group(bench: Bench) -> None:
    bench.fresh(bench.saved)
    bench.window.editor.select(("powder", "anode", "maker"))
    for id in ("arrange.group", "arrange.collapse"):
        bench.window.actions_table[id].trigger()
        bench.window.canvas.close_editor()


def on_a_second_view(bench: Bench) -> None:
    bench.fresh(bench.saved)
    bench.window.actions_table["view.views.new"].trigger()
    bench.window.editor.select(("works", "l9"))
    bench.window.actions_table["view.hide"].trigger()
    bench.window.editor.select(("powder",))


def job_running(bench: Bench) -> None:
    bench.fresh(bench.saved)
    bench.window.editor.select(("works", "cellco"))
    bench.start_job()


def still_scoring(bench: Bench) -> None:
    bench.fresh(bench.saved)
    bench.window.editor.select(("works",))
    bench.window.editor.score_now()


def typing_a_name(bench: Bench) -> None:
    bench.fresh(bench.saved)
    bench.window.editor.select(("works",))
    bench.window.actions_table["edit.rename"].trigger()


def typing_a_new_item(bench: Bench) -> None:
    bench.fresh(bench.saved)
    bench.window.canvas.open_new_item(QPointF(40, 40))


def choosing_the_other_end(bench: Bench) -> None:
    bench.fresh(bench.saved)
    bench.window.editor.select(("works",))
    bench.window.actions_table["insert.connect"].trigger()


def connecting(bench: Bench) -> None:
    bench.fresh(bench.saved)
    bench.window.actions_table["insert.connect"].trigger()


def placing(bench: Bench) -> None:
    bench.fresh(bench.saved)
    bench.window.canvas.start_placing(EntityKind.PLANT)


def in_the_middle_of_a_drag(bench: Bench) -> None:
    bench.fresh(bench.saved)
    canvas = bench.window.canvas
    canvas.begin(RubberBand(canvas, adds=False), QPointF(5, 5))
    canvas.act.move(QPointF(40, 40))


def file_cannot_be_written(bench: Bench) -> None:
    folder = bench.folder / "gone"
    if not (bench.window.files.is_open and bench.window.editor.session.path == folder / "a.depmap"):
        folder.mkdir(exist_ok=True)
        shutil.copy(bench.saved, folder / "a.depmap")
    bench.fresh(folder / "a.depmap")
    shutil.rmtree(folder, ignore_errors=True)
    bench.window.editor.apply(SetField(Section.ENTITIES, "works", "name", "Changed"), "Rename")


def dialog_open(bench: Bench) -> None:
    bench.fresh(bench.saved)
    bench.window.editor.select(("works",))
    bench.window.actions_table["help.shortcuts"].trigger()


def undone(bench: Bench) -> None:
    bench.fresh(bench.saved)
    bench.window.editor.apply(SetField(Section.ENTITIES, "works", "name", "Changed"), "Rename")
    bench.window.actions_table["edit.undo"].trigger()


STATES: dict[str, Bring] = {
    "nothing open": nothing_open,
    "empty map": lambda bench: bench.fresh(None),
    "nothing selected": selecting(),
    "a plant selected": selecting("works"),
    "a company selected": selecting("cellco"),
    "a license selected": selecting("deal"),
    "a material selected": selecting("anode"),
    "a jurisdiction selected": selecting("cn"),
    "a link selected": selecting("l9"),
    "a mixed selection": selecting("works", "cellco", "deal", "l7", "us"),
    "everything selected": everything_selected,
    "a scenario chosen": scenario_chosen,
    "the year changed": year_changed,
    "a trace on": tracing,
    "a shock on": in_a_shock,
    "a comparison open": comparing,
    "a collapsed group selected": in_a_collapsed_group,
    "a second view": on_a_second_view,
    "a job running": job_running,
    "still scoring": still_scoring,
    "a name being typed": typing_a_name,
    "a new item being typed": typing_a_new_item,
    "the other end being chosen": choosing_the_other_end,
    "connecting": connecting,
    "placing": placing,
    "in the middle of a drag": in_the_middle_of_a_drag,
    "a file that cannot be written": file_cannot_be_written,
    "a dialog open": dialog_open,
    "a step undone": undone,
}
AT_ONCE = 5
"""States that are tried in one window, one after another: making a window takes long."""
ROUNDS = [tuple(STATES)[at : at + AT_ONCE] for at in range(0, len(STATES), AT_ONCE)]
SLOW = frozenset(
    {"view.theme.system", "view.theme.light", "view.theme.dark", "help.reset_settings"}
    | {"file.export_workbook", "file.export_picture"}
)
"""What takes long and goes by little: tried in some of the states only."""
FAMILIES = (
    "view.color.", "analyze.year.", "analyze.basis.", "view.lens.", "view.lanes.",
    "view.trace.depth.", "arrange.align.", "arrange.selection.", "insert.",
)  # fmt: skip
"""Actions that differ by one value: all are tried in some states, one of them in each other."""
SLOW_IN = frozenset({"nothing open", "a mixed selection", "a job running", "a name being typed"})


@pytest.fixture
def project() -> Project:
    """The small map, with a scenario."""
    lower = ScenarioChange(set="l7", field="share", value=0.2)
    less = Scenario(id="s1", name="Less", changes=(lower,))
    return msgspec.structs.replace(small_project(), scenarios={"s1": less})


@pytest.fixture
def bench(window: MainWindow, qtbot: QtBot, saved: Path, tmp_path: Path) -> Bench:
    """A window to try actions on; the answers to its questions lie ready."""
    other = Session.open(saved)
    other.document.apply(
        Batch("Other", (SetField(Section.ENTITIES, "works", "name", "Other works"),))
    )
    other.save_as(tmp_path / "other.depmap")
    window.canvas.animates = False
    window.resize(1000, 700)
    return Bench(window, qtbot, saved, tmp_path)


@pytest.mark.parametrize("states", ROUNDS, ids=lambda states: f"from {states[0]}")
def test_every_action_in_every_state(bench: Bench, states: Sequence[str]) -> None:
    for state in states:
        try:
            try_state(bench, state)
        except AssertionError as fault:
            fault.add_note(f"in the state: {state}")
            raise


def try_state(bench: Bench, state: str) -> None:
    """Try the actions in one state, the window as it was left by the one before."""
    window, table = bench.window, bench.window.actions_table
    number = list(STATES).index(state)
    show_pages(window, number)
    STATES[state](bench)
    answers(window).told.clear()
    reached = bench.signature()
    for spec in tried(state, number):
        bench.put_back(reached)
        if bench.signature() != reached:
            STATES[state](bench)
            reached = bench.signature()
        lay_answers(bench, spec.id)
        if table[spec.id].isEnabled():
            try_out(bench, spec.id)
        else:
            assert not spec.needs <= {Need.PROJECT} or not window.files.is_open, spec.id
            before = stand(window)
            table[spec.id].trigger()
            press(bench, spec.keys if spec.scope is Scope.MAP else ())
            assert stand(window) == before, f"{spec.id} is disabled, and yet it did something"
    bench.end_all()
    told = [words for words in answers(window).told if "was not saved" not in words]
    assert told == []
    assert bool(answers(window).told) is (state == "a file that cannot be written")


def tried(state: str, number: int) -> list[ActionSpec]:
    """The actions that are tried in a state: all but the program's end, and few that are alike."""
    every = [spec for spec in ACTIONS if spec.id != ENDS_THE_PROGRAM]
    if state in SLOW_IN:
        return every
    left_out = set(SLOW)
    for family in FAMILIES:
        alike = [spec.id for spec in every if spec.id.startswith(family)]
        left_out |= {*alike} - {alike[number % len(alike)]}
    return [spec for spec in every if spec.id not in left_out]


def show_pages(window: MainWindow, number: int) -> None:
    """Show other pages of the panels in each state: what is seen takes part in what happens."""
    for tabs in (window.workspace.details, window.workspace.bottom):
        tabs.setCurrentIndex(number % tabs.count())


def stand(window: MainWindow) -> tuple[bytes, int, int]:
    """The map as its file would be, and how far its history goes and stands."""
    history = window.editor.history
    return project_bytes(window.editor.base), history.index(), history.count()


def press(bench: Bench, keys: tuple[str, ...]) -> None:
    """Press an action's keys on the map, past the action that would hear them."""
    for key in keys:
        stroke = QKeySequence(key)[0]
        canvas = bench.window.canvas
        if canvas.open_editor is None:
            QTest.keyClick(canvas, stroke.key(), stroke.keyboardModifiers())


def lay_answers(bench: Bench, id: str) -> None:
    written = {
        "file.export_workbook": ".xlsx",
        "file.export_picture": ".svg",
        "file.export_format": ".graphml",
    }
    laid = answers(bench.window)
    laid.on_unsaved = Unsaved.DISCARD
    laid.open_path = bench.saved
    laid.save_path = bench.folder / f"out{written.get(id, '.depmap')}"


def try_out(bench: Bench, id: str) -> None:
    """Trigger an enabled action; the map is as it was, or one whole step further."""
    window, history = bench.window, bench.window.editor.history
    session, before = window.editor.session, stand(window)
    window.actions_table[id].trigger()
    QApplication.processEvents()
    bench.end_all()
    after = stand(window)
    if window.editor.session is not session or id in STEPS_OF_HISTORY:
        assert id in LEAVES_THE_MAP | STEPS_OF_HISTORY | {"file.import", "help.guide"}
        return
    if after[0] == before[0]:
        assert after[1:] == before[1:], f"{id} made a step of the history that changes nothing"
        return
    assert after[1] == before[1] + 1, f"{id} changed the map, and not as one step"
    assert after[2] == after[1]
    assert history.undoText(), f"{id} made a step without words"
    history.undo()
    assert stand(window)[0] == before[0], f"undoing {id} does not give back what was"
