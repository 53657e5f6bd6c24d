"""What every panel that edits shares: the words it uses, and the one way a change is made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from depmap_gui.domain.edits import Batch, Edit, SetField, SetHeader
from depmap_gui.domain.fields import Field
from depmap_gui.domain.project import Header
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.panels.field_words import Names, edit_label
from depmap_gui.gui.theme import Theme
from depmap_gui.rules.faults import PackError
from depmap_gui.rules.pack import RulePack


class Change(msgspec.Struct, frozen=True):
    """What a person did to a field: the new value of each record, from its old one.

    ``value`` is the new value where it is the same for all; ``label`` the sentence of the history
    where the usual one does not fit; ``also`` edits that must go with it.
    """

    of: Callable[[Any], Any]
    value: Any = None
    label: str = ""
    also: tuple[Edit, ...] = ()

    @classmethod
    def to(cls, value: Any) -> Change:
        """The same new value for every record."""
        return cls(lambda _old: value, value)


class Desk:
    """The editor, the theme and the names at hand; panels and field editors are built on it."""

    def __init__(self, editor: Editor, theme: Theme) -> None:
        self.editor = editor
        self.theme = theme

    @property
    def packs(self) -> tuple[RulePack, ...]:
        """The project's rule packs; none where one cannot be read (the scoring says why)."""
        try:
            return self.editor.session.packs()
        except (PackError, LookupError, OSError):
            return ()

    @property
    def names(self) -> Names:
        """What words are taken from, as the project stands now."""
        return Names(self.editor.project, self.packs)

    def commit(self, field: Field, records: Sequence[Any], change: Change) -> str:
        """Make the change as one step of the history; the sentence of a refusal, else empty."""
        edits = [*field_edits(field, records, change), *change.also]
        if not edits:
            return ""
        label = change.label or edit_label(field, change.value, self.names, records)
        return self.apply(edits[0] if len(edits) == 1 else Batch(label, tuple(edits)), label)

    def apply(self, edit: Edit, label: str) -> str:
        """Make an edit; the sentence of a refusal, empty where it was made."""
        refusals: list[str] = []
        connection = self.editor.refused.connect(refusals.append)
        try:
            made = self.editor.apply(edit, label)
        finally:
            self.editor.refused.disconnect(connection)
        return "" if made else (refusals[0] if refusals else "This could not be changed.")


def field_edits(field: Field, records: Sequence[Any], change: Change) -> list[Edit]:
    """The edits that bring each record's field to its new value; none where it has it already."""
    edits: list[Edit] = []
    for record in records:
        old = getattr(record, field.name)
        new = change.of(old)
        if new == old and isinstance(new, bool) == isinstance(old, bool):
            continue
        if isinstance(record, Header):
            edits.append(SetHeader(field.name, new))
        else:
            edits.append(SetField(record.section, record.id, field.name, new))
    return edits
