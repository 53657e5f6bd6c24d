"""Several parties in one cell, with or without their shares: ``A; B``, ``A 49% / B 51%``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

import msgspec

from depmap_gui.domain.quantity import Quantity
from depmap_gui.exchange.tables.alike import parted
from depmap_gui.exchange.tables.amounts import read_number
from depmap_gui.exchange.tables.words import folded, is_others, is_unknown

COMMA = ","
STRONG = ";"
"""Any of ``;``, ``|`` and line breaks, a slash between blanks, and what parts shares."""

_STRONG = re.compile(r"\s*[;\n\r、；]+\s*|(?<=[\w.)])\s*\|\s*(?=[\w(])")
_PARTING = re.compile(r"[;:|\n\r、；%/+()]")
_SLASH = re.compile(r"\s*/\s*|\s+\+\s+")
_SPACED_SLASH = re.compile(r"\s+/\s+")
_COMMA = re.compile(r"\s*,\s*(?:and\s+|&\s+)?")
_AND = re.compile(r"\s+(?:and|&|und|et|y)\s+")
_BETWEEN_SHARES = re.compile(r"(?<=%)\s*[)\]]?\s*(?:,|and|&|und|et|y|\+|/)\s*(?=\S)")
_BEFORE_SHARES = re.compile(r"\s*(?:,|/|\+|&|\band\b|\bund\b|\bet\b)\s*(?=[(\[]?\d[^,;%]*%)")
_SHARE = (
    r"(?P<share>[<>~≈]?\s*\d{1,3}(?:[.,]\d+)?\s*"
    r"(?:%?\s*(?:-|–|to)\s*\d{1,3}(?:[.,]\d+)?)?\s*%)"
)
_BEHIND = re.compile(rf"(?P<name>.*?\S)\s*[:=,–-]?\s*[(\[]?\s*{_SHARE}\s*[)\]]?")
_BEFORE = re.compile(rf"[(\[]?{_SHARE}[)\]]?\s*[:=,–-]?\s*(?:owned by |by )?(?P<name>\S.*)")
_BRACKETED = re.compile(r"\([^()]*\)")
_JV = r"(?:jv|j\.v\.|joint venture)"
_RATIO = r"(?P<one>\d{1,2})\s*[/:–-]\s*(?P<other>\d{1,2})\s*%?"
_RATIO_BEHIND = re.compile(
    rf"(?P<names>.*\D)[\s,;:(\[]+{_RATIO}\s*{_JV}?\s*[)\]]?", re.IGNORECASE | re.DOTALL
)
_RATIO_BEFORE = re.compile(
    rf"{_RATIO}[\s,:]*{_JV}?\s*(?:of|between|:)?\s+(?P<names>\D.*)", re.IGNORECASE | re.DOTALL
)
_TWO = re.compile(r"\s+(?:and|&|und|et|y)\s+|\s*/\s*|\s*\+\s*|,\s+", re.IGNORECASE)
_NUMBERED = re.compile(r"(?P<name>\D.*?)[\s(:]+(?P<share>\d{1,2}(?:\.\d{1,2})?)\)?")
_OF_MEMBERS = re.compile(r"(?P<name>[^()]*\S)\s*\((?P<members>[^()]*)\)\s*")
_JOINT = re.compile(
    r"\s*\(?\s*\b(?:joint venture|jv|j\.v\.|gemeinschaftsunternehmen|coentreprise|合资|合弁)\b"
    r"\s*(?:of|between|von|entre)?\s*:?\)?\s*",
    re.IGNORECASE,
)


class Party(msgspec.Struct, frozen=True):
    """One party of a cell and the share written beside it.

    ``members`` are those that brackets behind it list: 'Ultium Cells (GM, LG)' is a joint venture.
    """

    name: str
    share: Quantity | None = None
    members: tuple[Party, ...] = ()


@lru_cache(maxsize=65_536)
def parties(
    text: str, separator: str | None = STRONG, decimal: str | None = None
) -> tuple[Party, ...]:
    """The parties of a cell, in its order.

    ``separator``: empty, the cell is one party whatever is in it; ``,``: commas part too, save
    before a legal form; else only signs that no name contains. Shares are read where written,
    and what stands in brackets stays together.
    """
    if is_unknown(text):
        return ()
    if separator == "":
        return (Party(text.strip()),)
    if separator in (None, STRONG) and _PARTING.search(text) is None:
        return (Party(text.strip(" ,;\t\u00a0")),)
    if (shared := _by_ratio(text) or _by_bare_numbers(text)) is not None:
        return shared
    kept: list[str] = []

    def put_away(found: re.Match[str]) -> str:
        kept.append(found[0])
        return f"\x00{len(kept) - 1}\x00"

    # A share in brackets belongs to the cutting; a list of members does not.
    masked = _BRACKETED.sub(lambda m: m[0] if "%" in m[0] else put_away(m), text.strip())
    pieces = _cut(masked, separator)
    whole = [re.sub(r"\x00(\d+)\x00", lambda m: kept[int(m[1])], piece) for piece in pieces]
    return tuple(_party(piece, decimal) for piece in whole if not is_unknown(piece))


def _by_ratio(text: str) -> tuple[Party, ...] | None:
    """Two parties and a ratio: 'A and B (60/40)', '50:50 JV of A and B'; None where it is none."""
    found = _RATIO_BEHIND.fullmatch(text.strip()) or _RATIO_BEFORE.fullmatch(text.strip())
    if found is None:
        return None
    one, other = int(found["one"]), int(found["other"])
    names = [name for name in _TWO.split(found["names"].strip(" ,;:()")) if name.strip()]
    if one + other != 100 or len(names) != 2:
        return None
    return (Party(names[0].strip(), one / 100), Party(names[1].strip(), other / 100))


def _by_bare_numbers(text: str) -> tuple[Party, ...] | None:
    """Parties each with a number behind it that add up to 100: 'A 50 / B 50'; else None."""
    pieces = [_NUMBERED.fullmatch(piece.strip()) for piece in re.split(r"[/;,\n]", text)]
    if len(pieces) < 2 or not all(pieces):
        return None
    shares = [(piece["name"].strip(" :("), float(piece["share"])) for piece in pieces if piece]
    if abs(sum(share for _, share in shares) - 100) > 1:
        return None
    return tuple(Party(name, share / 100) for name, share in shares)


def _cut(text: str, separator: str | None) -> list[str]:
    pieces: list[str] = []
    for piece in filter(None, _STRONG.split(text)):
        if pieces and parted(f"x {piece}")[0] == "x":
            # A legal form alone is no party: the name was broken over two lines.
            pieces[-1] = f"{pieces[-1]} {piece}"
        else:
            pieces.append(piece)
    if "%" in text:
        pieces = [part for piece in pieces for part in _at_shares(piece)]
    else:
        pieces = [part for piece in pieces for part in _SPACED_SLASH.split(piece) if part]
    if separator == COMMA:
        pieces = [part for piece in pieces for part in _at_commas(piece)]
    elif separator and separator not in ";|\n/":
        pieces = [part.strip() for piece in pieces for part in piece.split(separator)]
    return pieces


def joint_name(text: str) -> str:
    """A cell that names a joint venture, without the words that say so."""
    return " ".join(_JOINT.sub(" ", text).split()) or text.strip()


def separator_of(texts: Iterable[str]) -> tuple[str | None, int]:
    """How several parties of one cell are parted in a column, and how many cells a comma leaves
    open.

    A comma counts only where parts of one cell stand alone in another one: many names have
    commas of their own.
    """
    seen = [text.strip() for text in texts]
    strong = sum(len(parties(text, STRONG)) > 1 for text in seen)
    lists = [(text, parties(text, COMMA)) for text in seen if "," in text]
    lists = [(text, found) for text, found in lists if len(found) > 1]
    if lists:
        alone = Counter(folded(text) for text in seen if "," not in text)
        known = sum(any(folded(party.name) in alone for party in found) for _, found in lists)
        if known * 3 >= len(lists):
            return COMMA, 0
    return (STRONG if strong else None), len(lists)


def _at_shares(text: str) -> list[str]:
    """Cut a text with several percentages so that each part has one."""
    parts = [part for part in _SLASH.split(text) if part.strip()]
    if len(parts) > 1 and all("%" in part for part in parts):
        return parts
    pieces = _BETWEEN_SHARES.split(text)
    if text.count("%") < 2:
        return pieces if len(pieces) == 2 and is_others(pieces[1]) else [text]
    if re.match(r"[\s(\[]*\d[^,;]*?%\s*[^\s,;)]", text):
        # Shares stand before their names: '60% A, 40% B'.
        pieces = _BEFORE_SHARES.split(text)
    return [piece for piece in pieces if piece.strip(" ,")] if len(pieces) > 1 else [text]


def _at_commas(text: str) -> list[str]:
    """Cut at commas and at an 'and' that ends a list, save before what is only a legal form."""
    parts: list[str] = []
    for part in (p for p in _COMMA.split(text) if p.strip()):
        form, ands, rest = _form_and_rest(part)
        if parts and form:
            parts[-1] = f"{parts[-1]}, {form}"
            if ands:
                parts.append(rest)
        else:
            parts.append(part)
    if len(parts) > 1:
        # Of 'A, B and C' the 'and' parts too; alone it may be part of a name.
        parts = [*parts[:-1], *_AND.split(parts[-1], maxsplit=1)]
    return parts


def _form_and_rest(part: str) -> tuple[str, bool, str]:
    """A legal form at the start of a part ('Inc. and Other Corp.'), and what an 'and' adds."""
    head, *tail = _AND.split(part, maxsplit=1)
    is_form = parted(f"x {head}")[0] == "x"
    return (head if is_form else ""), bool(tail), (tail[0] if tail else "")


def _party(piece: str, decimal: str | None) -> Party:
    for pattern in (_BEHIND, _BEFORE):
        found = pattern.fullmatch(piece.strip())
        if found is not None:
            share = read_number(found["share"], decimal)
            if share.quantity is not None:
                return Party(found["name"].strip(" ,:;-–("), share.quantity)
    if (found := _OF_MEMBERS.fullmatch(piece)) is not None:
        inside = [part for cut in _SLASH.split(found["members"]) for part in _at_commas(cut)]
        if len(inside) > 1 and all(len(part) > 1 for part in inside):
            return Party(joint_name(found["name"]), None, tuple(map(Party, inside)))
    name = piece.strip(" ,;")
    return Party(name.strip("()") if name.count("(") != name.count(")") else name)
