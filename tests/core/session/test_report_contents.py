"""What a report says, as values: its figures are those of `score --json`, and nothing is lost."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec
import pytest

from depmap_gui.analysis.context import Canceled
from depmap_gui.analysis.results import Assessment
from depmap_gui.cli.main import run
from depmap_gui.cli.score_json import assessment_json
from depmap_gui.domain.kinds import LocationRole, SupplyCategory
from depmap_gui.domain.project import Header, Project
from depmap_gui.domain.records import (
    AnyEntity,
    AnyLink,
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
    Source,
    Supplies,
    Uses,
)
from depmap_gui.resources import samples
from depmap_gui.rules.results import Answer, RecaptureResult, Verdict
from depmap_gui.session.export import SAMPLES, usual_samples
from depmap_gui.session.report import (
    MOST_COMPANIES,
    MOST_LINES,
    MOST_PLANTS,
    ReportError,
    ReportOptions,
    report_of,
)
from depmap_gui.session.report_values import Report, ReportPart
from depmap_gui.session.session import ScoringRequest, Session, score
from depmap_gui.session.uncertainty import sample_risks

DAY = date(2026, 11, 22)


class PlainWords:
    """Figures as Python writes them, so that no Qt is needed."""

    def percent(self, share: float | None) -> str:
        return "unknown" if share is None else f"{100 * share:.1f}%"

    def percent_range(self, low: float | None, high: float | None) -> str:
        return f"{self.percent(low)} to {self.percent(high)}"

    def money(self, amount: float | None, currency: str) -> str:
        return "unknown" if amount is None else f"{amount:,.0f} {currency}"

    def count(self, value: float | None) -> str:
        return "unknown" if value is None else f"{value:,.0f}"

    def day(self, value: date | None) -> str:
        return "unknown" if value is None else value.isoformat()

    def sentence(self, said: str) -> str:
        return said

    def adjective(self, project: Project, code: str) -> str:
        return {"CN": "Chinese"}.get(code, code)

    def place(self, project: Project, code: str) -> str:
        return code

    def status(self, question: str) -> str:
        return question.upper()


def asked(project: Project) -> tuple[ScoringRequest, Assessment]:
    request = Session(project).request()
    return request, score(request)


def reported(project: Project, **options: Any) -> Report:
    request, assessment = asked(project)
    return report_of(request, assessment, PlainWords(), ReportOptions(**options), dated=DAY)


def sample(name: str) -> Project:
    path = next(path for path in samples() if name in path.stem)
    return Session.open(path).document.snapshot()


def many_plants(count: int) -> Project:
    """Plants of one operator, each with a product; the later ones have more Chinese technology."""
    entities: list[AnyEntity] = [
        Jurisdiction(id="cn", name="China", code="CN"),
        Jurisdiction(id="us", name="United States", code="US"),
        Company(id="op", name="Operator Inc."),
        Company(id="lic", name="Licensor Ltd."),
        License(id="deal", name="Deal"),
    ]
    incorporated = LocationRole.INCORPORATED
    links: list[AnyLink] = [
        Located(id="h1", source="us", target="op", role=incorporated),
        Located(id="h2", source="cn", target="lic", role=incorporated),
        Licenses(id="li", source="lic", target="deal"),
    ]
    for number in range(count):
        cells = Product(id="cells", name="Cells", credit="45x/battery-cell", units=1e6)
        entities.append(Plant(id=f"p{number}", name=f"Plant {number}", products=(cells,)))
        entities.append(Company(id=f"c{number}", name=f"Company {number}"))
        links += [
            Operates(id=f"o{number}", source="op", target=f"p{number}"),
            Uses(id=f"u{number}", source="deal", target=f"p{number}", share=number / (2 * count)),
            Located(id=f"l{number}", source="us", target=f"c{number}", role=incorporated),
        ]
    return Project(
        header=Header(title="Many"),
        entities={each.id: each for each in entities},
        links={each.id: each for each in links},
    )


@pytest.mark.parametrize("name", ["ford", "t1", "truck"])
def test_the_lines_hold_the_figures_of_score_json(name: str) -> None:
    project = sample(name)
    request, assessment = asked(project)
    risks = sample_risks(request, SAMPLES, 1)
    plain = assessment_json(assessment, request.project, risks)
    report = reported(project)
    told = {(line.plant, line.product): line for line in report.lines}
    expected = 0
    for plant_id, plant in plain["plants"].items():
        record = project.entities[plant_id]
        assert isinstance(record, Plant)
        names = {product.id: product.name for product in record.products}
        for credit in plant["credits"]:
            line = told[plant_id, names[credit["product"]]]
            expected += 1
            assert line.status is not None
            assert line.status.value == credit["status"]
            assert line.annual_credit == pytest.approx(credit["annual_credit"])
            assert line.risk == pytest.approx(credit["risk"])
            assert line.at_risk == pytest.approx(credit["at_risk"])
            assert line.share is not None
            documented = plant["ip"].get("CN", 0.0)
            assert line.share.low == pytest.approx(documented)
            assert line.share.high == pytest.approx(documented + plant["ip"].get("unknown", 0.0))
    assert expected == len(report.lines) > 0


@pytest.mark.parametrize("name", ["ford", "t1", "truck"])
def test_the_sections_hold_every_test_and_share_of_score_json(name: str) -> None:
    project = sample(name)
    request, assessment = asked(project)
    plain = assessment_json(assessment, request.project)
    for section in reported(project).plants:
        plant = plain["plants"][section.id]
        told = {row.score.value: row.shares for row in section.shares}
        assert _rounded(told["ip"]) == plant["ip"]
        assert _rounded(told["made_in"]) == plant["inputs"]["made_in"]
        assert _rounded(told["ownership"]) == plant["ownership"]
        assert [law.status for law in section.laws] == [c["status"] for c in plant["credits"]]
        for law, credit in zip(section.laws, plant["credits"], strict=True):
            for row, test in zip(law.tests, credit["tests"], strict=True):
                assert row.result.id == test["id"]
                assert row.result.verdict.value == test["verdict"]
                assert row.result.citation == test["citation"]
                assert [said.text for said in row.flips] == test["flips"]


def _rounded(shares: Mapping[str, float] | None) -> dict[str, float]:
    return {code: round(share, 12) for code, share in (shares or {}).items() if round(share, 12)}


def test_all_that_a_map_says_stands_in_the_report() -> None:
    project = sample("t1")
    plain = assessment_json(asked(project)[1], project)
    report = reported(project)
    assert list(report.assumptions) == plain["assumptions"]
    assert {each.text for each in report.problems} == {p["message"] for p in plain["problems"]}
    assert {each.id for each in report.companies} == set(plain["companies"])
    assert report.caution == plain["caution"]
    for row in report.companies:
        answers = plain["companies"][row.id]["status"]["us-obbba"]
        assert {a.words.lower(): a.answer.value for a in row.answers} == {
            key: value for key, value in answers.items() if key != "open"
        }
        assert [said.text for said in row.reasons] == plain["companies"][row.id]["reasons"][:4]


def test_sources_are_numbered_as_they_are_cited_and_all_listed() -> None:
    report = reported(sample("ford"))
    numbers = [row.number for row in report.sources]
    assert numbers == list(range(1, len(numbers) + 1))
    cited = [number for section in report.plants for number in section.sources]
    cited += [
        number
        for section in report.plants
        for law in section.laws
        for test in law.tests
        for said in test.reasons
        for number in said.sources
    ]
    cited += [number for row in report.companies for number in row.sources]
    assert cited
    assert set(cited) <= set(numbers)
    assert min(cited) == 1
    assert report.sources_left_out == ""
    graded = {row.title: row.grade for row in report.sources}
    assert graded["Why Ford chose Marshall"] == "B2"


def test_the_worst_plants_come_first_and_the_rest_is_said() -> None:
    project = many_plants(MOST_LINES + 8)
    report = reported(project)
    total = MOST_LINES + 8
    # All stand alike but for their technology, so the most Chinese come first.
    names = [section.name for section in report.plants]
    assert names == [f"Plant {total - 1 - place}" for place in range(MOST_PLANTS)]
    assert f"{total - MOST_PLANTS} other plants are in the workbook" in report.plants_left_out
    assert len(report.lines) == MOST_LINES
    assert report.lines_left_out.startswith("8 more lines are in the workbook")
    assert len(report.companies) == MOST_COMPANIES
    assert f"{total + 2 - MOST_COMPANIES} more companies are" in report.companies_left_out
    # The one with a status that bars is among those that are told.
    assert report.companies[0].id == "lic"


def test_plants_asked_for_come_in_that_order_and_no_others() -> None:
    report = reported(many_plants(9), plants=("p3", "p7", "p3"))
    assert [section.id for section in report.plants] == ["p3", "p7"]
    assert {line.plant for line in report.lines} == {"p3", "p7"}
    assert "the 2 plants chosen; 7 other plants are in the workbook" in report.plants_left_out


def test_a_plant_that_is_not_there_is_refused_in_a_sentence() -> None:
    with pytest.raises(ReportError, match=r"no plant 'op' on this map .*p0"):
        reported(many_plants(2), plants=("op",))


def test_parts_that_are_not_asked_for_are_not_worked_out() -> None:
    report = reported(sample("ford"), parts=frozenset({ReportPart.MAP}))
    assert report.plants == ()
    assert report.plants_left_out == ""
    assert report.lines


def test_nothing_on_the_map_is_said_so() -> None:
    report = reported(Project())
    assert report.title == "Untitled map"
    assert report.findings == ("There is no plant on this map, so no credit is tested.",)
    assert report.lines == report.plants == report.companies == report.sources == ()


def test_what_is_unknown_is_never_a_zero() -> None:
    lone = Plant(id="p", name="Lone", products=(Product(id="x", credit="45x/battery-cell"),))
    report = reported(Project(entities={"p": lone}))
    (line,) = report.lines
    assert line.annual_credit is None
    assert line.share is not None
    assert (line.share.low, line.share.high) == (0.0, 1.0)
    (section,) = report.plants
    assert section.about == "Operator unknown · site unknown"
    shares = {row.score.value: row.shares for row in section.shares}
    assert shares["made_in"] is None
    assert any("every Chinese-IP share is unknown" in said for said in report.findings)
    assert any("worth is unknown" in said for said in report.findings)


def test_key_findings_name_what_fails_and_when_a_credit_is_lost() -> None:
    findings = reported(sample("ford")).findings
    assert findings[0] == "Both credits claimed for 2026 are at risk."
    assert any("900,000,000 USD a year before any risk" in said for said in findings)
    assert any("“Material assistance by direct cost” is uncertain" in said for said in findings)
    assert "SFE: CATL." in findings
    ended = msgspec.structs.replace(sample("ford"), header=Header(title="Late", year=2033))
    assert reported(ended).findings[0] == "Both credits claimed for 2033 have ended in law."


def test_a_plant_that_fails_later_is_told_with_the_year() -> None:
    """The threshold of cells climbs from 60% in 2026 to 85% in 2030 (26 USC 7701(a)(52)(C))."""
    entities: list[AnyEntity] = [
        Jurisdiction(id="cn", code="CN", name="China"),
        Jurisdiction(id="us", code="US", name="United States"),
        Company(id="op", name="Operator"),
        Company(id="a", name="Ours"),
        Company(id="b", name="Theirs"),
        Plant(
            id="p",
            name="Works",
            products=(Product(id="x", name="Cells", credit="45x/battery-cell", units=1e6),),
        ),
    ]
    home = LocationRole.INCORPORATED
    links: list[AnyLink] = [
        Located(id="1", source="us", target="op", role=home),
        Located(id="2", source="us", target="a", role=home),
        Located(id="3", source="cn", target="b", role=home),
        Operates(id="4", source="op", target="p"),
        Supplies(id="5", source="a", target="p", cost=82.0, category=SupplyCategory.MATERIAL),
        Supplies(id="6", source="b", target="p", cost=18.0, category=SupplyCategory.MATERIAL),
    ]
    project = Project(
        entities={each.id: each for each in entities}, links={each.id: each for each in links}
    )
    report = reported(project)
    (law,) = report.plants[0].laws
    ratio = next(test for test in law.tests if test.result.id == "macr")
    assert ratio.result.low == pytest.approx(0.82)
    assert ratio.first_fails == 2030
    assert law.years_said[0] == "The credit is lost from 2030 on if nothing else changes."
    assert any("Works, Cells: the credit is lost from 2030 on" in said for said in report.findings)
    assert [year.status.value for year in law.years if year.year in (2029, 2030)] == [
        "eligible",
        "ineligible",
    ]


@pytest.mark.parametrize("name", ["ford", "t1"])
def test_shares_that_ranges_move_are_bounded_as_in_score_json(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = next(path for path in samples() if name in path.stem)
    assert run(["score", str(path), "--json"]) == 0
    plain = json.loads(capsys.readouterr().out)
    bounded = 0
    for section in reported(sample(name)).plants:
        told = {row.score.value: row.within for row in section.shares}
        for score_name in ("ip", "embedded_ip", "ownership"):
            expected = plain["plants"][section.id].get(f"{score_name}_range", {}).get("CN")
            within = told[score_name]
            if within is None:
                shares = plain["plants"][section.id][score_name]
                documented = shares.get("CN", 0.0)
                at_most = documented + shares.get("unknown", 0.0)
                assert expected is None or expected == pytest.approx([documented, at_most])
            elif expected is not None:
                # The JSON leaves out a jurisdiction of whose share nothing is documented.
                bounded += 1
                assert [within.low, within.high] == pytest.approx(expected)
    assert bounded > 0


def test_reasons_beyond_number_are_counted() -> None:
    project = sample("ford")
    supply = next(
        link for link in project.links.values() if isinstance(link, Supplies) and not link.candidate
    )
    more = {f"x{n}": msgspec.structs.replace(supply, id=f"x{n}") for n in range(6)}
    grown = msgspec.structs.replace(project, links={**project.links, **more})
    _, assessment = asked(grown)
    test = next(t for t in assessment.law.credits[0].tests if t.id == "macr")
    law = reported(grown).plants[0].laws[0]
    told = next(row for row in law.tests if row.result.id == "macr")
    rest = len(test.because) - 4
    assert rest > 1
    assert [said.text for said in told.reasons[:4]] == [each.text for each in test.because[:4]]
    assert told.reasons[4].text.startswith(f"{rest} more reasons are in the workbook")
    assert len(told.reasons) == 5


def test_what_may_have_to_be_paid_back_is_told() -> None:
    request, assessment = asked(sample("ford"))
    exposed = RecaptureResult(
        id="r",
        title="Recapture",
        verdict=Verdict.UNKNOWN,
        starts=date(2026, 1, 1),
        ends=date(2036, 12, 31),
        amount=5e6,
        currency="USD",
        citation="26 USC 50(a)(4)",
    )
    first, *others = assessment.law.credits
    credits = (msgspec.structs.replace(first, recapture=exposed), *others)
    law = msgspec.structs.replace(assessment.law, credits=credits)
    report = report_of(
        request, msgspec.structs.replace(assessment, law=law), PlainWords(), dated=DAY
    )
    (said,) = report.plants[0].laws[0].because
    assert said.text == (
        "Recapture: 5,000,000 USD may have to be paid back until 2036-12-31; the map does not say "
        "whether such an agreement is in force."
    )
    assert said.citation == "26 USC 50(a)(4)"


def test_settled_points_of_law_and_declared_statuses_are_told_as_such() -> None:
    project = sample("t1")
    request, _ = asked(project)
    question = next(iter(request.packs[0].questions.values()))
    header = msgspec.structs.replace(
        project.header, readings={question.id: question.readings[0].id}
    )
    company = project.entities["cofounder"]
    assert isinstance(company, Company)
    memo = Source(id="memo", title="Memo")
    declared = msgspec.structs.replace(company, declared={"sfe": "no", "source": "memo"})
    settled = msgspec.structs.replace(
        project,
        header=header,
        entities={**project.entities, company.id: declared},
        sources={**project.sources, "memo": memo},
    )
    report = reported(settled)
    (reading,) = report.readings
    assert reading.title == question.title
    assert reading.reading == question.readings[0].text
    assert re.match(r"\d+ open points of law are not settled", report.readings_said)
    row = next(each for each in report.companies if each.id == "cofounder")
    answer = next(each for each in row.answers if each.words == "SFE")
    assert answer.answer is Answer.NO
    number = next(each.number for each in report.sources if each.title == "Memo")
    assert answer.note.startswith(f"declared by the analyst, not computed [{number}]")


def test_a_canceled_report_ends_at_once() -> None:
    class Stopped:
        def progress(self, fraction: float, what: str) -> None:
            if fraction > 0.3:
                raise Canceled

    request, assessment = asked(sample("ford"))
    with pytest.raises(Canceled):
        report_of(request, assessment, PlainWords(), dated=DAY, context=Stopped())


def test_risks_are_sampled_unasked_only_where_that_is_quick() -> None:
    small = sample("ford")
    assert usual_samples(small) == SAMPLES
    certain = many_plants(40)
    assert usual_samples(certain) == SAMPLES
    holding = Owns(id="own", source="lic", target="op", share=(0.1, 0.2, 0.3))
    moving = msgspec.structs.replace(certain, links={**certain.links, "own": holding})
    assert usual_samples(moving) == 0
    report = reported(moving)
    assert report.samples == 0
    assert all(line.risk is None and line.at_risk is None for line in report.lines)


def test_what_of_a_scenario_is_left_out_is_the_first_finding() -> None:
    broken = Scenario(
        id="broken",
        name="Broken",
        changes=(
            ScenarioChange(set="nothing", field="share", value=0.4),
            ScenarioChange(remove="nobody"),
        ),
    )
    session = Session(msgspec.structs.replace(sample("ford"), scenarios={"broken": broken}))
    session.scenario = "broken"
    session.show_what_fits()
    request = session.request()
    report = report_of(request, score(request), PlainWords(), ReportOptions(), dated=DAY)
    first, *rest = report.findings
    assert first == (
        "2 changes of the scenario do not fit the map: these figures are without them."
    )
    # What has been told is not counted once more.
    assert not any("may bear on these figures" in said for said in rest)
