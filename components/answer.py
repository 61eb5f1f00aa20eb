"""What a request under /export is answered with: bytes that are made when their turn comes, or one line."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from anyio import CapacityLimiter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from components.view import View

MOST_WAITING = 8
"""Questions that wait for their turn; the next one is asked to come again."""


class Refused(Exception):  # noqa: N818 - an answer, not a fault
    """An answer of one line instead of a file."""

    def __init__(self, status: int, words: str, **headers: str) -> None:
        super().__init__(words)
        self.status, self.words, self.headers = status, words, headers


class Queue:
    """A place where so many are served at a time and a few wait; whoever comes then is asked to come again.

    Who waits is counted when he comes: the limiter counts him only once he has got through to it.
    """

    def __init__(self, at_a_time: int) -> None:
        self.at_a_time, self.there = at_a_time, 0
        self._limiter: CapacityLimiter | None = None

    @property
    def full(self) -> bool:
        """Whether the next one has to come again."""
        return self.there >= self.at_a_time + MOST_WAITING

    @contextmanager
    def place(self) -> Iterator[CapacityLimiter]:
        """Take a place until the block ends; gives what a thread is run with."""
        if self._limiter is None or not self.there:  # it belongs to the event loop in which it is first used
            self._limiter = CapacityLimiter(self.at_a_time)
        limiter = self._limiter
        self.there += 1
        try:
            yield limiter
        finally:
            self.there -= 1


QUICK = Queue(1)
"""What is made in a moment."""
SLOW = Queue(1)
"""Films and ZIPs: beside them the quick ones go on."""
AT_ONCE = Queue(4)
"""What only has to be looked up."""


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
    queue: Queue = QUICK
    given_up: threading.Event = field(default_factory=threading.Event)
