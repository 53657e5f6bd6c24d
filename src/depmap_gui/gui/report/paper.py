"""The paper that a report is set for."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QLocale
from PySide6.QtGui import QPageSize

from depmap_gui.gui.offscreen import application


class Paper(StrEnum):
    """The sheets a report can be printed on."""

    A4 = "a4"
    LETTER = "letter"

    @property
    def page_size(self) -> QPageSize:
        """The sheet as Qt knows it."""
        letter = self is Paper.LETTER
        return QPageSize(QPageSize.PageSizeId.Letter if letter else QPageSize.PageSizeId.A4)


def usual_paper() -> Paper:
    """The paper of the reader's locale: US Letter where inches are used, else A4."""
    application()
    imperial = QLocale().measurementSystem() is QLocale.MeasurementSystem.ImperialUSSystem
    return Paper.LETTER if imperial else Paper.A4
