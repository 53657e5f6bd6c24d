"""The card of samples: how many to draw, how far it is, and what they say."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import (
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from depmap_gui.analysis.uncertainty_results import (
    ProductRisk,
    SampledMeasure,
    ScoreSamples,
    TestQuestion,
)
from depmap_gui.gui import numbers
from depmap_gui.gui.credit_states import STATES
from depmap_gui.gui.panels.parts import Card, Elided, clear, label, tone_icon
from depmap_gui.gui.panels.score_words import VERDICT_TONES, VERDICT_WORDS
from depmap_gui.gui.panels.scores import Veil
from depmap_gui.gui.panels.scores_parts import ROLE_OF_TONE, capital, figure_row, headline
from depmap_gui.gui.panels.uncertainty_histogram import Histogram
from depmap_gui.gui.panels.uncertainty_words import (
    DOCUMENTED_TIP,
    PERCENTILE_TIP,
    PERCENTILES,
    POSSIBLE_TIP,
    RISK_TIP,
    percentile_text,
    spread_text,
)
from depmap_gui.gui.theme import Theme, color
from depmap_gui.gui.uncertainty import Inquiry
from depmap_gui.rules.pack import Comparison
from depmap_gui.rules.results import CreditResult, Eligibility, Verdict
from depmap_gui.rules.thresholds import IN_WORDS

USUAL_SAMPLES = 10_000
MOST_SAMPLES = 1_000_000
LEAST_SAMPLES = 100
STALE = "The map has changed since these samples were drawn."
SAMPLES_TIP = "How many times the uncertain quantities are drawn. More samples, finer figures."
BOX_WORDS = (
    "Below the bars: a line from the 5th to the 95th percentile, a box around the middle half, "
    "a stroke at the median, a diamond at the mean."
)
SEED_TIP = "The same seed gives the same figures on every machine."


class Amount(QSpinBox):
    """A whole number with its thousands parted; the wheel scrolls the panel, not the value."""

    def __init__(self, least: int, most: int, value: int, step: int, name: str) -> None:
        super().__init__()
        self.setRange(least, most)
        self.setSingleStep(step)
        self.setValue(value)
        self.setGroupSeparatorShown(True)
        self.setKeyboardTracking(False)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        self.setMinimumWidth(90)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the panel."""
        event.ignore()


class SamplesCard(Card):
    """Draws samples when asked; keeps what was drawn in sight, dimmed when it is stale."""

    run_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__("Samples")
        self.theme = theme
        self.help = label("", "muted")
        self.add(self.help)
        self.samples = Amount(LEAST_SAMPLES, MOST_SAMPLES, USUAL_SAMPLES, 1000, "Number of samples")
        self.samples.setToolTip(SAMPLES_TIP)
        self.seed = Amount(0, 2**31 - 1, 1, 1, "Seed")
        self.seed.setToolTip(SEED_TIP)
        self.add(self._settings())
        self.note = label("", "warn")
        self.add(self.note)
        self.progress = QProgressBar()
        self.progress.setRange(0, 1000)
        self.progress.setTextVisible(False)
        self.progress.setMaximumHeight(8)
        self.progress.setAccessibleName("Samples drawn so far")
        self.add(self.progress)
        self.add(self._buttons())
        self.results = QWidget()
        self._results = QVBoxLayout(self.results)
        self._results.setContentsMargins(0, 4, 0, 0)
        self._results.setSpacing(6)
        self.add(self.results)
        self.veil = Veil(self.results, theme)
        self.samples.valueChanged.connect(self._say_run)
        self._inquiry: Inquiry | None = None

    def _settings(self) -> QWidget:
        box = QWidget()
        form = QFormLayout(box)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(4)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        for words, field in (("N&umber of samples", self.samples), ("S&eed", self.seed)):
            caption = QLabel(words)
            caption.setBuddy(field)
            caption.setToolTip(field.toolTip())
            form.addRow(caption, field)
        return box

    def _buttons(self) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        self.run = QPushButton()
        self.run.setProperty("primary", True)
        self.run.clicked.connect(lambda _checked=False: self.run_requested.emit())
        self.cancel = QPushButton("Cancel")
        self.cancel.setAccessibleName("Stop drawing samples")
        row.addWidget(self.run)
        row.addWidget(self.cancel)
        row.addStretch(1)
        return line

    def follow(self, inquiry: Inquiry) -> None:
        """Show how this inquiry stands."""
        self._inquiry = inquiry
        self.cancel.clicked.connect(lambda _checked=False: inquiry.cancel())
        inquiry.progressed.connect(self._on_progress)

    def show_state(self, *, can_run: bool) -> None:
        """Buttons, progress and notes as the inquiry stands."""
        inquiry = self._inquiry
        if inquiry is None:
            return
        self.run.setVisible(not inquiry.is_looking)
        self.run.setEnabled(can_run)
        self.cancel.setVisible(inquiry.is_looking)
        self.progress.setVisible(inquiry.is_looking)
        if not inquiry.is_looking:
            self.progress.setValue(0)
        note = inquiry.fault or (STALE if inquiry.is_stale and not inquiry.is_looking else "")
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self.veil.raise_()
        self.veil.setVisible(inquiry.value is not None and not inquiry.is_fresh)
        self._say_run()

    def _say_run(self) -> None:
        """'Run 10,000 samples', and 'Run again' where there are some already."""
        has_run = self._inquiry is not None and self._inquiry.value is not None
        count = numbers.count(self.samples.value())
        self.run.setText("Run &again" if has_run else f"&Run {count} samples")
        self.run.setAccessibleName(f"{'Run again with' if has_run else 'Run'} {count} samples")

    def _on_progress(self, fraction: float) -> None:
        self.progress.setValue(round(1000 * fraction))

    # Results ---------------------------------------------------------------------------------

    def show_nothing(self, help: str) -> None:
        """No samples yet: say what they would tell."""
        self.help.setText(help)
        self.help.setVisible(bool(help))
        clear(self._results)
        self.results.hide()

    def show_share(self, samples: ScoreSamples, entity: str) -> None:
        """How a share is spread: histogram, mean and percentiles."""
        self._start(samples.samples, samples.seed)
        figure = samples.figures.get(entity)
        if figure is None:
            self._results.addWidget(label("This item was not sampled.", "muted"))
            return
        possible, documented = figure.possible, figure.documented
        picture = Histogram(possible, documented, self.theme)
        self._results.addWidget(picture)
        self._results.addWidget(Key("bar", "With the unknown drawn evenly", self.theme))
        if picture.draws_outline:
            self._results.addWidget(Key("line", "Documented alone", self.theme))
        self._results.addWidget(label(BOX_WORDS, "muted"))
        self._results.addWidget(label(spread_text(possible)))
        heads = ("Percentile", "possible", "documented")[: 3 if picture.draws_outline else 2]
        tips = (PERCENTILE_TIP, POSSIBLE_TIP, DOCUMENTED_TIP)
        rows = [
            (percentile_text(percent), getattr(possible, name), getattr(documented, name))
            for name, percent in PERCENTILES
        ]
        rows.append(("Mean", possible.mean, documented.mean))
        self._results.addWidget(figure_table(heads, rows, tips[: len(heads)]))

    def show_risk(
        self, risk: ProductRisk, credit: CreditResult, asked: TestQuestion, name: str
    ) -> None:
        """How likely a product loses its credit, and each test's verdicts over the samples."""
        self._start(risk.samples, risk.seed)
        self._results.addWidget(label(f"Risk to the credit of {name}", "section"))
        words = "of the samples lose the credit"
        figure = headline(numbers.percent(risk.risk), words if risk.risk is not None else "")
        figure.setToolTip(RISK_TIP)
        self._results.addWidget(figure)
        if risk.risk is None:
            words = "No test could be drawn: the map is silent on all of them."
            self._results.addWidget(label(words, "muted"))
        money = numbers.money(risk.at_risk, risk.currency)
        whole = numbers.money(risk.annual_credit, risk.currency)
        self._results.addWidget(figure_row(f"Money at risk {risk.per}", money, tip=RISK_TIP))
        self._results.addWidget(figure_row(f"Credit {risk.per} before any risk", whole))
        for status, share in risk.statuses.items():
            self._results.addWidget(_status_row(status, share, self.theme))
        if (measure := risk.measures.get(asked.test)) is not None:
            title = next((test.title for test in credit.tests if test.id == asked.test), "")
            self._show_measure(measure, title)
        self._results.addWidget(label("Tests, over the samples", "section"))
        tests = sorted(credit.tests, key=lambda test: test.id != asked.test)
        for test in tests:
            if test.id not in risk.left_out:
                self._results.addWidget(self._test_row(test.title, test.id, risk))
        if silent := [test.title for test in credit.tests if test.id in risk.left_out]:
            said = f"Left out: the map is silent on {'; '.join(silent)}."
            self._results.addWidget(label(said, "muted"))

    def _show_measure(self, measure: SampledMeasure, title: str) -> None:
        """How a test's measure is spread, with the threshold that it is held against."""
        self._results.addWidget(label(f"What the test measures: {title}", "section"))
        spread = measure.spread
        self._results.addWidget(Histogram(spread, spread, self.theme, measure.threshold))
        self._results.addWidget(Key("bar", "Samples, what is open drawn evenly", self.theme))
        how = IN_WORDS[Comparison(measure.comparison)]
        held = f"Threshold: the test fails at {how} {numbers.percent(measure.threshold)}"
        self._results.addWidget(Key("threshold", held, self.theme))
        self._results.addWidget(label(BOX_WORDS, "muted"))
        self._results.addWidget(label(spread_text(spread)))

    def _test_row(self, title: str, id: str, risk: ProductRisk) -> QWidget:
        """A test's verdicts under the law, and how often it fails with what is open drawn."""
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 2, 0, 2)
        column.setSpacing(1)
        fails = numbers.percent(risk.tests.get(id))
        head = figure_row(capital(title), f"fails in {fails}", tip=RISK_TIP)
        column.addWidget(head)
        for verdict, share in risk.verdicts.get(id, {}).items():
            column.addWidget(_verdict_row(verdict, share, self.theme))
        return box

    def _start(self, samples: int, seed: int) -> None:
        clear(self._results)
        self.results.show()
        self.help.hide()
        drawn = f"{numbers.count(samples)} samples, seed {QLocale().toString(seed)}"
        self._results.addWidget(label(drawn, "muted", figures=True))


def _verdict_row(verdict: Verdict, share: float, theme: Theme) -> QWidget:
    tone = VERDICT_TONES[verdict]
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(8, 0, 0, 0)
    row.setSpacing(6)
    row.addWidget(tone_icon(tone, theme, 14))
    row.addWidget(label(f"the law says: {VERDICT_WORDS[verdict]}", ROLE_OF_TONE[tone]), 1)
    row.addWidget(label(numbers.percent(share), "muted", wrap=False, figures=True))
    line.setAccessibleName(f"The law says {VERDICT_WORDS[verdict]} in {numbers.percent(share)}")
    return line


def _status_row(status: Eligibility, share: float, theme: Theme) -> QWidget:
    tone = STATES[status].tone
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    row.addWidget(tone_icon(tone, theme, 14))
    row.addWidget(label(f"Credit {status.value}", ROLE_OF_TONE[tone]), 1)
    row.addWidget(label(numbers.percent(share), wrap=False, figures=True))
    line.setToolTip("The share of samples in which the law gives the product this status.")
    return line


def figure_table(
    heads: tuple[str, ...], rows: list[tuple[str, float, float]], tips: tuple[str, ...]
) -> QWidget:
    """Figures in columns under their heads; only as many columns as there are heads."""
    box = QWidget()
    grid = QGridLayout(box)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(2)
    grid.setColumnStretch(0, 1)
    right = Qt.AlignmentFlag.AlignRight
    for column, (head, tip) in enumerate(zip(heads, tips, strict=True)):
        made = label(head, "muted", wrap=False) if column else Elided(head, "muted")
        made.setToolTip(tip)
        grid.addWidget(made, 0, column, right if column else Qt.AlignmentFlag(0))
    for line, (words, *values) in enumerate(rows, start=1):
        grid.addWidget(Elided(words), line, 0)
        for column, value in enumerate(values[: len(heads) - 1], start=1):
            figure = label(numbers.percent(value), wrap=False, figures=True)
            figure.setAccessibleName(f"{words}, {heads[column]}: {figure.text()}")
            grid.addWidget(figure, line, column, right)
    return box


class Key(QWidget):
    """What a mark of the histogram stands for: a swatch as it is painted, and its words."""

    def __init__(self, mark: str, words: str, theme: Theme) -> None:
        super().__init__()
        self._mark, self._theme = mark, theme
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 0, 0, 0)
        row.addWidget(label(words, "muted"))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the swatch."""
        painter = QPainter(self)
        middle = self.height() // 2
        if self._mark == "bar":
            alpha = 0.55 if self._theme.is_dark else 0.40
            painter.fillRect(0, middle - 5, 14, 10, color(self._theme.accent, alpha))
        elif self._mark == "threshold":
            dashed = Qt.PenStyle.DashLine
            painter.setPen(QPen(color(self._theme.ineligible_text), 1.5, dashed))
            painter.drawLine(7, 1, 7, self.height() - 1)
        else:
            painter.setPen(QPen(color(self._theme.text), 1.4))
            painter.drawLine(0, middle, 14, middle)
        painter.end()
