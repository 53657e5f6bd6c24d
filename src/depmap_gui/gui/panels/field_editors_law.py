"""Editors whose questions come from the rule packs: terms, lists, declared statuses, readings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from depmap_gui.domain.fields import Field
from depmap_gui.domain.kinds import ANOTHER_COMPANY
from depmap_gui.domain.records import Company
from depmap_gui.gui import numbers
from depmap_gui.gui.panels.field_editors import VARIOUS, VARIOUS_TEXT, FieldEditor, common
from depmap_gui.gui.panels.field_editors_choice import Picker, ThreeWay
from depmap_gui.gui.panels.field_words import record_words, status_words
from depmap_gui.gui.panels.inspector_desk import Change, Desk
from depmap_gui.gui.panels.name_match_rows import alike_row, refused_row
from depmap_gui.gui.panels.parts import clear, label
from depmap_gui.gui.theme import Theme
from depmap_gui.rules.listings import NameMatch, name_matches
from depmap_gui.rules.pack import Flag, Standing

NOT_DECLARED = "not declared"
_ANSWERS = {True: "yes", False: "no", None: "unknown"}


def without(mapping: Mapping[str, Any], key: str) -> dict[str, Any]:
    """The mapping without one key."""
    return {name: value for name, value in mapping.items() if name != key}


class QuestionsEditor(FieldEditor):
    """Rows of questions that are built from the rule packs, and again when these change."""

    is_wide = True

    def __init__(self, field: Field, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(field, desk, parent)
        self.rows = QWidget(self)
        self.rows_column = QVBoxLayout(self.rows)
        self.rows_column.setContentsMargins(0, 0, 0, 0)
        self.rows_column.setSpacing(8)
        self.hold(self.rows, named=False)
        self._built_for: object = None

    def refresh(self) -> None:
        """Build the rows if the questions are others than before, then show the answers."""
        asked = self.asked()
        if asked != self._built_for:
            self._built_for = asked
            clear(self.rows_column)
            self.build()
        self.show_answers()

    def asked(self) -> object:
        """What the rows are built from; equal values need no new rows."""
        raise NotImplementedError

    def build(self) -> None:
        """Make a row for each question."""
        raise NotImplementedError

    def show_answers(self) -> None:
        """Show what the records hold."""
        raise NotImplementedError

    def keys_held(self) -> list[str]:
        """All keys that any of the records has."""
        return list(dict.fromkeys(key for value in self.values for key in value))


class TermsEditor(QuestionsEditor):
    """Every right and red flag that is decided by an answer, as a question with its citation."""

    def __init__(self, field: Field, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(field, desk, parent)
        self.questions: dict[str, ThreeWay] = {}

    def asked(self) -> object:
        """The packs' flags, and terms of the records that no pack asks for."""
        asking = self._asking()
        terms = {flag.term for flags in asking.values() for flag in flags}
        return (tuple(asking.items()), tuple(key for key in self.keys_held() if key not in terms))

    def _asking(self) -> dict[str, tuple[Flag, ...]]:
        """Each pack's flags by its title; a term that several ask for stands with the first."""
        asking: dict[str, tuple[Flag, ...]] = {}
        terms: set[str | None] = {None}
        for pack in self.desk.packs:
            flags = [f for f in pack.flags.values() if f.term is None or f.term not in terms]
            terms |= {flag.term for flag in flags}
            if flags:
                asking[pack.title] = tuple(flags)
        return asking

    def build(self) -> None:
        """One question below the other: question, three answers, citation."""
        self.questions = {}
        asking = self._asking()
        if not asking:
            words = "The rule packs of this project ask nothing about licenses."
            self.rows_column.addWidget(label(words, "muted"))
        for title, flags in asking.items():
            if len(asking) > 1:
                self.rows_column.addWidget(label(title, "section"))
            # What is answered here comes before what is read elsewhere.
            for flag in sorted(flags, key=lambda flag: flag.term is None):
                self._add_flag(flag)
        for term in self.keys_held():
            if term not in self.questions:
                self._add_question(term, term, "No rule pack of this project asks this.", "")

    def _add_flag(self, flag: Flag) -> None:
        cited = f"{flag.citation}{_force(flag)}"
        if flag.term is not None:
            self._add_question(flag.term, flag.title, flag.question, cited, flag.cure)
            return
        self.rows_column.addWidget(label(flag.question))
        words = f"Read from the dates and periods above · {cited}"
        self.rows_column.addWidget(label(words, "muted"))

    def _add_question(
        self, term: str, title: str, question: str, citation: str, cure: str = ""
    ) -> None:
        holder = QWidget()
        box = QVBoxLayout(holder)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        asked = label(question, "")
        asked.setToolTip(f"{title}\nWhat would cure it: {cure}" if cure else title)
        box.addWidget(asked)
        answers = ThreeWay(self.desk.theme, title)
        answers.answered.connect(lambda answer, t=term, w=title: self._answer(t, w, answer))
        box.addWidget(answers)
        if citation:
            box.addWidget(label(citation, "muted"))
        self.questions[term] = answers
        self.rows_column.addWidget(holder)

    def show_answers(self) -> None:
        """Mark each answer; a term that is not there is unknown."""
        for term, answers in self.questions.items():
            answers.show_answer(common([value.get(term) for value in self.values]))

    def set_theme(self, theme: Theme) -> None:
        """Dress the answers."""
        for answers in self.questions.values():
            answers.set_theme(theme)

    def _answer(self, term: str, title: str, answer: bool | None) -> None:
        def answered(terms: Mapping[str, Any]) -> dict[str, Any]:
            # Unknown is the absence of an answer; an explicit null says the same and stays.
            if answer is None and term not in terms:
                return dict(terms)
            return {**terms, term: answer}

        whose = self.desk.names.project
        names = record_words(whose, self.records[0]) if len(self.records) == 1 else "licenses"
        self.show_answers()
        self.commit(Change(answered, label=f"Answer {_ANSWERS[answer]} to '{title}' of {names}"))


def _force(flag: Flag) -> str:
    """What force a flag has, where it is not plain law without end."""
    said = "" if flag.standing is Standing.ENACTED else f" · {flag.standing.value}"
    until = f" to {numbers.day(flag.ends)}" if flag.ends is not None else ""
    return f"{said} · from {numbers.day(flag.starts)}{until}" if said or until else ""


class TickRow(QWidget):
    """A tick box with a text that wraps; a click on the text ticks too."""

    def __init__(self, words: str, detail: str = "") -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self.box = QCheckBox()
        self.box.setAccessibleName(words)
        self.box.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusProxy(self.box)
        self.words = label(words)
        self.words.setToolTip(detail)
        self.words.installEventFilter(self)
        row.addWidget(self.box, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.words, 1)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A click on the words is a click on the box."""
        if event.type() is QEvent.Type.MouseButtonRelease:
            self.box.click()
            return True
        return super().eventFilter(watched, event)


class ListsEditor(QuestionsEditor):
    """The government lists of the packs to tick; half ticked where some of several are on it."""

    def __init__(self, field: Field, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(field, desk, parent)
        self.ticks: dict[str, QCheckBox] = {}

    def asked(self) -> object:
        """The lists of the packs, those of the records that no pack has, and names alike."""
        return (tuple(self._titles().items()), self._alike(), self._refused())

    def _alike(self) -> tuple[NameMatch, ...]:
        """The listed names that the one company's name is like."""
        if len(self.records) != 1 or not isinstance(self.records[0], Company):
            return ()
        project = self.desk.editor.project
        return name_matches(self.records, self.desk.packs, project.header.year)

    def _refused(self) -> tuple[str, ...]:
        """The lists whose like-named person the one company is not."""
        if len(self.records) != 1 or not isinstance(self.records[0], Company):
            return ()
        declared = self.records[0].declared.items()
        return tuple(id for id, said in declared if said == ANOTHER_COMPANY)

    def _titles(self) -> dict[str, str]:
        titles = {id: kept.title for pack in self.desk.packs for id, kept in pack.lists.items()}
        held = [id for value in self.values for id in value if id not in titles]
        return titles | {id: f"{id} (in no rule pack)" for id in held}

    def build(self) -> None:
        """A tick box for each list."""
        self.ticks = {}
        titles = self._titles()
        if not titles:
            words = "The rule packs of this project have no lists."
            self.rows_column.addWidget(label(words, "muted"))
        for id, title in titles.items():
            row = TickRow(title[:1].upper() + title[1:], id)
            row.box.clicked.connect(lambda checked, i=id, t=title: self._tick(i, t, checked))
            self.ticks[id] = row.box
            self.rows_column.addWidget(row)
        for match in self._alike():
            self.rows_column.addWidget(alike_row(self.desk, match))
        for id in self._refused():
            title = titles.get(id, id)
            self.rows_column.addWidget(refused_row(self.desk, self.records[0], id, title))

    def show_answers(self) -> None:
        """Tick the lists that the records are on."""
        for id, box in self.ticks.items():
            held = common([id in value for value in self.values])
            box.setTristate(held is VARIOUS)
            partly = Qt.CheckState.PartiallyChecked
            if held is VARIOUS:
                box.setCheckState(partly)
            else:
                box.setCheckState(Qt.CheckState.Checked if held else Qt.CheckState.Unchecked)

    def _tick(self, id: str, title: str, is_on: bool) -> None:
        def ticked(lists: tuple[str, ...]) -> tuple[str, ...]:
            kept = tuple(held for held in lists if held != id)
            return lists if is_on and id in lists else (*kept, id) if is_on else kept

        names = self.desk.names
        whose = (
            record_words(names.project, self.records[0])
            if len(self.records) == 1
            else f"{len(self.records)} companies"
        )
        verb, preposition = ("Put", "on") if is_on else ("Take", "off")
        self.commit(Change(ticked, label=f"{verb} {whose} {preposition} {title}"))


class DeclaredEditor(QuestionsEditor):
    """Statuses an analyst asserts, each with yes, no or unknown, and the source of them."""

    def __init__(self, field: Field, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(field, desk, parent)
        self.pickers: dict[str, Picker] = {}

    def asked(self) -> object:
        """The statuses and the sources to choose from."""
        sources = self.desk.editor.project.sources
        return (self._statuses(), tuple((id, s.title) for id, s in sources.items()))

    def _statuses(self) -> tuple[str, ...]:
        """What the packs decide of companies, and what the records declare beyond."""
        found = [kept.decides for pack in self.desk.packs for kept in pack.lists.values()]
        found += [id.partition(".")[0] for pack in self.desk.packs for id in pack.limbs]
        assessed = self.desk.editor.assessment
        if assessed is not None:
            for companies in assessed.law.companies.values():
                for status in companies.values():
                    found += status.answers
                    break
        held = self._statuses_held()
        found += held
        statuses = set(self._company_statuses())
        return tuple(dict.fromkeys(s for s in found if s and (s in statuses or s in held)))

    def _statuses_held(self) -> list[str]:
        """What the records declare, the source and namesakes on lists apart."""
        return [
            key
            for value in self.values
            for key, said in value.items()
            if key != "source" and said != ANOTHER_COMPANY
        ]

    def _company_statuses(self) -> list[str]:
        assessed = self.desk.editor.assessment
        if assessed is None:
            return ["sfe", "fie"]
        answers = [
            question
            for companies in assessed.law.companies.values()
            for status in list(companies.values())[:1]
            for question in status.answers
        ]
        return answers or ["sfe", "fie"]

    def build(self) -> None:
        """A row for each status, and one for the source."""
        self.pickers = {}
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(1, 1)
        grid.setSpacing(6)
        answers = [(None, NOT_DECLARED), ("yes", "yes"), ("no", "no"), ("unknown", "unknown")]
        for status in self._statuses():
            self._add_row(grid, status, status_words(status), answers)
        sources = self.desk.editor.project.sources
        offered = [(None, "no source")] + [(id, s.title or id) for id, s in sources.items()]
        self._add_row(grid, "source", "Source", offered)
        self.rows_column.addWidget(holder)

    def _add_row(
        self, grid: QGridLayout, key: str, words: str, options: list[tuple[Any, str]]
    ) -> None:
        row = grid.rowCount()
        caption = QLabel(words)
        caption.setWordWrap(True)
        caption.setMinimumWidth(90)
        picker = Picker()
        picker.setPlaceholderText(VARIOUS_TEXT)
        self.introduce(picker, words)
        for value, text in options:
            picker.addItem(text, value)
        picker.activated.connect(lambda _at, k=key, p=picker: self._declare(k, p.currentData()))
        caption.setBuddy(picker)
        grid.addWidget(caption, row, 0)
        grid.addWidget(picker, row, 1)
        self.pickers[key] = picker

    def show_answers(self) -> None:
        """Show what is declared; other words than yes, no and unknown are shown as they are."""
        for key, picker in self.pickers.items():
            value = common([declared.get(key) for declared in self.values])
            at = -1 if value is VARIOUS else picker.findData(value)
            if at < 0 and isinstance(value, str):
                picker.addItem(f"{value} (not known)", value)
                at = picker.count() - 1
            picker.setCurrentIndex(at)

    def _declare(self, key: str, value: str | None) -> None:
        def declared(old: Mapping[str, str]) -> dict[str, str]:
            return without(old, key) if value is None else {**old, key: value}

        whose = record_words(self.desk.names.project, self.records[0])
        if len(self.records) > 1:
            whose = f"{len(self.records)} companies"
        if key == "source":
            words = f"Change the source of what is declared of {whose}"
        elif value is None:
            words = f"Declare nothing of {whose} as to {status_words(key)}"
        else:
            words = f"Declare '{status_words(key)}' of {whose}: {value}"
        self.commit(Change(declared, label=words))


class ReadingsEditor(QuestionsEditor):
    """Open points of law, each with its readings, to be settled by the analyst or left open."""

    def __init__(self, field: Field, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(field, desk, parent)
        self.pickers: dict[str, Picker] = {}

    def asked(self) -> object:
        """The open questions of the packs."""
        return tuple((pack.id, tuple(pack.questions.items())) for pack in self.desk.packs)

    def build(self) -> None:
        """One question below the other, with the readings to choose from."""
        self.pickers = {}
        for pack in self.desk.packs:
            for id, question in pack.questions.items():
                self.rows_column.addWidget(label(question.question))
                picker = Picker()
                picker.setPlaceholderText(VARIOUS_TEXT)
                self.introduce(picker, question.title)
                picker.addItem("left open", None)
                for reading in question.readings:
                    picker.addItem(reading.text, reading.id)
                picker.activated.connect(
                    lambda _at, i=id, t=question.title, p=picker: self._settle(i, t, p)
                )
                self.pickers[id] = picker
                self.rows_column.addWidget(picker)
                self.rows_column.addWidget(label(question.citation, "muted"))
        if not self.pickers:
            words = "The rule packs of this project leave no question open."
            self.rows_column.addWidget(label(words, "muted"))

    def show_answers(self) -> None:
        """Show how each question is settled."""
        for id, picker in self.pickers.items():
            value = common([settled.get(id) for settled in self.values])
            at = -1 if value is VARIOUS else picker.findData(value)
            picker.setCurrentIndex(at)
            picker.setToolTip(picker.currentText())

    def _settle(self, id: str, title: str, picker: Picker) -> None:
        reading = picker.currentData()

        def settled(old: Mapping[str, str]) -> dict[str, str]:
            return without(old, id) if reading is None else {**old, id: reading}

        words = f"Leave '{title}' open" if reading is None else f"Settle '{title}'"
        self.commit(Change(settled, label=words))
