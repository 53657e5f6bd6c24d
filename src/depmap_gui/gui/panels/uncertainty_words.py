"""What may be asked about the uncertainty of an item, and how its figures are said."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import QLocale

from depmap_gui.analysis.results import Assessment, Score
from depmap_gui.analysis.uncertainty_results import (
    Distribution,
    Interval,
    MissingFact,
    Place,
    Question,
    ScoreQuestion,
    TestQuestion,
    UncertainQuantity,
)
from depmap_gui.domain.fields import Unit
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Plant
from depmap_gui.gui import numbers
from depmap_gui.gui.panels.score_words import SCORE_TITLES, measured
from depmap_gui.rules.results import CreditResult, TestResult

PERCENTILES = (("p5", 5), ("p25", 25), ("p50", 50), ("p75", 75), ("p95", 95))
"""The percentiles that are marked and listed: name in a distribution, and percent."""
PERCENTILE_TIP = "So many samples in a hundred lie below the figure."
POSSIBLE_TIP = (
    "Each sample draws every uncertain quantity from the triangle between its low, likely and "
    "high value, and adds an evenly drawn part of what is unknown."
)
DOCUMENTED_TIP = "The same samples, counting documented shares alone."
RISK_TIP = (
    "The share of samples in which the credit is lost. What is open within a documented measure "
    "is drawn evenly over its range; an answer that is open without a measure is an even bet."
)
SAME = 1e-9


class Asked(msgspec.Struct, frozen=True):
    """One thing that may be asked of an item: a score (the jurisdiction is asked beside it), or
    a test of one of its products."""

    title: str
    score: Score | None = None
    test: TestQuestion | None = None

    @property
    def group(self) -> tuple[str, str] | None:
        """The product and rule pack of a test; None of a score."""
        return None if self.test is None else (self.test.product, self.test.pack)

    def question(self, entity: str, jurisdiction: str) -> Question:
        """The whole question, of one item and jurisdiction."""
        if self.test is not None:
            return self.test
        return ScoreQuestion(entity, self.score or Score.IP, jurisdiction)


def asked_of(assessment: Assessment, project: Project, entity: str) -> list[Asked]:
    """What may be asked of an item: the scores that it has, then the tests of its products."""
    found = [
        Asked(SCORE_TITLES[score], score=score)
        for score in Score
        if entity in assessment.scores.vectors(score)
    ]
    for credit in assessment.law.credits:
        if credit.plant == entity:
            name = product_name(project, credit)
            found += [
                Asked(
                    f"{name}: {test.title}",
                    test=TestQuestion(entity, credit.product, credit.pack, test.id),
                )
                for test in credit.tests
            ]
    return found


def product_name(project: Project, credit: CreditResult) -> str:
    """What a credit's product is called."""
    plant = project.entities.get(credit.plant)
    products = plant.products if isinstance(plant, Plant) else ()
    return next((made.name for made in products if made.id == credit.product), "") or credit.product


def credit_of(assessment: Assessment, question: TestQuestion) -> CreditResult | None:
    """The credit that a test belongs to; None where it is not judged any more."""
    key = (question.plant, question.product, question.pack)
    for credit in assessment.law.credits:
        if (credit.plant, credit.product, credit.pack) == key:
            return credit
    return None


def test_of(assessment: Assessment, question: TestQuestion) -> TestResult | None:
    """The test as it stands; None where the law has no such test in this year."""
    credit = credit_of(assessment, question)
    tests = () if credit is None else credit.tests
    return next((test for test in tests if test.id == question.test), None)


def figure_text(value: float | None, unit: str = "share") -> str:
    """A figure in its unit; '—' where nothing is measured."""
    return "—" if value is None else measured(value, unit)


def quantity_text(quantity: UncertainQuantity, currency: str) -> str:
    """A quantity's likely value and its range: '85% (70–90%)'."""
    known = set(Unit)
    unit = Unit(quantity.unit) if quantity.unit in known else Unit.NONE
    return numbers.quantity((quantity.low, quantity.mode, quantity.high), unit, currency)


def exactness(interval: Interval) -> str:
    """Whether the bounds are reached, and why not where they may be too wide."""
    if interval.exact:
        return "Exact: some values of the quantities reach each end."
    return f"At most this wide, never wider than said. {interval.why}".strip()


def is_certain(interval: Interval) -> bool:
    """Whether nothing moves the figure."""
    return interval.high - interval.low < SAME


def place_ids(project: Project, place: Place) -> tuple[str, ...]:
    """The record of a place, where it is on the map."""
    known = place.record in project.entities or place.record in project.links
    return (place.record,) if known else ()


def place_field(place: Place) -> str:
    """The field that holds a place, as the property sheet names it; empty where it has none."""
    return "products" if place.product is not None else place.field.partition(".")[0]


def narrowing_text(fact: MissingFact) -> str:
    """By how much a fact narrows the range, in percentage points; empty where it does not."""
    if fact.narrowing < SAME:
        return ""
    most = _points(fact.narrowing)
    least = _points(fact.least_narrowing)
    by = most if least == most else f"{least} to {most}"
    return f"Narrows the range by {by} points"


def _points(share: float) -> str:
    return numbers.count(round(100.0 * share, 1))


def spread_text(spread: Distribution) -> str:
    """A distribution in a sentence, for who cannot see it painted."""
    if spread.most - spread.least < SAME:
        return f"All samples agree on {numbers.percent(spread.mean)}."
    return (
        f"Mean {numbers.percent(spread.mean)}. Half of the samples lie within "
        f"{numbers.percent_range(spread.p25, spread.p75)}, nine in ten within "
        f"{numbers.percent_range(spread.p5, spread.p95)}, all within "
        f"{numbers.percent_range(spread.least, spread.most)}."
    )


def percentile_text(percent: int) -> str:
    """What a percentile is called in the list."""
    said = f"{QLocale().toString(percent)}th"
    return f"{said} (median)" if percent == 50 else said
