"""What the figures rest on: Sources, Assumptions, Problems."""

from __future__ import annotations

from depmap_gui.domain.records import Source
from depmap_gui.exchange.sheets.book import Book, Number, Value
from depmap_gui.exchange.sheets.facts import Facts
from depmap_gui.exchange.sheets.layout import Layout
from depmap_gui.exchange.sheets.record_columns import field_columns, field_values
from depmap_gui.exchange.sheets.tables import Column, write_table

SOURCES, ASSUMPTIONS, PROBLEMS = "Sources", "Assumptions", "Problems"


def place_evidence(layout: Layout) -> None:
    """Place the three tables."""
    facts = layout.facts
    sources = [
        Column("id", "Id", number=Number.TEXT, hidden=True),
        Column("label", "Reference", number=Number.TEXT, width=30, wrap=True),
        *field_columns(Source),
    ]
    layout.place("sources", SOURCES, sources, len(facts.project.sources))
    assumptions = [
        Column("id", "Ids", number=Number.TEXT, hidden=True),
        Column("where", "Where", number=Number.TEXT, width=40, wrap=True),
        Column("text", "What is taken for granted", number=Number.TEXT, width=100, wrap=True),
    ]
    layout.place("assumptions", ASSUMPTIONS, assumptions, len(_assumptions(facts)))
    problems = [
        Column("id", "Ids", number=Number.TEXT, hidden=True),
        Column("severity", "Severity", number=Number.TEXT, width=10),
        Column("where", "Where", number=Number.TEXT, width=40, wrap=True),
        Column("field", "Field", number=Number.TEXT, width=14),
        Column("text", "What is wrong, and what to do", number=Number.TEXT, width=90, wrap=True),
    ]
    layout.place("problems", PROBLEMS, problems, len(facts.assessment.findings))


def write_evidence(book: Book, layout: Layout) -> None:
    """Write the three sheets."""
    facts = layout.facts
    sheet = book.add_sheet(SOURCES)
    book.heading(sheet, SOURCES, "What the facts rest on, graded A to F for the source and 1 to 6 "
                 "for the information.", column=1)  # fmt: skip
    rows = []
    for id, source in facts.project.sources.items():
        row = field_values(source, lambda other: other)
        rows.append(row | {"id": id, "label": facts.source_label[id]})
    write_table(book, sheet, layout["sources"], rows, freeze=2)
    sheet = book.add_sheet(ASSUMPTIONS)
    book.heading(sheet, ASSUMPTIONS, "What the figures take for granted where the map is silent, "
                 "and points of law the analyst has settled.", column=1)  # fmt: skip
    write_table(book, sheet, layout["assumptions"], _assumptions(facts), freeze=2)
    sheet = book.add_sheet(PROBLEMS)
    found = len(facts.assessment.findings)
    words = f"{found} found." if found else "None found."
    book.heading(sheet, PROBLEMS, f"What is missing or contradictory on the map. {words}",
                 column=1)  # fmt: skip
    write_table(book, sheet, layout["problems"], _problems(facts), freeze=2)


def _where(facts: Facts, ids: tuple[str, ...]) -> str:
    return "; ".join(facts.label.get(id) or facts.project.name(id) for id in ids)


def _assumptions(facts: Facts) -> list[dict[str, Value]]:
    rows: list[dict[str, Value]] = [
        {"id": ", ".join(each.where), "where": _where(facts, each.where), "text": each.text}
        for each in facts.assessment.assumptions
    ]
    for pack in facts.packs.values():
        for question in pack.questions.values():
            readings = pack.readings(question.id, facts.project.header.readings)
            settled = question.id in facts.project.header.readings
            texts = [each.text for each in question.readings if each.id in readings]
            how = "settled by the analyst" if settled else "the pack's reading"
            if len(texts) > 1:
                how = "open; every reading is computed"
            rows.append({
                "id": question.id,
                "where": f"{pack.title}: {question.title}",
                "text": f"Open point of law, {how}: {' / '.join(texts)}",
            })  # fmt: skip
    return rows


def _problems(facts: Facts) -> list[dict[str, Value]]:
    return [
        {
            "id": ", ".join(finding.where),
            "severity": str(finding.severity),
            "where": _where(facts, finding.where),
            "field": finding.field,
            "text": finding.message,
        }
        for finding in facts.assessment.findings
    ]
