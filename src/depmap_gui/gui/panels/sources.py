"""The sources panel: what the selection rests on, and all sources of the project."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from depmap_gui.domain.edits import Add, new_id
from depmap_gui.domain.fields import FieldType, fields_of
from depmap_gui.domain.kinds import Section
from depmap_gui.domain.records import AnyEntity, AnyLink, Link, Source
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.panels.field_editors_sources import (
    SourceRow,
    SourcesEditor,
    source_line,
    source_removal,
)
from depmap_gui.gui.panels.inspector_desk import Desk
from depmap_gui.gui.panels.parts import LivePanel, Scroll, clear, label, link_button
from depmap_gui.gui.theme import Theme

MOST_ROWS = 100
_SOURCES = next(field for field in fields_of(Link) if field.type is FieldType.SOURCES)


class SourcesPanel(LivePanel):
    """Sources of what is selected, to add and drop; below it the project's list, to edit."""

    def __init__(self, editor: Editor, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = Desk(editor, theme)
        self.setAccessibleName("Sources")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        scroll = Scroll(self)
        body = QWidget()
        inner = QVBoxLayout(body)
        inner.setContentsMargins(12, 12, 12, 12)
        inner.setSpacing(6)
        self._heading = label("", "section")
        inner.addWidget(self._heading)
        self.of_selection = SourcesEditor(_SOURCES, self.desk)
        self.of_selection.committed.connect(self._on_committed)
        inner.addWidget(self.of_selection)
        self._all = label("All sources of the project", "section")
        self._all.setContentsMargins(0, 12, 0, 0)
        inner.addWidget(self._all)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Filter by title, publisher or grade")
        self.filter.setAccessibleName("Filter sources")
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._on_filter)
        inner.addWidget(self.filter)
        self.rows: dict[str, SourceRow] = {}
        self._list = QVBoxLayout()
        self._list.setSpacing(4)
        inner.addLayout(self._list)
        self._note = label("", "muted")
        inner.addWidget(self._note)
        self.new_button = link_button("New source", self.add, "Add a source to the project")
        inner.addWidget(self.new_button, 0, Qt.AlignmentFlag.AlignLeft)
        inner.addStretch(1)
        scroll.setWidget(body)
        column.addWidget(scroll)
        editor.opened.connect(self.refresh_if_seen)
        editor.selection_changed.connect(self.refresh_if_seen)
        editor.changed.connect(self._on_changed)

    def set_theme(self, theme: Theme) -> None:
        """Show everything in another theme."""
        self.desk.theme = theme
        self.of_selection.set_theme(theme)
        self._forget_rows()
        self.refresh_if_seen()

    def refresh(self) -> None:
        """Show the selection's sources and the project's list."""
        project = self.desk.editor.project
        records = self._selected()
        self._heading.setText("Sources of the selection" if records else "")
        self._heading.setVisible(bool(records))
        self.of_selection.setVisible(bool(records))
        if records:
            self.of_selection.show_values([r.sources for r in records], records)
        shown = self._shown()
        counts = self.uses()
        if list(self.rows) != [source.id for source in shown]:
            self._forget_rows()
            for source in shown:
                self.rows[source.id] = self._row(source, _used(counts[source.id]))
                self._list.addWidget(self.rows[source.id])
        else:
            for id, row in self.rows.items():
                row.show_source(project.sources[id], _used(counts[id]))
        self._say_how_many(len(shown))

    def _selected(self) -> list[AnyEntity | AnyLink]:
        project = self.desk.editor.project
        found = []
        for id in self.desk.editor.selection:
            record = project.entities.get(id) or project.links.get(id)
            if record is not None:
                found.append(record)
        return found

    def _shown(self) -> list[Source]:
        words = self.filter.text().casefold().split()
        found = [
            source
            for source in self.desk.editor.project.sources.values()
            if all(w in f"{source.grade} {source_line(source)}".casefold() for w in words)
        ]
        return found[:MOST_ROWS]

    def _say_how_many(self, shown: int) -> None:
        total = len(self.desk.editor.project.sources)
        if not total:
            words = "No sources yet. Each fact on the map can name what it rests on."
        elif shown < total:
            words = f"{shown} of {total} shown."
        else:
            words = ""
        self._note.setText(words)
        self._note.setVisible(bool(words))

    def _row(self, source: Source, note: str) -> SourceRow:
        return SourceRow(
            source,
            self.desk,
            remove=lambda: self.remove(source.id),
            remove_tip="Remove from the project:",
            note=note,
        )

    def uses(self) -> Counter[str]:
        """How many items and links rest on each source."""
        project = self.desk.editor.project
        counted: Counter[str] = Counter()
        for record in (*project.entities.values(), *project.links.values()):
            counted.update(record.sources)
        return counted

    def add(self) -> None:
        """A new source, opened to be filled in."""
        source = Source(id=new_id(self.desk.editor.project, Section.SOURCES), title="New source")
        self.filter.clear()
        self.desk.apply(Add(source), "Add a source")
        row = self.rows.get(source.id)
        if row is not None:
            row.toggle_form()
            if row.form is not None:
                title = row.form.editors["title"]
                title.setFocus()

    def remove(self, id: str) -> None:
        """Take a source out of the project and out of every record that names it."""
        removal = source_removal(self.desk.editor.project, id)
        self.desk.apply(removal, removal.label)

    def _forget_rows(self) -> None:
        clear(self._list)
        self.rows = {}

    @Slot(object)
    def _on_committed(self, change: object) -> None:
        records = self.of_selection.records
        refusal = self.desk.commit(_SOURCES, records, change)  # type: ignore[arg-type]  # editors emit Changes
        self.of_selection.show_fault(refusal)

    @Slot(object)
    def _on_changed(self, _change: object) -> None:
        self.refresh_if_seen()

    @Slot(str)
    def _on_filter(self, _text: str) -> None:
        self.refresh_if_seen()


def _used(count: int) -> str:
    return f"{count}×" if count else "unused"
