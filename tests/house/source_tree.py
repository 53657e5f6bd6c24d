"""The checkout as the house tests read it: its files, and the syntax trees of its sources."""

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "depmap_gui"
# Made by tools, never by hand, and ignored by version control.
MADE = {"__pycache__", "build", "dist"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One source file, parsed."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def where(self) -> str:
        """Its path from the top of the checkout, with forward slashes."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def room(self) -> str:
        """The room of `src/depmap_gui` it stands in; of a file outside all rooms its name."""
        return self.path.relative_to(PACKAGE).parts[0]

    def functions(self) -> Iterator[Function]:
        """All functions and methods, nested ones too."""
        return (node for node in ast.walk(self.tree) if isinstance(node, Function))

    def calls(self) -> Iterator[ast.Call]:
        """All calls."""
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))

    def imports(self) -> Iterator[tuple[int, str]]:
        """Line and full dotted name of everything imported, late imports included."""
        for node in ast.walk(self.tree):
            match node:
                case ast.Import(names=names):
                    yield from ((node.lineno, alias.name) for alias in names)
                case ast.ImportFrom(module=str(module), names=names, level=0):
                    yield from ((node.lineno, f"{module}.{alias.name}") for alias in names)
                case _:
                    pass


@functools.cache
def package() -> tuple[Module, ...]:
    """Every module of the program, sorted by path."""
    return _parsed(PACKAGE)


@functools.cache
def all_python() -> tuple[Module, ...]:
    """Every Python file of the checkout: program, tests, packaging."""
    return (*package(), *_parsed(ROOT / "tests"), *_parsed(ROOT / "packaging"))


def _parsed(folder: Path) -> tuple[Module, ...]:
    modules = []
    for path in sorted(folder.rglob("*.py")):
        if not MADE & set(path.parts[len(ROOT.parts) :]):
            text = path.read_text(encoding="utf-8")
            modules.append(Module(path, text, ast.parse(text, str(path))))
    return tuple(modules)


def dotted(node: ast.expr) -> str:
    """A name or attribute chain as written, such as `os.replace`; empty for anything else."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=name):
            return f"{dotted(value)}.{name}"
        case _:
            return ""
