"""Why a figure is what it is: the terms it was added up from, as a tree of sentences.

The tree is read from the very terms that were solved (see :mod:`depmap_gui.analysis.trace`), so
its parts sum to the score. The weightiest branches are opened first, until ``limit`` nodes stand.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from dataclasses import dataclass, field

from depmap_gui.analysis.results import UNKNOWN, Contribution, Score
from depmap_gui.analysis.scores import LAYER_OF, covered_by
from depmap_gui.analysis.solution import Solution
from depmap_gui.analysis.trace import Layer
from depmap_gui.analysis.wording import ORIGIN_OF_SCORE, Wording
from depmap_gui.domain.project import Project

WIDEST = 100
"""How many parts of one figure are told apart; the smaller ones are told as one."""
DEEPEST = 60
"""How many steps up a chain are told in one tree."""
FURTHER = "Not opened further here: ask about this item itself."


class ExplainError(Exception):
    """A question that has no answer on this map; says why."""


@dataclass
class _Node:
    """A node that is still growing. ``at`` is the (layer, row) that its parts are to explain."""

    amount: float
    label: str
    entity: str | None = None
    link: str | None = None
    note: str = ""
    at: tuple[Layer, int] | None = None
    scale: float = 1.0
    path: tuple[tuple[Layer, int], ...] = ()
    parts: list[_Node] = field(default_factory=list)


def explain(
    solution: Solution, entity: str, score: Score, jurisdiction: str, *, limit: int = 400
) -> Contribution:
    """What an entity's share of one jurisdiction is added up from, down to links and sources.

    ``jurisdiction`` is a code, the id of a jurisdiction without one, or `unknown` (then the tree
    shows what is not documented). Raises ExplainError where the map has no such entity or place,
    or the entity no such score.
    """
    projection = solution.projection
    row = projection.row.get(entity)
    if row is None:
        raise ExplainError(f"There is no item '{entity}' on the map.")
    if not covered_by(solution, score)[row]:
        raise ExplainError(
            f"{projection.name(row)} has no {ORIGIN_OF_SCORE[score]}: the map draws no link that "
            "it would follow from, or it is not that kind of item."
        )
    column = _column(solution, jurisdiction)
    layer = LAYER_OF[score]
    amount = float(solution.layers[layer].table[row, column])
    wording = Wording(solution, column)
    root = _Node(
        amount, wording.question(score, row), entity=entity, at=(layer, row), path=((layer, row),)
    )
    _grow(_Tree(solution, column, wording), root, limit)
    return _frozen(root, projection.project)


def _column(solution: Solution, jurisdiction: str) -> int:
    column = solution.projection.column(jurisdiction)
    if column is not None:
        return column
    known = ", ".join(code for code in solution.projection.codes if code != UNKNOWN) or "none"
    raise ExplainError(
        f"There is no jurisdiction '{jurisdiction}' on the map (it has: {known}). "
        f"Use one of these codes, or '{UNKNOWN}'."
    )


def _grow(tree: _Tree, root: _Node, limit: int) -> None:
    """Open the weightiest closed node again and again, until ``limit`` nodes stand."""
    waiting: list[tuple[float, int, _Node]] = [(-root.amount, 0, root)]
    made = 1
    while waiting:
        _, _, node = heapq.heappop(waiting)
        if made > limit:
            node.note = FURTHER
            continue
        node.parts = tree.parts(node)
        for part in _openable(node):
            heapq.heappush(waiting, (-part.amount, made, part))
            made += 1


def _openable(node: _Node) -> list[_Node]:
    """The parts that have an explanation of their own, those of grouped parts included."""
    found = []
    for part in node.parts:
        found += [part] if part.at is not None else _openable(part)
    return found


class _Tree:
    """Reads the parts of a figure from the terms of its layer."""

    def __init__(self, solution: Solution, column: int, wording: Wording) -> None:
        self.solution = solution
        self.column = column
        self.wording = wording

    def parts(self, node: _Node) -> list[_Node]:
        """What a node's amount is added up from, greatest first."""
        if node.at is None:
            return []
        layer, row = node.at
        solved = self.solution.layers[layer]
        chosen = solved.of(row)
        terms = solved.terms
        by_link: dict[int, list[_Node]] = defaultdict(list)
        alone: list[_Node] = []
        for place in range(chosen.start, chosen.stop):
            link = int(terms.link[place])
            part = self._part(node, layer, row, place)
            if part.amount > 0.0:
                (alone if link < 0 else by_link[link]).append(part)
        for link, several in by_link.items():
            alone.append(several[0] if len(several) == 1 else self._group(row, link, several))
        return _widest(sorted(alone, key=lambda part: -part.amount))

    def _part(self, node: _Node, layer: Layer, row: int, place: int) -> _Node:
        terms = self.solution.layers[layer].terms
        weight, operand = float(terms.weight[place]), int(terms.operand[place])
        below = Layer(int(terms.layer[place]))
        value = float(self.solution.layers[below].table[operand, self.column])
        part = _Node(
            amount=node.scale * weight * value,
            label=self.wording.term(layer, row, place, value),
            entity=self.wording.entity(row, operand),
            link=self.wording.link(int(terms.link[place])),
            scale=node.scale * weight,
        )
        step = (below, operand)
        if step in node.path:
            part.note = "Goes round in a loop told further up; its amount was solved as a whole."
        elif below is not Layer.UNIT and len(node.path) >= DEEPEST:
            part.note = FURTHER
        elif below is not Layer.UNIT:
            part.at, part.path = step, (*node.path, step)
        return part

    def _group(self, row: int, link: int, several: list[_Node]) -> _Node:
        """Several parts that rest on one link, under that link."""
        return _Node(
            amount=sum(part.amount for part in several),
            label=self.wording.group(link, row),
            entity=several[0].entity,
            link=self.wording.link(link),
            parts=several,
        )


def _widest(parts: list[_Node]) -> list[_Node]:
    if len(parts) <= WIDEST:
        return parts
    small = parts[WIDEST - 1 :]
    rest = _Node(
        amount=sum(part.amount for part in small),
        label=f"{len(small)} smaller contributions",
        note=f"Each of them is {small[0].amount:.2%} at most.",
    )
    return [*parts[: WIDEST - 1], rest]


def _frozen(node: _Node, project: Project) -> Contribution:
    return Contribution(
        amount=node.amount,
        label=node.label,
        entity=node.entity,
        link=node.link,
        note=node.note,
        sources=_sources(node, project),
        parts=tuple(_frozen(part, project) for part in node.parts),
    )


def _sources(node: _Node, project: Project) -> tuple[str, ...]:
    """The evidence of the link a figure rests on; without a link, of the item."""
    if node.link is not None:
        return project.links[node.link].sources
    return project.entities[node.entity].sources if node.entity is not None else ()
