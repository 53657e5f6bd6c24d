"""Three hundred things done by lot, undone to the same bytes, made again to the same bytes.

A failure names the seed and the last acts; the same seed does the same things again.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot
from random_acts import RestlessPerson
from window_parts import small_project, wait_scored

from depmap_gui.domain.records import Scenario
from depmap_gui.gui.main_window import MainWindow
from depmap_gui.project.file import project_bytes, read_project
from depmap_gui.project.journal import recover
from depmap_gui.session.session import Session
from depmap_gui.session.viewports import looked_at

# The offscreen platform says so of every dialog and popup; a real one supports them.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
ACTS = 300
SEEDS = ((1, False), (2, True))
"""What is drawn, and whether it is done in a scenario."""


@pytest.mark.parametrize(("seed", "in_scenario"), SEEDS)
def test_all_that_was_done_is_undone_and_made_again(
    open_map: MainWindow, qtbot: QtBot, tmp_path: Path, saved: Path, seed: int, in_scenario: bool
) -> None:
    if in_scenario:
        begin_in_a_scenario(open_map, saved)
        wait_scored(open_map, qtbot)
    window, editor, history = open_map, open_map.editor, open_map.editor.history
    window.canvas.animates = False
    window.resize(1000, 700)
    person = RestlessPerson(window, qtbot, seed, tmp_path)
    stood = [project_bytes(editor.base)]
    """What the map was at each step of the history."""
    done: list[str] = []
    for number in range(1, ACTS + 1):
        person.act()
        done.append(f"{number}: {person.last} -> {history.undoText()}")
        latest = f"seed {seed}, " + "\n".join(done[-6:])
        now = project_bytes(editor.base)
        grown = history.index() - (len(stood) - 1)
        # What is put on the map and then named in one go makes two steps.
        assert grown in (0, 1, 2), f"{grown} steps of the history at once: {latest}"
        for step in range(len(stood), len(stood) + grown):
            history.setIndex(step)
            reached = project_bytes(editor.base)
            assert reached != stood[-1], f"a step without a change: {latest}"
            stood.append(reached)
        assert stood[-1] == now, f"a change without a step: {latest}"
        if number % 10 == 0:
            go_through(window, stood, range(len(stood) - 1, max(-1, len(stood) - 12), -1), latest)
            history.setIndex(len(stood) - 1)

    assert len(stood) > ACTS // 5
    (journal,) = (tmp_path / "recovery").glob("*.journal")
    assert project_bytes(recover(journal).project) == stood[-1], "a crash now would lose something"
    editor.save_as(tmp_path / "after.depmap")
    go_through(window, stood, range(len(stood) - 1, -1, -1), f"seed {seed}, backward")
    editor.save_as(saved)
    assert in_file(saved) == stood[0]
    go_through(window, stood, range(len(stood)), f"seed {seed}, forward")
    assert in_file(tmp_path / "after.depmap") == stood[-1]
    go_through(window, stood, range(len(stood) - 1, -1, -1), f"seed {seed}, backward again")


def begin_in_a_scenario(window: MainWindow, saved: Path) -> None:
    """The same map with an empty scenario, which is edited from the start."""
    asked = Scenario(id="asked", name="Asked")
    Session(replace(small_project(), scenarios={"asked": asked})).save_as(saved)
    assert window.open_path(saved)
    window.editor.set_scenario("asked")


def in_file(path: Path) -> bytes:
    """What a file states, but for where its views were looked at, which is no change."""
    project = read_project(path)
    return project_bytes(looked_at(project, dict.fromkeys(project.views)))


def go_through(window: MainWindow, stood: list[bytes], steps: range, latest: str) -> None:
    """Go to each step of the history in turn; the map must be what it was there, byte for byte."""
    history = window.editor.history
    for step in steps:
        history.setIndex(step)
        words = history.text(step) if step < history.count() else ""
        same = project_bytes(window.editor.base) == stood[step]
        assert same, f"not the same before step {step} ({words}): {latest}"
