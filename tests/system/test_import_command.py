"""`depmap import` as scripts call it."""

import json
from pathlib import Path

import pytest

from depmap_gui.cli.main import run
from depmap_gui.project.file import read_project

LIST = "Supplier,Country,Plant,Item,Annual spend\nMaker Inc.,USA,Works,Foil,1200\n"


def written(folder: Path, text: str, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_plain_list_becomes_a_project(tmp_path, capsys) -> None:
    out = tmp_path / "map.depmap"
    assert run(["import", str(written(tmp_path, LIST)), "-o", str(out)]) == 0
    project = read_project(out)
    assert {entity.name for entity in project.entities.values()} == {
        "Maker Inc.", "Works", "United States",
    }  # fmt: skip
    assert project.header.title == "list"
    told = capsys.readouterr().out
    assert "1 added" in told
    assert f"Wrote {out}." in told


def test_a_dry_run_writes_nothing_and_tells_all_in_json(tmp_path, capsys) -> None:
    path = written(tmp_path, LIST + "Maker Inc.,Atlantis,Works,Cans,many\n\nTotal,,,,1\n")
    assert run(["import", str(path), "--dry-run", "--json"]) == 0
    plain = json.loads(capsys.readouterr().out)
    assert plain["written"] is None
    assert plain["rows"] == {"added": 2, "changed": 0, "unchanged": 0, "skipped": 3, "failed": 0}
    assert [row["reason"] for row in plain["tables"][0]["left_out"]] == [
        "the header", "blank", "a total",
    ]  # fmt: skip
    cells = {problem["cell"] for problem in plain["problems"] if problem["code"] == "cell"}
    assert cells == {"B3", "E3"}
    assert len(plain["files"][0]["sha256"]) == 64
    assert list(tmp_path.glob("*.depmap")) == []


def test_what_is_not_clear_is_said_and_nothing_written(tmp_path, capsys) -> None:
    out = tmp_path / "map.depmap"
    assert run(["import", str(written(tmp_path, "Land,Betrag\nChina,5\n")), "-o", str(out)]) == 2
    told = capsys.readouterr().err
    assert "not clear how it should be read" in told
    assert "--column" in told
    assert not out.exists()


def test_the_command_line_can_decide(tmp_path) -> None:
    out = tmp_path / "map.depmap"
    path = written(tmp_path, "Bezeichner,Land,Betrag\nMaker Inc.,Deutschland,12\n")
    given = [
        "--column",
        "Bezeichner=supplier.name",
        "--column",
        "Betrag=supplies.cost",
        "--set",
        "buyer.name=Works",
        "--template",
        "suppliers",
    ]
    assert run(["import", str(path), "-o", str(out), *given]) == 0
    project = read_project(out)
    (supply,) = [link for link in project.links.values() if link.kind == "supplies"]
    assert (project.name(supply.source), supply.cost) == ("Maker Inc.", 12)


def test_a_mapping_is_saved_and_used_again(tmp_path) -> None:
    mapping, first, second = (tmp_path / name for name in ("m.json", "a.depmap", "b.depmap"))
    assert (
        run(
            [
                "import",
                str(written(tmp_path, LIST)),
                "-o",
                str(first),
                "--save-mapping",
                str(mapping),
            ]
        )
        == 0
    )
    newer = written(tmp_path, LIST.replace("1200", "1500") + "New Inc.,JP,Works,Ink,3\n", "n.csv")
    assert (
        run(
            [
                "import",
                str(newer),
                "--into",
                str(first),
                "-o",
                str(second),
                "--mapping",
                str(mapping),
            ]
        )
        == 0
    )
    project = read_project(second)
    costs = {link.item: link.cost for link in project.links.values() if link.kind == "supplies"}
    assert costs == {"Foil": 1500, "Ink": 3}


def test_rows_that_fail_make_exit_code_1(tmp_path) -> None:
    path = written(tmp_path, "source,target,relation\nA,B,supplies\nA,B,befriends\n")
    assert run(["import", str(path), "-o", str(tmp_path / "map.depmap")]) == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["list.csv"], "Say where to write"),
        (["none.csv", "-o", "new.depmap"], "There is no file"),
        (["list.csv", "-o", "there.depmap"], "exists and would be lost"),
        (["list.csv", "-o", "out.json"], "must end in .depmap"),
        (["list.csv", "-o", "new.depmap", "--sheet", "X"], "has no sheet 'X'"),
        (["list.csv", "-o", "new.depmap", "--set", "buyer.nam=x"], "There is no 'buyer.nam'"),
        (["list.csv", "-o", "new.depmap", "--column", "Q=buyer.name"], "There is no column 'Q'"),
        (["list.csv", "-o", "new.depmap", "--rate", "EUR=x"], "A rate is a number"),
        (["list.csv", "-o", "new.depmap", "--mapping", "list.csv"], "is not a mapping"),
        (["list.csv", "-o", "new.depmap", "--encoding", "klingon"], "no encoding 'klingon'"),
        (["list.csv", "-o", "new.depmap", "--gone-date", "soon"], "'soon' is not a day"),
    ],
)
def test_each_wrong_call_has_its_sentence(
    tmp_path, monkeypatch, capsys, arguments: list[str], sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, LIST)
    written(tmp_path, "{}", "there.depmap")
    assert run(["import", *arguments]) == 2
    told = capsys.readouterr()
    assert sentence in told.err
    assert "Traceback" not in told.err
    assert not Path("new.depmap").exists()


def test_the_benchmark_prints_a_line_a_size(capsys) -> None:
    from depmap_gui.session.bench_tables import tables_benchmark

    tables_benchmark(print, sizes=(50,))
    assert capsys.readouterr().out.splitlines()[-1].split()[0] == "50"
