"""Files of strangers, opened within limits: text, XML, JSON and packed text.

Nothing here lets a file name another one to be read, or grow beyond what its size bears.
"""

from __future__ import annotations

import re
import zlib
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

import msgspec

from depmap_gui.exchange.formats.results import FormatError
from depmap_gui.exchange.tables.encodings import decoded

MOST_BYTES = 100 * 2**20
"""Of a file as it lies on the disk."""

MOST_ELEMENTS = 1_000_000
DEEPEST_ELEMENT = 200
MOST_UNPACKED = 64 * 2**20
"""Of one packed page of a drawing, in bytes."""

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")


def require_bearable(name: str, size: int) -> None:
    """Raise FormatError where a file is larger than any that is read."""
    if size > MOST_BYTES:
        raise FormatError(
            f"{name} has {size / 2**20:,.0f} MB, and at most {MOST_BYTES // 2**20} MB are read. "
            "Export the part you need, and import that."
        )


def text_of(content: bytes) -> str:
    """The text of a file in whatever encoding it plainly has, without a byte order mark."""
    return decoded(content).text.removeprefix("\ufeff")


def json_of(name: str, content: bytes) -> Any:
    """The JSON value of a file. Raises FormatError, a sentence, where it is none."""
    require_bearable(name, len(content))
    try:
        return msgspec.json.decode(text_of(content).encode("utf-8", "replace"))
    except msgspec.DecodeError as fault:
        raise FormatError(
            f"{name} is not valid JSON, or is cut short ({_brief(fault)}): nothing was imported. "
            "Ask for the file again."
        ) from None
    except RecursionError:
        raise FormatError(
            f"{name} is nested too deeply to be what it claims: nothing was imported."
        ) from None


def _brief(fault: Exception) -> str:
    return str(fault).removeprefix("JSON is malformed: ")[:120]


class _Tree:
    """Builds elements of local names, and stops where the file asks for too much."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._builder = TreeBuilder()
        self._elements = 0
        self._depth = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        self._elements += 1
        self._depth += 1
        if self._elements > MOST_ELEMENTS or self._depth > DEEPEST_ELEMENT:
            how = "large" if self._elements > MOST_ELEMENTS else "deeply nested"
            raise FormatError(
                f"{self._name} is too {how} to be a graph that can be shown: it was not read."
            )
        self._builder.start(
            _local(tag),
            {_local(key) if "}" in key else key: text for key, text in attributes.items()},
        )

    def end(self, tag: str) -> None:
        """An element ends."""
        self._depth -= 1
        self._builder.end(_local(tag))

    def text(self, text: str) -> None:
        """Text within an element."""
        self._builder.data(text)

    def doctype(self, _name: str, _system: str | None, _public: str | None, inner: int) -> None:
        """A document type: one that only names itself is passed over, and never fetched."""
        if inner:
            self.refuse()

    def refuse(self, *_what: object) -> int:
        """Refuse a file that declares or uses entities. Always raises FormatError."""
        raise FormatError(
            f"{self._name} declares XML entities, which no such file needs and which can hide an "
            "attack: it was not read."
        )

    def close(self) -> Element:
        """The outermost element."""
        root: Element = self._builder.close()
        return root


def xml_of(name: str, content: bytes) -> Element:
    """The outermost element of an XML file, tags and attributes without namespaces.

    No entity is declared, expanded or fetched. Raises FormatError, a sentence, where the file is
    no XML, declares entities, or is too large or too deep.
    """
    require_bearable(name, len(content))
    tree = _Tree(name)
    encoding = None
    declared = _DECLARED.match(content[:200])
    if declared and declared[1].lower() not in (b"utf-8", b"utf-16", b"us-ascii", b"iso-8859-1"):
        content, encoding = _recoded(content, declared[1].decode("ascii")), "utf-8"
    parser = expat.ParserCreate(encoding, namespace_separator="}")
    parser.buffer_text = True
    parser.StartElementHandler = tree.start
    parser.EndElementHandler = tree.end
    parser.CharacterDataHandler = tree.text
    parser.StartDoctypeDeclHandler = tree.doctype
    parser.EntityDeclHandler = tree.refuse
    parser.SkippedEntityHandler = tree.refuse
    parser.ExternalEntityRefHandler = tree.refuse
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as fault:
        place = f"line {fault.lineno}: " if isinstance(fault, expat.ExpatError) else ""
        words = str(fault).partition(":")[0]
        raise FormatError(
            f"{name} is not valid XML, or is cut short ({place}{words}): nothing was imported. "
            "Ask for the file again."
        ) from None
    return tree.close()


def _recoded(content: bytes, encoding: str) -> bytes:
    """The file as UTF-8, from an encoding that the XML reader may not know."""
    try:
        return content.decode(encoding, "replace").encode()
    except LookupError:
        return text_of(content).encode("utf-8", "replace")


@lru_cache(maxsize=4096)
def _local(name: str) -> str:
    return name.rpartition("}")[2]


def inflated(name: str, packed: bytes) -> bytes:
    """Raw deflated bytes, unpacked. Raises FormatError where damaged or far too large."""
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        unpacked = inflate.decompress(packed, MOST_UNPACKED)
    except zlib.error:
        raise FormatError(
            f"{name} is damaged: a page of it cannot be unpacked. Open it in draw.io and save it "
            "uncompressed."
        ) from None
    if inflate.unconsumed_tail:
        raise FormatError(f"{name} would unpack to far more than a drawing needs: it was not read.")
    return unpacked
