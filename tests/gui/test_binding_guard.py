"""The Qt binding must not lose references to None.

PySide6 6.12.0 on CPython 3.11 gives back one reference too many from calls that return
nothing; after some thousand of them the interpreter aborts with 'deallocating None'. The
version range in pyproject.toml keeps such releases out; these tests tell when one gets in.
"""

import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QGraphicsRectItem, QGraphicsScene, QWidget
from pytestqt.qtbot import QtBot

CALLS = 5_000
# The interpreter itself moves the count a little; a fault of the binding moves it by CALLS.
SLACK = CALLS // 10

pytestmark = pytest.mark.skipif(
    sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on: nothing to lose"
)


def lost_references(call: Callable[[int], object]) -> int:
    """How many references to None are gone after CALLS calls."""
    before = sys.getrefcount(None)
    for turn in range(CALLS):
        call(turn)
    return before - sys.getrefcount(None)


def test_a_lost_reference_would_be_seen() -> None:
    kept = [None] * (2 * CALLS)

    def drop(_turn: int) -> None:
        del kept[-1]

    assert lost_references(drop) > SLACK


def test_moving_a_scene_item_keeps_none(qtbot: QtBot) -> None:
    scene = QGraphicsScene()
    item = QGraphicsRectItem(0, 0, 10, 10)
    scene.addItem(item)
    assert lost_references(lambda turn: item.setPos(turn, turn)) < SLACK
    assert lost_references(lambda turn: item.setPos(QPointF(turn, turn))) < SLACK
    assert item.pos() == QPointF(CALLS - 1, CALLS - 1)


def test_moving_and_showing_a_widget_keeps_none(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    assert lost_references(lambda turn: widget.move(turn % 50, 0)) < SLACK
    assert lost_references(lambda _turn: widget.setVisible(False)) < SLACK
    assert lost_references(lambda _turn: widget.update()) < SLACK


def test_painting_keeps_none(qtbot: QtBot) -> None:
    image = QImage(32, 32, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    try:
        color, rectangle = QColor("#2F6FED"), QRectF(1, 1, 8, 8)
        assert lost_references(lambda _turn: painter.fillRect(rectangle, color)) < SLACK
        assert lost_references(lambda _turn: painter.drawRect(rectangle)) < SLACK
        assert lost_references(lambda _turn: painter.translate(0, 0)) < SLACK
    finally:
        painter.end()
