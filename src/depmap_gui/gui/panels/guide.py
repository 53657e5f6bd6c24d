"""The guide to a first map: what to do next, each step ticked when the map shows it is done."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Licenses, Located, Operates, Plant, Supplies, Uses
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.panels.parts import ToneMark, icon_button, label, recolor_icons
from depmap_gui.gui.theme import Theme, Tone

WIDTH = 330
_MARGIN = 14


class Step(msgspec.Struct, frozen=True):
    """One step: what to do, how, and how the map shows that it is done."""

    what: str
    how: str
    is_done: Callable[[Editor], bool]


def _links(kind: type) -> Callable[[Editor], bool]:
    return lambda editor: any(isinstance(link, kind) for link in editor.project.links.values())


def _plants(project: Project) -> list[Plant]:
    return [entity for entity in project.entities.values() if isinstance(entity, Plant)]


def _is_somewhere(editor: Editor) -> bool:
    project = editor.project
    placed = {link.target for link in project.links.values() if isinstance(link, Located)}
    runs = {link.source for link in project.links.values() if isinstance(link, Operates)}
    return bool(placed & {plant.id for plant in _plants(project)}) and bool(placed & runs)


def _has_technology(editor: Editor) -> bool:
    links = editor.project.links.values()
    used = {link.source for link in links if isinstance(link, Uses) and link.share is not None}
    return any(isinstance(link, Licenses) and link.target in used for link in links)


def _has_costs(editor: Editor) -> bool:
    links = editor.project.links.values()
    return any(isinstance(link, Supplies) and link.cost is not None for link in links)


def _has_product(editor: Editor) -> bool:
    return any(product.credit for plant in _plants(editor.project) for product in plant.products)


def _is_read(editor: Editor) -> bool:
    chosen = {plant.id for plant in _plants(editor.project)} & set(editor.selection)
    return bool(chosen) and editor.is_fresh and _has_technology(editor)


STEPS: tuple[Step, ...] = (
    Step(
        "Place the plant",
        "Press P, or drag Plant from the toolbar, and type its name.",
        lambda editor: bool(_plants(editor.project)),
    ),
    Step(
        "Say who runs it",
        "Press C for a company. Drag from its edge to the plant: it operates it.",
        _links(Operates),
    ),
    Step(
        "Say where they are",
        "Press J for a country, and drag from it to the plant and to the company.",
        _is_somewhere,
    ),
    Step(
        "Add whose technology it uses",
        "Press L for a license. Link licensor to license and license to plant, and type the "
        "share on the line.",
        _has_technology,
    ),
    Step(
        "Add what it buys",
        "Link a supplier, or a material (M), to the plant, and type the yearly cost on the line.",
        _has_costs,
    ),
    Step(
        "Name the product and its credit",
        "Select the plant, open Properties and add a product with its tax credit.",
        _has_product,
    ),
    Step(
        "Read the scores",
        "Select the plant: its share and its tests stand at the right. Ask Why? of any figure.",
        _is_read,
    ),
    Step(
        "Save it",
        "Ctrl+S writes the map to a file; Ctrl+E hands it over as a workbook.",
        lambda editor: editor.session.path is not None and not editor.is_modified,
    ),
)


class Guide(QFrame):
    """The steps as a card at the upper left of the map. A step once done stays ticked."""

    def __init__(self, editor: Editor, theme: Theme, over: QWidget) -> None:
        super().__init__(over)
        self._editor, self._theme = editor, theme
        self.done: set[int] = set()
        self.setProperty("role", "card")
        self.setAccessibleName("Guide to a first map")
        self.setFixedWidth(theme.sized(WIDTH))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 12, 12, 14)
        self._column.setSpacing(6)
        self._column.addLayout(self._heading())
        self._rows = [self._row(step) for step in STEPS]
        for signal in (editor.changed, editor.selection_changed, editor.assessed, editor.saved):
            signal.connect(self.refresh)
        editor.opened.connect(self._start_anew)
        self.hide()

    def _heading(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self._title = label("Your first map", "heading", wrap=False)
        self._count = label("", "muted", wrap=False, figures=True)
        row.addWidget(self._title)
        row.addStretch(1)
        row.addWidget(self._count)
        row.addWidget(icon_button("x", self._theme, "Close the guide", self.hide))
        return row

    def _row(self, step: Step) -> tuple[QLabel, QLabel, QLabel]:
        """The number or tick of a step, what to do, and how."""
        row = QHBoxLayout()
        row.setSpacing(10)
        mark = QLabel()
        mark.setFixedSize(self._theme.sized(18), self._theme.sized(18))
        mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
        words = QVBoxLayout()
        words.setSpacing(1)
        what, how = label(step.what), label(step.how, "muted")
        words.addWidget(what)
        words.addWidget(how)
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        self._column.addLayout(row)
        return mark, what, how

    def set_theme(self, theme: Theme) -> None:
        """Be drawn in other colors."""
        self._theme = theme
        recolor_icons(self, theme)
        self.refresh()

    def start(self) -> None:
        """Come into sight, at the first step that is not done."""
        self._start_anew()
        self.show()
        self.raise_()
        self.refresh()

    @Slot()
    def _start_anew(self) -> None:
        self.done.clear()
        self.refresh()

    @property
    def current(self) -> int | None:
        """The first step that is not done; None after the last."""
        return next((at for at in range(len(STEPS)) if at not in self.done), None)

    @Slot()
    def refresh(self) -> None:
        """Tick what the map shows to be done; say how to do the next step."""
        if self.isHidden():
            return
        self.done |= {at for at, step in enumerate(STEPS) if step.is_done(self._editor)}
        current = self.current
        for at, (mark, what, how) in enumerate(self._rows):
            self._mark(mark, at)
            what.setProperty("role", "section" if at in self.done else "")
            font = what.font()
            font.setBold(at == current)
            what.setFont(font)
            how.setVisible(at == current)
        done = len(self.done)
        self._title.setText("Your first map" if current is not None else "That is a whole map")
        self._count.setText(f"{done} of {len(STEPS)}")
        self.setAccessibleDescription(
            STEPS[current].how if current is not None else "Every step is done."
        )
        self._settle()

    def _mark(self, mark: QLabel, at: int) -> None:
        for old in mark.findChildren(ToneMark):
            old.setParent(None)
        is_done = at in self.done
        mark.setText("" if is_done else str(at + 1))
        mark.setProperty("role", "muted")
        if is_done:
            tick = ToneMark(Tone.GOOD, self._theme, 16)
            tick.setParent(mark)
            tick.move(1, 1)
            tick.show()

    def _settle(self) -> None:
        self._column.activate()
        width = self._theme.sized(WIDTH)
        self.setFixedWidth(width)
        self.resize(width, self.heightForWidth(width))
        self.move(_MARGIN, _MARGIN)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes the guide."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)
