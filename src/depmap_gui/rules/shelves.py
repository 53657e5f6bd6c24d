"""Where rule packs lie: the shipped ones, and those in folders that the user names.

A named folder may be a pack itself (it has a `pack.toml`), a folder of government lists to lay
over packs (it has a `lists.toml` and no `pack.toml`), or may hold such folders. Of two packs with
one id the one in the folder named last counts. Lists in a folder called like a pack are laid over
that pack alone, others over every pack that they fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from depmap_gui.resources import resource
from depmap_gui.rules.toml_text import UnreadableError, read_toml

IDENTITY = "pack.toml"
LISTS = "lists.toml"


class FoundPack(Struct, frozen=True, kw_only=True):
    """A folder with a pack in it, not yet read. `instead_of` is the pack it stands in for."""

    id: str
    folder: Path
    version: str
    is_shipped: bool
    instead_of: FoundPack | None = None


class Shelves(Struct, frozen=True, kw_only=True):
    """All packs by id, and the folders of lists in the order in which they are laid over."""

    packs: dict[str, FoundPack]
    overlays: tuple[Path, ...] = ()

    def overlays_of(self, pack: str) -> tuple[Path, ...]:
        """The folders of lists that may bear on a pack."""
        return tuple(
            folder
            for folder in self.overlays
            if folder.name == pack or folder.name not in self.packs
        )


def look_into(folders: Iterable[Path] = ()) -> Shelves:
    """What the shipped shelf and the user's folders hold; a folder that is missing holds nothing.

    Nothing is checked here: a faulty pack is found like any other.
    """
    packs = {found.id: found for found in _packs(resource("rules"), is_shipped=True)}
    overlays: list[Path] = []
    for folder in folders:
        for found in _packs(folder, is_shipped=False):
            packs[found.id] = FoundPack(
                id=found.id,
                folder=found.folder,
                version=found.version,
                is_shipped=False,
                instead_of=packs.get(found.id),
            )
        overlays += [each for each in _candidates(folder) if is_overlay(each)]
    return Shelves(packs=packs, overlays=tuple(dict.fromkeys(overlays)))


def is_overlay(folder: Path) -> bool:
    """Whether a folder holds lists to lay over packs, and no pack."""
    return (folder / LISTS).is_file() and not (folder / IDENTITY).is_file()


def is_pack(folder: Path) -> bool:
    """Whether a folder holds a pack, sound or not."""
    return (folder / IDENTITY).is_file()


def _packs(folder: Path, *, is_shipped: bool) -> Iterator[FoundPack]:
    for candidate in _candidates(folder):
        if is_pack(candidate):
            id, version = _identity(candidate)
            yield FoundPack(id=id, folder=candidate, version=version, is_shipped=is_shipped)


def _candidates(folder: Path) -> list[Path]:
    """The folder itself where it holds files of a pack, else the folders within it."""
    if not folder.is_dir():
        return []
    # An absolute path has a name even where the folder was named as "." or "..".
    whole = folder.absolute() if folder.name else folder.resolve()
    if is_pack(whole) or is_overlay(whole):
        return [whole]
    return sorted(child for child in whole.iterdir() if child.is_dir())


def _identity(folder: Path) -> tuple[str, str]:
    """A pack's id and version; of an unreadable one the folder's name, and no version."""
    try:
        _, content = read_toml(folder / IDENTITY)
    except UnreadableError:
        content = {}
    stated = content.get("pack")
    table = stated if isinstance(stated, dict) else {}
    id, version = table.get("id"), table.get("version")
    named = id.strip() if isinstance(id, str) else ""
    return named or folder.name, version if isinstance(version, str) else ""
