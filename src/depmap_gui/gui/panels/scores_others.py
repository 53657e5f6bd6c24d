"""The score cards of companies, licenses, materials and jurisdictions."""

from __future__ import annotations

from functools import partial

import msgspec
from PySide6.QtWidgets import QWidget

from depmap_gui.analysis.results import Score, exposure
from depmap_gui.domain.kinds import Basis
from depmap_gui.domain.records import Company, Jurisdiction, License, Material, Plant
from depmap_gui.gui import numbers
from depmap_gui.gui.panels.field_words import status_words
from depmap_gui.gui.panels.parts import Card, label, link_button, tone_icon
from depmap_gui.gui.panels.score_words import ANSWER_TONES, VERDICT_TONES, measure_text
from depmap_gui.gui.panels.scores_parts import (
    Folded,
    Sight,
    capital,
    empty_card,
    law_foot,
    open_points,
    reason_lines,
    share_row,
    status_headline,
    vector_rows,
    verdict_row,
)
from depmap_gui.gui.panels.scores_plant import IpCard, exposure_card
from depmap_gui.gui.panels.status_card import overview_card
from depmap_gui.gui.theme import Tone
from depmap_gui.rules.results import (
    Answer,
    CompanyStatus,
    Declared,
    FlagResult,
    LicenseControl,
    LimbResult,
    Verdict,
)

MOST_PLANTS = 20
_BASES = {
    Basis.CONTROL: "by whoever has most votes",
    Basis.ECONOMIC: "by economic shares, through every holding",
    Basis.DOMICILE: "by its own domicile",
}
_COMPANY_ROWS = (
    Score.IP,
    Score.EMBEDDED_IP,
    Score.MADE_IN,
    Score.MADE_BY,
    Score.DEBT,
)
_STATUS_TITLES = {
    "sfe": "Foreign entity status",
    "blocked": "Sanctions status",
    "covered": "Export control status",
    "feoc": "Entity of concern status",
    "adversary": "Connected vehicles: whose it is",
    "investor": "Investment conditions (proposal): whose it is",
}
"""Titles of status cards by the first question that a pack answers."""
_COUNTERPARTIES = {"feoc": "foreign entity of concern"}
"""What a counterparty is asked to be, by the same; else a specified foreign entity."""
_CONTROL_WORDS = {
    Verdict.FAIL: "Effective control",
    Verdict.UNCERTAIN: "Control uncertain",
    Verdict.UNKNOWN: "Not documented",
    Verdict.PASS: "No effective control",
}


def vector_card(
    title: str, entity: str, score: Score, sight: Sight, note: str = "", empty: str = ""
) -> Card:
    """A vector over jurisdictions as a card, with the way to its explanation."""
    card = Card(title)
    shares = sight.assessment.scores.vectors(score).get(entity)
    if shares is None:
        card.add(label(empty or numbers.UNKNOWN_TEXT, "muted"))
        return card
    card.top.addWidget(
        link_button("Why?", lambda: sight.ask(entity, score), f"Why is '{title}' so?")
    )
    if note:
        card.add(label(note, "muted"))
    for row in vector_rows(shares, sight):
        card.add(row)
    return card


# Companies ----------------------------------------------------------------------------------


def company_cards(company: Company, sight: Sight) -> list[QWidget]:
    """Whose it is, its status under each law, and its exposures."""
    note = f"Attributed {_BASES[sight.assessment.basis]}"
    cards: list[QWidget] = [vector_card("Whose it is", company.id, Score.ATTRIBUTION, sight, note)]
    if (overview := overview_card(company, sight)) is not None:
        cards.append(overview)
    laws = sight.assessment.law.companies.values()
    cards += [status_card(found[company.id], sight) for found in laws if company.id in found]
    rows = tuple(s for s in _COMPANY_ROWS if company.id in sight.assessment.scores.vectors(s))
    if rows:
        cards.append(exposure_card(company.id, rows, sight))
    return cards


def status_card(status: CompanyStatus, sight: Sight) -> Card:
    """A company's entity status under one pack, with reasons, limbs and open points."""
    card = Card(_STATUS_TITLES.get(next(iter(status.answers), ""), "Status"))
    for question, answer in status.answers.items():
        declared = status.declared.get(question)
        card.add(_answer_row(question, answer, declared, sight))
        limbs = [limb for id, limb in status.limbs.items() if id.startswith(f"{question}.")]
        for limb in limbs:
            card.add(_limb_row(limb, status.pack, sight))
    if status.reasons:
        folded = Folded("status", sight.theme)
        folded.head.addWidget(label("Reasons", "section"), 1)
        folded.head.addWidget(folded.toggle)
        for line in reason_lines(status.reasons, sight):
            folded.inside_column.addWidget(line)
        folded.toggle.setChecked(True)
        card.add(folded)
    if (points := open_points(status.open, status.pack, sight)) is not None:
        card.add(points)
    for line in law_foot(status.pack, sight):
        card.add(line)
    return card


def _answer_row(question: str, answer: Answer, declared: Declared | None, sight: Sight) -> QWidget:
    words = status_words(question)
    said = ""
    if declared is not None:
        source = sight.names.source(declared.source) if declared.source else "no source given"
        said = f"declared by the analyst, not computed ({source})"
        if declared.computed is not None:
            said += f"; the map alone says {declared.computed.value}"
    return status_headline(
        ANSWER_TONES[answer], f"{words}: {answer.value}", said, sight.theme, "heading"
    )


def _limb_row(limb: LimbResult, pack: str, sight: Sight) -> QWidget:
    low = limb.measure.low if limb.measure is not None else None
    high = limb.measure.high if limb.measure is not None else None
    figure = measure_text(limb.verdict, low, high, limb.threshold, limb.comparison)
    row = verdict_row(sight.title_of(pack, limb.id), limb.verdict, figure, sight, limb.citation)
    for line in reason_lines(limb.because, sight):
        row.inside_column.addWidget(line)
    if limb.citation:
        row.inside_column.addWidget(label(limb.citation, "muted"))
    return row


# Licenses -----------------------------------------------------------------------------------


def license_cards(license: License, sight: Sight) -> list[QWidget]:
    """Whose technology it grants, and what it lets the counterparty control."""
    cards: list[QWidget] = []
    if license.id in sight.assessment.scores.technology:
        cards.append(IpCard(license.id, sight, Score.TECHNOLOGY))
    laws = sight.assessment.law.licenses.values()
    cards += [control_card(found[license.id], sight) for found in laws if license.id in found]
    return cards or [empty_card("Nothing is known of this license yet. Link its licensors to it.")]


def control_card(control: LicenseControl, sight: Sight) -> Card:
    """Effective control by contract: the verdict, and every flag with its answer."""
    card = Card("Effective control")
    what = _counterparty_words(control.pack, sight)
    counterparty = {
        Answer.YES: f"The counterparty is a {what}",
        Answer.NO: f"The counterparty is no {what}",
        Answer.UNKNOWN: f"Whether the counterparty is a {what} is unknown",
    }[control.counterparty]
    tone = VERDICT_TONES[control.verdict]
    card.add(status_headline(tone, _CONTROL_WORDS[control.verdict], counterparty, sight.theme))
    if control.exception:
        title = sight.title_of(control.pack, control.exception)
        card.add(label(f"Exception: {title}", "good"))
    for flag in control.flags:
        card.add(_flag_row(flag, control.pack, sight))
    folded = Folded("effective control", sight.theme)
    folded.head.addWidget(label("Reasons", "section"), 1)
    folded.head.addWidget(folded.toggle)
    for line in reason_lines(control.because, sight):
        folded.inside_column.addWidget(line)
    card.add(folded)
    for line in law_foot(control.pack, sight):
        card.add(line)
    return card


def _counterparty_words(pack: str, sight: Sight) -> str:
    statuses = sight.assessment.law.companies.get(pack, {}).values()
    question = next((question for status in statuses for question in status.answers), "")
    return _COUNTERPARTIES.get(question, "specified foreign entity")


def _flag_row(flag: FlagResult, pack: str, sight: Sight) -> QWidget:
    """One flag: icon, title, answer; question, reason and citation are folded in."""
    title = sight.title_of(pack, flag.flag)
    row = Folded(title, sight.theme)
    tone = ANSWER_TONES[flag.answer]
    row.head.addWidget(tone_icon(tone, sight.theme))
    row.head.addWidget(label(capital(title)), 1)
    silent = flag.answer is Answer.UNKNOWN and flag.silent
    answer = "not documented" if silent else flag.answer.value
    role = {Tone.GOOD: "good", Tone.BAD: "bad"}.get(tone, "muted")
    row.head.addWidget(label(answer, role, wrap=False))
    row.head.addWidget(row.toggle)
    row.setAccessibleName(f"{title}: {answer}")
    row.setAccessibleDescription(flag.question)
    row.setToolTip(flag.question)
    row.inside_column.addWidget(label(flag.question))
    for line in reason_lines((flag.because,), sight):
        row.inside_column.addWidget(line)
    return row


# Materials and jurisdictions ----------------------------------------------------------------


def material_cards(material: Material, sight: Sight) -> list[QWidget]:
    """Where the material comes from."""
    cards: list[QWidget] = [
        vector_card("Where it comes from", material.id, Score.ATTRIBUTION, sight)
    ]
    rows = tuple(
        score
        for score in (Score.EMBEDDED_IP, Score.MADE_IN, Score.MADE_BY)
        if material.id in sight.assessment.scores.vectors(score)
    )
    if rows:
        cards.append(exposure_card(material.id, rows, sight))
    return cards


def jurisdiction_cards(place: Jurisdiction, sight: Sight) -> list[QWidget]:
    """The plants' IP shares of this jurisdiction, and how many companies are attributed to it."""
    code = place.code or place.id
    here = msgspec.structs.replace(sight, jurisdiction=code)
    card = Card(f"Plants by IP share of {place.name or code}")
    vectors = sight.assessment.scores.ip
    plants = [plant for plant in sight.project.of_kind(Plant) if plant.id in vectors]
    plants.sort(key=lambda plant: -exposure(vectors[plant.id], code).low)
    for plant in plants[:MOST_PLANTS]:
        go = partial(sight.editor.reveal, (plant.id,))
        within = here.within(plant.id, Score.IP)
        card.add(share_row(plant.name or plant.id, vectors[plant.id], here, go, within))
    if not plants:
        card.add(label("There is no scored plant on the map yet.", "muted"))
    attributed = sight.assessment.scores.attribution
    companies = [
        company
        for company in sight.project.of_kind(Company)
        if company.id in attributed and attributed[company.id].get(code, 0.0) > 0.5
    ]
    count = len(companies)
    words = f"{count} of the companies on the map {'is' if count == 1 else 'are'} mostly its own."
    card.add(label(words, "muted"))
    return [card]
