"""The actions on scenarios, as the table lists them."""

from __future__ import annotations

from depmap_gui.gui.action_specs import ActionSpec, Menu, Need

_PROJECT = frozenset({Need.PROJECT})
_ONE = _PROJECT | {Need.SCENARIO}
_CHANGED = _ONE | {Need.CHANGES}


# fmt: off
def scenario_actions() -> list[ActionSpec]:
    """What can be done with what-ifs, in the order of their menu."""
    menu, submenu = Menu.ANALYZE, "&Scenario"
    return [
        ActionSpec("analyze.scenario.new", "&New scenario", menu,
                   "Ask what if: from now on edits go into a scenario of its own, and the base "
                   "map stays as it is", ("Ctrl+Alt+N",), "plus", _PROJECT, submenu=submenu),
        ActionSpec("analyze.scenario.changes", "Show the &changes", menu,
                   "The scenarios of this map, and what the chosen one changes",
                   ("Ctrl+Alt+S",), "list", _PROJECT, submenu=submenu),
        ActionSpec("analyze.scenario.base", "Back to the &base map", menu,
                   "Show and edit the base map again; the scenario stays as it is",
                   ("Ctrl+Alt+B",), "home", _ONE, submenu=submenu),
        ActionSpec("analyze.scenario.next", "Ne&xt scenario", menu,
                   "Show the next scenario, after the last one the base map",
                   ("Ctrl+Alt+PgDown",), "chevron-right", _PROJECT | {Need.SCENARIOS},
                   submenu=submenu),
        ActionSpec("analyze.scenario.next_change", "Next chan&ge", menu,
                   "Go to the next change of the scenario on the map", ("Ctrl+Alt+G",),
                   "arrow-down", _CHANGED, submenu=submenu),
        ActionSpec("analyze.scenario.take_out", "&Take the change out", menu,
                   "Take the chosen change out of the scenario: there it is as on the base map "
                   "again", (), "undo", _CHANGED, submenu=submenu),
        ActionSpec("analyze.scenario.duplicate", "&Duplicate scenario", menu,
                   "A scenario that begins as this one is", (), "duplicate", _ONE,
                   submenu=submenu, starts_section=True),
        ActionSpec("analyze.scenario.rename", "&Rename scenario…", menu,
                   "Give the chosen scenario another name", (), "pencil", _ONE, submenu=submenu),
        ActionSpec("analyze.scenario.adopt", "&Make this the base map", menu,
                   "Take all changes of the scenario over into the base map, as one step", (),
                   "check", _ONE, submenu=submenu, starts_section=True),
        ActionSpec("analyze.scenario.delete", "D&elete scenario", menu,
                   "Take the chosen scenario away; the base map stays as it is", (), "trash",
                   _ONE, submenu=submenu),
    ]
