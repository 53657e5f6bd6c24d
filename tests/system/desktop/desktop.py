"""A virtual screen with a window program on it, the program under test, and hands.

Everything a test does here goes through the X server, as a person's mouse and keys do. What it
waits for is a state of the program, never a length of time.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

LONGEST_WAIT = 60.0
"""Seconds after which a state has not come; long, for the machine may be busy."""
_LOOK_AGAIN = 0.05
PROGRAMS = ("Xvfb", "openbox", "xdotool")
_SOURCE = Path(__file__).resolve().parents[3] / "src"
_OBSERVED = Path(__file__).with_name("observed_program.py")

T = TypeVar("T")
Seen = dict[str, Any]
Spot = tuple[int, int]


def lacking() -> list[str]:
    """The programs that must be there and are not."""
    if not sys.platform.startswith("linux"):
        return ["an X display"]
    return [name for name in PROGRAMS if shutil.which(name) is None]


@contextlib.contextmanager
def screen(home: Path, size: str = "1600x1000") -> Iterator[dict[str, str]]:
    """A virtual screen with a window manager; gives the environment of what runs on it."""
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{size}x24", "-nolisten", "tcp"],
        pass_fds=(writer,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    with ended(server), os.fdopen(reader) as numbers:
        number = numbers.readline().strip()
        assert number, "Xvfb found no free display"
        environment = {
            **{name: os.environ[name] for name in ("PATH",) if name in os.environ},
            "HOME": str(home),
            "DISPLAY": f":{number}",
            "LANG": "C.UTF-8",
            "QT_QPA_PLATFORM": "xcb",
            "PYTHONPATH": str(_SOURCE),
            # A warning of Python's is an error in the program too.
            "PYTHONWARNINGS": "error",
        }
        windows = subprocess.Popen(
            ["openbox", "--sm-disable"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        with ended(windows):
            # The window manager has begun once the pointer's home answers to its name.
            wait_for(lambda: _is_managed(environment), "the window manager")
            yield environment


def _is_managed(environment: dict[str, str]) -> bool:
    command = ["xdotool", "get_num_desktops"]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return told.returncode == 0 and told.stdout.strip().isdigit()


@contextlib.contextmanager
def ended(process: subprocess.Popen[Any]) -> Iterator[None]:
    """See to it that a process that was started has ended afterwards, its pipes closed."""
    with contextlib.ExitStack() as pipes:
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipes.callback(pipe.close)
        try:
            yield
        finally:
            _end(process)


def _end(process: subprocess.Popen[Any]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(look: Callable[[], T], what: str) -> T:
    """What `look` gives once that is something; fails where it stays nothing for too long."""
    until = time.monotonic() + LONGEST_WAIT
    while not (found := look()):
        assert time.monotonic() < until, f"waited in vain for {what}"
        time.sleep(_LOOK_AGAIN)
    return found


class Program:
    """The program under test, on a screen, with hands to use it."""

    def __init__(self, environment: dict[str, str], folder: Path, *arguments: str) -> None:
        self._environment = environment
        self._complaints = folder / f"complaints-{time.monotonic_ns()}.txt"
        with self._complaints.open("w", encoding="utf-8") as complaints:
            self.process = subprocess.Popen(
                [sys.executable, str(_OBSERVED), "gui", *arguments],
                env=environment,
                cwd=folder,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
                text=True,
                bufsize=1,
            )

    # Seeing ----------------------------------------------------------------------------------

    def look(self) -> Seen:
        """What is on the screen now."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("look\n")
        ready, _, _ = select.select([self.process.stdout], [], [], LONGEST_WAIT)
        line = self.process.stdout.readline() if ready else ""
        assert line, f"the program does not answer; it said:\n{self.complaints()}"
        return json.loads(line)

    def until(self, holds: Callable[[Seen], object], what: str) -> Seen:
        """What is on the screen once that holds."""
        seen: list[Seen] = []

        def look() -> bool:
            seen[:] = [self.look()]
            return bool(holds(seen[0]))

        try:
            wait_for(look, what)
        except AssertionError as late:
            state = {key: value for key, value in seen[0].items() if key != "parts"}
            raise AssertionError(f"{late}; seen: {state}; said: {self.complaints()}") from None
        return seen[0]

    def at_rest(self, where: Callable[[Seen], Spot | None], what: str) -> Spot:
        """Where something is once it is there and stands still."""
        last: list[Spot | None] = [None]

        def look() -> Spot | None:
            before, last[0] = last[0], where(self.look())
            return last[0] if last[0] == before else None

        spot = wait_for(look, what)
        return spot[0], spot[1]

    def part(self, name: str, kind: str = "") -> Spot:
        """The middle of the control of that name, once it can be used."""

        def where(seen: Seen) -> Spot | None:
            for part in seen["parts"]:
                if part["name"] == name and kind in part["kind"] and part["works"]:
                    return _middle(part["rect"])
            return None

        return self.at_rest(where, f"the control “{name}”")

    def entry(self, name: str) -> Spot:
        """The middle of an entry of the open menu, once it can be chosen."""

        def where(seen: Seen) -> Spot | None:
            for entry in seen["entries"]:
                if name in entry["name"].replace("&", "") and entry["works"]:
                    return _middle(entry["rect"])
            return None

        return self.at_rest(where, f"the menu entry “{name}”")

    def card(self, name: str) -> Spot:
        """The middle of a card."""
        return self.at_rest(lambda seen: seen["cards"].get(name), f"the card “{name}”")

    def label(self, source: str, kind: str, target: str) -> Spot:
        """The middle of a link, where its figure is typed."""

        def where(seen: Seen) -> Spot | None:
            found = [label[3] for label in seen["labels"] if label[:3] == [source, kind, target]]
            return found[0] if found else None

        return self.at_rest(where, f"the link {source} {kind} {target}")

    def complaints(self) -> str:
        """What the program wrote to its standard error (warnings of Qt and of Python) and log."""
        home = Path(self._environment["HOME"])
        logs = sorted(home.rglob("depmap.log"))
        return "".join(path.read_text(encoding="utf-8") for path in (self._complaints, *logs))

    # Doing -----------------------------------------------------------------------------------

    def hands(self, *words: object) -> None:
        """Mouse and keys, as xdotool is told them."""
        command = ["xdotool", *map(str, words)]
        subprocess.run(command, env=self._environment, check=True, timeout=LONGEST_WAIT)

    def click(self, spot: Spot, times: int = 1) -> None:
        """Press the left button there."""
        self.hands("mousemove", *spot)
        self.hands("click", "--repeat", times, "--delay", 60, 1)

    def drag(self, start: Spot, end: Spot) -> None:
        """Press, move in steps as a hand does, let go."""
        self.hands("mousemove", *start, "mousedown", 1)
        for step in range(1, 9):
            point = (start[n] + (end[n] - start[n]) * step // 8 for n in (0, 1))
            self.hands("mousemove", *point)
            self.look()  # The program has taken the step in before the next one comes.
        self.hands("mouseup", 1)

    def keys(self, *keys: str) -> None:
        """Press keys by their names, one after another."""
        for key in keys:
            self.hands("key", key)
            self.look()

    def types(self, words: str, into: str, ends_with: str = "Return") -> None:
        """Type words into the line of that name, once it has the keys; the last key ends it."""
        self.until(lambda seen: into in seen["focus"], f"the line “{into}” to have the keys")
        self.hands("key", "ctrl+a")
        self.hands("type", "--delay", 15, words)
        self.until(lambda seen: seen["typed"] == words, f"“{words}” to be typed")
        if ends_with:
            self.hands("key", ends_with)

    def opens(self, menu: str, entry: str) -> None:
        """Choose an entry of the menu bar with the mouse."""
        self.click(self.part(menu, "Menu"))
        self.click(self.entry(entry))

    def ends(self) -> None:
        """Wait for the program to be gone, all well and with nothing to complain of."""
        code = self.process.wait(timeout=LONGEST_WAIT)
        assert (code, self.complaints()) == (0, "")


def _middle(rect: list[int]) -> Spot:
    return rect[0] + rect[2] // 2, rect[1] + rect[3] // 2


Starter = Callable[..., Program]
"""Starts the program with these arguments, and waits for its window."""
