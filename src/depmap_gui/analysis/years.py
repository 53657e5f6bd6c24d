"""Verdicts year by year on today's map, and the first year in which each test fails.

Each year is asked on its own last day: links that have ended by then do not count, thresholds,
lists and phase-outs are those of the year.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import Struct

from depmap_gui.analysis.context import Context, Quiet
from depmap_gui.domain.in_force import MapInForce, last_day
from depmap_gui.domain.project import Project
from depmap_gui.rules.alternatives import combined
from depmap_gui.rules.evaluate import evaluate
from depmap_gui.rules.pack import RulePack
from depmap_gui.rules.results import (
    Answer,
    CreditResult,
    Eligibility,
    LawResult,
    OneTime,
    RecaptureResult,
    TestResult,
    Verdict,
)

LAST_YEAR = 2035
"""The last year of thresholds that climb, and of credits that fade."""


class YearOfCredit(Struct, frozen=True, kw_only=True):
    """One product's credit in one year. ``verdicts`` hold each test, or each group of tests that
    may stand for one another by the id of its first; ``tests`` all of them one by one. ``in_year``
    is what of the credit falls into the year: less than ``annual_credit`` of a one-time one."""

    year: int
    status: Eligibility
    verdicts: Mapping[str, Verdict]
    tests: tuple[TestResult, ...]
    open: tuple[str, ...]
    phase_out: float | None
    annual_credit: float | None
    in_year: float | None = None
    recapture: RecaptureResult | None = None


class ProductYears(Struct, frozen=True, kw_only=True):
    """One product's credit in every year asked about; ``one_time`` where it is given once."""

    plant: str
    product: str
    pack: str
    credit: str
    currency: str
    years: tuple[YearOfCredit, ...]
    one_time: OneTime | None = None

    @property
    def given(self) -> YearOfCredit | None:
        """The year that alone counts for a one-time credit; None where every year does, where it
        is not known, or lies outside of those asked about."""
        once = None if self.one_time is None else self.one_time.year
        return next((each for each in self.years if each.year == once), None)

    @property
    def first_failures(self) -> dict[str, int]:
        """The first year in which each test by itself fails. Tests that never do are left out, and
        those that deny no credit."""
        found: dict[str, int] = {}
        for each in self.years:
            for test in each.tests:
                if test.decides and test.verdict is Verdict.FAIL:
                    found.setdefault(test.id, each.year)
        return found

    @property
    def first_ineligible(self) -> int | None:
        """The first year in which the credit is lost."""
        return self.first(Eligibility.INELIGIBLE)

    @property
    def first_without_credit(self) -> int | None:
        """The first year for which the law has no credit left, whatever the tests say."""
        return next((each.year for each in self.years if each.phase_out == 0.0), None)

    def first(self, status: Eligibility) -> int | None:
        """The first year in which the credit is in this state, None where it never is."""
        return next((each.year for each in self.years if each.status is status), None)


class CompanyYears(Struct, frozen=True, kw_only=True):
    """A company's answers under one pack, by question and year."""

    company: str
    pack: str
    answers: Mapping[str, Mapping[int, Answer]]


class YearsResult(Struct, frozen=True, kw_only=True):
    """Every product's verdicts from ``first`` to ``last``, both included, in the map's order.

    ``companies`` holds only those whose answers are not the same in every year.
    """

    first: int
    last: int
    as_of: tuple[date, ...]
    packs: tuple[str, ...]
    products: tuple[ProductYears, ...]
    companies: tuple[CompanyYears, ...]
    caution: str

    def product(self, plant: str, product: str, pack: str) -> ProductYears | None:
        """One product's years under one pack, None where it claims no credit of it."""
        wanted = (plant, product, pack)
        return next((p for p in self.products if (p.plant, p.product, p.pack) == wanted), None)


def verdicts_by_year(
    project: Project,
    packs: Sequence[RulePack],
    first: int | None = None,
    last: int = LAST_YEAR,
    context: Context | None = None,
) -> YearsResult:
    """The law's verdicts for every year from ``first`` (the project's own) to ``last``.

    Raises Canceled where ``context`` says so; ValueError where ``last`` comes before ``first``.
    """
    begins = project.header.year if first is None else first
    if last < begins:
        raise ValueError(f"The last year, {last}, comes before the first, {begins}.")
    told = context or Quiet()
    laws = []
    for year in range(begins, last + 1):
        told.progress((year - begins) / (last - begins + 1), f"Tax year {year}")
        laws.append(evaluate(MapInForce(project, last_day(year)), packs, year))
    return YearsResult(
        first=begins,
        last=last,
        as_of=tuple(law.as_of for law in laws),
        packs=tuple(pack.id for pack in packs),
        products=_products(laws),
        companies=_companies(laws),
        caution=laws[0].caution,
    )


def _products(laws: Sequence[LawResult]) -> tuple[ProductYears, ...]:
    found: dict[tuple[str, str, str, str], list[YearOfCredit]] = {}
    currencies: dict[str, str] = {}
    given: dict[tuple[str, str, str, str], OneTime | None] = {}
    for law in laws:
        for credit in law.credits:
            key = (credit.plant, credit.product, credit.pack, credit.credit)
            found.setdefault(key, []).append(_year(law.year, credit))
            currencies[credit.pack] = credit.currency
            given[key] = credit.one_time
    return tuple(
        ProductYears(
            plant=plant,
            product=product,
            pack=pack,
            credit=credit,
            currency=currencies[pack],
            years=tuple(years),
            one_time=given[plant, product, pack, credit],
        )
        for (plant, product, pack, credit), years in found.items()
    )


def _year(year: int, credit: CreditResult) -> YearOfCredit:
    return YearOfCredit(
        year=year,
        status=credit.status,
        verdicts=combined(credit.tests),
        tests=credit.tests,
        open=credit.open,
        phase_out=credit.phase_out,
        annual_credit=credit.annual_credit,
        in_year=credit.in_year,
        recapture=credit.recapture,
    )


def _companies(laws: Sequence[LawResult]) -> tuple[CompanyYears, ...]:
    found: dict[tuple[str, str], dict[str, dict[int, Answer]]] = {}
    for law in laws:
        for pack, companies in law.companies.items():
            for id, status in companies.items():
                by_question = found.setdefault((id, pack), {})
                for question, answer in status.answers.items():
                    by_question.setdefault(question, {})[law.year] = answer
    return tuple(
        CompanyYears(company=id, pack=pack, answers=answers)
        for (id, pack), answers in found.items()
        if any(len(set(by_year.values())) > 1 for by_year in answers.values())
    )
