"""A small map on a canvas, and a mouse."""

from collections.abc import Iterator

import pytest
from canvas_parts import Mouse, small_map
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from depmap_gui.gui.canvas.widget import MapCanvas
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.tasks import Tasks
from depmap_gui.gui.theme import LIGHT, apply_theme
from depmap_gui.session.session import Session


@pytest.fixture
def editor(qapp: QApplication) -> Iterator[Editor]:
    """An editor that works on the small map."""
    apply_theme(qapp, LIGHT)
    tasks = Tasks()
    made = Editor(tasks)
    made.open_session(Session(small_map()))
    yield made
    made.close()
    tasks.cancel_all()
    qapp.processEvents()
    # A panel may have started another meanwhile.
    tasks.cancel_all()


@pytest.fixture
def canvas(qtbot: QtBot, editor: Editor) -> MapCanvas:
    """The small map, shown at 1000 by 700 and fitted."""
    made = MapCanvas(editor, LIGHT)
    made.animates = False
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    qtbot.waitExposed(made)
    made.repaint()
    return made


@pytest.fixture
def mouse(canvas: MapCanvas) -> Mouse:
    """A hand on the canvas."""
    return Mouse(canvas)
