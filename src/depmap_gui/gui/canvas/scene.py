"""The map as arrays: where each card and link is, how it is colored, and what lies at a point.

A scene is built from a project and a view; it holds no Qt objects and changes nothing.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from datetime import date

import numpy as np
import numpy.typing as npt

from depmap_gui.analysis.results import Assessment
from depmap_gui.domain.in_force import last_day
from depmap_gui.domain.kinds import EntityKind, LinkKind
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import (
    ENTITY_CLASSES,
    LINK_CLASSES,
    AnyEntity,
    AnyLink,
    Located,
)
from depmap_gui.domain.views import Box, Point, View, shows_box
from depmap_gui.gui.canvas import geometry
from depmap_gui.gui.canvas.bends import BentLines, Way, way_of
from depmap_gui.gui.canvas.captions import Captions
from depmap_gui.gui.canvas.folding import folded, group_badge, group_exposure
from depmap_gui.gui.canvas.link_values import costs, faded, widths
from depmap_gui.gui.coloring import Badge, Coloring, badges, exposures, status_rows
from depmap_gui.gui.layout.card_size import CARD_HEIGHT, CARD_WIDTH
from depmap_gui.gui.layout.newcomers import free_places
from depmap_gui.gui.lenses import LENSES, Lens, shows

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Bools = npt.NDArray[np.bool_]
Rect = tuple[float, float, float, float]

KINDS = tuple(EntityKind)
LINK_KINDS = tuple(LinkKind)
LOCATED = LINK_KINDS.index(LinkKind.LOCATED)
_ENTITY_ROWS = {made: KINDS.index(kind) for kind, made in ENTITY_CLASSES.items()}
_LINK_ROWS = {made: LINK_KINDS.index(kind) for kind, made in LINK_CLASSES.items()}
HALF = np.array([CARD_WIDTH / 2, CARD_HEIGHT / 2])
CURVE_PIECES = 12
_MOST_BENT_TESTS = 3_000
_FEW_PIECES = 4
_SERIALS = itertools.count()
_LEAST_FALL = 24.0
_MOSTLY = 0.8
"""The part of a map's ownership that must run downward for it to be drawn as a chart."""


class Scene:
    """Cards and links of one view. Rows of all item arrays go by ``ids``, of links by ``links``.

    ``centers`` (n, 2); ``low`` and ``high`` (n) the documented share and that plus the
    undocumented, NaN without a figure; ``statuses`` (n) the place of each status among the tones,
    ``tints`` (n) of that which colors the card itself, both -1 for none;
    ``start`` and ``end`` (m, 2) where links leave and enter their cards,
    ``control`` (m, 4) the points that bend them. ``assumed`` are places for items
    to which the view gives none; those that still lack one are found one, which is kept there.
    ``bends`` are the points (k, 2) that some links pass, by row, ``ways`` how those links run, and
    ``bent`` (m) which they are. ``boxes`` are the notes and frames as they lie over one another,
    ``box_rects`` (b, 4) their left, top, right and bottom; ``box_index`` leads from id to row.
    Where it is seen through a ``lens``, the links are those that the lens shows.
    Members of collapsed groups are shown as one card: ``project`` is the map as it is shown, and
    ``fold`` tells what stands for what; ``groups`` and ``hidden`` are the view's.
    No other scene has its ``serial``, and ``looks`` counts how often its cards changed colors.
    """

    def __init__(
        self,
        project: Project,
        view: View,
        *,
        shows_locations: bool = True,
        assumed: Mapping[str, Point] | None = None,
        lens: Lens | None = None,
    ) -> None:
        self.serial = next(_SERIALS)
        self._coarse: tuple[int, Floats] | None = None
        self.looks = 0
        self.groups, self.hidden = view.groups, view.hidden
        self.fold = folded(project, view)
        self.project = project = self.fold.project
        self.assumed: dict[str, Point] = dict(assumed or {})
        self.shows_locations = shows_locations
        self.lens = lens
        as_of = last_day(project.header.year)
        hidden = set(view.hidden)
        self.entities: list[AnyEntity] = [
            e
            for e in project.entities.values()
            if (e.id not in hidden and e.kind not in hidden) or e.id in self.fold.inner
        ]
        self.ids = [entity.id for entity in self.entities]
        self.index = {id: row for row, id in enumerate(self.ids)}
        self.kinds: Ints = np.array([_ENTITY_ROWS[type(e)] for e in self.entities], dtype=np.intp)
        self.captions = Captions(project, as_of, lens)
        self._contexts: dict[int, str] = {}
        self._labels: dict[int, str] = {}
        self.links: list[AnyLink] = self._shown_links(project, hidden)
        self.link_index = {link.id: row for row, link in enumerate(self.links)}
        self._fill_links(as_of)
        self.low = np.full(len(self.ids), np.nan)
        self.high = np.full(len(self.ids), np.nan)
        self.badges: dict[str, Badge] = {}
        self.tints: Ints = np.full(len(self.ids), -1, dtype=np.intp)
        self.statuses: Ints = self.tints
        self.exposed: Bools = np.zeros(len(self.links), dtype=np.bool_)
        self.centers: Floats = np.zeros((len(self.ids), 2))
        self.bent: Bools = np.zeros(len(self.links), dtype=np.bool_)
        self.bends: dict[int, Floats] = {}
        self.ways: dict[int, Way] = {}
        self.place(view)

    # What is on it -------------------------------------------------------------------------

    def _shown_links(self, project: Project, hidden: set[str]) -> list[AnyLink]:
        index, lens = self.index, self.lens
        found = [x for x in project.links.values() if x.source in index and x.target in index]
        if hidden:
            found = [x for x in found if x.id not in hidden and x.kind not in hidden]
        if not self.shows_locations:
            found = [x for x in found if type(x) is not Located]
        return found if lens is None else [x for x in found if shows(lens, x)]

    def _fill_links(self, as_of: date) -> None:
        # Many maps have many links, and this is done after every edit: looking things up by
        # class costs a fraction of asking each link for its kind.
        links, index = self.links, self.index
        self.link_kinds: Ints = np.array([_LINK_ROWS[type(x)] for x in links], dtype=np.intp)
        self.sources: Ints = np.array([index[x.source] for x in links], dtype=np.intp)
        self.targets: Ints = np.array([index[x.target] for x in links], dtype=np.intp)
        self.faded: Bools = faded(links, as_of)
        self.costs: Floats = costs(links)
        self.widths: Floats = widths(self.costs)

    def forget_words(self) -> None:
        """Have the words on cards and links said anew: something of what they say has changed."""
        self._contexts.clear()
        self._labels.clear()
        self.looks += 1

    def name(self, row: int) -> str:
        """What the card calls itself."""
        return self.entities[row].name or self.ids[row]

    def context(self, row: int) -> str:
        """The card's second line."""
        found = self._contexts.get(row)
        if found is None:
            words = self.fold.contexts.get(self.ids[row])
            found = self._contexts[row] = words or self.captions.context(self.entities[row])
        return found

    def label(self, row: int) -> str:
        """The words on a link; empty where it says nothing."""
        found = self._labels.get(row)
        if found is None:
            link = self.links[row]
            words = self.fold.labels.get(link.id)
            found = self._labels[row] = words or self.captions.link(link)
        return found

    # Colors --------------------------------------------------------------------------------

    def color(self, assessment: Assessment | None, coloring: Coloring) -> None:
        """Take the exposures and badges of an assessment; none without one."""
        self.low, self.high = exposures(self.entities, assessment, coloring)
        self.badges = badges(assessment)
        for card, members in self.fold.inner.items():
            row = self.index[card]
            self.low[row], self.high[row] = group_exposure(members, assessment, coloring)
            if (badge := group_badge(members, self.badges)) is not None:
                self.badges[card] = badge
        self.statuses = status_rows(self.ids, self.badges)
        by_status = self.lens is not None and LENSES[self.lens].by_status
        self.tints = self.statuses if by_status else np.full_like(self.statuses, -1)
        self.looks += 1
        with np.errstate(invalid="ignore"):
            self.exposed = (self.low[self.sources] >= 0.5) & np.isin(self.link_kinds, CARRYING)

    # Places --------------------------------------------------------------------------------

    def place(self, view: View) -> None:
        """Put every card where the view has it, or at a free place, and run the links anew."""
        places = {**self.assumed, **view.positions}
        for card, members in self.fold.inner.items():
            stood = [view.positions[e.id] for e in members if e.id in view.positions]
            if card not in places and stood:
                places[card] = tuple(np.mean(stood, axis=0).tolist())
        if lacking := [id for id in self.ids if id not in places]:
            standing = {id: places[id] for id in self.ids if id in places}
            found = free_places(self.project, lacking, standing, boxes=view.boxes)
            self.assumed.update(found)
            places.update(found)
        points = [places[id] for id in self.ids]
        self.pinned: Ints = np.array(
            [self.index[id] for id in view.pinned if id in self.index], dtype=np.intp
        )
        self.centers = np.array(points, dtype=np.float64).reshape(-1, 2)
        self._take_bends(view)
        self._take_boxes(view)
        self.route()

    def _take_bends(self, view: View) -> None:
        """The points that links pass, of those that end at no folded group."""
        folded = self.fold.inner
        self.ways = {}
        self._bent_lines: BentLines | None = None
        self.bends = {
            row: np.array(points, dtype=np.float64)
            for id, points in view.bends.items()
            if points and (row := self.link_index.get(id)) is not None
            if not {self.links[row].source, self.links[row].target} & folded.keys()
        }
        self.bent = np.zeros(len(self.links), dtype=np.bool_)
        self.bent[list(self.bends)] = True

    def _take_boxes(self, view: View) -> None:
        """The notes and frames; one whose id something else has too cannot be selected."""
        self.boxes: list[Box] = [box for box in view.boxes if shows_box(view, box)]
        taken = {"", *(group.id for group in view.groups)}
        self.box_index: dict[str, int] = {}
        for row, box in enumerate(self.boxes):
            if box.id not in taken and box.id not in self.index and box.id not in self.link_index:
                self.box_index.setdefault(box.id, row)
        rects = np.array([box.rect for box in self.boxes], dtype=np.float64).reshape(-1, 4)
        self.box_rects: Floats = np.concatenate((rects[:, :2], rects[:, :2] + rects[:, 2:]), axis=1)

    def route(self) -> None:
        """Run all links between the cards as they stand."""
        source, target = self.centers[self.sources], self.centers[self.targets]
        self.falls = self._falling(source, target)
        level = np.flatnonzero(~self.falls)
        self.offsets_out = np.zeros(len(self.links))
        self.offsets_in = np.zeros(len(self.links))
        self._take_ports(level, source[level], target[level])
        self.start = np.zeros((len(self.links), 2))
        self.end = np.zeros((len(self.links), 2))
        self.control = np.zeros((len(self.links), 4))
        self.enters = np.ones(len(self.links))
        # Kept side by side: every frame looks through all lefts, all tops and so on.
        self.reach: Floats = np.zeros((4, len(self.links))).T
        self.reroute(np.arange(len(self.links)))
        self.revision = getattr(self, "revision", 0) + 1

    def _falling(self, source: Floats, target: Floats) -> Bools:
        """The links of ownership, where they run downward on this map as on a structure chart."""
        owning = np.isin(self.link_kinds, _OWNING)
        below = owning & (target[:, 1] - source[:, 1] >= CARD_HEIGHT + _LEAST_FALL)
        is_chart = 0 < np.count_nonzero(owning) * _MOSTLY <= np.count_nonzero(below)
        return below if is_chart else np.zeros_like(below)

    def _take_ports(self, rows: Ints, source: Floats, target: Floats) -> None:
        """Heights at which links leave and enter at the sides of cards, none on another."""
        leaves, enters = geometry.sides(source, target)
        starts, ends = self.sources[rows], self.targets[rows]
        offsets_out = geometry.port_offsets(starts, leaves, target[:, 1])
        offsets_in = geometry.port_offsets(ends, enters, source[:, 1])
        # What enters and what leaves on one side of a card is kept apart too.
        out_side, in_side = starts * 2 + (leaves > 0), ends * 2 + (enters > 0)
        shared = np.intersect1d(out_side, in_side)
        if len(shared):
            cards = np.concatenate((starts, ends))
            side = np.concatenate((leaves, enters))
            other = np.concatenate((target[:, 1], source[:, 1]))
            offsets = geometry.port_offsets(cards, side, other)
            mixed_out, mixed_in = np.isin(out_side, shared), np.isin(in_side, shared)
            offsets_out[mixed_out] = offsets[: len(rows)][mixed_out]
            offsets_in[mixed_in] = offsets[len(rows) :][mixed_in]
        self.offsets_out[rows], self.offsets_in[rows] = offsets_out, offsets_in

    def reroute(self, rows: Ints) -> None:
        """Run some links anew, keeping the heights at which they leave and enter."""
        source, target = self.centers[self.sources[rows]], self.centers[self.targets[rows]]
        leaves, enters = geometry.sides(source, target)
        start, end = source.copy(), target.copy()
        start[:, 0] += leaves * HALF[0]
        start[:, 1] += self.offsets_out[rows]
        end[:, 0] += enters * HALF[0]
        end[:, 1] += self.offsets_in[rows]
        bend = geometry.controls(start, end, leaves, enters)
        falls = self.falls[rows]
        if falls.any():
            start[falls] = source[falls] + (0.0, HALF[1])
            end[falls] = target[falls] - (0.0, HALF[1])
            bend[falls] = geometry.falling_controls(start[falls], end[falls])
        self.start[rows], self.end[rows], self.enters[rows] = start, end, enters
        self.control[rows] = bend
        self.reach[rows, 0] = np.minimum.reduce((start[:, 0], end[:, 0], bend[:, 0], bend[:, 2]))
        self.reach[rows, 1] = np.minimum.reduce((start[:, 1], end[:, 1], bend[:, 1], bend[:, 3]))
        self.reach[rows, 2] = np.maximum.reduce((start[:, 0], end[:, 0], bend[:, 0], bend[:, 2]))
        self.reach[rows, 3] = np.maximum.reduce((start[:, 1], end[:, 1], bend[:, 1], bend[:, 3]))
        if self.bends:
            for row in rows[self.bent[rows]].tolist():
                self._run_bent(row)

    def bend(self, row: int, points: Floats) -> None:
        """Run one link past these points (k, 2); past none, as it would by itself."""
        self.bends.pop(row, None)
        self.ways.pop(row, None)
        self._bent_lines = None
        if len(points):
            self.bends[row] = points
        self.bent[row] = bool(len(points))
        self.reroute(np.array([row]))

    def _run_bent(self, row: int) -> None:
        """Run one link past its bends; its curve is then a straight line that nobody sees."""
        source, target = self.centers[self.sources[row]], self.centers[self.targets[row]]
        way = self.ways[row] = way_of(source, target, self.bends[row])
        self._bent_lines = None
        start, end = way.corners[0], way.corners[-1]
        self.start[row], self.end[row] = start, end
        self.control[row] = np.concatenate((start + (end - start) / 3, end - (end - start) / 3))
        self.enters[row] = 1.0 if end[0] >= target[0] else -1.0
        self.reach[row] = (*way.corners.min(axis=0), *way.corners.max(axis=0))

    def pieces(self, rows: Ints, count: int) -> Floats:
        """The links of these rows as straight pieces (x1, y1, x2, y2), ``count`` for each link."""
        found = geometry.flattened(self.start[rows], self.control[rows], self.end[rows], count)
        if self.bends:
            for place in np.flatnonzero(self.bent[rows]).tolist():
                found[place * count : (place + 1) * count] = self.ways[int(rows[place])].cut(count)
        return found

    def along(self, rows: Ints, t: float | Floats) -> Floats:
        """The points (m, 2) of these links at ``t`` in 0..1: one for all, or (m, 1)."""
        found = geometry.points_at(self.start[rows], self.control[rows], self.end[rows], t)
        if self.bends:
            shares = np.broadcast_to(t, (len(rows), 1))[:, 0]
            for place in np.flatnonzero(self.bent[rows]).tolist():
                found[place] = self.ways[int(rows[place])].at(float(shares[place]))
        return found

    def arrival(self, row: int) -> float:
        """The direction from where a link arrives back along it: degrees, clockwise from right."""
        if row in self.ways:
            return self.ways[row].arrival()
        if self.falls[row]:
            return -90.0
        return 0.0 if self.enters[row] > 0 else 180.0

    def links_at(self, rows: Iterable[int]) -> Ints:
        """The links that start or end at any of the items."""
        marked = np.zeros(len(self.ids), dtype=np.bool_)
        marked[list(rows)] = True
        return np.flatnonzero(marked[self.sources] | marked[self.targets])

    # What is where -------------------------------------------------------------------------

    def bounds(self, rows: Iterable[int] | None = None) -> Rect | None:
        """Left, top, right and bottom of these cards; of all cards, notes and frames without rows.

        None where there are none.
        """
        centers = self.centers if rows is None else self.centers[list(rows)]
        corners = np.concatenate((centers - HALF, centers + HALF), axis=1)
        if rows is None:
            corners = np.concatenate((corners, self.box_rects))
        if not len(corners):
            return None
        least, most = corners[:, :2].min(axis=0), corners[:, 2:].max(axis=0)
        return (float(least[0]), float(least[1]), float(most[0]), float(most[1]))

    def box_bounds(self, ids: Iterable[str]) -> Rect | None:
        """Left, top, right and bottom of these notes and frames; None where none is shown."""
        rects = self.box_rects[[self.box_index[id] for id in ids if id in self.box_index]]
        if not len(rects):
            return None
        least, most = rects[:, :2].min(axis=0), rects[:, 2:].max(axis=0)
        return (float(least[0]), float(least[1]), float(most[0]), float(most[1]))

    def with_links(self, rect: Rect) -> Rect:
        """The rectangle, grown to hold the bends of all links."""
        if not len(self.links):
            return rect
        least, most = self.reach[:, :2].min(axis=0), self.reach[:, 2:].max(axis=0)
        return (
            min(rect[0], float(least[0])),
            min(rect[1], float(least[1])),
            max(rect[2], float(most[0])),
            max(rect[3], float(most[1])),
        )

    def items_in(self, rect: Rect, *, wholly: bool = False) -> Ints:
        """Rows of the cards that touch the rectangle, or lie wholly within it."""
        margin = -HALF if wholly else HALF
        x, y = self.centers[:, 0], self.centers[:, 1]
        return np.flatnonzero(
            (x >= rect[0] - margin[0])
            & (x <= rect[2] + margin[0])
            & (y >= rect[1] - margin[1])
            & (y <= rect[3] + margin[1])
        )

    def links_in(self, rect: Rect) -> Ints:
        """Rows of the links that may be seen in the rectangle."""
        if not len(self.links):
            return np.zeros(0, dtype=np.intp)
        left, top, right, bottom = self.reach.T
        near = (left <= rect[2]) & (right >= rect[0]) & (top <= rect[3]) & (bottom >= rect[1])
        return np.flatnonzero(near)

    def links_crossing(self, rect: Rect) -> Ints:
        """Rows of the links whose curves, seen as a few straight pieces, touch the rectangle."""
        rows = self.links_in(rect)
        if not len(rows):
            return rows
        left, top, right, bottom = (side[rows] for side in self.reach.T)
        inside = (left >= rect[0]) & (top >= rect[1]) & (right <= rect[2]) & (bottom <= rect[3])
        doubtful = rows[~inside]
        if not len(doubtful):
            return rows
        if len(doubtful) <= _MOST_BENT_TESTS:
            count, pieces = _FEW_PIECES, self._coarsely(doubtful)
        else:
            count, pieces = 1, self.pieces(doubtful, 1)
        grown = (rect[0] - 24.0, rect[1] - 24.0, rect[2] + 24.0, rect[3] + 24.0)
        enters, leaves = geometry.clipped(pieces, grown)
        inside[~inside] = (enters <= leaves).reshape(len(doubtful), count).any(axis=1)
        # What is cut into so few pieces may leave bends out.
        inside |= self.bent[rows]
        return rows[inside]

    def _coarsely(self, rows: Ints) -> Floats:
        """The links of these rows as few straight pieces; looked up as long as none has moved."""
        if len(self.links) > _MOST_BENT_TESTS:
            return self.pieces(rows, _FEW_PIECES)
        if self._coarse is None or self._coarse[0] != self.revision:
            everything = self.pieces(np.arange(len(self.links)), _FEW_PIECES)
            self._coarse = (self.revision, everything.reshape(-1, _FEW_PIECES, 4))
        return self._coarse[1][rows].reshape(-1, 4)

    def item_at(self, point: Point) -> str | None:
        """Id of the topmost card at the point."""
        off = np.abs(self.centers - np.asarray(point))
        hits = np.flatnonzero((off[:, 0] <= HALF[0]) & (off[:, 1] <= HALF[1]))
        return self.ids[int(hits[-1])] if len(hits) else None

    def link_at(self, point: Point, reach: float) -> str | None:
        """Id of the nearest link within ``reach`` of the point."""
        x, y = point
        rows = self.links_in((x - reach, y - reach, x + reach, y + reach))
        rows = rows[~self.bent[rows]]
        found, off = -1, reach
        if len(rows):
            pieces = self.pieces(rows, CURVE_PIECES)
            nearest = geometry.distance_to_segments(point, pieces).reshape(len(rows), -1)
            nearest = nearest.min(axis=1)
            best = int(nearest.argmin())
            if nearest[best] <= reach:
                found, off = int(rows[best]), float(nearest[best])
        if self.bends:
            if self._bent_lines is None:
                self._bent_lines = BentLines(self.ways)
            bent = self._bent_lines.nearest(point, off)
            found = bent[0] if bent is not None else found
        return self.links[found].id if found >= 0 else None

    def positions(self, ids: Iterable[str]) -> Mapping[str, Point]:
        """Where the items stand now, by id."""
        return {
            id: (float(self.centers[self.index[id], 0]), float(self.centers[self.index[id], 1]))
            for id in ids
            if id in self.index
        }


CARRYING = np.array(
    [LINK_KINDS.index(kind) for kind in (LinkKind.SUPPLIES, LinkKind.LICENSES, LinkKind.USES)]
)
_OWNING = np.array([LINK_KINDS.index(kind) for kind in (LinkKind.OWNS, LinkKind.OPERATES)])
