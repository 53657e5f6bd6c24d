"""The Credit lens tints the cards by their status under the law, and its legend says so."""

import pytest

from depmap_gui.gui.lenses import LENSES, Lens
from depmap_gui.gui.main_window import MainWindow
from depmap_gui.gui.theme import Tone

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_cards_wear_the_color_of_their_status(open_map: MainWindow) -> None:
    canvas = open_map.canvas
    assert set(canvas.scene.tints.tolist()) == {-1}
    open_map.actions_table["view.lens.credit"].trigger()
    scene = canvas.scene
    tones = list(Tone)
    badged = {id for id in scene.ids if id in scene.badges}
    assert badged
    for row, id in enumerate(scene.ids):
        badge = scene.badges.get(id)
        assert bool(scene.tints[row] >= 0) is (badge is not None)
        if badge is not None:
            assert tones[scene.tints[row]] is badge.tone
    open_map.actions_table["view.lens.ip"].trigger()
    assert set(canvas.scene.tints.tolist()) == {-1}


@pytest.mark.parametrize("zoom", [0.08, 0.2, 0.5, 1.0])
def test_the_tint_is_seen_at_every_zoom(open_map: MainWindow, zoom: float) -> None:
    """Where a card says its status, most of its pixels change color with the lens."""
    canvas = open_map.canvas
    canvas.animates = False
    scene = canvas.scene
    id = next(id for id in scene.ids if id in scene.badges)

    def looks_like() -> list[int]:
        x, y = canvas.scene.centers[canvas.scene.index[id]].tolist()
        canvas._zoom_by(zoom / canvas.camera.zoom)
        canvas.look(canvas.camera.centered((x, y), canvas.width(), canvas.height()))
        canvas.redraw()
        image = canvas.grab().toImage()
        middle = image.width() // 2, image.height() // 2
        span = max(2, round(20 * zoom))
        return [
            image.pixel(middle[0] + across, middle[1] + down)
            for across in range(-span, span)
            for down in range(-max(1, span // 4), max(1, span // 4))
        ]

    before = looks_like()
    open_map.actions_table["view.lens.credit"].trigger()
    after = looks_like()
    changed = sum(one != other for one, other in zip(before, after, strict=True))
    assert changed > 0.4 * len(before)


def test_the_legend_names_what_is_tinted(open_map: MainWindow) -> None:
    open_map.actions_table["view.lens.credit"].trigger()
    legend = open_map.canvas._legend
    assert legend.by_status
    assert "Cards by status" in legend.title
    assert legend.tones
    open_map.actions_table["view.lens.none"].trigger()
    assert not open_map.canvas._legend.by_status


def test_only_the_credit_lens_is_by_status() -> None:
    assert [lens for lens, look in LENSES.items() if look.by_status] == [Lens.CREDIT]
