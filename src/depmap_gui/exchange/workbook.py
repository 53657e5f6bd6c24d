"""The live workbook: a project as a spreadsheet model that recomputes without the program.

Its scores are formulas over its input tables, with the program's own values stored beside each
formula, so that a reader which does not compute shows them too. XlsxWriter writes it, because
openpyxl cannot store a formula's value.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import xlsxwriter

from depmap_gui.analysis.context import Context, Quiet
from depmap_gui.analysis.results import Assessment
from depmap_gui.analysis.uncertainty_results import Risks
from depmap_gui.domain.project import Project
from depmap_gui.exchange.sheets.attribution_sheet import place_attribution, write_attribution
from depmap_gui.exchange.sheets.book import ACCENT, Book
from depmap_gui.exchange.sheets.cases import Case, cases_of
from depmap_gui.exchange.sheets.check_sheet import CHECK, check_order, write_check
from depmap_gui.exchange.sheets.duties_sheet import (
    DUTIES,
    has_duties,
    place_duties,
    write_duties,
)
from depmap_gui.exchange.sheets.entity_tables import (
    ENTITY_SHEETS,
    PRODUCTS,
    place_entities,
    write_entities,
    write_index,
)
from depmap_gui.exchange.sheets.evidence_sheets import (
    ASSUMPTIONS,
    PROBLEMS,
    SOURCES,
    place_evidence,
    write_evidence,
)
from depmap_gui.exchange.sheets.facts import Facts
from depmap_gui.exchange.sheets.ip_sheet import place_ip, write_ip
from depmap_gui.exchange.sheets.laws_sheet import (
    OTHER_LAWS,
    has_other_laws,
    place_other_laws,
    write_other_laws,
)
from depmap_gui.exchange.sheets.layout import ATTRIBUTION, INDEX, IP, MATERIAL, SUMMARY, Layout
from depmap_gui.exchange.sheets.link_tables import LINK_SHEETS, place_links, write_links
from depmap_gui.exchange.sheets.makers import Makers
from depmap_gui.exchange.sheets.material_sheet import Lines, place_material, write_material
from depmap_gui.exchange.sheets.plain_sheet import PlainSheet
from depmap_gui.exchange.sheets.rules_sheet import RULES, place_rules, write_rules
from depmap_gui.exchange.sheets.scenarios_sheet import (
    BASE,
    SCENARIOS,
    Played,
    place_scenarios,
    write_scenarios,
)
from depmap_gui.exchange.sheets.summary_sheet import (
    define_names,
    place_summary,
    write_focus_column,
    write_summary,
)
from depmap_gui.exchange.sheets.tests_sheet import (
    TESTS,
    Tested,
    place_tests,
    rows_of_cases,
    tested,
    write_tests,
)
from depmap_gui.exchange.sheets.text import plain_line
from depmap_gui.rules.pack import RulePack


def write_workbook(
    project: Project,
    assessment: Assessment,
    packs: Sequence[RulePack],
    path: Path,
    *,
    picture: bytes | None = None,
    scenarios: Sequence[Played] = (),
    risks: Risks | None = None,
    context: Context | None = None,
    sheet_class: type[PlainSheet] = PlainSheet,
) -> None:
    """Write the workbook of an assessed project to ``path`` (an existing file is overwritten).

    ``project`` is the map that was assessed: with its scenario played, where there is one.
    ``packs`` are the rule packs it was assessed with. ``picture`` is a PNG of the map for
    Summary, ``scenarios`` are the maps that Scenarios sets side by side, the base first, and
    ``risks`` what samples say of each credit.

    Raises WorkbookError where the map is too large, OSError where the file cannot be written, and
    Canceled where ``context`` says so; the caller keeps what stood at ``path`` before, where that
    matters.
    """
    context = context or Quiet()
    context.progress(0.0, "Laying out the workbook")
    layout = Layout(Facts(project, assessment, packs, risks))
    played = scenarios or [Played(BASE, project, assessment)]
    plan = _place(layout, played)
    # Nothing reaches the disk before close(): a canceled export leaves no file.
    file = xlsxwriter.Workbook(
        str(path),
        {
            "strings_to_urls": False,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "default_date_format": "yyyy-mm-dd",
        },
    )
    book = Book(file, project.header.currency, plain_line(assessment.title) or "Untitled map")
    book.sheet_class = sheet_class
    try:
        _describe(book, assessment)
        _write(book, layout, plan, picture, context)
        context.progress(0.86, "Saving the workbook")
        file.close()
    except xlsxwriter.exceptions.FileCreateError as error:
        cause = error.args[0] if error.args else error
        raise cause if isinstance(cause, OSError) else OSError(str(cause)) from error
    finally:
        book.let_go()


class _Plan:
    """What stands on the sheets whose rows are no plain records."""

    def __init__(
        self,
        played: Sequence[Played],
        cases: list[Case],
        lines: list[Lines],
        makers: list[Makers],
        rows: list[Tested],
    ) -> None:
        self.played = played
        self.cases = cases
        self.lines = lines
        self.makers = makers
        self.tested = rows


def _place(layout: Layout, played: Sequence[Played]) -> _Plan:
    """Place every table; formulas are written only after all have their place."""
    cases = cases_of(layout.facts)
    place_entities(layout)
    place_links(layout)
    place_attribution(layout)
    place_ip(layout)
    place_rules(layout)
    lines, makers = place_material(layout, cases)
    rows = tested(cases, lines, layout.facts.day)
    place_tests(layout, rows)
    place_other_laws(layout)
    place_duties(layout)
    place_scenarios(layout, played)
    place_evidence(layout)
    ratio_rows = {each.case.number: row for row, each in enumerate(lines)}
    place_summary(layout, cases, ratio_rows, rows_of_cases(rows))
    return _Plan(played, cases, lines, makers, rows)


def _sheet_names(facts: Facts) -> list[str]:
    entities = [name for _, name, _, _ in ENTITY_SHEETS]
    entities.insert(1, PRODUCTS)
    links = [name for _, name, _ in LINK_SHEETS]
    laws = [OTHER_LAWS] if has_other_laws(facts) else []
    duties = [DUTIES] if has_duties(facts) else []
    results = [ATTRIBUTION, IP, MATERIAL, TESTS, *laws, *duties, RULES, SCENARIOS]
    return [*entities, *links, *results, SOURCES, ASSUMPTIONS, PROBLEMS, CHECK]


def _write(
    book: Book, layout: Layout, plan: _Plan, picture: bytes | None, context: Context
) -> None:
    summary = book.add_sheet(SUMMARY, tab=ACCENT)
    define_names(book, layout)
    names = _sheet_names(layout.facts)
    # The fractions are what the steps of a large map took.
    steps: tuple[tuple[float, str, Callable[[], None]], ...] = (
        (0.03, "Items", lambda: write_entities(book, layout)),
        (0.06, "Links", lambda: write_links(book, layout)),
        (0.30, ATTRIBUTION, lambda: write_attribution(book, layout)),
        (0.46, IP, lambda: write_ip(book, layout)),
        (0.52, MATERIAL, lambda: write_material(book, layout, plan.lines, plan.makers)),
        (0.66, TESTS, lambda: write_tests(book, layout, plan.tested)),
        (0.74, OTHER_LAWS, lambda: write_other_laws(book, layout)),
        (0.75, DUTIES, lambda: write_duties(book, layout)),
        (0.76, RULES, lambda: write_rules(book, layout)),
        (0.77, SCENARIOS, lambda: write_scenarios(book, layout, plan.played)),
        (0.78, SOURCES, lambda: write_evidence(book, layout)),
        (
            0.79,
            SUMMARY,
            lambda: write_summary(book, layout, summary, plan.cases, names, picture),
        ),
        (0.81, CHECK, lambda: check_order(book, layout)),
        (0.81, CHECK, lambda: write_check(book)),
        (0.84, INDEX, lambda: write_index(book, layout)),
        (0.85, INDEX, lambda: write_focus_column(book, layout)),
    )
    for fraction, what, write in steps:
        book.reach(context, fraction, what)
        write()
        book.seal(SUMMARY, INDEX, CHECK)
    summary.activate()


def _describe(book: Book, assessment: Assessment) -> None:
    packs = ", ".join(f"{pack.id} {pack.version}" for pack in assessment.packs) or "no rule pack"
    book.file.set_properties({
        "title": book.title[:255],
        "subject": f"Dependency map, tax year {assessment.year}, basis {assessment.basis}",
        "category": "Dependency map",
        "keywords": packs,
        "comments": assessment.law.caution,
        "author": "DepMap",
    })  # fmt: skip
