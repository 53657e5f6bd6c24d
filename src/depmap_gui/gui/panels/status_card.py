"""A company under every law at once: each pack's answer in a line, and the lists it is on."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from depmap_gui.domain.kinds import ANOTHER_COMPANY
from depmap_gui.domain.records import Company
from depmap_gui.gui import numbers
from depmap_gui.gui.panels.field_words import status_words
from depmap_gui.gui.panels.parts import Card, label, tone_icon
from depmap_gui.gui.panels.score_words import ANSWER_TONES
from depmap_gui.gui.panels.scores_parts import Sight, capital
from depmap_gui.rules.listings import person_named
from depmap_gui.rules.results import Answer, CompanyStatus

_ANSWERS = {Answer.YES: "yes", Answer.NO: "no", Answer.UNKNOWN: "unknown"}


def overview_card(company: Company, sight: Sight) -> Card | None:
    """All answers on one card, where there are any; the cards below give the reasons."""
    found = sight.assessment.law.companies.values()
    statuses = [by_company[company.id] for by_company in found if company.id in by_company]
    if not statuses:
        return None
    card = Card(f"Under each law, {sight.assessment.law.year}")
    for status in statuses:
        for row in _answer_rows(status, sight):
            card.add(row)
    for words in _list_words(company, sight):
        card.add(label(words, "muted"))
    return card


def _answer_rows(status: CompanyStatus, sight: Sight) -> Iterator[QWidget]:
    pack = sight.pack(status.pack)
    for question, answer in status.answers.items():
        said = _ANSWERS[answer]
        notes = [pack.title if pack is not None else status.pack]
        if question in status.declared:
            notes.append("declared by the analyst")
        silent = [point for point in status.open if point.startswith((question, "question."))]
        if silent:
            notes.append(f"{len(silent)} open")
        yield _row(sight, answer, f"{capital(status_words(question))}: {said}", " · ".join(notes))


def _row(sight: Sight, answer: Answer, words: str, note: str) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 2, 0, 2)
    row.setSpacing(8)
    mark = tone_icon(ANSWER_TONES[answer], sight.theme)
    holder = QVBoxLayout()
    holder.setSpacing(0)
    holder.addWidget(label(words))
    holder.addWidget(label(note, "muted"))
    row.addWidget(mark)
    row.addLayout(holder, 1)
    box.setAccessibleName(f"{words}. {note}")
    return box


def _list_words(company: Company, sight: Sight) -> Iterator[str]:
    """The lists that the map puts it on, with that entry's dates, and those it was kept off."""
    for id in company.lists:
        for pack in sight.names.packs:
            listing = pack.lists.get(id)
            if listing is None:
                continue
            person = person_named(listing, company.name)
            words = f"On {listing.title}"
            if person is not None:
                until = f" to {numbers.day(person.off)}" if person.off else ""
                words += f": {person.name}, from {numbers.day(person.on)}{until}"
                words += f" ({person.citation})"
            yield f"{words}."
            break
    for id, said in company.declared.items():
        if said == ANOTHER_COMPANY:
            yield f"Declared not to be its namesake on {sight.names.list_title(id)}."
