"""The command line on a file whose view has notes, frames, bends and a viewport."""

from __future__ import annotations

from pathlib import Path

import pytest

from depmap_gui.cli.main import run
from depmap_gui.project.file import project_bytes, read_project

FILE = """{
"format": "depmap",
"version": 1,
"title": "Drawn on",
"currency": "USD",
"year": 2026,
"basis": "control",
"entities": [
{"id": "us", "kind": "jurisdiction", "name": "United States", "code": "US"},
{"id": "maker", "kind": "company", "name": "Maker Inc."},
{"id": "owner", "kind": "company", "name": "Owner Inc."}
],
"links": [
{"id": "l1", "kind": "located", "source": "us", "target": "maker", "role": "incorporated"},
{"id": "l2", "kind": "located", "source": "us", "target": "owner", "role": "incorporated"},
{"id": "l3", "kind": "owns", "source": "owner", "target": "maker", "share": 1}
],
"sources": [],
"scenarios": [],
"views": [
{"id": "v", "name": "Map", "positions": {"maker": [300, 0], "owner": [300, 200], "us": [0, 0]}, \
"notes": [{"id": "n", "text": "Ask counsel", "rect": [0, 300, 200, 96], "tint": "red"}], \
"frames": [{"id": "f", "title": "Phase 2", "rect": [160, -90, 280, 380]}], \
"bends": {"l3": [[520, 100]]}, "viewport": [0, 0, 800, 600]}
]
}
"""


@pytest.fixture
def drawn(tmp_path: Path) -> Path:
    path = tmp_path / "drawn.depmap"
    path.write_text(FILE.replace("\\\n", ""), encoding="utf-8")
    return path


def test_check_finds_nothing_wrong(drawn: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", str(drawn)]) == 0
    assert "no problems" in capsys.readouterr().out
    assert project_bytes(read_project(drawn)) == drawn.read_bytes()


def test_check_tells_of_ids_that_are_taken(drawn: Path, capsys: pytest.CaptureFixture[str]) -> None:
    drawn.write_text(drawn.read_text().replace('"id": "f"', '"id": "n"'))
    run(["check", str(drawn)])
    assert "the ids of notes or frames are taken already: 'n'" in capsys.readouterr().out


def test_a_malformed_frame_is_refused_with_its_line(
    drawn: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn.write_text(drawn.read_text().replace("[160, -90, 280, 380]", "[160, -90, 0]"))
    assert run(["check", str(drawn)]) != 0
    told = capsys.readouterr().err
    assert "line 21" in told
    assert "frames[0], rect" in told
    assert "four numbers [left, top, width, height]" in told


@pytest.mark.parametrize("form", ["svg", "png", "pdf"])
def test_render_draws_them(drawn: Path, tmp_path: Path, form: str) -> None:
    out = tmp_path / f"map.{form}"
    assert run(["render", str(drawn), "-o", str(out)]) == 0
    if form == "svg":
        assert b"Ask counsel" in out.read_bytes()
        assert b"Phase 2" in out.read_bytes()


def test_diff_tells_what_was_drawn_and_not_where_one_looked(
    drawn: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.depmap"
    text = drawn.read_text()
    other.write_text(text.replace("Ask counsel", "Done").replace("800, 600", "80, 60"))
    run(["diff", str(drawn), str(other)])
    told = capsys.readouterr().out
    assert "1 note changed" in told
    assert "looked" not in told
