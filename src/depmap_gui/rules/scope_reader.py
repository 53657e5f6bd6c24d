"""Reads the parts of a pack that say what a rule reaches: legs of credits, checks, duties."""

from __future__ import annotations

from depmap_gui.rules.pack import CheckRule, DutyRule, Leg
from depmap_gui.rules.record_reader import TableReader


def read_legs(table: TableReader) -> tuple[Leg, ...]:
    """The legs of a credit, none where it has no such rows."""
    legs = []
    for row in table.tables("legs"):
        legs.append(Leg(test=row.text("test"), rate=row.text("rate")))
        row.finish()
    return tuple(legs)


def read_check(table: TableReader) -> CheckRule:
    """One `[[check]]` table."""
    return CheckRule(
        id=table.text("id"),
        title=table.text("title"),
        of=table.text("of"),
        tests=table.words("tests", required=True),
        standing=table.standing(),
        citation=table.citation(),
        certainty=table.certainty(),
        note=table.text("note", default=""),
    )


def read_duty(table: TableReader) -> DutyRule:
    """One `[[duty]]` table."""
    return DutyRule(
        id=table.text("id"),
        title=table.text("title"),
        destinations=table.words("destinations", required=True),
        origins=table.words("origins"),
        not_origins=table.words("not_origins"),
        open_origins=table.words("open_origins"),
        codes=table.words("codes"),
        makers=table.words("makers"),
        family=table.text("family", default=""),
        rate=table.text("rate"),
        yields_to=table.words("yields_to"),
        quota=table.optional_text("quota"),
        waiver=table.optional_text("waiver"),
        waiver_from=table.optional_day("waiver_from"),
        note=table.text("note", default=""),
    )
