"""The states of the window while a scenario is shown and edited, to be drawn."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from depmap_gui.domain.edits import SetField
from depmap_gui.domain.kinds import Section
from depmap_gui.domain.records import Company, License, Material, Plant, Supplies
from depmap_gui.gui.screen_stage import Stage


def scenario_of_sample(stage: Stage) -> QWidget:
    """One of the sample's own scenarios, with its changes."""
    stage.open_sample()
    stage.trigger("analyze.scenario.next")
    stage.trigger("analyze.scenario.changes")
    return stage.window


def scenario_changes(stage: Stage) -> QWidget:
    """A scenario that adds, changes and removes, one of its changes chosen."""
    stage.open_sample()
    editor = stage.window.editor
    plant, material = editor.project.of_kind(Plant)[0], editor.project.of_kind(Material)[0]
    x, y = editor.view.positions.get(plant.id, (900.0, 0.0))
    editor.add_scenario("No license, another supplier", notes="Who could take their place?")
    editor.remove([editor.project.of_kind(License)[0].id])
    editor.apply(SetField(Section.ENTITIES, plant.id, "own_ip", 0.8), "Set own IP")
    made = Company(id="another", name="Another supplier Inc.")
    editor.add(made, (x - 40.0, y - 260.0))
    editor.connect_items(Supplies(id="another-way", source=made.id, target=plant.id, cost=9e7))
    # The base map loses what the scenario changes: that change no longer fits.
    editor.apply(SetField(Section.ENTITIES, material.id, "name", "Another material"), "Rename")
    scenario = editor.scenario
    editor.set_scenario(None)
    editor.remove([material.id])
    editor.set_scenario(scenario)
    stage.trigger("analyze.scenario.changes")
    stage.trigger("analyze.scenario.next_change")
    stage.trigger("analyze.scenario.next_change")
    stage.window.canvas.fit()
    stage.settle(times=4)
    return stage.window


def base_of_scenarios(stage: Stage) -> QWidget:
    """The panel while the base map is shown."""
    stage.open_sample()
    stage.trigger("analyze.scenario.changes")
    return stage.window
