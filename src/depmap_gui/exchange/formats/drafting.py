"""Puts together the records that a file gives: ids, sources, countries, and the account."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

import msgspec

from depmap_gui.domain.countries import countries
from depmap_gui.domain.kinds import LocationRole
from depmap_gui.domain.project import Header, Project
from depmap_gui.domain.records import AnyEntity, AnyLink, Jurisdiction, Located, Source
from depmap_gui.domain.views import Point, View
from depmap_gui.exchange.formats.results import Format, LeftOut, Reading
from depmap_gui.exchange.tables.places import country_code

LONGEST_ID = 80
_SAFE = re.compile(r"\w(?:[\w.:@+-]{0,78}[\w.:@+])?", re.ASCII)
_UNSAFE = re.compile(r"[^\w.:@+-]+")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def clean(text: str) -> str:
    """Text without control characters and halves of characters, which no project can keep."""
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def safe_id(wanted: str) -> str:
    """An id made of a file's own: the same each time, short, and without spaces or controls."""
    if _SAFE.fullmatch(wanted):
        return wanted
    plain = _UNSAFE.sub("-", unicodedata.normalize("NFC", clean(wanted))).strip("-") or "item"
    if len(plain) <= LONGEST_ID:
        return plain
    return f"{plain[: LONGEST_ID - 9]}-{hashlib.sha256(wanted.encode()).hexdigest()[:8]}"


class Draft:
    """The project that a file becomes, while it is read. Ids are unique whatever the file says."""

    def __init__(self, name: str, content: bytes, format: Format) -> None:
        self.name, self.format = name, format
        self.sha256 = hashlib.sha256(content).hexdigest()
        self.title = ""
        self.entities: dict[str, AnyEntity] = {}
        self.links: dict[str, AnyLink] = {}
        self.positions: dict[str, Point] = {}
        self.read: dict[str, int] = {}
        self._left_out: list[LeftOut] = []
        self._notes: dict[str, None] = {}
        self._places: dict[str, str] = {}
        self._source_ids: dict[tuple[str, ...], str] = {}
        file = Source(
            id=f"s-{self.sha256[:12]}",
            title=clean(name),
            note=f"{format} file; SHA-256 {self.sha256}",
        )
        self.sources: dict[str, Source] = {file.id: file}
        self.file_source: tuple[str, ...] = (file.id,)

    def id_for(self, wanted: str, prefix: str = "") -> str:
        """An id that nothing of the draft has; the file's own wherever that is free."""
        id = base = safe_id(wanted)
        if prefix and (id in self.entities or id in self.links):
            id = base = safe_id(f"{prefix}-{wanted}")
        number = 2
        while id in self.entities or id in self.links:
            id = f"{base}-{number}"
            number += 1
        return id

    def add(self, entity: AnyEntity) -> str:
        """Take an item in; gives its id."""
        self.entities[entity.id] = entity
        return entity.id

    def join(self, link: AnyLink) -> str:
        """Take a link in; gives its id."""
        self.links[link.id] = link
        return link.id

    def amend(self, id: str, **fields: Any) -> None:
        """Give an entity of the draft other values."""
        self.entities[id] = msgspec.structs.replace(self.entities[id], **fields)

    def remark(self, id: str, line: str) -> None:
        """Add a line to an entity's notes."""
        notes = self.entities[id].notes
        if line not in notes.splitlines():
            self.amend(id, notes=f"{notes}\n{line}" if notes else line)

    def source(self, **fields: str) -> str:
        """A source of these fields besides the file itself, made once; gives its id."""
        given: dict[str, Any] = {key: clean(text) for key, text in fields.items() if text}
        key = tuple(f"{name}={text}" for name, text in sorted(given.items()))
        if key not in self._source_ids:
            told = hashlib.sha256("\n".join(key).encode("utf-8", "replace")).hexdigest()
            id = f"s-{told[:12]}"
            self._source_ids[key] = id
            self.sources[id] = Source(id=id, **given)
        return self._source_ids[key]

    def jurisdiction(self, named: str) -> str | None:
        """The item of a country by its name or code, made where need be; None: no country.

        A part of a country, such as US-DE, is its country.
        """
        code = country_code(named) or country_code(re.split(r"[-_]", named.strip())[0])
        if code is None:
            return None
        if code not in self._places:
            id = self.id_for(code.lower(), "jur")
            name = countries()[code]
            self.add(Jurisdiction(id=id, name=name, code=code, sources=self.file_source))
            self._places[code] = id
        return self._places[code]

    def take_place(self, code: str, id: str) -> None:
        """Let an item of the file stand for a country."""
        self._places.setdefault(code, id)

    def place_of(self, code: str) -> str | None:
        """The item that stands for a country, if there is one yet."""
        return self._places.get(code)

    def locate(
        self, id: str, named: str, role: LocationRole, sources: tuple[str, ...] | None = None
    ) -> bool:
        """Link an item to the country of that name or code; False where it names none."""
        place = self.jurisdiction(named)
        if place is None:
            return False
        if place == id:
            return True
        wanted = f"{place}-{role}-{id}"
        if wanted not in self.links:
            link = Located(
                id=self.id_for(wanted),
                source=place,
                target=id,
                role=role,
                sources=sources or self.file_source,
            )
            self.join(link)
        return True

    def leave_out(self, what: str, why: str) -> None:
        """Tell of something that does not come onto the map."""
        self._left_out.append(LeftOut(clean(what), why))

    def told(self, left_out: Iterable[LeftOut]) -> None:
        """Tell of what the format's reader left out."""
        self._left_out.extend(left_out)

    def note(self, sentence: str) -> None:
        """Tell of something that was taken for granted."""
        self._notes[clean(sentence)] = None

    def reading(self, *, has_lasting_ids: bool = False) -> Reading:
        """The file as read."""
        views = {}
        if self.positions:
            views["view-1"] = View(id="view-1", name="Map", positions=self.positions)
        project = Project(
            header=Header(title=clean(self.title)),
            entities=self.entities,
            links=self.links,
            sources=self.sources,
            views=views,
        )
        return Reading(
            name=self.name,
            format=self.format,
            sha256=self.sha256,
            project=project,
            read=self.read,
            left_out=tuple(self._left_out),
            notes=tuple(self._notes),
            has_lasting_ids=has_lasting_ids,
        )
