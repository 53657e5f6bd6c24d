"""How long the window cannot be spoken to: the longest block of each act on generated maps.

A block is a time in which no key is heard and no frame is drawn: the act itself, or one turn of
the event loop in which something that follows from it is shown. Jobs run in the background
meanwhile, as they do for a person.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

import msgspec
from PySide6.QtCore import QCoreApplication, QEvent, QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from depmap_gui.analysis.results import Score
from depmap_gui.analysis.sample_maps import random_map
from depmap_gui.domain.edits import Add, SetField
from depmap_gui.domain.kinds import EntityKind, LinkKind, Section
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import AnyLink, Operates, Owns
from depmap_gui.domain.views import View
from depmap_gui.gui.bench import Print, placed
from depmap_gui.gui.bench_timing import HEIGHT, WIDTH
from depmap_gui.gui.looks import dress
from depmap_gui.gui.main_window import MainWindow, Surroundings
from depmap_gui.gui.offscreen import application
from depmap_gui.gui.settings import Settings
from depmap_gui.session.session import Session

WINDOW_SIZES = (300, 10_000, 50_000)
_QUIET_S = 0.25
_PATIENCE_S = 180.0
_PASTED = 5_000
_REMOVED = 1_000
_DOUBLED = 500
_PANS = 60
_PLACES = 60
_AIMS = {300: 33.0, 10_000: 33.0, 50_000: 100.0}
"""The longest block that is aimed at, in milliseconds of the window's thread."""

Act = Callable[[], object]


class Block(NamedTuple):
    """A time in which the window was deaf: milliseconds by the clock, and of its thread's work."""

    taken: float
    worked: float


class Blocks(NamedTuple):
    """The blocks of one act, until nothing more follows from it."""

    name: str
    all: tuple[Block, ...]

    @property
    def longest(self) -> Block:
        """The block in which the window's thread worked longest."""
        return max(self.all, key=lambda block: block.worked)

    @property
    def work(self) -> float:
        """Milliseconds of the window's thread in all."""
        return sum(block.worked for block in self.all)


class Stopwatch:
    """Runs acts and turns of the event loop, and times each as a block."""

    def __init__(self, app: QCoreApplication) -> None:
        self._app = app
        self.blocks: list[Block] = []

    def timed(self, step: Act) -> None:
        """One step is one block."""
        began, began_work = time.perf_counter(), time.thread_time()
        step()
        worked = (time.thread_time() - began_work) * 1000.0
        self.blocks.append(Block((time.perf_counter() - began) * 1000.0, worked))

    def turn(self) -> None:
        """One turn of the event loop, and what it leaves to be destroyed."""
        self.timed(self._turn)
        time.sleep(0.001)

    def _turn(self) -> None:
        self._app.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    def until(self, is_done: Callable[[], bool]) -> None:
        """Turns until something is so, and then until nothing has followed for a while."""
        last, quiet = time.monotonic() + _PATIENCE_S, time.monotonic() + _QUIET_S
        while time.monotonic() < min(last, quiet):
            self.turn()
            if not is_done() or self.blocks[-1].worked > 1.0:
                quiet = time.monotonic() + _QUIET_S


@contextmanager
def window_of(app: QApplication) -> Iterator[MainWindow]:
    """A main window as it first comes, with settings of its own."""
    with tempfile.TemporaryDirectory() as folder:
        store = QSettings(str(Path(folder) / "settings.ini"), QSettings.Format.IniFormat)
        window = MainWindow(Surroundings(Settings(store), partial(dress, app)))
        window.resize(WIDTH, HEIGHT)
        window.show()
        app.processEvents()
        yield window
        window.editor.history.setClean()
        window.close()
        window.deleteLater()
        app.processEvents()


class Acts:
    """What a person does in a window on a map, each measured until nothing follows from it."""

    def __init__(self, window: MainWindow, app: QApplication, clock: Stopwatch) -> None:
        self.window, self.app, self.clock = window, app, clock

    def measure(self, name: str, act: Act) -> Blocks:
        """The blocks of one act."""
        self.clock.blocks = []
        self.clock.timed(act)
        self.clock.until(self._is_settled)
        return Blocks(name, tuple(self.clock.blocks))

    def _is_settled(self) -> bool:
        return not self.window.tasks.is_busy

    def all(self, project: Project) -> Iterator[Blocks]:
        """Every act, one after the other."""
        window, editor = self.window, self.window.editor
        session = Session(project)
        yield self.measure("open", lambda: window.files.work_on(session))
        plant = next(e.id for e in project.entities.values() if e.kind is EntityKind.PLANT)
        share = next(link for link in project.links.values() if isinstance(link, Owns))
        yield from self._edits(plant, share)
        yield from self._looking(plant)
        yield from self._tables()
        yield from self._many(project)
        yield self.measure("undo all of it", partial(editor.history.setIndex, 0))

    def _edits(self, plant: str, share: AnyLink) -> Iterator[Blocks]:
        editor = self.window.editor
        undo = editor.history.undo
        name = SetField(Section.ENTITIES, plant, "name", "Another name")
        yield self.measure("edit a name", lambda: editor.apply(name, "Rename"))
        yield self.measure("undo that", undo)
        stake = SetField(Section.LINKS, share.id, "share", 0.31)
        yield self.measure("edit a share", lambda: editor.apply(stake, "Share"))
        yield self.measure("undo that", undo)
        one = Add(type(editor.project.entities[plant])(id="new-one", name="One more"))
        yield self.measure("add an item", lambda: editor.apply(one, "Add"))
        yield self.measure("undo that", undo)

    def _looking(self, plant: str) -> Iterator[Blocks]:
        window, editor = self.window, self.window.editor
        everything = (*editor.project.entities, *editor.project.links)
        yield self.measure("select one", lambda: editor.select((plant,)))
        yield self.measure("select all", lambda: editor.select(everything))
        yield self.measure("select none", lambda: editor.select(()))
        yield self.measure("color by another", lambda: editor.color(Score.ATTRIBUTION, "CN"))
        yield self.measure("other jurisdiction", lambda: editor.color(Score.ATTRIBUTION, "US"))
        view = View(id="second", name="Second", positions=editor.view.positions)
        yield self.measure("add a view", lambda: editor.apply(Add(view), "View"))
        yield self.measure("switch view", lambda: editor.show_view("second"))
        yield self.measure("type in search", partial(window.outline.search.setText, "p"))
        yield self.measure("clear search", window.outline.search.clear)
        yield self.measure("open the palette", window.open_palette)
        yield self.measure("close the palette", self._close_dialogs)
        yield self.measure("score anew", editor.score_now)
        yield self._panned_while_scoring()

    def _close_dialogs(self) -> None:
        for widget in self.app.topLevelWidgets():
            if widget is not self.window and widget.isVisible():
                widget.close()

    def _panned_while_scoring(self) -> Blocks:
        """Frames, and turns of the event loop between them, while a job runs."""
        window, clock = self.window, self.clock
        window.canvas.actual_size()
        clock.until(self._is_settled)
        window.editor.score_now()
        clock.blocks = []
        for _ in range(_PANS):
            clock.timed(self._pan)
            clock.turn()
        panned = Blocks("pan while scoring", tuple(clock.blocks))
        clock.until(self._is_settled)
        return panned

    def _pan(self) -> None:
        self.window.canvas.look(self.window.canvas.camera.panned(-7.0, -4.0))
        self.window.canvas.repaint()

    def _tables(self) -> Iterator[Blocks]:
        tables = self.window.tables
        for kind in (EntityKind.MATERIAL, LinkKind.OWNS, LinkKind.SUPPLIES):
            yield self.measure(f"table of {kind}", partial(tables.show_kind, kind))
        yield self.measure("filter a table", partial(tables.filter.setText, "a"))
        yield self.measure("end the filter", tables.filter.clear)
        sort = partial(tables.view.sortByColumn, 1, Qt.SortOrder.AscendingOrder)
        yield self.measure("sort a table", sort)
        yield self.measure("end sorting", partial(tables.view.sortByColumn, -1, *_UP))

    def _many(self, project: Project) -> Iterator[Blocks]:
        window, editor = self.window, self.window.editor
        tables = window.tables
        tables.show_kind(EntityKind.COMPANY)
        table = tables.view.table
        lines = [f"Name {number}" for number in range(min(_PASTED, table.rowCount()))]
        tables.view.setCurrentIndex(table.index(0, 0))
        QGuiApplication.clipboard().setText("\n".join(lines))
        yield self.measure(f"paste {len(lines):,} names", tables.view.paste)
        yield self.measure("undo that", editor.history.undo)
        ids = list(project.entities)
        doomed = ids[: min(_REMOVED, len(ids) // 4)]
        yield self.measure(f"remove {len(doomed):,}", lambda: editor.remove(doomed))
        yield self.measure("undo that", editor.history.undo)
        editor.select(ids[: min(_DOUBLED, len(ids) // 4)])
        self.clock.until(self._is_settled)
        yield self.measure(f"duplicate {len(editor.selection):,}", self._duplicate)
        yield self.measure("undo that", editor.history.undo)

    def _duplicate(self) -> None:
        self.window.actions_table["edit.duplicate"].trigger()


_UP = (Qt.SortOrder.AscendingOrder,)


def realistic_map(items: int) -> Project:
    """A generated map of about so many items and twice as many links, in some sixty countries.

    The generator makes three links an item; some are left out, but every plant keeps an operator.
    """
    places = min(_PLACES, items // 5)
    made = random_map(60 * (items - places) // 19, loops=False, seed=7, jurisdictions=places)
    wanted = 2 * len(made.entities)
    loose = [link.id for link in made.links.values() if not isinstance(link, Operates)]
    spare = set(random.Random(7).sample(loose, len(made.links) - wanted))
    kept = {id: link for id, link in made.links.items() if id not in spare}
    return msgspec.structs.replace(made, links=kept)


def window_benchmark(out: Print = print, sizes: tuple[int, ...] = WINDOW_SIZES) -> None:
    """Measure every act, size by size, and print a table."""
    app = application()
    out(f"Window benchmark, {WIDTH} x {HEIGHT} pixels, milliseconds: the longest block of each act")
    out("as the window's thread worked on it and by the clock (which also tells of what else kept")
    out("the machine busy), and the thread's work in all until nothing more followed from the act.")
    for items in sizes:
        project = placed(realistic_map(items))
        aim = _AIMS.get(items)
        out("")
        out(f"{len(project.entities):,} items, {len(project.links):,} links")
        out(f"  {'':24}{'longest block':>15}{'by the clock':>15}{'work in all':>15}")
        with window_of(app) as window:
            for found in Acts(window, app, Stopwatch(app)).all(project):
                longest = found.longest
                verdict = "" if aim is None or longest.worked <= aim else f"  over {aim:g}"
                out(
                    f"  {found.name:24}{longest.worked:>15,.1f}{longest.taken:>15,.1f}"
                    f"{found.work:>15,.1f}{verdict}"
                )
