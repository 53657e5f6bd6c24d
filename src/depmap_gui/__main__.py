"""Where the program starts: ``depmap`` on the command line, ``depmap-gui`` in a window."""

from __future__ import annotations

import sys


def main() -> int:
    """The command line. Returns the exit code."""
    from depmap_gui.cli.main import run

    return run(sys.argv[1:])


def main_gui() -> int:
    """The window, with an optional file to open. Returns the exit code."""
    from depmap_gui.cli.main import run

    return run(["gui", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
