"""How long a workbook takes beside bare XlsxWriter writing the same cells."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar

import msgspec
import xlsxwriter

from depmap_gui.analysis.results import Assessment
from depmap_gui.domain.project import Project
from depmap_gui.exchange.sheets.plain_sheet import RecordingSheet
from depmap_gui.exchange.workbook import write_workbook
from depmap_gui.rules.pack import RulePack


class Timing(msgspec.Struct, frozen=True):
    """Seconds of processor time that the program's own workbook and bare XlsxWriter took, how many
    cells, and the most memory held (bytes) once the own one was written."""

    cells: int
    own: float
    bare: float
    held: int


def time_workbook(
    project: Project,
    assessment: Assessment,
    packs: Sequence[RulePack],
    folder: Path,
    *,
    held: Callable[[], int],
) -> Timing:
    """Write the workbook, then its cells again with XlsxWriter alone; both into ``folder``."""
    started = time.process_time()
    write_workbook(project, assessment, packs, folder / "own.xlsx")
    own = time.process_time() - started
    most = held()
    written: list[RecordingSheet] = []

    class Kept(RecordingSheet):
        """A recording sheet that is found again when all is written."""

        kept: ClassVar[list[RecordingSheet]] = written

        def __init__(self) -> None:
            super().__init__()
            self.kept.append(self)

    write_workbook(project, assessment, packs, folder / "recorded.xlsx", sheet_class=Kept)
    sheets = [sheet.cells for sheet in written]
    written.clear()
    started = time.process_time()
    _write_bare(sheets, folder / "bare.xlsx")
    bare = time.process_time() - started
    return Timing(sum(map(len, sheets)), own, bare, most)


def _write_bare(sheets: list[list[tuple[object, ...]]], path: Path) -> None:
    options = {"strings_to_urls": False, "strings_to_formulas": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as file:
        style = file.add_format({"font_size": 10})
        day = file.add_format({"num_format": "yyyy-mm-dd"})
        for cells in sheets:
            sheet = file.add_worksheet()
            for kind, row, column, value, *cached in cells:
                match kind:
                    case "s":
                        sheet.write_string(row, column, value, style)
                    case "n":
                        sheet.write_number(row, column, value, style)
                    case "d":
                        sheet.write_datetime(row, column, value, day)
                    case "b":
                        sheet.write_blank(row, column, None, style)
                    case _:
                        sheet.write_formula(row, column, value, style, cached[0])
