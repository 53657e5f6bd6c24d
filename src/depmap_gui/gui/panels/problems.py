"""Problems: what is missing or contradictory, each with a jump and, where it can be, a mend."""

from __future__ import annotations

from collections import Counter
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from depmap_gui.domain.checks import Finding, Severity
from depmap_gui.domain.project import Project
from depmap_gui.domain.scenario_acts import called
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.icons import icon
from depmap_gui.gui.numbers import in_locale
from depmap_gui.gui.theme import Theme, Tone

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_HEADINGS = ("Problem", "Where", "Mend")
_MESSAGE, _WHERE, _MEND = range(3)
_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.HINT: 2}
_WORDS: dict[Severity, tuple[str, str]] = {
    Severity.ERROR: ("error", "errors"),
    Severity.WARNING: ("warning", "warnings"),
    Severity.HINT: ("hint", "hints"),
}


def tone_of(severity: Severity) -> Tone:
    """How a finding of that severity is to be read."""
    match severity:
        case Severity.ERROR:
            return Tone.BAD
        case Severity.WARNING:
            return Tone.WARN
        case Severity.HINT:
            return Tone.UNKNOWN


def count_words(findings: tuple[Finding, ...]) -> str:
    """How many of each severity, as in '1 error, 3 warnings'; empty where there are none."""
    counted = Counter(finding.severity for finding in findings)
    return ", ".join(
        f"{counted[severity]} {_WORDS[severity][counted[severity] != 1]}"
        for severity in _ORDER
        if counted[severity]
    )


class ProblemsPanel(QWidget):
    """The findings of the latest assessment, the gravest first."""

    count_changed = Signal(int)

    def __init__(self, editor: Editor, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._model = _Findings(editor, theme, self)
        self._summary = QLabel()
        self._summary.setProperty("role", "muted")
        self._show = QPushButton("&Show on the map")
        self._mend = QPushButton("&Mend")
        self.table = self._make_table()
        self._lay_out()
        self._connect()
        self._refresh()

    def set_theme(self, theme: Theme) -> None:
        """Wear other colors."""
        self._model.set_theme(theme)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings as listed."""
        return self._model.findings

    def step(self, by: int) -> None:
        """Go to the next problem, or with -1 to the one before, round and round."""
        count = len(self.findings)
        if not count:
            return
        current = self.table.currentIndex()
        start = current.row() if current.isValid() else (-1 if by > 0 else 0)
        row = (start + by) % count
        self.table.selectRow(row)
        self._reveal(row)

    def mend(self, row: int) -> bool:
        """Make the mend of one finding, as one step of the history; False where it has none."""
        mend = self.findings[row].mend
        return mend is not None and self._editor.apply(mend.edit, mend.label)

    def _make_table(self) -> _Table:
        table = _Table()
        table.setAccessibleName("Problems of the map")
        table.setModel(self._model)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + 12)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(_MESSAGE, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(_WHERE, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(_MEND, QHeaderView.ResizeMode.ResizeToContents)
        # As wide as what is in sight needs: to ask every row of thousands takes long.
        header.setResizeContentsPrecision(0)
        header.resizeSection(_WHERE, 260)
        return table

    def _lay_out(self) -> None:
        self._show.setToolTip("Bring what the problem is about into sight (Enter)")
        self._mend.setToolTip("Repair the selected problem in one step (Ctrl+Enter)")
        self._bar = QWidget()
        bar = QHBoxLayout(self._bar)
        bar.setContentsMargins(12, 6, 12, 6)
        bar.addWidget(self._summary, 1)
        bar.addWidget(self._show)
        bar.addWidget(self._mend)
        layout = self._column = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._bar)
        layout.addWidget(self.table, 1)

    def _connect(self) -> None:
        editor = self._editor
        for signal in (editor.assessed, editor.opened, editor.scoring_failed):
            signal.connect(self._refresh)
        editor.freshness_changed.connect(self._tell)
        self.table.clicked.connect(self._on_clicked)
        self.table.activated.connect(lambda index: self._reveal(index.row()))
        self.table.mend_pressed.connect(self._mend_current)
        self.table.selectionModel().currentRowChanged.connect(self._enable)
        self._show.clicked.connect(self._show_current)
        self._mend.clicked.connect(self._mend_current)

    def _refresh(self) -> None:
        assessment = self._editor.assessment
        found = assessment.findings if assessment is not None else ()
        self._model.fill(tuple(sorted(found, key=lambda finding: _ORDER[finding.severity])))
        self._tell()
        self._enable()
        self.count_changed.emit(len(found))

    def _tell(self) -> None:
        findings, fault = self.findings, self._editor.scoring_fault
        if fault:
            words = f"The map cannot be checked: {fault}"
        elif not self._editor.is_fresh:
            words = "Checking…"
        else:
            words = count_words(findings) or (
                "No problems found. What is still unknown is shown beside each score."
            )
        self._summary.setText(words)
        self.table.setVisible(bool(findings))
        self._show.setVisible(bool(findings))
        self._mend.setVisible(bool(findings))
        self.table.setEnabled(self._editor.is_fresh)
        self._column.setAlignment(
            self._bar, Qt.AlignmentFlag(0) if findings else Qt.AlignmentFlag.AlignTop
        )

    def _enable(self) -> None:
        row = self.table.currentIndex().row()
        chosen = self.findings[row] if 0 <= row < len(self.findings) else None
        self._show.setEnabled(chosen is not None and bool(chosen.where))
        self._mend.setEnabled(chosen is not None and chosen.mend is not None)

    def _on_clicked(self, index: QModelIndex) -> None:
        if index.column() == _MEND and self.findings[index.row()].mend is not None:
            self.mend(index.row())
        else:
            self._reveal(index.row())

    def _reveal(self, row: int) -> None:
        if 0 <= row < len(self.findings) and self.findings[row].where:
            self._editor.reveal(self.findings[row].where)

    def _show_current(self) -> None:
        self._reveal(self.table.currentIndex().row())

    def _mend_current(self) -> None:
        row = self.table.currentIndex().row()
        if 0 <= row < len(self.findings):
            self.mend(row)


class _Table(QTableView):
    """A table in which Ctrl+Enter mends."""

    mend_pressed = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: a key was pressed."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.mend_pressed.emit()
        elif is_enter:
            self.activated.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)


class _Findings(QAbstractTableModel):
    """Findings as rows."""

    def __init__(self, editor: Editor, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._theme = theme
        self.findings: tuple[Finding, ...] = ()

    def set_theme(self, theme: Theme) -> None:
        """Wear other colors."""
        self._theme = theme
        self.layoutChanged.emit()

    def fill(self, findings: tuple[Finding, ...]) -> None:
        """List other findings."""
        self.beginResetModel()
        self.findings = findings
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Qt: one row a finding."""
        return 0 if parent.isValid() else len(self.findings)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Qt: message, place and mend."""
        return 0 if parent.isValid() else len(_HEADINGS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Qt: what stands over the columns."""
        if role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return _HEADINGS[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: what a cell shows."""
        finding, column = self.findings[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(finding, column)
            case Qt.ItemDataRole.ToolTipRole:
                return self._text(finding, column) or None
            case Qt.ItemDataRole.AccessibleTextRole if column == _MESSAGE:
                return f"{finding.severity}: {in_locale(finding.message)}"
            case Qt.ItemDataRole.DecorationRole if column == _MESSAGE:
                tone = tone_of(finding.severity)
                return icon(tone.icon, self._theme, self._theme.ink(tone), 16)
            case Qt.ItemDataRole.ForegroundRole if column == _MEND:
                return QColor(self._theme.accent_text)
            case Qt.ItemDataRole.ForegroundRole if column == _WHERE:
                return QColor(self._theme.muted)
        return None

    def _text(self, finding: Finding, column: int) -> str:
        match column:
            case 0:
                return in_locale(finding.message)
            case 1:
                project = self._editor.project
                return ", ".join(_called(project, id) for id in finding.where)
        return finding.mend.label if finding.mend is not None else ""


def _called(project: Project, id: str) -> str:
    """What to call what a finding is about: an item or link, or a scenario."""
    scenario = project.scenarios.get(id)
    return f"Scenario {called(scenario)}" if scenario is not None else project.name(id)
