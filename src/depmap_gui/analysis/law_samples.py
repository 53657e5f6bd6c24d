"""The law applied to many sets of values of a map's uncertain quantities.

Every set of values could be put on the map and judged by itself; that is the plain way, and what
the quick one must equal. The quick one takes quantities apart by what the law does with them:

- costs of what goes into a plant move cost ratios alone: the lines of one judgment are priced
  anew for each sample, and the law's own formula is asked for their ratio;
- shares, votes and the like decide statuses: samples are put into boxes, and where all corners of
  a box are judged alike, so is what lies within (measures grow or fall steadily with each share);
  shares that reach no company in common are put into boxes apart (`law_parts`);
- output, prices and shares of technology decide no test.

Some samples are always judged the plain way too. Where any differs (a pack may reason otherwise
than today's), all are.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import msgspec
import numpy as np
import numpy.typing as npt

from depmap_gui.analysis.context import Context, Quiet
from depmap_gui.analysis.law_boxes import Box, boxes, pattern
from depmap_gui.analysis.law_parts import effect, parts_of
from depmap_gui.analysis.projection import Flags, Floats, Integers
from depmap_gui.analysis.ranges import Ranges, fix, project_record
from depmap_gui.analysis.uncertainty_results import Place, ProductKey
from depmap_gui.domain.in_force import MapInForce, last_day
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Plant, Supplies
from depmap_gui.rules.evaluate import evaluate
from depmap_gui.rules.material import cost_ratio
from depmap_gui.rules.methods import COST_METHODS
from depmap_gui.rules.pack import Comparison, RulePack
from depmap_gui.rules.results import (
    Answer,
    CostLine,
    CreditResult,
    LawResult,
    Reason,
    TestResult,
    Verdict,
)
from depmap_gui.rules.thresholds import fails, verdict

DIRECT_COST = "material-direct-cost"
NOT_BY_COST = frozenset({"material-cost-percentage"})
"""Tests of a ratio that no cost of the map enters."""
MOST_DECIDING = 6
"""With more quantities that decide together a box has too many corners; each sample is judged by
itself."""
PROBED = 12
VERDICTS = tuple(Verdict)
TestKey = tuple[ProductKey, str]
_SAME = 1e-12
_NEAR = 1e-9
"""A measure that decides nothing may be off by what sums of products lose in the last places."""


@dataclass(frozen=True, eq=False)
class SampledTest:
    """One test over all samples: index into VERDICTS, and its measure (NaN where it has none).

    ``threshold`` is NaN and ``comparison`` None where nothing is compared. Where the measures are
    not ``exact``, those of samples that surely pass or fail may be another sample's.
    """

    verdict: npt.NDArray[np.int8]
    low: Floats
    high: Floats
    threshold: Floats
    comparison: npt.NDArray[np.object_]
    exact: bool = True


def judge(project: Project, packs: Sequence[RulePack]) -> LawResult:
    """What the packs say of the map in its own year."""
    year = project.header.year
    return evaluate(MapInForce(project, last_day(year)), packs, year)


def credits_of(law: LawResult) -> dict[ProductKey, CreditResult]:
    """The credits of a judgment by plant, product and pack."""
    return {(credit.plant, credit.product, credit.pack): credit for credit in law.credits}


def sample_law(
    project: Project,
    packs: Sequence[RulePack],
    ranges: Ranges,
    values: Floats,
    context: Context | None = None,
    *,
    plainly: bool = False,
) -> Mapping[TestKey, SampledTest]:
    """How every test comes out for each set of values (samples x quantities).

    ``plainly`` judges each sample by itself. Raises Canceled where ``context`` says so.
    """
    told = context or Quiet()
    work = _Work(project, packs, ranges, values, told)
    if plainly or not work.quickly():
        work.plainly(np.arange(len(values)))
    return work.tests


@dataclass(eq=False)
class _Work:
    project: Project
    packs: Sequence[RulePack]
    ranges: Ranges
    values: Floats
    told: Context
    tests: dict[TestKey, SampledTest] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.base = judge(self.project, self.packs)
        count = len(self.values)
        for key, credit in credits_of(self.base).items():
            for test in credit.tests:
                self.tests[key, test.id] = SampledTest(
                    verdict=np.full(count, VERDICTS.index(Verdict.UNKNOWN), dtype=np.int8),
                    low=np.full(count, np.nan),
                    high=np.full(count, np.nan),
                    threshold=np.full(count, np.nan),
                    comparison=np.full(count, None, dtype=object),
                )

    # The plain way ----------------------------------------------------------------------------

    def judged(self, sample: int) -> LawResult:
        """The map with one sample's values, judged."""
        fixed = fix(self.project, self.ranges.places, self.values[sample].tolist())
        return judge(fixed, self.packs)

    def plainly(self, samples: Integers) -> None:
        """Judge these samples one by one."""
        self.tests = {key: replace(test, exact=True) for key, test in self.tests.items()}
        if len(self.ranges) == 0:
            self._put(self.base, samples)
            return
        for done, sample in enumerate(samples.tolist()):
            self.told.progress(done / len(samples), f"Sample {done + 1:,} of {len(samples):,}")
            self._put(self.judged(sample), np.array([sample]))

    def _put(self, law: LawResult, samples: Integers) -> None:
        for key, credit in credits_of(law).items():
            for test in credit.tests:
                found = self.tests.get((key, test.id))
                if found is not None:
                    _put(found, test, samples)

    # The quick way ----------------------------------------------------------------------------

    def quickly(self) -> bool:
        """Judge all samples the quick way; False where that cannot be or proves wrong."""
        kinds = [effect(self.project, place) for place in self.ranges.places]
        deciding = np.array([n for n, kind in enumerate(kinds) if kind == "decides"], dtype=int)
        parts = parts_of(self.project, self.ranges, deciding)
        if max(map(len, parts)) > MOST_DECIDING or not self._priced_alike():
            return False
        by_part = [boxes(part, self.values, self._judged_at(part), self.told) for part in parts]
        groups = by_part[0] if len(parts) == 1 else self._together(deciding, by_part)
        for box in groups:
            self._put(box.law, box.samples)
        self._measure(by_part)
        for done, box in enumerate(groups):
            self.told.progress(0.5 + 0.4 * done / len(groups), "Pricing the samples")
            self._price(box.law, box.samples)
        return self._proves_right()

    def _together(self, deciding: Integers, by_part: Sequence[Sequence[Box]]) -> list[Box]:
        """A judgment for each group of samples that is alike in every part."""
        alike = np.empty((len(self.values), len(by_part)), dtype=np.int64)
        for part, found in enumerate(by_part):
            numbers: dict[Hashable, int] = {}
            for box in found:
                alike[box.samples, part] = numbers.setdefault(pattern(box.law), len(numbers))
        _, group = np.unique(alike, axis=0, return_inverse=True)
        order = np.argsort(group.reshape(-1), kind="stable")
        starts = np.flatnonzero(np.diff(group.reshape(-1)[order])) + 1
        judged_at, groups = self._judged_at(deciding), []
        members = np.split(order, starts)
        for done, samples in enumerate(members):
            self.told.progress(0.5 * done / len(members), "Judging what differs")
            groups.append(Box(judged_at(self.values[samples[0], deciding]), samples))
        return groups

    def _judged_at(self, deciding: Integers) -> Callable[[Floats], LawResult]:
        """Judges the map with the deciding quantities at given values, the others at their mode."""

        def judged_at(values: Floats) -> LawResult:
            everywhere = self.ranges.mode.copy()
            everywhere[deciding] = values
            return judge(fix(self.project, self.ranges.places, everywhere.tolist()), self.packs)

        return judged_at

    def _priced_alike(self) -> bool:
        """Whether costs enter only ratios by direct cost, of which all lines always count."""
        by_pack = {pack.id: pack for pack in self.packs}
        costed = {
            _plant_of(self.project, place)
            for place in self.ranges.places
            if effect(self.project, place) == "costs"
        }
        for credit in self.base.credits:
            if credit.plant not in costed:
                continue
            methods = {by_pack[credit.pack].tests[test.id].method for test in credit.tests}
            if (methods & COST_METHODS) - {DIRECT_COST} - NOT_BY_COST:
                return False
            material = credit.material
            if material is not None and (material.left_out or material.unelected is not None):
                return False
        return True

    def _measure(self, by_part: Sequence[Sequence[Box]]) -> None:
        """Put the measures that differ between or within the boxes of one part of the quantities.

        Those that differ in several parts stand as judged: nothing but who makes what moves them.
        """
        measures = [_measures_of(found) for found in by_part]
        for key, test in self.tests.items():
            differs = [
                part
                for part, told in enumerate(measures)
                if len({each.get(key, _NOTHING) for each in told.values()}) > 1
            ]
            if len(differs) == 1:
                self._put_between(test, key, by_part[differs[0]], measures[differs[0]])

    def _put_between(
        self,
        test: SampledTest,
        key: TestKey,
        found: Sequence[Box],
        measures: Mapping[int, Mapping[TestKey, tuple[float, float]]],
    ) -> None:
        for box in found:
            corners = {at: measures[id(law)].get(key, _NOTHING) for at, law in box.corners.items()}
            only = measures[id(box.law)].get(key, _NOTHING)
            for place, column in enumerate((test.low, test.high)):
                at_corners = {at: each[place] for at, each in corners.items()}
                column[box.samples] = box.between(self.values, at_corners, only[place])

    def _price(self, law: LawResult, samples: Integers) -> None:
        """Measure direct-cost ratios at each sample's costs."""
        by_pack = {pack.id: pack for pack in self.packs}
        for key, credit in credits_of(law).items():
            for test in credit.tests:
                rule = by_pack[credit.pack].tests[test.id]
                if rule.method != DIRECT_COST or test.threshold is None or not test.comparison:
                    continue
                prices = _Prices(self, credit)
                if prices.certain:
                    continue
                self._put_ratios(self.tests[key, test.id], test, prices, samples)

    def _put_ratios(
        self, found: SampledTest, test: TestResult, prices: _Prices, samples: Integers
    ) -> None:
        """Measure one product's ratio at all samples: at once where that gives what the law's own
        formula gives for some of them, else one by one."""
        probed = samples[np.unique(np.linspace(0, len(samples) - 1, PROBED).astype(int))]
        by_law = [prices.ratio(self.values[sample]) for sample in probed]
        at_once = prices.ratios(self.values[probed])
        if at_once is not None and by_law == list(
            zip(*map(np.ndarray.tolist, at_once), strict=True)
        ):
            every = prices.ratios(self.values[samples])
            if every is not None:
                _put_all(found, samples, *every, test)
                return
        for sample in samples.tolist():
            _put_ratio(found, sample, prices.ratio(self.values[sample]), test)

    def _proves_right(self) -> bool:
        """Whether some samples, judged plainly, come out as found."""
        count = len(self.values)
        if len(self.ranges) == 0:
            return True
        for done, sample in enumerate(np.unique(np.linspace(0, count - 1, PROBED).astype(int))):
            self.told.progress(0.9 + 0.1 * done / PROBED, "Checking some samples one by one")
            for key, credit in credits_of(self.judged(int(sample))).items():
                for test in credit.tests:
                    found = self.tests.get((key, test.id))
                    if found is None or VERDICTS[found.verdict[sample]] is not test.verdict:
                        return False
                    if not _measures_agree(found, int(sample), test):
                        if test.verdict is Verdict.UNCERTAIN:
                            return False
                        self.tests[key, test.id] = replace(found, exact=False)
        return True


def _put(found: SampledTest, test: TestResult, samples: Integers) -> None:
    found.verdict[samples] = VERDICTS.index(test.verdict)
    for column, figure in (
        (found.low, test.low),
        (found.high, test.high),
        (found.threshold, test.threshold),
    ):
        column[samples] = np.nan if figure is None else figure
    found.comparison[samples] = test.comparison


def _put_all(
    found: SampledTest, samples: Integers, low: Floats, high: Floats, test: TestResult
) -> None:
    assert test.threshold is not None
    assert test.comparison is not None
    found.low[samples], found.high[samples] = low, high
    at_low = failing(low, test.comparison, test.threshold)
    at_high = failing(high, test.comparison, test.threshold)
    codes = np.where(at_low, VERDICTS.index(Verdict.FAIL), VERDICTS.index(Verdict.PASS))
    straddles = (low != high) & (at_low != at_high)
    found.verdict[samples] = np.where(straddles, VERDICTS.index(Verdict.UNCERTAIN), codes)


def failing(measures: Floats, comparison: str, threshold: float) -> Flags:
    """Which measures fail. On one side of some point all do, on the other none, so the law is
    asked of a few of them only."""
    order = np.argsort(measures, kind="stable")
    ordered = measures[order].tolist()
    how = Comparison(comparison)
    found = np.zeros(len(ordered), dtype=bool)
    if not ordered:
        return found
    first = fails(ordered[0], how, threshold)
    turn = bisect_left(ordered, True, key=lambda each: fails(each, how, threshold) is not first)
    found[order[:turn]] = first
    found[order[turn:]] = not first
    return found


def _put_ratio(
    found: SampledTest, sample: int, ratio: tuple[float, float] | None, test: TestResult
) -> None:
    if ratio is None:
        found.verdict[sample] = VERDICTS.index(Verdict.UNKNOWN)
        found.low[sample] = found.high[sample] = np.nan
        return
    assert test.threshold is not None
    assert test.comparison is not None
    low, high = ratio
    told = verdict(low, high, Comparison(test.comparison), test.threshold)
    found.verdict[sample] = VERDICTS.index(told)
    found.low[sample], found.high[sample] = low, high


_NOTHING = (np.nan, np.nan)


def _measures_of(found: Sequence[Box]) -> dict[int, dict[TestKey, tuple[float, float]]]:
    """What each test measures in every judgment of these boxes, by the judgment's identity."""
    laws = {id(law): law for box in found for law in (box.law, *box.corners.values())}
    return {number: _measures(law) for number, law in laws.items()}


def _measures(law: LawResult) -> dict[TestKey, tuple[float, float]]:
    """What each test measures, low and high, of those that measure anything."""
    return {
        (key, test.id): (test.low, test.high)
        for key, credit in credits_of(law).items()
        for test in credit.tests
        if test.low is not None and test.high is not None
    }


def _measures_agree(found: SampledTest, sample: int, test: TestResult) -> bool:
    within = _SAME if test.verdict is Verdict.UNCERTAIN else _NEAR
    return all(
        (given is None and np.isnan(kept)) or (given is not None and abs(given - kept) <= within)
        for given, kept in ((test.low, found.low[sample]), (test.high, found.high[sample]))
    )


def _plant_of(project: Project, place: Place) -> str:
    record = project_record(project, place.record)
    return record.target if isinstance(record, Supplies) else record.id


class _Prices:
    """The cost lines of one product with the places of their costs in the samples."""

    def __init__(self, work: _Work, credit: CreditResult) -> None:
        number = work.ranges.number
        lines = credit.material.lines if credit.material is not None else ()
        self._lines = [line for line in lines if line.link is not None]
        self._at = [number.get(Place(line.link or "", "cost"), -1) for line in self._lines]
        plant = work.project.entities[credit.plant]
        products = plant.products if isinstance(plant, Plant) else ()
        total = next(each.material_cost for each in products if each.id == credit.product)
        self._total = total[1] if isinstance(total, tuple) else total
        self._total_at = number.get(Place(credit.plant, "material_cost", credit.product), -1)

    @property
    def certain(self) -> bool:
        """Whether no sample differs in any of the costs."""
        return self._total_at < 0 and all(at < 0 for at in self._at)

    def ratio(self, values: Floats) -> tuple[float, float] | None:
        """The ratio's interval at a sample's costs, as the law works it out; None where it has
        none."""
        lines = []
        for line, at in zip(self._lines, self._at, strict=True):
            cost = line.mode if at < 0 else float(values[at])
            lines.append(msgspec.structs.replace(line, low=cost, mode=cost, high=cost))
        total = self._total if self._total_at < 0 else float(values[self._total_at])
        if total is not None:
            lines.append(_rest(total, lines))
        measure = cost_ratio(lines, total_known=total is not None)
        return None if measure is None else (measure.low, measure.high)

    def ratios(self, values: Floats) -> tuple[Floats, Floats] | None:
        """The same for many samples (samples x quantities) at once; None where some line has no
        cost, or some sample no ratio."""
        costs = []
        for line, at in zip(self._lines, self._at, strict=True):
            if at < 0 and line.mode is None:
                return None
            costs.append(values[:, at] if at >= 0 else np.full(len(values), line.mode))
        sure = [line.included is Answer.YES for line in self._lines]
        least = [
            cost if included else np.zeros_like(cost)
            for cost, included in zip(costs, sure, strict=True)
        ]
        most = list(costs)
        parts = [(line.pfe_low, line.pfe_high) for line in self._lines]
        if self._total is not None:
            total = values[:, self._total_at] if self._total_at >= 0 else self._total
            least.append(np.maximum(0.0, total - sum(costs, np.zeros(len(values)))))
            most.append(np.maximum(0.0, total - sum(least[:-1], np.zeros(len(values)))))
            parts.append((0.0, 1.0))
        clean_low, tainted_low, clean_high, tainted_high = np.zeros((4, len(values)))
        for small, large, (pfe_low, pfe_high) in zip(least, most, parts, strict=True):
            clean_low += small * (1.0 - pfe_high)
            tainted_low += large * (pfe_low + (pfe_high - pfe_low))
            clean_high += large * (1.0 - pfe_high + (pfe_high - pfe_low))
            tainted_high += small * pfe_low
        below, above = clean_low + tainted_low, clean_high + tainted_high
        if not ((below > 0.0) & (above > 0.0)).all():
            return None
        return clean_low / below, clean_high / above


def _rest(total: float, lines: Sequence[CostLine]) -> CostLine:
    """What a stated material cost exceeds its lines by: nobody knows who made it."""
    sure = sum(line.low or 0.0 for line in lines if line.included is Answer.YES)
    every = sum(line.high or 0.0 for line in lines)
    low, high = max(0.0, total - every), max(0.0, total - sure)
    return CostLine(
        link=None,
        item="",
        category=None,
        supplier=None,
        maker=None,
        low=low,
        mode=low,
        high=high,
        included=Answer.YES,
        pfe=Answer.UNKNOWN,
        pfe_low=0.0,
        pfe_high=1.0,
        because=Reason(text=""),
    )
