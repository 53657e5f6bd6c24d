"""What can be asked of a map, a share of an item or a test of a product, and how that reads."""

from __future__ import annotations

from collections.abc import Mapping

from depmap_gui.analysis.results import UNKNOWN, Score
from depmap_gui.analysis.scores import covered_by
from depmap_gui.analysis.solution import Solution
from depmap_gui.analysis.uncertainty_results import (
    ProductKey,
    ScoreQuestion,
    TestQuestion,
    UncertaintyError,
)
from depmap_gui.analysis.wording import ORIGIN_OF_SCORE, Wording
from depmap_gui.domain.project import Project
from depmap_gui.rules.results import CreditResult, TestResult


def asked_row(solution: Solution, question: ScoreQuestion) -> tuple[int, int]:
    """The entity's row and the jurisdiction's column. Raises UncertaintyError where the map has
    no such item or place, or the item no such score."""
    projection = solution.projection
    row = projection.row.get(question.entity)
    if row is None:
        raise UncertaintyError(f"There is no item '{question.entity}' on the map.")
    if not covered_by(solution, question.score)[row]:
        raise UncertaintyError(
            f"{projection.name(row)} has no {ORIGIN_OF_SCORE[question.score]}: the map draws no "
            "link that it would follow from, or it is not that kind of item."
        )
    column = projection.column(question.jurisdiction)
    if column is None:
        known = ", ".join(code for code in projection.codes if code != UNKNOWN) or "none"
        raise UncertaintyError(
            f"There is no jurisdiction '{question.jurisdiction}' on the map (it has: {known}). "
            f"Use one of these codes, or '{UNKNOWN}'."
        )
    return row, column


def score_title(solution: Solution, question: ScoreQuestion) -> str:
    """The question as a heading."""
    row, column = asked_row(solution, question)
    return Wording(solution, column).question(Score(question.score), row)


def asked_test(
    credits: Mapping[ProductKey, CreditResult], question: TestQuestion
) -> tuple[CreditResult, TestResult]:
    """The product's credit and the test. Raises UncertaintyError where there is none such."""
    credit = credits.get((question.plant, question.product, question.pack))
    if credit is None:
        known = ", ".join(f"{product} of {plant} ({pack})" for plant, product, pack in credits)
        raise UncertaintyError(
            f"No credit of product '{question.product}' of '{question.plant}' is tested under "
            f"'{question.pack}'. Tested are: {known or 'none'}."
        )
    for test in credit.tests:
        if test.id == question.test:
            return credit, test
    ids = ", ".join(test.id for test in credit.tests) or "none"
    raise UncertaintyError(
        f"There is no test '{question.test}' of {question.product} in this year (there are: {ids})."
    )


def title_of_test(project: Project, question: TestQuestion, test: TestResult) -> str:
    """The question as a heading."""
    return f"{project.name(question.plant)}, {question.product}: {test.title}"
