"""The outline's rows: kinds with their items, then the view's groups, notes and frames."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import nsmallest
from math import isnan
from typing import Any, NamedTuple

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
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import AnyEntity, Company, Jurisdiction, License, Material, Plant
from depmap_gui.domain.views import Box, Group, Note
from depmap_gui.gui.coloring import Coloring, exposures
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.numbers import UNKNOWN_TEXT, percent
from depmap_gui.gui.numbers import count as count_text
from depmap_gui.gui.theme import Theme, color, font

Index = QModelIndex | QPersistentModelIndex
ID = Qt.ItemDataRole.UserRole
FIGURE = Qt.ItemDataRole.UserRole + 1
KIND = Qt.ItemDataRole.UserRole + 2
FRESH = Qt.ItemDataRole.UserRole + 3
DIMMED = Qt.ItemDataRole.UserRole + 4
GROUP = Qt.ItemDataRole.UserRole + 5
_ROOT = QModelIndex()
_NEARLY_ALL = 0.9995
MOST_LISTED = 2_000
"""Rows of one branch that Qt lays out; it asks for each, and nobody reads through more."""

PLURALS: dict[EntityKind, str] = {
    EntityKind.PLANT: "Plants",
    EntityKind.COMPANY: "Companies",
    EntityKind.LICENSE: "Licenses",
    EntityKind.MATERIAL: "Materials",
    EntityKind.JURISDICTION: "Jurisdictions",
}
"""What the items of each kind are called together, in the outline's order."""


class Row(NamedTuple):
    """One line of a branch: an item (``entity``), a group with its members, a note or a frame."""

    id: str
    words: str
    entity: AnyEntity | None = None
    members: tuple[str, ...] = ()
    note: str = ""


class Branch(NamedTuple):
    """A heading with its rows; ``kind`` is that of its items, None for what the view draws.

    ``there`` is how many there are; of very many only the first have rows.
    """

    title: str
    kind: EntityKind | None
    rows: list[Row]
    there: int = 0

    @property
    def tally(self) -> str:
        """How many there are, and how many of them are listed where that is not all."""
        if len(self.rows) == self.there:
            return str(self.there)
        return f"first {count_text(len(self.rows))} of {count_text(self.there)}"


class OutlineModel(QAbstractItemModel):
    """Kinds that have items, and their items by name; the view's groups, notes and frames."""

    def __init__(self, editor: Editor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._branches: list[Branch] = []
        self._places: dict[str, tuple[int, int]] = {}
        self._hidden: frozenset[str] = frozenset()
        self._group_of: dict[str, str] = {}
        self._read: tuple[object, ...] = ()

    def fill(self, letters: str = "") -> None:
        """Read the items and the view anew; only rows that have the letters in their words."""
        self.beginResetModel()
        view, project = self._editor.view, self._editor.project
        branches = [
            _listed(Branch(words, kind, []), _of(project, kind), letters)
            for kind, words in PLURALS.items()
        ]
        groups = [
            Row(group.id, group.name or "Group", members=group.members, note=_count(group))
            for group in view.groups
            if any(id in project.entities for id in group.members)
        ]
        boxes = [Row(box.id, _words_of(box), note=_noun(box)) for box in view.boxes if box.id]
        branches.append(_narrowed(Branch("Groups", None, groups), letters))
        branches.append(_narrowed(Branch("Notes and frames", None, boxes), letters))
        self._branches = [branch for branch in branches if branch.rows]
        self._places = {
            row.id: (above, number)
            for above, branch in enumerate(self._branches)
            for number, row in enumerate(branch.rows)
        }
        self._hidden = frozenset(view.hidden)
        self._group_of = {
            id: group.name or "Group" for group in view.groups for id in group.members
        }
        self._read = self._shown_of_view()
        self.endResetModel()

    def renew(self, ids: Iterable[str]) -> bool:
        """Take other values of these items; False, with nothing done, where one has a new name.

        What is called as before stands where it stood.
        """
        entities = self._editor.project.entities
        places = [(self._places[id], entities[id]) for id in ids if id in self._places]
        was_listed = all(id in self._places for id in ids)
        if not was_listed or any(
            self._branches[above].rows[number].words != (entity.name or entity.id)
            for (above, number), entity in places
        ):
            return False
        for (above, number), entity in places:
            rows = self._branches[above].rows
            rows[number] = rows[number]._replace(entity=entity)
            index = self.createIndex(number, 0, above + 1)
            self.dataChanged.emit(index, index)
        return True

    def is_outdated(self) -> bool:
        """Whether the view's groups, notes, frames or hidden things are others than were read."""
        return self._read != self._shown_of_view()

    def meant(self, id: str) -> tuple[str, ...]:
        """What a row of this id stands for: a group for its items."""
        row = self._row(id)
        return row.members if row is not None and row.members else (id,)

    def index_of(self, id: str) -> QModelIndex:
        """Where an item, group, note or frame stands; invalid for what is none."""
        place = self._places.get(id)
        if place is None:
            return QModelIndex()
        return self.createIndex(place[1], 0, place[0] + 1)

    def runs_of(self, ids: Iterable[str]) -> list[tuple[QModelIndex, QModelIndex]]:
        """Where these stand, from top to bottom: first and last of rows that follow each other."""
        places = sorted({self._places[id] for id in ids if id in self._places})
        found: list[tuple[int, int, int]] = []
        for above, number in places:
            if found and found[-1][0] == above and found[-1][2] == number - 1:
                found[-1] = (above, found[-1][1], number)
            else:
                found.append((above, number, number))
        return [
            (self.createIndex(first, 0, above + 1), self.createIndex(last, 0, above + 1))
            for above, first, last in found
        ]

    def _row(self, id: str) -> Row | None:
        place = self._places.get(id)
        return None if place is None else self._branches[place[0]].rows[place[1]]

    def _shown_of_view(self) -> tuple[object, ...]:
        view = self._editor.view
        boxes = tuple((box.id, box.words) for box in view.boxes)
        return (view.id, view.groups, view.hidden, boxes)

    # Qt's questions ------------------------------------------------------------------------

    def index(self, row: int, column: int, parent: Index = _ROOT) -> QModelIndex:
        """Qt: the place of a row; it carries its branch's number plus one as internal id."""
        above = parent.row() + 1 if parent.isValid() else 0
        # Asking Qt whether there is such a row would cost as much as all the rest.
        rows = self._branches[above - 1].rows if above else self._branches
        if column or not 0 <= row < len(rows) or (above and parent.internalId()):
            return QModelIndex()
        return self.createIndex(row, column, above)

    def parent(self, index: Index = _ROOT) -> QModelIndex:  # type: ignore[override]  # two forms in Qt, of which the stub takes one
        """Qt: the branch a row stands under."""
        above = index.internalId() if index.isValid() else 0
        return self.createIndex(above - 1, 0, 0) if above else QModelIndex()

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Qt: branches at the top, rows below them."""
        if not parent.isValid():
            return len(self._branches)
        return 0 if parent.internalId() else len(self._branches[parent.row()].rows)

    def columnCount(self, _parent: Index = _ROOT) -> int:
        """Qt: one column; the figure is painted into it."""
        return 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: what a row shows."""
        above = index.internalId()
        if not above:
            return self._of_branch(self._branches[index.row()], role)
        row = self._branches[above - 1].rows[index.row()]
        return self._of_box(row, role) if row.entity is None else self._of_item(row.entity, role)

    def _of_branch(self, branch: Branch, role: int) -> Any:
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return branch.title
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{branch.title}, {branch.tally}"
            case Qt.ItemDataRole.ToolTipRole if len(branch.rows) < branch.there:
                return f"{branch.title}: {branch.tally}. Type a name above to find the others."
            case _ if role == FIGURE:
                return branch.tally
            case _ if role == KIND:
                return branch.kind
        return None

    def _of_box(self, row: Row, role: int) -> Any:
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return row.words
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{row.note} {row.words}".strip()
            case _ if role == ID:
                return row.id
            case _ if role == FIGURE:
                return row.note
            case _ if role == FRESH:
                return False
            case _ if role == DIMMED:
                return row.id in self._hidden
        return None

    def _of_item(self, entity: AnyEntity, role: int) -> Any:
        name = entity.name or entity.id
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return name
            case Qt.ItemDataRole.ToolTipRole:
                return "\n".join((name, *self._remarks(entity)))
            case Qt.ItemDataRole.AccessibleTextRole:
                words = f"{entity.kind} {name} {self._figure(entity)}".strip()
                return "; ".join((words, *self._remarks(entity)))
            case _ if role == ID:
                return entity.id
            case _ if role == FIGURE:
                return self._figure(entity)
            case _ if role == KIND:
                return entity.kind
            case _ if role == FRESH:
                return self._editor.is_fresh
            case _ if role == DIMMED:
                return self._is_hidden(entity)
            case _ if role == GROUP:
                return self._group_of.get(entity.id)
        return None

    def _is_hidden(self, entity: AnyEntity) -> bool:
        return entity.id in self._hidden or entity.kind in self._hidden

    def _remarks(self, entity: AnyEntity) -> list[str]:
        """What else is to be said of an item: its group, and that it is hidden."""
        found = []
        if (group := self._group_of.get(entity.id)) is not None:
            found.append(f"in the group {group}")
        if self._is_hidden(entity):
            found.append("hidden on this view; right-click to show it again")
        return found

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


def _of(project: Project, kind: EntityKind) -> Sequence[AnyEntity]:
    match kind:
        case EntityKind.PLANT:
            return project.of_kind(Plant)
        case EntityKind.COMPANY:
            return project.of_kind(Company)
        case EntityKind.LICENSE:
            return project.of_kind(License)
        case EntityKind.MATERIAL:
            return project.of_kind(Material)
        case EntityKind.JURISDICTION:
            return project.of_kind(Jurisdiction)


def _narrowed(branch: Branch, letters: str) -> Branch:
    """The branch with the rows that have the letters, by name."""
    listed, count = _first_by_name([row.words for row in branch.rows], letters)
    return branch._replace(rows=[branch.rows[place] for place in listed], there=count)


def _listed(branch: Branch, entities: Sequence[AnyEntity], letters: str) -> Branch:
    """The branch with the items that have the letters in their names: the first of very many."""
    listed, count = _first_by_name([entity.name or entity.id for entity in entities], letters)
    found = (entities[place] for place in listed)
    rows = [Row(entity.id, entity.name or entity.id, entity) for entity in found]
    return branch._replace(rows=rows, there=count)


def _first_by_name(names: Sequence[str], letters: str) -> tuple[list[int], int]:
    """Which of the names that have the letters come first, in order, and how many have them."""
    wanted = letters.casefold()
    found = zip(map(str.casefold, names), range(len(names)), strict=True)
    kept = [each for each in found if wanted in each[0]] if wanted else list(found)
    first = sorted(kept) if len(kept) <= MOST_LISTED else nsmallest(MOST_LISTED, kept)
    return [place for _, place in first], len(kept)


def _count(group: Group) -> str:
    return f"{len(group.members)}{' · collapsed' if group.collapsed else ''}"


def _noun(box: Box) -> str:
    return "note" if isinstance(box, Note) else "frame"


def _words_of(box: Box) -> str:
    """The first line of what is written on a note or frame."""
    lines = box.words.strip().splitlines()
    return lines[0] if lines else f"Empty {_noun(box)}"


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
        is_hidden = bool(index.data(DIMMED))
        self._paint_ground(painter, option, is_kind)
        rect = option.rect.adjusted(12, 0, -12, 0)
        figure, size = str(index.data(FIGURE) or ""), option.font.pointSizeF()
        painter.setFont(font(size, tabular=True))
        left = self._paint_figure(painter, rect, figure, is_kind or not index.data(FRESH))
        if is_kind:
            kind = index.data(KIND)
            ink = self.theme.kind(EntityKind(kind)) if kind else self.theme.unknown
            self._paint_mark(painter, rect, ink)
            painter.setPen(QColor(self.theme.text))
            painter.setFont(font(size, QFont.Weight.DemiBold))
        else:
            is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
            ink = self.theme.muted if is_hidden else self.theme.text
            painter.setPen(QColor(self.theme.accent_text if is_selected else ink))
            painter.setFont(option.font)
        words = QRect(rect.left() + 15, rect.top(), left - rect.left() - 21, rect.height())
        text = painter.fontMetrics().elidedText(
            str(index.data()), Qt.TextElideMode.ElideRight, words.width()
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, text)
        beside = words.adjusted(painter.fontMetrics().horizontalAdvance(text) + 8, 0, 0, 0)
        self._paint_remark(painter, beside, "hidden" if is_hidden else str(index.data(GROUP) or ""))
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
        painter.setPen(color(self.theme.muted if is_faint else self.theme.text))
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, figure)
        return rect.right() - painter.fontMetrics().horizontalAdvance(figure)

    def _paint_remark(self, painter: QPainter, rect: QRect, words: str) -> None:
        """Beside a name: that it is hidden here, or its group; left out where there is no room."""
        if words and rect.width() >= 6 * painter.fontMetrics().averageCharWidth():
            painter.setPen(QColor(self.theme.muted))
            text = painter.fontMetrics().elidedText(
                words, Qt.TextElideMode.ElideRight, rect.width()
            )
            align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            painter.drawText(rect, align, text)

    def _paint_mark(self, painter: QPainter, rect: QRect, ink: str) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ink))
        painter.drawRoundedRect(rect.left(), rect.center().y() - 3, 8, 8, 2.5, 2.5)
