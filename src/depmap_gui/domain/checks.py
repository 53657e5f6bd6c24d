"""What is missing or contradictory on a map: findings, never exceptions.

Maps are drawn before they are complete, so an incomplete map is an ordinary state that the
analyst is told about, each finding with its place and, where it can be, a mend.
"""

from __future__ import annotations

from datetime import date

from depmap_gui.domain.checks_links import link_findings
from depmap_gui.domain.checks_records import record_findings
from depmap_gui.domain.checks_scenarios import scenario_findings
from depmap_gui.domain.checks_structure import structure_findings
from depmap_gui.domain.checks_sums import sum_findings
from depmap_gui.domain.findings import Finding, Mend, Severity
from depmap_gui.domain.in_force import MapInForce
from depmap_gui.domain.project import Project

__all__ = ["Finding", "Mend", "Severity", "check"]

_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.HINT: 2}


def check(
    project: Project,
    as_of: date,
    chart: MapInForce | None = None,
    base: Project | None = None,
) -> tuple[Finding, ...]:
    """All findings on a project, errors first, in time linear in its size.

    Shares are summed and roles read over the links that count on the day ``as_of``; all else is
    checked on every record. ``chart`` is the project on that day where it has been read already,
    ``base`` the map that a scenario was played on to give the project.
    """
    chart = chart or MapInForce(project, as_of)
    findings = [
        *link_findings(project),
        *record_findings(project, base or project),
        *scenario_findings(base or project),
        *sum_findings(chart),
        *structure_findings(chart),
    ]
    return tuple(sorted(findings, key=lambda finding: _ORDER[finding.severity]))
