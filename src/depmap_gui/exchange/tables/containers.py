"""What a file is by its content, and the parts of a zipped workbook, unpacked within limits."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

import msgspec

from depmap_gui.exchange.tables.grid import FileKind, TableError
from depmap_gui.exchange.tables.limits import MOST_UNPACKED_BYTES

CHUNK = 1 << 20
_LOCAL_HEADER = 30
_ENCRYPTED = 0x1
_FILEPASS, _FIRST_RECORDS = 0x2F, 20

# fmt: off
_OTHER_FILES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF",               "a PDF document"),
    (b"{\\rtf",             "a rich text document"),
    (b"\x89PNG",            "a picture"),
    (b"\xff\xd8\xff",       "a picture"),
    (b"GIF8",               "a picture"),
    (b"\x1f\x8b",           "a gzip archive"),
    (b"7z\xbc\xaf",         "a 7-Zip archive"),
    (b"Rar!",               "a RAR archive"),
    (b"BZh",                "a bzip2 archive"),
    (b"\xfd7zXZ",           "an xz archive"),
    (b"SQLite format 3",    "an SQLite database"),
    (b"\x00\x01\x00\x00Standard", "an Access database"),
    (b"PAR1",               "a Parquet file"),
    (b"\x7fELF",            "a program"),
    (b"MZ",                 "a program"),
)
_ZIPPED_FILES: tuple[tuple[str, str], ...] = (
    ("word/",               "a Word document"),
    ("ppt/",                "a presentation"),
    ("visio/",              "a Visio drawing"),
    ("Index/",              "an Apple Numbers document"),
)
# fmt: on

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BARE_BIFF = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x08\x00")


class Zipped(msgspec.Struct, frozen=True):
    """A zip archive held in memory, and its directory by part name."""

    name: str
    content: bytes
    parts: dict[str, zipfile.ZipInfo]

    def chunks(self, part: str, most: int) -> Iterator[bytes]:
        """The part unpacked, piece by piece. Raises TableError beyond ``most`` bytes.

        What the directory claims of sizes is not believed: what comes out is counted.
        """
        info = self.parts[part]
        start = self._start(info)
        packed = memoryview(self.content)[start : start + info.compress_size]
        if len(packed) < info.compress_size:
            raise _damaged(self.name)
        unpacked = 0
        for piece in _inflated(packed, info.compress_type, self.name):
            unpacked += len(piece)
            if unpacked > most:
                raise _too_big(self.name)
            yield piece

    def read(self, part: str, most: int) -> bytes:
        """The whole part. Raises TableError as :meth:`chunks`."""
        return b"".join(self.chunks(part, most))

    def _start(self, info: zipfile.ZipInfo) -> int:
        header = self.content[info.header_offset : info.header_offset + _LOCAL_HEADER]
        if len(header) < _LOCAL_HEADER or header[:4] != b"PK\x03\x04":
            raise _damaged(self.name)
        name, extra = struct.unpack("<HH", header[26:30])
        return int(info.header_offset + _LOCAL_HEADER + name + extra)


def file_kind(name: str, content: bytes) -> FileKind:
    """What the file is by its content. Raises TableError where it is no table."""
    if not content.strip(b"\x00\r\n\t "):
        raise TableError(f"{name} is empty: there is nothing to import.")
    if content.startswith(_OLE):
        return _ole_kind(name, content)
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _zip_kind(name, content)
    if content.startswith(_BARE_BIFF):
        raise TableError(
            f"{name} was written by an Excel older than 1995, whose form is not read. "
            "Open it in Excel or LibreOffice and save it as .xlsx."
        )
    for start, what in _OTHER_FILES:
        if content.startswith(start):
            raise TableError(f"{name} is {what}, not a table: give a spreadsheet or a CSV file.")
    return FileKind.TEXT


def open_zip(name: str, content: bytes) -> Zipped:
    """The archive, once its directory is found sound and of a bearable size.

    Raises TableError where it is damaged, encrypted or would unpack to too much.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {info.filename: info for info in archive.infolist()}
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, EOFError):
        raise _damaged(name) from None
    if any(info.flag_bits & _ENCRYPTED for info in parts.values()):
        raise password_needed(name)
    read = sum(i.file_size for part, i in parts.items() if part.endswith((".xml", ".bin")))
    if read > MOST_UNPACKED_BYTES:
        raise _too_big(name)
    return Zipped(name, content, parts)


def password_needed(name: str) -> TableError:
    """The fault of a file that only opens with a password."""
    return TableError(
        f"{name} is protected by a password: open it, save it without one, and try again."
    )


def needs_password(content: bytes) -> bool:
    """Whether an xls file is encrypted: a FILEPASS record stands among its first records."""
    at = content.find(b"\x09\x08\x10\x00")
    for _ in range(_FIRST_RECORDS):
        if at < 0 or at + 4 > len(content):
            return False
        kind, size = struct.unpack("<HH", content[at : at + 4])
        if kind == _FILEPASS:
            return True
        at += 4 + size
    return False


def refuse_entities(name: str, text: bytes) -> None:
    """Raise TableError where XML declares a document type or entities: no spreadsheet does."""
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise TableError(
            f"{name} declares XML entities, which no spreadsheet needs and which can hide an "
            "attack: it was not read."
        )


def _zip_kind(name: str, content: bytes) -> FileKind:
    parts = open_zip(name, content).parts
    if "xl/workbook.bin" in parts:
        return FileKind.XLSB
    if "content.xml" in parts and "mimetype" in parts:
        mimetype = content[: 30 + 200]
        if b"opendocument.text" in mimetype or b"opendocument.presentation" in mimetype:
            raise TableError(f"{name} is an OpenDocument text or presentation, not a spreadsheet.")
        return FileKind.ODS
    for start, what in _ZIPPED_FILES:
        if any(part.startswith(start) for part in parts):
            raise TableError(f"{name} is {what}, not a table: give a spreadsheet or a CSV file.")
    if "content.xml" in parts:
        return FileKind.ODS
    if "[Content_Types].xml" in parts or any(part.startswith("xl/") for part in parts):
        return FileKind.XLSX
    raise TableError(
        f"{name} is a zip archive, not a spreadsheet: unpack it and import the tables inside."
    )


def _ole_kind(name: str, content: bytes) -> FileKind:
    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if has("EncryptedPackage"):
        raise password_needed(name)
    if has("WordDocument") or has("PowerPoint Document"):
        raise TableError(f"{name} is a Word or PowerPoint document, not a spreadsheet.")
    return FileKind.XLS


def _inflated(packed: memoryview, method: int, name: str) -> Iterator[bytes]:
    if method == zipfile.ZIP_STORED:
        for start in range(0, len(packed), CHUNK):
            yield bytes(packed[start : start + CHUNK])
        return
    if method != zipfile.ZIP_DEFLATED:
        raise TableError(
            f"{name} is packed in a way that spreadsheets do not use: open it in Excel or "
            "LibreOffice and save it anew."
        )
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    waiting: bytes | memoryview = packed
    try:
        while not inflate.eof:
            piece = inflate.decompress(waiting, CHUNK)
            waiting = inflate.unconsumed_tail
            if piece:
                yield piece
            elif not waiting:
                break
    except zlib.error:
        raise _damaged(name) from None
    if not inflate.eof:
        raise _damaged(name)


def _damaged(name: str) -> TableError:
    return TableError(
        f"{name} is damaged or cut short: its archive cannot be unpacked. Ask for the file again, "
        "or open it in Excel and let it repair and save it."
    )


def _too_big(name: str) -> TableError:
    return TableError(
        f"{name} would unpack to far more than a table needs: it was not read. Save the sheets "
        "you need as a file of their own."
    )
