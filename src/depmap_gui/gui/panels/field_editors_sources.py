"""The editor of sources: those that a fact rests on, picked, added and edited in place."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from depmap_gui.domain.edits import Add, Batch, Edit, Remove, SetField, new_id
from depmap_gui.domain.fields import Field, FieldType
from depmap_gui.domain.kinds import Section
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Company, Source
from depmap_gui.gui.dialogs.sizes import open_at
from depmap_gui.gui.panels.field_editors import FieldEditor, LongTextEditor, TypedEditor
from depmap_gui.gui.panels.field_words import counted, record_words
from depmap_gui.gui.panels.inspector_desk import Change, Desk, field_edits
from depmap_gui.gui.panels.inspector_form import RecordForm
from depmap_gui.gui.panels.parts import Elided, clear, icon_button, label, link_button
from depmap_gui.gui.theme import Theme, Tone, mix

SOURCE_EDITORS: dict[FieldType, type[FieldEditor]] = {
    FieldType.TEXT: TypedEditor,
    FieldType.LONG_TEXT: LongTextEditor,
}


class GradeBadge(QPushButton):
    """A source's grade as analysts write it (B2); '–' where it is not graded."""

    def __init__(self, grade: str, theme: Theme) -> None:
        super().__init__(grade or "–")
        tone = grade_tone(grade)
        ink, ground = theme.ink(tone), mix(theme.panel, theme.fill(tone), 0.16)
        self.setFlat(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFixedSize(theme.sized(30), theme.sized(20))
        self.setStyleSheet(
            f"QPushButton {{ background: {ground}; color: {ink}; border: none; padding: 0;"
            " min-height: 0; border-radius: 4px; font-weight: 600; }"
        )
        words = grade_words(grade)
        self.setToolTip(words)
        self.setAccessibleName(words)


_RELIABILITY = {
    "A": "completely reliable",
    "B": "usually reliable",
    "C": "fairly reliable",
    "D": "not usually reliable",
    "E": "unreliable",
    "F": "reliability cannot be judged",
}
_CREDIBILITY = {
    "1": "confirmed by others",
    "2": "probably true",
    "3": "possibly true",
    "4": "doubtful",
    "5": "improbable",
    "6": "truth cannot be judged",
}


def grade_words(grade: str) -> str:
    """What a grade says: source reliability, then credibility of the information."""
    if not grade:
        return "not graded"
    said = [_RELIABILITY.get(grade[:1].upper(), ""), _CREDIBILITY.get(grade[1:2], "")]
    return f"{grade}: " + ", ".join(words for words in said if words)


def grade_tone(grade: str) -> Tone:
    """Good for A and B, doubtful for C and D, bad for E; F and no grade are unknown."""
    match grade[:1].upper():
        case "A" | "B":
            return Tone.GOOD
        case "C" | "D":
            return Tone.WARN
        case "E":
            return Tone.BAD
        case _:
            return Tone.UNKNOWN


def source_line(source: Source) -> str:
    """A source in one line: title, publisher, date."""
    parts = [source.title or source.id, source.publisher, source.date]
    return " · ".join(part for part in parts if part)


def source_removal(project: Project, id: str) -> Batch:
    """Take a source out of the project and out of every record that names it."""
    edits: list[Edit] = []
    for section in (Section.ENTITIES, Section.LINKS):
        for record in project.section(section).values():
            if id in getattr(record, "sources", ()):
                kept = tuple(held for held in record.sources if held != id)  # type: ignore[union-attr]  # entities and links have sources
                edits.append(SetField(section, record.id, "sources", kept))
            if isinstance(record, Company) and record.declared.get("source") == id:
                rest = {key: said for key, said in record.declared.items() if key != "source"}
                edits.append(SetField(section, record.id, "declared", rest))
    edits.append(Remove(Section.SOURCES, id))
    title = project.sources[id].title or id
    return Batch(f"Remove source {title}", tuple(edits))


class SourceRow(QWidget):
    """One source: grade, line, buttons; its fields open below it to be edited in place."""

    def __init__(
        self,
        source: Source,
        desk: Desk,
        *,
        remove: Callable[[], object],
        remove_tip: str,
        note: str = "",
    ) -> None:
        super().__init__()
        self.source = source
        self._desk = desk
        self.form: RecordForm | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._row = QHBoxLayout()
        self._row.setSpacing(6)
        self._column.addLayout(self._row)
        self._remove, self._remove_tip, self._note = remove, remove_tip, note
        self._fill_row()

    def _fill_row(self) -> None:
        clear(self._row)
        theme = self._desk.theme
        self._row.addWidget(GradeBadge(self.source.grade, theme))
        self._row.addWidget(Elided(source_line(self.source)), 1)
        if self._note:
            self._row.addWidget(label(self._note, "muted", wrap=False))
        title = self.source.title or self.source.id
        self._row.addWidget(icon_button("pencil", theme, f"Edit source {title}", self.toggle_form))
        self._row.addWidget(icon_button("x", theme, f"{self._remove_tip} {title}", self._remove))

    def toggle_form(self) -> None:
        """Open or close the source's fields."""
        if self.form is not None:
            self.form.flush()
            self.form.hide()
            self.form.deleteLater()
            self.form = None
            return
        self.form = RecordForm((Source,), self._desk, SOURCE_EDITORS)
        self.form.setContentsMargins(12, 0, 0, 8)
        self.form.show_records((self.source,))
        self._column.addWidget(self.form)

    def show_source(self, source: Source, note: str = "") -> None:
        """Show the source as it is now."""
        if (source, note) != (self.source, self._note):
            self.source, self._note = source, note
            self._fill_row()
        if self.form is not None:
            self.form.show_records((source,))


class SourcePicker(QFrame):
    """A popup list of the project's sources with a filter; Return takes the marked one."""

    def __init__(
        self,
        project: Project,
        taken: Sequence[str],
        pick: Callable[[str | None, str], object],
        parent: QWidget,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._pick = pick
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Find a source, or type a new title")
        self.filter.setAccessibleName("Find a source, or type a new title")
        self.filter.installEventFilter(self)
        self.filter.textChanged.connect(self._narrow)
        self.list = QListWidget()
        self.list.setAccessibleName("Sources of the project")
        self.list.itemActivated.connect(self._take)
        self.list.itemClicked.connect(self._take)
        new = QListWidgetItem("New source")
        new.setData(Qt.ItemDataRole.UserRole, None)
        self.list.addItem(new)
        for id, source in project.sources.items():
            if id not in taken:
                grade = f"{source.grade}  " if source.grade else ""
                item = QListWidgetItem(f"{grade}{source_line(source)}")
                item.setData(Qt.ItemDataRole.UserRole, id)
                item.setToolTip(source_line(source))
                self.list.addItem(item)
        self.list.setCurrentRow(1 if self.list.count() > 1 else 0)
        column.addWidget(self.filter)
        column.addWidget(self.list)
        open_at(self, 380, 280)

    @Slot(str)
    def _narrow(self, text: str) -> None:
        words = text.casefold().split()
        first = None
        for row in range(1, self.list.count()):
            item = self.list.item(row)
            shown = all(word in item.text().casefold() for word in words)
            item.setHidden(not shown)
            first = row if shown and first is None else first
        self.list.item(0).setText(f"New source '{text.strip()}'" if text.strip() else "New source")
        self.list.setCurrentRow(first if first is not None else 0)

    @Slot(QListWidgetItem)
    def _take(self, item: QListWidgetItem) -> None:
        title = self.filter.text().strip()
        self.close()
        self._pick(item.data(Qt.ItemDataRole.UserRole), title)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows in the filter move in the list, Return takes the marked source."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._take(self.list.currentItem())
                return True
            if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                self.list.setFocus()
        return super().eventFilter(watched, event)


class SourcesEditor(FieldEditor):
    """The sources of the selected records."""

    is_wide = True

    def __init__(self, field: Field, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(field, desk, parent)
        self.rows: dict[str, SourceRow] = {}
        self._built_for: list[tuple[str, str]] = []
        holder = QWidget(self)
        self._list = QVBoxLayout(holder)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(4)
        self.hold(holder, named=False)
        self.add_button = link_button("Add source", self.open_picker, f"Add to {field.label}")
        self._column.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.setFocusProxy(self.add_button)

    def held(self) -> list[str]:
        """Every source that any of the records names."""
        return list(dict.fromkeys(id for value in self.values for id in value))

    def refresh(self) -> None:
        """Show a row for each source; open forms stay open."""
        sources = self.desk.editor.project.sources
        held = [(id, self._note(id)) for id in self.held() if id in sources]
        if held == self._built_for:
            for id, note in held:
                self.rows[id].show_source(sources[id], note)
        else:
            clear(self._list)
            self._built_for = held
            self.rows = {id: self._row(sources[id], note) for id, note in held}
            for row in self.rows.values():
                self._list.addWidget(row)
        missing = [id for id in self.held() if id not in sources]
        words = f"Not among the project's sources: {', '.join(missing)}." if missing else ""
        self.show_fault(words, refused=False)

    def _note(self, id: str) -> str:
        """How many of several records rest on the source, where not all do."""
        count = sum(id in value for value in self.values)
        return f"{count} of {len(self.values)}" if count < len(self.values) else ""

    def _row(self, source: Source, note: str) -> SourceRow:
        return SourceRow(
            source,
            self.desk,
            remove=lambda: self.drop(source.id),
            remove_tip="No longer rest on",
            note=note,
        )

    def set_theme(self, _theme: Theme) -> None:
        """Draw the rows anew."""
        self.rows, self._built_for = {}, []
        clear(self._list)
        self.refresh()

    def open_picker(self) -> None:
        """Show the project's sources to pick from."""
        taken = [id for id in self.held() if all(id in value for value in self.values)]
        picker = SourcePicker(self.desk.editor.project, taken, self.add, self)
        at = self.add_button.mapToGlobal(QPoint(0, self.add_button.height()))
        picker.move(at)
        picker.show()
        picker.filter.setFocus()

    def add(self, id: str | None, title: str = "") -> None:
        """Rest the records on a source; None makes a new one of that title and opens it."""
        also: tuple[Edit, ...] = ()
        if id is None:
            source = Source(id=new_id(self.desk.editor.project, Section.SOURCES), title=title)
            id, also = source.id, (Add(source),)
        words = f"Rest {self._whose()} on {title or self.desk.names.source(id)}"
        added = id

        def with_source(old: tuple[str, ...]) -> tuple[str, ...]:
            return old if added in old else (*old, added)

        if also:
            # The new source must be there before anything names it.
            made = Change(with_source, label=words)
            edits = (*also, *self._edits(made))
            self.desk.apply(Batch(words, tuple(edits)), words)
            if id in self.rows:
                self.rows[id].toggle_form()
        else:
            self.commit(Change(with_source, label=words))

    def _edits(self, change: Change) -> list[Edit]:
        return field_edits(self.field, self.records, change)

    def drop(self, id: str) -> None:
        """No longer rest the records on a source; the source stays in the project."""
        words = f"No longer rest {self._whose()} on {self.desk.names.source(id)}"
        self.commit(Change(lambda old: tuple(held for held in old if held != id), label=words))

    def _whose(self) -> str:
        if len(self.records) == 1:
            return record_words(self.desk.editor.project, self.records[0])
        return counted([record.kind for record in self.records])
