"""Colors can be read and told apart: by the guidelines' contrast, and by people who see fewer."""

from itertools import combinations

import numpy as np
import pytest

from depmap_gui.domain.kinds import EntityKind
from depmap_gui.gui.stylesheet import stylesheet
from depmap_gui.gui.theme import DARK, LIGHT, Theme, Tone, contrast, mix
from depmap_gui.resources import resource

BOTH = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
TEXT, GRAPHIC = 4.5, 3.0
GROUNDS = ("panel", "raised", "canvas", "accent_tint", "hover", "sunken")
INKS = ("text", "muted", "accent_text", "eligible_text", "at_risk_text", "ineligible_text")

# Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision
# Deficiency" (2009), full severity, on linear RGB.
SEEN_BY = {
    "everybody": np.eye(3),
    "protanopes": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopes": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopes": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}


def linear(token: str) -> np.ndarray:
    """A color as linear RGB, by the definition of sRGB."""
    channels = np.array([int(token[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(token: str, seen_by: str) -> np.ndarray:
    """A color in CIE L*a*b* as somebody sees it."""
    to_xyz = np.array(
        [
            [0.4124564, 0.3575761, 0.1804375],
            [0.2126729, 0.7151522, 0.0721750],
            [0.0193339, 0.1191920, 0.9503041],
        ]
    )
    seen = np.clip(SEEN_BY[seen_by] @ linear(token), 0.0, 1.0)
    x, y, z = (to_xyz @ seen) / (0.95047, 1.0, 1.08883)
    f = [t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z)]
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def test_lab_is_that_of_the_standard():
    assert lab("#FFFFFF", "everybody") == pytest.approx([100.0, 0.0, 0.0], abs=0.05)
    assert lab("#FF0000", "everybody") == pytest.approx([53.24, 80.09, 67.20], abs=0.1)


@BOTH
def test_words_can_be_read_on_every_ground(theme: Theme):
    weak = {
        (ink, ground): round(contrast(getattr(theme, ink), getattr(theme, ground)), 2)
        for ink in INKS
        for ground in GROUNDS
        if contrast(getattr(theme, ink), getattr(theme, ground)) < TEXT
    }
    assert weak == {}
    assert contrast(theme.on_accent, theme.accent) >= TEXT


@BOTH
def test_words_can_be_read_on_a_card_colored_by_its_status(theme: Theme):
    for tone in Tone:
        ground = theme.status_ground(tone)
        assert contrast(theme.text, ground) >= TEXT, tone
        assert contrast(theme.muted, ground) >= TEXT, tone


@BOTH
def test_grades_can_be_read_on_their_tint(theme: Theme):
    for tone in Tone:
        ground = mix(theme.panel, theme.fill(tone), 0.16)
        assert contrast(theme.ink(tone), ground) >= TEXT, tone


@BOTH
def test_what_is_no_word_can_be_seen(theme: Theme):
    for ground in ("panel", "raised", "canvas"):
        behind = getattr(theme, ground)
        assert contrast(theme.accent, behind) >= GRAPHIC, f"focus ring on {ground}"
        for kind in EntityKind:
            assert contrast(theme.kind(kind), behind) >= GRAPHIC, (kind, ground)
        for tone in (Tone.GOOD, Tone.WARN, Tone.BAD):
            assert contrast(theme.fill(tone), behind) >= GRAPHIC, (tone, ground)
        assert contrast(theme.link, behind) >= GRAPHIC, ground
    for kind in EntityKind:
        assert contrast(theme.kind(kind), theme.kind_tint(kind)) >= GRAPHIC, kind
    assert contrast(theme.exposure_high, theme.exposure_low) >= GRAPHIC


@BOTH
def test_the_edge_of_a_control_can_be_seen(theme: Theme):
    sheet = stylesheet(
        {name: getattr(theme, name) for name in theme.__struct_fields__}, resource("icons")
    )
    rule = sheet.split("QLineEdit, QTextEdit, QPlainTextEdit, QAbstractSpinBox, QComboBox {")[1]
    edge = rule.split("border: 1px solid ")[1].split(";")[0]
    assert contrast(edge, theme.panel) >= GRAPHIC


@BOTH
@pytest.mark.parametrize("seen_by", SEEN_BY)
def test_the_exposure_scale_has_one_direction_for_everybody(theme: Theme, seen_by: str):
    lightness = [lab(theme.exposure(share / 10), seen_by)[0] for share in range(11)]
    steps = np.diff(lightness)
    assert np.all(steps < 0) or np.all(steps > 0)
    assert abs(lightness[-1] - lightness[0]) >= 20


@BOTH
@pytest.mark.parametrize("seen_by", SEEN_BY)
def test_statuses_can_be_told_apart_by_everybody(theme: Theme, seen_by: str):
    """By 10 in L*a*b* at least, where 2.3 is the least difference that is noticed at all."""
    for one, other in combinations(Tone, 2):
        apart = np.linalg.norm(lab(theme.fill(one), seen_by) - lab(theme.fill(other), seen_by))
        assert apart >= 10, (one, other)
