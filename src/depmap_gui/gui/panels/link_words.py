"""What links are called when read from one end, and what one says of each in a line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from depmap_gui.domain.fields import FieldType, fields_of
from depmap_gui.domain.kinds import LINK_ENDS, EntityKind, LinkKind
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import AnyEntity, AnyLink, Link
from depmap_gui.gui.panels.field_words import Names, in_sentence, value_text

READ_FROM_TARGET: Mapping[LinkKind, str] = {
    LinkKind.LOCATED: "Located in",
    LinkKind.OWNS: "Owned by",
    LinkKind.LENDS: "Borrows from",
    LinkKind.OPERATES: "Operated by",
    LinkKind.SUPPLIES: "Supplied by",
    LinkKind.LICENSES: "Licensed by",
    LinkKind.USES: "Uses",
}
READ_FROM_SOURCE: Mapping[LinkKind, str] = {
    LinkKind.LOCATED: "Place of",
    LinkKind.OWNS: "Owns",
    LinkKind.LENDS: "Lends to",
    LinkKind.OPERATES: "Operates",
    LinkKind.SUPPLIES: "Supplies",
    LinkKind.LICENSES: "Licenses",
    LinkKind.USES: "Used by",
}
_IN_A_LINE = frozenset({FieldType.TEXT, FieldType.CHOICE, FieldType.QUANTITY})
_COMMON = frozenset(field.name for field in fields_of(Link))


def link_detail(link: AnyLink, names: Names) -> str:
    """The link's own facts in a line: 'cost $300M · LFP cathode · material'; the main figure where
    unknown says so."""
    said: list[str] = []
    figures: list[str] = []
    for field in fields_of(type(link)):
        if field.name in _COMMON or field.type not in _IN_A_LINE:
            continue
        value = getattr(link, field.name)
        if field.type is FieldType.QUANTITY:
            if value is not None or (not figures and link.kind is not LinkKind.LOCATED):
                figures.append(f"{in_sentence(field.label)} {value_text(field, value, names)}")
        elif value:
            said.append(value_text(field, value, names))
    return " · ".join(figures + said)


def ways_to_link(kind: EntityKind) -> list[tuple[LinkKind, bool, str]]:
    """The links an item of the kind may have: kind, whether it ends here, and the words."""
    ways = []
    for link_kind in LinkKind:
        sources, targets = LINK_ENDS[link_kind]
        if kind in targets:
            ways.append((link_kind, True, READ_FROM_TARGET[link_kind]))
        if kind in sources:
            ways.append((link_kind, False, READ_FROM_SOURCE[link_kind]))
    return ways


def possible_others(project: Project, kind: LinkKind, ends_here: bool) -> Iterable[AnyEntity]:
    """The items that may stand at the other end of such a link."""
    allowed = LINK_ENDS[kind][0 if ends_here else 1]
    return (entity for entity in project.entities.values() if entity.kind in allowed)
