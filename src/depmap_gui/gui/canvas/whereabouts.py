"""Where one looks on each view, and whether that is worth remembering with the map.

The whole view in sight is what a map opens with anyway: that is remembered as no viewport at all.
"""

from __future__ import annotations

from depmap_gui.domain.views import View
from depmap_gui.gui.canvas.camera import LEAST_ZOOM, MOST_ZOOM, Camera
from depmap_gui.session.viewports import Viewport


class Whereabouts:
    """The cameras that need no remembering: of the whole view, and as a view was opened."""

    def __init__(self) -> None:
        self._whole: dict[str, Camera] = {}
        self._opened: dict[str, Camera] = {}

    def forget(self) -> None:
        """Another map was opened."""
        self._whole.clear()
        self._opened.clear()

    def show_whole(self, view: str, camera: Camera) -> None:
        """This camera has the whole view in sight."""
        self._whole[view] = camera

    def open_at(self, view: str, camera: Camera) -> None:
        """This camera came from the view's own viewport."""
        self._opened[view] = camera

    def resize(self, view: str, before: Camera, after: Camera) -> None:
        """The window got another size, and the camera followed."""
        for known in (self._whole, self._opened):
            if known.get(view) == before:
                known[view] = after

    def viewport(self, view: View, camera: Camera, width: float, height: float) -> Viewport | None:
        """What to remember of a view that is looked at through the camera."""
        if camera == self._opened.get(view.id):
            return view.viewport
        if camera == self._whole.get(view.id):
            return None
        return (
            round(camera.left, 1),
            round(camera.top, 1),
            round(width / camera.zoom, 1),
            round(height / camera.zoom, 1),
        )


def viewing(viewport: Viewport, width: float, height: float) -> Camera | None:
    """The camera that has a viewport in sight; None for one that nothing can be seen through."""
    left, top, across, down = viewport
    if not (across > 0.0 and down > 0.0):
        return None
    zoom = min(MOST_ZOOM, max(LEAST_ZOOM, min(width / across, height / down)))
    middle = (left + across / 2, top + down / 2)
    return Camera(0.0, 0.0, zoom).centered(middle, width, height)
