"""The links that the roles of one row have to one another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from depmap_gui.domain.kinds import EntityKind, LinkKind
from depmap_gui.domain.quantity import Quantity, mode
from depmap_gui.domain.records import LINK_CLASSES
from depmap_gui.exchange.tables.drafts import Drafts, Spot
from depmap_gui.exchange.tables.parties import Party
from depmap_gui.exchange.tables.records import Severity
from depmap_gui.exchange.tables.relations import link_of_relation
from depmap_gui.exchange.tables.slots import Reads, Role, Slot
from depmap_gui.exchange.tables.words import is_others

_DIVIDED = ("cost", "certified", "share", "votes", "units", "ip_share")


@dataclass(slots=True)
class RowFacts:
    """What the cells of one row say, by slot; ``unread`` keeps what was no value as a note."""

    at: Spot
    values: dict[str, Any]
    notes: dict[str, list[str]]
    unread: list[str] = field(default_factory=list)
    others: bool = False


def _percent(share: Quantity) -> str:
    return f"{mode(share) * 100:g}%"


Describe = Callable[[Role, list[int], RowFacts], None]
"""Adds what a row says of the drafts of a role."""


class Linker:
    """Makes drafts of the links that rows of one table tell."""

    def __init__(
        self, drafts: Drafts, found: Sequence[Slot], named: set[Role], describe: Describe
    ) -> None:
        self._drafts = drafts
        self._named = named
        self._describe = describe
        self._roles = {one.role for one in found if one.role is not None}
        self._link_fields: dict[LinkKind, list[tuple[str, str]]] = {}
        for one in found:
            if one.link is not None and one.reads is not Reads.NOTE:
                self._link_fields.setdefault(one.link, []).append((one.id, one.field))
        self._links_have_notes = any(
            one.reads is Reads.NOTE and (one.link is not None or one.role is None) for one in found
        )
        self._lists_links = named >= {Role.FROM, Role.TO}
        self._steps = self._link_steps()
        self._ventures: dict[str, tuple[Quantity | None, ...]] = {}
        self._told_ventures: set[int] = set()

    def link(self, who: dict[Role, list[int]], facts: RowFacts) -> int:
        """Link the drafts of a row's roles; how many links it tells."""
        links = 0
        for step in self._steps:
            links += step(who, facts)
        return links

    def joint_venture(self, facts: RowFacts, parties: list[Party]) -> int:
        """The company that several operators of one plant are taken to have set up."""
        name = " / ".join(party.name for party in parties) + " (joint venture)"
        shares = tuple(party.share for party in parties)
        if self._ventures.setdefault(name, shares) != shares:
            # The same partners with other shares have set up another company.
            told = " / ".join("?" if share is None else _percent(share) for share in shares)
            name = name.replace("(joint venture)", f"(joint venture, {told})")
        venture = self._drafts.entity(EntityKind.COMPANY, name, facts.at)
        self.owned_by(venture, tuple(parties), facts)
        return venture

    def owned_by(self, venture: int, parties: tuple[Party, ...], facts: RowFacts) -> None:
        for party in parties:
            owner = self._drafts.entity(EntityKind.COMPANY, party.name, facts.at)
            fields = {} if party.share is None else {"share": party.share}
            self._drafts.link(LinkKind.OWNS, owner, venture, facts.at, fields)
        if venture in self._told_ventures:
            return
        self._told_ventures.add(venture)
        self._drafts.tell(
            Severity.NOTE,
            "joint venture",
            facts.at,
            f"'{self._drafts.entities[venture].name}' is taken for a company that "
            f"{' and '.join(party.name for party in parties)} own; shares that are not written "
            "stay open.",
        )

    def _link_steps(self) -> tuple[Callable[[dict[Role, list[int]], RowFacts], int], ...]:
        """What may link the roles that this table names."""
        named = self._named
        steps: list[Callable[[dict[Role, list[int]], RowFacts], int]] = []
        if named & {Role.BUYER, Role.PLANT} and named & {Role.SUPPLIER, Role.MATERIAL}:
            steps.append(self._supplies)
        if named >= {Role.OPERATOR, Role.PLANT}:
            steps.append(self._operates)
        if Role.OWNER in named:
            steps.append(self._owners)
        if named >= {Role.LENDER, Role.BORROWER}:
            steps.append(self._lends)
        if named & {Role.LICENSE, Role.LICENSOR}:
            steps.append(self._licensed)
        if self._lists_links:
            steps.append(self._listed)
        return tuple(steps)

    def _supplies(self, who: dict[Role, list[int]], facts: RowFacts) -> int:
        targets = who.get(Role.BUYER) or who.get(Role.PLANT)
        givers = who.get(Role.SUPPLIER) or who.get(Role.MATERIAL)
        if not givers or not targets:
            return 0
        return self._each(LinkKind.SUPPLIES, givers, targets, facts)

    def _operates(self, who: dict[Role, list[int]], facts: RowFacts) -> int:
        operators, plants = who.get(Role.OPERATOR, []), who.get(Role.PLANT, [])
        return self._each(LinkKind.OPERATES, operators, plants, facts)

    def _lends(self, who: dict[Role, list[int]], facts: RowFacts) -> int:
        lenders, borrowers = who.get(Role.LENDER, []), who.get(Role.BORROWER, [])
        return self._each(LinkKind.LENDS, lenders, borrowers, facts)

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
                self._keep_share_of_plant(who[Role.PLANT], parties, facts)
                return self._each(LinkKind.OPERATES, owners, who[Role.PLANT], facts)
            venture = self.joint_venture(facts, parties)
            return self._each(LinkKind.OPERATES, [venture], who[Role.PLANT], facts)
        made = 0
        for position, owner in enumerate(owners):
            share = shares[position] if position < len(shares) else None
            extra = {} if share is None else {"share": share}
            made += self._each(
                LinkKind.OWNS, [owner], owned or [], facts, extra, is_one=len(owners) == 1
            )
        return made

    def _keep_share_of_plant(
        self, plants: list[int], parties: list[Party], facts: RowFacts
    ) -> None:
        """A part of a plant is nothing that a map holds, and others' parts are not told: a note."""
        share = parties[0].share if parties else None
        share = facts.values.get("owns.share") if share is None else share
        if share is None or mode(share) >= 1:
            return
        for plant in plants:
            draft = self._drafts.entities[plant]
            draft.notes[f"Owner: {parties[0].name}, {_percent(share)}"] = None
            self._drafts.tell(
                Severity.WARNING,
                "part of a plant",
                facts.at,
                f"'{parties[0].name}' has {_percent(share)} of '{draft.name}'; who has the rest is "
                "not told: it is taken for the operator, and the share kept as a note.",
            )

    def _licensed(self, who: dict[Role, list[int]], facts: RowFacts) -> int:
        if Role.LICENSE not in who and Role.LICENSOR not in who:
            return 0
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
        if is_one and len(sources) == 1 == len(targets):
            return self._made(kind, sources[0], targets[0], facts, fields | (extra or {}))
        undivided = [name for name in _DIVIDED if name in fields]
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
        if facts.notes and self._links_have_notes:
            for id in ("link.notes", f"{kind}.notes"):
                link.notes.update(dict.fromkeys(facts.notes.get(id, ())))
        if source_text := facts.values.get("row.source"):
            link.cited[source_text] = None
        return 1

    def _listed(self, who: dict[Role, list[int]], facts: RowFacts) -> int:
        """The links of a table that lists links: the kind is in a column, or follows from ends."""
        sources, targets = who.get(Role.FROM, []), who.get(Role.TO, [])
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
