"""What a viewer's page does while it plays: which day it shows when, and when its ear tells Python."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

SPAN_SECONDS = 60
"""By calendar time, at single speed, the whole span takes so long."""
CHANGE_SECONDS = 1.2
"""By change, at single speed, a change takes so long."""
RESTING = 0.5
"""By change, the part of that time for which the picture rests."""
PLAYING_SECONDS = 1.0
"""ear.js: while it plays, Python hears once in so long ..."""
STEPPING_SECONDS = 0.25
"""... and from change to change at each, but not more often than that."""


def glide(part: float) -> float:
    """Return how far the picture has moved to the next change; it rests first, as in player.js."""
    moved = max(0.0, (part - RESTING) / (1 - RESTING))
    return moved * moved * (3 - 2 * moved)


@dataclass
class Playback:
    """A playback that loops over the whole axis; days are counted from 1970-01-01, seconds from its start."""

    first: int
    last: int
    changes: Sequence[int]
    """The days on which any site changes, in order."""
    by_change: bool
    offset: float
    """Seconds into the playback at which it starts, so that viewers are not all in step."""

    def day(self, seconds: float) -> int:
        """Return the day on screen after so many seconds."""
        at = seconds + self.offset
        if self.by_change and self.changes:
            change, part = divmod(at / CHANGE_SECONDS, 1)
            here = int(change) % len(self.changes)
            following = self.changes[here + 1] if here + 1 < len(self.changes) else self.last
            return self.changes[here] + int(glide(part) * (following - self.changes[here]))
        share = at % SPAN_SECONDS / SPAN_SECONDS
        return self.first + int(share * (self.last - self.first))


@dataclass
class Ear:
    """Decides, as ear.js does, whether Python must hear of a day now."""

    changes: Sequence[int]
    by_change: bool
    _told: float = -PLAYING_SECONDS
    _crossed: int = -1

    def due(self, day: int, now: float) -> bool:
        """Tell whether a report is due; if so, it counts as made."""
        crossed = bisect_right(self.changes, day)
        wait = STEPPING_SECONDS if self.by_change and crossed != self._crossed else PLAYING_SECONDS
        if now - self._told < wait:
            return False
        self._told, self._crossed = now, crossed
        return True
