"""Cards, notes and frames in line and at even distances: as asked, apart, and around pins."""

import itertools

import pytest

from depmap_gui.domain.project import Project
from depmap_gui.domain.views import Frame, Note, Point, Rect, View
from depmap_gui.gui.layout.aligning import Line, Spread, aligned, card_rect, distributed
from depmap_gui.gui.layout.card_size import LEAST_GAP
from depmap_gui.gui.layout.standing import Standing, after_moving

PLACES: dict[str, Point] = {"a": (0.0, 0.0), "b": (300.0, 200.0), "c": (800.0, 210.0)}
MIXED: dict[str, Rect] = {
    "card": card_rect((100.0, 0.0)),
    "note": (400.0, 30.0, 120.0, 300.0),
    "frame": (-50.0, 500.0, 700.0, 90.0),
}


def cards(places: dict[str, Point]) -> dict[str, Rect]:
    return {id: card_rect(point) for id, point in places.items()}


def shifted(rects: dict[str, Rect], by: dict[str, Point]) -> dict[str, Rect]:
    steps = {id: by.get(id, (0.0, 0.0)) for id in rects}
    return {
        id: (rect[0] + steps[id][0], rect[1] + steps[id][1], *rect[2:])
        for id, rect in rects.items()
    }


def apart(rects: dict[str, Rect]) -> bool:
    return all(
        a[0] + a[2] <= b[0] or b[0] + b[2] <= a[0] or a[1] + a[3] <= b[1] or b[1] + b[3] <= a[1]
        for a, b in itertools.combinations(rects.values(), 2)
    )


def middle(rect: Rect, axis: int) -> float:
    return rect[axis] + rect[axis + 2] / 2


@pytest.mark.parametrize(
    ("line", "at"),
    [
        (Line.LEFT, 0.0),
        (Line.CENTER, 400.0),
        (Line.RIGHT, 800.0),
        (Line.TOP, 0.0),
        (Line.MIDDLE, 105.0),
        (Line.BOTTOM, 210.0),
    ],
)
def test_aligned_cards_share_a_line_and_keep_apart(line: Line, at: float) -> None:
    after = shifted(cards(PLACES), aligned(cards(PLACES), line))
    assert {middle(rect, line.axis) for rect in after.values()} == {at}
    assert apart(after)
    other = 1 - line.axis
    assert sorted(after, key=lambda id: after[id][other]) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("line", "at"),
    [
        (Line.LEFT, -50.0),
        (Line.CENTER, 300.0),
        (Line.RIGHT, 650.0),
        (Line.TOP, -36.0),
        (Line.MIDDLE, 277.0),
        (Line.BOTTOM, 590.0),
    ],
)
def test_things_of_other_sizes_share_the_edge_that_was_asked_for(line: Line, at: float) -> None:
    after = shifted(MIXED, aligned(MIXED, line))
    for rect in after.values():
        assert rect[line.axis] + rect[line.axis + 2] * line.share == pytest.approx(at)
    assert apart(after)


def test_pinned_cards_draw_the_line() -> None:
    moved = aligned(cards(PLACES), Line.LEFT, pinned=["b"])
    assert moved.keys() == {"a", "c"}
    after = shifted(cards(PLACES), moved)
    assert apart(after)
    assert {middle(rect, 0) for rect in after.values()} == {300.0}


def test_a_note_goes_around_a_pinned_card() -> None:
    things = {"card": card_rect((0.0, 0.0)), "note": (500.0, -20.0, 100.0, 60.0)}
    after = shifted(things, aligned(things, Line.LEFT, pinned=["card"]))
    assert after["card"] == things["card"]
    assert apart(after)


def test_distributed_cards_are_evenly_apart() -> None:
    after = shifted(cards(PLACES), distributed(cards(PLACES), Spread.ACROSS))
    assert [middle(after[id], 0) for id in "abc"] == [0.0, 400.0, 800.0]
    assert [middle(after[id], 1) for id in "abc"] == [0.0, 200.0, 210.0]


def test_gaps_between_things_of_other_sizes_are_even() -> None:
    wide = {
        "note": (0.0, 0.0, 60.0, 60.0),
        "frame": (90.0, 0.0, 400.0, 60.0),
        "card": card_rect((1200.0, 30.0)),
    }
    after = shifted(wide, distributed(wide, Spread.ACROSS))
    assert (after["note"], after["card"]) == (wide["note"], wide["card"])
    gaps = [
        after["frame"][0] - after["note"][0] - 60.0,
        after["card"][0] - after["frame"][0] - 400.0,
    ]
    assert gaps[0] == pytest.approx(gaps[1], abs=0.11)


def test_too_little_room_is_made() -> None:
    close = cards({"a": (0.0, 0.0), "b": (9.0, 1.0), "c": (9.0, 2.0)})
    after = shifted(close, distributed(close, Spread.DOWN))
    steps = [after["b"][1] - after["a"][1], after["c"][1] - after["b"][1]]
    assert steps[0] == pytest.approx(steps[1])
    assert steps[0] >= close["a"][3] + LEAST_GAP
    assert middle(after["b"], 1) == pytest.approx(1.0)


FRAME = Frame(id="frame", rect=(-150.0, -100.0, 300.0, 200.0))
INNER = Note(id="inner", rect=(-140.0, -90.0, 50.0, 20.0))
OUTER = Note(id="outer", rect=(900.0, 900.0, 50.0, 20.0))
VIEW = View(id="view", frames=(FRAME,), notes=(INNER, OUTER))
STANDING = Standing({"on": (0.0, 0.0), "off": (500.0, 0.0)}, VIEW)


def test_what_stands_on_a_chosen_frame_is_lined_up_with_it() -> None:
    things = STANDING.things(["on", "off"], ["frame", "inner", "outer"])
    assert things == {"off": card_rect((500.0, 0.0)), "frame": FRAME.rect, "outer": OUTER.rect}


def test_a_frame_chosen_with_what_stands_on_it_lines_that_up() -> None:
    assert STANDING.things(["on"], ["frame", "inner"]).keys() == {"on", "inner"}


def test_a_frame_takes_along_what_stands_on_it() -> None:
    made = after_moving(STANDING, {"frame": (10.0, -5.0)}, Project())
    assert made.places == {"on": (10.0, -5.0)}
    assert made.rects == {
        "frame": (-140.0, -105.0, 300.0, 200.0),
        "inner": (-130.0, -95.0, 50.0, 20.0),
    }
