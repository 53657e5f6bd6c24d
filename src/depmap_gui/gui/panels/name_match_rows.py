"""Rows below a company's lists: listed names that are like its own, to be settled there."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from depmap_gui.domain.edits import SetField
from depmap_gui.domain.records import Company
from depmap_gui.gui.panels.inspector_desk import Desk
from depmap_gui.gui.panels.parts import label, link_button, tone_icon
from depmap_gui.gui.theme import Tone
from depmap_gui.rules.listings import NameMatch
from depmap_gui.session.name_matches import (
    accept_label,
    acceptance,
    match_sentence,
    refusal,
    refuse_label,
)


def alike_row(desk: Desk, match: NameMatch) -> QWidget:
    """A listed name that is like the company's, with both answers."""
    project, packs = desk.editor.project, desk.packs
    words = accept_label(project, packs, match), refuse_label(project, packs, match)

    def accept() -> None:
        desk.apply(acceptance(desk.editor.project, match), words[0])

    def refuse() -> None:
        desk.apply(refusal(desk.editor.project, match), words[1])

    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 2, 0, 2)
    column.setSpacing(2)
    said = QHBoxLayout()
    said.setSpacing(6)
    said.addWidget(tone_icon(Tone.WARN, desk.theme), 0, Qt.AlignmentFlag.AlignTop)
    said.addWidget(label(match_sentence(project, packs, match)), 1)
    column.addLayout(said)
    row = QHBoxLayout()
    row.addWidget(link_button("Accept", accept, words[0]))
    row.addWidget(link_button("Not the same", refuse, words[1]))
    row.addStretch(1)
    column.addLayout(row)
    return holder


def refused_row(desk: Desk, company: Company, list_id: str, title: str) -> QWidget:
    """A list whose like-named person is another company, with the way to ask again."""

    def ask_again() -> None:
        declared = {key: said for key, said in company.declared.items() if key != list_id}
        edit = SetField(company.section, company.id, "declared", declared)
        desk.apply(edit, f"Ask again whether {company.name} is on {title}")

    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(label(f"Not the one on {title}", "muted"), 1)
    tip = "Forget that it is another company, and offer the name again"
    row.addWidget(link_button("Ask again", ask_again, tip), 0, Qt.AlignmentFlag.AlignTop)
    return holder
