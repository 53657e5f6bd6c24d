"""A small map and a hand to work on it with."""

from typing import Any

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from depmap_gui.domain.kinds import LocationRole
from depmap_gui.domain.project import Header, Project
from depmap_gui.domain.records import (
    Company,
    Jurisdiction,
    License,
    Licenses,
    Located,
    Operates,
    Owns,
    Plant,
    Product,
    Uses,
)
from depmap_gui.domain.views import View
from depmap_gui.gui.canvas.widget import MapCanvas

PLACES = {
    "cn": (0.0, 0.0),
    "maker": (300.0, 0.0),
    "cellco": (300.0, 150.0),
    "deal": (600.0, 150.0),
    "works": (900.0, 0.0),
    "second": (900.0, 150.0),
}


def small_map() -> Project:
    """Six items and five links, placed by hand."""
    entities = (
        Jurisdiction(id="cn", name="China", code="CN"),
        Company(id="maker", name="Maker Inc.", own_ip=1.0),
        Company(id="cellco", name="CellCo Ltd."),
        License(id="deal", name="Cell license"),
        Plant(id="works", name="Works", own_ip=0.3, products=(Product(id="c", name="Cells"),)),
        Plant(id="second", name="Second works"),
    )
    links = (
        Located(id="l1", source="cn", target="cellco", role=LocationRole.INCORPORATED),
        Operates(id="l2", source="maker", target="works"),
        Licenses(id="l3", source="cellco", target="deal"),
        Uses(id="l4", source="deal", target="works", share=(0.5, 0.6, 0.65)),
        Owns(id="l5", source="maker", target="cellco", share=0.21),
    )
    view = View(id="v", name="Map", positions=PLACES)
    return Project(
        header=Header(title="Small example", year=2026),
        entities={entity.id: entity for entity in entities},
        links={link.id: link for link in links},
        views={"v": view},
    )


class Mouse:
    """Presses, moves and releases, in pixels of the widget."""

    def __init__(self, canvas: MapCanvas) -> None:
        self.canvas = canvas

    def at(self, id: str) -> QPointF:
        """The middle of a card."""
        return self.canvas.point_of(id)

    def port(self, id: str, side: int) -> QPointF:
        """A card's handle: side -1 left, 1 right."""
        return self.at(id) + QPointF(side * 106.0 * self.canvas.camera.zoom, 0)

    def send(
        self,
        kind: QEvent.Type,
        point: QPointF,
        button: Qt.MouseButton = Qt.MouseButton.LeftButton,
        keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:
        """Hand one event to the canvas."""
        held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else button
        where = QPointF(self.canvas.mapToGlobal(QPoint(0, 0))) + point
        event = QMouseEvent(kind, point, where, button, held, keys)
        QApplication.sendEvent(self.canvas, event)

    def press(self, point: QPointF, **more: Any) -> None:
        self.send(QEvent.Type.MouseButtonPress, point, **more)

    def move(self, point: QPointF, **more: Any) -> None:
        self.send(QEvent.Type.MouseMove, point, **more)

    def release(self, point: QPointF, **more: Any) -> None:
        self.send(QEvent.Type.MouseButtonRelease, point, **more)

    def click(self, point: QPointF, **more: Any) -> None:
        self.press(point, **more)
        self.release(point, **more)

    def drag(self, start: QPointF, end: QPointF, **more: Any) -> None:
        """From one point to another, by the middle."""
        self.press(start, **more)
        self.move((start + end) / 2, **more)
        self.move(end, **more)
        self.release(end, **more)
