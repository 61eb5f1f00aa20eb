"""A playback as film: MP4, WebM or GIF, each frame typeset like a page; and the days and briefings of a series."""

import datetime as dt
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import IO, Any

import imageio_ffmpeg

from components import lives, view, view_state, wording
from components.theme import LABELS
from components.view_state import ViewState, echo
from exports import briefing as briefings
from exports import names, picture, setting, typesetting
from exports.briefing import Briefing
from exports.options import Options
from exports.palette import Palette, palette
from exports.picture import Picture
from geodata.errors import QuestionError
from geodata.model import Ledger

FROM, UNTIL, RHYTHM = "from", "until", "rhythm"
PARAMETERS = (FROM, UNTIL, RHYTHM)
CHANGE, MONTH = "change", "month"
RHYTHMS = (CHANGE, MONTH)
SECONDS: Mapping[str, Fraction] = {CHANGE: Fraction(6, 5), MONTH: Fraction(2, 5)}
"""How long a frame stands, by rhythm; the first and the last stand longer, so that they can be read."""
FIRST_SECONDS, LAST_SECONDS = Fraction(12, 5), Fraction(18, 5)
RATE = 5
"""Pictures a second in the finished film: every frame stands for a whole number of them."""
MOST_FRAMES = 400
SIZE = (1280, 720)
"""Of a frame, in points and in pixels: at this resolution they are one."""
PPI = 72
FORMS = ("mp4", "webm", "gif")
MARGIN, ABOVE, FOOT, BAND = 24.0, 18.0, 112.0, 24.0
"""Points beside the map, above it, below it, and of a marking; film.typ places the rest."""
MAP_WIDTH = 800.0
RING = 16.5
"""Radius of the ring around what changed, in points."""
MOST_YEARS = 14
"""Years named below the bar."""
NEAR_END = 7.0
"""Percent of the bar at its ends that the first and the last day name themselves."""
SAMPLES = 6
"""Frames from which the colours of a GIF are taken."""
LONGEST_END = 300
"""Seconds that ffmpeg has to finish after the last frame."""
Progress = Callable[[int, int], None]


class FilmError(RuntimeError):
    """The film could not be encoded; the message says why."""


@dataclass(frozen=True, slots=True)
class FilmOptions:
    """Which days a film or a series shows; None for the first change and the last day with evidence."""

    first: dt.date | None = None
    last: dt.date | None = None
    rhythm: str = CHANGE


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of a film: the day it shows, and how long it stands."""

    day: dt.date
    png: bytes
    seconds: Fraction


@dataclass(frozen=True, slots=True)
class Change:
    """What changed at a site since the frame before, and who says so."""

    site: str
    name: str
    words: str
    by: str


def film_options(params: Mapping[str, Sequence[str]]) -> FilmOptions:
    """Return what parameters say of a film; QuestionError with what would be right where one is not understood."""
    given = {name: _one(params, name) for name in PARAMETERS}
    if (rhythm := given[RHYTHM] or CHANGE) not in RHYTHMS:
        raise QuestionError(f"{RHYTHM}={echo(rhythm)} is not understood; it is one of {', '.join(RHYTHMS)}")
    first, last = _day(FROM, given[FROM]), _day(UNTIL, given[UNTIL])
    if first and last and first >= last:
        raise QuestionError(
            f"{FROM}={first} is not before {UNTIL}={last}; a film goes from an earlier day to a later one"
        )
    return FilmOptions(first, last, rhythm)


def format_film(asked: FilmOptions) -> dict[str, str]:
    """Return the parameters that `film_options` reads back; what is as it is without them is left out."""
    found = {
        FROM: asked.first.isoformat() if asked.first else "",
        UNTIL: asked.last.isoformat() if asked.last else "",
        RHYTHM: asked.rhythm if asked.rhythm != CHANGE else "",
    }
    return {name: value for name, value in found.items() if value}


def days(ledger: Ledger, state: ViewState, asked: FilmOptions, now: dt.date) -> tuple[dt.date, ...]:
    """Return the days that a film or a series shows: its ends, and every change or first of a month between them."""
    begin = view.first_day(ledger, now)
    changes = lives.change_days(ledger, state.knowledge, now)
    last = asked.last or lives.default_day(ledger, now)
    first = asked.first or next((day for day in changes if day < last), begin)
    for name, day in ((FROM, first), (UNTIL, last)):
        if not begin <= day <= now:
            raise QuestionError(f"{name}={day} is outside the time covered; it goes from {begin} to {now}")
    if first >= last:
        raise QuestionError(
            f"the film would begin on {first} and end on {last}; give {FROM} a day before {UNTIL}"
        )
    between = changes if asked.rhythm == CHANGE else _months(first, last)
    return first, *(day for day in between if first < day < last), last


def frames(  # noqa: PLR0913  # what is shown, how, and of which days
    ledger: Ledger,
    state: ViewState,
    options: Options,
    now: dt.date,
    *,
    first: dt.date | None = None,
    last: dt.date | None = None,
    rhythm: str = CHANGE,
) -> Iterator[Frame]:
    """Yield the frames of a film in order; QuestionError before the first where there would be too many."""
    asked = FilmOptions(first, last, rhythm)
    shown = _bounded(days(ledger, state, asked, now), asked)
    return _Reel(ledger, state, options, now, shown, rhythm).frames()


def film(  # noqa: PLR0913, PLR0917  # as forms.make hands them on
    form: str,
    ledger: Ledger,
    state: ViewState,
    options: Options,
    asked: FilmOptions,
    now: dt.date,
    progress: Progress | None = None,
) -> bytes:
    """Return a film as MP4, WebM or GIF; what `progress` raises stops it, and nothing is left behind.

    `progress` is called after each frame with the number of frames that are done, and how many there are.
    """
    if form not in FORMS:
        raise QuestionError(f"there is no film {echo(form)}; it is one of {', '.join(FORMS)}")
    shown = _bounded(days(ledger, state, asked, now), asked)
    reel = _Reel(ledger, state, options, now, shown, asked.rhythm)
    title = ["-metadata", f"title={setting.plain(reel.title())}"]
    with tempfile.TemporaryDirectory(prefix="film-") as folder:
        target = Path(folder) / f"film.{form}"
        inputs: list[str] = []
        if form == "gif":
            colours = Path(folder) / "colours.png"
            step = max(1, -(-len(shown) // SAMPLES))
            sample = [reel.frame(at).png for at in sorted({*range(0, len(shown), step), len(shown) - 1})]
            _encode(
                sample, Fraction(1), ["-vf", "palettegen=stats_mode=full", "-frames:v", "1", str(colours)]
            )
            inputs = ["-i", str(colours)]
        _encode(
            _repeated(reel, progress), SECONDS[asked.rhythm], [*inputs, *ENCODING[form], *title, str(target)]
        )
        return target.read_bytes()


COLOURS = (
    "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p,"
    "setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709"
)
"""Without it a player guesses how colours are to be read, and blue and orange come out differently."""
ENCODING: Mapping[str, tuple[str, ...]] = {
    "mp4": (
        "-vf", f"fps={RATE},{COLOURS}", "-c:v", "libx264", "-preset", "medium", "-tune", "stillimage", "-crf", "20",
        "-movflags", "+faststart",
    ),
    # No rate here: VP9 takes long for every picture, and players hold one as long as its time stamps say.
    "webm": ("-vf", COLOURS, "-c:v", "libvpx-vp9", "-deadline", "good", "-cpu-used", "5", "-row-mt", "0", "-crf", "26", "-b:v", "0"),
    # Played once: what moves for more than five seconds and cannot be stopped should not go round for ever.
    "gif": ("-lavfi", "paletteuse=dither=none:diff_mode=rectangle", "-loop", "-1"),
}  # fmt: skip


def _encode(pictures: Sequence[bytes] | Iterator[bytes], seconds: Fraction, told: Sequence[str]) -> None:
    """Give pictures to ffmpeg, each for so many seconds; it ends with us, whatever happens."""
    rate = 1 / seconds
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-nostdin", "-loglevel", "error", "-y", "-threads", "1", "-filter_threads", "1",
        "-f", "image2pipe", "-c:v", "png", "-framerate", f"{rate.numerator}/{rate.denominator}", "-i", "pipe:0",
        *told[:-1], "-an", "-threads", "1", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-map_metadata", "-1", told[-1],
    ]  # fmt: skip
    with tempfile.TemporaryFile() as complaints:
        maker = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=complaints)
        try:
            _fed(maker, pictures)
            maker.wait(LONGEST_END)
        except subprocess.TimeoutExpired:
            raise FilmError(f"ffmpeg did not finish within {LONGEST_END} seconds") from None
        finally:
            if maker.poll() is None:
                maker.kill()
                maker.wait()
        if maker.returncode:
            raise FilmError(f"ffmpeg could not make the film: {_complaint(complaints)}")


def _fed(maker: subprocess.Popen[bytes], pictures: Sequence[bytes] | Iterator[bytes]) -> None:
    """Write all pictures to ffmpeg; where it has gone away, its exit tells why."""
    if maker.stdin is None:
        raise FilmError("ffmpeg was started without an input")
    try:
        with maker.stdin as pipe:
            for body in pictures:
                pipe.write(body)
    except BrokenPipeError:
        maker.wait(LONGEST_END)


def _complaint(complaints: IO[bytes]) -> str:
    complaints.seek(0)
    lines = complaints.read().decode(errors="replace").split("\n")
    return " ".join(line.strip() for line in lines if line.strip())[-300:] or "it said nothing"


def _repeated(reel: "_Reel", progress: Progress | None) -> Iterator[bytes]:
    """Yield the frames, those that stand longer again and again, and tell of each that is done."""
    for at, frame in enumerate(reel.frames(), 1):
        for _ in range(round(frame.seconds / SECONDS[reel.rhythm])):
            yield frame.png
        if progress:
            progress(at, len(reel.days))


class _Reel:
    """The frames of one film; what they share is made once. Each day has its own finding, so a chosen headline is not used."""

    def __init__(  # noqa: PLR0913, PLR0917  # what is shown, how, and of which days
        self,
        ledger: Ledger,
        state: ViewState,
        options: Options,
        now: dt.date,
        shown: Sequence[dt.date],
        rhythm: str,
    ) -> None:
        self.ledger, self.options, self.now, self.days, self.rhythm = (
            ledger,
            replace(options, headline="", quotes=()),
            now,
            shown,
            rhythm,
        )
        self.state = replace(state, compare=None)
        self.found = view.lives(ledger, state.knowledge)
        first, last = shown[0], shown[-1]
        there = {
            span.category
            for life in self.found.values()
            for span in life.spans
            if span.first <= last and span.last >= first
        }
        self.categories = [c for c in LABELS if c in there and c.value not in state.hidden]
        self.changes = [
            self._at(day) for day in lives.change_days(ledger, state.knowledge, now) if first < day <= last
        ]

    def title(self) -> str:
        """Return what the film is about."""
        first, last = (wording.day_words(day) for day in (self.days[0], self.days[-1]))
        return f"{names.SUBJECT}: {first} to {last}"

    def frames(self) -> Iterator[Frame]:
        """Yield all frames in order."""
        return (self.frame(at) for at in range(len(self.days)))

    def frame(self, at: int) -> Frame:
        """Return one frame by its number, from 0."""
        day = self.days[at]
        shown = view.build(self.ledger, replace(self.state, as_of=day), now=self.now)
        told = briefings.compose(shown, self.options)
        band = BAND if told.marking else 0.0
        top, before = band + ABOVE, self.days[at - 1] if at else None
        drawn = picture.draw(told, MAP_WIDTH, SIZE[1] - top - FOOT - band)
        changed = [*self._changed(before, day)]
        spots = [drawn.spots[site] for site in sorted({one.site for one in changed} & drawn.spots.keys())]
        drawn = _ringed(drawn, spots, palette(told.options.theme))
        page = typesetting.page(told, drawn)
        page["keys"].append({"sign": "changed", "words": "strong ring: has just changed", "svg": ""})
        page |= {"width": SIZE[0], "height": SIZE[1], "pixel": 1, "top": top, "margin": MARGIN, "band": band}
        page |= self._words(told, day, changed)
        body = typesetting.typeset("film.typ", page, drawn, "png", ppi=PPI)
        return Frame(day, body, self._seconds(at))

    def _seconds(self, at: int) -> Fraction:
        if at == len(self.days) - 1:
            return LAST_SECONDS
        return SECONDS[self.rhythm] if at else FIRST_SECONDS

    def _words(self, told: Briefing, day: dt.date, changed: Sequence[Change]) -> dict[str, Any]:
        """Return what a frame says otherwise than a page, and what only a frame says."""
        words, counts = setting.text, {item.category: item.count for item in told.legend}
        colours = palette(self.options.theme)
        alike: dict[tuple[str, str], list[str]] = {}
        for one in changed:
            alike.setdefault((one.words, one.by), []).append(one.name)
        stamp = [told.permalink, f"data version {told.version}", told.made]
        return {
            "date": words(told.date), "group": words(told.date_time_group),
            "legend": [
                {"label": words(LABELS[category]), "count": counts.get(category, 0), "svg": typesetting.mark(category, colours)}
                for category in self.categories
            ],
            "changes": [
                {"name": words(wording.listed(named, len(named))), "words": words(said), "by": words(by)} for (said, by), named in alike.items()
            ],
            "footnote": words(f"{told.footnote} {told.credits}"),
            "stamp": words(" · ".join(part for part in stamp if part)),
            "bar": {
                "at": self._at(day), "changes": self.changes, "years": [*self._years()],
                "first": wording.day_words(self.days[0]), "last": wording.day_words(self.days[-1]),
            },
        }  # fmt: skip

    def _changed(self, before: dt.date | None, day: dt.date) -> Iterator[Change]:
        """Yield what changed since the frame before; the first frame tells of its own day."""
        since = before or day - dt.timedelta(days=1)
        found: list[tuple[dt.date, str, int]] = [
            (span.first, site, at)
            for site, life in self.found.items()
            for at, span in enumerate(life.spans)
            if at and since < span.first <= day and span.category is not life.spans[at - 1].category
            and {span.category.value, life.at(day).category.value}.isdisjoint(self.state.hidden)
        ]  # fmt: skip
        for when, site, at in sorted(found):
            life = self.found[site]
            span = life.spans[at]
            phrase = wording.change_phrase(life.spans[at - 1], span)
            said = phrase if when == day else f"{phrase}, {wording.day_words(when)}"
            yield Change(site, self.ledger.sites[site].short_name, said, wording.by(self.ledger, span, life))

    def _at(self, day: dt.date) -> float:
        """Return where a day stands on the bar, in percent."""
        first, last = self.days[0], self.days[-1]
        return round(100 * (day - first).days / (last - first).days, 2)

    def _years(self) -> Iterator[tuple[float, str]]:
        years = range(self.days[0].year + 1, self.days[-1].year + 1)
        step = -(-len(years) // MOST_YEARS) or 1
        for year in years[::step]:
            at = self._at(dt.date(year, 1, 1))
            if NEAR_END <= at <= 100 - NEAR_END:
                yield at, str(year)


def _ringed(drawn: Picture, spots: Sequence[tuple[float, float]], colours: Palette) -> Picture:
    """Return the picture with a ring around what changed, below the names."""
    rings = "".join(
        f'<circle cx="{x:g}" cy="{y:g}" r="{RING:g}" fill="none" stroke="{colour}" stroke-width="{width}"/>'
        for colour, width in ((colours.halo, "5"), (colours.accent, "2.4"))
        for x, y in spots
    )
    return replace(drawn, marks=drawn.marks.removesuffix("</svg>") + rings + "</svg>")


def _bounded(shown: tuple[dt.date, ...], asked: FilmOptions) -> tuple[dt.date, ...]:
    """Return the days, refused where they are more than a film has frames for."""
    if len(shown) <= MOST_FRAMES:
        return shown
    other = f", or {RHYTHM}={MONTH}" if asked.rhythm == CHANGE else ""
    raise QuestionError(
        f"the film would have {len(shown)} frames; at most {MOST_FRAMES} are made, so give {UNTIL}={shown[MOST_FRAMES - 1]} or a later {FROM}{other}"
    )


def _months(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    for month in range(first.year * 12 + first.month, last.year * 12 + last.month):
        yield dt.date(month // 12, month % 12 + 1, 1)


def _one(params: Mapping[str, Sequence[str]], name: str) -> str:
    values = [value.strip() for value in params.get(name, ()) if value.strip()]
    if len(values) > 1:
        raise QuestionError(f"{name} is given {len(values)} times; give it once")
    return values[0] if values else ""


def _day(name: str, value: str) -> dt.date | None:
    if not value:
        return None
    try:
        day = dt.date.fromisoformat(value) if view_state.ISO_DATE.fullmatch(value) else None
    except ValueError:
        day = None
    if day is None:
        raise QuestionError(f"{name}={echo(value)} is no date; write year-month-day, for example 2026-01-18")
    return day
