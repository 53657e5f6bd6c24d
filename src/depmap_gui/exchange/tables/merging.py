"""Drafts against the map: what is new, what changes, what stays, what a hand edit keeps."""

from __future__ import annotations

import random
import secrets
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from depmap_gui.domain.edits import Add, Edit, SetField, new_id
from depmap_gui.domain.fields import field_of
from depmap_gui.domain.kinds import EntityKind, LinkKind, Section
from depmap_gui.domain.plain import entity_from_plain
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import LINK_CLASSES, AnyEntity, AnyLink, Jurisdiction, Plant
from depmap_gui.exchange.tables.alike import same_key
from depmap_gui.exchange.tables.drafts import Drafts, EntityDraft, LinkDraft, note_lines
from depmap_gui.exchange.tables.ledger import MISSING, Past
from depmap_gui.exchange.tables.records import Merged, Outcome, Severity
from depmap_gui.exchange.tables.words import folded


@dataclass(slots=True)
class Merge:
    """What the drafts of an import do to a project, collected step by step."""

    adds: list[Edit] = field(default_factory=list)
    sets: list[Edit] = field(default_factory=list)
    links: list[Edit] = field(default_factory=list)
    entity_ids: list[str] = field(default_factory=list)
    entity_outcomes: list[Outcome] = field(default_factory=list)
    link_ids: list[str] = field(default_factory=list)
    link_outcomes: list[Outcome] = field(default_factory=list)
    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    merged: list[Merged] = field(default_factory=list)
    hand_edits: int = 0


class FreshIds:
    """Ids that a project has never had, many of them quickly."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._taken = {*project.entities, *project.links, *project.sources}
        self._prefixes: dict[EntityKind | LinkKind | Section, str] = {}
        # Seeded by the system once: asking it for each of 100,000 ids takes seconds.
        self._chance = random.Random(secrets.randbits(128))

    def next(self, what: EntityKind | LinkKind | Section) -> str:
        """One more id."""
        prefix = self._prefixes.get(what)
        if prefix is None:
            prefix = new_id(self._project, what).rpartition("-")[0]
            self._prefixes[what] = prefix
        while (id := f"{prefix}-{self._chance.getrandbits(32):08x}") in self._taken:
            continue
        self._taken.add(id)
        return id


class Merger:
    """Lays drafts over a project, entity by entity and link by link."""

    def __init__(
        self,
        project: Project,
        drafts: Drafts,
        past: Past,
        sources: Mapping[int, str],
        cited: Mapping[str, str],
        *,
        replace_hand_edits: bool,
    ) -> None:
        self._project = project
        self._drafts = drafts
        self._past = past
        self._sources = sources
        self._cited = cited
        self._replace = replace_hand_edits
        self._ids = FreshIds(project)
        self._only_source = tuple(sources.values())
        self._keyed = frozenset(past.by_key.values())
        self.done = Merge()
        self._by_name: dict[tuple[EntityKind, str], list[str]] = defaultdict(list)
        self._by_code: dict[str, str] = {}
        for entity in project.entities.values():
            self._by_name[entity.kind, same_key(entity.name)].append(entity.id)
            if isinstance(entity, Jurisdiction):
                self._by_code.setdefault(entity.code, entity.id)
        self._links: dict[tuple[Any, ...], list[AnyLink]] = defaultdict(list)
        for link in project.links.values():
            self._links[_apart(link.kind, link.source, link.target, link)].append(link)

    def merge_entities(self, joined: Mapping[int, int | str]) -> None:
        """Match every entity draft, add it or change what it matches.

        ``joined`` names drafts that the analyst took for another draft or for an item's id.
        """
        done = self.done
        done.entity_ids = [""] * len(self._drafts.entities)
        done.entity_outcomes = [Outcome.UNCHANGED] * len(self._drafts.entities)
        taken: set[str] = set()
        for index, draft in enumerate(self._drafts.entities):
            target = joined.get(index)
            if isinstance(target, int):
                continue
            id = target if isinstance(target, str) else self._match(draft)
            if id is not None and id not in taken:
                taken.add(id)
                done.entity_ids[index] = id
                done.entity_outcomes[index] = self._change(self._project.entities[id], draft)
            else:
                done.entity_ids[index] = self._add(draft)
                done.entity_outcomes[index] = Outcome.ADDED
        for index, target in joined.items():
            if isinstance(target, int):
                done.entity_ids[index] = done.entity_ids[target]

    def _match(self, draft: EntityDraft) -> str | None:
        entities = self._project.entities
        if draft.kind is EntityKind.JURISDICTION:
            return self._by_code.get(draft.key or "")
        if draft.key:
            known = self._past.any_key if draft.is_named_by_key else self._past.by_key
            id = known.get(draft.key)
            if id is not None and id in entities and entities[id].kind is draft.kind:
                return id
        if draft.is_end and (known_id := self._past.any_key.get(draft.name)) in entities:
            return known_id
        found = self._by_name.get((draft.kind, same_key(draft.name)), [])
        if draft.key:
            found = [id for id in found if id not in self._keyed]
        if len(found) > 1:
            self._drafts.tell(
                Severity.WARNING,
                "ambiguous",
                draft.at,
                f"The map has {len(found)} items named '{draft.name}'; the first of them is taken.",
            )
        return found[0] if found else None

    def _sources_of(self, draft: EntityDraft | LinkDraft) -> tuple[str, ...]:
        if len(self._sources) == 1 and not draft.cited:
            return self._only_source
        tables = sorted({table for table, _ in draft.touched} | {draft.at[0]})
        ids = [self._sources[table] for table in tables]
        ids += [self._cited[text] for text in draft.cited if text in self._cited]
        return tuple(dict.fromkeys(ids))

    def _add(self, draft: EntityDraft) -> str:
        id = self._ids.next(draft.kind)
        plain: dict[str, Any] = {"id": id, "kind": str(draft.kind), "name": draft.name}
        if draft.kind is EntityKind.JURISDICTION:
            plain["code"] = draft.key or ""
        else:
            plain |= draft.fields
            plain["sources"] = self._sources_of(draft)
        if draft.notes:
            plain["notes"] = note_lines(draft.notes)
        if draft.tags:
            plain["tags"] = tuple(draft.tags)
        if draft.products:
            plain["products"] = [
                {"id": f"p{number}", **product}
                for number, product in enumerate(draft.products.values(), 1)
            ]
        self.done.adds.append(Add(entity_from_plain(plain)))
        self._remember(id, draft, plain)
        if len(draft.spellings) > 1:
            self.done.merged.append(
                Merged(kind=draft.kind, name=draft.name, spellings=tuple(draft.spellings))
            )
        return id

    def _remember(self, id: str, draft: EntityDraft, plain: Mapping[str, Any]) -> None:
        if draft.kind is EntityKind.JURISDICTION:
            return
        kept = {"name": draft.name, **draft.fields}
        for name in ("notes", "tags", "products"):
            if name in plain:
                kept[name] = plain[name]
        self.done.values[id] = kept

    def _change(self, entity: AnyEntity, draft: EntityDraft) -> Outcome:
        """Set what the table changed of an item, keep what a person changed."""
        if draft.kind is EntityKind.JURISDICTION:
            return Outcome.UNCHANGED
        others = [s for s in draft.spellings if s != entity.name]
        if others and not draft.key:
            self.done.merged.append(
                Merged(kind=draft.kind, name=entity.name, spellings=tuple(others), on_map=True)
            )
        wanted = dict(draft.fields)
        if (
            draft.key
            and self._past.by_key.get(draft.key) == entity.id
            and (not draft.is_named_by_key)
        ):
            wanted["name"] = draft.name
        changed = self._set_fields(Section.ENTITIES, entity, wanted, draft)
        changed |= self._set_lines(entity, draft)
        changed |= self._set_products(entity, draft)
        plain = {
            "notes": note_lines(draft.notes),
            "tags": tuple(draft.tags),
            "products": list(draft.products.values()),
        }
        self._remember(entity.id, draft, {k: v for k, v in plain.items() if v})
        if changed:
            self._cite(Section.ENTITIES, entity, draft)
        return Outcome.CHANGED if changed else Outcome.UNCHANGED

    def _set_fields(
        self,
        section: Section,
        record: AnyEntity | AnyLink,
        wanted: Mapping[str, Any],
        draft: EntityDraft | LinkDraft,
    ) -> bool:
        changed = False
        for name, value in wanted.items():
            new = msgspec.to_builtins(value)
            current = msgspec.to_builtins(getattr(record, name))
            about = field_of(type(record), name)
            empty = msgspec.to_builtins(about.default) if about else None
            base = self._past.value(record.id, name)
            if same(current, new):
                continue
            if self._may_set(current, new, base, empty, record.id, name, draft):
                self.done.sets.append(SetField(section, record.id, name, value))
                changed = True
        return changed

    def _may_set(
        self,
        current: Any,
        new: Any,
        base: Any,
        empty: Any,
        id: str,
        name: str,
        draft: EntityDraft | LinkDraft,
    ) -> bool:
        """Whether the table's value goes in; a value that a person set stays, and that is told."""
        untouched = same(base, current) if base is not MISSING else current in (empty, None, "")
        if untouched or self._replace:
            return True
        self.done.hand_edits += 1
        if base is MISSING or not same(base, new):
            self._drafts.tell(
                Severity.WARNING,
                "hand edit",
                draft.at,
                f"'{self._project.name(id)}' has {name.replace('_', ' ')} {_short(current)} on the "
                f"map and {_short(new)} in the table: the map's stays.",
            )
        return False

    def _set_lines(self, entity: AnyEntity, draft: EntityDraft) -> bool:
        """Bring notes and tags up to date, leaving what a person wrote between them."""
        changed = False
        if draft.notes:
            base = self._past.value(entity.id, "notes")
            before = base.split("\n") if isinstance(base, str) else []
            old = entity.notes.split("\n") if entity.notes else []
            lines = _blended(old, before, list(draft.notes))
            if lines != old:
                self.done.sets.append(
                    SetField(Section.ENTITIES, entity.id, "notes", note_lines(lines))
                )
                changed = True
        if draft.tags:
            base = self._past.value(entity.id, "tags")
            before = list(base) if isinstance(base, list | tuple) else []
            tags = _blended(list(entity.tags), before, list(draft.tags))
            if tags != list(entity.tags):
                self.done.sets.append(SetField(Section.ENTITIES, entity.id, "tags", tuple(tags)))
                changed = True
        return changed

    def _set_products(self, entity: AnyEntity, draft: EntityDraft) -> bool:
        if not draft.products or not isinstance(entity, Plant):
            return False
        products = [msgspec.to_builtins(product) for product in entity.products]
        base = self._past.value(entity.id, "products")
        before = {folded(p.get("name", "")): p for p in base} if isinstance(base, list) else {}
        by_name = {folded(product.get("name", "")): product for product in products}
        changed = False
        for key, fields in draft.products.items():
            product = by_name.get(key)
            if product is None:
                taken = {one["id"] for one in products}
                number = next(n for n in range(1, len(taken) + 2) if f"p{n}" not in taken)
                products.append({"id": f"p{number}", **msgspec.to_builtins(fields)})
                changed = True
                continue
            for name, value in msgspec.to_builtins(fields).items():
                current = product.get(name)
                old = before.get(key, {}).get(name, MISSING)
                if (
                    name != "name"
                    and not same(current, value)
                    and self._may_set(current, value, old, None, entity.id, name, draft)
                ):
                    product[name] = value
                    changed = True
        if changed:
            whole = entity_from_plain({"id": entity.id, "kind": "plant", "products": products})
            assert isinstance(whole, Plant)
            self.done.sets.append(SetField(Section.ENTITIES, entity.id, "products", whole.products))
        return changed

    def _cite(
        self, section: Section, record: AnyEntity | AnyLink, draft: EntityDraft | LinkDraft
    ) -> None:
        sources = tuple(dict.fromkeys((*record.sources, *self._sources_of(draft))))
        if sources != record.sources:
            self.done.sets.append(SetField(section, record.id, "sources", sources))

    def merge_links(self) -> None:
        """Match every link draft between the matched ends, add it or change what it matches."""
        done = self.done
        used: set[str] = set()
        for draft in self._drafts.links:
            source, target = done.entity_ids[draft.source], done.entity_ids[draft.target]
            there = (
                self._links.get(_apart(draft.kind, source, target, draft.fields), ())
                if self._links
                else ()
            )
            known = [link for link in there if link.id not in used]
            if known:
                link = min(known, key=lambda one: self._unlike(one, draft))
                used.add(link.id)
                done.link_ids.append(link.id)
                done.link_outcomes.append(self._change_link(link, draft))
            else:
                done.link_ids.append(self._add_link(draft, source, target))
                done.link_outcomes.append(Outcome.ADDED)

    def _unlike(self, link: AnyLink, draft: LinkDraft) -> int:
        return sum(
            not same(msgspec.to_builtins(getattr(link, name)), msgspec.to_builtins(value))
            for name, value in draft.fields.items()
        )

    def _add_link(self, draft: LinkDraft, source: str, target: str) -> str:
        id = self._ids.next(draft.kind)
        plain: dict[str, Any] = {
            "id": id,
            "kind": str(draft.kind),
            "source": source,
            "target": target,
            **draft.fields,
            "sources": self._sources_of(draft),
        }
        if draft.notes:
            plain["notes"] = note_lines(draft.notes)
        self.done.links.append(Add(msgspec.convert(plain, LINK_CLASSES[draft.kind])))
        self._remember_link(id, draft)
        return id

    def _change_link(self, link: AnyLink, draft: LinkDraft) -> Outcome:
        changed = self._set_fields(Section.LINKS, link, draft.fields, draft)
        if draft.notes:
            base = self._past.value(link.id, "notes")
            before = base.split("\n") if isinstance(base, str) else []
            old = link.notes.split("\n") if link.notes else []
            lines = _blended(old, before, list(draft.notes))
            if lines != old:
                self.done.sets.append(SetField(Section.LINKS, link.id, "notes", note_lines(lines)))
                changed = True
        self._remember_link(link.id, draft)
        if changed:
            self._cite(Section.LINKS, link, draft)
        return Outcome.CHANGED if changed else Outcome.UNCHANGED

    def _remember_link(self, id: str, draft: LinkDraft) -> None:
        kept = draft.fields
        if draft.notes:
            kept = {**kept, "notes": note_lines(draft.notes)}
        self.done.values[id] = kept


def _apart(kind: LinkKind, source: str, target: str, facts: Any) -> tuple[Any, ...]:
    """What tells links of the same kind between the same ends apart."""

    def of(name: str) -> Any:
        return facts.get(name) if isinstance(facts, dict) else getattr(facts, name)

    match kind:
        case LinkKind.LOCATED:
            return (kind, source, target, str(of("role")))
        case LinkKind.SUPPLIES:
            return (kind, source, target, folded(of("item") or ""))
        case _:
            return (kind, source, target)


def same(one: Any, other: Any) -> bool:
    """Whether two plain values are equal; numbers by value, sequences by their parts."""
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float | int) and isinstance(other, float | int):
        return abs(one - other) <= 1e-12 * max(1.0, abs(one), abs(other))
    return bool(one == other)


def _blended(current: list[str], before: list[str], new: list[str]) -> list[str]:
    """Lines brought up to date: those the table no longer has go, new ones are added."""
    kept = [line for line in current if line in new or line not in before]
    return kept + [line for line in new if line not in kept]


def _short(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    text = str(value)
    return f"'{text[:40]}'" if isinstance(value, str) else text[:60]
