"""The outline's rows: five kinds, and below each its items, with a figure to the right."""

from __future__ import annotations

from math import isnan
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from depmap_gui.domain.kinds import EntityKind
from depmap_gui.domain.records import AnyEntity, Jurisdiction
from depmap_gui.gui.coloring import Coloring, exposures
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.numbers import UNKNOWN_TEXT, percent
from depmap_gui.gui.theme import Theme, color, font

Index = QModelIndex | QPersistentModelIndex
ID = Qt.ItemDataRole.UserRole
FIGURE = Qt.ItemDataRole.UserRole + 1
KIND = Qt.ItemDataRole.UserRole + 2
FRESH = Qt.ItemDataRole.UserRole + 3
_ROOT = QModelIndex()
_NEARLY_ALL = 0.9995

PLURALS: dict[EntityKind, str] = {
    EntityKind.PLANT: "Plants",
    EntityKind.COMPANY: "Companies",
    EntityKind.LICENSE: "Licenses",
    EntityKind.MATERIAL: "Materials",
    EntityKind.JURISDICTION: "Jurisdictions",
}
"""What the items of each kind are called together, in the outline's order."""


class OutlineModel(QAbstractItemModel):
    """Kinds that have items, and their items by name."""

    def __init__(self, editor: Editor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._kinds: list[EntityKind] = []
        self._items: dict[EntityKind, list[AnyEntity]] = {}
        self._places: dict[str, tuple[EntityKind, int]] = {}

    def fill(self) -> None:
        """Read the items anew."""
        self.beginResetModel()
        self._items = {kind: [] for kind in PLURALS}
        for entity in self._editor.project.entities.values():
            self._items[entity.kind].append(entity)
        for items in self._items.values():
            items.sort(key=lambda entity: (entity.name or entity.id).casefold())
        self._kinds = [kind for kind, items in self._items.items() if items]
        self._places = {
            entity.id: (kind, row)
            for kind in self._kinds
            for row, entity in enumerate(self._items[kind])
        }
        self.endResetModel()

    def refresh_figures(self) -> None:
        """Say that every figure may be another."""
        for row, kind in enumerate(self._kinds):
            parent = self.index(row, 0)
            last = self.index(len(self._items[kind]) - 1, 0, parent)
            self.dataChanged.emit(self.index(0, 0, parent), last, [FIGURE, FRESH])

    def index_of(self, id: str) -> QModelIndex:
        """Where an item stands; invalid for what is not an item."""
        place = self._places.get(id)
        if place is None:
            return QModelIndex()
        kind, row = place
        return self.index(row, 0, self.index(self._kinds.index(kind), 0))

    # Qt's questions ------------------------------------------------------------------------

    def index(self, row: int, column: int, parent: Index = _ROOT) -> QModelIndex:
        """Qt: the place of a row; items carry their kind's row plus one as internal id."""
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else 0)

    def parent(self, index: Index = _ROOT) -> QModelIndex:  # type: ignore[override]  # two forms in Qt, of which the stub takes one
        """Qt: the kind an item stands under."""
        above = index.internalId() if index.isValid() else 0
        return self.createIndex(above - 1, 0, 0) if above else QModelIndex()

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Qt: kinds at the top, items below them."""
        if not parent.isValid():
            return len(self._kinds)
        return 0 if parent.internalId() else len(self._items[self._kinds[parent.row()]])

    def columnCount(self, _parent: Index = _ROOT) -> int:
        """Qt: one column; the figure is painted into it."""
        return 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: what a row shows."""
        above = index.internalId()
        if not above:
            return self._of_kind(self._kinds[index.row()], role)
        return self._of_item(self._items[self._kinds[above - 1]][index.row()], role)

    def _of_kind(self, kind: EntityKind, role: int) -> Any:
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return PLURALS[kind]
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{PLURALS[kind]}, {len(self._items[kind])}"
            case _ if role == FIGURE:
                return str(len(self._items[kind]))
            case _ if role == KIND:
                return kind
        return None

    def _of_item(self, entity: AnyEntity, role: int) -> Any:
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return entity.name or entity.id
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{entity.kind} {entity.name or entity.id} {self._figure(entity)}".strip()
            case _ if role == ID:
                return entity.id
            case _ if role == FIGURE:
                return self._figure(entity)
            case _ if role == KIND:
                return entity.kind
            case _ if role == FRESH:
                return self._editor.is_fresh
        return None

    def _figure(self, entity: AnyEntity) -> str:
        """Documented share of the score the map is colored by; a jurisdiction's code."""
        if isinstance(entity, Jurisdiction):
            return entity.code
        editor = self._editor
        coloring = Coloring(editor.color_by, editor.jurisdiction)
        lows, highs = exposures((entity,), editor.assessment, coloring)
        low, high = float(lows[0]), float(highs[0])
        if isnan(low):
            return ""
        if low == 0 and high >= _NEARLY_ALL:
            return UNKNOWN_TEXT
        if low == 0 and high > 0:
            return f"≤ {percent(high)}"
        return percent(low)


class OutlineDelegate(QStyledItemDelegate):
    """Paints a kind as a heading with a colored mark, an item indented, figures to the right."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.theme = theme

    def set_theme(self, theme: Theme) -> None:
        """Wear other colors."""
        self.theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Qt: one line of text with some air."""
        return QSize(120, option.fontMetrics.height() + 9)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Qt: draw one row."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_kind = not index.data(ID)
        self._paint_ground(painter, option, is_kind)
        rect = option.rect.adjusted(12, 0, -12, 0)
        figure = str(index.data(FIGURE) or "")
        left = self._paint_figure(painter, rect, figure, is_kind or not index.data(FRESH))
        if is_kind:
            self._paint_mark(painter, rect, EntityKind(index.data(KIND)))
            painter.setPen(QColor(self.theme.text))
            painter.setFont(font(weight=QFont.Weight.DemiBold))
        else:
            is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
            painter.setPen(QColor(self.theme.accent_text if is_selected else self.theme.text))
            painter.setFont(font())
        words = QRect(rect.left() + 15, rect.top(), left - rect.left() - 21, rect.height())
        text = painter.fontMetrics().elidedText(
            str(index.data()), Qt.TextElideMode.ElideRight, words.width()
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, is_kind: bool) -> None:
        if option.state & QStyle.StateFlag.State_Selected and not is_kind:
            painter.fillRect(option.rect, QColor(self.theme.accent_tint))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(option.rect, QColor(self.theme.hover))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QColor(self.theme.accent))
            painter.drawRoundedRect(option.rect.adjusted(1, 1, -2, -2), 4, 4)

    def _paint_figure(self, painter: QPainter, rect: QRect, figure: str, is_faint: bool) -> int:
        """Draw the figure at the right; returns where it begins. Faint: a count, or stale."""
        painter.setFont(font(tabular=True))
        painter.setPen(color(self.theme.muted if is_faint else self.theme.text))
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, figure)
        return rect.right() - painter.fontMetrics().horizontalAdvance(figure)

    def _paint_mark(self, painter: QPainter, rect: QRect, kind: EntityKind) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.theme.kind(kind)))
        painter.drawRoundedRect(rect.left(), rect.center().y() - 3, 8, 8, 2.5, 2.5)
