"""The installed program tries itself: a sample in a window, scored, exported and drawn.

It is what a frozen build is judged by, so it touches every room and every shipped file.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from depmap_gui.analysis.results import Assessment
from depmap_gui.resources import samples
from depmap_gui.session.export import export_picture, export_workbook

PATIENCE_S = 60.0
SMALLEST_BYTES = 2_000


def run(out: Callable[[str], None]) -> int:
    """Try everything on each sample; returns 0, or 1 where something went wrong."""
    found = samples()
    if not found:
        out("FAILED: no sample project ships with this installation.")
        return 1
    try:
        for path in found:
            _try(path, out)
    except SelfTestFailure as failure:
        out(f"FAILED: {failure}")
        return 1
    out("Self-test passed.")
    return 0


class SelfTestFailure(Exception):
    """Something did not work; says what."""


def _try(path: Path, out: Callable[[str], None]) -> None:
    from depmap_gui.gui.app import application, open_window
    from depmap_gui.gui.render import render_bytes

    app = application()
    window = open_window(path)
    editor = window.editor
    try:
        assessment = _wait_for_scores(app.processEvents, lambda: editor.assessment)
        out(f"{path.name}: opened in a window and scored.")
        request = editor.session.request()
        with tempfile.TemporaryDirectory() as folder:
            for form in ("png", "svg", "pdf"):
                drawn = Path(folder) / f"map.{form}"
                export_picture(render_bytes(request.project, assessment, form), drawn)
                _require_content(drawn)
            workbook = Path(folder) / "workbook.xlsx"
            picture = (Path(folder) / "map.png").read_bytes()
            export_workbook(request, assessment, workbook, picture)
            _require_content(workbook)
        out(f"{path.name}: drawn as PNG, SVG and PDF, and exported as a workbook.")
    finally:
        window.close()
        app.processEvents()


def _wait_for_scores(
    process_events: Callable[[], None], current: Callable[[], Assessment | None]
) -> Assessment:
    deadline = time.monotonic() + PATIENCE_S
    while (assessment := current()) is None:
        if time.monotonic() > deadline:
            raise SelfTestFailure(f"no scores after {PATIENCE_S:.0f} seconds.")
        process_events()
        time.sleep(0.01)
    return assessment


def _require_content(path: Path) -> None:
    if path.stat().st_size < SMALLEST_BYTES:
        raise SelfTestFailure(f"{path.name} was written, but holds next to nothing.")
