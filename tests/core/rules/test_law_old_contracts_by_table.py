"""Items under old contracts where the ratio is measured by assigned percentages.

Grid storage of Notice 2025-08: cells 52.0, packaging 5.6, production of the pack 8.0.
"""

from __future__ import annotations

from typing import Any

import pytest
from law_maps import Sketch, cell_works

from depmap_gui.rules.results import TestResult, Verdict

OLD, NEW = "2025-06-15", "2025-06-16"
QUESTION = "question.contract-percentages"


def modules(**cells: Any) -> Sketch:
    """Battery modules sold in 2026: foreign cells, foreign packaging, production of its own."""
    sketch = cell_works(credit="45x/battery-module", table="storage/grid")
    sketch.company("foreign", "CN")
    sketch.company("other", "KR")
    for line, maker, fields in (
        ("cells", "foreign", cells),
        ("packaging", "foreign", {}),
        ("pack/production", "other", {}),
    ):
        sketch.link("supplies", maker, "works", item=line, line=line, **fields)
    return sketch


def measured(sketch: Sketch, year: int = 2026, **settled: str) -> TestResult:
    return sketch.test("macr.cost_percentage", year, **settled)


def test_whether_they_drop_out_by_this_method_is_open() -> None:
    """Counted: 8 of 65.6 are clean. Without the cells: 8 of 13.6."""
    test = measured(modules(contract=OLD))
    assert (test.low, test.high) == (pytest.approx(8 / 65.6), pytest.approx(8 / 13.6))
    assert test.mode is None
    assert QUESTION in test.open
    assert any("pack/cells" in reason.text for reason in test.because)


@pytest.mark.parametrize(("reading", "ratio"), [("left-out", 8 / 13.6), ("counted", 8 / 65.6)])
def test_each_reading_gives_one_figure(reading: str, ratio: float) -> None:
    test = measured(modules(contract=OLD), contract_percentages=reading)
    assert (test.low, test.high) == (pytest.approx(ratio), pytest.approx(ratio))
    assert QUESTION not in test.open


@pytest.mark.parametrize(("contract", "year"), [(NEW, 2026), (None, 2026), (OLD, 2027)])
def test_neither_newer_contracts_nor_later_sales(contract: str | None, year: int) -> None:
    test = measured(modules(contract=contract), year)
    assert (test.low, test.high) == (pytest.approx(8 / 65.6), pytest.approx(8 / 65.6))
    assert QUESTION not in test.open


def test_an_item_with_one_newer_contract_stays() -> None:
    sketch = modules(contract=OLD)
    sketch.link("supplies", "foreign", "works", item="cells", line="cells", contract=NEW)
    assert QUESTION not in measured(sketch).open


def test_no_choice_that_gains_nothing() -> None:
    """Leaving out clean cells would lower the ratio."""
    sketch = modules(contract=OLD)
    sketch.links = [
        link | ({"source": "other"} if link.get("line") == "cells" else {}) for link in sketch.links
    ]
    test = measured(sketch)
    assert (test.low, test.high) == (pytest.approx(60 / 65.6), pytest.approx(60 / 65.6))
    assert QUESTION not in test.open


def test_what_is_left_out_does_not_taint_the_making() -> None:
    """Foreign cells under an old contract, clean packaging, nobody marked for the production."""
    sketch = cell_works(credit="45x/battery-module", table="storage/grid")
    sketch.company("foreign", "CN")
    sketch.company("other", "KR")
    sketch.link("supplies", "foreign", "works", item="cells", line="cells", contract=OLD)
    sketch.link("supplies", "other", "works", item="packaging", line="packaging")
    test = measured(sketch, contract_percentages="left-out", production_line="component")
    assert (test.low, test.high) == (1.0, 1.0)
    assert test.verdict is Verdict.PASS
    counted = measured(sketch, contract_percentages="counted", production_line="component")
    assert counted.high == pytest.approx(5.6 / 65.6)


def test_item_by_item_the_clean_ones_stay() -> None:
    """All items under old contracts; read item by item, only the foreign ones are left out."""
    sketch = modules(contract=OLD)
    for link in sketch.links:
        if link["kind"] == "supplies":
            link["contract"] = OLD
    each = measured(sketch, contract_percentages="left-out", contract_election="each")
    assert (each.low, each.high) == (1.0, 1.0)
    together = measured(sketch, contract_percentages="left-out")
    assert together.high == pytest.approx(8 / 65.6)
