"""A small map, answers laid ready for a window's questions, and waiting for its scores."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from depmap_gui.domain.kinds import LocationRole, SupplyCategory
from depmap_gui.domain.project import Header, Project
from depmap_gui.domain.records import (
    AnyEntity,
    AnyLink,
    Company,
    Jurisdiction,
    License,
    Licenses,
    Located,
    Material,
    Operates,
    Owns,
    Plant,
    Product,
    Supplies,
    Uses,
)
from depmap_gui.domain.views import View
from depmap_gui.gui.dialogs.questions import ChangedOutside, FileKind, Questions, Restore, Unsaved
from depmap_gui.gui.main_window import MainWindow


class Answers(Questions):
    """Answers questions from what a test laid ready, and keeps what was asked and told."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.asked: list[str] = []
        self.told: list[str] = []
        self.faults: list[tuple[str, str]] = []
        self.on_unsaved = Unsaved.CANCEL
        self.on_recovered = Restore.LATER
        self.on_changed_outside = ChangedOutside.CANCEL
        self.open_path: Path | None = None
        self.save_path: Path | None = None
        self.other_path: Path | None = None
        self.folder: Path | None = None
        self.confirms = False

    def unsaved(self, title: str) -> Unsaved:
        self.asked.append(f"unsaved {title}")
        return self.on_unsaved

    def changed_outside(self, path: Path) -> ChangedOutside:
        self.asked.append(f"changed outside {path.name}")
        return self.on_changed_outside

    def elsewhere(self, title: str, text: str, further: str) -> bool:
        self.tell(title, text, further)
        self.save_path, goes_on = self.other_path, self.other_path is not None
        self.other_path = None
        return goes_on

    def recovered(self, text: str, further: str) -> Restore:
        self.asked.append(f"recovered {text} {further}")
        return self.on_recovered

    def file_to_open(self, folder: Path) -> Path | None:
        self.asked.append("open")
        return self.open_path

    def version_to_read(self, title: str, folder: Path, filters: str) -> Path | None:
        self.asked.append(title)
        return self.open_path

    def files_to_read(self, title: str, folder: Path, filters: str) -> list[Path]:
        self.asked.append(title)
        return [self.open_path] if self.open_path is not None else []

    def rules_folder(self, start: Path) -> Path | None:
        self.asked.append("rules folder")
        return self.folder

    def file_to_save(self, title: str, suggestion: Path, kind: FileKind) -> Path | None:
        self.asked.append(f"{kind.name} {suggestion.name}")
        return self.save_path

    def confirm(self, title: str, text: str, yes: str) -> bool:
        self.asked.append(title)
        return self.confirms

    def tell(self, title: str, text: str, further: str = "") -> None:
        self.told.append(f"{title}: {text}")

    def tell_faults(self, path: Path, faults: Sequence[tuple[str, str]]) -> None:
        self.faults += faults


def small_project() -> Project:
    """A plant under a Chinese license with a costed chain, and a company without a home."""
    entities: list[AnyEntity] = [
        Jurisdiction(id="cn", name="China", code="CN"),
        Jurisdiction(id="us", name="United States", code="US"),
        Company(id="cellco", name="CellCo Ltd."),
        Company(id="maker", name="Maker Inc."),
        Company(id="powder", name="Powder & Sons"),
        Company(id="homeless", name="Nowhere Holdings"),
        License(id="deal", name="Cell license"),
        Material(id="anode", name="Anode graphite"),
        Plant(
            id="works",
            name="Works",
            own_ip=0.3,
            products=(Product(id="cells", name="LFP cells", credit="45x/battery-cell"),),
        ),
    ]
    home, site = LocationRole.INCORPORATED, LocationRole.SITE
    links: list[AnyLink] = [
        Located(id="l1", source="cn", target="cellco", role=home),
        Located(id="l2", source="us", target="maker", role=home),
        Located(id="l3", source="us", target="works", role=site),
        Located(id="l4", source="us", target="powder", role=home),
        Operates(id="l5", source="maker", target="works"),
        Licenses(id="l6", source="cellco", target="deal"),
        Uses(id="l7", source="deal", target="works", share=0.6),
        Owns(id="l8", source="cellco", target="powder", share=0.8),
        Supplies(
            id="l9",
            source="powder",
            target="works",
            item="Cathode",
            cost=3e8,
            category=SupplyCategory.MATERIAL,
        ),
        Supplies(id="l10", source="anode", target="works", item="Anode", cost=1e8),
    ]
    places = {
        e.id: (320.0 * column, 120.0 * row)
        for column, row, e in (
            (0, 0, entities[0]),
            (0, 2, entities[1]),
            *((1, row, entities[2 + row]) for row in range(4)),
            (2, 0, entities[6]),
            (2, 2, entities[7]),
            (3, 1, entities[8]),
        )
    }
    return Project(
        header=Header(title="Small map"),
        entities={e.id: e for e in entities},
        links={link.id: link for link in links},
        views={"v1": View(id="v1", name="Map", positions=places)},
    )


def answers(window: MainWindow) -> Answers:
    """The answers laid ready for the window's questions."""
    assert isinstance(window.questions, Answers)
    return window.questions


def wait_scored(window: MainWindow, qtbot: QtBot) -> None:
    """Wait until the scores belong to the map as it stands."""
    qtbot.waitUntil(lambda: window.editor.is_fresh, timeout=20_000)
