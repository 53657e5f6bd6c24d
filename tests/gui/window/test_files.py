"""Maps come and go: new, open, save, recent ones, faulty ones, unsaved changes, recovery."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot
from window_parts import answers, wait_scored

from depmap_gui.domain.edits import SetField
from depmap_gui.domain.kinds import Section
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Company
from depmap_gui.gui import action_handlers_file
from depmap_gui.gui.dialogs.questions import Restore, Unsaved
from depmap_gui.gui.main_window import MainWindow, Surroundings
from depmap_gui.project import journal
from depmap_gui.project.file import read_project, write_project

# The offscreen platform says so of every dialog and popup; a real one supports them.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def rename_works(window: MainWindow, name: str = "Changed works") -> None:
    assert window.editor.apply(SetField(Section.ENTITIES, "works", "name", name), "Rename")


def test_the_title_names_file_and_program(open_map: MainWindow) -> None:
    assert open_map.windowTitle() == "small.depmap[*] – DepMap"
    assert not open_map.isWindowModified()


def test_the_star_comes_and_goes(open_map: MainWindow) -> None:
    rename_works(open_map)
    assert open_map.isWindowModified()
    open_map.actions_table["edit.undo"].trigger()
    assert not open_map.isWindowModified()
    open_map.actions_table["edit.redo"].trigger()
    open_map.actions_table["file.save"].trigger()
    assert not open_map.isWindowModified()


def test_save_writes_what_is_shown(open_map: MainWindow, saved: Path) -> None:
    rename_works(open_map)
    open_map.actions_table["file.save"].trigger()
    assert read_project(saved).entities["works"].name == "Changed works"


def test_a_new_map_asks_where_to_save(window: MainWindow, tmp_path: Path) -> None:
    window.actions_table["file.new"].trigger()
    assert window.pages.currentWidget() is window.workspace
    answers(window).save_path = tmp_path / "mine.depmap"
    window.actions_table["file.save"].trigger()
    assert answers(window).asked == ["PROJECT Untitled map.depmap"]
    assert read_project(tmp_path / "mine.depmap") is not None
    assert window.windowTitle() == "mine.depmap[*] – DepMap"
    assert window.settings.recent == (tmp_path / "mine.depmap",)


def test_save_as_makes_the_other_file_its_own(
    open_map: MainWindow, saved: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.depmap"
    answers(open_map).save_path = other
    open_map.actions_table["file.save_as"].trigger()
    rename_works(open_map)
    open_map.actions_table["file.save"].trigger()
    assert read_project(other).entities["works"].name == "Changed works"
    assert read_project(saved).entities["works"].name == "Works"


def test_a_map_that_cannot_be_saved_is_kept(open_map: MainWindow, tmp_path: Path) -> None:
    answers(open_map).save_path = tmp_path / "no such folder" / "x.depmap"
    rename_works(open_map)
    open_map.actions_table["file.save_as"].trigger()
    assert len(answers(open_map).told) == 1
    assert "The map was not saved" in answers(open_map).told[0]
    assert open_map.isWindowModified()
    assert open_map.editor.project.entities["works"].name == "Changed works"


def test_all_faults_of_a_file_are_told_at_once(open_map: MainWindow, tmp_path: Path) -> None:
    broken = tmp_path / "broken.depmap"
    broken.write_text(
        '{"format": "depmap", "version": 1,\n"entities": [\n'
        '{"id": "a", "kind": "plant", "own_ip": "much"},\n'
        '{"id": "b", "kind": "spaceship"}],\n'
        '"links": [{"id": "l", "kind": "owns", "source": "a", "target": "nobody"}]}'
    )
    assert not open_map.open_path(broken)
    assert len(answers(open_map).faults) >= 2
    assert any("line 4" in place for place, _ in answers(open_map).faults)
    assert open_map.editor.session.path is not None
    assert open_map.editor.session.path.name == "small.depmap"
    assert broken not in open_map.settings.recent


def test_a_missing_file_is_told(window: MainWindow, tmp_path: Path) -> None:
    assert not window.open_path(tmp_path / "gone.depmap")
    assert "no such file" in answers(window).faults[0][1]
    assert window.pages.currentWidget() is window.start_page


@pytest.mark.parametrize(
    ("answer", "leaves"), [(Unsaved.CANCEL, False), (Unsaved.DISCARD, True), (Unsaved.SAVE, True)]
)
def test_closing_with_changes_asks(
    open_map: MainWindow, saved: Path, answer: Unsaved, leaves: bool
) -> None:
    rename_works(open_map)
    answers(open_map).on_unsaved = answer
    assert open_map.close() is leaves
    assert answers(open_map).asked == ["unsaved Small map"]
    is_saved = read_project(saved).entities["works"].name == "Changed works"
    assert is_saved is (answer is Unsaved.SAVE)


def test_closing_without_changes_does_not_ask(open_map: MainWindow) -> None:
    assert open_map.close()
    assert answers(open_map).asked == []


def test_turning_back_from_save_as_keeps_the_map_open(window: MainWindow) -> None:
    window.actions_table["file.new"].trigger()
    window.actions_table["insert.plant"].trigger()
    answers(window).on_unsaved = Unsaved.SAVE
    answers(window).save_path = None
    window.actions_table["file.close"].trigger()
    assert window.files.is_open
    assert len(window.editor.project.entities) == 1


def test_close_goes_back_to_the_start_page(open_map: MainWindow) -> None:
    open_map.actions_table["file.close"].trigger()
    assert open_map.pages.currentWidget() is open_map.start_page
    assert open_map.windowTitle() == "DepMap"
    assert open_map.editor.project.entities == {}


def test_recent_maps_are_listed_and_forgotten(open_map: MainWindow, saved: Path) -> None:
    open_map.actions_table["file.close"].trigger()
    page = open_map.start_page
    assert list(page.recent_cards) == [saved]
    assert page.recent_cards[saved].isEnabled()
    saved.unlink()
    page.set_recent(open_map.settings.recent)
    assert not page.recent_cards[saved].isEnabled()
    page.forget_requested.emit(saved)
    assert list(page.recent_cards) == []
    assert open_map.settings.recent == ()


def test_a_recent_card_opens_its_map(open_map: MainWindow, saved: Path) -> None:
    open_map.actions_table["file.close"].trigger()
    open_map.start_page.recent_cards[saved].click()
    assert open_map.files.is_open
    assert open_map.editor.session.path == saved


def test_a_sample_opens_as_a_new_map(qtbot: QtBot, around: Surroundings, saved: Path) -> None:
    window = MainWindow(around._replace(samples=(saved,)))
    qtbot.addWidget(window)
    window.start_page.sample_cards[saved].click()
    assert window.editor.project.header.title == "Small map"
    assert window.editor.session.path is None
    assert window.settings.recent == ()
    window.close()


def test_a_file_dropped_on_the_window_opens(window: MainWindow, saved: Path) -> None:
    carried = QMimeData()
    carried.setUrls([QUrl.fromLocalFile(str(saved))])
    event = QDropEvent(
        QPointF(50, 50),
        Qt.DropAction.CopyAction,
        carried,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(event)
    assert window.editor.session.path == saved


def crashed(around: Surroundings, saved: Path, qtbot: QtBot) -> None:
    """Leave what a crash leaves: a journal with one change, held by nobody."""
    window = MainWindow(around)
    qtbot.addWidget(window)
    window.open_path(saved)
    rename_works(window)
    journal = window.keeping._journal
    assert journal is not None
    assert journal._lines is not None
    journal._lines.close()
    window.editor.close()
    window.tasks.cancel_all()


def test_unsaved_work_is_offered_after_a_crash(
    qtbot: QtBot, around: Surroundings, saved: Path
) -> None:
    crashed(around, saved, qtbot)
    after = MainWindow(around)
    qtbot.addWidget(after)
    answers(after).on_recovered = Restore.RESTORE
    after.offer_recovered()
    assert "1 unsaved change" in answers(after).asked[0]
    assert after.editor.project.entities["works"].name == "Changed works"
    assert after.editor.session.path == saved
    assert after.isWindowModified()
    after.actions_table["file.save"].trigger()
    assert read_project(saved).entities["works"].name == "Changed works"
    assert after.keeping.left_behind() == []
    after.close()


def test_restored_work_outlives_another_crash(
    qtbot: QtBot, around: Surroundings, saved: Path
) -> None:
    crashed(around, saved, qtbot)
    second = MainWindow(around)
    qtbot.addWidget(second)
    answers(second).on_recovered = Restore.RESTORE
    second.offer_recovered()
    assert len(second.keeping.left_behind()) == 1
    second.editor.close()
    second.tasks.cancel_all()


def test_discarded_work_is_offered_no_more(qtbot: QtBot, around: Surroundings, saved: Path) -> None:
    crashed(around, saved, qtbot)
    after = MainWindow(around)
    qtbot.addWidget(after)
    answers(after).on_recovered = Restore.DISCARD
    after.offer_recovered()
    assert after.keeping.left_behind() == []
    assert not after.files.is_open


def test_an_orderly_end_leaves_nothing(open_map: MainWindow) -> None:
    rename_works(open_map)
    answers(open_map).on_unsaved = Unsaved.DISCARD
    assert open_map.close()
    assert open_map.keeping.left_behind() == []


def test_exports_are_written_in_the_background(
    open_map: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    for id, name, start in (
        ("file.export_workbook", "out.xlsx", b"PK"),
        ("file.export_picture", "out.png", b"\x89PNG"),
        ("file.export_picture", "out.pdf", b"%PDF"),
    ):
        answers(open_map).save_path = tmp_path / name
        open_map.actions_table[id].trigger()
        qtbot.waitUntil(lambda: not open_map.tasks.is_busy, timeout=30_000)
        assert (tmp_path / name).read_bytes().startswith(start)
    assert answers(open_map).told == []
    assert open_map.status.told.text() == "Wrote out.pdf"


def test_an_export_that_fails_says_so(open_map: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    answers(open_map).save_path = tmp_path / "no such folder" / "out.xlsx"
    open_map.actions_table["file.export_workbook"].trigger()
    qtbot.waitUntil(lambda: bool(answers(open_map).told), timeout=30_000)
    assert "The workbook was not written" in answers(open_map).told[0]


def test_a_picture_needs_a_suffix_it_knows(open_map: MainWindow, tmp_path: Path) -> None:
    answers(open_map).save_path = tmp_path / "map.gif"
    open_map.actions_table["file.export_picture"].trigger()
    assert "“.gif”" in answers(open_map).told[0]
    assert not (tmp_path / "map.gif").exists()


def test_opening_scores_the_map(window: MainWindow, saved: Path, qtbot: QtBot) -> None:
    window.open_path(saved)
    wait_scored(window, qtbot)
    assert window.editor.assessment is not None
    assert window.editor.assessment.scores.ip["works"]["CN"] == pytest.approx(0.6)


def test_the_start_page_shows_what_is_in_a_sample(
    qtbot: QtBot, around: Surroundings, saved: Path
) -> None:
    window = MainWindow(around._replace(samples=(saved,)))
    qtbot.addWidget(window)
    card = window.start_page.sample_cards[saved]
    assert card.accessibleName() == "Small"
    window.show()
    qtbot.waitUntil(lambda: card.accessibleName() == "Small map", timeout=20_000)
    assert card.accessibleDescription() == "9 items · 10 links · tax year 2026"
    # What it is called is said at once; drawing it takes a little longer.
    qtbot.waitUntil(lambda: card._content.startswith(b"\x89PNG"), timeout=20_000)
    assert card.accessibleName() == "Small map"
    window.close()


def test_a_large_file_is_opened_in_the_background(
    open_map: MainWindow, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(action_handlers_file, "LARGE_FILE", 0)
    path = tmp_path / "large.depmap"
    company = Company(id="only", name="Only one")
    write_project(Project(entities={"only": company}), path)
    before = open_map.editor.session
    assert open_map.open_path(path)
    assert open_map.editor.session is before
    qtbot.waitUntil(lambda: open_map.editor.session.path == path, timeout=30_000)
    assert set(open_map.editor.project.entities) == {"only"}
    broken = tmp_path / "broken.depmap"
    broken.write_text("{", encoding="utf-8")
    open_map.open_path(broken)
    qtbot.waitUntil(lambda: bool(answers(open_map).faults), timeout=30_000)
    assert open_map.editor.session.path == path


def test_slow_work_is_kept_in_the_background_and_goes_with_a_save(
    open_map: MainWindow, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "SLOW", 0)
    rename_works(open_map, "First")
    rename_works(open_map, "Second")
    qtbot.waitUntil(lambda: not open_map.tasks.is_busy, timeout=30_000)
    folder = open_map.keeping._folder
    (kept,) = folder.glob("*.journal")
    # A crash now: the files are all there is.
    copied = shutil.copytree(folder, tmp_path / "left")
    work = journal.recover(copied / kept.name)
    assert (work.edits, work.lost) == (2, 0)
    assert work.project.entities["works"].name == "Second"
    rename_works(open_map, "Third")
    open_map.actions_table["file.save"].trigger()
    qtbot.waitUntil(lambda: not open_map.tasks.is_busy, timeout=30_000)
    assert not list(folder.glob("*"))
