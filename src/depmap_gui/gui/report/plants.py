"""The pages about plants: shares by jurisdiction, and each law with its tests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from depmap_gui.analysis.results import UNKNOWN, Shares
from depmap_gui.domain.project import Project
from depmap_gui.gui import numbers
from depmap_gui.gui.credit_states import ENDED, CreditState, state_of
from depmap_gui.gui.panels.score_words import SCORE_TITLES, margin_text, measured, place_name
from depmap_gui.gui.report.pieces import (
    Bar,
    Entry,
    Part,
    Piece,
    YearMark,
    YearStrip,
    legend_lines,
    text_lines,
)
from depmap_gui.gui.report.rows import Cell, Row
from depmap_gui.gui.report.states import OUTCOMES, mark, state_runs, verdict_runs
from depmap_gui.gui.report.tables import (
    Column,
    Grid,
    cited,
    grid,
    heading,
    label_row,
    note,
    paragraph,
    said_runs,
    subheading,
)
from depmap_gui.gui.report.typography import (
    BODY,
    HEAD,
    MUTED,
    SMALL,
    SUBHEADING,
    TINY,
    UNIT,
    Run,
)
from depmap_gui.gui.theme import LIGHT, mix
from depmap_gui.rules.results import TestResult, Verdict
from depmap_gui.session.report_values import (
    LawSection,
    PlantSection,
    Report,
    Said,
    ShareRow,
    TestRow,
    YearState,
)

Told = dict[tuple[str, tuple[Said, ...], tuple[Said, ...]], str]
"""The product under which a test's reasons were told, by test and reasons."""
MOST_PLACES = 5
_SHADES = (0.0, 0.32, 0.56, 0.72, 0.84)
"""How light the other jurisdictions of a bar are, the largest darkest."""
_FAILS_IF = {">=": "≥ {}", ">": "> {}", "<": "< {}", "<=": "≤ {}"}


def plant_rows(report: Report, project: Project, width: float) -> list[Row]:
    """Everything about each plant of the report."""
    rows: list[Row] = []
    for section in report.plants:
        rows += _plant(section, report, project, width)
    rows += note(width, report.plants_left_out, above=8.0)
    return rows


def _plant(section: PlantSection, report: Report, project: Project, width: float) -> Iterator[Row]:
    yield heading(width, " ".join(section.name.split()), above=22.0)
    about = [Run(section.about, MUTED)]
    if section.sources:
        about.append(Run(cited(section.sources), MUTED.colored(LIGHT.accent_text)))
    yield paragraph(width, *about, below=6.0, glued=True)
    columns = grid(width, (Column("", 24), Column("", 24), Column("", 52)))
    first, *rest = section.shares
    head = _share_row(first, report.jurisdiction, project, columns)
    yield Row(head.cells, head.above, head.below, rule=LIGHT.line)
    for share in rest:
        yield _share_row(share, report.jurisdiction, project, columns)
    yield from _made_of(section, report, width)
    told: Told = {}
    for law in section.laws:
        yield from _law(law, report, width, told)
    if not section.laws:
        words = "None of its products claims a credit that the rule packs in use know."
        yield paragraph(width, Run(words, BODY), above=8.0)
    if section.duties:
        yield subheading(width, "Customs duties")
        for said in section.duties:
            yield paragraph(width, *said_runs(said), below=3.0)


# Shares -----------------------------------------------------------------------------------


def _share_row(share: ShareRow, focus: str, project: Project, columns: Grid) -> Row:
    """A score's name, its bar, and its jurisdictions in words."""
    title = columns.lines(0, Run(SCORE_TITLES[share.score], SMALL))
    width = columns.places[2][1]
    if share.shares is None:
        bar = Bar((Part(1.0, LIGHT.unknown, is_hatched=True),))
        said = "unknown: the map draws nothing that it would follow from"
        return columns.row((title, [bar], text_lines([Run(said, MUTED)], width)))
    entries = share_entries(share.shares, focus, project)
    bar = Bar(tuple(entry.part for entry in entries))
    words = legend_lines(entries, width)
    if share.within is not None:
        span = numbers.percent_range(share.within.low, share.within.high)
        said = f"{place_name(project, focus)} {span} over its ranges and what is undocumented"
        words += text_lines([Run(said, MUTED.figures)], width)
    return columns.row((title, [bar], words))


def share_entries(shares: Shares, focus: str, project: Project) -> list[Entry]:
    """The jurisdictions of a vector: the chosen one first, the others by size, the undocumented
    part last."""
    known = [(code, share) for code, share in shares.items() if code != UNKNOWN and share > 5e-7]
    known.sort(key=lambda item: (item[0] != focus, -item[1]))
    entries, shade = [], iter(_SHADES)
    for code, share in known[:MOST_PLACES]:
        tint = LIGHT.exposure_high if code == focus else mix(LIGHT.jurisdiction, LIGHT.panel,
                                                             next(shade))  # fmt: skip
        entries.append(_entry(Part(share, tint), place_name(project, code), share))
    if len(known) > MOST_PLACES:
        rest = sum(share for _, share in known[MOST_PLACES:])
        words = f"{len(known) - MOST_PLACES} others"
        entries.append(_entry(Part(rest, mix(LIGHT.jurisdiction, LIGHT.panel, 0.92)), words, rest))
    open_share = shares.get(UNKNOWN, 0.0)
    if open_share > 5e-7:
        hatched = Part(open_share, LIGHT.unknown, is_hatched=True)
        entries.append(_entry(hatched, "undocumented", open_share))
    return entries


def _entry(part: Part, words: str, share: float) -> Entry:
    return Entry(part, (Run(f"{words} ", SMALL), Run(numbers.percent(share), SMALL.figures.strong)))


def _made_of(section: PlantSection, report: Report, width: float) -> Iterator[Row]:
    """The parts that make up the chosen jurisdiction's share of the technology."""
    if not section.made_of:
        return
    yield label_row(width, f"What the {report.ip_title} is made of", above=8.0)
    columns = grid(width, (Column("", 8, right=True), Column("", 92)))
    for share, said in section.made_of:
        figure = columns.lines(0, Run(numbers.percent(share), SMALL.figures.strong))
        cells = columns.row((figure, columns.lines(1, *said_runs(said)))).cells
        yield Row(cells, 1.0 * UNIT, 1.0 * UNIT)


# Laws -------------------------------------------------------------------------------------


def _law(law: LawSection, report: Report, width: float, told: Told) -> Iterator[Row]:
    """One product under one law: how it stands, its tests, reasons, years, what is open."""
    yield _law_head(law, report, width)
    value = _value_words(law)
    if value:
        yield paragraph(width, Run(value, SMALL), below=4.0, glued=bool(law.tests))
    if law.tests:
        yield from _tests(law, width)
        yield from _reasons(law, width, told)
    for said in law.because:
        yield paragraph(width, *said_runs(said), above=2.0, below=2.0)
    if law.open:
        many = "1 point" if len(law.open) == 1 else f"{len(law.open)} points"
        words = f"Open, because the map is silent on {many}: "
        listed = f"{', '.join(law.open)}. They do not decide the verdict."
        yield paragraph(width, Run(words, SMALL.strong), Run(listed, SMALL), above=4.0)
    if law.years:
        yield label_row(width, "Year by year, as the map stands", above=6.0)
        yield Row((Cell(0.0, width, [YearStrip(tuple(map(_year_mark, law.years)))]),), 1.0 * UNIT,
                  3.0 * UNIT)  # fmt: skip
        yield paragraph(width, Run(" ".join(law.years_said), SMALL))
    if law.citation:
        yield paragraph(width, Run(law.citation, MUTED), below=2.0)


def _law_head(law: LawSection, report: Report, width: float) -> Row:
    """Product, credit and year, and the verdict at the right."""
    columns = grid(width, (Column("", 72), Column("", 28, right=True)))
    product = f"{' '.join(law.product.split())} · " if law.product else ""
    words = f"{product}{law.title} · {report.year}"
    left = columns.lines(0, Run(words, SUBHEADING))
    right: list[Piece] = []
    if law.status is not None:
        run, icon = state_runs(state_of(law.status, law.phase_out), SUBHEADING)
        right = columns.lines(1, run, mark=icon)
    elif law.outcome is not None:
        tone, said = OUTCOMES[law.outcome]
        run = Run(said, SUBHEADING.colored(LIGHT.ink(tone)))
        right = columns.lines(1, run, mark=mark(tone))
    cells = columns.row((left, right)).cells
    return Row(cells, 14.0 * UNIT, 3.0 * UNIT, glued=True)


def _state(law: LawSection) -> CreditState | None:
    return None if law.status is None else state_of(law.status, law.phase_out)


def _value_words(law: LawSection) -> str:
    """What the credit is worth and how much of that is at risk; of a check, its force."""
    if law.status is None:
        return "" if law.standing == "enacted" else f"This law is only {law.standing}."
    if _state(law) == ENDED:
        return "The law has no credit left for this year."
    if law.annual_credit is None:
        return "Its value is unknown: the map states no units a year."
    said = f"{numbers.money(law.annual_credit, law.currency)} {law.per} before any risk"
    if law.units is not None and law.rate is not None:
        rate = numbers.money(law.rate, law.currency, short=False)
        said += f" ({numbers.count(law.units, short=True)} {law.unit} at {rate}"
        if law.phase_out is not None and law.phase_out != 1.0:
            said += f" × {numbers.percent(law.phase_out)}"
        said += ")"
    if law.risk is not None:
        said += (
            f"; {numbers.money(law.at_risk, law.currency)} at risk: a test fails in "
            f"{numbers.percent(law.risk)} of {numbers.count(law.samples)} samples"
        )
    return f"{said}."


def _tests(law: LawSection, width: float) -> Iterator[Row]:
    columns = grid(
        width,
        (
            Column("Test", 28),
            Column("Verdict", 21),
            Column("Measured", 17, right=True),
            Column("Fails if", 12, right=True),
            Column("Margin", 14, right=True),
            Column("First fails", 13, right=True),
            Column("Citation", 35),
        ),
    )
    head = columns.head()
    yield head
    for test in law.tests:
        yield columns.row(_test_cells(test, law, columns), head)


def _test_cells(test: TestRow, law: LawSection, columns: Grid) -> list[list[Piece]]:
    result = test.result
    run, icon = verdict_runs(result.verdict, SMALL)
    title = columns.lines(0, Run(result.title[:1].upper() + result.title[1:], SMALL.strong))
    if not result.decides:
        title += columns.lines(0, Run("lowers the credit, denies none", MUTED))
    years = "" if not law.years else "none" if test.first_fails is None else str(test.first_fails)
    return [
        title,
        columns.lines(1, run, mark=icon),
        columns.lines(2, Run(_measure(result), SMALL.figures)),
        columns.lines(3, Run(_limit(result), SMALL.figures)),
        columns.lines(4, Run(_margin(result), SMALL.figures)),
        columns.lines(5, Run(years or "–", SMALL.figures)),
        columns.lines(6, Run(result.citation or "–", MUTED)),
    ]


def _measure(test: TestResult) -> str:
    """What was measured; a test that asks yes or no measures nothing."""
    if test.low is None or test.high is None:
        return numbers.UNKNOWN_TEXT if test.verdict is Verdict.UNKNOWN else "–"
    if test.unit == "share":
        return numbers.percent_range(test.low, test.high)
    least = "" if test.low == test.high else f"{numbers.count(test.low)}{numbers.DASH}"
    return least + measured(test.high, test.unit)


def _limit(test: TestResult) -> str:
    if test.threshold is None or test.comparison is None:
        return "–"
    return _FAILS_IF[test.comparison].format(measured(test.threshold, test.unit))


def _margin(test: TestResult) -> str:
    return margin_text(test.margin, test.unit).removeprefix("margin ") or "–"


def _reasons(law: LawSection, width: float, told: Told) -> Iterator[Row]:
    """Why each test came out as it did, and what would turn it; where there is more to say.

    What was told of another product in the same words is not told again.
    """
    saying = [test for test in law.tests if test.reasons or test.flips]
    fresh = [test for test in saying if _key(test) not in told]
    again = [test for test in saying if _key(test) in told]
    columns = grid(width, (Column("", 20), Column("", 80)))
    if fresh:
        words = "Reasons, and what would turn or cure it"
        cells = (columns.lines(0, Run("Why", HEAD)), columns.lines(1, Run(words, HEAD)))
        head = Row(columns.row(cells).cells, 7.0 * UNIT, 3.0 * UNIT, glued=True)
        yield head
        for test in fresh:
            title = columns.lines(0, Run(test.result.title, SMALL.strong))
            yield columns.row((title, _why(test, columns)), head)
    if again:
        before = told[_key(again[0])]
        titles = ", ".join(test.result.title for test in again)
        yield paragraph(width, Run(f"{titles}: the reasons are those of {before}.", MUTED),
                        above=4.0)  # fmt: skip
    for test in fresh:
        told[_key(test)] = law.product or law.title


def _key(test: TestRow) -> tuple[str, tuple[Said, ...], tuple[Said, ...]]:
    return test.result.id, test.reasons, test.flips


def _why(test: TestRow, columns: Grid) -> list[Piece]:
    lines: list[Piece] = []
    for said in test.reasons:
        lines += columns.lines(1, *said_runs(said))
    return lines + _turns(test, columns)


def _turns(test: TestRow, columns: Grid) -> list[Piece]:
    lines: list[Piece] = []
    for said in test.flips:
        lines += columns.lines(1, Run("Turns: ", SMALL.strong), *said_runs(said))
    if test.cure and test.result.verdict in (Verdict.FAIL, Verdict.UNCERTAIN):
        lines += columns.lines(1, Run("Cure: ", SMALL.strong), *said_runs(Said(text=test.cure)))
    return lines


def _year_mark(year: YearState) -> YearMark:
    state = state_of(year.status, year.phase_out)
    ink = LIGHT.ink(state.tone)
    strip_year = Run(str(year.year), TINY.figures.strong)
    return YearMark(strip_year, mark(state.tone, 9.0), Run(state.word, TINY.colored(ink)))


def shares_in_words(shares: Shares | None, project: Project, most: int = 3) -> Sequence[Run]:
    """A vector in one line: 'China 85%, undocumented 15%'."""
    if shares is None:
        return [Run(numbers.UNKNOWN_TEXT, MUTED)]
    known = sorted(
        ((code, share) for code, share in shares.items() if share > 5e-7),
        key=lambda item: (item[0] == UNKNOWN, -item[1]),
    )
    said = [
        f"{'undocumented' if code == UNKNOWN else place_name(project, code)} "
        f"{numbers.percent(share)}"
        for code, share in known[:most]
    ]
    if len(known) > most:
        said.append(f"{len(known) - most} others")
    return [Run(", ".join(said) or numbers.UNKNOWN_TEXT, SMALL)]
