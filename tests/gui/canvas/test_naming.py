"""Names typed on the map, and which kind of link is offered first."""

from __future__ import annotations

import pytest

from depmap_gui.domain.document import Document
from depmap_gui.domain.kinds import EntityKind, LinkKind, permitted_links
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Company, Jurisdiction, Operates, Plant
from depmap_gui.gui.canvas.linking import new_first, offers
from depmap_gui.gui.canvas.naming import renaming


def project(*jurisdictions: Jurisdiction) -> Project:
    """A company and its plant, and these jurisdictions."""
    items = (Company(id="ford", name="Ford"), Plant(id="works", name="Works"), *jurisdictions)
    link = Operates(id="l1", source="ford", target="works")
    return Project(entities={each.id: each for each in items}, links={"l1": link})


@pytest.mark.parametrize(
    ("name", "code"),
    # Codes of ISO 3166-1.
    [("China", "CN"), ("united states", "US"), ("Deutschland", "DE"), ("Somewhere", "")],
)
def test_a_jurisdiction_named_like_a_country_gets_its_code(name: str, code: str) -> None:
    document = Document(project(Jurisdiction(id="j", name="New jurisdiction", code="")))
    document.apply(renaming(document.snapshot(), "j", name))
    named = document.snapshot().entities["j"]
    assert (named.name, named.code) == (name, code)


def test_a_code_that_was_given_stays() -> None:
    document = Document(project(Jurisdiction(id="j", name="Bloc", code="XB")))
    document.apply(renaming(document.snapshot(), "j", "China"))
    assert document.snapshot().entities["j"].code == "XB"


def test_no_code_is_given_twice() -> None:
    china, other = Jurisdiction(id="cn", name="China", code="CN"), Jurisdiction(id="j", code="")
    document = Document(project(china, other))
    document.apply(renaming(document.snapshot(), "j", "China"))
    assert document.snapshot().entities["j"].code == ""


def test_only_jurisdictions_have_codes() -> None:
    document = Document(project())
    document.apply(renaming(document.snapshot(), "ford", "China"))
    assert document.snapshot().entities["ford"] == Company(id="ford", name="China")


def test_a_jurisdiction_is_a_home_before_it_is_an_owner() -> None:
    kinds = permitted_links(EntityKind.JURISDICTION, EntityKind.COMPANY)
    assert kinds == (LinkKind.LOCATED, LinkKind.OWNS)


def test_what_is_drawn_already_is_offered_last() -> None:
    drawn = project()
    found = offers(drawn, "ford", "works")
    assert [offer.kind for offer in found] == [LinkKind.OPERATES, LinkKind.SUPPLIES]
    kinds = [offer.kind for offer in new_first(drawn, found)]
    assert kinds == [LinkKind.SUPPLIES, LinkKind.OPERATES]
