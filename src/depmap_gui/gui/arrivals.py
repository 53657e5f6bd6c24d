"""What a file brings onto the map: made beside it, in the background, and given places."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from depmap_gui.analysis.context import Context
from depmap_gui.domain.document import Preparation, Prepared
from depmap_gui.domain.edits import Batch
from depmap_gui.domain.project import Project
from depmap_gui.domain.views import Point, View
from depmap_gui.gui.layout.newcomers import free_places
from depmap_gui.gui.view_edits import placing_on


class Arrivals(msgspec.Struct, frozen=True):
    """An import ready to be put in the map's place, and the ids of its new items."""

    prepared: Prepared
    new: tuple[str, ...]


def arrivals(
    preparation: Preparation,
    edit: Batch,
    view: View,
    stand: Mapping[str, Point],
    context: Context,
    *,
    before: Project,
) -> Arrivals:
    """The edit made, its new items placed on the view, clear of the cards that ``stand`` there.

    ``before`` is the map as it was; parts may have been made already. Raises EditError where the
    edit cannot be made, Canceled where ``context`` says so.
    """
    preparation.make(edit, lambda part: context.progress(0.5 * part, "Making the items"))
    context.progress(0.5, "Finding places")
    made = preparation.project
    new = tuple(id for id in made.entities if id not in before.entities)
    standing = {id: at for id, at in stand.items() if id in made.entities}
    if view.id not in made.views and made.views:
        # The file brought a view of its own onto an empty map.
        view = next(iter(made.views.values()))
    found = free_places(made, new, standing, boxes=view.boxes)
    # An item that the file says where to put stands there.
    placed = made.views[view.id].positions if view.id in made.views else {}
    places = {id: at for id, at in found.items() if id not in placed}
    context.progress(0.95, "Putting them on the map")
    preparation.make(Batch(edit.label, tuple(placing_on(made, view, standing, places))))
    return Arrivals(preparation.prepared(edit.label), new)
