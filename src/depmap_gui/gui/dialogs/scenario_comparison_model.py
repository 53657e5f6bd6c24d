"""Scenarios side by side as a tree: plants, their products, figures; a column a version."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont

from depmap_gui.analysis.scenario_figures import Figure
from depmap_gui.gui.credit_states import CreditState
from depmap_gui.gui.panels.comparison_words import (
    DOES_NOT_FIT,
    GROUPS,
    Shown,
    Words,
    status_state,
    tells,
)
from depmap_gui.gui.panels.tables_model import tone_picture
from depmap_gui.gui.theme import Theme, Tone, mix
from depmap_gui.session.scenario_comparison import Row, Version

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
Key = tuple[str, str, str]
CHANGE_ROLE = Qt.ItemDataRole.UserRole
CHANGE_INK_ROLE = Qt.ItemDataRole.UserRole + 1
_TINT = 0.14
_COMPANIES = "Companies whose status changes"
_OPTIONAL = frozenset().union(*(figures for _, figures in GROUPS.values()))


@dataclass
class Node:
    """A line of the tree: a figure, a product with its status, or what stands above them.

    ``below`` are the rows of a plant's credits, which its own line sums up by the worst.
    """

    title: str
    owner: str = ""
    row: Row | None = None
    parent: int = -1
    at: int = 0
    tip: str = ""
    children: list[int] = field(default_factory=list)
    below: list[Row] = field(default_factory=list)

    @property
    def is_heading(self) -> bool:
        """Whether figures stand below it."""
        return bool(self.children)


class ComparisonModel(QAbstractItemModel):
    """The lines of a comparison; the first column names them, each further one is a version."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wear(theme)
        self.words: Words | None = None
        self.nodes: list[Node] = []
        self._tops: list[int] = []
        self._shown: dict[tuple[int, int], Shown] = {}

    def set_theme(self, theme: Theme) -> None:
        """Wear other colors."""
        self._wear(theme)
        self.layoutChanged.emit()

    def _wear(self, theme: Theme) -> None:
        self._theme = theme
        self._marks = {tone: tone_picture(tone, theme) for tone in Tone}

    @property
    def versions(self) -> tuple[Version, ...]:
        """The versions, in the order of the columns after the first."""
        return () if self.words is None else self.words.comparison.versions

    def fill(
        self,
        words: Words | None,
        groups: Collection[str],
        versions: Sequence[int],
        *,
        only_changed: bool,
    ) -> None:
        """Show the figures of these groups; perhaps only those that one of the versions changes."""
        self.beginResetModel()
        self.words, self.nodes, self._tops, self._shown = words, [], [], {}
        if words is not None:
            wanted = frozenset().union(*(GROUPS[name][1] for name in groups))
            rows = [
                row
                for row in words.comparison.rows
                if (row.place.figure in wanted or row.place.figure not in _OPTIONAL)
                and (not only_changed or any(tells(row, number) for number in versions))
            ]
            self._build(words, rows)
        self.endResetModel()

    def _build(self, words: Words, rows: Sequence[Row]) -> None:
        heads: dict[object, int] = {}

        def head(key: object, title: str, owner: str, parent: int = -1) -> int:
            if key not in heads:
                heads[key] = self._add(Node(title, owner), parent)
            return heads[key]

        for row in rows:
            place = row.place
            if place.company:
                above = head("", _COMPANIES, "")
                self._add(Node(words.title(place), place.company, row), above)
                continue
            plant = head(place.plant, words.owner(place), place.plant)
            above = plant
            if place.product:
                key = (place.plant, *place.claim)
                above = head(key, words.product(place), place.plant, plant)
                if place.figure is Figure.STATUS:
                    self.nodes[above].row = row
                    self.nodes[plant].below.append(row)
                    continue
            node = Node(words.title(place), place.plant, row, tip=words.help(place))
            self._add(node, above)

    def _add(self, node: Node, parent: int) -> int:
        number = len(self.nodes)
        siblings = self._tops if parent < 0 else self.nodes[parent].children
        node.parent, node.at = parent, len(siblings)
        siblings.append(number)
        self.nodes.append(node)
        return number

    # What is where -------------------------------------------------------------------------

    def key(self, index: Index) -> Key:
        """What tells a line from all others, whatever else is shown."""
        node = self.node_at(index)
        above = self.nodes[node.parent].title if node.parent >= 0 else ""
        return above, node.owner, node.title

    def headings(self) -> Iterator[QModelIndex]:
        """The lines that have others below them."""
        for number, node in enumerate(self.nodes):
            if node.is_heading:
                yield self.createIndex(node.at, 0, number)

    def line_of(self, key: Key) -> QModelIndex:
        """The line of that key; none where it is not shown."""
        for number, node in enumerate(self.nodes):
            index = self.createIndex(node.at, 0, number)
            if node.title == key[2] and self.key(index) == key:
                return index
        return QModelIndex()

    def node_at(self, index: Index) -> Node:
        """The line of an index."""
        return self.nodes[index.internalId()]

    def rows_under(self, index: Index) -> Iterator[Row]:
        """The row of a line and those below it, in order."""
        yield from self._rows(index.internalId())

    def all_rows(self) -> Iterator[Row]:
        """Every row that is shown, in order."""
        for number in self._tops:
            yield from self._rows(number)

    def _rows(self, number: int) -> Iterator[Row]:
        node = self.nodes[number]
        if node.row is not None:
            yield node.row
        for child in node.children:
            yield from self._rows(child)

    def index(self, row: int, column: int, parent: Index = _ROOT) -> QModelIndex:
        """Qt: the index of a cell."""
        children = self._children(parent)
        if not (0 <= row < len(children) and 0 <= column < self.columnCount()):
            return QModelIndex()
        return self.createIndex(row, column, children[row])

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override]  # Qt has two of it
        """Qt: the line above."""
        number = self.nodes[index.internalId()].parent if index.isValid() else -1
        return self.createIndex(self.nodes[number].at, 0, number) if number >= 0 else QModelIndex()

    def _children(self, parent: Index) -> list[int]:
        if not parent.isValid():
            return self._tops
        return self.nodes[parent.internalId()].children if parent.column() == 0 else []

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Qt: how many lines stand below."""
        return len(self._children(parent))

    def columnCount(self, _parent: Index = _ROOT) -> int:
        """Qt: names, then versions."""
        return 1 + len(self.versions)

    # What is shown -------------------------------------------------------------------------

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Qt: what stands over the columns."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if section == 0:
            return "Plant, product and figure" if role == Qt.ItemDataRole.DisplayRole else None
        version = self.versions[section - 1]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return version.name
            case Qt.ItemDataRole.ToolTipRole:
                return "\n".join(changes_of(version))
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: what a cell shows."""
        if not index.isValid():
            return None
        if index.column() == 0:
            return self._name(self.node_at(index), role)
        found = self.shown_at(index)
        return None if found is None else self._cell(index, found, role)

    def shown_at(self, index: Index) -> Shown | None:
        """What a version's cell says; None on a line that has nothing to say."""
        key = index.internalId(), index.column() - 1
        if key not in self._shown:
            made = self._made(self.nodes[key[0]], key[1])
            if made is None:
                return None
            self._shown[key] = made
        return self._shown[key]

    def _made(self, node: Node, version: int) -> Shown | None:
        if self.words is None:
            return None
        if node.is_heading and self.versions[version].fault:
            return Shown(DOES_NOT_FIT, is_muted=True)
        if node.row is not None:
            return self.words.shown(node.row, version)
        worst = _worst(node.below, version)
        if worst is None:
            return None
        before = _worst(node.below, 0)
        change, tone = "", None
        if version and before is not None and before != worst:
            is_better = worst.rank > before.rank
            change = f"{'▲' if is_better else '▼'} was {before.word}"
            tone = Tone.GOOD if is_better else Tone.BAD
        return Shown(worst.word, change, worst.tone, tone, is_changed=bool(change))

    def _name(self, node: Node, role: int) -> Any:
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return node.title
            case Qt.ItemDataRole.ToolTipRole:
                return f"{node.title}\n{node.tip}" if node.tip else node.title
            case Qt.ItemDataRole.FontRole if node.is_heading:
                return _bold()
        return None

    def _cell(self, index: Index, found: Shown, role: int) -> Any:
        theme = self._theme
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return found.text
            case Qt.ItemDataRole.ToolTipRole:
                return "\n".join(self.story_at(index))
            case Qt.ItemDataRole.AccessibleTextRole:
                version = self.versions[index.column() - 1].name
                return f"{version}: {found.text}{f', {found.change}' if found.change else ''}"
            case Qt.ItemDataRole.FontRole if found.is_changed or self.node_at(index).is_heading:
                return _bold()
            case Qt.ItemDataRole.ForegroundRole:
                ink = theme.ink(found.tone) if found.tone else theme.text
                return QColor(theme.muted if found.is_muted else ink)
            case Qt.ItemDataRole.BackgroundRole if found.is_changed:
                ground = theme.fill(found.change_tone) if found.change_tone else theme.accent
                return QColor(mix(theme.panel, ground, _TINT))
            case Qt.ItemDataRole.DecorationRole if found.tone is not None:
                return self._marks[found.tone]
            case _ if role == CHANGE_ROLE:
                return found.change
            case _ if role == CHANGE_INK_ROLE:
                plain = theme.text if found.is_changed else theme.muted
                return QColor(theme.ink(found.change_tone) if found.change_tone else plain)
        return None

    def story_at(self, index: Index) -> list[str]:
        """All there is to say of a cell; of a name, what the figure is."""
        node, number = self.node_at(index), index.column() - 1
        if self.words is None:
            return []
        if number < 0:
            return [node.title, node.tip] if node.tip else [node.title]
        version = self.versions[number].name
        if node.row is None:
            found = self.shown_at(index)
            said = "" if found is None else f": {found.text} {found.change}".rstrip()
            return [version, f"{node.title}{said}"]
        return [version, *self.words.story(node.row, number)]


def _worst(rows: Sequence[Row], version: int) -> CreditState | None:
    """The worst state of a plant's credits in a version; None where it has none."""
    cells = (row.cells[version] for row in rows)
    states = [status_state(c) for c in cells if c is not None and c.absence is None]
    return min(states, default=None)


def changes_of(version: Version) -> list[str]:
    """What a version changes, as lines below its name."""
    if version.scenario is None:
        return [version.name, "The map as it is, which every scenario is compared with."]
    if version.fault:
        return [f"{version.name} does not fit the map and is not compared.",
                *version.fault.splitlines()]  # fmt: skip
    return [version.name, *(version.changes or ("It changes nothing.",))]


def _bold() -> QFont:
    made = QFont()
    made.setWeight(QFont.Weight.DemiBold)
    return made
