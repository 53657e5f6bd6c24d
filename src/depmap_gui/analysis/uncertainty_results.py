"""How sure a figure is: intervals, samples, tornados and missing facts, as values.

Shares are in 0..1, money is in the project's currency. Every figure names its question: a score
of an item for a jurisdiction, or a test of a product's credit. Unknown is None, never zero.

The jobs that make these values are plain functions of a frozen request; they tell a context how
far they are and raise Canceled where it says so, and UncertaintyError where a question does not
fit the map. ``session/uncertainty.py`` has them:

    find_bounds(request, scores, context) -> Mapping[Score, ScoreBounds]
    find_interval(request, question: ScoreQuestion, context) -> Interval
    find_all_bounds(request, context) -> those of the scores and of concentration together
    sample_score(request, score, jurisdiction, samples, seed, entities, context) -> ScoreSamples
    sample_risks(request, samples, seed, context) -> Risks
    find_tornado(request, question, context) -> Tornado
    find_missing_facts(request, question, context) -> MissingFacts
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from depmap_gui.analysis.results import Range, Score
from depmap_gui.rules.results import A_YEAR, Eligibility, Verdict

ProductKey = tuple[str, str, str]
"""Plant id, product id, rule pack id."""


class Place(msgspec.Struct, frozen=True):
    """Where a fact stands: an entity's or link's id, a field of it, and for a field of one of a
    plant's products that product's id."""

    record: str
    field: str
    product: str | None = None


class UncertainQuantity(msgspec.Struct, frozen=True, kw_only=True):
    """A quantity that the map gives as a range. ``label`` is its place in words, ``unit`` what it
    counts (a value of :class:`~depmap_gui.domain.fields.Unit`), ``sources`` its source ids."""

    place: Place
    label: str
    unit: str
    low: float
    mode: float
    high: float
    sources: tuple[str, ...] = ()


class ScoreQuestion(msgspec.Struct, frozen=True, tag=True):
    """A score of an item for one jurisdiction (its code)."""

    entity: str
    score: Score = Score.IP
    jurisdiction: str = "CN"


class TestQuestion(msgspec.Struct, frozen=True, tag=True):
    """A test (its id, such as ``macr``) of a plant's product under one rule pack."""

    __test__ = False

    plant: str
    product: str
    pack: str
    test: str


Question = ScoreQuestion | TestQuestion


class UncertaintyError(Exception):
    """A question that cannot be asked of this map; says why in a sentence."""


# Bounds ---------------------------------------------------------------------------------------


class Driver(msgspec.Struct, frozen=True):
    """What makes an interval wide: a sentence, and the place it stands at.

    ``place.field`` is empty where the driver is no field of a record (a documented rest).
    """

    text: str
    place: Place


class ScoreBounds(msgspec.Struct, frozen=True, kw_only=True):
    """The true bounds of one score: for every item with the score, a range a jurisdiction code.

    ``low`` is the least documented share, ``high`` the greatest documented share together with
    what is unknown, over all values that the uncertain quantities may take at once. ``ranges``
    covers every item whose figure any uncertain quantity can move; of the others the range is
    ``exposure`` of the score itself. Where ``exact``, both ends are reached by some values of
    the quantities; else the range may be too wide, never too narrow, and ``why`` says for what
    reason.
    """

    score: Score
    ranges: Mapping[str, Mapping[str, Range]]
    exact: bool
    why: str = ""


class ConcentrationBounds(msgspec.Struct, frozen=True, kw_only=True):
    """Outer bounds of a plant's Herfindahl-Hirschman indexes, 0..10,000: never too narrow."""

    ip: Range
    inputs_made_in: Range
    inputs_made_by: Range
    suppliers: Range
    exact: bool = False
    why: str = ""


class Interval(msgspec.Struct, frozen=True, kw_only=True):
    """One figure with its bounds and what makes them: ``drivers``, the widest first.

    ``mode`` is the documented figure with every quantity at its mode, ``unknown`` the unknown
    share beside it.
    """

    question: ScoreQuestion
    low: float
    mode: float
    high: float
    unknown: float
    exact: bool
    why: str = ""
    drivers: tuple[Driver, ...] = ()


# Samples --------------------------------------------------------------------------------------


class Distribution(msgspec.Struct, frozen=True, kw_only=True):
    """How a figure is spread over the samples.

    ``edges`` are the borders of equally wide bins (one more than ``counts``) from ``least`` to
    ``most``; where all samples agree there is one bin of no width.
    """

    mean: float
    least: float
    p5: float
    p25: float
    p50: float
    p75: float
    p95: float
    most: float
    edges: tuple[float, ...]
    counts: tuple[int, ...]


class SampledFigure(msgspec.Struct, frozen=True, kw_only=True):
    """One item's share of one jurisdiction over the samples.

    ``documented`` counts documented shares alone; ``possible`` adds to each a part of what is
    unknown, drawn evenly from none to all of it.
    """

    documented: Distribution
    possible: Distribution


class ScoreSamples(msgspec.Struct, frozen=True, kw_only=True):
    """Samples of one score for one jurisdiction, by item id. The same seed gives the same figures
    on every machine, however the work is cut up. Items that no quantity moves have all samples
    at one documented figure."""

    score: Score
    jurisdiction: str
    samples: int
    seed: int
    figures: Mapping[str, SampledFigure]


class SampledMeasure(msgspec.Struct, frozen=True, kw_only=True):
    """How a test's measure is spread over the samples in which it has one (``samples`` of them).

    What is open within a sample's measure is drawn evenly over its range. The test fails where
    the measure stands in ``comparison`` to the ``threshold``.
    """

    spread: Distribution
    samples: int
    threshold: float
    comparison: str


class ProductRisk(msgspec.Struct, frozen=True, kw_only=True):
    """The share of samples in which a product loses its credit, and each test's part in it.

    ``risk`` is None where no test could be drawn; ``left_out`` names those on which the map is
    silent. ``tests`` is the share of samples in which each drawn test fails; ``verdicts`` the
    share of samples in which the law itself says pass, fail, uncertain or unknown of each test
    (nothing open being drawn); ``statuses`` the same of the product's status. ``annual_credit``
    is the credit before any risk, in ``currency``, ``per`` a year or once; ``at_risk`` is that
    times ``risk``. ``measures`` has those of the tests whose measure was drawn for every sample and
    is not always the same. The same seed gives the same figures on every machine.
    """

    plant: str
    product: str
    pack: str
    risk: float | None
    tests: Mapping[str, float]
    left_out: tuple[str, ...]
    samples: int
    seed: int
    verdicts: Mapping[str, Mapping[Verdict, float]] = {}
    statuses: Mapping[Eligibility, float] = {}
    annual_credit: float | None = None
    at_risk: float | None = None
    currency: str = ""
    per: str = A_YEAR
    measures: Mapping[str, SampledMeasure] = {}


Risks = Mapping[ProductKey, ProductRisk]


# Tornado --------------------------------------------------------------------------------------


class TornadoBar(msgspec.Struct, frozen=True, kw_only=True):
    """One quantity moved from low to high, all others at their mode.

    ``at_low`` and ``at_high`` are the figure then (None where the test measures nothing),
    ``swing`` how far they are apart. ``verdict_at_low`` and ``verdict_at_high`` go with a test;
    ``changes_verdict`` where either differs from the verdict at the mode.
    """

    quantity: UncertainQuantity
    at_low: float | None
    at_high: float | None
    swing: float
    verdict_at_low: Verdict | None = None
    verdict_at_high: Verdict | None = None
    changes_verdict: bool = False


class Tornado(msgspec.Struct, frozen=True, kw_only=True):
    """Which uncertain quantity moves a figure most: bars, the widest swing first.

    ``figure`` and ``verdict`` hold with every quantity at its mode; of a test, the figure is its
    measure as documented, read at the end that is worse for the credit where it is an interval.
    ``without_effect`` counts the quantities that move nothing.
    """

    question: Question
    title: str
    figure: float | None
    bars: tuple[TornadoBar, ...]
    without_effect: int
    threshold: float | None = None
    verdict: Verdict | None = None


# The next missing fact ------------------------------------------------------------------------


class FactKind(StrEnum):
    """What sort of fact is missing."""

    SHARE = "share"
    REST = "rest"
    OWNER = "owner"
    DOMICILE = "domicile"
    ORIGIN = "origin"
    OPERATOR = "operator"
    LICENSOR = "licensor"
    MAKER = "maker"
    COST = "cost"
    CATEGORY = "category"
    BOUGHT_IN = "bought in"
    MATERIAL_COST = "material cost"
    TERM = "term"
    STATUS = "status"
    DEBT = "debt"
    RANGE = "range"


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """One answer that was tried: ``answer`` in words, and what the figure is if that is so.

    ``low`` and ``high`` are None where nothing is measured then.
    """

    answer: str
    low: float | None
    high: float | None
    verdict: Verdict | None = None


class MissingFact(msgspec.Struct, frozen=True, kw_only=True):
    """Something that the map does not say and that bears on the question.

    ``sentence`` tells a consultant what to find out and what it would settle. ``trials`` are the
    answers that were set on the map, each scored anew. ``narrowing`` is by how much the interval
    narrows at most, ``least_narrowing`` at least, over the answers tried. ``settles`` names the
    verdicts that one answer or another would settle (of a test that is not settled yet).
    """

    kind: FactKind
    place: Place
    sentence: str
    trials: tuple[Trial, ...]
    narrowing: float
    least_narrowing: float
    settles: tuple[Verdict, ...] = ()
    sources: tuple[str, ...] = ()


class MissingFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What is missing, the most telling fact first, with the figure as it stands now.

    ``tried`` says in a sentence what was tried and what was not; ``without_effect`` counts facts
    that were tried and change nothing.
    """

    question: Question
    title: str
    low: float | None
    high: float | None
    verdict: Verdict | None
    facts: tuple[MissingFact, ...]
    without_effect: int
    tried: str
