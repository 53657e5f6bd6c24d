"""The entities as tables, and the hidden Index that numbers them for the formulas."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from depmap_gui.domain.kinds import EntityKind
from depmap_gui.domain.records import ENTITY_CLASSES, Company
from depmap_gui.exchange.sheets.book import Book, Look, Number, Value, put
from depmap_gui.exchange.sheets.facts import Facts, fingerprint
from depmap_gui.exchange.sheets.layout import INDEX, Layout
from depmap_gui.exchange.sheets.received import received_columns, received_values
from depmap_gui.exchange.sheets.record_columns import (
    field_columns,
    field_values,
    product_columns,
)
from depmap_gui.exchange.sheets.rules_sheet import law_print, rule_rows
from depmap_gui.exchange.sheets.tables import (
    ORDER,
    Column,
    Row,
    order_column,
    write_table,
)
from depmap_gui.rules.results import Answer

_COMPANIES = (
    "Any person in law. The statuses in blue were reached by the program's rules, not by "
    "formulas: change one to see what it does to Material assistance."
)

ENTITY_SHEETS: tuple[tuple[str, str, EntityKind, str], ...] = (
    ("plants", "Plants", EntityKind.PLANT, "Sites that make something. Products stand apart."),
    (
        "companies",
        "Companies",
        EntityKind.COMPANY,
        _COMPANIES,
    ),
    ("licenses", "Licenses", EntityKind.LICENSE, "Technology agreements and other contracts."),
    ("materials", "Materials", EntityKind.MATERIAL, "Bought inputs whose makers are not known."),
    ("jurisdictions", "Jurisdictions", EntityKind.JURISDICTION, "Countries and blocs."),
)  # fmt: skip
"""Table key, sheet, kind and explanation of each sheet of entities."""

PRODUCTS = "Products"
ORIGIN_ROW, WRITTEN_FROM = 2, "written from"
"""The row of the Index (from 0) that says what the workbook was written from, and how it starts."""
STATED_STATUS = "stated."
"""Start of the key of the hidden column that keeps the program's own statuses."""
ANSWERS = tuple(str(answer) for answer in Answer)


def place_entities(layout: Layout) -> None:
    """Place the Index, all entity tables, and the products."""
    facts = layout.facts
    index = [
        Column("number", "Number", number=Number.WHOLE),
        Column("label", "Label", number=Number.TEXT, width=40),
        Column("kind", "Kind", number=Number.TEXT),
        Column("id", "Id", number=Number.TEXT),
        Column("place", "Jurisdiction's column", number=Number.WHOLE),
        *received_columns(layout),
    ]
    layout.place("index", INDEX, index, len(facts.entities))
    for key, sheet, kind, _ in ENTITY_SHEETS:
        layout.place(key, sheet, _columns(facts, kind), len(facts.by_kind[kind]))
    products = [
        Column("id", "Id", number=Number.TEXT, hidden=True),
        order_column(),
        Column("plant_id", "Plant id", number=Number.TEXT, hidden=True),
        Column("plant", "Plant", number=Number.TEXT, width=30, wrap=True),
        *product_columns(),
    ]
    layout.place("products", PRODUCTS, products, len(facts.products))


def write_entities(book: Book, layout: Layout) -> None:
    """Write the sheets of entities."""
    facts = layout.facts
    for key, name, kind, explained in ENTITY_SHEETS:
        sheet = book.add_sheet(name)
        book.heading(sheet, name, explained, column=2)
        rows = [
            _values(facts, entity.id) | {ORDER: number}
            for number, entity in enumerate(facts.by_kind[kind], 1)
        ]
        write_table(book, sheet, layout[key], rows, freeze=3)
        if kind is EntityKind.PLANT:
            _write_products(book, layout)


def origin_cells(facts: Facts) -> list[Value]:
    """What the workbook was written from, to be read back: words and values by turns."""
    words: dict[str, Value] = {
        WRITTEN_FROM: fingerprint(facts.project),
        "scenario": facts.assessment.scenario or "",
        "year": float(facts.assessment.year),
        "rules": law_print(rule_rows(facts)),
    }
    return [cell for pair in words.items() for cell in pair]


def write_index(book: Book, layout: Layout) -> None:
    """Write the hidden list of all entities with the numbers that formulas join by."""
    facts = layout.facts
    sheet = book.add_sheet(INDEX, hidden=True)
    book.heading(
        sheet, INDEX, "Every entity with the number by which formulas join tables. Do not sort."
    )
    received = received_values(facts)
    rows: list[dict[str, Value]] = [
        {
            **received.get(entity.id, {}),
            "number": facts.number[entity.id],
            "label": facts.label[entity.id],
            "kind": str(entity.kind),
            "id": entity.id,
            "place": facts.place(entity.id),
        }
        for entity in facts.entities
    ]
    write_table(book, sheet, layout["index"], rows, filters=False)
    for column, value in enumerate(origin_cells(facts)):
        put(sheet, ORIGIN_ROW, column, value, book.format())


def _write_products(book: Book, layout: Layout) -> None:
    facts = layout.facts
    sheet = book.add_sheet(PRODUCTS)
    book.heading(sheet, PRODUCTS, "What each plant makes, and the credit it is made for.",
                 column=3)  # fmt: skip
    rows = []
    for number, (plant, product) in enumerate(facts.products, 1):
        row = field_values(product, lambda id: id) | {"id": product.id, ORDER: number}
        rows.append(row | {"plant_id": plant, "plant": facts.label[plant]})
    write_table(book, sheet, layout["products"], rows, freeze=5)


def _columns(facts: Facts, kind: EntityKind) -> list[Column]:
    record = ENTITY_CLASSES[kind]
    columns = [Column("id", "Id", Look.FIXED, Number.TEXT, 10, hidden=True), order_column()]
    columns += field_columns(record, but_last=True)
    if record is Company:
        columns += _status_columns(facts)
    return columns + field_columns(record, only_last=True)


_STATUS_HELP = (
    "The program's answer under this rule pack. Change it to see what follows; the program's own "
    "reasons are on the Tests sheet."
)


def _status_columns(facts: Facts) -> list[Column]:
    columns = []
    for pack, questions in facts.questions.items():
        columns += [
            Column(f"status.{pack}.{question}", f"{question.upper()} ({pack})", Look.INPUT,
                   Number.TEXT, 12, choices=ANSWERS, help=_STATUS_HELP)
            for question in questions
        ]  # fmt: skip
        if pack in facts.barring:
            columns.append(
                Column(f"prohibited.{pack}", f"Prohibited ({pack})", Look.CALC, Number.TEXT, 12,
                       blank="no", formula=_prohibited(pack, questions))
            )  # fmt: skip
        columns += [
            Column(STATED_STATUS + pack, f"Statuses as computed ({pack})", Look.FIXED,
                   Number.TEXT, 12, hidden=True),
            Column(f"told.{pack}", f"How it is known ({pack})", Look.FIXED, Number.TEXT, 46,
                   wrap=True),
        ]  # fmt: skip
    return columns


def status_words(answers: Iterable[str]) -> str:
    """The answers to a pack's questions, in order, as one cell keeps them."""
    return ", ".join(answers)


def _prohibited(pack: str, questions: list[str]) -> Callable[[Row], str]:
    def formula(row: Row) -> str:
        cells = [row[f"status.{pack}.{question}"] for question in questions]
        yes, unknown = (
            ",".join(f'{cell}="{answer}"' for cell in cells) for answer in ("yes", "unknown")
        )
        return f'IF(OR({yes}),"yes",IF(OR({unknown}),"unknown","no"))'

    return formula


def _values(facts: Facts, id: str) -> dict[str, Value]:
    entity = facts.project.entities[id]
    row = field_values(entity, lambda source: facts.source_label.get(source, source))
    row["id"] = id
    if not isinstance(entity, Company):
        return row
    for pack, questions in facts.questions.items():
        status = facts.assessment.law.companies[pack].get(id)
        for question in questions:
            answer = status.answers.get(question) if status else None
            row[f"status.{pack}.{question}"] = str(answer or Answer.UNKNOWN)
        row[f"prohibited.{pack}"] = str(status.prohibited if status else Answer.UNKNOWN)
        row[STATED_STATUS + pack] = status_words(
            [str(row[f"status.{pack}.{question}"]) for question in questions]
        )
        row[f"told.{pack}"] = _told(facts, pack, id)
    return row


def _told(facts: Facts, pack: str, company: str) -> str:
    """What is declared and what is open about a company's status, then the reasons."""
    status = facts.assessment.law.companies[pack].get(company)
    if status is None:
        return ""
    parts = []
    for question, stated in status.declared.items():
        source = facts.source_label.get(stated.source or "", stated.source or "none given")
        parts.append(f"Declared, not computed: {question} {stated.answer} (source: {source}).")
    if status.open:
        rules = facts.packs.get(pack)
        titles = [rules.title_of(point) if rules else point for point in status.open]
        parts.append("Open: " + "; ".join(titles) + ".")
    decided = status.prohibited is not Answer.NO
    parts += [reason.text for reason in status.reasons if decided][:3]
    return " ".join(parts)
