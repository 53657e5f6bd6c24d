"""How the report writes figures and names: as the window does, in the reader's locale."""

from __future__ import annotations

from datetime import date

from depmap_gui.domain.project import Project
from depmap_gui.gui import numbers
from depmap_gui.gui.panels.field_words import status_words
from depmap_gui.gui.panels.score_words import adjective, place_name


class ReportWords:
    """The window's own words, for :func:`depmap_gui.session.report.report_of`."""

    def percent(self, share: float | None) -> str:
        """A share: '62%'."""
        return numbers.percent(share)

    def percent_range(self, low: float | None, high: float | None) -> str:
        """Two shares: '50–65%'."""
        return numbers.percent_range(low, high)

    def money(self, amount: float | None, currency: str) -> str:
        """An amount: '$412M'."""
        return numbers.money(amount, currency)

    def count(self, value: float | None) -> str:
        """A number with its thousands parted."""
        return numbers.count(value)

    def day(self, value: date | None) -> str:
        """A date: 'Feb 13, 2023'."""
        return numbers.day(value)

    def sentence(self, said: str) -> str:
        """A sentence of the computations, on one line, its figures in the reader's locale."""
        return numbers.in_locale(" ".join(said.split()))

    def adjective(self, project: Project, code: str) -> str:
        """'Chinese' for CN; failing an adjective the jurisdiction's name."""
        return adjective(project, code)

    def place(self, project: Project, code: str) -> str:
        """What a jurisdiction is called on the map."""
        return place_name(project, code)

    def status(self, question: str) -> str:
        """What an entity status is called."""
        return status_words(question)
