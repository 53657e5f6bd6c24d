"""How likely a credit is lost: the law applied to many samples of what the map leaves uncertain.

Each sample fixes every uncertain quantity at a draw from the triangle between its low, mode and
high, and applies the law to that map. What is still open within a documented measure is drawn
evenly over its range; an answer that is open without a measure is an even bet. Tests on which
the map is silent are left out and listed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from depmap_gui.analysis.context import Context, Quiet
from depmap_gui.domain.fields import FieldType, fields_of
from depmap_gui.domain.in_force import MapInForce, last_day
from depmap_gui.domain.project import Project
from depmap_gui.domain.quantity import bounds, is_uncertain
from depmap_gui.domain.records import AnyEntity, AnyLink, Plant
from depmap_gui.rules.evaluate import evaluate
from depmap_gui.rules.pack import Comparison, RulePack
from depmap_gui.rules.results import CreditResult, LawResult, TestResult, Verdict
from depmap_gui.rules.thresholds import fails

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
ProductKey = tuple[str, str, str]
"""Plant id, product id, rule pack id."""
TestKey = tuple[ProductKey, str]


class ProductRisk(msgspec.Struct, frozen=True, kw_only=True):
    """The share of samples in which a product loses its credit, and each test's part in it.

    ``risk`` is None where no test could be drawn; ``left_out`` names those on which the map is
    silent. The same seed gives the same figures on every machine.
    """

    plant: str
    product: str
    pack: str
    risk: float | None
    tests: Mapping[str, float]
    left_out: tuple[str, ...]
    samples: int
    seed: int


Risks = Mapping[ProductKey, ProductRisk]


class _Place(msgspec.Struct, frozen=True):
    """Where an uncertain quantity stands: a record, which of its products if any, the field."""

    record: str
    product: int | None
    field: str
    triangle: tuple[float, float, float]


def credit_risks(
    project: Project,
    packs: Sequence[RulePack],
    *,
    samples: int,
    seed: int,
    context: Context | None = None,
) -> Risks:
    """The risk to every product's credit in the project's year. Raises Canceled."""
    told = context or Quiet()
    law = _law(project, packs)
    keys = [(key, test.id) for key, credit in _credits(law).items() for test in credit.tests]
    places = _uncertain(project)
    draw = np.random.Generator(np.random.PCG64(seed))
    quantities = _triangular(draw.random((samples, len(places))), places)
    chances = draw.random((samples, len(keys)))
    failed = np.zeros((samples, len(keys)), dtype=bool)
    if places:
        for number in range(samples):
            told.progress(number / samples, f"Sample {number + 1} of {samples}")
            sampled = _law(_fixed(project, places, quantities[number]), packs)
            failed[number] = _failed(sampled, keys, chances[number : number + 1])[0]
    else:
        failed = _failed(law, keys, chances)
    return {
        key: _product_risk(key, credit, keys, failed, seed) for key, credit in _credits(law).items()
    }


def _law(project: Project, packs: Sequence[RulePack]) -> LawResult:
    year = project.header.year
    return evaluate(MapInForce(project, last_day(year)), packs, year)


def _credits(law: LawResult) -> dict[ProductKey, CreditResult]:
    return {(credit.plant, credit.product, credit.pack): credit for credit in law.credits}


def _product_risk(
    key: ProductKey, credit: CreditResult, keys: list[TestKey], failed: Flags, seed: int
) -> ProductRisk:
    drawn = [test.id for test in credit.tests if test.verdict is not Verdict.UNKNOWN]
    columns = {test: keys.index((key, test)) for test in drawn}
    lost = failed[:, list(columns.values())].any(axis=1)
    plant, product, pack = key
    return ProductRisk(
        plant=plant,
        product=product,
        pack=pack,
        risk=float(lost.mean()) if drawn else None,
        tests={test: float(failed[:, column].mean()) for test, column in columns.items()},
        left_out=tuple(test.id for test in credit.tests if test.id not in columns),
        samples=len(failed),
        seed=seed,
    )


def _failed(law: LawResult, keys: list[TestKey], chances: Floats) -> Flags:
    """Which tests fail, for each row of chances (one chance in 0..1 a test)."""
    credits = _credits(law)
    failed = np.zeros(chances.shape, dtype=bool)
    for column, (key, id) in enumerate(keys):
        test = next(test for test in credits[key].tests if test.id == id)
        failed[:, column] = _drawn(test, chances[:, column])
    return failed


def _drawn(test: TestResult, chances: Floats) -> Flags | bool:
    """Whether the test fails, for each chance."""
    if test.verdict is not Verdict.UNCERTAIN:
        return test.verdict is Verdict.FAIL
    low, high, threshold = test.low, test.high, test.threshold
    if low is None or high is None or threshold is None or test.comparison is None:
        even_bet: Flags = chances < 0.5
        return even_bet
    comparison = Comparison(test.comparison)
    measures = (low + chance * (high - low) for chance in chances.tolist())
    return np.array([fails(measure, comparison, threshold) for measure in measures], dtype=bool)


# Quantities -----------------------------------------------------------------------------------


def _uncertain(project: Project) -> list[_Place]:
    """Every quantity with a range, in the order of the file."""
    records: list[AnyEntity | AnyLink] = [*project.entities.values(), *project.links.values()]
    places = []
    for record in records:
        places += _places_in(record, record.id, None)
        if isinstance(record, Plant):
            for number, product in enumerate(record.products):
                places += _places_in(product, record.id, number)
    return places


def _places_in(record: msgspec.Struct, id: str, product: int | None) -> list[_Place]:
    return [
        _Place(id, product, field.name, bounds(value))
        for field in fields_of(type(record))
        if field.type is FieldType.QUANTITY
        and is_uncertain(value := getattr(record, field.name))
        and value is not None
    ]


def _triangular(chances: Floats, places: list[_Place]) -> Floats:
    """Draws from each place's triangle by inverting its distribution: samples x places."""
    low, mode, high = np.array([place.triangle for place in places]).reshape(-1, 3).T
    width = high - low
    turn = (mode - low) / width
    rising = low + np.sqrt(chances * width * (mode - low))
    falling = high - np.sqrt((1.0 - chances) * width * (high - mode))
    drawn: Floats = np.where(chances < turn, rising, falling)
    return drawn


def _fixed(project: Project, places: list[_Place], values: Floats) -> Project:
    """The project with each uncertain quantity fixed at a value."""
    own: dict[str, dict[str, float]] = {}
    of_products: dict[str, dict[int, dict[str, float]]] = {}
    for place, value in zip(places, values.tolist(), strict=True):
        if place.product is None:
            own.setdefault(place.record, {})[place.field] = value
        else:
            of_plant = of_products.setdefault(place.record, {})
            of_plant.setdefault(place.product, {})[place.field] = value
    entities, links = dict(project.entities), dict(project.links)
    for id, fields in own.items():
        if id in entities:
            entities[id] = msgspec.structs.replace(entities[id], **fields)
        else:
            links[id] = msgspec.structs.replace(links[id], **fields)
    for id, changed in of_products.items():
        plant = entities[id]
        if isinstance(plant, Plant):
            products = [
                msgspec.structs.replace(product, **changed.get(number, {}))
                for number, product in enumerate(plant.products)
            ]
            entities[id] = msgspec.structs.replace(plant, products=tuple(products))
    return msgspec.structs.replace(project, entities=entities, links=links)
