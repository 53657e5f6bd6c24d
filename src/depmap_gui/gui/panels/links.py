"""The links panel: all links of the selected item, by kind and direction, to go to and to edit."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QStringListModel, Qt, Slot
from PySide6.QtWidgets import (
    QCompleter,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from depmap_gui.domain.edits import new_id
from depmap_gui.domain.kinds import LinkKind
from depmap_gui.domain.records import LINK_CLASSES, AnyEntity, AnyLink
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.panels.field_editors_choice import Picker
from depmap_gui.gui.panels.field_words import KIND_WORDS
from depmap_gui.gui.panels.inspector_desk import Desk
from depmap_gui.gui.panels.link_words import (
    link_detail,
    possible_others,
    ways_to_link,
)
from depmap_gui.gui.panels.parts import (
    ClickRow,
    Elided,
    LivePanel,
    Scroll,
    clear,
    icon_button,
    label,
)
from depmap_gui.gui.theme import Theme

MOST_ROWS = 100
"""How many links of one kind are listed; the tables have them all."""


class LinksPanel(LivePanel):
    """The selected item's links; a click on one selects it, its arrow goes to the other end."""

    def __init__(self, editor: Editor, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = Desk(editor, theme)
        self.setAccessibleName("Links")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        scroll = Scroll(self)
        body = QWidget()
        self._body = QVBoxLayout(body)
        self._body.setContentsMargins(12, 12, 12, 12)
        self._body.setSpacing(4)
        scroll.setWidget(body)
        column.addWidget(scroll)
        self.adder: LinkAdder | None = None
        editor.opened.connect(self.refresh_if_seen)
        editor.selection_changed.connect(self.refresh_if_seen)
        editor.changed.connect(self._on_changed)

    def set_theme(self, theme: Theme) -> None:
        """Show everything in another theme."""
        self.desk.theme = theme
        self.refresh_if_seen()

    @Slot(object)
    def _on_changed(self, _change: object) -> None:
        self.refresh_if_seen()

    @property
    def subject(self) -> AnyEntity | None:
        """The item whose links are shown."""
        selection = self.desk.editor.selection
        return self.desk.editor.project.entities.get(selection[0]) if len(selection) == 1 else None

    def links(self) -> dict[tuple[LinkKind, bool], list[AnyLink]]:
        """The subject's links by kind and whether they end at it, in file order."""
        subject = self.subject
        found: dict[tuple[LinkKind, bool], list[AnyLink]] = {}
        if subject is None:
            return found
        for link in self.desk.editor.project.links.values():
            if link.target == subject.id:
                found.setdefault((link.kind, True), []).append(link)
            if link.source == subject.id:
                found.setdefault((link.kind, False), []).append(link)
        return found

    def refresh(self) -> None:
        """List the links anew."""
        typed = self.adder.line.text() if self.adder is not None else ""
        kept = self.adder if self.adder is not None and typed else None
        if kept is not None and kept.subject_id == getattr(self.subject, "id", None):
            self._body.removeWidget(kept)
        else:
            kept = None
        clear(self._body)
        self.adder = None
        subject = self.subject
        if subject is None:
            self._show_no_subject()
            return
        found = self.links()
        for kind, ends_here, words in ways_to_link(subject.kind):
            if links := found.get((kind, ends_here)):
                self._add_group(words, links, ends_here)
        if not found:
            words = f"{subject.name or subject.id} has no links yet. Draw one on the map, or:"
            self._body.addWidget(label(words, "muted"))
        self.adder = kept or LinkAdder(self.desk, subject)
        self._body.addWidget(self.adder)
        self._body.addStretch(1)

    def _show_no_subject(self) -> None:
        editor = self.desk.editor
        link = editor.project.links.get(editor.selection[0]) if editor.selection else None
        if link is None or len(editor.selection) > 1:
            words = "Select a single item to see its links."
            self._body.addWidget(label(words, "muted"))
        else:
            self._body.addWidget(label(KIND_WORDS[link.kind][0], "section"))
            for words, end in (("From", link.source), ("To", link.target)):
                self._body.addWidget(label(words, "muted"))
                name = editor.project.name(end)
                row = ClickRow(partial(editor.reveal, (end,)), f"Go to {name}")
                row.row.addWidget(Elided(name), 1)
                self._body.addWidget(row)
        self._body.addStretch(1)

    def _add_group(self, words: str, links: list[AnyLink], ends_here: bool) -> None:
        heading = label(f"{words}  {len(links)}", "section")
        heading.setContentsMargins(0, 6, 0, 0)
        self._body.addWidget(heading)
        for link in links[:MOST_ROWS]:
            self._body.addWidget(self._row(link, ends_here))
        if len(links) > MOST_ROWS:
            more = f"and {len(links) - MOST_ROWS} more: the tables list them all."
            self._body.addWidget(label(more, "muted"))

    def _row(self, link: AnyLink, ends_here: bool) -> QWidget:
        editor, theme = self.desk.editor, self.desk.theme
        other = link.source if ends_here else link.target
        name = editor.project.name(other)
        row = ClickRow(lambda: editor.select((link.id,)), f"Select the link with {name}")
        lines = QVBoxLayout()
        lines.setSpacing(0)
        lines.addWidget(Elided(name))
        if detail := link_detail(link, self.desk.names):
            lines.addWidget(Elided(detail, "muted"))
        row.row.addLayout(lines, 1)
        go = icon_button("select", theme, f"Go to {name}", lambda: editor.reveal((other,)))
        remove = icon_button(
            "x", theme, f"Remove the link with {name}", lambda: editor.remove((link.id,))
        )
        row.row.addWidget(go)
        row.row.addWidget(remove)
        return row


class LinkAdder(QWidget):
    """Adds a link: its kind, and the item at the other end by name."""

    def __init__(self, desk: Desk, subject: AnyEntity) -> None:
        super().__init__()
        self._desk = desk
        self.subject_id = subject.id
        self._ways = ways_to_link(subject.kind)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 10, 0, 0)
        column.setSpacing(6)
        column.addWidget(label("Add a link", "section"))
        self.way = Picker()
        self.way.setAccessibleName("Kind of link to add")
        for _, _, words in self._ways:
            self.way.addItem(words)
        self.way.currentIndexChanged.connect(self._on_way)
        column.addWidget(self.way)
        self.line = QLineEdit()
        self.line.setPlaceholderText("name of the other item")
        self.line.setAccessibleName("Item at the other end")
        self.line.returnPressed.connect(self.add)
        self._names = QStringListModel(self)
        completer = QCompleter(self._names, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.line.setCompleter(completer)
        column.addWidget(self.line)
        self.button = QPushButton("Add link")
        self.button.clicked.connect(self.add)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        self.fault = label("", "bad")
        self.fault.hide()
        column.addWidget(self.fault)
        self._on_way(0)

    @Slot(int)
    def _on_way(self, at: int) -> None:
        kind, ends_here, _ = self._ways[at]
        others = possible_others(self._desk.editor.project, kind, ends_here)
        self._names.setStringList(sorted({other.name or other.id for other in others}))

    @Slot()
    def add(self) -> None:
        """Add the link, or say why not."""
        kind, ends_here, _ = self._ways[self.way.currentIndex()]
        editor = self._desk.editor
        typed = self.line.text().strip()
        if (popup := self.line.completer().popup()) is not None:
            popup.hide()
        others = list(possible_others(editor.project, kind, ends_here))
        found = [o for o in others if typed == o.id] or [
            o for o in others if typed.casefold() == (o.name or o.id).casefold()
        ]
        if len(found) != 1 or not typed:
            self._say(typed, len(found), kind)
            return
        ends = (found[0].id, self.subject_id) if ends_here else (self.subject_id, found[0].id)
        link = LINK_CLASSES[kind](id=new_id(editor.project, kind), source=ends[0], target=ends[1])
        self.line.clear()
        editor.connect_items(link)

    def _say(self, typed: str, found: int, kind: LinkKind) -> None:
        words = KIND_WORDS[kind][0].lower()
        if not typed:
            sentence = "Type the name of the item at the other end."
        elif found:
            sentence = f"Several items are called '{typed}'; type the id of the one you mean."
        else:
            sentence = f"No item called '{typed}' may stand at the other end of a {words} link."
        self.fault.setText(sentence)
        self.fault.show()
