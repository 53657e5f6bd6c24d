"""Names that look like those on government lists, to be accepted or refused one by one."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from depmap_gui.gui import numbers
from depmap_gui.gui.dialogs.sizes import open_at
from depmap_gui.gui.editor import Editor
from depmap_gui.rules.listings import NameMatch
from depmap_gui.session.name_matches import (
    accept_label,
    acceptance,
    list_title,
    match_sentence,
    matches_of,
    refusal,
    refuse_label,
)

_HEADINGS = ("On this map", "Looks like", "On the list", "Listed", "How alike")
_WIDTHS = (190, 250, 250, 170)
_SIZE = (1080, 420)


class NameMatchesDialog(QDialog):
    """A table of likely matches. Whatever is decided is one step of the history."""

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle("Names on government lists")
        self._editor = editor
        self.matches: tuple[NameMatch, ...] = ()
        self.heading = QLabel()
        self.heading.setProperty("role", "heading")
        self.heading.setWordWrap(True)
        self.help = QLabel(
            "Nothing is taken for granted. Accept puts the company on the list; Not the same is "
            "remembered in the map and not asked again. Both can be undone."
        )
        self.help.setWordWrap(True)
        self.table = QTableWidget(0, len(_HEADINGS))
        self._set_up_table()
        self.accept_button = QPushButton("&Accept")
        self.accept_button.setToolTip("It is the same: put the company on the list")
        self.accept_button.setProperty("primary", True)
        self.refuse_button = QPushButton("&Not the same")
        self.refuse_button.setToolTip("It is another company: do not ask again")
        self.show_button = QPushButton("&Show on the map")
        close = QPushButton("C&lose")
        buttons = QHBoxLayout()
        for button in (self.accept_button, self.refuse_button, self.show_button):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        close.setAutoDefault(False)
        buttons.addStretch(1)
        buttons.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 14)
        layout.setSpacing(10)
        layout.addWidget(self.heading)
        layout.addWidget(self.help)
        layout.addWidget(self.table, 1)
        layout.addStretch(0)
        layout.addLayout(buttons)
        self.accept_button.clicked.connect(self.accept_match)
        self.refuse_button.clicked.connect(self.refuse_match)
        self.show_button.clicked.connect(self.show_match)
        close.clicked.connect(self.close)
        for signal in (editor.changed, editor.opened, editor.assessed):
            signal.connect(self.refresh)
        open_at(self, *_SIZE)
        self.refresh()

    def _set_up_table(self) -> None:
        table = self.table
        table.setAccessibleName("Companies and the listed names they look like")
        table.setHorizontalHeaderLabels(list(_HEADINGS))
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.setWordWrap(True)
        table.setStyleSheet("QTableView::item { padding: 5px 8px; }")
        table.verticalHeader().hide()
        rows = table.verticalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(len(_HEADINGS) - 1, QHeaderView.ResizeMode.Stretch)
        for column, width in enumerate(_WIDTHS):
            header.resizeSection(column, width)
        table.doubleClicked.connect(self._on_double_click)

    @Slot()
    def refresh(self, _change: object = None) -> None:
        """List the matches as the map stands; the selected row stays where it is."""
        found = matches_of(self._editor.project, self._editor.session.packs())
        row = max(0, self.table.currentRow())
        if found != self.matches or not self.heading.text():
            self.matches = found
            self._fill()
            self.table.selectRow(min(row, len(found) - 1))
        for button in (self.accept_button, self.refuse_button, self.show_button):
            button.setEnabled(bool(found))

    def _fill(self) -> None:
        count = len(self.matches)
        self.table.setVisible(count > 0)
        self.help.setVisible(count > 0)
        if not count:
            self.heading.setText(
                "No company on this map looks like a listed one that is not settled yet."
            )
        elif count == 1:
            self.heading.setText("One name looks like one on a government list")
        else:
            self.heading.setText(f"{count} names look like some on government lists")
        self.table.setRowCount(count)
        project, packs = self._editor.project, self._editor.session.packs()
        for row, found in enumerate(self.matches):
            match = found.match
            until = f" – {numbers.day(match.person.off)}" if match.person.off else ""
            known = match.person.name
            if match.name != known:
                known += f" ({match.name})"
            cells = (
                project.name(found.company),
                known,
                list_title(packs, match.list),
                f"from {numbers.day(match.person.on)}{until}",
                match.likeness.words,
            )
            for column, text in enumerate(cells):
                item = QTableWidgetItem(text)
                item.setToolTip(match_sentence(project, packs, found))
                self.table.setItem(row, column, item)

    def current(self) -> NameMatch | None:
        """The match that is selected."""
        row = self.table.currentRow()
        return self.matches[row] if 0 <= row < len(self.matches) else None

    @Slot()
    def accept_match(self) -> None:
        """It is the same: put the company on the list."""
        if (match := self.current()) is not None:
            project, packs = self._editor.project, self._editor.session.packs()
            self._editor.apply(acceptance(project, match), accept_label(project, packs, match))

    @Slot()
    def refuse_match(self) -> None:
        """It is not: remember that."""
        if (match := self.current()) is not None:
            project, packs = self._editor.project, self._editor.session.packs()
            self._editor.apply(refusal(project, match), refuse_label(project, packs, match))

    @Slot()
    def show_match(self) -> None:
        """Bring the company into sight on the map."""
        if (match := self.current()) is not None:
            self._editor.reveal((match.company,))

    @Slot(QModelIndex)
    def _on_double_click(self, _index: QModelIndex) -> None:
        self.show_match()
