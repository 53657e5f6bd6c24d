"""What an edited workbook's cells call items, products and sources, and which ones those are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from depmap_gui.domain.countries import code_of
from depmap_gui.domain.kinds import LINK_ENDS, LinkKind
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import AnyEntity, Jurisdiction, Plant, Source
from depmap_gui.exchange.round_trip_values import CellFault, text_of
from depmap_gui.exchange.sheets.facts import labels_of_items, labels_of_sources
from depmap_gui.exchange.tables.grid import Cell


@dataclass(frozen=True)
class Names:
    """Items by what the workbook called them when it was written, and by what they are called now.

    ``labels`` are the written ones, by id.
    """

    labels: Mapping[str, str]
    entities: Mapping[str, AnyEntity]
    by_label: Mapping[str, str]
    by_name: Mapping[str, list[str]]
    by_code: Mapping[str, str]
    source_ids: Mapping[str, str]

    @classmethod
    def of(
        cls,
        base: Project,
        entities: Mapping[str, AnyEntity],
        sources: Mapping[str, Source],
    ) -> Names:
        """The names of a workbook written from ``base``, whose items and sources are now these."""
        labels = labels_of_items(base.entities.values())
        by_name: dict[str, list[str]] = defaultdict(list)
        by_code: dict[str, str] = {}
        for id, entity in entities.items():
            by_name[entity.name.strip().casefold()].append(id)
            if isinstance(entity, Jurisdiction) and entity.code:
                by_code.setdefault(entity.code, id)
        source_ids = {label.casefold(): id for id, label in labels_of_sources(base).items()}
        for id, source in sources.items():
            source_ids.setdefault((source.title or id).strip().casefold(), id)
            source_ids.setdefault(id.casefold(), id)
        by_label = {label.casefold(): id for id, label in labels.items()}
        return cls(labels, entities, by_label, by_name, by_code, source_ids)

    def label(self, id: str) -> str:
        """What the workbook called an item."""
        return self.labels.get(id) or f"(not on the map: {id})"

    def item(self, text: str) -> str | None:
        """The item of that name: by its written label, its name now, or a country's code or name.

        None where none is called so, or several are.
        """
        word = text.strip().casefold()
        if (id := self.by_label.get(word)) is not None and id in self.entities:
            return id
        named = self.by_name.get(word, []) if word else []
        if len(named) == 1:
            return named[0]
        code = code_of(text.strip()) if not named else None
        return self.by_code.get(code) if code else None

    def end(self, cell: Cell) -> str:
        """The item at a link's end. Raises CellFault."""
        text = text_of(cell).strip()
        if not text:
            raise CellFault("is empty: a link needs both its ends")
        found = self.item(text)
        if found is None:
            several = len(self.by_name.get(text.casefold(), ())) > 1
            why = (
                "which several items are called; pick one from the list of the cell"
                if several
                else "and no item is called so; add it on its own sheet first"
            )
            raise CellFault(f"holds '{text[:80]}', {why}")
        return found

    def sources(self, cell: Cell) -> tuple[str, ...]:
        """The sources that a cell refers to. Raises CellFault where one is not on the sheet."""
        words = [part for part in text_of(cell).split(", ") if part.strip()]
        found: list[str] = []
        at = 0
        while at < len(words):
            for end in range(len(words), at, -1):
                # A title may have commas itself: the longest that is known wins.
                id = self.source_ids.get(", ".join(words[at:end]).strip().casefold())
                if id is not None:
                    found.append(id)
                    at = end
                    break
            else:
                raise CellFault(
                    f"refers to '{words[at][:80]}', which is no reference on Sources; add it there "
                    "first"
                )
        return tuple(dict.fromkeys(found))

    def product(self, cell: Cell, target: str) -> str | None:
        """The id of a product of the link's target, by id or name. Raises CellFault."""
        text = text_of(cell).strip()
        if not text:
            return None
        plant = self.entities.get(self.item(target) or "")
        products = plant.products if isinstance(plant, Plant) else ()
        for each in products:
            if text in (each.id, each.name):
                return each.id
        there = ", ".join(each.id for each in products) or "none"
        raise CellFault(f"holds '{text[:80]}', which is no product of '{target}' (it has: {there})")

    def forbids(self, kind: LinkKind, source: str, target: str) -> tuple[str, str] | None:
        """The end that a link of the kind may not have, and why; None where both are right."""
        for end, id, allowed in zip(
            ("source", "target"), (source, target), LINK_ENDS[kind], strict=True
        ):
            entity = self.entities.get(id)
            if entity is not None and entity.kind not in allowed:
                kinds = " or ".join(sorted(allowed))
                return end, f"is a {entity.kind}; here belongs a {kinds}"
        return None
