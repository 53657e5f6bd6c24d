"""What cost ratios ask of the moves, as rows of the program.

A ratio passes when its worse end does: the surely clean cost against all that is or may be
tainted. For given makers that is linear in what is bought from whom. The makers' shares and the
lines that count are asked of the law itself, on a map that holds all the options at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from depmap_gui.analysis.law_samples import judge
from depmap_gui.analysis.repair_case import RepairCase
from depmap_gui.analysis.repair_model import Model, Row
from depmap_gui.analysis.repair_play import Made, changes_of, played
from depmap_gui.analysis.repair_results import Move, MoveKind
from depmap_gui.analysis.repair_tables import TableRatio, table_ratio
from depmap_gui.analysis.uncertainty_results import ProductKey
from depmap_gui.domain.in_force import MapInForce
from depmap_gui.domain.kinds import LinkKind
from depmap_gui.domain.project import Project
from depmap_gui.domain.quantity import bounds, mode
from depmap_gui.domain.records import Plant, Product, ScenarioChange, Supplies
from depmap_gui.rules.alternatives import combined, root
from depmap_gui.rules.certificates import certified_ratio
from depmap_gui.rules.contracts import may_be_left_out
from depmap_gui.rules.material import cost_lines
from depmap_gui.rules.methods import COST_METHODS
from depmap_gui.rules.pack import CreditRule
from depmap_gui.rules.results import (
    Answer,
    CompanyStatus,
    CostLine,
    MaterialResult,
    TestResult,
    Verdict,
)
from depmap_gui.rules.setting import SAME, Setting

DIRECT = "material-direct-cost"
COUNTED = "material-without-election"
CERTIFIED = "material-certificates"
PERCENTAGES = "material-cost-percentage"
_DUST = 1e-9
"""Rounding that a row forgives, as a share of the greatest cost: the law has the last word."""


Amount = tuple[float, Row]
"""How much of a line is bought: a constant and a sum of variables."""
Line = tuple[CostLine, Amount]
"""A line that may be bought, and how much of it is."""
Way = tuple[float, list[Line]]
"""The threshold that a ratio of these lines must reach."""


def add_ratio_rows(
    case: RepairCase, moves: Sequence[Move], relief: Sequence[Made], model: Model
) -> None:
    """Put into the model what each product's cost ratio asks, by any of its ways.

    ``relief`` are the moves beside supplies at their most: makers are taken as the law sees them
    then, so that a row never asks more than some point needs.
    """
    supplies = [move for move in moves if move.kind in (MoveKind.SWAP, MoveKind.RESOURCE)]
    if not supplies:
        return
    everything, line_of = _with_every_option(case, supplies, relief)
    in_force = MapInForce(everything, case.map.as_of)
    law = judge(everything, case.packs)
    amounts = _amounts(supplies, line_of, model)
    for key in case.credits:
        pack = case.by_id[key[2]]
        header = case.project.header
        setting = Setting(in_force, pack, header.year, header.readings)
        _Ratios(case, model, key, setting, law.companies[pack.id], amounts).add()


def _with_every_option(
    case: RepairCase, supplies: Sequence[Move], relief: Sequence[Made]
) -> tuple[Project, dict[str, str]]:
    """The map with today's supplies and all options beside them, in full; and the link that each
    option has there, by its move."""
    changes = list(changes_of(case.project, relief, case.answers))
    line_of: dict[str, str] = {}
    for move in supplies:
        if move.kind is MoveKind.SWAP:
            assert move.other is not None
            line_of[move.id] = move.other
            changes.append(ScenarioChange(set=move.other, field="candidate", value=False))
            continue
        for change in changes_of(case.project, [Made(move, move.steps)], case.answers):
            if change.add is not None:
                changes.append(change)
                if change.add["kind"] == LinkKind.SUPPLIES:
                    line_of[move.id] = change.add["id"]
    return played(case.project, changes), line_of


def _amounts(
    supplies: Sequence[Move], line_of: Mapping[str, str], model: Model
) -> dict[str, Amount]:
    """How much is bought of each line that a move changes: today's one and the option's."""
    found: dict[str, Amount] = {}
    for move in supplies:
        part = model.part(move)
        constant, row = found.get(move.record, (1.0, {}))
        found[move.record] = constant, _sum(row, part, -1.0)
        constant, row = found.get(line_of[move.id], (0.0, {}))
        found[line_of[move.id]] = constant, _sum(row, part, 1.0)
    return found


def _sum(row: Row, added: Row, times: float) -> Row:
    total = dict(row)
    for variable, each in added.items():
        total[variable] = total.get(variable, 0.0) + times * each
    return total


@dataclass(frozen=True)
class _Ratios:
    """The ratios of one product. ``setting`` is the map that holds all options."""

    case: RepairCase
    model: Model
    key: ProductKey
    setting: Setting
    statuses: Mapping[str, CompanyStatus]
    amounts: Mapping[str, Amount]

    def add(self) -> None:
        """One row for each way to pass; where there are several, one of them must hold."""
        before = combined(self.case.credits[self.key].tests)
        groups: dict[str, list[TestResult]] = {}
        for test in self.case.credits[self.key].tests:
            if test.decides and self.case.method(self.key, test.id) in COST_METHODS:
                groups.setdefault(root(test), []).append(test)
        lines = self._lines(self.case.credit_rule(self.key))
        for id, tests in groups.items():
            if before[id] is not Verdict.UNKNOWN:
                self._one_of(self._ways(tests, lines), lines)

    def _ways(
        self, tests: Sequence[TestResult], lines: list[Line]
    ) -> list[Way | TableRatio | None]:
        """The thresholds and lines by which the product may pass; None for a way of which no row
        is known, so that only the law can tell."""
        ways: list[Way | TableRatio | None] = []
        held = next((test.threshold for test in tests if test.threshold is not None), None)
        if held is None:
            return [None]
        rule = self.case.credit_rule(self.key)
        product = self._product()
        old = may_be_left_out(self.setting, product, rule, [line for line, _ in lines])
        for chosen in _elections(lines, old):
            ways.append((held, chosen))
            if (certified := self._certified(rule, product, chosen)) is not None:
                ways.append((held, certified))
        pack = self.case.by_id[self.key[2]]
        methods = {pack.tests[id].method for id in rule.tests} & COST_METHODS
        if PERCENTAGES in methods and product.table:
            seen = self.setting, self.statuses
            ways.append(table_ratio(self.case, self.model, self.key, seen, held))
        if methods - {DIRECT, COUNTED, CERTIFIED, PERCENTAGES}:
            ways.append(None)
        return ways

    def _product(self) -> Product:
        products = self.case.plant.products
        return next(product for product in products if product.id == self.key[1])

    def _lines(self, rule: CreditRule) -> list[Line]:
        plant = self.setting.map.entities[self.case.plant.id]
        assert isinstance(plant, Plant)
        found = cost_lines(self.setting, self.statuses, plant, self._product(), rule)
        return [
            (line, self.amounts.get(line.link, (1.0, {})))
            for line in found
            if line.link is not None
        ]

    def _certified(
        self, rule: CreditRule, product: Product, lines: Sequence[Line]
    ) -> list[Line] | None:
        """The same lines as suppliers certify them; None where the credit knows no certificates
        or nobody certifies anything."""
        pack = self.case.by_id[self.key[2]]
        if all(pack.tests[id].method != CERTIFIED for id in rule.tests):
            return None
        material = MaterialResult(
            plant=self.case.plant.id,
            product=product.id,
            lines=tuple(line for line, _ in lines),
            low=None,
            mode=None,
            high=None,
        )
        found = certified_ratio(self.setting, self.statuses, product, material, "")
        if found is None:
            return None
        return [(line, amount) for line, (_, amount) in zip(found.lines, lines, strict=True)]

    # Rows -------------------------------------------------------------------------------------

    def _one_of(self, ways: Sequence[Way | TableRatio | None], lines: Sequence[Line]) -> None:
        told = [way for way in ways if way is not None]
        if len(told) < len(ways):
            # A way without a row may always hold as far as rows can tell.
            return
        greatest = max((line.high or 0.0 for line, _ in lines), default=0.0) or 1.0
        rest = self._rest(lines, greatest)
        chosen = [self.model.variable() if len(told) > 1 else None for _ in told]
        if len(told) > 1:
            self.model.row({each: 1.0 for each in chosen if each is not None}, low=1.0)
        for way, variable in zip(told, chosen, strict=True):
            if isinstance(way, TableRatio):
                way.add(variable)
            else:
                self._row(way, rest, greatest, variable)

    def _row(self, way: Way, rest: int | None, greatest: float, chosen: int | None) -> None:
        """The clean cost at least, against the tainted one at most: where ``chosen`` is a
        variable, only where that is one."""
        threshold, lines = way
        constant = 0.0
        row: Row = {}
        for line, (fixed, parts) in lines:
            if line.high is None:
                self._unpriced(line, fixed, parts, threshold, chosen)
                continue
            least = (line.low or 0.0) if line.included is Answer.YES else 0.0
            value = (1.0 - threshold) * least * (1.0 - line.pfe_high)
            value -= threshold * line.high * line.pfe_high
            constant += value / greatest * fixed
            row = _sum(row, parts, value / greatest)
        if rest is not None:
            row[rest] = -threshold
        owed = -constant - _DUST
        if chosen is not None:
            slack = owed - sum(min(0.0, each * self._most(n)) for n, each in row.items())
            if slack > 0.0:
                row = {**row, chosen: -slack}
                owed -= slack
        self.model.row(row, low=owed)

    def _most(self, variable: int) -> float:
        return self.model.upper(variable)

    def _unpriced(
        self, line: CostLine, fixed: float, parts: Row, threshold: float, chosen: int | None
    ) -> None:
        """A tainted line of unknown cost may cost anything: no ratio passes beside it, unless the
        product's whole cost is stated and the line is part of the rest."""
        if line.pfe_high <= SAME or threshold <= 0.0 or self._product().material_cost is not None:
            return
        row = dict(parts)
        high = -fixed
        if chosen is not None:
            row[chosen] = 1.0
            high += 1.0
        self.model.row(row, high=high)

    def _rest(self, lines: Sequence[Line], greatest: float) -> int | None:
        """What the stated material cost exceeds the lines by, at most: a variable. Lines that the
        taxpayer leaves out of the ratio are no part of it either."""
        stated = self._product().material_cost
        if stated is None:
            return None
        constant = bounds(stated)[2]
        row: Row = {}
        for line, (fixed, parts) in lines:
            least = (line.low or 0.0) if line.included is Answer.YES else 0.0
            constant -= least * fixed
            row = _sum(row, parts, -least)
        for move in self.model.moves:
            row = _sum(row, self.model.part(move), self._added(move))
        most = constant + sum(max(0.0, each * self._most(n)) for n, each in row.items())
        rest = self.model.variable(max(0.0, most) / greatest, whole=False)
        # The rest is at least the stated cost less the lines.
        over = {variable: -each / greatest for variable, each in row.items()}
        self.model.row({rest: 1.0, **over}, low=constant / greatest)
        return rest

    def _added(self, move: Move) -> float:
        """What a move done in full adds to the product's stated material cost."""
        if move.kind not in (MoveKind.SWAP, MoveKind.RESOURCE):
            return 0.0
        link = self.case.project.links[move.record]
        assert isinstance(link, Supplies)
        if link.cost is None or link.product not in (None, self.key[1]):
            return 0.0
        if move.kind is MoveKind.RESOURCE:
            return move.extra or 0.0
        other = self.case.project.links[move.other or ""]
        assert isinstance(other, Supplies)
        return 0.0 if other.cost is None else mode(other.cost) - mode(link.cost)


def _elections(lines: Sequence[Line], old: frozenset[str]) -> list[list[Line]]:
    """The lines that count by each choice about old contracts: all of them, all but the old ones,
    and all but those of the old ones that are or may be tainted."""
    choices = [list(lines)]
    if old:
        choices.append([each for each in lines if each[0].link not in old])
        choices.append(
            [each for each in lines if each[0].link not in old or each[0].pfe_high <= SAME]
        )
    return choices
