"""Facts of an import before they meet the map: entities and links, each with where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from depmap_gui.domain.kinds import LINK_ENDS, EntityKind, LinkKind
from depmap_gui.exchange.tables.alike import same_key
from depmap_gui.exchange.tables.grid import cell_name
from depmap_gui.exchange.tables.records import Problem, Severity
from depmap_gui.exchange.tables.words import folded

Spot = tuple[int, int]
"""The number of a table in this import and a row of it, counted from 0."""


@dataclass(slots=True)
class EntityDraft:
    """An entity as the tables tell it. ``columns`` says from which column a field came."""

    kind: EntityKind
    name: str
    at: Spot
    key: str | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    notes: dict[str, None] = field(default_factory=dict)
    tags: dict[str, None] = field(default_factory=dict)
    products: dict[str, dict[str, Any]] = field(default_factory=dict)
    spellings: dict[str, Spot] = field(default_factory=dict)
    cited: dict[str, None] = field(default_factory=dict)
    is_named_by_key: bool = False
    is_end: bool = False
    touched: list[Spot] = field(default_factory=list)


@dataclass(slots=True)
class LinkDraft:
    """A link as the tables tell it, between two drafts."""

    kind: LinkKind
    source: int
    target: int
    at: Spot
    fields: dict[str, Any] = field(default_factory=dict)
    notes: dict[str, None] = field(default_factory=dict)
    cited: dict[str, None] = field(default_factory=dict)
    touched: list[Spot] = field(default_factory=list)


@dataclass(slots=True)
class TableNames:
    """What to call a table in a sentence: its file and sheet, and where its cells stand."""

    file: str
    sheet: str
    spot: Callable[[int, int | None], tuple[int, int | None]] | None = None


_REPEATABLE = frozenset({LinkKind.SUPPLIES, LinkKind.OWNS, LinkKind.LENDS})


class Drafts:
    """All drafts of one import, found again by key and by name."""

    def __init__(self, tables: list[TableNames]) -> None:
        self.tables = tables
        self.entities: list[EntityDraft] = []
        self.links: list[LinkDraft] = []
        self.problems: list[Problem] = []
        self._by_name: dict[tuple[EntityKind, str], int] = {}
        self._by_key: dict[tuple[EntityKind, str], int] = {}
        self._any_name: dict[str, int] = {}
        self._any_key: dict[str, int] = {}
        self._links: dict[tuple[Any, ...], int] = {}

    def entity(self, kind: EntityKind, name: str, at: Spot, key: str | None = None) -> int:
        """The draft of that key or, without one, of that name; made where there is none."""
        named = (kind, same_key(name)) if name else None
        index = self._by_key.get((kind, key)) if key else None
        if index is None and named is not None:
            index = self._by_name.get(named)
            if index is not None and key and self.entities[index].key not in (None, key):
                index = None
        if index is None:
            index = len(self.entities)
            self.entities.append(EntityDraft(kind, name or (key or ""), at))
            self.entities[index].is_named_by_key = not name
            if named is not None:
                self._by_name.setdefault(named, index)
                self._any_name.setdefault(same_key(name), index)
        draft = self.entities[index]
        if key and draft.key is None:
            draft.key = key
            self._by_key[kind, key] = index
            self._any_key.setdefault(key, index)
        if name:
            draft.spellings.setdefault(name, at)
        draft.touched.append(at)
        return index

    def found(self, text: str, kind: EntityKind | None) -> int | None:
        """The draft that a key or name means, of one kind or of any."""
        if kind is not None:
            by_key = self._by_key.get((kind, text))
            return by_key if by_key is not None else self._by_name.get((kind, same_key(text)))
        by_key = self._any_key.get(text)
        return by_key if by_key is not None else self._any_name.get(same_key(text))

    def link(
        self, kind: LinkKind, source: int, target: int, at: Spot, fields: dict[str, Any]
    ) -> int | None:
        """The link of those ends, made or added to; None where the ends allow no such link.

        Supplies, holdings and loans that differ in a fact are links of their own; of the other
        kinds two items have but one, and a second value is told.
        """
        ends = LINK_ENDS[kind]
        one, other = self.entities[source], self.entities[target]
        if one.kind not in ends[0] or other.kind not in ends[1] or source == target:
            why = (
                "both ends are the same item"
                if source == target
                else f"'{kind}' cannot run from a {one.kind} to a {other.kind}"
            )
            self.tell(
                Severity.ERROR,
                "link",
                at,
                f"'{one.name}' is not linked to '{other.name}': {why}.",
            )
            return None
        apart: tuple[Any, ...] = (kind, source, target)
        if kind is LinkKind.LOCATED:
            apart += (fields.get("role"),)
        elif kind is LinkKind.SUPPLIES:
            apart += (folded(fields.get("item", "")),)
        if kind in _REPEATABLE and apart in self._links:
            index = self._links[apart]
            if self.links[index].fields != fields:
                index = self._another(apart, LinkDraft(kind, source, target, at, dict(fields)))
        else:
            index = self._links.setdefault(apart, len(self.links))
            if index == len(self.links):
                self.links.append(LinkDraft(kind, source, target, at, dict(fields)))
            else:
                self.merge(self.links[index].fields, fields, at, self._words(index))
        self.links[index].touched.append(at)
        return index

    def _another(self, apart: tuple[Any, ...], link: LinkDraft) -> int:
        """The second, third ... link of the same ends: the one of equal facts, or a new one."""
        alike = (*apart, tuple(sorted((k, repr(v)) for k, v in link.fields.items())))
        if alike not in self._links:
            self._links[alike] = len(self.links)
            self.links.append(link)
        return self._links[alike]

    def merge(self, into: dict[str, Any], fields: dict[str, Any], at: Spot, whose: str) -> None:
        """Add fields that are not there yet; where another value is, keep that and tell."""
        for name, value in fields.items():
            if name not in into:
                into[name] = value
            elif into[name] != value:
                self.tell(
                    Severity.WARNING,
                    "contradiction",
                    at,
                    f"{whose} has another {name.replace('_', ' ')} here than before: "
                    f"{_words(into[name])} is kept, {_words(value)} left out.",
                )

    def tell(
        self, severity: Severity, code: str, at: Spot, message: str, column: int | None = None
    ) -> None:
        """Note a problem with its place."""
        table, row = at
        names = self.tables[table]
        if names.spot is not None and row >= 0:
            row, column = names.spot(row, column)
        self.problems.append(
            Problem(
                severity=severity,
                code=code,
                message=message,
                file=names.file,
                sheet=names.sheet,
                cell=cell_name(row, column)
                if column is not None
                else (f"row {row + 1}" if row >= 0 else ""),
                row=row if row >= 0 else None,
            )
        )

    def _words(self, index: int) -> str:
        link = self.links[index]
        return f"'{self.entities[link.source].name}' → '{self.entities[link.target].name}'"


def _words(value: Any) -> str:
    if isinstance(value, tuple):
        return " to ".join(f"{end:g}" for end in (value[0], value[-1]) if isinstance(end, float))
    return f"'{value}'" if isinstance(value, str) else str(value)


def note_lines(notes: Iterable[str]) -> str:
    """Notes as the text of the field, one a line."""
    return "\n".join(notes)
