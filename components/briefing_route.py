"""The addresses of briefings, by which they are shown on the page, embedded elsewhere and fetched by scripts.

    GET /export/briefing.{png,svg,pdf,pptx,html,zip}
    GET /export/briefing.{mp4,webm,gif}
    GET /export/briefing.json        what it says, and what does not fit
    GET /export/briefing.progress    how far a film of the same parameters is

The parameters are those of the page's address and those of exports/options.py; a film takes exports/film.py's too.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from components.answer import AT_ONCE, QUICK, SLOW, Answer, Refused
from exports import briefing, forms, options, request, typesetting

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    from exports.forms import Request
    from geodata.model import Ledger

NAME = "briefing"
ABOUT = ("json", "progress")
"""What is told of a briefing beside its forms."""
SHOWN = {"png", "svg", "pdf", "html", "mp4", "webm", "gif"}
"""What browsers show in its place."""
SEALED = {"svg", "html"}
"""What could hold scripts: shown with an origin of its own, so that nothing in it reaches the dashboard."""
MOST_TOLD = 64
"""Films whose progress is remembered."""
JSON = "application/json"


class _Progress:
    """How many frames of which film are done, for whoever asks meanwhile."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._told: OrderedDict[str, tuple[int, int]] = OrderedDict()

    def tell(self, key: str, done: int, of: int) -> None:
        with self._lock:
            self._told[key] = (done, of)
            self._told.move_to_end(key)
            while len(self._told) > MOST_TOLD:
                self._told.popitem(last=False)

    def of(self, key: str) -> tuple[int, int]:
        with self._lock:
            return self._told.get(key, (0, 0))


PROGRESS = _Progress()


def find(params: Mapping[str, Sequence[str]], ending: str, ledger: Ledger, now: dt.date) -> Answer:
    """Return the answer to a request for a briefing; QuestionError where a parameter is not understood."""
    asked = forms.read(params, ledger, now)
    key = json.dumps({name: list(values) for name, values in sorted(params.items())})
    shown, given_up = request.shown(ledger, asked.state, now), threading.Event()
    if ending == "progress":
        done, of = PROGRESS.of(key)
        told = json.dumps({"done": done, "of": of})
        return Answer("briefing.json", shown, JSON, told.encode, told=told, inline=True, queue=AT_ONCE)
    if ending == "json":
        return Answer("briefing.json", shown, JSON, lambda: _json(account(asked)), told=key, inline=True)
    return Answer(
        name=forms.file_name(ending, asked),
        shown=shown,
        media_type=forms.MEDIA_TYPES[ending],
        make=lambda: forms.make(ending, asked, _told(key, given_up)),
        told=key,
        headers={"Content-Security-Policy": "sandbox allow-scripts allow-popups"} if ending in SEALED else {},
        inline=ending in SHOWN,
        queue=SLOW if ending in (*forms.FILMS, "zip") else QUICK,
        given_up=given_up,
    )


def account(asked: Request) -> dict[str, Any]:
    """Return what the composer tells of a briefing: its headline, what does not fit, and what may be quoted."""
    made, shown = asked.briefing(), asked.view()
    return {
        "headline": made.headline,
        "proposed": made.proposed,
        "fits": list(typesetting.overflow(made)),
        "file": made.stem,
        "pixels": list(asked.options.layout.pixels(asked.options.scale)),
        "quotes": [
            {"item": briefing.item_of(said), "text": said.quotation, "by": said.speaker}
            for said in briefing.quotable(shown)[: options.MOST_OFFERED]
        ],
    }


def _json(words: dict[str, Any]) -> bytes:
    return json.dumps(words, ensure_ascii=False).encode()


def _told(key: str, given_up: threading.Event) -> Callable[[int, int], None]:
    """Return what a film calls after each frame: it tells how far it is, and stops where nobody waits."""

    def progress(done: int, of: int) -> None:
        if given_up.is_set():
            raise Refused(503, "Nobody waits for this film any more.")
        PROGRESS.tell(key, done, of)

    return progress
