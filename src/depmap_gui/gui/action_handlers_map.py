"""What the actions on the map do: history, selection, adding, linking, coloring, checking."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject

from depmap_gui.analysis.results import Score
from depmap_gui.domain.edits import SetHeader
from depmap_gui.domain.kinds import Basis, EntityKind
from depmap_gui.domain.views import Point
from depmap_gui.gui.actions import BASIS_NAMES, SCORE_NAMES, YEARS
from depmap_gui.gui.editor import Editor


class MapView(Protocol):
    """What the actions ask of the canvas."""

    shows_locations: bool
    animates: bool

    @property
    def mode(self) -> StrEnum:
        """What a press on an item begins: ``select``, ``connect`` or ``place``."""

    def fit(self) -> None:
        """Bring the whole map into sight."""

    def zoom_in(self) -> None:
        """Show it larger."""

    def zoom_out(self) -> None:
        """Show it smaller."""

    def actual_size(self) -> None:
        """Show it at 100 %."""

    def reveal(self, ids: Iterable[str]) -> None:
        """Bring items and links into sight."""

    def free_spot(self, kind: EntityKind) -> Point:
        """A free place for a new item, in sight."""

    def add_item(self, kind: EntityKind, at: Point) -> None:
        """Put a new item on the map and let its name be typed."""

    def select_all(self) -> None:
        """Select every item and link on the view."""

    def rename_selected(self) -> None:
        """Type another name on the one selected card."""

    def remove_selected(self) -> None:
        """Take the selection off the map, or the bend that is being worked on."""

    def connect_selected(self) -> None:
        """Link the selected items, or the one selected to one chosen from a list."""

    def start_connecting(self) -> None:
        """Have the next drag from an item draw a link."""

    def start_selecting(self) -> None:
        """Back to selecting and moving."""

    def show_locations(self, shown: bool) -> None:
        """Draw the links from jurisdictions, or leave them out."""


class Findings(Protocol):
    """What the actions ask of the problems panel."""

    def step(self, by: int) -> None:
        """Go to the next problem, or the one before."""


class MapActions(QObject):
    """Works on the open map."""

    def __init__(
        self,
        editor: Editor,
        canvas: MapView,
        problems: Findings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._editor = editor
        self._canvas = canvas
        self._problems = problems

    def handlers(self) -> dict[str, Callable[[], object]]:
        """What each action of this file does, by id."""
        editor, canvas = self._editor, self._canvas
        return {
            "edit.undo": editor.history.undo,
            "edit.redo": editor.history.redo,
            "edit.delete": canvas.remove_selected,
            "edit.rename": self.rename,
            "edit.select_all": canvas.select_all,
            "edit.select_none": lambda: editor.select(()),
            "insert.connect": self.link,
            "insert.select": canvas.start_selecting,
            "view.fit": canvas.fit,
            "view.zoom_in": canvas.zoom_in,
            "view.zoom_out": canvas.zoom_out,
            "view.zoom_100": canvas.actual_size,
            "view.locations": lambda: canvas.show_locations(not canvas.shows_locations),
            "analyze.next_problem": partial(self._problems.step, 1),
            "analyze.previous_problem": partial(self._problems.step, -1),
            **{f"insert.{kind}": partial(self.add, kind) for kind in EntityKind},
            **{f"view.color.{score}": partial(self.color_by, score) for score in SCORE_NAMES},
            **{f"analyze.basis.{basis}": partial(self.set_basis, basis) for basis in BASIS_NAMES},
            **{f"analyze.year.{year}": partial(self.set_year, year) for year in YEARS},
        }

    def add(self, kind: EntityKind) -> None:
        """Put a new item of the kind on the map, where there is room in sight."""
        self._canvas.add_item(kind, self._canvas.free_spot(kind))

    def rename(self) -> None:
        """Type another name on the selected item's card, brought into sight first."""
        canvas = self._canvas
        animates, canvas.animates = canvas.animates, False
        canvas.reveal((*self._editor.selection, *self._editor.boxes))
        canvas.animates = animates
        canvas.rename_selected()

    def link(self) -> None:
        """Link what is selected; where nothing is, have the next drag draw a link."""
        if self._editor.selection:
            self._canvas.connect_selected()
        elif self._canvas.mode == "connect":
            self._canvas.start_selecting()
        else:
            self._canvas.start_connecting()

    def set_basis(self, basis: Basis) -> None:
        """Score on another basis, as a step of the history."""
        if basis is not self._editor.project.header.basis:
            self._editor.apply(SetHeader("basis", basis), f"Basis: {BASIS_NAMES[basis].lower()}")

    def set_year(self, year: int) -> None:
        """Score for another tax year, as a step of the history."""
        if year != self._editor.project.header.year:
            self._editor.apply(SetHeader("year", year), f"Tax year {year}")

    def color_by(self, score: Score) -> None:
        """Color the map by another score."""
        self._editor.color(score, self._editor.jurisdiction)

    def color_of(self, jurisdiction: str) -> None:
        """Color the map by another jurisdiction's share."""
        self._editor.color(self._editor.color_by, jurisdiction)
