"""What a request under /export is answered with: bytes that are made when their turn comes, or one line."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from anyio import CapacityLimiter

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from components.view import View

MOST_WAITING = 8
"""Questions that wait for their turn; the next one is asked to come again."""


class Refused(Exception):  # noqa: N818 - an answer, not a fault
    """An answer of one line instead of a file."""

    def __init__(self, status: int, words: str, **headers: str) -> None:
        super().__init__(words)
        self.status, self.words, self.headers = status, words, headers


@cache
def quick() -> CapacityLimiter:
    """Return the queue of what is made in a moment, one at a time."""
    return CapacityLimiter(1)


@cache
def slow() -> CapacityLimiter:
    """Return the queue of films, one at a time: beside them the quick ones go on."""
    return CapacityLimiter(1)


@cache
def at_once() -> CapacityLimiter:
    """Return the queue of what only has to be looked up."""
    return CapacityLimiter(4)


@dataclass(frozen=True)
class Answer:
    """What is asked for: its name, what tells its bytes apart, and how they are made.

    `make` runs in a thread; a slow one looks at `given_up` now and then, which is set when nobody waits any more.
    """

    name: str
    shown: View
    media_type: str
    make: Callable[[], bytes]
    everything: bool = False
    rows: Callable[[], int] = lambda: 0
    most: int = 1
    told: str = ""
    """What the bytes hold beside the view: the address of the reader, the day of access, the options of a briefing."""
    headers: Mapping[str, str] = field(default_factory=dict)
    inline: bool = False
    """Whether a browser may show it in its place instead of saving it."""
    queue: Callable[[], CapacityLimiter] = quick
    given_up: threading.Event = field(default_factory=threading.Event)
