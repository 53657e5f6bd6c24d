"""Names that are likely one company's, and names that are not, on small lists of the tests' own."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from depmap_gui.domain.kinds import ANOTHER_COMPANY
from depmap_gui.domain.records import Company
from depmap_gui.resources import resource
from depmap_gui.rules.listings import name_matches, person_named
from depmap_gui.rules.loader import load_pack
from depmap_gui.rules.name_matching import Likeness, ListedNames, distance
from depmap_gui.rules.pack import Certainty, GovernmentList, ListedPerson, RulePack


def person(
    name: str, *aliases: str, on: date = date(2023, 1, 1), off: date | None = None
) -> ListedPerson:
    return ListedPerson(
        name=name, aliases=aliases, on=on, off=off, citation="A list", certainty=Certainty.DERIVED
    )


def listing(id: str, *persons: ListedPerson) -> GovernmentList:
    return GovernmentList(
        id=id,
        title=f"the list {id}",
        decides="sfe",
        citation="A law",
        certainty=Certainty.DERIVED,
        persons=persons,
    )


BATTERIES = listing(
    "batteries",
    person("Contemporary Amperex Technology Company, Limited", "CATL", "宁德时代"),
    person("BYD Company, Limited", "BYD", "比亚迪", on=date(2026, 6, 8)),
    person("Envision Energy, Limited", "Envision"),
    person("EVE Energy Company, Limited", "EVE"),
    person("Gotion High tech Company, Limited", "Gotion High-tech", "Gotion"),
    person("Hithium Energy Storage Technology Company, Limited", "Hithium"),
)
OTHERS = listing(
    "others",
    person("Beijing Kingstone Semiconductor Co., Ltd."),
    person("Camel Group Co., Ltd."),
    person("Yangtze Memory Technologies Co., Ltd.", "YMTC", off=date(2026, 2, 16)),
    person("MMC Norilsk Nickel PJSC"),
    person("Škoda Praha a.s."),
    person("Hefei Guoxuan High-tech Power Energy Co., Ltd."),
    person("Wave Electronic Information Industry Co., Ltd."),
    person("Jiangsu Hengtong Marine Cable Systems Co."),
)
NAMES = ListedNames((BATTERIES, OTHERS))


@pytest.mark.parametrize(
    ("name", "meant", "likeness"),
    [
        ("Contemporary Amperex Technology GmbH", "Contemporary Amperex", Likeness.SAME),
        ("Contemporary Amperex Technologies Co Ltd", "Contemporary Amperex", Likeness.SAME),
        ("Amperex Technology, Contemporary", "Contemporary Amperex", Likeness.SAME),
        ("Contemporary Amprex Technology", "Contemporary Amperex", Likeness.SLIP),
        ("Battery maker (CATL)", "Contemporary Amperex", Likeness.SAME),
        ("宁德时代新能源科技股份有限公司", "Contemporary Amperex", Likeness.SAME),
        ("寧德時代", "Contemporary Amperex", Likeness.SAME),
        ("Ningde Shidai", "Contemporary Amperex", Likeness.TRANSCRIBED),
        ("比亚迪股份有限公司", "BYD", Likeness.SAME),
        ("byd co. ltd.", "BYD", Likeness.SAME),
        ("BYD America", "BYD", Likeness.SHORTER),
        ("Gotion Hightech", "Gotion", Likeness.SAME),
        ("Xiamen Hithium Energy Storage Technology Co., Ltd.", "Hithium", Likeness.SHORTER),
        ("Envision Energy USA Ltd", "Envision", Likeness.SHORTER),
        ("Kingstone Semiconductor (Beijing)", "Beijing Kingstone", Likeness.SAME),
        ("Yangtse Memory Technologies", "Yangtze Memory", Likeness.SLIP),
        ("Норникель Norilsk Nickel MMC", "MMC Norilsk", Likeness.NONE),
        ("Norilsk Nickel MMC", "MMC Norilsk", Likeness.SAME),
        ("Skoda Praha", "Škoda", Likeness.SAME),
        ("Hengtong Marine Cable Systems", "Jiangsu Hengtong", Likeness.SHORTER),
    ],
)
def test_names_of_one_company(name: str, meant: str, likeness: Likeness) -> None:
    found = NAMES.like(name)
    if likeness is Likeness.NONE:
        assert found == ()
    else:
        assert found[0].person.name.startswith(meant)
        assert found[0].likeness is likeness


@pytest.mark.parametrize(
    "name",
    [
        # Ordinary names of the trade, none of which is on these lists.
        "Ford Motor Company",
        "LG Energy Solution",
        "SK On",
        "Panasonic Energy",
        "Envision AESC",
        "Envision Solar",
        "Eve Air Mobility",
        "Hefei Kingstone Semiconductor",
        "Camelot Group",
        "Camel Solar Energy",
        "Contemporary Art Technology",
        "Memory Technologies",
        "Energy Storage Technology Company",
        "New Energy Technology Co., Ltd.",
        "Wave",
        "Advanced Materials Group",
        "Norilsk",
        "Hitachi Energy Storage",
        "Potion Inc.",
        "Group Limited",
        "",
        "  ",
        "()",
        "12",
        "公司",
    ],
)
def test_names_of_others(name: str) -> None:
    assert NAMES.like(name) == ()


@given(st.text(max_size=40))
def test_any_text_is_taken(name: str) -> None:
    for match in NAMES.like(name):
        assert match.likeness is not Likeness.NONE


def naive_distance(one: str, other: str) -> int:
    """Optimal string alignment by plain recursion."""
    if not one or not other:
        return len(one) + len(other)
    best = min(
        naive_distance(one[:-1], other) + 1,
        naive_distance(one, other[:-1]) + 1,
        naive_distance(one[:-1], other[:-1]) + (one[-1] != other[-1]),
    )
    if len(one) > 1 and len(other) > 1 and (one[-1], one[-2]) == (other[-2], other[-1]):
        best = min(best, naive_distance(one[:-2], other[:-2]) + 1)
    return best


@given(st.text("abc", max_size=5), st.text("abc", max_size=5))
def test_slips_are_counted_as_by_hand(one: str, other: str) -> None:
    assert distance(one, other) == naive_distance(one, other)


# On a map ---------------------------------------------------------------------------------


@pytest.fixture
def pack() -> RulePack:
    whole = load_pack(resource("rules", "us-obbba"))
    return msgspec.structs.replace(whole, lists={"batteries": BATTERIES, "others": OTHERS})


def offered(company: Company, pack: RulePack, year: int = 2026) -> list[tuple[str, str]]:
    found = name_matches((company,), (pack,), year)
    return [(match.match.list, match.match.person.name) for match in found]


def test_only_what_is_not_settled_is_offered(pack: RulePack) -> None:
    name = "BYD Co., Ltd."
    asked = [("batteries", "BYD Company, Limited")]
    assert offered(Company(id="c", name=name), pack) == asked
    assert offered(Company(id="c", name=name, lists=("others",)), pack) == asked
    assert offered(Company(id="c", name=name, lists=("batteries",)), pack) == []
    refused = {"batteries": ANOTHER_COMPANY}
    assert offered(Company(id="c", name=name, declared=refused), pack) == []
    assert offered(Company(id="c", name=name, declared={"sfe": "no"}), pack) == asked


@pytest.mark.parametrize(("year", "is_listed"), [(2025, False), (2026, True), (2027, True)])
def test_who_comes_on_the_list_within_the_year_is_offered(
    pack: RulePack, year: int, is_listed: bool
) -> None:
    assert bool(offered(Company(id="c", name="BYD"), pack, year)) is is_listed


@pytest.mark.parametrize(("year", "is_listed"), [(2026, True), (2027, False)])
def test_who_is_off_the_list_before_the_year_is_not(
    pack: RulePack, year: int, is_listed: bool
) -> None:
    assert bool(offered(Company(id="c", name="YMTC"), pack, year)) is is_listed


def test_an_accepted_name_has_the_dates_of_the_entry_it_is_like() -> None:
    meant = person_named(BATTERIES, "BYD Auto GmbH (BYD)")
    assert meant is not None
    assert meant.on == date(2026, 6, 8)
    assert person_named(BATTERIES, "Somebody Else Ltd.") is None
    both = listing("two", person("Alpha Cathode of Ohio"), person("Alpha Cathode of Texas"))
    assert person_named(both, "Alpha Cathode Ltd.") is None


def test_one_list_in_two_packs_is_asked_once(pack: RulePack) -> None:
    found = name_matches((Company(id="c", name="CATL"),), (pack, pack), 2026)
    assert len(found) == 1
