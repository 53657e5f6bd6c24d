"""The formats of other programs: which a file has by its content, and who reads it."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from depmap_gui.domain.project import Project
from depmap_gui.exchange.formats import (
    bods,
    bods_out,
    cx,
    drawio,
    ftm,
    ftm_out,
    gephi,
    gexf,
    gleif,
    graphml,
    record_tables,
)
from depmap_gui.exchange.formats.assembling import assembled
from depmap_gui.exchange.formats.bounded import json_of, require_bearable, text_of
from depmap_gui.exchange.formats.graph import Graph
from depmap_gui.exchange.formats.own_graph import own_reading
from depmap_gui.exchange.formats.results import Format, FormatError, Handed, Reading

_SNIFFED = 8192
_ROOT = re.compile(r"<(?![?!])(?:[\w.-]+:)?([\w.-]+)")
_XML_FORMATS = {
    "graphml": Format.GRAPHML,
    "gexf": Format.GEXF,
    "mxfile": Format.DRAWIO,
    "mxGraphModel": Format.DRAWIO,
    "LEIData": Format.GLEIF,
    "RelationshipData": Format.GLEIF,
    "ReportingExceptionData": Format.GLEIF,
}
_NAMED = {
    ".graphml": Format.GRAPHML,
    ".gexf": Format.GEXF,
    ".drawio": Format.DRAWIO,
    ".dio": Format.DRAWIO,
    ".cx": Format.CX,
    ".cx2": Format.CX2,
    ".ftm": Format.FTM,
    ".ijson": Format.FTM,
    ".jsonl": Format.FTM,
    ".ndjson": Format.FTM,
    ".bods": Format.BODS,
}

READ = "GraphML, GEXF, draw.io, Cytoscape CX and CX2, BODS, GLEIF, FollowTheMoney, Gephi CSV"


class Given(msgspec.Struct, frozen=True):
    """A file handed in: its name and all its bytes."""

    name: str
    content: bytes


class Writer(msgspec.Struct, frozen=True):
    """A format that can be written: its name, the endings that choose it, and its function."""

    format: Format
    endings: tuple[str, ...]
    write: Callable[[Project], Handed]


def format_of(name: str, content: bytes) -> Format | None:
    """The format of a file by its content, by its name where that says nothing; None: no graph.

    A table is told from Gephi's only where it has Gephi's own column of directions.
    """
    start = text_of(content[:_SNIFFED]).lstrip() if b"\x00" not in content[:4] else ""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        start = text_of(content[:_SNIFFED]).lstrip()
    named = _NAMED.get(Path(name).suffix.lower())
    if content.startswith(b"PK\x03\x04"):
        is_ours = b"project.csv" in content[:200]
        return Format.CSV_ZIP if is_ours and record_tables.is_record_zip(name, content) else None
    if start.startswith("<"):
        found = _ROOT.search(re.sub(r"<!--.*?-->", "", start, flags=re.DOTALL))
        by_root = _XML_FORMATS.get(found[1]) if found else None
        return by_root or named
    if start.startswith(("{", "[")):
        return _json_format(name, content, start) or named
    return _text_format(content) or named


def is_text_format(start: bytes) -> bool:
    """Whether delimited text is one of these formats, by its first rows."""
    return _text_format(start) is not None


def _text_format(content: bytes) -> Format | None:
    heads, first = gephi.head_of(content)
    if record_tables.is_record_table(heads):
        return Format.CSV
    if gleif.is_gleif_head(heads):
        return Format.GLEIF
    if gephi.is_edge_head(heads) and gephi.says_direction(heads, first):
        return Format.GEPHI
    return None


def read_files(files: Sequence[Given]) -> list[Reading | None]:
    """Each file read; None for those that are no graph and no statements of ownership.

    A table of nodes beside a table of edges is read with it, as Gephi writes the two. Raises
    FormatError, a sentence, where a file of these formats cannot be read.
    """
    formats = [_checked_format(file) for file in files]
    pair = _gephi_pair(files, formats)
    readings: list[Reading | None] = []
    for number, (file, format) in enumerate(zip(files, formats, strict=True)):
        if pair is not None and number == pair[1]:
            continue
        if pair is not None and number == pair[0]:
            nodes = files[pair[1]].content if pair[1] is not None else None
            readings.append(_gephi(file, nodes))
        elif format is None:
            readings.append(None)
        else:
            readings.append(_read_soundly(file, format))
    return readings


def _read_soundly(file: Given, format: Format) -> Reading:
    try:
        return _read(file, format)
    except csv.Error as fault:
        raise FormatError(
            f"{file.name} is no sound CSV text ({fault}): nothing was imported. Save it anew from "
            "the program that wrote it."
        ) from None


def _checked_format(file: Given) -> Format | None:
    format = format_of(file.name, file.content)
    if format is not None:
        require_bearable(file.name, len(file.content))
        if not file.content.strip(b"\x00\r\n\t "):
            raise FormatError(f"{file.name} is empty: there is nothing to import.")
    return format


def _read(file: Given, format: Format) -> Reading:
    name, content = file.name, file.content
    match format:
        case Format.GRAPHML:
            return _graph(file, format, graphml.read_graphml(name, content))
        case Format.GEXF:
            return _graph(file, format, gexf.read_gexf(name, content))
        case Format.DRAWIO:
            return _graph(file, format, drawio.read_drawio(name, content))
        case Format.GEPHI:
            return _gephi(file, None)
        case Format.CX | Format.CX2:
            value = json_of(name, content)
            if cx.is_cx2(value):
                return _graph(file, Format.CX2, cx.read_cx2(value))
            if cx.is_cx(value):
                return _graph(file, Format.CX, cx.read_cx(value))
            raise FormatError(
                f"{name} is not a Cytoscape network, as its name says: it has no aspects. "
                f"Read are {READ}."
            )
        case Format.BODS:
            return bods.read_bods(name, content)
        case Format.GLEIF:
            return gleif.read_gleif(name, content)
        case Format.FTM:
            return ftm.read_ftm(name, content)
        case Format.CSV:
            return record_tables.read_csv(name, content)
        case Format.CSV_ZIP:
            return record_tables.read_csv_zip(name, content)
        case Format.JSON:
            raise FormatError(f"{name} is JSON, but none of the kinds that are read: {READ}.")


def _graph(file: Given, format: Format, graph: Graph) -> Reading:
    if graph.own is not None:
        return own_reading(file.name, file.content, format, graph)
    if not graph.nodes and not graph.edges and not graph.left_out:
        raise FormatError(f"{file.name} has no nodes and no edges: there is nothing to import.")
    return assembled(file.name, file.content, format, graph)


def _gephi(file: Given, nodes: bytes | None) -> Reading:
    return _graph(file, Format.GEPHI, gephi.read_gephi(file.content, nodes))


def _gephi_pair(
    files: Sequence[Given], formats: Sequence[Format | None]
) -> tuple[int, int | None] | None:
    """Which of the files are Gephi's edges and nodes, where two tables are such a pair."""
    if len(files) != 2:
        return None
    heads = [
        gephi.head_of(file.content)[0] if format in (None, Format.GEPHI) else []
        for file, format in zip(files, formats, strict=True)
    ]
    for edges, nodes in ((0, 1), (1, 0)):
        if gephi.is_edge_head(heads[edges]) and gephi.is_node_head(heads[nodes]):
            return edges, nodes
    return None


def _json_format(name: str, content: bytes, start: str) -> Format | None:
    """The format of JSON, or of JSON lines, by the keys of its records."""
    if re.match(r'[{\[\s]*"format"\s*:\s*"depmap"', start):
        return None
    first = _first_record(name, content, start)
    if first is None:
        return None
    keys = first.keys()
    if "CXVersion" in keys:
        return Format.CX2
    if keys & {"numberVerification", "metaData"}:
        return Format.CX
    if bods.is_statement(first):
        return Format.BODS
    if gleif.is_record(first):
        return Format.GLEIF
    if ftm.is_entity(first):
        return Format.FTM
    return Format.JSON if Path(name).suffix.lower() in (".json", ".jsonl", ".ndjson") else None


def _first_record(name: str, content: bytes, start: str) -> dict[str, Any] | None:
    """The first object of a list, of lines, or the one there is; None where there is none."""
    if start.startswith("{"):
        line = start.partition("\n")[0]
        try:
            value: Any = msgspec.json.decode(line)
        except (msgspec.DecodeError, RecursionError):
            value = json_of(name, content)
    else:
        value = json_of(name, content)
    if isinstance(value, list):
        value = next((item for item in value if isinstance(item, dict)), None)
    return value if isinstance(value, dict) else None


WRITERS = (
    Writer(Format.GRAPHML, (".graphml",), graphml.graphml_bytes),
    Writer(Format.GEXF, (".gexf",), gexf.gexf_bytes),
    Writer(Format.BODS, (".bods.json", ".bods"), bods_out.bods_bytes),
    Writer(Format.FTM, (".ftm.json", ".ftm", ".jsonl", ".ijson"), ftm_out.ftm_bytes),
    Writer(Format.CSV_ZIP, (".zip",), record_tables.csv_zip_bytes),
    Writer(Format.CSV, (".csv",), record_tables.csv_bytes),
)
"""Who writes what; of two endings that fit, the longer one comes first."""


def writer_for(name: str) -> Writer | None:
    """The writer that the ending of a file's name chooses, or None."""
    lower = name.lower()
    return next((writer for writer in WRITERS if lower.endswith(writer.endings)), None)
