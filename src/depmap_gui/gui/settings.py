"""The program's settings: few, declared once, always read with their type, reset-able.

:data:`SETTINGS` is what a person chooses, as the settings dialog lists it; the rest of
:class:`Settings` is what the window remembers by itself. QSettings hands back strings, single
values instead of lists and ``None`` as it pleases, and a damaged file gives anything; so every
value is read with its kind here, and nothing else in the program reads QSettings.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QByteArray, QSettings

MOST_RECENT = 12


class ThemeChoice(StrEnum):
    """Which colors the window wears."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


Value = TypeVar("Value", str, int, bool, ThemeChoice)


@dataclass(frozen=True)
class Setting(Generic[Value]):
    """Something a person chooses: one of ``choices``, each with the words for it.

    ``help`` says what it changes; the value is ``default`` until another is chosen.
    """

    key: str
    section: str
    label: str
    help: str
    default: Value
    choices: tuple[tuple[Value, str], ...]


# fmt: off
THEME = Setting(
    "window/theme", "Looks", "Theme", "The colors of all windows.", ThemeChoice.SYSTEM,
    ((ThemeChoice.SYSTEM, "As the system"), (ThemeChoice.LIGHT, "Light"),
     (ThemeChoice.DARK, "Dark")),
)
TEXT_SIZE = Setting(
    "window/text_size", "Looks", "Text size",
    "All words of the window grow; those on the map up to 125%, as the cards keep their size. "
    "Pictures that are exported stay as they are.", 0,
    ((0, "As the system"), *((size, f"{size}%") for size in (80, 90, 100, 110, 125, 150, 175,
                                                             200))),
)
NUMBERS = Setting(
    "numbers/locale", "Numbers", "Numbers and dates",
    "How figures, money and dates are written, and read when you type them.", "",
    (("", "As the system"), ("en_US", "English, United States"),
     ("en_GB", "English, United Kingdom"), ("en_IN", "English, India"), ("de_DE", "German"),
     ("de_CH", "German, Switzerland"), ("fr_FR", "French"), ("es_ES", "Spanish"),
     ("pt_BR", "Portuguese, Brazil"), ("zh_CN", "Chinese"), ("ja_JP", "Japanese"),
     ("ko_KR", "Korean")),
)
WHEEL = Setting(
    "map/wheel", "Map", "Mouse wheel", "What the wheel does over the map; with Ctrl held, the "
    "other of the two.", "move",
    (("move", "Moves the map"), ("zoom", "Zooms at the pointer")),
)
MOTION = Setting(
    "map/motion", "Map", "Show movement",
    "Cards and views glide to their new places; otherwise they are there at once.", True,
    ((True, "Yes"), (False, "No")),
)
# fmt: on

SETTINGS: tuple[Setting[Any], ...] = (THEME, TEXT_SIZE, NUMBERS, WHEEL, MOTION)
"""All that a person chooses, in the order of the settings dialog."""

_LAYOUT = ("window/geometry", "window/splitter", "window/panel", "window/page", "tables")
"""The keys under which the window remembers how it was left."""


class Settings:
    """What the program remembers between two starts."""

    def __init__(self, store: QSettings | None = None) -> None:
        self._store = store if store is not None else QSettings()

    # What a person chooses -----------------------------------------------------------------

    def value(self, setting: Setting[Value]) -> Value:
        """What is chosen; the default where nothing that can be is stored."""
        stored = self._text(setting.key).casefold()
        for choice, _words in setting.choices:
            if stored and str(choice).casefold() == stored:
                return choice
        return setting.default

    def choose(self, setting: Setting[Value], value: Value) -> None:
        """Remember another choice. The default is not stored, so that a better one may come."""
        if value == setting.default:
            self._store.remove(setting.key)
        else:
            self._store.setValue(setting.key, str(value))

    def fault(self) -> str:
        """What is chosen is written; why that cannot be, as a sentence, else empty."""
        self._store.sync()
        if self._store.status() is QSettings.Status.NoError:
            return ""
        return (
            f"Settings hold until DepMap is closed: they cannot be written to "
            f"{self._store.fileName()}. Free some space there, or make the folder writable."
        )

    @property
    def theme(self) -> ThemeChoice:
        """The colors chosen; the system's where nothing readable is stored."""
        return self.value(THEME)

    # The window ----------------------------------------------------------------------------

    @property
    def geometry(self) -> QByteArray:
        """Place and size of the window; empty where it was never closed."""
        return self._bytes("window/geometry")

    @geometry.setter
    def geometry(self, state: QByteArray) -> None:
        self._store.setValue("window/geometry", state)

    def splitter(self, name: str) -> QByteArray:
        """How the named splitter was left; empty where it was never moved."""
        return self._bytes(f"window/splitter/{name}")

    def set_splitter(self, name: str, state: QByteArray) -> None:
        """Remember how the named splitter was left."""
        self._store.setValue(f"window/splitter/{name}", state)

    def page(self, tabs: str) -> str:
        """Title of the page that was in front of the named tabs; empty where none was chosen."""
        return self._text(f"window/page/{tabs}")

    def set_page(self, tabs: str, title: str) -> None:
        """Remember which page was in front."""
        self._store.setValue(f"window/page/{tabs}", title)

    def is_shown(self, panel: str) -> bool:
        """Whether the named panel is shown; all are until they are hidden."""
        return self._text(f"window/panel/{panel}").casefold() != "false"

    def set_shown(self, panel: str, shown: bool) -> None:
        """Remember whether the named panel is shown."""
        self._store.setValue(f"window/panel/{panel}", str(shown).lower())

    def heading(self, name: str) -> QByteArray:
        """How the heading of a table was left; empty where it was never changed."""
        return self._bytes(f"tables/{name}")

    def set_heading(self, name: str, state: QByteArray) -> None:
        """Remember how the heading of a table was left."""
        self._store.setValue(f"tables/{name}", state)

    def forget_layout(self) -> None:
        """Forget how window, panels, pages and columns were left; what is chosen stays."""
        for key in _LAYOUT:
            self._store.remove(key)

    # Files ---------------------------------------------------------------------------------

    @property
    def last_folder(self) -> Path:
        """The folder last opened from or saved to; the home folder where it is gone."""
        folder = self._path("files/last_folder")
        return folder if folder is not None and folder.is_dir() else Path.home()

    @last_folder.setter
    def last_folder(self, folder: Path) -> None:
        self._store.setValue("files/last_folder", str(folder))

    @property
    def recent(self) -> tuple[Path, ...]:
        """Projects opened or saved, latest first; some may be gone."""
        return self._paths("files/recent")[:MOST_RECENT]

    def remember(self, path: Path) -> None:
        """Put a project at the head of the recent ones."""
        path = path.absolute()
        self._set_recent((path, *(other for other in self.recent if other != path)))
        self.last_folder = path.parent

    def forget(self, path: Path) -> None:
        """Take a project off the recent ones."""
        self._set_recent(tuple(other for other in self.recent if other != path))

    # Rules ---------------------------------------------------------------------------------

    @property
    def rules_folders(self) -> tuple[Path, ...]:
        """The user's folders of rule packs and lists; some may be gone."""
        return self._paths("rules/folders")

    @rules_folders.setter
    def rules_folders(self, folders: tuple[Path, ...]) -> None:
        self._store.setValue("rules/folders", json.dumps([str(folder) for folder in folders]))

    # All of them ---------------------------------------------------------------------------

    def reset(self) -> None:
        """Back to how the program came, recent projects apart."""
        recent = self.recent
        self._store.clear()
        self._set_recent(recent)

    def sync(self) -> None:
        """Write what is pending."""
        self._store.sync()

    def _set_recent(self, paths: tuple[Path, ...]) -> None:
        names = [str(path) for path in paths[:MOST_RECENT]]
        self._store.setValue("files/recent", json.dumps(names))

    def _paths(self, key: str) -> tuple[Path, ...]:
        try:
            stored = json.loads(self._text(key) or "[]")
        except ValueError:
            return ()
        if not isinstance(stored, list):
            return ()
        return tuple(Path(each) for each in stored if _may_be_path(each))

    def _path(self, key: str) -> Path | None:
        text = self._text(key)
        return Path(text) if _may_be_path(text) else None

    def _text(self, key: str) -> str:
        stored: object = self._store.value(key)
        return stored if isinstance(stored, str) else ""

    def _bytes(self, key: str) -> QByteArray:
        stored: object = self._store.value(key)
        return stored if isinstance(stored, QByteArray) else QByteArray()


def _may_be_path(stored: object) -> bool:
    """Whether it can name a file at all: names are limited in length and in what stands in them."""
    if not isinstance(stored, str) or not stored:
        return False
    try:
        Path(stored).exists()
    except (OSError, ValueError):
        return False
    return True
