"""What a crash leaves behind: every edit since the last save, ready to be made again.

An open project with unsaved changes has two files in the user's recovery folder: the project as
it was opened or last saved (``TOKEN.base.depmap``), and one line for each edit since
(``TOKEN.journal``, each line with its checksum). Both go away on a save and on an orderly end. A
journal that nobody holds open any more was left by a crash. It outlives a crash of the program;
a power cut may cost the last seconds.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import sys
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import msgspec

from depmap_gui.domain.document import Document
from depmap_gui.domain.edits import Batch, Edit, EditError, weight
from depmap_gui.domain.project import Project
from depmap_gui.project.atomic import SaveError, hindrance, write_bytes_atomically
from depmap_gui.project.faults import ProjectFileError
from depmap_gui.project.file import parse_project, project_bytes
from depmap_gui.project.migrations import VERSION
from depmap_gui.project.plain_edits import edit_from_plain, edit_to_plain

JOURNAL_VERSION = 1
SLOW = 2_000
"""Records from which on writing them takes longer than a person should wait for."""
_SUFFIX = ".journal"
_BASE_SUFFIX = ".base.depmap"


class RecoveryError(Exception):
    """What a crash left cannot be used; says why."""


class Recovered(msgspec.Struct, frozen=True):
    """The project as it was at the crash.

    ``path`` is the file it belongs to, if it had one; ``edits`` counts the unsaved edits made
    again, ``lost`` those whose lines are damaged. ``file_changed`` says that the file is not the
    one the edits were made on: somebody has changed, moved or removed it since.
    """

    project: Project
    path: Path | None
    edits: int
    lost: int
    file_changed: bool
    last_edit: datetime


class _Start(msgspec.Struct, frozen=True):
    """The first line of a journal."""

    journal: int
    file_version: int
    path: str | None
    revision: int
    base: str
    file: str | None


def recovery_folder() -> Path:
    """Where this user's journals are kept; it need not exist yet."""
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
        return Path(local) / "DepMap" / "recovery"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "DepMap" / "recovery"
    state = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(state) / "depmap" / "recovery"


class Journal:
    """Keeps the unsaved edits of one open project. It writes nothing before the first of them.

    A journal that cannot be written says so in ``fault`` and keeps out of the way: work goes on.
    """

    def __init__(self, base: Project, path: Path | None, folder: Path | None = None) -> None:
        self._folder = folder if folder is not None else recovery_folder()
        self._token = secrets.token_hex(8)
        self._base = base
        self._path = path
        self._lines: IO[bytes] | None = None
        self.fault: str | None = None

    def is_slow(self, edit: Edit) -> bool:
        """Whether recording an edit now takes so long that it belongs on another thread."""
        base = 0 if self._lines else len(self._base.entities) + len(self._base.links)
        return base + weight(edit) > SLOW

    def record(self, edit: Edit, revision: int) -> None:
        """Keep one edit that was made; ``revision`` is the document's after it.

        May be called on any thread, on one at a time.
        """
        if self.fault is not None:
            return
        try:
            if self._lines is None:
                self._lines = self._begin()
            self._lines.write(_edit_line(edit, revision))
        except (OSError, SaveError) as fault:
            self.close()
            self.fault = (
                "Unsaved changes are not protected against a crash: "
                f"{hindrance(fault)}. Save your work often. They would be kept in {self._folder}."
            )

    def close(self) -> None:
        """End in good order: nothing is left behind."""
        if self._lines is not None:
            self._lines.close()
            self._lines = None
        # A journal that cannot be removed is offered again, which is a nuisance and no loss.
        with contextlib.suppress(OSError):
            discard(self._file())

    def _file(self) -> Path:
        return self._folder / (self._token + _SUFFIX)

    def _begin(self) -> IO[bytes]:
        # Maps are confidential; the folder is the user's alone.
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        base = project_bytes(self._base)
        write_bytes_atomically(_base_of(self._file()), base)
        start = _Start(
            journal=JOURNAL_VERSION,
            file_version=VERSION,
            path=str(self._path.absolute()) if self._path else None,
            revision=self._base.revision,
            base=_digest(base),
            file=_digest_of_file(self._path),
        )
        # Unbuffered: a full disk shows at the line that no longer fits, not when closing.
        lines = self._file().open("ab", buffering=0)
        _lock(lines)
        lines.write(_line(msgspec.to_builtins(start)))
        return lines


def left_behind(folder: Path | None = None) -> tuple[Path, ...]:
    """The journals that crashes left, oldest first; those of programs still running are not."""
    folder = folder if folder is not None else recovery_folder()
    found = [path for path in folder.glob("*" + _SUFFIX) if not _is_held(path)]
    return tuple(sorted(found, key=lambda path: path.stat().st_mtime))


def recover(journal: Path) -> Recovered:
    """Make the edits of a journal again, up to the first damaged line.

    Raises RecoveryError where nothing can be made of it; the files stay until :func:`discard`.
    """
    try:
        lines = journal.read_bytes().split(b"\n")
        base = _base_of(journal).read_bytes()
        last_edit = datetime.fromtimestamp(journal.stat().st_mtime, UTC)
    except OSError as fault:
        raise RecoveryError(f"Unsaved changes cannot be read: {fault.strerror}.") from fault
    # A line counts only with its line break: what follows the last one was torn off.
    *whole, torn = lines
    start = _start(whole[0] if whole else b"", base)
    document = Document(msgspec.structs.replace(_base_project(base), revision=start.revision))
    made = 0
    for line in whole[1:]:
        if not _make_again(document, line):
            break
        made += 1
    path = Path(start.path) if start.path else None
    return Recovered(
        project=document.snapshot(),
        path=path,
        edits=made,
        lost=len(whole) - 1 - made + bool(torn),
        file_changed=_digest_of_file(path) != start.file,
        last_edit=last_edit,
    )


def discard(journal: Path) -> None:
    """Remove a journal and its base; one that is gone already is no fault."""
    journal.unlink(missing_ok=True)
    _base_of(journal).unlink(missing_ok=True)


def _start(line: bytes, base: bytes) -> _Start:
    plain = _checked(line)
    try:
        start = msgspec.convert(plain, _Start)
    except msgspec.ValidationError:
        raise RecoveryError("Unsaved changes cannot be restored: their file is damaged.") from None
    if (start.journal, start.file_version) != (JOURNAL_VERSION, VERSION):
        raise RecoveryError(
            "Unsaved changes cannot be restored: another version of DepMap left them. "
            "Open DepMap in that version to get them back."
        )
    if start.base != _digest(base):
        raise RecoveryError(
            "Unsaved changes cannot be restored: the project they were made on is damaged."
        )
    return start


def _base_project(base: bytes) -> Project:
    try:
        return parse_project(base)
    except ProjectFileError as fault:
        raise RecoveryError(f"Unsaved changes cannot be restored. {fault}") from fault


def _make_again(document: Document, line: bytes) -> bool:
    """Make the edit of one line; False where the line is damaged or does not follow."""
    plain = _checked(line)
    if not isinstance(plain, dict) or plain.get("revision") != document.revision + 1:
        return False
    try:
        document.apply(edit_from_plain(plain["edit"]))
    except (EditError, ValueError, KeyError, TypeError):
        return False
    return True


_WRITER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)


def _line(plain: Any) -> bytes:
    return _checksummed(_json(plain))


def _edit_line(edit: Edit, revision: int) -> bytes:
    return _checksummed(b'{"revision": %d, "edit": %s}' % (revision, _edit_json(edit)))


def _edit_json(edit: Edit) -> bytes:
    """The edit, written part by part, so that other threads have their turn in between."""
    if isinstance(edit, Batch):
        parts = b", ".join(map(_edit_json, edit.edits))
        return b'{"do": "batch", "label": %s, "edits": [%s]}' % (_json(edit.label), parts)
    return _json(edit_to_plain(edit))


def _json(plain: Any) -> bytes:
    return _WRITER.encode(plain).encode(errors="surrogatepass")


def _checksummed(text: bytes) -> bytes:
    return b"%08x %s\n" % (zlib.crc32(text), text)


def _checked(line: bytes) -> Any:
    """What a line says, or None where its checksum does not fit."""
    checksum, _, text = line.partition(b" ")
    if checksum != b"%08x" % zlib.crc32(text):
        return None
    return json.loads(text)


def _base_of(journal: Path) -> Path:
    return journal.with_name(journal.name.removesuffix(_SUFFIX) + _BASE_SUFFIX)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _digest_of_file(path: Path | None) -> str | None:
    try:
        return _digest(path.read_bytes()) if path is not None else None
    except OSError:
        return None


def _is_held(path: Path) -> bool:
    """Whether a running program keeps this journal. The system lets go of a lock at a crash."""
    try:
        with path.open("rb+") as file:
            return not _lock(file)
    except OSError:
        return True


def _lock(file: IO[bytes]) -> bool:
    """Take the lock of a journal until the file is closed; False where another has it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            # A locked byte cannot be read by others, so it is one far behind the end.
            file.seek(2**30)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
