"""A project that is open: its document, its file, its rule packs and what was last computed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from depmap_gui.analysis.assess import assess
from depmap_gui.analysis.context import Context
from depmap_gui.analysis.explain import explain
from depmap_gui.analysis.results import Assessment, Contribution, Score
from depmap_gui.analysis.risk import Risks, credit_risks
from depmap_gui.analysis.solution import solve
from depmap_gui.domain.document import Document
from depmap_gui.domain.in_force import MapInForce, last_day
from depmap_gui.domain.kinds import Basis
from depmap_gui.domain.project import Project
from depmap_gui.domain.scenarios import play
from depmap_gui.project.file import read_project, write_project
from depmap_gui.rules.loader import find_pack
from depmap_gui.rules.pack import RulePack


class ScoringRequest(msgspec.Struct, frozen=True):
    """All that an assessment is computed from, frozen: safe to hand to another thread.

    ``project`` is the map asked about: its scenario played out, its year and basis as asked.
    """

    project: Project
    scenario: str | None
    packs: tuple[RulePack, ...]


def score(request: ScoringRequest, context: Context | None = None) -> Assessment:
    """Compute everything for the request. Raises Canceled where ``context`` says so."""
    result = assess(request.project, packs=request.packs, context=context)
    return msgspec.structs.replace(result, scenario=request.scenario)


def score_risks(
    request: ScoringRequest, samples: int, seed: int, context: Context | None = None
) -> Risks:
    """How likely each product loses its credit. Raises Canceled as ``score``."""
    return credit_risks(request.project, request.packs, samples=samples, seed=seed, context=context)


def explain_score(
    request: ScoringRequest, entity: str, score: Score, jurisdiction: str
) -> Contribution:
    """What an entity's share of one jurisdiction is added up from. Raises ExplainError."""
    header = request.project.header
    solution = solve(MapInForce(request.project, last_day(header.year)), header.basis)
    return explain(solution, entity, score, jurisdiction)


class Session:
    """One open project. It knows no window; the window and the command line both stand on it."""

    def __init__(self, project: Project | None = None, path: Path | None = None) -> None:
        self.document = Document(project)
        self.path = path
        self.scenario: str | None = None
        self._saved_revision = self.document.revision
        self._packs: tuple[tuple[str, ...], tuple[RulePack, ...]] | None = None

    @classmethod
    def open(cls, path: Path) -> Session:
        """Open a project file. Raises ProjectFileError with every fault of the file."""
        return cls(read_project(path), path)

    @property
    def title(self) -> str:
        """What to call the project in a window title: its title, or failing that its file."""
        header = self.document.snapshot().header
        if header.title:
            return header.title
        return self.path.stem if self.path else "Untitled map"

    @property
    def is_modified(self) -> bool:
        """Whether there are changes that the file does not have."""
        return self.document.revision != self._saved_revision

    def packs(self) -> tuple[RulePack, ...]:
        """The rule packs the project is tested against. Raises PackError where one is faulty."""
        ids = self.document.snapshot().packs
        if self._packs is None or self._packs[0] != ids:
            self._packs = (ids, load_packs(ids))
        return self._packs[1]

    def request(
        self,
        *,
        year: int | None = None,
        basis: Basis | None = None,
        scenario: str | None = None,
        packs: tuple[str, ...] | None = None,
    ) -> ScoringRequest:
        """What the project stands at now, to be scored here or on another thread.

        What is not asked for is as the project and the session have it. Raises ScenarioError
        where the scenario does not fit the map, PackError where a rule pack is faulty.
        """
        chosen = scenario if scenario is not None else self.scenario
        project = play(self.document.snapshot(), chosen)
        asked = {"year": year, "basis": basis, "packs": packs}
        header = msgspec.structs.replace(
            project.header, **{key: value for key, value in asked.items() if value}
        )
        return ScoringRequest(
            msgspec.structs.replace(project, header=header),
            chosen,
            load_packs(packs) if packs else self.packs(),
        )

    def save(self) -> None:
        """Write the project to its own file. Raises SaveError, with the old file untouched."""
        if self.path is None:
            raise ValueError("A project without a file is saved with save_as.")
        self.save_as(self.path)

    def save_as(self, path: Path) -> None:
        """Write the project to a file and make that its own. Raises SaveError."""
        snapshot = self.document.snapshot()
        write_project(snapshot, path)
        self.path = path
        self._saved_revision = snapshot.revision


def load_packs(
    ids: tuple[str, ...], find: Callable[[str], RulePack] = find_pack
) -> tuple[RulePack, ...]:
    """The rule packs of the given ids, in that order. Raises PackError."""
    return tuple(find(id) for id in ids)
