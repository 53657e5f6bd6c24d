"""A screen of its own for these tests, and the program started on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from desktop import Program, Starter, ended, lacking, screen


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of a virtual screen; skips where there can be none."""
    if missing := lacking():
        pytest.skip(f"no virtual screen without {', '.join(missing)}")
    with screen(tmp_path_factory.mktemp("desk")) as environment:
        yield environment


@pytest.fixture
def start(desk: dict[str, str], tmp_path: Path) -> Iterator[Starter]:
    """Starts the program with a home of its own, and ends what a failed test left running."""
    home = tmp_path / "home"
    home.mkdir()
    started: list[Program] = []

    def started_with(*arguments: str) -> Program:
        program = Program({**desk, "HOME": str(home)}, tmp_path, *arguments)
        started.append(program)
        program.until(lambda seen: seen["front"] and seen["focus"], "the window to have the keys")
        return program

    yield started_with
    for program in started:
        with ended(program.process):
            pass
