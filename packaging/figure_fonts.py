"""Make the fonts that figures of the report are set in, from the Inter fonts beside them.

    python3 -m pip install fonttools && python3 packaging/figure_fonts.py

They hold Inter's figures of one width in the place of its usual ones, so that columns of numbers
line up and a reader of the PDF still finds and copies each digit: digits that are swapped in by
a font feature have no letter that they stand for in a PDF.
"""

from __future__ import annotations

from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parents[1] / "resources" / "fonts"
FAMILY = "Inter Figures"
WEIGHTS = ("Regular", "SemiBold")
_SIGNS = "–−·…→≈≤≥€₩₹"
LETTERS = [*range(0x20, 0x7F), *range(0xA0, 0x100), *map(ord, _SIGNS)]


def main() -> None:
    """Write one font of figures for each weight."""
    for weight in WEIGHTS:
        font = TTFont(FONTS / f"Inter-{weight}.otf")
        narrow_to_one_width(font)
        options = Options(layout_features=[], name_IDs=[1, 2, 4, 6, 16, 17], notdef_outline=True)
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=LETTERS)
        subsetter.subset(font)
        rename(font, weight)
        font.save(FONTS / f"InterFigures-{weight}.otf")


def narrow_to_one_width(font: TTFont) -> None:
    """Have each letter stand for its form of one width, where it has one."""
    table = font["GSUB"].table
    lookups = {
        number
        for record in table.FeatureList.FeatureRecord
        if record.FeatureTag == "tnum"
        for number in record.Feature.LookupListIndex
    }
    swapped: dict[str, str] = {}
    for number in lookups:
        for part in table.LookupList.Lookup[number].SubTable:
            swapped |= getattr(part, "ExtSubTable", part).mapping
    for mapping in font["cmap"].tables:
        mapping.cmap = {code: swapped.get(name, name) for code, name in mapping.cmap.items()}


def rename(font: TTFont, weight: str) -> None:
    """Give the font a family of its own, so that it takes nobody's place."""
    bold = weight == "SemiBold"
    family = f"{FAMILY} {weight}" if bold else FAMILY
    names = {1: family, 2: "Regular", 4: f"{FAMILY} {weight}", 6: f"InterFigures-{weight}"}
    for record in list(font["name"].names):
        if record.nameID in (16, 17):
            font["name"].removeNames(nameID=record.nameID)
        elif record.nameID in names:
            record.string = names[record.nameID]
    top = font["CFF "].cff
    top.fontNames = [names[6]]
    top[0].FullName, top[0].FamilyName = names[4], family


if __name__ == "__main__":
    main()
