"""The outline follows with as little as need be, and lists the first of very many."""

from __future__ import annotations

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from depmap_gui.domain.edits import SetField
from depmap_gui.domain.kinds import Section
from depmap_gui.domain.records import Company
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.panels import outline_model
from depmap_gui.gui.panels.outline import OutlinePanel
from depmap_gui.gui.panels.outline_model import FIGURE, OutlineModel
from depmap_gui.gui.theme import LIGHT
from depmap_gui.session.session import Session


@pytest.fixture
def outline(editor: Editor, qtbot: QtBot) -> OutlinePanel:
    made = OutlinePanel(editor, LIGHT)
    qtbot.addWidget(made)
    return made


def model_of(outline: OutlinePanel) -> OutlineModel:
    model = outline.tree.model()
    assert isinstance(model, OutlineModel)
    return model


def names(outline: OutlinePanel, branch: int) -> list[str]:
    model = model_of(outline)
    above = model.index(branch, 0)
    return [model.index(row, 0, above).data() for row in range(model.rowCount(above))]


def test_a_name_is_read_anew_and_another_value_only_told(
    editor: Editor, outline: OutlinePanel, qtbot: QtBot
) -> None:
    model, heard = model_of(outline), list[str]()
    model.modelReset.connect(lambda: heard.append("reset"))
    model.dataChanged.connect(lambda first, _last: heard.append(str(first.data())))
    editor.apply(SetField(Section.ENTITIES, "maker", "own_ip", 0.4), "IP")
    qtbot.wait(20)
    assert heard == ["Maker Inc."]
    editor.apply(SetField(Section.LINKS, "l10", "cost", 5.0), "Cost")
    qtbot.wait(20)
    assert heard == ["Maker Inc."]
    editor.apply(SetField(Section.ENTITIES, "maker", "name", "Zeta Inc."), "Rename")
    qtbot.waitUntil(lambda: heard == ["Maker Inc.", "reset"], timeout=20_000)
    found = names(outline, 1)
    assert "Zeta Inc." in found
    assert found == sorted(found, key=str.casefold)
    editor.remove(["graphite"])
    qtbot.waitUntil(lambda: heard == ["Maker Inc.", "reset", "reset"], timeout=20_000)


def test_of_very_many_the_first_are_listed_and_all_are_found(
    editor: Editor, outline: OutlinePanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outline_model, "MOST_LISTED", 5)
    many = {f"c{n}": Company(id=f"c{n}", name=f"Company {n:02}") for n in reversed(range(40))}
    project = msgspec.structs.replace(editor.project, entities=many, links={}, views={})
    editor.open_session(Session(project))
    editor._cancel_scoring()
    assert names(outline, 0) == [f"Company {n:02}" for n in range(5)]
    heading = model_of(outline).index(0, 0)
    assert heading.data(FIGURE) == "first 5 of 40"
    outline.search.setText("company 3")
    assert names(outline, 0) == [f"Company {n}" for n in range(30, 35)]
    outline.search.setText("company 37")
    assert names(outline, 0) == ["Company 37"]
    assert model_of(outline).index(0, 0).data(FIGURE) == "1"


def test_a_selection_is_marked_by_stretches_of_rows(editor: Editor, outline: OutlinePanel) -> None:
    model = model_of(outline)
    every = list(editor.project.entities)
    assert len(model.runs_of(every)) == model.rowCount()
    assert len(model.runs_of(["maker", "nobody"])) == 1
    editor.select(every)
    chosen = outline.tree.selectionModel()
    assert len(chosen.selectedIndexes()) == len(every)
    assert chosen.selection().count() == model.rowCount()
    editor.select(())
    assert not chosen.selectedIndexes()
