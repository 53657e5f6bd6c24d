"""What the map does not say that bears on a test of a product."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from depmap_gui.analysis.law_samples import judge
from depmap_gui.analysis.score_gaps import between, lends, operates
from depmap_gui.analysis.supposed import (
    Gap,
    Home,
    Supposition,
    at_home,
    fresh_id,
    licensed,
    placed,
    with_field,
    with_newcomer,
    with_records,
)
from depmap_gui.analysis.uncertainty_results import FactKind, Place, TestQuestion
from depmap_gui.analysis.wording import percent
from depmap_gui.domain.in_force import MapInForce, last_day
from depmap_gui.domain.kinds import LocationRole, SupplyCategory
from depmap_gui.domain.project import Project
from depmap_gui.domain.quantity import mode
from depmap_gui.domain.records import (
    AnyLink,
    Company,
    Jurisdiction,
    Lends,
    License,
    Licenses,
    Owns,
    Plant,
    Supplies,
    Uses,
)
from depmap_gui.rules.methods import COST_METHODS
from depmap_gui.rules.own_facts import NATIONS
from depmap_gui.rules.pack import RulePack
from depmap_gui.rules.results import Answer, CompanyStatus, CostLine, CreditResult, LawResult

WHOLE = 1.0 - 1e-9
ENDLESS_MONTHS = 1200.0
"""A services period that no law bears."""


def telling_homes(project: Project, packs: Sequence[RulePack], pack: str) -> tuple[Home, ...]:
    """Jurisdictions whose companies the law treats differently: one that it does not mind, one
    that it does.

    Found by judging a company of each place on the map and of each that the pack names.
    """
    homes = [
        Home(place.code or place.id, place.name or place.code, place.id)
        for place in project.of_kind(Jurisdiction)
    ]
    rules = next(each for each in packs if each.id == pack)
    day = last_day(project.header.year)
    named = rules.value(NATIONS, day) if NATIONS in rules.parameters else None
    known = {home.code for home in homes}
    words = named.value if named is not None and isinstance(named.value, tuple) else ()
    homes += [Home(str(code), str(code)) for code in words if code not in known]
    tried = project
    ids = []
    for home in homes:
        ids.append(fresh_id(tried, "supposed-company"))
        tried = with_records(tried, entities=[Company(id=ids[-1], name=home.name)])
        tried = at_home(tried, home, ids[-1], LocationRole.INCORPORATED)
    statuses = judge(tried, packs).companies.get(pack, {})
    answers = [statuses[id].prohibited if id in statuses else Answer.UNKNOWN for id in ids]
    found = [
        next((home for home, given in zip(homes, answers, strict=True) if given is answer), None)
        for answer in (Answer.NO, Answer.YES)
    ]
    return tuple(home for home in found if home is not None) or tuple(homes[:2])


@dataclass(frozen=True, eq=False)
class LawGaps:
    """Finds the gaps under one test of a credit."""

    project: Project
    law: LawResult
    credit: CreditResult
    question: TestQuestion
    rules: RulePack
    homes: tuple[Home, ...]

    def found(self) -> list[Gap]:
        """Every gap, once."""
        gaps: dict[Place, Gap] = {}
        for gap in self._all():
            gaps.setdefault(gap.place, gap)
        return list(gaps.values())

    @property
    def _method(self) -> str:
        return self.rules.tests[self.question.test].method

    @property
    def _map(self) -> MapInForce:
        return MapInForce(self.project, last_day(self.project.header.year))

    def _all(self) -> Iterator[Gap]:
        if self.credit.taxpayer is None:
            plant = self.credit.plant
            yield self._of_home(
                FactKind.OPERATOR,
                Place(plant, "operator"),
                f"who operates {self.project.name(plant)}",
                lambda home: with_newcomer(home, operates(plant)),
            )
        if self._method in COST_METHODS:
            yield from self._lines()
            companies = [line.maker for line in self._cost_lines() if line.pfe is Answer.UNKNOWN]
            yield from self._companies([each for each in companies if each is not None])
            return
        yield from self._agreements()
        if self.credit.taxpayer is not None:
            title = self.rules.tests[self.question.test].title
            yield from self._declared(self.credit.taxpayer, {self.question.test: title})
            yield from self._companies([self.credit.taxpayer])

    def _of_home(
        self, kind: FactKind, place: Place, question: str, suppose: Callable[[Home], Supposition]
    ) -> Gap:
        answers = tuple((home.name, suppose(home)) for home in self.homes)
        return Gap(kind, place, question, answers)

    # Costs ------------------------------------------------------------------------------------

    def _cost_lines(self) -> tuple[CostLine, ...]:
        return () if self.credit.material is None else self.credit.material.lines

    def _lines(self) -> Iterator[Gap]:
        lines = self._cost_lines()
        total = sum(line.mode or 0.0 for line in lines)
        for line in lines:
            if line.link is None:
                yield self._undocumented(line)
                continue
            name = self._delivery(line)
            sources = self.project.links[line.link].sources
            if line.mode is None:
                place = Place(line.link, "cost")
                answers = (
                    ("nothing", with_field(place, 0.0)),
                    ("as much as all others together", with_field(place, total or 1.0)),
                )
                yield Gap(FactKind.COST, place, f"what {name} costs a year", answers, 0.0, sources)
            if line.included is Answer.UNKNOWN:
                place = Place(line.link, "category")
                counted = self._counted_category()
                answers = (
                    ("one that counts", with_field(place, counted)),
                    ("a service", with_field(place, SupplyCategory.SERVICE)),
                )
                question = f"of which category {name} is"
                yield Gap(FactKind.CATEGORY, place, question, answers, 0.0, sources)
            if line.pfe is Answer.UNKNOWN and line.maker is None:
                yield self._maker(line, name)

    def _counted_category(self) -> SupplyCategory:
        """A category that belongs to the credit's direct material cost."""
        named = self.rules.credits[self.credit.credit].cost_categories
        counted = (each for each in SupplyCategory if each in named)
        return next(counted, SupplyCategory.MATERIAL)

    def _delivery(self, line: CostLine) -> str:
        supplier = self.project.name(line.supplier or "")
        if line.item.casefold() in ("", supplier.casefold()):
            return f"the {supplier}" if line.item else f"what {supplier} delivers"
        return f"the {line.item} from {supplier}"

    def _undocumented(self, line: CostLine) -> Gap:
        plant, product = self.credit.plant, self.credit.product
        most = max(line.mode or 0.0, line.high or 0.0)
        category = self._counted_category()

        def supplies(project: Project, company: str) -> AnyLink:
            return Supplies(
                id=fresh_id(project, "supposed-supply"),
                source=company,
                target=plant,
                item="the rest",
                category=category,
                cost=most,
                product=product,
            )

        return self._of_home(
            FactKind.MATERIAL_COST,
            Place(plant, "material_cost", product),
            f"who makes the {most:,.0f} of direct material cost of {product} that no supply link "
            "documents",
            lambda home: with_newcomer(home, supplies),
        )

    def _maker(self, line: CostLine, name: str) -> Gap:
        supplier = line.supplier or ""
        entity = self.project.entities[supplier]
        if isinstance(entity, Plant):
            return self._of_home(
                FactKind.OPERATOR,
                Place(supplier, "operator"),
                f"who operates {self.project.name(supplier)}",
                lambda home: with_newcomer(home, operates(supplier)),
            )

        def supplies(project: Project, company: str) -> AnyLink:
            id = fresh_id(project, "supposed-maker")
            return Supplies(id=id, source=company, target=supplier, cost=1.0)

        return self._of_home(
            FactKind.MAKER,
            Place(supplier, "maker"),
            f"who makes {name}",
            lambda home: with_newcomer(home, supplies),
        )

    # Companies --------------------------------------------------------------------------------

    def _companies(self, companies: Sequence[str]) -> Iterator[Gap]:
        """What is not known of companies, of those that hold shares in them or lend to them."""
        on_the_day = self._map
        waiting, seen = list(dict.fromkeys(companies)), set(companies)
        while waiting:
            company = waiting.pop(0)
            yield from self._company(on_the_day, company)
            links = (*on_the_day.into(Owns, company), *on_the_day.into(Lends, company))
            for holder in (link.source for link in links):
                if holder not in seen and isinstance(self.project.entities[holder], Company):
                    seen.add(holder)
                    waiting.append(holder)

    def _company(self, on_the_day: MapInForce, company: str) -> Iterator[Gap]:
        name = self.project.name(company)
        roles = (LocationRole.INCORPORATED, LocationRole.PRINCIPAL)
        if not any(on_the_day.places(company, role) for role in roles):
            yield self._of_home(
                FactKind.DOMICILE,
                Place(company, LocationRole.INCORPORATED.value),
                f"where {name} is incorporated",
                lambda home: placed(home, company, LocationRole.INCORPORATED),
            )
        yield from self._held(on_the_day.into(Owns, company), company, "equity", FactKind.OWNER)
        yield from self._held(on_the_day.into(Lends, company), company, "debt", FactKind.DEBT)
        status = self._status(company)
        if status is not None and status.prohibited is Answer.UNKNOWN:
            yield from self._declared(company, {id: id.upper() for id in status.answers})

    def _status(self, company: str) -> CompanyStatus | None:
        return self.law.companies.get(self.question.pack, {}).get(company)

    def _held(
        self, links: Sequence[Owns] | Sequence[Lends], company: str, what: str, kind: FactKind
    ) -> Iterator[Gap]:
        """Holdings of unknown size in a company or its debt, and who holds the rest."""
        name = self.project.name(company)
        told = sum(mode(link.share) for link in links if link.share is not None)
        rest = max(0.0, 1.0 - told)
        for link in links:
            if link.share is None:
                question = f"how much of the {what} of {name} is held by "
                question += self.project.name(link.source)
                place = Place(link.id, "share")
                yield between(FactKind.SHARE, place, question, rest, 0.0, link.sources)
        if rest <= 1.0 - WHOLE:
            return

        def owns(project: Project, holder: str) -> AnyLink:
            id = fresh_id(project, "supposed-holding")
            return Owns(id=id, source=holder, target=company, share=rest)

        link_of = owns if kind is FactKind.OWNER else lends(company, rest)
        other = "" if rest >= WHOLE else f"the other {percent(rest)} of "
        yield self._of_home(
            kind,
            Place(company, what),
            f"who holds {other}the {what} of {name}",
            lambda home: with_newcomer(home, link_of),
        )

    def _declared(self, company: str, questions: dict[str, str]) -> Iterator[Gap]:
        """A status that the analyst may assert with a source, no and yes."""
        entity = self.project.entities[company]
        if not isinstance(entity, Company) or not questions:
            return
        place = Place(company, "declared")
        first = next(iter(questions))
        no = entity.declared | dict.fromkeys(questions, Answer.NO.value)
        yes = entity.declared | {first: Answer.YES.value}
        yield Gap(
            FactKind.STATUS,
            place,
            f"whether {self.project.name(company)} is caught by "
            f"'{' or '.join(questions.values())}', and declare it with its source",
            (("no", with_field(place, no)), ("yes", with_field(place, yes))),
        )

    # Agreements -------------------------------------------------------------------------------

    def _agreements(self) -> Iterator[Gap]:
        """Unanswered terms and missing licensors of agreements that the plant produces under."""
        on_the_day = self._map
        users = {self.credit.plant, self.credit.taxpayer}
        found = self.law.licenses.get(self.question.pack, {})
        silent: dict[str, list[str]] = {}
        for id, control in found.items():
            if not _reaches(on_the_day, id, users):
                continue
            if not on_the_day.into(Licenses, id):
                yield self._licensor(id)
            flags = [flag.flag for flag in control.flags if flag.answer is Answer.UNKNOWN]
            if flags:
                silent[id] = flags
                yield from self._flags(id, flags)
        if silent:
            yield self._all_silent(silent)

    def _licensor(self, license: str) -> Gap:
        return self._of_home(
            FactKind.LICENSOR,
            Place(license, "licensors"),
            f"who licenses {self.project.name(license)}",
            lambda home: with_newcomer(home, licensed(license)),
        )

    def _flags(self, license: str, flags: Sequence[str]) -> Iterator[Gap]:
        name = self.project.name(license)
        for id in flags:
            flag = self.rules.flags[id]
            for field, no, yes in self._answers(license, id):
                place = Place(license, field)
                answers = (("no", with_field(place, no)), ("yes", with_field(place, yes)))
                question = f"what {name} says of {flag.title.lower()} ({flag.question})"
                yield Gap(FactKind.TERM, Place(license, f"{field}.{id}"), question, answers)

    def _answers(self, license: str, flag: str) -> Iterator[tuple[str, Any, Any]]:
        """The field that decides a flag, with a value for which it does not hold and one for
        which it does."""
        entity = self.project.entities[license]
        assert isinstance(entity, License)
        term = self.rules.flags[flag].term
        if term:
            yield "terms", entity.terms | {term: False}, entity.terms | {term: True}
        elif self.rules.flags[flag].method == "service-months":
            yield "service_months", 0.0, ENDLESS_MONTHS
        elif self.rules.flags[flag].method == "royalty-years" and entity.signed is not None:
            yield "last_royalty", entity.signed, entity.signed.replace(year=date.max.year)

    def _all_silent(self, silent: Mapping[str, Sequence[str]]) -> Gap:
        """None of the open rights and flags of all the agreements holds."""

        def supposed(project: Project) -> Project:
            for license, flags in silent.items():
                for flag in flags:
                    entity = project.entities[license]
                    assert isinstance(entity, License)
                    term = self.rules.flags[flag].term
                    if term:
                        terms = entity.terms | {term: False}
                        project = with_field(Place(license, "terms"), terms)(project)
                project = with_field(Place(license, "service_months"), 0.0)(project)
                project = with_field(Place(license, "royalty"), 0.0)(project)
            return project

        count = sum(map(len, silent.values()))
        names = " and ".join(self.project.name(license) for license in silent)
        question = f"whether any of the {count} open terms of {names} gives such a right"
        place = Place(self.credit.plant, "agreements")
        return Gap(FactKind.TERM, place, question, (("none does", supposed),))


def _reaches(on_the_day: MapInForce, license: str, users: set[str | None]) -> bool:
    """Whether one of the users uses a license, or one that it is sub-licensed to."""
    waiting, seen = [license], {license}
    while waiting:
        for link in on_the_day.out_of(Uses, waiting.pop()):
            if link.target in users:
                return True
            if link.target not in seen:
                seen.add(link.target)
                waiting.append(link.target)
    return False
