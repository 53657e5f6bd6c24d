"""How a file is known again: whether what stands on the disk is still what was read or written."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class FileStamp(NamedTuple):
    """What changes with every save of a file: its size, its last change, its place on the disk."""

    size: int
    modified_ns: int
    inode: int


def file_stamp(path: Path | None) -> FileStamp | None:
    """The stamp of a file as it stands; None where there is none, or none that can be reached."""
    if path is None:
        return None
    try:
        found = path.stat()
    except OSError:
        return None
    return FileStamp(found.st_size, found.st_mtime_ns, found.st_ino)


def is_changed_since(path: Path, known: FileStamp | None) -> bool:
    """Whether somebody else has written the file since it was known.

    A file that is gone is not changed: saving merely brings it back.
    """
    now = file_stamp(path)
    return now is not None and known is not None and now != known
