"""File > Export report: asks what it is to hold, and writes it in the background."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from depmap_gui.analysis.context import Context
from depmap_gui.analysis.results import Assessment
from depmap_gui.domain.records import Plant
from depmap_gui.gui.action_handlers_file import FileActions
from depmap_gui.gui.coloring import Coloring
from depmap_gui.gui.dialogs.questions import FileKind, Questions
from depmap_gui.gui.dialogs.report_options import ReportOptionsDialog
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.report.paper import Paper, usual_paper
from depmap_gui.gui.view_edits import with_view_first
from depmap_gui.project.atomic import write_bytes_atomically
from depmap_gui.session.report import ReportOptions
from depmap_gui.session.session import ScoringRequest


class ReportActions(QObject):
    """The report of the map as it is seen now: its scenario, year, basis, view and coloring."""

    def __init__(
        self, editor: Editor, files: FileActions, questions: Questions, window: QWidget
    ) -> None:
        super().__init__(window)
        self._editor, self._files, self._questions = editor, files, questions
        self._window = window

    def handlers(self) -> dict[str, Callable[[], object]]:
        """What each action of this file does, by id."""
        return {"file.export_report": self.ask}

    def ask(self) -> None:
        """Ask what the report is to hold, then for a file."""
        plants = [(each.id, each.name or each.id) for each in self._editor.project.of_kind(Plant)]
        dialog = ReportOptionsDialog(plants, usual_paper(), self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self._export(dialog))
        dialog.open()

    def _export(self, dialog: ReportOptionsDialog) -> None:
        options = ReportOptions(
            plants=dialog.chosen_plants,
            parts=dialog.chosen_parts,
            jurisdiction=self._editor.jurisdiction,
        )
        suggestion = self._files.suggestion("pdf")
        suggestion = suggestion.with_name(f"{suggestion.stem} report.pdf")
        path = self._questions.file_to_save("Export report", suggestion, FileKind.REPORT)
        if path is not None:
            self.write(path, options, dialog.paper)

    def write(self, path: Path, options: ReportOptions, paper: Paper) -> None:
        """Write the report in the background, with scores that belong to the map as it stands."""
        editor = self._editor
        coloring = Coloring(editor.color_by, editor.jurisdiction)
        view = editor.view.id
        today = date.today()  # noqa: DTZ011 - the person's own day is meant

        def write(request: ScoringRequest, assessment: Assessment) -> None:
            def job(context: Context) -> Path:
                # Setting pages takes fonts and drawings that most sessions never need.
                from depmap_gui.gui.report.pdf import report_pdf

                seen = ScoringRequest(
                    with_view_first(request.project, view),
                    request.scenario,
                    request.packs,
                    request.refused,
                )
                made = report_pdf(
                    seen, assessment, options, paper, today, coloring=coloring, context=context
                )
                write_bytes_atomically(path, made)
                return path

            self._files.start_writing("Writing the report", "report", job)

        self._files.with_scores("report", write)
