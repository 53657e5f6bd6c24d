"""Notes, frames, bends and viewports in files: kept, the same bytes, and refused where odd."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest

from depmap_gui.domain.checks import check
from depmap_gui.domain.project import Project
from depmap_gui.domain.views import Frame, Note, Tint, View
from depmap_gui.project.faults import ProjectFileError
from depmap_gui.project.file import parse_project, project_bytes
from depmap_gui.session.session import Session
from depmap_gui.session.viewports import looked_at

VIEW: dict[str, Any] = {
    "id": "v",
    "notes": [
        {"id": "n", "text": "Ask\nthem", "rect": [0, -8.5, 160, 90], "tint": "red", "later": [1]}
    ],
    "frames": [{"id": "f", "title": "Phase 2", "rect": [-40, 0, 640, 380]}],
    "bends": {"l2": [[1, 2]], "l1": [[10, 20.5], [30, 40]]},
    "viewport": [0, 0, 800, 600],
}


def file_of(view: object) -> bytes:
    plain = {"format": "depmap", "version": 1, "views": [view]}
    return json.dumps(plain).encode()


def test_notes_frames_and_bends_are_read_and_written_back() -> None:
    project = parse_project(file_of(VIEW))
    (view,) = project.views.values()
    (note,) = view.notes
    assert note == Note(
        id="n", text="Ask\nthem", rect=(0, -8.5, 160, 90), tint=Tint.RED, extra={"later": [1]}
    )
    assert view.frames == (Frame(id="f", title="Phase 2", rect=(-40, 0, 640, 380)),)
    assert view.frames[0].tint is Tint.GRAY
    assert view.bends == {"l2": ((1, 2),), "l1": ((10, 20.5), (30, 40))}
    written = project_bytes(project)
    assert parse_project(written) == project
    assert project_bytes(parse_project(written)) == written
    line = next(line for line in written.decode().splitlines() if line.startswith('{"id": "v"'))
    again = json.loads(line)
    assert list(again["bends"]) == ["l1", "l2"]
    assert {**again, "bends": VIEW["bends"]} == VIEW


def test_a_file_without_them_stays_as_it_is() -> None:
    before = project_bytes(parse_project(file_of({"id": "v", "positions": {"a": [1, 2]}})))
    for word in (b"notes", b"frames", b"bends", b"viewport"):
        assert word not in before


@pytest.mark.parametrize("seed", range(6))
def test_damage_to_what_a_view_holds_ends_in_faults_or_in_a_project(seed: int) -> None:
    random = Random(seed)
    odd: list[Any] = [None, True, -1, "", "x", [], {}, [[1]], 1e300, {"id": 1}, [None], "\ud800"]
    for _ in range(200):
        view = json.loads(json.dumps(VIEW))
        for _ in range(random.randint(1, 3)):
            damage(view, random, odd)
        project = opened(file_of(view))
        if project is not None:
            assert parse_project(project_bytes(project)) == project
            check(project, date(2026, 12, 31))


def damage(value: Any, random: Random, odd: list[Any]) -> None:
    """Put something odd in the place of something, at any depth."""
    places = list(value) if isinstance(value, dict) else list(range(len(value)))
    if not places:
        return
    place = random.choice(places)
    if isinstance(value[place], dict | list) and random.random() < 0.75:
        damage(value[place], random, odd)
    else:
        value[place] = json.loads(json.dumps(random.choice(odd)))


def opened(content: bytes) -> Project | None:
    try:
        return parse_project(content)
    except ProjectFileError as refusal:
        unfinished = [fault for fault in refusal.faults if not fault.message.endswith(".")]
        return pytest.fail(str(unfinished)) if unfinished else None


def test_an_id_with_half_of_a_character_is_told() -> None:
    with pytest.raises(ProjectFileError, match="The id cannot be read: it has half of a char"):
        parse_project(file_of({"id": "\ud800"}))


def test_where_one_looked_is_written_and_changes_nothing_else(tmp_path: Path) -> None:
    project = parse_project(file_of(VIEW))
    path = tmp_path / "a.depmap"
    session = Session(project)
    session.save_as(path)
    assert path.read_bytes() == project_bytes(project)
    session.viewports["v"] = (5.0, 6.0, 70.0, 80.0)
    session.viewports["gone"] = (1.0, 1.0, 1.0, 1.0)
    session.save()
    assert session.document.snapshot() == project
    assert not session.is_modified
    (saved,) = parse_project(path.read_bytes()).views.values()
    assert saved == msgspec.structs.replace(project.views["v"], viewport=(5.0, 6.0, 70.0, 80.0))
    session.viewports["v"] = None
    session.save()
    assert b"viewport" not in path.read_bytes()


def test_a_viewport_that_is_the_same_changes_nothing_at_all() -> None:
    project = Project(views={"v": View(id="v", viewport=(1.0, 2.0, 3.0, 4.0))})
    assert looked_at(project, {"v": (1.0, 2.0, 3.0, 4.0)}) is project
    assert looked_at(project, {}) is project
