"""The *Why?* panel: a figure taken apart into the links and items that make it up."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QFontMetrics, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from depmap_gui.analysis.explain_concentration import Market
from depmap_gui.analysis.results import UNKNOWN, Contribution, Score
from depmap_gui.gui import numbers
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.panels.explanation import Answered, Explainer, Question
from depmap_gui.gui.panels.field_editors_sources import GradeBadge, source_line
from depmap_gui.gui.panels.figure_panel import FigurePanel
from depmap_gui.gui.panels.inspector_desk import Desk
from depmap_gui.gui.panels.parts import Elided, clear, label
from depmap_gui.gui.panels.score_words import (
    MARKET_HELP,
    MARKET_TITLES,
    SCORE_HELP,
    SCORE_TITLES,
)
from depmap_gui.gui.panels.scores import UPDATING, Veil
from depmap_gui.gui.theme import Theme, color

PART = Qt.ItemDataRole.UserRole
START = Qt.ItemDataRole.UserRole + 1
AMOUNT_WIDTH = 62
_INDEX = "index:"
BAR_ROOM = 16
Index = QModelIndex | QPersistentModelIndex


class WhyPanel(FigurePanel):
    """Contributions to one score of the selected item, as a tree and a waterfall.

    ``highlight_requested`` carries the ids of the links and items that the chosen row rests on.
    """

    highlight_requested = Signal(object)

    def __init__(self, editor: Editor, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(editor, ("Score to explain", "Jurisdiction to explain"), parent)
        self.desk = Desk(editor, theme)
        self.score = self.figure_choice
        self.setAccessibleName("Why?")
        self.tree_of_figures: Contribution | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 10)
        column.setSpacing(6)
        column.addWidget(self.heading)
        column.addWidget(self.choosers)
        self.note = label("", "muted")
        column.addWidget(self.note)
        self.tree = self._tree()
        column.addWidget(self.tree, 1)
        self.total = label("", "", figures=True)
        column.addWidget(self.total)
        self._sources = QVBoxLayout()
        self._sources.setSpacing(3)
        column.addLayout(self._sources)
        self.veil = Veil(self.tree, theme)
        self._explainer = Explainer(editor, self)
        self._explainer.answered.connect(self._on_answered)
        self.age(editor.is_fresh)
        self.follow()

    def _tree(self) -> QTreeWidget:
        tree = ContributionTree(self)
        tree.setHeaderHidden(True)
        tree.setAccessibleName("Contributions")
        tree.setIndentation(14)
        tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        tree.setVerticalScrollMode(QTreeWidget.ScrollMode.ScrollPerPixel)
        self.waterfall = Waterfall(self.desk.theme, tree)
        tree.setItemDelegate(self.waterfall)
        tree.currentItemChanged.connect(self._on_row)
        tree.itemActivated.connect(self._on_activated)
        tree.itemClicked.connect(self._on_activated)
        return tree

    def set_theme(self, theme: Theme) -> None:
        """Show everything in another theme."""
        self.desk.theme = theme
        self.veil.theme = theme
        self.waterfall.theme = theme
        self.refresh_if_seen()

    # Asking ----------------------------------------------------------------------------------

    def show_score(self, score: Score | Market) -> None:
        """Explain this score or index of the selected item."""
        self._fill_choosers(score)
        self.refresh_if_seen()

    @property
    def chosen(self) -> Score | Market | None:
        """The score or the index that is being explained."""
        # Qt hands enumerated strings back as plain ones; an index has a mark before its own.
        chosen = self.score.currentData()
        if chosen is None:
            return None
        mark, _, market = chosen.partition(_INDEX)
        return Market(market) if market else Score(mark)

    def refresh(self) -> None:
        """Ask for the explanation of what is chosen."""
        editor = self.desk.editor
        self.show_whose()
        self._fill_choosers(self.chosen)
        asked = self.chosen
        self.choosers.setVisible(asked is not None)
        if not self.entity or asked is None:
            self._explainer.cancel()
            self._show_tree(None)
            self._say(
                "No score is known of it yet: link it to owners, licenses or suppliers."
                if self.entity and editor.assessment is not None
                else "Select an item to see what its scores are made of."
            )
            return
        self.place.setEnabled(isinstance(asked, Score))
        self._say(SCORE_HELP[asked] if isinstance(asked, Score) else MARKET_HELP)
        if not editor.is_fresh:
            return
        self._explainer.ask(Question(self.entity, asked, self.place.currentData()))

    def _say(self, words: str) -> None:
        self.note.setText(words)
        self.note.setVisible(bool(words))

    def _fill_choosers(self, wanted: Score | Market | None) -> None:
        """Offer the scores and indexes that the item has, and the jurisdictions of the map."""
        editor = self.desk.editor
        assessed = editor.assessment
        scores = [s for s in Score if assessed and self.entity in assessed.scores.vectors(s)]
        has_index = assessed is not None and self.entity in assessed.scores.concentration
        markets = list(Market) if has_index else []
        offered: list[Score | Market] = [*scores, *markets]
        wanted = wanted if wanted in offered else _first(editor.color_by, scores)
        self.score.clear()
        for score in scores:
            self.score.addItem(SCORE_TITLES[score], score)
        for market in markets:
            self.score.addItem(MARKET_TITLES[market], f"{_INDEX}{market}")
        self.score.setCurrentIndex(offered.index(wanted) if wanted is not None else -1)
        self.offer_places([UNKNOWN])

    # Showing ---------------------------------------------------------------------------------

    @Slot(object)
    def _on_answered(self, answered: Answered) -> None:
        if answered.tree is None:
            self._show_tree(None)
            self._say(answered.sentence)
        else:
            self._show_tree(answered.tree)

    def _show_tree(self, tree: Contribution | None) -> None:
        self.tree_of_figures = tree
        self.waterfall.is_index = isinstance(self.chosen, Market)
        with self.staying():
            self._put_tree(tree)

    def _put_tree(self, tree: Contribution | None) -> None:
        self.tree.clear()
        clear(self._sources)
        self.total.setText("")
        if tree is not None:
            self.waterfall.whole = max(tree.amount, 1e-12)
            start = 0.0
            for part in tree.parts:
                start = self._add(self.tree.invisibleRootItem(), part, start)
            first = self.tree.topLevelItem(0)
            if first is not None and len(tree.parts) == 1:
                first.setExpanded(True)
            self.total.setText(self._sum_line(tree))

    def _sum_line(self, tree: Contribution) -> str:
        parts = f"{len(tree.parts)} parts" if len(tree.parts) != 1 else "1 part"
        figure = self.waterfall.figure
        if not tree.parts:
            return f"Sum: {figure(tree.amount)}. {tree.note or 'Nothing contributes.'}"
        note = f". {tree.note}" if self.waterfall.is_index and tree.note else ""
        return f"Sum of {parts}: {figure(sum(p.amount for p in tree.parts))}{note}"

    def _add(self, parent: QTreeWidgetItem, part: Contribution, start: float) -> float:
        """A row and its parts below it; returns the sum up to and with it."""
        end = start + part.amount
        item = QTreeWidgetItem(parent)
        words = numbers.in_locale(part.label)
        item.setText(0, words)
        item.setToolTip(0, f"{words}\n{numbers.in_locale(part.note)}".strip())
        figure = self.waterfall.figure
        said = f"{words}: {figure(part.amount)}, sum {figure(end)}"
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, said)
        item.setData(0, PART, part)
        item.setData(0, START, start)
        below = start
        for inner in part.parts:
            below = self._add(item, inner, below)
        return end

    @Slot(QTreeWidgetItem, QTreeWidgetItem)
    def _on_row(self, item: QTreeWidgetItem | None, _before: QTreeWidgetItem | None) -> None:
        """Light what the row rests on, and list its sources."""
        clear(self._sources)
        part = item.data(0, PART) if item is not None else None
        if not isinstance(part, Contribution):
            return
        self.highlight_requested.emit(path_ids(item))
        if part.note:
            self._sources.addWidget(label(part.note, "muted"))
        known = self.desk.editor.project.sources
        shown = [known[id] for id in part.sources if id in known]
        for source in shown:
            line = QWidget()
            row = QHBoxLayout(line)
            row.setContentsMargins(0, 0, 0, 0)
            row.addWidget(GradeBadge(source.grade, self.desk.theme))
            row.addWidget(Elided(source_line(source)), 1)
            self._sources.addWidget(line)
        if not shown:
            self._sources.addWidget(label("No source is named for this.", "muted"))

    @Slot(QTreeWidgetItem, int)
    def _on_activated(self, item: QTreeWidgetItem, _section: int) -> None:
        """Go to the link that the row rests on, or failing that to the item."""
        part = item.data(0, PART)
        if isinstance(part, Contribution) and (id := part.link or part.entity):
            self.reveal((id,))

    def age(self, is_fresh: bool) -> None:
        """Dim a tree that does not belong to the map as it stands."""
        self.veil.setVisible(not is_fresh)
        if not is_fresh:
            self.total.setText(UPDATING)


class Waterfall(QStyledItemDelegate):
    """A contribution: its sentence and amount, and below it a bar that begins where the one
    before it ended, with the sum so far."""

    def __init__(self, theme: Theme, tree: QTreeWidget) -> None:
        super().__init__(tree)
        self.theme = theme
        self.whole = 1.0
        self.is_index = False
        self._tree = tree

    def figure(self, amount: float) -> str:
        """An amount as it reads: a share, or points of an index."""
        return numbers.index(amount) if self.is_index else numbers.percent(amount)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the row."""
        part = index.data(PART)
        self.initStyleOption(option, index)
        option.text = ""
        style = self._tree.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, self._tree)
        if not isinstance(part, Contribution):
            return
        room = option.rect.adjusted(4, 4, -6, -4)
        painter.save()
        painter.setFont(numbers.tabular(self._tree.font()))
        painter.setPen(color(self.theme.text))
        words = room.adjusted(0, 0, -self.theme.sized(AMOUNT_WIDTH), -self.theme.sized(BAR_ROOM))
        painter.drawText(words, Qt.TextFlag.TextWordWrap, index.data())
        top_right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
        painter.drawText(room, top_right, self.figure(part.amount))
        start = float(index.data(START))
        painter.setPen(color(self.theme.muted))
        bottom_right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom
        painter.drawText(room, bottom_right, f"Σ {self.figure(start + part.amount)}")
        self._draw_bar(
            painter,
            QRectF(room.adjusted(0, 0, -self.theme.sized(AMOUNT_WIDTH), 0)),
            start,
            part.amount,
        )
        painter.restore()

    def _draw_bar(self, painter: QPainter, room: QRectF, start: float, amount: float) -> None:
        ground = QRectF(room.left(), room.bottom() - 10, room.width(), 6)
        painter.fillRect(ground, color(self.theme.exposure_low))
        left = ground.left() + ground.width() * min(start / self.whole, 1.0)
        width = max(2.0, ground.width() * amount / self.whole)
        right = min(left + width, ground.right())
        bar = QRectF(min(left, ground.right() - 2), ground.top(), max(right - left, 2.0), 6)
        painter.fillRect(bar, color(self.theme.exposure_high))

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """As high as the wrapped sentence and the bar below it."""
        depth, above = 1, index.parent()
        while above.isValid():
            depth, above = depth + 1, above.parent()
        width = self._tree.viewport().width() - depth * self._tree.indentation()
        width -= self.theme.sized(AMOUNT_WIDTH) + 12
        metrics = QFontMetrics(self._tree.font())
        text = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        room = QRect(0, 0, max(width, 60), 10_000)
        words = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, text)
        return QSize(width, words.height() + self.theme.sized(BAR_ROOM) + 8)


class ContributionTree(QTreeWidget):
    """The tree of contributions; rows are laid out anew when the panel changes its width."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap the sentences anew."""
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()


def path_ids(item: QTreeWidgetItem | None) -> tuple[str, ...]:
    """The links and items of a row and of all rows above it."""
    ids: list[str] = []
    while item is not None:
        part: Any = item.data(0, PART)
        if isinstance(part, Contribution):
            ids += [id for id in (part.link, part.entity) if id is not None]
        item = item.parent()
    return tuple(dict.fromkeys(ids))


def _first(wanted: Score, scores: list[Score]) -> Score | None:
    if wanted in scores:
        return wanted
    return scores[0] if scores else None
