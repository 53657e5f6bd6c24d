"""What the program says of each row of Attribution, and which rows formulas can compute."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from depmap_gui.domain.kinds import Basis, EntityKind, LocationRole
from depmap_gui.domain.records import AnyEntity, Company, Jurisdiction, Located, Operates, Owns
from depmap_gui.exchange.sheets.facts import Facts, known, scale, votes_of

MOST_IN_MATRIX = 50
"""Companies that one matrix formula solves while a spreadsheet stays quick."""
MOST_HOLDERS = 40
"""A formula that adds up more holders than this would outgrow what a cell can hold."""
_SINGULAR = 1e-9

LIVE = "live"
LIVE_VOTES = "live in the votes; who holds whom is as drawn"
LOOP = "value: the company is in a loop of holdings, which formulas cannot follow"
MANY = "value: too many holders for a formula"
TOO_MANY = f"value: more than {MOST_IN_MATRIX} companies, too many for a matrix formula"
CLOSED = "value: a closed circle of holdings has no outside owner to solve for"


@dataclass(frozen=True)
class Matrix:
    """The ownership system over companies: A = weights A + constants."""

    weights: list[list[float]]
    constants: list[list[float]]


@dataclass(frozen=True)
class AttributionValues:
    """Per row of Attribution: shares by jurisdiction, what formulas use, and how it is computed.

    ``holdings`` gives, by company id, its incoming ownership links with their row on Ownership.
    """

    facts: Facts
    entities: list[AnyEntity]
    shares: list[list[float]]
    home: list[int]
    held: list[float]
    silent: list[int]
    how: list[str]
    is_live: list[bool]
    solvable: bool
    holdings: dict[str, list[tuple[int, Owns]]]

    @classmethod
    def of(cls, facts: Facts) -> AttributionValues:
        """The program's values for one assessment."""
        entities = [
            entity
            for kind in (EntityKind.COMPANY, EntityKind.PLANT, EntityKind.MATERIAL)
            for entity in facts.by_kind[kind]
        ]
        holdings = _holdings(facts)
        basis = facts.assessment.basis
        equity = basis is not Basis.CONTROL
        held, silent = _held(facts, holdings, equity=equity)
        held |= _origins(facts)
        how, solvable = _how(facts, entities, holdings)
        return cls(
            facts=facts,
            entities=entities,
            shares=[
                facts.vector(facts.assessment.scores.attribution, each.id) for each in entities
            ],
            home=_homes(facts, entities),
            held=[held.get(each.id, 0.0) for each in entities],
            silent=[silent.get(each.id, 0) for each in entities],
            how=how,
            is_live=[words in {LIVE, LIVE_VOTES} for words in how],
            solvable=solvable,
            holdings=holdings,
        )

    def votes(self, index: int) -> list[float]:
        """The votes in a company of all holders attributed wholly to each jurisdiction."""
        facts, company = self.facts, self.entities[index].id
        total = [0.0] * len(facts.codes)
        for _, link in self.holdings.get(company, []):
            if not facts.counts(link):
                continue
            votes = known(votes_of(link)) or 0.0
            if isinstance(facts.project.entities[link.source], Jurisdiction):
                total[facts.place(link.source) - 1] += votes
            else:
                shares = facts.vector(facts.assessment.scores.attribution, link.source)
                total = [sum_so_far + votes * share
                         for sum_so_far, share in zip(total, shares, strict=True)]  # fmt: skip
        return [part / scale(self.held[index]) for part in total]


def economic_matrix(facts: Facts) -> Matrix:
    """Holdings among companies, and what each company has of its own or from jurisdictions."""
    companies = facts.by_kind[EntityKind.COMPANY]
    place = {company.id: number for number, company in enumerate(companies)}
    holdings = _holdings(facts)
    held, silent = _held(facts, holdings, equity=True)
    home = _homes(facts, companies)
    weights = [[0.0] * len(companies) for _ in companies]
    constants = [[0.0] * len(facts.codes) for _ in companies]
    for row, company in enumerate(companies):
        total = held.get(company.id, 0.0)
        rest_to = len(facts.codes) if silent.get(company.id) else home[row]
        constants[row][rest_to - 1] += max(0.0, 1.0 - total)
        for _, link in holdings.get(company.id, []):
            if not facts.counts(link):
                continue
            share = (known(link.share) or 0.0) / scale(total)
            if link.source in place:
                weights[row][place[link.source]] += share
            else:
                constants[row][facts.place(link.source) - 1] += share
    return Matrix(weights, constants)


def is_solvable(weights: list[list[float]]) -> bool:
    """Whether I - W can be inverted: no pivot of its elimination is next to nothing."""
    rows = [
        [float(row == column) - weight for column, weight in enumerate(line)]
        for row, line in enumerate(weights)
    ]
    for step, pivot_row in enumerate(rows):
        pivot = pivot_row[step]
        if abs(pivot) < _SINGULAR:
            return False
        for below in rows[step + 1 :]:
            factor = below[step] / pivot
            if factor:
                for column in range(step, len(rows)):
                    below[column] -= factor * pivot_row[column]
    return True


def in_loops(holdings: dict[str, list[tuple[int, Owns]]]) -> set[str]:
    """Companies that hold themselves, directly or through others (Tarjan's components)."""
    holders = {company: [link.source for _, link in links] for company, links in holdings.items()}
    found = {company for company, sources in holders.items() if company in sources}
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    for root in holders:
        if root in order:
            continue
        path: list[tuple[str, Iterator[str]]] = []
        waiting: str | None = root
        while waiting is not None or path:
            if waiting is not None:
                order[waiting] = lowest[waiting] = len(order)
                stack.append(waiting)
                on_stack.add(waiting)
                path.append((waiting, iter(holders.get(waiting, ()))))
            company, sources = path[-1]
            waiting = None
            for source in sources:
                if source not in order:
                    waiting = source
                    break
                if source in on_stack:
                    lowest[company] = min(lowest[company], order[source])
            if waiting is not None:
                continue
            path.pop()
            if path:
                above = path[-1][0]
                lowest[above] = min(lowest[above], lowest[company])
            if lowest[company] == order[company]:
                component = [stack.pop()]
                while component[-1] != company:
                    component.append(stack.pop())
                on_stack.difference_update(component)
                if len(component) > 1:
                    found.update(component)
    return found


def _holdings(facts: Facts) -> dict[str, list[tuple[int, Owns]]]:
    found: dict[str, list[tuple[int, Owns]]] = defaultdict(list)
    for place, link in enumerate(facts.links["ownership"]):
        if isinstance(link, Owns) and facts.permitted(link):
            found[link.target].append((place, link))
    return found


def _held(
    facts: Facts, holdings: dict[str, list[tuple[int, Owns]]], *, equity: bool
) -> tuple[dict[str, float], dict[str, int]]:
    held, silent = {}, {}
    for company, links in holdings.items():
        counted = [link for _, link in links if facts.counts(link)]
        shares = [known(link.share if equity else votes_of(link)) for link in counted]
        held[company] = sum(share or 0.0 for share in shares)
        silent[company] = sum(known(link.share) is None for link in counted)
    return held, silent


def _origins(facts: Facts) -> dict[str, float]:
    """What the origins of each material add up to."""
    found: dict[str, float] = defaultdict(float)
    for link in facts.links["locations"]:
        is_origin = isinstance(link, Located) and facts.role(link) == LocationRole.ORIGIN
        if is_origin and facts.counts(link):
            found[link.target] += known(getattr(link, "share", None)) or 0.0
    return {material.id: found[material.id] for material in facts.by_kind[EntityKind.MATERIAL]}


def _homes(facts: Facts, entities: list[AnyEntity]) -> list[int]:
    """A company's home as a column number from 1; a plant's operator by its number; else 0."""
    places: dict[tuple[str, str], int] = {}
    operators: dict[str, int] = {}
    for link in facts.project.links.values():
        if not facts.counts(link):
            continue
        if isinstance(link, Located):
            places.setdefault((link.target, facts.role(link)), facts.place(link.source))
        elif isinstance(link, Operates):
            operators.setdefault(link.target, facts.number[link.source])
    found = []
    for entity in entities:
        if isinstance(entity, Company):
            usual = (LocationRole.INCORPORATED, LocationRole.PRINCIPAL)
            at = [places[entity.id, role] for role in usual if (entity.id, role) in places]
            found.append(at[0] if at else len(facts.codes))
        else:
            found.append(operators.get(entity.id, 0))
    return found


def _how(
    facts: Facts, entities: list[AnyEntity], holdings: dict[str, list[tuple[int, Owns]]]
) -> tuple[list[str], bool]:
    basis = facts.assessment.basis
    companies = len(facts.by_kind[EntityKind.COMPANY])
    reason = LIVE
    if basis is Basis.ECONOMIC:
        if companies > MOST_IN_MATRIX:
            reason = TOO_MANY
        elif not is_solvable(economic_matrix(facts).weights):
            reason = CLOSED
    loops = in_loops(holdings) if basis is Basis.CONTROL else set()

    def words(entity: AnyEntity) -> str:
        if not isinstance(entity, Company):
            return LIVE
        if basis is not Basis.CONTROL or entity.id not in holdings:
            return reason
        if entity.id in loops:
            return LOOP
        return MANY if len(holdings[entity.id]) > MOST_HOLDERS else LIVE_VOTES

    return [words(entity) for entity in entities], reason == LIVE
