"""Figures as they are shown, and what people type read back."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QLocale

from depmap_gui.domain.fields import Unit
from depmap_gui.domain.quantity import Quantity
from depmap_gui.gui import numbers
from depmap_gui.gui.numbers_typed import (
    NotUnderstood,
    read_date,
    read_flag,
    read_integer,
    read_number,
    read_quantity,
    read_words,
)

EN, DE, FR = QLocale("en_US"), QLocale("de_DE"), QLocale("fr_FR")
LOCALES = [EN, DE, FR, QLocale("de_CH"), QLocale("en_IN"), QLocale("ar_EG"), QLocale("zh_CN")]
UNITS = list(Unit)
FIGURES = st.floats(min_value=-1e15, max_value=1e15, allow_nan=False)


def ordered(values: tuple[float, float, float]) -> tuple[float, float, float]:
    low, middle, high = sorted(values)
    return (low, middle, high)


QUANTITIES = FIGURES | st.tuples(FIGURES, FIGURES, FIGURES).map(ordered)


def read(text: str, unit: Unit = Unit.SHARE, locale: QLocale = EN) -> Quantity | None:
    return read_quantity(text, unit, "USD", locale)


@pytest.mark.parametrize("locale", LOCALES, ids=lambda locale: locale.name())
@pytest.mark.parametrize("grouped", [False, True])
@given(value=QUANTITIES, unit=st.sampled_from(UNITS))
def test_what_is_edited_reads_back_exactly(
    value: Quantity, unit: Unit, locale: QLocale, grouped: bool
) -> None:
    text = numbers.quantity_to_edit(value, unit, locale, grouped=grouped)
    if unit is Unit.SHARE and isinstance(value, tuple):
        assert read(text, unit, locale) == pytest.approx(value, rel=1e-15, abs=0)
    else:
        assert read(text, unit, locale) == value


@given(day=st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 12, 31)))
def test_days_read_back(day: date) -> None:
    for locale in (EN, DE, FR):
        assert read_date(day.isoformat(), locale) == day
        assert read_date(numbers.day(day, locale), locale) == day


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("62%", 0.62),
        ("62 %", 0.62),
        ("0.62", 0.62),
        ("62", 0.62),
        ("1", 1.0),
        ("1%", 0.01),
        ("120%", 1.2),
        ("-5%", -0.05),
        ("0", 0.0),
        ("50-65%", (0.5, 0.575, 0.65)),
        ("10–15 %", (0.1, 0.125, 0.15)),
        ("10 to 15%", (0.1, 0.125, 0.15)),
        ("65–50%", (0.5, 0.575, 0.65)),
        ("50/60/65", (0.5, 0.6, 0.65)),
        ("[0.5,0.6,0.65]", (0.5, 0.6, 0.65)),
        ("60% (50–65%)", (0.5, 0.6, 0.65)),
        ("50–65%, likely 60%", (0.5, 0.6, 0.65)),
    ],
)
def test_shares_are_read(text: str, expected: Quantity) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "locale", "expected"),
    [
        ("1.2M", EN, 1.2e6),
        ("412 million", EN, 4.12e8),
        ("$412M", EN, 4.12e8),
        ("USD 4k", EN, 4000.0),
        ("1,234.5", EN, 1234.5),
        ("1.234,5", EN, 1234.5),
        ("1,234", EN, 1234.0),
        ("1.234", DE, 1234.0),
        ("0,62", EN, 0.62),
        ("1 234,5", FR, 1234.5),
        ("1’234.5", EN, 1234.5),
        ("1.2E+06", EN, 1.2e6),
        ("10–15M", EN, (1e7, 1.25e7, 1.5e7)),
        ("$10M – $15M", EN, (1e7, 1.25e7, 1.5e7)),
        ("٤١٢", EN, 412.0),
    ],
)
def test_money_is_read(text: str, locale: QLocale, expected: Quantity) -> None:
    assert read(text, Unit.MONEY, locale) == expected


@pytest.mark.parametrize("text", ["", "  ", "?", "unknown", "n/a", "NULL"])
def test_unknown_is_none_and_never_zero(text: str) -> None:
    assert read(text) is None
    assert read_date(text) is None
    assert read_flag(text) is None


@pytest.mark.parametrize(
    ("text", "unit", "said"),
    [
        ("abc", Unit.SHARE, "not a share"),
        ("-", Unit.MONEY, "may mean zero or unknown"),
        ("10%", Unit.MONEY, "not an amount"),
        ("€4", Unit.MONEY, "EUR"),
        ("EUR 4", Unit.MONEY, "convert"),
        ("65-60-70", Unit.SHARE, "out of order"),
        ("1.2.3", Unit.NONE, "not a number"),
        ("inf", Unit.NONE, "not a number"),
        ("9e999", Unit.NONE, "too large"),
        ("1-2-3-4", Unit.NONE, "not a number"),
        ("(5)", Unit.MONEY, "not an amount"),
        ("12 apples", Unit.UNITS, "not a number"),
    ],
)
def test_what_is_not_understood_is_said_in_a_sentence(text: str, unit: Unit, said: str) -> None:
    with pytest.raises(NotUnderstood, match=said) as fault:
        read(text, unit)
    assert str(fault.value).endswith(".")


@given(text=st.text(max_size=12))
def test_no_text_is_a_crash(text: str) -> None:
    for unit in UNITS:
        try:
            value = read(text, unit)
        except NotUnderstood:
            continue
        assert value is None or isinstance(value, float | tuple)


def test_other_readers() -> None:
    assert read("2 years", Unit.MONTHS) == 24.0
    assert read_integer("2,026", EN) == 2026
    assert read_words("battery, China; battery\nCell") == ("battery", "China", "Cell")
    assert read_flag("Yes") is True
    assert read_flag("0") is False
    with pytest.raises(NotUnderstood, match="whole"):
        read_integer("2026.5", EN)
    with pytest.raises(NotUnderstood, match="range"):
        read_number("1-2", Unit.NONE, "", EN)
    with pytest.raises(NotUnderstood, match="neither yes nor no"):
        read_flag("maybe")
    with pytest.raises(NotUnderstood, match="calendar"):
        read_date("2023-02-30")
    with pytest.raises(NotUnderstood, match="2023-02-13"):
        read_date("2023", EN)
    assert read_date("13.02.2023", DE) == date(2023, 2, 13)
    assert read_date("2/13/2023", EN) == date(2023, 2, 13)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (numbers.percent(None), "unknown"),
        (numbers.percent(0.0, EN), "0%"),
        (numbers.percent(0.62, EN), "62%"),
        (numbers.percent(0.5481, EN), "54.8%"),
        (numbers.percent(0.5481, DE), "54,8\N{NO-BREAK SPACE}%"),
        (numbers.percent(0.0001, EN), "<0.1%"),
        (numbers.percent(0.99999, EN), ">99.9%"),
        (numbers.percent(1.0, EN), "100%"),
        (numbers.percent_range(0.5, 0.65, EN), "50–65%"),
        (numbers.percent_range(None, 0.65, EN), "unknown"),
        (numbers.money(None, "USD"), "unknown"),
        (numbers.money(4.12e8, "USD", locale=EN), "$412M"),
        (numbers.money(999_999.0, "USD", locale=EN), "$1M"),
        (numbers.money(4.12e8, "USD", short=False, locale=EN), "$412,000,000"),
        (numbers.money(1234.5, "USD", short=False, locale=EN), "$1,234.50"),
        (numbers.money(-5e6, "USD", locale=EN), "\N{MINUS SIGN}$5M"),
        (numbers.money(4.12e8, "SEK", locale=EN), "SEK\N{NO-BREAK SPACE}412M"),
        (numbers.count(None), "unknown"),
        (numbers.count(2e7, locale=EN), "20,000,000"),
        (numbers.quantity((0.5, 0.6, 0.65), Unit.SHARE, locale=EN), "60% (50–65%)"),
        (numbers.quantity((1e6, 2e6, 3e6), Unit.MONEY, "USD", locale=EN), "$2M ($1M–$3M)"),
        (numbers.quantity(None, Unit.MONEY, "USD", locale=EN), "unknown"),
        (numbers.quantity(0.0, Unit.SHARE, locale=EN), "0%"),
        (numbers.points(-0.052, EN), "\N{MINUS SIGN}5.2\N{NO-BREAK SPACE}pts"),
        (numbers.day(date(2023, 2, 13), EN), "Feb 13, 2023"),
        (numbers.day(None, EN), "unknown"),
        (numbers.index(7325.4, EN), "7,325"),
    ],
)
def test_figures_as_they_are_shown(shown: str, expected: str) -> None:
    assert shown == expected


EVERYWHERE = [*LOCALES, *map(QLocale, ("en_GB", "es_ES", "pt_BR", "ja_JP", "ko_KR", "sv_SE"))]


@pytest.mark.parametrize("locale", EVERYWHERE, ids=lambda locale: locale.name())
@given(
    amount=st.floats(min_value=0.0, max_value=9e11, allow_nan=False),
    currency=st.sampled_from(["USD", "EUR", "CNY", "INR", "JPY", "CHF"]),
    short=st.booleans(),
)
def test_money_that_is_shown_can_be_typed(
    amount: float, currency: str, short: bool, locale: QLocale
) -> None:
    shown = numbers.money(amount, currency, short=short, locale=locale)
    # Shown are three figures when short, else cents.
    assert read_quantity(shown, Unit.MONEY, currency, locale) == pytest.approx(
        amount, rel=5e-3 if short else 1e-9, abs=0.006
    )


@pytest.mark.parametrize("locale", EVERYWHERE, ids=lambda locale: locale.name())
@given(share=st.integers(1, 999).map(lambda tenths: tenths / 1000))
def test_shares_that_are_shown_can_be_typed(share: float, locale: QLocale) -> None:
    assert read(numbers.percent(share, locale), Unit.SHARE, locale) == pytest.approx(share)


@pytest.mark.parametrize("locale", EVERYWHERE, ids=lambda locale: locale.name())
@given(day=st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 12, 31)))
def test_days_that_are_shown_can_be_typed(day: date, locale: QLocale) -> None:
    assert read_date(numbers.day(day, locale), locale) == day


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12,34,567", 1_234_567),
        ("1,23,456", 123_456),
        ("41,20,00,000", 412_000_000),
        ("12,5", 12.5),
    ],
)
def test_figures_grouped_as_in_india_are_read(text: str, value: float) -> None:
    assert read(text, Unit.UNITS, QLocale("en_IN")) == value


@pytest.mark.parametrize(
    ("locale", "shares", "points"),
    [
        (EN, "85% × 100%", "1,234.5"),
        (DE, "85\N{NO-BREAK SPACE}% × 100\N{NO-BREAK SPACE}%", "1.234,5"),
        (QLocale("en_IN"), "85% × 100%", "1,234.5"),
    ],
    ids=["en", "de", "in"],
)
def test_sentences_of_the_computations_follow_the_locale(
    locale: QLocale, shares: str, points: str
) -> None:
    said = "85% × 100% China, 1,234.5 points, item 539 of 2026.11.22, 45X(d)(4)"
    expected = f"{shares} China, {points} points, item 539 of 2026.11.22, 45X(d)(4)"
    assert numbers.in_locale(said, locale) == expected
