"""Which of very many names differ in one place by a letter or two, in time linear in their letters.

Two such names are equal once the right letter is left out of one or of each. So every name is
hashed once whole and once without each of its letters, all at once in columns of numbers, and
names that share a hash are looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.uint64]

SHORTEST_TYPO = 6
"""Shorter names differ by a letter too often to be the same (BASF, BASE)."""

LONG_NAME = 9
MOST_LETTERS = 4_000_000
"""Of all names together, so that memory stays within some hundred megabytes."""

MOST_PAIRS = 60_000
_BASE = 0x9E3779B97F4A7C15
_MIX = 0xBF58476D1CE4E5B9
_ALL = 0xFFFFFFFFFFFFFFFF


def near(names: Sequence[str]) -> Iterator[tuple[str, str, int]]:
    """Pairs that differ in one place by a letter or two, and by how many letters.

    Names that differ in a digit are passed over: numbers tell works and lines apart. Of very many
    names only those are compared whose letters come to ``MOST_LETTERS``, and ``MOST_PAIRS``.
    """
    compared: list[str] = []
    letters = 0
    for name in names:
        letters += len(name)
        if letters > MOST_LETTERS:
            break
        if len(name) >= SHORTEST_TYPO:
            compared.append(name)
    if len(compared) < 2:
        return
    for one, other in _meeting(compared):
        left, right = compared[one], compared[other]
        apart = letters_apart(left, right)
        if apart <= (2 if min(len(left), len(right)) >= LONG_NAME else 1):
            yield left, right, apart


def letters_apart(left: str, right: str) -> int:
    """How many letters stand between what two names begin and end with in common."""
    if abs(len(left) - len(right)) > 1:
        return len(left)
    least = min(len(left), len(right))
    start = 0
    while start < least and left[start] == right[start]:
        start += 1
    end = 0
    while end < least - start and left[-1 - end] == right[-1 - end]:
        end += 1
    return max(len(left), len(right)) - start - end


def _meeting(names: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of numbers of names that share a hash with a letter left out, digits being equal."""
    import numpy as np

    codes = np.frombuffer("".join(names).encode("utf-32-le"), dtype=np.uint32)
    lengths = np.array([len(name) for name in names], dtype=np.int64)
    ends = np.cumsum(lengths)
    starts = ends - lengths
    owner = np.repeat(np.arange(len(names), dtype=np.int32), lengths)
    whole, shorter = _hashes(codes, starts, ends, owner)
    owners = np.concatenate((np.arange(len(names), dtype=np.int32), owner))
    hashes = np.concatenate((whole, shorter))
    order = np.argsort(hashes, kind="stable")
    hashes, owners = hashes[order], owners[order]
    is_first = np.ones(len(hashes), dtype=bool)
    is_first[1:] = hashes[1:] != hashes[:-1]
    # Of the names that share a hash each is paired with one, so that time stays linear.
    first = owners[np.flatnonzero(is_first)[np.cumsum(is_first) - 1]]
    digits = _digit_marks(codes, starts, ends)
    meets = (first != owners) & (digits[first] == digits[owners])
    one, other = first[meets], owners[meets]
    pairs = np.unique(np.stack((np.minimum(one, other), np.maximum(one, other)), axis=1), axis=0)
    return [(int(left), int(right)) for left, right in pairs[:MOST_PAIRS]]


def _hashes(
    codes: NDArray[np.uint32],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    owner: NDArray[np.int32],
) -> tuple[Numbers, Numbers]:
    """The hash of each name, and of each name without each of its letters.

    A hash is the sum of letters times powers of a base by their place, modulo 2**64, so that
    leaving a letter out is one subtraction and one shift of what follows it.
    """
    import numpy as np

    total = len(codes)
    back = pow(_BASE, -1, 1 << 64)
    powers = _powers(_BASE, total + 1)
    inverse = _powers(back, total + 2)
    sums = np.zeros(total + 1, dtype=np.uint64)
    np.cumsum(
        (codes.astype(np.uint64) + np.uint64(1)) * np.uint64(_MIX) * powers[:-1], out=sums[1:]
    )
    whole = (sums[ends] - sums[starts]) * inverse[starts]
    before = sums[:-1] - sums[starts][owner]
    after = sums[ends][owner] - sums[1:]
    shorter = before * inverse[starts][owner] + after * inverse[starts + 1][owner]
    return whole, shorter


def _powers(base: int, count: int) -> Numbers:
    import numpy as np

    found = np.full(count, base & _ALL, dtype=np.uint64)
    found[0] = 1
    return np.cumprod(found, dtype=np.uint64)


def _digit_marks(
    codes: NDArray[np.uint32], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> Numbers:
    """A number for each name that differs where the names' digits differ."""
    import numpy as np

    is_digit = (codes >= ord("0")) & (codes <= ord("9"))
    rank = np.zeros(len(codes) + 1, dtype=np.int64)
    np.cumsum(is_digit, out=rank[1:])
    powers = _powers(_BASE, int(rank[-1]) + 1)
    inverse = _powers(pow(_BASE, -1, 1 << 64), int(rank[-1]) + 1)
    sums = np.zeros(len(codes) + 1, dtype=np.uint64)
    values = np.where(is_digit, codes.astype(np.uint64) * powers[rank[:-1]], np.uint64(0))
    np.cumsum(values, out=sums[1:])
    marks: Numbers = (sums[ends] - sums[starts]) * inverse[rank[starts]]
    return marks
