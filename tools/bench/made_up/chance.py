"""Chance that is the same for the same seed, on every version of Python: all of it comes from `Random.random`."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")


class Chance:
    """A stream of chance with a name of its own."""

    def __init__(self, name: str) -> None:
        self._random = Random(name)  # noqa: S311  # a measurement needs the same numbers, not secret ones

    def share(self) -> float:
        """Return any number from 0 up to 1."""
        return self._random.random()

    def likely(self, share: float) -> bool:
        """Return True so often."""
        return self.share() < share

    def below(self, count: int) -> int:
        """Return any whole number from 0 up to `count`, which is not among them."""
        return int(self.share() * count)

    def one_of(self, options: Sequence[T]) -> T:
        """Return any of `options`; what stands there twice comes twice as often."""
        return options[self.below(len(options))]

    def around(self, middle: float, spread: float) -> float:
        """Return a number near `middle`, hardly ever more than three times `spread` away."""
        return middle + spread * (sum(self.share() for _ in range(12)) - 6)
