"""Statements of ownership: BODS, GLEIF and FollowTheMoney."""

import json
from datetime import date
from typing import Any

from format_files import as_json, bods, entity, holding, reading_of

from depmap_gui.domain.kinds import LegalForm, LocationRole
from depmap_gui.domain.records import Company, Located, Owns
from depmap_gui.exchange.formats.results import Reading

SHARES = {"type": "shareholding"}
VOTES = {"type": "votingRights"}


def holdings(reading: Reading) -> list[Owns]:
    return [link for link in reading.project.links.values() if isinstance(link, Owns)]


def places(reading: Reading, id: str) -> dict[str, str]:
    """Country codes of an item by role."""
    found = {}
    for link in reading.project.links.values():
        if isinstance(link, Located) and link.target == id:
            found[str(link.role)] = reading.project.entities[link.source].code  # type: ignore[union-attr]  # located links start at jurisdictions
    return found


def test_interests_become_shares_votes_and_appointments() -> None:
    band = {"minimum": 25, "exclusiveMaximum": 50}
    reading = reading_of(
        as_json(
            entity("c", "Co", jurisdiction={"name": "Delaware", "code": "US-DE"}),
            bods(
                "p",
                "person",
                personType="knownPerson",
                names=[{"type": "legal", "fullName": "Ann Lee"}],
                nationalities=[{"name": "China", "code": "CN"}],
            ),
            holding(
                "r",
                "p",
                "c",
                {**SHARES, "share": {"exact": 51.1}, "startDate": "2019-05-01"},
                {**VOTES, "share": band, "startDate": "2019-05-01"},
                {"type": "appointmentOfBoard"},
            ),
        )
    )
    (owned,) = holdings(reading)
    assert (owned.source, owned.target) == ("p", "c")
    assert (owned.share, owned.votes, owned.appoints) == (0.511, (0.25, 0.375, 0.5), True)
    assert owned.valid_from == date(2019, 5, 1)
    person = reading.project.entities["p"]
    assert isinstance(person, Company)
    assert (person.name, person.form) == ("Ann Lee", LegalForm.PERSON)
    assert places(reading, "p") == {"citizen": "CN"}
    assert places(reading, "c") == {"incorporated": "US"}
    assert "US-DE" in reading.project.entities["c"].notes


def test_a_holding_stated_anew_is_a_link_for_each_time() -> None:
    def stated(day: str, share: float, since: str, status: str) -> dict[str, Any]:
        interest = {**SHARES, "share": {"exact": share}, "startDate": since}
        return holding("r", "p", "c", interest, day=day, status=status)

    reading = reading_of(
        as_json(
            entity("c", "Co"),
            entity("p", "Parent"),
            stated("2022-01-01", 40, "2021-12-01", "updated"),
            stated("2019-01-01", 100, "2018-06-01", "new"),
            stated("2023-03-03", 40, "2021-12-01", "closed"),
        )
    )
    spans = [(one.share, one.valid_from, one.valid_to) for one in holdings(reading)]
    assert spans == [
        (1.0, date(2018, 6, 1), date(2021, 11, 30)),
        (0.4, date(2021, 12, 1), date(2023, 3, 3)),
    ]


def test_unknown_and_unspecified_holders_stay_on_the_map() -> None:
    reading = reading_of(
        as_json(
            entity("c", "Co"),
            bods("u", "person", personType="unknownPerson", unspecifiedReason="x"),
            holding("r1", "u", "c", SHARES),
            holding("r2", {"reason": "subjectExemptFromDisclosure"}, "c"),
            holding("r3", {"reason": "noBeneficialOwners"}, "c"),
        )
    )
    names = [reading.project.entities[one.source].name for one in holdings(reading)]
    assert names == ["Unknown person", "Unknown holder (subjectExemptFromDisclosure)"]
    assert all(one.share is None for one in holdings(reading))
    assert [one.what for one in reading.left_out] == ["relationship r3"]
    assert "No beneficial owners" in reading.project.entities["c"].notes


def test_a_chain_counts_once() -> None:
    indirect = {**SHARES, "share": {"exact": 60}, "directOrIndirect": "indirect"}
    reading = reading_of(
        as_json(
            entity("a", "A"),
            entity("b", "B"),
            entity("c", "C"),
            holding("r0", "a", "c", indirect),
            holding("r1", "a", "b", {**SHARES, "share": {"exact": 100}}),
            holding("r2", "b", "c", {**SHARES, "share": {"exact": 60}}),
        )
    )
    assert {(one.source, one.target) for one in holdings(reading)} == {("a", "b"), ("b", "c")}
    assert "sum of a chain" in reading.left_out[0].why


def test_an_office_is_no_holding() -> None:
    reading = reading_of(
        as_json(
            entity("c", "Co"),
            entity("p", "Ann"),
            holding("r", "p", "c", {"type": "boardChair", "share": {"exact": 30}}),
        )
    )
    assert holdings(reading) == []
    assert "Ann: boardChair" in reading.project.entities["c"].notes


def test_bods_of_the_second_version() -> None:
    reading = reading_of(
        as_json(
            {
                "statementID": "e1",
                "statementType": "entityStatement",
                "entityType": "registeredEntity",
                "name": "Co",
                "incorporatedInJurisdiction": {"name": "France", "code": "FR"},
            },
            {
                "statementID": "p1",
                "statementType": "personStatement",
                "personType": "anonymousPerson",
            },
            {
                "statementID": "o1",
                "statementType": "ownershipOrControlStatement",
                "subject": {"describedByEntityStatement": "e1"},
                "interestedParty": {"describedByPersonStatement": "p1"},
                "interests": [{"type": "voting-rights", "share": {"exact": 20}}],
            },
        )
    )
    (owned,) = holdings(reading)
    assert (owned.source, owned.target, owned.votes) == ("p1", "e1", 0.2)
    assert reading.project.entities["p1"].name == "Anonymous person"
    assert places(reading, "e1") == {"incorporated": "FR"}


def test_the_sources_of_statements_are_kept() -> None:
    told = entity("c", "Co")
    told["source"] = {
        "type": ["officialRegister"],
        "url": "https://register.example/c",
        "assertedBy": [{"name": "Registrar"}],
    }
    project = reading_of(as_json(told), "b.json").project
    file, register = (project.sources[id] for id in project.entities["c"].sources)
    assert file.title == "b.json"
    assert (register.publisher, register.url) == ("Registrar", "https://register.example/c")


RELATION = """<rr:RelationshipRecord xmlns:rr="http://www.gleif.org/data/schema/rr/2016">
<rr:Relationship><rr:StartNode><rr:NodeID>{}</rr:NodeID></rr:StartNode>
<rr:EndNode><rr:NodeID>{}</rr:NodeID></rr:EndNode>
<rr:RelationshipType>{}</rr:RelationshipType><rr:RelationshipPeriods>
<rr:RelationshipPeriod><rr:StartDate>2020-12-31T00:00:00Z</rr:StartDate>
<rr:PeriodType>ACCOUNTING_PERIOD</rr:PeriodType></rr:RelationshipPeriod>
<rr:RelationshipPeriod><rr:StartDate>2015-03-01T00:00:00Z</rr:StartDate>
<rr:PeriodType>RELATIONSHIP_PERIOD</rr:PeriodType></rr:RelationshipPeriod>
</rr:RelationshipPeriods><rr:RelationshipStatus>{}</rr:RelationshipStatus>
<rr:RelationshipQuantifiers><rr:RelationshipQuantifier><rr:QuantifierAmount>100</rr:QuantifierAmount>
</rr:RelationshipQuantifier></rr:RelationshipQuantifiers></rr:Relationship>
</rr:RelationshipRecord>"""


def test_consolidation_is_a_holding_of_unknown_size() -> None:
    rows = (
        ("CHILD", "PARENT", "IS_DIRECTLY_CONSOLIDATED_BY", "ACTIVE"),
        ("CHILD", "TOP", "IS_ULTIMATELY_CONSOLIDATED_BY", "ACTIVE"),
        ("LONE", "TOP", "IS_ULTIMATELY_CONSOLIDATED_BY", "ACTIVE"),
        ("OLD", "TOP", "IS_DIRECTLY_CONSOLIDATED_BY", "INACTIVE"),
        ("FUND", "TOP", "IS_FUND-MANAGED_BY", "ACTIVE"),
    )
    records = "".join(RELATION.format(*row) for row in rows)
    reading = reading_of(f"<rr:RelationshipData xmlns:rr='x'>{records}</rr:RelationshipData>")
    found = {(one.source, one.target): one for one in holdings(reading)}
    assert set(found) == {("PARENT", "CHILD"), ("TOP", "LONE")}
    assert all(one.share is None and one.votes is None for one in found.values())
    assert found["PARENT", "CHILD"].valid_from == date(2015, 3, 1)
    assert "IS_FUND-MANAGED_BY TOP" in reading.project.entities["FUND"].notes
    assert len(reading.left_out) == 3


def test_gleif_csv_and_json_say_the_same() -> None:
    head = "Relationship.StartNode.NodeID,Relationship.EndNode.NodeID,"
    head += "Relationship.RelationshipType,Relationship.RelationshipStatus,"
    head += "Relationship.Period.1.startDate,Relationship.Period.1.periodType\n"
    kind = "IS_DIRECTLY_CONSOLIDATED_BY"
    table = reading_of(f"{head}A,B,{kind},ACTIVE,2015-03-01,RELATIONSHIP_PERIOD\n", "rr.csv")
    ends = {"StartNode": {"NodeID": "A"}, "EndNode": {"NodeID": "B"}}
    periods = [{"StartDate": "2015-03-01", "PeriodType": "RELATIONSHIP_PERIOD"}]
    told = {**ends, "RelationshipType": kind, "RelationshipPeriods": periods}
    file = reading_of(json.dumps([{"Relationship": told}]), "rr.json")
    entity = {"LEI": "A", "Entity": {"LegalName": "Alpha", "LegalJurisdiction": "US-DE"}}
    named = reading_of(json.dumps([entity]), "lei.json")
    for reading in (table, file):
        (one,) = holdings(reading)
        assert (one.source, one.target, one.valid_from) == ("B", "A", date(2015, 3, 1))
    assert named.project.entities["A"].name == "Alpha"
    assert places(named, "A") == {"incorporated": "US"}


def ftm(id: str, schema: str, **properties: Any) -> str:
    lists = {head: text if isinstance(text, list) else [text] for head, text in properties.items()}
    return json.dumps({"id": id, "schema": schema, "properties": lists})


def test_followthemoney_lines() -> None:
    lines = "\n".join(
        [
            ftm("c", "Company", name=["Co", "Company Inc."], jurisdiction="us"),
            ftm("p", "Person", name="Ann", nationality="cn"),
            ftm("o", "Ownership", owner="p", asset="c", percentage="51.5", startDate="2020-02-03"),
            "not json",
            ftm("d", "Directorship", director="p", organization="c", role="Chair"),
            ftm("v", "Vessel", name="Boat"),
            ftm("q", "Ownership", owner="nobody", asset="c"),
        ]
    )
    reading = reading_of(lines, "e.jsonl")
    (owned,) = holdings(reading)
    assert (owned.share, owned.valid_from) == (0.515, date(2020, 2, 3))
    assert places(reading, "p") == {"citizen": "CN"}
    assert "Chair: Ann" in reading.project.entities["c"].notes
    assert "Also named: Company Inc." in reading.project.entities["c"].notes
    left = " | ".join(map(str, reading.left_out))
    for words in ("line 4", "Vessel Boat", "nobody", "a chair is no holding"):
        assert words in left
    assert reading.read == {
        "Company": 1,
        "Person": 1,
        "Ownership": 2,
        "Directorship": 1,
        "Vessel": 1,
    }


def test_a_resident_is_one_by_role() -> None:
    reading = reading_of(ftm("p", "Person", name="Ann", country="de"), "p.ftm")
    assert places(reading, "p") == {str(LocationRole.RESIDENT): "DE"}
