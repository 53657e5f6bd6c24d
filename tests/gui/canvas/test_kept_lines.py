"""Lines of links kept from frame to frame are those that would be laid down anew."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from depmap_gui.analysis.sample_maps import random_map
from depmap_gui.gui.bench import placed
from depmap_gui.gui.canvas import connectors
from depmap_gui.gui.canvas.connectors import paint_links
from depmap_gui.gui.canvas.kept_lines import KeptLines
from depmap_gui.gui.canvas.plans import Manner, planned
from depmap_gui.gui.canvas.scene import Rect, Scene
from depmap_gui.gui.canvas.strands import Inked
from depmap_gui.gui.theme import LIGHT

SIZE = (700, 500)


@pytest.fixture
def scene(qapp: QApplication) -> Scene:
    project = placed(random_map(300, loops=False, seed=6, jurisdictions=8))
    return Scene(project, next(iter(project.views.values())))


def seen_from(scene: Scene, x: float, y: float, zoom: float) -> Rect:
    middle_x, middle_y = scene.centers.mean(axis=0).tolist()
    left, top = middle_x + x - SIZE[0] / zoom / 2, middle_y + y - SIZE[1] / zoom / 2
    return (left, top, left + SIZE[0] / zoom, top + SIZE[1] / zoom)


def drawn(scene: Scene, seen: Rect, zoom: float, kept: KeptLines | None) -> np.ndarray:
    """What one sees of the links."""
    image = QImage(*SIZE, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFF)
    painter = QPainter(image)
    painter.setClipRect(image.rect())
    painter.scale(zoom, zoom)
    painter.translate(-seen[0], -seen[1])
    rows = scene.links_crossing(seen)
    paint_links(painter, scene, rows, LIGHT, zoom, seen, planned(scene, rows, zoom, seen), kept)
    painter.end()
    return np.frombuffer(image.constBits(), np.uint8).copy()


@pytest.mark.parametrize("zoom", [1.0, 0.35])
def test_while_one_pans_links_look_as_if_drawn_anew(scene: Scene, zoom: float) -> None:
    kept = KeptLines()
    for step in range(12):
        seen = seen_from(scene, 90.0 * step / zoom, 35.0 * step / zoom, zoom)
        ours, anew = drawn(scene, seen, zoom, kept), drawn(scene, seen, zoom, None)
        assert (anew != 255).any()
        # Lines that cross are laid over one another in another order where both are of one ink.
        assert np.abs(ours.astype(int) - anew).max() <= 2, step


def test_a_link_is_laid_down_once_while_one_looks_around(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid: list[int] = []
    plain = connectors._curves

    def noting(of: Scene, rows: np.ndarray, *rest: object) -> object:
        laid.extend(rows.tolist())
        return plain(of, rows, *rest)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(connectors, "_curves", noting)
    kept, looked = KeptLines(), set[int]()
    for step in range(6):
        seen = seen_from(scene, 20.0 * step, 10.0 * step, 1.0)
        drawn(scene, seen, 1.0, kept)
        rows = scene.links_crossing(seen)
        plan = planned(scene, rows, 1.0, seen)
        looked |= set(rows[plan.manners(rows) == Manner.CURVE].tolist())
    assert len(laid) == len(set(laid))
    assert set(laid) == looked


def test_what_has_moved_or_is_seen_at_another_size_is_laid_down_anew(scene: Scene) -> None:
    kept, seen = KeptLines(), seen_from(scene, 0.0, 0.0, 1.0)
    drawn(scene, seen, 1.0, kept)
    scene.centers = np.add(scene.centers, (40.0, 25.0))
    scene.route()
    assert np.array_equal(drawn(scene, seen, 1.0, kept), drawn(scene, seen, 1.0, None))
    assert np.array_equal(drawn(scene, seen, 0.8, kept), drawn(scene, seen, 0.8, None))


def test_lines_come_ink_by_ink(scene: Scene) -> None:
    seen = seen_from(scene, 0.0, 0.0, 1.0)
    asked: list[tuple[Inked, ...]] = []

    class Noting(KeptLines):
        def shown(self, *args: object) -> tuple[Inked, ...]:
            asked.append(super().shown(*args))  # type: ignore[arg-type]  # as it was called
            return asked[-1]

    drawn(scene, seen, 1.0, Noting())
    assert asked
    for groups in asked:
        inks = [group.ink for group in groups]
        assert inks == sorted(set(inks))
        assert all(group.pieces.shape[1] == 4 and len(group.pieces) for group in groups)
