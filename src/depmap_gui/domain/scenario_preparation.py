"""A large edit of a played map, on its way into the scenario, on any thread."""

from __future__ import annotations

from depmap_gui.domain.document import Document, Preparation, Prepared
from depmap_gui.domain.edits import Batch
from depmap_gui.domain.scenario_edits import recorded
from depmap_gui.domain.scenarios import Playing


class ScenarioPreparation(Preparation):
    """An edit made beside a played map, to be recorded in the scenario.

    It is made like any other; what :meth:`prepared` gives is the edit of the base document.
    """

    def __init__(self, document: Document, scenario: str, playing: Playing) -> None:
        super().__init__(Document(playing.project))
        self._base = document.copy()
        self._scenario, self._playing = scenario, playing

    def prepared(self, label: str) -> Prepared:
        """All of it as one edit of the base document."""
        base, made = self._base.snapshot(), Batch(label, tuple(self._made))
        edit = recorded(base, self._scenario, self._playing, made, self.project)
        onto_base = Preparation(self._base)
        onto_base.make(edit)
        return onto_base.prepared(label)
