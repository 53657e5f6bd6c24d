"""A graph of another program into records: nodes to items, edges to links, all accounted for."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from typing import Any

from depmap_gui.domain.kinds import (
    ROLES_BY_TARGET,
    EntityKind,
    LegalForm,
    LinkKind,
    LocationRole,
    permitted_links,
)
from depmap_gui.domain.records import (
    ENTITY_CLASSES,
    LINK_CLASSES,
    AnyLink,
    Company,
    License,
    Licenses,
    Uses,
)
from depmap_gui.exchange.formats.drafting import Draft, clean
from depmap_gui.exchange.formats.graph import Edge, Graph, Node
from depmap_gui.exchange.formats.graph_places import placed
from depmap_gui.exchange.formats.graph_shares import PERCENT_HEADS, SHARE_HEADS, WEIGHT_HEAD, Shares
from depmap_gui.exchange.formats.meaning import (
    COUNTRY_HEADS,
    EDGE_KIND_HEADS,
    NODE_KIND_HEADS,
    by_head,
    edge_kind,
    is_percentage,
    node_kind,
)
from depmap_gui.exchange.formats.results import Format, Reading
from depmap_gui.exchange.tables.places import country_code
from depmap_gui.exchange.tables.words import head_words

_NAME_HEADS = ("name", "label", "title", "full name", "legal name", "caption")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_START_HEADS = ("valid from", "start date", "start", "from date", "since")
_END_HEADS = ("valid to", "end date", "end", "to date", "until")
_PLACE_HEADS = ("x", "y", "z")


def assembled(name: str, content: bytes, format: Format, graph: Graph) -> Reading:
    """The map that a graph is, with an account of what its words were taken for."""
    return _Assembling(Draft(name, content, format), graph).run()


class _Assembling:
    def __init__(self, draft: Draft, graph: Graph) -> None:
        self._draft, self._graph = draft, graph
        self._ids: dict[str, str] = {}
        self._counted: Counter[str] = Counter()

    def run(self) -> Reading:
        draft, graph = self._draft, self._graph
        draft.title = graph.title
        draft.told(graph.left_out)
        for sentence in graph.notes:
            draft.note(sentence)
        draft.read = {"nodes": len(graph.nodes), "edges": len(graph.edges)}
        self._nodes()
        self._missing_nodes()
        self._edges()
        self._account()
        draft.positions = placed({self._ids[node.id]: node for node in graph.nodes}, draft)
        return draft.reading()

    # Nodes ---------------------------------------------------------------------------------

    def _nodes(self) -> None:
        kept: list[Node] = []
        for node in self._graph.nodes:
            if node.id in self._ids:
                self._draft.leave_out(f"node {node.id}", "its id stands twice in the file")
            else:
                self._ids[node.id] = self._node(node)
                kept.append(node)
        self._graph.nodes = kept

    def _node(self, node: Node) -> str:
        attributes = by_head(node.attributes)
        head, said = _kind_of_node(attributes)
        if said is None:
            self._counted["company"] += 1
            said = (EntityKind.COMPANY, LegalForm.CORPORATION)
        kind, form = said
        label = node.label.strip() or next(
            (attributes[head] for head in _NAME_HEADS if head in attributes), node.id
        )
        fields: dict[str, Any] = {}
        if kind is EntityKind.JURISDICTION:
            code = country_code(attributes.get("code", "")) or country_code(label)
            if code is not None and self._draft.place_of(code) is None:
                fields["code"] = code
            elif code is not None:
                place = self._draft.place_of(code) or ""
                self._draft.note(f"Several nodes stand for {label}; they are one item.")
                return place
        if kind is EntityKind.COMPANY:
            fields["form"] = form
        used = {head, *_PLACE_HEADS, *COUNTRY_HEADS, *_NAME_HEADS}
        rest = [
            f"{name}: {text}"
            for name, text in node.attributes.items()
            if not _is_in(name, text, used)
        ]
        record = ENTITY_CLASSES[kind](
            id=self._draft.id_for(node.id),
            name=clean(label),
            notes=clean("\n".join(rest)),
            sources=self._draft.file_source,
            **fields,
        )
        id = self._draft.add(record)
        if "code" in fields:
            self._draft.take_place(str(fields["code"]), id)
        self._place(id, kind, attributes)
        return id

    def _place(self, id: str, kind: EntityKind, attributes: dict[str, str]) -> None:
        usual = ROLES_BY_TARGET.get(kind)
        if usual is None:
            return
        for head, told in COUNTRY_HEADS.items():
            if head not in attributes:
                continue
            role = LocationRole(told) if told else usual[0]
            company = self._draft.entities[id]
            if isinstance(company, Company) and company.form is LegalForm.PERSON and not told:
                role = LocationRole.RESIDENT
            if role not in usual:
                role = usual[0]
            if not self._draft.locate(id, attributes[head], role):
                self._draft.remark(id, clean(f"{head}: {attributes[head]}"))
                self._draft.leave_out(
                    f"{head} '{attributes[head]}' of {self._draft.entities[id].name}",
                    "no country is known by that name or code; it is in the item's notes",
                )

    def _missing_nodes(self) -> None:
        """Items for what edges name and the file does not have."""
        missing = dict.fromkeys(
            end
            for edge in self._graph.edges
            for end in (edge.source, edge.target)
            if end not in self._ids
        )
        for id in missing:
            self._ids[id] = self._node(Node(id=id))
        if missing:
            some = ", ".join(f"'{id}'" for id in list(missing)[:5])
            self._draft.note(
                f"Edges name {len(missing)} nodes that the file does not have ({some}): each was "
                "made a company under its id."
            )

    # Edges ---------------------------------------------------------------------------------

    def _edges(self) -> None:
        read = [(edge, by_head(edge.attributes), self._said(edge)) for edge in self._graph.edges]
        self._shares = Shares(
            (self._ids[edge.source if said[1] else edge.target], attributes)
            for edge, attributes, said in read
            if said is not None and said[0] is LinkKind.OWNS
        )
        for edge, attributes, said in read:
            self._edge(edge, attributes, said)

    def _said(self, edge: Edge) -> tuple[LinkKind, bool] | None:
        """The kind that the edge's own words name, and whether against the arrow."""
        attributes = by_head(edge.attributes)
        phrases = [
            edge.label,
            *(attributes[head] for head in EDGE_KIND_HEADS if head in attributes),
        ]
        for phrase in phrases:
            if (found := edge_kind(phrase)) is not None:
                return found
        ends = (self._kind(edge.source), self._kind(edge.target))
        if ends == (EntityKind.COMPANY, EntityKind.COMPANY) and (
            any(map(is_percentage, phrases)) or any(head in attributes for head in PERCENT_HEADS)
        ):
            self._counted["percent"] += 1
            return LinkKind.OWNS, False
        return None

    def _kind(self, end: str) -> EntityKind:
        return self._draft.entities[self._ids[end]].kind

    def _edge(
        self, edge: Edge, attributes: dict[str, str], said: tuple[LinkKind, bool] | None
    ) -> None:
        source, target = self._ids[edge.source], self._ids[edge.target]
        kind, is_reversed = said or (None, False)
        if is_reversed:
            source, target = target, source
        if kind is LinkKind.LICENSES and self._licensed(edge, source, target):
            return
        ends = (self._draft.entities[source].kind, self._draft.entities[target].kind)
        back = (ends[1], ends[0])
        if kind in permitted_links(*ends):
            pass
        elif kind is not None and kind in permitted_links(*back):
            source, target = target, source
        else:
            if kind is not None:
                self._draft.note(
                    f"Some links that the file calls '{kind}' join items that cannot be joined so; "
                    "they were read as the likeliest kind between such items."
                )
            kind, turned = _assumed(ends)
            if turned:
                source, target = target, source
            self._counted[f"assumed {kind}"] += kind is not None
        if kind is None:
            self._draft.leave_out(
                f"edge {edge.id}",
                f"no link can run between a {ends[0]} and a {ends[1]}",
            )
            return
        self._draft.join(self._link(edge, kind, source, target, attributes))

    def _link(
        self, edge: Edge, kind: LinkKind, source: str, target: str, attributes: dict[str, str]
    ) -> AnyLink:
        fields: dict[str, Any] = {}
        share = None
        if kind is LinkKind.OWNS:
            share = self._shares.share(attributes, edge.label)
            fields["share"] = share
        if kind is LinkKind.LOCATED:
            usual = ROLES_BY_TARGET[self._draft.entities[target].kind]
            fields["role"] = usual[0]
        if kind is LinkKind.SUPPLIES and edge.label and edge_kind(edge.label) is None:
            fields["item"] = clean(edge.label)
        fields["valid_from"] = _day(attributes, _START_HEADS)
        fields["valid_to"] = _day(attributes, _END_HEADS)
        used = set()
        if share is not None:
            used = {*PERCENT_HEADS, *SHARE_HEADS}
            used |= {WEIGHT_HEAD} if self._shares.reads_weights else set()
        is_told = "item" in fields or (share is not None and is_percentage(edge.label))
        lines = [edge.label] if edge.label and not is_told else []
        lines += [
            f"{name}: {text}"
            for name, text in edge.attributes.items()
            if not _is_in(name, text, used)
        ]
        return LINK_CLASSES[kind](
            id=self._draft.id_for(edge.id, "e"),
            source=source,
            target=target,
            notes=clean("\n".join(dict.fromkeys(lines))),
            sources=self._draft.file_source,
            **fields,
        )

    def _licensed(self, edge: Edge, licensor: str, licensee: str) -> bool:
        """A license between two parties becomes an item of its own; False where it cannot."""
        kinds = (self._draft.entities[licensor].kind, self._draft.entities[licensee].kind)
        if kinds[0] is not EntityKind.COMPANY or kinds[1] not in (
            EntityKind.COMPANY,
            EntityKind.PLANT,
        ):
            return False
        draft, sources = self._draft, self._draft.file_source
        between = f"{draft.entities[licensor].name} to {draft.entities[licensee].name}"
        lines = [f"{name}: {text}" for name, text in edge.attributes.items() if text.strip()]
        id = draft.add(
            License(
                id=draft.id_for(f"license-{edge.id}"),
                name=clean(edge.label or f"License of {between}"),
                notes=clean("\n".join(lines)),
                sources=sources,
            )
        )
        draft.join(
            Licenses(
                id=draft.id_for(f"licenses-{edge.id}"), source=licensor, target=id, sources=sources
            )
        )
        draft.join(
            Uses(id=draft.id_for(f"uses-{edge.id}"), source=id, target=licensee, sources=sources)
        )
        self._counted["license"] += 1
        return True

    # The account ---------------------------------------------------------------------------

    def _account(self) -> None:
        count = self._counted
        if count["company"]:
            self._draft.note(f"{_nodes(count['company'])} no kind: each was taken for a company.")
        if count["percent"]:
            self._draft.note(
                f"{_edges(count['percent'])} only a percentage: each was taken for a holding of "
                "that size."
            )
        if count["license"]:
            self._draft.note(
                f"Licenses between two parties ({count['license']}) each became an item with a "
                "licensor and a user."
            )
        for kind in LinkKind:
            if assumed := count[f"assumed {kind}"]:
                self._draft.note(
                    f"{_edges(assumed)} no kind that is known here: each was taken for "
                    f"'{kind}', the likeliest between such items, with no amount. Check them."
                )


def _nodes(number: int) -> str:
    return "1 node says" if number == 1 else f"{number} nodes say"


def _edges(number: int) -> str:
    return "1 edge says" if number == 1 else f"{number} edges say"


def _kind_of_node(attributes: dict[str, str]) -> tuple[str, tuple[EntityKind, LegalForm] | None]:
    for head in NODE_KIND_HEADS:
        if head in attributes and (found := node_kind(attributes[head])) is not None:
            return head, found
    return "", None


def _assumed(ends: tuple[EntityKind, EntityKind]) -> tuple[LinkKind | None, bool]:
    """The kind of an edge that says none: a supply wherever one can be, as it claims no control.

    Gives None where no link is permitted either way; True where only the other way is.
    """
    for turned, (source, target) in ((False, ends), (True, (ends[1], ends[0]))):
        kinds = permitted_links(source, target)
        if LinkKind.SUPPLIES in kinds:
            return LinkKind.SUPPLIES, turned
        if kinds:
            return kinds[0], turned
    return None, False


def _day(attributes: dict[str, str], heads: tuple[str, ...]) -> date | None:
    for head in heads:
        found = _DATE.match(attributes.get(head, ""))
        if found:
            try:
                return date.fromisoformat(found[0])
            except ValueError:
                continue
    return None


def _is_in(name: str, text: str, used: set[str]) -> bool:
    """Whether an attribute holds nothing, or was read for a field."""
    return not text.strip() or head_words(name) in used
