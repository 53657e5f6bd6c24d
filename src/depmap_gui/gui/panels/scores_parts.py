"""The pieces that the score cards are made of: shares, tests with their bars, reasons, statuses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

import msgspec
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from depmap_gui.analysis.explain_concentration import Market
from depmap_gui.analysis.item_bounds import ItemBounds
from depmap_gui.analysis.results import UNKNOWN, Assessment, Range, Score, Shares, exposure
from depmap_gui.domain.project import Project
from depmap_gui.gui import numbers
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.icons import icon
from depmap_gui.gui.panels.field_words import Names
from depmap_gui.gui.panels.parts import (
    Bar,
    Card,
    ClickRow,
    Elided,
    label,
    link_button,
    tone_icon,
)
from depmap_gui.gui.panels.score_words import (
    MARKET_HELP,
    VERDICT_TONES,
    VERDICT_WORDS,
    place_name,
    share_of,
    with_range,
)
from depmap_gui.gui.theme import Theme, Tone
from depmap_gui.rules.pack import RulePack
from depmap_gui.rules.results import Reason, Verdict

ROLE_OF_TONE = {
    Tone.GOOD: "good",
    Tone.WARN: "warn",
    Tone.BAD: "bad",
    Tone.UNKNOWN: "muted",
    Tone.ENDED: "muted",
}
MOST_REASONS = 12
WITHIN = "the least and the most over its ranges and what is undocumented"


class Sight(msgspec.Struct, frozen=True):
    """What score cards are drawn from: one assessment as it is looked at. ``bounds`` are empty
    until they have been worked out."""

    assessment: Assessment
    editor: Editor
    theme: Theme
    names: Names
    jurisdiction: str
    ask: Callable[[str, Score | Market], object]
    bounds: ItemBounds = {}
    repair: Callable[[str, str], object] | None = None

    @property
    def project(self) -> Project:
        """The project as it stands."""
        return self.names.project

    def within(self, entity: str, score: Score) -> Range | None:
        """The bounds of the chosen jurisdiction's share; None where no quantity moves it."""
        return self.bounds.get((score, entity))

    def pack(self, id: str) -> RulePack | None:
        """The rule pack of that id."""
        return next((pack for pack in self.names.packs if pack.id == id), None)

    def title_of(self, pack: str, point: str) -> str:
        """Plain words for an open point."""
        found = self.pack(pack)
        return found.title_of(point) if found is not None else point

    def pack_line(self, pack: str) -> str:
        """Which pack, and which version of it, a verdict was reached with."""
        used = next((used for used in self.assessment.packs if used.id == pack), None)
        return f"{used.title} · {used.words}" if used is not None else pack


def share_row(
    words: str,
    shares: Shares | None,
    sight: Sight,
    act: Callable[[], object] | None = None,
    within: Range | None = None,
    tip: str = "",
) -> QWidget:
    """A score in one row: its name, the share of the chosen jurisdiction, a small bar.

    ``within`` bounds it where uncertain quantities move it: '85% (70–90%)'; ``tip`` defines it.
    """
    box = ClickRow(act, f"Why is {words} what it is?")
    box.row.setContentsMargins(0, 2, 0, 2)
    lines = QVBoxLayout()
    lines.setSpacing(3)
    top = QHBoxLayout()
    top.addWidget(Elided(words), 1)
    if shares is None:
        top.addWidget(label(numbers.UNKNOWN_TEXT, "muted", wrap=False))
        lines.addLayout(top)
    else:
        found = exposure(shares, sight.jurisdiction)
        figure = share_of(shares, sight.jurisdiction)
        if within is not None:
            figure = with_range(found.low, within.low, within.high)
            found = within
        top.addWidget(label(figure, wrap=False, figures=True))
        lines.addLayout(top)
        bar = Bar(found.low, found.high, sight.theme, fill=sight.theme.exposure(found.high))
        bar.setAccessibleName(f"{words}: {figure}")
        lines.addWidget(bar)
    box.row.addLayout(lines, 1)
    said = [tip, "" if within is None else f"In brackets: {WITHIN}.", _CLICK if act else ""]
    box.setToolTip("\n".join(filter(None, said)))
    box.setAccessibleDescription(tip)
    return box


def vector_rows(shares: Shares, sight: Sight, most: int = 6) -> list[QWidget]:
    """The jurisdictions of a vector, greatest first, what is undocumented last."""
    known = sorted(
        ((code, share) for code, share in shares.items() if code != UNKNOWN), key=lambda s: -s[1]
    )
    rows = [_vector_row(place_name(sight.project, c), s, sight, "") for c, s in known[:most]]
    if len(known) > most:
        rest = sum(share for _, share in known[most:])
        rows.append(_vector_row(f"{len(known) - most} others", rest, sight, ""))
    if (open_share := shares.get(UNKNOWN, 0.0)) > 0:
        rows.append(_vector_row("Undocumented", open_share, sight, "muted"))
    return rows


def _vector_row(words: str, share: float, sight: Sight, role: str) -> QWidget:
    return figure_row(words, numbers.percent(share, sight.names.locale), role)


def index_row(words: str, figure: str, act: Callable[[], object]) -> QWidget:
    """An index in one row; a click asks why."""
    box = ClickRow(act, f"Why is {words} what it is?")
    box.row.setContentsMargins(0, 1, 0, 1)
    box.row.addWidget(Elided(words), 1)
    value = label(figure, wrap=False, figures=True)
    value.setAccessibleName(f"{words}: {figure}")
    box.row.addWidget(value)
    box.setToolTip(f"{MARKET_HELP}\n{_CLICK}")
    box.setAccessibleDescription(MARKET_HELP)
    return box


_CLICK = "Click to see what it is made of."


def figure_row(words: str, figure: str, role: str = "", tip: str = "") -> QWidget:
    """A name at the left and its figure at the right."""
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    row.addWidget(Elided(words, role), 1)
    value = label(figure, role, wrap=False, figures=True)
    row.addWidget(value)
    box.setAccessibleName(f"{words}: {figure}")
    if tip:
        box.setToolTip(tip)
    return box


def headline(figure: str, words: str, tone: Tone | None = None) -> QWidget:
    """A large figure or status with a sentence beside it."""
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    big = label(figure, "figure", wrap=False)
    if tone is not None:
        big.setProperty("tone", tone.value)
    row.addWidget(big, 0, Qt.AlignmentFlag.AlignBottom)
    small = label(words, "muted")
    small.setContentsMargins(0, 0, 0, 3)
    row.addWidget(small, 1, Qt.AlignmentFlag.AlignBottom)
    return box


def status_headline(
    tone: Tone, status: str, words: str, theme: Theme, role: str = "figure"
) -> QWidget:
    """A status in large letters, its icon before it."""
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(tone_icon(tone, theme, 20))
    big = label(status, role)
    big.setStyleSheet(f"color: {theme.ink(tone)};")
    row.addWidget(big, 1)
    column.addLayout(row)
    if words:
        column.addWidget(label(words, "muted"))
    return box


class Folded(QWidget):
    """A row with something below it that opens and closes."""

    def __init__(self, name: str, theme: Theme) -> None:
        super().__init__()
        self._name, self._theme = name, theme
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self.head = QHBoxLayout()
        self.head.setSpacing(6)
        column.addLayout(self.head)
        self.under = QVBoxLayout()
        self.under.setContentsMargins(22, 0, 0, 0)
        column.addLayout(self.under)
        self.inside = QWidget()
        self.inside_column = QVBoxLayout(self.inside)
        self.inside_column.setContentsMargins(22, 0, 0, 6)
        self.inside_column.setSpacing(4)
        self.inside.hide()
        column.addWidget(self.inside)
        self.toggle = QToolButton()
        self.toggle.setCheckable(True)
        self.toggle.setAutoRaise(True)
        self.toggle.setFixedSize(QSize(theme.sized(20), theme.sized(20)))
        self.toggle.setStyleSheet("QToolButton { padding: 0; }")
        self.toggle.setAccessibleName(f"Reasons: {name}")
        self.toggle.toggled.connect(self.open)
        self._draw(is_open=False)

    def open(self, is_open: bool) -> None:
        """Show or hide what is inside."""
        self.inside.setVisible(is_open)
        self._draw(is_open)

    def _draw(self, is_open: bool) -> None:
        name = "chevron-down" if is_open else "chevron-right"
        self.toggle.setIcon(icon(name, self._theme, self._theme.muted, 14))
        self.toggle.setToolTip("Hide the reasons" if is_open else "Show the reasons")


def verdict_row(title: str, verdict: Verdict, figure: str, sight: Sight, tip: str = "") -> Folded:
    """A test or limb: its verdict as an icon, title, figure; reasons are folded in.

    ``tip`` says what it is about.
    """
    tone = VERDICT_TONES[verdict]
    row = Folded(title, sight.theme)
    mark = tone_icon(tone, sight.theme)
    mark.setToolTip(VERDICT_WORDS[verdict])
    row.head.addWidget(mark)
    row.head.addWidget(label(capital(title)), 1)
    row.head.addWidget(_figure(figure, tone))
    row.head.addWidget(row.toggle)
    row.setAccessibleName(f"{title}: {VERDICT_WORDS[verdict]}, {figure}")
    row.setAccessibleDescription(tip)
    row.setToolTip(tip)
    return row


def _figure(words: str, tone: Tone) -> QLabel:
    return label(words, ROLE_OF_TONE[tone], wrap=False, figures=True)


def reason_lines(reasons: Sequence[Reason], sight: Sight) -> Iterable[QWidget]:
    """Each reason as a sentence with its citation; a button goes to what it is about."""
    for reason in reasons[:MOST_REASONS]:
        yield label(numbers.in_locale(reason.text))
        foot = QWidget()
        row = QHBoxLayout(foot)
        row.setContentsMargins(0, 0, 0, 0)
        cited = [reason.citation] if reason.citation else []
        cited += [sight.names.source(id) for id in reason.sources[:3]]
        if len(reason.sources) > 3:
            cited.append(f"and {len(reason.sources) - 3} more")
        if cited:
            row.addWidget(label(" · ".join(cited), "muted"), 1)
        else:
            row.addStretch(1)
        there = tuple(id for id in reason.where if _is_there(sight, id))
        if there:
            row.addWidget(
                link_button("Show", partial(sight.editor.reveal, there), "Show on the map"),
                0,
                Qt.AlignmentFlag.AlignTop,
            )
        yield foot
    if len(reasons) > MOST_REASONS:
        yield label(f"and {len(reasons) - MOST_REASONS} more reasons.", "muted")


def capital(words: str) -> str:
    """The words with a capital at their beginning."""
    return words[:1].upper() + words[1:]


def _is_there(sight: Sight, id: str) -> bool:
    return id in sight.project.entities or id in sight.project.links


def open_points(points: Sequence[str], pack: str, sight: Sight) -> QWidget | None:
    """The points on which the map is silent, by name; None where there are none."""
    if not points:
        return None
    named = list(dict.fromkeys(sight.title_of(pack, point) for point in points))
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 4, 0, 2)
    column.setSpacing(1)
    column.addWidget(label(f"{len(named)} open: the map is silent on", "section"))
    column.addWidget(label(", ".join(named)))
    box.setToolTip("The map says nothing that bears on these. They do not decide the status.")
    return box


def law_foot(pack: str, sight: Sight) -> list[QWidget]:
    """Which law, in which version, and that this is no advice."""
    return [label(sight.pack_line(pack), "muted"), label(sight.assessment.law.caution, "muted")]


def empty_card(sentence: str) -> Card:
    """A card that says what to do where there is nothing to show."""
    card = Card()
    card.add(label(sentence, "muted"))
    return card
