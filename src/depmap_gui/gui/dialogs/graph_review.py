"""What files of other programs would bring onto the map, to look at before it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from depmap_gui.gui.dialogs.import_wizard_parts import button, label
from depmap_gui.gui.dialogs.import_wizard_review_rows import Line, LineModel
from depmap_gui.gui.numbers import count
from depmap_gui.gui.theme import Theme, Tone
from depmap_gui.session.formats import Joined, LeftOut, Reading

_SIZE = (820, 520)
_WIDTHS = (150, 330)
_MOST_WRAPPED = 200
_GRANTED, _OUT = "taken for granted", "left out"
# fmt: off
_WORDS = {
    "company": ("company", "companies"), "supplies": ("supply link", "supply links"),
    "owns": ("holding", "holdings"), "operates": ("operator", "operators"),
    "located": ("location", "locations"), "lends": ("loan", "loans"),
    "licenses": ("grant of a license", "grants of licenses"),
    "uses": ("use of a license", "uses of licenses"),
}
# fmt: on


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """What comes of some files: each counted in the file's own words and in the map's.

    ``filled`` counts items and links whose empty fields are filled, ``unchanged`` those that the
    map has just so; ``lines`` are all that is told, each with what it is and why.
    """

    names: tuple[str, ...]
    format: str
    read: Mapping[str, int]
    added: Mapping[str, int]
    filled: int = 0
    unchanged: int = 0
    lines: tuple[tuple[str, str, str], ...] = ()
    is_new: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether the map would stay as it is."""
        return not (self.added or self.filled)


def account_of(
    readings: Sequence[Reading], taken: Sequence[Joined], left_out: Sequence[LeftOut] = ()
) -> Account:
    """The account of files read: joined with the open map, or (with none joined) as a new map."""
    lines = [(_GRANTED, note, "") for reading in readings for note in reading.notes]
    out = [*(one for reading in readings for one in reading.left_out), *left_out]
    out += [one for each in taken for one in each.left_out]
    lines += [(_OUT, one.what, one.why) for one in out]
    return Account(
        names=tuple(reading.name for reading in readings),
        format=" and ".join(dict.fromkeys(str(reading.format) for reading in readings)),
        read=_summed(reading.read for reading in readings),
        added=_summed(each.added for each in taken) if taken else _summed(r.made for r in readings),
        filled=sum(each.filled for each in taken),
        unchanged=sum(each.unchanged for each in taken),
        lines=tuple(lines),
        is_new=not taken,
    )


def _summed(counted: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for each in counted:
        for what, number in each.items():
            total[what] = total.get(what, 0) + number
    # Sources go without saying: they come last.
    return {what: total[what] for what in sorted(total, key=_is_source) if total[what]}


def _is_source(what: str) -> bool:
    return what == "source"


def sentence(account: Account) -> str:
    """What the import would do, in a sentence."""
    names = " and ".join(f"“{name}”" for name in account.names[:3])
    rest = len(account.names) - 3
    names += f" and {count(rest)} more files" if rest > 0 else ""
    one = "add" if len(account.names) > 1 else "adds"
    if account.is_empty:
        return f"{names}: the map says all of this already. There is nothing to import."
    parts = [_counted(what, number) for what, number in account.added.items()]
    added = _listed(parts)
    if account.is_new:
        return f"{names} {'make' if len(account.names) > 1 else 'makes'} a new map of {added}."
    fills = f"fills empty fields of {_counted('item or link', account.filled)}"
    both = " and ".join(
        filter(None, (f"{one} {added}" if added else "", fills if account.filled else ""))
    )
    return f"{names} {both}."


def about(account: Account) -> str:
    """What the files hold in their own words, and what the map has already."""
    held = _listed([f"{count(number)} {what}" for what, number in account.read.items()])
    words = f"Read as {account.format}: {held}." if held else f"Read as {account.format}."
    if account.unchanged:
        words += f" {count(account.unchanged)} of them are on the map just so."
    return words


def as_text(account: Account) -> str:
    """The whole account, to paste into a letter."""
    lines = [sentence(account), about(account)]
    lines += [f"- {kind}: {what}{f' ({why})' if why else ''}" for kind, what, why in account.lines]
    return "\n".join(lines) + "\n"


class GraphReview(QDialog):
    """The account with a list to search. It is accepted with Import; until then nothing is done."""

    def __init__(self, account: Account, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.account = account
        self.setWindowTitle(f"Import {account.names[0]}")
        self.setSizeGripEnabled(True)
        heading = label(sentence(account), "heading")
        self.model = LineModel(("", "What", "Why"), theme, self)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search the list")
        self.search.setAccessibleName("Search what is told")
        self.search.setClearButtonEnabled(True)
        self.toggles = {kind: self._toggle(kind) for kind in (_OUT, _GRANTED)}
        self.table = self._made_table()
        self.none = label(
            "Everything in the file has its place on the map; nothing was taken for granted.",
            "muted",
        )
        self.import_button = button("&Import", self.accept, "Make it one step of the history")
        self.import_button.setProperty("primary", True)
        self.import_button.setEnabled(not account.is_empty)
        self._lay_out(heading)
        self.search.textChanged.connect(self._narrow)
        self._narrow()
        self.resize(*_SIZE)

    def _lay_out(self, heading: QWidget) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 14)
        layout.setSpacing(10)
        layout.addWidget(heading)
        layout.addWidget(label(about(self.account), "muted"))
        if self.account.lines:
            bar = QHBoxLayout()
            bar.addWidget(self.search, 1)
            for toggle in self.toggles.values():
                bar.addWidget(toggle)
                toggle.setVisible(toggle.isEnabled())
            layout.addLayout(bar)
            layout.addWidget(self.table, 1)
        else:
            layout.addWidget(self.none)
            layout.addStretch(1)
        after = "a new map opens" if self.account.is_new else "undo takes all of it back"
        if not self.account.is_empty:
            layout.addWidget(label(f"Nothing has been done yet. With Import {after}.", "muted"))
        buttons = QHBoxLayout()
        buttons.addWidget(button("&Copy as text", self._copy, "Copy all of this, for a letter"))
        buttons.addStretch(1)
        leave = button("Close" if self.account.is_empty else "Cancel", self.reject, "Esc")
        buttons.addWidget(leave)
        buttons.addWidget(self.import_button)
        layout.addLayout(buttons)
        (leave if self.account.is_empty else self.import_button).setDefault(True)

    def _toggle(self, kind: str) -> QCheckBox:
        number = sum(line[0] == kind for line in self.account.lines)
        made = QCheckBox(f"{count(number)} {kind}")
        made.setChecked(True)
        made.setEnabled(bool(number))
        made.toggled.connect(self._narrow)
        return made

    def _made_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setAccessibleName("What was left out or taken for granted")
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(26)
        header = table.horizontalHeader()
        header.setStretchLastSection(True)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for at, width in enumerate(_WIDTHS):
            table.setColumnWidth(at, width)
        return table

    @Slot()
    def _narrow(self) -> None:
        kinds = {kind for kind, toggle in self.toggles.items() if toggle.isChecked()}
        wanted = self.search.text().casefold().split()
        found = [
            line
            for line in self.account.lines
            if line[0] in kinds and all(word in " ".join(line).casefold() for word in wanted)
        ]
        self.model.show(len(found), _liner(found))
        self.table.clearSpans()
        for row, line in enumerate(found[:_MOST_WRAPPED]):
            if not line[2]:
                # What was taken for granted is a sentence: it may run over the last column.
                self.table.setSpan(row, 1, 1, 2)
                self.table.resizeRowToContents(row)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: the dialog got another size; sentences break elsewhere."""
        super().resizeEvent(event)
        self._narrow()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(as_text(self.account))


def _liner(found: list[tuple[str, str, str]]) -> Callable[[int], Line]:
    def line(number: int) -> Line:
        words = found[number]
        return Line(words, Tone.WARN if words[0] == _OUT else None, "", None)

    return line


def _counted(kind: str, number: int) -> str:
    one, several = _WORDS.get(kind, (kind, "items or links" if " " in kind else f"{kind}s"))
    return f"{count(number)} {one if number == 1 else several}"


def _listed(parts: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))
