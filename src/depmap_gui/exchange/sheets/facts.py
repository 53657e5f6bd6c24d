"""The project as the workbook sees it: numbered entities, labels, and what counts on the day.

Formulas join tables by these numbers and never by text, because ids and names are free text and
a spreadsheet reads some of it as patterns, operators or numbers.
"""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from depmap_gui.analysis.results import UNKNOWN, Assessment, Shares
from depmap_gui.analysis.uncertainty_results import Risks
from depmap_gui.domain.in_force import MapInForce, counts_on, last_day, located_role
from depmap_gui.domain.kinds import LINK_ENDS, EntityKind, LinkKind, LocationRole
from depmap_gui.domain.project import Project
from depmap_gui.domain.quantity import Quantity, bounds
from depmap_gui.domain.records import (
    AnyEntity,
    AnyLink,
    Jurisdiction,
    Located,
    Owns,
    Product,
    Supplies,
)
from depmap_gui.exchange.sheets.text import column_word, labels
from depmap_gui.rules.pack import RulePack

KIND_ORDER = (
    EntityKind.JURISDICTION,
    EntityKind.COMPANY,
    EntityKind.PLANT,
    EntityKind.MATERIAL,
    EntityKind.LICENSE,
)
CHINA = "CN"
LINK_TABLES: dict[str, tuple[LinkKind, ...]] = {
    "supply": (LinkKind.SUPPLIES,),
    "ownership": (LinkKind.OWNS,),
    "debt": (LinkKind.LENDS,),
    "use": (LinkKind.USES, LinkKind.LICENSES),
    "locations": (LinkKind.LOCATED,),
    "operators": (LinkKind.OPERATES,),
}
"""The tables of links with the kinds that stand in each, one kind after the other."""
HEADERS_OF_ATTRIBUTION = (
    "Item",
    "Record id",
    "Kind",
    "Number",
    "Column of its home (or operator)",
    "Held by holders drawn",
    "Holdings of unknown size",
    "How it is computed",
    "Focus part",
    "Unknown part",
)
"""Headers beside those of the jurisdictions, which must differ from all of these."""


class Facts:
    """A project with its assessment, numbered from 1 in the order of :data:`KIND_ORDER`.

    ``number`` gives an entity's number, ``label`` what lists and headings call it; ``codes`` are
    the jurisdictions of all vectors, `unknown` last, and ``focus`` the one that Summary reports.
    ``into`` gives the links that end at an entity, in file order, ``risks`` what samples say
    of each credit (empty where none were drawn).
    """

    def __init__(
        self,
        project: Project,
        assessment: Assessment,
        packs: Sequence[RulePack],
        risks: Risks | None = None,
    ) -> None:
        self.project = project
        self.risks: Risks = risks or {}
        self.assessment = assessment
        self.packs = {pack.id: pack for pack in packs}
        self.day = last_day(assessment.year)
        self.by_kind: dict[EntityKind, list[AnyEntity]] = {kind: [] for kind in KIND_ORDER}
        for entity in project.entities.values():
            self.by_kind[entity.kind].append(entity)
        self.entities = [entity for kind in KIND_ORDER for entity in self.by_kind[kind]]
        self.number = {entity.id: place for place, entity in enumerate(self.entities, 1)}
        self.label = labels_of_items(self.entities)
        self.codes = _codes(self.by_kind[EntityKind.JURISDICTION])
        told = labels(
            ((code, column_word(code)) for code in reversed(self.codes)), HEADERS_OF_ATTRIBUTION
        )
        self.code_labels = [told[code] for code in self.codes]
        self._column = {code: number for number, code in enumerate(self.codes, 1)}
        self.into: dict[str, list[AnyLink]] = defaultdict(list)
        for link in project.links.values():
            self.into[link.target].append(link)
        self.source_label = labels_of_sources(project)
        self.products: list[tuple[str, Product]] = [
            (plant.id, product)
            for plant in self.by_kind[EntityKind.PLANT]
            for product in getattr(plant, "products", ())
        ]

    @cached_property
    def in_force(self) -> MapInForce:
        """The map on the day that it is scored for."""
        return MapInForce(self.project, self.day)

    @cached_property
    def questions(self) -> dict[str, list[str]]:
        """The questions that each pack answers of companies, by pack id; only packs with any."""
        found = {}
        for pack, statuses in self.assessment.law.companies.items():
            asked = dict.fromkeys(
                question for status in statuses.values() for question in status.answers
            )
            if asked:
                found[pack] = list(asked)
        return found

    @cached_property
    def barring(self) -> frozenset[str]:
        """The packs whose answers bar a company; of others they only say whose it is."""
        return frozenset(
            pack
            for pack in self.questions
            if any(status.bars for status in self.assessment.law.companies[pack].values())
        )

    @cached_property
    def links(self) -> dict[str, list[AnyLink]]:
        """The rows of each table of links, by table key, in file order within a kind."""
        by_kind: dict[LinkKind, list[AnyLink]] = {kind: [] for kind in LinkKind}
        for link in self.project.links.values():
            by_kind[link.kind].append(link)
        return {
            key: [link for kind in kinds for link in by_kind[kind]]
            for key, kinds in LINK_TABLES.items()
        }

    @cached_property
    def rows_into(self) -> dict[str, dict[str, list[int]]]:
        """By table key and target: the rows of the links that may count there."""
        found: dict[str, dict[str, list[int]]] = {key: defaultdict(list) for key in LINK_TABLES}
        for key, links in self.links.items():
            for row, link in enumerate(links):
                if self.permitted(link):
                    found[key][link.target].append(row)
        return found

    @cached_property
    def parameter_keys(self) -> dict[tuple[str, str], int]:
        """The number, from 1, by which formulas find each (pack, parameter) on Rules."""
        named = (
            (pack.id, parameter) for pack in self.packs.values() for parameter in pack.parameters
        )
        return {name: number for number, name in enumerate(named, 1)}

    @cached_property
    def focus(self) -> str:
        """The jurisdiction of interest: China where the map knows it."""
        return CHINA if CHINA in self.codes else self.codes[0]

    def kind_range(self, kinds: Iterable[EntityKind]) -> list[tuple[int, int]]:
        """The runs of numbers that entities of these kinds have, neighboring runs joined."""
        wanted = set(kinds)
        runs: list[tuple[int, int]] = []
        start = 1
        for kind in KIND_ORDER:
            end = start + len(self.by_kind[kind]) - 1
            if kind in wanted and end >= start:
                if runs and runs[-1][1] == start - 1:
                    runs[-1] = (runs[-1][0], end)
                else:
                    runs.append((start, end))
            start = end + 1
        return runs

    def before(self, kind: EntityKind) -> int:
        """How many entities are numbered before the first of a kind."""
        earlier = KIND_ORDER[: KIND_ORDER.index(kind)]
        return sum(len(self.by_kind[other]) for other in earlier)

    def end_label(self, id: str) -> str:
        """What a link's end is called; an end that is not on the map says so."""
        return self.label.get(id) or f"(not on the map: {id})"

    def permitted(self, link: AnyLink) -> bool:
        """Whether both ends are on the map and of kinds that the link may join."""
        source = self.project.entities.get(link.source)
        target = self.project.entities.get(link.target)
        if source is None or target is None:
            return False
        sources, targets = LINK_ENDS[link.kind]
        return source.kind in sources and target.kind in targets

    def counts(self, link: AnyLink) -> bool:
        """Whether the link counts in scores on the last day of the year."""
        if isinstance(link, Supplies) and link.candidate:
            return False
        return self.permitted(link) and counts_on(link, self.day)

    def place(self, jurisdiction: str) -> int:
        """The column number, from 1, of a jurisdiction (by entity id) in vectors; 0: none."""
        entity = self.project.entities.get(jurisdiction)
        if not isinstance(entity, Jurisdiction):
            return 0
        code = entity.code or entity.id
        return self._column[code]

    def role(self, link: Located) -> str:
        """The link's role, the usual one where none is given."""
        target = self.project.entities.get(link.target)
        if target is not None:
            return located_role(link, target)
        return link.role or LocationRole.ORIGIN

    def vector(self, vectors: Mapping[str, Shares], id: str) -> list[float]:
        """A vector in the order of :attr:`codes`; all `unknown` where there is none."""
        shares = vectors.get(id) or {UNKNOWN: 1.0}
        return [shares.get(code, 0.0) for code in self.codes]

    def focus_and_unknown(self, shares: Shares | None) -> tuple[float, float]:
        """The focus's part and the unknown part of a vector."""
        if shares is None:
            return 0.0, 1.0
        return shares.get(self.focus, 0.0), shares.get(UNKNOWN, 0.0)


def labels_of_items(entities: Iterable[AnyEntity]) -> dict[str, str]:
    """What lists call each item, by id; the order of kinds decides which of two equal names is
    told apart by a number."""
    ordered = sorted(entities, key=lambda entity: KIND_ORDER.index(entity.kind))
    return labels((entity.id, entity.name) for entity in ordered)


def labels_of_sources(project: Project) -> dict[str, str]:
    """What references call each source, by id."""
    return labels((source.id, source.title or source.id) for source in project.sources.values())


def fingerprint(project: Project) -> str:
    """A fingerprint of what a project says of the world: items, links and sources, in order."""
    digest = hashlib.sha256()
    for records in (project.entities, project.links, project.sources):
        for record in records.values():
            digest.update(repr(record).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:32]


def known(quantity: Quantity | None) -> float | None:
    """The mode where it can be reckoned with; None where unknown, negative or not finite."""
    if quantity is None:
        return None
    mode = bounds(quantity)[1]
    return float(mode) if math.isfinite(mode) and mode >= 0.0 else None


def votes_of(link: Owns) -> Quantity | None:
    """The votes of a holding: as its share by value where not given."""
    return link.share if link.votes is None else link.votes


def scale(total: float) -> float:
    """What shares are divided by: their sum where it is above 1."""
    return max(1.0, total)


def _codes(jurisdictions: Iterable[AnyEntity]) -> list[str]:
    found: dict[str, None] = {}
    for entity in jurisdictions:
        if isinstance(entity, Jurisdiction):
            code = entity.code or entity.id
            if code != UNKNOWN:
                found.setdefault(code)
    return [*found, UNKNOWN]
