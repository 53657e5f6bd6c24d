"""Files of other programs in the window: onto the map as one step, and out again."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from window_parts import answers

from depmap_gui.domain.records import Owns
from depmap_gui.gui.dialogs.graph_review import GraphReview, sentence
from depmap_gui.gui.main_window import MainWindow

# The offscreen platform says so of every dialog; a real one supports them.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

GRAPH = """<gexf><graph><nodes><node id="a" label="Alpha"/><node id="b" label="Beta"/></nodes>
<edges><edge id="e" source="a" target="b" label="owns 40%"/></edges></graph></gexf>"""


def reviewed(window: MainWindow, qtbot: QtBot) -> GraphReview:
    """The account that is shown once the files are read."""
    qtbot.waitUntil(lambda: window.imports.graph_review is not None, timeout=30_000)
    review = window.imports.graph_review
    assert review is not None
    return review


def dropped(paths: list[Path]) -> tuple[QDropEvent, QMimeData]:
    """Files let go over the window; what they are carried in must outlive the event."""
    carried = QMimeData()
    carried.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(50, 50), Qt.DropAction.CopyAction, carried,
        Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    return event, carried


def test_a_graph_comes_onto_the_open_map_as_one_step(
    open_map: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "chart.gexf"
    path.write_text(GRAPH, encoding="utf-8")
    answers(open_map).open_path = path
    before = open_map.editor.project
    open_map.actions_table["file.import"].trigger()
    review = reviewed(open_map, qtbot)
    # Nothing is done before it was looked at.
    assert open_map.editor.project is before
    assert sentence(review.account) == "“chart.gexf” adds 2 companies, 1 holding and 1 source."
    told = [review.model.line(row).words for row in range(review.model.rowCount())]
    assert any("2 nodes say no kind" in words[1] for words in told)
    review.search.setText("no kind")
    assert review.model.rowCount() == 1
    review.import_button.click()
    link = open_map.editor.project.links["e"]
    assert isinstance(link, Owns)
    assert link.share == 0.4
    # What the file says no place for has found one of its own.
    places = open_map.editor.view.positions
    assert {"a", "b"} <= set(places)
    assert len(set(places.values())) == len(places)
    assert open_map.editor.history.count() == 1
    open_map.editor.history.undo()
    assert open_map.editor.project.entities == before.entities
    assert open_map.editor.project.sources == before.sources


def test_turning_back_leaves_the_map_and_the_account_can_be_kept(
    open_map: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "chart.gexf"
    path.write_text(GRAPH, encoding="utf-8")
    before = open_map.editor.project
    open_map.imports.import_path(path)
    review = reviewed(open_map, qtbot)
    next(b for b in review.findChildren(QPushButton) if b.text() == "&Copy as text").click()
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("“chart.gexf” adds 2 companies")
    assert "taken for granted: " in copied
    review.reject()
    qtbot.waitUntil(lambda: open_map.imports.graph_review is None, timeout=30_000)
    assert open_map.editor.project is before
    assert open_map.editor.history.count() == 0


def test_nodes_and_edges_of_gephi_are_dropped_together_on_the_start_page(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    nodes, edges = tmp_path / "n.csv", tmp_path / "e.csv"
    nodes.write_text("Id,Label\n1,Alpha\n2,Beta\n", encoding="utf-8")
    edges.write_text("Source,Target,Type,Label\n1,2,Directed,owns 30%\n", encoding="utf-8")
    event, _carried = dropped([nodes, edges])
    window.dropEvent(event)
    assert event.isAccepted()
    review = reviewed(window, qtbot)
    assert "makes a new map of 2 companies and 1 holding" in sentence(review.account)
    review.import_button.click()
    assert window.files.is_open
    assert {each.name for each in window.editor.project.entities.values()} == {"Alpha", "Beta"}
    assert [link.share for link in window.editor.project.links.values()] == [0.3]


def test_what_the_map_says_already_cannot_be_imported_again(
    open_map: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "chart.gexf"
    path.write_text(GRAPH, encoding="utf-8")
    open_map.imports.import_path(path)
    reviewed(open_map, qtbot).import_button.click()
    qtbot.waitUntil(lambda: open_map.imports.graph_review is None, timeout=30_000)
    open_map.imports.import_path(path)
    review = reviewed(open_map, qtbot)
    assert "There is nothing to import" in sentence(review.account)
    assert not review.import_button.isEnabled()
    review.reject()


def test_a_broken_graph_is_refused_in_a_sentence(
    open_map: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "chart.graphml"
    path.write_text(GRAPH[:40], encoding="utf-8")
    answers(open_map).open_path = path
    before = open_map.editor.project
    open_map.actions_table["file.import"].trigger()
    qtbot.waitUntil(lambda: bool(answers(open_map).told), timeout=30_000)
    assert "Nothing was imported: chart.graphml is not valid XML" in answers(open_map).told[0]
    assert open_map.editor.project is before


def test_the_map_is_written_for_other_programs(
    open_map: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    answers(open_map).save_path = tmp_path / "out.graphml"
    open_map.actions_table["file.export_format"].trigger()
    qtbot.waitUntil((tmp_path / "out.graphml").exists, timeout=30_000)
    qtbot.waitUntil(lambda: not open_map.tasks.is_busy, timeout=30_000)
    assert b"Cell license" in (tmp_path / "out.graphml").read_bytes()
    assert answers(open_map).told == []
    answers(open_map).save_path = tmp_path / "out.bods.json"
    open_map.actions_table["file.export_format"].trigger()
    qtbot.waitUntil(lambda: bool(answers(open_map).told), timeout=30_000)
    assert "BODS has no place for it" in answers(open_map).told[0]
