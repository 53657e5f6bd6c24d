"""The benchmark measures every kind of frame of both, and says so in a table."""

import pytest
from PySide6.QtWidgets import QApplication

from depmap_gui.gui.bench import Aim, canvas_benchmark
from depmap_gui.gui.bench_timing import Timing, timed


def test_the_table_has_a_ratio_for_each_kind_of_frame(qapp: QApplication) -> None:
    lines: list[str] = []
    canvas_benchmark(lines.append, sizes=(40,))
    for what in (
        "filling",
        "whole map redraw",
        "100% zoom redraw",
        "pan step",
        "drag step",
        "hit test",
    ):
        (row,) = [line for line in lines if line.strip().startswith(what)]
        assert row.rstrip().endswith("x"), row
        assert float(row.split()[-1].removesuffix("x")) > 0.0
    assert any("80 links" in line for line in lines)
    for what in ("groups", "ownership lens", "lanes by tier", "trace"):
        (row,) = [line for line in lines if line.strip().startswith(what)]
        assert row.count("(") == 3, row


@pytest.mark.parametrize(
    ("aim", "words"),
    [
        (Aim(8.0), "<= 8 met"),
        (Aim(7.9), "<= 7.9 missed"),
        (Aim(10.0, at_p95=True), "<= 10 p95 missed"),
        (Aim(12.5, at_p95=True), "<= 12.5 p95 met"),
    ],
)
def test_an_aim_is_held_to_what_it_says(aim: Aim, words: str) -> None:
    assert aim.verdict(Timing(9.0, 20.0, 8.0, 12.5)) == words


def test_every_call_is_counted_and_one_in_twenty_may_be_worse() -> None:
    calls: list[int] = []
    found = timed(lambda: calls.append(1), 40)
    assert len(calls) == 41
    assert 0.0 <= found.median <= found.p95
