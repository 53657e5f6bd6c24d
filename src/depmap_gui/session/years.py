"""A project's verdicts by year, and the open questions that would change them."""

from __future__ import annotations

from depmap_gui.analysis.context import Context
from depmap_gui.analysis.years import LAST_YEAR, YearsResult, verdicts_by_year
from depmap_gui.domain.in_force import MapInForce, last_day
from depmap_gui.rules.readings import ReadingEffect, readings_that_matter
from depmap_gui.session.session import ScoringRequest


def years_of(
    request: ScoringRequest,
    first: int | None = None,
    last: int = LAST_YEAR,
    context: Context | None = None,
) -> YearsResult:
    """Every product's verdicts from ``first`` (the project's year) to ``last``. Raises Canceled."""
    return verdicts_by_year(request.project, request.packs, first, last, context)


def readings_of(
    request: ScoringRequest, context: Context | None = None
) -> tuple[ReadingEffect, ...]:
    """The unsettled readings that would change an answer in the project's year. Raises Canceled."""
    project = request.project
    year = project.header.year
    on_the_day = MapInForce(project, last_day(year))
    progress = None if context is None else context.progress
    return readings_that_matter(on_the_day, request.packs, year, progress=progress)
