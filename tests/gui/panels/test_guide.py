"""The guide to a first map follows what is drawn."""

from pathlib import Path

import msgspec
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from depmap_gui.domain.edits import Add, SetField
from depmap_gui.domain.kinds import Section
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.panels.guide import STEPS, Guide
from depmap_gui.gui.theme import LIGHT
from depmap_gui.session.session import Session


def test_each_step_is_ticked_when_the_map_shows_it(
    editor: Editor, qtbot: QtBot, tmp_path: Path
) -> None:
    whole = editor.project
    editor.open_session(Session())
    over = QWidget()
    qtbot.addWidget(over)
    guide = Guide(editor, LIGHT, over)
    guide.start()
    over.show()
    assert guide.current == 0

    def add(*ids: str) -> None:
        for id in ids:
            editor.apply(Add(whole.entities.get(id) or whole.links[id]))

    works = whole.entities["works"]
    editor.apply(Add(msgspec.structs.replace(works, products=())))
    assert guide.current == 1
    add("maker", "l5")
    assert guide.current == 2
    add("us", "l3")
    assert guide.current == 2
    add("l2")
    assert guide.current == 3
    add("cellco", "deal", "l6")
    assert guide.current == 3
    add("l7")
    assert guide.current == 4
    add("graphite", "l10")
    assert guide.current == 5
    editor.apply(SetField(Section.ENTITIES, "works", "products", works.products))
    assert guide.current == 6
    editor.select(("works",))
    qtbot.waitUntil(lambda: guide.current == 7, timeout=20_000)
    editor.save_as(tmp_path / "first.depmap")
    assert guide.current is None
    assert guide.done == set(range(len(STEPS)))


def test_another_map_starts_the_guide_anew(editor: Editor, qtbot: QtBot) -> None:
    over = QWidget()
    qtbot.addWidget(over)
    guide = Guide(editor, LIGHT, over)
    over.show()
    guide.start()
    assert guide.current is not None
    assert 0 in guide.done
    editor.open_session(Session())
    assert guide.done == set()
