"""Menus, context menu, command palette and shortcut sheet, all made from the action table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from depmap_gui.domain.records import ENTITY_CLASSES, Plant
from depmap_gui.domain.views import Tint
from depmap_gui.gui.action_objects import Actions
from depmap_gui.gui.action_specs import Choice, ChoiceMenu, Menu, keys_text
from depmap_gui.gui.actions import ACTIONS, CHOICE_MENUS
from depmap_gui.gui.dialogs.command_palette import Entry
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.icons import icon
from depmap_gui.gui.theme import Theme

Choices = Mapping[str, Callable[[], Sequence[Choice]]]
"""By the id of a choice menu: what gives its entries now."""

ON_SELECTION = (
    "analyze.why",
    "view.trace.upstream",
    "view.trace.downstream",
    "analyze.switch_off",
    "edit.rename",
    "insert.connect",
    "arrange.pin",
    "arrange.group",
    "arrange.ungroup",
    "arrange.collapse",
    "view.hide",
    "view.show_here",
    "insert.frame",
    "",
    "edit.cut",
    "edit.copy",
    "edit.duplicate",
    "",
    "edit.delete",
)
ON_PLANT = ("analyze.why", "analyze.repair", *ON_SELECTION[1:])
ON_LINKS = (
    "analyze.why",
    "arrange.bend",
    "arrange.straighten",
    "view.hide",
    "view.show_here",
    "",
    "edit.delete",
)
ON_BOXES = (
    "edit.rename",
    *(f"arrange.tint.{tint}" for tint in Tint),
    "view.hide",
    "",
    "edit.cut",
    "edit.copy",
    "edit.duplicate",
    "",
    "edit.delete",
)
ON_PAGE = (
    "insert.plant",
    "insert.company",
    "insert.license",
    "insert.material",
    "insert.jurisdiction",
    "insert.note",
    "insert.frame",
    "",
    "edit.paste",
    "edit.select_all",
    "view.fit",
    "view.show_all",
    "view.locations",
    "arrange.tier",
)
"""Ids of the context menus; an empty one is a line."""
ON_OUTLINE = (
    "edit.cut",
    "edit.copy",
    "edit.paste",
    "edit.duplicate",
    "edit.delete",
    "edit.rename",
    "edit.select_all",
)
"""Ids of the map's actions whose keys are heard in the outline too."""


def build_menu_bar(bar: QMenuBar, actions: Actions, choices: Choices) -> None:
    """Fill the menu bar from the table."""
    for menu in Menu:
        _build_menu(bar.addMenu(menu.value), menu, actions, choices)


def what_is_selected(editor: Editor) -> tuple[str, ...]:
    """The ids of the context menu for what is selected now."""
    links = editor.project.links
    if editor.selection and all(id in links for id in editor.selection):
        return ON_LINKS
    if editor.boxes and not editor.selection:
        return ON_BOXES
    if len(editor.selection) == 1 and isinstance(
        editor.project.entities.get(editor.selection[0]), Plant
    ):
        return ON_PLANT
    return ON_SELECTION if editor.selection else ON_PAGE


def context_menu(
    actions: Actions, *, of: Sequence[str] = ON_PAGE, parent: QWidget | None = None
) -> QMenu:
    """The menu for what is selected, or for the page where nothing is: what can be done now."""
    menu = QMenu(parent)
    for id in of:
        if not id:
            menu.addSeparator()
        elif actions[id].isEnabled():
            menu.addAction(actions[id])
    return menu


def palette_entries(
    actions: Actions, choices: Choices, editor: Editor, theme: Theme, *, is_open: bool
) -> list[Entry]:
    """Every action that can be done now, every choice, and every item of the open map."""
    entries = [
        Entry(
            text=_entry_text(spec.submenu, spec.plain_text),
            note=_plain(spec.menu.value),
            keys=keys_text(spec),
            run=actions[spec.id].trigger,
            icon=icon(spec.icon, theme, theme.muted) if spec.icon else None,
        )
        for spec in ACTIONS
        if actions[spec.id].isEnabled() and spec.id != "help.palette"
    ]
    for submenu in CHOICE_MENUS:
        entries += [
            Entry(_entry_text(submenu.text, choice.text), _plain(submenu.menu.value), choice.run)
            for choice in choices[submenu.id]()
            if choice.is_enabled
        ]
    return [*entries, *_items(editor, theme)] if is_open else entries


def shortcut_groups(
    further: Sequence[tuple[str, str]],
) -> dict[str, list[tuple[str, str]]]:
    """(what, keys) of every action with keys, by menu; ``further`` are those of the canvas."""
    groups: dict[str, list[tuple[str, str]]] = {}
    native = QKeySequence.SequenceFormat.NativeText
    for spec in ACTIONS:
        if spec.keys:
            keys = " or ".join(QKeySequence(key).toString(native) for key in spec.keys)
            group = groups.setdefault(_plain(spec.menu.value), [])
            group.append((_entry_text(spec.submenu, spec.plain_text), keys))
    groups["On the map"] = [(effect, gesture) for gesture, effect in further]
    return groups


def _build_menu(made: QMenu, menu: Menu, actions: Actions, choices: Choices) -> None:
    made.setToolTipsVisible(True)
    submenus: dict[str, QMenu] = {}
    for spec in ACTIONS:
        if spec.menu is not menu:
            continue
        if spec.starts_section and spec.submenu not in submenus:
            made.addSeparator()
        if spec.submenu and spec.submenu not in submenus:
            submenus[spec.submenu] = made.addMenu(spec.submenu)
            submenus[spec.submenu].setToolTipsVisible(True)
        submenus.get(spec.submenu, made).addAction(actions[spec.id])
        for choice_menu in CHOICE_MENUS:
            if choice_menu.after == spec.id:
                _add_choices(made, choice_menu, choices[choice_menu.id])


def _add_choices(
    made: QMenu, choice_menu: ChoiceMenu, entries: Callable[[], Sequence[Choice]]
) -> None:
    submenu = made.addMenu(choice_menu.text)
    submenu.setObjectName(choice_menu.id)
    submenu.setToolTipsVisible(True)
    submenu.aboutToShow.connect(lambda: fill(submenu, entries()))
    made.aboutToShow.connect(lambda: submenu.setEnabled(bool(entries())))


def fill(menu: QMenu, entries: Sequence[Choice]) -> None:
    """Put these entries into a menu in place of what it had."""
    menu.clear()
    for choice in entries:
        action = menu.addAction(choice.text.replace("&", "&&"))
        action.setToolTip(choice.tip)
        action.setEnabled(choice.is_enabled)
        if choice.is_checked is not None:
            action.setCheckable(True)
            action.setChecked(choice.is_checked)
        action.triggered.connect(lambda _checked=False, run=choice.run: run())


def _items(editor: Editor, theme: Theme) -> list[Entry]:
    looks = {
        made: (kind.value, icon(kind.value, theme, theme.kind(kind)))
        for kind, made in ENTITY_CLASSES.items()
    }
    found = []
    for entity in editor.project.entities.values():
        note, picture = looks[type(entity)]
        run = partial(editor.reveal, (entity.id,))
        found.append(Entry(entity.name or entity.id, note, run, icon=picture, is_item=True))
    return found


def _entry_text(submenu: str, text: str) -> str:
    return f"{_plain(submenu)}: {text}" if submenu else text.rstrip("…")


def _plain(text: str) -> str:
    return text.replace("&", "")
