"""One file in, its sheets out: whatever it is called, and whatever is wrong with it told."""

from __future__ import annotations

import hashlib
from pathlib import Path

from depmap_gui.exchange.tables.containers import file_kind
from depmap_gui.exchange.tables.delimited import delimiter_name, read_delimited
from depmap_gui.exchange.tables.grid import FileKind, Notice, Sheet, TableError, TableFile
from depmap_gui.exchange.tables.limits import MOST_FILE_BYTES
from depmap_gui.exchange.tables.parting import as_tables
from depmap_gui.exchange.tables.workbooks import read_workbook

# fmt: off
_EXPECTED = {
    ".xlsx": FileKind.XLSX, ".xlsm": FileKind.XLSX, ".xltx": FileKind.XLSX, ".xls": FileKind.XLS,
    ".xlsb": FileKind.XLSB, ".ods": FileKind.ODS, ".csv": FileKind.TEXT, ".tsv": FileKind.TEXT,
    ".txt": FileKind.TEXT, ".tab": FileKind.TEXT,
}
# fmt: on


def read_table_file(
    path: Path, *, encoding: str | None = None, delimiter: str | None = None
) -> TableFile:
    """The sheets of a spreadsheet or delimited text file.

    ``encoding`` and ``delimiter`` are for text and are found out where they are not given.
    Raises TableError, one sentence, where the file cannot be read or is none of these.
    """
    try:
        size = path.stat().st_size
        if size > MOST_FILE_BYTES:
            raise TableError(
                f"{path.name} is {size >> 20:,} MB; at most {MOST_FILE_BYTES >> 20} MB are read. "
                "Save the sheets you need as a file of their own."
            )
        content = path.read_bytes()
    except FileNotFoundError:
        raise TableError(f"There is no file {path}.") from None
    except IsADirectoryError:
        raise TableError(f"{path} is a folder, not a table.") from None
    except OSError as fault:
        raise TableError(f"{path} cannot be read: {fault.strerror or fault}.") from None
    return table_file(path.name, content, encoding=encoding, delimiter=delimiter)


def table_file(
    name: str, content: bytes, *, encoding: str | None = None, delimiter: str | None = None
) -> TableFile:
    """The sheets of a file of that name and content. Raises TableError."""
    kind = file_kind(name, content)
    sha256 = hashlib.sha256(content).hexdigest()
    told = _misnamed(name, kind)
    if kind is FileKind.TEXT:
        text = read_delimited(name, content, encoding=encoding, delimiter=delimiter)
        tables, parted = as_tables(text.sheet)
        return TableFile(
            name=name,
            kind=kind,
            sha256=sha256,
            sheets=tuple(tables),
            notices=(*told, *text.notices, *parted),
            encoding=text.encoding,
            delimiter=text.delimiter,
        )
    sheets, notices = read_workbook(name, content, kind)
    found: list[Sheet] = []
    for sheet in sheets:
        tables, parted = as_tables(sheet)
        found += tables
        notices = (*notices, *parted)
    return TableFile(
        name=name, kind=kind, sha256=sha256, sheets=tuple(found), notices=(*told, *notices)
    )


def pasted_table(text: str, name: str = "Pasted cells") -> TableFile:
    """The table of text copied from a spreadsheet: cells part by tabs, rows by lines."""
    content = text.encode("utf-8")
    read = read_delimited(name, content, encoding="utf-8", delimiter="\t")
    return TableFile(
        name=name,
        kind=FileKind.TEXT,
        sha256=hashlib.sha256(content).hexdigest(),
        sheets=(read.sheet,),
        notices=read.notices,
        encoding="utf-8",
        delimiter="\t",
    )


def _misnamed(name: str, kind: FileKind) -> tuple[Notice, ...]:
    suffix = Path(name).suffix.lower()
    if suffix not in _EXPECTED or _EXPECTED[suffix] is kind:
        return ()
    what = "delimited text" if kind is FileKind.TEXT else f"an {kind} workbook"
    return (Notice(f"By its content it is {what}, though its name ends in {suffix}."),)


__all__ = ["delimiter_name", "pasted_table", "read_table_file", "table_file"]
