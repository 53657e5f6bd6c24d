"""Every check finds its fault on a map that is otherwise clean, and nothing on the clean one."""

import time
from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec
import pytest

from depmap_gui.domain.checks import Finding, Severity, check
from depmap_gui.domain.countries import code_of, countries
from depmap_gui.domain.document import Document
from depmap_gui.domain.edits import Add, Edit, SetField, SetHeader
from depmap_gui.domain.kinds import LegalForm, LocationRole, Section, SupplyCategory
from depmap_gui.domain.project import Header, Project
from depmap_gui.domain.records import (
    AnyLink,
    Company,
    Jurisdiction,
    Lends,
    License,
    Licenses,
    Located,
    Material,
    Operates,
    Owns,
    Plant,
    Product,
    Scenario,
    ScenarioChange,
    Source,
    Supplies,
    Uses,
)
from depmap_gui.domain.views import Group, View

DAY = date(2026, 12, 31)
ORIGIN, INCORPORATED = LocationRole.ORIGIN, LocationRole.INCORPORATED


def by_id(*records: Any) -> dict[str, Any]:
    return {record.id: record for record in records}


CLEAN = Project(
    header=Header(bought_in=0.4),
    entities=by_id(
        Jurisdiction(id="cn", name="China", code="CN"),
        Jurisdiction(id="us", name="United States", code="US"),
        Company(id="maker", name="Maker", declared={"sfe": "no", "source": "s1"}),
        Company(id="cells", name="CellCo", own_ip=0.5, sources=("s1",)),
        Company(id="ann", name="Ann", form=LegalForm.PERSON),
        License(id="deal", name="Deal", signed=date(2023, 2, 13), expires=date(2033, 1, 1)),
        License(id="root", name="Root"),
        Material(id="ore", name="Ore"),
        Plant(
            id="works",
            name="Works",
            own_ip=0.3,
            products=(Product(id="p", in_service=date(2026, 1, 1)), Product(id="q", units=5.0)),
        ),
    ),
    links=by_id(
        Located(id="at-maker", source="us", target="maker", role=INCORPORATED),
        Located(id="at-cells", source="cn", target="cells"),
        Located(id="at-ann", source="us", target="ann", role=LocationRole.CITIZEN),
        Located(id="at-works", source="us", target="works", role=LocationRole.SITE),
        Located(id="ore-cn", source="cn", target="ore", role=ORIGIN, share=0.7),
        Located(id="ore-us", source="us", target="ore", role=ORIGIN, share=0.3),
        Operates(id="op", source="maker", target="works"),
        Owns(id="own", source="ann", target="maker", share=0.6, votes=0.9, seats=0.5),
        Lends(id="loan", source="cells", target="maker", share=0.4),
        Licenses(id="lic", source="cells", target="deal", share=1.0),
        Licenses(id="lic-root", source="cells", target="root"),
        Uses(id="sub", source="root", target="deal", share=0.4),
        Uses(id="use", source="deal", target="works", share=(0.4, 0.5, 0.6), sources=("s1",)),
        Supplies(
            id="sup",
            source="ore",
            target="works",
            product="p",
            category=SupplyCategory.MATERIAL,
            cost=1e6,
            ip_share=0.2,
            valid_from=date(2025, 1, 1),
            valid_to=date(2030, 1, 1),
        ),
    ),
    sources=by_id(Source(id="s1", title="Filing", grade="B2")),
    scenarios=by_id(
        Scenario(
            id="sc",
            name="Swap",
            changes=(
                ScenarioChange(set="use", field="share", value=0.2),
                ScenarioChange(
                    add={"id": "x", "kind": "owns", "source": "cells", "target": "maker"}
                ),
            ),
        )
    ),
    views=by_id(View(id="v", positions={"works": (0.0, 0.0)}, hidden=("material",))),
)


def entity(record: Any) -> Callable[[Project], Project]:
    """The clean map with one entity more, or in the place of the one of that id."""
    return lambda base: msgspec.structs.replace(base, entities={**base.entities, record.id: record})


def link(record: AnyLink) -> Callable[[Project], Project]:
    return lambda base: msgspec.structs.replace(base, links={**base.links, record.id: record})


def without(id: str) -> Callable[[Project], Project]:
    return lambda base: msgspec.structs.replace(
        base, links={key: value for key, value in base.links.items() if key != id}
    )


def changed(id: str, **fields: Any) -> Callable[[Project], Project]:
    def change(base: Project) -> Project:
        if id in base.entities:
            return entity(msgspec.structs.replace(base.entities[id], **fields))(base)
        return link(msgspec.structs.replace(base.links[id], **fields))(base)

    return change


def scenario(*changes: ScenarioChange) -> Callable[[Project], Project]:
    record = Scenario(id="sc", name="Swap", changes=changes)
    return lambda base: msgspec.structs.replace(base, scenarios={"sc": record})


def header(**fields: Any) -> Callable[[Project], Project]:
    return lambda base: msgspec.structs.replace(base, header=Header(**fields))


def view(**fields: Any) -> Callable[[Project], Project]:
    return lambda base: msgspec.structs.replace(base, views={"v": View(id="v", **fields)})


E, W, H = Severity.ERROR, Severity.WARNING, Severity.HINT

# Code, severity, what is done to the clean map, an id concerned, what the sentence says.
Case = tuple[str, Severity, Callable[[Project], Project], str, str]
CASES: list[Case] = [
    ("link.dangling", E, link(Owns(id="n", source="gone", target="maker")), "n", "'gone'"),
    (
        "link.dangling",
        E,
        link(Uses(id="n", source="gone", target="lost")),
        "n",
        "'gone' and 'lost'",
    ),
    ("link.ends", E, link(Owns(id="n", source="works", target="maker")), "works", "plant Works"),
    ("owns.self", W, link(Owns(id="n", source="cells", target="cells", share=0.1)), "n", "itself"),
    ("supplies.self", W, link(Supplies(id="n", source="works", target="works")), "n", "itself"),
    ("lends.self", W, link(Lends(id="n", source="cells", target="cells")), "n", "itself"),
    ("uses.self", W, link(Uses(id="n", source="root", target="root")), "n", "itself"),
    ("quantity.range", E, changed("works", own_ip=-0.1), "works", "Own IP of Works is -10%"),
    ("quantity.range", E, changed("sub", share=40.0), "sub", "between 0% and 100%"),
    ("quantity.range", E, changed("sup", cost=(-5.0, 0.0, 1.0)), "sup", "cannot be below zero"),
    ("quantity.order", E, changed("use", share=(0.6, 0.5, 0.4)), "use", "[60%, 50%, 40%]"),
    ("quantity.order", E, changed("use", share=float("nan")), "use", "must rise"),
    ("quantity.range", E, header(bought_in=1.2), "", "default bought-in share is 120%"),
    (
        "owns.total",
        E,
        link(Owns(id="n", source="cells", target="maker", share=0.5, votes=0.05)),
        "own",
        "110%",
    ),
    ("owns.total", E, link(Owns(id="n", source="cells", target="maker", votes=0.2)), "n", "votes"),
    ("owns.total", E, link(Owns(id="n", source="cells", target="maker", seats=0.6)), "n", "seats"),
    ("lends.total", E, link(Lends(id="n", source="ann", target="maker", share=0.7)), "n", "110%"),
    ("ip.total", E, changed("works", own_ip=0.4), "works", "its own 40%"),
    ("ip.total", E, changed("sup", ip_share=0.3), "sup", "110%"),
    ("license.total", E, changed("sub", share=1.0 + 1e-6), "sub", "sub-licenses of Deal"),
    (
        "licensors.total",
        E,
        link(Licenses(id="n", source="maker", target="deal", share=0.1)),
        "n",
        "",
    ),
    ("licensors.mixed", W, link(Licenses(id="n", source="maker", target="deal")), "n", "Maker has"),
    ("origin.total", E, changed("ore-us", share=0.4), "ore-us", "110%"),
    ("plant.no_operator", W, without("op"), "works", "No company operates Works on 2026-12-31"),
    ("plant.no_operator", W, changed("op", valid_to=date(2026, 12, 30)), "works", "the taxpayer"),
    (
        "plant.operators",
        E,
        link(Operates(id="n", source="cells", target="works")),
        "n",
        "Maker and",
    ),
    ("license.no_licensor", W, without("lic"), "deal", "Nobody grants Deal"),
    ("license.unused", H, without("use"), "deal", "Nobody uses Deal"),
    ("jurisdiction.code", E, changed("us", code="USA"), "us", "has the code 'USA'"),
    ("jurisdiction.code", W, changed("us", code=""), "us", "has no code"),
    ("jurisdiction.duplicate", E, changed("us", code="CN"), "cn", "both have the code CN"),
    ("located.role", E, changed("at-works", role=INCORPORATED), "at-works", "it can be site"),
    ("located.person", W, changed("at-maker", role=LocationRole.CITIZEN), "maker", "only a person"),
    ("located.share", H, changed("at-maker", share=0.5), "at-maker", "not read"),
    ("located.duplicate", E, link(Located(id="n", source="us", target="cells")), "n", "China and"),
    ("company.no_place", H, without("at-cells"), "cells", "CellCo has no place of incorporation"),
    ("company.no_place", H, without("at-ann"), "ann", "Ann has no citizenship"),
    ("plant.no_site", H, without("at-works"), "works", "Works has no site"),
    (
        "material.no_origin",
        H,
        lambda base: without("ore-us")(without("ore-cn")(base)),
        "ore",
        "no origin",
    ),
    ("source.unknown", W, changed("cells", sources=("s1", "s9")), "cells", "'s9'"),
    ("source.unknown", W, changed("use", sources=("s8", "s9")), "use", "'s8' and 's9'"),
    (
        "source.unknown",
        W,
        changed("maker", declared={"sfe": "no", "source": "s9"}),
        "maker",
        "'s9'",
    ),
    (
        "source.grade",
        H,
        lambda b: msgspec.structs.replace(b, sources=by_id(Source(id="s1", grade="good"))),
        "s1",
        "'good'",
    ),
    ("product.unknown", E, changed("sup", product="z"), "sup", "which has p, q"),
    ("product.unknown", E, changed("sup", target="cells"), "sup", "is a company"),
    (
        "product.duplicate",
        E,
        changed("works", products=(Product(id="p"),) * 2),
        "works",
        "2 products",
    ),
    (
        "quantity.range",
        E,
        changed("works", products=(Product(id="p", units=-1.0),)),
        "works",
        "p of",
    ),
    ("dates.order", W, changed("sup", valid_from=date(2031, 1, 1)), "sup", "'Valid from'"),
    ("dates.order", W, changed("deal", expires=date(2022, 1, 1)), "deal", "'Signed' of Deal"),
    ("dates.order", W, changed("deal", modified=date(2022, 1, 1)), "deal", "'Modified'"),
    ("dates.order", W, changed("deal", last_royalty=date(2022, 1, 1)), "deal", "'Last royalty'"),
    (
        "dates.order",
        W,
        changed(
            "works",
            products=(
                Product(id="p", construction_start=date(2027, 1, 1), in_service=date(2026, 1, 1)),
            ),
        ),
        "works",
        "before its construction began",
    ),
    ("declared.no_source", W, changed("maker", declared={"sfe": "no"}), "maker", "sfe: no"),
    ("entity.no_name", H, changed("ann", name=""), "ann", "The company 'ann' has no name"),
    ("scenario.broken", E, scenario(ScenarioChange(remove="z")), "sc", "'z' cannot be removed"),
    (
        "scenario.broken",
        E,
        scenario(ScenarioChange(add={"id": "x", "kind": "owns", "source": "z", "target": "maker"})),
        "sc",
        "ends at 'z'",
    ),
    ("scenario.broken", E, scenario(ScenarioChange(set="use", field="share", value="x")), "sc", ""),
    ("view.unknown", H, view(positions={"z": (0.0, 0.0)}), "v", "'z'"),
    (
        "view.unknown",
        H,
        view(pinned=("y",), groups=(Group(id="g", members=("z",)),)),
        "v",
        "'y' and",
    ),
    ("header.currency", W, header(currency="dollars"), "", "'dollars'"),
]


def found(project: Project, code: str) -> list[Finding]:
    return [finding for finding in check(project, DAY) if finding.code == code]


def test_the_clean_map_has_no_findings() -> None:
    assert check(CLEAN, DAY) == ()


@pytest.mark.parametrize(
    ("code", "severity", "change", "id", "said"), CASES, ids=[f"{c[0]}-{c[4]}" for c in CASES]
)
def test_a_fault_is_found(
    code: str, severity: Severity, change: Callable[[Project], Project], id: str, said: str
) -> None:
    (finding,) = found(change(CLEAN), code)
    assert finding.severity is severity
    assert said in finding.message
    assert finding.message.endswith(".")
    assert id in finding.where or not finding.where


@pytest.mark.parametrize("case", CASES, ids=[f"{c[0]}-{c[4]}" for c in CASES])
def test_a_mend_mends_and_can_be_undone(case: Case) -> None:
    project = case[2](CLEAN)
    for finding in check(project, DAY):
        if finding.mend is None:
            continue
        document = Document(project)
        undo = document.apply(finding.mend.edit)
        assert finding not in check(document.snapshot(), DAY)
        document.apply(undo)
        again = document.snapshot()
        assert [again.section(part) for part in Section] == [
            project.section(part) for part in Section
        ]


def mend_of(change: Callable[[Project], Project], code: str) -> Edit:
    (finding,) = found(change(CLEAN), code)
    assert finding.mend is not None
    return finding.mend.edit


def test_what_mends_propose() -> None:
    assert mend_of(changed("sub", share=40.0), "quantity.range") == SetField(
        Section.LINKS, "sub", "share", 0.4
    )
    assert mend_of(changed("us", code="us"), "jurisdiction.code") == SetField(
        Section.ENTITIES, "us", "code", "US"
    )
    assert mend_of(changed("us", code=""), "jurisdiction.code") == SetField(
        Section.ENTITIES, "us", "code", "US"
    )
    assert mend_of(changed("use", share=(0.6, 0.5, 0.4)), "quantity.order") == SetField(
        Section.LINKS, "use", "share", (0.4, 0.5, 0.6)
    )
    assert mend_of(header(bought_in=2.0), "quantity.range") == SetHeader("bought_in", None)


def circle(*shares: float) -> Project:
    """Companies in a ring, each holding the given share of the next."""
    ids = [f"c{n}" for n in range(len(shares))]
    companies = [Company(id=id, name=id.upper()) for id in ids]
    links = [
        Owns(id=f"o{n}", source=id, target=ids[(n + 1) % len(ids)], share=shares[n])
        for n, id in enumerate(ids)
    ]
    return Project(entities=by_id(*companies), links=by_id(*links))


def test_a_closed_circle_is_found_and_an_open_one_is_not() -> None:
    (finding,) = found(circle(1.0, 1.0, 1.0), "owns.circle")
    assert set(finding.where) == {"c0", "c1", "c2"}
    assert "belong wholly to one another" in finding.message
    assert found(circle(1.0, 0.99, 1.0), "owns.circle") == []
    (alone,) = found(circle(1.0), "owns.circle")
    assert "belongs wholly to itself" in alone.message


def test_a_circle_with_an_owner_outside_is_open() -> None:
    ring = circle(1.0, 0.6)
    document = Document(ring)
    document.apply(Add(Company(id="out", name="Out")))
    document.apply(Add(Owns(id="n", source="out", target="c0", share=0.4)))
    assert found(document.snapshot(), "owns.circle") == []
    document.apply(SetField(Section.LINKS, "n", "source", "c1"))
    (finding,) = found(document.snapshot(), "owns.circle")
    assert set(finding.where) == {"c0", "c1"}


def test_two_circles_are_two_findings() -> None:
    first, second = circle(1.0, 1.0), circle(1.0, 1.0, 1.0)
    names = {id: f"d{id}" for id in second.entities}
    moved = [
        msgspec.structs.replace(
            link, id=f"d{link.id}", source=names[link.source], target=names[link.target]
        )
        for link in second.links.values()
    ]
    both = Project(
        entities={**first.entities, **by_id(*(Company(id=id) for id in names.values()))},
        links={**first.links, **by_id(*moved)},
    )
    assert [len(finding.where) for finding in found(both, "owns.circle")] == [2, 3]


def test_holders_that_follow_one_another_do_not_sum() -> None:
    until, since = date(2025, 12, 31), date(2026, 1, 1)
    before = changed("own", valid_to=until)(CLEAN)
    after = link(Owns(id="n", source="cells", target="maker", share=0.9, valid_from=since))(before)
    assert found(after, "owns.total") == []


def test_an_uncertain_quantity_counts_at_its_mode() -> None:
    assert found(changed("works", own_ip=(0.0, 0.3, 1.0))(CLEAN), "ip.total") == []
    assert found(changed("works", own_ip=(0.0, 0.31, 1.0))(CLEAN), "ip.total") != []


def test_a_candidate_supply_does_not_count() -> None:
    more = Supplies(id="n", source="ore", target="works", ip_share=0.5, candidate=True)
    assert found(link(more)(CLEAN), "ip.total") == []


def test_errors_come_first() -> None:
    project = without("at-works")(without("op")(changed("sub", share=2.0)(CLEAN)))
    order = [finding.severity for finding in check(project, DAY)]
    assert order == sorted(order, key=[E, W, H].index)
    assert set(order) == {E, W, H}


def test_countries_are_the_249_of_the_standard_and_the_eu() -> None:
    assert len(countries()) == 250
    assert all(len(code) == 2 and code.isupper() for code in countries())
    assert (code_of("south korea"), code_of("kr"), code_of("Atlantis")) == ("KR", "KR", None)


def test_checking_takes_time_in_proportion_to_the_map() -> None:
    def seconds(size: int) -> float:
        companies = [Company(id=f"c{n}", name=f"C{n}") for n in range(size // 3)]
        links = [
            Owns(
                id=f"o{n}",
                source=f"c{n % (size // 3)}",
                target=f"c{n * 7 % (size // 3)}",
                share=0.3,
            )
            for n in range(size)
        ]
        project = Project(entities=by_id(*companies), links=by_id(*links))
        start = time.process_time()
        check(project, DAY)
        return time.process_time() - start

    seconds(300)
    assert seconds(30_000) < 40 * max(seconds(3_000), 0.005)
