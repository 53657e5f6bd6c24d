"""The benchmark measures every kind of frame of both, and says so in a table."""

from PySide6.QtWidgets import QApplication

from depmap_gui.gui.bench import canvas_benchmark


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
