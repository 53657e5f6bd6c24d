"""The rules browser: every rule pack to read, search and choose, and open questions to settle."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from depmap_gui.domain.document import ChangeSet
from depmap_gui.domain.edits import SetHeader
from depmap_gui.gui.dialogs.rules_browser_packs import PacksPane
from depmap_gui.gui.dialogs.rules_browser_rows import Row, rows_of
from depmap_gui.gui.dialogs.rules_browser_tree import RulesTree
from depmap_gui.gui.dialogs.sizes import open_at
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.theme import Theme
from depmap_gui.rules.pack import RulePack
from depmap_gui.session.rules import OfferedPack, environment_folders, offered_packs

_FOLLOWED = frozenset({"year", "packs", "readings"})
_SIZE = (1400, 840)
_LEAST = (760, 460)
_WIDTHS = (280, 1120)
_HEIGHTS = (520, 150)


class RulesBrowser(QDialog):
    """A window of its own beside the map: packs at the left, what they say at the right.

    ``folders_changed`` carries the user's folders when these are others than before.
    """

    folders_changed = Signal(object)

    def __init__(
        self,
        editor: Editor,
        theme: Theme,
        ask_folder: Callable[[Path], Path | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle("Rule packs")
        self._editor = editor
        self.theme = theme
        self._is_open = False
        self._folders: tuple[Path, ...] = ()
        self._offered: tuple[OfferedPack, ...] = ()
        self._row: Row | None = None
        self.packs = PacksPane(theme, ask_folder)
        self.tree = RulesTree(theme)
        self._make_reading()
        self._lay_out()
        self._connect()
        self.setMinimumSize(*_LEAST)
        open_at(self, *_SIZE)

    def _make_reading(self) -> None:
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search everything: names, values, dates, citations")
        self.search.setAccessibleName("Search the rule packs")
        self.search.setClearButtonEnabled(True)
        self.found = _label("muted")
        self.title = _label("heading")
        self.identity = _label("muted")
        self.details = QPlainTextEdit()
        self.details.setReadOnly(True)
        self.details.setAccessibleName("The selected row in full")
        self.details.setMinimumHeight(56)
        self.tree.setMinimumHeight(110)
        self.details.setPlaceholderText("Select a row to read it in full.")
        self.settle_label = _label("section")
        self.settle = QComboBox()
        self.settle.setAccessibleName("How this map reads the open question")
        # A long reading is cut in the box and whole in its list.
        self.settle.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.copy_button = QPushButton("&Copy")
        self.copy_button.setToolTip("Copy the selected rows, or the faults, as text")
        self.copy_button.setAutoDefault(False)
        close = QPushButton("C&lose")
        close.setAutoDefault(False)
        close.clicked.connect(self.close)
        self._close = close

    def _lay_out(self) -> None:
        reading = QWidget()
        column = QVBoxLayout(reading)
        column.setContentsMargins(8, 14, 14, 12)
        column.setSpacing(6)
        column.addWidget(self.title)
        column.addWidget(self.identity)
        column.addWidget(self.search)
        column.addWidget(self.found)
        below = QWidget()
        under = QVBoxLayout(below)
        under.setContentsMargins(0, 0, 0, 0)
        under.setSpacing(6)
        under.addWidget(self.settle_label)
        under.addWidget(self.settle)
        under.addWidget(self.details, 1)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.addWidget(self.tree)
        parts.addWidget(below)
        parts.setStretchFactor(0, 1)
        parts.setSizes(list(_HEIGHTS))
        parts.setChildrenCollapsible(False)
        column.addWidget(parts, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(_label("muted", "An aid to analysis, not legal advice."), 1)
        buttons.addWidget(self.copy_button)
        buttons.addWidget(self._close)
        column.addLayout(buttons)
        across = QSplitter()
        across.addWidget(self.packs)
        across.addWidget(reading)
        across.setStretchFactor(1, 1)
        across.setSizes(list(_WIDTHS))
        across.setChildrenCollapsible(False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(across)

    def _connect(self) -> None:
        self.packs.chosen.connect(self._show_pack)
        self.packs.ticked.connect(self._choose_packs)
        self.packs.folders_changed.connect(self.folders_changed)
        self.packs.read_again.connect(lambda: self.folders_changed.emit(self._folders))
        self.search.textChanged.connect(self._search)
        self.tree.row_chosen.connect(self._on_row)
        self.settle.activated.connect(self._settle)
        self.copy_button.clicked.connect(self.copy)
        self._editor.changed.connect(self._on_changed)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.activated.connect(self.search.setFocus)

    # What is shown --------------------------------------------------------------------------

    def read(self, folders: Sequence[Path], *, is_open: bool) -> None:
        """Read all packs again; ``folders`` are the user's, ``is_open`` says if there is a map."""
        self._folders, self._is_open = tuple(folders), is_open
        fixed = environment_folders()
        self._offered = offered_packs((*fixed, *self._folders))
        self.packs.show_folders(fixed, self._folders)
        self._show_packs()

    def set_theme(self, theme: Theme) -> None:
        """Wear other colors."""
        self.theme = self.packs.theme = self.tree.theme = theme
        self.packs.show_folders(environment_folders(), self._folders)
        self._show_packs()

    def set_open(self, *, is_open: bool) -> None:
        """Follow a map that was opened or closed."""
        self._is_open = is_open
        self._show_packs()

    def look_for(self, sought: str) -> None:
        """Search for these words."""
        self.search.setText(sought)

    def copy(self) -> None:
        """Copy the selected rows, or why the pack is refused."""
        pack = self._pack()
        if pack is None:
            QGuiApplication.clipboard().setText(self.details.toPlainText())
        else:
            self.tree.copy()

    @property
    def year(self) -> int:
        """The tax year whose values are marked as in force."""
        return self._editor.project.header.year

    def _show_packs(self) -> None:
        in_use = self._editor.project.packs if self._is_open else None
        self.packs.show_packs(self._offered, in_use, self._hits())
        self._show_pack(self.packs.current_id())

    def _hits(self) -> dict[str, int] | None:
        sought = self.search.text().strip()
        if not sought:
            return None
        return {
            each.id: _count(rows_of(each.pack, self.year, {}), sought)
            for each in self._offered
            if each.pack is not None
        }

    def _offer(self) -> OfferedPack | None:
        current = self.packs.current_id()
        return next((each for each in self._offered if each.id == current), None)

    def _pack(self) -> RulePack | None:
        offer = self._offer()
        return offer.pack if offer is not None else None

    @Slot(str)
    def _show_pack(self, id: str) -> None:
        offer = self._offer()
        pack = offer.pack if offer is not None else None
        self._row = None
        self._show_question()
        if offer is None or pack is None:
            self._show_refused(id, offer)
            return
        place = offer.place
        self.title.setText(pack.title)
        self.identity.setText(
            f"{pack.id} · version {pack.version} of {pack.dated} · {place} · by {pack.author}"
        )
        self.tree.setVisible(True)
        about = (f"Law: {pack.law}", f"Status: {pack.status}", pack.note)
        self.details.setPlainText("\n".join(filter(None, about)))
        settled = self._editor.project.header.readings if self._is_open else {}
        self.tree.show_rows(rows_of(pack, self.year, settled))
        self._search_tree()

    def _show_refused(self, id: str, offer: OfferedPack | None) -> None:
        self.title.setText(f"{id} cannot be used" if id else "No rule pack")
        error = offer.error if offer is not None else None
        self.identity.setText(offer.place if offer is not None else "")
        self.tree.clear()
        self.tree.setVisible(False)
        missing = f"No folder holds a rule pack '{id}'. Untick it, or add the folder it lies in."
        self.details.setPlainText(str(error) if error is not None else missing if id else "")
        self.found.setText("Until this is mended nothing is tested by it; all else goes on.")

    # Searching ------------------------------------------------------------------------------

    @Slot(str)
    def _search(self, _sought: str) -> None:
        in_use = self._editor.project.packs if self._is_open else None
        self.packs.show_packs(self._offered, in_use, self._hits())
        if self._pack() is not None:
            self._search_tree()

    def _search_tree(self) -> None:
        sought = self.search.text().strip()
        number = self.tree.search(sought)
        in_force = f"Bold and ticked: in force at the end of {self.year}"
        self.found.setText(f"{number} found" if sought else in_force)

    # Choosing and settling ------------------------------------------------------------------

    @Slot(object)
    def _choose_packs(self, ids: tuple[str, ...]) -> None:
        before = self._editor.project.packs
        # Packs keep the order they have; those newly ticked come after.
        kept = tuple(id for id in before if id in ids)
        packs = (*kept, *(id for id in ids if id not in kept))
        if not packs:
            # A map that names no packs is tested by the usual ones, so the last one stays.
            self._show_packs()
            self.found.setText("A map is tested by at least one pack.")
            return
        added, removed = set(packs) - set(before), set(before) - set(packs)
        words = f"Test by {', '.join(sorted(added))}" if added else ""
        if removed:
            words = f"Test no more by {', '.join(sorted(removed))}"
        if added or removed:
            self._editor.apply(SetHeader("packs", packs), words)

    @Slot(object)
    def _on_row(self, row: Row | None) -> None:
        self._row = row
        self._show_question()
        if row is None:
            return
        details = row.details or "\n".join(filter(None, row.cells()))
        self.details.setPlainText(details)

    def _show_question(self) -> None:
        pack, row = self._pack(), self._row
        asked = pack.questions.get(row.question) if pack is not None and row is not None else None
        self.settle_label.setVisible(asked is not None)
        self.settle.setVisible(asked is not None)
        if asked is None:
            return
        self.settle_label.setText(f"How this map reads it: {asked.title}")
        self.settle.clear()
        usual = next((each.text for each in asked.readings if each.id == asked.default), "")
        taken = "every reading is evaluated"
        if asked.handling.value == "default":
            taken = f"taken meanwhile: {usual}"
        self.settle.addItem(f"left open ({taken})", None)
        for reading in asked.readings:
            self.settle.addItem(reading.text, reading.id)
        self.settle.setEnabled(self._is_open)
        if self._is_open:
            chosen = self._editor.project.header.readings.get(asked.id)
            self.settle.setCurrentIndex(max(0, self.settle.findData(chosen)))
        self.settle.setToolTip(
            self.settle.currentText() if self._is_open else "Open a map to settle the question."
        )

    @Slot()
    def _settle(self) -> None:
        pack, row = self._pack(), self._row
        if pack is None or row is None or row.question not in pack.questions:
            return
        asked = pack.questions[row.question]
        reading = self.settle.currentData()
        before = self._editor.project.header.readings
        after = {id: chosen for id, chosen in before.items() if id != asked.id}
        if reading is not None:
            after[asked.id] = reading
        if after != before:
            words = f"Settle '{asked.title}'" if reading else f"Leave '{asked.title}' open"
            self._editor.apply(SetHeader("readings", after), words)

    @Slot(object)
    def _on_changed(self, change: ChangeSet) -> None:
        """Follow the map's year, packs and readings, whoever changed them."""
        if not change.header & _FOLLOWED or not self.isVisible():
            return
        row = self._row
        self._show_packs()
        if row is not None:
            self.tree.choose(row.words)


def _count(rows: Sequence[Row], sought: str) -> int:
    """How many records, or parts of those that do not say it themselves, say what is sought."""
    found = 0
    for row in rows:
        if not row.is_section and row.holds(sought):
            found += 1
        else:
            found += _count(row.children, sought)
    return found


def _label(role: str, text: str = "") -> QLabel:
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(True)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if role:
        made.setProperty("role", role)
    return made
