"""The PDF itself: its words are found again and are the figures of `score --json`."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

from depmap_gui.analysis.context import Canceled
from depmap_gui.analysis.sample_maps import random_map
from depmap_gui.cli.score_json import assessment_json
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Plant
from depmap_gui.gui.report.paper import Paper, usual_paper
from depmap_gui.gui.report.pdf import report_pdf
from depmap_gui.resources import samples
from depmap_gui.session.export import SAMPLES
from depmap_gui.session.report import ReportOptions
from depmap_gui.session.report_values import ReportPart
from depmap_gui.session.session import Session, score
from depmap_gui.session.uncertainty import sample_risks

READER = shutil.which("pdftotext")
needs_reader = pytest.mark.skipif(READER is None, reason="poppler (pdftotext) is not installed")
DAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def _american() -> object:
    """Figures as the oracle below writes them."""
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    yield
    QLocale.setDefault(before)


def sample(name: str) -> Project:
    path = next(path for path in samples() if name in path.stem)
    return Session.open(path).document.snapshot()


def pdf(project: Project, paper: Paper = Paper.A4, **options: object) -> bytes:
    request = Session(project).request()
    asked = ReportOptions(**options)  # type: ignore[arg-type]  # a test's own options
    return report_pdf(request, score(request), asked, paper, DAY)


def words_of(content: bytes, folder: Path) -> list[str]:
    """The words of each page, spaces made one."""
    path = folder / "report.pdf"
    path.write_bytes(content)
    assert READER is not None
    # The reader works through a file of the test's own and writes to standard output.
    done = subprocess.run(
        [READER, "-enc", "UTF-8", "-layout", str(path), "-"], capture_output=True, check=True
    )
    pages = done.stdout.decode("utf-8").split("\f")[:-1]
    return [" ".join(page.split()) for page in pages]


def percent(share: float) -> str:
    """A share to one decimal, without a decimal that says nothing: by hand, for the oracle."""
    text = f"{100 * share:.1f}"
    return f"{text.removesuffix('.0')}%"


@needs_reader
@pytest.mark.parametrize("name", ["ford", "t1", "truck"])
def test_the_words_are_the_figures_of_score_json(
    qapp: QApplication, name: str, tmp_path: Path
) -> None:
    project = sample(name)
    request = Session(project).request()
    risks = sample_risks(request, SAMPLES, 1)
    plain = assessment_json(score(request), request.project, risks)
    # The picture of the map carries figures of its own.
    parts = frozenset(ReportPart) - {ReportPart.MAP}
    pages = words_of(pdf(project, parts=parts), tmp_path)
    text = " ".join(pages)
    assert plain["title"] in text
    assert f"Tax year {plain['year']}" in text
    for pack in plain["rule_packs"]:
        assert f"({pack['id']}), version {pack['version']} of {pack['date']}" in text
    for id, plant in plain["plants"].items():
        record = project.entities[id]
        assert isinstance(record, Plant)
        assert record.name in text
        documented = plant["ip"].get("CN", 0.0)
        assert f"{percent(documented)} documented" in text
        assert f"{percent(documented + plant['ip'].get('unknown', 0.0))} at most" in text
        for credit in plant["credits"]:
            state = credit["status"].capitalize()
            assert f"{state} " in text
            assert f"${credit['annual_credit'] / 1e6:.0f}M a year" in text
            assert f"${credit['at_risk'] / 1e6:.3g}M at risk" in text
            assert f"{percent(credit['risk'])} of 1,000 samples" in text
            for test in credit["tests"]:
                if test["low"] is None:
                    continue
                figures = [percent(test["low"]), percent(test["high"])]
                if test["low"] != test["high"]:
                    figures = [f"{figures[0].removesuffix('%')}–{figures[1]}"]
                assert figures[0] in text
                assert percent(test["threshold"]) in text


@needs_reader
def test_every_page_says_what_it_is_and_which_law(qapp: QApplication, tmp_path: Path) -> None:
    pages = words_of(pdf(sample("ford")), tmp_path)
    assert len(pages) >= 4
    for number, page in enumerate(pages, start=1):
        assert "An aid to analysis, not legal advice." in page
        assert re.search(r"Rule packs: us-obbba \d{4}\.\d\d\.\d\d", page)
        assert f"Page {number} of {len(pages)}" in page


@needs_reader
def test_a_scenario_and_a_year_are_named(qapp: QApplication, tmp_path: Path) -> None:
    project = sample("ford")
    request = Session(project).request(year=2028, scenario="sc-cathode")
    content = report_pdf(request, score(request), ReportOptions(), Paper.A4, DAY)
    pages = words_of(content, tmp_path)
    assert "Scenario Cathode from outside China" in pages[0]
    assert "Tax year 2028" in pages[0]
    # A name is written as it was given, above the picture as well.
    assert "The map · tax year 2028 · Cathode from outside China" in pages[0]


@needs_reader
def test_an_empty_map_makes_one_page_that_says_so(qapp: QApplication, tmp_path: Path) -> None:
    (page,) = words_of(pdf(Project()), tmp_path)
    assert "There is no plant on this map" in page
    assert "This map cites no source." in page


@needs_reader
def test_a_large_map_makes_a_short_report(qapp: QApplication, tmp_path: Path) -> None:
    project = random_map(700, loops=False, seed=4)
    pages = words_of(pdf(project), tmp_path)
    assert len(pages) < 25
    assert "other plants are in the workbook" in " ".join(pages)


def test_letters_are_embedded_and_the_document_is_described(qapp: QApplication) -> None:
    content = pdf(sample("t1"))
    assert content.startswith(b"%PDF")
    fonts = content.count(b"/Type /FontDescriptor")
    assert fonts > 0
    assert content.count(b"/FontFile") == fonts
    assert "T1 Energy – Trina: G1 Dallas".encode("utf-16-be") in content
    assert "DepMap".encode("utf-16-be") in content
    assert b"/Author ()" in content


def test_the_same_map_makes_the_same_pages(qapp: QApplication) -> None:
    project = sample("t1")

    def streams(content: bytes) -> list[bytes]:
        return re.findall(rb"stream\r?\n(.*?)endstream", content, flags=re.DOTALL)[:-1]

    first, second = pdf(project), pdf(project)
    pages = [stream for stream in streams(first) if not stream.startswith(b"<?xpacket")]
    again = [stream for stream in streams(second) if not stream.startswith(b"<?xpacket")]
    assert pages == again
    assert len(pages) > 5


@pytest.mark.parametrize(("paper", "size"), [(Paper.A4, (595, 842)), (Paper.LETTER, (612, 792))])
def test_the_paper_is_as_asked(qapp: QApplication, paper: Paper, size: tuple[int, int]) -> None:
    found = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf(sample("t1"), paper))
    assert found
    assert {(round(float(w)), round(float(h))) for w, h in found} == {size}


def test_the_usual_paper_follows_the_locale(qapp: QApplication) -> None:
    assert usual_paper() is Paper.LETTER
    QLocale.setDefault(QLocale(QLocale.Language.German, QLocale.Country.Germany))
    assert usual_paper() is Paper.A4


def test_it_is_canceled_between_pages(qapp: QApplication) -> None:
    class Stopped:
        def progress(self, fraction: float, what: str) -> None:
            if what == "Page 2":
                raise Canceled

    request = Session(sample("t1")).request()
    with pytest.raises(Canceled):
        report_pdf(request, score(request), ReportOptions(), Paper.A4, DAY, context=Stopped())


@needs_reader
def test_the_picture_is_the_map_as_lines_and_words(qapp: QApplication, tmp_path: Path) -> None:
    drawn = pdf(sample("t1"), parts=frozenset({ReportPart.MAP}))
    # The name of a license that nobody uses stands nowhere else on the summary page.
    assert "Trina technology license" in " ".join(words_of(drawn, tmp_path))
    assert b"/Subtype /Image" not in drawn
    without = pdf(sample("t1"), parts=frozenset())
    assert "Trina technology license" not in " ".join(words_of(without, tmp_path))


def test_a_map_beyond_reading_is_drawn_as_pixels(qapp: QApplication) -> None:
    project = random_map(2_000, loops=False, seed=4)
    assert len(project.entities) > 600
    assert b"/Subtype /Image" in pdf(project, parts=frozenset({ReportPart.MAP}), samples=0)


@needs_reader
def test_another_jurisdiction_is_told_of_where_asked(qapp: QApplication, tmp_path: Path) -> None:
    (page, *_) = words_of(pdf(sample("ford"), jurisdiction="US", parts=frozenset()), tmp_path)
    assert "The US-IP share of BlueOval Marshall is 10% as documented, 15% at most." in page
