"""What may be imported and called only in certain rooms, or nowhere at all.

import-linter holds the order of the rooms (see pyproject.toml); these tests hold what it
cannot see: single calls, parts of the standard library, and Qt by whatever road.
"""

import ast
import re

import pytest
from source_tree import Module, all_python, dotted, package

QT = {"PySide6", "shiboken6"}
# Running what a project file says, or reaching outside the machine, has no place here.
NEVER_IMPORTED = {
    "ftplib",
    "http",
    "marshal",
    "pickle",
    "requests",
    "shelve",
    "smtplib",
    "socket",
    "subprocess",
    "urllib",
}
NEVER_CALLED = {"compile", "eval", "exec", "os.popen", "os.system"}
THREADS = {"_thread", "asyncio", "concurrent", "multiprocessing", "threading"}
QT_THREADS = {"QRunnable", "QThread", "QThreadPool"}
# The gui's one room for background work.
THREAD_ROOM = "src/depmap_gui/gui/tasks.py"
WRITING_ROOMS = {"cli", "exchange", "project"}
# Hands finished bytes to the atomic writer of `project`, which opens and names the file.
WRITING_FILES = {"src/depmap_gui/session/export.py"}
WRITING_METHODS = {"hardlink_to", "rename", "touch", "unlink", "write_bytes", "write_text"}
WRITING_FUNCTIONS = {"os.remove", "os.rename", "os.replace", "os.unlink", "tempfile.mkstemp"}
EXCUSE = re.compile(r"#\s*(type:\s*ignore(?P<code>\[[^\]]+\])?|noqa(?P<rule>:\s*[A-Z0-9, ]+)?)")


def parsed(text: str) -> Module:
    """A module made of the given text, to try a rule on."""
    path = package()[0].path.parent / "domain" / "tried.py"
    return Module(path, text, ast.parse(text))


def imported(module: Module, names: set[str]) -> list[str]:
    return [
        f"{module.where}:{line} {name}"
        for line, name in module.imports()
        if name.split(".")[0] in names
    ]


def writes(call: ast.Call) -> bool:
    """Whether a call opens a file for writing, or writes, renames or removes one."""
    name = dotted(call.func)
    last = name.rsplit(".", 1)[-1]
    if name in WRITING_FUNCTIONS or name.startswith("shutil."):
        return True
    if isinstance(call.func, ast.Attribute) and last in WRITING_METHODS:
        return True
    if last != "open":
        return False
    mode = _mode(call, position=1 if name in {"open", "io.open"} else 0)
    return bool(set(mode) & set("wax+"))


def _mode(call: ast.Call, position: int) -> str:
    given = [keyword.value for keyword in call.keywords if keyword.arg == "mode"]
    given += call.args[position : position + 1]
    match given:
        case [ast.Constant(value=str(mode)), *_]:
            return mode
        case _:
            return "r"


def excuses_without_reason(text: str) -> list[str]:
    """Comments that silence a checker without saying which finding and why."""
    bare = []
    for line in text.splitlines():
        for found in EXCUSE.finditer(line):
            reason = line[found.end() :].strip(" #-:")
            if len(reason) < 10 or not (found["code"] or found["rule"]):
                bare.append(line.strip())
    return bare


@pytest.mark.parametrize(
    "text",
    [
        "open('x', 'w')",
        "path.open(mode='ab')",
        "path.write_text('x')",
        "os.replace(a, b)",
        "shutil.rmtree(a)",
    ],
)
def test_writing_is_recognized(text: str) -> None:
    assert [call for call in parsed(text).calls() if writes(call)]


@pytest.mark.parametrize("text", ["open('x')", "path.open('rb')", "text.replace('a', 'b')"])
def test_reading_is_not_taken_for_writing(text: str) -> None:
    assert not [call for call in parsed(text).calls() if writes(call)]


def test_late_imports_are_seen() -> None:
    module = parsed("def paint():\n    from PySide6.QtGui import QPen\n")
    assert imported(module, QT) == ["src/depmap_gui/domain/tried.py:2 PySide6.QtGui.QPen"]


def test_qt_is_imported_only_in_gui() -> None:
    found = [hit for module in package() if module.room != "gui" for hit in imported(module, QT)]
    assert found == []


def test_nothing_runs_programs_or_reaches_the_network() -> None:
    assert [hit for module in package() for hit in imported(module, NEVER_IMPORTED)] == []


def test_nothing_evaluates_text_as_code() -> None:
    found = [
        f"{module.where}:{call.lineno}"
        for module in package()
        for call in module.calls()
        if dotted(call.func) in NEVER_CALLED
    ]
    assert found == []


def test_threads_start_in_one_file_only() -> None:
    found = []
    for module in package():
        if module.where != THREAD_ROOM:
            found += imported(module, THREADS)
            found += [
                f"{module.where}:{line} {name}"
                for line, name in module.imports()
                if name.rsplit(".", 1)[-1] in QT_THREADS
            ]
    assert found == []


def test_files_are_written_only_in_their_rooms() -> None:
    found = [
        f"{module.where}:{call.lineno} {dotted(call.func)}"
        for module in package()
        if module.room not in WRITING_ROOMS and module.where not in WRITING_FILES
        for call in module.calls()
        if writes(call)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("line", "bare"),
    [
        ("x = 1  # type: " + "ignore", True),
        ("x = 1  # type: " + "ignore[misc]", True),
        ("x = 1  # no" + "qa", True),
        ("x = 1  # no" + "qa: S101", True),
        ("x = 1  # type: " + "ignore[misc]  # Qt's stub leaves the overload out", False),
        ("x = 1  # no" + "qa: N802 - the name is Qt's", False),
    ],
)
def test_an_excuse_needs_a_reason(line: str, bare: bool) -> None:
    assert bool(excuses_without_reason(line)) is bare


def test_no_checker_is_silenced_without_reason() -> None:
    found = {
        module.where: bare
        for module in all_python()
        if (bare := excuses_without_reason(module.text))
    }
    assert found == {}
