"""How one window looks at its map beyond the view: a lens, a trace and lanes.

Like a selection it changes no fact, is no step of the history and is not kept in the file.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import msgspec
from PySide6.QtCore import QObject, Signal

from depmap_gui.analysis.reach import EVERY_LINK, Direction
from depmap_gui.domain.kinds import LinkKind
from depmap_gui.domain.project import Project
from depmap_gui.gui.lenses import Lens


class Trace(msgspec.Struct, frozen=True):
    """What is traced: from which items, which way, how far (None: all the way), by which links."""

    roots: tuple[str, ...]
    direction: Direction
    depth: int | None = None
    kinds: frozenset[LinkKind] = EVERY_LINK


class LaneBy(StrEnum):
    """What the bands behind the cards go by."""

    TIER = "tier"
    JURISDICTION = "jurisdiction"
    OWNER = "owner"


class Sight(QObject):
    """The lens, trace and lanes that are on; each may be None."""

    lens_changed = Signal()
    trace_changed = Signal()
    lanes_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lens: Lens | None = None
        self.trace: Trace | None = None
        self.lanes: LaneBy | None = None
        self._depth: int | None = None
        self._kinds = EVERY_LINK

    def look_through(self, lens: Lens | None) -> None:
        """Put on a lens, or take it off with None."""
        if lens is not self.lens:
            self.lens = lens
            self.lens_changed.emit()

    def show_lanes(self, by: LaneBy | None) -> None:
        """Show lanes by something, or none."""
        if by is not self.lanes:
            self.lanes = by
            self.lanes_changed.emit()

    def start_trace(self, roots: Iterable[str], direction: Direction) -> None:
        """Trace from these items, as far and by the links that were last chosen."""
        found = tuple(roots)
        if found:
            self._set(Trace(found, direction, self._depth, self._kinds))

    def go(self, depth: int | None) -> None:
        """Trace so many steps far, or all the way with None."""
        if self.trace is not None:
            self._depth = depth
            self._set(msgspec.structs.replace(self.trace, depth=depth))

    def turn(self) -> None:
        """Trace the other way."""
        if self.trace is not None:
            is_up = self.trace.direction is Direction.UPSTREAM
            other = Direction.DOWNSTREAM if is_up else Direction.UPSTREAM
            self._set(msgspec.structs.replace(self.trace, direction=other))

    def follow(self, kinds: frozenset[LinkKind]) -> None:
        """Trace by links of these kinds only."""
        if self.trace is not None:
            self._kinds = kinds
            self._set(msgspec.structs.replace(self.trace, kinds=kinds))

    def end_trace(self) -> None:
        """Trace nothing any more."""
        self._set(None)

    def keep_to(self, project: Project) -> None:
        """Let go of items that are no longer on the map."""
        if self.trace is not None:
            there = tuple(id for id in self.trace.roots if id in project.entities)
            if there != self.trace.roots:
                replaced = msgspec.structs.replace(self.trace, roots=there)
                self._set(replaced if there else None)

    def forget(self) -> None:
        """Another project is open: nothing is traced, no lens is on, no lanes are shown."""
        self._depth, self._kinds = None, EVERY_LINK
        self.end_trace()
        self.look_through(None)
        self.show_lanes(None)

    def _set(self, trace: Trace | None) -> None:
        if trace != self.trace:
            self.trace = trace
            self.trace_changed.emit()
