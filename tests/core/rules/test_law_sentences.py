"""How the law's reasons read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from law_maps import CELL, Sketch, pack

from depmap_gui.domain.in_force import MapInForce, last_day
from depmap_gui.rules.evaluate import evaluate
from depmap_gui.rules.setting import sentence


def texts_in(value: Any) -> Iterator[str]:
    """Every text under a result's plain form."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts_in(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from texts_in(part)


def abbreviated() -> Sketch:
    """Items whose names all end with a period, in all the sorts of place that reasons name."""
    sketch = Sketch()
    sketch.add("us", "jurisdiction", code="US", name="U.S.")
    sketch.add("cn", "jurisdiction", code="CN", name="P.R.C.")
    for id, home in (("maker", "US"), ("owner", "CN"), ("alone", "US"), ("owned", "US")):
        sketch.company(id, home, name=f"{id.title()} Inc.")
    sketch.company("person", "US", form="person", name="J. Doe Jr.")
    sketch.link("owns", "owner", "maker", share=0.3)
    sketch.link("owns", "maker", "owned", share=1.0, appoints=False)
    sketch.link("owns", "person", "alone", share=1.0, appoints=False)
    sketch.plant("works", "maker", {"id": "cells", "name": "Cells", "credit": CELL})
    sketch.entities["works"]["name"] = "Works No. 1 St."
    terms = {flag.term: False for flag in pack().flags.values() if flag.term}
    for id, stated in (("quiet", {}), ("clean", terms)):
        sketch.add(id, "license", name=f"{id.title()} Ltd.", terms=stated)
        sketch.link("uses", id, "works")
    sketch.link("licenses", "owner", "clean")
    return sketch


def test_no_reason_ends_with_two_periods() -> None:
    law = evaluate(MapInForce(abbreviated().project(), last_day(2026)), [pack()], 2026)
    found = list(texts_in(msgspec.to_builtins(law)))
    assert "The map shows no holder of Owner Inc." in found
    assert "The map shows no debt of Maker Inc." in found
    assert "The map names no licensor of Quiet Ltd." in found
    assert any("goes into Cells of Works No. 1 St." in text for text in found)
    assert any(text.endswith("lawful resident of U.S.") for text in found)
    assert [text for text in found if ".." in text] == []


@pytest.mark.parametrize("name", ["Maker Inc.", "Maker"])
def test_a_sentence_ends_with_one_period(name: str) -> None:
    assert sentence(f"This is {name}") == f"This is {name.removesuffix('.')}."
