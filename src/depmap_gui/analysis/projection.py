"""A map on one day as columns of numbers: the only place where records become arrays.

Entities are numbered in file order; row ``n`` stands for `unknown`, which is a jurisdiction of
its own. Quantities count at their mode. What is not known, or cannot be (a negative share), is
NaN here and never zero: whoever computes decides, visibly, what it does to the result.

Records are read field by field in loops that run in C: on a large map reading costs more than
solving.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import compress, repeat
from operator import attrgetter
from typing import Any, SupportsIndex

import numpy as np
import numpy.typing as npt

from depmap_gui.analysis.results import UNKNOWN
from depmap_gui.domain.in_force import MapInForce, counts_on, located_role
from depmap_gui.domain.kinds import LINK_ENDS, EntityKind, LinkKind, LocationRole
from depmap_gui.domain.project import Project
from depmap_gui.domain.quantity import Quantity
from depmap_gui.domain.records import (
    ENTITY_CLASSES,
    LINK_CLASSES,
    AnyEntity,
    AnyLink,
    Jurisdiction,
)

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

KINDS = tuple(EntityKind)
ROLES = tuple(LocationRole)
NOWHERE = len(KINDS)
"""Stands for the kind of an item that is not on the map."""

_KIND_OF: dict[type, int] = {cls: KINDS.index(kind) for kind, cls in ENTITY_CLASSES.items()}
_LINK_KIND_OF: dict[type, int] = {
    LINK_CLASSES[kind]: number for number, kind in enumerate(LinkKind)
}
_NO_ROLE = -1
_ROLE_OF = {role: number for number, role in enumerate(ROLES)} | {None: _NO_ROLE}


def _permitted(kind: LinkKind) -> Flags:
    """Which kinds of items (row: source, column: target) a link of the kind may join."""
    table = np.zeros((NOWHERE + 1, NOWHERE + 1), dtype=bool)
    sources, targets = LINK_ENDS[kind]
    for source in sources:
        table[KINDS.index(source), [KINDS.index(target) for target in targets]] = True
    return table


_PERMITTED = {kind: _permitted(kind) for kind in LinkKind}


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
    rows are zero. ``links`` holds every link of the project in file order, those that do not
    count too. ``role`` goes with ``located`` (index into :data:`ROLES`), ``votes`` with ``owns``,
    ``cost`` with ``supplies``. ``asked`` says whose vectors are asked for, None for all: see
    :meth:`narrowed`.
    """

    project: Project
    as_of: date
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
    asked: Flags | None = None

    @property
    def size(self) -> int:
        """How many entities there are; also the row of `unknown`."""
        return len(self.ids)

    def of_kind(self, *kinds: EntityKind) -> Flags:
        """Which entities are of one of these kinds (length n)."""
        chosen = np.zeros(NOWHERE, dtype=bool)
        chosen[[KINDS.index(kind) for kind in kinds]] = True
        return chosen[self.kind]

    def wanted(self, *kinds: EntityKind) -> Flags:
        """Which entities of these kinds are asked for (length n)."""
        found = self.of_kind(*kinds)
        return found if self.asked is None else found & self.asked

    def name(self, row: SupportsIndex) -> str:
        """What to call the entity of a row in a sentence."""
        return self.entities[row].name or self.ids[row]

    def column(self, jurisdiction: str) -> int | None:
        """The column of a jurisdiction given by code or id, or of `unknown`; None for no such."""
        if jurisdiction in self.codes:
            return self.codes.index(jurisdiction)
        row = self.row.get(jurisdiction)
        return int(self.unit[row].argmax()) if row is not None and self.unit[row].any() else None

    def narrowed(self, asked: Flags) -> Projection:
        """The same map where only these entities are asked for: with the links into them alone."""
        parts = {}
        for kind in LinkKind:
            columns = columns_of(self, kind)
            chosen = asked[columns[TARGET]]
            parts[kind] = tuple(column[chosen] for column in columns)
        return replace(self, asked=asked, **fields_of_columns(parts))


Columns = tuple[npt.NDArray[Any], ...]
"""The links of one kind: number, source, target, share, and what else the kind has."""
NUMBER, SOURCE, TARGET, SHARE = range(4)

_FIELDS: dict[LinkKind, tuple[str, ...]] = {
    LinkKind.LOCATED: ("located", "role"),
    LinkKind.OWNS: ("owns", "votes"),
    LinkKind.LENDS: ("lends",),
    LinkKind.OPERATES: ("operates",),
    LinkKind.SUPPLIES: ("supplies", "cost"),
    LinkKind.LICENSES: ("licenses",),
    LinkKind.USES: ("uses",),
}
"""Where a projection keeps the links of a kind, and what else the kind has."""


def columns_of(projection: Projection, kind: LinkKind) -> Columns:
    """A projection's links of one kind, as columns."""
    name, *more = _FIELDS[kind]
    links: Links = getattr(projection, name)
    further = (getattr(projection, field) for field in more)
    return (links.number, links.source, links.target, links.share, *further)


def fields_of_columns(parts: Mapping[LinkKind, Columns]) -> dict[str, Any]:
    """Columns under the names of the projection's fields."""
    found: dict[str, Any] = {}
    for kind, columns in parts.items():
        name, *more = _FIELDS[kind]
        found[name] = Links(*columns[: SHARE + 1])
        found |= zip(more, columns[SHARE + 1 :], strict=True)
    return found


def project_map(map_in_force: MapInForce) -> Projection:
    """Number a map's entities, jurisdictions and the links that count."""
    project = map_in_force.project
    entities = tuple(project.entities.values())
    row = {id: number for number, id in enumerate(project.entities)}
    kind = np.fromiter(map(_KIND_OF.__getitem__, map(type, entities)), np.int64, len(entities))
    codes, unit = _jurisdictions(entities, kind)
    links = tuple(project.links.values())
    link_kind = np.fromiter(map(_LINK_KIND_OF.__getitem__, map(type, links)), np.int8, len(links))
    reader = LinkReader(row, kind, entities, map_in_force.as_of)
    parts = {}
    for number, each in enumerate(LinkKind):
        chosen = link_kind == number
        parts[each] = reader.columns(each, np.flatnonzero(chosen), list(compress(links, chosen)))
    makers = np.isin(kind, [KINDS.index(each) for each in MAKERS])
    own_ip, bought_in = (np.full(len(entities), np.nan) for _ in range(2))
    own_ip[makers], bought_in[makers] = maker_shares(list(compress(entities, makers)))
    return Projection(
        project=project,
        as_of=map_in_force.as_of,
        ids=tuple(row),
        row=row,
        entities=entities,
        kind=kind,
        codes=codes,
        unit=unit,
        links=links,
        own_ip=own_ip,
        bought_in=bought_in,
        **fields_of_columns(parts),
    )


MAKERS = (EntityKind.PLANT, EntityKind.COMPANY)


def maker_shares(makers: Sequence[AnyEntity]) -> tuple[Floats, Floats]:
    """Own IP and bought-in share of plants and companies; NaN where unknown or above 1."""
    own_ip, bought_in = (modes(map(attrgetter(field), makers)) for field in ("own_ip", "bought_in"))
    # More than the whole of something that has nothing beside it says nothing.
    bought_in[bought_in > 1.0] = np.nan
    return own_ip, bought_in


@dataclass(frozen=True)
class LinkReader:
    """Reads links into columns: those that count on a day among these entities."""

    row: Mapping[str, int]
    kind: Integers
    entities: Sequence[AnyEntity]
    as_of: date

    def columns(self, kind: LinkKind, number: Integers, links: Sequence[AnyLink]) -> Columns:
        """Those of the links of one kind that count, as columns; ``number`` are their places."""
        source, target = (self._rows(links, end) for end in ("source", "target"))
        kinds = np.append(self.kind, NOWHERE)
        counts = _PERMITTED[kind][kinds[source], kinds[target]] & self._dated(links)
        if kind is LinkKind.SUPPLIES:
            counts &= ~np.fromiter(map(attrgetter("candidate"), links), bool, len(links))
        if not counts.all():
            number, source, target = number[counts], source[counts], target[counts]
            links = list(compress(links, counts))
        return (number, source, target, *self._further(kind, links))

    def _rows(self, links: Sequence[AnyLink], end: str) -> Integers:
        """Entity rows; -1 for what is not on the map."""
        ids = map(attrgetter(end), links)
        return np.fromiter(map(self.row.get, ids, repeat(-1)), np.int64, len(links))

    def _dated(self, links: Sequence[AnyLink]) -> Flags | bool:
        if not any(map(attrgetter("valid_from"), links)) and not any(
            map(attrgetter("valid_to"), links)
        ):
            return True
        return np.fromiter((counts_on(link, self.as_of) for link in links), bool, len(links))

    def _further(self, kind: LinkKind, links: Sequence[Any]) -> Columns:
        """The share of each link, and what else links of the kind have."""
        match kind:
            case LinkKind.OPERATES:
                return (np.full(len(links), np.nan),)
            case LinkKind.SUPPLIES:
                return (
                    modes(map(attrgetter("ip_share"), links)),
                    modes(map(attrgetter("cost"), links)),
                )
            case LinkKind.LOCATED:
                return (modes(map(attrgetter("share"), links)), self._roles(links))
            case LinkKind.OWNS:
                share = modes(map(attrgetter("share"), links))
                votes = list(map(attrgetter("votes"), links))
                if votes.count(None) == len(votes):
                    return (share, share)
                silent = np.fromiter((each is None for each in votes), bool, len(links))
                return (share, np.where(silent, share, modes(votes)))
            case _:
                return (modes(map(attrgetter("share"), links)),)

    def _roles(self, located: Sequence[Any]) -> Integers:
        roles = map(_ROLE_OF.__getitem__, map(attrgetter("role"), located))
        found = np.fromiter(roles, np.int64, len(located))
        for place in np.flatnonzero(found == _NO_ROLE).tolist():
            link = located[place]
            role = located_role(link, self.entities[self.row[link.target]])
            found[place] = ROLES.index(role)
        return found


def modes(quantities: Iterable[Quantity | None]) -> Floats:
    """Modes of quantities; NaN where unknown, negative or not finite."""
    found = np.array(
        [quantity[1] if type(quantity) is tuple else quantity for quantity in quantities],
        dtype=np.float64,
    )
    found[~np.isfinite(found) | (found < 0.0)] = np.nan
    return found


def _jurisdictions(entities: Sequence[AnyEntity], kind: Integers) -> tuple[tuple[str, ...], Floats]:
    column: dict[str, int] = {}
    places: list[tuple[int, int]] = []
    for row in np.flatnonzero(kind == KINDS.index(EntityKind.JURISDICTION)).tolist():
        entity = entities[row]
        code = (entity.code if isinstance(entity, Jurisdiction) else "") or entity.id
        place = -1 if code == UNKNOWN else column.setdefault(code, len(column))
        places.append((row, place))
    unit = np.zeros((len(entities) + 1, len(column) + 1))
    for row, place in places:
        unit[row, place] = 1.0
    unit[-1, -1] = 1.0
    return (*column, UNKNOWN), unit
