"""Where actions and what they do are bound, and what decides whether each can be done now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import islice

from depmap_gui.gui.action_objects import Actions
from depmap_gui.gui.action_specs import Need
from depmap_gui.gui.canvas.group_edits import groups_of
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.kinds_shown import is_hidden
from depmap_gui.gui.settings import ThemeChoice

Handlers = Mapping[str, Callable[[], object]]


def bind(actions: Actions, *parts: Handlers) -> None:
    """Bind every action of the table. Raises KeyError where one is missing or bound twice."""
    together: dict[str, Callable[[], object]] = {}
    for part in parts:
        if twice := together.keys() & part.keys():
            raise KeyError(f"Actions with two handlers: {sorted(twice)}")
        together |= part
    actions.bind(together)


def needs_met(editor: Editor, *, is_open: bool) -> frozenset[Need]:
    """What there is to act on."""
    if not is_open:
        return frozenset()
    project, selection = editor.project, editor.selection
    assessment = editor.assessment
    one = selection[0] if len(selection) == 1 and selection[0] in project.entities else None
    boxes, view = editor.boxes, editor.view
    # Everything may be selected, and this is asked at every turn: two items are enough.
    items = sum(1 for _ in islice((id for id in selection if id in project.entities), 2))
    one_link = len(selection) == 1 and selection[0] in project.links and not boxes
    record = editor.base.scenarios.get(editor.scenario or "")
    found = {
        Need.PROJECT: True,
        Need.ITEMS: bool(project.entities),
        Need.SELECTION: bool(selection or boxes),
        Need.ONE_ITEM: (one is not None and not boxes) or (len(boxes) == 1 and not selection),
        Need.COPYABLE: bool(boxes) or items > 0,
        Need.BOXES: bool(boxes),
        Need.LINK: one_link,
        Need.BENT: bool(view.bends) and any(view.bends.get(id) for id in selection),
        Need.HIDDEN_CHOSEN: bool(view.hidden)
        and any(is_hidden(project, view, id) for id in selection),
        Need.EXPLAINED: one is not None and assessment is not None,
        Need.SWITCHABLE: items > 0,
        Need.SEVERAL: items > 1,
        Need.SEVERAL_THINGS: len(boxes) + sum(id in project.entities for id in selection) > 1,
        Need.PINS: bool(view.pinned),
        Need.VIEWS: len(project.views) > 1,
        Need.HIDDEN: bool(view.hidden),
        Need.GROUPED: bool(view.groups) and bool(groups_of(view, selection)),
        Need.SHOCK: editor.shock is not None,
        Need.TRACE: editor.sight.trace is not None,
        Need.PROBLEMS: assessment is not None and bool(assessment.findings),
        Need.SCENARIO: editor.scenario is not None,
        Need.SCENARIOS: bool(project.scenarios),
        Need.CHANGES: record is not None and bool(record.changes),
        Need.UNDO: editor.history.canUndo(),
        Need.REDO: editor.history.canRedo(),
    }
    return frozenset(need for need, is_met in found.items() if is_met)


def in_effect(
    editor: Editor,
    *,
    is_open: bool,
    theme: ThemeChoice,
    panels: Iterable[str],
    shows_locations: bool,
    is_connecting: bool,
    is_full_screen: bool,
    seen: Iterable[str] = (),
) -> frozenset[str]:
    """Ids of the actions that are checked.

    ``panels`` are the names of those shown, ``seen`` the checked actions of how one looks.
    """
    checked = {f"view.theme.{theme}"}
    if is_full_screen:
        checked.add("view.full_screen")
    if is_open:
        header = editor.project.header
        checked |= {
            f"view.color.{editor.color_by}",
            f"analyze.basis.{header.basis}",
            f"analyze.year.{header.year}",
            "insert.connect" if is_connecting else "insert.select",
            *(f"view.panel.{name}" for name in panels),
            *seen,
        }
        tints = {box.tint for box in editor.view.boxes if box.id in editor.boxes}
        checked |= {f"arrange.tint.{tint}" for tint in tints if len(tints) == 1}
        if shows_locations:
            checked.add("view.locations")
    return frozenset(checked)
