"""How a credit stands, as it is shown everywhere: its word, its tone, and which is worse."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from depmap_gui.gui.theme import Tone
from depmap_gui.rules.results import CreditResult, Eligibility


class CreditState(NamedTuple):
    """One way to stand; the lower the rank, the worse. Sorts by it."""

    rank: int
    word: str
    tone: Tone

    @property
    def title(self) -> str:
        """The word as a heading has it: 'At risk'."""
        return self.word[:1].upper() + self.word[1:]


STATES: Mapping[Eligibility, CreditState] = {
    Eligibility.INELIGIBLE: CreditState(0, Eligibility.INELIGIBLE.value, Tone.BAD),
    Eligibility.AT_RISK: CreditState(1, Eligibility.AT_RISK.value, Tone.WARN),
    Eligibility.UNDETERMINED: CreditState(2, Eligibility.UNDETERMINED.value, Tone.UNKNOWN),
    Eligibility.ELIGIBLE: CreditState(3, Eligibility.ELIGIBLE.value, Tone.GOOD),
}
ENDED = CreditState(4, "ended", Tone.ENDED)
"""The law has no credit left for the year: whatever the tests say, nothing is gained or lost."""


def state_of(status: Eligibility, phase_out: float | None) -> CreditState:
    """How a credit of the status stands where so much of it is left (0 to 1, None: unknown)."""
    return ENDED if phase_out == 0.0 else STATES[status]


def credit_state(credit: CreditResult) -> CreditState:
    """How one product's credit stands in its year."""
    return state_of(credit.status, credit.phase_out)


def worst_state(credits: Iterable[CreditResult]) -> CreditState | None:
    """The worst state of several products' credits; None where none has a credit."""
    return min(map(credit_state, credits), default=None)
