"""`depmap import`: tables into a project, by a saved mapping or by what their heads plainly say."""

from __future__ import annotations

import argparse
import json
import sys
from argparse import Namespace
from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from depmap_gui.cli.faults import CommandError
from depmap_gui.cli.formats import import_readings
from depmap_gui.cli.progress import bar
from depmap_gui.domain.project import Header, Project
from depmap_gui.session.formats import read_formats
from depmap_gui.session.importing import (
    Choices,
    Chosen,
    GonePolicy,
    Mapping,
    Outcome,
    Preview,
    Proposal,
    Severity,
    TableFile,
    TableMapping,
    Template,
    apply_import,
    collection_paused,
    fit,
    load_mapping,
    plan_import,
    propose,
    propose_table,
    read_table_file,
    save_mapping,
    with_answer,
    with_constants,
    with_slot,
)
from depmap_gui.session.session import Session

if TYPE_CHECKING:
    # argparse gives this type no public name.
    Verbs = argparse._SubParsersAction[argparse.ArgumentParser]

MOST_TOLD = 40
TOLD_A_CODE = 8
LEAST_FIT = 0.5


def add_importing(verbs: Verbs) -> None:
    """Add the command to the parser."""
    help = "Read spreadsheets, delimited text, graphs and ownership statements into a project."
    verb = verbs.add_parser("import", help=help, description=f"{help} Exit code 1 where rows fail.")
    verb.set_defaults(command=import_tables)
    add = verb.add_argument
    add(
        "tables",
        type=Path,
        nargs="+",
        metavar="TABLE",
        help="xlsx, xls, xlsb, ods, csv, tsv; graphml, gexf, drawio, cx2, Gephi's CSV; BODS, "
        "GLEIF, FollowTheMoney, JSON",
    )
    add("-o", "--output", type=Path, metavar="FILE", help="project to write")
    add("--into", type=Path, metavar="PROJECT", help="project to add to, instead of a new one")
    add("--mapping", type=Path, metavar="M.json", help="how the columns are read")
    add("--save-mapping", type=Path, metavar="M.json", help="keep the mapping for the next time")
    add("--sheet", action="append", metavar="S", help="sheet to read, may be repeated")
    add("--range", metavar="B3:H40", help="part of the sheet to read")
    add("--header", type=int, metavar="ROW", help="row of the header, 0 for none")
    add("--template", choices=list(Template), help="what the table lists")
    add("--set", action="append", default=[], metavar="SLOT=TEXT", help="the same in every row")
    add("--column", action="append", default=[], metavar="HEAD=SLOT", help="what a column fills")
    add(
        "--answer",
        action="append",
        default=[],
        metavar="HEAD:MATTER=OPTION",
        help="answer a question about a column, such as Date:day_first=day",
    )
    add(
        "--rate", action="append", default=[], metavar="EUR=1.08", help="rate to the map's currency"
    )
    add("--encoding", help="of text, such as utf-8 or cp1252")
    add("--delimiter", help="of text, such as ';'")
    add(
        "--gone",
        type=GonePolicy,
        choices=list(GonePolicy),
        default=GonePolicy.KEEP,
        help="what to do with what a newer file no longer has; default: keep",
    )
    add("--gone-date", metavar="DATE", help="day on which links end, with --gone end-date")
    add("--same-above", type=float, metavar="0..1", help="take names this alike for one")
    add("--replace-hand-edits", action="store_true", help="let the table win over edits by hand")
    add("--dry-run", "--preview", action="store_true", help="say what would happen; write nothing")
    add("--json", action="store_true", help="print one JSON object")


def import_tables(options: Namespace) -> int:
    """Import: 0, or 1 where rows failed; where something is not decided nothing is written."""
    _check(options)
    readings = read_formats(options.tables)
    if any(readings):
        return import_readings(options, readings)
    session = _session(options)
    project = session.document.snapshot()
    with collection_paused(), bar("Reading") as context:
        chosen = [_chosen(path, options) for path in options.tables]
        choices = Choices(
            gone=options.gone,
            gone_date=_day(options.gone_date),
            today=date.today().isoformat(),  # noqa: DTZ011 - the analyst's own day is meant
            replace_hand_edits=options.replace_hand_edits,
        )
        preview = plan_import(project, chosen, choices, context)
        if options.same_above is not None:
            same = frozenset(p.key for p in preview.alike if p.likeness >= options.same_above)
            choices = msgspec.structs.replace(choices, same=same)
            preview = plan_import(project, chosen, choices, context)
    if options.save_mapping is not None and not options.dry_run:
        tables = tuple(table for one in chosen for table in one.mapping.tables)
        name = options.save_mapping.stem
        save_mapping(
            msgspec.structs.replace(chosen[0].mapping, tables=tables, name=name),
            options.save_mapping,
        )
    written = None
    if not options.dry_run and (preview.edit is not None or session.path != options.output):
        apply_import(session, preview)
        session.save_as(options.output)
        written = options.output
    if options.json:
        json.dump(preview_json(preview, chosen, written), sys.stdout, ensure_ascii=False, indent=1)
        print()
    else:
        print("\n".join(preview_lines(preview, written)))
    errors = any(problem.severity is Severity.ERROR for problem in preview.problems)
    return 1 if preview.rows.failed or errors else 0


def _check(options: Namespace) -> None:
    if options.output is None and not options.dry_run:
        if options.into is None:
            raise CommandError("Say where to write with -o FILE, or look only with --dry-run.")
        options.output = options.into
    if options.output is not None and options.output.suffix.lower() != ".depmap":
        raise CommandError(f"The output must end in .depmap; '{options.output.name}' does not.")
    is_new = options.into is None or options.output is None or not _is_same(options)
    if options.output is not None and is_new and options.output.exists() and not options.dry_run:
        raise CommandError(
            f"{options.output} exists and would be lost. To add to it: --into {options.output}."
        )


def _is_same(options: Namespace) -> bool:
    return bool(options.output.resolve() == options.into.resolve())


def _session(options: Namespace) -> Session:
    if options.into is not None:
        return Session.open(options.into)
    return Session(Project(header=Header(title=options.tables[0].stem)))


def _chosen(path: Path, options: Namespace) -> Chosen:
    file = read_table_file(path, encoding=options.encoding, delimiter=options.delimiter)
    rates = dict(_rate(text) for text in options.rate)
    mapping = (_proposed if options.mapping is None else _loaded)(file, options)
    return Chosen(file, msgspec.structs.replace(mapping, rates={**mapping.rates, **rates}))


def _loaded(file: TableFile, options: Namespace) -> Mapping:
    """The saved mapping, where it fits the file at all."""
    mapping = load_mapping(options.mapping)
    found = fit(mapping, file)
    if found.score < LEAST_FIT:
        missing = ", ".join(f"'{head}'" for head in found.missing[:8])
        raise CommandError(
            f"{options.mapping.name} does not fit {file.name}: it lacks {missing or 'its sheets'}. "
            "Import without --mapping to have a new one proposed."
        )
    tables = tuple(_adjusted(table, options) for table in mapping.tables)
    return msgspec.structs.replace(mapping, tables=tables)


def _proposed(file: TableFile, options: Namespace) -> Mapping:
    """What the heads plainly say; CommandError with what is to be decided where they do not."""
    names = options.sheet
    sheets = [file.sheet(name) for name in names] if names else list(file.sheets)
    is_told = options.range or options.header is not None or options.template
    if is_told or names:
        tables = tuple(
            propose_table(
                file,
                sheet,
                range=options.range,
                header_row=options.header,
                template=options.template,
            )
            for sheet in sheets
        )
        proposal = Proposal(file=file.name, tables=tables)
    else:
        proposal = propose(file)
    taken: list[TableMapping] = []
    undecided: list[str] = []
    for table in proposal.tables:
        mapping = _adjusted(table.mapping, options, strict=len(proposal.tables) == 1)
        doubts = [doubt for doubt in table.doubts if not _is_settled(doubt, table, options)]
        if doubts and not (names and doubts == [_HIDDEN]):
            undecided += [f"{file.name}, {table.sheet}: {doubt}" for doubt in doubts]
        else:
            taken.append(mapping)
    if not taken:
        raise CommandError("\n".join(_how_to_decide(file, proposal, undecided)))
    for line in undecided:
        print(f"Left out: {line}", file=sys.stderr)
    return Mapping(tables=tuple(taken))


_HIDDEN = "The sheet is hidden; name it to have it imported."


def _is_settled(doubt: str, table: Any, options: Namespace) -> bool:
    """Whether the command line decides what a doubt is about."""
    told = [text.partition("=")[0] for text in options.set]
    told += [text.rpartition("=")[2] for text in options.column]
    if any(f"{id}" in doubt for id in told):
        return True
    if doubt.startswith(("No column was recognized", "Nothing says")):
        return bool(options.template) or any(id.endswith(".name") for id in told)
    heads = [text.partition(":")[0] for text in options.answer]
    return any(
        question.message == doubt and question.header in heads for question in table.questions
    )


def _how_to_decide(file: TableFile, proposal: Proposal, undecided: list[str]) -> list[str]:
    lines = [f"Nothing was imported from {file.name}: it is not clear how it should be read."]
    lines += undecided or [f"{file.name} has no table with anything in it."]
    for table in proposal.tables[:3]:
        if not table.columns:
            continue
        heads = ", ".join(
            f"'{c.mapping.header or c.mapping.letters}'"
            + (f" ({'; '.join(c.mapping.slots)})" if c.mapping.slots else "")
            for c in table.columns[:15]
        )
        lines.append(f"Columns of {table.sheet}: {heads}.")
        for question in table.questions:
            options = " or ".join(f"'{option}'" for option in question.options)
            lines.append(
                f'Decide with --answer "{question.header}:{question.matter}=...": {options}.'
            )
    lines.append(
        'Say what columns are with --column "HEAD=SLOT" (such as supplier.name, '
        "supplier.principal, supplies.cost), what holds for all rows with --set SLOT=TEXT (such as "
        "buyer.name=Works), what the table lists with --template, or give --mapping."
    )
    return lines


def _adjusted(mapping: TableMapping, options: Namespace, *, strict: bool = True) -> TableMapping:
    """The mapping with what the command line says of it."""
    constants = dict(_pair(text, "--set", "SLOT=TEXT") for text in options.set)
    mapping = with_constants(mapping, constants)
    for text in options.column:
        head, _, slot_id = text.rpartition("=")
        if not head:
            raise CommandError(
                f"--column takes HEAD=SLOT, such as Vendor=supplier.name; not '{text}'."
            )
        ids = tuple(filter(None, slot_id.split("+")))
        if strict or any(column.header == head for column in mapping.columns):
            mapping = with_slot(mapping, head, ids)
    for text in options.answer:
        head, _, rest = text.rpartition(":")
        matter, _, answer = rest.partition("=")
        if not head or not answer:
            raise CommandError(
                f"--answer takes HEAD:MATTER=OPTION, such as Date:day_first=day; not '{text}'."
            )
        if strict or any(column.header == head for column in mapping.columns):
            mapping = with_answer(mapping, head, matter, answer)
    return mapping


def _pair(text: str, option: str, form: str) -> tuple[str, str]:
    key, mark, value = text.partition("=")
    if not mark or not key or not value:
        raise CommandError(f"{option} takes {form}; '{text}' is not that.")
    return key.strip(), value.strip()


def _rate(text: str) -> tuple[str, float]:
    currency, value = _pair(text, "--rate", "EUR=1.08")
    try:
        rate = float(value)
    except ValueError:
        rate = 0.0
    if not 0 < rate < float("inf"):
        raise CommandError(f"A rate is a number above 0, such as EUR=1.08; '{text}' is not.")
    return currency.upper(), rate


def _day(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise CommandError(f"'{text}' is not a day; write it as 2026-12-31.") from None


def preview_lines(preview: Preview, written: Path | None) -> list[str]:
    """What an import does or would do, for a terminal."""
    lines = []
    for table in preview.tables:
        counts = _counts(table.rows)
        lines.append(f"{table.file}, {table.sheet}: {table.rows.total:,} rows: {counts}.")
    for kind, counted in sorted(preview.records.items()):
        lines.append(f"  {kind}: {_counts(counted)}")
    told: Counter[str] = Counter()
    for problem in preview.problems:
        told[problem.code] += 1
        if told[problem.code] <= TOLD_A_CODE and len(lines) < MOST_TOLD + 10:
            lines.append(f"{problem.severity}: {problem.place}: {problem.message}")
    more = sum(max(0, count - TOLD_A_CODE) for count in told.values())
    if more:
        lines.append(f"... and {more:,} more of these; --json lists all.")
    for one in preview.merged[:TOLD_A_CODE]:
        spelled = ", ".join(f"'{text}'" for text in one.spellings if text != one.name)
        lines.append(f"note: {spelled} taken for '{one.name}': only the spelling differs.")
    lines += [
        f"review: '{pair.second}' may be '{pair.first}' ({pair.reason}); they stay apart."
        for pair in preview.alike[:TOLD_A_CODE]
    ]
    if len(preview.alike) > TOLD_A_CODE:
        lines.append(f"... and {len(preview.alike) - TOLD_A_CODE:,} more that look alike.")
    if preview.gone:
        names = ", ".join(f"'{one.name}'" for one in preview.gone[:5])
        lines.append(
            f"gone: {len(preview.gone):,} facts of the last import are not in this one ({names}"
            f"{' ...' if len(preview.gone) > 5 else ''})."
        )
    if preview.edit is None:
        lines.append("The map says all of this already.")
    lines.append(f"Wrote {written}." if written else "Nothing was written.")
    return lines


def _counts(counts: Any) -> str:
    found = [
        f"{getattr(counts, outcome):,} {outcome}" for outcome in Outcome if getattr(counts, outcome)
    ]
    return ", ".join(found) or "nothing"


def preview_json(preview: Preview, chosen: list[Chosen], written: Path | None) -> dict[str, Any]:
    """What an import does or would do, for scripts: every row and problem is there."""
    plain: Any = msgspec.to_builtins
    return {
        "written": str(written) if written else None,
        "label": preview.edit.label if preview.edit else None,
        "rows": plain(preview.rows),
        "records": plain(preview.records),
        "tables": [
            {
                "file": table.file,
                "sheet": table.sheet,
                "rows": plain(table.rows),
                "left_out": [
                    {"row": fate.row + 1, "outcome": str(fate.outcome), "reason": fate.reason}
                    for fate in table.fates
                    if fate.outcome in (Outcome.SKIPPED, Outcome.FAILED)
                ],
            }
            for table in preview.tables
        ],
        "files": [
            {
                "name": one.file.name,
                "kind": str(one.file.kind),
                "sha256": one.file.sha256,
                "encoding": one.file.encoding,
                "delimiter": one.file.delimiter,
            }
            for one in chosen
        ],
        "problems": [{**plain(problem), "place": problem.place} for problem in preview.problems],
        "alike": plain(preview.alike),
        "merged": plain(preview.merged),
        "gone": plain(preview.gone),
        "mapping": plain([one.mapping for one in chosen]),
    }
