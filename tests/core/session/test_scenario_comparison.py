"""Scenarios side by side: figures and differences against worked numbers and separate scores."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from msgspec.structs import replace

from depmap_gui.analysis.assess import assess
from depmap_gui.analysis.context import Canceled
from depmap_gui.analysis.results import Assessment
from depmap_gui.analysis.risk import credit_risks
from depmap_gui.analysis.sample_maps import random_map
from depmap_gui.analysis.scenario_figures import Absence, Cell, Figure, Outcome, Place
from depmap_gui.domain.kinds import Basis, LocationRole
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
    Scenario,
    ScenarioChange,
    Uses,
)
from depmap_gui.domain.scenarios import play
from depmap_gui.resources import samples
from depmap_gui.session.export import export_workbook
from depmap_gui.session.scenario_comparison import (
    Row,
    ScenarioComparison,
    compare_scenarios,
    comparison_question,
    jurisdictions_of,
)
from depmap_gui.session.session import Session, score

CELLS = Product(id="cells", name="Cells", credit="45x/battery-cell", units=1_000_000.0)


def scenario(id: str, *changes: ScenarioChange) -> Scenario:
    return Scenario(id=id, name=f"The {id}", changes=changes)


def setting(id: str, field: str, value: Any) -> ScenarioChange:
    return ScenarioChange(set=id, field=field, value=value)


def worked_plant(*scenarios: Scenario) -> Project:
    """A plant with a license for half its technology, of which 0.4 is sub-licensed from a Chinese
    company and the rest a Korean one's; 0.3 of its own, which is American: 20% Chinese, 40% at
    most."""
    entities = [
        *(Jurisdiction(id=code.lower(), name=code, code=code) for code in ("CN", "KR", "US")),
        Company(id="chinese", name="Chinese Co."),
        Company(id="korean", name="Korean Co."),
        Company(id="american", name="American Co."),
        License(id="license", name="License"),
        License(id="sublicense", name="Sub-license"),
        Plant(id="works", name="Works", own_ip=0.3, products=(CELLS,)),
    ]
    homes = (("cn", "chinese"), ("kr", "korean"), ("us", "american"))
    links = [
        *(
            Located(id=f"home-{b}", source=a, target=b, role=LocationRole.INCORPORATED)
            for a, b in homes
        ),
        Operates(id="operates", source="american", target="works"),
        Licenses(id="l1", source="korean", target="license"),
        Licenses(id="l2", source="chinese", target="sublicense"),
        Uses(id="sub", source="sublicense", target="license", share=0.4),
        Uses(id="uses", source="license", target="works", share=0.5),
    ]
    return Project(
        header=Header(title="Worked", year=2026),
        entities={each.id: each for each in entities},
        links={each.id: each for each in links},
        scenarios={each.id: each for each in scenarios},
    )


def compared(project: Project, **asked: Any) -> ScenarioComparison:
    return compare_scenarios(comparison_question(Session(project), **asked))


def row_of(found: ScenarioComparison, figure: Figure, **where: str) -> Row:
    rows = [
        row
        for row in found.rows
        if row.place.figure is figure
        and all(getattr(row.place, key) == value for key, value in where.items())
    ]
    assert len(rows) == 1, rows
    return rows[0]


def ends(cell: Cell | None) -> tuple[float, float]:
    assert cell is not None
    assert cell.low is not None
    assert cell.high is not None
    return cell.low, cell.high


# Worked numbers -------------------------------------------------------------------------------


def test_the_worked_plant_and_what_scenarios_make_of_it() -> None:
    found = compared(
        worked_plant(
            # 0.5 x 0.8 Chinese, 0.5 x 0.2 Korean, 0.3 American, 0.2 unknown.
            scenario("wider", setting("sub", "share", 0.8)),
            # 0.2 Chinese, 0.3 Korean, 0.5 American, nothing unknown.
            scenario("known", setting("works", "own_ip", 0.5)),
        )
    )
    row = row_of(found, Figure.IP, plant="works")
    assert [ends(cell) for cell in row.cells] == [
        pytest.approx((0.2, 0.4)),
        pytest.approx((0.4, 0.6)),
        pytest.approx((0.2, 0.2)),
    ]
    base, wider, known = row.differences
    assert base is None
    assert wider is not None
    assert known is not None
    assert (wider.outcome, wider.low, wider.high) == (
        Outcome.CHANGED, pytest.approx(0.2), pytest.approx(0.2),
    )  # fmt: skip
    # What is documented stays exactly; what it is at most falls by what was unknown.
    assert (known.outcome, known.low, known.high) == (Outcome.CHANGED, 0.0, pytest.approx(-0.2))


def test_the_owner_of_the_worked_example_by_every_basis() -> None:
    """Domicile China, 60% held by a Swede that is 82% Chinese: 0.892; without the 82%: 0.4."""
    entities = [
        Jurisdiction(id="cn", code="CN"),
        Jurisdiction(id="se", code="SE"),
        Company(id="maker"),
        Company(id="swede"),
        Company(id="parent"),
        Plant(id="works", own_ip=1.0),
    ]
    links = [
        Located(id="a", source="cn", target="maker", role=LocationRole.INCORPORATED),
        Located(id="b", source="se", target="swede", role=LocationRole.INCORPORATED),
        Located(id="c", source="cn", target="parent", role=LocationRole.INCORPORATED),
        Owns(id="d", source="swede", target="maker", share=0.6),
        Owns(id="e", source="parent", target="swede", share=0.82),
        Operates(id="f", source="maker", target="works"),
    ]
    project = Project(
        header=Header(year=2026),
        entities={each.id: each for each in entities},
        links={each.id: each for each in links},
        scenarios={"sold": scenario("sold", ScenarioChange(remove="e"))},
    )
    # 0.4 of its own home and 0.6 x 0.82, and without the parent 0.4 alone; whoever has the votes.
    expected = {
        Basis.DOMICILE: (1.0, 1.0),
        Basis.ECONOMIC: (0.892, 0.4),
        Basis.CONTROL: (1.0, 0.0),
    }
    for basis, shares in expected.items():
        found = compared(project, basis=basis)
        assert found.basis is basis
        row = row_of(found, Figure.IP, plant="works")
        assert [ends(cell) for cell in row.cells] == [
            pytest.approx((share, share)) for share in shares
        ]
        difference = row.differences[1]
        assert difference is not None
        assert difference.low == pytest.approx(shares[1] - shares[0])


# Unknown and absent ---------------------------------------------------------------------------


def test_the_difference_of_an_unknown_is_unknown() -> None:
    bare = scenario("bare", setting("works", "own_ip", None), ScenarioChange(remove="uses"))
    found = compared(worked_plant(bare))
    row = row_of(found, Figure.IP, plant="works")
    assert row.cells[1] == Cell()
    difference = row.differences[1]
    assert difference is not None
    assert (difference.outcome, difference.low, difference.high) == (Outcome.UNKNOWN, None, None)
    # Nothing is supplied in either: unknown in both, and unknown by how much they differ.
    inputs = row_of(found, Figure.MADE_IN, plant="works")
    assert inputs.cells == (Cell(), Cell())
    assert inputs.differences[1] is not None
    assert inputs.differences[1].outcome is Outcome.UNKNOWN


def test_a_credit_of_unknown_worth_is_no_credit_of_zero() -> None:
    units = replace(CELLS, units=None)
    plain = [{"id": units.id, "name": units.name, "credit": units.credit}]
    found = compared(worked_plant(scenario("vague", setting("works", "products", plain))))
    row = row_of(found, Figure.ANNUAL_CREDIT, plant="works")
    base, vague = row.cells
    assert base is not None
    assert vague is not None
    assert (base.low, base.unit) == (35_000_000.0, "USD")
    assert (vague.low, vague.high) == (None, None)
    assert row.differences[1] is not None
    assert (row.differences[1].outcome, row.differences[1].low) == (Outcome.UNKNOWN, None)


def test_what_only_some_versions_have_is_told_as_absent() -> None:
    second = {"id": "second", "kind": "plant", "name": "Second works", "own_ip": 1.0}
    park = {"id": "park", "name": "Park", "credit": "48e/storage"}
    cells = {"id": "cells", "name": "Cells", "credit": "45x/battery-module", "units": 10.0}
    found = compared(
        worked_plant(
            scenario("added", ScenarioChange(add=second)),
            scenario("gone", ScenarioChange(remove="works")),
            scenario("other", setting("works", "products", [park])),
            scenario("module", setting("works", "products", [cells])),
        )
    )
    ip = row_of(found, Figure.IP, plant="works")
    assert ip.cells[2] == Cell(absence=Absence.ITEM)
    assert ip.differences[2] is not None
    assert ip.differences[2].outcome is Outcome.REMOVED
    new = row_of(found, Figure.IP, plant="second")
    assert [cell and cell.absence for cell in new.cells] == [
        Absence.ITEM, None, Absence.ITEM, Absence.ITEM, Absence.ITEM,
    ]  # fmt: skip
    outcomes = [each and each.outcome for each in new.differences]
    assert outcomes == [None, Outcome.ADDED, None, None, None]
    status = row_of(found, Figure.STATUS, plant="works", credit="45x/battery-cell")
    assert [cell and cell.absence for cell in status.cells] == [
        None, None, Absence.ITEM, Absence.PRODUCT, Absence.CREDIT,
    ]  # fmt: skip
    assert found.names["second"] == "Second works"
    assert found.products["works", "park"] == "Park"


def test_a_plant_whose_id_another_kind_of_item_takes_is_not_in_that_map() -> None:
    company = {"id": "works", "kind": "company", "name": "Works, as a company"}
    swapped = scenario("swapped", ScenarioChange(remove="works"), ScenarioChange(add=company))
    found = compared(worked_plant(swapped))
    for row in found.rows:
        if row.place.plant:
            assert row.cells[1] == Cell(absence=Absence.ITEM)


def test_a_scenario_that_does_not_fit_is_told_and_the_others_are_compared() -> None:
    found = compared(
        worked_plant(
            scenario("broken", setting("nothing", "share", 0.1)),
            scenario("wider", setting("sub", "share", 0.8)),
        )
    )
    base, broken, wider = found.versions
    assert (base.scenario, base.fault, wider.fault) == (None, "", "")
    assert broken.fault == (
        "Scenario 'The broken': 'share' of 'nothing' cannot be set: the map does not have it."
    )
    row = row_of(found, Figure.IP, plant="works")
    assert (row.cells[1], row.differences[1]) == (None, None)
    assert ends(row.cells[2]) == pytest.approx((0.4, 0.6))


# Companies, words, order ----------------------------------------------------------------------


def test_companies_are_there_only_where_their_status_changes() -> None:
    chinese = scenario("chinese", setting("home-american", "source", "cn"))
    found = compared(worked_plant(chinese, scenario("same")))
    companies = {row.place.company for row in found.rows if row.place.company}
    assert companies == {"american"}
    row = row_of(found, Figure.ANSWER, company="american", part="sfe")
    assert [cell and cell.word for cell in row.cells] == ["no", "yes", "no"]
    assert [each and each.outcome for each in row.differences] == [
        None, Outcome.CHANGED, Outcome.SAME,
    ]  # fmt: skip


def test_what_a_scenario_changes_is_told_in_sentences() -> None:
    found = compared(
        worked_plant(
            scenario("wider", setting("sub", "share", 0.8)),
            scenario("gone", ScenarioChange(remove="uses")),
        )
    )
    assert found.versions[0].changes == ()
    assert found.versions[1].changes == (
        "The license use Sub-license → License: IP share changed from 40% to 80%.",
    )
    assert found.versions[2].changes == ("Removed license use License → Works.",)


def test_the_base_map_is_compared_whatever_scenario_is_looked_at() -> None:
    session = Session(worked_plant(scenario("wider", setting("sub", "share", 0.8))))
    session.scenario = "wider"
    found = compare_scenarios(comparison_question(session, ["wider"]))
    row = row_of(found, Figure.IP, plant="works")
    assert [ends(cell) for cell in row.cells] == [
        pytest.approx((0.2, 0.4)), pytest.approx((0.4, 0.6)),
    ]  # fmt: skip


def test_jurisdictions_that_only_a_scenario_has_are_known() -> None:
    sweden = {"id": "se", "kind": "jurisdiction", "name": "Sweden", "code": "SE"}
    project = worked_plant(scenario("sweden", ScenarioChange(add=sweden)))
    question = comparison_question(Session(project))
    assert jurisdictions_of(question) == ("CN", "KR", "US", "SE")


# Against separate scores ----------------------------------------------------------------------

SHARES = {
    Figure.IP: "ip",
    Figure.EMBEDDED_IP: "embedded_ip",
    Figure.MADE_IN: "made_in",
    Figure.MADE_BY: "made_by",
    Figure.MADE_IN_FIRST_TIER: "made_in_first_tier",
    Figure.MADE_BY_FIRST_TIER: "made_by_first_tier",
    Figure.OWNERSHIP: "ownership",
}
HHI = {
    Figure.HHI_IP: "ip",
    Figure.HHI_MADE_IN: "inputs_made_in",
    Figure.HHI_MADE_BY: "inputs_made_by",
    Figure.HHI_SUPPLIERS: "suppliers",
}


def separate(place: Place, assessment: Assessment, code: str) -> Any:
    """What a version's own assessment says of a figure, read straight from it; None is unknown,
    a missing key that the version has no such figure."""
    if place.company:
        return assessment.law.companies[place.pack][place.company].answers[place.part].value
    if place.figure in SHARES:
        if place.plant not in assessment.scores.attribution:
            raise KeyError(place.plant)
        shares = getattr(assessment.scores, SHARES[place.figure]).get(place.plant)
        if shares is None or shares.get("unknown", 0.0) > 1.0 - 1e-9:
            return None
        low = shares.get(code, 0.0)
        return pytest.approx((low, min(1.0, low + shares.get("unknown", 0.0))), abs=1e-9)
    if place.figure in HHI:
        range = getattr(assessment.scores.concentration[place.plant], HHI[place.figure])
        if range.low <= 0.0 and range.high >= 10_000.0 - 1e-5:
            return None
        return pytest.approx((range.low, range.high), abs=1e-5)
    credit = {
        (each.plant, each.product, each.pack, each.credit): each for each in assessment.law.credits
    }[place.plant, place.product, place.pack, place.credit]
    if place.figure is Figure.TEST:
        test = {each.id: each for each in credit.tests if each.decides}[place.part]
        return test.verdict.value, test.low, test.high, test.threshold, test.margin
    return {
        Figure.STATUS: credit.status.value,
        Figure.ANNUAL_CREDIT: credit.annual_credit,
        Figure.OPEN: credit.open,
    }[place.figure]


def said(place: Place, cell: Cell) -> Any:
    """The same of a compared cell."""
    match place.figure:
        case Figure.STATUS | Figure.ANSWER:
            return cell.word
        case Figure.TEST:
            return cell.word, cell.low, cell.high, cell.threshold, cell.margin
        case Figure.OPEN:
            return cell.points
        case Figure.ANNUAL_CREDIT:
            return cell.low
        case _:
            return None if cell.low is None else (cell.low, cell.high)


def agrees_with_separate_scores(project: Project, code: str = "CN") -> int:
    """Compare every version's cells with an assessment made for itself; gives how many."""
    session = Session(project)
    found = compared(project, jurisdiction=code)
    own = [
        assess(play(project, each.scenario), packs=session.packs()) if not each.fault else None
        for each in found.versions
    ]
    checked = 0
    for row in found.rows:
        for cell, assessment in zip(row.cells, own, strict=True):
            if assessment is None:
                assert cell is None
                continue
            assert cell is not None
            try:
                expected = separate(row.place, assessment, code)
            except KeyError:
                assert cell.absence is not None, row.place
                continue
            assert cell.absence is None, row.place
            assert said(row.place, cell) == expected, row.place
            checked += 1
    return checked


@pytest.mark.parametrize("sample", samples(), ids=lambda path: path.stem)
def test_every_sample_as_if_each_scenario_were_scored_alone(sample: Path) -> None:
    project = Session.open(sample).document.snapshot()
    assert len(project.scenarios) > 1
    assert agrees_with_separate_scores(project) > 40
    assert agrees_with_separate_scores(project, "US") > 40


@pytest.mark.parametrize("seed", range(6))
def test_made_up_maps_as_if_each_scenario_were_scored_alone(seed: int) -> None:
    draw = random.Random(seed)
    project = random_map(90, loops=bool(seed % 2), seed=seed, jurisdictions=5)
    made = [scenario(f"s{number}", *some_changes(project, draw)) for number in range(3)]
    project = replace(project, scenarios={each.id: each for each in made})
    assert agrees_with_separate_scores(project) > 50


def some_changes(project: Project, draw: random.Random) -> list[ScenarioChange]:
    """Shares drawn anew, links taken out, and a plant or company that goes."""
    links = list(project.links.values())
    shared = [each for each in links if isinstance(each, Owns | Uses)]
    changed = draw.sample(shared, 3)
    gone = draw.sample([each for each in links if each not in changed], 2)
    lost = draw.choice([id for id in project.entities if id[0] in "cp"])
    kept = [each for each in (*changed, *gone) if lost not in (each.source, each.target)]
    return [
        *(
            ScenarioChange(remove=each.id)
            if each in gone
            else setting(each.id, "share", round(draw.random() * 0.3, 3))
            for each in kept
        ),
        ScenarioChange(remove=lost),
    ]


def test_risks_are_those_of_each_scenario_sampled_alone() -> None:
    project = Session.open(samples()[0]).document.snapshot()
    session = Session(project)
    found = compared(project, samples=60, seed=5)
    checked = 0
    for number, version in enumerate(found.versions):
        played = play(project, version.scenario)
        alone = credit_risks(played, session.packs(), samples=60, seed=5)
        for key, expected in alone.items():
            plant, product, pack = key
            where = {"plant": plant, "product": product, "pack": pack}
            risk = row_of(found, Figure.RISK, **where).cells[number]
            money = row_of(found, Figure.AT_RISK, **where).cells[number]
            assert risk is not None
            assert money is not None
            assert (risk.low, money.low) == (expected.risk, pytest.approx(expected.at_risk))
            checked += 1
    assert checked > 3
    assert not [row for row in compared(project).rows if row.place.figure is Figure.RISK]


def test_the_workbook_says_the_same_of_every_scenario(tmp_path: Path) -> None:
    for sample in samples():
        session = Session.open(sample)
        request = session.request()
        path = tmp_path / f"{sample.stem}.xlsx"
        export_workbook(request, score(request), path, samples=0)
        found = compare_scenarios(comparison_question(session))
        assert in_the_workbook(path, found) > 5


def in_the_workbook(path: Path, found: ScenarioComparison) -> int:
    """Check the Scenarios sheet against the comparison; gives how many cells were."""
    sheet = openpyxl.load_workbook(path, data_only=True)["Scenarios"]
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    start = next(number for number, row in enumerate(rows) if "Plant" in row)
    heads = rows[start]
    checked = 0
    for row in rows[start + 1 :]:
        said = {str(head): value for head, value in zip(heads, row, strict=True) if head}
        if not said["Plant"]:
            continue
        plant = next(id for id, name in found.names.items() if name == said["Plant"])
        product = next(
            id for (at, id), name in found.products.items()
            if at == plant and name == said["Product"]
        )  # fmt: skip
        for number, version in enumerate(found.versions):
            technology = row_of(found, Figure.IP, plant=plant).cells[number]
            assert (
                said[f"IP, documented: {version.name}"],
                said[f"IP, at most: {version.name}"],
            ) == pytest.approx(ends(technology))
            status = row_of(found, Figure.STATUS, plant=plant, product=product).cells[number]
            worth = row_of(found, Figure.ANNUAL_CREDIT, plant=plant, product=product).cells[number]
            ratio = row_of(found, Figure.TEST, plant=plant, product=product, part="macr")
            assert status is not None
            assert worth is not None
            assert said[f"Status: {version.name}"] == status.word
            assert said[f"Credit a year: {version.name}"] == pytest.approx(worth.low)
            assert (
                said[f"Cost ratio, low: {version.name}"],
                said[f"Cost ratio, high: {version.name}"],
            ) == pytest.approx(ends(ratio.cells[number]))
            checked += 3
    return checked


# Under way ------------------------------------------------------------------------------------


class Listening:
    def __init__(self, stop_at: float = 2.0) -> None:
        self.heard: list[tuple[float, str]] = []
        self._stop_at = stop_at

    def progress(self, fraction: float, what: str) -> None:
        self.heard.append((fraction, what))
        if fraction >= self._stop_at:
            raise Canceled


def test_progress_names_each_version_and_never_goes_back() -> None:
    project = worked_plant(scenario("wider", setting("sub", "share", 0.8)), scenario("same"))
    context = Listening()
    compare_scenarios(comparison_question(Session(project), samples=20), context)
    fractions = [fraction for fraction, _ in context.heard]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert {"Base", "The wider", "The same"} <= {what for _, what in context.heard}


def test_a_comparison_can_be_canceled() -> None:
    project = worked_plant(scenario("wider", setting("sub", "share", 0.8)))
    with pytest.raises(Canceled):
        compare_scenarios(comparison_question(Session(project)), Listening(stop_at=0.5))
