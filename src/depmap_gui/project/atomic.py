"""Files written all or nothing: whatever fails, the file is the old one or the new one, whole."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

BACKUP_SUFFIX = "~"


class SaveError(Exception):
    """A file that could not be written; what was there before is untouched."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.path} could not be saved: {self.reason} Nothing was changed on the disk."


def backup_path(path: Path) -> Path:
    """Where the version before the last save is kept."""
    return path.with_name(path.name + BACKUP_SUFFIX)


def write_bytes_atomically(path: Path, content: bytes, *, keep_backup: bool = False) -> None:
    """Write a file of the given content, as :func:`write_atomically` does."""

    def write(beside: Path) -> None:
        beside.write_bytes(content)

    write_atomically(path, write, keep_backup=keep_backup)


def write_atomically(
    path: Path, write: Callable[[Path], object], *, keep_backup: bool = False
) -> None:
    """Have ``write`` fill a new file beside ``path``, then put it in the place of ``path``.

    ``write`` gets the path of an empty file with the same ending as ``path``. A link to a file
    stays a link, a file keeps its permissions, and with ``keep_backup`` the version before is
    kept at :func:`backup_path`. Raises SaveError, with the old file untouched and nothing left
    beside it; what ``write`` raises other than OSError passes through, equally without trace.
    """
    try:
        target = Path(os.path.realpath(path))
        mode = _mode_of_existing(path, target)
        beside = _new_file_beside(target)
        try:
            _filled(beside, write)
            if mode is not None:
                beside.chmod(mode)
            _sync_file(beside)
            if keep_backup and mode is not None:
                _keep_previous(target, backup_path(target))
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
        _sync_folder(target.parent)
    except OSError as fault:
        raise SaveError(path, _sentence(fault)) from fault


def _mode_of_existing(path: Path, target: Path) -> int | None:
    """Permissions of the file that will be replaced; None where there is none yet."""
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(mode):
        raise SaveError(path, "There is a folder of that name. Choose another name.")
    if not stat.S_ISREG(mode):
        raise SaveError(path, "That is a device, not a file. Choose another name.")
    # Replacing would get around the protection, since it only asks the folder for permission.
    if not os.access(target, os.W_OK):
        raise SaveError(path, "The file is read-only. Save under another name, or unlock it.")
    return stat.S_IMODE(mode)


def _new_file_beside(target: Path) -> Path:
    """An empty file in the same folder (a move between disks would not be all or nothing)."""
    name = target.name.encode()[:150].decode(errors="ignore")
    beside = target.with_name(f".{name}.{secrets.token_hex(4)}.part{target.suffix}")
    # Not tempfile: the new file shall have the permissions that any new file of the user has.
    os.close(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    return beside


def _filled(beside: Path, write: Callable[[Path], object]) -> None:
    """Have the new file written; one that fails gives its room on the disk back at once.

    What wrote it may still hold it open, and needs a little room to end in good order.
    """
    try:
        write(beside)
    except OSError:
        with contextlib.suppress(OSError):
            os.truncate(beside, 0)
        raise


def _keep_previous(target: Path, backup: Path) -> None:
    """Make ``backup`` the file that ``target`` is now; ``target`` never goes missing."""
    spare = _new_file_beside(backup)
    try:
        spare.unlink()
        try:
            os.link(target, spare)
        except OSError:  # a file system without hard links
            shutil.copy2(target, spare)
        spare.replace(backup)
    finally:
        spare.unlink(missing_ok=True)


def _sync_file(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make the new name last through a power cut, where the system lets folders be synced."""
    if os.name == "nt":
        return
    # The file itself is safe by now; some network file systems refuse this.
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def hindrance(fault: OSError | SaveError) -> str:
    """Why nothing could be written, without advice: 'the disk is full'."""
    reason = fault.reason if isinstance(fault, SaveError) else _sentence(fault)
    first = reason.split(". ")[0].removesuffix(".")
    return first[:1].lower() + first[1:]


def _sentence(fault: OSError) -> str:
    match fault.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return "The disk is full. Free some space, or save to another disk."
        case errno.EACCES | errno.EPERM:
            return "You have no permission to write there. Choose another folder."
        case errno.EROFS:
            return "That disk is read-only. Choose another folder."
        case errno.ENOENT | errno.ENOTDIR:
            return "Its folder does not exist. Create the folder, or choose another one."
        case errno.ENAMETOOLONG:
            return "The name is too long. Choose a shorter one."
        case errno.ELOOP:
            return "It is a link that leads back to itself. Choose another name."
        case _:
            return f"The system says: {fault.strerror or fault}."
