"""Checks of scenarios: changes that do not fit the base map."""

from __future__ import annotations

from collections.abc import Iterator

from depmap_gui.domain.findings import Finding, Mend, Severity
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Scenario
from depmap_gui.domain.scenario_acts import called, without
from depmap_gui.domain.scenario_edits import added_ids
from depmap_gui.domain.scenarios import Unfit, play_what_fits

_TOLD_SINGLY = 20


def scenario_findings(base: Project) -> Iterator[Finding]:
    """The changes of each scenario that do not fit the base map, each with its mend."""
    for scenario in base.scenarios.values():
        unfit = play_what_fits(base, scenario.id).unfit
        for each in unfit[:_TOLD_SINGLY]:
            yield _misfit(base, scenario, each)
        if more := unfit[_TOLD_SINGLY:]:
            yield Finding(
                severity=Severity.ERROR,
                code="scenario.broken",
                where=(scenario.id,),
                message=(
                    f"Scenario '{called(scenario)}': {len(more):,} more of its changes do not fit "
                    "the base map and are left out."
                ),
                mend=Mend(
                    "Take them all out of the scenario",
                    without(base, scenario.id, {each.at for each in unfit}),
                ),
            )


def held_on_map(base: Project) -> set[str]:
    """What the base or any scenario has on the map, now or when it is looked at."""
    return {*base.entities, *base.links}.union(*map(added_ids, base.scenarios.values()))


def _misfit(base: Project, scenario: Scenario, unfit: Unfit) -> Finding:
    return Finding(
        severity=Severity.ERROR,
        code="scenario.broken",
        where=(scenario.id,),
        message=(
            f"Scenario '{called(scenario)}': {unfit.why} The window leaves this change out; "
            "elsewhere the scenario cannot be scored until that is corrected."
        ),
        mend=Mend("Take the change out of the scenario", without(base, scenario.id, {unfit.at})),
    )
