"""The actions of notes, frames and bends, and of what a view shows, as the table lists them."""

from __future__ import annotations

from depmap_gui.domain.views import Tint
from depmap_gui.gui.action_specs import ActionSpec, Menu, Need, Scope

_PROJECT = frozenset({Need.PROJECT})


_TINTS = {tint: "Gra&y" if tint == "gray" else f"&{tint.capitalize()}" for tint in Tint}
"""Gray and green begin alike."""


# fmt: off
def insert_box_actions() -> list[ActionSpec]:
    """Adding notes and frames."""
    return [
        ActionSpec("insert.note", "No&te", Menu.INSERT,
                   "Write a note on the map; it counts in no score", ("T",), "note", _PROJECT,
                   Scope.MAP, starts_section=True),
        ActionSpec("insert.frame", "&Frame", Menu.INSERT,
                   "Put a titled frame behind the selected items, or on the page; what stands on "
                   "it moves along", ("F",), "frame", _PROJECT, Scope.MAP),
    ]


def box_actions() -> list[ActionSpec]:
    """Bending links, and the colors of notes and frames."""
    menu, boxes = Menu.ARRANGE, _PROJECT | {Need.BOXES}
    return [
        ActionSpec("arrange.bend", "Add a &bend", menu,
                   "Give the selected link a bend to drag, or to move with Ctrl and arrow keys",
                   ("B",), "bend", _PROJECT | {Need.LINK}, Scope.MAP, starts_section=True),
        ActionSpec("arrange.straighten", "Straig&hten link", menu,
                   "Take all bends of the selected links away", ("Shift+B",), "straighten",
                   _PROJECT | {Need.BENT}, Scope.MAP),
        *(ActionSpec(f"arrange.tint.{tint}", _TINTS[tint], menu,
                     "Color of the selected notes and frames", icon="color", needs=boxes,
                     submenu="&Color of note or frame", group="tint", is_checkable=True)
          for tint in Tint),
    ]


def shown_actions() -> list[ActionSpec]:
    """Hiding on one view, and showing again."""
    menu = Menu.VIEW
    return [
        ActionSpec("view.hide", "&Hide here", menu,
                   "Show the selection no longer on this view; it stays on the map and counts in "
                   "every score", ("H",), "minus", _PROJECT | {Need.SELECTION}, Scope.MAP),
        ActionSpec("view.show_here", "Show on this view a&gain", menu,
                   "Show again what is selected in the outline and hidden on this view", (),
                   "eye", _PROJECT | {Need.HIDDEN_CHOSEN}, Scope.MAP),
        ActionSpec("view.show_all", "Sho&w all", menu, "Show again what is hidden on this view",
                   ("Shift+H",), "eye", _PROJECT | {Need.HIDDEN}, Scope.MAP),
    ]
# fmt: on
