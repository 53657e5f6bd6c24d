"""Rule packs as files: the shipped one is sound and cited, each fault is told with its place."""

from __future__ import annotations

import re
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from law_maps import PACK, pack

from depmap_gui.resources import resource
from depmap_gui.rules.faults import LineIndex, PackError
from depmap_gui.rules.loader import find_pack, load_pack
from depmap_gui.rules.pack import Certainty, Standing
from depmap_gui.rules.shelves import look_into

BROKEN = Path(__file__).parents[2] / "broken_packs"
SOUND = BROKEN / "sound"
FAULTS = sorted(path for path in BROKEN.iterdir() if path.is_dir() and path != SOUND)


def small_pack(folder: Path) -> Path:
    """A copy of the sound small pack."""
    return Path(shutil.copytree(SOUND, folder / "small"))


def test_sound_pack_loads() -> None:
    loaded = load_pack(SOUND)
    assert loaded.id == "small"
    assert loaded.number("threshold", date(2026, 12, 31)) == 0.60
    assert loaded.number("threshold", date(2027, 1, 1)) == 0.65
    assert loaded.value("threshold", date(2025, 12, 31)) is None
    with pytest.raises(KeyError):
        loaded.value("no such parameter", date(2026, 1, 1))


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_fault_is_told_with_file_and_line(fault: Path, tmp_path: Path) -> None:
    """The small pack with the folder's files in place of its own gives the expected sentences."""
    folder = small_pack(tmp_path)
    for file in fault.glob("*.toml"):
        shutil.copy(file, folder)
    with pytest.raises(PackError) as raised:
        load_pack(folder)
    told = [str(each) for each in raised.value.faults]
    assert told == (fault / "expected.txt").read_text("utf-8").splitlines()
    assert told
    assert all(line in str(raised.value) for line in told)


def test_there_is_a_fault_for_each_kind() -> None:
    assert len(FAULTS) >= 40


def test_folder_without_identity_is_no_pack(tmp_path: Path) -> None:
    folder = small_pack(tmp_path)
    (folder / "pack.toml").unlink()
    with pytest.raises(PackError, match=r"The folder small has no pack\.toml"):
        load_pack(folder)


def test_file_that_is_not_utf8_says_where(tmp_path: Path) -> None:
    folder = small_pack(tmp_path)
    text = (folder / "lists.toml").read_text("utf-8")
    (folder / "lists.toml").write_bytes(
        text.replace("Someone", "Soci\u00e9t\u00e9").encode("latin-1")
    )
    with pytest.raises(PackError) as raised:
        load_pack(folder)
    place = text.index("Someone") + len("Soci")
    assert [str(fault) for fault in raised.value.faults] == [
        f"lists.toml, line 1: lists.toml is not UTF-8 text (byte {place}); save it as UTF-8."
    ]


def test_unknown_pack_names_those_there_are() -> None:
    with pytest.raises(PackError, match=r"no rule pack 'us-nothing'.*us-obbba"):
        find_pack("us-nothing")


def test_own_pack_stands_in_place_of_the_shipped_one(tmp_path: Path) -> None:
    own = tmp_path / PACK
    shutil.copytree(SOUND, own)
    identity = own / "pack.toml"
    identity.write_text(identity.read_text("utf-8").replace('"small"', f'"{PACK}"'), "utf-8")
    assert look_into().packs[PACK].folder != own
    assert look_into([tmp_path]).packs[PACK].folder == own
    assert find_pack(PACK, [tmp_path]).title == "A small pack"
    assert look_into([tmp_path / "missing"]).packs == look_into().packs


def test_lines_of_keys_tables_and_rows() -> None:
    text = (
        '# a comment\n[[one]]\nid = "a"\nlong = """\nid = "not a key"\n"""\nrows = [\n'
        '  { from = 1, to = 2 },\n\n  # a remark\n  { from = 3 },\n]\n[[one]]\nid = "b"\n'
    )
    index = LineIndex(text)
    assert index.line(("one", 0)) == 2
    assert index.line(("one", 0, "id")) == 3
    assert index.line(("one", 0, "long")) == 4
    assert index.line(("one", 0, "rows", 0, "to")) == 8
    assert index.line(("one", 0, "rows", 1, "from")) == 11
    assert index.line(("one", 0, "rows", 1, "missing")) == 11
    assert index.line(("one", 1, "id")) == 14
    assert index.line(("nowhere",)) == 1


# ------------------------------------------------------------------------------- us-obbba


def test_every_value_of_the_shipped_pack_cites_its_law() -> None:
    law = pack()
    cited = [value.citation for parameter in law.parameters.values() for value in parameter.values]
    for table in (law.lists, law.credits, law.tests, law.flags, law.exceptions, law.questions):
        cited += [entry.citation for entry in table.values()]
    assert len(cited) > 150
    assert all(re.search(r"USC|CFR|P\.L\.|NDAA", citation) for citation in cited)


@pytest.mark.parametrize(
    ("parameter", "by_year"),
    [
        ("macr.facility", {2026: 40, 2027: 45, 2028: 50, 2029: 55, 2030: 60, 2035: 60}),
        ("macr.storage", {2026: 55, 2027: 60, 2028: 65, 2029: 70, 2030: 75, 2035: 75}),
        ("macr.solar", {2026: 50, 2027: 60, 2028: 70, 2029: 80, 2030: 85, 2035: 85}),
        ("macr.wind", {2026: 85, 2027: 90, 2028: None}),
        ("macr.inverter", {2026: 50, 2027: 55, 2028: 60, 2029: 65, 2030: 70, 2035: 70}),
        ("macr.battery", {2025: None, 2026: 60, 2027: 65, 2028: 70, 2029: 80, 2030: 85, 2040: 85}),
        ("macr.critical-mineral", {2026: 0, 2029: 0, 2030: 25, 2031: 30, 2032: 40, 2033: 50}),
        ("phase-out.45x", {2029: 100, 2030: 75, 2031: 50, 2032: 25, 2033: 0, 2050: 0}),
        ("phase-out.45x-mineral", {2030: 100, 2031: 75, 2032: 50, 2033: 25, 2034: 0}),
        ("phase-out.45x-wind", {2027: 100, 2028: 0}),
        ("phase-out.45x-metallurgical-coal", {2029: 100, 2030: 0}),
        ("phase-out.45y-48e", {2033: 100, 2034: 75, 2035: 50, 2036: 0}),
    ],
)
def test_parameter_by_year(parameter: str, by_year: dict[int, int | None]) -> None:
    """The figures of 26 USC 7701(a)(52)(B)-(C), 45X(b)(3), 45Y(d), by both ends of the year."""
    for year, percent in by_year.items():
        for day in (date(year, 1, 1), date(year, 12, 31)):
            expected = None if percent is None else percent / 100
            assert pack().number(parameter, day) == expected


def test_rates_of_section_45x() -> None:
    """26 USC 45X(b)(1)-(2)."""
    day = date(2026, 12, 31)
    rates = {
        "battery-cell": 35,
        "battery-module": 10,
        "battery-module.no-cells": 45,
        "electrode-active-material": 0.10,
        "critical-mineral": 0.10,
        "metallurgical-coal": 0.025,
        "solar-cell": 0.04,
        "solar-wafer": 12,
        "solar-polysilicon": 3,
        "solar-backsheet": 0.40,
        "solar-module": 0.07,
        "wind-blade": 0.02,
        "wind-nacelle": 0.05,
        "wind-tower": 0.03,
        "torque-tube": 0.87,
        "structural-fastener": 2.28,
        "inverter-central": 0.0025,
        "inverter-utility": 0.015,
        "inverter-commercial": 0.02,
        "inverter-residential": 0.065,
        "inverter-micro": 0.11,
    }
    for name, rate in rates.items():
        assert pack().number(f"rate.{name}", day) == rate


def test_dates_of_listed_persons() -> None:
    """CATL on 1260H since January 2025, BYD and EVE only since 2026-06-08, YMTC off it."""
    persons = {person.aliases[0]: person for person in pack().lists["dod-1260h"].persons}
    added = date(2026, 6, 8)
    for name in ("BYD", "EVE Energy"):
        assert not persons[name].listed_on(added - timedelta(days=1))
        assert persons[name].listed_on(added)
    assert persons["CATL"].listed_on(date(2025, 1, 7))
    assert not persons["YMTC"].listed_on(date(2026, 2, 17))
    assert persons["YMTC"].listed_on(date(2026, 2, 16))
    assert len(pack().lists["ndaa-154b"].persons) == 6


def test_only_lists_of_the_statute_decide() -> None:
    deciding = {listing.id for listing in pack().lists.values() if listing.decides == "sfe"}
    assert deciding == {"ndaa-154b", "dod-1260h", "uflpa", "ofac-sdn"}
    assert {"bis-entity-list", "bis-meu"} <= set(pack().lists)


def test_flags_cover_the_statute_and_the_terms_of_a_license() -> None:
    flags = pack().flags
    letters = ["II-aa", "II-bb", "II-cc", "II-dd", "II-ee", "II-ff"]
    assert list(flags) == [*letters, "AA", "BB", "CC", "DD", "EE", "FF", "GG"]
    assert {flag.term for flag in flags.values() if flag.term} == {
        "sourcing",
        "operation",
        "limits_use",
        "output_quantity",
        "generation_timing",
        "output_buyers",
        "facility_buyers",
        "data_access",
        "exclusive_maintenance",
        "withholds_knowhow",
    }
    assert all(flags[letter].standing is Standing.INTERIM for letter in letters)
    assert all(flag.question.endswith("?") and flag.cure for flag in flags.values())


def test_questions_have_words_for_reports() -> None:
    for question in pack().questions.values():
        assert question.certainty is Certainty.OPEN
        assert pack().title_of(f"question.{question.id}") == question.title
    assert pack().title_of("effective_control.EE") == "Services period"
    assert pack().title_of("fie.debt") == "Foreign debt"
    assert pack().title_of("fie.undisclosed") == "undisclosed holders"
    assert pack().title_of("something else") == "something else"


def test_pack_is_shipped_as_a_resource() -> None:
    assert look_into().packs[PACK].folder == resource("rules", PACK)
    assert pack().id == PACK
