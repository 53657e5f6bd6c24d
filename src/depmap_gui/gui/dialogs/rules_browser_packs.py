"""The rule packs to choose from, and the folders of one's own that they are taken from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from depmap_gui.gui.icons import icon
from depmap_gui.gui.theme import Theme, Tone
from depmap_gui.session.rules import OfferedPack, folder_fault

_ID = Qt.ItemDataRole.UserRole
_AROUND = 16
_MARK = 44
_NARROWEST = 120
"""Room above and below the lines of a pack, the ring around the current one included."""


class PacksPane(QWidget):
    """Packs with a box to tick for those of the map, and the user's folders below.

    ``chosen`` carries a pack's id, ``ticked`` the ids of all that are ticked, ``folders_changed``
    all the user's folders.
    """

    chosen = Signal(str)
    ticked = Signal(object)
    folders_changed = Signal(object)
    read_again = Signal()

    def __init__(self, theme: Theme, ask: Callable[[Path], Path | None]) -> None:
        super().__init__()
        self.theme = theme
        self._ask = ask
        self._folders: tuple[Path, ...] = ()
        self._fixed: tuple[Path, ...] = ()
        self._is_filling = False
        self.packs = QListWidget()
        self.packs.setAccessibleName("Rule packs")
        self.packs.setWordWrap(True)
        self.packs.setIconSize(QSize(16, 16))
        self.packs.setSpacing(1)
        self.packs.viewport().installEventFilter(self)
        self.folders = QListWidget()
        self.folders.setAccessibleName("Your folders of rule packs")
        self.folders.setWordWrap(True)
        self.folders.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.folders.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.folders.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.folders.setMinimumHeight(76)
        self.add_button = QPushButton("&Add folder…")
        self.add_button.setToolTip("Take rule packs or lists from a folder of your own")
        self.remove_button = QPushButton("&Remove")
        self.remove_button.setToolTip("Take nothing more from the selected folder")
        self.again_button = QPushButton("Read a&gain")
        self.again_button.setToolTip("Read all packs and lists again after a change on disk")
        self._lay_out()
        self.packs.currentItemChanged.connect(self._on_current)
        self.packs.itemChanged.connect(self._on_ticked)
        self.folders.currentRowChanged.connect(self._enable)
        self.add_button.clicked.connect(self.add_folder)
        self.remove_button.clicked.connect(self.remove_folder)
        self.again_button.clicked.connect(self.read_again)

    def _lay_out(self) -> None:
        self.packs_caption = _section("Rule packs")
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        for button in (self.add_button, self.remove_button):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.again_button.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 14, 8, 12)
        column.setSpacing(6)
        column.addWidget(self.packs_caption)
        column.addWidget(self.packs, 6)
        column.addWidget(_section("Your folders"))
        column.addWidget(self.folders, 1)
        column.addLayout(buttons)
        column.addWidget(self.again_button, 0, Qt.AlignmentFlag.AlignLeft)

    # Packs ---------------------------------------------------------------------------------

    def show_packs(
        self,
        offered: Sequence[OfferedPack],
        in_use: Sequence[str] | None,
        hits: Mapping[str, int] | None = None,
    ) -> None:
        """List the packs; ``in_use`` are the open map's, None where none is open.

        ``hits`` says how often what is sought was found in each.
        """
        current = self.current_id()
        self._is_filling = True
        self.packs.clear()
        unknown = [id for id in in_use or () if all(id != each.id for each in offered)]
        for each in offered:
            self.packs.addItem(self._pack_item(each, in_use, hits))
        for id in unknown:
            item = QListWidgetItem(f"{id}\nnot found in any folder")
            self._mark(item, id, in_use, Tone.BAD)
            self.packs.addItem(item)
        self._size_items()
        self._is_filling = False
        caption = "Rule packs, ticked where this map is tested by them"
        self.packs_caption.setText(caption if in_use is not None else "Rule packs")
        wanted = current or next(iter(in_use or ()), "")
        rows = [self.packs.item(row).data(_ID) for row in range(self.packs.count())]
        if rows:
            self.packs.setCurrentRow(rows.index(wanted) if wanted in rows else 0)

    def _pack_item(
        self, each: OfferedPack, in_use: Sequence[str] | None, hits: Mapping[str, int] | None
    ) -> QListWidgetItem:
        if each.pack is None:
            count = len(each.error.faults) if each.error is not None else 0
            faults = f"{count} fault{'' if count == 1 else 's'}"
            text, tone = f"{each.id}\nrefused: {faults}", Tone.BAD
        else:
            own = "" if not each.pack.origin.words else " · yours"
            # What stands before the colon names the pack; the whole title is the tooltip.
            title = each.pack.title.split(":")[0]
            text, tone = f"{title}\n{each.id} · {each.pack.version}{own}", None
        if hits is not None:
            found = hits.get(each.id, 0)
            text += f" · {found} found" if found else " · nothing found"
        item = QListWidgetItem(text)
        item.setToolTip(f"{each.pack.title if each.pack else each.id}\n{each.place}")
        self._mark(item, each.id, in_use, tone)
        return item

    def _mark(
        self, item: QListWidgetItem, id: str, in_use: Sequence[str] | None, tone: Tone | None
    ) -> None:
        item.setData(_ID, id)
        if tone is not None:
            item.setIcon(icon(tone.icon, self.theme, self.theme.ink(tone), 16))
        if in_use is not None:
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            is_used = id in in_use
            item.setCheckState(Qt.CheckState.Checked if is_used else Qt.CheckState.Unchecked)

    def _size_items(self) -> None:
        """Let each pack be as high as its words are where they are wrapped."""
        metrics = self.packs.fontMetrics()
        width = max(_NARROWEST, self.packs.viewport().width() - _MARK)
        for row in range(self.packs.count()):
            item = self.packs.item(row)
            wrapped = metrics.boundingRect(
                QRect(0, 0, width, 10_000), Qt.TextFlag.TextWordWrap, item.text()
            )
            item.setSizeHint(QSize(0, wrapped.height() + _AROUND))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt: the list is as wide as it will be only now, and its words are wrapped elsewhere."""
        if event.type() is QEvent.Type.Resize:
            self._is_filling, was = True, self._is_filling
            self._size_items()
            self._is_filling = was
        return super().eventFilter(watched, event)

    def current_id(self) -> str:
        """The id of the pack that is looked at; empty where none is."""
        row = self.packs.currentRow()
        return str(self.packs.item(row).data(_ID)) if row >= 0 else ""

    def look_at(self, id: str) -> None:
        """Make a pack the one that is looked at."""
        for row in range(self.packs.count()):
            if self.packs.item(row).data(_ID) == id:
                self.packs.setCurrentRow(row)

    def tick(self, id: str, *, is_on: bool) -> None:
        """Tick or untick a pack, as a person does."""
        for row in range(self.packs.count()):
            if self.packs.item(row).data(_ID) == id:
                state = Qt.CheckState.Checked if is_on else Qt.CheckState.Unchecked
                self.packs.item(row).setCheckState(state)

    def _on_current(self, item: QListWidgetItem | None) -> None:
        if item is not None and not self._is_filling:
            self.chosen.emit(str(item.data(_ID)))

    def _on_ticked(self, _item: QListWidgetItem) -> None:
        if self._is_filling:
            return
        items = [self.packs.item(row) for row in range(self.packs.count())]
        on = tuple(
            str(item.data(_ID)) for item in items if item.checkState() is Qt.CheckState.Checked
        )
        self.ticked.emit(on)

    # Folders -------------------------------------------------------------------------------

    def show_folders(self, fixed: Sequence[Path], own: Sequence[Path]) -> None:
        """List the folders; ``fixed`` ones come from the environment and cannot be removed."""
        self._fixed, self._folders = tuple(fixed), tuple(own)
        self.folders.clear()
        for folder in (*fixed, *own):
            fault = folder_fault(folder)
            text = str(folder) + (" (from DEPMAP_RULES)" if folder in self._fixed else "")
            item = QListWidgetItem(text)
            item.setToolTip(fault or str(folder))
            if fault:
                item.setText(fault)
                ink = self.theme.ink(Tone.WARN)
                item.setIcon(icon(Tone.WARN.icon, self.theme, ink, 16))
            self.folders.addItem(item)
        if not self.folders.count():
            empty = QListWidgetItem("None. A folder of your own adds packs and lists, or stands "
                                    "in place of those that ship.")  # fmt: skip
            empty.setFlags(Qt.ItemFlag.NoItemFlags)
            self.folders.addItem(empty)
        self._enable()

    def add_folder(self) -> None:
        """Ask for a folder and take it in."""
        start = self._folders[-1].parent if self._folders else Path.home()
        folder = self._ask(start)
        if folder is not None and folder not in (*self._fixed, *self._folders):
            self.folders_changed.emit((*self._folders, folder))

    def remove_folder(self) -> None:
        """Leave the selected folder out from now on."""
        at = self.folders.currentRow() - len(self._fixed)
        if 0 <= at < len(self._folders):
            kept = (*self._folders[:at], *self._folders[at + 1 :])
            self.folders_changed.emit(kept)

    def _enable(self) -> None:
        at = self.folders.currentRow() - len(self._fixed)
        self.remove_button.setEnabled(0 <= at < len(self._folders))


def _section(text: str) -> QLabel:
    made = QLabel(text)
    made.setProperty("role", "section")
    made.setWordWrap(True)
    return made
