"""Set up a checkout and run it, test it, freeze it. Needs Python 3.11 or newer, nothing else.

    python3 packaging/dev.py run      install, then show the sample (or score and export it)
    python3 packaging/dev.py test     install, then every check and every test
    python3 packaging/dev.py lint     the checks without the tests
    python3 packaging/dev.py freeze   build the stand-alone program and let it test itself
    python3 packaging/dev.py bench    frame times and scoring times on generated maps
    python3 packaging/dev.py pictures every screen and dialog as PNG, both themes, 100 to 200%
    python3 packaging/dev.py lock     resolve the locked versions anew (needs uv)

Everything goes into `.venv` and `build` in the checkout. A second run finds the environment
as it left it and starts at once.
"""

from __future__ import annotations  # lets an older Python read on to the sentence it gets

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import system_packages

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
BUILD = ROOT / "build"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
DEPMAP = BIN / ("depmap.exe" if os.name == "nt" else "depmap")
RUNTIME_LOCK = ROOT / "packaging" / "requirements.lock"
DEV_LOCK = ROOT / "packaging" / "requirements-dev.lock"
SAMPLE = ROOT / "sample_projects" / "ford-catl-marshall.depmap"

Step = tuple[str, list[str]]


class SetUpError(Exception):
    """The work cannot go on; the message says why and what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand; return the exit code: 0 all well, 1 a step failed, 2 not set up."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("task", choices=list(TASKS))
    parser.add_argument(
        "rest", nargs=argparse.REMAINDER, help="passed on to the program, pytest or the benchmark"
    )
    chosen = parser.parse_args(arguments)
    try:
        return TASKS[chosen.task](chosen.rest)
    except SetUpError as stop:
        print(f"\n{stop}", file=sys.stderr)
        return 2


def run(rest: Sequence[str]) -> int:
    """Open the sample (or the project named) in the window; without a display, hand it over."""
    set_up(RUNTIME_LOCK)
    ensure_qt_loads()
    project = Path(rest[0]).resolve() if rest else SAMPLE
    if has_display():
        say(f"Opening {shown(project)} in the window.")
        return call([str(DEPMAP), "gui", str(project)])

    say("There is no display here, so the sample is scored, exported and drawn to files instead.")
    BUILD.mkdir(exist_ok=True)
    workbook = BUILD / (project.stem + ".xlsx")
    picture = BUILD / (project.stem + ".png")
    steps: list[Step] = [
        ("score", [str(DEPMAP), "score", str(project)]),
        ("export", [str(DEPMAP), "export", str(project), "-o", str(workbook)]),
        ("render", [str(DEPMAP), "render", str(project), "-o", str(picture)]),
    ]
    for name, command in steps:
        code = call(command, environment=headless_environment())
        if code != 0:
            say(f"'depmap {name}' ended with exit code {code}; the lines above say why.")
            return 1
    say(f"Workbook with live formulas: {shown(workbook)}")
    say(f"Picture of the map:          {shown(picture)}")
    say(f"On a screen, '{shown(DEPMAP)} gui {shown(project)}' opens the window.")
    return 0


def test(rest: Sequence[str]) -> int:
    """Run every check, then every test; pytest's closing line is the last thing printed."""
    bring_test_programs()
    set_up(DEV_LOCK)
    ensure_qt_loads()
    # The verdict on the checks stands above pytest's output, so that pytest closes the run.
    checks = report(lint_steps())
    if checks != 0:
        say("A check failed, so this run fails whatever the tests below say.")
    # One process a core; `-n 0` behind the command runs all in one, as a debugger needs it.
    spread = ["-n", "auto", "--dist", "worksteal"]
    tests = call([str(PYTHON), "-m", "pytest", *spread, *rest], environment=headless_environment())
    return 1 if checks or tests else 0


def lint(_rest: Sequence[str]) -> int:
    """Run the checks without the tests."""
    set_up(DEV_LOCK)
    return report(lint_steps())


def freeze(_rest: Sequence[str]) -> int:
    """Build the one-folder program and run its self-test with an empty home."""
    bring_test_programs()
    set_up(DEV_LOCK)
    spec = ROOT / "packaging" / "depmap.spec"
    work, dist = BUILD / "pyinstaller", ROOT / "dist"
    build = [str(PYTHON), "-m", "PyInstaller", str(spec), "--noconfirm", "--log-level", "WARN"]
    build += ["--workpath", str(work), "--distpath", str(dist)]
    check = [str(PYTHON), str(ROOT / "packaging" / "frozen_check.py"), str(dist / "depmap")]
    return report([("PyInstaller", build), ("self-test of the built program", check)])


def bench(rest: Sequence[str]) -> int:
    """Print frame times and scoring times on generated maps."""
    set_up(RUNTIME_LOCK)
    ensure_qt_loads()
    return call([str(PYTHON), "-m", "depmap_gui", "bench", *rest], headless_environment())


def pictures(rest: Sequence[str]) -> int:
    """Draw every screen and dialog, both themes, at 100, 150 and 200%, into build/pictures."""
    set_up(RUNTIME_LOCK)
    ensure_qt_loads()
    folder = BUILD / "pictures"
    draw = [str(PYTHON), "-m", "depmap_gui", "screens", "-o", str(folder), *rest]
    for theme in ("light", "dark"):
        for scale in ("1", "1.5", "2"):
            made = call([*draw, "--theme", theme, "--scale", scale], headless_environment())
            if made != 0:
                return made
    return 0


def lock(_rest: Sequence[str]) -> int:
    """Resolve both lock files anew, for every platform at once."""
    uv = shutil.which("uv")
    if uv is None:
        raise SetUpError(
            "The lock files were not touched: resolving for all platforms at once needs uv, "
            "and it is not on the path. 'python3 -m pip install uv' brings it."
        )
    common = [uv, "pip", "compile", "pyproject.toml", "--quiet", "--upgrade", "--universal"]
    common += ["--python-version", "3.11", "--fork-strategy", "fewest"]
    # A lock holds versions and hashes; where packages come from is each machine's own matter.
    common += ["--generate-hashes", "--no-header", "--no-emit-index-url", "--no-emit-find-links"]
    runtime, dev = (path.relative_to(ROOT).as_posix() for path in (RUNTIME_LOCK, DEV_LOCK))
    first = [*common, "--group", "build", "-o", runtime]
    second = [*common, "--group", "build", "--group", "dev", "-c", runtime, "-o", dev]
    return report([(runtime, first), (dev, second)])


TASKS = {
    "run": run,
    "test": test,
    "lint": lint,
    "freeze": freeze,
    "bench": bench,
    "pictures": pictures,
    "lock": lock,
}

# ------------------------------------------------------------------------------- setting up


def set_up(lock_file: Path) -> None:
    """Make `.venv` hold the versions that the lock file names, and the project as editable.

    A stamp inside `.venv` remembers what it was made from: where that is unchanged nothing is
    done. The developers' lock contains the runtime's, so it also serves where only that is
    asked for.
    """
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever starts this with an older one is told
        raise SetUpError(
            f"DepMap needs Python 3.11 or newer; this is {sys.version.split()[0]}. "
            "Start this script with a newer one, such as 'python3.12 packaging/dev.py run'."
        )
    stamp = VENV / "depmap-stamp.txt"
    held = stamp.read_text(encoding="utf-8") if stamp.is_file() else ""
    if PYTHON.exists() and held in {fingerprint(lock_file), fingerprint(DEV_LOCK)}:
        return

    started = time.monotonic()
    if not held or not PYTHON.exists() or not held.startswith(python_line()):
        make_venv()
    stamp.unlink(missing_ok=True)
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    say(f"Installing the versions locked in {shown(lock_file)}; the first time takes a minute.")
    if call([*pip, "--require-hashes", "--no-deps", "-r", str(lock_file)]) != 0:
        raise SetUpError(
            "Installing the locked packages failed; pip's lines above say which one and why. "
            "Nothing outside .venv was changed. Run the same command again once that is mended."
        )
    if call([*pip, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)]) != 0:
        raise SetUpError("Installing DepMap itself into .venv failed; pip's lines above say why.")
    stamp.write_text(fingerprint(lock_file), encoding="utf-8")
    say(f"The environment in .venv is ready ({time.monotonic() - started:.0f} s).")


def python_line() -> str:
    """Which interpreter the environment is made from: a new one calls for a new `.venv`."""
    return f"{sys.implementation.cache_tag} {sys.base_prefix}\n"


def fingerprint(lock_file: Path) -> str:
    """What `.venv` depends on: interpreter, place of the checkout, lock file and metadata."""
    parts = [lock_file.read_bytes(), (ROOT / "pyproject.toml").read_bytes(), str(ROOT).encode()]
    return python_line() + hashlib.sha256(b"\0".join(parts)).hexdigest() + "\n"


def make_venv() -> None:
    """Make an empty `.venv`, in place of one that another interpreter made."""
    say(f"Making the environment .venv with Python {sys.version.split()[0]}.")
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    if subprocess.run(command, check=False).returncode == 0:
        return
    # Debian keeps ensurepip, which venv needs, in a package of its own.
    system_packages.install(system_packages.FOR_VENV)
    if subprocess.run(command, check=False).returncode != 0:
        raise SetUpError(
            "Python could not make a virtual environment. On Debian and Ubuntu the package "
            "python3-venv is needed; elsewhere a complete Python installation."
        )


def bring_test_programs() -> None:
    """Install the programs and libraries that only tests need, or name those still missing."""
    names = system_packages.ensure(system_packages.FOR_TESTS)
    if names:
        say(f"Missing from the system (names of Debian's packages): {', '.join(names)}.")
        say("What needs them is skipped, and each skip says so.")


def ensure_qt_loads() -> None:
    """Bring the system libraries that Qt needs to draw, where they are missing."""
    probe = [str(PYTHON), "-c", "import PySide6.QtSvg, PySide6.QtWidgets"]
    result = subprocess.run(probe, check=False, capture_output=True, text=True)
    if result.returncode == 0:
        return
    system_packages.ensure(system_packages.FOR_QT)
    result = subprocess.run(probe, check=False, capture_output=True, text=True)
    if result.returncode != 0:
        reason = (result.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise SetUpError(
            f"Qt cannot be loaded here: {reason}\n"
            "It needs these system libraries (names of Debian's packages): "
            f"{', '.join(package.name for package in system_packages.FOR_QT)}."
        )


# --------------------------------------------------------------------------- running things


def lint_steps() -> list[Step]:
    """Every check that runs no test, by name."""
    return [
        ("ruff check", [str(PYTHON), "-m", "ruff", "check", "."]),
        ("ruff format", [str(PYTHON), "-m", "ruff", "format", "--check", "."]),
        ("mypy", [str(PYTHON), "-m", "mypy"]),
        ("import walls", [str(BIN / "lint-imports"), "--config", "pyproject.toml"]),
    ]


def report(steps: Sequence[Step]) -> int:
    """Run all steps, also past one that fails; say how each went; 1 where any failed."""
    outcomes: list[tuple[str, int, float]] = []
    for name, command in steps:
        say(f"{name} ...")
        started = time.monotonic()
        code = call(command)
        outcomes.append((name, code, time.monotonic() - started))
    for name, code, seconds in outcomes:
        verdict = "passed" if code == 0 else f"FAILED (exit code {code})"
        say(f"{name}: {verdict} in {seconds:.1f} s")
    return 1 if any(code != 0 for _, code, _ in outcomes) else 0


def call(command: Sequence[str], environment: dict[str, str] | None = None) -> int:
    """Run a command in the checkout, its output passed through; return its exit code."""
    # Ours and the command's lines would otherwise come out of order in a pipe.
    sys.stdout.flush()
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def headless_environment() -> dict[str, str]:
    """The present environment, with Qt drawing to memory."""
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen"}


def has_display() -> bool:
    """Whether a window can be shown: always taken as true on Windows and macOS."""
    if os.environ.get("QT_QPA_PLATFORM") == "offscreen":
        return False
    if os.name == "nt" or sys.platform == "darwin":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def shown(path: Path) -> str:
    """A path as one would type it from the checkout."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def say(text: str) -> None:
    """Print one line of our own, so that it stands out from the tools' output."""
    print(f"==> {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
