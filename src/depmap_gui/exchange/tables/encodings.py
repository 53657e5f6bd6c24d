"""The encoding of a delimited text file: by its mark, else by what its bytes can be."""

from __future__ import annotations

import codecs
import re

import msgspec

from depmap_gui.exchange.tables.places import country_code
from depmap_gui.exchange.tables.words import column_words, folded

# fmt: off
_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8,     "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Lead bytes of the characters in daily use, by double-byte encoding; rare ones lie outside.
_COMMON_LEADS: tuple[tuple[str, range], ...] = (
    ("gb18030",   range(0xB0, 0xD8)),
    ("big5",      range(0xA4, 0xC7)),
    ("euc_kr",    range(0xB0, 0xC9)),
    ("shift_jis", range(0x82, 0x98)),
)
_NAMES = {
    "utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16", "utf-32": "UTF-32", "cp1252": "Windows-1252 (Western European)",
    "cp1250": "Windows-1250 (Central European)", "cp1251": "Windows-1251 (Cyrillic)",
    "gb18030": "GB 18030 (Chinese)", "big5": "Big5 (Chinese)", "euc_kr": "EUC-KR (Korean)",
    "shift_jis": "Shift JIS (Japanese)", "latin-1": "ISO 8859-1",
    "euc_jp": "EUC-JP (Japanese)",
}
# fmt: on
_TRIED_BY_WORDS = ("shift_jis", "gb18030", "big5", "euc_kr", "euc_jp", "cp1251", "cp1250", "cp1252")
SAMPLE = 400_000
# Bytes that are letters in Central European text and signs in Western European text.
_CENTRAL_LETTERS = frozenset(b"\xb3\xb9\xbf\x9c\x9f\xa5\xa3\xaf\x8c\x8f\xbe\xbc")


class Decoded(msgspec.Struct, frozen=True):
    """A text, the encoding it was read in, and whether that was a guess."""

    text: str
    encoding: str
    is_guess: bool
    replaced: int = 0

    @property
    def encoding_name(self) -> str:
        """What a person calls the encoding."""
        return _NAMES.get(self.encoding, self.encoding)


def decoded(content: bytes, encoding: str | None = None) -> Decoded:
    """The text of a file; in ``encoding`` where that is given, else in the likeliest one.

    Bytes that the encoding does not know become replacement characters, and are counted.
    Raises LookupError for an encoding that nobody knows.
    """
    if encoding is not None:
        return _as(content, encoding, is_guess=False)
    for mark, name in _MARKS:
        if content.startswith(mark):
            return _as(content, name, is_guess=False)
    if (wide := _wide(content)) is not None:
        return _as(content, wide, is_guess=True)
    try:
        return Decoded(content.decode("utf-8"), "utf-8", is_guess=False)
    except UnicodeDecodeError as fault:
        # One bad byte in a file that is otherwise UTF-8 does not make it another encoding.
        if _is_mostly_utf8(content, fault.start):
            return _as(content, "utf-8", is_guess=True)
    return _as(content, _by_words(content[:SAMPLE]) or _legacy(content[:SAMPLE]), is_guess=True)


def _as(content: bytes, encoding: str, *, is_guess: bool) -> Decoded:
    text = content.decode(encoding, errors="replace")
    return Decoded(text, encoding, is_guess, text.count("�"))


def _wide(content: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of Latin text is zero."""
    sample = content[:4_000]
    if len(sample) < 4 or b"\x00" not in sample:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > 0.4 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.1 * half:
        return "utf-16-be"
    return None


def _is_mostly_utf8(content: bytes, first_fault: int) -> bool:
    good = content[:first_fault]
    multibyte = sum(byte >= 0xC0 for byte in good[:SAMPLE])
    text = content[:SAMPLE].decode("utf-8", errors="replace")
    return multibyte > 20 * max(1, text.count("�"))


def _by_words(sample: bytes) -> str | None:
    """The encoding under which heads of columns and countries are words that tables use.

    A short list has too few letters to be told by their frequency; its heads tell.
    """
    lines = sample.split(b"\n")[:20]
    start = b"\n".join(lines)
    known = 1
    best = None
    for name in _TRIED_BY_WORDS:
        try:
            text = start.decode(name)
        except UnicodeDecodeError:
            continue
        parts = {part.strip(' "\r') for part in re.split(r"[,;|\t\n]", text)}
        count = sum(_is_table_word(part) for part in parts if part and not part.isascii())
        if count > known:
            best, known = name, count
    return best


def _is_table_word(text: str) -> bool:
    plain = folded(text)
    return any(plain in section for section in column_words().values()) or (
        country_code(text) is not None
    )


def _legacy(sample: bytes) -> str:
    """The likeliest encoding of text that is not Unicode, by the runs of its high bytes."""
    runs = _high_runs(sample)
    high = sum(map(len, runs))
    if not high:
        return "cp1252"
    paired = sum(len(run) for run in runs if len(run) >= 2)
    if paired < 0.6 * high:
        central = sum(byte in _CENTRAL_LETTERS for run in runs for byte in run if len(run) <= 2)
        return "cp1250" if central > 0.15 * high else "cp1252"
    cyrillic = sum(byte >= 0xC0 for run in runs for byte in run)
    best, best_share = "cp1251", 0.0
    for name, leads in _COMMON_LEADS:
        try:
            sample.decode(name)
        except UnicodeDecodeError as fault:
            if fault.start < len(sample) - 4:
                continue
        share = _share_of_leads(runs, leads, name)
        if share > best_share + 0.02:
            best, best_share = name, share
    odd_runs = sum(len(run) % 2 for run in runs)
    looks_cyrillic = cyrillic > 0.9 * high and odd_runs > 0.2 * len(runs)
    return "cp1251" if looks_cyrillic or best_share < 0.5 else best


def _high_runs(sample: bytes) -> list[bytes]:
    runs, run = [], bytearray()
    for byte in sample:
        if byte >= 0x80:
            run.append(byte)
        elif run:
            runs.append(bytes(run))
            run = bytearray()
    return [*runs, bytes(run)] if run else runs


def _share_of_leads(runs: list[bytes], leads: range, name: str) -> float:
    pairs = common = 0
    for run in runs:
        for byte in run[0::2]:
            pairs += 1
            common += byte in leads
    if name == "shift_jis":
        # Kana are what tells Japanese; without them the same bytes read better as Chinese.
        kana = sum(byte in (0x82, 0x83) for run in runs for byte in run[0::2])
        return common / pairs + 0.2 if pairs and kana > 0.1 * pairs else 0.0
    share = common / pairs if pairs else 0.0
    # All Korean syllables lie where the first half of the common Chinese characters does.
    return share + 0.1 if name == "euc_kr" and share > 0.9 else share
