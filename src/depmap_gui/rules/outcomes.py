"""How a test's result is put together from what was found."""

from __future__ import annotations

from depmap_gui.domain.records import Company
from depmap_gui.rules.pack import Comparison, TestRule
from depmap_gui.rules.results import Answer, Measure, Reason, TestResult, Verdict
from depmap_gui.rules.setting import Setting
from depmap_gui.rules.status import declared_answer, declared_reason
from depmap_gui.rules.testing import measured_result

BY_ANSWER = {Answer.YES: Verdict.FAIL, Answer.UNKNOWN: Verdict.UNCERTAIN, Answer.NO: Verdict.PASS}
"""The verdict where a yes is what the law bars."""


def result_of(
    rule: TestRule,
    verdict: Verdict,
    because: tuple[Reason, ...] = (),
    silent: tuple[str, ...] = (),
) -> TestResult:
    """The rule's result where nothing is measured."""
    return measured_result(rule, verdict, because, silent)


def compared(
    rule: TestRule,
    verdict: Verdict,
    because: tuple[Reason, ...],
    measure: Measure,
    threshold: float,
) -> TestResult:
    """The result of a measure against a threshold."""
    boundary = (threshold, comparison_of(rule))
    ends = (measure.low, measure.mode, measure.high)
    return measured_result(rule, verdict, because, (), boundary, ends)


def comparison_of(rule: TestRule) -> Comparison:
    """The rule's own boundary; at least, where it states none."""
    return rule.comparison or Comparison.AT_LEAST


def declared_result(
    setting: Setting, taxpayer: Company | None, rule: TestRule, *, good: Answer
) -> TestResult | None:
    """The result that an analyst declares of the operator under the test's id; None where none
    is declared. `good` is the answer with which the test passes."""
    stated = None if taxpayer is None else declared_answer(taxpayer, rule.id)
    if stated is None or taxpayer is None:
        return None
    reason = declared_reason(setting, taxpayer.id, rule.id, stated)
    if stated.answer is Answer.UNKNOWN:
        return result_of(rule, Verdict.UNKNOWN, (reason,), (rule.id,))
    passed = stated.answer is good
    return result_of(rule, Verdict.PASS if passed else Verdict.FAIL, (reason,))
