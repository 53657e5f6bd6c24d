"""The rule packs there are to choose from: the shipped ones, and those in the user's folders."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from depmap_gui.domain.findings import Finding, Severity
from depmap_gui.rules.faults import PackError, UnknownPackError
from depmap_gui.rules.loader import find_pack, lay_lists_over, load_pack
from depmap_gui.rules.pack import RulePack
from depmap_gui.rules.shelves import LISTS, FoundPack, is_overlay, is_pack, look_into
from depmap_gui.rules.toml_text import read_toml

FOLDERS_VARIABLE = "DEPMAP_RULES"
"""Environment variable with folders of rule packs, separated as in PATH."""


class RulesFolderError(Exception):
    """A folder of rule packs that cannot be used; says why and what to do."""


class OfferedPack(msgspec.Struct, frozen=True, kw_only=True):
    """A pack that a project may be tested against; ``error`` where it is refused."""

    id: str
    folder: Path
    is_shipped: bool
    pack: RulePack | None = None
    error: PackError | None = None

    @property
    def place(self) -> str:
        """Where it is from, in words."""
        if self.pack is not None and self.pack.origin.words:
            return self.pack.origin.words
        return "ships with DepMap" if self.is_shipped else f"from {self.folder}"


class CheckedFolder(msgspec.Struct, frozen=True, kw_only=True):
    """What a check found in one folder: a sound pack or sound lists, or its faults."""

    folder: Path
    sound: str = ""
    error: PackError | None = None


def environment_folders() -> tuple[Path, ...]:
    """The folders that the environment variable names."""
    stated = os.environ.get(FOLDERS_VARIABLE, "")
    return tuple(Path(each) for each in stated.split(os.pathsep) if each.strip())


def user_folders(named: Iterable[Path] = ()) -> tuple[Path, ...]:
    """The environment's folders, then those named, each once. Raises RulesFolderError.

    A folder named on purpose must be there and hold something.
    """
    folders = tuple(dict.fromkeys((*environment_folders(), *named)))
    for folder in folders:
        if fault := folder_fault(folder):
            raise RulesFolderError(fault)
    return folders


def folder_fault(folder: Path) -> str:
    """Why a folder of rule packs is of no use, in a sentence; empty where it is."""
    if not folder.is_dir():
        what = "is a file, not a folder" if folder.exists() else "does not exist"
        return f"The rules folder {folder} {what}, so no pack or list is taken from it."
    try:
        shelves = look_into([folder])
    except OSError as error:
        return f"The rules folder {folder} cannot be read: {error.strerror or error}."
    if shelves.overlays or not all(found.is_shipped for found in shelves.packs.values()):
        return ""
    return (
        f"The rules folder {folder} holds no rule pack (a folder with a pack.toml) and no lists "
        "(a folder with a lists.toml). Name the folder that holds them."
    )


def offered_packs(folders: Sequence[Path] = ()) -> tuple[OfferedPack, ...]:
    """Every pack that can be found, sound or refused, sorted by id."""
    found = look_into(folders).packs
    return tuple(_offered(found[id], folders) for id in sorted(found))


def _offered(found: FoundPack, folders: Sequence[Path]) -> OfferedPack:
    pack, error = None, None
    try:
        pack = find_pack(found.id, folders)
    except PackError as fault:
        error = fault
    return OfferedPack(
        id=found.id, folder=found.folder, is_shipped=found.is_shipped, pack=pack, error=error
    )


def sound_packs(
    ids: Iterable[str], folders: Sequence[Path]
) -> tuple[tuple[RulePack, ...], tuple[PackError, ...]]:
    """The packs of these ids that can be used, in that order, and why the others cannot."""
    packs, refused = [], []
    for id in ids:
        try:
            packs.append(find_pack(id, folders))
        except PackError as error:
            refused.append(error)
    return tuple(packs), tuple(refused)


def refusal_findings(refused: Iterable[PackError]) -> tuple[Finding, ...]:
    """A finding for every fault for which a pack is refused."""
    findings = []
    for error in refused:
        place = f" in {error.folder}" if error.folder else ""
        told = [
            f"The rule pack {error.pack}{place} is refused, and nothing is tested against it: "
            f"{fault}"
            for fault in error.faults
        ]
        findings += [
            Finding(severity=Severity.ERROR, code="rule-pack", where=(), message=message)
            for message in told or [str(error)]
        ]
    return tuple(findings)


def pack_named(named: str, folders: Sequence[Path] = (), base: RulePack | None = None) -> RulePack:
    """The pack of an id, in a folder, or with a folder's lists laid over ``base``.

    Raises PackError, and RulesFolderError where the folder holds neither.
    """
    folder = Path(named)
    known = look_into(folders).packs
    if named in known and not (folder.is_dir() and os.sep in named):
        return find_pack(named, folders)
    if is_pack(folder):
        return load_pack(folder.absolute())
    if is_overlay(folder) and base is not None:
        return lay_lists_over(base, folder.absolute())
    if folder.is_dir():
        within = [child.name for child in sorted(folder.iterdir()) if is_pack(child)]
        hint = f" Name one of the packs in it: {', '.join(within)}." if within else ""
        raise RulesFolderError(f"The folder {folder} is no rule pack: it has no pack.toml.{hint}")
    raise UnknownPackError(named, known)


def check_folder(folder: Path) -> tuple[CheckedFolder, ...]:
    """Check every pack and every folder of lists in a folder. Raises RulesFolderError."""
    if fault := folder_fault(folder):
        raise RulesFolderError(fault)
    checked = []
    shelves = look_into([folder])
    whole = folder.absolute()
    candidates = [whole] if is_pack(whole) or is_overlay(whole) else sorted(whole.iterdir())
    for candidate in candidates:
        if is_pack(candidate):
            checked.append(_checked_pack(candidate))
        elif is_overlay(candidate):
            checked.append(_checked_lists(candidate, shelves.packs))
    return tuple(checked)


def _checked_pack(folder: Path) -> CheckedFolder:
    try:
        pack = load_pack(folder)
    except PackError as error:
        return CheckedFolder(folder=folder, error=error)
    return CheckedFolder(folder=folder, sound=f"rule pack {pack.id} {pack.version}: sound")


def _checked_lists(folder: Path, packs: dict[str, FoundPack]) -> CheckedFolder:
    """Lists are checked over the pack that the folder is named after, else over those they fit."""
    alone = folder.name in packs
    used: dict[str, list[str]] = {}
    named = [packs[folder.name]] if alone else list(packs.values())
    bases = [base for found in named if (base := _sound_base(found)) is not None]
    try:
        for base in bases:
            after = lay_lists_over(base, folder, only_fitting=not alone)
            for listing in after.origin.lists:
                used.setdefault(listing, []).append(base.id)
        if bases and len(used) < _number_of_lists(folder):
            # Some list fits no pack: what it decides is what nobody asks for.
            lay_lists_over(bases[0], folder)
    except PackError as error:
        return CheckedFolder(folder=folder, error=error)
    words = "; ".join(f"{listing} over {', '.join(ids)}" for listing, ids in used.items())
    return CheckedFolder(folder=folder, sound=f"lists ({words or 'none'}): sound")


def _sound_base(found: FoundPack) -> RulePack | None:
    """The pack, or where it is faulty (which is told by itself) the one it stands in for."""
    under: FoundPack | None = found
    while under is not None:
        try:
            return load_pack(under.folder)
        except PackError:
            under = under.instead_of
    return None


def _number_of_lists(folder: Path) -> int:
    return len(read_toml(folder / LISTS)[1].get("list", ()))
