"""Why a project file cannot be read: every fault with its place and a sentence."""

from __future__ import annotations

from pathlib import Path

import msgspec

SHOWN = 25


class FileFault(msgspec.Struct, frozen=True):
    """One fault: the line of the file (from 1; None for the file as a whole), the record or
    key concerned (empty for the file as a whole), and a sentence."""

    line: int | None
    where: str
    message: str

    def __str__(self) -> str:
        place = ", ".join(filter(None, (f"line {self.line}" if self.line else "", self.where)))
        return f"{place}: {self.message}" if place else self.message


class ProjectFileError(Exception):
    """A file that cannot be opened as a project; nothing was changed."""

    def __init__(self, path: Path | None, faults: tuple[FileFault, ...]) -> None:
        super().__init__(path, faults)
        self.path = path
        self.faults = faults

    def __str__(self) -> str:
        name = str(self.path) if self.path else "The project"
        if len(self.faults) == 1:
            return f"{name} cannot be opened: {self.faults[0]}"
        lines = [f"{name} cannot be opened; it has {len(self.faults)} faults:"]
        lines += [f"  {fault}" for fault in self.faults[:SHOWN]]
        if len(self.faults) > SHOWN:
            lines.append(f"  and {len(self.faults) - SHOWN} more.")
        return "\n".join(lines)
