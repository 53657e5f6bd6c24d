"""The part of the canvas that is about looking: what is traced, dimmed and explained."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt, Slot
from PySide6.QtGui import QFocusEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from depmap_gui.analysis.reach import Reach, reach_of
from depmap_gui.domain.kinds import EntityKind
from depmap_gui.domain.views import Point
from depmap_gui.gui.canvas import overlay
from depmap_gui.gui.canvas.animation import Glide
from depmap_gui.gui.canvas.boxes import boxes_seen
from depmap_gui.gui.canvas.camera import Camera
from depmap_gui.gui.canvas.focus import focus_of
from depmap_gui.gui.canvas.hands import Hands
from depmap_gui.gui.canvas.kinds_button import KindsButton
from depmap_gui.gui.canvas.lanes import Lane, grouped, lanes_of, paint_titles
from depmap_gui.gui.canvas.legend import Legend, can_be_tall, legend_size, paint_legend
from depmap_gui.gui.canvas.minimap import Minimap
from depmap_gui.gui.canvas.painter import MapPainter
from depmap_gui.gui.canvas.placement import spot_in_sight
from depmap_gui.gui.canvas.pulse import Pulse
from depmap_gui.gui.canvas.scenario_banner import ScenarioBanner
from depmap_gui.gui.canvas.scenario_marks import ScenarioMarks, marks_of_scenario
from depmap_gui.gui.canvas.scene import HALF
from depmap_gui.gui.canvas.shock_banner import ShockBanner
from depmap_gui.gui.canvas.trace_banner import TraceBanner
from depmap_gui.gui.canvas.whereabouts import Whereabouts, viewing
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.kinds_shown import hidden_count, hidden_words
from depmap_gui.gui.layout.taken import Taken
from depmap_gui.gui.theme import Theme, color

_TOP = 10
_BETWEEN = 6
_EDGE = 12
_BY_KEYS = frozenset(
    {
        Qt.FocusReason.TabFocusReason,
        Qt.FocusReason.BacktabFocusReason,
        Qt.FocusReason.ShortcutFocusReason,
    }
)
_LEGEND_NEEDS = (520, 360)
_MINIMAP_NEEDS = (600, 400)


class Sights(Hands):
    """Follows the editor's sight: dims what a trace or a lens is not about, and says so."""

    _legend: Legend
    _glide: Glide

    def __init__(self, editor: Editor, theme: Theme, parent: QWidget | None) -> None:
        super().__init__(editor, theme, parent)
        self._came_by_keys = False
        self.shows_legend = True
        self.reach: Reach | None = None
        self.whereabouts = Whereabouts()
        self._shown_view = editor.view.id
        self.kinds = KindsButton(theme, self)
        self.scenario_banner = ScenarioBanner(theme, self)
        self.what_if: ScenarioMarks | None = None
        self.shock_banner = ShockBanner(theme, self)
        self.trace_banner = TraceBanner(theme, self)
        self.minimap = Minimap(self, self, theme)
        self.shows_minimap = True
        self.pulse = Pulse(self.update, self)
        self._painter = MapPainter(theme)
        self._colors = 0
        self._lane_names: list[str] = []
        self._lanes_state: tuple[object, ...] = ()
        self._legend_is_left = True
        self._legend_is_tall = False
        self._legend_drawn: tuple[object, QPixmap] | None = None
        sight, banner = editor.sight, self.trace_banner
        sight.trace_changed.connect(self.refocus)
        sight.lanes_changed.connect(self.update)
        banner.turn_requested.connect(sight.turn)
        banner.depth_chosen.connect(sight.go)
        banner.kinds_chosen.connect(sight.follow)
        banner.select_requested.connect(self.select_traced)
        banner.end_requested.connect(sight.end_trace)

    # Tracing -------------------------------------------------------------------------------

    @Slot()
    def refocus(self) -> None:
        """Dim all that the trace or the lens is not about, and say what is traced."""
        trace = self.editor.sight.trace
        self.reach = None
        name, found = "", 0
        if trace is not None:
            self.reach = reach_of(
                self.editor.project,
                trace.roots,
                trace.direction,
                depth=trace.depth,
                kinds=trace.kinds,
            )
            name = self.editor.project.name(trace.roots[0])
            if len(trace.roots) > 1:
                name += f" and {len(trace.roots) - 1} more"
            found = sum(steps > 0 for steps in self.reach.steps.values())
        self._painter.focus = focus_of(self.scene, self.reach)
        self.minimap.show_focus(self._painter.focus)
        self._colors += 1
        self.trace_banner.tell(trace, name, found)
        self.place_banners()
        self.update()

    @Slot()
    def select_traced(self) -> None:
        """Select the items that are traced, with those the trace began at."""
        if self.reach is not None:
            self.select(self.reach.steps)

    def give_up(self) -> bool:
        """Esc: end what the hand does, the mode or the lit path; else the trace; else as ever."""
        is_busy = self.act is not None or self.mode != "select" or bool(self.lit)
        if self.editor.sight.trace is not None and not is_busy:
            self.editor.sight.end_trace()
            return True
        return super().give_up()

    def place_banners(self) -> None:
        """Put the banners one below the other."""
        top = _TOP
        for banner in self._banners():
            banner.place(top)
            top += 0 if banner.isHidden() else banner.height() + _BETWEEN
        project, view = self.editor.project, self.editor.view
        self.kinds.setVisible(bool(project.entities))
        hides = hidden_count(project, view) if view.hidden else 0
        self.kinds.tell(hides, hidden_words(project, view) if hides else "")
        self.kinds.place([each.geometry() for each in self._banners() if not each.isHidden()])

    def _banners(self) -> tuple[ScenarioBanner, ShockBanner, TraceBanner]:
        return self.scenario_banner, self.shock_banner, self.trace_banner

    @Slot()
    def mark_scenario(self) -> None:
        """Say which scenario is shown, and mark what it adds, changes and removes."""
        self.scenario_banner.follow(self.editor)
        self.what_if = marks_of_scenario(self.editor, self.scene)
        self.place_banners()
        self._describe()
        self.update()

    # The overview --------------------------------------------------------------------------

    def show_minimap(self, shown: bool) -> None:
        """Show the overview whenever some of the map is out of sight, or never."""
        self.shows_minimap = shown
        self.keep_minimap()

    def keep_minimap(self) -> None:
        """Have the overview show where one is, out of the legend's way, if there is need of it."""
        seen = self.camera.visible(self.width(), self.height())
        needed = self.shows_minimap and self.width() >= _MINIMAP_NEEDS[0]
        needed = needed and self.height() >= _MINIMAP_NEEDS[1] and self.minimap.needs_showing(seen)
        if needed:
            self.minimap.move(*self._minimap_corner())
            self.minimap.update()
        if needed != self.minimap.isVisibleTo(self):
            self.minimap.setVisible(needed)

    def _minimap_corner(self) -> tuple[int, int]:
        """The lower corner that the legend leaves free; above the legend where none is."""
        wide, tall = self.minimap.width(), self.minimap.height()
        right, bottom = self.width() - wide - _EDGE, self.height() - tall - _EDGE
        fitting = self._legend_that_fits()
        legend = legend_size(fitting) if self._has_room_for_legend() else QSizeF()
        if legend.isEmpty():
            return right, bottom
        if legend.width() + wide + 3 * _EDGE > self.width():
            bottom -= round(legend.height()) + _EDGE
            return (_EDGE if self._legend_is_left else right), bottom
        return (right if self._legend_is_left else _EDGE), bottom

    def words_of_trace(self) -> str:
        """What is traced, for those who hear the map."""
        if self.reach is None:
            return ""
        return f" Traced: {sum(steps > 0 for steps in self.reach.steps.values())} items."

    def _describe(self) -> None:
        """Say in words what is shown and selected, for those who hear the map."""
        words = f"{len(self.scene.ids)} items, {len(self.scene.links)} links."
        if len(chosen := self.selected()) == 1:
            words += f" Selected: {self.words_for(chosen[0])}."
        elif self.editor.selection:
            words += f" {len(self.editor.selection)} selected."
        if not self.scenario_banner.isHidden():
            words += f" {self.scenario_banner.words.accessibleName()}."
        if self.editor.shock is not None and self._painter.shock is not None:
            words += f" In a shock {self._painter.shock.count} items lose output."
        self.setAccessibleDescription(words + self.words_of_trace())

    # Where one looks -----------------------------------------------------------------------

    @Slot()
    def remember_place(self) -> None:
        """Have the editor know what part of the view is in sight, to be saved with the map."""
        view = self.editor.project.views.get(self._shown_view)
        if view is not None and self.scene.ids:
            camera, size = self.destination(), self.extent()
            self.editor.looked[view.id] = self.whereabouts.viewport(view, camera, *size)

    def return_to_place(self) -> bool:
        """Look where the view was last saved, if anything can be seen there."""
        view = self.editor.view
        camera = viewing(view.viewport, *self.extent()) if view.viewport is not None else None
        if camera is None:
            return False
        seen = camera.visible(*self.extent())
        if not len(self.scene.items_in(seen)) and not boxes_seen(self.scene, seen):
            return False
        self.look(camera)
        self.whereabouts.open_at(view.id, self.camera)
        return True

    def destination(self) -> Camera:
        """Where the view is, or is flying to."""
        raise NotImplementedError

    # Lanes ---------------------------------------------------------------------------------

    def keep_lanes(self) -> None:
        """Have the lanes go by where the cards stand now."""
        by, scene, assessment = self.editor.sight.lanes, self.scene, self.editor.assessment
        state = (by, scene.serial, scene.revision, scene.looks if by else 0)
        if state == self._lanes_state:
            return
        if by is None or not scene.ids:
            lanes: tuple[Lane, ...] = ()
        else:
            if state[:2] + state[3:] != self._lanes_state[:2] + self._lanes_state[3:]:
                shares = assessment.scores.attribution if assessment is not None else None
                self._lane_names = grouped(scene, by, shares)
            lanes = lanes_of(scene, self._lane_names, by)
        self._lanes_state = state
        if lanes != self._painter.lanes:
            self._painter.lanes = lanes
            self._colors += 1

    def _paint_lane_titles(self, painter: QPainter) -> None:
        if not self._painter.lanes:
            return
        area = QRectF(self.rect())
        for banner in self._banners():
            if not banner.isHidden():
                area.setTop(banner.geometry().bottom() + _BETWEEN)
        paint_titles(painter, self._painter.lanes, self.theme, self.camera, area)

    def paint_chosen_boxes(self, painter: QPainter, zoom: float) -> None:
        """Rings and handles of what is selected of notes, frames and bends, in map units."""
        chosen, alone = self.selected_boxes(), self.lone_box() is not None
        overlay.paint_boxes_chosen(painter, self.scene, self.theme, chosen, zoom, alone=alone)
        if (link := self.bent_link()) is not None:
            overlay.paint_bends(painter, self.bends_of(link), self.theme, zoom, self.active_bend)

    # Finding -------------------------------------------------------------------------------

    @Slot(object)
    def fly_to(self, ids: Iterable[str]) -> None:
        """Fly to items or links that were looked for, and light them up for a moment."""
        scene, wanted = self.scene, tuple(ids)
        shown = dict.fromkeys(map(scene.fold.shown, wanted))
        there = tuple(id for id in shown if id in scene.index or id in scene.link_index)
        if wanted and not there:
            name = self.editor.project.name(wanted[0])
            self.told.emit(f"“{name}” is not shown on this view, so the map cannot go there.")
        self.reveal(there)
        self.pulse.start(there)

    def free_spot(self, kind: EntityKind) -> Point:
        """A free place for a new item of the kind, in sight where there is room."""
        centers = [(float(x), float(y)) for x, y in self.scene.centers.tolist()]
        entities = self.scene.project.entities
        alike = [
            center
            for id, center in zip(self.scene.ids, centers, strict=True)
            if entities[id].kind is kind
        ]
        seen = self.camera.visible(self.width(), self.height())
        taken = Taken(centers, self.scene.boxes)
        x, y = spot_in_sight(kind, seen, alike, taken)
        return (round(x, 1), round(y, 1))

    def highlight(self, ids: Iterable[str]) -> None:
        """Light up a path and dim the rest; nothing lit shows everything as usual."""
        self.lit = frozenset(map(self.scene.fold.shown, ids))
        self.update()

    # The legend ----------------------------------------------------------------------------

    def _has_room_for_legend(self) -> bool:
        wide, high = (side * self.theme.map_scale for side in _LEGEND_NEEDS)
        return self.shows_legend and self.width() >= wide and self.height() >= high

    # The keyboard ---------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Qt: keys come here; a ring shows it where they were brought here by keys."""
        super().focusInEvent(event)
        self._came_by_keys = event.reason() in _BY_KEYS
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Qt: keys go elsewhere."""
        super().focusOutEvent(event)
        self.update()

    def paint_focus(self, painter: QPainter) -> None:
        """A ring along the edge while keys come here, unless the mouse brought them."""
        if self._came_by_keys and self.hasFocus():
            painter.setPen(QPen(color(self.theme.accent), 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def _legend_that_fits(self) -> Legend:
        """The legend, no larger than the map is wide."""
        is_tall = self._legend_is_tall and can_be_tall(self._legend)
        legend = self._legend._replace(is_tall=is_tall or not self._has_room_for_wide_legend())
        widest = max(1.0, (self.width() - 2 * _EDGE) / legend.width)
        return legend._replace(scale=min(legend.scale, widest))

    def settle_legend(self, camera: Camera) -> int:
        """Give the legend the shape and the lower corner that cover least; how many cards."""
        if not self._has_room_for_legend():
            return 0
        tried = [
            (self._covered(camera, is_left=is_left, is_tall=is_tall), not is_tall, not is_left)
            for is_tall in (True, False)
            for is_left in (True, False)
            if (can_be_tall(self._legend) if is_tall else self._has_room_for_wide_legend())
        ] or [(0, False, False)]
        covered, is_wide, is_right = min(tried)
        self._legend_is_tall, self._legend_is_left = not is_wide, not is_right
        return covered

    def room_above_legend(self) -> float:
        """The height that a legend which lies below the whole map leaves to that."""
        self._legend_is_tall = False
        return self.height() - legend_size(self._legend_that_fits()).height() - _EDGE

    def _has_room_for_wide_legend(self) -> bool:
        return self._legend._replace(is_tall=False).width + 2 * _EDGE <= self.width()

    def _covered(self, camera: Camera, *, is_left: bool, is_tall: bool) -> int:
        """How many cards, notes and frames the legend would lie on."""
        size = legend_size(self._legend._replace(is_tall=is_tall))
        top = self.height() - size.height() - 2 * _EDGE
        left = 0.0 if is_left else self.width() - size.width() - 2 * _EDGE
        corner = camera.to_map(left, top)
        opposite = camera.to_map(left + size.width() + 2 * _EDGE, float(self.height()))
        notes = boxes_seen(self.scene, (*corner, *opposite))
        # Cards that are on their way count where they will stand.
        stand = self._glide.goal if self._glide.is_running else self.scene.centers
        cards = ((stand > corner - HALF) & (stand < opposite + HALF)).all(axis=1)
        return int(cards.sum()) + len(notes)

    def _paint_legend(self, painter: QPainter) -> None:
        if not self._has_room_for_legend():
            return
        legend = self._legend_that_fits()
        if legend.has_figures and not self.editor.is_fresh:
            legend = legend._replace(title=f"{legend.title} · updating…")
        size = legend_size(legend)
        if size.isEmpty():
            return
        left = 12.0 if self._legend_is_left else self.width() - size.width() - 12.0
        corner = QPointF(left, self.height() - size.height() - 12.0)
        painter.drawPixmap(corner, self._legend_picture(legend))

    def _legend_picture(self, legend: Legend) -> QPixmap:
        """The legend, drawn once for as long as it stays the same."""
        scale = self.devicePixelRatioF()
        key = (legend, self.theme.name, scale)
        if self._legend_drawn is None or self._legend_drawn[0] != key:
            picture = QPixmap((legend_size(legend) * scale).toSize())
            picture.setDevicePixelRatio(scale)
            picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(picture)
            paint_legend(painter, legend, self.theme, QPointF(0, 0))
            painter.end()
            self._legend_drawn = (key, picture)
        return self._legend_drawn[1]
