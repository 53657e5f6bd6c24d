"""The account of what a format could not hold."""

from __future__ import annotations

from collections import Counter

from depmap_gui.domain.project import Project
from depmap_gui.exchange.formats.results import LeftOut


class Unheld:
    """Counts what stays behind when a project is written in a narrower format."""

    def __init__(self, why: str) -> None:
        self._why = why
        self._counted: Counter[str] = Counter()

    def add(self, what: str) -> None:
        """Count one more of these."""
        self._counted[what] += 1

    def told(self, project: Project) -> tuple[LeftOut, ...]:
        """The account, the project's scenarios and views with it."""
        for what, records in (("scenario", project.scenarios), ("view", project.views)):
            if records:
                self._counted[what] = len(records)
        return tuple(
            LeftOut(f"{number} x {what}", self._why) for what, number in self._counted.items()
        )
