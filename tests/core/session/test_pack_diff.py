"""What changed between two versions of a pack, as sentences, and whose verdict changes."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from depmap_gui.domain.kinds import LocationRole
from depmap_gui.domain.project import Header, Project
from depmap_gui.domain.records import (
    Company,
    Jurisdiction,
    License,
    Licenses,
    Located,
    Operates,
    Owns,
    Plant,
    Product,
    Uses,
)
from depmap_gui.resources import resource
from depmap_gui.rules.loader import load_pack
from depmap_gui.rules.pack import (
    Certainty,
    DatedValue,
    GovernmentList,
    ListedPerson,
    Parameter,
    RulePack,
    Standing,
)
from depmap_gui.session.pack_diff import pack_changes
from depmap_gui.session.verdict_diff import verdict_changes

PACK = load_pack(resource("rules", "us-obbba"))


def value(
    number: float, starts: str, ends: str | None = None, *, certain: str = "derived"
) -> DatedValue:
    return DatedValue(
        value=number,
        starts=date.fromisoformat(starts),
        ends=date.fromisoformat(ends) if ends else None,
        citation="A law",
        standing=Standing.ENACTED,
        certainty=Certainty(certain),
    )


def pack_of(*values: DatedValue) -> RulePack:
    rate = Parameter(id="rate", title="Rate", unit="share", continuous=False, values=values)
    return msgspec.structs.replace(PACK, parameters={"rate": rate})


def told(before: RulePack, after: RulePack) -> list[str]:
    return [change.text for change in pack_changes(before, after)]


def test_a_pack_and_itself_say_the_same() -> None:
    assert pack_changes(PACK, PACK) == ()
    assert pack_changes(PACK, load_pack(resource("rules", "us-obbba"))) == ()


@pytest.mark.parametrize(
    ("after", "sentences"),
    [
        ((value(0.2, "2026-01-01"),), []),
        # The same law written in two periods is the same law.
        ((value(0.2, "2026-01-01", "2027-12-31"), value(0.2, "2028-01-01")), []),
        (
            (value(0.2, "2026-01-01", "2027-12-31"), value(0.25, "2028-01-01")),
            ["from 2028-01-01 on 20% → 25% (A law)"],
        ),
        (
            (
                value(0.2, "2026-01-01", "2026-12-31"),
                value(0.3, "2027-01-01", "2027-12-31"),
                value(0.2, "2028-01-01"),
            ),
            ["in 2027 20% → 30% (A law)"],
        ),
        ((value(0.2, "2026-07-01"),), ["2026-01-01 to 2026-06-30 20% → no value"]),
        (
            (value(0.2, "2026-01-01", "2027-12-31"),),
            ["from 2028-01-01 on 20% → no value"],
        ),
        (
            (value(0.2, "2026-01-01", certain="open"),),
            ["from 2026-01-01 on certainty derived → open"],
        ),
    ],
)
def test_a_parameter_is_compared_day_by_day(
    after: tuple[DatedValue, ...], sentences: list[str]
) -> None:
    before = pack_of(value(0.2, "2026-01-01"))
    expected = [f"Parameter 'rate' (Rate): {sentence}." for sentence in sentences]
    assert told(before, pack_of(*after)) == expected


def person(name: str, on: str, off: str | None = None, *aliases: str) -> ListedPerson:
    return ListedPerson(
        name=name,
        aliases=aliases,
        on=date.fromisoformat(on),
        off=date.fromisoformat(off) if off else None,
        citation="A list",
        certainty=Certainty.DERIVED,
    )


def lists_of(*persons: ListedPerson) -> RulePack:
    listing = GovernmentList(
        id="l", title="L", citation="A law", certainty=Certainty.DERIVED, persons=persons
    )
    return msgspec.structs.replace(PACK, lists={"l": listing})


@pytest.mark.parametrize(
    ("after", "sentence"),
    [
        ((), "Maker Ltd. is no longer named (from 2025-01-01 on)"),
        (
            (person("Maker Limited", "2025-06-01"),),
            "Maker Limited is on it from 2025-06-01, not from 2025-01-01",
        ),
        (
            (person("Maker Ltd.", "2025-01-01", "2026-02-16"),),
            "Maker Ltd. comes off it; the last day is 2026-02-16",
        ),
        (
            (person("Maker Ltd.", "2025-01-01"), person("New Co.", "2026-01-01")),
            "New Co. is named anew (from 2026-01-01 on)",
        ),
        (
            (person("Maker Ltd.", "2025-01-01", None, "MKR"),),
            "Maker Ltd. is also known as MKR, not none",
        ),
    ],
)
def test_a_list_is_compared_person_by_person(
    after: tuple[ListedPerson, ...], sentence: str
) -> None:
    assert f"List 'l' (L): {sentence}." in told(
        lists_of(person("Maker Ltd.", "2025-01-01")), lists_of(*after)
    )


def test_new_gone_and_changed_records_are_told() -> None:
    test = PACK.tests["macr"]
    changed = msgspec.structs.replace(test, parameter="other", why="Another why.")
    after = msgspec.structs.replace(
        PACK,
        tests={**{id: t for id, t in PACK.tests.items() if id != "sfe"}, "macr": changed},
        flags={},
    )
    changes = pack_changes(PACK, after)
    gone = {change.id for change in changes if change.text.endswith("is gone.")}
    assert gone == {"sfe", *PACK.flags}
    parts = {(change.part, change.id): change for change in changes if not change.wording}
    assert "→ other" in parts["tests", "macr"].text
    wording = [change for change in changes if change.wording]
    assert [(change.part, change.id) for change in wording] == [("tests", "macr")]
    back = pack_changes(after, PACK)
    new = {change.id for change in back if change.text.startswith("There is a new ")}
    assert new == gone


# Whose verdict ----------------------------------------------------------------------------


def small_map() -> Project:
    """A US maker, 25% of whose shares a Chinese company holds, which also licenses it."""
    entities = [
        Jurisdiction(id="cn", name="China", code="CN"),
        Jurisdiction(id="us", name="United States", code="US"),
        Company(id="holder", name="Holder Co."),
        Company(id="maker", name="Maker Inc."),
        License(id="deal", name="Deal", signed=date(2023, 1, 1)),
        Plant(
            id="works",
            name="Works",
            products=(
                Product(
                    id="cells",
                    name="Cells",
                    credit="45x/battery-cell",
                    units=1e6,
                    material_cost=1e6,
                ),
            ),
        ),
    ]
    home = LocationRole.INCORPORATED
    links = [
        Located(id="l1", source="cn", target="holder", role=home),
        Located(id="l2", source="us", target="maker", role=home),
        Owns(id="l3", source="holder", target="maker", share=0.25),
        Operates(id="l4", source="maker", target="works"),
        Licenses(id="l5", source="holder", target="deal"),
        Uses(id="l6", source="deal", target="works", share=0.5),
    ]  # fmt: skip
    return Project(
        header=Header(year=2026),
        entities={each.id: each for each in entities},
        links={each.id: each for each in links},
    )


def with_number(pack: RulePack, parameter: str, number: float) -> RulePack:
    old = pack.parameters[parameter]
    values = tuple(msgspec.structs.replace(each, value=number) for each in old.values)
    changed = msgspec.structs.replace(old, values=values)
    return msgspec.structs.replace(pack, parameters=pack.parameters | {parameter: changed})


def test_no_verdict_changes_under_the_same_pack() -> None:
    assert verdict_changes(small_map(), PACK, PACK) == ()


def test_a_raised_limit_lets_the_holder_pass() -> None:
    # 26 USC 7701(a)(51)(D)(i)(I)(bb): a single owner of 25% or more; here 26%.
    limit = PACK.tests["fie.single"].parameter
    assert limit is not None
    changes = verdict_changes(small_map(), PACK, with_number(PACK, limit, 0.26))
    found = {(change.who, change.what): (change.before, change.after) for change in changes}
    assert found["maker", "fie"] == ("yes", "no")
    assert found["works", "status"] == ("ineligible", "at risk")
    assert found["works", "test fie.single"] == ("fail", "pass")
    assert not any(change.who == "holder" for change in changes)
    (sentence,) = [change.text for change in changes if change.what == "test fie.single"]
    assert sentence.startswith("Works, Cells, test fie.single: fail at 25% (fails if >= 25%)")


def test_another_rate_changes_the_money_alone() -> None:
    rate = PACK.credits["45x/battery-cell"].rate
    changes = verdict_changes(small_map(), PACK, with_number(PACK, rate, 40.0))
    assert [(change.what, change.before, change.after) for change in changes] == [
        ("annual credit", 35e6, 40e6)
    ]
    assert "35,000,000 USD a year → 40,000,000 USD a year" in changes[0].text


def test_a_test_that_is_dropped_is_not_asked() -> None:
    credit = PACK.credits["45x/battery-cell"]
    kept = tuple(id for id in credit.tests if id != "fie.single")
    changed = msgspec.structs.replace(credit, tests=kept)
    after = msgspec.structs.replace(PACK, credits=PACK.credits | {credit.id: changed})
    (change,) = [
        each for each in verdict_changes(small_map(), PACK, after) if each.what == "test fie.single"
    ]
    assert (change.before, change.after) == ("fail", None)
    assert change.text.endswith("→ not asked.")
