"""Files of other programs in the window: onto the map as one step, and out again."""

from pathlib import Path

from pytestqt.qtbot import QtBot
from window_parts import answers

from depmap_gui.domain.records import Owns
from depmap_gui.gui.main_window import MainWindow

GRAPH = """<gexf><graph><nodes><node id="a" label="Alpha"/><node id="b" label="Beta"/></nodes>
<edges><edge id="e" source="a" target="b" label="owns 40%"/></edges></graph></gexf>"""


def test_a_graph_comes_onto_the_open_map_as_one_step(
    open_map: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "chart.gexf"
    path.write_text(GRAPH, encoding="utf-8")
    answers(open_map).open_path = path
    before = open_map.editor.project
    open_map.actions_table["file.import"].trigger()
    qtbot.waitUntil(lambda: bool(answers(open_map).told), timeout=30_000)
    link = open_map.editor.project.links["e"]
    assert isinstance(link, Owns)
    assert link.share == 0.4
    assert "2 nodes say no kind" in answers(open_map).told[0]
    open_map.editor.history.undo()
    assert open_map.editor.project.entities == before.entities
    assert open_map.editor.project.sources == before.sources


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
