"""Files and functions stay small enough to read in one go, and names say what a thing is."""

import ast
import re

import pytest
from source_tree import PACKAGE, Function, Module, package

MOST_LINES_OF_A_FILE = 499
MOST_LINES_OF_A_FUNCTION = 59
# A name with one of these words says that its author did not know what the thing is.
EMPTY_WORDS = {"helper", "helpers", "manager", "managers", "util", "utils"}


def words(name: str) -> set[str]:
    """The words of a name in snake_case or CamelCase, in lower case."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", name)}


def lines(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def declared_names(module: Module) -> list[tuple[int, str]]:
    """Line and name of everything the module declares: classes, functions, arguments, values."""
    names: list[tuple[int, str]] = [(1, module.path.stem)]
    for node in ast.walk(module.tree):
        match node:
            case ast.ClassDef(name=name, lineno=line):
                names.append((line, name))
            case ast.FunctionDef(name=name, lineno=line):
                names.append((line, name))
            case ast.arg(arg=name, lineno=line):
                names.append((line, name))
            case ast.Name(id=name, ctx=ast.Store(), lineno=line):
                names.append((line, name))
            case _:
                pass
    return names


def test_the_package_is_found() -> None:
    assert PACKAGE / "resources.py" in {module.path for module in package()}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("LayoutManager", {"layout", "manager"}),
        ("path_utils", {"path", "utils"}),
        ("HTTPHelper2", {"http", "helper2"}),
        ("futile", {"futile"}),
    ],
)
def test_names_are_cut_into_words(name: str, expected: set[str]) -> None:
    assert words(name) == expected


def test_files_are_short() -> None:
    long = {
        module.where: count
        for module in package()
        if (count := len(module.text.splitlines())) > MOST_LINES_OF_A_FILE
    }
    assert long == {}


def test_functions_are_short() -> None:
    long = {
        f"{module.where}:{function.lineno} {function.name}": lines(function)
        for module in package()
        for function in module.functions()
        if lines(function) > MOST_LINES_OF_A_FUNCTION
    }
    assert long == {}


def test_no_empty_words_in_names() -> None:
    empty = [
        f"{module.where}:{line} {name}"
        for module in package()
        for line, name in declared_names(module)
        if words(name) & EMPTY_WORDS
    ]
    assert empty == []


def test_nothing_is_called_just_data() -> None:
    # Qt's item models are made of methods called `data`; those are Qt's word, not ours.
    empty = [
        f"{module.where}:{line}"
        for module in package()
        for line, name in declared_names(module)
        if name == "data" and module.room != "gui"
    ]
    assert empty == []
