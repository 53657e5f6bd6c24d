"""What scores, verdicts and statuses are called, and how a measure stands to its threshold."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QLocale

from depmap_gui.analysis.explain_concentration import Market
from depmap_gui.analysis.results import UNKNOWN, Score, Shares, exposure
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Jurisdiction
from depmap_gui.gui import numbers
from depmap_gui.gui.theme import Tone
from depmap_gui.rules.results import Answer, Verdict

SCORE_TITLES: Mapping[Score, str] = {
    Score.ATTRIBUTION: "Attribution",
    Score.TECHNOLOGY: "Technology of the license",
    Score.IP: "IP share",
    Score.EMBEDDED_IP: "Embedded IP, suppliers included",
    Score.MADE_IN: "Inputs made in, whole chain",
    Score.MADE_BY: "Inputs by maker, whole chain",
    Score.MADE_IN_FIRST_TIER: "Inputs made in, first tier",
    Score.MADE_BY_FIRST_TIER: "Inputs by maker, first tier",
    Score.OWNERSHIP: "Ownership of the operator",
    Score.DEBT: "Debt",
}
MARKET_TITLES: dict[Market, str] = {
    Market.IP: "Concentration: technology",
    Market.INPUTS_MADE_IN: "Concentration: inputs made in",
    Market.INPUTS_MADE_BY: "Concentration: inputs made by",
    Market.SUPPLIERS: "Concentration: suppliers",
}
MARKET_HELP = (
    "Herfindahl-Hirschman index, 0 to 10,000: the sum of all shares squared. What is unknown "
    "counts as many small parties."
)
SCORE_HELP: Mapping[Score, str] = {
    Score.ATTRIBUTION: "Whose the item is, on the project's basis.",
    Score.TECHNOLOGY: "Whose technology the license grants: its licensors and sub-licenses.",
    Score.IP: "Share of the technology base, by whose technology it is.",
    Score.EMBEDDED_IP: "The IP share looking through everything that is bought in.",
    Score.MADE_IN: "Inputs by where they are made, through the whole chain, weighted by cost.",
    Score.MADE_BY: "Inputs by whose company makes them, through the whole chain.",
    Score.MADE_IN_FIRST_TIER: "Direct inputs by where they are made, weighted by cost.",
    Score.MADE_BY_FIRST_TIER: "Direct inputs by whose company makes them, weighted by cost.",
    Score.OWNERSHIP: "Economic ownership of the operator.",
    Score.DEBT: "Debt by whose lenders hold it.",
}
_ADJECTIVES: Mapping[str, str] = {
    "CN": "Chinese",
    "US": "US",
    "KR": "Korean",
    "JP": "Japanese",
    "RU": "Russian",
    "DE": "German",
    "FR": "French",
    "SE": "Swedish",
    "CA": "Canadian",
    "TW": "Taiwanese",
    "IR": "Iranian",
    "KP": "North Korean",
}

VERDICT_TONES: Mapping[Verdict, Tone] = {
    Verdict.PASS: Tone.GOOD,
    Verdict.FAIL: Tone.BAD,
    Verdict.UNCERTAIN: Tone.WARN,
    Verdict.UNKNOWN: Tone.UNKNOWN,
}
VERDICT_WORDS: Mapping[Verdict, str] = {
    Verdict.PASS: "passes",
    Verdict.FAIL: "fails",
    Verdict.UNCERTAIN: "uncertain",
    Verdict.UNKNOWN: "not documented",
}
ANSWER_TONES: Mapping[Answer, Tone] = {
    Answer.YES: Tone.BAD,
    Answer.NO: Tone.GOOD,
    Answer.UNKNOWN: Tone.UNKNOWN,
}
_OPPOSITE = {">=": "<", ">": "≤", "<": "≥", "<=": ">"}
_SHOWN = {">=": "≥", ">": ">", "<": "<", "<=": "≤"}


def place_name(project: Project, code: str) -> str:
    """What the jurisdiction with that code (or id) is called on the map."""
    if code == UNKNOWN:
        return "Undocumented"
    for place in project.of_kind(Jurisdiction):
        if code in (place.code, place.id):
            return place.name or code
    return code


def adjective(project: Project, code: str) -> str:
    """'Chinese', or failing an adjective the jurisdiction's name."""
    return _ADJECTIVES.get(code) or place_name(project, code)


def share_of(shares: Shares | None, code: str) -> str:
    """A jurisdiction's share in words: '62%', '62–76%' with what is undocumented, or unknown."""
    if shares is None:
        return numbers.UNKNOWN_TEXT
    found = exposure(shares, code)
    if found.low == 0.0 and found.high > 1.0 - 1e-9:
        return numbers.UNKNOWN_TEXT
    return numbers.percent_range(found.low, found.high)


def with_range(mode: float, low: float, high: float) -> str:
    """A share with its bounds behind it, '85% (70–90%)'; alone where they read alike."""
    figure, span = numbers.percent(mode), numbers.percent_range(low, high)
    return figure if span == figure else f"{figure} ({span})"


def measured(value: float, unit: str, locale: QLocale | None = None) -> str:
    """A measured figure in its unit."""
    if unit == "share":
        return numbers.percent(value, locale)
    return f"{numbers.count(value, locale=locale)} {unit}".strip()


def measure_text(
    verdict: Verdict,
    low: float | None,
    high: float | None,
    threshold: float | None,
    comparison: str | None,
    unit: str = "share",
) -> str:
    """A measure against its threshold: '0% < 25%', '39.5–100% vs 60%', 'not documented'.

    ``comparison`` is how the measure must stand to the threshold to fail.
    """
    if low is None or high is None:
        return VERDICT_WORDS[verdict]
    if unit == "share":
        figure = numbers.percent_range(low, high)
    else:
        least = "" if low == high else f"{numbers.count(low)}{numbers.DASH}"
        figure = least + measured(high, unit)
    if threshold is None or comparison is None:
        return figure
    limit = measured(threshold, unit)
    match verdict:
        case Verdict.PASS:
            return f"{figure} {_OPPOSITE.get(comparison, 'vs')} {limit}"
        case Verdict.FAIL:
            return f"{figure} {_SHOWN.get(comparison, 'vs')} {limit}"
        case _:
            return f"{figure} vs {limit}"


def margin_text(margin: float | None, unit: str) -> str:
    """How far the worse end of the measure is from the threshold."""
    if margin is None:
        return ""
    if unit == "share":
        return f"margin {numbers.points(margin)}"
    sign = "+" if margin >= 0 else "\N{MINUS SIGN}"
    return f"margin {sign}{measured(abs(margin), unit)}"
