"""Tests that may stand for one another: a taxpayer may use any way that it qualifies for."""

from __future__ import annotations

from collections.abc import Sequence

from depmap_gui.rules.results import Reason, TestResult, Verdict

_RANKED = (Verdict.PASS, Verdict.UNCERTAIN, Verdict.FAIL, Verdict.UNKNOWN)
"""Which verdict of several ways tells: one that passes is enough, one on which the map is silent
decides nothing."""


def root(test: TestResult) -> str:
    """The test whose place this one may take; its own id where it takes no other's."""
    return test.alternative_to or test.id


def combined(tests: Sequence[TestResult]) -> dict[str, Verdict]:
    """The verdict of each test that stands alone, and of each group by its root's id.

    A group passes if one way passes; else it is uncertain if one is; it fails if every way of
    which the map tells anything fails; else it is unknown. Tests that do not decide are left out.
    """
    found: dict[str, Verdict] = {}
    for test in tests:
        if not test.decides:
            continue
        id = root(test)
        before = found.get(id)
        if before is None or _RANKED.index(test.verdict) < _RANKED.index(before):
            found[id] = test.verdict
    return found


def combining_reasons(tests: Sequence[TestResult]) -> tuple[Reason, ...]:
    """A sentence for each group whose ways differ: which one tells, and that one is enough."""
    groups: dict[str, list[TestResult]] = {}
    for test in tests:
        if test.alternative_to is not None:
            groups.setdefault(test.alternative_to, []).append(test)
    if not groups:
        return ()
    verdicts = combined(tests)
    own = {test.id: test for test in tests}
    reasons = []
    for id, others in groups.items():
        ways = [*([own[id]] if id in own else []), *others]
        if len({way.verdict for way in ways}) < 2:
            continue
        told = verdicts[id]
        by = ", ".join(way.title for way in ways if way.verdict is told)
        rest = ", ".join(
            f"{way.title} ({way.verdict.value})" for way in ways if way.verdict is not told
        )
        text = f"{_TOLD[told]} by: {by}. The other ways: {rest}. A taxpayer may use any way that "
        text += "it qualifies for, so one that passes is enough."
        reasons.append(Reason(text=text, citation=ways[-1].citation))
    return tuple(reasons)


_TOLD = {
    Verdict.PASS: "Passed",
    Verdict.UNCERTAIN: "Uncertain",
    Verdict.FAIL: "Failed",
    Verdict.UNKNOWN: "Unknown",
}
