"""A project that is open: its document, its file, its rule packs and what was last computed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import msgspec

from depmap_gui.analysis.assess import assess
from depmap_gui.analysis.context import Context
from depmap_gui.analysis.explain import explain
from depmap_gui.analysis.explain_concentration import Market, explain_concentration
from depmap_gui.analysis.results import Assessment, Contribution, Score
from depmap_gui.analysis.solution import solve
from depmap_gui.domain.document import Document
from depmap_gui.domain.in_force import MapInForce, last_day
from depmap_gui.domain.kinds import Basis
from depmap_gui.domain.project import Project
from depmap_gui.domain.scenarios import play
from depmap_gui.project.file import read_project, write_project
from depmap_gui.rules.faults import PackError, together
from depmap_gui.rules.pack import RulePack
from depmap_gui.session.name_matches import match_findings
from depmap_gui.session.rules import refusal_findings, sound_packs
from depmap_gui.session.shown import ShownMap
from depmap_gui.session.viewports import Viewport, looked_at


class ScoringRequest(msgspec.Struct, frozen=True):
    """All that an assessment is computed from, frozen: safe to hand to another thread.

    ``project`` is the map asked about: its scenario played out, its year and basis as asked.
    ``refused`` says why packs that the project names are left out. ``base`` is the map that the
    scenario is played on, where there is one.
    """

    project: Project
    scenario: str | None
    packs: tuple[RulePack, ...]
    refused: tuple[PackError, ...] = ()
    base: Project | None = None


def score(
    request: ScoringRequest, context: Context | None = None, before: Assessment | None = None
) -> Assessment:
    """Compute everything for the request; ``before`` is an earlier answer to the like.

    Raises Canceled where ``context`` says so.
    """
    result = assess(
        request.project, packs=request.packs, context=context, before=before, base=request.base
    )
    findings = (
        *refusal_findings(request.refused),
        *result.findings,
        *match_findings(request.project, request.packs),
    )
    return msgspec.structs.replace(result, scenario=request.scenario, findings=findings)


def explain_score(
    request: ScoringRequest, entity: str, score: Score, jurisdiction: str
) -> Contribution:
    """What an entity's share of one jurisdiction is added up from. Raises ExplainError."""
    header = request.project.header
    solution = solve(MapInForce(request.project, last_day(header.year)), header.basis)
    return explain(solution, entity, score, jurisdiction)


def explain_index(request: ScoringRequest, plant: str, market: Market) -> Contribution:
    """What a plant's concentration index is added up from. Raises ExplainError."""
    header = request.project.header
    solution = solve(MapInForce(request.project, last_day(header.year)), header.basis)
    return explain_concentration(solution, plant, market)


class _PacksRead(NamedTuple):
    """The packs of these ids as they were read, and why some are refused."""

    ids: tuple[str, ...]
    sound: tuple[RulePack, ...]
    refused: tuple[PackError, ...]


class Session:
    """One open project. It knows no window; the window and the command line both stand on it."""

    def __init__(self, project: Project | None = None, path: Path | None = None) -> None:
        self.document = Document(project)
        self.path = path
        self.scenario: str | None = None
        self.viewports: dict[str, Viewport | None] = {}
        self._saved_revision = self.document.revision
        self._rules_folders: tuple[Path, ...] = ()
        self._leaves_out_faulty = False
        self._packs: _PacksRead | None = None
        self._shown: ShownMap | None = None

    @classmethod
    def open(cls, path: Path, rules_folders: Iterable[Path] = ()) -> Session:
        """Open a project file. Raises ProjectFileError with every fault of the file."""
        session = cls(read_project(path), path)
        session.take_rules_from(rules_folders)
        return session

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

    @property
    def rules_folders(self) -> tuple[Path, ...]:
        """The user's folders of rule packs and lists."""
        return self._rules_folders

    def take_rules_from(self, folders: Iterable[Path], *, leave_out_faulty: bool = False) -> None:
        """Take packs and lists from these folders, read anew, besides those that ship.

        With ``leave_out_faulty`` a pack that cannot be used is told of among the findings and the
        rest is scored without it; else asking for it raises PackError.
        """
        self._rules_folders = tuple(folders)
        self._leaves_out_faulty = leave_out_faulty
        self._packs = None

    def show_what_fits(self) -> ShownMap:
        """The map as it is shown from now on, the session's scenario played as far as it fits.

        Without it a change that does not fit the base is an error wherever the scenario is asked.
        """
        self._shown = ShownMap(self.document, self.scenario)
        return self._shown

    def packs(self) -> tuple[RulePack, ...]:
        """The rule packs the project is tested against. Raises PackError where one is faulty."""
        return self._packs_read().sound

    def _packs_read(self) -> _PacksRead:
        ids = self.document.snapshot().packs
        if self._packs is None or self._packs.ids != ids:
            self._packs = self._read(ids)
        return self._packs

    def _read(self, ids: tuple[str, ...]) -> _PacksRead:
        sound, refused = sound_packs(ids, self._rules_folders)
        if refused and not self._leaves_out_faulty:
            raise together(refused)
        return _PacksRead(ids, sound, refused)

    def request(
        self,
        *,
        year: int | None = None,
        basis: Basis | None = None,
        scenario: str | None = None,
        packs: tuple[str, ...] | None = None,
    ) -> ScoringRequest:
        """What the project stands at now, to be scored here or on another thread.

        What is not asked for is as the project and the session have it; an empty ``scenario``
        asks for the base map. Raises ScenarioError where the scenario does not fit the map,
        PackError where a rule pack is faulty.
        """
        chosen = (scenario if scenario is not None else self.scenario) or None
        base = self.document.snapshot()
        if self._shown is not None and chosen == self._shown.scenario:
            project = self._shown.project
        else:
            project = play(base, chosen)
        asked = {"year": year, "basis": basis, "packs": packs}
        header = msgspec.structs.replace(
            project.header, **{key: value for key, value in asked.items() if value}
        )
        read = self._read(packs) if packs else self._packs_read()
        return ScoringRequest(
            msgspec.structs.replace(project, header=header),
            chosen,
            read.sound,
            read.refused,
            base if chosen is not None else None,
        )

    def save(self) -> None:
        """Write the project to its own file. Raises SaveError, with the old file untouched."""
        if self.path is None:
            raise ValueError("A project without a file is saved with save_as.")
        self.save_as(self.path)

    def save_as(self, path: Path) -> None:
        """Write the project to a file and make that its own. Raises SaveError.

        ``viewports`` go along, which are no change: the document is as it was.
        """
        snapshot = self.document.snapshot()
        write_project(looked_at(snapshot, self.viewports), path)
        self.path = path
        self._saved_revision = snapshot.revision
