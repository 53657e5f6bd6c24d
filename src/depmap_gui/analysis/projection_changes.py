"""A projection brought up to date: after an edit only the changed records are read again.

Snapshots of a project share every record that did not change, so what changed is found by
comparing records for being the same object, in loops that run in C.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress, count
from operator import is_not
from typing import Any

import numpy as np

from depmap_gui.analysis.projection import (
    NUMBER,
    SOURCE,
    TARGET,
    Columns,
    Flags,
    Floats,
    Integers,
    LinkReader,
    Projection,
    columns_of,
    fields_of_columns,
    maker_shares,
)
from depmap_gui.domain.in_force import MapInForce
from depmap_gui.domain.kinds import LinkKind
from depmap_gui.domain.records import LINK_CLASSES, AnyEntity, AnyLink, Company, Jurisdiction, Plant


@dataclass(frozen=True, eq=False)
class ChangedProjection:
    """A projection of the map as it stands now, and how it differs from the one before.

    ``touched`` (length n) says into which entities a changed link runs, or ran, and which
    entities or names of their sources changed; ``renamed`` whether any name did. ``renumbered``
    gives the new place of each former link (one more at the end, so that -1 stays -1), None where
    all kept their places.
    """

    projection: Projection
    touched: Flags
    renamed: bool
    renumbered: Integers | None


def project_changes(before: Projection, map_in_force: MapInForce) -> ChangedProjection | None:
    """The projection of a later state of the same map, read from what changed.

    None where so much changed that the map is better read anew: another day, items that came or
    went, a jurisdiction with another code, or links in another order.
    """
    project = map_in_force.project
    entities = tuple(project.entities.values())
    links = tuple(project.links.values())
    if before.as_of != map_in_force.as_of or before.ids != tuple(project.entities):
        return None
    changed = differences(before.entities, entities)
    if not all(_comparable(before.entities[row], entities[row]) for row in changed):
        return None
    moves = moves_of(before.links, links)
    if moves is None:
        return None
    touched = np.zeros(before.size, dtype=bool)
    touched[changed] = True
    for link in (*moves.gone.values(), *moves.come.values()):
        if (row := before.row.get(link.target)) is not None:
            touched[row] = True
    reader = LinkReader(before.row, before.kind, entities, map_in_force.as_of)
    classes = {type(link) for link in (*moves.gone.values(), *moves.come.values())}
    parts = {
        kind: _brought_up_to_date(before, kind, moves, reader)
        for kind, cls in LINK_CLASSES.items()
        if cls in classes or moves.renumbered is not None
    }
    renamed = [row for row in changed if before.entities[row].name != entities[row].name]
    for kind in LinkKind if renamed else ():
        columns = parts.get(kind) or columns_of(before, kind)
        touched[columns[TARGET][np.isin(columns[SOURCE], renamed)]] = True
    own_ip, bought_in = _maker_columns(before, entities, changed)
    projection = replace(
        before,
        project=project,
        entities=entities,
        links=links,
        own_ip=own_ip,
        bought_in=bought_in,
        **fields_of_columns(parts),
    )
    return ChangedProjection(projection, touched, bool(renamed), moves.renumbered)


def _comparable(before: AnyEntity, after: AnyEntity) -> bool:
    """Whether an item's row and column of jurisdictions stay what they were."""
    if isinstance(before, Jurisdiction) and isinstance(after, Jurisdiction):
        return before.code == after.code
    return type(before) is type(after)


@dataclass(frozen=True)
class Moves:
    """Links that are gone or changed, by their former place; come or changed, by their new one."""

    gone: Mapping[int, AnyLink]
    come: Mapping[int, AnyLink]
    renumbered: Integers | None


STRETCH = 500
"""So many records are compared at once: a tuple knows its own members without looking at them."""


def differences(before: Sequence[Any], after: Sequence[Any]) -> list[int]:
    """Where two lists of records, of one length, differ."""
    return [
        at
        for start in range(0, len(before), STRETCH)
        if before[start : start + STRETCH] != after[start : start + STRETCH]
        for at in range(start, min(start + STRETCH, len(before)))
        if before[at] is not after[at]
    ]


def _alike(before: Sequence[AnyLink], after: Sequence[AnyLink]) -> int:
    """How many links two lists have in common at their start."""
    start, length = 0, min(len(before), len(after))
    while start < length and before[start : start + STRETCH] == after[start : start + STRETCH]:
        start += STRETCH
    rest = map(is_not, before[start:length], after[start:length])
    return next(compress(count(start), rest), length)


def moves_of(before: Sequence[AnyLink], after: Sequence[AnyLink]) -> Moves | None:
    """How two lists of links differ; None where links that are in both changed their order."""
    if len(before) == len(after):
        changed = differences(before, after)
        if all(before[at].id == after[at].id for at in changed):
            return Moves(
                gone={at: before[at] for at in changed},
                come={at: after[at] for at in changed},
                renumbered=None,
            )
    start = _alike(before, after)
    end = _alike(before[start:][::-1], after[start:][::-1])
    old = {link.id: number for number, link in enumerate(before[start : len(before) - end], start)}
    new = {link.id: number for number, link in enumerate(after[start : len(after) - end], start)}
    kept = [id for id in old if id in new]
    if kept != [id for id in new if id in old]:
        return None
    same = {id for id in kept if before[old[id]] is after[new[id]]}
    renumbered = None
    if len(kept) < len(old) or len(kept) < len(new):
        renumbered = np.full(len(before) + 1, -1, dtype=np.int64)
        renumbered[:start] = np.arange(start)
        renumbered[len(before) - end : -1] = np.arange(len(after) - end, len(after))
        renumbered[[old[id] for id in kept]] = [new[id] for id in kept]
    return Moves(
        gone={number: before[number] for id, number in old.items() if id not in same},
        come={number: after[number] for id, number in new.items() if id not in same},
        renumbered=renumbered,
    )


def _brought_up_to_date(
    before: Projection, kind: LinkKind, moves: Moves, reader: LinkReader
) -> Columns:
    """The columns of one kind: what is gone taken out, what came read and put in its place."""
    columns, cls = columns_of(before, kind), LINK_CLASSES[kind]
    gone = [number for number, link in moves.gone.items() if type(link) is cls]
    come = {number: link for number, link in moves.come.items() if type(link) is cls}
    if gone:
        stays = ~np.isin(columns[NUMBER], gone)
        columns = tuple(column[stays] for column in columns)
    if moves.renumbered is not None:
        columns = (moves.renumbered[columns[NUMBER]], *columns[1:])
    if come:
        number = np.fromiter(come, np.int64, len(come))
        read = reader.columns(kind, number, list(come.values()))
        at = np.searchsorted(columns[NUMBER], read[NUMBER])
        columns = tuple(
            np.insert(column, at, new) for column, new in zip(columns, read, strict=True)
        )
    return columns


def _maker_columns(
    before: Projection, entities: Sequence[AnyEntity], changed: Sequence[int]
) -> tuple[Floats, Floats]:
    makers = [row for row in changed if isinstance(entities[row], Plant | Company)]
    if not makers:
        return before.own_ip, before.bought_in
    own_ip, bought_in = before.own_ip.copy(), before.bought_in.copy()
    own_ip[makers], bought_in[makers] = maker_shares([entities[row] for row in makers])
    return own_ip, bought_in
