"""The canvas: one widget that shows the map and lets hands and keys work on it.

It follows the editor's signals and changes the document only through the editor. What it shows is
a :class:`~depmap_gui.gui.canvas.scene.Scene`; each mouse act is an object of
:mod:`~depmap_gui.gui.canvas.acts`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from PySide6.QtCore import (
    QPointF,
    QRectF,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from depmap_gui.domain.document import ChangeSet, Concern
from depmap_gui.domain.edits import Edit
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Located
from depmap_gui.domain.views import Point
from depmap_gui.gui.canvas import accessible, overlay
from depmap_gui.gui.canvas.acts import Act
from depmap_gui.gui.canvas.animation import Glide
from depmap_gui.gui.canvas.camera import Camera, fitting
from depmap_gui.gui.canvas.first_layout import FirstLayout
from depmap_gui.gui.canvas.flight import Flight
from depmap_gui.gui.canvas.following import follow
from depmap_gui.gui.canvas.labels import Labels
from depmap_gui.gui.canvas.layer import Layer, Shown
from depmap_gui.gui.canvas.legend import legend_of
from depmap_gui.gui.canvas.painter import MapPainter
from depmap_gui.gui.canvas.pin_marks import paint_pins
from depmap_gui.gui.canvas.resting import Rest
from depmap_gui.gui.canvas.scene import Scene
from depmap_gui.gui.canvas.shock_marks import marks_of
from depmap_gui.gui.canvas.sights import Sights
from depmap_gui.gui.coloring import Coloring
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.shocks import shock_words
from depmap_gui.gui.theme import Theme, color

_MANY_ITEMS = 400
_MOST_LOCATED = 120
_ZOOM_STEP = 1.25
_MARGIN = 20.0


class MapCanvas(Sights):
    """The map of one editor.

    ``context_menu_requested`` carries the global position and the ids under the pointer;
    ``inspect_requested`` asks for the properties of the selection; ``mode_changed`` tells
    ``select``, ``connect`` or ``place``.
    """

    zoom_changed = Signal(float)

    def __init__(self, editor: Editor, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(editor, theme, parent)
        self.animates = True
        self.shows_locations = True
        self._layer = Layer()
        self._built = 0
        self._made_of: Project | None = None
        self._wants_fit = bool(editor.project.entities)
        self._fitted: Camera | None = None
        self.resting = Rest(self._pictures, self._on_rested, self)
        self._is_zooming = False
        self._flight = Flight(self.look, self)
        self._glide = Glide(self.update, self)
        self._first = FirstLayout(editor, self)
        self._first.made.connect(self._on_first_layout)
        self._assumed: Mapping[str, Point] = {}
        self._cameras: dict[str, Camera] = {}
        self.setMinimumSize(240, 180)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Map")
        accessible.install(MapCanvas)
        self._build()
        self._follow(editor)

    # Following the editor ------------------------------------------------------------------

    def _follow(self, editor: Editor) -> None:
        editor.opened.connect(self._on_opened)
        editor.view_changed.connect(self._on_view)
        editor.saving.connect(self.remember_place)
        editor.changed.connect(self._on_changed)
        for signal in (editor.changed, editor.opened, editor.view_changed):
            signal.connect(self.mark_scenario)
        editor.selection_changed.connect(self._on_selection)
        editor.assessed.connect(self._on_colors)
        editor.coloring_changed.connect(self._on_colors)
        editor.freshness_changed.connect(self._on_freshness)
        editor.reveal_requested.connect(self.fly_to)
        editor.shock_changed.connect(self._on_shock)
        editor.sight.lens_changed.connect(self._build)
        self.shock_banner.clear_requested.connect(editor.shocks.end)
        self.scenario_banner.clear_requested.connect(lambda: editor.set_scenario(None))

    def _build(self) -> None:
        """Make the scene anew from the project as it stands."""
        self.cancel_act()
        self._glide.finish()
        self.scene = Scene(
            self.editor.project,
            self.editor.view,
            shows_locations=self.shows_locations,
            assumed=self._assumed,
            lens=self.editor.sight.lens,
        )
        self._assumed = self.scene.assumed
        self._labels = Labels(self.scene, self.theme.map_pixels(100) / 100)
        self._built += 1
        self._made_of = self.editor.project
        self.hovered = None
        self._take_colors()
        self._on_shock()
        self.refocus()
        self.keep_minimap()
        self._first.begin()

    def _take_values(self) -> None:
        """The scene says other things where it stood; what is being done in it may rest on old."""
        self.cancel_act()
        self._built += 1
        self._made_of = self.editor.project
        self.hovered = None
        if self.editor.sight.trace is not None:
            self.refocus()
        self._describe()
        self.update()

    def _take_colors(self) -> None:
        coloring = Coloring(self.editor.color_by, self.editor.jurisdiction)
        self.scene.color(self.editor.assessment, coloring)
        self._legend = legend_of(self.scene, coloring, self.theme.map_scale)
        self._colors += 1
        if self._fitted is not None and self.camera == self._fitted:
            self._wants_fit = True
        self.update()

    @Slot()
    def _on_opened(self) -> None:
        located = sum(isinstance(link, Located) for link in self.editor.project.links.values())
        self.shows_locations = located <= _MOST_LOCATED
        self.lit = frozenset()
        self._wants_fit = bool(self.editor.project.entities)
        self._fitted = None
        self._cameras.clear()
        self.whereabouts.forget()
        self._shown_view = self.editor.view.id
        if not self._wants_fit:
            self.look(Camera())
        self._first.forget()
        self._assumed = self._first.prepare(self.editor.view.positions)
        self._build()

    @Slot(object)
    def _on_first_layout(self, places: Mapping[str, Point]) -> None:
        self._assumed = self.scene.assumed = {**self.scene.assumed, **places}
        self._put_cards()
        if not self.editor.view.positions:
            self.fit()

    @Slot(object)
    def _on_changed(self, change: ChangeSet) -> None:
        # From the first stroke on, the map stays where the person at work has it.
        self._fitted = None
        view, scene = self.editor.view, self.scene
        if self._made_of is self.editor.project:
            # The change brought another view into sight, which shows it already.
            return
        is_alike = (view.hidden, view.groups) == (scene.hidden, scene.groups)
        if change.concerns == {Concern.LAYOUT} and is_alike and not change.added:
            self._put_cards()
        elif follow(scene, self.editor.project, change):
            self._take_values()
        elif change.concerns - {Concern.SCENARIOS}:
            standing = {**self.scene.assumed, **view.positions}
            self._assumed = {**self.scene.assumed, **self._first.prepare(standing)}
            self._build()

    @Slot()
    def _on_view(self) -> None:
        """Show another view, as it was last seen."""
        self._cameras[self._shown_view] = self.camera
        self.remember_place()
        self._shown_view = self.editor.view.id
        self._first.forget()
        self._assumed = self._first.prepare(self.editor.view.positions)
        self._build()
        if (camera := self._cameras.get(self._shown_view)) is not None:
            self.look(camera)
        elif not self.return_to_place():
            self.fit()

    def _put_cards(self) -> None:
        """Let the cards go where the view has them now."""
        self.cancel_act()
        self._glide.finish()
        before = self.scene.centers
        self.scene.place(self.editor.view)
        if self.animates and self.isVisible():
            self._glide.start(self.scene, before)
        self.keep_minimap()
        self.update()

    def places(self) -> dict[str, Point]:
        """The centers of all items on the view, once they stand."""
        self._glide.finish()
        return super().places()

    def _placing(self, positions: Mapping[str, Point]) -> list[Edit]:
        self._glide.finish()
        return super()._placing(positions)

    def begin(self, act: Act, point: QPointF) -> None:
        """Let an act start, on a map that stands still."""
        self._glide.finish()
        super().begin(act, point)

    @Slot()
    def _on_selection(self) -> None:
        self._describe()
        accessible.tell_focus(self, self)
        self.update()

    @Slot()
    def _on_colors(self) -> None:
        self._take_colors()
        self._describe()

    @Slot()
    def _on_shock(self) -> None:
        """Show what stops, and say above the map what is switched off."""
        view = self.editor.shock
        marks = self._painter.shock = marks_of(self.scene, view)
        self._colors += 1
        words = note = ""
        if view is not None:
            words = f"Shock: {shock_words(self.editor.project, view.outages)}"
            hit = marks.count if marks is not None else 0
            note = f"Hatched: lost ({hit}) · banded links carry it" if hit else "Nothing is lost"
            if not view.is_fresh:
                note = "updating…" if view.is_playing else "not up to date"
        self.shock_banner.tell(words, note)
        self.place_banners()
        self._describe()
        self.update()

    @Slot(bool)
    def _on_freshness(self, _is_fresh: bool) -> None:
        self.update()

    # What is in sight ----------------------------------------------------------------------

    def set_theme(self, theme: Theme) -> None:
        """Wear other colors."""
        self.theme = theme
        self._legend = self._legend._replace(scale=theme.map_scale)
        self._painter = MapPainter(theme, self._painter.shock, self._painter.focus)
        self._labels = Labels(self.scene, theme.map_pixels(100) / 100)
        self._lanes_state = ()
        self.kinds.set_theme(theme)
        self.shock_banner.set_theme(theme)
        self.scenario_banner.set_theme(theme)
        self.trace_banner.set_theme(theme)
        self.minimap.theme = theme
        self._layer.forget()
        self.update()

    def redraw(self) -> None:
        """Draw everything anew at the next frame."""
        self._layer.forget()
        self.update()

    def show_locations(self, shown: bool) -> None:
        """Draw the links from jurisdictions, or leave them out."""
        if shown != self.shows_locations:
            self.shows_locations = shown
            self._build()

    def look(self, camera: Camera) -> None:
        """Show another part of the map, at once."""
        before = self.camera.zoom
        self.keep_editor()
        self.camera = camera.snapped(self.devicePixelRatioF())
        self.keep_minimap()
        self.resting.put_off()
        if camera.zoom != before:
            self._is_zooming = True
            self.zoom_changed.emit(camera.zoom)
        self.update()

    def fly(self, camera: Camera) -> None:
        """Show another part of the map so that the eye can follow."""
        self._flight.stop()
        if self.animates and self.isVisible():
            self._flight.begin(self.camera, camera, self.width(), self.height())
        else:
            self.look(camera)

    def destination(self) -> Camera:
        """Where the view is, or is flying to."""
        goal = self._flight.goal
        return self.camera if goal is None else goal.snapped(self.devicePixelRatioF())

    def land(self) -> None:
        """Show at once what the view is flying to."""
        if (goal := self._flight.goal) is not None:
            self._flight.stop()
            self.look(goal)

    def fit(self) -> None:
        """Bring the whole map into sight."""
        bounds = self._glide.bounds() or self.scene.bounds()
        if bounds is None:
            return
        if not self._glide.is_running:
            bounds = self.scene.with_links(bounds)
        grown = (bounds[0] - 4, bounds[1] - 44, bounds[2] + 8, bounds[3] + 4)
        width, height = float(self.width()), float(self.height())
        goal = fitting(grown, width, height, margin=_MARGIN)
        covers = self.settle_legend(goal)
        if covers:
            above = fitting(grown, width, self.room_above_legend(), margin=_MARGIN)
            if above.zoom > 0.6 * goal.zoom:
                goal = above
            else:
                self.settle_legend(goal)
        self.whereabouts.show_whole(self._shown_view, goal.snapped(self.devicePixelRatioF()))
        self.fly(goal)

    def zoom_in(self) -> None:
        """Show the map larger."""
        self._zoom_by(_ZOOM_STEP)

    def zoom_out(self) -> None:
        """Show the map smaller."""
        self._zoom_by(1 / _ZOOM_STEP)

    def actual_size(self) -> None:
        """Show the map at 100 %."""
        self._zoom_by(1.0 / self.camera.zoom)

    def _zoom_by(self, factor: float) -> None:
        self.fly(self.camera.zoomed(factor, self.width() / 2, self.height() / 2))

    @Slot(object)
    def reveal(self, ids: Iterable[str]) -> None:
        """Bring items and links into sight, moving no more than needed."""
        scene = self.scene
        ids = [scene.fold.shown(id) for id in ids]
        rows = [scene.index[id] for id in ids if id in scene.index]
        for id in ids:
            if id in scene.link_index:
                link = scene.link_index[id]
                rows += [int(scene.sources[link]), int(scene.targets[link])]
        bounds = (self._glide.bounds(rows) or scene.bounds(rows)) if rows else None
        bounds = bounds or scene.box_bounds(ids)
        if bounds is None:
            return
        seen = self.camera.visible(self.width(), self.height())
        margin = 24.0 / self.camera.zoom
        is_seen = (
            bounds[0] - margin >= seen[0]
            and bounds[1] - margin >= seen[1]
            and bounds[2] + margin <= seen[2]
            and bounds[3] + margin <= seen[3]
        )
        if is_seen and self.camera.zoom >= 0.5:
            self.update()
            return
        closest = fitting(bounds, self.width(), self.height(), margin=80.0)
        zoom = min(closest.zoom, max(self.camera.zoom, 0.8))
        middle = ((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2)
        self.fly(Camera(0.0, 0.0, zoom).centered(middle, self.width(), self.height()))

    # Painting ------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt: show the map."""
        if self._wants_fit and self.scene.ids and self.width() > 1:
            self._wants_fit = False
            self._fit_at_once()
        self.minimap.freshen()
        self.keep_lanes()
        painter = QPainter(self)
        # Within a clip, Qt draws hair lines several times faster.
        painter.setClipRect(self.rect())
        self._painter.cards.is_hurried = self._is_zooming and self.resting.is_coming
        if self._is_far_and_hurried() and self._layer.is_stale(self.camera):
            painter.fillRect(self.rect(), color(self.theme.canvas))
            self._layer.stretch(painter, self.camera)
        else:
            self._layer.refresh(self._shown(), self.camera, self.size(), self.devicePixelRatioF())
            self._layer.put(painter)
        self._paint_over(painter)
        painter.end()

    def _is_far_and_hurried(self) -> bool:
        """Whether a whole frame would take too long: while much of a large map is being zoomed."""
        if not self.resting.is_coming or len(self.scene.ids) <= _MANY_ITEMS:
            return False
        seen = self.camera.visible(self.width(), self.height())
        return len(self.scene.items_in(seen)) > _MANY_ITEMS

    def _pictures(self) -> Iterator[None]:
        return self._painter.pictures(self.scene, self._labels, self.camera, self)

    def rest(self) -> None:
        """Draw anew at once what was drawn in haste, if anything."""
        self.resting.finish()

    def _on_rested(self) -> None:
        self._is_zooming = False
        if not self._layer.settle(self._shown(), self.camera):
            self.update()

    def _fit_at_once(self) -> None:
        animates, self.animates = self.animates, False
        if not self.return_to_place():
            self.fit()
            self._fitted = self.camera
        self.animates = animates

    def _shown(self) -> Shown:
        """What the picture at rest shows."""
        state = (self._built, self.scene.revision, self._colors, self.theme.name, id(self.without))
        labels = None if self._glide.is_running else self._labels
        return Shown(self._painter, self.scene, labels, self.without, state)

    def _paint_over(self, painter: QPainter) -> None:
        area, zoom, scene = QRectF(self.rect()), self.camera.zoom, self.scene
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.lit:
            overlay.paint_veil(painter, self._painter, scene, self.camera, area, self.lit)
        painter.save()
        overlay.to_map_units(painter, self.camera)
        chosen, seen = self.chosen(), self.camera.visible(self.width(), self.height())
        links = chosen.links
        overlay.paint_chosen_links(painter, scene, self.theme, chosen.link_rows, seen)
        overlay.paint_link_labels(
            painter, scene, self._labels, self.theme, [*links, *self.lit], zoom
        )
        painter.restore()
        if self.without is not None:
            overlay.paint_lifted(painter, self._painter, scene, self.camera, self.without)
        painter.save()
        overlay.to_map_units(painter, self.camera)
        paint_pins(painter, scene, self.theme, zoom, seen)
        self._paint_hands(painter, zoom)
        if self.what_if is not None:
            self.what_if.paint(painter, scene, self._labels.within(seen, zoom), self.theme, zoom)
        painter.restore()
        if not scene.ids and not scene.boxes:
            overlay.paint_empty(painter, self.theme, area)
        else:
            self._paint_lane_titles(painter)
            self._paint_legend(painter)
        self.paint_focus(painter)

    def _paint_hands(self, painter: QPainter, zoom: float) -> None:
        """Selection rings, the card under the pointer and what the hand is doing."""
        scene = self.scene
        chosen, seen = self.chosen(), self.camera.visible(self.width(), self.height())
        items = chosen.items
        overlay.paint_chosen_cards(painter, scene, self.theme, chosen.item_rows, zoom, seen)
        self.paint_chosen_boxes(painter, zoom)
        self.pulse.paint(painter, scene, self.theme, zoom)
        overlay.paint_guides(painter, self.theme, self.guides, zoom)
        act: Act | None = self.act
        if act is not None:
            overlay.paint_act(painter, scene, self.theme, act, zoom)
        holder = self.port_holder()
        if self.hovered is not None and act is None and self.hovered not in items:
            overlay.paint_hover(painter, scene, self.theme, self.hovered, zoom)
        if holder is not None and act is None:
            overlay.paint_ports(painter, scene, self.theme, holder, zoom, self.port_side)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: another size; what was in the middle stays there."""
        super().resizeEvent(event)
        self.place_banners()
        self.keep_minimap()
        old = event.oldSize()
        if old.isValid() and old.width() > 1:
            before, middle = self.camera, self.camera.to_map(old.width() / 2, old.height() / 2)
            self.look(self.camera.centered(middle, self.width(), self.height()))
            self.whereabouts.resize(self._shown_view, before, self.camera)
