"""Statuses under several laws, checks and duties in the scores panel."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from depmap_gui.domain.edits import SetField, SetHeader
from depmap_gui.domain.kinds import Section
from depmap_gui.domain.records import Product
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.panels.inspector import InspectorPanel
from depmap_gui.gui.panels.parts import Elided
from depmap_gui.gui.panels.scores import ScoresPanel
from depmap_gui.gui.theme import DARK, LIGHT

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
PACKS = ("us-ofac-50", "us-bis-affiliates", "us-doe-feoc", "us-connected-vehicles", "tariffs")


@pytest.fixture
def panel(editor: Editor, qtbot: QtBot, scored: Callable[[], None]) -> ScoresPanel:
    """The scores of the small map under other laws; its plant makes a vehicle and buys goods
    of a tariff code from China."""
    vehicle = Product(id="van", name="Van", model_year=2027, weight=8000.0)
    editor.apply(SetHeader("packs", PACKS))
    editor.apply(SetField(Section.ENTITIES, "works", "products", (vehicle,)))
    editor.apply(SetField(Section.LINKS, "l11", "hs", "8507.60.0020"))
    editor.apply(SetField(Section.LINKS, "l11", "line", "ads-software"))
    editor.apply(SetField(Section.LINKS, "l11", "product", None))
    scored()
    made = ScoresPanel(editor, LIGHT)
    qtbot.addWidget(made)
    made.resize(360, 900)
    made.show()
    qtbot.waitExposed(made)
    return made


def words(panel: QWidget) -> str:
    QApplication.processEvents()  # what is new in a layout is shown by an event
    return "\n".join(
        label.whole if isinstance(label, Elided) else label.text()
        for label in panel.findChildren(QLabel)
        if not label.isHidden()
    )


def test_a_company_has_a_card_for_each_law(editor: Editor, panel: ScoresPanel) -> None:
    editor.select(["cellco"])
    said = words(panel)
    for status in ("Blocked by ownership: no", "Covered by export restrictions: no",
                   "Foreign entity of concern: yes"):  # fmt: skip
        assert status in said
    for title in ("Sanctions status", "Export control status", "Entity of concern status"):
        assert title in said


def test_a_license_names_the_counterparty_of_its_law(editor: Editor, panel: ScoresPanel) -> None:
    editor.select(["deal"])
    said = words(panel)
    assert "The counterparty is a foreign entity of concern" in said
    assert "specified foreign entity" not in said


def test_checks_and_duties_of_a_plant(editor: Editor, panel: ScoresPanel) -> None:
    editor.select(["works"])
    said = words(panel)
    law = editor.assessment.law
    (check,) = law.checks
    assert check.title in said
    assert "Barred" in said
    assert "Connectivity and driving software" in said
    assert "Customs duties" in said
    (landed,) = law.landed
    assert landed.duty == pytest.approx(6.0e7 * 0.409)
    assert "$24.5M" in said
    assert "40.9%" in said
    panel.set_theme(DARK)
    assert "40.9%" in words(panel)


def test_vehicle_fields_are_in_the_form_of_a_product(
    editor: Editor, panel: ScoresPanel, qtbot: QtBot
) -> None:
    form = InspectorPanel(editor, LIGHT)
    qtbot.addWidget(form)
    editor.select(["works"])
    assert "Model year" in words(form)
    product = editor.project.entities["works"].products[0]
    bare = msgspec.structs.replace(product, model_year=None, weight=None)
    editor.apply(SetField(Section.ENTITIES, "works", "products", (bare,)))
    assert "Model year" in words(form)
