"""What the operating system must bring, and how Debian-like systems get it.

Python's packages come from the lock files; these come from the system: libraries that Qt
loads, and the programs that some tests drive. Elsewhere than on Debian-like Linux nothing is
installed here; tests that miss a program skip and name it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Package:
    """A Debian package, and the one file whose presence shows that it is there."""

    name: str
    library: str = ""
    program: str = ""
    file: str = ""


# Holds ensurepip, which Debian cuts out of its Python; known to be missing only by trying.
FOR_VENV = (Package("python3-venv"),)

FOR_QT = (
    Package("libegl1", library="libEGL.so.1"),
    Package("libgl1", library="libGL.so.1"),
    Package("libglib2.0-0", library="libglib-2.0.so.0"),
    Package("libfontconfig1", library="libfontconfig.so.1"),
    Package("libdbus-1-3", library="libdbus-1.so.3"),
    Package("libxkbcommon0", library="libxkbcommon.so.0"),
    # Without any font Qt draws empty boxes.
    Package("fonts-dejavu-core", file="/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"),
)

FOR_TESTS = (
    *FOR_QT,
    # What Qt's X11 platform loads: the frozen program is tried on a virtual X display.
    Package("libxkbcommon-x11-0", library="libxkbcommon-x11.so.0"),
    Package("libxcb-cursor0", library="libxcb-cursor.so.0"),
    Package("libxcb-icccm4", library="libxcb-icccm.so.4"),
    Package("libxcb-image0", library="libxcb-image.so.0"),
    Package("libxcb-keysyms1", library="libxcb-keysyms.so.1"),
    Package("libxcb-render-util0", library="libxcb-render-util.so.0"),
    Package("libxcb-shape0", library="libxcb-shape.so.0"),
    Package("libxcb-xinerama0", library="libxcb-xinerama.so.0"),
    Package("xvfb", program="Xvfb"),
    Package("xauth", program="xauth"),
    # Windows and hands on that display: what gives windows the keys, and what moves the mouse.
    Package("openbox", program="openbox"),
    Package("xdotool", program="xdotool"),
    # Recalculates the exported workbook.
    Package("libreoffice-calc", program="soffice"),
    # Reads the words of the report back.
    Package("poppler-utils", program="pdftotext"),
)


def ensure(packages: Iterable[Package]) -> list[str]:
    """Install what is missing where that needs no password; return the names still missing."""
    wanted = missing(packages)
    if wanted:
        install(wanted)
    return [package.name for package in missing(wanted)]


def install(packages: Iterable[Package]) -> None:
    """Install packages with apt-get; elsewhere, or where a password is needed, do nothing."""
    names = [package.name for package in packages]
    prefix = apt_get() if sys.platform.startswith("linux") else None
    if prefix is None:
        return
    print(f"==> Installing from the system's packages: {' '.join(names)}", flush=True)
    quietly = ["-qq", "-o", "Dpkg::Use-Pty=0"]
    # A failure shows in apt-get's own lines, and as a package that is still missing.
    for command in (["update"], ["install", "-y", "--no-install-recommends", *names]):
        subprocess.run([*prefix, *quietly, *command], check=False)


def missing(packages: Iterable[Package]) -> list[Package]:
    """Those of the packages that are not there, judged by the file that each brings.

    The files are those of Linux: on Windows and macOS nothing is missing, for there Qt's own
    packages are complete.
    """
    if not sys.platform.startswith("linux"):
        return []
    libraries = loadable_libraries()
    return [package for package in packages if not is_there(package, libraries)]


def is_there(package: Package, libraries: str) -> bool:
    """Whether the one file that the package is known by can be found."""
    if package.library:
        return f"\t{package.library} " in libraries
    if package.program:
        return shutil.which(package.program) is not None
    return bool(package.file) and Path(package.file).exists()


def loadable_libraries() -> str:
    """The dynamic linker's list of libraries, as `ldconfig -p` prints it; empty without one."""
    # Ordinary users on Debian have no /sbin on their path.
    ldconfig = shutil.which("ldconfig", path=os.environ.get("PATH", "") + ":/sbin:/usr/sbin")
    if ldconfig is None:
        return ""
    return subprocess.run([ldconfig, "-p"], capture_output=True, text=True, check=False).stdout


def apt_get() -> list[str] | None:
    """The start of an apt-get command that asks nothing; None where there is no such way."""
    program = shutil.which("apt-get")
    if program is None:
        return None
    unasked = ["env", "DEBIAN_FRONTEND=noninteractive", program]
    if os.geteuid() == 0:
        return unasked
    sudo = shutil.which("sudo")
    if sudo is None:
        return None
    asked = subprocess.run([sudo, "-n", "true"], capture_output=True, check=False)
    return [sudo, "-n", *unasked] if asked.returncode == 0 else None
