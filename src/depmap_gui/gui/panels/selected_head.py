"""The heading of the details: what is selected, and its kind."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from depmap_gui.domain.project import Project
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.panels.field_words import KIND_WORDS, counted
from depmap_gui.gui.panels.parts import Elided, label


class SelectedHead(QWidget):
    """The name of the one item or link that is selected, how many there are of several, or the
    map's title where nothing is."""

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self.name = Elided("", "heading")
        self.name.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.kind = label("", "chip", wrap=False)
        self.kind.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 9, 12, 3)
        row.setSpacing(8)
        row.addWidget(self.name)
        row.addWidget(self.kind)
        row.addStretch(1)
        editor.opened.connect(self.refresh)
        editor.selection_changed.connect(self.refresh)
        editor.changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show what is selected now."""
        editor = self._editor
        name, kind = words_of(editor.project, editor.selection)
        self.name.say(name or editor.session.title)
        self.kind.setText(kind)
        self.kind.setVisible(bool(kind))


def words_of(project: Project, selection: tuple[str, ...]) -> tuple[str, str]:
    """The heading and the kind of what is selected: ('CATL', 'Company'), ('3 companies', '');
    the map's own title and 'Map' where nothing is."""
    chosen = [
        record
        for id in selection
        if (record := project.entities.get(id) or project.links.get(id)) is not None
    ]
    match chosen:
        case []:
            return (project.header.title, "Map")
        case [one]:
            return (project.name(one.id), KIND_WORDS[one.kind][0])
        case _:
            return (counted([record.kind for record in chosen]), "")
