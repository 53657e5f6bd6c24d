"""Ways of looking, by their actions and keys: traces, lenses, lanes, the overview, flights."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from depmap_gui.analysis.reach import Direction
from depmap_gui.analysis.results import Score
from depmap_gui.domain.kinds import LinkKind
from depmap_gui.gui.lenses import LENSES, Lens
from depmap_gui.gui.main_window import MainWindow


def focused(window: MainWindow) -> set[str]:
    """The items that are not dimmed."""
    focus = window.canvas._painter.focus
    assert focus is not None
    return {id for id, row in window.canvas.scene.index.items() if focus.items[row]}


def press(window: MainWindow, key: Qt.Key) -> None:
    """A key, with the map in focus."""
    window.activateWindow()
    window.canvas.setFocus()
    QApplication.processEvents()
    from PySide6.QtTest import QTest

    QTest.keyClick(window.canvas, key)


def test_a_trace_by_keys(open_map: MainWindow, qtbot: QtBot) -> None:
    editor, canvas, table = open_map.editor, open_map.canvas, open_map.actions_table
    banner = canvas.trace_banner
    assert not table["view.trace.upstream"].isEnabled()
    assert not banner.isVisible()
    editor.select(("works",))
    press(open_map, Qt.Key.Key_U)
    assert banner.isVisible()
    everything = set(editor.project.entities) - {"homeless"}
    assert focused(open_map) == everything
    assert banner.note.text() == f"{len(everything) - 1} items"
    press(open_map, Qt.Key.Key_1)
    assert focused(open_map) == {"works", "us", "maker", "deal", "powder", "anode"}
    assert banner.depths[1].isChecked()
    assert table["view.trace.depth.1"].isChecked()
    table["view.trace.select"].trigger()
    assert set(editor.selection) == focused(open_map)
    press(open_map, Qt.Key.Key_Escape)
    assert not banner.isVisible()
    assert canvas._painter.focus is None
    assert editor.selection, "the first Esc ends the trace, and leaves the selection"
    assert not editor.history.canUndo(), "a trace changes no fact"


def test_a_trace_by_its_banner(open_map: MainWindow) -> None:
    editor, banner = open_map.editor, open_map.canvas.trace_banner
    editor.select(("cellco",))
    open_map.actions_table["view.trace.downstream"].trigger()
    assert focused(open_map) == {"cellco", "deal", "powder", "works"}
    banner.depths[2].click()
    banner.depths[2].click()
    assert banner.depths[2].isChecked(), "a second click leaves the depth as it is"
    banner.depths[1].click()
    assert focused(open_map) == {"cellco", "deal", "powder"}
    ownership = banner._groups["Ownership and operation"]
    ownership.trigger()
    assert focused(open_map) == {"cellco", "deal"}
    assert banner.kinds.text() == "Some links"
    banner.turn.click()
    assert editor.sight.trace is not None
    assert editor.sight.trace.direction is Direction.UPSTREAM
    assert focused(open_map) == {"cellco", "cn"}
    banner.end.click()
    assert editor.sight.trace is None


def test_a_trace_follows_edits(open_map: MainWindow) -> None:
    editor = open_map.editor
    editor.select(("cellco",))
    open_map.actions_table["view.trace.downstream"].trigger()
    editor.remove(("l8",))
    assert focused(open_map) == {"cellco", "deal", "works"}
    editor.history.undo()
    assert "powder" in focused(open_map)
    editor.remove(("cellco",))
    assert editor.sight.trace is None
    assert not open_map.canvas.trace_banner.isVisible()


def test_the_trace_banner_stands_below_that_of_a_shock(open_map: MainWindow) -> None:
    canvas = open_map.canvas
    open_map.editor.select(("works",))
    open_map.actions_table["view.trace.upstream"].trigger()
    alone = canvas.trace_banner.y()
    open_map.editor.switch_off(("cn",))
    assert canvas.trace_banner.y() >= canvas.shock_banner.geometry().bottom()
    open_map.editor.shocks.end()
    assert canvas.trace_banner.y() == alone
    for width in (720, 900, 1400):
        open_map.resize(width, 900)
        QApplication.processEvents()
        assert canvas.rect().contains(canvas.trace_banner.geometry())


def test_a_lens_switches_color_links_and_labels(open_map: MainWindow) -> None:
    editor, table = open_map.editor, open_map.actions_table
    before = editor.color_by
    everything = len(open_map.canvas.scene.links)
    for number, lens in enumerate(LENSES, start=1):
        assert table[f"view.lens.{lens}"].shortcut().toString() == f"Alt+{number}"
        table[f"view.lens.{lens}"].trigger()
        assert table[f"view.lens.{lens}"].isChecked()
        assert editor.color_by is LENSES[lens].score
        scene = open_map.canvas.scene
        assert {link.kind for link in scene.links} <= LENSES[lens].links
        assert 0 < len(scene.links) < everything
        assert LENSES[lens].name in open_map.canvas._legend.title
        assert open_map.toolbar.lens.through.currentText() == LENSES[lens].name
    table["view.lens.none"].trigger()
    assert editor.color_by is before
    assert len(open_map.canvas.scene.links) == everything
    assert not editor.history.canUndo(), "a lens changes no fact"


def test_what_a_lens_says_on_links(open_map: MainWindow) -> None:
    table = open_map.actions_table

    def label(id: str) -> str:
        scene = open_map.canvas.scene
        return scene.label(scene.link_index[id])

    table["view.lens.inputs"].trigger()
    assert label("l9") == "Cathode · $300M" or "300" in label("l9")
    table["view.lens.ownership"].trigger()
    assert label("l8") == "80%"
    assert label("l1") == "incorporated"
    shown = {label.row for label in open_map.canvas._labels.within((-1e5, -1e5, 1e5, 1e5))}
    assert open_map.canvas.scene.link_index["l1"] in shown
    assert "l9" not in open_map.canvas.scene.link_index
    assert "deal" not in focused(open_map), "a license has no part in ownership"
    assert "works" in focused(open_map)


def test_a_chosen_color_takes_the_place_of_a_lens(open_map: MainWindow) -> None:
    editor, table = open_map.editor, open_map.actions_table
    table[f"view.lens.{Lens.INPUTS}"].trigger()
    open_map.map_actions.color_of("US")
    assert editor.sight.lens is Lens.INPUTS, "another jurisdiction through the same lens"
    assert (editor.color_by, editor.jurisdiction) == (Score.MADE_IN, "US")
    table[f"view.color.{Score.DEBT}"].trigger()
    assert editor.sight.lens is None
    assert (editor.color_by, editor.jurisdiction) == (Score.DEBT, "US")
    kinds = {link.kind for link in open_map.canvas.scene.links}
    assert LinkKind.OPERATES in kinds


def test_a_lens_outlives_a_drag(open_map: MainWindow) -> None:
    editor = open_map.editor
    open_map.actions_table["view.lens.inputs"].trigger()
    open_map.canvas.store_positions({"works": (1500.0, 40.0)})
    assert editor.color_by is Score.MADE_IN
    editor.history.undo()
    assert editor.color_by is Score.MADE_IN
    open_map.actions_table["view.lens.none"].trigger()
    assert editor.color_by is Score.IP
