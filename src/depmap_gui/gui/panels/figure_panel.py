"""What panels about a figure of the selected item share: whose figure, and for which place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from depmap_gui.domain.records import Jurisdiction
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.panels.field_editors_choice import Picker
from depmap_gui.gui.panels.parts import LivePanel, label
from depmap_gui.gui.panels.score_words import place_name


class FigurePanel(LivePanel):
    """A panel about one figure of the item selected last: ``entity``, empty where none is.

    It follows the selection and the map's coloring; ``choosers`` holds the choice of the
    ``figure`` and of the jurisdiction, ``place``. A panel calls :meth:`follow` once it is built.
    """

    def __init__(
        self, editor: Editor, asks_for: tuple[str, str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._editor = editor
        self.entity = ""
        self._is_following = True
        self.heading = label("", "heading")
        self.figure_choice, self.place = Picker(self), Picker(self)
        self.choosers = QWidget()
        row = QHBoxLayout(self.choosers)
        row.setContentsMargins(0, 0, 0, 0)
        for picker, name, stretch in zip(
            (self.figure_choice, self.place), asks_for, (3, 2), strict=True
        ):
            picker.setAccessibleName(name)
            picker.activated.connect(self._on_chosen)
            row.addWidget(picker, stretch)

    def follow(self) -> None:
        """Follow the editor from now on, beginning with what is open and selected."""
        editor = self._editor
        editor.opened.connect(self._on_opened)
        editor.selection_changed.connect(self._on_selection)
        editor.coloring_changed.connect(self._on_coloring)
        editor.assessed.connect(self.refresh_if_seen)
        editor.freshness_changed.connect(self._on_freshness)
        self._on_opened()

    def forget(self) -> None:
        """Drop what was found about the map that was open before."""

    def age(self, is_fresh: bool) -> None:
        """Show whether what is known belongs to the map as it stands."""
        raise NotImplementedError

    def show_whose(self) -> None:
        """Say whose figure it is; an item that is gone is nobody."""
        editor = self._editor
        if self.entity not in editor.project.entities:
            self.entity = ""
        self.heading.setText(editor.project.name(self.entity) if self.entity else "")
        # The heading of the details says the same while the item is still selected.
        self.heading.setVisible(bool(self.entity) and editor.selection != (self.entity,))

    def offer_places(self, further: Iterable[str] = ()) -> None:
        """Offer the map's jurisdictions and further codes; what was chosen stays where it can."""
        project = self._editor.project
        chosen = self.place.currentData() or self._editor.jurisdiction
        self.place.clear()
        codes = (place.code or place.id for place in project.of_kind(Jurisdiction))
        for code in dict.fromkeys([*codes, *further]):
            self.place.addItem(place_name(project, code), code)
        self.place.setCurrentIndex(max(self.place.findData(chosen), 0))

    @contextmanager
    def staying(self) -> Iterator[None]:
        """Stay with the item while something else is selected: that is the panel's own doing."""
        was, self._is_following = self._is_following, False
        try:
            yield
        finally:
            self._is_following = was

    def reveal(self, ids: Sequence[str]) -> None:
        """Select records on the map; the panel stays with its item."""
        with self.staying():
            self._editor.reveal(ids)

    @Slot()
    def _on_opened(self) -> None:
        self.entity = ""
        self.place.clear()
        self.forget()
        self._on_selection()
        self.refresh_if_seen()

    @Slot()
    def _on_selection(self) -> None:
        selection = self._editor.selection
        if not self._is_following or len(selection) != 1:
            return
        if selection[0] in self._editor.project.entities:
            self.entity = selection[0]
            self.refresh_if_seen()

    @Slot()
    def _on_coloring(self) -> None:
        at = self.place.findData(self._editor.jurisdiction)
        if at >= 0:
            self.place.setCurrentIndex(at)
        self.refresh_if_seen()

    @Slot(int)
    def _on_chosen(self, _at: int) -> None:
        self.refresh_if_seen()

    @Slot(bool)
    def _on_freshness(self, is_fresh: bool) -> None:
        self.age(is_fresh)
