"""How much the law has to look at as a map grows: counted in questions asked, not in seconds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from law_maps import Sketch

from depmap_gui.rules.attribution import Reach

COUNTED = ("aggregate", "each", "groups")


def chain(size: int) -> Sketch:
    """Each company controls the next but owns too little of the one after it."""
    sketch = Sketch()
    for number in range(size):
        sketch.company(f"c{number}", "CN" if number == 0 else "US")
        if number:
            sketch.link("owns", f"c{number - 1}", f"c{number}", share=0.6)
    return sketch


def parent(size: int) -> Sketch:
    """One specified foreign entity controls every other company."""
    sketch = Sketch()
    sketch.company("parent", "CN")
    for number in range(size):
        sketch.company(f"c{number}")
        sketch.link("owns", "parent", f"c{number}", share=0.7)
    return sketch


def many_holders(size: int) -> Sketch:
    """One company whose holders, half of them Chinese, each have a little."""
    sketch = Sketch()
    sketch.company("owned")
    for number in range(size):
        sketch.company(f"c{number}", "CN" if number % 2 else "US")
        sketch.link("owns", f"c{number}", "owned", share=0.9 / size)
    return sketch


def asked(sketch: Sketch, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each question of ownership is asked while the law is applied."""
    times: Counter[str] = Counter()

    def counting(name: str) -> Callable[..., Any]:
        question = getattr(Reach, name)

        def counted(*arguments: Any, **named: Any) -> Any:
            times[name] += 1
            return question(*arguments, **named)

        return counted

    with monkeypatch.context() as patch:
        for name in COUNTED:
            patch.setattr(Reach, name, counting(name))
        sketch.law()
    return times


@pytest.mark.parametrize("shape", [chain, parent, many_holders])
def test_twice_the_map_asks_no_more_than_twice_as_much(
    shape: Callable[[int], Sketch], monkeypatch: pytest.MonkeyPatch
) -> None:
    once, twice = (asked(shape(size), monkeypatch) for size in (40, 80))
    assert once["aggregate"] > 0
    for question in COUNTED:
        assert twice[question] <= 2 * once[question] + 20, question


def test_companies_without_owners_ask_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    sketch = Sketch()
    for number in range(40):
        sketch.company(f"c{number}", "CN" if number % 2 else "US")
    assert asked(sketch, monkeypatch) == Counter()
