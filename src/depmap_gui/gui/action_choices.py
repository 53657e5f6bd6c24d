"""The menu entries that depend on what there is: samples, recent maps, jurisdictions, scenarios."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from depmap_gui.gui.action_handlers_file import FileActions
from depmap_gui.gui.action_handlers_map import MapActions
from depmap_gui.gui.action_handlers_views import ViewActions
from depmap_gui.gui.action_menus import Choices
from depmap_gui.gui.action_specs import Choice
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.panels.toolbar import codes_of
from depmap_gui.gui.sample_previews import sample_title
from depmap_gui.gui.settings import Settings


def choices_of(
    editor: Editor,
    settings: Settings,
    samples: Sequence[Path],
    files: FileActions,
    on_map: MapActions,
    views: ViewActions,
) -> Choices:
    """What gives each choice menu its entries, by the menu's id."""
    found: dict[str, Callable[[], Sequence[Choice]]] = {
        "samples": lambda: [
            Choice(sample_title(path), "Open this sample", partial(_open_sample, files, path))
            for path in samples
        ],
        "recent": lambda: [
            Choice(path.name, str(path), partial(_open, files, path), path.is_file())
            for path in settings.recent
        ],
        "jurisdictions": lambda: _jurisdictions(editor, on_map) if files.is_open else [],
        "kinds": lambda: views.kinds() if files.is_open else [],
        "scenarios": lambda: _scenarios(editor) if files.is_open else [],
    }
    return found


def _open(files: FileActions, path: Path) -> None:
    files.open_path(path)


def _open_sample(files: FileActions, path: Path) -> None:
    files.open_sample(path)


def _jurisdictions(editor: Editor, on_map: MapActions) -> list[Choice]:
    return [
        Choice(
            text,
            tip,
            partial(on_map.color_of, code),
            is_checked=code == editor.jurisdiction,
        )
        for code, text, tip in codes_of(editor)
    ]


def _scenarios(editor: Editor) -> list[Choice]:
    scenarios = editor.project.scenarios.values()
    current = editor.scenario
    base = Choice(
        "Base map",
        "The map as drawn",
        partial(editor.set_scenario, None),
        is_checked=current is None,
    )
    return [base] + [
        Choice(
            scenario.name or scenario.id,
            scenario.notes,
            partial(editor.set_scenario, scenario.id),
            is_checked=current == scenario.id,
        )
        for scenario in scenarios
    ]
