"""The kinds of reasoning that data cannot express, by the names under which packs refer to them.

`NEEDS` says what a pack must hold for a method to work; the loader checks it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from msgspec import Struct

from depmap_gui.rules import influence, material, own_facts, status, testing
from depmap_gui.rules.license_control import (
    EFFECTIVE_CONTROL,
    EXCEPTION_METHODS,
    FLAG_METHODS,
    SUB_LICENSE,
)
from depmap_gui.rules.pack import TestRule
from depmap_gui.rules.results import TestResult
from depmap_gui.rules.setting import Setting
from depmap_gui.rules.testing import EntityFindings, TestCase

ValueKind = Literal["number", "text", "words", "day"]


class Needs(Struct, frozen=True, kw_only=True):
    """What a method asks of a pack: parameters with the kind of their values, questions with the
    readings it can follow, and ids of tests and limbs."""

    parameters: dict[str, ValueKind] = {}
    questions: dict[str, tuple[str, ...]] = {}
    tests: tuple[str, ...] = ()
    limbs: tuple[str, ...] = ()


ENTITY_STATUS: dict[str, Callable[[Setting], EntityFindings]] = {
    "specified-and-influenced": testing.specified_and_influenced,
}
"""Who is what in law: one method a pack."""

TEST_METHODS: dict[str, Callable[[TestCase, TestRule], TestResult]] = {
    "entity-limb": testing.entity_limb,
    "license-control": testing.license_control_test,
    "material-direct-cost": testing.direct_cost_test,
}
"""How a test is measured."""

COST_METHODS = frozenset({"material-direct-cost"})
"""Tests that measure a cost ratio: where it is unknown, a product is undetermined."""

ANSWERS: dict[str, tuple[str, ...]] = {
    "specified-and-influenced": (status.SFE, influence.FIE),
}
"""The questions that an entity-status method answers of each company."""

LIMBS: dict[str, tuple[str, ...]] = {
    "specified-and-influenced": (
        status.SFE,
        influence.SINGLE,
        influence.AGGREGATE,
        influence.DEBT,
        influence.OFFICER,
    ),
}
"""The limbs of its answers that an entity-status method measures one by one."""

NEEDS: dict[str, Needs] = {
    "specified-and-influenced": Needs(
        parameters={
            own_facts.NATIONS: "words",
            own_facts.OPEN_NATIONS: "words",
            own_facts.LIST_DAY: "text",
            own_facts.HOME_NATION: "text",
            status.FLOOR: "number",
            influence.PARENT: "number",
        },
        questions={
            own_facts.TERRITORIES: ("included", "excluded"),
            status.CHAIN: ("chained", "one-step"),
            influence.GROUP: ("separate", "together"),
            influence.MEASURE: ("value", "either"),
            SUB_LICENSE: ("not-counted", "counted"),
        },
        tests=(*LIMBS["specified-and-influenced"], EFFECTIVE_CONTROL),
        limbs=(
            own_facts.BY_LIST,
            own_facts.HOME,
            own_facts.PERSON,
            influence.UNDISCLOSED,
            influence.CONTROL,
        ),
    ),
    "license-control": Needs(
        questions={
            testing.SCOPE: ("product", "taxpayer"),
            testing.PAYMENTS: ("presumed", "as-written"),
        }
    ),
    "material-direct-cost": Needs(
        questions={material.ORIGIN: ("maker-unknown", "origin-decides")},
        limbs=(material.COST_UNKNOWN, material.MAKER_UNKNOWN, material.CATEGORY_UNKNOWN),
    ),
}

__all__ = [
    "ANSWERS",
    "COST_METHODS",
    "ENTITY_STATUS",
    "EXCEPTION_METHODS",
    "FLAG_METHODS",
    "LIMBS",
    "NEEDS",
    "TEST_METHODS",
    "Needs",
    "ValueKind",
]
