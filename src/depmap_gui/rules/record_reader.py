"""Reads one TOML table key by key, noting every fault instead of stopping at the first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from depmap_gui.rules.faults import LineIndex, PackFault, Path
from depmap_gui.rules.pack import Certainty, Standing, Value

E = TypeVar("E", bound=StrEnum)

NO_DATE = date.min


class PackFile:
    """One parsed file of a pack, with its line index; faults of all its tables gather here."""

    def __init__(self, name: str, content: Mapping[str, Any], lines: LineIndex) -> None:
        self.name = name
        self.content = content
        self.lines = lines
        self._noted: list[tuple[Path, PackFault]] = []

    @property
    def faults(self) -> list[PackFault]:
        """All that is wrong with the file, in the order in which it was noted."""
        return [fault for _, fault in self._noted]

    @property
    def misnames(self) -> bool:
        """Whether an id is faulty: then what refers to it, and places by order, mislead."""
        if any(len(path) < 2 or path[-1] in ("id", "entity_status") for path, _ in self._noted):
            return True
        tables = (table if isinstance(table, list) else [table] for table in self.content.values())
        return any(not isinstance(row, dict) or "id" not in row for rows in tables for row in rows)

    def fault(self, path: Path, message: str) -> None:
        """Notes a fault at `path`."""
        fault = PackFault(file=self.name, line=self.lines.line(path), message=message)
        self._noted.append((path, fault))

    def broken_records(self) -> tuple[int, frozenset[Path]]:
        """How many faults there are so far, and the records in which they lie."""
        return len(self._noted), frozenset(path[:2] for path, _ in self._noted)

    def forget_consequences(self, before: tuple[int, frozenset[Path]]) -> None:
        """Drops later faults of records that were broken before: they follow from those."""
        count, broken = before
        self._noted = [
            (path, fault)
            for place, (path, fault) in enumerate(self._noted)
            if place < count or path[:2] not in broken
        ]

    def tables(self, name: str) -> Iterator[TableReader]:
        """A reader for each `[[name]]` table of the file."""
        yield from TableReader(self, (), self.content).tables(name)

    def only(self, *names: str) -> None:
        """Faults every top-level key that is none of `names`."""
        for key in self.content:
            if key not in names:
                self.fault(
                    (key,), f"'{key}' is not a part of {self.name}; it holds {_listed(names)}."
                )


class TableReader:
    """Takes keys out of one table; `finish` faults those nobody asked for."""

    def __init__(
        self, file: PackFile, path: Path, table: Mapping[str, Any], outer: str = ""
    ) -> None:
        self.file = file
        self.path = path
        self.table = table
        self._outer = outer
        self._asked: set[str] = set()

    @property
    def label(self) -> str:
        """What to call the table in a sentence: its id or name, or its place in what holds it."""
        kind = next((part for part in reversed(self.path) if isinstance(part, str)), "")
        named = self.table.get("id") or self.table.get("name")
        if isinstance(named, str):
            return f"{kind} '{named}'"
        number = f" {self.path[-1] + 1}" if self.path and isinstance(self.path[-1], int) else ""
        return f"{kind}{number}" + (f" of {self._outer}" if self._outer else "")

    def fault(self, key: str | None, message: str) -> None:
        """Notes a fault at a key of this table, or at the table."""
        self.file.fault(self.path if key is None else (*self.path, key), message)

    def _take(self, key: str, *, required: bool) -> Any:
        self._asked.add(key)
        if key not in self.table:
            if required:
                self.fault(None, f"{self.label} has no '{key}', which it needs.")
            return None
        return self.table[key]

    def _wrong(self, key: str, expected: str, found: object) -> None:
        self.fault(key, f"'{key}' of {self.label} should be {expected}, not {found!r}.")

    def text(self, key: str, *, default: str | None = None) -> str:
        """Text; required and not blank where there is no default."""
        found = self._take(key, required=default is None)
        if found is None:
            return default or ""
        if not isinstance(found, str):
            self._wrong(key, "text in quotes", found)
            return default or ""
        if default is None and not found.strip():
            self.fault(key, f"'{key}' of {self.label} is empty.")
        return found.strip()

    def optional_text(self, key: str) -> str | None:
        """Text, or None where the key is absent."""
        return self.text(key, default="") or None

    def words(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        """A list of texts; empty where absent."""
        found = self._take(key, required=required)
        if found is None:
            return ()
        if not isinstance(found, list) or not all(isinstance(word, str) for word in found):
            self._wrong(key, "a list of texts in quotes", found)
            return ()
        return tuple(found)

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        found = self._take(key, required=False)
        if found is None:
            return default
        if not isinstance(found, bool):
            self._wrong(key, "true or false", found)
            return default
        return found

    def day(self, key: str) -> date:
        """A required day; `NO_DATE` stands in for one that is faulty."""
        return self._day(key, required=True) or NO_DATE

    def optional_day(self, key: str) -> date | None:
        """A day, or None where the key is absent."""
        return self._day(key, required=False)

    def _day(self, key: str, *, required: bool) -> date | None:
        found = self._take(key, required=required)
        if found is None:
            return None
        if not isinstance(found, date) or isinstance(found, datetime):
            self._wrong(key, "a date without quotes, such as 2026-01-01", found)
            return None
        return found

    def choice(self, key: str, options: type[E], inherited: E | None = None) -> E:
        """One of an enumeration's words; `inherited` where absent."""
        found = self._take(key, required=inherited is None)
        first = next(iter(options))
        if found is None:
            return inherited or first
        try:
            return options(found)
        except ValueError:
            self._wrong(key, f"one of {_listed(tuple(options))}", found)
            return inherited or first

    def optional_choice(self, key: str, options: type[E]) -> E | None:
        """One of an enumeration's words, or None where the key is absent."""
        return self.choice(key, options) if key in self.table else None

    def citation(self, inherited: str = "") -> str:
        """The citation, required unless the table around this one gives it."""
        found = self._take("citation", required=False)
        if isinstance(found, str) and found.strip():
            return found.strip()
        if found is not None and not isinstance(found, str):
            self._wrong("citation", "text in quotes", found)
        elif not inherited:
            self.fault(
                "citation",
                f"{self.label} cites no law. Every value needs a 'citation' so that a reader "
                "can check it.",
            )
        return inherited

    def certainty(self, inherited: Certainty | None = None) -> Certainty:
        """How sure the author is, in the words of `Certainty`."""
        return self.choice("certainty", Certainty, inherited)

    def standing(self, inherited: Standing | None = None) -> Standing:
        """The force of a value, in the words of `Standing`, from the key `status`."""
        return self.choice("status", Standing, inherited)

    def value(self, key: str) -> Value:
        """A number, switch, text, day or list of texts."""
        found = self._take(key, required=True)
        if isinstance(found, list) and all(isinstance(word, str) for word in found):
            return tuple(found)
        if isinstance(found, bool | str):
            return found
        if isinstance(found, int | float):
            return float(found)
        if isinstance(found, date) and not isinstance(found, datetime):
            return found
        if found is not None:
            self._wrong(key, "a number, true or false, text, a date or a list of texts", found)
        return 0.0

    def numbers(self, key: str) -> dict[str, float]:
        """A required table of numbers by name, written inline: `{ grid = 52.0, home = 26.9 }`."""
        found = self._take(key, required=True)
        if found is None:
            return {}
        named = found.items() if isinstance(found, dict) else ()
        if not named or any(
            isinstance(n, bool) or not isinstance(n, int | float) for _, n in named
        ):
            self._wrong(key, "numbers by name, such as { grid = 52.0 }", found)
            return {}
        return {name: float(number) for name, number in named}

    def tables(self, key: str, *, required: bool = False) -> Iterator[TableReader]:
        """A reader for each table of the list at `key`."""
        found = self._take(key, required=required)
        if found is None:
            return
        if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
            self._wrong(key, "a list of tables", found)
            return
        for position, item in enumerate(found):
            outer = self.label if self.path else ""
            yield TableReader(self.file, (*self.path, key, position), item, outer)

    def finish(self) -> None:
        """Faults every key of the table that nothing asked for."""
        for key in self.table:
            if key not in self._asked:
                self.fault(key, f"'{key}' is not a known key of {self.label}.")


def _listed(words: tuple[str, ...]) -> str:
    quoted = [f"'{word}'" for word in words]
    return ", ".join(quoted[:-1]) + (" or " if len(quoted) > 1 else "") + quoted[-1]
