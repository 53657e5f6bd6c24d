"""Reads one TOML file of a pack, or says in sentences, with lines, why it cannot be read."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from depmap_gui.rules.faults import PackFault

MOST_BYTES = 16 * 1024 * 1024
"""Larger files are refused unread: the largest list in use has a few thousand names."""

_DAY = re.compile(r"=\s*(\d{1,4}-\d{1,2}-\d{1,2})\b")


class UnreadableError(Exception):
    """A file that cannot be read as TOML, with all that is wrong with it."""

    def __init__(self, *faults: PackFault) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))


def read_toml(path: Path) -> tuple[str, dict[str, Any]]:
    """A file's text and what it holds. A byte order mark is passed over. Raises UnreadableError."""
    name = path.name
    try:
        if path.stat().st_size > MOST_BYTES:
            message = f"{name} has more than {MOST_BYTES // 1024**2} MB, too much for a rule pack."
            raise UnreadableError(PackFault(file=name, line=1, message=message))
        text = path.read_text(encoding="utf-8-sig")
        return text, tomllib.loads(text)
    except UnicodeDecodeError as error:
        message = f"{name} is not UTF-8 text (byte {error.start}); save it as UTF-8."
        raise UnreadableError(PackFault(file=name, line=1, message=message)) from error
    except OSError as error:
        message = f"{name} cannot be read: {error.strerror or error}."
        raise UnreadableError(PackFault(file=name, line=1, message=message)) from error
    except RecursionError as error:
        message = f"{name} nests brackets too deeply to be read."
        raise UnreadableError(PackFault(file=name, line=1, message=message)) from error
    except tomllib.TOMLDecodeError as error:
        days = _impossible_days(name, text)
        raise UnreadableError(*(days or [_syntax_fault(name, text, str(error))])) from error


def _impossible_days(file: str, text: str) -> list[PackFault]:
    """A fault for every value that is written like a day and is none of the calendar."""
    faults = []
    for number, line in enumerate(text.splitlines(), start=1):
        for day in _DAY.findall(line.partition("#")[0]):
            try:
                date.fromisoformat(day)
            except ValueError:
                message = f"{day} is no day of the calendar; write a day as 2026-01-31."
                faults.append(PackFault(file=file, line=number, message=message))
    return faults


def _syntax_fault(file: str, text: str, message: str) -> PackFault:
    """tomllib ends its message with `(at line N, column M)` or `(at end of document)`."""
    words, _, place = message.rpartition(" (at ")
    number = place.removeprefix("line ").split(",", maxsplit=1)[0]
    line = int(number) if number.isdigit() else max(1, len(text.splitlines()))
    return PackFault(
        file=file, line=line, message=f"This is not valid TOML, so it cannot be read: {words}."
    )
