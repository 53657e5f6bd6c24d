"""A shock worked out slowly, from its definition alone, with plain dicts and loops.

Shares no code with the program: it reads records, takes S and A from the naive score oracle, and
lets availabilities fall from 1 until nothing moves any more.
"""

from __future__ import annotations

from score_oracle import Oracle, U

ROUNDS = 50_000
STILL = 1e-14


def mode(quantity):
    value = quantity[1] if isinstance(quantity, tuple) else quantity
    return None if value is None or value < 0 else float(value)


class ShockOracle:
    """Availabilities of every entity and product under outages.

    ``off`` is a list of (entity id, channels, fraction); ``hit_unknown`` lets the outages hit what
    is unknown as well.
    """

    def __init__(self, project, basis, off, *, hit_unknown=False):
        self.scores = Oracle(project, basis)
        self.project, self.entities = project, project.entities
        self.links = self.scores.links
        self.switched, self.fraction = {}, {"made-in": {}, "made-by": {}, "licenses": {}}
        for entity, channels, fraction in off:
            if self.entities[entity].kind == "jurisdiction":
                code = self.entities[entity].code or entity
                for channel in channels:
                    hit = self.fraction[channel]
                    hit[code] = max(hit.get(code, 0.0), fraction)
            else:
                self.switched[entity] = max(self.switched.get(entity, 0.0), fraction)
        if hit_unknown:
            for hit in self.fraction.values():
                hit[U] = max(hit.values(), default=0.0)
        self.a = self.fall()

    def into(self, kind, target):
        return [link for link in self.links if link.kind == kind and link.target == target]

    def own(self, e):
        """What the outages leave of an entity by themselves."""
        f_in, f_by = self.fraction["made-in"], self.fraction["made-by"]
        kind, off = self.entities[e].kind, self.switched.get(e, 0.0)
        if kind == "license":
            granted = self.into("licenses", e)
            covered = sum(mode(use.share) or 0.0 for use in self.into("uses", e))
            nobody = not granted and covered < 1 - 1e-13
            return 1 - max(off, self.fraction["licenses"].get(U, 0.0) if nobody else 0.0)
        if kind == "jurisdiction":
            return 1.0
        if kind == "material":
            return sum(
                float(share) * (1 - max(f_in.get(c, 0), f_by.get(c, 0), off))
                for c, share in self.scores.S[e].items()
            )
        return sum(
            float(there) * float(whose) * (1 - max(f_in.get(c, 0), f_by.get(d, 0), off))
            for c, there in self.scores.S[e].items()
            for d, whose in self.scores.A[e].items()
        )

    def grants(self, company):
        """How much of what a licensor grants is left."""
        off = self.switched.get(company, 0.0)
        return sum(
            float(share) * (1 - max(self.fraction["licenses"].get(place, 0.0), off))
            for place, share in self.scores.A[company].items()
        )

    def items(self, e, product=None):
        """The supplies of each item that an entity (or one product of it) needs."""
        made = [each.id for each in getattr(self.entities[e], "products", ())]
        found = {}
        for link in self.into("supplies", e):
            if link.product in made and product is not None and link.product != product:
                continue
            name = (link.item.strip() or self.project.name(link.source)).casefold()
            found.setdefault(name, []).append(link)
        return found.values()

    def shared(self, links):
        """Links of one item with their shares by cost."""
        costs = [mode(link.cost) for link in links]
        stated = [cost for cost in costs if cost is not None]
        if sum(stated) == 0:
            return [(link, 1 / len(links)) for link in links]
        mean = sum(stated) / len(stated)
        costs = [mean if cost is None else cost for cost in costs]
        return [(link, cost / sum(costs)) for link, cost in zip(links, costs, strict=True)]

    def least(self, e, a, product=None):
        """The least available of what an entity (or one product) needs."""
        found = [
            sum(share * a[link.source] for link, share in self.shared(links))
            for links in self.items(e, product)
        ]
        found += [a[use.source] for use in self.into("uses", e) if mode(use.share) != 0]
        found += [
            self.grants(grant.source)
            for grant in self.into("licenses", e)
            if mode(grant.share) != 0
        ]
        if operators := self.into("operates", e):
            found.append(1 - self.switched.get(operators[0].source, 0.0))
        return min(found, default=1.0)

    def all_of(self, e, a):
        """The least available of an entity's products, or of itself where it has none."""
        products = getattr(self.entities[e], "products", ())
        return min([self.least(e, a, each.id) for each in products] or [self.least(e, a)])

    def fall(self):
        own = {e: self.own(e) for e in self.entities}
        a = dict.fromkeys(self.entities, 1.0)
        for _ in range(ROUNDS):
            after = {e: own[e] * self.all_of(e, a) for e in self.entities}
            moved = max(abs(after[e] - a[e]) for e in a)
            a = after
            if moved <= STILL:
                return a
        raise ArithmeticError("does not settle")

    def product(self, plant, product):
        """How much of one product of a plant is left."""
        return self.own(plant) * self.least(plant, self.a, product)
