"""How the program looks: every color, font and measure in one place, light and dark.

A :class:`Theme` is a value that is handed to whoever paints; nothing looks it up globally.
:func:`apply_theme` dresses all ordinary widgets (palette and style sheet) in one go.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache, lru_cache

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from depmap_gui.domain.kinds import EntityKind
from depmap_gui.gui.stylesheet import stylesheet
from depmap_gui.resources import resource

BASE_POINTS = 9.75
MOST_ON_MAP = 1.25
MOST_OF_ICONS = 1.5
FAMILY = "Inter"
_FONT_FILES = (
    "Inter-Regular.otf",
    "Inter-Medium.otf",
    "Inter-SemiBold.otf",
    "Inter-Bold.otf",
    "InterFigures-Regular.otf",
    "InterFigures-SemiBold.otf",
)


_FAMILIES_BY_WEIGHT = {
    QFont.Weight.Medium: ("Inter Medium",),
    QFont.Weight.DemiBold: ("Inter Semi Bold", "Inter SemiBold"),
}


class Tone(StrEnum):
    """How a state is to be read: each has a color, and an icon so that color never stands alone."""

    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    UNKNOWN = "unknown"
    ENDED = "ended"

    @property
    def icon(self) -> str:
        """Name of the icon that says the same without color."""
        match self:
            case Tone.GOOD:
                return "check"
            case Tone.WARN:
                return "alert"
            case Tone.BAD:
                return "x"
            case Tone.UNKNOWN:
                return "question"
            case Tone.ENDED:
                return "ended"


class Theme(msgspec.Struct, frozen=True, kw_only=True):
    """The tokens: colors as ``#RRGGBB``. Names ending in ``_text`` are made to be read as text.

    ``text_scale`` is how large words are, 1.0 being as designed.
    """

    name: str
    is_dark: bool
    text_scale: float = 1.0
    canvas: str
    panel: str
    raised: str
    sunken: str
    line: str
    line_strong: str
    text: str
    muted: str
    accent: str
    on_accent: str
    accent_text: str
    accent_tint: str
    hover: str
    pressed: str
    dots: str
    link: str
    plant: str
    company: str
    license: str
    material: str
    jurisdiction: str
    eligible: str
    at_risk: str
    ineligible: str
    unknown: str
    ended: str
    eligible_text: str
    at_risk_text: str
    ineligible_text: str
    ended_text: str
    exposure_low: str
    exposure_mid: str
    exposure_high: str
    shadow: str

    def sized(self, pixels: float) -> int:
        """A measure that follows the text, such as the height of a row, in pixels."""
        return round(pixels * self.text_scale)

    def icon_size(self, pixels: int = 18) -> int:
        """How large an icon beside words is that is ``pixels`` by design."""
        return round(pixels * min(self.text_scale, MOST_OF_ICONS))

    @property
    def map_scale(self) -> float:
        """How large words on the map are: they follow the text as far as the cards have room."""
        return min(self.text_scale, MOST_ON_MAP)

    def map_pixels(self, pixels: float) -> int:
        """Height of words on the map that are ``pixels`` high by design."""
        return round(pixels * self.map_scale)

    def status_ground(self, tone: Tone) -> str:
        """The soft ground of a card that is colored by its status."""
        return mix(self.raised, self.fill(tone), 0.2 if self.is_dark else 0.12)

    def kind(self, kind: EntityKind) -> str:
        """The color of a kind of item."""
        color: str = getattr(self, kind.value)
        return color

    def kind_tint(self, kind: EntityKind) -> str:
        """The soft ground on which the kind's icon stands."""
        return mix(self.panel, self.kind(kind), 0.22 if self.is_dark else 0.14)

    def fill(self, tone: Tone) -> str:
        """The color of a badge, a bar or a mark of that tone."""
        match tone:
            case Tone.GOOD:
                return self.eligible
            case Tone.WARN:
                return self.at_risk
            case Tone.BAD:
                return self.ineligible
            case Tone.UNKNOWN:
                return self.unknown
            case Tone.ENDED:
                return self.ended

    def ink(self, tone: Tone) -> str:
        """The color of words of that tone, readable on panels and canvas."""
        match tone:
            case Tone.GOOD:
                return self.eligible_text
            case Tone.WARN:
                return self.at_risk_text
            case Tone.BAD:
                return self.ineligible_text
            case Tone.UNKNOWN:
                return self.muted
            case Tone.ENDED:
                return self.ended_text

    def exposure(self, share: float) -> str:
        """The color of an exposure: from low over mid to high as ``share`` goes from 0 to 1."""
        share = min(1.0, max(0.0, share))
        if share <= 0.5:
            return mix(self.exposure_low, self.exposure_mid, share * 2)
        return mix(self.exposure_mid, self.exposure_high, share * 2 - 1)


LIGHT = Theme(
    name="light",
    is_dark=False,
    canvas="#F7F8FA",
    panel="#FFFFFF",
    raised="#FFFFFF",
    sunken="#EEF0F4",
    line="#E1E4EA",
    line_strong="#C3C9D4",
    text="#1C2430",
    muted="#5F6A7D",
    accent="#2F6FED",
    on_accent="#FFFFFF",
    accent_text="#2360D8",
    accent_tint="#E8F0FE",
    hover="#F1F3F7",
    pressed="#E4E8EF",
    dots="#DDE1E8",
    link="#858EA1",
    plant="#1F6FB2",
    company="#12805C",
    license="#7A4FC9",
    material="#A8690C",
    jurisdiction="#556070",
    eligible="#0F8A6C",
    at_risk="#B7791F",
    ineligible="#BC2E0A",
    unknown="#98A2B3",
    ended="#5F6A7D",
    eligible_text="#0B7259",
    at_risk_text="#8F5A0B",
    ineligible_text="#B92D08",
    ended_text="#505B6D",
    exposure_low="#E6EAF0",
    exposure_mid="#E29578",
    exposure_high="#C4320A",
    shadow="#1C2430",
)

DARK = Theme(
    name="dark",
    is_dark=True,
    canvas="#12161D",
    panel="#1A202A",
    raised="#222A36",
    sunken="#141922",
    line="#2F3846",
    line_strong="#4A5567",
    text="#E7EBF2",
    muted="#A3ADBD",
    accent="#2F6FED",
    on_accent="#FFFFFF",
    accent_text="#8AB1FF",
    accent_tint="#22345A",
    hover="#252E3B",
    pressed="#2F3A4A",
    dots="#28303C",
    link="#7C879A",
    plant="#5BA8E8",
    company="#3FBF93",
    license="#AC8BF0",
    material="#DFA046",
    jurisdiction="#9AA6B8",
    eligible="#1FA583",
    at_risk="#C4842A",
    ineligible="#CC4423",
    unknown="#76819A",
    ended="#5A6479",
    eligible_text="#4FD0AC",
    at_risk_text="#EDB765",
    ineligible_text="#FF8E6E",
    ended_text="#A3ADBD",
    exposure_low="#363F4D",
    exposure_mid="#B0684F",
    exposure_high="#F0633E",
    shadow="#000000",
)


def theme_named(name: str, text_scale: float = 1.0) -> Theme:
    """``light``, ``dark``, or for ``system`` the one that the system is set to."""
    is_dark = name == "dark"
    if name == "system" and QGuiApplication.instance() is not None:
        is_dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
    return msgspec.structs.replace(DARK if is_dark else LIGHT, text_scale=text_scale)


@lru_cache(maxsize=4096)
def mix(first: str, second: str, amount: float) -> str:
    """The color that lies ``amount`` (0..1) of the way from the first to the second."""
    parts = zip(_channels(first), _channels(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * amount):02X}" for a, b in parts)


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colors, 1..21, as the Web Content Accessibility Guidelines define."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def color(hexadecimal: str, alpha: float = 1.0) -> QColor:
    """A token as a color to paint with; ``alpha`` from 0 (clear) to 1."""
    found = QColor(hexadecimal)
    found.setAlphaF(alpha)
    return found


def font(
    points: float = BASE_POINTS,
    weight: QFont.Weight = QFont.Weight.Normal,
    *,
    tabular: bool = False,
) -> QFont:
    """The program's font; ``tabular`` gives figures of one width, for columns of numbers."""
    load_fonts()
    found = QFont()
    # Some font systems list each weight as a family of its own.
    found.setFamilies([*_FAMILIES_BY_WEIGHT.get(weight, ()), FAMILY])
    found.setPointSizeF(points)
    found.setWeight(weight)
    if tabular:
        found.setFeature(QFont.Tag("tnum"), 1)
    return found


def pixel_font(
    pixels: int, weight: QFont.Weight = QFont.Weight.Normal, *, tabular: bool = False
) -> QFont:
    """The program's font at a fixed height, for what is painted on the map."""
    found = font(weight=weight, tabular=tabular)
    found.setPixelSize(pixels)
    return found


@cache
def load_fonts() -> tuple[str, ...]:
    """Make the bundled fonts known to Qt; returns the families. Needs an application object."""
    families: list[str] = []
    for name in _FONT_FILES:
        number = QFontDatabase.addApplicationFont(str(resource("fonts", name)))
        families += QFontDatabase.applicationFontFamilies(number)
    return tuple(dict.fromkeys(families))


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Dress every widget of the program in the theme.

    What is worn already is left: Qt would polish every widget of every window anew.
    """
    load_fonts()
    # Under a style sheet, Qt's own style stands behind another one, which has no name.
    if not app.styleSheet() and app.style().objectName().lower() != "fusion":
        app.setStyle(QStyleFactory.create("Fusion"))
    if app.font() != (text := font(BASE_POINTS * theme.text_scale)):
        app.setFont(text)
    if app.palette() != (colors := palette(theme)):
        app.setPalette(colors)
    sheet = stylesheet(msgspec.structs.asdict(theme), resource("icons"))
    if app.styleSheet() != sheet:
        app.setStyleSheet(sheet)


def palette(theme: Theme) -> QPalette:
    """The theme as Qt's own palette, for what no style sheet reaches."""
    roles = QPalette.ColorRole
    colors = {
        roles.Window: theme.panel,
        roles.WindowText: theme.text,
        roles.Base: theme.panel,
        roles.AlternateBase: theme.canvas,
        roles.Text: theme.text,
        roles.Button: theme.panel,
        roles.ButtonText: theme.text,
        roles.BrightText: theme.ineligible_text,
        roles.ToolTipBase: theme.raised,
        roles.ToolTipText: theme.text,
        roles.PlaceholderText: theme.muted,
        roles.Highlight: theme.accent,
        roles.HighlightedText: theme.on_accent,
        roles.Accent: theme.accent,
        roles.Link: theme.accent_text,
        roles.LinkVisited: theme.accent_text,
        roles.Light: theme.line,
        roles.Midlight: theme.line,
        roles.Mid: theme.line_strong,
        roles.Dark: theme.line_strong,
        roles.Shadow: theme.shadow,
    }
    made = QPalette()
    for role, token in colors.items():
        made.setColor(role, QColor(token))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        made.setColor(
            QPalette.ColorGroup.Disabled, role, QColor(mix(theme.muted, theme.panel, 0.35))
        )
    return made


def _channels(hexadecimal: str) -> tuple[int, int, int]:
    digits = hexadecimal.lstrip("#")
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def _luminance(hexadecimal: str) -> float:
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in _channels(hexadecimal))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
