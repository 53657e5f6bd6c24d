"""Notes and frames among cards in the window: lined up with them, kept clear of by what is new."""

from __future__ import annotations

import msgspec
import pytest
from PySide6.QtGui import QGuiApplication

from depmap_gui.domain.edits import Batch
from depmap_gui.domain.kinds import EntityKind
from depmap_gui.domain.views import Box, Frame, Note, Rect
from depmap_gui.gui.box_edits import with_boxes
from depmap_gui.gui.layout.aligning import card_rect
from depmap_gui.gui.main_window import MainWindow
from depmap_gui.project.file import project_bytes

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def still(open_map: MainWindow) -> MainWindow:
    """The map, without animation."""
    open_map.canvas.animates = False
    open_map.canvas.repaint()
    return open_map


def content(window: MainWindow) -> bytes:
    return project_bytes(window.editor.project)


def run(window: MainWindow, id: str) -> None:
    action = window.actions_table[id]
    assert action.isEnabled(), id
    action.trigger()


def put(window: MainWindow, *boxes: Box) -> None:
    editor = window.editor
    editor.apply(Batch("Boxes", tuple(with_boxes(editor.view, boxes))))


def rect_of(window: MainWindow, id: str) -> Rect:
    places = window.canvas.places()
    if id in places:
        return card_rect(places[id])
    return next(box.rect for box in window.editor.view.boxes if box.id == id)


def touch(one: Rect, other: Rect) -> bool:
    return (
        one[0] < other[0] + other[2]
        and other[0] < one[0] + one[2]
        and one[1] < other[1] + other[3]
        and other[1] < one[1] + one[3]
    )


def test_a_note_is_aligned_with_cards_as_one_step(still: MainWindow) -> None:
    left, top, _, _ = card_rect(still.canvas.places()["works"])
    put(still, Note(id="n", rect=(left - 400.0, top + 333.0, 90.0, 50.0)))
    before = content(still)
    still.editor.select(("works", "n"))
    run(still, "arrange.align.left")
    assert rect_of(still, "works")[0] == rect_of(still, "n")[0] == pytest.approx(left - 400.0)
    assert still.editor.history.undoText() == "Align left edges of 2 items, notes and frames"
    still.editor.history.undo()
    assert content(still) == before


def test_notes_alone_are_distributed(still: MainWindow) -> None:
    put(still, *(Note(id=f"n{x}", rect=(x * 1.0, 900.0, 50.0, 40.0)) for x in (0, 120, 700)))
    still.editor.select(("n0", "n120", "n700"))
    run(still, "arrange.distribute.across")
    assert [rect_of(still, id)[0] for id in ("n0", "n120", "n700")] == [0.0, 350.0, 700.0]
    assert still.editor.history.undoText() == "Distribute 3 notes or frames across"


def test_an_aligned_frame_takes_along_what_stands_on_it(still: MainWindow) -> None:
    x, y = still.canvas.places()["works"]
    frame = Frame(id="f", rect=(x - 150.0, y - 100.0, 300.0, 180.0))
    put(still, frame, Note(id="n", rect=(x - 900.0, y + 1000.0, 50.0, 40.0)))
    still.editor.select(("f", "n"))
    run(still, "arrange.align.left")
    assert rect_of(still, "f")[0] == x - 900.0
    assert still.canvas.places()["works"] == pytest.approx((x - 750.0, y))


def test_pasted_cards_keep_clear_of_a_note(still: MainWindow) -> None:
    still.editor.select(("works",))
    run(still, "edit.copy")
    x, y = still.canvas.pointed_at()
    note = Note(id="n", rect=(x - 200.0, y - 200.0, 400.0, 400.0))
    put(still, note)
    before = set(still.editor.project.entities)
    run(still, "edit.paste")
    (pasted,) = set(still.editor.project.entities) - before
    assert not touch(rect_of(still, pasted), note.rect)
    QGuiApplication.clipboard().clear()


def test_a_new_item_from_the_menu_keeps_clear_of_a_note(still: MainWindow) -> None:
    x, y = still.canvas.free_spot(EntityKind.PLANT)
    note = Note(id="n", rect=(x - 60.0, y - 30.0, 120.0, 60.0))
    put(still, note)
    assert not touch(card_rect(still.canvas.free_spot(EntityKind.PLANT)), note.rect)


def test_a_new_item_lies_on_a_frame_or_off_it(still: MainWindow) -> None:
    x, y = still.canvas.free_spot(EntityKind.PLANT)
    put(still, Frame(id="f", rect=(x, y, 400.0, 300.0)))
    assert not touch(card_rect(still.canvas.free_spot(EntityKind.PLANT)), (x, y, 400.0, 300.0))
    wide = Frame(id="f", rect=(x - 2000.0, y - 2000.0, 4000.0, 4000.0))
    put(still, msgspec.structs.replace(wide, title="All of it"))
    assert still.canvas.free_spot(EntityKind.PLANT) == (x, y)
