"""The one table of actions: menus, toolbar, command palette, shortcut sheet and tests read it.

:data:`ACTIONS` says what each action is called, where it stands, its keys, its icon and what it
needs. What an action does is bound in one place (:mod:`depmap_gui.gui.action_handlers`).
"""

from __future__ import annotations

from depmap_gui.analysis.results import Score
from depmap_gui.domain.kinds import Basis, EntityKind
from depmap_gui.gui.action_boxes import box_actions, insert_box_actions, shown_actions
from depmap_gui.gui.action_scenarios import scenario_actions
from depmap_gui.gui.action_sight import sight_actions
from depmap_gui.gui.action_specs import ActionSpec, ChoiceMenu, Menu, Need, Scope
from depmap_gui.gui.layout.aligning import Line
from depmap_gui.gui.layout.arranging import Arrangement
from depmap_gui.gui.settings import ThemeChoice

YEARS = tuple(range(2026, 2036))

CHOICE_MENUS: tuple[ChoiceMenu, ...] = (
    ChoiceMenu("samples", "Open sa&mple", Menu.FILE, "file.open"),
    ChoiceMenu("recent", "Open &recent", Menu.FILE, "file.open"),
    ChoiceMenu("kinds", "&Kinds shown", Menu.VIEW, "view.show_all"),
    ChoiceMenu("jurisdictions", "&Share of", Menu.VIEW, f"view.color.{Score.DEBT}"),
    ChoiceMenu("scenarios", "&Look at a scenario", Menu.ANALYZE, f"analyze.year.{YEARS[-1]}"),
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


ARRANGEMENT_TEXTS: dict[Arrangement, tuple[str, str, str, tuple[str, ...]]] = {
    Arrangement.TIER: (
        "By &tier",
        "From jurisdictions on the left to plants on the right",
        "arrange-tier",
        ("Ctrl+Shift+L",),
    ),
    Arrangement.JURISDICTION: (
        "By &jurisdiction",
        "A band for each country",
        "arrange-jurisdiction",
        (),
    ),
    Arrangement.OWNERSHIP: (
        "By &ownership",
        "Owners above what they own",
        "arrange-ownership",
        (),
    ),
    Arrangement.ORGANIC: (
        "Or&ganic",
        "What is closely linked stands close together",
        "arrange-organic",
        (),
    ),
}
LINE_TEXTS: dict[Line, tuple[str, str, str]] = {
    Line.LEFT: ("&Left edges", "Move what is selected to the leftmost edge", "align-left"),
    Line.CENTER: (
        "&Centers in a column",
        "Move what is selected above one another",
        "align-center",
    ),
    Line.RIGHT: ("&Right edges", "Move what is selected to the rightmost edge", "align-right"),
    Line.TOP: ("&Top edges", "Move what is selected level with the topmost", "align-top"),
    Line.MIDDLE: (
        "Centers in a ro&w",
        "Move what is selected level with one another",
        "align-middle",
    ),
    Line.BOTTOM: ("&Bottom edges", "Move what is selected level with the lowest", "align-bottom"),
}


# The rows below are a table, and read as one.
# fmt: off
def _file_actions() -> list[ActionSpec]:
    menu = Menu.FILE
    return [
        ActionSpec("file.new", "&New map", menu, "Start an empty map", ("Ctrl+N",), "new"),
        ActionSpec("file.new_window", "New win&dow", menu, "Another window, for another map",
                   ("Ctrl+Shift+N",), "window"),
        ActionSpec("file.open", "&Open…", menu, "Open a map from a file", ("Ctrl+O",), "open"),
        ActionSpec("file.import", "&Import…", menu,
                   "Bring a spreadsheet or another table into the map, after review",
                   ("Ctrl+I",), "import"),
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
        ActionSpec("file.export_report", "Export r&eport (PDF)…", menu,
                   "Write a short report to hand over: verdicts, the map, tests, sources", (),
                   "note", _PROJECT),
        ActionSpec("file.export_format", "Export da&ta…", menu,
                   "Write the map for other programs: GraphML, GEXF, BODS, FollowTheMoney, CSV, "
                   "JSON", (), "file", _PROJECT),
        ActionSpec("file.apply_workbook", "Appl&y workbook…", menu,
                   "Take over what was edited in an exported workbook, after review", (), "check",
                   _PROJECT, starts_section=True),
        ActionSpec("file.compare", "Compare wit&h…", menu,
                   "See what differs from another version of this map, or from its workbook", (),
                   "eye", _PROJECT),
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
        ActionSpec("edit.cut", "Cu&t", menu,
                   "Take the selected items off the map, to be pasted elsewhere with all their "
                   "links", ("Ctrl+X",), "cut", _PROJECT | {Need.COPYABLE}, on_map,
                   starts_section=True),
        ActionSpec("edit.copy", "&Copy", menu,
                   "Copy the selected items, the links among them and those that lead to them; "
                   "as a table for a spreadsheet too", ("Ctrl+C",), "copy",
                   _PROJECT | {Need.COPYABLE}, on_map),
        ActionSpec("edit.paste", "&Paste", menu,
                   "Put copied items near the pointer, with the sources they cite", ("Ctrl+V",),
                   "paste", _PROJECT, on_map),
        ActionSpec("edit.duplicate", "Dup&licate", menu,
                   "Put a copy beside it that keeps what leads to it; what depends on it is not "
                   "linked to the copy, or it would count twice", ("Ctrl+D",), "duplicate",
                   _PROJECT | {Need.COPYABLE}, on_map),
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
        ActionSpec("edit.settings", "&Settings…", menu,
                   "Theme, text size, how figures and dates are written, and how the map moves",
                   ("Ctrl+,",), "settings", starts_section=True),
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
        *insert_box_actions(),
        ActionSpec("insert.connect", "Co&nnect", Menu.INSERT,
                   "Link the selected items; with none selected, drag from one to another",
                   ("K",), "connect", _ITEMS, Scope.MAP, is_checkable=True,
                   starts_section=True),
        ActionSpec("insert.select", "&Select", Menu.INSERT,
                   "Back to selecting and moving items", ("V",), "select", _PROJECT,
                   Scope.MAP, is_checkable=True),
    ]


def _views_actions() -> list[ActionSpec]:
    menu, views, several = Menu.VIEW, "&Views", _PROJECT | {Need.VIEWS}
    return [
        ActionSpec("view.views.new", "&New view", menu,
                   "Another view of the same map: its own places, items shown, groups and "
                   "coloring", (), "plus", _PROJECT, submenu=views, starts_section=True),
        ActionSpec("view.views.duplicate", "&Duplicate view", menu,
                   "A view that begins as this one is", (), "duplicate", _PROJECT, submenu=views),
        ActionSpec("view.views.rename", "&Rename view…", menu, "Give this view another name", (),
                   "pencil", _ITEMS, submenu=views),
        ActionSpec("view.views.delete", "D&elete view", menu,
                   "Take this view away; its items stay on the map", (), "trash", several,
                   submenu=views),
        ActionSpec("view.views.next", "Ne&xt view", menu, "Look at the next view",
                   ("Ctrl+PgDown",), "chevron-right", several, submenu=views),
        *shown_actions(),
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
        *_views_actions(),
        ActionSpec("view.locations", "Show &locations", menu,
                   "Draw the links from jurisdictions", ("Ctrl+L",), "eye", _PROJECT,
                   is_checkable=True),
        *sight_actions(),
        *panels,
        ActionSpec("view.reset_layout", "&Reset layout", menu,
                   "Window, panels, pages and columns of tables back to how they came", (),
                   "refresh", _PROJECT, submenu="&Panels", starts_section=True),
        *themes,
        ActionSpec("view.next_part", "Ne&xt part of the window", menu,
                   "Keys go to the toolbar, outline, map, details, tables or status bar, in turn",
                   ("F6",), "", _PROJECT, starts_section=True),
        ActionSpec("view.previous_part", "Previous part of the window", menu,
                   "Keys go to the part of the window before", ("Shift+F6",), "", _PROJECT),
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
        ActionSpec("analyze.uncertainty", "&Uncertainty", menu,
                   "How sure a figure is, and which missing fact would tell most about it",
                   ("Ctrl+Shift+U",), "uncertainty", _PROJECT),
        *bases,
        *years,
        *scenario_actions(),
        ActionSpec("analyze.compare_scenarios", "Co&mpare scenarios…", menu,
                   "Every figure of the map and of its scenarios side by side",
                   ("Ctrl+Shift+C",), "columns", _PROJECT),
        ActionSpec("analyze.repair", "Way back to eli&gible…", menu,
                   "The cheapest moves after which a plant's credits are eligible",
                   ("Ctrl+Shift+B",), "tick", _PROJECT),
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


def _rules_actions() -> list[ActionSpec]:
    menu = Menu.RULES
    return [
        ActionSpec("rules.browse", "&Browse and choose rule packs…", menu,
                   "Read and search the law as the program knows it, choose packs, settle "
                   "open questions", ("Ctrl+Shift+R",), "list"),
        ActionSpec("rules.years", "&Verdicts by year", menu,
                   "How each product and test stands in every year to 2035", ("Ctrl+Shift+Y",),
                   "calendar", _PROJECT),
        ActionSpec("rules.name_matches", "&Names on government lists…", menu,
                   "Companies whose names look like listed ones, to accept or refuse",
                   icon="company", needs=_PROJECT),
        ActionSpec("rules.add_folder", "&Add a rules folder…", menu,
                   "Take rule packs or lists from a folder of your own", icon="open",
                   starts_section=True),
        ActionSpec("rules.read_again", "&Read rule packs again", menu,
                   "After a pack or list was changed on disk", icon="refresh"),
    ]


def _help_actions() -> list[ActionSpec]:
    menu = Menu.HELP
    return [
        ActionSpec("help.palette", "&Find or run a command…", menu,
                   "Every action and every item, by a few letters", ("Ctrl+K",), "command"),
        ActionSpec("help.guide", "&Guide to a first map", menu,
                   "Step by step from an empty page to a scored map", (), "map"),
        ActionSpec("help.shortcuts", "&Keyboard shortcuts", menu, "All keys on one sheet",
                   ("F1",), "keyboard"),
        ActionSpec("help.reset_settings", "&Reset settings…", menu,
                   "All settings, panels and the window back to how they came", icon="refresh",
                   starts_section=True),
        ActionSpec("help.about", "&About DepMap", menu, "Version, licenses and legal notice",
                   icon="info"),
    ]


def _arrange_actions() -> list[ActionSpec]:
    menu = Menu.ARRANGE
    several, things = _PROJECT | {Need.SEVERAL}, _PROJECT | {Need.SEVERAL_THINGS}
    whole = [
        ActionSpec(f"arrange.{how}", text, menu, f"{tip}; pinned items stay", keys,
                   icon, _ITEMS)
        for how, (text, tip, icon, keys) in ARRANGEMENT_TEXTS.items()
    ]
    selection = [
        ActionSpec(f"arrange.selection.{how}", text, menu, f"The selected items only: {tip}",
                   icon=icon, needs=several, submenu="Arrange &selection",
                   starts_section=how is Arrangement.TIER)
        for how, (text, tip, icon, _keys) in ARRANGEMENT_TEXTS.items()
    ]
    lines = [
        ActionSpec(f"arrange.align.{line}", text, menu, tip, icon=icon,
                   needs=things, submenu="&Align")
        for line, (text, tip, icon) in LINE_TEXTS.items()
    ]
    return [
        *whole,
        *selection,
        *lines,
        ActionSpec("arrange.distribute.across", "&Across", menu,
                   "Set what is selected at even distances from left to right",
                   icon="distribute-across", needs=things, submenu="&Distribute"),
        ActionSpec("arrange.distribute.down", "&Down", menu,
                   "Set what is selected at even distances from top to bottom",
                   icon="distribute-down", needs=things, submenu="&Distribute"),
        ActionSpec("arrange.group", "G&roup", menu,
                   "Put a titled frame around the selected items: they move together and can be "
                   "collapsed into one card", ("Ctrl+G",), "group", several, Scope.MAP,
                   starts_section=True),
        ActionSpec("arrange.ungroup", "U&ngroup", menu,
                   "Take the frame away; its items stay", ("Ctrl+Shift+G",), "ungroup",
                   _PROJECT | {Need.GROUPED}, Scope.MAP),
        ActionSpec("arrange.collapse", "Co&llapse or expand", menu,
                   "Show the group as one card with its links summed, or its items again; the "
                   "card's exposure is the range over its plants", ("G",), "layers",
                   _PROJECT | {Need.GROUPED}, Scope.MAP),
        ActionSpec("arrange.rename_group", "Rena&me the group…", menu,
                   "Give the group of the selected item another name", (), "pencil",
                   _PROJECT | {Need.GROUPED}),
        *box_actions(),
        ActionSpec("arrange.pin", "&Pin or unpin", menu,
                   "Keep the selected items where they are whenever the map is arranged",
                   ("N",), "pin", _PROJECT | {Need.SWITCHABLE}, Scope.MAP, starts_section=True),
        ActionSpec("arrange.unpin_all", "&Unpin all", menu, "Let layouts move every item again",
                   icon="x", needs=_PROJECT | {Need.PINS}),
    ]
# fmt: on


ACTIONS: tuple[ActionSpec, ...] = (
    *_file_actions(),
    *_edit_actions(),
    *_view_actions(),
    *_insert_actions(),
    *_arrange_actions(),
    *_analyze_actions(),
    *_rules_actions(),
    *_help_actions(),
)
