"""Ways of looking, by their actions and keys: traces, lenses, lanes, the overview, flights."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from depmap_gui.analysis.reach import Direction
from depmap_gui.analysis.results import Score
from depmap_gui.domain.edits import SetField
from depmap_gui.domain.kinds import LinkKind, Section
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
    assert "300" in label("l9")
    open_map.editor.apply(SetField(Section.LINKS, "l9", "cost", None))
    assert label("l9").endswith("cost unknown")
    table["view.lens.ownership"].trigger()
    assert label("l8") == "80%"
    assert label("l1") == "incorporated"
    shown = {label.row for label in open_map.canvas._labels.within((-1e5, -1e5, 1e5, 1e5))}
    assert shown & {open_map.canvas.scene.link_index[id] for id in ("l1", "l3", "l4")}
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


def test_the_overview_comes_when_it_is_needed(open_map: MainWindow) -> None:
    canvas, table = open_map.canvas, open_map.actions_table
    canvas.animates = False
    canvas.fit()
    assert not canvas.minimap.isVisible(), "all is in sight"
    canvas.actual_size()
    canvas.zoom_in()
    canvas.zoom_in()
    minimap = canvas.minimap
    assert minimap.isVisible()
    assert minimap.accessibleName()
    assert not minimap.geometry().intersects(canvas.trace_banner.geometry())
    table["view.minimap"].trigger()
    assert not minimap.isVisible()
    assert not table["view.minimap"].isChecked()
    assert not open_map.settings.is_shown("minimap")
    table["view.minimap"].trigger()
    assert minimap.isVisible()
    table["view.fit"].trigger()
    assert not minimap.isVisible()


def test_the_overview_moves_the_map(open_map: MainWindow) -> None:
    canvas = open_map.canvas
    canvas.animates = False
    canvas.actual_size()
    canvas.zoom_in()
    canvas.zoom_in()
    minimap = canvas.minimap
    wide, tall = canvas.width(), canvas.height()

    def middle() -> tuple[float, float]:
        return canvas.camera.to_map(wide / 2, tall / 2)

    def spot(id: str) -> QPoint:
        left, top, right, bottom = canvas.scene.bounds()
        x, y = canvas.scene.centers[canvas.scene.index[id]]
        # The map fits into the overview with a margin of 8 pixels, its middle in the middle.
        zoom = min(180 / (right - left), 116 / (bottom - top))
        across, down = x - (left + right) / 2, y - (top + bottom) / 2
        return QPoint(round(98 + across * zoom), round(66 + down * zoom))

    near = 1.0 / min(180 / 1200, 116 / 500)
    for id in ("cn", "works"):
        QTest.mouseClick(minimap, Qt.MouseButton.LeftButton, pos=spot(id))
        x, y = canvas.scene.centers[canvas.scene.index[id]]
        if id == "cn":
            assert abs(middle()[0] - x) <= near
            assert abs(middle()[1] - y) <= near
    QTest.mousePress(minimap, Qt.MouseButton.LeftButton, pos=spot("works"))
    QTest.mouseMove(minimap, spot("cn"))
    QTest.mouseRelease(minimap, Qt.MouseButton.LeftButton, pos=spot("cn"))
    before = canvas.camera.left
    QTest.keyClick(minimap, Qt.Key.Key_Right)
    assert abs(canvas.camera.left - before - 0.25 * wide / canvas.camera.zoom) < 1.0


def test_what_is_looked_for_is_flown_to_and_lit(open_map: MainWindow, qtbot: QtBot) -> None:
    canvas, outline = open_map.canvas, open_map.outline
    canvas.animates = False
    canvas.look(canvas.camera.panned(-9_000, -9_000))
    open_map.actions_table["edit.find"].trigger()
    QTest.keyClicks(outline.search, "Powder")
    QTest.keyClick(outline.search, Qt.Key.Key_Return)
    assert open_map.editor.selection == ("powder",)
    at = canvas.point_of("powder").toPoint()
    assert canvas.rect().adjusted(20, 20, -20, -20).contains(at)
    assert canvas.pulse.ids == ("powder",)
    lit = canvas.grab().toImage()
    qtbot.waitUntil(lambda: not canvas.pulse.ids, timeout=20_000)
    assert canvas.grab().toImage() != lit
    canvas.go_to("maker")
    assert not canvas.pulse.ids, "walking from card to card lights nothing up"


def test_what_the_view_hides_is_told(open_map: MainWindow) -> None:
    editor, canvas = open_map.editor, open_map.canvas
    editor.apply(SetField(Section.VIEWS, "v1", "hidden", ("homeless",)))
    before = canvas.camera
    editor.reveal(("homeless",))
    assert "Nowhere Holdings" in open_map.status.told.text()
    assert canvas.camera == before
