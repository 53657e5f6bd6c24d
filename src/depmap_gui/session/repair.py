"""Ways back to eligible of a project: asked for, and kept as scenarios of the map."""

from __future__ import annotations

from collections.abc import Sequence

from depmap_gui.analysis.context import Context
from depmap_gui.analysis.repair import repair
from depmap_gui.analysis.repair_results import RepairError, RepairResult, RepairRules, Way
from depmap_gui.domain.edits import Add, Batch
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Plant, ScenarioChange
from depmap_gui.domain.scenario_acts import new_scenario
from depmap_gui.rules.pack import RulePack
from depmap_gui.session.session import ScoringRequest

_USUAL = RepairRules()


def find_ways(
    request: ScoringRequest,
    plant: str,
    product: str | None = None,
    rules: RepairRules = _USUAL,
    context: Context | None = None,
) -> RepairResult:
    """The cheapest ways back to eligible of a plant, or of one product of it.

    Raises RepairError where it claims no credit, and Canceled where ``context`` says so.
    """
    return repair(request.project, request.packs, plant, product, rules, context)


def plants_with_credits(project: Project, packs: Sequence[RulePack]) -> tuple[str, ...]:
    """The plants that claim a credit which a pack in use knows, in the map's order."""
    known = {credit for pack in packs for credit in pack.credits}
    return tuple(
        plant.id
        for plant in project.of_kind(Plant)
        if any(product.credit in known for product in plant.products)
    )


def plant_called(project: Project, given: str) -> str:
    """The id of the plant of this id or name. Raises RepairError where there is none, or several
    of the name."""
    plants = project.of_kind(Plant)
    if any(plant.id == given for plant in plants):
        return given
    named = [plant.id for plant in plants if plant.name == given]
    if len(named) == 1:
        return named[0]
    if named:
        raise RepairError(f"'{given}' names several plants; give an id: {', '.join(named)}.")
    known = ", ".join(plant.id for plant in plants) or "none"
    raise RepairError(f"There is no plant '{given}' on the map (it has: {known}).")


def changes_on_base(base: Project, scenario: str | None, way: Way) -> tuple[ScenarioChange, ...]:
    """The way as changes against the base map: after those of the scenario that it was found in."""
    record = base.scenarios.get(scenario or "")
    return (*(record.changes if record is not None else ()), *way.changes)


def name_of(base: Project, result: RepairResult, way: Way) -> str:
    """What to call a scenario made of the way: by what is moved."""
    made = (f"{each.move.kind.value} {each.move.title}" for each in way.moves)
    about = ", ".join(dict.fromkeys(made))
    return f"Way back {result.year}, {base.name(result.plant)}: {about}"


def notes_of(result: RepairResult, way: Way) -> str:
    """What a scenario made of the way says of itself."""
    moves = " ".join(each.sentence for each in way.moves)
    asked = f"A way back to eligible in {result.year} by {', '.join(result.packs)}: {moves}"
    return f"{asked} {result.caution}"


def scenario_edit(
    base: Project, scenario: str | None, result: RepairResult, way: Way, name: str
) -> Batch:
    """An edit that adds the way as a scenario of this name to the base map."""
    changes = changes_on_base(base, scenario, way)
    record = new_scenario(base, name, changes, notes_of(result, way))
    return Batch(f"Add scenario {record.name}", (Add(record),))
