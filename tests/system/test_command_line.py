"""The command line as others script against it: every sample, every command, every exit code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from depmap_gui.cli.main import run
from depmap_gui.resources import samples

SAMPLES = samples()
EXAMPLE = """{
"format": "depmap",
"version": 1,
"title": "Small example",
"currency": "USD",
"year": 2026,
"basis": "control",
"entities": [
{"id": "cn", "kind": "jurisdiction", "name": "China", "code": "CN"},
{"id": "us", "kind": "jurisdiction", "name": "United States", "code": "US"},
{"id": "maker", "kind": "company", "name": "Maker Inc."},
{"id": "cellco", "kind": "company", "name": "CellCo Ltd."},
{"id": "deal", "kind": "license", "name": "Cell license", "signed": "2023-02-13"},
{"id": "works", "kind": "plant", "name": "Works", "own_ip": 0.3, "products": [{"id": "cells", "name": "LFP cells", "credit": "45x/battery-cell", "units": 20000000}]}
],
"links": [
{"id": "l1", "kind": "located", "source": "cn", "target": "cellco", "role": "incorporated"},
{"id": "l2", "kind": "located", "source": "us", "target": "maker", "role": "incorporated"},
{"id": "l3", "kind": "located", "source": "us", "target": "works", "role": "site"},
{"id": "l4", "kind": "operates", "source": "maker", "target": "works"},
{"id": "l5", "kind": "licenses", "source": "cellco", "target": "deal"},
{"id": "l6", "kind": "uses", "source": "deal", "target": "works", "share": [0.5, 0.6, 0.65]}
],
"sources": [],
"scenarios": [],
"views": []
}
"""  # noqa: E501  # the file's own form: one record a line


@pytest.fixture
def example(tmp_path: Path) -> Path:
    path = tmp_path / "example.depmap"
    path.write_text(EXAMPLE, encoding="utf-8")
    return path


def changed(example: Path, before: str, after: str) -> Path:
    text = example.read_text(encoding="utf-8")
    assert before in text
    example.write_text(text.replace(before, after), encoding="utf-8")
    return example


def scored(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict:
    assert run(["score", "--json", *arguments]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_example_has_the_shares_its_documentation_states(example, capsys) -> None:
    said = scored(capsys, str(example))
    works = said["plants"]["works"]
    assert works["ip"] == pytest.approx({"CN": 0.6, "US": 0.3, "unknown": 0.1})
    assert said["companies"]["cellco"]["attribution"] == {"CN": 1.0}
    assert said["companies"]["cellco"]["status"]["us-obbba"]["sfe"] == "yes"
    assert said["companies"]["maker"]["status"]["us-obbba"]["sfe"] == "no"
    assert said["rule_packs"][0]["id"] == "us-obbba"
    credit = works["credits"][0]
    assert credit["annual_credit"] == pytest.approx(700e6)
    assert (credit["risk"], credit["at_risk"]) == (None, None)
    tests = {test["id"]: test for test in credit["tests"]}
    assert set(tests) == {
        "sfe",
        "fie.single",
        "fie.aggregate",
        "fie.debt",
        "fie.officer",
        "effective_control",
        "macr",
    }
    assert tests["macr"]["threshold"] == pytest.approx(0.60)
    assert tests["macr"]["verdict"] == "unknown"


def test_every_vector_sums_to_one(example, capsys) -> None:
    for path in [example, *SAMPLES]:
        said = scored(capsys, str(path))
        for plant in said["plants"].values():
            vectors = [plant["attribution"], plant["ip"], plant["embedded_ip"]]
            vectors += [vector for vector in plant["inputs"].values() if vector]
            for vector in vectors:
                assert sum(vector.values()) == pytest.approx(1.0, abs=1e-9)


def test_year_basis_and_scenario_are_as_asked(capsys) -> None:
    sample = str(next(path for path in SAMPLES if path.stem == "ford-catl-marshall"))
    base = scored(capsys, sample)
    later = scored(capsys, sample, "--year", "2031", "--basis", "domicile")
    assert (later["year"], later["basis"]) == (2031, "domicile")
    cells = [said["plants"]["marshall"]["credits"][0] for said in (base, later)]
    assert [credit["annual_credit"] for credit in cells] == pytest.approx([700e6, 350e6])
    played = scored(capsys, sample, "--scenario", "sc-modified")
    assert played["scenario"] == "sc-modified"
    verdicts = {
        test["id"]: test["verdict"] for test in played["plants"]["marshall"]["credits"][0]["tests"]
    }
    assert verdicts["effective_control"] == "fail"


def test_samples_give_the_risk_and_the_money_at_risk(capsys) -> None:
    sample = str(next(path for path in SAMPLES if path.stem == "ford-catl-marshall"))
    asked = [sample, "--samples", "60", "--seed", "3"]
    first, again = scored(capsys, *asked), scored(capsys, *asked)
    credits = first["plants"]["marshall"]["credits"]
    assert credits == again["plants"]["marshall"]["credits"]
    for credit in credits:
        assert 0.0 < credit["risk"] < 1.0
        assert credit["at_risk"] == pytest.approx(credit["risk"] * credit["annual_credit"])
    with pytest.raises(SystemExit):
        run(["score", sample, "--samples", "0"])


def test_what_is_open_is_told_in_words_and_an_ended_credit_as_ended(capsys) -> None:
    sample = str(next(path for path in SAMPLES if path.stem == "ford-catl-marshall"))
    assert run(["score", sample, "--year", "2034"]) == 0
    told = capsys.readouterr().out
    assert "LFP cells (45x/battery-cell): ENDED, 0 USD a year" in told
    first, *_ = [line.strip() for line in told.splitlines() if line.strip().startswith("open: ")]
    assert first.startswith("open: Foreign debt; Effective control by contract (")
    assert "Know-how withheld" in first
    assert "fie.debt" not in told
    assert "effective_control." not in told


def test_explain_sums_to_the_score(example, capsys) -> None:
    assert run(["explain", str(example), "works", "--score", "ip", "--json"]) == 0
    tree = json.loads(capsys.readouterr().out)
    assert tree["amount"] == pytest.approx(0.6)
    assert sum(part["amount"] for part in tree["parts"]) == pytest.approx(0.6)
    assert any(part.get("link") == "l6" for part in tree["parts"])


def test_explain_tells_the_range_that_uncertain_quantities_make(example, capsys) -> None:
    # The license's share is 50% to 65%, the operator's own 30%: with what is open 70% at most.
    assert run(["explain", str(example), "works", "--json"]) == 0
    tree = json.loads(capsys.readouterr().out)
    assert (tree["low"], tree["high"], tree["exact"]) == (
        pytest.approx(0.5),
        pytest.approx(0.7),
        True,
    )
    assert run(["explain", str(example), "works", "--jurisdiction", "cn"]) == 0
    assert "50.0000% to 70.0000% (exact)" in capsys.readouterr().out.splitlines()[1]
    assert run(["explain", str(example), "works", "--jurisdiction", "US", "--json"]) == 0
    own = json.loads(capsys.readouterr().out)
    assert own["amount"] == pytest.approx(0.3)
    assert (own["low"], own["high"]) == (pytest.approx(0.3), pytest.approx(0.5))


def test_explain_tells_no_range_where_nothing_is_uncertain(example, capsys) -> None:
    certain = changed(example, "[0.5, 0.6, 0.65]", "0.6")
    assert run(["explain", str(certain), "works", "--json"]) == 0
    assert not {"low", "high", "exact"} & json.loads(capsys.readouterr().out).keys()


def test_explain_takes_an_index_apart_in_points(example, capsys) -> None:
    assert run(["explain", str(example), "works", "--concentration", "ip", "--json"]) == 0
    tree = json.loads(capsys.readouterr().out)
    # 60% Chinese and 30% American technology, the rest unknown.
    assert tree["amount"] == pytest.approx(3_600 + 900)
    assert sum(part["amount"] for part in tree["parts"]) == pytest.approx(tree["amount"])
    assert run(["explain", str(example), "works", "--concentration", "ip"]) == 0
    assert "   4500.0  Concentration of Works" in capsys.readouterr().out
    assert run(["explain", str(example), "maker", "--concentration", "ip"]) == 2
    assert "only plants have an index" in capsys.readouterr().err


def test_explain_takes_names_and_refuses_unknown_ones(example, capsys) -> None:
    assert run(["explain", str(example), "Works"]) == 0
    assert run(["explain", str(example), "Nowhere"]) == 2
    assert "Nowhere" in capsys.readouterr().err


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_samples_have_no_problems(path, capsys) -> None:
    assert run(["check", str(path)]) == 0, capsys.readouterr().out


def test_check_tells_problems_with_exit_code_1(example, capsys) -> None:
    broken = changed(example, '"target": "works", "role": "site"', '"target": "nowhere"')
    assert run(["check", str(broken)]) == 1
    assert "nowhere" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["check", "score"])
@pytest.mark.parametrize(
    "content", [b"", b"{", b"\x00\x01\x02", b"[]", b'{"format": "depmap", "version": 99}']
)
def test_an_unreadable_file_is_told_in_a_sentence(tmp_path, capsys, command, content) -> None:
    path = tmp_path / "broken.depmap"
    path.write_bytes(content)
    assert run([command, str(path)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "broken.depmap" in told.err
    assert "Traceback" not in told.err


def test_a_missing_file_is_told_in_a_sentence(tmp_path, capsys) -> None:
    assert run(["check", str(tmp_path / "none.depmap")]) == 2
    assert "none.depmap" in capsys.readouterr().err


def test_unknown_scenario_pack_and_output_are_told(example, tmp_path, capsys) -> None:
    assert run(["score", str(example), "--scenario", "nope"]) == 2
    assert "nope" in capsys.readouterr().err
    assert run(["score", str(example), "--packs", "no-such-pack"]) == 2
    assert "no-such-pack" in capsys.readouterr().err
    assert run(["export", str(example), "-o", str(tmp_path / "book.doc")]) == 2
    assert ".xlsx" in capsys.readouterr().err
    assert not (tmp_path / "book.doc").exists()
    assert run(["export", str(example), "-o", str(tmp_path / "no" / "book.xlsx")]) == 2
    assert "book.xlsx" in capsys.readouterr().err


@pytest.mark.parametrize("scale", ["200", "0", "nan"])
def test_screens_are_drawn_at_no_impossible_scale(tmp_path, capsys, scale) -> None:
    assert run(["screens", "-o", str(tmp_path / "made"), "--scale", scale]) == 2
    assert "A scale lies in 0.5 to 4: 2 is 200%" in capsys.readouterr().err
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_render_writes_each_format(example, tmp_path, ending) -> None:
    out = tmp_path / f"map.{ending}"
    assert run(["render", str(example), "-o", str(out)]) == 0
    starts = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}
    assert out.read_bytes().startswith(starts[ending])


def test_export_writes_a_workbook(example, tmp_path) -> None:
    out = tmp_path / "book.xlsx"
    assert run(["export", str(example), "-o", str(out)]) == 0
    assert out.read_bytes().startswith(b"PK")


def test_it_runs_as_a_program_and_says_usage_errors_plainly(example) -> None:
    program = [sys.executable, "-m", "depmap_gui"]
    scored = subprocess.run(
        [*program, "score", str(example)], capture_output=True, text=True, check=False
    )
    assert scored.returncode == 0, scored.stderr
    assert "Works" in scored.stdout
    refused = subprocess.run([*program, "fly"], capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "Traceback" not in refused.stderr
