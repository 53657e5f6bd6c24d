"""Shock mode by its actions: from the map's selection to the panel, the banner and back."""

from __future__ import annotations

from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from depmap_gui.domain.records import ScenarioChange
from depmap_gui.gui.action_menus import ON_SELECTION, context_menu
from depmap_gui.gui.main_window import MainWindow


def test_the_selection_is_switched_off_and_on_again(open_map: MainWindow, qtbot: QtBot) -> None:
    table, editor = open_map.actions_table, open_map.editor
    assert not table["analyze.switch_off"].isEnabled()
    assert not table["analyze.end_shock"].isEnabled()
    editor.select(("l7",))
    assert not table["analyze.switch_off"].isEnabled(), "a link is nothing that can fail"
    editor.select(("deal",))
    table["analyze.switch_off"].trigger()
    assert open_map.workspace.details.currentWidget() is open_map.shock
    assert open_map.canvas.shock_banner.isVisible()
    qtbot.waitUntil(lambda: editor.shock is not None and editor.shock.is_fresh, timeout=20_000)
    assert editor.shock.result is not None
    assert editor.shock.result.availability("works").high == 0.0
    assert not editor.history.canUndo(), "a shock changes no fact"
    table["analyze.end_shock"].trigger()
    assert editor.shock is None
    assert not open_map.canvas.shock_banner.isVisible()
    assert not table["analyze.end_shock"].isEnabled()


def test_the_banner_leads_to_the_panel(open_map: MainWindow, qtbot: QtBot) -> None:
    open_map.editor.switch_off(("cn",))
    assert open_map.workspace.details.currentWidget() is not open_map.shock
    open_map.canvas.shock_banner.words.click()
    assert open_map.workspace.details.currentWidget() is open_map.shock


def test_an_items_menu_offers_it(open_map: MainWindow) -> None:
    open_map.editor.select(("cellco",))
    menu: QMenu = context_menu(open_map.actions_table, of=ON_SELECTION, parent=open_map)
    assert open_map.actions_table["analyze.switch_off"] in menu.actions()


def test_scenarios_are_played_too(open_map: MainWindow, qtbot: QtBot) -> None:
    editor = open_map.editor
    editor.switch_off(("deal",))
    qtbot.waitUntil(lambda: editor.shock is not None and editor.shock.is_fresh, timeout=20_000)
    assert editor.shock.result.availability("works").high == 0.0
    # Without the license's link the works do not need it.
    editor.add_scenario("No license", (ScenarioChange(remove="l7"),))
    assert not editor.shock.is_fresh, "the figures are of another map, and say so"
    qtbot.waitUntil(lambda: bool(editor.shock and editor.shock.is_fresh), timeout=20_000)
    assert editor.shock.result.availability("works").low == 1.0
    editor.set_scenario(None)
    assert not editor.shock.is_fresh
    qtbot.waitUntil(lambda: bool(editor.shock and editor.shock.is_fresh), timeout=20_000)
    assert editor.shock.result.availability("works").high == 0.0
