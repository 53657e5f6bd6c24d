"""The figures of several versions of one map, cell by cell, and how each stands to the base's.

A version is the base map, or a scenario played on it. A figure is one number, interval, answer or
test of one plant, product or company; its cell is what one version says of it. None is unknown,
and what is worked out from an unknown is unknown too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum

import msgspec

from depmap_gui.analysis.results import Assessment, Range, Score, exposure
from depmap_gui.analysis.uncertainty_results import Risks
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Plant
from depmap_gui.rules.results import Answer, CreditResult, OneTime, TestResult, Verdict

SAME = 1e-9
"""What two shares may differ by and still be one; of larger figures, that part of them."""
MOST_INDEX = 10_000.0


class Figure(StrEnum):
    """What is compared, in the order it is shown."""

    IP = "ip"
    EMBEDDED_IP = "embedded_ip"
    MADE_IN_FIRST_TIER = "made_in_first_tier"
    MADE_BY_FIRST_TIER = "made_by_first_tier"
    MADE_IN = "made_in"
    MADE_BY = "made_by"
    OWNERSHIP = "ownership"
    HHI_IP = "hhi_ip"
    HHI_MADE_IN = "hhi_inputs_made_in"
    HHI_MADE_BY = "hhi_inputs_made_by"
    HHI_SUPPLIERS = "hhi_suppliers"
    STATUS = "status"
    TEST = "test"
    ANNUAL_CREDIT = "annual_credit"
    RISK = "risk"
    AT_RISK = "at_risk"
    OPEN = "open"
    ANSWER = "answer"


SHARES: Mapping[Figure, Score] = {
    Figure.IP: Score.IP,
    Figure.EMBEDDED_IP: Score.EMBEDDED_IP,
    Figure.MADE_IN_FIRST_TIER: Score.MADE_IN_FIRST_TIER,
    Figure.MADE_BY_FIRST_TIER: Score.MADE_BY_FIRST_TIER,
    Figure.MADE_IN: Score.MADE_IN,
    Figure.MADE_BY: Score.MADE_BY,
    Figure.OWNERSHIP: Score.OWNERSHIP,
}
"""The figures that are a jurisdiction's share of a score."""
INDEXES: Mapping[Figure, str] = {
    Figure.HHI_IP: "ip",
    Figure.HHI_MADE_IN: "inputs_made_in",
    Figure.HHI_MADE_BY: "inputs_made_by",
    Figure.HHI_SUPPLIERS: "suppliers",
}
"""The concentration indexes, 0 to 10,000, by their name among a plant's."""


class Place(msgspec.Struct, frozen=True):
    """Which figure of what: a plant's, one of its products' under a credit, or a company's.

    ``part`` is the test's id of a test, the question's of a company's answer.
    """

    figure: Figure
    plant: str = ""
    product: str = ""
    pack: str = ""
    credit: str = ""
    company: str = ""
    part: str = ""

    @property
    def owner(self) -> str:
        """The plant or company that the figure is about."""
        return self.plant or self.company

    @property
    def claim(self) -> tuple[str, str, str]:
        """Product, credit and pack; empty where the figure is the plant's or a company's own."""
        return self.product, self.credit, self.pack


class Absence(StrEnum):
    """Why a version has no such figure."""

    ITEM = "not in this map"
    PRODUCT = "not made"
    CREDIT = "not claimed"
    QUESTION = "not asked"


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """What one version says of one figure.

    ``low`` and ``high`` are documented and at most of a share (0..1), the bounds of an index or of
    what a test measures, or twice an amount of money or a risk. ``word`` is the status, verdict or
    answer. ``margin`` is a test's distance from its threshold at the worse end. ``phase_out`` is
    what the law leaves of a credit, ``one_time`` the one year of an amount that is not a year's.
    ``points`` are the ids on which the map is silent.
    """

    low: float | None = None
    high: float | None = None
    word: str = ""
    threshold: float | None = None
    comparison: str | None = None
    unit: str = ""
    margin: float | None = None
    phase_out: float | None = None
    one_time: OneTime | None = None
    points: tuple[str, ...] = ()
    absence: Absence | None = None


class Outcome(StrEnum):
    """How a version's cell stands to the base's."""

    SAME = "same"
    CHANGED = "changed"
    UNKNOWN = "unknown"
    ADDED = "added"
    REMOVED = "removed"


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """A version's cell less the base's.

    ``low`` and ``high`` say how far each end moved (a share's documented and at most); they bound
    no figure, for the same gaps in what is known stand in both. ``opened`` and ``settled`` are the
    points that only the version, or only the base, leaves open.
    """

    outcome: Outcome
    low: float | None = None
    high: float | None = None
    margin: float | None = None
    opened: tuple[str, ...] = ()
    settled: tuple[str, ...] = ()


Cells = Mapping[Place, Cell]


def cells_of(assessment: Assessment, project: Project, jurisdiction: str, risks: Risks) -> Cells:
    """Every figure that an assessed map has: of its plants, their credits and the companies.

    ``jurisdiction`` is the code whose shares are asked for; ``risks`` may be empty.
    """
    found: dict[Place, Cell] = {}
    for plant in project.of_kind(Plant):
        found.update(_plant_cells(plant.id, assessment, jurisdiction))
    for credit in assessment.law.credits:
        found.update(_credit_cells(credit, risks))
    for pack, companies in assessment.law.companies.items():
        for company, status in companies.items():
            for question, answer in status.answers.items():
                place = Place(Figure.ANSWER, company=company, pack=pack, part=question)
                found[place] = Cell(word=answer.value)
    return found


def _plant_cells(
    plant: str, assessment: Assessment, jurisdiction: str
) -> Iterator[tuple[Place, Cell]]:
    scores = assessment.scores
    for figure, score in SHARES.items():
        shares = scores.vectors(score).get(plant)
        ends = None if shares is None else exposure(shares, jurisdiction)
        yield Place(figure, plant), _interval(ends, 1.0)
    indexes = scores.concentration.get(plant)
    for figure, name in INDEXES.items():
        ends = None if indexes is None else getattr(indexes, name)
        yield Place(figure, plant), _interval(ends, MOST_INDEX)


def _interval(ends: Range | None, most: float) -> Cell:
    """The interval; unknown where it leaves everything open."""
    if ends is None or (ends.low <= 0.0 and ends.high >= most * (1.0 - SAME)):
        return Cell()
    return Cell(low=ends.low, high=ends.high)


def _credit_cells(credit: CreditResult, risks: Risks) -> Iterator[tuple[Place, Cell]]:
    def place(figure: Figure, part: str = "") -> Place:
        return Place(figure, credit.plant, credit.product, credit.pack, credit.credit, part=part)

    yield place(Figure.STATUS), Cell(word=credit.status.value, phase_out=credit.phase_out)
    for test in credit.tests:
        if test.decides:
            yield place(Figure.TEST, test.id), _tested(test)
    worth, given = credit.annual_credit, credit.one_time
    yield place(Figure.ANNUAL_CREDIT), _amount(worth, credit.currency, given)
    sampled = risks.get((credit.plant, credit.product, credit.pack))
    if sampled is not None:
        risk = sampled.risk
        yield place(Figure.RISK), _amount(risk, "")
        at_risk = None if risk is None or worth is None else risk * worth
        yield place(Figure.AT_RISK), _amount(at_risk, credit.currency, given)
    yield place(Figure.OPEN), Cell(points=credit.open)


def _tested(test: TestResult) -> Cell:
    return Cell(
        word=test.verdict.value,
        low=test.low,
        high=test.high,
        threshold=test.threshold,
        comparison=test.comparison,
        unit=test.unit,
        margin=test.margin,
        points=test.open,
    )


def _amount(value: float | None, unit: str, one_time: OneTime | None = None) -> Cell:
    return Cell(low=value, high=value, unit=unit, one_time=one_time)


def absence_of(place: Place, cells: Cells, project: Project) -> Absence:
    """Why a map does not have a figure that another version of it has."""
    owner = project.entities.get(place.owner)
    if not isinstance(owner, Plant):
        is_there = owner is not None and not place.plant
        return Absence.QUESTION if is_there else Absence.ITEM
    if place.product and all(made.id != place.product for made in owner.products):
        return Absence.PRODUCT
    status = msgspec.structs.replace(place, figure=Figure.STATUS, part="")
    return Absence.QUESTION if status in cells else Absence.CREDIT


# Differences ----------------------------------------------------------------------------------


def difference(figure: Figure, base: Cell, cell: Cell) -> Difference | None:
    """How a cell stands to the base's; None where neither version has the figure."""
    if base.absence is not None and cell.absence is not None:
        return None
    if base.absence is not None:
        return Difference(outcome=Outcome.ADDED)
    if cell.absence is not None:
        return Difference(outcome=Outcome.REMOVED)
    outcome = _outcome(figure, base, cell)
    if not _can_be_subtracted(base, cell):
        return Difference(outcome=outcome)
    return Difference(
        outcome=outcome,
        low=_less(cell.low, base.low),
        high=_less(cell.high, base.high),
        margin=_less(cell.margin, base.margin),
        opened=tuple(point for point in cell.points if point not in base.points),
        settled=tuple(point for point in base.points if point not in cell.points),
    )


def _outcome(figure: Figure, base: Cell, cell: Cell) -> Outcome:
    """By what is said in words, then by the figures; an unknown of either makes it unknown."""
    match figure:
        case Figure.OPEN:
            changed = set(base.points) != set(cell.points)
        case Figure.STATUS | Figure.ANSWER:
            changed = (base.word, base.phase_out) != (cell.word, cell.phase_out)
            if base.phase_out == cell.phase_out == 0.0:
                # The law has no credit left, whatever the tests say.
                return Outcome.SAME
            if not changed and cell.word == Answer.UNKNOWN:
                return Outcome.UNKNOWN
        case Figure.TEST if base.word != cell.word:
            changed = True
        case _:
            alike = _can_be_subtracted(base, cell)
            if alike and _tells_nothing(figure, base, cell):
                return Outcome.UNKNOWN
            changed = not alike or _has_moved(base, cell)
    return Outcome.CHANGED if changed else Outcome.SAME


def _can_be_subtracted(base: Cell, cell: Cell) -> bool:
    """Whether both are of one unit, and both a year's or both of the same one year."""
    return (base.unit, base.one_time) == (cell.unit, cell.one_time)


def _tells_nothing(figure: Figure, base: Cell, cell: Cell) -> bool:
    """Whether one of the figures is unknown; a test that measures nothing may still be decided."""
    silent = [each.low is None or each.high is None for each in (base, cell)]
    if figure is Figure.TEST and all(silent):
        return cell.word == Verdict.UNKNOWN
    return any(silent)


def _has_moved(base: Cell, cell: Cell) -> bool:
    pairs = ((base.low, cell.low), (base.high, cell.high), (base.threshold, cell.threshold))
    return any(
        (a is None) != (b is None) or (a is not None and b is not None and not _is_same(a, b))
        for a, b in pairs
    )


def _less(value: float | None, base: float | None) -> float | None:
    if value is None or base is None:
        return None
    return 0.0 if _is_same(value, base) else value - base


def _is_same(one: float, other: float) -> bool:
    return abs(one - other) <= SAME * max(1.0, abs(one), abs(other))
