"""The program's settings: few, declared once, always read with their type, reset-able.

QSettings hands back strings, single values instead of lists and ``None`` as it pleases; so each
setting is declared with its kind here, and nothing else in the program reads QSettings.
"""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

MOST_RECENT = 12


class ThemeChoice(StrEnum):
    """Which colors the window wears."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Settings:
    """What the program remembers between two starts."""

    def __init__(self, store: QSettings | None = None) -> None:
        self._store = store if store is not None else QSettings()

    # Looks ---------------------------------------------------------------------------------

    @property
    def theme(self) -> ThemeChoice:
        """The colors chosen; the system's where nothing readable is stored."""
        name = self._text("window/theme")
        return ThemeChoice(name) if name in set(ThemeChoice) else ThemeChoice.SYSTEM

    @theme.setter
    def theme(self, choice: ThemeChoice) -> None:
        self._store.setValue("window/theme", choice.value)

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

    def is_shown(self, panel: str) -> bool:
        """Whether the named panel is shown; all are until they are hidden."""
        value = self._store.value(f"window/panel/{panel}", True, type=bool)
        return bool(value)

    def set_shown(self, panel: str, shown: bool) -> None:
        """Remember whether the named panel is shown."""
        self._store.setValue(f"window/panel/{panel}", shown)

    def heading(self, name: str) -> QByteArray:
        """How the heading of a table was left; empty where it was never changed."""
        return self._bytes(f"tables/{name}")

    def set_heading(self, name: str, state: QByteArray) -> None:
        """Remember how the heading of a table was left."""
        self._store.setValue(f"tables/{name}", state)

    # Files ---------------------------------------------------------------------------------

    @property
    def last_folder(self) -> Path:
        """The folder last opened from or saved to; the home folder where it is gone."""
        folder = Path(self._text("files/last_folder") or Path.home())
        return folder if folder.is_dir() else Path.home()

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
        return tuple(Path(entry) for entry in stored if isinstance(entry, str))

    def _text(self, key: str) -> str:
        value = self._store.value(key, "", type=str)
        return value if isinstance(value, str) else ""

    def _bytes(self, key: str) -> QByteArray:
        value = self._store.value(key, QByteArray(), type=QByteArray)
        return value if isinstance(value, QByteArray) else QByteArray()
