"""A step of the undo history: an edit that has been made, to be undone and redone."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QUndoCommand

from depmap_gui.domain.document import Document, Prepared
from depmap_gui.domain.edits import Batch, Edit


class Step(QUndoCommand):
    """An edit that has been made: the stack only holds it to undo and redo it.

    ``before`` is called before it is undone or redone, so that what it changes is in sight.
    """

    def __init__(
        self,
        document: Document,
        label: str,
        redo: Edit | Prepared,
        undo: Edit | Prepared,
        *,
        completes: bool,
        before: Callable[[], None],
    ) -> None:
        super().__init__(label)
        self._document = document
        self._redo, self._undo = redo, undo
        self._is_made = True
        self._completes = completes
        self._before = before

    def id(self) -> int:
        """Qt: commands of one number may become one."""
        return 1

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Qt: take in the step after this one, where it completes this one."""
        if not isinstance(other, Step) or not other._completes:
            return False
        first, second, back, further = self._redo, other._redo, other._undo, self._undo
        if isinstance(first, Prepared) or isinstance(second, Prepared):
            return False
        if isinstance(back, Prepared) or isinstance(further, Prepared):
            return False
        self._redo = Batch(other.text(), (first, second))
        self._undo = Batch(other.text(), (back, further))
        self.setText(other.text())
        return True

    def undo(self) -> None:
        """Take the edit back."""
        self._before()
        self._redo = self._document.apply(self._undo)

    def redo(self) -> None:
        """Make the edit again; the push itself finds it already made."""
        if self._is_made:
            self._is_made = False
        else:
            self._before()
            self._undo = self._document.apply(self._redo)
