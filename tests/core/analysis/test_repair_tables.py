"""The way back by the percentages of Notice 2025-08: worked examples, and by trying all."""

from __future__ import annotations

import random

import pytest
from repair_maps import CN, KR, Drawn, pack
from test_repair import every_way, judged_after, made, ranked

from depmap_gui.analysis.repair import repair
from depmap_gui.analysis.repair_case import case_of
from depmap_gui.analysis.repair_results import Ending, MoveKind, RepairResult, RepairRules
from depmap_gui.rules.cost_tables import table_of

found_table = table_of(pack(), "storage/grid")
assert found_table is not None
TABLE, COLUMN = found_table
LINES = [line for line in TABLE.lines if COLUMN.id in line.percent]
CELLS, PACKAGING = "pack/cells", "pack/packaging"


def storage(year: int = 2026) -> Drawn:
    """A storage plant of the grid column, begun in the year."""
    return Drawn(year, credit="48e/storage", table="storage/grid",
                 construction_start=f"{year}-03-01")  # fmt: skip


def with_lines(drawn: Drawn, *foreign: str, cost: float | None = None) -> Drawn:
    """Every line of the column from a maker of its own; those named from China. Of direct cost
    cells are nearly all, so that by it more would have to be moved than by the table."""
    for line in LINES:
        name = f"{line.product}/{line.id}"
        of_cells = 99 * cost if cost is not None and name == CELLS else cost
        drawn.supply(name, CN if name in foreign else KR, of_cells, name, line=name)
    return drawn


def found(drawn: Drawn, **rules: object) -> RepairResult:
    return repair(drawn.project(), [pack()], "works", rules=RepairRules(**rules))  # type: ignore[arg-type]  # the rules' own fields


@pytest.mark.parametrize(
    ("year", "foreign", "part"),
    [
        # Cells are 52: of them 45 may be barred in 2026 (55%), 40 in 2027, 35 in 2028, 25 in 2030.
        (2026, (CELLS,), 7 / 52),
        (2027, (CELLS,), 12 / 52),
        (2028, (CELLS,), 17 / 52),
        (2030, (CELLS,), 27 / 52),
        # With packaging, 5.6, and production, 8, the pack is 65.6: 20.6 must go in 2026.
        (2026, (CELLS, PACKAGING, "pack/production"), 20.6 / 52),
    ],
)
def test_worked_examples_are_mended_by_a_part_of_the_cells(
    year: int, foreign: tuple[str, ...], part: float
) -> None:
    drawn = with_lines(storage(year), *foreign, cost=10.0)
    result = found(drawn)
    (step,) = made(result.ways[0]).values()
    assert set(made(result.ways[0])) == {f"re-source:{CELLS}"}
    assert step is not None
    assert part <= step < part + 0.001
    test = judged_after(drawn.project(), result.ways[0])["cells", "macr.cost_percentage"]
    assert test.low is not None
    assert test.threshold is not None
    assert test.low >= test.threshold


def test_the_dearest_line_is_no_way_where_a_small_one_will_do() -> None:
    # Cells and one more line: 52 + 1.4 barred leaves 46.6%; the small line alone cures nothing.
    drawn = with_lines(storage(), CELLS, "inverter/pcb-assemblies")
    drawn.candidate("board", KR, None, "inverter/pcb-assemblies", line="inverter/pcb-assemblies")
    drawn.candidate("cell", KR, None, CELLS, line=CELLS)
    result = found(drawn)
    assert [set(made(way)) for way in result.ways] == [
        {f"swap:{CELLS}:cell"}, {f"re-source:{CELLS}"},
    ]  # fmt: skip
    assert result.ending is Ending.ALL_FOUND


@pytest.mark.parametrize("seed", range(24))
def test_all_ways_are_found_among_whole_moves(seed: int) -> None:
    """No costs are known, so every move is whole and all sets of them can be tried."""
    by = random.Random(seed)
    drawn = storage(by.choice([2026, 2028, 2030]))
    for line in by.sample(LINES, 5):
        name = f"{line.product}/{line.id}"
        drawn.supply(name, by.choice([CN, CN, KR, None]), None, name, line=name)
        if by.random() < 0.5:
            drawn.candidate(f"x {name}", by.choice([KR, CN]), None, name, line=name)
    project = drawn.project()
    rules = RepairRules(alternatives=200)
    result = repair(project, [pack()], "works", rules=rules)
    assert result.ending is not Ending.OUT_OF_TIME
    if result.ending is Ending.ELIGIBLE:
        return
    case = case_of(project, [pack()], "works", None, rules)
    expected = every_way(case, result.allowed)
    assert [each[:4] for each in map(ranked, result.ways)] == [each[:4] for each in expected]
    assert {ranked(way)[4] for way in result.ways} == {each[4] for each in expected}


def test_items_that_are_split_in_part_are_not_searched_forever() -> None:
    """Every line of the column from China, all of known cost: many shares could be moved."""
    names = [f"{line.product}/{line.id}" for line in LINES]
    drawn = with_lines(storage(2030), *names, cost=10.0)
    result = found(drawn, seconds=300.0)
    assert result.ways[0].gap is None
    assert result.judged < 60
    assert {each.move.kind for each in result.ways[0].moves} == {MoveKind.RESOURCE}
