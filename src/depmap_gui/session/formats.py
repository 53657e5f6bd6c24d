"""Files of other programs into a map, and a map into files for them.

A window or a command goes through these in order::

    readings = read_formats([path])  # None where a file is a table; TableError is a sentence
    project = as_project(readings)  # a new map, or
    taken = joined(project, reading)  # one edit into the open one

    export_format(project, path)  # the ending of the path says in which format
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

import msgspec

from depmap_gui.analysis.context import Context, Quiet
from depmap_gui.domain.document import Document
from depmap_gui.domain.project import Project
from depmap_gui.exchange.formats.bounded import require_bearable
from depmap_gui.exchange.formats.joining import Joined, joined
from depmap_gui.exchange.formats.registry import (
    READ,
    WRITERS,
    Given,
    is_text_format,
    read_files,
    writer_for,
)
from depmap_gui.exchange.formats.results import Format, FormatError, Handed, LeftOut, Reading
from depmap_gui.exchange.tables.limits import MOST_FILE_BYTES
from depmap_gui.project.atomic import write_bytes_atomically
from depmap_gui.project.file import parse_project, project_bytes

JSON_SUFFIX = ".json"
_SNIFFED = 8192
_TEXT_SUFFIXES = (".csv", ".tsv", ".txt", ".tab")
_PROJECT = re.compile(rb"""^(?:\xef\xbb\xbf)?\s*\{\s*"format"\s*:\s*"depmap"\s*,""")
ENDINGS = (*(ending for writer in WRITERS for ending in writer.endings), JSON_SUFFIX)
"""The endings of names that choose a format to write."""

FORMATS_OUT: tuple[tuple[Format, str], ...] = (
    *((writer.format, writer.endings[0]) for writer in WRITERS),
    (Format.JSON, JSON_SUFFIX),
)
"""The formats that can be written, each with its usual ending."""

SUFFIXES_IN = (
    "graphml", "gexf", "drawio", "xml", "cx", "cx2", "json", "jsonl", "ftm", "csv", "zip",
)  # fmt: skip
"""The usual endings of files that can be read; the content decides."""

__all__ = [
    "ENDINGS",
    "FORMATS_OUT",
    "READ",
    "SUFFIXES_IN",
    "Format",
    "FormatError",
    "Joined",
    "LeftOut",
    "Reading",
    "as_project",
    "export_format",
    "joined",
    "may_be_foreign",
    "read_formats",
]


def read_formats(paths: Sequence[Path]) -> list[Reading | None]:
    """Each file read in its format; None for one that is a table or none of these formats.

    Of Gephi's two tables the nodes are read with the edges and give no reading of their own.
    Raises FormatError, a sentence, where a file cannot be read; ProjectFileError with every fault
    of a file that is a project.
    """
    files = [_given(path) for path in paths]
    if len(files) == 1 and _PROJECT.match(files[0].content[:_SNIFFED]):
        return [_project_reading(files[0], paths[0])]
    return read_files(files)


def may_be_foreign(path: Path) -> bool:
    """Whether a file is to be read here rather than as a table, by its name and first bytes."""
    if path.suffix.lower() not in _TEXT_SUFFIXES:
        return path.suffix.lower().removeprefix(".") in SUFFIXES_IN
    try:
        with path.open("rb") as file:
            start = file.read(_SNIFFED)
    except OSError:
        return False
    return bool(start.strip()) and start.lstrip()[:1] not in b"[{" and is_text_format(start)


def _given(path: Path) -> Given:
    """The file, whole; of one too large for any reader only the start."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(_SNIFFED)
            if start.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"<", b"{", b"["):
                require_bearable(path.name, size)
            is_bearable = size <= MOST_FILE_BYTES
            return Given(path.name, start + file.read() if is_bearable else start)
    except FileNotFoundError:
        raise FormatError(f"There is no file {path}.") from None
    except IsADirectoryError:
        raise FormatError(f"{path} is a folder, not a file that can be imported.") from None
    except OSError as fault:
        raise FormatError(f"{path} cannot be read: {fault.strerror or fault}.") from None


def _project_reading(file: Given, path: Path) -> Reading:
    project = parse_project(file.content, path)
    counts = {"items": len(project.entities), "links": len(project.links)}
    return Reading(
        name=file.name,
        format=Format.JSON,
        sha256=hashlib.sha256(file.content).hexdigest(),
        project=project,
        read=counts,
        is_own=True,
        has_lasting_ids=True,
    )


def as_project(readings: Sequence[Reading]) -> tuple[Project, tuple[LeftOut, ...]]:
    """A new map of all that was read, and what the later files said otherwise than the earlier."""
    first = readings[0]
    header = first.project.header
    if not header.title:
        header = msgspec.structs.replace(header, title=Path(first.name).stem)
    document = Document(msgspec.structs.replace(first.project, header=header))
    left_out: list[LeftOut] = []
    for reading in readings[1:]:
        taken = joined(document.snapshot(), reading)
        left_out += taken.left_out
        if taken.edit is not None:
            document.apply(taken.edit)
    return document.snapshot(), tuple(left_out)


def handed(project: Project, name: str) -> Handed:
    """The project in the format that the ending of a name chooses.

    Raises FormatError where no format has that ending.
    """
    writer = writer_for(name)
    if writer is not None:
        return writer.write(project)
    if name.lower().endswith(JSON_SUFFIX):
        return Handed(project_bytes(project))
    raise FormatError(
        f"No format is written as '{Path(name).suffix or name}': end the name in "
        f"{', '.join(ENDINGS)} or .xlsx."
    )


def export_format(
    project: Project, path: Path, context: Context | None = None
) -> tuple[LeftOut, ...]:
    """Write the project in the format of the path's ending; gives what that could not hold.

    Raises FormatError where no format has that ending, SaveError where the file cannot be
    written, Canceled where ``context`` says so; either way an older file of that name stays as it
    was.
    """
    context = context or Quiet()
    context.progress(0.0, "putting it into the format")
    made = handed(project, path.name)
    context.progress(0.9, "writing the file")
    write_bytes_atomically(path, made.content)
    return made.left_out
