"""Saving is all or nothing, whatever fails on the way."""

import errno
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from depmap_gui.project import atomic
from depmap_gui.project.atomic import SaveError, write_atomically, write_bytes_atomically


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "map.depmap"
    path.write_bytes(b"old")
    return path


def failing(number: int) -> Any:
    def fail(*given: object, **named: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


def test_a_new_file_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "ordinary").touch()
    write_bytes_atomically(tmp_path / "new", b"content")
    assert (tmp_path / "new").read_bytes() == b"content"
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "ordinary").stat().st_mode
    assert names(tmp_path) == ["new", "ordinary"]


def test_the_version_before_is_kept(saved: Path) -> None:
    for content in (b"newer", b"newest"):
        write_bytes_atomically(saved, content, keep_backup=True)
    assert saved.read_bytes() == b"newest"
    assert (saved.parent / "map.depmap~").read_bytes() == b"newer"
    assert names(saved.parent) == ["map.depmap", "map.depmap~"]


def test_the_version_before_is_kept_without_hard_links(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", failing(errno.EPERM))
    write_bytes_atomically(saved, b"new", keep_backup=True)
    assert (saved.parent / "map.depmap~").read_bytes() == b"old"
    assert names(saved.parent) == ["map.depmap", "map.depmap~"]


def test_permissions_are_kept(saved: Path) -> None:
    saved.chmod(0o640)
    write_bytes_atomically(saved, b"new")
    assert stat.S_IMODE(saved.stat().st_mode) == 0o640


def test_a_link_stays_a_link(saved: Path, tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    link = shelf / "link.depmap"
    link.symlink_to(saved)
    write_bytes_atomically(link, b"new", keep_backup=True)
    assert link.is_symlink()
    assert saved.read_bytes() == b"new"
    assert names(shelf) == ["link.depmap"]


def test_the_writer_gets_a_path_with_the_same_ending(tmp_path: Path) -> None:
    endings = []

    def write(beside: Path) -> None:
        endings.append((beside.suffix, beside.parent))
        beside.write_bytes(b"picture")

    write_atomically(tmp_path / "map.png", write)
    assert endings == [(".png", tmp_path)]
    assert names(tmp_path) == ["map.png"]


@pytest.mark.parametrize("step", ["write_bytes", "chmod", "replace"])
@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "The disk is full"),
        (errno.EACCES, "no permission to write there"),
        (errno.EROFS, "read-only"),
        (errno.EIO, "The system says: Input/output error"),
    ],
)
def test_a_failure_leaves_the_old_file_and_nothing_else(
    saved: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int, said: str
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Path, step, failing(number))
        with pytest.raises(SaveError, match=said) as caught:
            write_bytes_atomically(saved, b"new")
    assert str(caught.value).endswith("Nothing was changed on the disk.")
    assert saved.read_bytes() == b"old"
    assert names(saved.parent) == ["map.depmap"]


def test_a_failure_while_syncing_leaves_the_old_file(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(atomic.os, "fsync", failing(errno.EDQUOT))
    with pytest.raises(SaveError, match="The disk is full"):
        write_bytes_atomically(saved, b"new", keep_backup=True)
    assert saved.read_bytes() == b"old"
    assert names(saved.parent) == ["map.depmap"]


def test_a_writer_that_fails_leaves_no_trace(saved: Path) -> None:
    def write(beside: Path) -> None:
        beside.write_bytes(b"half")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_atomically(saved, write, keep_backup=True)
    assert saved.read_bytes() == b"old"
    assert names(saved.parent) == ["map.depmap"]


def test_places_that_cannot_be_written(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = saved.parent
    with pytest.raises(SaveError, match="Its folder does not exist"):
        write_bytes_atomically(folder / "none" / "map.depmap", b"new")
    with pytest.raises(SaveError, match="There is a folder of that name"):
        write_bytes_atomically(folder, b"new")
    with pytest.raises(SaveError, match="Its folder does not exist"):
        write_bytes_atomically(saved / "map.depmap", b"new")
    with pytest.raises(SaveError, match="The name is too long"):
        write_bytes_atomically(folder / ("x" * 300), b"new")
    monkeypatch.setattr(atomic.os, "access", lambda *_: False)
    with pytest.raises(SaveError, match="The file is read-only"):
        write_bytes_atomically(saved, b"new")
    assert saved.read_bytes() == b"old"
    assert names(folder) == ["map.depmap"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_a_device_is_not_replaced_by_a_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SaveError, match="a device, not a file"):
        write_bytes_atomically(tmp_path / "pipe", b"new")
    assert names(tmp_path) == ["pipe"]
