"""What the ratio by assigned percentages asks of the moves, as a row of the program.

Each listed item counts with its percentage, however much it costs, and is tainted as far as what
stands for it is. Of an item that several supplies stand for, or of which more is paid to another
maker, the row takes the least that the law may see; it never asks more than some point needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from depmap_gui.analysis.repair_case import RepairCase
from depmap_gui.analysis.repair_model import Model, Row
from depmap_gui.analysis.repair_results import Move, MoveKind
from depmap_gui.analysis.uncertainty_results import ProductKey
from depmap_gui.domain.quantity import mode
from depmap_gui.domain.records import Supplies
from depmap_gui.rules.cost_percentage import PRODUCTION, ListedItem, percentage_ratio
from depmap_gui.rules.cost_tables import plain_words
from depmap_gui.rules.material import made_by
from depmap_gui.rules.results import CompanyStatus
from depmap_gui.rules.setting import SAME, Setting

_COMPONENT = "component"
_DUST = 1e-9


@dataclass(frozen=True)
class TableRatio:
    """The row of one product's listed items: ``add`` puts it into the model."""

    model: Model
    owed: float
    row: Row

    def add(self, chosen: int | None) -> None:
        """Hold it; where ``chosen`` is a variable, only where that is one."""
        row, owed = self.row, self.owed
        if chosen is not None:
            slack = -owed
            for variable, each in row.items():
                slack += max(0.0, each * self.model.upper(variable))
            if slack > 0.0:
                row, owed = {**row, chosen: slack}, owed + slack
        self.model.row(row, high=owed)


def table_ratio(
    case: RepairCase,
    model: Model,
    key: ProductKey,
    seen: tuple[Setting, Mapping[str, CompanyStatus]],
    threshold: float,
) -> TableRatio | None:
    """The row of a product's ratio by its cost table; None where moves may change which items
    count, so that no row is known. ``seen`` is the map that holds all options, and who is who on
    it."""
    pack = case.by_id[key[2]]
    header = case.project.header
    today = Setting(case.map, pack, header.year, header.readings)
    product = next(each for each in case.plant.products if each.id == key[1])
    found = percentage_ratio(
        today, case.law.companies[pack.id], case.plant, product, case.credit_rule(key)
    )
    supplies = [move for move in model.moves if move.kind in (MoveKind.SWAP, MoveKind.RESOURCE)]
    if found is None or found.ratio is None or found.left_out:
        return None
    if not all(_same_line(case, move) for move in supplies):
        return None
    writing = _Writing(case, model, seen, supplies)
    row: Row = {}
    taints: dict[str, int] = {}
    for item in found.items:
        if item.links:
            taints[item.name] = writing.item(item)
    for item in found.items:
        if not item.links and _COMPONENT in today.readings(PRODUCTION):
            head = item.name.rpartition("/")[0]
            own = [each for name, each in taints.items() if name.startswith(f"{head}/")]
            taints[item.name] = writing.at_least(own)
    for item in found.items:
        if item.name in taints:
            row[taints[item.name]] = item.percent / found.total
    return TableRatio(model, 1.0 - threshold + _DUST, row)


def _same_line(case: RepairCase, move: Move) -> bool:
    """Whether what takes a supply's place stands for the same line, under no old contract."""
    if move.other is None:
        return True
    before, after = case.project.links[move.record], case.project.links[move.other]
    assert isinstance(before, Supplies)
    assert isinstance(after, Supplies)
    same = plain_words(before.line or "") == plain_words(after.line or "")
    return same and before.product == after.product and after.contract is None


@dataclass(frozen=True)
class _Writing:
    case: RepairCase
    model: Model
    seen: tuple[Setting, Mapping[str, CompanyStatus]]
    supplies: list[Move]

    def item(self, item: ListedItem) -> int:
        """A variable at least as great as the part of an item that is tainted."""
        tainted = self.model.variable(1.0, whole=False)
        moves = [move for move in self.supplies if move.record in item.links]
        alone = len(item.links) == 1
        taint = self._taint(item.links[0]) if alone else item.pfe_high
        owed = taint
        row: Row = {tainted: 1.0}
        for move in moves:
            left = self._left(move) if alone else 0.0
            for variable, each in self._part(move, whole=not alone).items():
                row[variable] = row.get(variable, 0.0) + each * (taint - left)
        self.model.row(row, low=owed)
        return tainted

    def at_least(self, others: list[int]) -> int:
        """A variable at least as great as each of the others."""
        greatest = self.model.variable(1.0, whole=False)
        for other in others:
            self.model.row({greatest: 1.0, other: -1.0}, low=0.0)
        return greatest

    def _taint(self, link: str) -> float:
        setting, statuses = self.seen
        supply = self.case.project.links[link]
        assert isinstance(supply, Supplies)
        most = made_by(setting, statuses, supply.source, supply.item).most
        return 0.0 if most <= SAME else most

    def _left(self, move: Move) -> float:
        """What of an item is still tainted once the move is made in full."""
        return 0.0 if move.other is None else self._taint(move.other)

    def _part(self, move: Move, *, whole: bool) -> Row:
        """How much of the item the move changes at most: of several supplies, all of it."""
        if whole:
            return {self.model.made[move.id]: 1.0}
        part = self.model.part(move)
        link = self.case.project.links[move.record]
        assert isinstance(link, Supplies)
        if move.kind is MoveKind.RESOURCE and link.cost is not None and (move.extra or 0.0) > 0.0:
            # Another maker who is paid more stands for more of the item.
            dearer = 1.0 + (move.extra or 0.0) / max(mode(link.cost), SAME)
            return {variable: each * dearer for variable, each in part.items()}
        return part
