"""The shock panel: what is switched off by hand, what it says is lost, and when it is stale."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from depmap_gui.analysis.results import Range
from depmap_gui.analysis.shock_results import Channel, Outage
from depmap_gui.domain.edits import SetField, SetHeader
from depmap_gui.domain.kinds import Basis, Section
from depmap_gui.gui.canvas.shock_card import loss_words
from depmap_gui.gui.canvas.shock_marks import marks_of
from depmap_gui.gui.canvas.widget import MapCanvas
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.layout.card_size import CARD_HEIGHT, CARD_WIDTH
from depmap_gui.gui.panels.parts import ClickRow, Elided
from depmap_gui.gui.panels.shock import ShockPanel
from depmap_gui.gui.shocks import CANCELED, ShockView, outage_words, shock_words
from depmap_gui.gui.tasks import Tasks
from depmap_gui.gui.theme import DARK, LIGHT, apply_theme
from depmap_gui.resources import sample
from depmap_gui.session.session import Session

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def panel(editor: Editor, qtbot: QtBot) -> ShockPanel:
    return shown_panel(editor, qtbot)


def shown_panel(editor: Editor, qtbot: QtBot) -> ShockPanel:
    made = ShockPanel(editor, LIGHT)
    qtbot.addWidget(made)
    made.resize(360, 900)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def ford(qapp: QApplication, qtbot: QtBot) -> Iterator[Editor]:
    """The sample of the Marshall plant, open."""
    apply_theme(qapp, LIGHT)
    tasks = Tasks()
    made = Editor(tasks)
    made.open_session(Session.open(sample("ford-catl-marshall")))
    yield made
    made.close()
    tasks.cancel_all()
    qtbot.waitUntil(lambda: not tasks.is_busy, timeout=20_000)
    # A panel may have started another meanwhile.
    tasks.cancel_all()


def settle(editor: Editor, qtbot: QtBot) -> ShockView:
    """Wait until the losses belong to the map as it stands."""
    qtbot.waitUntil(lambda: editor.shock is not None and editor.shock.is_fresh, timeout=20_000)
    assert editor.shock is not None
    return editor.shock


def words(panel: QWidget) -> str:
    QApplication.processEvents()  # what is new in a layout is shown by an event
    return "\n".join(
        each.whole if isinstance(each, Elided) else each.text()
        for each in panel.findChildren(QLabel)
        if not each.isHidden()
    )


def named(panel: QWidget, text: str) -> QPushButton:
    (found,) = [
        each for each in panel.findChildren(QPushButton) if each.text().replace("&", "") == text
    ]
    return found


def left(editor: Editor, entity: str) -> Range:
    assert editor.shock is not None
    assert editor.shock.result is not None
    return editor.shock.result.availability(entity)


def test_with_nothing_off_it_says_what_to_do(panel: ShockPanel) -> None:
    assert "see what stops" in words(panel)
    assert not panel.clear.isVisible()
    assert not panel.results.isVisible()
    assert not panel.add_selection.isEnabled()


def test_the_selection_is_switched_off_by_the_button(
    editor: Editor, panel: ShockPanel, qtbot: QtBot
) -> None:
    editor.select(["deal"])
    named(panel, "Add selection").click()
    view = settle(editor, qtbot)
    assert view.outages == (Outage("deal"),)
    assert left(editor, "works") == Range(0.0, 0.0)
    said = words(panel)
    assert "nothing left" in said
    assert "Lost output: 20M kWh a year" in said
    assert "Lost credit: $700M a year" in said


def test_unknown_stays_unknown(editor: Editor, panel: ShockPanel, qtbot: QtBot) -> None:
    """The works state no price, and who mines the graphite is not on the map."""
    editor.switch_off(["cn"])
    settle(editor, qtbot)
    assert "Lost sales: unknown, as price is not stated" in words(panel)
    assert left(editor, "graphite") == Range(0.0, 1.0)
    assert "perhaps off" in words(panel)
    assert "0–100% left" in words(panel)


def test_a_jurisdiction_is_added_from_the_menu_with_its_ways(
    editor: Editor, panel: ShockPanel, qtbot: QtBot
) -> None:
    panel.fill_places()
    (china,) = [each for each in panel.places.actions() if each.text() == "China"]
    china.trigger()
    settle(editor, qtbot)
    assert left(editor, "works").high == 0.0
    row = panel.rows["cn"]
    for channel in (Channel.MADE_BY, Channel.LICENSES):
        row.ways[channel].click()
    view = settle(editor, qtbot)
    assert view.outages == (Outage("cn", 1.0, frozenset({Channel.MADE_IN})),)
    assert left(editor, "deal") == Range(1.0, 1.0), "what CellCo licenses is not made there"
    assert left(editor, "cellco") == Range(0.0, 0.0)
    assert panel.rows["cn"] is row, "a row that is being edited stays"
    panel.fill_places()
    assert "China" not in [each.text() for each in panel.places.actions()]


def test_the_fraction_is_edited(editor: Editor, panel: ShockPanel, qtbot: QtBot) -> None:
    editor.switch_off(["deal"])
    settle(editor, qtbot)
    panel.rows["deal"].fraction.setValue(25.0)
    view = settle(editor, qtbot)
    assert view.outages == (Outage("deal", 0.25),)
    assert left(editor, "works") == Range(0.75, 0.75)
    assert "75% left" in words(panel)
    assert "Lost output: 5M kWh a year" in words(panel)


def test_an_outage_is_taken_out_and_the_last_one_ends_the_shock(
    editor: Editor, panel: ShockPanel, qtbot: QtBot
) -> None:
    editor.switch_off(["deal", "graphite"])
    settle(editor, qtbot)
    panel.rows["deal"].remove.click()
    assert settle(editor, qtbot).outages == (Outage("graphite"),)
    panel.rows["graphite"].remove.click()
    assert editor.shock is None


def test_clear_and_escape_restore_everything_and_it_can_be_had_again(
    editor: Editor, panel: ShockPanel, qtbot: QtBot
) -> None:
    editor.switch_off(["deal"])
    settle(editor, qtbot)
    panel.clear.click()
    assert editor.shock is None
    assert "nothing left" not in words(panel)
    panel.again.click()
    assert settle(editor, qtbot).outages == (Outage("deal"),)
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    assert editor.shock is None


def test_an_edit_and_its_undo_are_played(editor: Editor, panel: ShockPanel, qtbot: QtBot) -> None:
    editor.switch_off(["deal"])
    settle(editor, qtbot)
    editor.apply(SetField(Section.LINKS, "l7", "share", 0.0), "No technology")
    stale = editor.shock
    assert stale is not None
    assert not stale.is_fresh
    assert panel.veil.isVisible()
    assert "updating" in words(panel)
    settle(editor, qtbot)
    assert left(editor, "works") == Range(1.0, 1.0)
    assert not panel.veil.isVisible()
    assert "No plant loses output" in words(panel)
    editor.history.undo()
    settle(editor, qtbot)
    assert left(editor, "works") == Range(0.0, 0.0)
    editor.apply(SetHeader("basis", Basis.DOMICILE), "Basis")
    assert not editor.shock.is_fresh


def test_what_is_removed_from_the_map_is_left_out_and_comes_back(
    editor: Editor, panel: ShockPanel, qtbot: QtBot
) -> None:
    editor.switch_off(["deal"])
    settle(editor, qtbot)
    editor.remove(["deal"])
    view = settle(editor, qtbot)
    assert view.result is not None
    assert view.result.outages == ()
    assert "no longer on the map" in words(panel)
    editor.history.undo()
    settle(editor, qtbot)
    assert left(editor, "works") == Range(0.0, 0.0)
    assert "no longer on the map" not in words(panel)


def test_it_is_canceled_and_played_again(editor: Editor, panel: ShockPanel, qtbot: QtBot) -> None:
    editor.switch_off(["deal"])
    assert editor.shock is not None
    panel.cancel.click()
    assert editor.shock.fault == CANCELED
    assert editor.shock.result is None
    assert CANCELED in words(panel)
    qtbot.waitUntil(lambda: not editor.tasks.is_busy, timeout=20_000)
    assert editor.shock.result is None, "what comes late is dropped"
    panel.retry.click()
    settle(editor, qtbot)
    assert left(editor, "works") == Range(0.0, 0.0)


def test_another_project_starts_without_a_shock(
    editor: Editor, panel: ShockPanel, qtbot: QtBot
) -> None:
    editor.switch_off(["deal"])
    editor.open_session(Session())
    assert editor.shock is None
    qtbot.waitUntil(lambda: not editor.tasks.is_busy, timeout=20_000)
    assert editor.shock is None
    assert not panel.again.isVisible()


def test_carrying_links_lead_to_the_map(editor: Editor, panel: ShockPanel, qtbot: QtBot) -> None:
    editor.switch_off(["cellco"])
    settle(editor, qtbot)
    revealed: list[tuple[str, ...]] = []
    editor.reveal_requested.connect(revealed.append)
    QApplication.processEvents()
    rows = [
        each
        for each in panel.results.findChildren(ClickRow)
        if each.accessibleName().startswith("Show the link")
    ]
    names = [each.accessibleName() for each in rows]
    assert set(names) == {
        "Show the link Cell license → Works, uses",
        "Show the link 寧德時代 CellCo Ltd. → Works, supplies LFP cathode",
    }
    QTest.mouseClick(
        rows[names.index("Show the link Cell license → Works, uses")], Qt.MouseButton.LeftButton
    )
    assert revealed == [("l7",)]
    assert editor.selection == ("l7",)


def test_the_sample_plant_stops_without_catls_license(ford: Editor, qtbot: QtBot) -> None:
    panel = shown_panel(ford, qtbot)
    (license,) = [e.id for e in ford.project.entities.values() if e.name == "LFP cell license"]
    (plant,) = [e.id for e in ford.project.entities.values() if e.name == "BlueOval Marshall"]
    ford.switch_off([license])
    settle(ford, qtbot)
    assert left(ford, plant) == Range(0.0, 0.0)
    said = words(panel)
    assert "Lost credit: $700M a year" in said
    assert "Lost credit: $200M a year" in said


def test_single_points_of_failure_are_found_when_asked(
    editor: Editor, panel: ShockPanel, qtbot: QtBot
) -> None:
    card = panel.critical
    assert card.plant == "works"
    assert card.found is None
    card.start.click()
    qtbot.waitUntil(lambda: card.found is not None, timeout=20_000)
    assert card.found is not None
    expected = {"maker", "cellco", "deal", "graphite"}
    assert {each.entity for each in card.found["works"]} == expected
    assert "Works stops without any one of 4." in words(card)
    editor.apply(SetField(Section.LINKS, "l7", "share", 0.4), "Share")
    assert card.found is None
    assert card.start.isVisible()


def test_it_is_shown_in_another_theme(editor: Editor, panel: ShockPanel, qtbot: QtBot) -> None:
    editor.switch_off(["cn", "deal"])
    settle(editor, qtbot)
    panel.set_theme(DARK)
    assert set(panel.rows) == {"cn", "deal"}
    assert "nothing left" in words(panel)


# On the map ---------------------------------------------------------------------------------


@pytest.fixture
def canvas(editor: Editor, qtbot: QtBot) -> MapCanvas:
    made = MapCanvas(editor, LIGHT)
    made.animates = False
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    qtbot.waitExposed(made)
    made.repaint()
    return made


def test_the_banner_says_what_is_off_and_ends_it(
    editor: Editor, canvas: MapCanvas, qtbot: QtBot
) -> None:
    banner = canvas.shock_banner
    assert not banner.isVisible()
    editor.shocks.switch_off([Outage("cn", 0.5, frozenset({Channel.MADE_IN}))])
    assert banner.isVisible()
    assert banner.words.text() == "Shock: China (made in) 50%"
    assert "updating" in banner.note.text()
    settle(editor, qtbot)
    assert editor.shock is not None
    assert editor.shock.result is not None
    hit = len(editor.shock.result.available)
    assert banner.note.text().startswith(f"Hatched: lost ({hit})")
    banner.clear.click()
    assert editor.shock is None
    assert not banner.isVisible()


def test_what_stops_looks_different_on_the_map_and_is_restored(
    editor: Editor, canvas: MapCanvas, qtbot: QtBot
) -> None:
    canvas.shows_legend = False
    # Words on links come once the eye rests.
    canvas.rest()
    before = canvas.grab().toImage()
    editor.switch_off(["deal"])
    settle(editor, qtbot)
    marks = marks_of(canvas.scene, editor.shock)
    assert marks is not None
    assert marks.count == 2
    works = marks.of(canvas.scene.index["works"])
    assert works is not None
    assert works.words == "stops"
    assert marks.of(canvas.scene.index["maker"]) is None
    carried = {canvas.scene.links[row].id for row in marks.carrying.nonzero()[0]}
    assert carried == {"l7"}
    card = card_rect(canvas, "works")
    assert canvas.grab(card).toImage() != before.copy(card)
    spared = card_rect(canvas, "maker")
    assert canvas.grab(spared).toImage() == before.copy(spared)
    editor.shocks.end()
    assert canvas.grab().toImage() == before


def card_rect(canvas: MapCanvas, id: str) -> QRect:
    """Where a card is on the canvas, in pixels."""
    x, y = canvas.camera.to_widget(tuple(canvas.scene.centers[canvas.scene.index[id]].tolist()))
    zoom = canvas.camera.zoom
    width, height = round(CARD_WIDTH * zoom), round(CARD_HEIGHT * zoom)
    return QRect(round(x - width / 2), round(y - height / 2), width, height)


@pytest.mark.parametrize("zoom", [0.05, 0.2, 0.5, 1.0])
def test_the_map_shows_a_shock_at_every_zoom(
    editor: Editor, canvas: MapCanvas, qtbot: QtBot, zoom: float
) -> None:
    canvas.look(canvas.camera.zoomed(zoom / canvas.camera.zoom, 500, 350))
    before = canvas.grab().toImage()
    editor.switch_off(["deal"])
    settle(editor, qtbot)
    canvas.shock_banner.hide()
    assert canvas.grab().toImage() != before


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.0, 0.0, ""),
        (1.0, 1.0, "stops"),
        (0.0, 1.0, "may stop"),
        (0.4, 0.4, "−40%"),
        (0.38, 0.4, "−38–40%"),
        (0.0, 0.05, "up to −5%"),
        (0.95, 1.0, "−95–100%"),
        (0.004, 0.004, "−0.4%"),
    ],
)
def test_a_loss_in_a_word(editor: Editor, low: float, high: float, said: str) -> None:
    assert loss_words(low, high) == said


def test_outages_in_words(editor: Editor) -> None:
    ways = frozenset({Channel.MADE_IN, Channel.LICENSES})
    outages = (Outage("cn", 0.5, ways), Outage("deal"), Outage("works"), Outage("gone"))
    assert outage_words(editor.project, outages[0]) == "China (made in, licenses) 50%"
    assert outage_words(editor.project, outages[3]) == "gone 100%"
    assert outage_words(editor.project, Outage("cn", 1.0, frozenset())) == (
        "China (nothing chosen) 100%"
    )
    assert shock_words(editor.project, outages) == (
        "China (made in, licenses) 50% · Cell license 100% and 2 more"
    )
