"""Explanations in the background: what a figure is added up from, asked for by the panels."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import QObject, Signal, Slot

from depmap_gui.analysis.context import Context
from depmap_gui.analysis.explain import ExplainError, explain
from depmap_gui.analysis.explain_concentration import Market, explain_concentration
from depmap_gui.analysis.results import Contribution, Score
from depmap_gui.analysis.solution import Solution, solve
from depmap_gui.domain.in_force import MapInForce, last_day
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.tasks import Task
from depmap_gui.session.session import ScoringRequest


class Question(msgspec.Struct, frozen=True):
    """Why an entity's share of a jurisdiction in a score, or a plant's index, is what it is."""

    entity: str
    asked: Score | Market
    jurisdiction: str
    limit: int = 400


class Answered(msgspec.Struct, frozen=True):
    """The tree, or a sentence that says why there is none."""

    question: Question
    tree: Contribution | None
    sentence: str = ""


class _Outcome(msgspec.Struct, frozen=True):
    """What the job brings back: the answer, and the solved map for the next question."""

    answer: Answered
    key: tuple[int, str | None]
    solution: Solution | None


def answer(
    request: ScoringRequest, question: Question, solved: Solution | None, context: Context
) -> _Outcome:
    """Solve the map, unless that is done already, and read the explanation from it."""
    key = (request.project.revision, request.scenario)
    try:
        if solved is None:
            header = request.project.header
            on = MapInForce(request.project, last_day(header.year))
            solved = solve(on, header.basis, context)
        tree = _tree(solved, question)
    except ExplainError as fault:
        return _Outcome(Answered(question, None, str(fault)), key, solved)
    return _Outcome(Answered(question, tree), key, solved)


def _tree(solved: Solution, question: Question) -> Contribution:
    match question.asked:
        case Market() as market:
            return explain_concentration(solved, question.entity, market, limit=question.limit)
        case Score() as score:
            place = question.jurisdiction
            return explain(solved, question.entity, score, place, limit=question.limit)


class Explainer(QObject):
    """Answers one question at a time; a newer one takes the place of an older one."""

    answered = Signal(object)

    def __init__(self, editor: Editor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._task: Task | None = None
        self._solved: tuple[object, Solution] | None = None
        editor.opened.connect(self.forget)

    @Slot()
    def forget(self) -> None:
        """Drop what belongs to the project that was open before."""
        self.cancel()
        self._solved = None

    def cancel(self) -> None:
        """The answer is no longer wanted."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def ask(self, question: Question) -> None:
        """Find the answer in the background; :attr:`answered` brings it."""
        self.cancel()
        session = self._editor.session
        request = ScoringRequest(self._editor.project, session.scenario, ())
        key = (request.project.revision, request.scenario)
        known = self._solved
        solved = known[1] if known is not None and known[0] == key else None
        task = self._editor.tasks.start(
            "Explaining", lambda context: answer(request, question, solved, context), visible=False
        )
        self._task = task
        task.finished.connect(self._on_finished)
        task.failed.connect(self._on_failed)

    @Slot(object)
    def _on_finished(self, outcome: object) -> None:
        if self.sender() is not self._task or not isinstance(outcome, _Outcome):
            return
        self._task = None
        if outcome.solution is not None:
            self._solved = (outcome.key, outcome.solution)
        self.answered.emit(outcome.answer)

    @Slot(object)
    def _on_failed(self, fault: object) -> None:
        if self.sender() is self._task:
            self._task = None
            question = Question("", Score.IP, "")
            self.answered.emit(Answered(question, None, f"This could not be explained: {fault}"))
