"""The page of the briefing: what is chosen beside the view, and the ways in which the briefing leaves.

The picture itself, and every address of it, is made by the browser from the view on screen (composer.js).
"""

from functools import lru_cache
from urllib.parse import urlencode

from components import panels, view_state
from components.paths import url
from components.templating import ENVIRONMENT
from components.view import View
from exports import briefing, options
from geodata import dates
from geodata.statements import Said

MOST_OFFERED = 150
"""Quotations that are listed; the others are reached by moving the date back."""
TAKES = (
    ("png", 1, "PNG 1×", "picture"), ("png", 2, "2×", "picture, twice as fine"), ("png", 4, "4×", "picture, four times as fine"),
    ("svg", 0, "SVG", "drawing that scales"), ("pdf", 0, "PDF", "page to print and to read aloud"),
    ("pptx", 0, "PowerPoint", "slide that can be edited"), ("html", 0, "HTML, plays offline", "one file with map and clock"),
    ("zip", 0, "ZIP of everything", "with data and checksums"),
)  # fmt: skip
"""Endings, scales, words and purposes, in the order of the page."""
FILMS = (("mp4", "MP4"), ("webm", "WebM"), ("gif", "GIF"))
LABELS = sorted(options.TLP, key=lambda label: (options.TLP.index(label.partition("+")[0]), label))
"""Handling markings as they are offered: a plain label before its stricter kin, so that typing it chooses it."""
LISTED_BY = (view_state.AS_OF, view_state.KNOWN_ON, view_state.WITHOUT, view_state.DERIVED, view_state.WITHOUT_GRADE)  # fmt: skip
"""Parameters of a view on which it depends what can be quoted."""


def parts(shown: View) -> list[tuple[str, str]]:
    """Return the page from top to bottom; only the clock's line and the list of quotations follow the view."""
    ends = shown.first.isoformat(), shown.today.isoformat()
    return [
        ("clock", panels.clock_html(shown)),
        *((f"composer-{part}", _fixed(part, url(""), ends)) for part in ("preview", "options")),
        ("composer-quotes", _quotes(shown)),
        *((f"composer-{part}", _fixed(part, url(""), ends)) for part in ("film", "command")),
    ]


@lru_cache(maxsize=16)
def _fixed(part: str, root: str, ends: tuple[str, str]) -> str:
    """Return a part that is the same whatever the view, so that nobody's typing is ever drawn over."""
    return ENVIRONMENT.get_template("composer.html").render(
        part=part, root=root, first=ends[0], last=ends[1], takes=TAKES, films=FILMS, tlp=LABELS,
        longest=options.LONGEST, most=options.MOST_QUOTES, proposed=briefing.PROPOSED_QUOTES,
    )  # fmt: skip


def _quotes(shown: View) -> str:
    offered = briefing.quotable(shown)
    return ENVIRONMENT.get_template("composer.html").render(
        part="quotes", asked=_asked(shown), quotes=[_line(said) for said in offered[:MOST_OFFERED]], more=max(0, len(offered) - MOST_OFFERED),
    )  # fmt: skip


def _line(said: Said) -> dict[str, object]:
    return {
        "item": briefing.item_of(said), "text": said.quotation, "language": said.language, "speaker": said.speaker,
        "publisher": said.source.publisher, "arabic": bool(said.sentence and said.sentence.arabic),
        "day": said.day, "from_day": dates.epoch_day(said.day.last) if said.day else "",
    }  # fmt: skip


def _asked(shown: View) -> str:
    """Return for which question the list is, so that the browser knows whether it is the present one."""
    params = view_state.format_view(shown.state)
    return urlencode({name: params[name] for name in LISTED_BY if name in params})
