"""Copy, cut, paste and duplicate: what comes along, where it stands, what is refused."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from window_parts import answers

from depmap_gui.domain.kinds import EntityKind
from depmap_gui.domain.project import Header, Project
from depmap_gui.domain.records import Company, Jurisdiction, Located, Source, Supplies
from depmap_gui.gui.action_handlers_clipboard import ITEMS_MIME
from depmap_gui.gui.dialogs.questions import Unsaved
from depmap_gui.gui.layout.card_size import CARD_HEIGHT, CARD_WIDTH
from depmap_gui.gui.main_window import MainWindow, Surroundings
from depmap_gui.project.file import project_bytes
from depmap_gui.session.session import Session

CONTROL = Qt.KeyboardModifier.ControlModifier


def press(window: MainWindow, key: Qt.Key) -> None:
    """The key with Ctrl, on the map."""
    window.activateWindow()
    QApplication.processEvents()
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, key, CONTROL)


def content(window: MainWindow) -> bytes:
    return project_bytes(window.editor.project)


def ends(project: Project, id: str) -> Counter[tuple[str, str, str]]:
    """The links at an item: kind, whether they arrive or leave, and the other end."""
    return Counter(
        (link.kind, "in" if link.target == id else "out", other)
        for link in project.links.values()
        if id in (link.source, link.target)
        for other in {link.source, link.target} - {id}
    )


def only_new(window: MainWindow, before: Project) -> list[str]:
    return [id for id in window.editor.project.entities if id not in before.entities]


def overlap(window: MainWindow) -> bool:
    places = list(window.canvas.places().values())
    return any(
        abs(a[0] - b[0]) < CARD_WIDTH and abs(a[1] - b[1]) < CARD_HEIGHT
        for n, a in enumerate(places)
        for b in places[:n]
    )


@pytest.fixture
def told(open_map: MainWindow) -> list[str]:
    said: list[str] = []
    open_map.clipboard.told.connect(said.append)
    return said


@pytest.fixture
def other(qtbot: QtBot, around: Surroundings) -> Iterator[Callable[[Project], MainWindow]]:
    """Opens a second window on a project."""
    made: list[MainWindow] = []

    def opened(project: Project) -> MainWindow:
        window = MainWindow(around)
        qtbot.addWidget(window)
        window.show()
        window.files.work_on(Session(project))
        made.append(window)
        return window

    yield opened
    for window in made:
        answers(window).on_unsaved = Unsaved.DISCARD
        window.close()


def test_a_duplicate_keeps_what_leads_to_it_and_feeds_nothing_twice(open_map: MainWindow) -> None:
    before, bytes_before = open_map.editor.project, content(open_map)
    open_map.editor.select(("powder",))
    press(open_map, Qt.Key.Key_D)
    project = open_map.editor.project
    (copy,) = only_new(open_map, before)
    assert project.name(copy) == "Powder & Sons"
    incoming = {end: n for end, n in ends(before, "powder").items() if end[1] == "in"}
    assert incoming == {("located", "in", "us"): 1, ("owns", "in", "cellco"): 1}
    assert ends(project, copy) == Counter(incoming)
    assert ends(project, "works") == ends(before, "works")
    assert open_map.editor.selection == (copy,)
    assert open_map.editor.history.undoText() == "Duplicate Powder & Sons"
    assert not overlap(open_map)
    after = content(open_map)
    open_map.editor.history.undo()
    assert content(open_map) == bytes_before
    open_map.editor.history.redo()
    assert content(open_map) == after


def test_copied_items_keep_the_links_among_them_and_their_arrangement(
    open_map: MainWindow, told: list[str]
) -> None:
    before, places = open_map.editor.project, open_map.canvas.places()
    open_map.editor.select(("cellco", "deal", "works"))
    press(open_map, Qt.Key.Key_C)
    press(open_map, Qt.Key.Key_V)
    project = open_map.editor.project
    copies = {project.name(id): id for id in only_new(open_map, before)}
    assert set(copies) == {"CellCo Ltd.", "Cell license", "Works"}
    works, deal, cellco = copies["Works"], copies["Cell license"], copies["CellCo Ltd."]
    assert ends(project, deal) == {("licenses", "in", cellco): 1, ("uses", "out", works): 1}
    assert ends(project, works)["supplies", "in", "powder"] == 1
    now = open_map.canvas.places()
    for a, b in (("cellco", cellco), ("works", works)):
        shift = [now[b][i] - places[a][i] for i in (0, 1)]
        assert shift == pytest.approx([now[deal][i] - places["deal"][i] for i in (0, 1)])
    assert not overlap(open_map)
    assert told[-1].startswith("Pasted 3 items and 7 links.")
    press(open_map, Qt.Key.Key_V)
    assert not overlap(open_map)


def test_what_was_cut_comes_back_with_all_its_links_once(open_map: MainWindow) -> None:
    before, bytes_before = open_map.editor.project, content(open_map)
    open_map.editor.select(("powder",))
    press(open_map, Qt.Key.Key_X)
    assert "powder" not in open_map.editor.project.entities
    assert open_map.editor.history.undoText() == "Cut Powder & Sons"
    press(open_map, Qt.Key.Key_V)
    (back,) = only_new(open_map, before)
    assert ends(open_map.editor.project, back) == ends(before, "powder")
    press(open_map, Qt.Key.Key_V)
    assert ends(open_map.editor.project, "works") == ends(before, "works") - Counter(
        {("supplies", "in", "powder"): 1}
    ) + Counter({("supplies", "in", back): 1})
    for _ in range(3):
        open_map.editor.history.undo()
    assert content(open_map) == bytes_before


def test_the_clipboard_holds_a_table_for_spreadsheets(open_map: MainWindow) -> None:
    open_map.editor.select(("powder", "works"))
    open_map.actions_table["edit.rename"].trigger()
    open_map.canvas.close_editor()
    press(open_map, Qt.Key.Key_C)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].split("\t") == ["Kind", "Name", "Details", "Notes"]
    assert [line.split("\t")[:2] for line in lines[1:3]] == [
        ["company", "Powder & Sons"],
        ["plant", "Works"],
    ]
    assert lines[-1].split("\t")[:3] == ["supplies", "Powder & Sons", "Works"]


def test_between_windows_sources_come_along_and_countries_meet(
    open_map: MainWindow, other: Callable[[Project], MainWindow]
) -> None:
    origin = other(
        Project(
            header=Header(title="Other", currency="EUR"),
            entities={
                "china": Jurisdiction(id="china", name="PRC", code="CN"),
                "works": Company(
                    id="works",
                    name="=Zinc",
                    sources=("s1",),
                    declared={"sfe": "no", "source": "s2"},
                ),
                "buyer": Company(id="buyer", name="Buyer"),
            },
            links={
                "l1": Located(id="l1", source="china", target="works", sources=("s1",)),
                "l2": Supplies(id="l2", source="works", target="buyer", cost=1.0),
            },
            sources={"s1": Source(id="s1", title="Filing"), "s2": Source(id="s2", title="Letter")},
        )
    )
    origin.editor.select(("works",))
    press(origin, Qt.Key.Key_C)
    assert "\t'=Zinc\t" in QGuiApplication.clipboard().text()
    said: list[str] = []
    open_map.clipboard.told.connect(said.append)
    before = open_map.editor.project
    press(open_map, Qt.Key.Key_V)
    project = open_map.editor.project
    (zinc,) = only_new(open_map, before)
    assert zinc != "works"
    entity = project.entities[zinc]
    assert isinstance(entity, Company)
    titles = {id: source.title for id, source in project.sources.items()}
    assert [titles[id] for id in entity.sources] == ["Filing"]
    assert titles[entity.declared["source"]] == "Letter"
    assert ends(project, zinc) == {("located", "in", "cn"): 1}
    assert "EUR" in said[-1]
    assert "USD" in said[-1]
    assert "2 sources came along" in said[-1]
    press(open_map, Qt.Key.Key_V)
    assert len(open_map.editor.project.sources) == 2


def test_a_country_is_never_pasted_twice(open_map: MainWindow, told: list[str]) -> None:
    before = content(open_map)
    open_map.editor.select(("cn",))
    press(open_map, Qt.Key.Key_D)
    assert content(open_map) == before
    assert told[-1] == "China is on this map already. A map has each country once."


def stamped(items: list[str], **more: object) -> dict[str, object]:
    return {
        "format": "depmap",
        "version": 1,
        "clipboard": {"items": items, "origin": "x", "token": "y"},
        "entities": [{"id": "a", "kind": "company", "name": "A"}],
    } | more


HOSTILE = {
    "no JSON": b"\xff\xfe\x00",
    "cut off": b'{"format": "depmap", "version": 1, "entities": [{"id": "a"',
    "not a project": b"[1, 2, 3]",
    "a newer version": json.dumps(stamped(["a"], version=99)).encode(),
    "no stamp": json.dumps(stamped(["a"], clipboard=7)).encode(),
    "an item that is not there": json.dumps(stamped(["b"])).encode(),
    "the same item twice": json.dumps(stamped(["a", "a"])).encode(),
    "a share that is a text": json.dumps(
        stamped(["a"], entities=[{"id": "a", "kind": "company", "own_ip": "most"}])
    ).encode(),
    "a kind nobody knows": json.dumps(
        stamped(["a"], entities=[{"id": "a", "kind": "wizard"}])
    ).encode(),
    "a link that may not be": json.dumps(
        stamped(["a"], links=[{"id": "l", "kind": "operates", "source": "a", "target": "a"}])
    ).encode(),
    "deep": b'{"format": "depmap", "version": 1, "x": ' + b"[" * 5000 + b"]" * 5000 + b"}",
}


def test_hostile_content_is_told_and_changes_nothing(open_map: MainWindow) -> None:
    before = content(open_map)
    said: list[str] = []
    open_map.clipboard.told.connect(said.append)
    open_map.editor.refused.connect(said.append)
    for what, hostile in HOSTILE.items():
        carried = QMimeData()
        carried.setData(ITEMS_MIME, hostile)
        QGuiApplication.clipboard().setMimeData(carried)
        said.clear()
        press(open_map, Qt.Key.Key_V)
        assert content(open_map) == before, what
        assert len(said) == 1, what
        assert said[0].endswith("."), what
        assert "Traceback" not in said[0]


def test_without_items_on_the_clipboard_paste_says_what_to_do(
    open_map: MainWindow, told: list[str]
) -> None:
    QGuiApplication.clipboard().setText("just words")
    press(open_map, Qt.Key.Key_V)
    assert told[-1].startswith("There are no items on the clipboard.")


def test_ctrl_c_while_typing_a_name_copies_the_words(open_map: MainWindow, saved: Path) -> None:
    open_map.editor.select(("works",))
    open_map.canvas.rename_selected()
    line = open_map.canvas.open_editor
    assert line is not None
    line.setFocus()
    line.selectAll()  # type: ignore[attr-defined]  # the editor of a name is a line of text
    QTest.keyClick(line, Qt.Key.Key_C, CONTROL)
    assert QGuiApplication.clipboard().text() == "Works"
    open_map.canvas.close_editor()


def test_pasting_on_an_empty_map_adds_the_view(
    open_map: MainWindow, other: Callable[[Project], MainWindow]
) -> None:
    open_map.editor.select(("works", "cn"))
    press(open_map, Qt.Key.Key_C)
    empty = other(Project())
    press(empty, Qt.Key.Key_V)
    kinds = Counter(entity.kind for entity in empty.editor.project.entities.values())
    assert kinds == {EntityKind.PLANT: 1, EntityKind.JURISDICTION: 1}
    assert len(empty.editor.project.views) == 1
    empty.editor.history.undo()
    assert project_bytes(empty.editor.project) == project_bytes(Project())
