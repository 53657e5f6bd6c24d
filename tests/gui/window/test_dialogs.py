"""The dialogs say what they must, fit on their page, and the last resort never fails itself."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from depmap_gui.domain.edits import SetField
from depmap_gui.domain.kinds import Section
from depmap_gui.gui.action_menus import shortcut_groups
from depmap_gui.gui.app import LastResort
from depmap_gui.gui.dialogs.about import AboutDialog
from depmap_gui.gui.dialogs.crash import CrashDialog
from depmap_gui.gui.dialogs.faults import FaultsDialog
from depmap_gui.gui.dialogs.questions import Questions, Restore, Unsaved
from depmap_gui.gui.dialogs.shortcuts import MOUSE_AND_CANVAS, ShortcutSheet
from depmap_gui.gui.main_window import MainWindow
from depmap_gui.gui.theme import DARK, LIGHT, Theme, apply_theme

# The offscreen platform says so of every dialog and popup; a real one supports them.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
FAULTS = [("line 4, b", "It is of an unknown kind."), ("the file", "It ends too early.")]


def dialogs(theme: Theme) -> Iterator[QDialog]:
    yield AboutDialog(theme)
    yield CrashDialog("Traceback", Path("depmap.log"), "Nothing is lost.")
    yield FaultsDialog(Path("broken.depmap"), FAULTS)
    yield ShortcutSheet(shortcut_groups(MOUSE_AND_CANVAS))


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_no_text_of_a_dialog_is_cut(qtbot: QtBot, qapp: QApplication, theme: Theme) -> None:
    apply_theme(qapp, theme)
    for dialog in dialogs(theme):
        qtbot.addWidget(dialog)
        dialog.show()
        QApplication.processEvents()
        for part in (*dialog.findChildren(QLabel), *dialog.findChildren(QPushButton)):
            assert part.width() >= part.minimumSizeHint().width(), (dialog, part)
            height = part.heightForWidth(part.width()) if part.hasHeightForWidth() else 0
            assert part.height() >= height, (dialog, part)
        assert not dialog.grab().isNull()


def test_faults_can_be_copied(qtbot: QtBot) -> None:
    dialog = FaultsDialog(Path("broken.depmap"), FAULTS)
    qtbot.addWidget(dialog)
    dialog.copy()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines == ["broken.depmap", *("\t".join(fault) for fault in FAULTS)]


def press(words: str) -> None:
    """Press a button of the message box that is open."""
    (box,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, QMessageBox)]
    (button,) = [b for b in box.buttons() if b.text() == words]
    button.click()


@pytest.mark.parametrize(
    ("words", "answer"),
    [("&Save", Unsaved.SAVE), ("&Don’t save", Unsaved.DISCARD), ("&Cancel", Unsaved.CANCEL)],
)
def test_the_question_about_changes(qtbot: QtBot, words: str, answer: Unsaved) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    QTimer.singleShot(0, lambda: press(words))
    assert Questions(parent).unsaved("Small map") is answer


@pytest.mark.parametrize(
    ("words", "answer"),
    [("&Restore", Restore.RESTORE), ("&Discard them", Restore.DISCARD), ("&Later", Restore.LATER)],
)
def test_the_question_about_recovered_work(qtbot: QtBot, words: str, answer: Restore) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    QTimer.singleShot(0, lambda: press(words))
    assert Questions(parent).recovered("Changes were kept.", "From yesterday.") is answer


@pytest.mark.logs_warnings
@pytest.mark.parametrize("is_modified", [False, True])
def test_the_last_resort_says_what_was_kept(
    open_map: MainWindow, caplog: pytest.LogCaptureFixture, is_modified: bool
) -> None:
    if is_modified:
        open_map.editor.apply(SetField(Section.ENTITIES, "works", "name", "Other"), "Rename")
    seen: list[str] = []

    def read_and_close() -> None:
        (dialog,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, CrashDialog)]
        seen.extend(label.text() for label in dialog.findChildren(QLabel))
        dialog.accept()

    QTimer.singleShot(0, read_and_close)
    with caplog.at_level(logging.ERROR):
        LastResort(lambda: open_map, None).tell(ValueError, ValueError("a wrong turn"), None)
    assert "a wrong turn" in caplog.text
    kept = "unsaved changes are also kept" if is_modified else "all of it is saved"
    assert any(kept in text for text in seen)
    assert open_map.editor.project.entities["works"].name == ("Other" if is_modified else "Works")
