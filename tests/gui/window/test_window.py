"""The window's parts work together: outline, lens, problems, history, palette, status, looks."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QAbstractItemModel, QItemSelectionModel, QModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLineEdit,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot
from window_parts import answers, wait_scored

from depmap_gui.analysis.results import Score
from depmap_gui.domain.edits import Add, Batch, Remove, SetField
from depmap_gui.domain.kinds import Basis, LocationRole, Section
from depmap_gui.domain.records import Located, Plant, Scenario
from depmap_gui.gui.actions import ACTIONS
from depmap_gui.gui.dialogs.command_palette import CommandPalette, Entry, best, match
from depmap_gui.gui.main_window import MainWindow
from depmap_gui.gui.panels.outline_model import FIGURE
from depmap_gui.gui.settings import Settings, ThemeChoice

# The offscreen platform says so of every dialog and popup; a real one supports them.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def rows(model: QAbstractItemModel, parent: QModelIndex | None = None) -> dict[str, str]:
    """Every row below a place: its words and its figure."""
    found: dict[str, str] = {}
    parent = parent if parent is not None else QModelIndex()
    for row in range(model.rowCount(parent)):
        index = model.index(row, 0, parent)
        found[str(index.data())] = str(index.data(FIGURE) or "")
        found |= rows(model, index)
    return found


def the_palette() -> CommandPalette:
    (found,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, CommandPalette)]
    return found


# Outline -----------------------------------------------------------------------------------


def test_the_outline_lists_items_with_their_figures(open_map: MainWindow) -> None:
    shown = rows(open_map.outline.tree.model())
    assert shown["Plants"] == "1"
    assert shown["Companies"] == "4"
    assert shown["Works"] == "60%"
    assert shown["CellCo Ltd."] == "100%"
    assert shown["China"] == "CN"
    assert shown["Nowhere Holdings"] == "unknown"


def test_the_outline_follows_the_coloring(open_map: MainWindow) -> None:
    open_map.map_actions.color_of("US")
    assert rows(open_map.outline.tree.model())["Works"] == "30%"


def test_the_filter_finds_and_enter_jumps(open_map: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClicks(open_map.outline.search, "anode")
    assert set(rows(open_map.outline.tree.model())) == {"Materials", "Anode graphite"}
    with qtbot.waitSignal(open_map.editor.reveal_requested) as revealed:
        qtbot.keyClick(open_map.outline.search, Qt.Key.Key_Return)
    assert revealed.args == [("anode",)]
    qtbot.keyClick(open_map.outline.search, Qt.Key.Key_Escape)
    assert len(rows(open_map.outline.tree.model())) == 9 + 5


def test_outline_and_editor_share_the_selection(open_map: MainWindow) -> None:
    tree, editor = open_map.outline.tree, open_map.editor
    editor.select(("works", "cellco"))
    chosen = {index.data() for index in tree.selectionModel().selectedIndexes()}
    assert chosen == {"Works", "CellCo Ltd."}
    companies = tree.model().index(1, 0)
    # The view's own way would go by the keys that Qt last saw held down, by whatever test.
    cellco, alone = tree.model().index(0, 0, companies), QItemSelectionModel.SelectionFlag
    tree.selectionModel().setCurrentIndex(cellco, alone.ClearAndSelect)
    assert editor.selection == ("cellco",)


def test_the_outline_follows_a_renaming(open_map: MainWindow, qtbot: QtBot) -> None:
    open_map.editor.apply(SetField(Section.ENTITIES, "works", "name", "Alpha works"), "Rename")
    qtbot.waitUntil(lambda: "Alpha works" in rows(open_map.outline.tree.model()))


def test_a_filter_without_a_match_says_so(open_map: MainWindow) -> None:
    open_map.outline.search.setText("zzz")
    assert "zzz" in open_map.outline._empty.text()
    assert not open_map.outline._empty.isHidden()


# Lens --------------------------------------------------------------------------------------


def test_another_year_scores_again(open_map: MainWindow, qtbot: QtBot) -> None:
    open_map.actions_table["analyze.year.2029"].trigger()
    assert not open_map.editor.is_fresh
    wait_scored(open_map, qtbot)
    assert open_map.editor.assessment is not None
    assert open_map.editor.assessment.year == 2029
    assert open_map.toolbar.lens.year.currentText() == "2029"
    open_map.actions_table["edit.undo"].trigger()
    assert open_map.editor.project.header.year == 2026
    assert open_map.toolbar.lens.year.currentText() == "2026"


def test_another_basis_scores_again(open_map: MainWindow, qtbot: QtBot) -> None:
    before = open_map.editor.assessment
    assert before is not None
    assert before.scores.attribution["powder"] == {"CN": 1.0}
    open_map.actions_table["analyze.basis.economic"].trigger()
    wait_scored(open_map, qtbot)
    after = open_map.editor.assessment
    assert after is not None
    assert after.basis is Basis.ECONOMIC
    assert after.scores.attribution["powder"]["CN"] == pytest.approx(0.8)


def test_the_boxes_do_what_the_actions_do(open_map: MainWindow) -> None:
    lens = open_map.toolbar.lens
    lens.score.setCurrentIndex(lens.score.findData(Score.EMBEDDED_IP))
    lens.score.activated.emit(lens.score.currentIndex())
    assert open_map.editor.color_by is Score.EMBEDDED_IP
    assert open_map.actions_table["view.color.embedded_ip"].isChecked()
    lens.jurisdiction.activated.emit(lens.jurisdiction.findData("US"))
    assert open_map.editor.jurisdiction == "US"
    lens.basis.activated.emit(lens.basis.findData(Basis.DOMICILE))
    assert open_map.editor.project.header.basis is Basis.DOMICILE
    lens.year.activated.emit(lens.year.findText("2030"))
    assert open_map.editor.project.header.year == 2030


def test_scenarios_are_offered_beside_the_base_map(open_map: MainWindow, qtbot: QtBot) -> None:
    lens = open_map.toolbar.lens
    assert not lens.scenario.isHidden()
    assert [choice.text for choice in open_map.choices["scenarios"]()] == ["Base map"]
    open_map.editor.apply(Add(Scenario(id="sc1", name="Swap")), "Add scenario")
    assert [choice.text for choice in open_map.choices["scenarios"]()] == ["Base map", "Swap"]
    lens.scenario.activated.emit(lens.scenario.findData("sc1"))
    assert open_map.editor.session.scenario == "sc1"
    wait_scored(open_map, qtbot)
    assert open_map.editor.assessment is not None
    assert open_map.editor.assessment.scenario == "sc1"


def test_a_year_out_of_the_ordinary_is_shown(open_map: MainWindow) -> None:
    from depmap_gui.domain.edits import SetHeader

    open_map.editor.apply(SetHeader("year", 2024), "Year")
    assert open_map.toolbar.lens.year.currentText() == "2024"
    years = [spec.id for spec in ACTIONS if spec.id.startswith("analyze.year.")]
    assert not any(open_map.actions_table[id].isChecked() for id in years)


# Problems and history ----------------------------------------------------------------------


def without_operator(window: MainWindow) -> None:
    edit = Batch("Take the operator out", (Remove(Section.LINKS, "l5"),))
    assert window.editor.apply(edit)


def test_problems_are_listed_and_lead_to_their_place(open_map: MainWindow, qtbot: QtBot) -> None:
    without_operator(open_map)
    wait_scored(open_map, qtbot)
    problems = open_map.problems
    assert any("works" in finding.where for finding in problems.findings)
    row = next(r for r, f in enumerate(problems.findings) if "works" in f.where)
    with qtbot.waitSignal(open_map.editor.reveal_requested) as revealed:
        problems.table.clicked.emit(problems.table.model().index(row, 0))
    assert "works" in revealed.args[0]
    tab = open_map.workspace.bottom.indexOf(problems)
    assert open_map.workspace.bottom.tabText(tab) == f"Problems {len(problems.findings)}"
    assert open_map.status.problems.text().startswith(str(len(problems.findings)))


def test_the_next_problem_goes_round(open_map: MainWindow, qtbot: QtBot) -> None:
    without_operator(open_map)
    open_map.editor.add(Plant(id="p2", name="Second works"), (0, 500))
    wait_scored(open_map, qtbot)
    count = len(open_map.problems.findings)
    assert count >= 2
    seen = []
    for _ in range(count + 1):
        open_map.actions_table["analyze.next_problem"].trigger()
        seen.append(open_map.problems.table.currentIndex().row())
    assert seen == [*range(count), 0]
    open_map.actions_table["analyze.previous_problem"].trigger()
    assert open_map.problems.table.currentIndex().row() == count - 1


def test_a_mend_is_one_undoable_step(open_map: MainWindow, qtbot: QtBot) -> None:
    open_map.editor.apply(
        Add(Located(id="l20", source="us", target="cellco", role=LocationRole.INCORPORATED)),
        "Second home",
    )
    open_map.editor.apply(SetField(Section.LINKS, "l7", "share", 1.7), "Share")
    wait_scored(open_map, qtbot)
    mendable = [r for r, f in enumerate(open_map.problems.findings) if f.mend is not None]
    if not mendable:
        pytest.skip("none of these problems has a mend")
    steps = open_map.editor.history.index()
    before = open_map.editor.project
    assert open_map.problems.mend(mendable[0])
    assert open_map.editor.history.index() == steps + 1
    assert open_map.editor.project.links != before.links
    open_map.actions_table["edit.undo"].trigger()
    assert open_map.editor.project.links == before.links


def test_the_history_goes_back_by_a_click(open_map: MainWindow) -> None:
    for name in ("One", "Two", "Three"):
        open_map.editor.apply(SetField(Section.ENTITIES, "works", "name", name), f"Rename {name}")
    model = open_map.history.list.model()
    assert [model.index(row, 0).data() for row in range(model.rowCount())] == [
        "Map opened",
        "Rename One",
        "Rename Two",
        "Rename Three",
    ]
    open_map.history.list.setCurrentIndex(model.index(1, 0))
    assert open_map.editor.project.entities["works"].name == "One"
    open_map.history.list.setCurrentIndex(model.index(3, 0))
    assert open_map.editor.project.entities["works"].name == "Three"


# Command palette ---------------------------------------------------------------------------


def entry(text: str, *, is_item: bool = False) -> Entry:
    return Entry(text, "", lambda: None, is_item=is_item)


def test_matching_prefers_beginnings() -> None:
    texts = ["Open recent", "Reopen", "Close map", "Zoom in"]
    found = [e.text for e in best("open", [entry(text) for text in texts])]
    assert found == ["Open recent", "Reopen"]
    assert match("zi", "Zoom in") is not None
    assert match("xyz", "Zoom in") is None
    assert [e.text for e in best("map clo", [entry(text) for text in texts])] == ["Close map"]


def test_without_letters_the_palette_shows_actions() -> None:
    found = best("", [entry("Works", is_item=True), entry("Open")])
    assert [e.text for e in found] == ["Open"]


def test_the_palette_runs_an_action(open_map: MainWindow, qtbot: QtBot) -> None:
    open_map.actions_table["help.palette"].trigger()
    palette = the_palette()
    qtbot.keyClicks(palette.input, "year 2031")
    qtbot.keyClick(palette.input, Qt.Key.Key_Return)
    assert open_map.editor.project.header.year == 2031


def test_the_palette_finds_an_item(open_map: MainWindow, qtbot: QtBot) -> None:
    open_map.open_palette()
    palette = the_palette()
    qtbot.keyClicks(palette.input, "graph")
    with qtbot.waitSignal(open_map.editor.reveal_requested) as revealed:
        qtbot.keyClick(palette.input, Qt.Key.Key_Return)
    assert revealed.args == [("anode",)]
    assert open_map.editor.selection == ("anode",)


def test_the_palette_offers_only_what_can_be_done(window: MainWindow, qtbot: QtBot) -> None:
    window.open_palette()
    palette = the_palette()
    shown = {palette.list.item(row).text() for row in range(palette.list.count())}
    assert "New map" in shown
    assert "Save" not in shown
    palette.close()


# Status bar --------------------------------------------------------------------------------


def test_stale_figures_are_never_called_fresh(open_map: MainWindow, qtbot: QtBot) -> None:
    status = open_map.status
    assert status.size_words.text() == "9 items · 10 links"
    assert status.scores.text().startswith("Scores up to date · ")
    open_map.editor.apply(SetField(Section.LINKS, "l7", "share", 0.5), "Share")
    assert status.scores.text() == "Scoring…"
    wait_scored(open_map, qtbot)
    assert status.scores.text().startswith("Scores up to date · ")


def test_a_faulty_rule_pack_is_told(open_map: MainWindow, qtbot: QtBot) -> None:
    from depmap_gui.domain.edits import SetHeader

    open_map.editor.apply(SetHeader("packs", ("no-such-pack",)), "Packs")
    wait_scored(open_map, qtbot)
    # It is the gravest problem, and all that rests on no pack is scored as ever.
    assert "no-such-pack" in open_map.problems.findings[0].message
    assert open_map.editor.assessment.scores.ip["works"]
    assert open_map.editor.assessment.law.credits == ()


def test_a_refused_edit_is_told(open_map: MainWindow) -> None:
    assert not open_map.editor.apply(Remove(Section.ENTITIES, "nobody"))
    assert "nobody" in open_map.status.told.text()


# Looks and settings ------------------------------------------------------------------------


@pytest.mark.parametrize("choice", [ThemeChoice.DARK, ThemeChoice.LIGHT])
def test_the_theme_changes_everywhere(open_map: MainWindow, choice: ThemeChoice) -> None:
    open_map.actions_table[f"view.theme.{choice}"].trigger()
    assert open_map.theme.name == choice.value
    assert open_map.canvas.theme.name == choice.value
    assert open_map.actions_table[f"view.theme.{choice}"].isChecked()
    assert QApplication.palette().window().color().name().upper() == open_map.theme.panel
    assert Settings().theme is choice


def test_panels_hide_and_stay_hidden(open_map: MainWindow) -> None:
    action = open_map.actions_table["view.panel.outline"]
    assert action.isChecked()
    action.trigger()
    assert open_map.outline.isHidden()
    assert not action.isChecked()
    assert Settings().is_shown("outline") is False
    open_map.actions_table["edit.find"].trigger()
    assert not open_map.outline.isHidden()


def test_settings_are_read_with_their_types() -> None:
    settings = Settings()
    assert settings.theme is ThemeChoice.SYSTEM
    assert settings.recent == ()
    assert settings.geometry.isEmpty()
    assert settings.is_shown("outline") is True
    settings._store.setValue("window/theme", "purple")
    settings._store.setValue("files/recent", "not json")
    settings._store.setValue("files/last_folder", "/no/such/folder")
    assert settings.theme is ThemeChoice.SYSTEM
    assert settings.recent == ()
    assert settings.last_folder.is_dir()


def test_settings_can_be_reset(open_map: MainWindow) -> None:
    open_map.actions_table["view.theme.dark"].trigger()
    open_map.actions_table["view.panel.bottom"].trigger()
    answers(open_map).confirms = True
    open_map.actions_table["help.reset_settings"].trigger()
    assert open_map.settings.theme is ThemeChoice.SYSTEM
    assert not open_map.workspace.bottom.isHidden()
    assert len(open_map.settings.recent) == 1


@pytest.mark.parametrize("width", [740, 1000, 1300, 1900])
def test_the_toolbar_fits_every_width(open_map: MainWindow, qtbot: QtBot, width: int) -> None:
    open_map.resize(width, 700)
    qtbot.waitUntil(lambda: open_map.toolbar.width() == open_map.width())
    qtbot.wait(20)
    bar = open_map.toolbar
    for part in (*bar.findChildren(QToolButton), *bar.findChildren(QComboBox)):
        if part.isVisible():
            right = part.mapTo(bar, part.rect().topRight()).x()
            assert right <= bar.width(), part.accessibleName()
            assert part.width() >= part.minimumSizeHint().width(), part.accessibleName()


def test_every_control_has_an_accessible_name(open_map: MainWindow) -> None:
    own = (
        open_map.toolbar,
        open_map.outline,
        open_map.problems,
        open_map.history,
        open_map.status,
        open_map.start_page,
    )
    kinds: tuple[type[QWidget], ...] = (QAbstractButton, QLineEdit, QComboBox)
    nameless = [
        f"{type(part).__name__} in {type(panel).__name__}"
        for panel in own
        for kind in kinds
        for part in panel.findChildren(kind)
        if not (part.accessibleName() or getattr(part, "text", lambda: "")())
        and not part.objectName().startswith("qt_")
        and part.parent() is not None
        and not isinstance(part.parent(), QLineEdit)
    ]
    assert nameless == []
