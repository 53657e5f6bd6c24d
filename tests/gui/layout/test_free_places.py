"""Free places: clear of cards and notes, on the frame where the neighbors stand, else off all."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from depmap_gui.domain.kinds import LocationRole
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import AnyEntity, AnyLink, Company, Jurisdiction, Located, Supplies
from depmap_gui.domain.views import Box, Frame, Note, Point, Rect
from depmap_gui.gui.layout.aligning import card_rect
from depmap_gui.gui.layout.newcomers import free_places
from depmap_gui.gui.layout.taken import CARD, Taken

ROOMY = Frame(id="roomy", rect=(-200.0, -150.0, 1200.0, 600.0))
TIGHT = Frame(id="tight", rect=(-120.0, -80.0, 240.0, 160.0))


def project_of(count: int, links: list[AnyLink], further: tuple[AnyEntity, ...] = ()) -> Project:
    entities: list[AnyEntity] = [Company(id=f"c{n}") for n in range(count)]
    return Project(
        entities={each.id: each for each in (*entities, *further)},
        links={link.id: link for link in links},
    )


def supply(number: int, source: str, target: str) -> Supplies:
    return Supplies(id=f"s{number}", source=source, target=target)


def touch(one: Rect, other: Rect) -> bool:
    return (
        one[0] < other[0] + other[2]
        and other[0] < one[0] + one[2]
        and one[1] < other[1] + other[3]
        and other[1] < one[1] + one[3]
    )


def within(outer: Rect, inner: Rect) -> bool:
    return (
        outer[0] <= inner[0]
        and outer[1] <= inner[1]
        and inner[0] + inner[2] <= outer[0] + outer[2]
        and inner[1] + inner[3] <= outer[1] + outer[3]
    )


def test_a_newcomer_does_not_lie_under_a_note() -> None:
    project = project_of(2, [supply(1, "c0", "c1")])
    note = Note(id="n", rect=(150.0, -100.0, 400.0, 200.0))
    (place,) = free_places(project, ["c1"], {"c0": (0.0, 0.0)}, boxes=(note,)).values()
    assert not touch(card_rect(place), note.rect)
    # Without the note it stands in the next column, where the note is.
    (bare,) = free_places(project, ["c1"], {"c0": (0.0, 0.0)}).values()
    assert touch(card_rect(bare), note.rect)


def test_a_newcomer_stands_on_the_frame_of_its_neighbor() -> None:
    project = project_of(2, [supply(1, "c0", "c1")])
    for at in ((0.0, 0.0), (850.0, 300.0)):
        (place,) = free_places(project, ["c1"], {"c0": at}, boxes=(ROOMY,)).values()
        assert within(ROOMY.rect, card_rect(place))
        assert not touch(card_rect(place), card_rect(at))


def test_where_the_frame_is_full_it_stands_off_it() -> None:
    project = project_of(2, [supply(1, "c0", "c1")])
    (place,) = free_places(project, ["c1"], {"c0": (0.0, 0.0)}, boxes=(TIGHT,)).values()
    assert not touch(card_rect(place), TIGHT.rect)


def test_what_belongs_elsewhere_keeps_off_the_frame() -> None:
    project = project_of(2, [supply(1, "c0", "c1")])
    frame = Frame(id="f", rect=(100.0, -200.0, 900.0, 500.0))
    (place,) = free_places(project, ["c1"], {"c0": (-200.0, 0.0)}, boxes=(frame,)).values()
    assert not touch(card_rect(place), frame.rect)


def test_where_it_lies_puts_nothing_on_the_frame_of_a_jurisdiction() -> None:
    located = Located(id="l", source="cn", target="c0", role=LocationRole.INCORPORATED)
    project = project_of(1, [located], (Jurisdiction(id="cn", code="CN"),))
    (place,) = free_places(project, ["c0"], {"cn": (0.0, 0.0)}, boxes=(ROOMY,)).values()
    assert not touch(card_rect(place), ROOMY.rect)


def test_on_a_map_of_notes_alone_items_stand_below_them() -> None:
    note = Note(id="n", rect=(0.0, 0.0, 500.0, 900.0))
    places = free_places(project_of(3, []), ["c0", "c1", "c2"], {}, boxes=(note,))
    assert len(places) == 3
    assert all(y - CARD[1] / 2 > 900.0 for _, y in places.values())


@given(
    st.lists(
        st.tuples(
            st.booleans(),
            st.floats(-800, 800),
            st.floats(-500, 500),
            st.floats(40, 900),
            st.floats(40, 600),
        ),
        max_size=6,
    ),
    st.integers(1, 12),
)
@settings(max_examples=60, deadline=None)
def test_newcomers_never_cover_notes_nor_lie_across_the_edge_of_a_frame(
    drawn: list[tuple[bool, float, float, float, float]], new: int
) -> None:
    boxes: list[Box] = [
        Note(id=str(n), rect=rect) if is_note else Frame(id=str(n), rect=rect)
        for n, (is_note, *rest) in enumerate(drawn)
        for rect in [(rest[0], rest[1], rest[2], rest[3])]
    ]
    links: list[AnyLink] = [supply(n, "c0", f"c{n}") for n in range(1, new + 1)]
    found = free_places(
        project_of(new + 1, links), [f"c{n}" for n in range(1, new + 1)], {"c0": (0.0, 0.0)},
        boxes=boxes,
    )  # fmt: skip
    assert len(found) == new
    for place in found.values():
        for box in boxes:
            if isinstance(box, Frame):
                inside = within(box.rect, card_rect(place))
                assert inside or not touch(card_rect(place), box.rect)
            else:
                assert not touch(card_rect(place), box.rect)


def test_several_parts_go_to_a_frame_together_or_not_at_all() -> None:
    taken = Taken([(0.0, 0.0)], [ROOMY])
    home = taken.home_of((0.0, 0.0))
    assert home == ROOMY.rect
    assert taken.home_of((5000.0, 0.0)) is None
    pair: list[Point] = [(0.0, 0.0), (300.0, 0.0)]
    right, down = taken.step_for([(at, CARD) for at in pair], home)
    assert all(within(ROOMY.rect, card_rect((x + right, y + down))) for x, y in pair)
    long: list[Point] = [(x * 300.0, 0.0) for x in range(6)]
    right, down = taken.step_for([(at, CARD) for at in long], home)
    assert not any(touch(ROOMY.rect, card_rect((x + right, y + down))) for x, y in long)
