"""The questions the window asks: where to save, what to do with changes, whether to restore.

They stand behind one class so that a test, or another window system, can answer them.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from depmap_gui.gui.dialogs.faults import FaultsDialog
from depmap_gui.gui.icons import icon_pixmap
from depmap_gui.gui.theme import BASE_POINTS, DARK, LIGHT, Tone

PROJECT_SUFFIX = ".depmap"
_MARK_PIXELS = 32
_MARKS = {Tone.WARN: "warning", Tone.UNKNOWN: "question"}


class Unsaved(Enum):
    """What becomes of changes that no file has."""

    SAVE = "save"
    DISCARD = "discard"
    CANCEL = "cancel"


class ChangedOutside(Enum):
    """What becomes of a file that somebody else has written since it was opened."""

    SAVE_ANYWAY = "save anyway"
    SAVE_AS = "save as"
    CANCEL = "cancel"


class Restore(Enum):
    """What becomes of work that a crash left."""

    RESTORE = "restore"
    DISCARD = "discard"
    LATER = "later"


class FileKind(Enum):
    """The files that can be written, each with the name filters of its formats."""

    PROJECT = (("DepMap map", "depmap"),)
    WORKBOOK = (("Excel workbook", "xlsx"),)
    MAPPING = (("Mapping of columns", "json"),)
    FORMAT = (
        ("GraphML", "graphml"),
        ("GEXF", "gexf"),
        ("BODS 0.4 statements", "bods.json"),
        ("FollowTheMoney entities", "ftm.json"),
        ("CSV, one file of each kind in a zip", "zip"),
        ("CSV, one table", "csv"),
        ("JSON", "json"),
    )
    REPORT = (("PDF document", "pdf"),)
    PICTURE = (("PNG picture", "png"), ("SVG picture", "svg"), ("PDF document", "pdf"))

    @property
    def suffixes(self) -> tuple[str, ...]:
        """The suffixes of its formats, without a dot."""
        return tuple(suffix for _, suffix in self.value)

    @property
    def filters(self) -> list[str]:
        """The lines of the file dialog's list of formats."""
        return [f"{name} (*.{suffix})" for name, suffix in self.value]


class Questions:
    """Asks the person at the window."""

    def __init__(self, window: QWidget) -> None:
        self._window = window

    def unsaved(self, title: str) -> Unsaved:
        """What to do with the changes of a map that is about to be closed."""
        asked = f"Save the changes to “{title}”?"
        further = "They are in no file yet, and are lost if you do not save them."
        box = self._box("Unsaved changes", asked, further, Tone.WARN)
        save = box.addButton("&Save", QMessageBox.ButtonRole.AcceptRole)
        discard = box.addButton("&Don’t save", QMessageBox.ButtonRole.DestructiveRole)
        cancel = box.addButton("&Cancel", QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(save)
        box.setEscapeButton(cancel)
        box.exec()
        answers = {id(save): Unsaved.SAVE, id(discard): Unsaved.DISCARD}
        return answers.get(id(box.clickedButton()), Unsaved.CANCEL)

    def changed_outside(self, path: Path) -> ChangedOutside:
        """Whether to save over what another window or program has written meanwhile."""
        said = f"{path.name} was changed by another window or program since you opened it."
        further = (
            "Saving puts your map in the place of that version. Save under another name to keep "
            "both; File > Compare with… then shows what differs."
        )
        box = self._box("The file has changed", said, further, Tone.WARN)
        save_as = box.addButton("Save &as…", QMessageBox.ButtonRole.AcceptRole)
        anyway = box.addButton("&Save anyway", QMessageBox.ButtonRole.DestructiveRole)
        cancel = box.addButton("&Cancel", QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(save_as)
        box.setEscapeButton(cancel)
        box.exec()
        answers = {id(save_as): ChangedOutside.SAVE_AS, id(anyway): ChangedOutside.SAVE_ANYWAY}
        return answers.get(id(box.clickedButton()), ChangedOutside.CANCEL)

    def recovered(self, text: str, further: str) -> Restore:
        """What to do with changes that a crash left."""
        box = self._box("Restore your work", text, further, None)
        restore = box.addButton("&Restore", QMessageBox.ButtonRole.AcceptRole)
        discard = box.addButton("&Discard them", QMessageBox.ButtonRole.DestructiveRole)
        later = box.addButton("&Later", QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(restore)
        box.setEscapeButton(later)
        box.exec()
        answers = {id(restore): Restore.RESTORE, id(discard): Restore.DISCARD}
        return answers.get(id(box.clickedButton()), Restore.LATER)

    def file_to_open(self, folder: Path) -> Path | None:
        """Which map to open; None where the person turned back."""
        filters = ";;".join([*FileKind.PROJECT.filters, "All files (*)"])
        name, _ = QFileDialog.getOpenFileName(self._window, "Open map", str(folder), filters)
        return Path(name) if name else None

    def version_to_read(self, title: str, folder: Path, filters: str) -> Path | None:
        """Which version of the map or workbook of it to read; None to turn back."""
        name, _ = QFileDialog.getOpenFileName(
            self._window, title, str(folder), f"{filters};;All files (*)"
        )
        return Path(name) if name else None

    def files_to_read(self, title: str, folder: Path, filters: str) -> list[Path]:
        """Which files to read, one or several; none to turn back."""
        names, _ = QFileDialog.getOpenFileNames(
            self._window, title, str(folder), f"{filters};;All files (*)"
        )
        return [Path(name) for name in names]

    def rules_folder(self, start: Path) -> Path | None:
        """Which folder of rule packs or lists to take in; None where the person turned back."""
        title = "Folder of rule packs or lists"
        name = QFileDialog.getExistingDirectory(self._window, title, str(start))
        return Path(name) if name else None

    def file_to_save(self, title: str, suggestion: Path, kind: FileKind) -> Path | None:
        """Where to write a file, its suffix set and overwriting confirmed; None to turn back."""
        dialog = QFileDialog(self._window, title, str(suggestion.parent))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.setNameFilters(kind.filters)
        dialog.setDefaultSuffix(kind.suffixes[0])
        dialog.selectFile(suggestion.name)

        def take_suffix(chosen: str) -> None:
            dialog.setDefaultSuffix(kind.suffixes[kind.filters.index(chosen)])

        dialog.filterSelected.connect(take_suffix)
        accepted = dialog.exec() == QFileDialog.DialogCode.Accepted
        names = dialog.selectedFiles()
        dialog.deleteLater()
        return Path(names[0]) if accepted and names else None

    def confirm(self, title: str, text: str, yes: str) -> bool:
        """Whether to go on with something that cannot be taken back."""
        box = self._box(title, text, "", Tone.UNKNOWN)
        accept = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
        cancel = box.addButton("&Cancel", QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(cancel)
        box.exec()
        return box.clickedButton() is accept

    def tell(self, title: str, text: str, further: str = "") -> None:
        """Say what went wrong, what was kept and what to do."""
        self._box(title, text, further, Tone.WARN).exec()

    def elsewhere(self, title: str, text: str, further: str) -> bool:
        """Say why a map was not saved; whether to choose another place for it now."""
        box = self._box(title, text, further, Tone.WARN)
        save_as = box.addButton("Save &as…", QMessageBox.ButtonRole.AcceptRole)
        cancel = box.addButton("&Cancel", QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(save_as)
        box.setEscapeButton(cancel)
        box.exec()
        return box.clickedButton() is save_as

    def tell_faults(self, path: Path, faults: Sequence[tuple[str, str]]) -> None:
        """Say why a file cannot be read: every fault, with its place."""
        dialog = FaultsDialog(path, faults, self._window)
        dialog.exec()
        dialog.deleteLater()

    def _box(self, title: str, text: str, further: str, tone: Tone | None) -> QMessageBox:
        """A box that says or asks something, with the mark of its tone; without one, a plain i."""
        box = QMessageBox(self._window)
        box.setWindowTitle(title)
        # Names of maps and files are no markup.
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(text)
        box.setInformativeText(further)
        inks = box.palette()
        ink = inks.color(QPalette.ColorRole.Accent).name()
        scale = max(1.0, box.fontInfo().pointSizeF() / BASE_POINTS)
        name = "info" if tone is None else _MARKS[tone]
        if tone is Tone.WARN:
            is_dark = inks.color(QPalette.ColorRole.Window).lightnessF() < 0.5
            ink = (DARK if is_dark else LIGHT).at_risk
        size = round(_MARK_PIXELS * scale)
        box.setIconPixmap(icon_pixmap(name, ink, size, box.devicePixelRatioF()))
        return box
