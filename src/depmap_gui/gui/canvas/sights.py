"""The part of the canvas that is about looking: what is traced, dimmed and explained."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt, Slot
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from depmap_gui.analysis.reach import Reach, reach_of
from depmap_gui.gui.canvas.focus import focus_of
from depmap_gui.gui.canvas.hands import Hands
from depmap_gui.gui.canvas.legend import Legend, legend_size, paint_legend
from depmap_gui.gui.canvas.painter import MapPainter
from depmap_gui.gui.canvas.shock_banner import ShockBanner
from depmap_gui.gui.canvas.trace_banner import TraceBanner
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.theme import Theme

_TOP = 10
_BETWEEN = 6
_LEGEND_NEEDS = (520, 320)


class Sights(Hands):
    """Follows the editor's sight: dims what a trace or a lens is not about, and says so."""

    _legend: Legend

    def __init__(self, editor: Editor, theme: Theme, parent: QWidget | None) -> None:
        super().__init__(editor, theme, parent)
        self.shows_legend = True
        self.reach: Reach | None = None
        self.shock_banner = ShockBanner(theme, self)
        self.trace_banner = TraceBanner(theme, self)
        self._painter = MapPainter(theme)
        self._colors = 0
        self._legend_is_left = True
        self._legend_drawn: tuple[object, QPixmap] | None = None
        sight, banner = editor.sight, self.trace_banner
        sight.trace_changed.connect(self.refocus)
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

    def words_of_trace(self) -> str:
        """What is traced, for those who hear the map."""
        if self.reach is None:
            return ""
        return f" Traced: {sum(steps > 0 for steps in self.reach.steps.values())} items."

    # The legend ----------------------------------------------------------------------------

    def _has_room_for_legend(self) -> bool:
        return self.shows_legend and (
            self.width() >= _LEGEND_NEEDS[0] and self.height() >= _LEGEND_NEEDS[1]
        )

    def _paint_legend(self, painter: QPainter) -> None:
        if not self._has_room_for_legend():
            return
        legend = self._legend
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
