"""Graphs of other programs: what their nodes and edges become, and what is told of them."""

import io
import json

import networkx as nx
import pytest
from format_files import GRAPHML, PAGE, drawio, reading_of

from depmap_gui.domain.kinds import LegalForm, LocationRole
from depmap_gui.domain.records import Company, Located, Owns, Plant, Supplies
from depmap_gui.exchange.formats.gexf import gexf_bytes
from depmap_gui.exchange.formats.graphml import graphml_bytes
from depmap_gui.exchange.formats.registry import Given, read_files
from depmap_gui.exchange.formats.results import Format


def test_graphml_of_yed_is_read_with_labels_places_and_words() -> None:
    reading = reading_of(GRAPHML)
    project = reading.project
    assert reading.format is Format.GRAPHML
    assert reading.read == {"nodes": 3, "edges": 3}
    assert project.entities["n0"].name == "Parent Corp"
    works = project.entities["n1"]
    assert isinstance(works, Plant)
    assert works.name == "=Works"
    person = project.entities["n2"]
    assert isinstance(person, Company)
    assert person.form is LegalForm.PERSON
    (home,) = (link for link in project.links.values() if isinstance(link, Located))
    assert (project.entities[home.source].name, home.target) == ("Japan", "n0")
    assert home.role is LocationRole.INCORPORATED
    view = project.views["view-1"]
    # The middles of the two shapes stand 300 apart, which is room enough for cards.
    assert view.positions["n0"] == (20.0, 20.0)
    assert view.positions["n1"] == (320.0, 20.0)


def test_words_against_the_arrow_turn_an_edge_and_percent_is_a_share() -> None:
    links = reading_of(GRAPHML).project.links
    supply = links["e0"]
    assert isinstance(supply, Supplies)
    assert (supply.source, supply.target) == ("n0", "n1")
    (owned,) = (link for link in links.values() if isinstance(link, Owns))
    assert (owned.source, owned.target, owned.share) == ("n2", "n0", 0.125)


def test_what_is_assumed_is_told() -> None:
    reading = reading_of(GRAPHML)
    told = " ".join(reading.notes)
    assert "Edges name 1 nodes that the file does not have ('ghost')" in told
    assert "1 edge says no kind that is known here: each was taken for 'supplies'" in told
    assert "2 nodes say no kind: each was taken for a company" in told


def test_every_record_names_the_file_and_its_hash() -> None:
    reading = reading_of(GRAPHML, "chart.graphml")
    (source,) = reading.project.sources.values()
    assert source.title == "chart.graphml"
    assert reading.sha256 in source.note
    records = (*reading.project.entities.values(), *reading.project.links.values())
    assert all(record.sources == (source.id,) for record in records)


@pytest.mark.parametrize(
    ("weights", "shares"),
    [
        ([0.6, 0.4], [0.6, 0.4]),
        ([60, 40], [0.6, 0.4]),
        ([1, 1], [None, None]),
        ([3, 8], [None, None]),
        ([600, 40], [None, None]),
    ],
)
def test_weights_are_shares_only_where_they_plainly_are(
    weights: list[float], shares: list[float | None]
) -> None:
    graph = nx.DiGraph()
    for holder, weight in zip("ab", weights, strict=True):
        graph.add_edge(holder, "c", relation="owns", weight=weight)
    out = io.BytesIO()
    nx.write_graphml(graph, out)
    links = reading_of(out.getvalue()).project.links.values()
    assert [link.share for link in links if isinstance(link, Owns)] == shares


def test_gexf_reads_what_networkx_refuses_and_counts_upward() -> None:
    text = """<gexf version="1.2" xmlns:viz="http://www.gexf.net/1.2draft/viz">
    <graph defaultedgetype="directed">
    <attributes class="node"><attribute id="0" title="country" type="listboolean"/></attributes>
    <nodes><node id="1" label="A"><attvalues><attvalue for="0" value="DE"/></attvalues>
    <viz:position x="0" y="500"/></node><node id="2" label="B"><viz:position x="0" y="0"/></node>
    </nodes><edges><edge id="1" source="1" target="2" label="owns 51%"/>
    <edge id="2" source="2" target="1" type="undirected"/></edges></graph></gexf>"""
    with pytest.raises((nx.NetworkXError, KeyError)):
        nx.read_gexf(io.BytesIO(text.encode()))
    reading = reading_of(text)
    assert reading.read == {"nodes": 2, "edges": 2}
    places = reading.project.views["view-1"].positions
    assert places["1"][1] < places["2"][1]
    owned = reading.project.links["e-1"]
    assert isinstance(owned, Owns)
    assert owned.share == 0.51
    assert any("1 of the edges have no direction" in note for note in reading.notes)


@pytest.mark.parametrize("is_packed", [False, True])
def test_drawio_shapes_and_connectors(is_packed: bool) -> None:
    reading = reading_of(drawio(PAGE, is_packed=is_packed), "chart.drawio")
    assert reading.read == {"nodes": 2, "edges": 1}
    assert reading.project.entities["a"].name == "Alpha & Co"
    beta = reading.project.entities["b"]
    assert isinstance(beta, Company)
    assert beta.form is LegalForm.PERSON
    owned = reading.project.links["e"]
    assert isinstance(owned, Owns)
    assert owned.share == (0.25, 0.375, 0.5)
    left = {one.what: one.why for one in reading.left_out}
    assert "joined to no shape" in left["connector loose"]
    assert "a text beside the drawing" in left["shape t 'Draft'"]


def test_cytoscape_networks_of_both_versions() -> None:
    declared = {"nodes": {"name": {"a": "n"}, "type": {"v": "company"}}, "edges": {}}
    second = [
        {"CXVersion": "2.0"},
        {"attributeDeclarations": [declared]},
        {"nodes": [{"id": 0, "x": 0, "y": 0, "v": {"n": "A"}}, {"id": 1, "v": {"n": "B"}}]},
        {"edges": [{"id": 0, "s": 0, "t": 1, "v": {"interaction": "lends to"}}]},
        {"status": [{"success": False, "error": "cut"}]},
    ]
    first = [
        {"numberVerification": [{"longNumber": 1}]},
        {"nodes": [{"@id": 0, "n": "A"}]},
        {"nodes": [{"@id": 1, "n": "B"}]},
        {"edges": [{"@id": 0, "s": 0, "t": 1, "i": "lends to"}]},
        {"nodeAttributes": [{"po": [0, 1], "n": "type", "v": "company"}]},
    ]
    for file, format in ((second, Format.CX2), (first, Format.CX)):
        reading = reading_of(json.dumps(file))
        assert reading.format is format
        assert [e.name for e in reading.project.entities.values()] == ["A", "B"]
        assert reading.made == {"company": 2, "lends": 1}
        assert not any("no kind" in note for note in reading.notes)
    assert "not written whole: cut" in " ".join(reading_of(json.dumps(second)).notes)


def test_gephi_tables_are_read_as_a_pair_whichever_comes_first() -> None:
    nodes = Given("nodes.csv", b"Id,Label,Type\n1,Alpha,plant\n2,Beta,company\n")
    edges = Given("edges.csv", b"Source;Target;Weight\n2;1;3\n2;;1\n")
    for files in ((nodes, edges), (edges, nodes)):
        (reading,) = read_files(files)
        assert reading is not None
        assert reading.made == {"plant": 1, "company": 1, "supplies": 1}
        assert [str(one) for one in reading.left_out] == ["row 3 of the edges: it lacks an end"]
    own = b"Source,Target,Type,Label\n1,2,Directed,owns\n"
    assert reading_of(own, "e.csv").made == {"company": 2, "owns": 1}


def test_a_table_with_a_source_column_stays_a_table() -> None:
    assert read_files([Given("list.csv", b"Supplier,Source,Target\nA,B,C\n")]) == [None]


def test_nodes_and_edges_may_share_ids_and_ids_are_safe() -> None:
    text = """<gexf><graph><nodes><node id="a b&#9;" label="A"/><node id="x" label="B"/></nodes>
    <edges><edge id="x" source="a b&#9;" target="x"/></edges></graph></gexf>"""
    project = reading_of(text).project
    assert list(project.entities) == ["a-b", "x"]
    assert list(project.links) == ["e-x"]


def test_a_license_between_two_parties_becomes_an_item() -> None:
    text = GRAPHML.replace(">owns<", ">license (royalty 3 %)<")
    assert reading_of(text).made["license"] == 1


@pytest.mark.parametrize("write", [graphml_bytes, gexf_bytes])
def test_networkx_reads_what_is_written(write: object) -> None:
    project = reading_of(GRAPHML).project
    handed = write(project).content  # type: ignore[operator]  # one of the two writers above
    read = nx.read_graphml if write is graphml_bytes else nx.read_gexf
    graph = read(io.BytesIO(handed))
    assert len(graph.nodes) == len(project.entities)
    assert len(graph.edges) == len(project.links)
