"""Disks that are full or read-only: what is said, that nothing is lost, that one saves elsewhere.

Every file of the program is written in one place, :mod:`depmap_gui.project.atomic`; there the
system's answer is put in the place of that of the disk.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot
from window_parts import answers, wait_scored

from depmap_gui.domain.edits import Batch, SetField
from depmap_gui.domain.kinds import Section
from depmap_gui.gui.dialogs.questions import Questions, Unsaved
from depmap_gui.gui.main_window import MainWindow, Surroundings
from depmap_gui.gui.settings import THEME, Settings, ThemeChoice
from depmap_gui.project import atomic
from depmap_gui.project.file import read_project
from depmap_gui.project.journal import left_behind

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
FAULTS = [
    (errno.ENOSPC, "The disk is full. Free some space, or save to another disk."),
    (errno.EROFS, "That disk is read-only. Choose another folder."),
    (errno.EACCES, "You have no permission to write there. Choose another folder."),
]
ON_EACH = pytest.mark.parametrize(("number", "said"), FAULTS, ids=["full", "read-only", "denied"])


class Disk:
    """Takes files, or refuses them in these folders with one of the system's answers."""

    def __init__(self) -> None:
        self.number = 0
        self.free: tuple[Path, ...] = ()
        self._open = os.open

    def open(self, path: Path | str, flags: int, mode: int = 0o777) -> int:
        if self.number and flags & os.O_CREAT and Path(path).parent not in self.free:
            raise OSError(self.number, os.strerror(self.number))
        return self._open(path, flags, mode)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    made = Disk()
    monkeypatch.setattr(atomic.os, "open", made.open)
    return made


def rename(window: MainWindow, name: str) -> None:
    edit = SetField(Section.ENTITIES, "works", "name", name)
    assert window.editor.apply(Batch("Rename", (edit,)), "Rename")


@ON_EACH
def test_a_map_that_cannot_be_saved_is_saved_elsewhere(
    open_map: MainWindow, saved: Path, tmp_path: Path, disk: Disk, number: int, said: str
) -> None:
    before = saved.read_bytes()
    rename(open_map, "Changed works")
    disk.number = number
    open_map.actions_table["file.save"].trigger()
    (told,) = answers(open_map).told
    assert told.startswith(f"The map was not saved: {saved} could not be saved: {said}")
    assert open_map.isWindowModified()
    assert saved.read_bytes() == before
    assert sorted(path.name for path in tmp_path.glob("*.depmap*")) == ["small.depmap"]
    # The same question offers another place; there it is written, and the first stays.
    stick = tmp_path / "stick"
    stick.mkdir()
    disk.free = (stick,)
    answers(open_map).other_path = stick / "kept.depmap"
    open_map.actions_table["file.save"].trigger()
    assert read_project(stick / "kept.depmap").entities["works"].name == "Changed works"
    assert saved.read_bytes() == before
    assert not open_map.isWindowModified()


def test_a_window_whose_map_cannot_be_saved_stays_open(open_map: MainWindow, disk: Disk) -> None:
    rename(open_map, "Changed works")
    disk.number = errno.ENOSPC
    answers(open_map).on_unsaved = Unsaved.SAVE
    assert not open_map.close()
    assert open_map.isVisible()
    assert open_map.editor.project.entities["works"].name == "Changed works"
    disk.number = 0


@ON_EACH
def test_unprotected_changes_are_told_until_they_are_saved(
    open_map: MainWindow, disk: Disk, number: int, said: str
) -> None:
    disk.number = number
    rename(open_map, "Changed works")
    told = open_map.status.told
    cause = said.split(". ", maxsplit=1)[0].lower()
    assert told.whole.startswith(
        f"Unsaved changes are not protected against a crash: {cause}. Save your work often."
    )
    open_map.status.tell("Copied 1 item.")
    assert told.whole == "Copied 1 item."
    open_map.status._forget.timeout.emit()
    assert told.whole.startswith("Unsaved changes are not protected")
    disk.number = 0
    open_map.actions_table["file.save"].trigger()
    open_map.status._forget.timeout.emit()
    assert told.whole == ""
    # From then on changes are kept again.
    rename(open_map, "Works again")
    assert told.whole == ""


@ON_EACH
@pytest.mark.parametrize(
    ("action", "name", "what"),
    [
        ("file.export_workbook", "out.xlsx", "workbook"),
        ("file.export_picture", "out.png", "picture"),
        ("file.export_picture", "out.pdf", "picture"),
        ("file.export_picture", "out.svg", "picture"),
    ],
)
def test_what_cannot_be_exported_leaves_the_older_file(
    open_map: MainWindow, qtbot: QtBot, tmp_path: Path, disk: Disk, *,
    action: str, name: str, what: str, number: int, said: str,
) -> None:  # fmt: skip
    target = tmp_path / name
    target.write_bytes(b"older")
    disk.number = number
    answers(open_map).save_path = target
    open_map.actions_table[action].trigger()
    qtbot.waitUntil(lambda: bool(answers(open_map).told), timeout=60_000)
    (told,) = answers(open_map).told
    assert told.startswith(f"The {what} was not written: {target} could not be saved: {said}")
    assert target.read_bytes() == b"older"
    assert [path.name for path in tmp_path.iterdir() if name in path.name] == [name]
    disk.number = 0


def test_a_disk_that_fills_while_writing_gets_its_room_back(
    tmp_path: Path,
) -> None:
    target = tmp_path / "map.depmap"
    target.write_bytes(b"older")
    sizes = []

    def write(beside: Path) -> None:
        with beside.open("wb", buffering=0) as file:
            file.write(b"x" * 5000)
            held.append(file.fileno())
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    held: list[int] = []
    before = atomic.os.truncate

    def truncate(path: Path, length: int) -> None:
        sizes.append(Path(path).stat().st_size)
        before(path, length)
        sizes.append(Path(path).stat().st_size)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(atomic.os, "truncate", truncate)
        with pytest.raises(atomic.SaveError, match="The disk is full"):
            atomic.write_atomically(target, write)
    assert sizes == [5000, 0]
    assert target.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [target]


def test_settings_that_cannot_be_kept_are_told(
    open_map: MainWindow, tmp_path: Path, saved: Path
) -> None:
    fine = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    assert Settings(fine).fault() == ""
    in_the_way = tmp_path / "in the way"
    in_the_way.write_text("")
    store = QSettings(str(in_the_way / "settings.ini"), QSettings.Format.IniFormat)
    open_map.settings._store = store
    open_map.actions_table["view.theme.dark"].trigger()
    assert open_map.theme.is_dark
    assert open_map.status.told.whole.startswith("Settings hold until DepMap is closed")
    assert str(in_the_way) in open_map.status.told.whole
    assert Settings(store).value(THEME) is ThemeChoice.DARK


def test_a_map_of_a_read_only_place_opens_and_is_saved_elsewhere(
    qtbot: QtBot, around: Surroundings, saved: Path, tmp_path: Path, disk: Disk
) -> None:
    disk.number = errno.EROFS
    window = MainWindow(around)
    qtbot.addWidget(window)
    window.show()
    assert window.open_path(saved)
    wait_scored(window, qtbot)
    assert answers(window).told == []
    assert not window.isWindowModified()
    rename(window, "Changed works")
    elsewhere = tmp_path / "home"
    elsewhere.mkdir()
    disk.free = (elsewhere,)
    answers(window).other_path = elsewhere / "mine.depmap"
    window.actions_table["file.save"].trigger()
    assert len(answers(window).told) == 1
    assert read_project(elsewhere / "mine.depmap").entities["works"].name == "Changed works"
    assert around.recovery_folder is not None
    assert left_behind(around.recovery_folder) == ()
    window.close()


def test_the_question_offers_another_place(qtbot: QtBot, open_map: MainWindow) -> None:
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication, QMessageBox

    seen: list[str] = []

    def answer() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        seen.extend(button.text() for button in box.buttons())
        assert not box.iconPixmap().isNull()
        box.defaultButton().click()

    QTimer.singleShot(0, answer)
    assert Questions(open_map).elsewhere("The map was not saved", "It is full.", "Kept.")
    assert set(seen) == {"Save &as…", "&Cancel"}
