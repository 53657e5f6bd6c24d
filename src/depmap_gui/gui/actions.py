"""The one table of actions: menus, toolbar, command palette, shortcut sheet and tests read it.

:data:`ACTIONS` says what each action is called, where it stands, its keys, its icon and what it
needs. What an action does is bound in one place (:mod:`depmap_gui.gui.action_handlers`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QIcon, QKeySequence

from depmap_gui.analysis.results import Score
from depmap_gui.domain.kinds import Basis, EntityKind
from depmap_gui.gui.settings import ThemeChoice

YEARS = tuple(range(2026, 2036))


class Menu(StrEnum):
    """The menus, in the order of the menu bar."""

    FILE = "&File"
    EDIT = "&Edit"
    VIEW = "&View"
    INSERT = "&Insert"
    ANALYZE = "&Analyze"
    HELP = "&Help"


class Need(Enum):
    """What must be there for an action to make sense."""

    PROJECT = "an open map"
    ITEMS = "an item on the map"
    SELECTION = "a selection"
    ONE_ITEM = "one selected item"
    EXPLAINED = "one selected item with scores"
    SWITCHABLE = "a selected item"
    SHOCK = "a shock that is on"
    PROBLEMS = "a problem"
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


CHOICE_MENUS: tuple[ChoiceMenu, ...] = (
    ChoiceMenu("samples", "Open sa&mple", Menu.FILE, "file.open"),
    ChoiceMenu("recent", "Open &recent", Menu.FILE, "file.open"),
    ChoiceMenu("jurisdictions", "Share &of", Menu.VIEW, f"view.color.{Score.DEBT}"),
    ChoiceMenu("scenarios", "&Scenario", Menu.ANALYZE, f"analyze.year.{YEARS[-1]}"),
)
"""The submenus that are filled when they are opened."""

_PROJECT = frozenset({Need.PROJECT})
_ITEMS = _PROJECT | {Need.ITEMS}
_SELECTION = _PROJECT | {Need.SELECTION}

SCORE_NAMES: dict[Score, str] = {
    Score.IP: "IP share",
    Score.EMBEDDED_IP: "Embedded IP share",
    Score.TECHNOLOGY: "License technology",
    Score.MADE_IN: "Inputs made in",
    Score.MADE_BY: "Inputs made by",
    Score.MADE_IN_FIRST_TIER: "Inputs made in, first tier",
    Score.MADE_BY_FIRST_TIER: "Inputs made by, first tier",
    Score.ATTRIBUTION: "Attribution",
    Score.OWNERSHIP: "Ownership",
    Score.DEBT: "Debt",
}
"""What each score is called in menus, in the order they are offered."""

SCORE_TIPS: dict[Score, str] = {
    Score.IP: "Share of a plant's technology base that belongs to the jurisdiction",
    Score.EMBEDDED_IP: "Share of its technology, looking through the supply chain",
    Score.TECHNOLOGY: "Whose technology a license grants",
    Score.MADE_IN: "Share of input value made there, through the whole chain",
    Score.MADE_BY: "Share of input value made by its companies, through the whole chain",
    Score.MADE_IN_FIRST_TIER: "Share of direct input value made there",
    Score.MADE_BY_FIRST_TIER: "Share of direct input value made by its companies",
    Score.ATTRIBUTION: "Whose a company, plant or material is, under the chosen basis",
    Score.OWNERSHIP: "Share of a plant's owners, all tiers multiplied",
    Score.DEBT: "Share of a company's debt held by its lenders",
}

BASIS_NAMES: dict[Basis, str] = {
    Basis.CONTROL: "Control",
    Basis.ECONOMIC: "Economic",
    Basis.DOMICILE: "Domicile",
}
BASIS_TIPS: dict[Basis, str] = {
    Basis.CONTROL: "A company is whose majority of votes it is, else its home's",
    Basis.ECONOMIC: "A company is its owners' in proportion, through every tier",
    Basis.DOMICILE: "A company is the jurisdiction's where it is incorporated",
}
_THEME_TEXTS: dict[ThemeChoice, tuple[str, str, str]] = {
    ThemeChoice.SYSTEM: ("Follow the &system", "Light or dark as the desktop is", "theme"),
    ThemeChoice.LIGHT: ("&Light", "Dark text on light", "sun"),
    ThemeChoice.DARK: ("&Dark", "Light text on dark", "moon"),
}
KIND_TEXTS: dict[EntityKind, tuple[str, str, str]] = {
    EntityKind.PLANT: ("&Plant", "P", "A site that makes something"),
    EntityKind.COMPANY: ("&Company", "C", "Supplier, licensor, owner, lender or taxpayer"),
    EntityKind.LICENSE: ("&License", "L", "An agreement to use technology"),
    EntityKind.MATERIAL: ("&Material", "M", "A bought input whose maker is not known"),
    EntityKind.JURISDICTION: ("&Jurisdiction", "J", "A country or bloc"),
}
PANELS: dict[str, tuple[str, str, str]] = {
    "outline": ("Map &outline", "Ctrl+Alt+1", "list"),
    "details": ("&Scores and properties", "Ctrl+Alt+2", "settings"),
    "bottom": ("&Tables, problems and history", "Ctrl+Alt+3", "history"),
}
"""The panels that can be hidden: text, keys and icon by name."""


# The rows below are a table, and read as one.
# fmt: off
def _file_actions() -> list[ActionSpec]:
    menu = Menu.FILE
    return [
        ActionSpec("file.new", "&New map", menu, "Start an empty map", ("Ctrl+N",), "new"),
        ActionSpec("file.open", "&Open…", menu, "Open a map from a file", ("Ctrl+O",), "open"),
        ActionSpec("file.save", "&Save", menu, "Write the map to its file", ("Ctrl+S",), "save",
                   _PROJECT, starts_section=True),
        ActionSpec("file.save_as", "Save &as…", menu, "Write the map to another file",
                   ("Ctrl+Shift+S",), "save-as", _PROJECT),
        ActionSpec("file.export_workbook", "Export &workbook…", menu,
                   "Hand the map over as an Excel workbook with live formulas",
                   ("Ctrl+E",), "export", _PROJECT, starts_section=True),
        ActionSpec("file.export_picture", "Export &picture…", menu,
                   "Write the map as a PNG, SVG or PDF picture", ("Ctrl+Shift+E",), "picture",
                   _ITEMS),
        ActionSpec("file.close", "&Close map", menu, "Back to the start page", ("Ctrl+W",), "home",
                   _PROJECT, starts_section=True),
        ActionSpec("file.quit", "&Quit", menu, "Leave the program", ("Ctrl+Q",), "quit"),
    ]


def _edit_actions() -> list[ActionSpec]:
    menu, on_map = Menu.EDIT, Scope.MAP
    return [
        ActionSpec("edit.undo", "&Undo", menu, "Take the last step back", ("Ctrl+Z",), "undo",
                   _PROJECT | {Need.UNDO}),
        ActionSpec("edit.redo", "&Redo", menu, "Make the step again",
                   ("Ctrl+Shift+Z", "Ctrl+Y"), "redo", _PROJECT | {Need.REDO}),
        ActionSpec("edit.delete", "&Delete", menu,
                   "Take the selection out, with the links that end there", ("Del",), "trash",
                   _SELECTION, on_map, starts_section=True),
        ActionSpec("edit.rename", "Re&name…", menu, "Give the selected item another name",
                   ("F2",), "pencil", _PROJECT | {Need.ONE_ITEM}, on_map),
        ActionSpec("edit.select_all", "Select &all", menu, "Select every item and link",
                   ("Ctrl+A",), "layers", _ITEMS, on_map, starts_section=True),
        ActionSpec("edit.select_none", "Select n&one", menu, "Clear the selection", (), "minus",
                   _SELECTION),
        ActionSpec("edit.find", "&Find an item…", menu, "Filter the outline by name",
                   ("Ctrl+F",), "search", _PROJECT, starts_section=True),
    ]


def _insert_actions() -> list[ActionSpec]:
    adding = [
        ActionSpec(f"insert.{kind}", text, Menu.INSERT,
                   f"{tip}: click to place it in the middle, or drag it onto the map", (key,),
                   kind.value, _PROJECT, Scope.MAP)
        for kind, (text, key, tip) in KIND_TEXTS.items()
    ]
    return [
        *adding,
        ActionSpec("insert.connect", "Co&nnect", Menu.INSERT,
                   "Link the selected items; with none selected, drag from one to another",
                   ("K",), "connect", _ITEMS, Scope.MAP, is_checkable=True,
                   starts_section=True),
        ActionSpec("insert.select", "&Select", Menu.INSERT,
                   "Back to selecting and moving items", ("V",), "select", _PROJECT,
                   Scope.MAP, is_checkable=True),
    ]


def _view_actions() -> list[ActionSpec]:
    menu = Menu.VIEW
    coloring = [
        ActionSpec(f"view.color.{score}", name, menu, SCORE_TIPS[score], icon="color",
                   needs=_PROJECT, submenu="&Color by", group="color", is_checkable=True,
                   starts_section=score is Score.IP)
        for score, name in SCORE_NAMES.items()
    ]
    panels = [
        ActionSpec(f"view.panel.{name}", text, menu, "Show or hide this panel", (keys,),
                   picture, _PROJECT, submenu="&Panels", is_checkable=True)
        for name, (text, keys, picture) in PANELS.items()
    ]
    themes = [
        ActionSpec(f"view.theme.{choice}", text, menu, tip, icon=picture, submenu="&Theme",
                   group="theme", is_checkable=True)
        for choice, (text, tip, picture) in _THEME_TEXTS.items()
    ]
    return [
        ActionSpec("view.fit", "&Fit the map", menu, "Bring the whole map into sight",
                   ("Ctrl+0",), "fit", _ITEMS),
        ActionSpec("view.zoom_in", "Zoom &in", menu, "Larger", ("Ctrl++", "Ctrl+="), "zoom-in",
                   _PROJECT),
        ActionSpec("view.zoom_out", "Zoom &out", menu, "Smaller", ("Ctrl+-",), "zoom-out",
                   _PROJECT),
        ActionSpec("view.zoom_100", "&Actual size", menu, "100 %", ("Ctrl+1",), "", _PROJECT),
        *coloring,
        ActionSpec("view.locations", "Show &locations", menu,
                   "Draw the links from jurisdictions", ("Ctrl+L",), "eye", _PROJECT,
                   is_checkable=True),
        *panels,
        *themes,
        ActionSpec("view.full_screen", "F&ull screen", menu, "Nothing but the map",
                   ("F11",), is_checkable=True, starts_section=True),
    ]


def _analyze_actions() -> list[ActionSpec]:
    menu = Menu.ANALYZE
    bases = [
        ActionSpec(f"analyze.basis.{basis}", name, menu, BASIS_TIPS[basis], icon="person",
                   needs=_PROJECT, submenu="&Basis", group="basis", is_checkable=True)
        for basis, name in BASIS_NAMES.items()
    ]
    years = [
        ActionSpec(f"analyze.year.{year}", str(year), menu, f"Score for tax year {year}",
                   icon="calendar", needs=_PROJECT, submenu="&Year", group="year",
                   is_checkable=True)
        for year in YEARS
    ]
    return [
        ActionSpec("analyze.why", "&Why?", menu, "What the selected item's score is made of",
                   ("Ctrl+Return",), "question", _PROJECT | {Need.EXPLAINED}),
        *bases,
        *years,
        ActionSpec("analyze.shock", "S&hock…", menu,
                   "What stops, and what is lost, when countries, companies or licenses fall away",
                   ("Ctrl+Shift+K",), "shock", _PROJECT, starts_section=True),
        ActionSpec("analyze.switch_off", "Switch &off in a shock", menu,
                   "Play what happens without the selected items", (), "switch-off",
                   _PROJECT | {Need.SWITCHABLE}),
        ActionSpec("analyze.end_shock", "&End the shock", menu,
                   "Switch everything on again", (), "x", _PROJECT | {Need.SHOCK}),
        ActionSpec("analyze.check", "&Check the map", menu,
                   "Score it anew and list what is missing or contradictory", ("F7",), "check",
                   _PROJECT, starts_section=True),
        ActionSpec("analyze.next_problem", "&Next problem", menu,
                   "Go to the next problem on the map", ("F8",), "problems",
                   _PROJECT | {Need.PROBLEMS}),
        ActionSpec("analyze.previous_problem", "&Previous problem", menu,
                   "Go to the problem before", ("Shift+F8",), "",
                   _PROJECT | {Need.PROBLEMS}),
    ]


def _help_actions() -> list[ActionSpec]:
    menu = Menu.HELP
    return [
        ActionSpec("help.palette", "&Find or run a command…", menu,
                   "Every action and every item, by a few letters", ("Ctrl+K",), "command"),
        ActionSpec("help.shortcuts", "&Keyboard shortcuts", menu, "All keys on one sheet",
                   ("F1",), "keyboard"),
        ActionSpec("help.reset_settings", "&Reset settings…", menu,
                   "Theme, panels and window back to how they came", icon="refresh",
                   starts_section=True),
        ActionSpec("help.about", "&About DepMap", menu, "Version, licenses and legal notice",
                   icon="info"),
    ]
# fmt: on


ACTIONS: tuple[ActionSpec, ...] = (
    *_file_actions(),
    *_edit_actions(),
    *_view_actions(),
    *_insert_actions(),
    *_analyze_actions(),
    *_help_actions(),
)


class Actions(QObject):
    """The table's actions as Qt's, living as long as their window."""

    def __init__(self, parent: QObject, icon: Callable[[str], QIcon]) -> None:
        super().__init__(parent)
        self.specs = {spec.id: spec for spec in ACTIONS}
        self._icon = icon
        self._groups: dict[str, QActionGroup] = {}
        self._actions = {spec.id: self._make(spec) for spec in ACTIONS}

    def __getitem__(self, id: str) -> QAction:
        """The action of that id."""
        return self._actions[id]

    def bind(self, handlers: Mapping[str, Callable[[], object]]) -> None:
        """Say what each action does. Raises KeyError where table and handlers differ."""
        if differing := handlers.keys() ^ self._actions.keys():
            raise KeyError(f"Actions without a handler, or the reverse: {sorted(differing)}")
        for id, run in handlers.items():
            self._actions[id].triggered.connect(lambda _checked=False, run=run: run())

    def update(self, state: State) -> None:
        """Enable what can be done now and check what is in effect."""
        for id, spec in self.specs.items():
            action = self._actions[id]
            action.setEnabled(spec.needs <= state.met)
            if spec.is_checkable:
                action.setChecked(id in state.checked)

    def refresh_icons(self) -> None:
        """Take the icons anew, after a change of theme."""
        for id, spec in self.specs.items():
            if spec.icon:
                self._actions[id].setIcon(self._icon(spec.icon))

    def of_scope(self, scope: Scope) -> Iterable[QAction]:
        """The actions whose keys are heard there."""
        return (self._actions[id] for id, spec in self.specs.items() if spec.scope is scope)

    def say_history(self, undo: str, redo: str) -> None:
        """Have Undo and Redo say what they would take back or make again."""
        for id, words in (("edit.undo", undo), ("edit.redo", redo)):
            text = self.specs[id].text
            self._actions[id].setText(f"{text} {words.replace('&', '&&')}" if words else text)

    def _make(self, spec: ActionSpec) -> QAction:
        action = QAction(spec.text, self)
        action.setObjectName(spec.id)
        action.setShortcuts([QKeySequence(keys) for keys in spec.keys])
        if spec.scope is Scope.MAP:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        if spec.icon:
            action.setIcon(self._icon(spec.icon))
        action.setToolTip(tool_tip(spec))
        action.setCheckable(spec.is_checkable)
        # In a menu the mark of a checked action stands where its icon would hide it.
        action.setIconVisibleInMenu(not spec.is_checkable)
        if spec.group:
            self._group(spec.group).addAction(action)
        return action

    def _group(self, name: str) -> QActionGroup:
        if name not in self._groups:
            group = QActionGroup(self)
            # None of them is checked where a project's year, say, is not among those offered.
            group.setExclusionPolicy(QActionGroup.ExclusionPolicy.ExclusiveOptional)
            self._groups[name] = group
        return self._groups[name]


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
