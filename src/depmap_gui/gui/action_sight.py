"""The actions of looking: traces, lenses, lanes and the overview, as the table lists them."""

from __future__ import annotations

from depmap_gui.gui.action_specs import ActionSpec, Menu, Need, Scope
from depmap_gui.gui.lenses import LENSES
from depmap_gui.gui.sight import LaneBy

DEPTHS: dict[str, int | None] = {"1": 1, "2": 2, "3": 3, "all": None}
"""How far a trace goes, by the last part of its action's id."""

_PROJECT = frozenset({Need.PROJECT})
_TRACE = _PROJECT | {Need.TRACE}


# fmt: off
def sight_actions() -> list[ActionSpec]:
    """The actions of looking, in the order of their menu."""
    return [
        *_trace_actions(),
        *_lens_actions(),
        *_lane_actions(),
        ActionSpec("view.minimap", "&Minimap", Menu.VIEW,
                   "Show an overview in a corner when some of the map is out of sight",
                   ("Shift+M",), "map", _PROJECT, Scope.MAP, is_checkable=True),
    ]


def _trace_actions() -> list[ActionSpec]:
    menu, submenu = Menu.VIEW, "T&race"
    depths = [
        ActionSpec(f"view.trace.depth.{word}",
                   "&All the way" if depth is None else f"&{word} step{'s' if depth > 1 else ''}",
                   menu, "How far the trace goes", ("0" if depth is None else word,), "",
                   _TRACE, Scope.MAP, submenu, "trace-depth", is_checkable=True,
                   starts_section=depth == 1)
        for word, depth in DEPTHS.items()
    ]
    return [
        ActionSpec("view.trace.upstream", "What it &depends on", menu,
                   "Trace all that the selected items depend on, and dim the rest", ("U",),
                   "chevron-left", _PROJECT | {Need.SWITCHABLE}, Scope.MAP, submenu),
        ActionSpec("view.trace.downstream", "What depends &on it", menu,
                   "Trace all that depends on the selected items, and dim the rest", ("D",),
                   "chevron-right", _PROJECT | {Need.SWITCHABLE}, Scope.MAP, submenu),
        *depths,
        ActionSpec("view.trace.select", "&Select what is traced", menu,
                   "Make the traced items the selection", ("Shift+S",), "select", _TRACE,
                   Scope.MAP, submenu),
        ActionSpec("view.trace.end", "&End the trace", menu, "Show the whole map as usual", (),
                   "x", _TRACE, Scope.WINDOW, submenu),
    ]


def _lens_actions() -> list[ActionSpec]:
    menu, submenu = Menu.VIEW, "L&ens"
    lenses = [
        ActionSpec(f"view.lens.{lens}", look.name, menu, look.tip, (f"Alt+{number}",), "eye",
                   _PROJECT, Scope.WINDOW, submenu, "lens", is_checkable=True)
        for number, (lens, look) in enumerate(LENSES.items(), start=1)
    ]
    return [
        *lenses,
        ActionSpec("view.lens.none", "No lens", menu,
                   "Color, links and labels as the view has them", ("Alt+0",), "x", _PROJECT,
                   Scope.WINDOW, submenu, "lens", is_checkable=True),
    ]


def _lane_actions() -> list[ActionSpec]:
    return [
        ActionSpec(f"view.lanes.{by}", f"By &{by}", Menu.VIEW,
                   f"Bands behind the cards by {by}, from where the cards stand; none is moved",
                   icon="layers", needs=_PROJECT, submenu="La&nes", group="lanes",
                   is_checkable=True)
        for by in LaneBy
    ] + [
        ActionSpec("view.lanes.none", "&None", Menu.VIEW, "No bands behind the cards", icon="x",
                   needs=_PROJECT, submenu="La&nes", group="lanes", is_checkable=True),
    ]
# fmt: on
