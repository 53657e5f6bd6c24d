"""Pictures of every screen and dialog, to be looked at: in one manner and at one scale a run.

Each row of :data:`SCREENS` opens a window of its own on the sample, brings it into one state and
returns what is to be drawn. Nothing of the person's own settings is read or written.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from depmap_gui.domain.kinds import EntityKind, LinkKind
from depmap_gui.domain.records import Company, Jurisdiction, License, Material, Plant
from depmap_gui.gui import screen_dialogs as dialogs
from depmap_gui.gui import screen_scenarios as scenarios
from depmap_gui.gui import screen_states as states
from depmap_gui.gui.lenses import Lens
from depmap_gui.gui.screen_stage import Manner, Stage
from depmap_gui.gui.screen_states import State
from depmap_gui.gui.sight import LaneBy


class Screen(NamedTuple):
    """One state of the window or one dialog: its name, and how to bring it about."""

    name: str
    show: State


def draw_screens(
    folder: Path, manner: Manner, scale: float, names: Collection[str] = ()
) -> list[Path]:
    """Draw every screen, or those named, into the folder; returns the files. Needs no display.

    The scale must be set before there is an application, so it is one a run. Raises ValueError
    where there is no screen of a name.
    """
    if unknown := set(names) - {screen.name for screen in SCREENS}:
        raise ValueError(f"There is no screen named {', '.join(sorted(unknown))}.")
    os.environ["QT_SCALE_FACTOR"] = str(scale)
    from depmap_gui.gui.offscreen import application

    app = application(on_large_screen=True)
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    with tempfile.TemporaryDirectory() as own:
        for number, screen in enumerate(SCREENS, start=1):
            if names and screen.name not in names:
                continue
            stage = Stage(app, manner, Path(own))
            try:
                name = f"{number:02d}-{screen.name}-{_suffix(manner, scale)}.png"
                screen.show(stage).grab().save(str(folder / name))
                made.append(folder / name)
            finally:
                stage.close()
    return made


def _suffix(manner: Manner, scale: float) -> str:
    """What of the manner stands in a file's name: 'dark-200', 'light-100-text150-de_DE'."""
    words = f"{manner.theme}-{scale * 100:.0f}"
    words += f"-text{manner.text}" if manner.text != 100 else ""
    return words + (f"-{manner.numbers}" if manner.numbers != "en_US" else "")


LINKS_OF_SAMPLE = tuple(kind for kind in LinkKind if kind is not LinkKind.LENDS)
MENUS = ("File", "Edit", "View", "Insert", "Arrange", "Analyze", "Rules", "Help")

# fmt: off
SCREENS: tuple[Screen, ...] = (
    Screen("start-page", states.start_page),
    Screen("start-page-recent", dialogs.recent_projects),
    Screen("empty-map", states.empty_map),
    Screen("guide", states.guide),
    Screen("map", states.nothing_selected),
    Screen("plant-scores", states.selected(Plant, "Scores")),
    Screen("plant-why", states.selected(Plant, "Why?")),
    Screen("uncertainty", states.uncertainty()),
    Screen("uncertainty-sampled", states.uncertainty(is_sampled=True)),
    Screen("plant-properties", states.selected(Plant, "Properties")),
    Screen("plant-links", states.selected(Plant, "Links")),
    Screen("plant-sources", states.selected(Plant, "Sources")),
    Screen("company-scores", states.selected(Company, "Scores")),
    Screen("company-properties", states.selected(Company, "Properties")),
    Screen("license-scores", states.selected(License, "Scores")),
    Screen("license-properties", states.selected(License, "Properties")),
    Screen("material-scores", states.selected(Material, "Scores")),
    Screen("material-properties", states.selected(Material, "Properties")),
    Screen("jurisdiction-scores", states.selected(Jurisdiction, "Scores")),
    Screen("jurisdiction-properties", states.selected(Jurisdiction, "Properties")),
    *(Screen(f"{kind}-properties", dialogs.link_of(kind)) for kind in LINKS_OF_SAMPLE),
    Screen("several-properties", states.several_selected),
    Screen("companies-properties", dialogs.several_companies),
    Screen("map-properties", dialogs.nothing_selected("Properties")),
    Screen("why-of-nothing", dialogs.nothing_selected("Why?")),
    Screen("how-sure-of-nothing", dialogs.nothing_selected("How sure?")),
    Screen("shock-of-nothing", dialogs.nothing_selected("Shock")),
    Screen("links-of-nothing", dialogs.nothing_selected("Links")),
    Screen("sources-of-map", dialogs.nothing_selected("Sources")),
    Screen("source-open", dialogs.source_open),
    Screen("calendar", dialogs.calendar),
    Screen("tables", states.bottom("Tables")),
    *(Screen(f"table-{kind}", dialogs.table(kind)) for kind in EntityKind),
    *(Screen(f"table-{kind}", dialogs.table(kind)) for kind in LinkKind),
    Screen("problems", states.bottom("Problems")),
    Screen("history", states.bottom("History")),
    Screen("years", states.bottom("Years")),
    Screen("arranged-by-tier", states.arranged("tier")),
    Screen("arranged-by-jurisdiction", states.arranged("jurisdiction")),
    Screen("rules-browser", states.dialog("rules.browse")),
    Screen("name-matches", states.name_matches),
    Screen("shock", states.shock),
    Screen("trace", states.trace),
    Screen("minimap", states.minimap),
    Screen("notes-frames-and-bends", states.annotated),
    Screen("lanes-tier", states.lanes(LaneBy.TIER)),
    Screen("lanes-jurisdiction", states.lanes(LaneBy.JURISDICTION)),
    *(Screen(f"lens-{lens}", states.through(lens)) for lens in Lens),
    Screen("two-views", dialogs.two_views),
    Screen("job-under-way", dialogs.under_way),
    Screen("command-palette", states.palette),
    Screen("command-palette-found", dialogs.palette_with("ford")),
    Screen("command-palette-nothing", dialogs.palette_with("zzz")),
    Screen("report-options", states.dialog("file.export_report")),
    Screen("settings", states.dialog("edit.settings")),
    Screen("shortcuts", states.dialog("help.shortcuts")),
    Screen("about", states.about),
    Screen("crash", states.crash),
    Screen("faults", states.faults),
    Screen("unsaved-changes", states.unsaved),
    Screen("confirm", states.confirm),
    Screen("recovered", dialogs.recovered),
    Screen("told", dialogs.told),
    Screen("compared", dialogs.compared),
    Screen("scenario-of-base", scenarios.base_of_scenarios),
    Screen("scenario-shown", scenarios.scenario_of_sample),
    Screen("scenario-changes", scenarios.scenario_changes),
    Screen("scenarios-compared", dialogs.scenarios_compared),
    Screen("scenarios-none", dialogs.no_scenarios),
    Screen("way-back", dialogs.way_back),
    Screen("way-back-none", dialogs.no_way_back),
    Screen("workbook-review", dialogs.reviewed),
    Screen("graph-review", dialogs.graph_review),
    Screen("import-sheets", states.importing(0)),
    Screen("import-columns", states.importing(1)),
    Screen("import-only-rows", dialogs.only_rows),
    Screen("import-review", states.importing(2)),
    Screen("import-problems", states.importing(2, 1)),
    Screen("import-alike", states.importing(2, 2)),
    Screen("smallest-window", states.small_window),
    *(Screen(f"menu-{name.lower()}", states.menu(name)) for name in MENUS),
    Screen("menu-of-item", dialogs.context_menu(has_selection=True)),
    Screen("menu-of-page", dialogs.context_menu(has_selection=False)),
    Screen("menu-of-cells", dialogs.cells_menu),
    Screen("menu-of-columns", dialogs.columns_menu),
)
# fmt: on
