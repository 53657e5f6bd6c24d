"""`depmap report`: a PDF, without a display, or a sentence that says why not."""

from __future__ import annotations

from pathlib import Path

import pytest

from depmap_gui.cli.main import run
from depmap_gui.resources import samples


@pytest.fixture
def sample() -> str:
    return str(next(path for path in samples() if "ford" in path.stem))


def test_it_writes_a_report(
    sample: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "report.pdf"
    arguments = ["--paper", "letter", "--scenario", "sc-cathode", "--year", "2027"]
    assert run(["report", sample, "-o", str(out), *arguments]) == 0
    assert capsys.readouterr().out == f"Wrote {out}.\n"
    content = out.read_bytes()
    assert content.startswith(b"%PDF")
    assert b"612" in content


def test_plants_go_by_id_or_name_and_parts_by_theirs(sample: str, tmp_path: Path) -> None:
    whole, part = tmp_path / "whole.pdf", tmp_path / "part.pdf"
    assert run(["report", sample, "-o", str(whole), "--plants", "BlueOval Marshall"]) == 0
    assert run(["report", sample, "-o", str(part), "--plants", "marshall", "--parts", "map"]) == 0
    assert len(part.read_bytes()) < len(whole.read_bytes())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--plants", "nobody"], "There is no item 'nobody' on this map."),
        (["--plants", "catl"], "There is no plant 'catl' on this map (it has: marshall)"),
        (["--scenario", "none"], "There is no scenario 'none'"),
        (["--seed", "-1"], "A seed is a whole number from 0"),
    ],
)
def test_what_cannot_be_reported_is_said_and_nothing_is_written(
    sample: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    said: str,
) -> None:
    out = tmp_path / "report.pdf"
    out.write_bytes(b"older")
    assert run(["report", sample, "-o", str(out), *arguments]) == 2
    assert said in capsys.readouterr().err
    assert out.read_bytes() == b"older"


def test_the_ending_must_be_pdf(
    sample: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["report", sample, "-o", str(tmp_path / "report.docx")]) == 2
    assert "must end in .pdf" in capsys.readouterr().err


def test_a_part_that_nobody_knows_is_a_usage_error(
    sample: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        run(["report", sample, "-o", str(tmp_path / "r.pdf"), "--parts", "maps"])
    assert "no part 'maps' (there are: map, plants, companies" in capsys.readouterr().err
