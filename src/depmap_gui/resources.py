"""Where the files that ship with the program are: icons, rule packs, schema, samples.

A checkout keeps them at its top level (`resources/`, `sample_projects/`); a wheel and a
frozen program carry them inside the package (`_resources`, `_samples`). Every room may use
this module; it imports none of them.
"""

import sys
from pathlib import Path

SAMPLE_SUFFIX = ".depmap"


def resource(*parts: str) -> Path:
    """Path of a shipped file or folder, such as `resource("icons", "plant.svg")`.

    Raises FileNotFoundError, with a sentence for the user, where it is missing.
    """
    return _existing(_root("_resources", "resources").joinpath(*parts))


def sample(name: str) -> Path:
    """Path of a sample project by its name, with or without `.depmap`.

    Raises FileNotFoundError, with a sentence for the user, where there is no such sample.
    """
    file_name = name if name.endswith(SAMPLE_SUFFIX) else name + SAMPLE_SUFFIX
    return _existing(_root("_samples", "sample_projects") / file_name)


def samples() -> list[Path]:
    """Paths of all sample projects, sorted by file name; empty where none are installed."""
    return sorted(_root("_samples", "sample_projects").glob("*" + SAMPLE_SUFFIX))


def _root(packed: str, checkout: str) -> Path:
    """The folder that holds one kind of shipped file.

    `packed` is its name inside an installed or frozen package, `checkout` its name at the
    top level of a checkout.
    """
    # PyInstaller unpacks the bundle's files under sys._MEIPASS; elsewhere it is not set.
    bundle: str | None = getattr(sys, "_MEIPASS", None)
    if bundle is not None:
        return Path(bundle) / "depmap_gui" / packed
    package = Path(__file__).resolve().parent
    inside = package / packed
    return inside if inside.is_dir() else package.parents[1] / checkout


def _existing(path: Path) -> Path:
    if not path.exists():
        raise FileNotFoundError(
            f"A file that ships with DepMap is missing: {path}. "
            "The installation is incomplete; installing DepMap again puts it back."
        )
    return path
