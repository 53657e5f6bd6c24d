"""Material assistance by the assigned percentages of Notice 2025-08."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from law_maps import Sketch, cell_works, examples, pack

from depmap_gui.rules.cost_tables import lines_called, table_of
from depmap_gui.rules.results import TestResult, Verdict
from depmap_gui.rules.safe_harbor import TableLine

Example = dict[str, Any]
CREDITS = {"energy_storage_technology": "48e/storage", "qualified_facility": "48e/facility"}
LINES = {
    table.id: {column.id: [line for line in table.lines if column.id in line.percent]
               for column in table.columns}
    for table in pack().tables.values()
}  # fmt: skip


def system(table: str, column: str, year: int = 2026, credit: str = "48e/storage") -> Sketch:
    """A plant whose construction begins in the year; no supplies yet, a maker of each kind."""
    sketch = cell_works(
        credit=credit, table=f"{table}/{column}", construction_start=f"{year}-03-01"
    )
    sketch.company("foreign-maker", "CN")
    sketch.company("other-maker", "KR")
    sketch.company("somebody", None)
    return sketch


def supply(sketch: Sketch, line: str, *, foreign: bool, **fields: Any) -> None:
    maker = "foreign-maker" if foreign else "other-maker"
    sketch.link("supplies", fields.pop("maker", maker), "works", item=line, line=line, **fields)


def measured(sketch: Sketch, year: int = 2026, **settled: str) -> TestResult:
    return sketch.test("macr.cost_percentage", year, **settled)


def ids(found: list[Example]) -> list[Any]:
    return [pytest.param(example, id=example["id"]) for example in found]


WORKED = [e for e in examples("cost_percentage") if "pfe_lines" in e["inputs"]]


@pytest.mark.parametrize("example", ids(WORKED))
def test_worked_example(example: Example) -> None:
    """All lines of the column are present; those named are of a prohibited foreign entity."""
    inputs, expected = example["inputs"], example["expected"]
    named = f"{inputs['table']}/{inputs['column']}"
    found = table_of(pack(), named)
    assert found is not None
    table, column = found
    sketch = system(inputs["table"], inputs["column"], inputs["year"],
                    CREDITS[inputs["category"]])  # fmt: skip
    foreign = {(row["product"], row["line"]): row["pct"] for row in inputs["pfe_lines"]}
    for line in LINES[table.id][column.id]:
        key = (table.products[line.product], line.id.replace("-", "_"))
        supply(sketch, f"{key[0]}: {key[1]}", foreign=key in foreign)
        assert foreign.pop(key, line.percent[column.id]) == line.percent[column.id]
    assert not foreign
    test = measured(sketch, inputs["year"])
    assert test.low == test.high == test.mode
    assert test.low * 100 == pytest.approx(expected["macr_pct"], abs=1e-9)
    assert test.threshold * 100 == pytest.approx(expected["threshold_pct"], abs=1e-12)
    assert test.verdict == ("pass" if expected["passes"] else "fail")
    assert str(expected["total_pct"]).removesuffix(".0") in test.because[1].text
    credit = sketch.credit(inputs["year"])
    assert (credit.status == "ineligible") is not expected["passes"]


def test_example_of_the_notice_fails_whatever_its_lines_were() -> None:
    """27.2% is known of the Notice's storage example, its lines are not: five sets of clean lines
    of the grid column and two of the other come to it, and each fails."""
    (example,) = [e for e in examples("cost_percentage") if "pfe_lines" not in e["inputs"]]
    wanted = example["expected"]
    found = 0
    for column, lines in LINES["storage"].items():
        for chosen in sets_of_tenths(lines, column, round(wanted["macr_pct"] * 10)):
            found += 1
            sketch = system("storage", column)
            for number, line in enumerate(lines):
                supply(sketch, f"{line.product}/{line.id}", foreign=number not in chosen)
            test = measured(sketch)
            assert test.low * 100 == pytest.approx(wanted["macr_pct"], abs=1e-9)
            assert test.threshold * 100 == pytest.approx(wanted["threshold_pct"])
            assert test.verdict is Verdict.FAIL
    assert found == 7


def sets_of_tenths(lines: list[TableLine], column: str, wanted: int) -> list[tuple[int, ...]]:
    """The sets of lines whose percentages, in tenths, add up to `wanted`."""
    tenths = [round(line.percent[column] * 10) for line in lines]
    return [
        chosen
        for size in range(len(lines) + 1)
        for chosen in itertools.combinations(range(len(lines)), size)
        if sum(tenths[number] for number in chosen) == wanted
    ]


@pytest.mark.parametrize(
    ("column", "foreign", "ratio", "passes_in"),
    [
        ("grid", ["pack"], 34.4, []),
        ("grid", ["cells"], 48.0, []),
        ("grid", ["packaging", "pack/production", "inverter", "container"], 52.0, []),
        ("grid", ["inverter", "container"], 65.6, [2026, 2027, 2028]),
        ("distributed", ["pack"], 56.8, [2026]),
    ],
)
def test_storage_by_year(
    column: str, foreign: list[str], ratio: float, passes_in: list[int]
) -> None:
    """Combinations of the storage table, by the threshold of the year construction begins."""
    for year in range(2026, 2031):
        sketch = system("storage", column, year)
        table = pack().tables["storage"]
        tainted = {line for name in foreign for line in lines_of(name)}
        for line in LINES["storage"][column]:
            supply(
                sketch,
                f"{line.product}/{line.id}",
                foreign=(line.product, line.id) in tainted,
            )
        test = measured(sketch, year)
        assert test.low * 100 == pytest.approx(ratio, abs=1e-9)
        assert (test.verdict is Verdict.PASS) is (year in passes_in)
        assert table.title in test.because[1].text


def lines_of(name: str) -> list[tuple[str, str]]:
    found = lines_called(pack().tables["storage"], name, "")
    return [(line.product, line.id) for line in found]


def test_a_supply_may_stand_for_a_whole_product() -> None:
    sketch = system("storage", "grid")
    supply(sketch, "Battery pack/module", foreign=True)
    supply(sketch, "inverter", foreign=False)
    supply(sketch, "container", foreign=False)
    assert measured(sketch).low * 100 == pytest.approx(34.4, abs=1e-9)


def test_only_listed_items_present_count() -> None:
    """A pack of foreign cells in clean packaging, nothing else: 5.6 and 8 of 65.6."""
    sketch = system("storage", "grid")
    supply(sketch, "cells", foreign=True)
    supply(sketch, "packaging", foreign=False)
    supply(sketch, "pack/production", foreign=False)
    test = measured(sketch)
    assert test.low == pytest.approx(13.6 / 65.6, abs=1e-12)
    assert "65.6" in test.because[1].text


def test_production_that_nobody_marks_is_open_beside_a_foreign_component() -> None:
    sketch = system("storage", "grid")
    for line in LINES["storage"]["grid"]:
        if not line.production:
            supply(sketch, f"{line.product}/{line.id}", foreign=line.id == "cells")
    test = measured(sketch)
    assert (test.low * 100, test.high * 100) == (pytest.approx(40.0), pytest.approx(48.0))
    assert "question.production-line" in test.open
    for reading, ratio in (("maker", 48.0), ("component", 40.0)):
        settled = measured(sketch, production_line=reading)
        assert settled.low == settled.high
        assert settled.low * 100 == pytest.approx(ratio, abs=1e-9)
        assert settled.open == ()
    supply(sketch, "pack/production", foreign=False)
    assert measured(sketch).low * 100 == pytest.approx(48.0, abs=1e-9)


@pytest.mark.parametrize(("column", "ratio"), [("grid", 34.4), ("distributed", 56.8)])
def test_lines_of_one_name_stand_in_the_order_of_the_table(column: str, ratio: float) -> None:
    """Three supplies called `production`, as many as the table has: each is one of them."""
    sketch = system("storage", column)
    for line in LINES["storage"][column]:
        supply(sketch, line.id, foreign=line.product == "pack")
    assert measured(sketch).low * 100 == pytest.approx(ratio, abs=1e-9)
    assert measured(sketch).mode is not None
    supply(sketch, "production", foreign=False)
    assert measured(sketch).mode is None


def test_a_line_of_two_suppliers_is_split_by_cost_or_open() -> None:
    sketch = system("storage", "grid")
    supply(sketch, "pack", foreign=True, cost=30)
    supply(sketch, "pack", foreign=False, cost=10)
    assert measured(sketch).low == pytest.approx(0.25)
    del sketch.links[-1]["cost"]
    test = measured(sketch)
    assert (test.low, test.high, test.mode) == (0.0, 1.0, None)
    assert "macr.maker" in test.open


def test_unknown_maker_makes_an_interval() -> None:
    sketch = system("storage", "grid")
    supply(sketch, "pack", foreign=False, maker="somebody")
    supply(sketch, "inverter", foreign=False)
    supply(sketch, "container", foreign=False)
    test = measured(sketch)
    assert (test.low * 100, test.high) == (pytest.approx(34.4), 1.0)
    assert test.verdict is Verdict.UNCERTAIN
    assert "pack/cells" in test.flips[0].text


@pytest.mark.parametrize("wrong", ["table", "line"])
def test_names_that_no_table_has_are_said(wrong: str) -> None:
    sketch = system("storage", "grid")
    supply(sketch, "cells", foreign=True)
    if wrong == "table":
        sketch.entities["works"]["products"][0]["table"] = "storage/home"
        test = measured(sketch)
        assert test.verdict is Verdict.UNKNOWN
        assert "storage/home" in test.because[0].text
        assert "storage/grid" in test.because[0].text
    else:
        supply(sketch, "gold plating", foreign=False)
        test = measured(sketch)
        assert test.low == 0.0
        assert "macr.line" in test.open
        assert any("gold plating" in reason.text for reason in test.because)


def test_a_product_without_lines_is_unknown_and_without_a_table_not_asked() -> None:
    sketch = system("storage", "grid")
    assert measured(sketch).verdict is Verdict.UNKNOWN
    assert "macr.line" in measured(sketch).open
    del sketch.entities["works"]["products"][0]["table"]
    assert "macr.cost_percentage" not in {test.id for test in sketch.credit().tests}


def test_cells_have_no_percentages_of_their_own() -> None:
    """Of the components of section 45X the Notice lists modules, inverters and solar modules."""
    asked = {id for id, c in pack().credits.items() if "macr.cost_percentage" in c.tests}
    inverters = {f"45x/inverter-{kind}" for kind in
                 ("central", "utility", "commercial", "residential", "micro")}  # fmt: skip
    listed = {"45x/battery-module", "45x/solar-module"}
    assert asked == {*inverters, *listed, "48e/storage", "48e/facility", "45y/facility"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("storage/grid", ("storage", "grid")),
        ("battery_storage/grid_scale_over_1MWh", ("storage", "grid")),
        ("Storage: distributed", ("storage", "distributed")),
        ("solar_ground_mount/tracking_domestic_wafer", ("solar-ground", "tracking-domestic-wafer")),
        ("wind", ("wind", "all")),
        ("land_based_wind/all", ("wind", "all")),
        ("storage", None),
        ("", None),
        (None, None),
    ],
)
def test_tables_are_found_by_their_names(
    name: str | None, expected: tuple[str, str] | None
) -> None:
    found = table_of(pack(), name)
    assert (None if found is None else (found[0].id, found[1].id)) == expected


@pytest.mark.parametrize(
    ("line", "item", "expected"),
    [
        ("cells", "", [("pack", "cells")]),
        ("pack/cells", "", [("pack", "cells")]),
        ("battery management", "", [("container", "battery-management-system")]),
        ("circuit boards", "", [("inverter", "pcb-assemblies")]),
        ("production", "", [(p, "production") for p in ("pack", "inverter", "container")]),
        ("production", "making of the pack", [("pack", "production")]),
        ("inverter", "", [("inverter", line.id) for line in LINES["storage"]["grid"]
                          if line.product == "inverter"]),
        ("gold plating", "", []),
    ],
)  # fmt: skip
def test_lines_are_found_by_their_names(
    line: str, item: str, expected: list[tuple[str, str]]
) -> None:
    found = lines_called(pack().tables["storage"], line, item)
    assert [(each.product, each.id) for each in found] == expected
