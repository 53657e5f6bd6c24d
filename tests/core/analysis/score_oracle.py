"""The scores worked out slowly, from their definitions alone, with plain dicts and loops.

Shares no code with the program: everything is an exact fraction, linear systems are solved by
Gaussian elimination on lists, and a closed circle is found by walking the graph. Only records are
read.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from fractions import Fraction

U = "unknown"
HALF = Fraction(1, 2)


def mode(quantity):
    if isinstance(quantity, tuple):
        quantity = quantity[1]
    return None if quantity is None or not quantity >= 0 else Fraction(repr(quantity))


def mix(*parts):
    """Sum of weight * vector."""
    total = defaultdict(Fraction)
    for weight, vector in parts:
        for place, share in vector.items():
            total[place] += weight * share
    return dict(total)


def unit(place):
    return {place: Fraction(1)}


def scaled(shares):
    """Shares with None kept; divided by their sum where that is above 1."""
    total = sum(share for share in shares if share is not None)
    return [share if share is None or total <= 1 else share / total for share in shares]


def solve_system(weights, constants):
    """X(e) = sum of weights[e][s] X(s) + constants[e]; members of closed circles are unknown."""
    names = list(constants)
    reach = {e: {s for s, w in weights.get(e, {}).items() if w > 0} for e in names}
    closed = []
    for e in names:
        seen, todo = set(), [e]
        while todo:
            for s in reach[todo.pop()]:
                if s not in seen:
                    seen.add(s)
                    todo.append(s)
        full = all(sum(weights.get(s, {}).values()) == 1 for s in seen | {e})
        back = all(e in _reachable(reach, s) for s in seen)
        if seen and full and back:
            closed.append(e)
    weights = {e: ({} if e in closed else weights.get(e, {})) for e in names}
    constants = {e: (unit(U) if e in closed else constants[e]) for e in names}
    places = sorted({place for vector in constants.values() for place in vector})
    table = [
        [Fraction(a == b) - weights[a].get(b, 0) for b in names]
        + [constants[a].get(place, Fraction(0)) for place in places]
        for a in names
    ]
    for i in range(len(names)):
        pivot = next(r for r in range(i, len(names)) if table[r][i] != 0)
        table[i], table[pivot] = table[pivot], table[i]
        head = table[i][i]
        table[i] = [value / head for value in table[i]]
        for r in range(len(names)):
            if r != i and table[r][i] != 0:
                factor = table[r][i]
                table[r] = [a - factor * b for a, b in zip(table[r], table[i], strict=True)]
    return {
        name: {place: table[i][len(names) + k] for k, place in enumerate(places)}
        for i, name in enumerate(names)
    }


def _reachable(reach, start):
    seen, todo = set(), [start]
    while todo:
        for s in reach[todo.pop()]:
            if s not in seen:
                seen.add(s)
                todo.append(s)
    return seen


class Oracle:
    """All vectors of a project on a day, as attributes by entity id."""

    def __init__(self, project, basis, day=date(2026, 12, 31)):
        self.project = project
        self.entities = project.entities
        self.links = [
            link
            for link in project.links.values()
            if (link.valid_from is None or link.valid_from <= day)
            and (link.valid_to is None or link.valid_to >= day)
            and not getattr(link, "candidate", False)
        ]
        self.D = {e: self.domicile(e) for e in self.of("company", "material")}
        self.S = dict(self.D) | {p: self.place(p, "site") or unit(U) for p in self.of("plant")}
        self.economic = self.economic_attribution()
        companies = {
            "domicile": lambda: {c: self.D[c] for c in self.of("company")},
            "economic": lambda: self.economic,
            "control": self.control_attribution,
        }[basis]()
        self.A = dict(companies)
        self.A |= {m: self.D[m] for m in self.of("material")}
        self.A |= {j: unit(self.code(j)) for j in self.of("jurisdiction")}
        self.A |= {p: self.operated(p, self.A) or unit(U) for p in self.of("plant")}
        self.O = self.technology()
        self.T = {e: self.ip(e) for e in self.of("plant", "company")}
        self.E = self.embedded()
        self.made_in_first, self.made_in = self.inputs(self.S)
        self.made_by_first, self.made_by = self.inputs(self.A)
        self.ownership = {p: v for p in self.of("plant") if (v := self.operated(p, self.economic))}
        self.debt = self.debts()

    def of(self, *kinds):
        return [e for e, entity in self.entities.items() if entity.kind in kinds]

    def into(self, kind, target):
        return [link for link in self.links if link.kind == kind and link.target == target]

    def code(self, jurisdiction):
        return self.entities[jurisdiction].code or jurisdiction

    def place(self, entity, role):
        usual = {"company": "incorporated", "plant": "site", "material": "origin"}
        for link in self.into("located", entity):
            if (link.role or usual[self.entities[entity].kind]) == role:
                return unit(self.code(link.source))
        return None

    def domicile(self, entity):
        if self.entities[entity].kind == "company":
            return self.place(entity, "incorporated") or self.place(entity, "principal") or unit(U)
        links = [x for x in self.into("located", entity) if x.role in (None, "origin")]
        shares = [share or Fraction(0) for share in scaled([mode(x.share) for x in links])]
        parts = [(s, unit(self.code(x.source))) for s, x in zip(shares, links, strict=True)]
        return mix(*parts, (1 - sum(shares), unit(U)))

    def operated(self, plant, attribution):
        for link in self.into("operates", plant):
            return attribution[link.source]
        return None

    def economic_attribution(self):
        weights, constants = {}, {}
        for o in self.of("company"):
            links = self.into("owns", o)
            shares = scaled([mode(x.share) for x in links])
            rest = 1 - sum(s for s in shares if s is not None)
            parts = [(rest, unit(U) if None in shares else self.D[o])]
            weights[o] = defaultdict(Fraction)
            for x, s in zip(links, shares, strict=True):
                if self.entities[x.source].kind == "jurisdiction":
                    parts.append((s or Fraction(0), unit(self.code(x.source))))
                else:
                    weights[o][x.source] += s or Fraction(0)
            constants[o] = mix(*parts)
        return solve_system(weights, constants)

    def control_attribution(self):
        companies = self.of("company")
        owners = {
            o: {x.source for x in self.into("owns", o) if x.source in companies} for o in companies
        }
        current = {c: next(iter(self.D[c])) for c in companies}
        current |= {j: self.code(j) for j in self.of("jurisdiction")}

        def majority(o):
            links = self.into("owns", o)
            votes = scaled([mode(x.share if x.votes is None else x.votes) for x in links])
            tally = defaultdict(Fraction)
            for x, v in zip(links, votes, strict=True):
                tally[current[x.source]] += v or Fraction(0)
            winners = [c for c, v in tally.items() if v > HALF]
            return winners[0] if winners else next(iter(self.D[o]))

        left = list(companies)
        above = {o: _reachable(owners, o) for o in companies}
        while left:
            o = next(c for c in left if all(h not in left or c in above[h] for h in above[c]))
            loop = [c for c in left if c == o or (c in above[o] and o in above[c])]
            if len(loop) == 1 and o not in above[o]:
                current[o] = majority(o)
            else:
                for _ in loop:
                    after = {c: majority(c) for c in loop}
                    if all(after[c] == current[c] for c in loop):
                        break
                    current |= after
                changing = [c for c in loop if majority(c) != current[c]]
                current |= {c: next(iter(self.D[c])) for c in changing}
            left = [c for c in left if c not in loop]
        return {c: unit(current[c]) for c in companies}

    def technology(self):
        weights, constants = {}, {}
        for deal in self.of("license"):
            subs = self.into("uses", deal)
            shares = scaled([mode(x.share) for x in subs])
            rest = 1 - sum(s for s in shares if s is not None)
            weights[deal] = defaultdict(Fraction)
            for x, s in zip(subs, shares, strict=True):
                weights[deal][x.source] += s or Fraction(0)
            licensors = self.into("licenses", deal)
            given = [mode(x.share) for x in licensors]
            left = max(Fraction(0), 1 - sum(g for g in given if g is not None))
            q = [left / given.count(None) if g is None else g for g in given]
            whole = sum(q)
            if None in shares or whole == 0:
                constants[deal] = {U: rest}
            else:
                constants[deal] = mix(
                    *(
                        (rest * part / whole, self.A[x.source])
                        for x, part in zip(licensors, q, strict=True)
                    )
                )
        return solve_system(weights, constants)

    def ip(self, e):
        uses, supplies = self.into("uses", e), self.into("supplies", e)
        shares = [mode(x.share) for x in uses] + [mode(x.ip_share) for x in supplies]
        shares = [s or Fraction(0) for s in [*shares, mode(self.entities[e].own_ip)]]
        shares = scaled(shares)
        vectors = [self.O[x.source] for x in uses] + [self.A[x.source] for x in supplies]
        parts = list(zip(shares, [*vectors, self.A[e]], strict=True))
        return mix(*parts, (1 - sum(shares), unit(U)))

    def bought_in(self, e):
        stated = mode(getattr(self.entities[e], "bought_in", None))
        if stated is not None and stated <= 1:
            return stated
        default = Fraction(repr(self.project.bought_in))
        return default if self.into("supplies", e) else Fraction(0)

    def embedded(self):
        weights, constants = {}, {}
        for e in self.of("plant", "company"):
            costed = [
                (x.source, cost)
                for x in self.into("supplies", e)
                if (cost := mode(x.cost)) is not None
            ]
            total = sum(cost for _, cost in costed)
            b = self.bought_in(e) if total > 0 else Fraction(0)
            weights[e] = defaultdict(Fraction)
            for source, cost in costed:
                weights[e][source] += b * cost / total if total > 0 else Fraction(0)
            constants[e] = mix((1 - b, self.T[e]))
        for m in self.of("material"):
            weights[m], constants[m] = {}, self.D[m]
        return solve_system(weights, constants)

    def input_weights(self, e):
        """(source, or None where undocumented, weight) for each supply."""
        links = self.into("supplies", e)
        costs = [mode(x.cost) for x in links]
        known = [c for c in costs if c is not None]
        if sum(known) == 0:
            return [
                (x.source if c is not None or not known else None, Fraction(1, len(links)))
                for x, c in zip(links, costs, strict=True)
            ]
        mean = sum(known) / len(known)
        whole = sum(known) + mean * costs.count(None)
        return [
            (None, mean / whole) if c is None else (x.source, c / whole)
            for x, c in zip(links, costs, strict=True)
        ]

    def inputs(self, place_of):
        supplied = [e for e in self.of("plant", "company", "material") if self.into("supplies", e)]
        first, weights, constants = {}, {}, {}
        for e in supplied:
            direct, chain = [], []
            weights[e] = defaultdict(Fraction)
            for s, w in self.input_weights(e):
                value = unit(U) if s is None else place_of[s]
                b = self.bought_in(s) if s in supplied else Fraction(0)
                direct.append((w, value))
                chain.append((w * (1 - b), value))
                if s in supplied:
                    weights[e][s] += w * b
            first[e], constants[e] = mix(*direct), mix(*chain)
        return first, solve_system(weights, constants)

    def debts(self):
        found = {}
        for c in self.of("company"):
            links = self.into("lends", c)
            if links:
                shares = [s or Fraction(0) for s in scaled([mode(x.share) for x in links])]
                parts = [(s, self.A[x.source]) for s, x in zip(shares, links, strict=True)]
                found[c] = mix(*parts, (1 - sum(shares), unit(U)))
        return found
