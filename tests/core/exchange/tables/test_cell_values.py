"""Numbers, dates, countries and parties as people write them."""

import random
from datetime import date, datetime

import pytest

from depmap_gui.analysis.near_names import near
from depmap_gui.exchange.tables.alike import alike, distance, same_key
from depmap_gui.exchange.tables.amounts import decimal_mark, read_number
from depmap_gui.exchange.tables.dates import day_comes_first, read_date
from depmap_gui.exchange.tables.hints import head_hints
from depmap_gui.exchange.tables.parties import Party, parties, separator_of
from depmap_gui.exchange.tables.places import likely_country, read_places


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("49%", 0.49),
        ("49 %", 0.49),
        ("10-15%", (0.10, 0.125, 0.15)),
        ("10% – 15%", (0.10, 0.125, 0.15)),
        ("<5%", (0.0, 0.025, 0.05)),
        ("~30%", (0.27, 0.30, 0.33)),
        (">50%", (0.5, 0.75, 1.0)),
        ("1,234.5", 1234.5),
        ("1.234,5", 1234.5),
        ("12 000", 12000.0),
        ("12'000", 12000.0),
        ("(1,234)", -1234.0),
        ("$1.2bn", 1.2e9),
        ("€ 3,5 Mio.", 3.5e6),
        ("3.5亿元", 3.5e8),
        ("5 k€", 5_000.0),
        ("100M - 1B", (1e8, 5.5e8, 1e9)),
        ("USD 100-200 million", (1e8, 1.5e8, 2e8)),
        ("20 GWh/yr", 2e7),
        ("5万吨", 5e7),
        ("3,000 tonnes per year", 3e6),
        ("n/a", None),
        ("–", None),
        ("keine Angabe", None),
    ],
)
def test_numbers(text: str, quantity: object) -> None:
    read = read_number(text)
    assert read.fault == ""
    assert read.quantity == (quantity if quantity is None else pytest.approx(quantity))


@pytest.mark.parametrize("text", ["abc", "45x", "40 / 60", "2023-05", "minority", "1.2.3,4,5"])
def test_what_is_no_number_is_told(text: str) -> None:
    assert text in read_number(text).fault


def test_unknown_is_never_zero() -> None:
    for text in ("", "-", "N/A", "unknown", "TBD", "Not Specified"):
        assert read_number(text).quantity is None


@pytest.mark.parametrize(
    ("texts", "mark", "is_open"),
    [
        (["1,5", "2,75"], ",", False),
        (["1.5"], ".", False),
        (["1.234.567"], ",", False),
        (["1,234,567"], ".", False),
        (["1,234"], ".", False),
        (["1.234", "5.678"], ".", True),
        (["1.234", "5,5"], ",", False),
        (["12", "7"], None, False),
    ],
)
def test_the_decimal_mark_is_decided_for_the_column(
    texts: list[str], mark: str | None, is_open: bool
) -> None:
    assert decimal_mark(texts) == (mark, is_open)


def test_heads_say_magnitude_currency_and_unit() -> None:
    assert head_hints("Spend (USD million)").multiplier == 1e6
    assert head_hints("Spend (USD million)").currency == "USD"
    assert head_hints("Capacity [GWh]").unit == "gwh"
    assert head_hints("Umsatz (T€)").multiplier == 1e3
    assert head_hints("Ownership %").percent
    assert head_hints("PROD_2023").multiplier == 1.0


@pytest.mark.parametrize(
    ("cell", "day_first", "day"),
    [
        ("2024-05-03", None, date(2024, 5, 3)),
        ("3.5.2024", None, date(2024, 5, 3)),
        ("03/05/2024", True, date(2024, 5, 3)),
        ("03/05/2024", False, date(2024, 3, 5)),
        ("25/05/2024", None, date(2024, 5, 25)),
        ("May 5, 2024", None, date(2024, 5, 5)),
        ("5. März 2024", None, date(2024, 3, 5)),
        ("2023年5月3日", None, date(2023, 5, 3)),
        (datetime.fromisoformat("2024-05-03T12:00"), None, date(2024, 5, 3)),
        (45415.0, None, date(2024, 5, 3)),
    ],
)
def test_dates(cell: object, day_first: bool | None, day: date) -> None:
    assert read_date(cell, day_first).day == day


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("03/05/2024", "whether the day or the month"),
        ("2023", "is a year"),
        (2023.0, "is a year"),
        ("May 2024", "names a month"),
        ("31.02.2024", "not a day of the calendar"),
        ("soon", "is not a date"),
    ],
)
def test_half_a_date_is_not_made_a_day(cell: object, told: str) -> None:
    read = read_date(cell, None)
    assert read.day is None
    assert told in read.fault


def test_one_date_decides_for_its_column() -> None:
    assert day_comes_first(["03/05/2024", "25/05/2024"]) == (True, 0)
    assert day_comes_first(["03/05/2024", "05/25/2024"]) == (False, 0)
    assert day_comes_first(["03/05/2024", "04/06/2024"]) == (None, 2)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("USA", ("US",)),
        ("P.R. China", ("CN",)),
        ("Deutschland", ("DE",)),
        ("Corée du Sud", ("KR",)),
        ("中国", ("CN",)),
        ("대한민국", ("KR",)),
        ("ドイツ", ("DE",)),
        ("Соединенные Штаты", ()),
        ("Congo (Kinshasa)", ("CD",)),
        ("Shenzhen, China", ("CN",)),
        ("China; Japan", ("CN", "JP")),
        ("United States and Canada", ("US", "CA")),
        ("VNM", ("VN",)),
        ("Atlantis", ()),
    ],
)
def test_countries(text: str, codes: tuple[str, ...]) -> None:
    assert read_places(text).codes == codes


def test_a_misspelled_country_is_asked_about_not_taken() -> None:
    assert read_places("Germny").codes == ()
    assert likely_country("Germny") == "Germany"


@pytest.mark.parametrize(
    ("text", "separator", "found"),
    [
        ("A; B", None, [("A", None), ("B", None)]),
        ("GM 49%/ LG 51%", None, [("GM", 0.49), ("LG", 0.51)]),
        ("Toyota (80%), Panasonic (20%)", None, [("Toyota", 0.8), ("Panasonic", 0.2)]),
        ("51% owned by Foo Corp", None, [("Foo Corp", 0.51)]),
        ("Maker Co., Ltd.", ",", [("Maker Co., Ltd.", None)]),
        ("Tesla Inc, Panasonic Corp", ",", [("Tesla Inc", None), ("Panasonic Corp", None)]),
        ("A Co., Ltd. and B Inc.", ",", [("A Co., Ltd.", None), ("B Inc.", None)]),
        ("Johnson & Johnson", ",", [("Johnson & Johnson", None)]),
        ("A, B and C", ",", [("A", None), ("B", None), ("C", None)]),
        ("A; B", "", [("A; B", None)]),
        ("n/a", None, []),
    ],
)
def test_parties(text: str, separator: str | None, found: list[tuple[str, object]]) -> None:
    assert [(party.name, party.share) for party in parties(text, separator)] == found


def test_a_joint_venture_lists_its_members_in_brackets() -> None:
    (venture,) = parties("Ultium Cells (GM, LG Energy Solution)")
    assert venture.name == "Ultium Cells"
    assert venture.members == (Party("GM"), Party("LG Energy Solution"))


def test_commas_part_only_where_the_parts_stand_alone_elsewhere() -> None:
    assert separator_of(["Honda", "LG", "Honda, LG"])[0] == ","
    assert separator_of(["Kalypso, Royal IHC", "Maersk, Chouest", "Ørsted"]) == (None, 2)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Maker, Inc.", "MAKER INC"),
        ("Škoda Auto", "Skoda  Auto"),
        ("CATL Co., Ltd.", "CATL Company Limited"),
        ("A & B Corp", "A and B Corporation"),
    ],
)
def test_spellings_of_one_name(one: str, other: str) -> None:
    assert same_key(one) == same_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Maker Inc.", "Maker GmbH"), ("Maker", "Maker Inc."), ("BASF", "BASE")]
)
def test_names_that_may_be_two_stay_two(one: str, other: str) -> None:
    assert same_key(one) != same_key(other)


def test_near_names_are_proposed_with_a_reason() -> None:
    found = {
        (like.first, like.second): like.reason
        for like in alike(
            [
                "LG Energy Solution",
                "LG Energy Soluton",
                "Maker",
                "Maker Inc.",
                "Works 12",
                "Works 13",
                "BASF",
                "BASE",
            ]
        )
    }
    assert found == {
        ("LG Energy Solution", "LG Energy Soluton"): "a small typing difference",
        ("Maker", "Maker Inc."): "one has a legal form, the other none",
    }


@pytest.mark.parametrize(
    ("one", "other", "letters"),
    [("abc", "abc", 0), ("abc", "acb", 1), ("abc", "abd", 1), ("abc", "ab", 1), ("abcd", "xy", 3)],
)
def test_distance_counts_letters(one: str, other: str, letters: int) -> None:
    assert distance(one, other, 2) == letters


def test_one_letter_among_many_names_is_found_and_numbers_tell_works_apart() -> None:
    chance = random.Random(4)
    names = ["".join(chance.choices("abcdefgh", k=12)) for _ in range(400)]
    planted = set()
    for name in names[:50]:
        at = chance.randrange(12)
        typo = chance.choice([name[:at] + name[at + 1 :], name[:at] + "z" + name[at + 1 :]])
        planted.add((name, typo))
    works = [f"northern works {number}" for number in range(50)]
    found = {(one, other) for one, other, _ in near([*names, *(t for _, t in planted), *works])}
    assert planted <= found
    assert not any(one.startswith("northern") for one, _ in found)
