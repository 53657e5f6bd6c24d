"""The changes of the scenario that is shown, as rows for a list."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from depmap_gui.domain.differences import Change
from depmap_gui.domain.scenario_words import ChangeTold
from depmap_gui.gui.icons import icon
from depmap_gui.gui.numbers import in_locale
from depmap_gui.gui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_ICONS = {Change.ADDED: "plus", Change.REMOVED: "minus", Change.CHANGED: "pencil"}


class ChangeRows(QAbstractListModel):
    """One row a change: a sign of what becomes of the item, and the sentence."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.changes: tuple[ChangeTold, ...] = ()

    def set_theme(self, theme: Theme) -> None:
        """Wear other colors."""
        self._theme = theme
        self.layoutChanged.emit()

    def fill(self, changes: tuple[ChangeTold, ...]) -> None:
        """List these; nothing moves where they are listed already."""
        if changes != self.changes:
            self.beginResetModel()
            self.changes = changes
            self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Qt: one row a change."""
        return 0 if parent.isValid() else len(self.changes)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: what a row shows."""
        told = self.changes[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return in_locale(_text(told))
            case Qt.ItemDataRole.AccessibleTextRole:
                return in_locale(f"{told.what}: {_text(told)}")
            case Qt.ItemDataRole.DecorationRole:
                name = "warning" if told.unfit else _ICONS[told.what]
                ink = self._theme.ineligible_text if told.unfit else self._theme.muted
                return icon(name, self._theme, ink, 16)
            case Qt.ItemDataRole.ForegroundRole if told.unfit:
                return QColor(self._theme.ineligible_text)
        return None


def _text(told: ChangeTold) -> str:
    return f"{told.words} Left out: {told.unfit}" if told.unfit else told.words
