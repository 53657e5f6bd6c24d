"""A project file read slowly: every value with its line, and every place where it is not JSON.

The quick way through a good file is in :mod:`depmap_gui.project.file`; this one is taken only
when that fails, and finds all that is wrong with the text.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections import Counter
from typing import Any, Final

from depmap_gui.project.faults import FileFault

_BLANK = re.compile(r"[ \t\r\n]*")
_NEXT_RECORD = re.compile(r"\n(?=[{\]])")
_MARKER = re.compile(r"<{7}|={7}|>{7}")
_UNMERGED = (
    "version control could not merge two versions of the file and left its marks here; keep one "
    "version of each record between the marks, and delete the marks"
)
_CUT_OFF = (
    "the file ends in the middle: it was cut off while it was written or copied. Look for an "
    "older copy; the version before the last save is kept beside a project, with ~ after its name"
)


class Scanned:
    """What stands in the text: ``file`` decoded, the line of each top-level key in ``lines``, of
    each record in ``record_lines``, and the faults found so far."""

    def __init__(self) -> None:
        self.file: dict[str, Any] = {}
        self.lines: dict[str, int] = {}
        self.record_lines: dict[str, list[int]] = {}
        self.faults: list[FileFault] = []


class _NotJson(Exception):
    """The text stops being JSON at ``position``, which is never before what was read."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.message = message
        self.position = position


def scan(text: str) -> Scanned:
    """Decode as much of a project file as can be, with places and faults."""
    return _Scanner(text).run()


class _Scanner:
    def __init__(self, text: str) -> None:
        self._text: Final = text
        self._breaks = [found.start() for found in re.finditer("\n", text)]
        self._found = Scanned()
        self._remarks: list[str] = []
        self._decoder = json.JSONDecoder(
            object_pairs_hook=self._object, parse_constant=self._constant
        )

    def run(self) -> Scanned:
        start = self._blank(0)
        if self._text[start : start + 1] != "{":
            self._fault(start, "", "This is not a DepMap project: that starts with a brace {.")
            return self._found
        try:
            self._require_end(self._blank(self._top(start + 1)))
        except _NotJson as fault:
            self._fault(fault.position, "", f"This is not valid JSON: {fault.message}.")
        return self._found

    def _require_end(self, position: int) -> None:
        if position < len(self._text):
            raise _NotJson("there is more text after the end of the project", position)

    def _top(self, position: int) -> int:
        """Read the members of the outermost object; gives the position after its brace."""
        position = self._blank(position)
        if self._text[position : position + 1] == "}":
            return position + 1
        while True:
            position = self._member(position)
            mark = self._text[position : position + 1]
            if mark == "}":
                return position + 1
            position = self._after_comma(position, mark, "}")

    def _member(self, position: int) -> int:
        if self._text[position : position + 1] != '"':
            raise self._wrong(position, "a key in quotes is missing")
        key, after = self._value(position)
        line = self._line(position)
        after = self._blank(after)
        if self._text[after : after + 1] != ":":
            raise self._wrong(after, "a colon is missing after a key")
        start = self._blank(after + 1)
        if key in self._found.file:
            self._fault(position, repr(key), "This key stands twice. Delete one of the two.")
        self._found.lines[key] = line
        if self._text[start : start + 1] == "[":
            self._found.file[key], end = self._list(key, start + 1)
        else:
            self._found.file[key], end = self._value(start)
            self._drain(start, key)
        return self._blank(end)

    def _list(self, key: str, position: int) -> tuple[list[Any], int]:
        """Read a top-level list item by item, past items that cannot be read."""
        items: list[Any] = []
        lines = self._found.record_lines[key] = []
        position = self._blank(position)
        if self._text[position : position + 1] == "]":
            return items, position + 1
        while True:
            try:
                item, end = self._value(position)
                items.append(item)
                lines.append(self._line(position))
                self._drain(position, f"{key}[{len(items) - 1}]")
                end = self._blank(end)
                mark = self._text[end : end + 1]
                if mark == "]":
                    return items, end + 1
                position = self._after_comma(end, mark, "]")
            except _NotJson as fault:
                after = _NEXT_RECORD.search(self._text, fault.position)
                if after is None or fault.message == _UNMERGED:
                    raise
                self._drain(fault.position, key)
                self._fault(fault.position, key, f"This is not valid JSON: {fault.message}.")
                position = after.end()
                if self._text[position] == "]":
                    return items, position + 1

    def _after_comma(self, position: int, mark: str, closing: str) -> int:
        if mark != ",":
            raise self._wrong(position, f"a comma or '{closing}' is missing")
        following = self._blank(position + 1)
        if self._text[following : following + 1] == closing:
            raise _NotJson(f"a comma stands before '{closing}'; delete it", position)
        return following

    def _value(self, position: int) -> tuple[Any, int]:
        try:
            return self._decoder.raw_decode(self._text, position)
        except json.JSONDecodeError as fault:
            raise self._wrong(fault.pos, _plainly(fault.msg)) from None
        except RecursionError:
            raise _NotJson("it is nested too deeply to be a project", position) from None
        except ValueError:
            raise _NotJson("it has a number of thousands of digits", position) from None

    def _wrong(self, position: int, message: str) -> _NotJson:
        if self._blank(position) >= len(self._text.rstrip()):
            return _NotJson(_CUT_OFF, position)
        if _MARKER.match(self._text, self._text.rfind("\n", 0, position) + 1):
            return _NotJson(_UNMERGED, position)
        if self._text[position] == "'":
            message = "texts stand in double quotes, not in single ones"
        return _NotJson(message, position)

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) != len(pairs):
            counted = Counter(key for key, _ in pairs)
            self._remarks += [
                f"The key {key!r} stands {number} times in one record. Keep one of them."
                for key, number in counted.items()
                if number > 1
            ]
        return made

    def _constant(self, word: str) -> None:
        self._remarks.append(f"{word} is not a number. Leave the value out where it is unknown.")

    def _drain(self, position: int, where: str) -> None:
        for remark in self._remarks:
            self._fault(position, where, remark)
        self._remarks.clear()

    def _blank(self, position: int) -> int:
        found = _BLANK.match(self._text, position)
        return found.end() if found else position

    def _line(self, position: int) -> int:
        return bisect_left(self._breaks, position) + 1

    def _fault(self, position: int, where: str, message: str) -> None:
        self._found.faults.append(FileFault(self._line(position), where, message))


def _plainly(message: str) -> str:
    """The JSON reader's words in a reader's words."""
    known = {
        "Expecting value": "a value is missing",
        "Expecting ',' delimiter": "a comma or a closing bracket is missing",
        "Expecting ':' delimiter": "a colon is missing after a key",
        "Expecting property name enclosed in double quotes": "a key in double quotes is missing",
        "Unterminated string starting at": _CUT_OFF,
        "Invalid control character at": "a text has a line break or tab in it; write \\n or \\t",
        "Invalid \\escape": "a text has a backslash that means nothing; write \\\\ for one",
        "Invalid \\uXXXX escape": "a text has a \\u that is not followed by four digits",
        "Illegal trailing comma before end of object": "a comma stands before '}'; delete it",
        "Illegal trailing comma before end of array": "a comma stands before ']'; delete it",
    }
    return known.get(message, message[:1].lower() + message[1:])
