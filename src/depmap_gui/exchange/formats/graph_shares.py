"""Which numbers of a graph's edges are plainly shares of a holding, and how they are written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from depmap_gui.domain.quantity import Quantity
from depmap_gui.exchange.formats.graph import number
from depmap_gui.exchange.formats.meaning import percent_in

PERCENT_HEADS = ("percent", "percentage", "pct", "ownership percent", "percentage owned",
                 "share percent", "%", "ownership percentage", "share pct")  # fmt: skip
SHARE_HEADS = ("share", "stake", "equity", "ownership", "share held", "shareholding", "owned")
WEIGHT_HEAD = "weight"
_SLACK = 1e-6


class Shares:
    """Reads the holdings of one graph: columns of numbers are judged as a whole."""

    def __init__(self, holdings: Iterable[tuple[str, Mapping[str, str]]]) -> None:
        """``holdings`` are the owned node and the attributes (folded heads) of each holding."""
        found = list(holdings)
        self._scale = {
            head: 0.01 if self._is_percent(values) else 1.0
            for head in SHARE_HEADS
            if (values := _numbers(attributes.get(head) for _, attributes in found))
        }
        self._weight = _weight_scale(found)

    @property
    def reads_weights(self) -> bool:
        """Whether weights are plainly shares in this graph."""
        return self._weight is not None

    @staticmethod
    def _is_percent(values: list[float]) -> bool:
        return any(value > 1 + _SLACK for value in values)

    def share(self, attributes: Mapping[str, str], label: str) -> Quantity | None:
        """The share of one holding in 0..1, or None where nothing plainly states it."""
        for head in PERCENT_HEADS:
            if head in attributes:
                text = attributes[head]
                return percent_in(text) or percent_in(f"{text} %") or _zero(text)
        for head in SHARE_HEADS:
            text = attributes.get(head, "")
            if "%" in text:
                return percent_in(text)
            value = number(text)
            if value is not None and head in self._scale:
                return _bounded(value * self._scale[head])
        if (stated := percent_in(label)) is not None:
            return stated
        value = number(attributes.get(WEIGHT_HEAD))
        if value is not None and self._weight is not None:
            return _bounded(value * self._weight)
        return None


def _weight_scale(found: list[tuple[str, Mapping[str, str]]]) -> float | None:
    """What a weight is multiplied by to be a share; None where weights may be anything.

    Weights are shares where every holding has one and those of each owned item add up to no more
    than the whole, and at least once to all of it: in percent, or in parts of one.
    """
    sums: dict[str, float] = defaultdict(float)
    weights = []
    for owned, attributes in found:
        value = number(attributes.get(WEIGHT_HEAD))
        if value is None or value < 0:
            return None
        sums[owned] += value
        weights.append(value)
    if not weights:
        return None
    if max(sums.values()) <= 1 + _SLACK and any(value < 1 for value in weights):
        return 1.0
    if max(sums.values()) <= 100 + _SLACK and any(value > 99.9 for value in sums.values()):
        return 0.01
    return None


def _numbers(texts: Iterable[str | None]) -> list[float]:
    return [value for text in texts if (value := number(text)) is not None]


def _bounded(share: float) -> float | None:
    return round(share, 12) if 0 <= share <= 1 + _SLACK else None


def _zero(text: str) -> float | None:
    return 0.0 if number(text) == 0 else None
