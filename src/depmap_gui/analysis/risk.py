"""How likely a credit is lost: the law applied to many samples of what the map leaves uncertain.

Each sample fixes every uncertain quantity at a draw from the triangle between its low, mode and
high, and applies the law to that map. What is still open within a documented measure is drawn
evenly over its range; an answer that is open without a measure is an even bet. Tests on which
the map is silent are left out and listed. Of tests that may stand for one another one that
passes is enough.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from depmap_gui.analysis.context import Context, Quiet
from depmap_gui.analysis.law_samples import (
    VERDICTS,
    SampledTest,
    TestKey,
    credits_of,
    failing,
    judge,
    sample_law,
)
from depmap_gui.analysis.projection import Flags, Floats
from depmap_gui.analysis.ranges import draw_values, ranges_of
from depmap_gui.analysis.sampling import ROUNDING, chances, distribution
from depmap_gui.analysis.uncertainty_results import (
    ProductKey,
    ProductRisk,
    Risks,
    SampledMeasure,
)
from depmap_gui.domain.project import Project
from depmap_gui.rules.alternatives import combined
from depmap_gui.rules.evaluate import eligibility
from depmap_gui.rules.methods import COST_METHODS
from depmap_gui.rules.pack import RulePack
from depmap_gui.rules.results import CreditResult, Eligibility, TestResult, Verdict

__all__ = ["ProductKey", "ProductRisk", "Risks", "credit_risks"]

Codes = npt.NDArray[np.int8]
_PASS, _FAIL, _UNCERTAIN, _UNKNOWN = (
    VERDICTS.index(each)
    for each in (Verdict.PASS, Verdict.FAIL, Verdict.UNCERTAIN, Verdict.UNKNOWN)
)


def credit_risks(
    project: Project,
    packs: Sequence[RulePack],
    *,
    samples: int,
    seed: int,
    context: Context | None = None,
    plainly: bool = False,
) -> Risks:
    """The risk to every product's credit in the project's year. Raises Canceled.

    ``plainly`` judges every sample by itself, which is slow and gives the same figures.
    """
    told = context or Quiet()
    base = credits_of(judge(project, packs))
    keys = [(key, test.id) for key, credit in base.items() for test in credit.tests]
    ranges = ranges_of(project)
    values = draw_values(ranges.triangle, chances(seed, 0, samples, len(ranges)))
    found = sample_law(project, packs, ranges, values, told, plainly=plainly)
    bets = chances(seed, 0, samples, len(keys), skipped=samples * len(ranges))
    drawn = {key: _drawn(found[key], bets[:, at]) for at, key in enumerate(keys)}
    spread = {key: _spread(found[key], bets[:, at]) for at, key in enumerate(keys)}
    ratios = {
        pack.id: {test.id for test in pack.tests.values() if test.method in COST_METHODS}
        for pack in packs
    }
    return {
        key: msgspec.structs.replace(
            _product_risk(key, credit, found, drawn, ratios[credit.pack], samples, seed),
            measures={
                test.id: measure
                for test in credit.tests
                if (measure := spread[key, test.id]) is not None
            },
        )
        for key, credit in base.items()
    }


def _product_risk(
    key: ProductKey,
    credit: CreditResult,
    found: Mapping[TestKey, SampledTest],
    drawn: Mapping[TestKey, Codes],
    ratios: set[str],
    samples: int,
    seed: int,
) -> ProductRisk:
    told = [test.id for test in credit.tests if test.verdict is not Verdict.UNKNOWN]
    silent = tuple(test.id for test in credit.tests if test.id not in told)
    counted = {
        test.id: drawn[key, test.id]
        if test.id in told
        else np.full(samples, _UNKNOWN, dtype=np.int8)
        for test in credit.tests
    }
    risk = float(_lost(credit, counted).mean()) if told else None
    plant, product, pack = key
    annual = credit.annual_credit
    return ProductRisk(
        plant=plant,
        product=product,
        pack=pack,
        risk=risk,
        tests={id: float((counted[id] == _FAIL).mean()) for id in told},
        left_out=silent,
        samples=samples,
        seed=seed,
        verdicts={test.id: _parts(found[key, test.id].verdict) for test in credit.tests},
        statuses=_statuses(key, credit, found, ratios),
        annual_credit=annual,
        at_risk=None if risk is None or annual is None else risk * annual,
        currency=credit.currency,
        per=credit.per,
    )


def _drawn(test: SampledTest, bets: Floats) -> Codes:
    """Verdicts with what is uncertain drawn: pass, fail or unknown for each sample."""
    codes = test.verdict.copy()
    uncertain = codes == _UNCERTAIN
    lost = bets < 0.5
    measured = uncertain & ~np.isnan(test.low + test.high + test.threshold)
    limits = {
        (comparison, threshold)
        for comparison, threshold in zip(
            test.comparison[measured], test.threshold[measured].tolist(), strict=True
        )
        if comparison is not None
    }
    measures = test.low + bets * (test.high - test.low)
    for comparison, threshold in limits:
        alike = measured & (test.comparison == comparison) & (test.threshold == threshold)
        lost[alike] = failing(measures[alike], comparison, threshold)
    codes[uncertain] = np.where(lost[uncertain], _FAIL, _PASS)
    return codes


def _spread(test: SampledTest, bets: Floats) -> SampledMeasure | None:
    """How the test's measure is spread; None where it is not known for every sample that has one,
    where all agree, or where what it is held against changes."""
    told = np.flatnonzero(~np.isnan(test.low + test.high + test.threshold))
    if not test.exact or not len(told):
        return None
    low, high, threshold = test.low[told], test.high[told], test.threshold[told]
    comparison = test.comparison[told[0]]
    measures = low + bets[told] * (high - low)
    if comparison is None or np.ptp(threshold) > 0.0 or np.ptp(measures) <= ROUNDING:
        return None
    return SampledMeasure(
        spread=distribution(measures),
        samples=len(told),
        threshold=float(threshold[0]),
        comparison=str(comparison),
    )


def _patterns(codes: Mapping[str, Codes]) -> tuple[Codes, npt.NDArray[np.intp]]:
    """The different rows of verdicts over a product's tests, and which one each sample has."""
    table = np.stack(list(codes.values()), axis=1)
    # Each row as one number, its verdicts being the digits.
    key = np.zeros(len(table), dtype=np.int64)
    for column in table.T:
        _, key = np.unique(key * len(VERDICTS) + column, return_inverse=True)
    _, first, at = np.unique(key, return_index=True, return_inverse=True)
    return table[first], at.reshape(-1)


def _lost(credit: CreditResult, codes: Mapping[str, Codes]) -> Flags:
    """In which samples the credit is lost."""
    rows, at = _patterns(codes)
    lost = [Verdict.FAIL in combined(_with(credit, row)).values() for row in rows]
    found: Flags = np.array(lost, dtype=bool)[at]
    return found


def _with(credit: CreditResult, row: Codes) -> list[TestResult]:
    """The product's tests with other verdicts."""
    return [
        msgspec.structs.replace(test, verdict=VERDICTS[code])
        for test, code in zip(credit.tests, row.tolist(), strict=True)
    ]


def _parts(codes: Codes) -> dict[Verdict, float]:
    """The share of samples with each verdict that occurs."""
    counts = np.bincount(codes, minlength=len(VERDICTS))
    return {
        VERDICTS[code]: float(count) / len(codes)
        for code, count in enumerate(counts.tolist())
        if count
    }


def _statuses(
    key: ProductKey,
    credit: CreditResult,
    found: Mapping[TestKey, SampledTest],
    ratios: set[str],
) -> dict[Eligibility, float]:
    """The share of samples in which the law gives the product each status."""
    if not credit.tests:
        return {credit.status: 1.0}
    rows, at = _patterns({test.id: found[key, test.id].verdict for test in credit.tests})
    share = np.bincount(at, minlength=len(rows)) / len(at)
    statuses: dict[Eligibility, float] = {}
    for row, part in zip(rows, share.tolist(), strict=True):
        status = eligibility(_with(credit, row), ratios)
        statuses[status] = statuses.get(status, 0.0) + part
    return statuses
