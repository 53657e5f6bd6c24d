"""An installed wheel carries all that a checkout has, and both programs start from it."""

import ast
import configparser
import importlib.util
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from source_tree import MADE, ROOT

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("hatchling") is None,
    reason="hatchling, which builds the wheel, is not installed; packaging/dev.py installs it",
)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the content of the wheel, as an installation lays it out."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(build, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    [wheel] = folder.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(folder / "site")
    return folder / "site"


def names(folder: Path) -> set[str]:
    """Paths of the files below a folder, but for what tools left there."""
    files = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    return {path.as_posix() for path in files if not MADE & set(path.parts)}


@pytest.mark.parametrize(
    ("in_checkout", "in_wheel"),
    [
        ("src/depmap_gui", "depmap_gui"),
        ("resources", "depmap_gui/_resources"),
        ("sample_projects", "depmap_gui/_samples"),
    ],
)
def test_every_file_travels(installed: Path, in_checkout: str, in_wheel: str) -> None:
    expected = names(ROOT / in_checkout)
    found = {name for name in names(installed / in_wheel) if not name.startswith(("_res", "_sam"))}
    assert expected
    assert found == expected


def test_the_installed_package_finds_its_own_files(installed: Path) -> None:
    ask = (
        f"import sys; sys.path.insert(0, {str(installed)!r})\n"
        "from depmap_gui import resources\n"
        "print(resources.resource())\n"
        "print(*resources.samples(), sep='\\n')\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", ask], check=True, capture_output=True, text=True
    )
    root, *samples = [Path(line) for line in done.stdout.splitlines()]
    assert root == installed / "depmap_gui" / "_resources"
    assert {path.name for path in samples} == {
        path.name for path in (ROOT / "sample_projects").glob("*.depmap")
    }
    assert {path.parent for path in samples} == {installed / "depmap_gui" / "_samples"}


def test_both_programs_have_their_entry(installed: Path) -> None:
    [table] = installed.glob("*.dist-info/entry_points.txt")
    entries = configparser.ConfigParser()
    entries.read(table, encoding="utf-8")
    assert entries["console_scripts"]["depmap"] == "depmap_gui.__main__:main"
    assert entries["gui_scripts"]["depmap-gui"] == "depmap_gui.__main__:main_gui"
    source = (installed / "depmap_gui" / "__main__.py").read_text(encoding="utf-8")
    functions = {node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}
    assert {"main", "main_gui"} <= functions
