"""The one way by which page, command line and address get a briefing: the same request gives the same bytes."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from components import view
from components.view import View
from components.view_state import ViewState
from exports import briefing, bundle, capsule, film, options, package, request, slides, typesetting
from exports.briefing import Briefing
from exports.film import FilmOptions
from exports.options import Options
from geodata.errors import QuestionError
from geodata.model import Ledger

Progress = Callable[[int, int], None]

STILL: Mapping[str, Callable[[Briefing], bytes]] = {
    "png": typesetting.png,
    "svg": typesetting.svg,
    "pdf": typesetting.pdf,
    "pptx": slides.pptx,
}
"""One page, or a few, of one moment."""
FILMS = ("mp4", "webm", "gif")
MEDIA_TYPES = {
    "png": "image/png",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "html": "text/html; charset=utf-8",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "gif": "image/gif",
    "zip": "application/zip",
}
FORMS = tuple(MEDIA_TYPES)
PLAIN, WHOLE = Options(), FilmOptions()
PACKED = ("png", "svg", "pdf", "pptx", "html", "mp4")
"""What a ZIP of everything holds, beside the data of the view."""


@dataclass(frozen=True)
class Request:
    """What is asked for; equal requests are answered with equal bytes.

    `now` is today in Baghdad: the end of the time an atlas covers, and the last day that can be asked about.
    """

    ledger: Ledger
    state: ViewState
    now: dt.date
    options: Options = PLAIN
    film: FilmOptions = WHOLE

    def view(self) -> View:
        """Return what is shown."""
        return view.build(self.ledger, self.state, now=self.now)

    def briefing(self) -> Briefing:
        """Return what the briefing says."""
        return briefing.compose(self.view(), self.options)


def read(params: Mapping[str, Sequence[str]], ledger: Ledger, now: dt.date) -> Request:
    """Return what parameters ask for, in the words of an address; QuestionError where one is not understood."""
    more = (*options.PARAMETERS, *film.PARAMETERS)
    state, _ = request.read(params, ledger, now, more, request.BRIEFED)
    return Request(ledger, briefing.turned(state), now, options.parse(params), film.film_options(params))


def series(asked: Request) -> Iterator[Request]:
    """Yield a request for each day of the rhythm asked for: every change, or every month."""
    for day in film.days(asked.ledger, asked.state, asked.film, asked.now):
        yield replace(asked, state=replace(asked.state, as_of=day))


def make(form: str, asked: Request, progress: Progress | None = None) -> bytes:
    """Return a briefing as a file; QuestionError where it cannot be made as asked, with what would help.

    `progress` is called with the frames of a film that are done, and how many there are.
    """
    if form in STILL:
        return _still(form, asked) if asked.options.scale == 1 else STILL[form](asked.briefing())
    if form == "html":
        return capsule.html(asked.ledger, asked.state, asked.options, asked.now)
    if form in FILMS:
        return film.film(form, asked.ledger, asked.state, asked.options, asked.film, asked.now, progress)
    if form == "zip":
        return bundle.zipped(_everything(asked, progress))
    raise QuestionError(f"there is no form {form[:20]!r}; a briefing leaves as {', '.join(FORMS)}")


@lru_cache(maxsize=16)
def _still(form: str, asked: Request) -> bytes:
    """Return a page; the last few are kept, since a picture that is embedded somewhere is asked for again and again."""
    return STILL[form](asked.briefing())


def file_name(form: str, asked: Request) -> str:
    """Return a speaking name: what, which day or days, which page or which rhythm."""
    if form in FILMS:
        days = [day.isoformat() for day in (asked.film.first, asked.film.last) if day]
        return "_".join(["handover-atlas", "film", f"by-{asked.film.rhythm}", *days]) + f".{form}"
    return f"{briefing.stem(asked.state, asked.options)}.{form}"


def _everything(asked: Request, progress: Progress | None) -> Mapping[str, bytes]:
    """Return all forms of a briefing and the data of its view, by name."""
    shown = asked.view()
    files = {file_name(form, asked): make(form, asked, progress) for form in PACKED}
    data = package.parts(shown, everything=False, address=briefing.permalink(shown, asked.options) if asked.options.address else "")  # fmt: skip
    return files | {f"data/{path}": body for path, body in data.items()}
