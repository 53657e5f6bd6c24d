"""`depmap sensitivity`, and what `depmap score` says of ranges, samples and single points."""

from __future__ import annotations

import json

import pytest

from depmap_gui.cli.main import run
from depmap_gui.resources import sample

FORD = str(sample("ford-catl-marshall"))


def told(capsys, *arguments) -> dict:
    assert run([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_scores_come_with_their_ranges(capsys) -> None:
    found = told(capsys, "score", FORD)
    plant = found["plants"]["marshall"]
    # The license's share is 70-85-90%, the operator's own 10%, the rest is not documented.
    assert plant["ip_range"] == {"CN": [0.7, 0.9], "US": [0.1, 0.3], "unknown": [0.0, 0.2]}
    assert plant["ip"]["CN"] == 0.85
    assert found["range_exact"]["ip"] is True
    assert found["range_notes"] == []
    assert "license" in [each["entity"] for each in plant["stops_without"]]
    low, high = plant["hhi_range"]["ip"]
    assert low <= plant["hhi"]["ip"][0] <= plant["hhi"]["ip"][1] <= high
    assert "distribution" not in plant


def test_samples_spread_a_share_of_a_jurisdiction(capsys) -> None:
    asked = ("score", FORD, "--samples", "400", "--seed", "5")
    found = told(capsys, *asked)["plants"]["marshall"]["distribution"]["ip"]["CN"]
    assert 0.7 <= found["documented"]["least"] <= found["documented"]["p50"] <= 0.9
    assert sum(found["documented"]["bins"]["counts"]) == found["samples"] == 400
    again = told(capsys, *asked)["plants"]["marshall"]["distribution"]
    assert again["ip"]["CN"] == found
    other = told(capsys, *asked, "--jurisdiction", "US")["plants"]["marshall"]["distribution"]
    assert list(other["ip"]) == ["US"]


def test_the_text_tells_ranges_and_samples(capsys) -> None:
    assert run(["score", FORD, "--samples", "50"]) == 0
    text = capsys.readouterr().out
    assert "BlueOval Marshall, ip: CN 85.0% (70.0% to 90.0%)" in text
    assert "in 50 samples (seed 1)" in text
    assert text.rstrip().endswith("not legal advice.")


def test_a_score_is_asked_for_its_ranges_and_missing_facts(capsys) -> None:
    found = told(capsys, "sensitivity", FORD, "marshall")
    assert (found["low"], found["mode"], found["high"]) == (0.7, 0.85, 0.9)
    assert found["exact"] is True
    (only,) = found["tornado"]["bars"]
    assert (only["at_low"], only["at_high"]) == (0.7, 0.9)
    assert only["where"] == {"id": "l-license-marshall", "field": "share"}
    rest = next(fact for fact in found["missing_facts"] if fact["kind"] == "rest")
    assert rest["narrowing"] == 0.2
    assert [trial["low"] for trial in rest["trials"]] == [0.9, 0.7]
    assert run(["sensitivity", FORD, "BlueOval Marshall"]) == 0
    text = capsys.readouterr().out
    assert "documented 85.0%, range 70.0% to 90.0% (exact)" in text
    assert "What to find out next" in text


def test_a_products_test_is_asked(capsys) -> None:
    found = told(capsys, "sensitivity", FORD, "marshall", "--product", "cells")
    assert found["question"]["test"] == "macr"
    assert found["verdict"] == "uncertain"
    assert found["tornado"]["threshold"] == 0.6
    assert found["missing_facts"][0]["settles"]
    assert run(["sensitivity", FORD, "marshall", "--product", "cells", "--test", "fie.debt"]) == 0
    assert "who holds the debt" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["sensitivity", FORD, "nobody"], "no item 'nobody'"),
        (["sensitivity", FORD, "marshall", "--jurisdiction", "FR"], "no jurisdiction 'FR'"),
        (["sensitivity", FORD, "marshall", "--score", "debt"], "has no debt"),
        (["sensitivity", FORD, "marshall", "--test", "macr"], "--product"),
        (["sensitivity", FORD, "marshall", "--product", "cells", "--test", "x"], "no test 'x'"),
        (["sensitivity", FORD, "catl", "--product", "cells"], "is no plant"),
        (["score", FORD, "--jurisdiction", "FR"], "no jurisdiction 'FR'"),
    ],
)
def test_what_does_not_fit_is_one_sentence(arguments, said, capsys) -> None:
    assert run(arguments) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err
    assert "Traceback" not in told.err
