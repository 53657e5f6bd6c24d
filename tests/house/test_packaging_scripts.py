"""The scripts that set up a checkout: they run before anything is installed."""

import ast
import os
import sys
from pathlib import Path

import pytest
from source_tree import ROOT

sys.path.insert(0, str(ROOT / "packaging"))

import dev
import frozen_check
import system_packages
from system_packages import Package

SCRIPTS = ["dev.py", "frozen_check.py", "system_packages.py"]


@pytest.mark.parametrize("name", SCRIPTS)
def test_they_need_nothing_but_the_standard_library(name: str) -> None:
    tree = ast.parse((ROOT / "packaging" / name).read_text(encoding="utf-8"))
    imported = set()
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                imported |= {alias.name.split(".")[0] for alias in names}
            case ast.ImportFrom(module=str(module)):
                imported.add(module.split(".")[0])
            case _:
                pass
    assert imported <= sys.stdlib_module_names | {"system_packages"}


def test_an_older_python_can_read_on_to_the_sentence_it_gets() -> None:
    for name in ("dev.py", "system_packages.py"):
        text = (ROOT / "packaging" / name).read_text(encoding="utf-8")
        ast.parse(text, feature_version=(3, 9))
        assert "from __future__ import annotations" in text


def test_all_steps_run_and_one_failure_fails_the_whole(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    mark = tmp_path / "mark"
    fails: dev.Step = ("first", [sys.executable, "-c", "raise SystemExit(3)"])
    works: dev.Step = ("second", [sys.executable, "-c", f"open({str(mark)!r}, 'w').close()"])
    assert dev.report([fails, works]) == 1
    assert mark.exists()
    assert dev.report([works]) == 0
    printed = capfd.readouterr().out
    assert "first: FAILED (exit code 3)" in printed
    assert "second: passed" in printed


def test_the_environment_is_made_anew_when_what_it_rests_on_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = tmp_path / "some.lock"
    lock.write_text("numpy==2.4.6", encoding="utf-8")
    before = dev.fingerprint(lock)
    assert dev.fingerprint(lock) == before
    lock.write_text("numpy==2.4.7", encoding="utf-8")
    assert dev.fingerprint(lock) != before
    monkeypatch.setattr(sys, "base_prefix", str(tmp_path))
    assert not dev.fingerprint(lock).startswith(before.splitlines()[0])


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="displays of X11 and Wayland")
def test_a_display_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert not dev.has_display()
    monkeypatch.setenv("DISPLAY", ":7")
    assert dev.has_display()
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert not dev.has_display()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="system packages are Linux's")
def test_what_is_missing_is_told_from_what_is_there(tmp_path: Path) -> None:
    there = [Package("libc6", library="libc.so.6"), Package("sh", program="sh")]
    there.append(Package("a-file", file=str(tmp_path)))
    absent = [Package("no-lib", library="libno-such-thing.so.9"), Package("x", program="no-such")]
    absent.append(Package("no-file", file=str(tmp_path / "none")))
    assert system_packages.missing([*there, *absent]) == absent


def test_without_a_way_to_install_the_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    absent = Package("no-such-program", program="depmap-no-such-program")
    monkeypatch.setattr(system_packages, "apt_get", lambda: None)
    monkeypatch.setattr(sys, "platform", "linux")
    assert system_packages.ensure([absent]) == ["no-such-program"]


@pytest.mark.skipif(os.name == "nt", reason="the stand-in for the program is a shell script")
@pytest.mark.parametrize(("code", "expected"), [(0, 0), (4, 1)])
def test_the_frozen_program_is_tried_in_an_empty_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, expected: int
) -> None:
    program = tmp_path / "depmap"
    program.write_text(
        '#!/bin/sh\n[ "$1" = self-test ] && [ -z "$(ls -A "$HOME")" ] && '
        f'[ -z "$PYTHONPATH$QT_QPA_PLATFORM" ] && exit {code}\nexit 9\n',
        encoding="utf-8",
    )
    program.chmod(0o755)
    monkeypatch.setenv("DISPLAY", ":7")
    monkeypatch.setenv("PYTHONPATH", "somewhere")
    assert frozen_check.main([str(tmp_path)]) == expected


def test_a_folder_without_the_program_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert frozen_check.main([str(tmp_path)]) == 2
    assert "There is no built program" in capsys.readouterr().err
