"""What holds for every test: no display, no home of the person who runs it, no quiet warning."""

import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

# Qt reads these once, when it is first loaded, so they are set before any test module is.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
_HOME = tempfile.TemporaryDirectory(prefix="depmap-tests-", ignore_cleanup_errors=True)
for _name in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"):
    os.environ[_name] = _HOME.name
for _name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
    os.environ[_name] = str(Path(_HOME.name) / _name.removeprefix("XDG_").lower())

# The same examples on every machine; a slow one on a loaded machine is not a fault.
hypothesis.settings.register_profile(
    "house",
    deadline=None,
    derandomize=True,
    database=None,
    print_blob=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("house")


class _Collected(logging.Handler):
    """Keeps every record of level WARNING and above."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(autouse=True)
def _no_logged_warning(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test during which anything logged a warning, unless it is marked `logs_warnings`."""
    collected = _Collected()
    logging.getLogger().addHandler(collected)
    yield
    logging.getLogger().removeHandler(collected)
    if collected.records and request.node.get_closest_marker("logs_warnings") is None:
        lines = [f"{record.name}: {record.getMessage()}" for record in collected.records]
        pytest.fail("logged during the test:\n" + "\n".join(lines), pytrace=False)


@pytest.fixture(autouse=True)
def _settings_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Give each test empty QSettings, where Qt is loaded at all."""
    qt_core = sys.modules.get("PySide6.QtCore")
    if qt_core is None:
        return
    settings = qt_core.QSettings
    folder = str(tmp_path_factory.mktemp("settings"))
    for form in (settings.Format.NativeFormat, settings.Format.IniFormat):
        settings.setPath(form, settings.Scope.UserScope, folder)


def pytest_sessionfinish() -> None:
    """Leave nothing on the clipboard, where Qt is loaded at all: it would outlive Python."""
    if "PySide6.QtGui" in sys.modules:
        from depmap_gui.gui.offscreen import empty_clipboard

        empty_clipboard()
