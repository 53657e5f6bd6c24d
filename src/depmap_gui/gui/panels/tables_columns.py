"""The columns of the tables: the fields of a kind, and the scores that stand beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from depmap_gui.analysis.results import Assessment, Score, exposure
from depmap_gui.domain.fields import Field, FieldType, Unit, fields_of
from depmap_gui.domain.kinds import EntityKind, LinkKind
from depmap_gui.domain.quantity import mode
from depmap_gui.domain.records import ENTITY_CLASSES, LINK_CLASSES
from depmap_gui.gui import numbers
from depmap_gui.gui.credit_states import credit_state, worst_state
from depmap_gui.gui.panels.field_words import TYPED_IN_CELLS, Names, value_text
from depmap_gui.gui.panels.score_words import (
    ANSWER_TONES,
    VERDICT_TONES,
    adjective,
)
from depmap_gui.gui.theme import Tone
from depmap_gui.rules.results import Answer, CreditResult, LawResult

Kind = EntityKind | LinkKind
SortKey = tuple[int, Any]
LAST: SortKey = (1, 0)
"""Sorts what is unknown after everything that is known, in either direction."""


class Cell(msgspec.Struct, frozen=True):
    """What a score column shows of one record. ``key`` sorts; ``tone`` asks for its icon."""

    text: str = numbers.UNKNOWN_TEXT
    key: SortKey = LAST
    tone: Tone | None = None
    tip: str = ""


class Figures:
    """One assessment as the tables look at it, with what they look up kept by id."""

    def __init__(self, assessment: Assessment, names: Names, jurisdiction: str) -> None:
        self.assessment = assessment
        self.names = names
        self.jurisdiction = jurisdiction
        self.credits: dict[str, list[CreditResult]] = {}
        for credit in assessment.law.credits:
            self.credits.setdefault(credit.plant, []).append(credit)

    @property
    def law(self) -> LawResult:
        """What the law says."""
        return self.assessment.law


class FieldColumn(msgspec.Struct, frozen=True):
    """A column that shows, and where it can edits, a field."""

    field: Field

    def title(self, _names: Names, _jurisdiction: str) -> str:
        """The field's label."""
        return self.field.label

    @property
    def help(self) -> str:
        """What the field means."""
        return self.field.help

    @property
    def is_editable(self) -> bool:
        """Whether the value can be typed as one line of text."""
        return self.field.type in TYPED_IN_CELLS

    @property
    def is_number(self) -> bool:
        """Whether its figures line up at the right."""
        return self.field.type in (FieldType.QUANTITY, FieldType.INTEGER)

    @property
    def width(self) -> int:
        """A width that fits most values."""
        if self.field.name == "name" or self.field.type is FieldType.ENTITY:
            return 200
        if self.field.type in (FieldType.LONG_TEXT, FieldType.PRODUCTS):
            return 240
        if self.field.type is FieldType.QUANTITY:
            # Room for a figure with its range.
            return 210 if self.field.unit is Unit.MONEY else 150
        return 110 if self.field.type in (FieldType.FLAG, FieldType.DATE) else 140

    def sort_key(self, record: Any, names: Names) -> SortKey:
        """Numbers by their mode, dates by day, words by letter; unknown last."""
        value = getattr(record, self.field.name)
        if value is None or value in ("", ()):
            return LAST
        match self.field.type:
            case FieldType.QUANTITY:
                return (0, mode(value))
            case FieldType.ENTITY:
                return (0, names.project.name(value).casefold())
            case FieldType.INTEGER | FieldType.FLAG | FieldType.DATE:
                return (0, value)
            case _:
                return (0, value_text(self.field, value, names, record).casefold())


class ScoreColumn(msgspec.Struct, frozen=True):
    """A column that shows what the program computed; ``cell`` reads it for one record."""

    name: str
    words: str
    help: str
    cell: Callable[[str, Figures], Cell]
    is_number: bool = True
    width: int = 110

    def title(self, names: Names, jurisdiction: str) -> str:
        """The heading, with the jurisdiction's adjective in it."""
        return self.words.format(who=adjective(names.project, jurisdiction))

    @property
    def is_editable(self) -> bool:
        """Never: it is computed."""
        return False


Column = FieldColumn | ScoreColumn


RECORD_CLASSES: Mapping[Kind, type[msgspec.Struct]] = {
    record.kind: record for record in (*ENTITY_CLASSES.values(), *LINK_CLASSES.values())
}


def columns_of(kind: Kind) -> tuple[Column, ...]:
    """Name first, then scores, then every other field; links: their ends first."""
    fields = fields_of(RECORD_CLASSES[kind])
    first = [f for f in fields if f.name in ("name", "source", "target")]
    late = ("notes", "tags", "sources", "valid_from", "valid_to")
    own = [f for f in fields if f not in first and f.name not in late]
    rest = [f for f in fields if f.name in late]
    return (
        *map(FieldColumn, first),
        *SCORE_COLUMNS.get(kind, ()),
        *map(FieldColumn, own),
        *map(FieldColumn, rest),
    )


# Scores -------------------------------------------------------------------------------------


def _low(score: Score) -> Callable[[str, Figures], Cell]:
    return lambda id, figures: _bound(score, id, figures, high=False)


def _high(score: Score) -> Callable[[str, Figures], Cell]:
    return lambda id, figures: _bound(score, id, figures, high=True)


def _bound(score: Score, id: str, figures: Figures, *, high: bool) -> Cell:
    shares = figures.assessment.scores.vectors(score).get(id)
    if shares is None:
        return Cell()
    found = exposure(shares, figures.jurisdiction)
    if not high and found.low == 0.0 and found.high > 1.0 - 1e-9:
        return Cell()
    value = found.high if high else found.low
    return Cell(numbers.percent(value, figures.names.locale), (0, value))


def _pressing(id: str, figures: Figures) -> CreditResult | None:
    """The credit of the plant that stands worst."""
    credits = figures.credits.get(id, [])
    return min(credits, key=credit_state, default=None)


def _credit(id: str, figures: Figures) -> Cell:
    credits = figures.credits.get(id, [])
    if not credits:
        return Cell("none")
    titles = [figures.names.credit(credit.credit) for credit in credits]
    return Cell(", ".join(dict.fromkeys(titles)), (0, titles[0].casefold()))


def _ratio(id: str, figures: Figures) -> Cell:
    credit = _pressing(id, figures)
    if credit is None or credit.material is None:
        return Cell()
    low, high = credit.material.low, credit.material.high
    if low is None or high is None:
        return Cell()
    return Cell(numbers.percent_range(low, high), (0, low))


def _threshold(id: str, figures: Figures) -> Cell:
    """The threshold of the cost-ratio test: the one that is measured by the material result."""
    credit = _pressing(id, figures)
    if credit is None or credit.material is None:
        return Cell()
    for test in credit.tests:
        measured = (test.low, test.high) == (credit.material.low, credit.material.high)
        if measured and test.low is not None and test.threshold is not None:
            return Cell(numbers.percent(test.threshold), (0, test.threshold))
    return Cell()


def _status(id: str, figures: Figures) -> Cell:
    credits = figures.credits.get(id, [])
    state = worst_state(credits)
    if state is None:
        return Cell("no credit")
    tips = [f"{figures.names.credit(c.credit)}: {credit_state(c).word}" for c in credits]
    opened = sum(len(credit.open) for credit in credits)
    tips += [f"{opened} points open"] if opened else []
    return Cell(state.title, (0, state.rank), state.tone, "\n".join(tips))


def _annual(id: str, figures: Figures) -> Cell:
    credits = figures.credits.get(id, [])
    values = [c.annual_credit for c in credits if c.annual_credit is not None]
    if not values:
        return Cell("none" if not credits else numbers.UNKNOWN_TEXT)
    total = sum(values)
    text = numbers.money(total, credits[0].currency, locale=figures.names.locale)
    tip = "" if len(values) == len(credits) else "Some of its products have an unknown value."
    text = f"≥ {text}" if tip else text
    once = [c.one_time.words for c in credits if c.one_time is not None]
    if once:
        text += " once" if len(once) == len(credits) else " in part once"
        tip = "\n".join(filter(None, (*dict.fromkeys(once), tip)))
    return Cell(text, (0, total), tip=tip)


_SEVERITY = {Answer.YES: 0, Answer.UNKNOWN: 1, Answer.NO: 2}


def _entity_status(id: str, figures: Figures) -> Cell:
    """The worst answer that any pack gives of the company."""
    found = [s[id].prohibited for s in figures.law.companies.values() if id in s]
    if not found:
        return Cell()
    answer = min(found, key=_SEVERITY.__getitem__)
    words = {Answer.YES: "prohibited", Answer.NO: "not found", Answer.UNKNOWN: "unknown"}[answer]
    return Cell(words, (0, _SEVERITY[answer]), ANSWER_TONES[answer])


def _control(id: str, figures: Figures) -> Cell:
    found = [s[id].verdict for s in figures.law.licenses.values() if id in s]
    if not found:
        return Cell()
    order = ("fail", "uncertain", "unknown", "pass")
    verdict = min(found, key=lambda v: order.index(v.value))
    words = {"fail": "yes", "uncertain": "uncertain", "unknown": "unknown", "pass": "no"}
    return Cell(words[verdict.value], (0, order.index(verdict.value)), VERDICT_TONES[verdict])


SCORE_COLUMNS: Mapping[Kind, Sequence[ScoreColumn]] = {
    EntityKind.PLANT: (
        ScoreColumn("credit", "Credit", "Tax credits of its products.", _credit, False, 150),
        ScoreColumn("ip", "{who} IP", "Documented share of the technology.", _low(Score.IP)),
        ScoreColumn("ip_most", "…at most", "With all that is undocumented.", _high(Score.IP)),
        ScoreColumn("macr", "MACR", "Material assistance cost ratio.", _ratio),
        ScoreColumn("threshold", "Threshold", "Least ratio that passes.", _threshold),
        ScoreColumn("status", "Status", "The worst of its credits.", _status, False, 130),
        ScoreColumn("annual", "Annual credit", "Before any risk.", _annual),
    ),
    EntityKind.COMPANY: (
        ScoreColumn(
            "attribution",
            "{who} share",
            "Whose it is, on the project's basis.",
            _low(Score.ATTRIBUTION),
        ),
        ScoreColumn(
            "attribution_most",
            "…at most",
            "With all that is undocumented.",
            _high(Score.ATTRIBUTION),
        ),
        ScoreColumn(
            "entity_status",
            "Prohibited entity",
            "Under the rule packs.",
            _entity_status,
            False,
            140,
        ),
    ),
    EntityKind.LICENSE: (
        ScoreColumn(
            "technology",
            "{who} technology",
            "Whose technology it grants.",
            _low(Score.TECHNOLOGY),
            width=140,
        ),
        ScoreColumn(
            "technology_most",
            "…at most",
            "With all that is undocumented.",
            _high(Score.TECHNOLOGY),
        ),
        ScoreColumn("control", "Effective control", "By its terms.", _control, False, 130),
    ),
    EntityKind.MATERIAL: (
        ScoreColumn("origin", "{who} origin", "Where it comes from.", _low(Score.ATTRIBUTION)),
        ScoreColumn(
            "origin_most", "…at most", "With all that is undocumented.", _high(Score.ATTRIBUTION)
        ),
    ),
}
"""The scores that stand beside the fields of each kind."""
