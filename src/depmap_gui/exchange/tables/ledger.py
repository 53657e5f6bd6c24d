"""What earlier imports brought, kept with their sources: which fact stood in which cell.

Each import of a table leaves one source, whose ``extra`` holds under ``import``: the file, its
SHA-256, the sheet, the column letters of each slot, and by record id the row and the values that
were taken. From that, a later import of a newer file tells what the file changed from what a
person changed, and the cell of every fact can be named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Source
from depmap_gui.exchange.tables.words import head_words

KEY = "import"


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an import took of one record: the first row it stood in (from 1), and its values."""

    row: int
    values: dict[str, Any] = {}


class Ledger(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one import of one table brought. ``keys`` are the table's own keys by record id."""

    file: str
    sha256: str
    sheet: str
    series: str
    columns: dict[str, str] = {}
    records: dict[str, Entry] = {}
    keys: dict[str, str] = {}


def series_of(file: str, sheet: str, template: str, name: str = "") -> str:
    """What releases of one table have in common: its name without numbers and dates."""
    if name:
        return f"{template}: {head_words(name)}"
    stem = re.sub(r"\.[A-Za-z0-9]{2,5}$", "", file)
    words = [
        word
        for part in dict.fromkeys((stem, sheet))
        for word in head_words(re.sub(r"\d+", " ", part)).split()
        if len(word) > 1 and word not in ("final", "copy", "new", "old", "draft", "rev", "ver")
    ]
    return f"{template}: {' '.join(dict.fromkeys(words))}"


def ledgers(project: Project) -> Iterator[tuple[str, Ledger]]:
    """Source id and ledger of each import the project remembers, the newest first."""
    for source in reversed(list(project.sources.values())):
        if KEY not in source.extra:
            continue
        try:
            yield source.id, msgspec.convert(source.extra[KEY], Ledger)
        except msgspec.ValidationError:
            # Written by hand or by another program: not a ledger that can be relied on.
            continue


def with_ledger(source: Source, ledger: Ledger) -> Source:
    """The source with what it brought."""
    return msgspec.structs.replace(source, extra={KEY: msgspec.to_builtins(ledger)})


def cell_of(project: Project, record: str, slot_field: str = "") -> str | None:
    """Where an imported record or field stood: ``suppliers.xlsx, Sheet1!F17``; None: nowhere.

    ``slot_field`` is a slot's id such as ``supplies.cost``; without it the row is named.
    """
    for _, ledger in ledgers(project):
        entry = ledger.records.get(record)
        if entry is None:
            continue
        letters = ledger.columns.get(slot_field, "")
        cell = f"{letters}{entry.row}" if letters else f"row {entry.row}"
        return f"{ledger.file}, {ledger.sheet}!{cell}"
    return None


class Past:
    """What earlier imports say of the records of a project."""

    def __init__(self, project: Project, series: Mapping[str, None]) -> None:
        self._values: dict[str, dict[str, Any]] = {}
        self.by_key: dict[str, str] = {}
        self.any_key: dict[str, str] = {}
        self.last: dict[str, dict[str, Entry]] = {}
        self.elsewhere: set[str] = set()
        seen: set[str] = set()
        for _, ledger in ledgers(project):
            newest = ledger.series not in seen
            seen.add(ledger.series)
            for id, entry in ledger.records.items():
                self._values.setdefault(id, {})
                for name, value in entry.values.items():
                    self._values[id].setdefault(name, value)
            for id, key in ledger.keys.items():
                self.any_key.setdefault(key, id)
                if ledger.series in series:
                    self.by_key.setdefault(key, id)
            if newest and ledger.series in series:
                self.last[ledger.series] = ledger.records
            elif newest:
                self.elsewhere.update(ledger.records)

    def value(self, id: str, field: str) -> Any:
        """What the last import took for a field; MISSING where none did."""
        return self._values.get(id, {}).get(field, MISSING)


MISSING = object()
"""Says that no import took a value, which is not the same as an empty one."""
