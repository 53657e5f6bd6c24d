"""A workbook that an office suite opened and saved: nothing was edited, so nothing differs."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from depmap_gui.domain.kinds import Basis
from depmap_gui.resources import resource
from depmap_gui.rules.loader import load_pack
from depmap_gui.session.round_trip import compare_workbook

sys.path.insert(0, str(Path(__file__).parents[1] / "core" / "exchange"))
sys.path.insert(0, str(Path(__file__).parents[1] / "core" / "project"))
from every_field import every_field  # stands beside the tests of the project file
from test_workbook import nasty, works, written

OFFICE = shutil.which("soffice")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(OFFICE is None, reason="LibreOffice (soffice) is not installed"),
]


def resaved(paths: list[Path], folder: Path, form: str = "xlsx") -> list[Path]:
    """The workbooks as the office suite writes them, in a profile of its own."""
    out = folder / "out"
    assert OFFICE is not None
    run = subprocess.run(
        [OFFICE, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
         "--convert-to", form, "--outdir", str(out), *map(str, paths)],
        capture_output=True, timeout=900, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr.decode(errors="replace")
    return [out / path.with_suffix(f".{form}").name for path in paths]


def test_saving_it_in_an_office_suite_is_no_edit(tmp_path: Path) -> None:
    pack = load_pack(resource("rules", "us-obbba"))
    maps = {"works": works(), "economic": works(Basis.ECONOMIC), "nasty": nasty(),
            "every": every_field()}  # fmt: skip
    for name, base in maps.items():
        written(base, pack, tmp_path / f"{name}.xlsx")
    paths = [tmp_path / f"{name}.xlsx" for name in maps]
    for base, path in zip(maps.values(), resaved(paths, tmp_path), strict=True):
        found = compare_workbook(base, path)
        assert found.is_same, (path.name, [each.words for each in found.told], found.problems)
        assert found.after == base


def test_an_edit_survives_the_office_suite(tmp_path: Path) -> None:
    pack = load_pack(resource("rules", "us-obbba"))
    written(works(), pack, tmp_path / "w.xlsx")
    book = openpyxl.load_workbook(tmp_path / "w.xlsx")
    header = {cell.value: cell.column for cell in book["Supply"][4]}
    book["Supply"].cell(5, header["Cost"]).value = "=50+60"
    book["Plants"].cell(5, 4).value = 0.35
    book.save(tmp_path / "w.xlsx")
    (path,) = resaved([tmp_path / "w.xlsx"], tmp_path)
    found = compare_workbook(works(), path)
    assert [each.words for each in found.told] == [
        "Works: own IP changed from 30% to 35%.",
        (
            "The supply Child of CellCo → Works (Foil): cost changed from 100 (80 to 130) to "
            "110 (80 to 130)."
        ),
    ]
    assert any("is a formula; the value it shows is taken" in each for each in found.notices)
