"""The kinds of reasoning that data cannot express, by the names under which packs refer to them.

`NEEDS` says what a pack must hold for a method to work; the loader checks it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from msgspec import Struct

from depmap_gui.rules import (
    certificates,
    contracts,
    cost_percentage,
    covered_government,
    during_year,
    fifty_percent,
    influence,
    investment_conditions,
    material,
    material_tests,
    nation_bound,
    own_facts,
    payments,
    plant_checks,
    related,
    service_deadline,
    status,
    testing,
    vehicle_credit,
    vehicles,
)
from depmap_gui.rules.contract_rights import FLAG_METHODS
from depmap_gui.rules.license_control import (
    EFFECTIVE_CONTROL,
    EXCEPTION_METHODS,
    SUB_LICENSE,
)
from depmap_gui.rules.pack import TestRule
from depmap_gui.rules.results import TestResult
from depmap_gui.rules.setting import Setting
from depmap_gui.rules.testing import EntityFindings, TestCase

ValueKind = Literal["number", "text", "words", "day"]


class Needs(Struct, frozen=True, kw_only=True):
    """What a method asks of a pack: parameters with the kind of their values, questions with the
    readings it can follow, and ids of tests and limbs. `may_have` and `may_ask` are parameters and
    questions that it heeds where the pack has them."""

    parameters: dict[str, ValueKind] = {}
    may_have: dict[str, ValueKind] = {}
    questions: dict[str, tuple[str, ...]] = {}
    may_ask: dict[str, tuple[str, ...]] = {}
    tests: tuple[str, ...] = ()
    limbs: tuple[str, ...] = ()


ENTITY_STATUS: dict[str, Callable[[Setting], EntityFindings]] = {
    "specified-and-influenced": testing.specified_and_influenced,
    "blocked-by-ownership": fifty_percent.blocked_by_ownership,
    "covered-by-ownership": fifty_percent.covered_by_ownership,
    "covered-government": covered_government.foreign_entities_of_concern,
    "foreign-adversary": nation_bound.foreign_adversaries,
    "investor-country": nation_bound.investors,
}
"""Who is what in law: one method a pack."""

BY_OWNERS = frozenset(
    ("", "specified-and-influenced", "blocked-by-ownership", "covered-by-ownership")
)
"""Those whose answers rest on companies, owners, lenders and licenses, not on what plants get."""

TEST_METHODS: dict[str, Callable[[TestCase, TestRule], TestResult | None]] = {
    "entity-limb": testing.entity_limb,
    "license-control": testing.license_control_test,
    "material-direct-cost": material_tests.direct_cost_test,
    "material-without-election": material_tests.without_election_test,
    "material-cost-percentage": material_tests.cost_percentage_test,
    "material-certificates": material_tests.certified_test,
    "service-deadline": service_deadline.service_deadline_test,
    "acquired-in-time": vehicle_credit.acquired_in_time,
    "value-share": vehicle_credit.value_share,
    "any-leg": vehicle_credit.any_leg,
    "no-entity-of-concern": vehicle_credit.no_entity_of_concern,
}
"""How a test is measured; None where it is not asked of the product."""

CHECK_METHODS: dict[str, plant_checks.CheckMethod] = {
    "barred-supplies": vehicles.barred_supplies,
    "barred-maker": vehicles.barred_maker,
    "investor-share": investment_conditions.investor_share,
    "local-partner": investment_conditions.local_partner,
    "licensed-technology": investment_conditions.licensed_technology,
    "declared-only": investment_conditions.declared_only,
}
"""How a test of a check is measured: laws that are no credit."""

STATUS_OF_CHECK = {
    "barred-supplies": "foreign-adversary",
    "barred-maker": "foreign-adversary",
    "investor-share": "investor-country",
    "local-partner": "investor-country",
    "licensed-technology": "investor-country",
    "declared-only": "investor-country",
    "no-entity-of-concern": "covered-government",
}
"""The entity status that a test method reads."""

COST_METHODS = frozenset(
    (
        "material-direct-cost",
        "material-without-election",
        "material-cost-percentage",
        "material-certificates",
    )
)
"""Tests that measure a cost ratio: where it is unknown, a product is undetermined."""

ANSWERS: dict[str, tuple[str, ...]] = {
    "specified-and-influenced": (status.SFE, influence.FIE),
    "blocked-by-ownership": (fifty_percent.BLOCKED,),
    "covered-by-ownership": (fifty_percent.COVERED,),
    "covered-government": (covered_government.FEOC,),
    "foreign-adversary": (nation_bound.ADVERSARY,),
    "investor-country": (nation_bound.INVESTOR,),
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
    "blocked-by-ownership": (f"{fifty_percent.BLOCKED}.ownership",),
    "covered-by-ownership": (f"{fifty_percent.COVERED}.ownership",),
    "covered-government": covered_government.LIMBS,
    "foreign-adversary": (f"{nation_bound.ADVERSARY}.control",),
    "investor-country": (f"{nation_bound.INVESTOR}.control",),
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
            payments.ENACTED: "day",
        },
        questions={
            own_facts.TERRITORIES: ("included", "excluded"),
            status.CHAIN: ("chained", "one-step"),
            influence.GROUP: ("separate", "together"),
            influence.MEASURE: ("value", "either"),
            SUB_LICENSE: ("not-counted", "counted"),
            payments.PREVIOUS_YEAR: ("presumed", "as-written"),
            payments.BEFORE_ENACTMENT: ("counted", "not-counted"),
            payments.FREE: ("payment", "no-payment"),
            during_year.DAY: ("last-day", "during"),
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
    "blocked-by-ownership": Needs(
        tests=LIMBS["blocked-by-ownership"],
        limbs=tuple(f"{fifty_percent.BLOCKED}.{name}" for name in fifty_percent.POINTS),
    ),
    "covered-by-ownership": Needs(
        parameters={fifty_percent.SWITCH: "text", fifty_percent.POLICY_ORDER: "words"},
        questions={fifty_percent.RETURNED: ("in-force", "suspended")},
        tests=LIMBS["covered-by-ownership"],
        limbs=tuple(f"{fifty_percent.COVERED}.{name}" for name in fifty_percent.POINTS),
    ),
    "covered-government": Needs(
        parameters={
            own_facts.NATIONS: "words",
            own_facts.OPEN_NATIONS: "words",
            covered_government.MERGE: "number",
        },
        questions={own_facts.TERRITORIES: ("included", "excluded")},
        tests=LIMBS["covered-government"],
        limbs=(
            covered_government.HOME,
            covered_government.UNDISCLOSED,
            covered_government.SEATS_UNSTATED,
        ),
    ),
    "foreign-adversary": Needs(
        parameters={nation_bound.COUNTRIES: "words"},
        tests=LIMBS["foreign-adversary"],
        limbs=tuple(f"{nation_bound.ADVERSARY}.{name}" for name in nation_bound.POINTS),
    ),
    "investor-country": Needs(
        parameters={nation_bound.COUNTRIES: "words"},
        tests=LIMBS["investor-country"],
        limbs=tuple(f"{nation_bound.INVESTOR}.{name}" for name in nation_bound.POINTS),
    ),
    "barred-supplies": Needs(
        parameters={vehicles.WEIGHT_LIMIT: "number"},
        limbs=(vehicles.WEIGHT, vehicles.MODEL_YEAR),
    ),
    "barred-maker": Needs(
        parameters={vehicles.WEIGHT_LIMIT: "number"},
        limbs=(vehicles.WEIGHT, vehicles.MODEL_YEAR),
    ),
    "vehicles": Needs(parameters={plant_checks.VEHICLE_CREDITS: "words"}),
    "plants-in-member-states": Needs(parameters={plant_checks.MEMBERS: "words"}),
    "local-partner": Needs(parameters={plant_checks.MEMBERS: "words"}),
    "license-control": Needs(
        may_have={related.SHARE: "number"},
        questions={
            testing.SCOPE: ("product", "taxpayer"),
            payments.PREVIOUS_YEAR: ("presumed", "as-written"),
            payments.BEFORE_ENACTMENT: ("counted", "not-counted"),
            payments.FREE: ("payment", "no-payment"),
        },
    ),
    "material-without-election": Needs(questions={contracts.ELECTION: ("all", "each")}),
    "material-cost-percentage": Needs(
        questions={cost_percentage.PRODUCTION: ("maker", "component")},
        may_ask={cost_percentage.CONTRACTS: (cost_percentage.LEFT_OUT, "counted")},
        limbs=(cost_percentage.LINE_UNKNOWN, material.MAKER_UNKNOWN),
    ),
    "material-certificates": Needs(
        questions={certificates.UNCERTIFIED: ("as-known", "as-prohibited")}
    ),
    "service-deadline": Needs(
        parameters={
            service_deadline.TECHNOLOGIES: "words",
            service_deadline.LAST_SERVICE: "day",
            service_deadline.LAST_BEGUN: "day",
        },
        limbs=(service_deadline.DATES, service_deadline.TECHNOLOGY),
    ),
    "material-direct-cost": Needs(
        questions={material.ORIGIN: ("maker-unknown", "origin-decides")},
        limbs=(material.COST_UNKNOWN, material.MAKER_UNKNOWN, material.CATEGORY_UNKNOWN),
    ),
}

__all__ = [
    "ANSWERS",
    "CHECK_METHODS",
    "COST_METHODS",
    "ENTITY_STATUS",
    "EXCEPTION_METHODS",
    "FLAG_METHODS",
    "LIMBS",
    "NEEDS",
    "STATUS_OF_CHECK",
    "TEST_METHODS",
    "Needs",
    "ValueKind",
]
