"""The program finds its files in a checkout, in a wheel and in a frozen bundle alike."""

import shutil
import sys
from pathlib import Path

import pytest
from source_tree import ROOT

from depmap_gui import resources


def installed(folder: Path) -> None:
    """Lay resources and samples out under `folder` as a wheel does."""
    package = folder / "depmap_gui"
    shutil.copytree(ROOT / "sample_projects", package / "_samples")
    (package / "_resources" / "icons").mkdir(parents=True)
    (package / "_resources" / "icons" / "plant.svg").write_text("<svg/>", encoding="utf-8")


def test_in_a_checkout() -> None:
    assert resources.resource() == ROOT / "resources"
    assert resources.sample("ford-catl-marshall").parent == ROOT / "sample_projects"


def test_in_a_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(tmp_path)
    monkeypatch.setattr(resources, "__file__", str(tmp_path / "depmap_gui" / "resources.py"))
    inside = tmp_path / "depmap_gui"
    assert resources.resource("icons", "plant.svg") == inside / "_resources/icons/plant.svg"
    assert {path.parent for path in resources.samples()} == {inside / "_samples"}


def test_in_a_frozen_bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(tmp_path)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    inside = tmp_path / "depmap_gui"
    assert resources.resource("icons", "plant.svg") == inside / "_resources/icons/plant.svg"
    assert {path.parent for path in resources.samples()} == {inside / "_samples"}


def test_samples_are_sorted_and_all_there() -> None:
    found = resources.samples()
    assert found == sorted((ROOT / "sample_projects").glob("*.depmap"))
    assert [path.stem for path in found].count("ford-catl-marshall") == 1


def test_a_sample_is_found_with_and_without_its_ending() -> None:
    assert resources.sample("ford-catl-marshall") == resources.sample("ford-catl-marshall.depmap")


def test_a_missing_file_is_told_in_a_sentence() -> None:
    with pytest.raises(FileNotFoundError, match="installing DepMap again puts it back"):
        resources.resource("icons", "no-such-icon.svg")
    with pytest.raises(FileNotFoundError, match=r"no-such-map\.depmap"):
        resources.sample("no-such-map")
