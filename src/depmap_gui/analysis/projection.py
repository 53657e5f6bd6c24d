"""A map on one day as columns of numbers: the only place where records become arrays.

Entities are numbered in file order; row ``n`` stands for `unknown`, which is a jurisdiction of
its own. Quantities count at their mode. What is not known, or cannot be (a negative share), is
NaN here and never zero: whoever computes decides, visibly, what it does to the result.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, SupportsIndex

import numpy as np
import numpy.typing as npt

from depmap_gui.analysis.results import UNKNOWN
from depmap_gui.domain.in_force import MapInForce, links_in_force, located_role
from depmap_gui.domain.kinds import LINK_ENDS, EntityKind, LinkKind, LocationRole
from depmap_gui.domain.project import Project
from depmap_gui.domain.quantity import Quantity, mode
from depmap_gui.domain.records import (
    ENTITY_CLASSES,
    LINK_CLASSES,
    AnyEntity,
    AnyLink,
    Company,
    Jurisdiction,
    Located,
    Plant,
)

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

KINDS = tuple(EntityKind)
ROLES = tuple(LocationRole)

_KIND_OF = {cls: KINDS.index(kind) for kind, cls in ENTITY_CLASSES.items()}
_PERMITTED: dict[type[AnyLink], frozenset[tuple[int, int]]] = {
    cls: frozenset(
        (KINDS.index(source), KINDS.index(target))
        for source in LINK_ENDS[kind][0]
        for target in LINK_ENDS[kind][1]
    )
    for kind, cls in LINK_CLASSES.items()
}


@dataclass(frozen=True, eq=False)
class Links:
    """The links of one kind that count, as columns in file order.

    ``number`` is each link's place in :attr:`Projection.links`; ``source`` and ``target`` are
    entity rows; ``share`` is what the kind calls its share, NaN where unknown.
    """

    number: Integers
    source: Integers
    target: Integers
    share: Floats

    def __len__(self) -> int:
        return len(self.number)


@dataclass(frozen=True, eq=False)
class Projection:
    """One map on one day, numbered. ``unit`` is (n + 1) x jurisdictions, `unknown` last in both.

    A jurisdiction's row of ``unit`` is its unit vector, row ``n`` that of `unknown`; the other
    rows are zero. ``role`` goes with ``located`` (index into :data:`ROLES`), ``votes`` with
    ``owns``, ``cost`` and ``item`` with ``supplies``.
    """

    project: Project
    ids: tuple[str, ...]
    row: Mapping[str, int]
    entities: tuple[AnyEntity, ...]
    kind: Integers
    codes: tuple[str, ...]
    unit: Floats
    links: tuple[AnyLink, ...]
    located: Links
    role: Integers
    owns: Links
    votes: Floats
    lends: Links
    operates: Links
    supplies: Links
    cost: Floats
    licenses: Links
    uses: Links
    own_ip: Floats
    bought_in: Floats

    @property
    def size(self) -> int:
        """How many entities there are; also the row of `unknown`."""
        return len(self.ids)

    def of_kind(self, *kinds: EntityKind) -> Flags:
        """Which entities are of one of these kinds (length n)."""
        return np.isin(self.kind, [KINDS.index(kind) for kind in kinds])

    def name(self, row: SupportsIndex) -> str:
        """What to call the entity of a row in a sentence."""
        return self.entities[row].name or self.ids[row]


def project_map(map_in_force: MapInForce) -> Projection:
    """Number a map's entities, jurisdictions and the links that count."""
    project = map_in_force.project
    entities = tuple(project.entities.values())
    row = {id: number for number, id in enumerate(project.entities)}
    kinds = [_KIND_OF[type(entity)] for entity in entities]
    codes, unit = _jurisdictions(entities)
    links: list[AnyLink] = []
    drafts: dict[LinkKind, _Draft] = {kind: _Draft() for kind in LinkKind}
    draft_of = {cls: drafts[kind] for kind, cls in LINK_CLASSES.items()}
    for link in links_in_force(project, map_in_force.as_of):
        source, target = row[link.source], row[link.target]
        cls = type(link)
        if (kinds[source], kinds[target]) in _PERMITTED[cls]:
            draft_of[cls].add(link, len(links), source, target)
            links.append(link)
    located, owns, supplies = (
        drafts[kind] for kind in (LinkKind.LOCATED, LinkKind.OWNS, LinkKind.SUPPLIES)
    )
    makers = [entity if isinstance(entity, Plant | Company) else None for entity in entities]
    return Projection(
        project=project,
        ids=tuple(row),
        row=row,
        entities=entities,
        kind=np.array(kinds, dtype=np.int64),
        codes=codes,
        unit=unit,
        links=tuple(links),
        located=located.columns("share"),
        role=np.array(_roles(located.links, project), dtype=np.int64),
        owns=owns.columns("share"),
        votes=modes([link.share if link.votes is None else link.votes for link in owns.links]),
        lends=drafts[LinkKind.LENDS].columns("share"),
        operates=drafts[LinkKind.OPERATES].columns(None),
        supplies=supplies.columns("ip_share"),
        cost=modes([link.cost for link in supplies.links]),
        licenses=drafts[LinkKind.LICENSES].columns("share"),
        uses=drafts[LinkKind.USES].columns("share"),
        own_ip=modes([None if maker is None else maker.own_ip for maker in makers]),
        bought_in=_at_most_one(
            modes([None if maker is None else maker.bought_in for maker in makers])
        ),
    )


class _Draft:
    """The links of one kind, row by row, before they become columns."""

    def __init__(self) -> None:
        self.links: list[Any] = []
        self.number: list[int] = []
        self.source: list[int] = []
        self.target: list[int] = []

    def add(self, link: AnyLink, number: int, source: int, target: int) -> None:
        """Take one more link in."""
        self.links.append(link)
        self.number.append(number)
        self.source.append(source)
        self.target.append(target)

    def columns(self, share: str | None) -> Links:
        """The links as columns; ``share`` is the field that the kind calls its share."""
        shares = [None] * len(self.links) if share is None else map(attrgetter(share), self.links)
        return Links(
            number=np.array(self.number, dtype=np.int64),
            source=np.array(self.source, dtype=np.int64),
            target=np.array(self.target, dtype=np.int64),
            share=modes(list(shares)),
        )


def modes(quantities: Sequence[Quantity | None]) -> Floats:
    """Modes of quantities; NaN where unknown, negative or not finite."""
    found = np.array(
        [
            np.nan if quantity is None else mode(quantity) if type(quantity) is tuple else quantity
            for quantity in quantities
        ],
        dtype=np.float64,
    )
    found[~np.isfinite(found) | (found < 0.0)] = np.nan
    return found


def _at_most_one(shares: Floats) -> Floats:
    """A share above 1 of something that has no others beside it says nothing: NaN."""
    shares[shares > 1.0] = np.nan
    return shares


def _jurisdictions(entities: Sequence[AnyEntity]) -> tuple[tuple[str, ...], Floats]:
    column: dict[str, int] = {}
    places: list[tuple[int, int]] = []
    for number, entity in enumerate(entities):
        if isinstance(entity, Jurisdiction):
            code = entity.code or entity.id
            place = -1 if code == UNKNOWN else column.setdefault(code, len(column))
            places.append((number, place))
    unit = np.zeros((len(entities) + 1, len(column) + 1))
    for number, place in places:
        unit[number, place] = 1.0
    unit[-1, -1] = 1.0
    return (*column, UNKNOWN), unit


def _roles(located: Sequence[Located], project: Project) -> list[int]:
    place = {role: number for number, role in enumerate(ROLES)}
    entities = project.entities
    return [place[located_role(link, entities[link.target])] for link in located]
