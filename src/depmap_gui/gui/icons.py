"""Icons: one set of line drawings (Lucide), drawn crisply in any color at any scale."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from depmap_gui.gui.theme import Theme, mix
from depmap_gui.resources import resource

_SCALES = (1.0, 1.5, 2.0, 3.0)


def icon(name: str, theme: Theme, color: str | None = None, size: int = 18) -> QIcon:
    """The icon of that name in the theme's text color (or ``color``), for a ``size`` of pixels.

    Raises FileNotFoundError where there is no such icon.
    """
    ink = color or theme.text
    return _icon(name, ink, mix(ink, theme.panel, 0.6), theme.accent_text, size)


@lru_cache(maxsize=1024)
def _icon(name: str, ink: str, faint: str, checked: str, size: int) -> QIcon:
    made = QIcon()
    for scale in _SCALES:
        made.addPixmap(icon_pixmap(name, ink, size, scale))
        made.addPixmap(icon_pixmap(name, faint, size, scale), QIcon.Mode.Disabled)
        made.addPixmap(icon_pixmap(name, checked, size, scale), QIcon.Mode.Normal, QIcon.State.On)
    return made


@lru_cache(maxsize=2048)
def icon_pixmap(name: str, color: str, size: int, scale: float = 1.0) -> QPixmap:
    """The icon as a picture of ``size`` by ``size`` logical pixels at the screen's scale."""
    pixels = max(1, round(size * scale))
    image = QImage(QSize(pixels, pixels), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_icon(painter, name, color, QRectF(0, 0, pixels, pixels))
    painter.end()
    pixmap = QPixmap.fromImage(image)
    pixmap.setDevicePixelRatio(scale)
    return pixmap


def paint_icon(painter: QPainter, name: str, color: str, rect: QRectF) -> None:
    """Draw the icon into the rectangle as lines, which stay lines in a PDF or SVG."""
    QSvgRenderer(QByteArray(_drawing(name, color))).render(painter, rect)


@lru_cache(maxsize=512)
def _drawing(name: str, color: str) -> bytes:
    text = resource("icons", f"{name}.svg").read_text(encoding="utf-8")
    return text.replace("currentColor", color).encode()
