"""A small map with something of every kind, opened in an editor and scored."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from depmap_gui.domain.kinds import LocationRole, SupplyCategory
from depmap_gui.domain.project import Header, Project
from depmap_gui.domain.records import (
    Company,
    Jurisdiction,
    Lends,
    License,
    Licenses,
    Located,
    Material,
    Operates,
    Owns,
    Plant,
    Product,
    Source,
    Supplies,
    Uses,
)
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.tasks import Tasks
from depmap_gui.gui.theme import LIGHT, apply_theme
from depmap_gui.session.session import Session


def small_project() -> Project:
    """A plant with a licensed and a supplied technology; each kind of link occurs."""
    entities = [
        Jurisdiction(id="cn", name="China", code="CN"),
        Jurisdiction(id="us", name="United States", code="US"),
        Company(id="maker", name="Maker Inc."),
        Company(id="parent", name="Parent Corp."),
        Company(id="cellco", name="寧德時代 CellCo Ltd."),
        License(id="deal", name="Cell license", signed=date(2023, 2, 13)),
        Material(id="graphite", name="Graphite"),
        Plant(
            id="works",
            name="Works",
            own_ip=0.3,
            products=(Product(id="cells", name="LFP cells", credit="45x/battery-cell", units=2e7),),
        ),
    ]
    links = [
        Located(id="l1", source="cn", target="cellco", role=LocationRole.INCORPORATED),
        Located(id="l2", source="us", target="maker", role=LocationRole.INCORPORATED),
        Located(id="l3", source="us", target="works", role=LocationRole.SITE),
        Located(id="l4", source="us", target="parent", role=LocationRole.INCORPORATED),
        Operates(id="l5", source="maker", target="works"),
        Licenses(id="l6", source="cellco", target="deal"),
        Uses(id="l7", source="deal", target="works", share=(0.5, 0.6, 0.65), sources=("s1",)),
        Owns(id="l8", source="parent", target="maker", share=1.0),
        Lends(id="l9", source="cellco", target="maker", share=0.1),
        Supplies(
            id="l10",
            source="graphite",
            target="works",
            item="Anode graphite",
            category=SupplyCategory.MATERIAL,
            cost=4.0e7,
        ),
        Supplies(
            id="l11",
            source="cellco",
            target="works",
            item="LFP cathode",
            category=SupplyCategory.MATERIAL,
            cost=6.0e7,
            product="cells",
        ),
    ]
    sources = [
        Source(id="s1", title="Annual report", publisher="Maker", date="2024", grade="B2"),
        Source(id="s2", title="Press item", grade="D4"),
    ]
    return Project(
        header=Header(title="Small map"),
        entities={entity.id: entity for entity in entities},
        links={link.id: link for link in links},
        sources={source.id: source for source in sources},
    )


@pytest.fixture(autouse=True)
def _american_locale() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("en_US"))
    yield
    QLocale.setDefault(before)


@pytest.fixture
def editor(qapp: QApplication, qtbot: QtBot) -> Iterator[Editor]:
    """The small map, open and scored."""
    apply_theme(qapp, LIGHT)
    tasks = Tasks()
    made = Editor(tasks)
    made.open_session(Session(small_project()))
    qtbot.waitUntil(lambda: made.is_fresh, timeout=20_000)
    yield made
    made.close()
    tasks.cancel_all()
    qtbot.waitUntil(lambda: not tasks.is_busy, timeout=20_000)
    # A panel may have started another meanwhile.
    tasks.cancel_all()


@pytest.fixture
def scored(editor: Editor, qtbot: QtBot) -> Callable[[], None]:
    """Waits until the scores belong to the map as it stands."""
    return lambda: qtbot.waitUntil(lambda: editor.is_fresh, timeout=20_000)
