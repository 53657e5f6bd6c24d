"""Small random maps with ranges in them, and maps with the ranges fixed at chosen values."""

from __future__ import annotations

from drawn_maps import projects
from hypothesis import strategies as st
from msgspec.structs import replace

FIELDS = ("share", "votes", "cost", "ip_share", "own_ip", "bought_in")
WIDE = ((0.0, 0.2), (0.1, 0.6), (0.3, 0.5), (0.0, 1.0), (0.7, 1.0), (0.45, 0.55), (0.2, 0.2))
COSTS = ((0.0, 5.0), (1.0, 3.0), (0.0, 0.0), (10.0, 200.0))


def places(project):
    """(section, id, field) of every range of the map, naively."""
    found = []
    for section in ("entities", "links"):
        for id, record in getattr(project, section).items():
            for field in FIELDS:
                value = getattr(record, field, None)
                if isinstance(value, tuple):
                    found.append((section, id, field))
    return found


def put(project, values):
    """The project with fields at (section, id, field) set to values."""
    sections = {name: dict(getattr(project, name)) for name in ("entities", "links")}
    for (section, id, field), value in values.items():
        sections[section][id] = replace(sections[section][id], **{field: value})
    return replace(project, **sections)


@st.composite
def uncertain(draw, most=8, sums_below_one=False):
    """A random map in which up to ``most`` known quantities are ranges instead."""
    project = draw(projects())
    spots = [
        (section, id, field)
        for section in ("entities", "links")
        for id, record in getattr(project, section).items()
        for field in FIELDS
        if getattr(record, field, None) is not None
    ]
    for section, id, field in places(project):
        value = getattr(getattr(project, section)[id], field)
        project = put(project, {(section, id, field): value[1]})
    chosen = draw(st.lists(st.sampled_from(spots), max_size=most, unique=True)) if spots else []
    ranges = {}
    for section, id, field in chosen:
        low, high = draw(st.sampled_from(COSTS if field == "cost" else WIDE))
        ranges[section, id, field] = (low, (low + high) / 2, high)
    return put(project, ranges)
