"""Whether a facility of an ending technology is placed in service in time."""

from __future__ import annotations

from depmap_gui.rules.cost_tables import table_of
from depmap_gui.rules.pack import TestRule
from depmap_gui.rules.results import TestResult, Verdict
from depmap_gui.rules.testing import TestCase, case_reason, measured_result

TECHNOLOGIES = "termination.technologies"
LAST_SERVICE = "termination.last-service-day"
LAST_BEGUN = "termination.last-begun-day"
DATES = "service_deadline.dates"
TECHNOLOGY = "service_deadline.technology"


def service_deadline_test(case: TestCase, rule: TestRule) -> TestResult | None:
    """Fails for an ending technology begun and placed in service after the last days for it.

    Not shown where the law names no such days, or the product's cost table is of another
    technology.
    """
    ending = case.setting.value(TECHNOLOGIES)
    last_service, last_begun = case.setting.value(LAST_SERVICE), case.setting.value(LAST_BEGUN)
    if ending is None or last_service is None or last_begun is None:
        return None
    table = table_of(case.setting.pack, case.product.table)
    if table is not None and table[0].technology not in ending.words:
        return None
    begun, served = case.product.construction_start, case.product.in_service

    def told(
        verdict: Verdict, text: str, citation: str, silent: tuple[str, ...] = ()
    ) -> TestResult:
        return measured_result(rule, verdict, (case_reason(case, rule, text, citation),), silent)

    if served is not None and served <= last_service.day:
        text = f"In service on {served}, by {last_service.day}."
        return told(Verdict.PASS, text, last_service.citation)
    if begun is not None and begun <= last_begun.day:
        text = f"Construction began on {begun}, by {last_begun.day}, so no last day in service "
        text += "binds it."
        return told(Verdict.PASS, text, last_begun.citation)
    if begun is None or served is None:
        text = "The map lacks the day of service or of construction, so it does not show whether "
        text += f"the facility must be in service by {last_service.day}."
        return told(Verdict.UNKNOWN, text, last_service.citation, (DATES,))
    late = f"begun on {begun}, after {last_begun.day}, and in service on {served}, after "
    late += f"{last_service.day}"
    if table is None:
        text = f"The facility is {late}; if it is {' or '.join(ending.words)}, it gets no credit. "
        text += "The map does not say."
        return told(Verdict.UNKNOWN, text, last_service.citation, (TECHNOLOGY,))
    text = f"The facility is {table[0].technology}, {late}."
    return told(Verdict.FAIL, text, last_service.citation)
