"""What one row makes: its entities by role, and the links that its roles have to one another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from depmap_gui.domain.countries import countries
from depmap_gui.domain.kinds import EntityKind, LinkKind
from depmap_gui.domain.records import ENTITY_CLASSES, LINK_CLASSES
from depmap_gui.exchange.tables.drafts import Drafts, Spot
from depmap_gui.exchange.tables.parties import Party, joint_name
from depmap_gui.exchange.tables.records import Severity, TableMapping
from depmap_gui.exchange.tables.relations import link_of_relation
from depmap_gui.exchange.tables.slots import PLACE_FIELDS, ROLE_KINDS, Reads, Role, slot
from depmap_gui.exchange.tables.words import folded, is_others

_PLACES = frozenset(place for places in PLACE_FIELDS.values() for place in places)
_DIVIDED = ("cost", "certified", "share", "votes", "units", "ip_share")
_NOT_FIELDS = frozenset({"name", "key", "kind", "notes", "tags", "amount", "product"})


@dataclass(slots=True)
class RowFacts:
    """What the cells of one row say, by slot; ``unread`` keeps what was no value as a note."""

    at: Spot
    values: dict[str, Any]
    notes: dict[str, list[str]]
    unread: list[str] = field(default_factory=list)
    others: bool = False


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
        self._link_fields: dict[LinkKind, list[tuple[str, str]]] = {}
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
            elif one.link is not None and one.reads is not Reads.NOTE:
                self._link_fields.setdefault(one.link, []).append((one.id, one.field))
        self._slots_of = {role: (f"{role}.key", f"{role}.name") for role in self._named}
        self._described = self._roles_to_describe(slots)
        self._countries: dict[str, int] = {}
        self._located: set[tuple[int, str, str]] = set()
        self._known: dict[tuple[Role, str, str | None], int] = {}
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
        links = self._links(who, facts)
        self._origin(who, facts)
        if self._named >= {Role.FROM, Role.TO} and not links:
            return "The row makes no link.", ""
        if facts.others and Role.MATERIAL in who:
            return "", "it stands for all countries that are not listed"
        return "", ""

    def _all_others(self, found: tuple[Party, ...]) -> bool:
        return all(is_others(party.name) for party in found)

    def _of_role(self, role: Role, facts: RowFacts) -> list[int]:
        """The drafts of a role in this row; of a cell that lists several, all of them."""
        key_slot, name_slot = self._slots_of[role]
        key = facts.values.get(key_slot)
        found: tuple[Party, ...] = facts.values.get(name_slot, ())
        if len(found) == 1:
            known = self._known.get((role, found[0].name, key))
            if known is not None:
                self._drafts.entities[known].touched.add(facts.at)
                return [known]
        made = self._made_of_role(role, key, found, facts)
        plain = role not in (Role.ITEM, Role.FROM, Role.TO, Role.OPERATOR)
        if plain and len(made) == 1 == len(found) and not found[0].members:
            self._known[role, found[0].name, key] = made[0]
        return made

    def _made_of_role(
        self, role: Role, key: str | None, found: tuple[Party, ...], facts: RowFacts
    ) -> list[int]:
        kind = facts.values.get(f"{role}.kind") or self._kinds[role]
        parties = [party for party in found if not is_others(party.name)] if found else []
        if not parties:
            return [self._drafts.entity(kind, "", facts.at, key)] if key and not found else []
        if role is Role.OPERATOR and len(parties) > 1:
            return [self._joint_venture(facts, parties)]
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
                self._owned_by(index, party.members, facts)
        return made

    def _end(self, role: Role, kind: EntityKind, text: str, facts: RowFacts) -> int:
        """One end of a listed link: an item that another row or table names, else a new one."""
        is_fixed = f"{role}" in self._fixed_kinds or f"{role}.kind" in facts.values
        known = self._drafts.found(text, kind if is_fixed else None)
        if known is not None:
            self._drafts.entities[known].touched.add(facts.at)
            return known
        made = self._drafts.entity(kind, text, facts.at, facts.values.get(f"{role}.key"))
        self._drafts.entities[made].is_end = True
        return made

    def _joint_venture(self, facts: RowFacts, parties: list[Party]) -> int:
        """The company that several operators of one plant are taken to have set up."""
        name = " / ".join(party.name for party in parties) + " (joint venture)"
        venture = self._drafts.entity(EntityKind.COMPANY, name, facts.at)
        self._owned_by(venture, tuple(parties), facts)
        return venture

    def _owned_by(self, venture: int, parties: tuple[Party, ...], facts: RowFacts) -> None:
        for party in parties:
            owner = self._drafts.entity(EntityKind.COMPANY, party.name, facts.at)
            fields = {} if party.share is None else {"share": party.share}
            self._drafts.link(LinkKind.OWNS, owner, venture, facts.at, fields)
        self._drafts.tell(
            Severity.NOTE,
            "joint venture",
            facts.at,
            f"'{self._drafts.entities[venture].name}' is taken for a company that "
            f"{' and '.join(party.name for party in parties)} own; shares that are not written "
            "stay open.",
        )

    def _describe(self, role: Role, indices: list[int], facts: RowFacts) -> None:
        """Add what the row says of the drafts of a role."""
        first = self._drafts.entities[indices[0]]
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
        fields = {
            name: values[id]
            for id, name in self._attributes.get(role, ())
            if id in values and name in ENTITY_CLASSES[first.kind].__struct_fields__
        }
        if fields:
            self._drafts.merge(first.fields, fields, facts.at, f"'{first.name}'")
        if facts.notes and (notes := facts.notes.get(f"{role}.notes")):
            first.notes.update(dict.fromkeys(notes))
        if facts.unread and role is self._first_role:
            first.notes.update(dict.fromkeys(facts.unread))
        if tags := values.get(f"{role}.tags"):
            first.tags.update(dict.fromkeys(tags))
        if first.kind is EntityKind.PLANT:
            self._products(role, indices[0], facts)

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

    def _links(self, who: dict[Role, list[int]], facts: RowFacts) -> int:
        made = 0
        targets = who.get(Role.BUYER) or who.get(Role.PLANT) or []
        givers = who.get(Role.SUPPLIER) or (
            who.get(Role.MATERIAL, []) if Role.BUYER in who or Role.PLANT in who else []
        )
        if givers and targets:
            made += self._each(LinkKind.SUPPLIES, givers, targets, facts)
        if Role.OPERATOR in who and Role.PLANT in who:
            made += self._each(LinkKind.OPERATES, who[Role.OPERATOR], who[Role.PLANT], facts)
        if Role.OWNER in who:
            made += self._owners(who, facts)
        if Role.LENDER in who and Role.BORROWER in who:
            made += self._each(LinkKind.LENDS, who[Role.LENDER], who[Role.BORROWER], facts)
        if Role.LICENSE in who or Role.LICENSOR in who:
            made += self._licensed(who, facts)
        if Role.FROM in who and Role.TO in who:
            made += self._listed(who[Role.FROM], who[Role.TO], facts)
        return made

    def _owners(self, who: dict[Role, list[int]], facts: RowFacts) -> int:
        owners = who.get(Role.OWNER, [])
        if not owners:
            return 0
        parties = [p for p in facts.values.get("owner.name", ()) if not is_others(p.name)]
        shares = [party.share for party in parties]
        owned = who.get(Role.OWNED) or who.get(Role.OPERATOR)
        if owned is None and Role.PLANT in who:
            if len(owners) == 1:
                # A plant's owner of whom no other operator is told is its taxpayer.
                return self._each(LinkKind.OPERATES, owners, who[Role.PLANT], facts)
            venture = self._joint_venture(facts, parties)
            return self._each(LinkKind.OPERATES, [venture], who[Role.PLANT], facts)
        made = 0
        for position, owner in enumerate(owners):
            share = shares[position] if position < len(shares) else None
            extra = {} if share is None else {"share": share}
            made += self._each(
                LinkKind.OWNS, [owner], owned or [], facts, extra, is_one=len(owners) == 1
            )
        return made

    def _licensed(self, who: dict[Role, list[int]], facts: RowFacts) -> int:
        licensors, users = who.get(Role.LICENSOR, []), who.get(Role.LICENSEE, [])
        if not users:
            users = who.get(Role.BUYER, []) if Role.LICENSE in self._roles else []
        agreements = who.get(Role.LICENSE, [])
        if not agreements and licensors and users:
            return self._agreement(licensors, users, facts)
        made = self._each(LinkKind.LICENSES, licensors, agreements, facts)
        return made + self._each(LinkKind.USES, agreements, users, facts)

    def _each(
        self,
        kind: LinkKind,
        sources: list[int],
        targets: list[int],
        facts: RowFacts,
        extra: dict[str, Any] | None = None,
        *,
        is_one: bool = True,
    ) -> int:
        """Link every source with every target; amounts only where it is one link."""
        if not sources or not targets:
            return 0
        fields = {
            name: facts.values[id]
            for id, name in self._link_fields.get(kind, ())
            if id in facts.values
        }
        is_one = is_one and len(sources) * len(targets) == 1
        undivided = [] if is_one else [name for name in _DIVIDED if name in fields]
        for name in undivided:
            del fields[name]
        if undivided:
            self._drafts.tell(
                Severity.WARNING,
                "undivided",
                facts.at,
                f"The row links several items; how the {' and '.join(undivided)} divides among "
                "them is not said and stays open.",
            )
        if extra:
            fields |= extra
        made = 0
        for source in sources:
            for target in targets:
                made += self._made(kind, source, target, facts, fields)
        return made

    def _made(
        self, kind: LinkKind, source: int, target: int, facts: RowFacts, fields: dict[str, Any]
    ) -> int:
        index = self._drafts.link(kind, source, target, facts.at, fields)
        if index is None:
            return 0
        link = self._drafts.links[index]
        for id in ("link.notes", f"{kind}.notes") if facts.notes else ():
            link.notes.update(dict.fromkeys(facts.notes.get(id, ())))
        if source_text := facts.values.get("row.source"):
            link.cited[source_text] = None
        return 1

    def _listed(self, sources: list[int], targets: list[int], facts: RowFacts) -> int:
        """The links of a table that lists links: the kind is in a column, or follows from ends."""
        told = facts.values.get("link.kind", "")
        return sum(
            self._listed_one(told, source, target, facts)
            for source in sources
            for target in targets
        )

    def _listed_one(self, told: str, source: int, target: int, facts: RowFacts) -> int:
        ends = (self._drafts.entities[source], self._drafts.entities[target])
        found = link_of_relation(told, (ends[0].kind, ends[1].kind))
        if found.is_reversed:
            source, target = target, source
        if found.kind is LinkKind.LICENSES and self._drafts.entities[target].kind in (
            EntityKind.COMPANY,
            EntityKind.PLANT,
        ):
            return self._agreement([source], [target], facts)
        if found.kind is None:
            self._drafts.tell(
                Severity.ERROR,
                "relation",
                facts.at,
                f"'{told}' is no kind of link that can run from '{ends[0].name}' "
                f"({ends[0].kind}) to '{ends[1].name}' ({ends[1].kind}).",
            )
            return 0
        extra = dict(found.fields)
        if "link.share" in facts.values and "share" in LINK_CLASSES[found.kind].__struct_fields__:
            extra["share"] = facts.values["link.share"]
        return self._each(found.kind, [source], [target], facts, extra)

    def _agreement(self, licensors: list[int], users: list[int], facts: RowFacts) -> int:
        """A license of which a table names only who grants and who uses it."""
        names = self._drafts.entities
        name = f"{names[licensors[0]].name} → {names[users[0]].name} license"
        agreement = [self._drafts.entity(EntityKind.LICENSE, name, facts.at)]
        self._describe(Role.LICENSE, agreement, facts)
        made = self._each(LinkKind.LICENSES, licensors, agreement, facts)
        return made + self._each(LinkKind.USES, agreement, users, facts)

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
                fields = {"share": round(amount / whole, 9)}
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
