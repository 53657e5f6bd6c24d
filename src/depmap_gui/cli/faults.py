"""Faults that a person can do something about, as sentences for the terminal."""

from __future__ import annotations

from depmap_gui.analysis.context import Canceled
from depmap_gui.analysis.explain import ExplainError
from depmap_gui.analysis.uncertainty_results import UncertaintyError
from depmap_gui.domain.scenarios import ScenarioError
from depmap_gui.exchange.tables.grid import TableError
from depmap_gui.exchange.workbook_fault import WorkbookError
from depmap_gui.project.atomic import SaveError
from depmap_gui.project.file import ProjectFileError
from depmap_gui.rules.faults import PackError
from depmap_gui.session.rules import RulesFolderError


class CommandError(Exception):
    """A command that cannot be carried out as it was given; says why and what to do."""


def sentences(fault: Exception) -> list[str] | None:
    """The fault in sentences; None for a fault of the program itself."""
    match fault:
        case (
            ProjectFileError()
            | PackError()
            | SaveError()
            | ScenarioError()
            | ExplainError()
            | CommandError()
            | TableError()
            | WorkbookError()
            | RulesFolderError()
            | UncertaintyError()
        ):
            return str(fault).splitlines()
        case FileNotFoundError():
            return [str(fault)]
        case Canceled():
            return ["Stopped. Nothing was written."]
        case MemoryError():
            return ["There is not enough memory for this project. Nothing was written."]
        case _:
            return None
