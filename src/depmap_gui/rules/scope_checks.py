"""Checks that legs of credits, checks and duties fit the rest of a pack."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from depmap_gui.rules.duty_layers import MAKER_CONTROL
from depmap_gui.rules.faults import Path
from depmap_gui.rules.methods import (
    CHECK_METHODS,
    STATUS_OF_CHECK,
    TEST_METHODS,
    ValueKind,
)
from depmap_gui.rules.pack import CheckRule, CreditRule, DutyRule, TestRule
from depmap_gui.rules.plant_checks import SUBJECTS
from depmap_gui.rules.safe_harbor_checks import Checks

_OWN_PARAMETERS: dict[str, tuple[tuple[str, ValueKind], ...]] = {
    "barred-supplies": (("lines", "words"),),
    "value-share": (("categories", "words"), ("places", "words")),
    "no-entity-of-concern": (("categories", "words"), ("first-day", "day")),
}
"""Parameters that a method reads under the test's own id, by the end of their names."""


class ScopeChecks(Checks, Protocol):
    """What is asked beside it: whether a method is registered and has what it needs."""

    def method(self, file: str, path: Path, method: str, methods: Iterable[str]) -> None:
        """Fault a method that is not registered, and what a registered one lacks."""


def check_scopes(check: ScopeChecks) -> None:
    """Notes what is wrong with the legs, checks and duties of a pack, and with the tests that
    belong to them."""
    pack = check.pack
    for place, credit in enumerate(pack.credits.values()):
        _credit(check, place, credit)
    for place, test in enumerate(pack.tests.values()):
        _test(check, place, test)
    for place, each in enumerate(pack.checks.values()):
        _check(check, place, each)
    for place, duty in enumerate(pack.duties.values()):
        _duty(check, place, duty)


def _credit(check: Checks, place: int, credit: CreditRule) -> None:
    for name in credit.tests:
        test = check.pack.tests.get(name)
        if test is not None and test.method in CHECK_METHODS:
            message = f"credit '{credit.id}' is asked the test '{name}', whose method "
            message += f"'{test.method}' is for checks of plants, not for credits."
            check.fault("credits.toml", ("credit", place, "tests"), message)
        if test is not None and test.method == "any-leg" and not credit.legs:
            message = f"credit '{credit.id}' is asked the test '{name}', which needs its 'legs'."
            check.fault("credits.toml", ("credit", place, "tests"), message)
    who = f"a leg of credit '{credit.id}' refers to"
    for row, leg in enumerate(credit.legs):
        path: Path = ("credit", place, "legs", row)
        if leg.test not in credit.tests:
            message = f"a leg of credit '{credit.id}' rests on the test '{leg.test}', which the "
            check.fault("credits.toml", (*path, "test"), message + "credit is not asked.")
        check.parameter("credits.toml", (*path, "rate"), leg.rate, "number", who)


def _test(check: Checks, place: int, test: TestRule) -> None:
    wanted = STATUS_OF_CHECK.get(test.method)
    if wanted is not None and check.pack.entity_status not in ("", wanted):
        message = f"test '{test.id}' reads the entity status '{wanted}', and pack.toml names "
        message += f"'{check.pack.entity_status}'."
        check.fault("tests.toml", ("test", place, "method"), message)
    for ending, kind in _OWN_PARAMETERS.get(test.method, ()):
        who = f"The method '{test.method}' needs"
        path: Path = ("test", place, "method")
        check.parameter("tests.toml", path, f"{test.id}.{ending}", kind, who)


def _check(check: ScopeChecks, place: int, rule: CheckRule) -> None:
    if rule.of not in SUBJECTS:
        message = f"There is nothing called '{rule.of}' to check. There are: {', '.join(SUBJECTS)}."
        check.fault("tests.toml", ("check", place, "of"), message)
    else:
        check.method("tests.toml", ("check", place, "of"), rule.of, SUBJECTS)
    path: Path = ("check", place, "tests")
    for name in rule.tests:
        if check.known("tests.toml", path, name, check.pack.tests):
            method = check.pack.tests[name].method
            if method in TEST_METHODS:
                message = f"check '{rule.id}' is asked the test '{name}', whose method '{method}' "
                check.fault("tests.toml", path, message + "is for credits, not for checks.")


def _duty(check: Checks, place: int, duty: DutyRule) -> None:
    who = f"duty '{duty.id}' refers to"
    check.parameter("duties.toml", ("duty", place, "rate"), duty.rate, "number", who)
    check.parameter("duties.toml", ("duty", place, "quota"), duty.quota, "number", who)
    if duty.makers:
        path: Path = ("duty", place, "makers")
        check.parameter("duties.toml", path, MAKER_CONTROL, "number", f"duty '{duty.id}' needs")
    for name in duty.yields_to:
        check.known("duties.toml", ("duty", place, "yields_to"), name, check.pack.duties)
    if not duty.destinations:
        message = f"duty '{duty.id}' names no destination, so it meets nothing."
        check.fault("duties.toml", ("duty", place, "destinations"), message)
    for row, code in enumerate(duty.codes):
        if not any(character.isdigit() for character in code):
            message = f"'{code}' is no tariff code: it has no digits."
            check.fault("duties.toml", ("duty", place, "codes", row), message)
    if duty.waiver_from is not None and duty.waiver is None:
        message = f"duty '{duty.id}' has a 'waiver_from' and no 'waiver' that starts then."
        check.fault("duties.toml", ("duty", place, "waiver_from"), message)
