"""Marks and words of verdicts in the report, so that color never stands alone."""

from __future__ import annotations

from collections.abc import Mapping

from depmap_gui.gui.credit_states import CreditState
from depmap_gui.gui.panels.score_words import ANSWER_TONES, VERDICT_TONES, VERDICT_WORDS
from depmap_gui.gui.report.pieces import Mark
from depmap_gui.gui.report.typography import Run, Style
from depmap_gui.gui.theme import LIGHT, Tone
from depmap_gui.rules.results import Answer, Outcome, Verdict

OUTCOMES: Mapping[Outcome, tuple[Tone, str]] = {
    Outcome.CLEAR: (Tone.GOOD, "Nothing found against it"),
    Outcome.AT_RISK: (Tone.WARN, "At risk"),
    Outcome.BARRED: (Tone.BAD, "Barred"),
    Outcome.UNDETERMINED: (Tone.UNKNOWN, "Undetermined"),
}


def mark(tone: Tone, points: float = 8.5) -> Mark:
    """The icon of a tone in its color."""
    return Mark(tone.icon, LIGHT.ink(tone), points)


def state_runs(state: CreditState, style: Style) -> tuple[Run, Mark]:
    """How a credit stands: its word and its mark."""
    return Run(state.title, style.strong.colored(LIGHT.ink(state.tone))), mark(state.tone)


def verdict_runs(verdict: Verdict, style: Style) -> tuple[Run, Mark]:
    """How a test came out: its word and its mark."""
    tone = VERDICT_TONES[verdict]
    return Run(VERDICT_WORDS[verdict], style.colored(LIGHT.ink(tone))), mark(tone, 7.5)


def answer_mark(answer: Answer) -> Mark:
    """The icon of an answer about a company."""
    return mark(ANSWER_TONES[answer], 7.5)
