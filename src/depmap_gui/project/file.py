"""The project file: read with all its faults told at once, written to the same bytes each time.

``NAME.depmap`` is UTF-8 JSON, one record a line, so that a version-control diff shows just what
an analyst changed. Keys that this version does not know are kept and written back.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec

from depmap_gui.domain.kinds import Section
from depmap_gui.domain.plain import to_plain
from depmap_gui.domain.project import Header, Project
from depmap_gui.domain.views import View
from depmap_gui.project.atomic import SaveError, write_bytes_atomically
from depmap_gui.project.faults import FileFault, ProjectFileError
from depmap_gui.project.migrations import VERSION, migrate, old_name
from depmap_gui.project.reading import PatientReader, quick_project
from depmap_gui.project.scan import Scanned, scan

FORMAT = "depmap"
SUFFIX = ".depmap"
LARGEST = 256 * 1024 * 1024
"""Bytes of the largest file that is opened: some million records."""

_ALWAYS = ("title", "currency", "year", "basis")
_UTF8_MARK = b"\xef\xbb\xbf"
_FOREIGN = {
    b"\xff\xfe": "It is written in UTF-16, and a project is written in UTF-8. Save it as UTF-8",
    b"\xfe\xff": "It is written in UTF-16, and a project is written in UTF-8. Save it as UTF-8",
    b"PK\x03\x04": "It is an archive or an office document. A workbook is read with import",
    b"\xd0\xcf\x11\xe0": "It is an old office document. Save it as .xlsx and import that",
    b"\x1f\x8b": "It is compressed. Unpack it first",
    b"%PDF": "It is a PDF document",
}


def read_project(path: Path) -> Project:
    """The project that a file holds. Raises ProjectFileError with every fault of the file."""
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise _refusal(path, _too_large(size))
        content = path.read_bytes()
    except OSError as fault:
        raise _refusal(path, _why_unreadable(path, fault)) from None
    return parse_project(content, path)


def parse_project(content: bytes, path: Path | None = None) -> Project:
    """The project of a file's bytes; ``path`` is named in errors.

    Raises ProjectFileError with every fault at once, each with its place.
    """
    if len(content) > LARGEST:
        raise _refusal(path, _too_large(len(content)))
    content = content.removeprefix(_UTF8_MARK)
    return _parse_quickly(content) or _parse_patiently(content, path)


def write_project(project: Project, path: Path) -> None:
    """Write the project to a file, all or nothing; the version before is kept as ``path~``.

    A file that was written in an older format is kept once more, as ``path~v0`` for version 0.
    Raises SaveError, with the old file untouched.
    """
    try:
        content = project_bytes(project)
    except ValueError as fault:
        raise SaveError(path, f"It has a value that no file can hold ({fault}).") from fault
    _keep_older_format(path)
    write_bytes_atomically(path, content, keep_backup=True)


def project_bytes(project: Project) -> bytes:
    """The file of a project: the same bytes for the same project, always."""
    lines = [f'"format": {_text(FORMAT)}', f'"version": {VERSION}']
    lines += [f"{_text(key)}: {_text(value)}" for key, value in _header(project.header).items()]
    lines += [_section(project, section) for section in Section]
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def _header(header: Header) -> dict[str, Any]:
    stated = to_plain(header)
    always = {key: stated.get(key, getattr(header, key)) for key in _ALWAYS}
    return always | stated


def _section(project: Project, section: Section) -> str:
    records = [_text(_plain(record)) for record in project.section(section).values()]
    return f'"{section}": ' + ("[\n" + ",\n".join(records) + "\n]" if records else "[]")


def _plain(record: msgspec.Struct) -> dict[str, Any]:
    plain = to_plain(record)
    if isinstance(record, View):
        for name in ("positions", "bends"):
            if name in plain:
                plain[name] = dict(sorted(plain[name].items()))
    return plain


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _parse_quickly(content: bytes) -> Project | None:
    """The project of a faultless file of today's version; None where that is not so."""
    try:
        file = msgspec.json.decode(content)
        if not _is_current(file):
            return None
        # msgspec takes the last of two equal keys; a fact must not get lost that way.
        json.loads(content, object_pairs_hook=_without_twins)
        return quick_project(file)
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError):
        return None


def _is_current(file: Any) -> bool:
    if not isinstance(file, dict) or file.get("format") != FORMAT:
        return False
    version = file.get("version")
    return type(version) is int and version == VERSION


def _without_twins(pairs: list[tuple[str, Any]]) -> None:
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("a key stands twice")


def _parse_patiently(content: bytes, path: Path | None) -> Project:
    text = _decoded(content, path)
    scanned = scan(text)
    version = _stamped_version(scanned, path)
    reader = PatientReader(
        scanned.lines,
        {s.value: scanned.record_lines.get(old_name(s, version), []) for s in Section},
    )
    project = reader.project(migrate(scanned.file, version))
    if faults := (*scanned.faults, *reader.faults):
        raise ProjectFileError(path, tuple(sorted(faults, key=lambda fault: fault.line or 0)))
    return project


def _decoded(content: bytes, path: Path | None) -> str:
    if not content.strip():
        raise _refusal(path, "The file is empty.")
    for start, sentence in _FOREIGN.items():
        if content.startswith(start):
            raise _refusal(path, f"This is not a DepMap project. {sentence}.")
    if b"\0" in content:
        raise _refusal(path, "This is not a DepMap project: it is binary, and a project is text.")
    try:
        return content.decode()
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        message = "There are bytes that are not UTF-8 text. Save the file as UTF-8."
        raise ProjectFileError(path, (FileFault(line, "", message),)) from None


def _stamped_version(scanned: Scanned, path: Path | None) -> int:
    """The version the file says it has. Raises ProjectFileError for one not known here."""
    file = scanned.file
    if file.get("format") != FORMAT:
        if scanned.faults:
            raise ProjectFileError(path, tuple(scanned.faults))
        message = f'This is not a DepMap project: it does not begin with "format": "{FORMAT}".'
        raise ProjectFileError(path, (FileFault(scanned.lines.get("format"), "format", message),))
    version = file.get("version")
    if type(version) is int and 0 <= version <= VERSION:
        return version
    if version is None and scanned.faults:
        raise ProjectFileError(path, tuple(scanned.faults))
    if type(version) is int and version > VERSION:
        message = (
            f"The file has format version {version}, and this DepMap reads versions up to "
            f"{VERSION}. It was saved by a newer DepMap; install that to open it."
        )
    else:
        message = f'The file does not say its format version; "version": {VERSION} is needed.'
    line = scanned.lines.get("version")
    raise ProjectFileError(path, (*scanned.faults, FileFault(line, "version", message)))


def _keep_older_format(path: Path) -> None:
    """Keep a copy of a file in an older format before it is first saved in today's."""
    try:
        content = path.read_bytes()
        stamp = msgspec.json.decode(content.removeprefix(_UTF8_MARK), type=_Stamp)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return  # there is none yet, or it is no project: the ordinary backup keeps it
    if stamp.format != FORMAT or not 0 <= stamp.version < VERSION:
        return
    kept = path.with_name(f"{path.name}~v{stamp.version}")
    if not kept.exists():
        write_bytes_atomically(kept, content)


class _Stamp(msgspec.Struct):
    """What a file says it is."""

    format: str = ""
    version: int = -1


def _refusal(path: Path | None, message: str) -> ProjectFileError:
    return ProjectFileError(path, (FileFault(None, "", message),))


def _too_large(size: int) -> str:
    return (
        f"The file has {size / 2**20:,.0f} MB, and a project has at most {LARGEST // 2**20} MB. "
        "It is probably something else."
    )


def _why_unreadable(path: Path, fault: OSError) -> str:
    match fault:
        case FileNotFoundError():
            return "There is no such file. Check the name and the folder."
        case IsADirectoryError():
            return "That is a folder. Choose a file in it."
        case PermissionError() if path.is_dir():
            return "That is a folder. Choose a file in it."
        case PermissionError():
            return "You have no permission to read it. Ask its owner, or copy it."
        case _:
            return f"The system says: {fault.strerror or fault}."


__all__ = [
    "FORMAT",
    "SUFFIX",
    "FileFault",
    "ProjectFileError",
    "SaveError",
    "parse_project",
    "project_bytes",
    "read_project",
    "write_project",
]
