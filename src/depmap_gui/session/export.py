"""What a project hands over: the workbook and the picture, each written whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from depmap_gui.analysis.assess import assess
from depmap_gui.analysis.context import Context, Quiet
from depmap_gui.analysis.results import Assessment
from depmap_gui.analysis.uncertainty_results import Risks
from depmap_gui.domain.project import Project
from depmap_gui.domain.quantity import Quantity, is_uncertain
from depmap_gui.domain.records import AnyLink, Lends, Owns
from depmap_gui.domain.scenarios import ScenarioError, play
from depmap_gui.project.atomic import write_atomically
from depmap_gui.session.session import ScoringRequest

if TYPE_CHECKING:
    from depmap_gui.exchange.sheets.scenarios_sheet import Played

SAMPLES, MOST_SAMPLED_LINKS = 1_000, 2_000
"""Samples that risks are drawn from, and links of a map up to which that takes no time to speak
of."""
MOST_SAMPLED_WITH_HOLDINGS = 60
"""The same where holdings or loans are uncertain: each sample then asks anew whose everyone is."""
_SCORING = 0.2
"""The share of an export's progress in which the scenarios are scored."""


def export_workbook(
    request: ScoringRequest,
    assessment: Assessment,
    path: Path,
    picture: bytes | None = None,
    context: Context | None = None,
    *,
    base: Project | None = None,
    samples: int | None = None,
    seed: int = 1,
) -> None:
    """Write the Excel workbook of an assessed project, with the map's PNG where one is given.

    ``base`` is the map that the scenarios are played on; where it is not given, it is the
    request's, which must then be no scenario's. The risks are drawn from so many ``samples``;
    where that is not said, from a thousand for a map that is not large.

    Raises SaveError where the file cannot be written, Canceled where ``context`` says so; either
    way an older file of that name stays as it was.
    """
    # The workbook's libraries take half a second to import; most runs never need them.
    from depmap_gui.analysis.risk import credit_risks
    from depmap_gui.exchange.workbook import write_workbook

    context = context or Quiet()
    unplayed = base if base is not None or request.scenario is not None else request.project
    played = [] if unplayed is None else _played(unplayed, request, assessment, context)
    start = _SCORING if len(played) > 1 else 0.0
    if samples is None:
        samples = usual_samples(request.project)
    risks: Risks = {}
    if samples:
        risks = credit_risks(
            request.project,
            request.packs,
            samples=samples,
            seed=seed,
            context=_Still(context, start),
        )
    write_atomically(
        path,
        lambda beside: write_workbook(
            request.project,
            assessment,
            request.packs,
            beside,
            picture=picture,
            scenarios=played,
            risks=risks,
            context=_Rest(context, start),
        ),
    )


def usual_samples(project: Project) -> int:
    """How many samples risks are drawn from where nobody says; none where it would take long."""
    moving = any(
        is_uncertain(share)
        for link in project.links.values()
        for share in _holdings(link)
        if share is not None
    )
    most = MOST_SAMPLED_WITH_HOLDINGS if moving else MOST_SAMPLED_LINKS
    return SAMPLES if len(project.links) <= most else 0


def _holdings(link: AnyLink) -> tuple[Quantity | None, ...]:
    match link:
        case Owns():
            return link.share, link.votes, link.seats
        case Lends():
            return (link.share,)
        case _:
            return ()


def _played(
    base: Project, request: ScoringRequest, assessment: Assessment, context: Context
) -> list[Played]:
    """The base and every scenario, each scored for the request's year, basis and packs."""
    from depmap_gui.exchange.sheets.scenarios_sheet import BASE, Played

    found: list[Played] = []
    asked = (None, *base.scenarios)
    for number, scenario in enumerate(asked):
        name = BASE if scenario is None else base.scenarios[scenario].name or scenario
        context.progress(_SCORING * number / len(asked), f"Scoring {name}")
        if scenario == request.scenario:
            found.append(Played(name, request.project, assessment))
            continue
        try:
            project = play(base, scenario)
        except ScenarioError as fault:
            found.append(Played(name, base, None, str(fault)))
            continue
        project = msgspec.structs.replace(project, header=request.project.header)
        found.append(Played(name, project, assess(project, packs=request.packs)))
    return found


class _Still:
    """A context whose progress stays where it is, for work that is short."""

    def __init__(self, context: Context, at: float) -> None:
        self._context = context
        self._at = at

    def progress(self, _fraction: float, _what: str) -> None:
        """Give the one who waits a chance to stop. Raises Canceled."""
        self._context.progress(self._at, "Sampling the risks")


class _Rest:
    """A context for the work that is left, whose progress runs from ``start`` to the end."""

    def __init__(self, context: Context, start: float) -> None:
        self._context = context
        self._start = start

    def progress(self, fraction: float, what: str) -> None:
        """Hear of the rest's progress. Raises Canceled as the whole's context does."""
        self._context.progress(self._start + (1.0 - self._start) * fraction, what)


def export_picture(drawn: bytes, path: Path) -> None:
    """Write a drawn map. Raises SaveError."""
    write_atomically(path, lambda beside: beside.write_bytes(drawn))
