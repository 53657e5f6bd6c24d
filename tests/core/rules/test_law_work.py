"""How much the law has to look at as a map grows: counted in questions asked, not in seconds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
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


def wholly_owned(size: int) -> Sketch:
    """A chain in which every company has all of the next."""
    sketch = Sketch()
    for number in range(size):
        sketch.company(f"c{number}", "CN" if number == 0 else "US")
        if number:
            sketch.link("owns", f"c{number - 1}", f"c{number}", share=1.0)
    return sketch


def steps(sketch: Sketch, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many shares are attributed while the law is applied."""
    counted = 0
    walk = Reach._walk

    def counting(self: Reach, *arguments: Any) -> dict[str, float]:
        nonlocal counted
        found = walk(self, *arguments)
        counted += len(found)
        return found

    with monkeypatch.context() as patch:
        patch.setattr(Reach, "_walk", counting)
        sketch.law()
    return counted


def test_a_chain_wholly_owned_is_attributed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    once, twice = (steps(wholly_owned(size), monkeypatch) for size in (40, 80))
    assert once > 0
    assert twice <= 2 * once + 20


@given(
    forms=st.lists(st.sampled_from(["corporation", "partnership"]), min_size=5, max_size=5),
    foreign=st.sets(st.integers(0, 4)),
    held=st.dictionaries(
        st.tuples(st.integers(0, 4), st.integers(0, 4)),
        st.sampled_from([0.1, 0.25, 0.3, 0.5, 0.6, 1.0]),
        max_size=8,
    ),
    together=st.sampled_from(["separate", "together"]),
)
def test_persons_left_out_change_no_limb(
    forms: list[str],
    foreign: set[int],
    held: dict[tuple[int, int], float],
    together: str,
) -> None:
    """The same limbs where nobody is left out as outdone by another."""
    sketch = Sketch()
    for number, form in enumerate(forms):
        sketch.company(f"c{number}", "CN" if number in foreign else "US", form=form)
    left = dict.fromkeys(range(5), 1.0)
    for (owner, owned), share in held.items():
        if owner != owned and share <= left[owned]:
            left[owned] -= share
            sketch.link("owns", f"c{owner}", f"c{owned}", share=share)
    with pytest.MonkeyPatch.context() as patch:
        found = sketch.law(single_owner_group=together).companies["us-obbba"]
        patch.setattr(Reach, "_is_outdone", lambda _self, _person: False)
        whole = sketch.law(single_owner_group=together).companies["us-obbba"]
    for id, status in found.items():
        assert status.answers == whole[id].answers
        for limb in ("sfe", "fie.single", "fie.aggregate"):
            own, theirs = status.limbs[limb].measure, whole[id].limbs[limb].measure
            assert (own is None) is (theirs is None)
            if own is not None and theirs is not None:
                assert (own.low, own.mode, own.high) == pytest.approx(
                    (theirs.low, theirs.mode, theirs.high), abs=1e-12
                )
