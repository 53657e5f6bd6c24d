"""How few a plant hangs on, as records: concentration indexes and single sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from depmap_gui.analysis.projection import Floats, Integers, Projection
from depmap_gui.analysis.results import Concentration, Range, SinglePoint
from depmap_gui.analysis.single_sources import SingleSources, item_of
from depmap_gui.analysis.solution import Solution
from depmap_gui.domain.kinds import EntityKind
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Supplies


class ConcentrationTable(Mapping[str, Concentration]):
    """Indexes by plant id, made into records when asked for.

    ``indexes`` is plants x 4 x 2: the low and the high index of technology, of inputs made in and
    made by, and of suppliers; ``plants`` gives the plants' rows, in order.
    """

    def __init__(self, projection: Projection, plants: Integers, indexes: Floats) -> None:
        self.projection = projection
        self.plants = plants
        self.indexes = indexes

    def __getitem__(self, plant: str) -> Concentration:
        row = self.projection.row[plant]
        place = int(np.searchsorted(self.plants, row))
        if place == len(self.plants) or self.plants[place] != row:
            raise KeyError(plant)
        return Concentration(*(Range(*bounds) for bounds in self.indexes[place].tolist()))

    def __iter__(self) -> Iterator[str]:
        return (self.projection.ids[plant] for plant in self.plants.tolist())

    def __len__(self) -> int:
        return len(self.plants)


class SinglePointTable(Mapping[str, tuple[SinglePoint, ...]]):
    """Single sources by plant id, made into records when asked for."""

    def __init__(self, project: Project, found: SingleSources) -> None:
        self.project = project
        self.found = found

    def __getitem__(self, plant: str) -> tuple[SinglePoint, ...]:
        links = (self.project.links[link] for link in self.found[plant])
        return tuple(
            SinglePoint(item_of(self.project, link), link.source, link.id)
            for link in links
            if isinstance(link, Supplies)
        )

    def __iter__(self) -> Iterator[str]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)


def concentrations(solution: Solution) -> Mapping[str, Concentration]:
    """Herfindahl-Hirschman indexes of every plant."""
    plants = np.flatnonzero(solution.projection.of_kind(EntityKind.PLANT))
    return ConcentrationTable(solution.projection, plants, solution.indexes)


def single_points(solution: Solution) -> Mapping[str, tuple[SinglePoint, ...]]:
    """For each plant with any: the items that a single source delivers."""
    return SinglePointTable(solution.projection.project, solution.single_sources)
