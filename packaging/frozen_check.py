"""Try the stand-alone program as on a stranger's machine: `frozen_check.py dist/depmap`.

The built program gets an empty home and nothing of this checkout's Python environment, and
runs its own `self-test`: open the sample in a window, score, export, render. Where there is
no display, a virtual one is put up.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# What a program needs of its surroundings; all else, PYTHONPATH above all, is kept from it.
PASSED_ON = ("DISPLAY", "LANG", "LC_ALL", "PATH", "SYSTEMROOT", "WAYLAND_DISPLAY", "XAUTHORITY")
LONGEST_RUN = 300  # seconds


def main(arguments: list[str]) -> int:
    """Check the program folder named; return 0 where its self-test passed."""
    if len(arguments) != 1:
        print("usage: frozen_check.py FOLDER-OF-THE-BUILT-PROGRAM", file=sys.stderr)
        return 2
    folder = Path(arguments[0]).resolve()
    program = folder / ("depmap.exe" if os.name == "nt" else "depmap")
    if not program.is_file():
        print(f"There is no built program at {program}: run 'dev.py freeze'.", file=sys.stderr)
        return 2
    display = virtual_display()
    if display is None:
        print(
            "The built program was not tried: there is no display, and xvfb-run, which would "
            "make one, is not installed (Debian: xvfb and xauth).",
            file=sys.stderr,
        )
        return 2
    started = time.monotonic()
    code = self_test([*display, str(program), "self-test"])
    verdict = "passed" if code == 0 else f"failed with exit code {code}"
    print(f"self-test {verdict} in {time.monotonic() - started:.1f} s; {megabytes(folder)} MB")
    return 0 if code == 0 else 1


def virtual_display() -> list[str] | None:
    """What to put before a command so that it has a display; None where there is no way."""
    on_desktop = os.name == "nt" or sys.platform == "darwin"
    if on_desktop or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return []
    xvfb_run = shutil.which("xvfb-run")
    return None if xvfb_run is None else [xvfb_run, "-a", "-s", "-screen 0 1600x1000x24"]


def self_test(command: list[str]) -> int:
    """Run the command in an empty home; return its exit code."""
    with tempfile.TemporaryDirectory(prefix="depmap-home-") as home:
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        environment |= {"HOME": home, "USERPROFILE": home, "APPDATA": home, "LOCALAPPDATA": home}
        try:
            done = subprocess.run(
                command, cwd=home, env=environment, check=False, timeout=LONGEST_RUN
            )
        except subprocess.TimeoutExpired:
            print(f"The self-test did not end within {LONGEST_RUN} s.", file=sys.stderr)
            return 1
        return done.returncode


def megabytes(folder: Path) -> int:
    """Size of all files below a folder."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return round(sum(path.stat().st_size for path in files) / 1e6)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
