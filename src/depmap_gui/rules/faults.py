"""Faults of a rule pack, each with its file and line, and one error that carries them all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct

Path = tuple[str | int, ...]
"""Where a value stands in a TOML file: `("parameter", 3, "values", 0, "citation")`."""

_HEADER = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.\-\"' ]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"^\s*([A-Za-z0-9_\-]+|\"[^\"]*\")\s*=\s*(.*)$")
_INNER_KEY = re.compile(r"([A-Za-z0-9_\-]+)\s*=")


class PackFault(Struct, frozen=True, kw_only=True):
    """One fault: the file within the pack's folder, the line (1-based), and a sentence."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.message}"


class PackError(Exception):
    """A rule pack cannot be used. `faults` holds everything that is wrong with it.

    `folder` is where the files named in the faults lie, empty for a pack that ships with DepMap.
    """

    def __init__(self, pack: str, faults: tuple[PackFault, ...], folder: str = "") -> None:
        self.pack = pack
        self.faults = faults
        self.folder = folder
        listed = "\n".join(f"  {fault}" for fault in faults)
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        place = f" in {folder}" if folder else ""
        super().__init__(
            f"The rule pack {pack}{place} has {count}, so no test can rest on it. "
            f"Correct the file named and load the pack again:\n{listed}"
        )


class UnknownPackError(PackError):
    """There is no rule pack of that id; names those there are."""

    def __init__(self, pack: str, known: Iterable[str]) -> None:
        self.pack = pack
        self.faults = ()
        self.folder = ""
        Exception.__init__(
            self,
            f"There is no rule pack '{pack}', so nothing can be tested against it. "
            f"Packs found: {', '.join(known) or 'none'}.",
        )


class SeveralPacksError(PackError):
    """More than one rule pack cannot be used; carries the faults of all, and tells each pack's."""

    def __init__(self, errors: Sequence[PackError]) -> None:
        self.pack = ", ".join(error.pack for error in errors)
        self.faults = tuple(fault for error in errors for fault in error.faults)
        self.folder = ""
        Exception.__init__(self, "\n".join(str(error) for error in errors))


def together(errors: Sequence[PackError]) -> PackError:
    """One error that says all that these say; at least one is given."""
    return errors[0] if len(errors) == 1 else SeveralPacksError(errors)


class LineIndex:
    """Line numbers of tables, keys and array elements of one TOML text.

    `tomllib` gives values without positions. The index follows headers, `key = value` lines and
    the elements of arrays written one a line, which is how packs are laid out.
    """

    def __init__(self, text: str) -> None:
        self._lines: dict[Path, int] = {}
        self._counts: dict[Path, int] = {}
        self._table: Path = ()
        self._array: Path | None = None
        self._quote: str | None = None
        for number, line in enumerate(text.splitlines(), start=1):
            self._read(line, number)

    def line(self, path: Path) -> int:
        """The line of `path`, or of the nearest thing around it that has one; at least 1."""
        while path:
            if path in self._lines:
                return self._lines[path]
            path = path[:-1]
        return 1

    def _read(self, line: str, number: int) -> None:
        if self._quote is not None:
            if self._quote in line:
                self._quote = None
            return
        if self._array is not None:
            self._read_array_line(line, number)
            return
        if header := _HEADER.match(line):
            self._open_table(header[2], number, is_array=header[1] == "[[")
        elif key := _KEY.match(line):
            self._read_key(key[1].strip('"'), key[2], number)

    def _open_table(self, dotted: str, number: int, *, is_array: bool) -> None:
        names = [name.strip().strip("\"'") for name in dotted.split(".")]
        path: Path = ()
        for name in names[:-1]:
            path += (name,)
            if path in self._counts:
                path += (self._counts[path],)
        path += (names[-1],)
        if is_array:
            self._counts[path] = self._counts.get(path, -1) + 1
            path += (self._counts[path],)
        self._table = path
        self._lines[path] = number

    def _read_key(self, key: str, rest: str, number: int) -> None:
        path = (*self._table, key)
        self._lines[path] = number
        for quote in ('"""', "'''"):
            if rest.startswith(quote) and quote not in rest[3:]:
                self._quote = quote
                return
        if rest.startswith("[") and not rest.partition("#")[0].rstrip().endswith("]"):
            self._array = path
            self._counts[path] = -1

    def _read_array_line(self, line: str, number: int) -> None:
        assert self._array is not None
        stripped = line.strip()
        if stripped.startswith("]"):
            self._array = None
        elif stripped and not stripped.startswith("#"):
            self._counts[self._array] += 1
            element = (*self._array, self._counts[self._array])
            self._lines[element] = number
            for inner in _INNER_KEY.findall(stripped):
                self._lines[(*element, inner)] = number
