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
from depmap_gui.gui.canvas.boxes import boxes_seen
from depmap_gui.gui.canvas.camera import Camera
from depmap_gui.gui.canvas.focus import focus_of
from depmap_gui.gui.canvas.hands import Hands
from depmap_gui.gui.canvas.kinds_button import KindsButton
from depmap_gui.gui.canvas.lanes import Lane, grouped, lanes_of, paint_titles
from depmap_gui.gui.canvas.legend import WIDTH as LEGEND_WIDTH
from depmap_gui.gui.canvas.legend import Legend, legend_size, paint_legend
from depmap_gui.gui.canvas.minimap import Minimap
from depmap_gui.gui.canvas.painter import MapPainter
from depmap_gui.gui.canvas.placement import spot_in_sight
from depmap_gui.gui.canvas.pulse import Pulse
from depmap_gui.gui.canvas.shock_banner import ShockBanner
from depmap_gui.gui.canvas.trace_banner import TraceBanner
from depmap_gui.gui.canvas.whereabouts import Whereabouts, viewing
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.kinds_shown import hidden_count, hidden_words
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
_LEGEND_NEEDS = (520, 320)
_MINIMAP_NEEDS = (480, 360)


class Sights(Hands):
    """Follows the editor's sight: dims what a trace or a lens is not about, and says so."""

    _legend: Legend

    def __init__(self, editor: Editor, theme: Theme, parent: QWidget | None) -> None:
        super().__init__(editor, theme, parent)
        self._came_by_keys = False
        self.shows_legend = True
        self.reach: Reach | None = None
        self.whereabouts = Whereabouts()
        self._shown_view = editor.view.id
        self.kinds = KindsButton(theme, self)
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
        self.shock_banner.place()
        hidden = self.shock_banner.isHidden()
        self.trace_banner.place(_TOP + (0 if hidden else self.shock_banner.height() + _BETWEEN))
        project, view = self.editor.project, self.editor.view
        self.kinds.setVisible(bool(project.entities))
        hides = hidden_count(project, view) if view.hidden else 0
        self.kinds.tell(hides, hidden_words(project, view) if hides else "")
        banners = (self.shock_banner, self.trace_banner)
        self.kinds.place([each.geometry() for each in banners if not each.isHidden()])

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
        for banner in (self.shock_banner, self.trace_banner):
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
        x, y = spot_in_sight(kind, seen, alike, centers)
        return (round(x, 1), round(y, 1))

    def highlight(self, ids: Iterable[str]) -> None:
        """Light up a path and dim the rest; nothing lit shows everything as usual."""
        self.lit = frozenset(map(self.scene.fold.shown, ids))
        self.update()

    # The legend ----------------------------------------------------------------------------

    def _has_room_for_legend(self) -> bool:
        return self.shows_legend and (
            self.width() >= _LEGEND_NEEDS[0] and self.height() >= _LEGEND_NEEDS[1]
        )

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
        widest = max(1.0, (self.width() - 2 * _EDGE) / LEGEND_WIDTH)
        return self._legend._replace(scale=min(self._legend.scale, widest))

    def _best_corner(self, camera: Camera) -> tuple[bool, int]:
        """Whether the legend covers less on the left than on the right, and how many cards."""
        if not self._has_room_for_legend():
            return True, 0
        size = legend_size(self._legend)
        top = self.height() - size.height() - 24.0
        covered = []
        for left in (0.0, self.width() - size.width() - 24.0):
            corner = camera.to_map(left, top)
            opposite = camera.to_map(left + size.width() + 24.0, float(self.height()))
            notes = boxes_seen(self.scene, (*corner, *opposite))
            covered.append(len(self.scene.items_in((*corner, *opposite))) + len(notes))
        return covered[0] <= covered[1], min(covered)

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
