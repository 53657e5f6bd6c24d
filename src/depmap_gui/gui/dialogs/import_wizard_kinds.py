"""Whom a row is about, what each of them is, and which links a row makes: said, and set by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from types import MappingProxyType

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from depmap_gui.domain.kinds import EntityKind
from depmap_gui.exchange.tables.records import TableMapping
from depmap_gui.exchange.tables.slots import ROLE_KINDS, Role
from depmap_gui.gui.dialogs.import_wizard_parts import Choice, emptied, label
from depmap_gui.gui.dialogs.import_wizard_plan import ImportPlan, with_kind
from depmap_gui.session.importing import slots

_ALL = tuple(EntityKind)
KINDS_OF: Mapping[Role, Sequence[EntityKind]] = MappingProxyType(
    {
        Role.SUPPLIER: (EntityKind.COMPANY, EntityKind.PLANT, EntityKind.MATERIAL),
        Role.BUYER: (EntityKind.PLANT, EntityKind.COMPANY, EntityKind.MATERIAL),
        Role.OWNER: (EntityKind.COMPANY, EntityKind.JURISDICTION),
        Role.LICENSEE: (EntityKind.PLANT, EntityKind.COMPANY),
        Role.ITEM: _ALL,
        Role.FROM: _ALL,
        Role.TO: _ALL,
    }
)
"""What a role may be where it is not always the same: the links it takes part in allow these."""


def roles_of(mapping: TableMapping) -> list[Role]:
    """Whom a row of the table names, in a columns' order."""
    filled = [id for column in mapping.columns for id in column.slots]
    found: dict[Role, None] = {}
    for id in (*filled, *mapping.constants, *mapping.patterns):
        slot = slots()[id]
        if slot.role is not None and slot.field in ("name", "key"):
            found[slot.role] = None
    return list(found)


def role_words(role: Role) -> str:
    """What a person calls a role."""
    return slots()[f"{role}.name"].label.partition(":")[0]


def links_of(roles: Sequence[Role]) -> list[tuple[Role, str, Role]]:
    """The links that a row makes which names these roles: from whom, how, to whom."""

    def first(*wanted: Role) -> Role | None:
        return next((role for role in wanted if role in roles), None)

    # fmt: off
    wanted = [
        (first(Role.SUPPLIER, Role.MATERIAL), "supplies", first(Role.BUYER, Role.PLANT)),
        (first(Role.OPERATOR), "operates", first(Role.PLANT)),
        (first(Role.OWNER), "owns", first(Role.OWNED, Role.OPERATOR)),
        (first(Role.LENDER), "lends to", first(Role.BORROWER)),
        (first(Role.LICENSOR), "grants", first(Role.LICENSE)),
        (first(Role.LICENSE), "is used by", first(Role.LICENSEE, Role.BUYER)),
        (first(Role.FROM), "is linked to", first(Role.TO)),
    ]
    # fmt: on
    if not {Role.OWNED, Role.OPERATOR} & set(roles):
        wanted.append((first(Role.OWNER), "operates", first(Role.PLANT)))
    if Role.LICENSE not in roles:
        wanted.append((first(Role.LICENSOR), "grants a license to", first(Role.LICENSEE)))
    return [(one, how, other) for one, how, other in wanted if one and other]


class RolesForm(QWidget):
    """A line for each of whom a row speaks, then its links; ``changed`` brings the new plan."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kinds: dict[Role, Choice] = {}
        self._plan: ImportPlan | None = None
        self._sheet = ""
        self._shown: object = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)

    def show_plan(self, plan: ImportPlan, sheet: str) -> None:
        """Show whom the rows of a sheet are about."""
        self._plan, self._sheet = plan, sheet
        mapping = plan.of(sheet).table.mapping
        roles = roles_of(mapping)
        shown = (sheet, tuple(roles), tuple(mapping.kinds.items()), _kinds_in_columns(mapping))
        if shown == self._shown:
            return
        self._shown = shown
        self.kinds = {}
        emptied(self._layout)
        self._layout.addWidget(label("Each row makes", "section"))
        if not roles:
            self._layout.addWidget(
                label("Nothing yet: no column says whose name or key it holds.", "warn")
            )
            return
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        for at, role in enumerate(roles):
            grid.addWidget(label(role_words(role)), at, 0)
            grid.addWidget(self._kind(role, mapping), at, 1)
        grid.setColumnStretch(1, 1)
        self._layout.addLayout(grid)
        links = [
            f"{role_words(one)}  —  {how}  →  {role_words(other)}"
            for one, how, other in links_of(roles)
        ]
        words = "\n".join(links) or "No link: another column would have to name the other end."
        self._layout.addWidget(label(words, "" if links else "muted"))

    def _kind(self, role: Role, mapping: TableMapping) -> QWidget:
        now = EntityKind(mapping.kinds.get(role, ROLE_KINDS[role]))
        if role in _kinds_in_columns(mapping):
            return label("as its column says", "muted")
        if role not in KINDS_OF:
            return label(str(now), "muted")
        choice = Choice(f"What each {role_words(role).lower()} is")
        for kind in KINDS_OF[role]:
            choice.addItem(str(kind).capitalize(), str(kind))
        choice.setCurrentIndex(choice.findData(str(now)))
        choice.activated.connect(partial(self._on_kind, role))
        self.kinds[role] = choice
        return choice

    def _on_kind(self, role: Role, _at: int) -> None:
        if self._plan is not None:
            kind = EntityKind(self.kinds[role].currentData())
            self.changed.emit(with_kind(self._plan, self._sheet, role, kind))


def _kinds_in_columns(mapping: TableMapping) -> tuple[Role, ...]:
    """The roles whose kind a column tells row by row."""
    filled = [id for column in mapping.columns for id in column.slots]
    return tuple(role for role in Role if f"{role}.kind" in filled)
