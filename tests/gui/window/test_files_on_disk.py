"""What happens to a map's file while the map is open, and to jobs while another map is opened."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from window_parts import answers, wait_scored

from depmap_gui.domain.edits import SetField
from depmap_gui.domain.kinds import Section
from depmap_gui.gui.dialogs.questions import ChangedOutside, Restore, Unsaved
from depmap_gui.gui.main_window import MainWindow, Surroundings
from depmap_gui.project.file import read_project
from depmap_gui.session.session import Session

# The offscreen platform says so of every dialog and popup; a real one supports them.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def rename(window: MainWindow, name: str) -> None:
    window.editor.apply(SetField(Section.ENTITIES, "works", "name", name), "Rename")


def name_in(path: Path) -> str:
    return read_project(path).entities["works"].name


def changed_elsewhere(path: Path) -> None:
    """Save the map from another window, so to speak."""
    other = Session.open(path)
    other.document.apply(SetField(Section.ENTITIES, "works", "name", "Elsewhere"))
    other.save()


def test_opening_the_open_file_again_keeps_what_was_saved_on_the_way(
    open_map: MainWindow, saved: Path
) -> None:
    rename(open_map, "Mine")
    answers(open_map).on_unsaved = Unsaved.SAVE
    assert open_map.open_path(saved)
    assert open_map.editor.project.entities["works"].name == "Mine"
    assert name_in(saved) == "Mine"
    rename(open_map, "Mine again")
    open_map.actions_table["file.save"].trigger()
    assert name_in(saved) == "Mine again"
    assert not any("outside" in asked for asked in answers(open_map).asked)


def test_opening_the_open_file_again_may_give_changes_up(open_map: MainWindow, saved: Path) -> None:
    rename(open_map, "Mine")
    answers(open_map).on_unsaved = Unsaved.DISCARD
    assert open_map.open_path(saved)
    assert open_map.editor.project.entities["works"].name == "Works"


def test_a_file_that_cannot_be_opened_leaves_the_open_map_with_its_changes(
    open_map: MainWindow, tmp_path: Path
) -> None:
    rename(open_map, "Mine")
    broken = tmp_path / "broken.depmap"
    broken.write_text("{", encoding="utf-8")
    answers(open_map).on_unsaved = Unsaved.DISCARD
    assert not open_map.open_path(broken)
    assert open_map.editor.project.entities["works"].name == "Mine"
    assert open_map.isWindowModified()


@pytest.mark.parametrize(
    ("answer", "left", "is_saved"),
    [
        (ChangedOutside.CANCEL, "Elsewhere", False),
        (ChangedOutside.SAVE_ANYWAY, "Mine", True),
    ],
)
def test_a_file_changed_meanwhile_is_not_overwritten_unasked(
    open_map: MainWindow, saved: Path, answer: ChangedOutside, left: str, is_saved: bool
) -> None:
    changed_elsewhere(saved)
    rename(open_map, "Mine")
    answers(open_map).on_changed_outside = answer
    open_map.actions_table["file.save"].trigger()
    assert answers(open_map).asked == ["changed outside small.depmap"]
    assert name_in(saved) == left
    assert open_map.isWindowModified() is not is_saved


def test_both_versions_are_kept_under_two_names(
    open_map: MainWindow, saved: Path, tmp_path: Path
) -> None:
    changed_elsewhere(saved)
    rename(open_map, "Mine")
    answers(open_map).on_changed_outside = ChangedOutside.SAVE_AS
    answers(open_map).save_path = tmp_path / "mine.depmap"
    open_map.actions_table["file.save"].trigger()
    assert (name_in(saved), name_in(tmp_path / "mine.depmap")) == ("Elsewhere", "Mine")


def test_ones_own_saves_are_not_taken_for_anothers(open_map: MainWindow, saved: Path) -> None:
    for name in ("One", "Two"):
        rename(open_map, name)
        open_map.actions_table["file.save"].trigger()
        assert name_in(saved) == name
    assert answers(open_map).asked == []


def test_a_file_that_is_gone_is_written_again(open_map: MainWindow, saved: Path) -> None:
    saved.unlink()
    rename(open_map, "Mine")
    open_map.actions_table["file.save"].trigger()
    assert name_in(saved) == "Mine"
    assert answers(open_map).asked == []


def test_a_comparison_does_not_come_up_over_another_map(
    open_map: MainWindow, saved: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    other = tmp_path / "other.depmap"
    shutil.copy(saved, other)
    changed_elsewhere(other)
    open_map.compare.apply_path(other)
    open_map.actions_table["file.new"].trigger()
    qtbot.waitUntil(lambda: not open_map.tasks.is_busy, timeout=20_000)
    assert open_map.compare.shown is None
    assert "nothing was compared" in open_map.status.told.text()


def test_a_comparison_goes_when_its_map_does(
    open_map: MainWindow, saved: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    other = tmp_path / "other.depmap"
    shutil.copy(saved, other)
    changed_elsewhere(other)
    open_map.compare.compare_path(other)
    qtbot.waitUntil(lambda: open_map.compare.shown is not None, timeout=20_000)
    open_map.actions_table["file.close"].trigger()
    assert open_map.compare.shown is None


def test_a_picture_is_of_the_map_that_was_asked_for(
    open_map: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    answers(open_map).save_path = tmp_path / "map.svg"
    rename(open_map, "As it was")
    assert not open_map.editor.is_fresh
    open_map.actions_table["file.export_picture"].trigger()
    open_map.editor.remove(["works"])
    qtbot.waitUntil((tmp_path / "map.svg").exists, timeout=20_000)
    wait_scored(open_map, qtbot)
    assert "As it was" in (tmp_path / "map.svg").read_text(encoding="utf-8")
    assert answers(open_map).told == []


def test_no_picture_is_made_of_another_map(
    open_map: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    answers(open_map).save_path = tmp_path / "map.svg"
    rename(open_map, "As it was")
    open_map.actions_table["file.export_picture"].trigger()
    answers(open_map).on_unsaved = Unsaved.DISCARD
    open_map.actions_table["file.new"].trigger()
    qtbot.waitUntil(lambda: not open_map.tasks.is_busy, timeout=20_000)
    assert not (tmp_path / "map.svg").exists()
    assert "not written" in open_map.status.told.text()


def left_by_a_crash(window: MainWindow, name: str) -> None:
    """Make an unsaved change, and then let go of the journal as a crash does."""
    rename(window, name)
    journal = window.keeping._journal
    assert journal is not None
    assert journal._lines is not None
    journal._lines.close()
    window.editor.close()
    window.tasks.cancel_all()


def test_each_map_that_a_crash_left_is_restored_in_a_window_of_its_own(
    qtbot: QtBot, around: Surroundings, saved: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.depmap"
    shutil.copy(saved, other)
    for path, name in ((saved, "First"), (other, "Second")):
        crashed = MainWindow(around)
        qtbot.addWidget(crashed)
        assert crashed.open_path(path)
        left_by_a_crash(crashed, name)

    made: list[MainWindow] = []

    def another() -> MainWindow:
        made.append(MainWindow(around))
        qtbot.addWidget(made[-1])
        return made[-1]

    first = MainWindow(around._replace(another=another))
    qtbot.addWidget(first)
    answers(first).on_recovered = Restore.RESTORE
    first.offer_recovered()
    (second,) = made
    names = {w.editor.project.entities["works"].name for w in (first, second)}
    assert names == {"First", "Second"}
    assert {w.editor.session.path for w in (first, second)} == {saved, other}
    assert len(answers(first).asked) == 2
    for window in (first, second):
        window.actions_table["file.save"].trigger()
        window.close()
    assert (name_in(saved), name_in(other)) == ("First", "Second")
    assert list((tmp_path / "recovery").glob("*.journal")) == []
