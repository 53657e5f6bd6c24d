"""What a file of another format gave, and what a file for another program could not hold."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum

import msgspec

from depmap_gui.domain.project import Project
from depmap_gui.exchange.tables.grid import TableError


class FormatError(TableError):
    """A file that cannot be read in its format; one sentence for the person who gave it."""


class Format(StrEnum):
    """The formats of other programs, by their common names."""

    GRAPHML = "GraphML"
    GEXF = "GEXF"
    GEPHI = "Gephi CSV"
    DRAWIO = "draw.io"
    CX = "Cytoscape CX"
    CX2 = "Cytoscape CX2"
    BODS = "BODS"
    GLEIF = "GLEIF"
    FTM = "FollowTheMoney"
    JSON = "JSON"
    CSV = "CSV"
    CSV_ZIP = "CSV files in a zip"


class LeftOut(msgspec.Struct, frozen=True):
    """Something of a file that is not on the map: what it is there, and why it was left out."""

    what: str
    why: str

    def __str__(self) -> str:
        return f"{self.what}: {self.why}"


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """One file, read: the records it makes, and an account of all that stood in it.

    ``read`` counts what the file holds in the file's own words; ``notes`` say what was taken for
    granted. ``is_own`` says that DepMap wrote the file, so its records are as they were;
    ``has_lasting_ids`` that an id means the same thing in every file of the format.
    """

    name: str
    format: Format
    sha256: str
    project: Project
    read: dict[str, int]
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = ()
    is_own: bool = False
    has_lasting_ids: bool = False

    @property
    def made(self) -> dict[str, int]:
        """How many records of each kind came of it."""
        records = (*self.project.entities.values(), *self.project.links.values())
        return dict(Counter(str(record.kind) for record in records))


class Handed(msgspec.Struct, frozen=True):
    """A file for another program: its bytes, and what it could not hold."""

    content: bytes
    left_out: tuple[LeftOut, ...] = ()
