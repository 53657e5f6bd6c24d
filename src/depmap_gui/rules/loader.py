"""Loads rule packs from folders of TOML files, reporting every fault at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Protocol, TypeVar

import msgspec

from depmap_gui.resources import resource
from depmap_gui.rules.faults import LineIndex, PackError, PackFault, UnknownPackError
from depmap_gui.rules.methods import ANSWERS
from depmap_gui.rules.pack import (
    Certainty,
    Comparison,
    CreditRule,
    DatedValue,
    DecidedBy,
    DecidingDate,
    Flag,
    GovernmentList,
    Handling,
    LicenseException,
    Limb,
    ListedPerson,
    OpenQuestion,
    Origin,
    Parameter,
    Reading,
    RulePack,
    TestRule,
    TradedReading,
)
from depmap_gui.rules.pack_checks import check_pack
from depmap_gui.rules.record_reader import PackFile, TableReader
from depmap_gui.rules.safe_harbor_reader import contract_exclusion, cost_table, recapture_rule
from depmap_gui.rules.scope_reader import read_check, read_duty, read_legs
from depmap_gui.rules.shelves import IDENTITY, LISTS, FoundPack, look_into
from depmap_gui.rules.toml_text import UnreadableError, read_toml

PARTS: dict[str, tuple[str, ...]] = {
    IDENTITY: ("pack",),
    "parameters.toml": ("parameter",),
    "lists.toml": ("list",),
    "credits.toml": ("credit", "exclusion", "recapture"),
    "tables.toml": ("table",),
    "tests.toml": ("test", "limb", "check"),
    "flags.toml": ("flag", "exception"),
    "questions.toml": ("question",),
    "duties.toml": ("duty",),
}
"""The files of a pack and the tables that each may hold. Only `pack.toml` is required."""


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


R = TypeVar("R", bound=_Identified)


def load_pack(folder: Path) -> RulePack:
    """The rule pack kept in `folder`. PackError with all faults, each with file and line."""
    files, faults = _read_files(folder)
    if IDENTITY not in files or not isinstance(files[IDENTITY].content.get("pack"), dict):
        if IDENTITY in files:
            message = f"{IDENTITY} has no [pack] table, which says what the pack is."
            faults.append(PackFault(file=IDENTITY, line=1, message=message))
        raise PackError(folder.name, tuple(faults), _place_of(folder))
    pack = _build(files)
    if not faults and not any(file.misnames for file in files.values()):
        broken = {name: file.broken_records() for name, file in files.items()}
        check_pack(pack, files)
        for name, file in files.items():
            file.forget_consequences(broken[name])
    if found := [*faults, *(fault for file in files.values() for fault in file.faults)]:
        order = list(PARTS)
        found.sort(key=lambda fault: (_place(fault.file, order), fault.line))
        raise PackError(pack.id or folder.name, tuple(found), _place_of(folder))
    return msgspec.structs.replace(pack, origin=Origin(folder=_place_of(folder)))


def _place_of(folder: Path) -> str:
    """A pack's folder in words; empty for one that ships with DepMap."""
    return "" if folder.parent == resource("rules") else str(folder)


def find_pack(id: str, extra_folders: Iterable[Path] = ()) -> RulePack:
    """The pack with this id, the user's lists laid over it; its `origin` says where it is from.

    UnknownPackError where there is none, PackError where it or the lists are faulty.
    """
    shelves = look_into(extra_folders)
    if id not in shelves.packs:
        raise UnknownPackError(id, shelves.packs)
    found = shelves.packs[id]
    pack = _shipped_pack(found.folder) if found.is_shipped else load_pack(found.folder)
    if not found.is_shipped:
        origin = msgspec.structs.replace(pack.origin, instead_of=_stood_before(found))
        pack = msgspec.structs.replace(pack, origin=origin)
    for folder in shelves.overlays_of(id):
        pack = lay_lists_over(pack, folder, only_fitting=folder.name != id)
    return pack


@cache
def _shipped_pack(folder: Path) -> RulePack:
    """What ships with the program stays as it is while that runs, and takes long to check."""
    return load_pack(folder)


def lay_lists_over(pack: RulePack, folder: Path, *, only_fitting: bool = False) -> RulePack:
    """The pack with the lists of a folder in place of its own of the same ids, or beside them.

    A list that replaces one may leave out its title, citation, certainty and what it decides: it
    takes them over. With `only_fitting` lists are left out that this pack does not have and whose
    answer it does not ask for. PackError with all faults.
    """
    files, faults = _read_files(folder, required=LISTS)
    for name in sorted(files.keys() - {LISTS}):
        message = f"The folder {folder.name} has {name} but no {IDENTITY}: it is no rule pack, and "
        message += f"only its lists would count. Add the {IDENTITY}, or keep {LISTS} alone."
        faults.append(PackFault(file=name, line=1, message=message))
    file = files.get(LISTS)
    if file is None or faults:
        raise PackError(f"{pack.id} (lists)", tuple(faults), str(folder))
    file.content = {**file.content, "list": _completed(file.content, pack)}
    answers = ANSWERS.get(pack.entity_status, ())
    laid: dict[str, GovernmentList] = {}
    in_file: dict[str, GovernmentList] = {}
    for place, table in enumerate(file.tables("list")):
        is_its_own = table.table.get("id") in pack.lists
        if only_fitting and not is_its_own and table.table.get("decides") not in answers:
            # It keeps its place, by which the checks find the lines of those after it.
            in_file[f"left out {place}"] = _NO_LIST
            continue
        listing = _list(table)
        table.finish()
        if listing.id in laid:
            table.fault("id", f"There are two of {table.label}; ids must differ within a folder.")
        laid[listing.id] = in_file[listing.id] = listing
    if not file.faults:
        check_pack(msgspec.structs.replace(pack, lists=in_file), {**files})
    if file.faults:
        found = sorted(file.faults, key=lambda fault: fault.line)
        raise PackError(f"{pack.id} (lists)", tuple(found), str(folder))
    lists = {**pack.origin.lists, **dict.fromkeys(laid, str(folder))}
    return msgspec.structs.replace(
        pack,
        lists=pack.lists | laid,
        origin=msgspec.structs.replace(pack.origin, lists=lists),
    )


_NO_LIST = GovernmentList(id="", title="", citation="", certainty=Certainty.DERIVED)


def _completed(content: Mapping[str, Any], pack: RulePack) -> Any:
    """The tables of lists, each with what it takes over from the pack's list of its id."""
    tables = content.get("list")
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        return tables or []
    completed = []
    for table in tables:
        id = table.get("id")
        replaced = pack.lists.get(id) if isinstance(id, str) else None
        taken_over: dict[str, str] = {}
        if replaced is not None:
            taken_over = {
                "title": replaced.title,
                "citation": replaced.citation,
                "certainty": replaced.certainty.value,
            }
            if replaced.decides is not None:
                taken_over["decides"] = replaced.decides
        completed.append(taken_over | table)
    return completed


def _stood_before(found: FoundPack) -> str:
    before = found.instead_of
    if before is None:
        return ""
    return f"the shipped version {before.version}" if before.is_shipped else f"{before.folder}"


def _place(file: str, order: list[str]) -> int:
    return order.index(file) if file in order else len(order)


def _read_files(
    folder: Path, required: str = IDENTITY
) -> tuple[dict[str, PackFile], list[PackFault]]:
    faults: list[PackFault] = []
    files: dict[str, PackFile] = {}
    present = {path.name: path for path in sorted(folder.glob("*.toml"))}
    if required not in present:
        what = "says what the pack is" if required == IDENTITY else "holds the lists"
        message = f"The folder {folder.name} has no {required}, which {what}."
        return {}, [PackFault(file=required, line=1, message=message)]
    for name, path in present.items():
        if name not in PARTS:
            known = ", ".join(PARTS)
            message = f"{name} is not a file of a rule pack. A pack holds {known}."
            faults.append(PackFault(file=name, line=1, message=message))
            continue
        try:
            text, content = read_toml(path)
        except UnreadableError as error:
            faults += error.faults
        else:
            files[name] = PackFile(name, content, LineIndex(text))
            files[name].only(*PARTS[name])
    return files, faults


def _build(files: dict[str, PackFile]) -> RulePack:
    file = files[IDENTITY]
    identity = TableReader(file, ("pack",), file.content["pack"])
    return RulePack(
        id=identity.text("id"),
        title=identity.text("title"),
        version=identity.text("version"),
        dated=identity.day("dated"),
        author=identity.text("author"),
        status=identity.text("status"),
        law=identity.text("law"),
        currency=identity.text("currency"),
        entity_status=identity.text("entity_status", default=""),
        license_control=identity.text("license_control", default=""),
        note=_finished(identity, identity.text("note", default="")),
        parameters=_by_id(files, "parameters.toml", "parameter", _parameter),
        lists=_by_id(files, "lists.toml", "list", _list),
        credits=_by_id(files, "credits.toml", "credit", _credit),
        tests=_by_id(files, "tests.toml", "test", _test),
        limbs=_by_id(files, "tests.toml", "limb", _limb),
        flags=_by_id(files, "flags.toml", "flag", _flag),
        exceptions=_by_id(files, "flags.toml", "exception", _exception),
        questions=_by_id(files, "questions.toml", "question", _question),
        tables=_by_id(files, "tables.toml", "table", cost_table),
        exclusions=_by_id(files, "credits.toml", "exclusion", contract_exclusion),
        recaptures=_by_id(files, "credits.toml", "recapture", recapture_rule),
        checks=_by_id(files, "tests.toml", "check", read_check),
        duties=_by_id(files, "duties.toml", "duty", read_duty),
    )


def _finished(table: TableReader, last: str) -> str:
    """Closes a table whose keys are read inline; `last` is the value of its last key."""
    table.finish()
    return last


def _by_id(
    files: dict[str, PackFile], name: str, key: str, read: Callable[[TableReader], R]
) -> dict[str, R]:
    found: dict[str, R] = {}
    for table, record in _records(files, name, key, read):
        if record.id and record.id in found:
            table.fault("id", f"There are two of {table.label}; ids must differ within a pack.")
        found[record.id] = record
    return found


def _records(
    files: dict[str, PackFile], name: str, key: str, read: Callable[[TableReader], R]
) -> Iterator[tuple[TableReader, R]]:
    if name in files:
        for table in files[name].tables(key):
            record = read(table)
            table.finish()
            yield table, record


def _parameter(table: TableReader) -> Parameter:
    citation = table.text("citation", default="")
    standing = table.standing() if "status" in table.table else None
    certainty = table.certainty() if "certainty" in table.table else None
    values = []
    for row in table.tables("values", required=True):
        values.append(
            DatedValue(
                value=row.value("value"),
                starts=row.day("from"),
                ends=row.optional_day("to"),
                citation=row.citation(citation),
                standing=row.standing(standing),
                certainty=row.certainty(certainty),
                note=row.text("note", default=""),
            )
        )
        row.finish()
    return Parameter(
        id=table.text("id"),
        title=table.text("title"),
        unit=table.text("unit"),
        continuous=table.flag("continuous", default=True),
        values=tuple(values),
        note=table.text("note", default=""),
    )


def _list(table: TableReader) -> GovernmentList:
    persons = []
    for row in table.tables("persons"):
        persons.append(
            ListedPerson(
                name=row.text("name"),
                aliases=row.words("aliases"),
                on=row.day("on"),
                off=row.optional_day("off"),
                policy=row.text("policy", default=""),
                citation=row.citation(),
                certainty=row.certainty(),
                note=row.text("note", default=""),
                doubt=row.optional_text("doubt"),
            )
        )
        row.finish()
    return GovernmentList(
        id=table.text("id"),
        title=table.text("title"),
        decides=table.optional_text("decides"),
        citation=table.citation(),
        certainty=table.certainty(),
        persons=tuple(persons),
        note=table.text("note", default=""),
    )


def _credit(table: TableReader) -> CreditRule:
    return CreditRule(
        id=table.text("id"),
        title=table.text("title"),
        family=table.text("family"),
        unit=table.text("unit"),
        rate=table.text("rate"),
        phase_out=table.text("phase_out"),
        deciding_date=table.choice("deciding_date", DecidingDate),
        once_on=table.optional_choice("once_on", DecidingDate),
        material_threshold=table.optional_text("material_threshold"),
        cost_categories=table.words("cost_categories"),
        tests=table.words("tests"),
        legs=read_legs(table),
        exclusion=table.optional_text("exclusion"),
        recapture=table.optional_text("recapture"),
        cap=table.text("cap", default=""),
        citation=table.citation(),
        certainty=table.certainty(),
        note=table.text("note", default=""),
    )


def _test(table: TableReader) -> TestRule:
    traded = None
    for reading in table.tables("traded"):
        traded = TradedReading(
            parameter=reading.text("parameter"),
            comparison=reading.choice("comparison", Comparison),
            citation=reading.citation(),
        )
        reading.finish()
    return TestRule(
        id=table.text("id"),
        title=table.text("title"),
        method=table.text("method"),
        alternative_to=table.optional_text("alternative_to"),
        measures=table.text("measures"),
        on=table.text("on"),
        unit=table.text("unit"),
        comparison=table.optional_choice("comparison", Comparison),
        parameter=table.optional_text("parameter"),
        traded=traded,
        starts=table.day("from"),
        ends=table.optional_day("to"),
        decides=table.flag("decides", default=True),
        citation=table.citation(),
        certainty=table.certainty(),
        why=table.text("why"),
        cure=table.text("cure"),
        note=table.text("note", default=""),
    )


def _limb(table: TableReader) -> Limb:
    return Limb(id=table.text("id"), title=table.text("title"), settle=table.text("settle"))


def _flag(table: TableReader) -> Flag:
    return Flag(
        id=table.text("id"),
        title=table.text("title"),
        question=table.text("question"),
        decided_by=table.choice("decided_by", DecidedBy),
        method=table.text("method"),
        term=table.optional_text("term"),
        parameter=table.optional_text("parameter"),
        applies_to=table.words("applies_to", required=True),
        may_apply_to=table.words("may_apply_to"),
        starts=table.day("from"),
        ends=table.optional_day("to"),
        standing=table.standing(),
        citation=table.citation(),
        certainty=table.certainty(),
        cure=table.text("cure"),
        note=table.text("note", default=""),
    )


def _exception(table: TableReader) -> LicenseException:
    return LicenseException(
        id=table.text("id"),
        title=table.text("title"),
        question=table.text("question"),
        method=table.text("method"),
        citation=table.citation(),
        certainty=table.certainty(),
        note=table.text("note", default=""),
    )


def _question(table: TableReader) -> OpenQuestion:
    readings = []
    for row in table.tables("readings", required=True):
        readings.append(Reading(id=row.text("id"), text=row.text("text")))
        row.finish()
    return OpenQuestion(
        id=table.text("id"),
        title=table.text("title"),
        question=table.text("question"),
        readings=tuple(readings),
        default=table.text("default"),
        handling=table.choice("handling", Handling),
        bears_on=table.words("bears_on"),
        citation=table.citation(),
        certainty=table.certainty(),
        note=table.text("note", default=""),
    )
