"""A bar that asks for the two ends of a new link of one kind."""

from __future__ import annotations

from PySide6.QtCore import QStringListModel, Qt, Slot
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from depmap_gui.domain.edits import new_id
from depmap_gui.domain.kinds import LINK_ENDS, LinkKind
from depmap_gui.domain.records import LINK_CLASSES
from depmap_gui.gui.panels.field_words import KIND_WORDS
from depmap_gui.gui.panels.inspector_desk import Desk
from depmap_gui.gui.panels.parts import label, link_button


class NewLinkBar(QWidget):
    """Two names and a button; Return in the second adds the link."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.kind = LinkKind.SUPPLIES
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 2, 12, 6)
        row = QHBoxLayout()
        self.words = label("", "section", wrap=False)
        row.addWidget(self.words)
        self.ends = (QLineEdit(), QLineEdit())
        self._names = (QStringListModel(self), QStringListModel(self))
        captions = ("from: who provides", "to: who depends")
        for line, names, caption in zip(self.ends, self._names, captions, strict=True):
            line.setPlaceholderText(caption)
            line.setAccessibleName(caption)
            completer = QCompleter(names, self)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            line.setCompleter(completer)
            row.addWidget(line, 1)
        self.ends[1].returnPressed.connect(self.add)
        self.button = QPushButton("Add")
        self.button.clicked.connect(self.add)
        row.addWidget(self.button)
        row.addWidget(link_button("Cancel", self.hide, "Add no link"))
        column.addLayout(row)
        self.fault = label("", "bad")
        self.fault.hide()
        column.addWidget(self.fault)

    def ask(self, kind: LinkKind) -> None:
        """Ask for the ends of a new link of this kind."""
        self.kind = kind
        self.words.setText(f"New {KIND_WORDS[kind][0].lower()}")
        entities = self._desk.editor.project.entities.values()
        for names, allowed in zip(self._names, LINK_ENDS[kind], strict=True):
            found = {entity.name or entity.id for entity in entities if entity.kind in allowed}
            names.setStringList(sorted(found))
        for line in self.ends:
            line.clear()
        self.fault.hide()
        self.show()
        self.ends[0].setFocus()

    @Slot()
    def add(self) -> None:
        """Add the link, or say which end is not understood."""
        ids = []
        for line in self.ends:
            if (popup := line.completer().popup()) is not None:
                popup.hide()
        for line, allowed in zip(self.ends, LINK_ENDS[self.kind], strict=True):
            typed = line.text().strip()
            found = [
                entity.id
                for entity in self._desk.editor.project.entities.values()
                if entity.kind in allowed
                and typed.casefold() in (entity.id.casefold(), entity.name.casefold())
            ]
            if len(found) != 1 or not typed:
                why = "several items are called so; type the id" if found else "no such item"
                self.fault.setText(f"'{typed}' cannot stand at this end: {why}.")
                self.fault.show()
                line.setFocus()
                return
            ids.append(found[0])
        editor = self._desk.editor
        made = LINK_CLASSES[self.kind](
            id=new_id(editor.project, self.kind), source=ids[0], target=ids[1]
        )
        if editor.connect_items(made):
            self.hide()
