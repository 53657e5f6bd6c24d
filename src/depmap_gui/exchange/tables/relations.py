"""Which kind of link a table's word for a relation means."""

from __future__ import annotations

from typing import Any

import msgspec

from depmap_gui.domain.kinds import EntityKind, LinkKind, SupplyCategory, permitted_links
from depmap_gui.exchange.tables.words import choice_words, folded


class Relation(msgspec.Struct, frozen=True):
    """The link a word means: its kind (None: it names none that may be), fields, direction."""

    kind: LinkKind | None = None
    fields: dict[str, Any] = {}
    is_reversed: bool = False


def link_of_relation(word: str, ends: tuple[EntityKind, EntityKind]) -> Relation:
    """What a word says of the link between two ends ('supplies-equipment': of equipment).

    Without a word, the likeliest kind between the two.
    """
    if not word:
        permitted = permitted_links(*ends)
        return Relation(permitted[0] if permitted else None)
    words = folded(word).split()
    for count in range(len(words), 0, -1):
        phrase = " ".join(words[:count])
        for table, is_reversed in (("relation", False), ("reversed", True)):
            kind = choice_words(table).get(phrase)
            if kind is not None:
                return _relation(LinkKind(kind), words[count:] or words[1:], ends, is_reversed)
    return Relation()


def _relation(
    kind: LinkKind, rest: list[str], ends: tuple[EntityKind, EntityKind], is_reversed: bool
) -> Relation:
    fields: dict[str, Any] = {}
    said = choice_words("category").get(" ".join(rest))
    if kind is LinkKind.SUPPLIES and said:
        fields["category"] = SupplyCategory(said).value
    source, target = reversed(ends) if is_reversed else ends
    # Of a license between two companies, the agreement itself is made beside.
    grants = kind is LinkKind.LICENSES and source is EntityKind.COMPANY
    if kind in permitted_links(source, target) or grants:
        return Relation(kind, fields, is_reversed)
    return Relation()
