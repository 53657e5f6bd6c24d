"""Summary below its table: how to read it, the chart, and the picture of the map."""

from __future__ import annotations

from io import BytesIO

from xlsxwriter.worksheet import Worksheet

from depmap_gui.exchange.sheets.book import ACCENT, BAD, MUTED_FONT, Book
from depmap_gui.exchange.sheets.layout import Layout
from depmap_gui.exchange.sheets.picture import pixels

_CHART_PLANTS = 40
_PICTURE_WIDTH = 1150
_PICTURE_HEIGHT = 840
"""The map's picture ends on the first page of a summary of few products."""

_READING_IP = (
    "IP: share of the plant's technology that is the focus jurisdiction's; at most, if all that is "
    "not known were too. Inputs: share of the costs of what the plant buys that is made by its "
    "companies, first tier."
)
_READING_CREDIT = (
    "Cost ratio: share of direct material cost that no prohibited foreign entity made. Credit a "
    "year: units x rate x phase-out, before any risk. An empty cell is unknown, never zero."
)
_READING_STATUS = (
    "Statuses of companies come from the program's rules; change them on Companies to see what "
    "follows. "
)


def write_notes(book: Book, sheet: Worksheet, layout: Layout, row: int) -> int:
    """How to read the figures, in a few lines."""
    declared = sum(
        len(status.declared)
        for statuses in layout.facts.assessment.law.companies.values()
        for status in statuses.values()
    )
    declaring = "None is declared by the analyst."
    if declared:
        declaring = f"{declared} declared by the analyst, not computed: see Companies."
    lines = (
        _READING_IP,
        _READING_CREDIT,
        _READING_STATUS + declaring,
        _reading_risk(layout),
        "Blue on yellow: input. Black: formula. Green: from another sheet.",
    )
    style = book.format(font_color=MUTED_FONT)
    for offset, text in enumerate(lines):
        sheet.write_string(row + offset, 0, text, style)
    return row + len(lines) + 1


def _reading_risk(layout: Layout) -> str:
    """Where the risks come from."""
    drawn = [each.samples for each in layout.facts.risks.values()]
    if not drawn:
        return "Risk: none was sampled for this workbook; type one to see the money at risk."
    return (
        f"Risk: share of {max(drawn):,} samples of what the map leaves uncertain in which a test "
        "fails. Money at risk: risk x credit a year. It does not move by itself with other inputs."
    )


def write_chart(book: Book, sheet: Worksheet, layout: Layout, row: int) -> int:
    ip = layout["ip"]
    if ip.count == 0:
        return row
    shown = min(ip.count, _CHART_PLANTS)
    last = ip.first + shown - 1
    chart = book.file.add_chart({"type": "bar", "subtype": "stacked"})
    series = (
        ("documented", "Documented", {"fill": {"color": BAD}}),
        ("not_known", "Not known", {"pattern": {"pattern": "wide_upward_diagonal",
                                                "fg_color": "#98A2B3", "bg_color": "#FFFFFF"}}),
    )  # fmt: skip
    for key, name, fill in series:
        column = ip.column(key)
        chart.add_series({
            "name": name,
            "categories": [ip.sheet, ip.first, ip.column("plant"), last, ip.column("plant")],
            "values": [ip.sheet, ip.first, column, last, column],
            "gap": 60,
            "border": {"color": "#667085", "width": 0.5},
            **fill,
        })  # fmt: skip
    font = {"name": "Calibri", "size": 10, "bold": False}
    chart.set_title({
        "name": "Share of each plant's technology that is the focus jurisdiction's",
        "name_font": {"name": "Calibri", "size": 12, "bold": True, "color": "#1C2430"},
        "overlay": False,
    })  # fmt: skip
    lines = {"visible": True, "line": {"color": "#E1E4EA"}}
    across = {"name": "Share of the technology base", "name_font": font, "num_font": font}
    chart.set_x_axis({**across, "min": 0, "max": 1, "num_format": "0%", "major_gridlines": lines})
    down = {"name": "Plant", "name_font": font, "num_font": font}
    chart.set_y_axis({**down, "reverse": True, "crossing": "max"})
    chart.set_legend({"position": "bottom", "font": font})
    height = 190 + 34 * shown
    chart.set_size({"width": 760, "height": height})
    about = "Share of each plant's technology that is the focus jurisdiction's"
    sheet.insert_chart(row, 0, chart, {"description": about, "object_position": 3})
    return row + height // 18 + 2


def write_picture(book: Book, sheet: Worksheet, picture: bytes | None, row: int) -> None:
    if picture is None:
        return
    sheet.write_string(row, 0, "The map", book.format(bold=True, font_size=12, font_color=ACCENT))
    size = pixels(picture)
    factor = 1.0
    if size is not None:
        factor = min(1.0, _PICTURE_WIDTH / max(1.0, size[0]), _PICTURE_HEIGHT / max(1.0, size[1]))
    sheet.insert_image(row + 1, 0, "map.png", {
        "image_data": BytesIO(picture), "x_scale": factor, "y_scale": factor,
        "description": "The dependency map", "object_position": 3,
    })  # fmt: skip
