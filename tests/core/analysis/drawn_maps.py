"""Small random maps, with everything in them that may go wrong."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from depmap_gui.domain.project import Header, Project
from depmap_gui.domain.records import (
    Company,
    Jurisdiction,
    Lends,
    License,
    Licenses,
    Located,
    Material,
    Operates,
    Owns,
    Plant,
    Supplies,
    Uses,
)

SHARES = st.one_of(
    st.none(),
    st.sampled_from((0.0, 0.05, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.51, 0.6, 0.75, 1.0)),
    st.sampled_from(((0.1, 0.2, 0.9), (0.0, 0.5, 1.0), -0.2, 1e-12)),
    st.floats(0.001, 0.999).map(lambda share: round(share, 3)),
)
COSTS = st.one_of(st.none(), st.just(0.0), st.sampled_from((1.0, 250.0, (1.0, 3.0, 9.0), 1e9)))
PLACES = ("j1", "j2", "j3")
COMPANIES = tuple(f"c{number}" for number in range(6))
PLANTS = ("p0", "p1", "p2")
LICENSES = ("x0", "x1", "x2")
MATERIALS = ("m0", "m1")
WHENEVER = st.sampled_from((None, None, None, None, None, date(2020, 1, 1), date(2030, 1, 1)))


def links_between(cls, sources, targets, **fields):
    """A strategy for one link of a class, its id still open."""
    return st.builds(
        lambda source, target, day, values: (
            cls,
            {"source": source, "target": target, "valid_from": day, **values},
        ),
        st.sampled_from(sources),
        st.sampled_from(targets),
        WHENEVER,
        st.fixed_dictionaries(fields),
    )


LINKS = st.one_of(
    links_between(
        Located,
        PLACES,
        COMPANIES,
        role=st.sampled_from((None, "incorporated", "principal", "citizen")),
    ),
    links_between(Located, PLACES, PLANTS, role=st.sampled_from((None, "site"))),
    links_between(Located, PLACES, MATERIALS, role=st.just("origin"), share=SHARES),
    links_between(Owns, COMPANIES, COMPANIES, share=SHARES, votes=st.one_of(st.none(), SHARES)),
    links_between(Owns, PLACES + COMPANIES, COMPANIES, share=SHARES),
    links_between(Lends, COMPANIES, COMPANIES, share=SHARES),
    links_between(Operates, COMPANIES, PLANTS),
    links_between(
        Supplies,
        COMPANIES + PLANTS + MATERIALS,
        PLANTS + COMPANIES + MATERIALS,
        cost=COSTS,
        ip_share=st.one_of(st.none(), st.sampled_from((0.1, 0.3, 0.7))),
        item=st.sampled_from(("", "anode", "Anode ", "cathode")),
        candidate=st.sampled_from((False, False, False, True)),
    ),
    links_between(Licenses, COMPANIES, LICENSES, share=SHARES),
    links_between(Uses, LICENSES, PLANTS + COMPANIES + LICENSES, share=SHARES),
)


@st.composite
def projects(draw):
    """A project of a few items of every kind and up to forty links."""
    entities = [
        Jurisdiction(id="j1", name="China", code="CN"),
        Jurisdiction(id="j2", name="Sweden", code="SE"),
        Jurisdiction(id="j3", name="No code"),
        *(
            Company(id=id, name=f"Company {id}", own_ip=draw(SHARES), bought_in=draw(SHARES))
            for id in COMPANIES
        ),
        *(
            Plant(id=id, name=f"Plant {id}", own_ip=draw(SHARES), bought_in=draw(SHARES))
            for id in PLANTS
        ),
        *(License(id=id, name=f"License {id}") for id in LICENSES),
        *(Material(id=id, name=f"Material {id}") for id in MATERIALS),
    ]
    drawn = draw(st.lists(LINKS, max_size=40))
    links = [cls(id=f"l{number}", **values) for number, (cls, values) in enumerate(drawn)]
    return Project(
        header=Header(bought_in=draw(st.sampled_from((None, 0.3, 1.0)))),
        entities={entity.id: entity for entity in entities},
        links={link.id: link for link in links},
    )
