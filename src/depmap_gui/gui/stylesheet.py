"""The one style sheet for all ordinary widgets, with the theme's tokens put in.

Widgets ask for a special look by a dynamic property: ``role`` on labels and frames (``heading``,
``title``, ``muted``, ``figure``, ``card``, ``chip``, ``bar``) and ``primary`` or ``flat`` on
buttons, ``fault`` on an input whose value is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import Any

_BASE = """
QWidget { color: $text; selection-background-color: $accent; selection-color: $on_accent; }
QMainWindow, QDialog, QStackedWidget, QScrollArea, QAbstractScrollArea { background: $panel; }
QScrollArea, QScrollArea > QWidget > QWidget { border: none; background: transparent; }
QLabel { background: transparent; }
QLabel[role="title"] { font-size: ${large}pt; font-weight: 600; }
QLabel[role="heading"] { font-size: ${medium}pt; font-weight: 600; }
QLabel[role="section"] { font-weight: 600; color: $muted; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="figure"] { font-size: ${large}pt; font-weight: 700; }
QLabel[role="chip"] {
    background: $accent_tint; color: $accent_text; border-radius: 9px; padding: 2px 8px;
    font-weight: 600;
}
QLabel[role="good"] { color: $eligible_text; font-weight: 600; }
QLabel[role="warn"] { color: $at_risk_text; font-weight: 600; }
QLabel[role="bad"] { color: $ineligible_text; font-weight: 600; }
QFrame[role="card"] { background: $raised; border: 1px solid $line; border-radius: 8px; }
QFrame[role="bar"] { background: $panel; border: none; border-bottom: 1px solid $line; }
QFrame[frameShape="4"], QFrame[frameShape="5"] { color: $line; }
QSplitter::handle { background: $line; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QSplitter::handle:hover { background: $accent; }
QMessageBox QLabel#qt_msgbox_label { font-weight: 600; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QToolTip {
    background: $raised; color: $text; border: 1px solid $line_strong; padding: 5px 8px;
}
QStatusBar { background: $canvas; color: $muted; border-top: 1px solid $line; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: $muted; padding: 2px 6px; }
QDockWidget { titlebar-close-icon: none; font-weight: 600; }
QDockWidget::title { background: $panel; padding: 8px 10px; border-bottom: 1px solid $line; }
"""

_BUTTONS = """
QPushButton {
    background: $panel; border: 1px solid $line_strong; border-radius: 6px;
    padding: 5px 14px; min-height: 18px;
}
QPushButton:hover { background: $hover; }
QPushButton:pressed, QPushButton:checked { background: $pressed; }
QPushButton:focus { border: 2px solid $accent; padding: 4px 13px; }
QPushButton:disabled { color: $line_strong; border-color: $line; background: $panel; }
QPushButton[primary="true"], QPushButton:default {
    background: $accent; color: $on_accent; border: 1px solid $accent; font-weight: 600;
}
QPushButton[primary="true"]:hover, QPushButton:default:hover { background: $accent_text; }
QPushButton[primary="true"]:focus, QPushButton:default:focus { border: 2px solid $text; }
QPushButton[primary="true"]:disabled, QPushButton:default:disabled {
    background: $sunken; color: $muted; border-color: $line;
}
QPushButton[primary="good"] {
    background: $eligible_fill; color: #FFFFFF; border: 1px solid $eligible_fill; font-weight: 600;
}
QPushButton[primary="good"]:focus { border: 2px solid $text; }
QPushButton[flat="true"], QPushButton[link="true"] {
    background: transparent; border: 1px solid transparent; color: $accent_text;
}
QPushButton[flat="true"]:hover, QPushButton[link="true"]:hover { background: $accent_tint; }
QPushButton[flat="true"]:focus, QPushButton[link="true"]:focus { border: 2px solid $accent; }
QPushButton::menu-indicator {
    image: url("$icons/$arrow_down"); width: ${arrow}px; height: ${arrow}px; right: 8px;
    subcontrol-position: right center;
}
QToolBar {
    background: $panel; border: none; border-bottom: 1px solid $line; spacing: 2px; padding: 4px;
}
QToolBar::separator { background: $line; width: 1px; height: 1px; margin: 5px; }
QToolButton {
    background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 5px 7px;
}
QToolButton[role="floating"] {
    background: $raised; border: 1px solid $line; border-radius: 6px; padding: 5px 7px;
}
QToolButton[role="floating"]:hover { background: $hover; }
QToolButton[role="strip"] {
    background: $panel; border: none; border-left: 1px solid $line;
    border-right: 1px solid $line; border-radius: 0;
}
QToolButton[role="strip"]:focus { border: 1px solid $accent; }
QToolButton:hover, QToolButton[role="strip"]:hover { background: $hover; }
QToolButton:pressed { background: $pressed; }
QToolButton:checked { background: $accent_tint; color: $accent_text; }
QToolButton:focus { border: 1px solid $accent; }
QToolButton:disabled { color: $line_strong; }
QToolButton[primary="good"] { background: $eligible_fill; color: #FFFFFF; font-weight: 600; }
QToolButton[popupMode="1"], QToolButton[popupMode="2"] { padding-right: 18px; }
QToolButton::menu-button { border: none; width: 16px; }
QToolButton::menu-indicator, QToolButton::menu-arrow {
    image: url("$icons/$arrow_down"); width: ${arrow}px; height: ${arrow}px;
}
QToolButton::menu-indicator { subcontrol-position: right center; right: 4px; }
QCheckBox, QRadioButton { spacing: 7px; padding: 2px; background: transparent; }
QCheckBox::indicator, QRadioButton::indicator, QAbstractItemView::indicator, QMenu::indicator {
    width: ${box}px; height: ${box}px; border: 1px solid $control; background: $panel;
}
QCheckBox::indicator, QAbstractItemView::indicator, QMenu::indicator { border-radius: 3px; }
QRadioButton::indicator { border-radius: 7px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $accent; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border: 2px solid $accent; }
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked, QMenu::indicator:checked {
    background: $accent; border-color: $accent; image: url("$icons/$tick");
}
QCheckBox::indicator:indeterminate, QAbstractItemView::indicator:indeterminate {
    background: $sunken; border-color: $control; image: url("$icons/$dash");
}
QRadioButton::indicator:checked { background: $panel; border: 4px solid $accent; width: 8px;
    height: 8px; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { border-color: $line; }
"""

_INPUTS = """
QLineEdit, QTextEdit, QPlainTextEdit, QAbstractSpinBox, QComboBox {
    background: $panel; border: 1px solid $control; border-radius: 6px; padding: 4px 8px;
    min-height: 18px;
}
QTextEdit, QPlainTextEdit { padding: 4px; }
QLineEdit:hover, QTextEdit:hover, QPlainTextEdit:hover, QAbstractSpinBox:hover, QComboBox:hover {
    border-color: $muted;
}
QLineEdit:focus, QTextEdit:focus, QPlainTextEdit:focus, QAbstractSpinBox:focus, QComboBox:focus,
QComboBox:on { border: 2px solid $accent; padding: 3px 7px; }
QTextEdit:focus, QPlainTextEdit:focus { padding: 3px; }
QLineEdit:disabled, QTextEdit:disabled, QPlainTextEdit:disabled, QAbstractSpinBox:disabled,
QComboBox:disabled { background: $sunken; border-color: $line; color: $muted; }
QLineEdit:read-only { background: $canvas; }
QLineEdit[fault="true"], QAbstractSpinBox[fault="true"], QComboBox[fault="true"] {
    border: 2px solid $ineligible; padding: 3px 7px;
}
QComboBox { padding-right: 24px; combobox-popup: 0; }
QComboBox:focus, QComboBox:on { padding-right: 23px; }
QComboBox::drop-down { border: none; width: 22px; }
QComboBox::down-arrow { image: url("$icons/$arrow_down"); width: ${arrow}px; height: ${arrow}px; }
QComboBox QAbstractItemView {
    background: $raised; border: 1px solid $line_strong; outline: none; padding: 4px;
    selection-background-color: $accent_tint; selection-color: $text;
}
QComboBox QAbstractItemView::item { min-height: 24px; padding: 2px 6px; }
QAbstractSpinBox { padding-right: 20px; }
QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:focus {
    background: transparent; border: none; padding: 0 0 0 7px; min-height: 0;
}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {
    border: none; background: transparent; width: 18px;
}
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover { background: $hover; }
QAbstractSpinBox::up-arrow { image: url("$icons/$arrow_up"); width: 8px; height: 8px; }
QAbstractSpinBox::down-arrow { image: url("$icons/$arrow_down"); width: 8px; height: 8px; }
QDateEdit::drop-down { border: none; width: 20px; }
QDateEdit::down-arrow { image: url("$icons/$arrow_down"); width: ${arrow}px; height: ${arrow}px; }
QSlider::groove:horizontal { height: 4px; background: $line; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 2px; }
QSlider::handle:horizontal {
    background: $panel; border: 2px solid $accent; width: 12px; margin: -6px 0; border-radius: 8px;
}
QProgressBar {
    background: $sunken; border: none; border-radius: 4px; min-height: 8px; text-align: center;
}
QProgressBar::chunk { background: $accent; border-radius: 4px; }
QGroupBox {
    border: 1px solid $line; border-radius: 8px; margin-top: 20px; padding: 10px;
}
QGroupBox::title {
    subcontrol-origin: margin; subcontrol-position: top left; left: 2px; padding: 0 2px 4px 2px;
    color: $muted; font-weight: 600;
}
QCalendarWidget QWidget#qt_calendar_navigationbar { background: $panel; }
QCalendarWidget QTableView { border: none; }
QCalendarWidget QTableView::item { padding: 0; }
QCalendarWidget QAbstractItemView:disabled { color: $disabled; }
"""

_LISTS = """
QAbstractItemView {
    background: $panel; alternate-background-color: $canvas; border: none; outline: none;
    gridline-color: $line; selection-background-color: $accent_tint; selection-color: $text;
}
QTreeView::item { height: ${row}px; padding: 0 4px; }
QListView::item { padding: 4px; }
QTableView::item { padding: 2px 8px; }
QTreeView::item:hover, QListView::item:hover { background: $hover; }
QTreeView::item:selected, QListView::item:selected, QTableView::item:selected {
    background: $accent_tint; color: $text;
}
QTableView::item:focus { border: 2px solid $accent; padding: 0 6px; }
QListView::item:focus, QTreeView::item:focus { border: 1px solid $accent; }
QTreeView::branch { background: transparent; }
QTreeView::branch:has-children:closed { image: url("$icons/$arrow_right"); }
QTreeView::branch:has-children:open { image: url("$icons/$arrow_down"); }
QTableView QLineEdit, QTreeView QLineEdit, QListView QLineEdit {
    border: 2px solid $accent; border-radius: 0; padding: 0 6px; min-height: 0;
}
QTableView QComboBox { border-radius: 0; padding: 0 20px 0 6px; min-height: 0; }
QHeaderView { background: $panel; border: none; }
QHeaderView::section {
    background: $panel; color: $muted; border: none; border-bottom: 1px solid $line;
    border-right: 1px solid $line; padding: 5px 10px; font-weight: 600;
}
QHeaderView::section:hover { background: $hover; }
QHeaderView::up-arrow { image: url("$icons/$arrow_up"); width: 9px; height: 9px; }
QHeaderView::down-arrow { image: url("$icons/$arrow_down"); width: 9px; height: 9px; }
QTableCornerButton::section { background: $panel; border: none; border-bottom: 1px solid $line; }
QScrollBar { background: transparent; border: none; }
QScrollBar:vertical { width: 11px; margin: 0; }
QScrollBar:horizontal { height: 11px; margin: 0; }
QScrollBar::handle { background: $line_strong; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: $panel; border: none; }
"""

_TABS_AND_MENUS = """
QTabWidget::pane { border: none; border-top: 1px solid $line; background: $panel; }
QTabBar { background: transparent; qproperty-drawBase: 0; }
QTabBar::tab {
    background: transparent; color: $muted; border: none; border-bottom: 2px solid transparent;
    padding: 7px 10px 6px 10px; margin: 0 2px;
}
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $accent_text; border-bottom: 2px solid $accent; }
QTabBar::tab:focus { background: $accent_tint; border-radius: 4px; }
QTabBar::tab:disabled { color: $line_strong; }
QTabBar::scroller { width: ${scroller}px; }
QTabBar QToolButton {
    background: $panel; border: 1px solid $control; border-radius: 4px; padding: 0;
    margin: 3px 0;
}
QTabBar QToolButton:hover { background: $hover; border-color: $accent; }
QTabBar QToolButton:disabled { border-color: $line; }
QTabBar QToolButton::left-arrow {
    image: url("$icons/$arrow_left"); width: ${arrow}px; height: ${arrow}px;
}
QTabBar QToolButton::right-arrow {
    image: url("$icons/$arrow_right"); width: ${arrow}px; height: ${arrow}px;
}
QMenuBar { background: $panel; border-bottom: 1px solid $line; padding: 2px 6px; }
QMenuBar::item { background: transparent; padding: 5px 9px; border-radius: 5px; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: $hover; }
QMenu { background: $raised; border: 1px solid $line_strong; padding: 5px; }
QMenu::item { padding: 6px 26px 6px 10px; border-radius: 5px; }
QMenu::icon { padding-left: 8px; }
QMenu::item:selected { background: $accent_tint; color: $text; }
QMenu::item:disabled { color: $disabled; }
QMenu::separator { height: 1px; background: $line; margin: 5px 8px; }
QMenu::right-arrow { image: url("$icons/$arrow_right"); width: ${arrow}px; height: ${arrow}px; }
QMenu::indicator { margin-left: 6px; }
"""


def stylesheet(tokens: Mapping[str, Any], icons: Path) -> str:
    """The sheet with the tokens put in; ``icons`` is the folder of the small arrows and ticks."""
    is_dark, scale = bool(tokens["is_dark"]), float(tokens["text_scale"])
    derived: dict[str, object] = {
        "icons": icons.as_posix(),
        "large": round(17 * scale, 1),
        "medium": round(11 * scale, 1),
        "row": round(26 * scale),
        "box": round(14 * min(scale, 1.5)),
        "arrow": round(10 * min(scale, 1.5)),
        "scroller": round(26 * min(scale, 1.5)),
        "arrow_down": "arrow-down.svg",
        "arrow_left": "arrow-left.svg",
        "arrow_right": "arrow-right.svg",
        "arrow_up": "arrow-up.svg",
        "dash": "dash.svg",
        "tick": "tick.svg",
        # The border of an input must stand out 3:1 from its ground, unlike a mere dividing line.
        "control": "#6C7789" if is_dark else "#8A93A5",
        "disabled": "#6C7789" if is_dark else "#8A93A5",
        # White words on it must read 4.5:1.
        "eligible_fill": "#0C7A60",
    }
    sheet = Template(_BASE + _BUTTONS + _INPUTS + _LISTS + _TABS_AND_MENUS)
    return sheet.substitute({**tokens, **derived})
