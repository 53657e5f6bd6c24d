"""Cards in line and at even distances: as asked, apart, and around pins."""

import itertools

import pytest

from depmap_gui.domain.views import Point
from depmap_gui.gui.layout.aligning import Line, Spread, aligned, distributed
from depmap_gui.gui.layout.card_size import CARD_HEIGHT, CARD_WIDTH

PLACES: dict[str, Point] = {"a": (0.0, 0.0), "b": (300.0, 200.0), "c": (800.0, 210.0)}


def apart(places: dict[str, Point]) -> bool:
    return all(
        abs(a[0] - b[0]) >= CARD_WIDTH or abs(a[1] - b[1]) >= CARD_HEIGHT
        for a, b in itertools.combinations(places.values(), 2)
    )


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
    after = {**PLACES, **aligned(PLACES, line)}
    assert {point[line.axis] for point in after.values()} == {at}
    assert apart(after)
    other = 1 - line.axis
    assert sorted(after, key=lambda id: after[id][other]) == ["a", "b", "c"]


def test_pinned_cards_draw_the_line() -> None:
    moved = aligned(PLACES, Line.LEFT, pinned=["b"])
    assert moved.keys() == {"a", "c"}
    assert apart({**PLACES, **moved})
    assert {x for x, _ in moved.values()} == {300.0}


def test_distributed_cards_are_evenly_apart() -> None:
    after = {**PLACES, **distributed(PLACES, Spread.ACROSS)}
    assert [after[id][0] for id in "abc"] == [0.0, 400.0, 800.0]
    assert [after[id][1] for id in "abc"] == [0.0, 200.0, 210.0]


def test_too_little_room_is_made() -> None:
    close = {"a": (0.0, 0.0), "b": (9.0, 1.0), "c": (9.0, 2.0)}
    after = {**close, **distributed(close, Spread.DOWN)}
    steps = [after["b"][1] - after["a"][1], after["c"][1] - after["b"][1]]
    assert steps[0] == pytest.approx(steps[1])
    assert steps[0] >= CARD_HEIGHT
