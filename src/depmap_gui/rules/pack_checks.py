"""Checks that the parts of a pack fit together: names, periods, methods, kinds of values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import pairwise

from depmap_gui.domain.kinds import AgreementType, SupplyCategory
from depmap_gui.rules.faults import Path
from depmap_gui.rules.methods import (
    ANSWERS,
    CHECK_METHODS,
    COST_METHODS,
    ENTITY_STATUS,
    EXCEPTION_METHODS,
    FLAG_METHODS,
    LIMBS,
    NEEDS,
    TEST_METHODS,
    Needs,
    ValueKind,
)
from depmap_gui.rules.pack import (
    CreditRule,
    DatedValue,
    DecidedBy,
    Flag,
    Parameter,
    RulePack,
    TestRule,
)
from depmap_gui.rules.record_reader import PackFile
from depmap_gui.rules.safe_harbor_checks import (
    check_alternative,
    check_credit,
    check_doubts,
    check_safe_harbors,
)
from depmap_gui.rules.scope_checks import check_scopes


def check_pack(pack: RulePack, files: Mapping[str, PackFile]) -> None:
    """Notes in `files` every fault of a pack whose tables are sound one by one."""
    check = _Check(pack, files)
    check.identity()
    for place, parameter in enumerate(pack.parameters.values()):
        check.periods(place, parameter)
    for place, listing in enumerate(pack.lists.values()):
        check.known("lists.toml", ("list", place, "decides"), listing.decides, check.answers)
        for row, person in enumerate(listing.persons):
            check.order("lists.toml", ("list", place, "persons", row), person.on, person.off)
        check_doubts(check, place, listing)
    for place, credit in enumerate(pack.credits.values()):
        check.credit(place, credit)
        check_credit(check, place, credit)
    for place, test in enumerate(pack.tests.values()):
        check.test(place, test)
        check_alternative(check, place, test)
    for place, flag in enumerate(pack.flags.values()):
        check.flag(place, flag)
    for place, exception in enumerate(pack.exceptions.values()):
        path: Path = ("exception", place, "method")
        check.method("flags.toml", path, exception.method, EXCEPTION_METHODS)
    for place, question in enumerate(pack.questions.values()):
        check.question(place, question.id)
    check_safe_harbors(check)
    check_scopes(check)


class _Check:
    def __init__(self, pack: RulePack, files: Mapping[str, PackFile]) -> None:
        self.pack = pack
        self.files = files
        self.answers = ANSWERS.get(pack.entity_status, ())

    def fault(self, file: str, path: Path, message: str) -> None:
        self.files[file].fault(path, message)

    def identity(self) -> None:
        method = self.pack.entity_status
        if method:
            path: Path = ("pack", "entity_status")
            self.method("pack.toml", path, method, ENTITY_STATUS)

    def known(self, file: str, path: Path, name: str | None, names: Iterable[str]) -> bool:
        """Faults a name that is none of `names`; None is no name."""
        if name is None or name in names:
            return True
        self.fault(file, path, f"'{path[-1]}' names '{name}', which this pack does not have.")
        return False

    def method(self, file: str, path: Path, method: str, methods: Iterable[str]) -> None:
        """Faults a method that is not registered, and what a registered one lacks in the pack."""
        known = tuple(methods)
        if method not in known:
            listed = ", ".join(known)
            self.fault(file, path, f"There is no method '{method}'. Methods here: {listed}.")
            return
        needs = NEEDS.get(method, Needs())
        for name, kind in needs.parameters.items():
            self.parameter(file, path, name, kind, f"The method '{method}' needs")
        for name, kind in needs.may_have.items():
            if name in self.pack.parameters:
                self.parameter(file, path, name, kind, f"The method '{method}' reads")
        for name, readings in (*needs.questions.items(), *needs.may_ask.items()):
            asked = self.pack.questions.get(name)
            for extra in asked.readings if asked else ():
                if extra.id not in readings:
                    message = f"The method '{method}' cannot follow the reading '{extra.id}' of "
                    self.fault(file, path, message + f"the question '{name}'.")
        for what, wanted, present in (
            ("question", needs.questions, self.pack.questions),
            ("test", needs.tests, self.pack.tests),
            ("limb", needs.limbs, self.pack.limbs),
        ):
            for name in wanted:
                if name not in present:
                    message = f"The method '{method}' needs the {what} '{name}', which this pack "
                    self.fault(file, path, message + "does not have.")

    def parameter(self, file: str, path: Path, name: str | None, kind: ValueKind, who: str) -> None:
        """Faults a parameter that does not exist or whose values are of another kind."""
        if name is None:
            return
        found = self.pack.parameters.get(name)
        if found is None:
            message = f"{who} the parameter '{name}', which this pack does not have."
            self.fault(file, path, message)
        elif any(_kind(value) != kind for value in found.values):
            message = f"{who} the parameter '{name}' as {_KIND_WORDS[kind]}, which it is not."
            self.fault(file, path, message)

    def order(self, file: str, path: Path, starts: date, ends: date | None) -> None:
        if ends is not None and ends < starts:
            self.fault(file, path, f"This ends on {ends}, before it starts on {starts}.")

    def periods(self, place: int, parameter: Parameter) -> None:
        """Faults periods that end before they start, overlap, or leave gaps."""
        name = f"parameter '{parameter.id}'"
        if not parameter.values:
            path: Path = ("parameter", place, "values")
            self.fault("parameters.toml", path, f"{name} has no values.")
        rows = sorted(enumerate(parameter.values), key=lambda row: row[1].starts)
        for row, value in rows:
            path = ("parameter", place, "values", row)
            self.order("parameters.toml", path, value.starts, value.ends)
        for (_, before), (row, after) in pairwise(rows):
            path = ("parameter", place, "values", row)
            if before.ends is None or before.ends >= after.starts:
                until = "without end" if before.ends is None else f"until {before.ends}"
                message = f"{name} has two values on {after.starts}: the one before runs {until}."
                self.fault("parameters.toml", path, message)
            elif parameter.continuous and before.ends + timedelta(days=1) < after.starts:
                message = f"{name} has no value from {before.ends + timedelta(days=1)} to "
                message += f"{after.starts - timedelta(days=1)}, though it is continuous. Fill "
                message += "the gap or set continuous = false."
                self.fault("parameters.toml", path, message)

    def credit(self, place: int, credit: CreditRule) -> None:
        who = f"credit '{credit.id}' refers to"
        for key in ("rate", "phase_out", "material_threshold"):
            path: Path = ("credit", place, key)
            self.parameter("credits.toml", path, getattr(credit, key), "number", who)
        for name in credit.tests:
            self.known("credits.toml", ("credit", place, "tests"), name, self.pack.tests)
        by_cost = [
            name
            for name in credit.tests
            if name in self.pack.tests and self.pack.tests[name].method in COST_METHODS
        ]
        if by_cost and credit.material_threshold is None:
            message = f"credit '{credit.id}' is asked the test '{by_cost[0]}' and names no "
            message += "'material_threshold' to hold its ratio against."
            self.fault("credits.toml", ("credit", place, "tests"), message)
        for word in credit.cost_categories:
            if word not in set(SupplyCategory):
                message = f"'{word}' is no category of supplies."
                self.fault("credits.toml", ("credit", place, "cost_categories"), message)

    def test(self, place: int, test: TestRule) -> None:
        self.order("tests.toml", ("test", place), test.starts, test.ends)
        methods = (*TEST_METHODS, *CHECK_METHODS)
        self.method("tests.toml", ("test", place, "method"), test.method, methods)
        status = self.pack.entity_status
        if not status:
            message = f"test '{test.id}' needs to know who is who, and {self.pack.id} names no "
            self.fault("tests.toml", ("test", place), message + "'entity_status' in pack.toml.")
        elif test.method == "entity-limb" and test.id not in LIMBS.get(status, (test.id,)):
            limbs = ", ".join(LIMBS[status])
            message = f"The method '{status}' has no limb '{test.id}'. Its limbs: {limbs}."
            self.fault("tests.toml", ("test", place, "id"), message)
        who = f"test '{test.id}' refers to"
        path: Path = ("test", place, "parameter")
        self.parameter("tests.toml", path, test.parameter, "number", who)
        if test.parameter and test.comparison is None:
            message = f"test '{test.id}' has a parameter and no 'comparison' to hold against it."
            self.fault("tests.toml", ("test", place), message)
        if test.traded:
            path = ("test", place, "traded", 0, "parameter")
            self.parameter("tests.toml", path, test.traded.parameter, "number", who)

    def flag(self, place: int, flag: Flag) -> None:
        self.order("flags.toml", ("flag", place), flag.starts, flag.ends)
        self.method("flags.toml", ("flag", place, "method"), flag.method, FLAG_METHODS)
        if flag.decided_by is DecidedBy.ANSWER and flag.term is None:
            message = f"flag '{flag.id}' is decided by answer and names no 'term' to read it from."
            self.fault("flags.toml", ("flag", place), message)
        if flag.decided_by is not DecidedBy.ANSWER:
            kind: ValueKind = "day" if flag.method == "agreement-date" else "number"
            path: Path = ("flag", place, "parameter")
            if flag.parameter is None:
                message = f"flag '{flag.id}' is decided by {flag.decided_by.value} and names no "
                self.fault("flags.toml", path, message + "'parameter' for its limit.")
            who = f"flag '{flag.id}' refers to"
            self.parameter("flags.toml", path, flag.parameter, kind, who)
        for key, words in (("applies_to", flag.applies_to), ("may_apply_to", flag.may_apply_to)):
            for word in words:
                if word not in set(AgreementType):
                    message = f"'{word}' is no type of agreement."
                    self.fault("flags.toml", ("flag", place, key), message)

    def question(self, place: int, id: str) -> None:
        question = self.pack.questions[id]
        readings = [reading.id for reading in question.readings]
        if len(set(readings)) < 2:
            message = f"question '{id}' needs two readings that differ, or it is not open."
            self.fault("questions.toml", ("question", place), message)
        self.known("questions.toml", ("question", place, "default"), question.default, readings)
        for name in question.bears_on:
            path: Path = ("question", place, "bears_on")
            self.known("questions.toml", path, name, {**self.pack.tests, **self.pack.flags})


def _kind(value: DatedValue) -> ValueKind | None:
    match value.value:
        case bool():
            return None
        case int() | float():
            return "number"
        case str():
            return "text"
        case tuple():
            return "words"
        case date():
            return "day"


_KIND_WORDS: dict[ValueKind, str] = {
    "number": "a number",
    "text": "a text",
    "words": "a list of texts",
    "day": "a date",
}
