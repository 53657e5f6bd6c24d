"""The last pages: companies, assumptions, problems, settled points of law, sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from depmap_gui.domain.findings import Severity
from depmap_gui.domain.project import Project
from depmap_gui.gui.report.pieces import Mark, Piece
from depmap_gui.gui.report.plants import shares_in_words
from depmap_gui.gui.report.rows import Row
from depmap_gui.gui.report.states import answer_mark
from depmap_gui.gui.report.tables import (
    Column,
    Grid,
    bullets,
    cited,
    grid,
    heading,
    label_row,
    note,
    paragraph,
    said_runs,
)
from depmap_gui.gui.report.typography import BODY, MUTED, SMALL, Run
from depmap_gui.gui.theme import LIGHT
from depmap_gui.rules.results import Answer
from depmap_gui.session.report_values import (
    CompanyRow,
    Problem,
    Report,
    SourceRow,
    StatusAnswer,
)

_MOST_ANSWERS = 2
"""Answers up to which each has its line; of more, those that are plainly no share one."""
_SEVERITIES: Mapping[Severity, tuple[str, str, str]] = {
    Severity.ERROR: ("x", LIGHT.ineligible_text, "Error"),
    Severity.WARNING: ("alert", LIGHT.at_risk_text, "Warning"),
    Severity.HINT: ("info", LIGHT.muted, "Hint"),
}


def company_rows(report: Report, project: Project, width: float) -> Iterator[Row]:
    """The statuses of companies, with reasons."""
    yield heading(width, "Companies")
    if not report.companies:
        words = "No company on this map has a status under the rule packs in use."
        yield paragraph(width, Run(words, BODY))
        return
    columns = grid(
        width, (Column("Company", 21), Column("Whose it is", 15), Column("Status", 33),
                Column("Reasons", 51)),
    )  # fmt: skip
    head = columns.head()
    yield head
    titles = {pack.id: pack.title for pack in report.packs}
    for company in report.companies:
        yield columns.row(_company_cells(company, project, columns, titles), head)
    yield from note(width, report.companies_left_out)


def _company_cells(
    company: CompanyRow, project: Project, columns: Grid, titles: Mapping[str, str]
) -> list[list[Piece]]:
    name = [Run(company.name, SMALL.strong)]
    if company.sources:
        name.append(Run(cited(company.sources), SMALL.colored(LIGHT.accent_text)))
    told: tuple[StatusAnswer, ...] = company.answers
    plain: tuple[StatusAnswer, ...] = ()
    if len(told) > _MOST_ANSWERS:
        told = tuple(each for each in company.answers if _is_telling(each))
        plain = tuple(each for each in company.answers if not _is_telling(each))
    answers: list[Piece] = []
    for answer in told:
        pack = titles.get(answer.pack, answer.pack) if len(titles) > 1 else ""
        answers += _answer_lines(answer, pack, columns)
    if plain:
        words = ", ".join(dict.fromkeys(each.words for each in plain))
        answers += columns.lines(2, Run(f"No: {words}", SMALL), mark=answer_mark(Answer.NO))
    reasons: list[Piece] = []
    for said in company.reasons:
        reasons += columns.lines(3, *said_runs(said))
    return [
        columns.lines(0, *name),
        columns.lines(1, *shares_in_words(company.shares, project)),
        answers,
        reasons,
    ]


def _is_telling(answer: StatusAnswer) -> bool:
    """Whether an answer is more than a plain no."""
    return answer.answer is not Answer.NO or bool(answer.note)


def _answer_lines(answer: StatusAnswer, pack: str, columns: Grid) -> list[Piece]:
    """An answer in words behind its mark; which law, where there are several; what is open."""
    mark = answer_mark(answer.answer)
    lines = columns.lines(2, Run(f"{answer.words}: {answer.answer.value}", SMALL), mark=mark)
    notes = [pack, answer.note, f"{answer.open} open" if answer.open else ""]
    said = " · ".join(filter(None, notes))
    return lines + (columns.lines(2, Run(said, MUTED)) if said else [])


def evidence_rows(report: Report, width: float) -> Iterator[Row]:
    """What was taken for granted, what is wrong with the map, and how law was read."""
    yield heading(width, "What the figures rest on")
    yield label_row(width, "Assumptions", above=2.0)
    yield from bullets(width, report.assumptions or ("None had to be made.",), SMALL)
    yield from note(width, report.assumptions_left_out)
    yield label_row(width, "Points of law")
    for reading in report.readings:
        runs = [
            Run(f"{reading.title}: ", SMALL.strong),
            Run(f"{reading.reading} Settled by the analyst. ", SMALL),
            Run(f"{reading.pack}; {reading.citation}", MUTED),
        ]
        yield paragraph(width, *runs, below=3.0)
    said = [] if report.readings else ["The analyst has settled none."]
    said += [report.readings_said] if report.readings_said else []
    yield paragraph(width, Run(" ".join(said) or "None is open.", SMALL))
    yield label_row(width, "Problems of the map")
    for problem in report.problems:
        yield _problem(problem, width)
    if not report.problems:
        yield paragraph(width, Run("None was found.", SMALL))
    yield from note(width, report.problems_left_out)


def _problem(problem: Problem, width: float) -> Row:
    icon, ink, word = _SEVERITIES[problem.severity]
    runs = (Run(f"{word}. ", SMALL.strong.colored(ink)), Run(problem.text, SMALL))
    return paragraph(width, *runs, below=3.0, mark=Mark(icon, ink, 7.5))


def source_rows(report: Report, width: float) -> Iterator[Row]:
    """The sources under their numbers."""
    yield heading(width, "Sources")
    if not report.sources:
        yield paragraph(width, Run("This map cites no source.", BODY))
        return
    words = "Graded A to F for the reliability of the source, 1 to 6 for that of the information."
    yield paragraph(width, Run(words, MUTED), glued=True)
    columns = grid(
        width, (Column("No.", 6, right=True), Column("Source", 58), Column("Grade", 9),
                Column("Note", 47)),
    )  # fmt: skip
    head = columns.head()
    yield head
    for source in report.sources:
        yield columns.row(_source_cells(source, columns), head)
    yield from note(width, report.sources_left_out)


def _source_cells(source: SourceRow, columns: Grid) -> list[list[Piece]]:
    return [
        columns.lines(0, Run(str(source.number), SMALL.figures.strong)),
        [
            *columns.lines(1, Run(source.title, SMALL)),
            *(columns.lines(1, Run(source.about, MUTED)) if source.about else ()),
        ],
        columns.lines(2, Run(source.grade or "not graded", SMALL if source.grade else MUTED)),
        columns.lines(3, Run(source.note or " ", MUTED)),
    ]
