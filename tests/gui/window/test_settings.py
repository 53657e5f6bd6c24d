"""What a person chooses is declared, remembered and taken back; a damaged file stops nothing."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QLocale, QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLabel
from pytestqt.qtbot import QtBot
from window_parts import answers, wait_scored

from depmap_gui.domain.records import Plant
from depmap_gui.gui.dialogs.settings import SettingsDialog
from depmap_gui.gui.looks import LARGEST_TEXT, SMALLEST_TEXT, system_text_scale, text_scale
from depmap_gui.gui.main_window import MainWindow
from depmap_gui.gui.panels.tables import KINDS
from depmap_gui.gui.settings import (
    MOTION,
    NUMBERS,
    SETTINGS,
    TEXT_SIZE,
    THEME,
    WHEEL,
    Settings,
    ThemeChoice,
)
from depmap_gui.gui.theme import BASE_POINTS

# Qt itself complains of a type that it does not know.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", "QVariant::load")


@pytest.fixture(autouse=True)
def _locale_as_before():
    before = QLocale()
    yield
    QLocale.setDefault(before)


def opened(window: MainWindow) -> SettingsDialog:
    window.actions_table["edit.settings"].trigger()
    (dialog,) = window.findChildren(SettingsDialog)
    return dialog


def choose(dialog: SettingsDialog, setting, value: object) -> None:
    """Choose as a person does."""
    control = dialog.control(setting)
    if isinstance(control, QCheckBox):
        control.setChecked(bool(value))
        return
    assert isinstance(control, QComboBox)
    at = [choice for choice, _ in setting.choices].index(value)
    control.setCurrentIndex(at)
    control.activated.emit(at)


def test_every_setting_is_declared_whole():
    assert len({setting.key for setting in SETTINGS}) == len(SETTINGS)
    for setting in SETTINGS:
        values = [value for value, _ in setting.choices]
        assert setting.default in values
        assert len(set(map(str, values))) == len(values)
        assert setting.label
        assert setting.help.endswith(".")


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.key)
def test_what_is_chosen_is_kept_and_taken_back(setting):
    for value, _words in setting.choices:
        Settings().choose(setting, value)
        again = Settings().value(setting)
        assert again == value
        assert type(again) is type(value)
    Settings().choose(setting, setting.default)
    assert not QSettings().contains(setting.key)


def test_a_choice_is_in_effect_at_once(open_map: MainWindow, qtbot: QtBot):
    dialog = opened(open_map)
    choose(dialog, THEME, ThemeChoice.DARK)
    assert open_map.theme.is_dark
    choose(dialog, TEXT_SIZE, 150)
    assert open_map.theme.text_scale == 1.5
    assert QApplication.font().pointSizeF() == pytest.approx(1.5 * BASE_POINTS)
    choose(dialog, MOTION, False)
    assert not open_map.canvas.animates
    choose(dialog, WHEEL, "zoom")
    assert open_map.canvas.wheel_zooms
    open_map.editor.select(["works"])
    wait_scored(open_map, qtbot)
    choose(dialog, NUMBERS, "de_DE")
    assert "12.345" not in dialog.example.text()
    assert "62,5\N{NO-BREAK SPACE}%" in dialog.example.text()
    for setting in SETTINGS:
        reset = dialog.reset_button(setting)
        assert reset.isEnabled()
        reset.click()
        assert not reset.isEnabled()
        assert open_map.settings.value(setting) == setting.default
    assert open_map.canvas.animates
    assert open_map.theme.text_scale == system_text_scale()


def test_figures_that_are_shown_follow_the_locale_at_once(open_map: MainWindow, qtbot: QtBot):
    open_map.editor.select(["works"])
    open_map.workspace.show_page(open_map.scores)
    dialog = opened(open_map)
    choose(dialog, NUMBERS, "en_US")
    qtbot.waitUntil(lambda: any("60%" in words for words in said_by(open_map.scores)))
    choose(dialog, NUMBERS, "de_DE")
    qtbot.waitUntil(lambda: any("60\N{NO-BREAK SPACE}%" in w for w in said_by(open_map.scores)))
    assert not any("60%" in words for words in said_by(open_map.scores))


def said_by(panel) -> list[str]:
    return [each.text() for each in panel.findChildren(QLabel)]


def test_all_settings_are_reset_from_the_dialog(open_map: MainWindow):
    dialog = opened(open_map)
    choose(dialog, THEME, ThemeChoice.DARK)
    answers(open_map).confirms = True
    dialog.reset_all.click()
    assert open_map.settings.theme is ThemeChoice.SYSTEM
    control = dialog.control(THEME)
    assert isinstance(control, QComboBox)
    assert control.currentText() == "As the system"


def test_the_layout_is_remembered_and_reset(
    open_map: MainWindow, around, saved: Path, qtbot: QtBot
):
    table = open_map.actions_table
    open_map.workspace.show_page(open_map.inspector)
    open_map.workspace.show_page(open_map.problems)
    table["view.panel.outline"].trigger()
    header = open_map.tables.view_of(KINDS[0]).horizontalHeader()
    first = header.sectionSize(0)
    header.resizeSection(0, first + 77)
    table["view.theme.dark"].trigger()
    open_map.editor.history.setClean()
    open_map.close()
    again = MainWindow(around)
    qtbot.addWidget(again)
    again.show()
    again.open_path(saved)
    wait_scored(again, qtbot)
    assert again.workspace.details.currentWidget() is again.inspector
    assert again.workspace.bottom.currentWidget() is again.problems
    assert again.outline.isHidden()
    assert again.tables.view_of(KINDS[0]).horizontalHeader().sectionSize(0) == first + 77
    again.actions_table["view.reset_layout"].trigger()
    again.resize(1400, 900)
    assert again.workspace.details.currentWidget() is again.scores
    assert not again.outline.isHidden()
    assert again.tables.view_of(KINDS[0]).horizontalHeader().sectionSize(0) == first
    assert again.settings.theme is ThemeChoice.DARK
    again.close()


def test_text_stays_within_its_bounds(monkeypatch: pytest.MonkeyPatch, qapp: QApplication):
    assert SMALLEST_TEXT <= system_text_scale() <= LARGEST_TEXT
    store = Settings()
    store.choose(TEXT_SIZE, 200)
    assert text_scale(store) == 2.0


def _keys() -> list[str]:
    return [
        *(setting.key for setting in SETTINGS),
        "window/geometry",
        "window/splitter/across",
        "window/page/details",
        "window/panel/outline",
        "tables/plant/12",
        "files/last_folder",
        "files/recent",
        "rules/folders",
    ]


ANYTHING = st.one_of(
    st.text(max_size=40),
    st.integers(-(2**31), 2**31 - 1),
    st.booleans(),
    st.lists(st.text(max_size=5), max_size=3),
    st.sampled_from(
        ["[1, 2]", '["\\u0000"]', '["' + "x" * 5000 + '"]', "{", "null", "-1", "nan", "purple"]
    ),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.dictionaries(st.sampled_from(_keys()), ANYTHING))
def test_whatever_is_stored_is_read_as_something_that_can_be(tmp_path: Path, stored):
    store = QSettings(str(tmp_path / "odd.ini"), QSettings.Format.IniFormat)
    store.clear()
    for key, value in stored.items():
        store.setValue(key, value)
    read = Settings(store)
    for setting in SETTINGS:
        assert read.value(setting) in [value for value, _ in setting.choices]
    assert read.last_folder.is_dir()
    assert all(isinstance(path, Path) for path in (*read.recent, *read.rules_folders))
    read.geometry.size()
    read.splitter("across").size()
    read.heading("plant/12").size()
    assert isinstance(read.page("details"), str)
    assert isinstance(read.is_shown("outline"), bool)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff\xfe garbage \x01" * 50,
        b"[window]\ngeometry=@ByteArray(\\x1\\x2",
        b"""[window]
theme=@Variant(\\0\\0\\0\\x7f\\0\\0\\0\\xeNoSuchType\\0)
text_size=1e999
page\\details=@Invalid()
panel\\outline=@Rect(1 2 3)
geometry=12
splitter\\across=7
[files]
recent=@StringList(a, b)
last_folder=@Invalid()
[tables]
plant\\12=x
""",
        b"=====\n[[[[\n]]]]\n" + b"a" * 100_000,
    ],
    ids=["empty", "bytes", "cut short", "wrong types", "no settings at all"],
)
def test_a_damaged_settings_file_does_not_stop_the_start(
    content: bytes, around, tmp_path: Path, saved: Path, qtbot: QtBot
):
    path = tmp_path / "settings.ini"
    path.write_bytes(content)
    store = Settings(QSettings(str(path), QSettings.Format.IniFormat))
    window = MainWindow(around._replace(settings=store))
    qtbot.addWidget(window)
    window.show()
    assert window.open_path(saved)
    wait_scored(window, qtbot)
    assert isinstance(window.editor.project.entities["works"], Plant)
    assert window.workspace.isVisible()
    window.close()


def test_the_wheel_moves_or_zooms(open_map: MainWindow, qtbot: QtBot):
    def turn(modifier: Qt.KeyboardModifier) -> float:
        before = open_map.canvas.camera.zoom
        event = QWheelEvent(
            QPointF(100, 100),
            open_map.canvas.mapToGlobal(QPointF(100, 100)),
            QPoint(),
            QPoint(0, 120),
            Qt.MouseButton.NoButton,
            modifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(open_map.canvas, event)
        return open_map.canvas.camera.zoom / before

    plain, control = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
    assert turn(plain) == 1.0
    assert turn(control) > 1.0
    open_map.settings.choose(WHEEL, "zoom")
    open_map.take_settings()
    assert turn(plain) > 1.0
    assert turn(control) == 1.0
