"""What one row makes: its entities by role, and the links that its roles have to one another."""

from __future__ import annotations

from typing import Any

from depmap_gui.domain.countries import countries
from depmap_gui.domain.kinds import EntityKind, LinkKind
from depmap_gui.domain.records import ENTITY_CLASSES
from depmap_gui.exchange.tables.drafts import Drafts, EntityDraft, Spot
from depmap_gui.exchange.tables.linking import Linker, RowFacts
from depmap_gui.exchange.tables.parties import Party, joint_name
from depmap_gui.exchange.tables.records import Severity, TableMapping
from depmap_gui.exchange.tables.slots import PLACE_FIELDS, ROLE_KINDS, Role, slot
from depmap_gui.exchange.tables.words import folded, is_others

_PLACES = frozenset(place for places in PLACE_FIELDS.values() for place in places)
_NOT_FIELDS = frozenset({"name", "key", "kind", "notes", "tags", "amount", "product"})


class Assembler:
    """Makes drafts of the rows of one table."""

    def __init__(self, drafts: Drafts, mapping: TableMapping, slots: set[str]) -> None:
        self._drafts = drafts
        self._kinds = {role: EntityKind(mapping.kinds.get(role, ROLE_KINDS[role])) for role in Role}
        self._fixed_kinds = frozenset(mapping.kinds)
        found = [one for id in sorted(slots) if (one := slot(id)) is not None]
        self._roles = {one.role for one in found if one.role is not None}
        self._named = {
            one.role for one in found if one.role is not None and one.field in ("name", "key")
        }
        self._attributes: dict[Role, list[tuple[str, str]]] = {}
        self._place_slots: dict[Role, list[tuple[str, str]]] = {}
        self._product_slots: dict[Role, list[tuple[str, str]]] = {}
        for one in found:
            if one.role is not None and one.field not in _NOT_FIELDS:
                if one.field in _PLACES:
                    slots_of = self._place_slots
                elif one.field.startswith("product."):
                    slots_of = self._product_slots
                else:
                    slots_of = self._attributes
                slots_of.setdefault(one.role, []).append((one.id, one.field))
        self._slots_of = {role: (f"{role}.key", f"{role}.name") for role in self._named}
        self._described = self._roles_to_describe(slots)
        self._countries: dict[str, int] = {}
        self._located: set[tuple[int, str, str]] = set()
        self._known_of: dict[Role, dict[tuple[str, str | None], list[int]]] = {
            role: {} for role in self._named
        }
        self._lists_links = self._named >= {Role.FROM, Role.TO}
        self._linker = Linker(drafts, found, self._named, self._describe)
        self._has_products = any(one.field.partition(".")[0] == "product" for one in found)
        self._notes_of = {role: f"{role}.notes" for role in Role}
        self._said_of: dict[Role, tuple[str, ...]] = {}
        for one in found:
            if one.role is not None and one.field not in ("name", "key", "notes", "amount"):
                self._said_of[one.role] = (*self._said_of.get(one.role, ()), one.id)
        if "row.source" in slots:
            self._said_of = {
                role: (*self._said_of.get(role, ()), "row.source") for role in self._named
            }
        self._settled_of: dict[Role, set[tuple[Any, ...]]] = {role: set() for role in Role}
        self._first_role = next((role for role in Role if role in self._named), None)
        self._has_shares = "located.share" in slots
        self._amounts: dict[int, list[tuple[int, float, Spot]]] = {}
        self._unlisted: dict[int, float] = {}
        self._totals: dict[int, float] = {}

    def _roles_to_describe(self, slots: set[str]) -> frozenset[Role | None]:
        """Roles of which the table says more than who they are."""
        told: set[Role | None] = set(self._named) if "row.source" in slots else set()
        for slots_of in (self._attributes, self._place_slots, self._product_slots):
            told |= {role for role in self._named if role in slots_of}
        first = next((role for role in Role if role in self._named), None)
        extras = ("notes", "tags", "product")
        told |= {r for r in self._named if any(f"{r}.{extra}" in slots for extra in extras)}
        return frozenset({*told, first})

    def assemble(self, facts: RowFacts) -> tuple[str, str]:
        """Make drafts of a row; why it failed and why it was skipped, mostly both empty."""
        who: dict[Role, list[int]] = {}
        for role in self._named:
            if indices := self._of_role(role, facts):
                who[role] = indices
        if not who:
            if facts.others:
                return "", "it stands for all that are not listed"
            names = [facts.values.get(f"{role}.name") for role in self._named]
            if any(self._all_others(found) for found in names if found):
                return "", "it stands for all that are not listed: that share stays undocumented"
            return "The row names nobody and nothing that it could be about.", ""
        for role, indices in who.items():
            if role in self._described:
                self._describe(role, indices, facts)
        links = self._linker.link(who, facts)
        if Role.MATERIAL in who:
            self._origin(who, facts)
            if facts.others:
                return "", "it stands for all countries that are not listed"
        if self._lists_links and not links:
            return "The row makes no link.", ""
        return "", ""

    def _all_others(self, found: tuple[Party, ...]) -> bool:
        return all(is_others(party.name) for party in found)

    def _of_role(self, role: Role, facts: RowFacts) -> list[int]:
        """The drafts of a role in this row; of a cell that lists several, all of them."""
        key_slot, name_slot = self._slots_of[role]
        key = facts.values.get(key_slot)
        found: tuple[Party, ...] = facts.values.get(name_slot, ())
        if len(found) == 1:
            known = self._known_of[role].get((found[0].name, key))
            if known is not None:
                self._drafts.entities[known[0]].touched.append(facts.at)
                return known
        made = self._made_of_role(role, key, found, facts)
        plain = role not in (Role.ITEM, Role.FROM, Role.TO, Role.OPERATOR)
        if plain and len(made) == 1 == len(found) and not found[0].members:
            self._known_of[role][found[0].name, key] = made
        return made

    def _made_of_role(
        self, role: Role, key: str | None, found: tuple[Party, ...], facts: RowFacts
    ) -> list[int]:
        kind = facts.values.get(f"{role}.kind") or self._kinds[role]
        parties = [party for party in found if not is_others(party.name)] if found else []
        if not parties:
            return [self._drafts.entity(kind, "", facts.at, key)] if key and not found else []
        if role is Role.OPERATOR and len(parties) > 1:
            return [self._linker.joint_venture(facts, parties)]
        if role in (Role.FROM, Role.TO):
            return [self._end(role, kind, party.name, facts) for party in parties]
        made = [
            self._drafts.entity(
                kind,
                joint_name(p.name) if role is Role.OWNED else p.name,
                facts.at,
                key if len(parties) == 1 else None,
            )
            for p in parties
        ]
        for index, party in zip(made, parties, strict=True):
            if kind is EntityKind.COMPANY and party.members:
                self._linker.owned_by(index, party.members, facts)
        return made

    def _end(self, role: Role, kind: EntityKind, text: str, facts: RowFacts) -> int:
        """One end of a listed link: an item that another row or table names, else a new one."""
        is_fixed = f"{role}" in self._fixed_kinds or f"{role}.kind" in facts.values
        known = self._drafts.found(text, kind if is_fixed else None)
        if known is not None:
            self._drafts.entities[known].touched.append(facts.at)
            return known
        made = self._drafts.entity(kind, text, facts.at, facts.values.get(f"{role}.key"))
        self._drafts.entities[made].is_end = True
        return made

    def _describe(self, role: Role, indices: list[int], facts: RowFacts) -> None:
        """Add what the row says of the drafts of a role."""
        values = facts.values
        # Most rows repeat what earlier ones said of the same item, and there is nothing to add.
        said = (*indices, *[values.get(id) for id in self._said_of.get(role, ())])
        settled = self._settled_of[role]
        if said not in settled:
            told = len(self._drafts.problems)
            self._describe_anew(role, indices, facts)
            if len(self._drafts.problems) == told:
                settled.add(said)
        if len(indices) == 1 and (facts.notes or facts.unread):
            first = self._drafts.entities[indices[0]]
            if notes := facts.notes.get(self._notes_of[role]):
                first.notes.update(dict.fromkeys(notes))
            if facts.unread and role is self._first_role:
                first.notes.update(dict.fromkeys(facts.unread))

    def _describe_anew(self, role: Role, indices: list[int], facts: RowFacts) -> None:
        values = facts.values
        if source := values.get("row.source"):
            for index in indices:
                self._drafts.entities[index].cited[source] = None
        several = len(indices) > 1
        for id, name in self._place_slots.get(role, ()):
            codes = values.get(id)
            if codes and (not several or len(codes) in (1, len(indices))):
                self._locate(indices, name, codes, facts)
        if several:
            return
        first = self._drafts.entities[indices[0]]
        if role in self._attributes:
            self._set_attributes(role, first, facts)
        if tags := values.get(f"{role}.tags"):
            first.tags.update(dict.fromkeys(tags))
        if first.kind is EntityKind.PLANT and self._has_products:
            self._products(role, indices[0], facts)

    def _set_attributes(self, role: Role, draft: EntityDraft, facts: RowFacts) -> None:
        known = ENTITY_CLASSES[draft.kind].__struct_fields__
        fields = {
            name: facts.values[id]
            for id, name in self._attributes[role]
            if id in facts.values and name in known
        }
        if fields:
            self._drafts.merge(draft.fields, fields, facts.at, f"'{draft.name}'")

    def _products(self, role: Role, index: int, facts: RowFacts) -> None:
        names: tuple[Party, ...] = facts.values.get(f"{role}.product", ())
        fields = {
            name.removeprefix("product."): facts.values[id]
            for id, name in self._product_slots.get(role, ())
            if id in facts.values
        }
        if not names and not fields:
            return
        draft = self._drafts.entities[index]
        if len(names) > 1 and fields:
            self._drafts.tell(
                Severity.WARNING,
                "several products",
                facts.at,
                f"'{draft.name}' makes {len(names)} products in one cell; how its "
                f"{', '.join(fields)} divide among them is not said and stays open.",
            )
            fields = {}
        for name in [party.name for party in names] or [""]:
            known = draft.products.setdefault(folded(name), {"name": name})
            self._drafts.merge(known, fields, facts.at, f"'{draft.name}', {name or 'product'}")

    def _locate(
        self, indices: list[int], role: str, codes: tuple[str, ...], facts: RowFacts
    ) -> None:
        if role == "origin":
            return
        pairs = (
            zip(indices, codes, strict=False)
            if len(codes) > 1
            else ((index, codes[0]) for index in indices)
        )
        if len(codes) > 1 and len(indices) == 1:
            draft = self._drafts.entities[indices[0]]
            self._drafts.tell(
                Severity.WARNING,
                "several countries",
                facts.at,
                f"'{draft.name}' has {len(codes)} countries in one cell "
                f"({', '.join(codes)}); which one counts is not said, so all are left open.",
            )
            draft.notes[f"Countries: {', '.join(codes)}"] = None
            return
        for index, code in pairs:
            kind = self._drafts.entities[index].kind
            allowed = PLACE_FIELDS.get(kind, ())
            if allowed and role not in allowed:
                role = allowed[0]
            if (index, code, role) not in self._located:
                self._located.add((index, code, role))
                self._place(index, code, role, facts.at, {})

    def _place(
        self, index: int, code: str, role: str, at: Spot, fields: dict[str, Any]
    ) -> int | None:
        kind = self._drafts.entities[index].kind
        if kind not in PLACE_FIELDS:
            return None
        country = self._countries.get(code)
        if country is None:
            country = self._countries[code] = self._drafts.entity(
                EntityKind.JURISDICTION, countries().get(code, code), at, code
            )
        return self._drafts.link(LinkKind.LOCATED, country, index, at, {"role": role, **fields})

    def _origin(self, who: dict[Role, list[int]], facts: RowFacts) -> None:
        """Where a material comes from, and how much of it."""
        materials = who.get(Role.MATERIAL, [])
        amount = facts.values.get("material.amount")
        codes = facts.values.get("material.origin", ())
        for index in materials:
            if facts.others and isinstance(amount, float):
                self._unlisted[index] = self._unlisted.get(index, 0.0) + amount
            fields = {}
            if "located.share" in facts.values and len(codes) == 1:
                fields["share"] = facts.values["located.share"]
            for code in codes:
                link = self._place(index, code, "origin", facts.at, fields)
                if link is not None and len(codes) == 1 and isinstance(amount, float):
                    self._amounts.setdefault(index, []).append((link, amount, facts.at))

    def note_total(self, facts: RowFacts) -> None:
        """Take note of a total: the amount that a material's shares are parts of."""
        amount = facts.values.get("material.amount")
        for party in facts.values.get("material.name", ()):
            index = self._drafts.found(party.name, EntityKind.MATERIAL)
            if index is not None and isinstance(amount, float):
                self._totals[index] = max(amount, self._totals.get(index, 0.0))

    def finish(self, table: int) -> None:
        """Turn amounts by country into shares of the total, where the table gives none itself."""
        if self._has_shares:
            return
        for index, parts in self._amounts.items():
            listed = sum(amount for _, amount, _ in parts) + self._unlisted.get(index, 0.0)
            whole = max(listed, self._totals.get(index, 0.0))
            if whole <= 0:
                continue
            for link, amount, at in parts:
                fields = {"share": round(amount / whole, 12)}
                self._drafts.merge(
                    self._drafts.links[link].fields,
                    fields,
                    at,
                    f"'{self._drafts.entities[index].name}'",
                )
            if index not in self._totals:
                self._drafts.tell(
                    Severity.NOTE,
                    "shares of listed",
                    (table, -1),
                    f"Shares in '{self._drafts.entities[index].name}' are of the countries listed: "
                    "the table gives no total.",
                )
