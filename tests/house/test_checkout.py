"""What ships beside the sources: lock files, resources, documents, continuous integration."""

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest
from source_tree import MADE, ROOT, all_python, package

RUN_COMMAND = "python3 packaging/dev.py run"
TEST_COMMAND = "python3 packaging/dev.py test"
LOCKS = ["requirements.lock", "requirements-dev.lock"]
DOCUMENTS = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"]
TOP_LEVEL = {
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "README.md",
    "packaging",
    "pyproject.toml",
    "resources",
    "sample_projects",
    "src",
    "tests",
}
TEXT_SUFFIXES = {".depmap", ".json", ".lock", ".md", ".py", ".spec", ".svg", ".toml", ".yml"}


def read(*parts: str) -> str:
    return ROOT.joinpath(*parts).read_text(encoding="utf-8")


def pins(lock: str) -> dict[str, str]:
    """Package name to the one version locked."""
    return dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)==([^\s;\\]+)", lock, flags=re.MULTILINE))


def normal(requirement: str) -> str:
    """The package name of a requirement, in the one spelling that lock files use."""
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found is not None, requirement
    return re.sub(r"[-_.]+", "-", found.group()).lower()


def written_files() -> list[Path]:
    """Every text file of the checkout that a person or a program of ours wrote."""
    top = [ROOT / name for name in (*TOP_LEVEL, ".ci", ".github")]
    below = [path for entry in top for path in ([entry] if entry.is_file() else entry.rglob("*"))]
    return [
        path
        for path in below
        if path.is_file()
        and (path.suffix in TEXT_SUFFIXES or path.parent.name == ".ci")
        and not MADE & set(path.relative_to(ROOT).parts)
    ]


def test_the_top_level_holds_only_what_belongs_there() -> None:
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert found - MADE <= TOP_LEVEL, "put it into the folder it belongs to"


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_names_no_place(name: str) -> None:
    lock = read("packaging", name)
    for place in ("://", "--index", "--extra-index", "--find-links", " @ ", "file:"):
        assert place not in lock
    assert not re.search(r"(^|\s)/", lock), "a path of somebody's machine"


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_version_has_hashes(name: str) -> None:
    lock = read("packaging", name)
    entries = [entry for entry in re.split(r"\n(?=[a-z0-9])", lock) if "==" in entry]
    assert len(entries) == len(pins(lock)) > 10
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_locks_cover_what_the_project_asks_for() -> None:
    project = tomllib.loads(read("pyproject.toml"))
    runtime, dev = (pins(read("packaging", name)) for name in LOCKS)
    groups = project["dependency-groups"]
    needed = {normal(entry) for entry in project["project"]["dependencies"] + groups["build"]}
    assert needed <= set(runtime)
    assert needed | {normal(entry) for entry in groups["dev"]} <= set(dev)


def test_both_locks_hold_the_same_versions() -> None:
    runtime, dev = (pins(read("packaging", name)) for name in LOCKS)
    assert runtime.items() <= dev.items()


def test_the_installed_versions_are_the_locked_ones() -> None:
    from importlib.metadata import version

    locked = pins(read("packaging", "requirements.lock"))
    for name in ("numpy", "pyside6-essentials", "scipy", "xlsxwriter"):
        assert version(name) == locked[name], "run packaging/dev.py: it installs what is locked"


def test_every_icon_is_used() -> None:
    texts = {
        node.value
        for module in package()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    named = {text.rsplit("/", 1)[-1].removesuffix(".svg") for text in texts}
    icons = {path.stem for path in (ROOT / "resources" / "icons").rglob("*.svg")}
    assert icons - named == set(), "no string in the program names these icons"


def test_readme_names_the_two_commands() -> None:
    readme = read("README.md")
    assert RUN_COMMAND in readme
    assert TEST_COMMAND in readme


def test_continuous_integration_runs_the_readme_command() -> None:
    assert TEST_COMMAND in read(".ci", "run")
    assert ".ci/run" in read(".github", "workflows", "ci.yml")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_name_only_what_exists(name: str) -> None:
    text = read(name)
    linked = re.findall(r"\]\((?!https?:|#)([^)#]+)", text)
    quoted = re.findall(r"`((?:src|resources|tests|packaging|sample_projects)/[^`<>*{ ]*)`", text)
    rooms = re.findall(
        r"`((?:domain|rules|analysis|project|exchange|session|gui|cli)/[^`<>*{ ]*)`", text
    )
    places = [ROOT / place for place in linked + quoted]
    places += [ROOT / "src" / "depmap_gui" / place for place in rooms]
    assert [str(place.relative_to(ROOT)) for place in places if not place.exists()] == []


def test_every_room_is_in_the_table_of_rooms() -> None:
    contributing = read("CONTRIBUTING.md")
    package_folder = ROOT / "src" / "depmap_gui"
    rooms = {path.parent.name for path in package_folder.glob("*/__init__.py")}
    assert [room for room in sorted(rooms) if f"| `{room}` |" not in contributing] == []


def test_nothing_names_a_place_on_somebody_s_machine() -> None:
    # Put together here, so that this file does not name one itself.
    places = re.compile("|".join(f"/{top}/[a-z]" for top in ("root", "opt", "work", "Users")))
    found = [
        f"{path.relative_to(ROOT).as_posix()}: {match.group()}"
        for path in written_files()
        for match in places.finditer(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []


def test_the_program_is_written_for_the_python_it_asks_for() -> None:
    project = tomllib.loads(read("pyproject.toml"))
    assert project["project"]["requires-python"] == ">=3.11"
    assert sys.version_info >= (3, 11)
    for module in all_python():
        ast.parse(module.text, feature_version=(3, 11))
