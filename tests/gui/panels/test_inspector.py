"""Every field of every kind is edited through the real widgets, by keys, and undone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from depmap_gui.domain.edits import SetField
from depmap_gui.domain.fields import Field, FieldType, fields_of
from depmap_gui.domain.kinds import Section
from depmap_gui.domain.project import Header
from depmap_gui.domain.records import ENTITY_CLASSES, LINK_CLASSES, Product, Source
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.panels.field_editors import FieldEditor, LongTextEditor, TypedEditor
from depmap_gui.gui.panels.field_editors_choice import DateEditor, FlagEditor, PickEditor
from depmap_gui.gui.panels.field_editors_law import (
    DeclaredEditor,
    ListsEditor,
    ReadingsEditor,
    TermsEditor,
)
from depmap_gui.gui.panels.field_editors_products import ProductsEditor
from depmap_gui.gui.panels.field_editors_quantity import QuantityEditor
from depmap_gui.gui.panels.field_editors_sources import SourcesEditor
from depmap_gui.gui.panels.inspector import EDITORS, InspectorPanel
from depmap_gui.gui.panels.inspector_form import as_filled_in
from depmap_gui.gui.theme import DARK, LIGHT

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

SAMPLES = {
    "jurisdiction": "cn",
    "company": "maker",
    "license": "deal",
    "material": "graphite",
    "plant": "works",
    "located": "l1",
    "operates": "l5",
    "licenses": "l6",
    "uses": "l7",
    "owns": "l8",
    "lends": "l9",
    "supplies": "l11",
}
CLASSES = {**ENTITY_CLASSES, **LINK_CLASSES}
EVERY_FIELD = [
    (SAMPLES[kind], field) for kind, record in CLASSES.items() for field in fields_of(record)
]


@pytest.fixture
def inspector(editor: Editor, qtbot: QtBot) -> Iterator[InspectorPanel]:
    panel = InspectorPanel(editor, LIGHT)
    qtbot.addWidget(panel)
    panel.resize(360, 900)
    panel.show()
    qtbot.waitExposed(panel)
    panel.activateWindow()
    return panel


def record(editor: Editor, id: str) -> Any:
    project = editor.project
    return project.entities.get(id) or project.links.get(id) or project.sources.get(id)


def typed(line: QWidget, text: str) -> None:
    """Replace what a line holds, as a person does."""
    line.setFocus()
    QTest.keySequence(line, "Ctrl+A")
    QTest.keyClick(line, Qt.Key.Key_Delete)
    if text.isascii():
        QTest.keyClicks(line, text)
    else:
        QApplication.clipboard().setText(text)
        QTest.keySequence(line, "Ctrl+V")
    QTest.keyClick(line, Qt.Key.Key_Return)


def pick(editor: PickEditor, at: int) -> None:
    editor.picker.setCurrentIndex(at)
    editor.picker.activated.emit(at)


TYPED = {
    FieldType.TEXT: "changed",
    FieldType.WORDS: "one, two",
    FieldType.DATE: "2025-07-04",
    FieldType.INTEGER: "2027",
}


def change(editor: FieldEditor) -> None:
    """Do to a field what its control is there for."""
    match editor:
        case QuantityEditor():
            is_range = isinstance(editor.values[0], tuple)
            typed(editor.ends[0] if is_range else editor.line, "12")
        case TypedEditor() if editor.field.type is FieldType.ENTITY:
            project = editor.desk.editor.project
            kind = project.entities[editor.values[0]].kind
            names = [e.name for e in project.entities.values() if e.kind is kind]
            other = [name for name in names if name != editor.line.text()]
            typed(editor.line, other[0] if other else names[0])
        case TypedEditor():
            typed(editor.line, TYPED[editor.field.type])
        case LongTextEditor():
            editor.text.setFocus()
            QTest.keyClicks(editor.text, "noted")
            QTest.keyClick(editor.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        case FlagEditor():
            QTest.mouseClick(editor.answers.button(True), Qt.MouseButton.LeftButton)
        case PickEditor():
            pick(editor, (editor.picker.currentIndex() + 1) % editor.picker.count())
        case TermsEditor():
            answers = next(iter(editor.questions.values()))
            QTest.mouseClick(answers.button(True), Qt.MouseButton.LeftButton)
        case ListsEditor():
            next(iter(editor.ticks.values())).click()
        case DeclaredEditor():
            picker = next(iter(editor.pickers.values()))
            picker.setCurrentIndex(2)
            picker.activated.emit(2)
        case ReadingsEditor():
            picker = next(iter(editor.pickers.values()))
            picker.setCurrentIndex(1)
            picker.activated.emit(1)
        case SourcesEditor():
            editor.add("s2")
        case ProductsEditor():
            QTest.mouseClick(editor.add_button, Qt.MouseButton.LeftButton)
        case _:
            raise AssertionError(f"no way to change a {type(editor).__name__}")


def test_every_type_of_field_has_an_editor() -> None:
    assert set(EDITORS) == set(FieldType)


@pytest.mark.parametrize(
    ("id", "field"), EVERY_FIELD, ids=[f"{id}-{field.name}" for id, field in EVERY_FIELD]
)
def test_a_field_is_edited_and_undone(
    editor: Editor, inspector: InspectorPanel, id: str, field: Field
) -> None:
    editor.select([id])
    before = record(editor, id)
    assert inspector.form is not None
    control = inspector.form.editors[field.name]
    is_only_choice = isinstance(control, PickEditor) and control.picker.count() < 2
    if is_only_choice or (field.type is FieldType.ENTITY and _has_no_other(editor, before, field)):
        pytest.skip("the map offers no other value")
    change(control)
    after = record(editor, id)
    assert getattr(after, field.name) != getattr(before, field.name)
    assert len(editor.history.undoText().split()) >= 3
    assert editor.history.count() == 1
    editor.history.undo()
    assert record(editor, id) == before
    editor.history.redo()
    assert record(editor, id) == after


def _has_no_other(editor: Editor, link: Any, field: Field) -> bool:
    kind = editor.project.entities[getattr(link, field.name)].kind
    return sum(e.kind is kind for e in editor.project.entities.values()) < 2


@pytest.mark.parametrize("name", [field.name for field in fields_of(Header)])
def test_the_header_is_edited_where_nothing_is_selected(
    editor: Editor, inspector: InspectorPanel, name: str
) -> None:
    before = editor.project.header
    assert inspector.form is not None
    control = inspector.form.editors[name]
    if name == "packs":
        typed(control.line, "us-obbba, us-obbba")
        assert editor.project.header.packs == ("us-obbba",)
    else:
        change(control)
    assert getattr(editor.project.header, name) != getattr(before, name)
    editor.history.undo()
    assert editor.project.header == before


@pytest.mark.parametrize("field", fields_of(Product), ids=lambda field: field.name)
def test_every_field_of_a_product_is_edited(
    editor: Editor, inspector: InspectorPanel, field: Field
) -> None:
    editor.select(["works"])
    before = record(editor, "works")
    products = inspector.form.editors["products"]
    assert isinstance(products, ProductsEditor)
    change(products.cards[0].form.editors[field.name])
    changed = record(editor, "works").products[0]
    assert getattr(changed, field.name) != getattr(before.products[0], field.name)
    if field.name == "id":
        assert editor.project.links["l11"].product == changed.id
    editor.history.undo()
    assert record(editor, "works") == before
    assert editor.project.links["l11"].product == "cells"


def test_a_removed_product_leaves_no_supply_behind(
    editor: Editor, inspector: InspectorPanel
) -> None:
    editor.select(["works"])
    products = inspector.form.editors["products"]
    assert isinstance(products, ProductsEditor)
    products.cards[0].remove_button.click()
    assert record(editor, "works").products == ()
    assert editor.project.links["l11"].product is None
    editor.history.undo()
    assert editor.project.links["l11"].product == "cells"


@pytest.mark.parametrize("field", fields_of(Source), ids=lambda field: field.name)
def test_every_field_of_a_source_is_edited_in_place(
    editor: Editor, inspector: InspectorPanel, field: Field
) -> None:
    editor.select(["l7"])
    sources = inspector.form.editors["sources"]
    assert isinstance(sources, SourcesEditor)
    row = sources.rows["s1"]
    row.toggle_form()
    assert row.form is not None
    change(row.form.editors[field.name])
    assert getattr(editor.project.sources["s1"], field.name).endswith(("changed", "noted"))
    editor.history.undo()
    assert editor.project.sources["s1"].title == "Annual report"


def line_of(inspector: InspectorPanel, name: str) -> Any:
    return inspector.form.editors[name].line


def test_the_history_reads_as_sentences(editor: Editor, inspector: InspectorPanel) -> None:
    editor.select(["l11"])
    typed(line_of(inspector, "cost"), "412M")
    assert editor.history.undoText() == "Set cost of LFP cathode to $412M"
    editor.select(["deal"])
    typed(line_of(inspector, "name"), "寧德 license")
    assert editor.history.undoText() == "Rename Cell license to 寧德 license"


def test_unknown_stays_unknown_and_is_not_zero(editor: Editor, inspector: InspectorPanel) -> None:
    editor.select(["works"])
    line = line_of(inspector, "bought_in")
    assert line.text() == ""
    assert line.placeholderText() == "unknown"
    typed(line, "0")
    assert record(editor, "works").bought_in == 0.0
    assert line.text() == "0%"
    typed(line, "?")
    assert record(editor, "works").bought_in is None


def test_a_range_is_typed_and_given_up(editor: Editor, inspector: InspectorPanel) -> None:
    editor.select(["works"])
    control = inspector.form.editors["own_ip"]
    assert isinstance(control, QuantityEditor)
    typed(control.line, "20-40%")
    assert record(editor, "works").own_ip == (0.2, 0.3, 0.4)
    assert [end.text() for end in control.ends] == ["20%", "30%", "40%"]
    typed(control.ends[1], "25")
    assert record(editor, "works").own_ip == (0.2, 0.25, 0.4)
    typed(control.ends[0], "90%")
    assert "order" in control.fault
    assert record(editor, "works").own_ip == (0.2, 0.25, 0.4)
    QTest.keyClick(control.ends[0], Qt.Key.Key_Escape)
    assert control.fault == ""
    QTest.mouseClick(control.toggle, Qt.MouseButton.LeftButton)
    assert record(editor, "works").own_ip == 0.25


def test_what_is_not_understood_is_refused_in_place(
    editor: Editor, inspector: InspectorPanel
) -> None:
    editor.select(["works"])
    control = inspector.form.editors["own_ip"]
    typed(control.line, "lots")
    assert "not a share" in control.fault
    assert control.line.text() == "lots"
    assert record(editor, "works").own_ip == 0.3
    QTest.keyClick(control.line, Qt.Key.Key_Escape)
    assert control.line.text() == "30%"
    assert control.fault == ""


def test_a_value_out_of_range_is_kept_and_said(editor: Editor, inspector: InspectorPanel) -> None:
    editor.select(["works"])
    control = inspector.form.editors["own_ip"]
    typed(control.line, "130%")
    assert record(editor, "works").own_ip == 1.3
    assert "between 0% and 100%" in control.fault


def test_typing_survives_scores_and_other_changes(
    editor: Editor, inspector: InspectorPanel, qtbot: QtBot
) -> None:
    editor.select(["works"])
    line = line_of(inspector, "own_ip")
    line.setFocus()
    QTest.keySequence(line, "Ctrl+A")
    QTest.keyClicks(line, "4")
    editor.apply(SetField(Section.ENTITIES, "works", "bought_in", 0.2), "Set it elsewhere")
    qtbot.waitUntil(lambda: editor.is_fresh, timeout=20_000)
    assert line.text() == "4"
    QTest.keyClicks(line, "5%")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert record(editor, "works").own_ip == 0.45
    assert line_of(inspector, "bought_in").text() == "20%"


def test_another_selection_takes_what_was_typed_first(
    editor: Editor, inspector: InspectorPanel
) -> None:
    editor.select(["works"])
    line = line_of(inspector, "name")
    line.setFocus()
    QTest.keySequence(line, "Ctrl+A")
    QTest.keyClicks(line, "Plant One")
    editor.select(["graphite"])
    assert record(editor, "works").name == "Plant One"
    assert record(editor, "graphite").name == "Graphite"
    assert line_of(inspector, "name").text() == "Graphite"


def test_undo_and_redo_are_shown(editor: Editor, inspector: InspectorPanel) -> None:
    editor.select(["works"])
    typed(line_of(inspector, "own_ip"), "45%")
    editor.history.undo()
    assert line_of(inspector, "own_ip").text() == "30%"
    editor.history.redo()
    assert line_of(inspector, "own_ip").text() == "45%"


def test_several_items_are_edited_at_once(editor: Editor, inspector: InspectorPanel) -> None:
    editor.select(["maker", "parent", "cellco"])
    assert line_of(inspector, "name").placeholderText() == "various"
    assert line_of(inspector, "name").text() == ""
    form = inspector.form.editors["form"]
    assert isinstance(form, PickEditor)
    pick(form, form.picker.findText("partnership"))
    assert {record(editor, id).form for id in ("maker", "parent", "cellco")} == {"partnership"}
    assert editor.history.count() == 1
    assert editor.history.undoText() == "Set legal form of 3 companies to partnership"
    editor.history.undo()
    assert {record(editor, id).form for id in ("maker", "parent", "cellco")} == {"corporation"}


def test_lists_of_several_are_ticked_one_by_one(editor: Editor, inspector: InspectorPanel) -> None:
    editor.apply(SetField(Section.ENTITIES, "cellco", "lists", ("dod-1260h",)), "Put it on a list")
    editor.select(["maker", "cellco"])
    lists = inspector.form.editors["lists"]
    assert isinstance(lists, ListsEditor)
    assert lists.ticks["dod-1260h"].checkState() is Qt.CheckState.PartiallyChecked
    lists.ticks["uflpa"].click()
    assert record(editor, "maker").lists == ("uflpa",)
    assert record(editor, "cellco").lists == ("dod-1260h", "uflpa")


def test_items_of_several_kinds_share_their_common_fields(
    editor: Editor, inspector: InspectorPanel
) -> None:
    editor.select(["works", "l10"])
    assert inspector.form is not None
    assert set(inspector.form.editors) == {"notes", "sources"}


def test_the_packs_questions_are_asked_with_their_citations(
    editor: Editor, inspector: InspectorPanel
) -> None:
    editor.select(["deal"])
    terms = inspector.form.editors["terms"]
    assert isinstance(terms, TermsEditor)
    (pack,) = editor.session.packs()
    asked = {flag.term for flag in pack.flags.values() if flag.term}
    assert set(terms.questions) == asked
    words = " ".join(
        label.text() for label in terms.findChildren(QWidget) if hasattr(label, "text")
    )
    for flag in pack.flags.values():
        assert flag.question in words
        assert flag.citation in words
    no = terms.questions["sourcing"].button(False)
    QTest.mouseClick(no, Qt.MouseButton.LeftButton)
    assert record(editor, "deal").terms == {"sourcing": False}
    QTest.mouseClick(terms.questions["sourcing"].button(None), Qt.MouseButton.LeftButton)
    assert record(editor, "deal").terms == {"sourcing": None}


def test_a_new_source_is_added_named_and_undone_in_one_step(
    editor: Editor, inspector: InspectorPanel
) -> None:
    editor.select(["works"])
    sources = inspector.form.editors["sources"]
    assert isinstance(sources, SourcesEditor)
    sources.open_picker()
    popup = QApplication.activePopupWidget()
    assert popup is not None
    QTest.keyClicks(popup.filter, "Land record")
    QTest.keyClick(popup.filter, Qt.Key.Key_Return)
    (id,) = record(editor, "works").sources
    assert editor.project.sources[id].title == "Land record"
    assert sources.rows[id].form is not None
    editor.history.undo()
    assert record(editor, "works").sources == ()
    assert id not in editor.project.sources


def test_a_known_source_is_found_by_typing(editor: Editor, inspector: InspectorPanel) -> None:
    editor.select(["works"])
    sources = inspector.form.editors["sources"]
    assert isinstance(sources, SourcesEditor)
    sources.open_picker()
    popup = QApplication.activePopupWidget()
    assert popup is not None
    QTest.keyClicks(popup.filter, "press")
    QTest.keyClick(popup.filter, Qt.Key.Key_Return)
    assert record(editor, "works").sources == ("s2",)


def test_a_day_is_picked_from_the_calendar(editor: Editor, inspector: InspectorPanel) -> None:
    editor.select(["deal"])
    control = inspector.form.editors["expires"]
    assert isinstance(control, DateEditor)
    control.open_calendar()
    popup = QApplication.activePopupWidget()
    assert popup is not None
    popup.close()
    control.take(date(2030, 1, 2))
    assert record(editor, "deal").expires == date(2030, 1, 2)
    assert control.line.text() == "Jan 2, 2030"


def test_a_removed_item_takes_its_typing_along(editor: Editor, inspector: InspectorPanel) -> None:
    editor.select(["graphite"])
    line = line_of(inspector, "name")
    line.setFocus()
    QTest.keyClicks(line, "x")
    editor.remove(["graphite"])
    assert inspector.records() == (editor.project.header,)
    assert "graphite" not in editor.project.entities


def test_the_help_of_a_field_is_shown(editor: Editor, inspector: InspectorPanel) -> None:
    editor.select(["works"])
    control = inspector.form.editors["bought_in"]
    assert inspector.focus_field("bought_in")
    assert control.field.help in inspector.hint.text()
    assert control.toolTip() == control.field.help
    assert not inspector.focus_field("no-such-field")


def test_every_control_has_an_accessible_name(editor: Editor, inspector: InspectorPanel) -> None:
    for id in SAMPLES.values():
        editor.select([id])
        nameless = [
            child
            for child in inspector.form.findChildren(QWidget)
            if child.focusPolicy() & Qt.FocusPolicy.TabFocus
            and child.isVisible()
            and not (child.accessibleName() or getattr(child, "text", lambda: "")())
            and type(child).__name__ not in {"QComboBoxPrivateContainer", "QListView"}
            and not child.parentWidget().accessibleName()
        ]
        assert nameless == []


def test_a_theme_change_keeps_what_is_typed(editor: Editor, inspector: InspectorPanel) -> None:
    editor.select(["works"])
    line = line_of(inspector, "name")
    line.setFocus()
    QTest.keyClicks(line, "!")
    inspector.set_theme(DARK)
    assert line.text().endswith("!") or line.text().startswith("!")
    assert line.isModified()


def test_a_form_has_own_facts_before_remarks_and_sources() -> None:
    for record in (*ENTITY_CLASSES.values(), *LINK_CLASSES.values()):
        names = [field.name for field in as_filled_in(fields_of(record))]
        assert sorted(names) == sorted(field.name for field in fields_of(record))
        first = 2 if "target" in names else 1
        assert set(names[:first]) <= {"name", "source", "target"}
        assert names[-1] == "sources"
        own = set(names) - {"name", "source", "target", "valid_from", "valid_to", "tags"}
        own -= {"notes", "sources"}
        assert all(names.index(name) < names.index("notes") for name in own)
