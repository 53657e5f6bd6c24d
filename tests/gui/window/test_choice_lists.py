"""The lists that boxes to choose from open: every entry can be read, and none is cut off."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox
from pytestqt.qtbot import QtBot

from depmap_gui.gui.choice_box import ChoiceBox
from depmap_gui.gui.main_window import MainWindow

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

LONG = "Microinverter or distributed wind inverter, as a list may well name one"


def opened(box: QComboBox, qtbot: QtBot) -> QComboBox:
    """The box with its list open."""
    box.showPopup()
    qtbot.waitUntil(box.view().isVisible)
    return box


@pytest.fixture
def narrow(open_map: MainWindow, qtbot: QtBot) -> ChoiceBox:
    """A narrow box in the program's clothes, with one long entry among more than are shown."""
    box = ChoiceBox(open_map)
    box.addItems([LONG, *(f"Entry {number}" for number in range(30))])
    box.setFixedWidth(90)
    box.show()
    return box


def test_a_list_is_as_wide_as_its_longest_entry(narrow: ChoiceBox, qtbot: QtBot) -> None:
    entries = opened(narrow, qtbot).view()
    assert entries.viewport().width() >= entries.sizeHintForColumn(0)
    assert entries.sizeHintForColumn(0) > entries.fontMetrics().horizontalAdvance(LONG)
    narrow.hidePopup()


def test_lists_open_below_their_box_and_not_as_menus_with_scrolling_arrows(
    open_map: MainWindow, narrow: ChoiceBox
) -> None:
    boxes = open_map.findChildren(QComboBox)
    assert len(boxes) > 5
    for box in boxes:
        option = QStyleOptionComboBox()
        box.initStyleOption(option)
        hint = QStyle.StyleHint.SH_ComboBox_Popup
        assert not box.style().styleHint(hint, option, box), box.accessibleName()


def test_every_entry_of_the_tool_bar_s_lists_can_be_read(
    open_map: MainWindow, qtbot: QtBot
) -> None:
    boxes = [box for box in open_map.findChildren(QComboBox) if box.isVisible()]
    assert len(boxes) > 5
    for box in boxes:
        entries = opened(box, qtbot).view()
        last = entries.visualRect(box.model().index(box.count() - 1, 0))
        shown = entries.viewport().rect()
        assert shown.width() >= entries.sizeHintForColumn(0), box.accessibleName()
        assert box.count() > box.maxVisibleItems() or shown.contains(last), box.accessibleName()
        box.hidePopup()
