"""Broken and hostile files: each is refused with one plain sentence, and soon."""

import base64
import json
import zlib

import pytest
from format_files import GRAPHML, drawio, reading_of

from depmap_gui.exchange.formats import bounded
from depmap_gui.exchange.formats.registry import Given, read_files
from depmap_gui.exchange.tables.grid import TableError

BOMB = '<!DOCTYPE g [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE g [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def refusal(content: str | bytes, name: str = "f.graphml") -> str:
    with pytest.raises(TableError) as caught:
        reading_of(content, name)
    said = str(caught.value)
    assert "\n" not in said
    assert said.startswith(name)
    return said


@pytest.mark.parametrize("doctype", [BOMB, OUTSIDE])
@pytest.mark.parametrize("root", ["graphml", "gexf", "mxfile"])
def test_entities_are_refused(doctype: str, root: str) -> None:
    said = refusal(f"<?xml version='1.0'?>{doctype}<{root}>&b;</{root}>")
    assert "declares XML entities" in said


def test_a_document_type_that_only_names_itself_is_never_fetched() -> None:
    head = '<!DOCTYPE graphml SYSTEM "http://nowhere.example/graphml.dtd">'
    text = GRAPHML.replace("<graphml ", f"{head}<graphml ")
    assert reading_of(text).read == {"nodes": 3, "edges": 3}
    assert "entities" in refusal(text.replace(">owns<", ">&other;<"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (GRAPHML[:400], "cut short"),
        ("<graphml>" + "<a>" * 5000, "deeply nested"),
        (b"<graphml>\xff\xfe\xfd</graphml>", "not valid XML"),
        ("<graphml><graph/></graphml>", "nothing to import"),
        ("", "empty"),
        ('[{"CXVersion": "2.0"}, {"nodes": [', "not valid JSON"),
        ('[{"a": ' * 50_000, "nested too deeply"),
        ('{"statementId": 1, "recordType": []}', "no BODS statement"),
    ],
)
def test_broken_files_are_refused_in_a_sentence(content: str | bytes, words: str) -> None:
    assert words in refusal(content)


def test_a_packed_page_that_would_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "MOST_UNPACKED", 100_000)
    said = refusal(drawio("<mxGraphModel>" + " " * 200_000, is_packed=True), "f.drawio")
    assert "unpack to far more" in said


@pytest.mark.parametrize("packed", [b"not base64!", base64.b64encode(zlib.compress(b"x"))])
def test_a_damaged_page(packed: bytes) -> None:
    said = refusal(b"<mxfile><diagram>" + packed + b"</diagram></mxfile>", "f.drawio")
    assert "damaged" in said or "not valid XML" in said


def test_too_many_elements_and_too_large_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "MOST_ELEMENTS", 10)
    assert "too large" in refusal(GRAPHML)
    monkeypatch.setattr(bounded, "MOST_BYTES", 1000)
    assert "MB are read" in refusal(GRAPHML + " " * 1000)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1", "gb18030", "cp1252"])
def test_declared_encodings_are_read(encoding: str) -> None:
    declared = encoding.removesuffix("-sig")
    text = f"<?xml version='1.0' encoding='{declared}'?>" + GRAPHML.partition("?>")[2]
    name = "中国" if encoding == "gb18030" else "Müller"
    if encoding in ("utf-8-sig", "utf-16"):
        name = "Müller 中国"
    if encoding == "latin-1":
        text = text.replace("latin-1", "ISO-8859-1")
    project = reading_of(text.replace("Parent\n Corp", name).encode(encoding)).project
    assert project.entities["n0"].name == name


def test_values_of_wrong_types_do_no_harm() -> None:
    odd = [{"CXVersion": 2}, {"nodes": [1, {"id": {}, "v": [], "x": "a"}]}, {"edges": [{"s": []}]}]
    reading = reading_of(json.dumps(odd), "n.cx2")
    assert str(reading.left_out[0]) == "1 nodes: they are no records"


def test_a_quote_that_never_closes() -> None:
    table = "Source,Target,Type\na,b,Directed\n" + '"' + "x" * 2_000_000
    assert "no sound CSV" in refusal(table, "e.csv")


def test_json_of_another_kind_is_refused_with_what_is_read() -> None:
    assert "Read" not in refusal('{"hello": 1}', "f.json")
    assert "GraphML, GEXF" in refusal('{"hello": 1}', "f.json")
    assert read_files([Given("f.txt", b"hello")]) == [None]
