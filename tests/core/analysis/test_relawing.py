"""The law after an edit: the same as asked anew, whatever was edited."""

from __future__ import annotations

import random

import pytest
from test_risk_quickly import grown

from depmap_gui.analysis import assess as assessing
from depmap_gui.analysis.assess import assess
from depmap_gui.analysis.relawing import law_again
from depmap_gui.analysis.sample_maps import random_map
from depmap_gui.domain.document import Document
from depmap_gui.domain.edits import Add, EditError, Remove, SetField, SetHeader
from depmap_gui.domain.in_force import MapInForce, last_day
from depmap_gui.domain.kinds import Section, SupplyCategory
from depmap_gui.domain.records import (
    Company,
    License,
    Material,
    Owns,
    Plant,
    Supplies,
    Uses,
)
from depmap_gui.rules.evaluate import evaluate
from depmap_gui.rules.loader import find_pack

PACKS = [find_pack("us-obbba")]
MORE_PACKS = [find_pack(id) for id in ("us-obbba", "us-30d", "us-ofac-50", "tariffs")]
FIELDS = {
    Supplies: (("cost", (5.0, 60.0, None, (1.0, 2.0, 90.0))), ("category", (*SupplyCategory, None)),
               ("item", ("Anode", "Cells", "")), ("ip_share", (0.1, None))),
    Plant: (("name", ("Renamed", "")), ("own_ip", (0.2, None)), ("products", ((),))),
    Material: (("name", ("Some ore", "")),),
    Company: (("name", ("Renamed Inc.", "")), ("traded", (True, None))),
    License: (("service_months", (3.0, 40.0)),),
    Owns: (("share", (0.1, 0.3, 0.51)),),
    Uses: (("share", (0.1, 0.3)),),
}  # fmt: skip


def edited(draw, document):
    """One random edit of a record, or a supply that comes or goes."""
    project = document.snapshot()
    links, entities = list(project.links.values()), list(project.entities.values())
    act = draw.random()
    if act < 0.1:
        supplies = [link for link in links if isinstance(link, Supplies)]
        if supplies:
            document.apply(Remove(Section.LINKS, draw.choice(supplies).id))
        return
    if act < 0.25:
        ends = [e.id for e in entities if isinstance(e, Plant | Company | Material)]
        source, target = draw.sample(ends, 2)
        link = Supplies(id=f"new-{project.revision}", source=source, target=target, cost=9.0,
                        item="Anode", category=SupplyCategory.MATERIAL)  # fmt: skip
        document.apply(Add(link))
        return
    # Mostly what the quick way is for; else what it must leave alone.
    usual = (Supplies, Plant, Material) if act < 0.85 else tuple(FIELDS)
    records = [each for each in (*links, *entities) if isinstance(each, usual)]
    record = draw.choice(records)
    field, values = draw.choice(FIELDS[type(record)])
    section = Section.LINKS if hasattr(record, "source") else Section.ENTITIES
    document.apply(SetField(section, record.id, field, draw.choice(values)))


@pytest.mark.parametrize("packs", [PACKS, MORE_PACKS], ids=["credits", "all laws"])
@pytest.mark.parametrize("seed", range(12))
def test_every_edit_gives_the_law_of_the_whole_map(seed, packs, monkeypatch):
    draw = random.Random(seed)
    made = grown(seed) if seed % 2 else random_map(300, loops=seed % 4 == 0, seed=seed)
    document = Document(made)
    found, again = assess(document.snapshot(), packs=packs), []

    def watched(*arguments):
        again.append(law_again(*arguments))
        return again[-1]

    monkeypatch.setattr(assessing, "law_again", watched)
    for _ in range(25):
        try:
            edited(draw, document)
        except EditError:
            continue
        project = document.snapshot()
        found = assess(project, packs=packs, before=found)
        anew = evaluate(MapInForce(project, last_day(project.header.year)), packs, 2026)
        assert found.law == anew
        assert [credit.plant for credit in found.law.credits] == [c.plant for c in anew.credits]
    if not seed % 2:
        assert any(law is not None for law in again)


def test_another_year_other_packs_or_readings_are_asked_anew():
    project = random_map(100, loops=False, seed=3)
    found = assess(project, packs=PACKS)
    on_the_day = MapInForce(project, last_day(2026))
    assert law_again(found, on_the_day, PACKS) == found.law
    assert law_again(found, MapInForce(project, last_day(2027)), PACKS) is None
    assert law_again(found, on_the_day, MORE_PACKS) is None
    document = Document(project)
    document.apply(SetHeader("readings", {"production-line": "maker"}))
    settled = MapInForce(document.snapshot(), last_day(2026))
    assert law_again(found, settled, PACKS) is None
