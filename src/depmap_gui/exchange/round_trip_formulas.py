"""Which cells of a workbook are formulas: the reader of values does not tell."""

from __future__ import annotations

import html
import posixpath
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

from depmap_gui.exchange.tables.grid import FileKind

_FORMULA = re.compile(
    rb'<c r="([A-Z]{1,3}\d{1,7})"[^>]*><f(?:/>|[^>]*/>|[^>]*>[^<]*</f>)(<v>[^<])?'
)
_ATTRIBUTE = re.compile(rb'([\w:]+)\s*=\s*"([^"]*)"')

Formulas = Mapping[str, Mapping[str, bool]]
"""By sheet name and cell address: whether the formula's value is stored beside it."""


def formulas_of(path: Path, kind: FileKind) -> Formulas:
    """The formula cells of an .xlsx file that has been read and found sound; else none."""
    if kind is not FileKind.XLSX:
        return {}
    with zipfile.ZipFile(path) as parts:
        return {
            name: {cell.decode(): bool(value) for cell, value in _FORMULA.findall(parts.read(part))}
            for name, part in _sheets(parts).items()
            if part in parts.NameToInfo
        }


def _sheets(parts: zipfile.ZipFile) -> dict[str, str]:
    """The part of each sheet, by its name."""
    targets = {
        each.get("Id", ""): each.get("Target", "")
        for each in _tags(parts, "xl/_rels/workbook.xml.rels", b"Relationship")
    }
    found = {}
    for sheet in _tags(parts, "xl/workbook.xml", b"sheet"):
        id = next((value for key, value in sheet.items() if key.endswith(":id")), "")
        target = targets.get(id, "")
        whole = target[1:] if target.startswith("/") else posixpath.join("xl", target)
        found[sheet.get("name", "")] = posixpath.normpath(whole)
    return found


def _tags(parts: zipfile.ZipFile, part: str, tag: bytes) -> list[dict[str, str]]:
    """The attributes of each element of that name."""
    elements = re.findall(rb"<(?:\w+:)?" + tag + rb"\b([^<>]*)>", parts.read(part))
    return [
        {key.decode(): html.unescape(value.decode()) for key, value in _ATTRIBUTE.findall(each)}
        for each in elements
    ]
