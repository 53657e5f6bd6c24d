"""What an action is: its name, place, keys and needs, as the table of actions declares them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, StrEnum

from PySide6.QtGui import QKeySequence


class Menu(StrEnum):
    """The menus, in the order of the menu bar."""

    FILE = "&File"
    EDIT = "&Edit"
    VIEW = "&View"
    INSERT = "&Insert"
    ARRANGE = "Arra&nge"
    ANALYZE = "&Analyze"
    RULES = "&Rules"
    HELP = "&Help"


class Need(Enum):
    """What must be there for an action to make sense."""

    PROJECT = "an open map"
    ITEMS = "an item on the map"
    SELECTION = "a selection"
    ONE_ITEM = "one selected item"
    EXPLAINED = "one selected item with scores"
    SWITCHABLE = "a selected item"
    COPYABLE = "a selected item, note or frame"
    BOXES = "a selected note or frame"
    LINK = "one selected link"
    BENT = "a selected link with bends"
    HIDDEN_CHOSEN = "a selected item that this view hides"
    SEVERAL = "two or more selected items"
    SEVERAL_THINGS = "two or more selected items, notes or frames"
    PINS = "a pinned item"
    GROUPED = "a selected item of a group"
    VIEWS = "a second view"
    HIDDEN = "something hidden on this view"
    SHOCK = "a shock that is on"
    TRACE = "a trace that is on"
    PROBLEMS = "a problem"
    SCENARIO = "a scenario that is shown"
    SCENARIOS = "a scenario"
    CHANGES = "a change in the scenario"
    UNDO = "something to undo"
    REDO = "something to redo"


class Scope(Enum):
    """Where an action's keys are heard."""

    WINDOW = "window"
    MAP = "map"


@dataclass(frozen=True)
class ActionSpec:
    """One action as the table declares it.

    ``submenu`` puts it into a menu of that name; ``starts_section`` draws a line above it;
    ``group`` makes it one of several of which one is checked.
    """

    id: str
    text: str
    menu: Menu
    tip: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    needs: frozenset[Need] = frozenset()
    scope: Scope = Scope.WINDOW
    submenu: str = ""
    group: str = ""
    is_checkable: bool = False
    starts_section: bool = False

    @property
    def plain_text(self) -> str:
        """The text without the mark of its access key."""
        return self.text.replace("&&", "\0").replace("&", "").replace("\0", "&")


@dataclass(frozen=True)
class State:
    """What the actions go by: which needs are met, and which actions are checked."""

    met: frozenset[Need] = frozenset()
    checked: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Choice:
    """One entry of a menu that depends on what there is (recent files, samples...)."""

    text: str
    tip: str
    run: Callable[[], object]
    is_enabled: bool = True
    is_checked: bool | None = None


@dataclass(frozen=True)
class ChoiceMenu:
    """A submenu whose entries depend on what there is, standing after the action named."""

    id: str
    text: str
    menu: Menu
    after: str


def keys_text(spec: ActionSpec) -> str:
    """The action's first keys as this platform writes them; empty where it has none."""
    if not spec.keys:
        return ""
    return QKeySequence(spec.keys[0]).toString(QKeySequence.SequenceFormat.NativeText)


def tool_tip(spec: ActionSpec) -> str:
    """The name, the keys and what the action does."""
    name = spec.plain_text.rstrip("…")
    keys = keys_text(spec)
    return f"{name} ({keys})\n{spec.tip}" if keys else f"{name}\n{spec.tip}"
