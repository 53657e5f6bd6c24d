"""Frame times of the canvas on generated maps, beside a plain QGraphicsScene of the same map.

Both are measured in the same run, drawing in software without a display. Each frame shows
something that the one before did not: what is drawn anew is drawn from another place, and
panning goes on and on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

import msgspec
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication

from depmap_gui.analysis.context import Quiet
from depmap_gui.analysis.reach import Direction
from depmap_gui.analysis.sample_maps import random_map
from depmap_gui.domain.project import Project
from depmap_gui.domain.views import Group, View
from depmap_gui.gui.bench_scene import measure_scene
from depmap_gui.gui.bench_timing import CHEAP_ROUNDS, DEAR_ROUNDS, HEIGHT, WIDTH, Timing, timed
from depmap_gui.gui.canvas.acts import Move
from depmap_gui.gui.canvas.camera import Camera
from depmap_gui.gui.canvas.scene import Scene
from depmap_gui.gui.canvas.widget import MapCanvas
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.layout.arranging import tier_places
from depmap_gui.gui.layout.layered import tiered
from depmap_gui.gui.layout.network import network_of
from depmap_gui.gui.lenses import Lens
from depmap_gui.gui.offscreen import application
from depmap_gui.gui.sight import LaneBy
from depmap_gui.gui.tasks import Tasks
from depmap_gui.gui.theme import LIGHT
from depmap_gui.session.session import Session

SIZES = (300, 1_000, 10_000, 50_000)
_MOST_PLAIN = 12_000
_LINKS_PER_ITEM = 2
_FEW = 5_000
_GROUPS = 24

_HEAD = (
    f"  {'':18}{'by the clock':>20}{'processor':>20}  {'aim':18}{'QGraphicsScene':>22}{'ratio':>9}"
)
_HEAD_WITH = f"  {'with':18}{'whole map redraw':>20}{'100% zoom redraw':>20}{'pan step':>20}"

Print = Callable[[str], None]


class Aim(NamedTuple):
    """How many milliseconds are aimed at, at the median or at the 95th percentile."""

    most: float
    at_p95: bool = False

    def verdict(self, timing: Timing) -> str:
        """The aim in words, and whether the processor's part reached it."""
        found = timing.worked_p95 if self.at_p95 else timing.worked
        where = " p95" if self.at_p95 else ""
        return f"<= {self.most:g}{where} {'met' if found <= self.most else 'missed'}"


_SMALL = {
    what: Aim(8.0)
    for what in ("whole map redraw", "100% zoom redraw", "whole as it opens", "100% as it opens")
}
_AIMS: Mapping[int, Mapping[str, Aim]] = {
    300: _SMALL,
    10_000: {
        "tier layout": Aim(1_000.0),
        "filling": Aim(300.0),
        "whole map redraw": Aim(40.0),
        "100% zoom redraw": Aim(20.0),
        "pan step": Aim(10.0, at_p95=True),
        "drag step": Aim(10.0, at_p95=True),
        "hit test": Aim(1.0),
    },
    50_000: {
        "tier layout": Aim(3_000.0),
        "whole map redraw": Aim(100.0),
        "100% zoom redraw": Aim(40.0),
    },
}


def canvas_benchmark(out: Print = print, sizes: tuple[int, ...] = SIZES) -> None:
    """Measure both, size by size, and print tables with aims and the ratio of the medians."""
    app = application()
    out(f"Canvas benchmark, {WIDTH} x {HEIGHT} pixels, software rendering, milliseconds")
    out("median (95th percentile), by the clock and as the processor worked on it. Where both")
    out("differ much, the machine was busy and only the processor's figures tell something:")
    out("aims, the ratio (scene / canvas) and the tables of maps with more to see go by these.")
    for items in sizes:
        bare = map_of(items)
        aims = _AIMS.get(items, {})
        out("")
        out(f"{len(bare.entities):,} items, {len(bare.links):,} links")
        out(_HEAD)
        _tell(out, "tier layout", measure_layout(bare), aims)
        project = placed(bare)
        ours = measure_canvas(app, project)
        plain = measure_scene(app, project) if len(project.entities) <= _MOST_PLAIN else {}
        for what, timing in ours.items():
            _tell(out, what, timing, aims, plain.get(what))
        out(_HEAD_WITH)
        for what, timings in measure_sights(app, project).items():
            out(f"  {what:18}" + "".join(f"{_shown(timing):>20}" for timing in timings))


def _tell(
    out: Print,
    what: str,
    timing: Timing,
    aims: Mapping[str, Aim],
    other: Timing | None = None,
) -> None:
    aim = aims[what].verdict(timing) if what in aims else ""
    by_clock = f"{timing.median:,.2f} ({timing.p95:,.2f})"
    row = f"  {what:18}{by_clock:>20}{_shown(timing):>20}  {aim:18}"
    if other is not None:
        row += f"{_shown(other):>22}{other.worked / timing.worked:>8.1f}x"
    out(row.rstrip())


def map_of(items: int) -> Project:
    """A generated map of about so many items and twice as many links."""
    wanted = _LINKS_PER_ITEM * items
    # The generator makes 19 items for 60 links; jurisdictions make up the rest.
    places = max(20, items - 19 * wanted // 60)
    return random_map(wanted, loops=False, seed=7, jurisdictions=places)


def measure_layout(project: Project) -> Timing:
    """The layout by tier, from the project to places."""
    rounds = DEAR_ROUNDS if len(project.entities) < _FEW else 3
    return timed(lambda: tiered(network_of(project), Quiet()), rounds)


def placed(project: Project) -> Project:
    """The map with a view on which everything stands by tier."""
    view = View(id="bench", name="Map", positions=tier_places(project, project.entities.keys()))
    return msgspec.structs.replace(project, views={view.id: view})


def _shown(timing: Timing) -> str:
    return f"{timing.worked:,.2f} ({timing.worked_p95:,.2f})"


@contextmanager
def canvas_of(
    app: QApplication, project: Project, *, all_links: bool = True
) -> Iterator[MapCanvas]:
    """A canvas that shows the map, with all links or as it opens, and nothing going on beside."""
    tasks = Tasks()
    editor = Editor(tasks)
    canvas = MapCanvas(editor, LIGHT)
    canvas.animates = False
    canvas.resize(WIDTH, HEIGHT)
    canvas.show()
    editor.open_session(Session(project))
    tasks.cancel_all()
    app.processEvents()
    if all_links:
        canvas.show_locations(True)
    yield canvas
    canvas.close()
    canvas.deleteLater()
    tasks.cancel_all()
    app.processEvents()


def measure_canvas(app: QApplication, project: Project) -> Mapping[str, Timing]:
    """Frames of the program's own canvas."""
    with canvas_of(app, project) as canvas:
        editor = canvas.editor
        found = {"filling": timed(lambda: Scene(editor.project, editor.view), 3)}
        whole, near, pan = _frames(canvas)
        found["whole map redraw"] = whole
        found["100% zoom redraw"] = near
        found["pan step"] = pan
        canvas.look(_middle(canvas))
        found["zoom step"] = timed(lambda: _zoomed(canvas), 2 * DEAR_ROUNDS)
        found["rest after zoom"] = timed(lambda: _rested(canvas), DEAR_ROUNDS)
        found["drag step"] = _dragged(canvas)
        point = canvas.camera.to_map(WIDTH / 2, HEIGHT / 2)
        found["hit test"] = timed(
            lambda: canvas.scene.item_at(point) or canvas.scene.link_at(point, 6.0), CHEAP_ROUNDS
        )
    with canvas_of(app, project, all_links=False) as canvas:
        found["whole as it opens"], found["100% as it opens"], _ = _frames(canvas)
    return found


def measure_sights(app: QApplication, project: Project) -> Mapping[str, tuple[Timing, ...]]:
    """Redraw of the whole map and at 100 %, and pan steps, with what else a map may show."""
    found: dict[str, tuple[Timing, ...]] = {}
    with canvas_of(app, _grouped(project)) as canvas:
        found["groups"] = _frames(canvas)
    with canvas_of(app, project) as canvas:
        sight, lead = canvas.editor.sight, canvas.scene.ids[len(canvas.scene.ids) // 2]
        sight.look_through(Lens.OWNERSHIP)
        found["ownership lens"] = _frames(canvas)
        sight.look_through(None)
        sight.show_lanes(LaneBy.TIER)
        found["lanes by tier"] = _frames(canvas)
        sight.show_lanes(None)
        sight.start_trace((lead,), Direction.UPSTREAM)
        found["trace"] = _frames(canvas)
        sight.end_trace()
    return found


def _grouped(project: Project) -> Project:
    """The map with some groups, every other one collapsed, of items that stand together."""
    view = next(iter(project.views.values()))
    ids = sorted(view.positions, key=lambda id: (view.positions[id][0] // 400, view.positions[id]))
    size = max(2, len(ids) // (4 * _GROUPS))
    groups = tuple(
        Group(
            id=f"group {number}",
            name=f"Group {number}",
            members=tuple(ids[number * 4 * size : number * 4 * size + size]),
            collapsed=number % 2 == 1,
        )
        for number in range(min(_GROUPS, len(ids) // (4 * size)))
    )
    view = msgspec.structs.replace(view, groups=groups)
    return msgspec.structs.replace(project, views={view.id: view})


def _frames(canvas: MapCanvas) -> tuple[Timing, Timing, Timing]:
    canvas.fit()
    whole = timed(lambda: _redrawn(canvas), DEAR_ROUNDS)
    canvas.look(_middle(canvas))
    near = timed(lambda: _redrawn(canvas), DEAR_ROUNDS)
    return whole, near, timed(lambda: _panned(canvas), CHEAP_ROUNDS)


def _middle(canvas: MapCanvas) -> Camera:
    """At 100 %, on the item in the middle of the map's file."""
    x, y = canvas.scene.centers[len(canvas.scene.ids) // 2].tolist()
    return Camera(0.0, 0.0, 1.0).centered((x, y), WIDTH, HEIGHT)


def _redrawn(canvas: MapCanvas) -> None:
    canvas.look(canvas.camera.panned(5.0, 3.0))
    canvas.redraw()
    canvas.repaint()


def _zoomed(canvas: MapCanvas) -> None:
    canvas.look(canvas.camera.zoomed(0.98, WIDTH / 2, HEIGHT / 2))
    canvas.repaint()


def _rested(canvas: MapCanvas) -> None:
    """The crisp frame after zooming, from no picture of a card at this size to all of them."""
    canvas.look(canvas.camera.zoomed(1.003, WIDTH / 2, HEIGHT / 2))
    canvas.rest()
    canvas.repaint()


def _panned(canvas: MapCanvas) -> None:
    canvas.look(canvas.camera.panned(-7.0, -4.0))
    canvas.repaint()


def _dragged(canvas: MapCanvas) -> Timing:
    lead = canvas.scene.ids[len(canvas.scene.ids) // 2]
    canvas.look(_middle(canvas))
    act = Move(canvas, [lead], lead)
    at = canvas.point_of(lead)
    canvas.begin(act, at)
    steps = iter(range(1, CHEAP_ROUNDS + 3))

    def step() -> None:
        act.move(at + QPointF(3.0 * next(steps), 2.0))
        canvas.repaint()

    found = timed(step, CHEAP_ROUNDS)
    canvas.cancel_act()
    return found
