"""Scenarios beside the base map in words: titles, figures, differences, whole stories."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from depmap_gui.analysis.results import UNKNOWN
from depmap_gui.analysis.scenario_figures import SHARES, Cell, Difference, Figure, Outcome, Place
from depmap_gui.domain.project import Project
from depmap_gui.gui import numbers
from depmap_gui.gui.credit_states import CreditState, state_of
from depmap_gui.gui.panels.field_words import Names, status_words
from depmap_gui.gui.panels.score_words import (
    ANSWER_TONES,
    MARKET_HELP,
    SCORE_HELP,
    SCORE_TITLES,
    VERDICT_TONES,
    VERDICT_WORDS,
    adjective,
    measure_text,
    measured,
    place_name,
)
from depmap_gui.gui.theme import Tone
from depmap_gui.rules.results import Answer, Eligibility, Verdict
from depmap_gui.session.scenario_comparison import Row, ScenarioComparison

UP, DOWN, OTHER = "▲", "▼", "◆"
AS_BASE, DOES_NOT_FIT = "=", "does not fit"
_VERDICT_RANKS = {
    Verdict.FAIL: 0,
    Verdict.UNCERTAIN: 1,
    Verdict.UNKNOWN: 2,
    Verdict.PASS: 3,
}
_COMPARED = {">=": "≥", ">": ">", "<": "<", "<=": "≤"}
_ANSWER_RANKS = {Answer.YES: 0, Answer.UNKNOWN: 1, Answer.NO: 2}

# fmt: off
_INDEXES = {
    Figure.HHI_IP:        "Concentration of IP (HHI)",
    Figure.HHI_MADE_IN:   "Concentration of inputs, by where made (HHI)",
    Figure.HHI_MADE_BY:   "Concentration of inputs, by maker's home (HHI)",
    Figure.HHI_SUPPLIERS: "Concentration of suppliers (HHI)",
}
_OF_CREDITS = {
    Figure.STATUS:        "Status",
    Figure.ANNUAL_CREDIT: "Credit a year, before any risk",
    Figure.RISK:          "Risk of losing the credit",
    Figure.AT_RISK:       "Money at risk",
    Figure.OPEN:          "Open points",
}
GROUPS: Mapping[str, tuple[str, frozenset[Figure]]] = {
    "ip":            ("IP share", frozenset({Figure.IP})),
    "embedded":      ("Embedded IP share", frozenset({Figure.EMBEDDED_IP})),
    "first_tier":    ("Inputs, first tier", frozenset({Figure.MADE_IN_FIRST_TIER,
                                                       Figure.MADE_BY_FIRST_TIER})),
    "chain":         ("Inputs, whole chain", frozenset({Figure.MADE_IN, Figure.MADE_BY})),
    "ownership":     ("Ownership of the operator", frozenset({Figure.OWNERSHIP})),
    "concentration": ("Concentration", frozenset(_INDEXES)),
    "tests":         ("Tests of the credits", frozenset({Figure.TEST})),
    "money":         ("Money and risk", frozenset({Figure.ANNUAL_CREDIT, Figure.RISK,
                                                   Figure.AT_RISK})),
    "open":          ("Open points", frozenset({Figure.OPEN})),
    "companies":     ("Companies whose status changes", frozenset({Figure.ANSWER})),
}
"""The groups of figures that one chooses from, by name: what they are called, and which they are.
The status of each credit is always shown."""
# fmt: on


class Shown(msgspec.Struct, frozen=True):
    """One cell as it is read: the figure, what is otherwise than in the base, and how to dress it.

    ``tone`` colors a verdict, ``change_tone`` the difference (None: plain).
    """

    text: str
    change: str = ""
    tone: Tone | None = None
    change_tone: Tone | None = None
    is_changed: bool = False
    is_muted: bool = False


class Words:
    """Puts one comparison into words; what is asked twice is worked out once."""

    def __init__(self, comparison: ScenarioComparison, project: Project) -> None:
        self.comparison, self._project = comparison, project
        self._names = Names(project, comparison.packs)

    # Titles --------------------------------------------------------------------------------

    def heading(self) -> str:
        """What is compared: '2026, basis control, Chinese shares'."""
        found = self.comparison
        words = f"Tax year {found.year}, basis {found.basis}, {self._whose()} shares"
        if found.samples is not None:
            words += f", risks from {numbers.count(found.samples)} samples"
        return words

    def _whose(self) -> str:
        return adjective(self._project, self.comparison.jurisdiction)

    def owner(self, place: Place) -> str:
        """The plant or company."""
        return self.comparison.names[place.owner]

    def product(self, place: Place) -> str:
        """The product and the credit it claims."""
        name = self.comparison.products[place.plant, place.product]
        return f"{name} · {self._names.credit(place.credit)}"

    def title(self, place: Place) -> str:
        """What a figure is called."""
        figure = place.figure
        match figure:
            case Figure.IP:
                return f"{self._whose()}-IP share"
            case Figure.TEST:
                return self.point(place.pack, place.part)
            case Figure.ANSWER:
                return f"{self.owner(place)}: {status_words(place.part)}"
            case _ if figure in SHARES:
                where = place_name(self._project, self.comparison.jurisdiction)
                return f"{SCORE_TITLES[SHARES[figure]]}: {where}"
            case _:
                return _INDEXES.get(figure) or _OF_CREDITS[figure]

    def help(self, place: Place) -> str:
        """What a figure is; empty where its title says it."""
        if place.figure in SHARES:
            return SCORE_HELP[SHARES[place.figure]]
        return MARKET_HELP if place.figure in _INDEXES else ""

    def point(self, pack: str, id: str) -> str:
        """The title of a test or an open point."""
        rules = next((each for each in self.comparison.packs if each.id == pack), None)
        return id if rules is None else rules.title_of(id)

    # Cells ---------------------------------------------------------------------------------

    def shown(self, row: Row, number: int) -> Shown:
        """What a version's cell says."""
        cell, found = row.cells[number], row.differences[number]
        if cell is None:
            return Shown(numbers.DASH, is_muted=True)
        base = row.cells[0]
        text, tone = self.value(row.place, cell)
        change, change_tone = ("", None)
        if found is not None and base is not None:
            change, change_tone = self._change(row.place, base, cell, found)
        return Shown(
            text=text,
            change=change,
            tone=tone,
            change_tone=change_tone,
            is_changed=tells(row, number),
            is_muted=cell.absence is not None or text == numbers.UNKNOWN_TEXT,
        )

    def value(self, place: Place, cell: Cell) -> tuple[str, Tone | None]:
        """A cell's figure in words, and the tone it is to be read in."""
        if cell.absence is not None:
            return cell.absence.value, None
        match place.figure:
            case Figure.STATUS:
                state = status_state(cell)
                return state.word, state.tone
            case Figure.ANSWER:
                return cell.word, ANSWER_TONES[Answer(cell.word)]
            case Figure.TEST:
                return _test_words(cell), VERDICT_TONES[Verdict(cell.word)]
            case Figure.OPEN:
                return (numbers.count(len(cell.points)) if cell.points else "none"), None
            case Figure.ANNUAL_CREDIT | Figure.AT_RISK:
                return _money(cell), None
            case _:
                return _interval(cell, place.figure), None

    def _change(
        self, place: Place, base: Cell, cell: Cell, found: Difference
    ) -> tuple[str, Tone | None]:
        match found.outcome:
            case Outcome.SAME:
                return AS_BASE, None
            case Outcome.ADDED:
                return f"{OTHER} only here", None
            case Outcome.REMOVED:
                return f"{DOWN} gone", None
            case Outcome.UNKNOWN:
                return _unknown_change(place, base, cell)
            case Outcome.CHANGED:
                pass
        match place.figure:
            case Figure.STATUS | Figure.ANSWER:
                was, _ = self.value(place, base)
                return _turned(was, _rank(place, base), _rank(place, cell))
            case Figure.TEST if base.word != cell.word:
                was = VERDICT_WORDS[Verdict(base.word)]
                return _turned(was, _rank(place, base), _rank(place, cell))
            case Figure.OPEN:
                told = ((len(found.settled), "settled"), (len(found.opened), "opened"))
                words = ", ".join(f"{numbers.count(n)} {word}" for n, word in told if n)
                return f"{_arrow(-len(found.settled), len(found.opened))} {words}", None
            case _:
                return _moved(place.figure, cell, found)

    # Stories -------------------------------------------------------------------------------

    def story(self, row: Row, number: int) -> list[str]:
        """All there is to say of a cell, a line each."""
        place, cell, found = row.place, row.cells[number], row.differences[number]
        version, base = self.comparison.versions[number], row.cells[0]
        if cell is None or base is None:
            return [f"{version.name} does not fit the map:", *version.fault.splitlines()]
        lines = [f"{self.title(place)}: {self.value(place, cell)[0]}"]
        if found is not None:
            lines.append(f"Base: {self.value(place, base)[0]}")
            lines += self._difference_lines(place, cell, found)
        if cell.threshold is not None:
            limit = measured(cell.threshold, cell.unit or "share")
            lines.append(f"Fails if {_COMPARED.get(cell.comparison or '', '')} {limit}")
        if cell.margin is not None:
            lines.append(f"Margin: {_signed(cell.margin, Figure.TEST, cell.unit)}")
        if cell.one_time is not None:
            lines.append(cell.one_time.words.capitalize())
        told = [("Open", cell.points if place.figure is Figure.OPEN else ())]
        if found is not None:
            told += [("Settled here", found.settled), ("Opened here", found.opened)]
        lines += [f"{word}: {self._points(place.pack, ids)}" for word, ids in told if ids]
        return lines

    def _points(self, pack: str, points: Sequence[str]) -> str:
        return ", ".join(dict.fromkeys(self.point(pack, point) for point in points))

    def _difference_lines(self, place: Place, cell: Cell, found: Difference) -> Iterator[str]:
        if found.outcome is Outcome.UNKNOWN:
            yield "The difference is unknown, because a figure is."
        if found.low is None or found.high is None:
            return
        low, high = (_signed(each, place.figure, cell.unit) for each in (found.low, found.high))
        if low == high:
            yield f"Difference: {low}"
        elif place.figure in SHARES and self.comparison.jurisdiction != UNKNOWN:
            yield f"Difference: {low} documented, {high} at most"
        else:
            yield f"Difference: {low} at the lower end, {high} at the upper"


def tells(row: Row, number: int) -> bool:
    """Whether a version says otherwise than the base: of a figure, or of what is known of it."""
    found = row.differences[number]
    if found is None or found.outcome is Outcome.SAME:
        return False
    return found.outcome is not Outcome.UNKNOWN or row.cells[number] != row.cells[0]


def status_state(cell: Cell) -> CreditState:
    """How a credit stands that has this status."""
    return state_of(Eligibility(cell.word), cell.phase_out)


def _rank(place: Place, cell: Cell) -> int:
    match place.figure:
        case Figure.STATUS:
            return status_state(cell).rank
        case Figure.ANSWER:
            return _ANSWER_RANKS[Answer(cell.word)]
        case _:
            return _VERDICT_RANKS[Verdict(cell.word)]


def _turned(was: str, before: int, after: int) -> tuple[str, Tone | None]:
    tone = Tone.GOOD if after > before else Tone.BAD
    return f"{UP if after > before else DOWN} was {was}", tone


def _unknown_change(place: Place, base: Cell, cell: Cell) -> tuple[str, Tone | None]:
    if base == cell or (base.low is None and cell.low is None):
        return "", None
    if place.figure is Figure.TEST or base.low is None:
        return f"{OTHER} was unknown" if base.low is None else f"{OTHER} was known", None
    return f"{OTHER} was {_interval(base, place.figure)}", None


def _moved(figure: Figure, cell: Cell, found: Difference) -> tuple[str, Tone | None]:
    """How far the ends of a figure moved; of a test also which way that leads."""
    if found.low is None or found.high is None:
        return f"{OTHER} changed", None
    low, high = (_signed(each, figure, cell.unit) for each in (found.low, found.high))
    words = low if low == high else f"{low.removesuffix(_POINTS)}, {high}"
    tone = None
    if figure is Figure.TEST and found.margin:
        tone = Tone.GOOD if found.margin > 0.0 else Tone.BAD
    if figure is Figure.ANNUAL_CREDIT:
        tone = Tone.GOOD if found.low > 0.0 else Tone.BAD
    if figure in (Figure.RISK, Figure.AT_RISK):
        tone = Tone.BAD if found.low > 0.0 else Tone.GOOD
    return f"{_arrow(found.low, found.high)} {words}", tone


_POINTS = f"{numbers.NO_BREAK}pts"


def _arrow(low: float, high: float) -> str:
    if low <= 0.0 < high or high <= 0.0 < low:
        return UP if low == 0.0 or high == 0.0 else OTHER
    return UP if low + high > 0.0 else DOWN


def _signed(value: float, figure: Figure, unit: str) -> str:
    sign = "±" if value == 0.0 else "+" if value > 0.0 else "\N{MINUS SIGN}"
    match figure:
        case Figure.ANNUAL_CREDIT | Figure.AT_RISK:
            return sign + numbers.money(abs(value), unit)
        case Figure.TEST if unit not in ("share", ""):
            return sign + measured(abs(value), unit)
        case _ if figure in _INDEXES:
            return sign + numbers.index(abs(value))
        case _:
            points = numbers.points(value)
            return points if value else sign + points.removeprefix("+")


def _test_words(cell: Cell) -> str:
    verdict = Verdict(cell.word)
    words = VERDICT_WORDS[verdict]
    if cell.low is None or cell.high is None:
        return words
    measure = measure_text(
        verdict, cell.low, cell.high, cell.threshold, cell.comparison, cell.unit or "share"
    )
    return f"{words} · {measure}"


def _money(cell: Cell) -> str:
    amount = numbers.money(cell.low, cell.unit)
    return amount if cell.one_time is None or cell.low is None else f"{amount}, once"


def _interval(cell: Cell, figure: Figure) -> str:
    if cell.low is None or cell.high is None:
        return numbers.UNKNOWN_TEXT
    if figure not in _INDEXES:
        return numbers.percent_range(cell.low, cell.high)
    low, high = numbers.index(cell.low), numbers.index(cell.high)
    return high if low == high else f"{low}{numbers.DASH}{high}"
