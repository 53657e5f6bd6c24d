"""Scenarios side by side: the base map and scenarios played on it, every figure beside the base's.

Each version is scored as it would be by itself; what they share is computed once where that gives
the same figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from depmap_gui.analysis.assess import assess
from depmap_gui.analysis.context import Context, Quiet
from depmap_gui.analysis.results import Assessment, PackUsed
from depmap_gui.analysis.risk import credit_risks
from depmap_gui.analysis.scenario_figures import (
    Cell,
    Cells,
    Difference,
    Figure,
    Place,
    absence_of,
    cells_of,
    difference,
)
from depmap_gui.analysis.uncertainty_results import Risks
from depmap_gui.domain.kinds import Basis
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Jurisdiction, Plant
from depmap_gui.domain.scenarios import ScenarioError, play
from depmap_gui.rules.pack import RulePack
from depmap_gui.rules.results import Answer
from depmap_gui.session.round_trip import compare_projects
from depmap_gui.session.session import ScoringRequest, Session

BASE = "Base"
"""What the map without a scenario is called."""
_SCORING = 0.2
"""The share of a version's progress in which it is scored, where its risks are sampled, too."""
_ORDER = {figure: number for number, figure in enumerate(Figure)}


class ComparisonQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """All that a comparison is computed from, frozen: safe to hand to another thread.

    ``request`` asks for the base map; ``scenarios`` are ids, in the order they are shown;
    ``jurisdiction`` is the code whose shares are compared. With ``samples`` each version's risks
    are drawn from so many, by the same ``seed``.
    """

    request: ScoringRequest
    scenarios: tuple[str, ...]
    jurisdiction: str = "CN"
    samples: int | None = None
    seed: int = 1


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """The base map (``scenario`` None) or a scenario: what it changes, in sentences.

    ``fault`` says why a scenario does not fit the map; it then has no cells.
    """

    scenario: str | None
    name: str
    changes: tuple[str, ...] = ()
    fault: str = ""


class Row(msgspec.Struct, frozen=True):
    """One figure in every version, and each version's difference from the base.

    Cells and differences stand in the order of the versions. A cell is None where the version
    does not fit the map, a difference also at the base and where neither has the figure.
    """

    place: Place
    cells: tuple[Cell | None, ...]
    differences: tuple[Difference | None, ...]


class ScenarioComparison(msgspec.Struct, frozen=True, kw_only=True):
    """Every figure of every version. The first version is the base map.

    ``rows`` go plant by plant in the map's order, then company by company; ``names`` gives what
    plants and companies are called, ``products`` what a plant's products are. Of companies only
    those whose status is not the same in all versions are there. ``revision`` is the map's.
    """

    revision: int
    title: str
    year: int
    basis: Basis
    jurisdiction: str
    currency: str
    versions: tuple[Version, ...]
    rows: tuple[Row, ...]
    names: Mapping[str, str]
    products: Mapping[tuple[str, str], str]
    packs: tuple[RulePack, ...]
    packs_used: tuple[PackUsed, ...]
    samples: int | None
    caution: str


class _Played(msgspec.Struct, frozen=True):
    """One version as it was scored."""

    version: Version
    project: Project
    cells: Cells | None


def comparison_question(
    session: Session,
    scenarios: Sequence[str] | None = None,
    *,
    year: int | None = None,
    basis: Basis | None = None,
    packs: tuple[str, ...] | None = None,
    jurisdiction: str = "CN",
    samples: int | None = None,
    seed: int = 1,
) -> ComparisonQuestion:
    """The session's map with these scenarios (ids), with all of them where none are named.

    Raises PackError where a rule pack is faulty.
    """
    request = session.request(year=year, basis=basis, scenario="", packs=packs)
    chosen = tuple(request.project.scenarios) if scenarios is None else tuple(scenarios)
    return ComparisonQuestion(
        request=request,
        scenarios=tuple(dict.fromkeys(chosen)),
        jurisdiction=jurisdiction,
        samples=samples,
        seed=seed,
    )


def jurisdictions_of(question: ComparisonQuestion) -> tuple[str, ...]:
    """The codes of the jurisdictions on the base map and on any of the scenarios."""
    base = question.request.project
    projects = [base, *(_version(base, id)[1] for id in question.scenarios)]
    places = (place for project in projects for place in project.of_kind(Jurisdiction))
    return tuple(dict.fromkeys(place.code or place.id for place in places))


def assess_base(question: ComparisonQuestion, context: Context | None = None) -> Assessment:
    """Score the base map alone. Raises Canceled where ``context`` says so."""
    return assess(question.request.project, packs=question.request.packs, context=context)


def compare_scenarios(
    question: ComparisonQuestion,
    context: Context | None = None,
    known: Mapping[str | None, Assessment] | None = None,
) -> ScenarioComparison:
    """Score every version and set its figures beside the base's.

    ``known`` are assessments that were made of these very maps, by scenario, None for the base's.
    A scenario that does not fit the map is told of by its version and the others are compared.
    Raises Canceled where ``context`` says so.
    """
    told = context or Quiet()
    request = question.request
    base = request.project
    told.progress(0.0, "Playing the scenarios")
    versions = tuple(_version(base, id) for id in (None, *question.scenarios))
    first: Assessment | None = None
    played: list[_Played] = []
    for number, (version, project) in enumerate(versions):
        if version.fault:
            played.append(_Played(version, project, None))
            continue
        whole = _Part(told, number / len(versions), 1 / len(versions), version.name)
        scoring = whole if question.samples is None else _Part(whole, 0.0, _SCORING, version.name)
        assessment = (known or {}).get(version.scenario) or assess(
            project, packs=request.packs, context=scoring, before=first
        )
        first = first or assessment
        risks = _risks(question, project, _Part(whole, _SCORING, 1.0 - _SCORING, version.name))
        cells = cells_of(assessment, project, question.jurisdiction, risks)
        played.append(_Played(version, project, cells))
    told.progress(1.0, "Done")
    assert first is not None  # The base is always there, and always fits itself.
    rows = tuple(_rows(played))
    return ScenarioComparison(
        revision=base.revision,
        title=base.header.title,
        year=first.year,
        basis=first.basis,
        jurisdiction=question.jurisdiction,
        currency=base.header.currency,
        versions=tuple(each.version for each in played),
        rows=rows,
        names=_names(rows, played),
        products=_products(played),
        packs=request.packs,
        packs_used=first.packs,
        samples=question.samples,
        caution=first.law.caution,
    )


def _version(base: Project, scenario: str | None) -> tuple[Version, Project]:
    """The version and its map; the base itself where the scenario does not fit."""
    if scenario is None:
        return Version(scenario=None, name=BASE), base
    record = base.scenarios.get(scenario)
    name = (record.name if record is not None else "") or scenario
    try:
        project = play(base, scenario)
    except ScenarioError as fault:
        return Version(scenario=scenario, name=name, fault=str(fault)), base
    changes = tuple(each.words for each in compare_projects(base, project).told)
    return Version(scenario=scenario, name=name, changes=changes), project


def _risks(question: ComparisonQuestion, project: Project, context: Context) -> Risks:
    if question.samples is None:
        return {}
    return credit_risks(
        project,
        question.request.packs,
        samples=question.samples,
        seed=question.seed,
        context=context,
    )


# Rows -----------------------------------------------------------------------------------------


def _rows(played: Sequence[_Played]) -> Iterator[Row]:
    """Every figure that any version has, in order, with what each version says of it."""
    for place in _places(played):
        cells = tuple(_cell(place, each) for each in played)
        base = cells[0]
        if base is None or (place.company and not _differs(cells)):
            continue
        differences = (
            None if cell is None or not number else difference(place.figure, base, cell)
            for number, cell in enumerate(cells)
        )
        yield Row(place, cells, tuple(differences))


def _places(played: Sequence[_Played]) -> list[Place]:
    """Plants before companies, each as they come in the first version that has them.

    Within a plant its own figures come first, then each product's under each credit it claims.
    """
    met: dict[Place, None] = {}
    owners: dict[str, int] = {}
    claims: dict[tuple[str, str, str], int] = {("", "", ""): -1}
    for each in played:
        for plant in each.project.of_kind(Plant):
            owners.setdefault(plant.id, len(owners))
        for place in each.cells or ():
            met.setdefault(place)
            owners.setdefault(place.owner, len(owners))
            claims.setdefault(place.claim, len(claims))
    arrival = {place: number for number, place in enumerate(met)}
    return sorted(
        met,
        key=lambda place: (
            bool(place.company),
            owners[place.owner],
            claims[place.claim],
            _ORDER[place.figure],
            arrival[place],
        ),
    )


def _cell(place: Place, played: _Played) -> Cell | None:
    if played.cells is None:
        return None
    found = played.cells.get(place)
    if found is not None:
        return found
    return Cell(absence=absence_of(place, played.cells, played.project))


def _differs(cells: Sequence[Cell | None]) -> bool:
    """Whether a company's answer changes; one that is new or gone counts unless it is no."""
    there = [cell for cell in cells if cell is not None]
    words = {cell.word for cell in there if cell.absence is None}
    is_always = all(cell.absence is None for cell in there)
    return len(words) > 1 or (not is_always and words != {Answer.NO.value})


def _names(rows: Sequence[Row], played: Sequence[_Played]) -> dict[str, str]:
    """What the rows' plants and companies are called in the first version that has them."""
    found: dict[str, str] = {}
    for id in dict.fromkeys(row.place.owner for row in rows):
        found[id] = next(each.project.name(id) for each in played if id in each.project.entities)
    return found


def _products(played: Sequence[_Played]) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for each in played:
        for plant in each.project.of_kind(Plant):
            for product in plant.products:
                found.setdefault((plant.id, product.id), product.name or product.id)
    return found


class _Part:
    """A context for one version of several, which passes its progress on as a part of the whole."""

    def __init__(self, context: Context, start: float, length: float, name: str) -> None:
        self._context, self._name = context, name
        self._start, self._length = start, length

    def progress(self, fraction: float, _what: str) -> None:
        """Tell how far the whole is done. Raises Canceled as the whole's context does."""
        self._context.progress(self._start + self._length * fraction, self._name)
