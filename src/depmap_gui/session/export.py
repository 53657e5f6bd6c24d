"""What a project hands over: the workbook and the picture, each written whole or not at all."""

from __future__ import annotations

from pathlib import Path

from depmap_gui.analysis.context import Context
from depmap_gui.analysis.results import Assessment
from depmap_gui.project.atomic import write_atomically
from depmap_gui.session.session import ScoringRequest


def export_workbook(
    request: ScoringRequest,
    assessment: Assessment,
    path: Path,
    picture: bytes | None = None,
    context: Context | None = None,
) -> None:
    """Write the Excel workbook of an assessed project, with the map's PNG where one is given.

    Raises SaveError where the file cannot be written, Canceled where ``context`` says so; either
    way an older file of that name stays as it was.
    """
    # The workbook's libraries take half a second to import; most runs never need them.
    from depmap_gui.exchange.workbook import write_workbook

    write_atomically(
        path,
        lambda beside: write_workbook(
            request.project, assessment, request.packs, beside, picture=picture, context=context
        ),
    )


def export_picture(drawn: bytes, path: Path) -> None:
    """Write a drawn map. Raises SaveError."""
    write_atomically(path, lambda beside: beside.write_bytes(drawn))
