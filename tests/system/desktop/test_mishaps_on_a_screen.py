"""What befalls a person at work: the program is killed, a drag is given up, windows multiply."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from desktop import Program, Starter, ended

from depmap_gui.resources import samples

pytestmark = pytest.mark.slow


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """A shipped map, as a file of one's own."""
    path = tmp_path / "mine.depmap"
    shutil.copy(next(iter(samples())), path)
    return path


def opened(start: Starter, sample: Path) -> Program:
    """The program on the map, its cards standing still and none selected."""
    program = start(str(sample))
    program.until(lambda seen: seen.get("cards") and seen["is_scored"], "the map to open")
    program.card("China")
    return program


def test_work_outlives_a_kill(start: Starter, sample: Path) -> None:
    program = opened(start, sample)
    program.click(program.card("China"))
    program.keys("F2")
    program.types("Kept", into="Name of China")
    program.until(lambda seen: "Kept" in seen["cards"], "the new name")
    with ended(program.process):
        program.process.kill()

    program = start()
    program.until(lambda seen: seen["front"] == "Restore your work", "the offer to restore")
    program.keys("Return")
    program.until(lambda seen: "Kept" in seen.get("cards", ()), "the restored map")
    program.keys("ctrl+s")
    program.until(lambda seen: not seen["is_modified"], "the map to be saved")
    names = {e["name"] for e in json.loads(sample.read_text(encoding="utf-8"))["entities"]}
    assert "Kept" in names
    program.hands("key", "ctrl+q")
    program.ends()


def test_a_drag_that_is_given_up_leaves_no_trace(start: Starter, sample: Path) -> None:
    program = opened(start, sample)
    x, y = program.card("China")
    program.hands("mousemove", x, y, "mousedown", 1)
    for step in (1, 2, 3):
        program.hands("mousemove", x + 30 * step, y + 20 * step)
        program.look()
    program.until(lambda seen: seen["cards"]["China"] != [x, y], "the card to follow the hand")
    program.keys("Escape")
    program.hands("mouseup", 1)
    assert list(program.card("China")) == [x, y]
    assert not program.look()["is_modified"]
    program.hands("key", "ctrl+q")
    program.ends()


def test_items_go_from_one_window_to_another(start: Starter, sample: Path) -> None:
    program = opened(start, sample)
    count = len(program.look()["links"])
    program.keys("ctrl+a", "ctrl+c", "ctrl+shift+n")
    program.until(lambda seen: seen["windows"] == 2 and not seen["is_open"], "a second window")
    program.keys("ctrl+n")
    program.until(lambda seen: seen["is_open"] and seen["focus"] == "Map", "an empty map")
    program.keys("ctrl+v")
    program.until(lambda seen: len(seen["links"]) == count, "the items and their links")
    program.keys("ctrl+z")
    program.until(lambda seen: not seen["cards"] and not seen["is_modified"], "nothing again")
    program.hands("key", "ctrl+q")
    program.ends()
