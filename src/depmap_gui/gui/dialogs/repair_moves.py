"""The moves that a way back may be made of: each can be forbidden, and given a price."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from depmap_gui.analysis.repair_results import (
    DEFAULT_WEIGHTS,
    KIND_WORDS,
    Move,
    MoveKind,
    RepairRules,
)
from depmap_gui.analysis.repair_words import move_in_words
from depmap_gui.domain.fields import Unit
from depmap_gui.domain.project import Project
from depmap_gui.gui import numbers
from depmap_gui.gui.numbers_typed import NotUnderstood, read_number

_MOVE, _PRICE = 0, 1
_ID = Qt.ItemDataRole.UserRole
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_NO_PRICE = "no price"
_WEIGHT_TIP = (
    "What a move of this kind counts where it has no price: a rank of effort, no money. "
    "Double-click to change it."
)
_PRICE_TIP = (
    "What it costs more a year when done in full. Double-click to state a price; empty it to take "
    "the map's, or none."
)


class Wishes(msgspec.Struct, frozen=True):
    """What the analyst states of moves. Hashable, so that answers can be kept by it."""

    prices: tuple[tuple[str, float], ...] = ()
    weights: tuple[tuple[str, float], ...] = ()
    forbidden: frozenset[str] = frozenset()

    def rules(self) -> RepairRules:
        """The rules of the search."""
        return RepairRules(
            prices=dict(self.prices), weights=dict(self.weights), forbidden=self.forbidden
        )


class MovesTree(QTreeWidget):
    """Kinds of moves with their moves below: a check mark lets a move be made, the second column
    takes prices and weights. ``told`` says why an entry was not taken."""

    wished = Signal()
    reveal_asked = Signal(object)
    told = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Moves that may be made, with their prices")
        self.setColumnCount(2)
        self.setHeaderLabels(["Move", "Extra cost a year"])
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(_MOVE, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(_PRICE, QHeaderView.ResizeMode.ResizeToContents)
        self.setUniformRowHeights(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setIndentation(14)
        self.setItemDelegate(_Prices(self))
        self.currency = ""
        self._project = Project()
        self._moves: dict[str, Move] = {}
        self._prices: dict[str, float] = {}
        self._weights: dict[str, float] = {}
        self._forbidden: set[str] = set()
        self.itemChanged.connect(self._on_changed)
        self.itemDoubleClicked.connect(self._on_double_click)

    @property
    def wishes(self) -> Wishes:
        """What has been stated so far."""
        return Wishes(
            tuple(sorted(self._prices.items())),
            tuple(sorted(self._weights.items())),
            frozenset(self._forbidden),
        )

    def forget(self) -> None:
        """Drop all that was stated."""
        self._prices, self._weights, self._forbidden = {}, {}, set()
        self._moves = {}
        self.clear()

    def fill(self, project: Project, moves: Iterable[Move], currency: str) -> None:
        """Show these moves under their kinds."""
        self.currency = currency
        self._project = project
        self._moves = {move.id: move for move in moves}
        with QSignalBlocker(self):
            self.clear()
            for kind in MoveKind:
                mine = [move for move in self._moves.values() if move.kind is kind]
                if mine:
                    self._add_kind(kind, mine)
        self.expandAll()

    def _add_kind(self, kind: MoveKind, moves: Iterable[Move]) -> None:
        top = QTreeWidgetItem(self, [KIND_WORDS[kind], ""])
        top.setData(_MOVE, _ID, kind.value)
        top.setToolTip(_MOVE, KIND_WORDS[kind])
        top.setToolTip(_PRICE, _WEIGHT_TIP)
        top.setTextAlignment(_PRICE, _RIGHT)
        for move in moves:
            words = move_in_words(self._project, move)
            row = QTreeWidgetItem(top, [words, ""])
            row.setData(_MOVE, _ID, move.id)
            row.setToolTip(_MOVE, f"{words}\nDouble-click to show it on the map.")
            row.setToolTip(_PRICE, _PRICE_TIP)
            row.setTextAlignment(_PRICE, _RIGHT)
        self._show_kind(top)

    def _show_kind(self, top: QTreeWidgetItem) -> None:
        kind = str(top.data(_MOVE, _ID))
        weight = self._weights.get(kind, DEFAULT_WEIGHTS[MoveKind(kind)])
        top.setText(_PRICE, f"weight {weight:g}")
        rows = _below(top)
        for row in rows:
            id = str(row.data(_MOVE, _ID))
            allowed = id not in self._forbidden
            row.setCheckState(_MOVE, _check(allowed))
            row.setText(_PRICE, self._price_words(self._moves[id]))
        states = {row.checkState(_MOVE) for row in rows}
        mixed = Qt.CheckState.PartiallyChecked
        top.setCheckState(_MOVE, states.pop() if len(states) == 1 else mixed)

    def _price_words(self, move: Move) -> str:
        stated = self._prices.get(move.id)
        if stated is not None:
            return f"{numbers.money(stated, self.currency)} (stated)"
        return _NO_PRICE if move.on_map is None else numbers.money(move.on_map, self.currency)

    # What is stated ------------------------------------------------------------------------

    @Slot(QTreeWidgetItem, int)
    def _on_changed(self, row: QTreeWidgetItem, column: int) -> None:
        fault = ""
        with QSignalBlocker(self):
            top = row.parent() or row
            if column == _MOVE:
                allowed = row.checkState(_MOVE) is Qt.CheckState.Checked
                rows = [row] if row.parent() else _below(row)
                for each in rows:
                    self._allow(str(each.data(_MOVE, _ID)), allowed=allowed)
            else:
                fault = self._take(str(row.data(_MOVE, _ID)), row.text(_PRICE))
            self._show_kind(top)
        self.wished.emit()
        if fault:
            self.told.emit(fault)

    def _allow(self, move: str, *, allowed: bool) -> None:
        if allowed:
            self._forbidden.discard(move)
        else:
            self._forbidden.add(move)

    def _take(self, id: str, text: str) -> str:
        """Take a price or a weight as it was typed; says why where it is not taken."""
        is_kind = id in {kind.value for kind in MoveKind}
        stated = self._weights if is_kind else self._prices
        plain = text.replace("weight", "").replace("(stated)", "").strip()
        if not plain or plain == _NO_PRICE:
            stated.pop(id, None)
            return ""
        try:
            number = read_number(plain, Unit.NONE if is_kind else Unit.MONEY, self.currency)
        except NotUnderstood as fault:
            return str(fault)
        if number is None:
            stated.pop(id, None)
        elif is_kind and number <= 0.0:
            return "A weight is a number above 0: with none, a move would count for nothing."
        else:
            stated[id] = number
        return ""

    @Slot(QTreeWidgetItem, int)
    def _on_double_click(self, row: QTreeWidgetItem, column: int) -> None:
        if column == _PRICE:
            self.edit_price(row)
        elif (move := self._moves.get(str(row.data(_MOVE, _ID)))) is not None:
            self.reveal_asked.emit((move.record,))

    def edit_price(self, row: QTreeWidgetItem) -> None:
        """Let a price or weight be typed."""
        with QSignalBlocker(self):
            row.setFlags(row.flags() | Qt.ItemFlag.ItemIsEditable)
        self.editItem(row, _PRICE)

    def row_of(self, id: str) -> QTreeWidgetItem | None:
        """The row of a move or kind."""
        tops = _below(self.invisibleRootItem())
        rows = (row for top in tops for row in (top, *_below(top)))
        return next((row for row in rows if row.data(_MOVE, _ID) == id), None)


class _Prices(QStyledItemDelegate):
    """Where prices and weights are typed."""

    def createEditor(
        self,
        parent: QWidget,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> QWidget:
        """Qt: an editor for the cell, with a name for those who cannot see it."""
        editor = super().createEditor(parent, option, index)
        editor.setAccessibleName("Extra cost a year, or weight")
        return editor


def _below(top: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    children = (top.child(n) for n in range(top.childCount()))
    return [child for child in children if child is not None]


def _check(allowed: bool) -> Qt.CheckState:
    return Qt.CheckState.Checked if allowed else Qt.CheckState.Unchecked
