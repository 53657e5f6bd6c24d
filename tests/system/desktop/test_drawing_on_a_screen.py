"""A small map drawn on a real (virtual) screen, by mouse and by keyboard, saved and reopened."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from desktop import Program, Starter

pytestmark = pytest.mark.slow

ITEMS = (
    ("China", "jurisdiction", "J", (160, 90)),
    ("CellCo", "company", "C", (160, 260)),
    ("Deal", "license", "L", (430, 90)),
    ("Anode", "material", "M", (430, 350)),
    ("Works", "plant", "P", (660, 220)),
)
"""Name, kind, key, and place from the canvas's corner."""
LINKS: tuple[tuple[str, str, str, str], ...] = (
    ("China", "located", "CellCo", ""),
    ("CellCo", "licenses", "Deal", ""),
    ("Deal", "uses", "Works", "60%"),
    ("CellCo", "supplies", "Works", "300m"),
    ("Anode", "supplies", "Works", "12.5m"),
)
"""Source, kind, target, and the figure typed on the link."""
VERBS = {
    "located": "is home or site of",
    "licenses": "grants technology under",
    "uses": "is used by",
    "supplies": "supplies",
}
EXPECTED = {
    ("jurisdiction", "China", "code", "CN"),
    ("company", "CellCo"),
    ("license", "Deal"),
    ("material", "Anode"),
    ("plant", "Works"),
    ("China", "located", "CellCo", "role", "incorporated"),
    ("CellCo", "licenses", "Deal"),
    ("Deal", "uses", "Works", "share", 0.6),
    ("CellCo", "supplies", "Works", "cost", 300e6),
    ("Anode", "supplies", "Works", "cost", 12.5e6),
}


def stated(path: Path) -> set[tuple[Any, ...]]:
    """What a map's file states, by name and not by id: each item, and each link with its facts."""
    told = json.loads(path.read_text(encoding="utf-8"))
    names = {entity["id"]: entity["name"] for entity in told["entities"]}
    assert len(set(names.values())) == len(names)
    found: set[tuple[Any, ...]] = set()
    for entity in told["entities"]:
        further = {key: entity[key] for key in entity if key not in ("id", "kind", "name")}
        found.add((entity["kind"], entity["name"], *_facts(further)))
    for link in told["links"]:
        ends = names[link["source"]], link["kind"], names[link["target"]]
        known = ("id", "kind", "source", "target")
        found.add((*ends, *_facts({key: link[key] for key in link if key not in known})))
    return found


def _facts(further: dict[str, Any]) -> list[Any]:
    return [word for key in sorted(further) for word in (key, further[key])]


def links_drawn(program: Program, count: int) -> None:
    """Wait for so many links to be on the map."""
    program.until(lambda seen: len(seen["links"]) == count, f"{count} links")


def by_mouse(program: Program) -> None:
    """Drag each kind from the toolbar and name it; pull lines from port to port."""
    program.click(program.part("New map"))
    program.until(lambda seen: seen["is_open"], "an empty map")
    seen = program.look()
    left, top = seen["canvas"][:2]
    for name, kind, _, (x, y) in ITEMS:
        program.drag(program.part(f"Add a {kind}"), (left + x, top + y))
        program.types(name, into="Name of New")
        program.card(name)
    for number, (source, kind, target, figure) in enumerate(LINKS, start=1):
        pull(program, source, target)
        choose(program, source, kind, target, number)
        if figure:
            program.click(program.label(source, kind, target), times=2)
            program.types(figure, into=": ")
            program.until(lambda seen: "typed" in seen and not seen["typed"], "the line to close")


def pull(program: Program, source: str, target: str) -> None:
    """Pull a line from the right port of a card onto another card."""
    half = round(106 * program.look()["zoom"])
    start, end = program.card(source), program.card(target)
    program.hands("mousemove", *start)
    program.look()
    program.drag((start[0] + half, start[1]), end)


def choose(program: Program, source: str, kind: str, target: str, number: int) -> None:
    """Take the wanted kind where several are offered; the one that fits is drawn at once."""
    words = f"{source} {VERBS[kind]} {target}"
    seen = program.until(
        lambda seen: seen["entries"] or len(seen["links"]) == number, f"a link: {words}"
    )
    if seen["entries"]:
        program.click(program.entry(words))
    links_drawn(program, number)
    program.until(lambda seen: [source, kind, target] in seen["links"], words)


def by_keyboard(program: Program) -> None:
    """The same map without touching the mouse."""
    program.keys("ctrl+n")
    program.until(lambda seen: seen["is_open"] and "Map" in seen["focus"], "an empty map")
    for name, _, key, _ in ITEMS:
        program.keys(key.lower())
        program.types(name, into="Name of New")
        program.until(lambda seen, name=name: name in seen["cards"], name)
    for number, (source, kind, target, figure) in enumerate(LINKS, start=1):
        walk_to(program, source)
        program.keys("k")
        program.types(target, into="type a name")
        choose_by_key(program, source, kind, target, number)
        if figure:
            program.keys("F2")
            program.types(figure, into=": ")
            program.until(lambda seen: "Map" in seen["focus"], "the map to have the keys")


def walk_to(program: Program, name: str) -> None:
    """From no card at all, press Tab on the map until the card is selected."""
    program.until(lambda seen: not seen["entries"], "the menu to close")
    program.keys("Escape")
    program.until(lambda seen: not seen["selected"], "nothing to be selected")
    for _ in ITEMS:
        program.keys("Tab")
        if program.look()["selected"] == [name]:
            return
    raise AssertionError(f"Tab does not lead to {name}: {program.look()}")


def choose_by_key(program: Program, source: str, kind: str, target: str, number: int) -> None:
    """Go down the menu of kinds to the wanted one."""
    words = f"{source} {VERBS[kind]} {target}"
    seen = program.until(
        lambda seen: seen["entries"] or len(seen["links"]) == number, f"a link: {words}"
    )
    names = [entry["name"].replace("&", "") for entry in seen["entries"]]
    if names:
        (place,) = [row for row, name in enumerate(names) if words in name]
        program.keys(*["Down"] * place, "Return")
    links_drawn(program, number)
    program.until(lambda seen: [source, kind, target] in seen["links"], words)


def save_by_mouse(program: Program, path: Path) -> None:
    """Choose Save in the menu, type the name in the dialog, press its button."""
    program.opens("&File", "Save as")
    program.types(str(path), into="LineEdit", ends_with="")
    program.click(program.part("&Save"))


def save_by_key(program: Program, path: Path) -> None:
    """Save under a name typed in the dialog."""
    program.keys("ctrl+s")
    program.types(str(path), into="LineEdit")


def quit_by_key(program: Program) -> None:
    program.hands("key", "ctrl+q")
    program.ends()


@pytest.mark.parametrize(
    ("draw", "save"), [(by_mouse, save_by_mouse), (by_keyboard, save_by_key)], ids=["mouse", "keys"]
)
def test_a_map_drawn_on_a_screen_is_what_was_meant(
    start: Starter,
    tmp_path: Path,
    draw: Callable[[Program], None],
    save: Callable[[Program, Path], None],
) -> None:
    program = start()
    draw(program)
    path, again = tmp_path / "drawn.depmap", tmp_path / "again.depmap"
    save(program, path)
    program.until(lambda seen: not seen["is_modified"] and path.exists(), "the map to be saved")
    assert stated(path) == EXPECTED
    quit_by_key(program)

    program = start(str(path))
    program.until(lambda seen: seen["title"].startswith("drawn.depmap"), "the map to open")
    program.keys("ctrl+shift+s")
    program.types(str(again), into="LineEdit")
    program.until(lambda seen: again.exists() and "again" in seen["title"], "the second file")
    quit_by_key(program)
    assert again.read_bytes() == path.read_bytes()
