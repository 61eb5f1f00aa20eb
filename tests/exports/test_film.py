from __future__ import annotations

import datetime as dt
import io
import os
import re
import subprocess
import sys
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import imageio_ffmpeg
import pytest
from PIL import Image

from components import lives, wording
from components.theme import LABELS
from exports import film, forms, picture, typesetting
from exports.briefing import Briefing, compose
from exports.film import FilmOptions
from exports.names import SUBJECT
from exports.options import Options
from exports.palette import palette
from geodata.control import Category
from geodata.errors import QuestionError
from tests.exports.views import NOW, ledger, show

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exports.picture import Picture

ROOT = Path(__file__).resolve().parents[2]
FIRST, LAST = dt.date(2026, 1, 10), dt.date(2026, 1, 20)
SHORT = FilmOptions(FIRST, LAST)
SHOWN = (FIRST, dt.date(2026, 1, 13), dt.date(2026, 1, 18), LAST)
SECONDS = 2.4 + 1.2 + 1.2 + 3.6
PICTURES = {"mp4": round(SECONDS * film.RATE), "webm": 7, "gif": 7}
"""At a steady rate in an MP4; elsewhere one for every 1.2 seconds."""


@cache
def made(form: str) -> bytes:
    return film.film(form, ledger(), show().state, Options(marking="TLP:GREEN"), SHORT, NOW)


@cache
def frames() -> tuple[film.Frame, ...]:
    options = Options(marking="TLP:GREEN")
    return tuple(film.frames(ledger(), show().state, options, NOW, first=FIRST, last=LAST))


def decoded(body: bytes, form: str, tmp_path: Path) -> tuple[str, list[Image.Image]]:
    """Return what ffmpeg says of a film, and its pictures."""
    source, exe = tmp_path / f"film.{form}", imageio_ffmpeg.get_ffmpeg_exe()
    source.write_bytes(body)
    told = subprocess.run(
        [exe, "-hide_banner", "-i", source], capture_output=True, check=False
    ).stderr.decode()
    raw = subprocess.run(
        [exe, "-loglevel", "error", "-i", source, "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"],
        capture_output=True, check=True,
    )  # fmt: skip
    assert raw.stderr == b""
    size = film.SIZE[0] * film.SIZE[1] * 3
    return told, [
        Image.frombytes("RGB", film.SIZE, raw.stdout[at : at + size])
        for at in range(0, len(raw.stdout), size)
    ]


def near(found: Any, colour: str, by: int = 14) -> bool:
    pairs = zip(found[:3], bytes.fromhex(colour[1:]), strict=True)
    return all(abs(one - other) <= by for one, other in pairs)


def test_a_film_shows_its_ends_and_every_change_between_them() -> None:
    assert tuple(frame.day for frame in frames()) == SHOWN
    assert [frame.seconds for frame in frames()] == [
        Fraction(12, 5),
        Fraction(6, 5),
        Fraction(6, 5),
        Fraction(18, 5),
    ]
    for frame in frames():
        assert Image.open(io.BytesIO(frame.png)).size == film.SIZE


def test_the_whole_playback_goes_from_the_first_change_to_the_last_evidence() -> None:
    shown = film.days(ledger(), show().state, FilmOptions(), NOW)
    changes = lives.change_days(ledger(), show().state.knowledge, NOW)
    assert shown[0] == changes[0]
    assert shown[-1] == ledger().last_evidence
    assert [*shown[1:-1]] == [day for day in changes if shown[0] < day < shown[-1]]
    months = film.days(ledger(), show().state, FilmOptions(FIRST, dt.date(2026, 4, 1), film.MONTH), NOW)
    assert [day.isoformat() for day in months] == ["2026-01-10", "2026-02-01", "2026-03-01", "2026-04-01"]


@pytest.mark.parametrize("form", film.FORMS)
def test_ffmpeg_decodes_it_to_so_many_pictures_of_so_many_seconds(form: str, tmp_path: Path) -> None:
    told, pictures = decoded(made(form), form, tmp_path)
    assert len(pictures) == PICTURES[form]
    (length,) = re.findall(r"Duration: 00:00:(\d+\.\d+)", told)
    assert float(length) == pytest.approx(SECONDS, abs=0.05)
    assert "1280x720" in told
    assert {"mp4": "h264", "webm": "vp9", "gif": "gif"}[form] in told
    if form != "gif":
        assert "yuv420p(tv, bt709" in told


@pytest.mark.parametrize("form", film.FORMS)
def test_its_colours_are_those_of_the_palette_at_the_projected_places(form: str, tmp_path: Path) -> None:
    _, pictures = decoded(made(form), form, tmp_path)
    colours = palette("light")
    for frame, body in ((0, pictures[0]), (-1, pictures[-1])):
        told, drawn = placed(frame)
        assert any(near(body.getpixel((x, 12)), "#33ff00", 60) for x in range(1180, 1256)), "the marking"
        assert all(near(body.getpixel((x, 12)), "#000000") for x in (*range(100, 1100), 1262))
        category = {0: Category.COALITION_FEDERAL, -1: Category.IRAQI_FORCES}[frame]
        assert {mark.site: mark.category for mark in told.marks}["ain-al-asad"] is category
        x, y = drawn.spots["ain-al-asad"]
        assert near(
            body.getpixel((round(film.MARGIN + x), round(film.BAND + film.ABOVE + y))),
            colours.category[category],
        )
    bar = film.SIZE[1] - round(film.BAND) - 27
    middle = film.SIZE[0] // 2
    assert near(pictures[0].getpixel((middle, bar)), colours.line)
    assert near(pictures[-1].getpixel((middle, bar)), colours.accent)


def placed(frame: int) -> tuple[Briefing, Picture]:
    told = compose(show(SHOWN[frame].isoformat()), Options(quotes=(), marking="TLP:GREEN"))
    height = film.SIZE[1] - film.BAND * 2 - film.ABOVE - film.FOOT
    return told, picture.draw(told, film.MAP_WIDTH, height)


def words_of(monkeypatch: pytest.MonkeyPatch, **asked: Any) -> list[Mapping[str, Any]]:
    """Return what each frame says, as it is handed to the typesetter."""
    said: list[Mapping[str, Any]] = []

    def typeset(_template: str, data: Mapping[str, Any], drawn: Picture, _form: str, *, ppi: float) -> bytes:
        assert ppi == 72
        said.append({**data, "marks": drawn.marks})
        return b""

    monkeypatch.setattr(typesetting, "typeset", typeset)
    told: dict[str, Any] = {"state": show().state, "options": Options(), "first": FIRST, "last": LAST} | asked
    assert [*film.frames(ledger(), now=NOW, **told)]
    return said


def test_a_frame_says_the_day_its_finding_its_counts_and_where_it_comes_from(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    options = Options(headline="A film", address="https://atlas.example.org")
    for day, said in zip(SHOWN, words_of(monkeypatch, options=options), strict=True):
        told = compose(show(day.isoformat()), Options(quotes=(), address=options.address))
        assert (said["date"], said["group"]) == (wording.day_words(day), told.date_time_group)
        assert flat(said["headline"]) == told.proposed  # a chosen headline would be the same on every day
        assert "A film" not in str(said)
        assert {one["label"]: one["count"] for one in said["legend"] if one["count"]} == {
            LABELS[i.category]: i.count for i in told.legend
        }
        assert [one["label"] for one in said["legend"]] == [
            "Coalition hosted, federal Iraq", "Coalition hosted, Kurdistan Region", "Changing, day uncertain", "Iraqi forces alone", "Not sourced",
        ]  # fmt: skip
        assert [flat(line) for line in said["caveats"]] == [*told.caveats]
        assert flat(said["footnote"]) == f"{told.footnote} {told.credits}"
        assert flat(said["stamp"]) == f"https://atlas.example.org/?as_of={day} · data version {told.version}"
        assert said["bar"]["at"] == pytest.approx(100 * (day - FIRST).days / 10)


def flat(words: Any) -> str:
    return flat(words["rtl"]) if isinstance(words, dict) else "".join(words)


def test_a_frame_says_what_changed_since_the_last_and_who_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    said = words_of(monkeypatch)
    assert [[flat(one["name"]) for one in frame["changes"]] for frame in said] == [
        [], ["Ain al-Asad"], ["Ain al-Asad and Joint Operations Command", "Union III and Victoria"], [],
    ]  # fmt: skip
    assert flat(said[1]["changes"][0]["words"]) == "begins to change hands"
    assert flat(said[2]["changes"][0]["words"]) == "handed over, Iraqi forces alone"
    assert flat(said[2]["changes"][1]["by"]) == "Higher Military Committee, in The New Region (inferred)"
    assert [frame["marks"].count(f'r="{film.RING:g}"') for frame in said] == [0, 2, 8, 0]


def test_where_frames_skip_days_a_change_tells_its_day(monkeypatch: pytest.MonkeyPatch) -> None:
    said = words_of(monkeypatch, last=dt.date(2026, 2, 10), rhythm=film.MONTH)
    changed = {flat(one["name"]): flat(one["words"]) for one in said[1]["changes"]}
    assert changed["Ain al-Asad"] == "begins to change hands, 13 January 2026"
    assert (
        changed["Union III and Victoria"]
        == "handed over, Iraqi forces alone (by general statement), 18 January 2026"
    )


def test_hidden_categories_are_neither_drawn_nor_told(monkeypatch: pytest.MonkeyPatch) -> None:
    said = words_of(monkeypatch, state=show(hidden=frozenset({"iraqi-forces"})).state)
    assert "Iraqi forces alone" not in {one["label"] for frame in said for one in frame["legend"]}
    assert said[2]["changes"] == []


def test_the_same_question_gives_the_same_bytes_in_another_process_elsewhere() -> None:
    code = "import sys; from tests.exports.test_film import *; [sys.stdout.buffer.write(made(form)) for form in film.FORMS]"
    elsewhere = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    other = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT, env=elsewhere
    )
    assert other.stdout == b"".join(made(form) for form in film.FORMS)


def test_hostile_and_arabic_words_are_typeset_as_words() -> None:
    hostile = Options(headline='#panic("x") <script> $y$ \u202eevil “من كان هنا؟”', marking='A"#b\\ *c*')
    asked: dict[str, Any] = {"first": FIRST, "last": dt.date(2026, 1, 12), "rhythm": film.MONTH}
    plain = [*film.frames(ledger(), show().state, Options(marking="A"), NOW, **asked)]
    found = [*film.frames(ledger(), show().state, hostile, NOW, **asked)]
    arabic = [
        *film.frames(ledger(), show().state, Options(headline="من كان هنا؟", marking="ع"), NOW, **asked)
    ]
    assert [len(shown) for shown in (plain, found, arabic)] == [2, 2, 2]
    assert len({shown[0].png for shown in (plain, found, arabic)}) == 3


def test_progress_is_told_after_each_frame_and_can_stop_the_film(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    told: list[tuple[int, int]] = []
    started: list[Any] = []
    popen = subprocess.Popen

    def start(*args: Any, **more: Any) -> Any:
        started.append(popen(*args, **more))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", start)

    class StopError(Exception):
        pass

    def progress(done: int, of: int) -> None:
        told.append((done, of))
        if done == 2:
            raise StopError

    with pytest.raises(StopError):
        film.film("mp4", ledger(), show().state, Options(), SHORT, NOW, progress)
    assert told == [(1, 4), (2, 4)]
    assert [maker.poll() is not None for maker in started] == [True]
    assert not [*tmp_path.iterdir()]


def test_what_ffmpeg_complains_about_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(film, "ENCODING", {"mp4": ("-c:v", "no-such-encoder")})
    with pytest.raises(film.FilmError, match=r"ffmpeg could not make the film: .*no-such-encoder"):
        film.film("mp4", ledger(), show().state, Options(), SHORT, NOW)


def test_a_file_of_a_film_says_its_title_and_no_date() -> None:
    body = made("mp4")
    assert f"{SUBJECT}: 10 January 2026 to 20 January 2026".encode() in body
    assert body.index(b"moov") < body.index(b"mdat")
    header = body.index(b"mvhd") + 4
    assert body[header + 4 : header + 12] == b"\0" * 8


@pytest.mark.parametrize(
    ("params", "asked"),
    [
        ({}, FilmOptions()),
        ({"from": ["2026-01-10"], "until": ["2026-01-20"]}, SHORT),
        ({"rhythm": ["month"], "from": [" "]}, FilmOptions(rhythm="month")),
    ],
    ids=["nothing", "days", "month"],
)
def test_parameters_are_read_and_written_back(params: dict[str, list[str]], asked: FilmOptions) -> None:
    assert film.film_options(params) == asked
    assert film.film_options({name: [value] for name, value in film.format_film(asked).items()}) == asked


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"rhythm": ["week"]}, "it is one of change, month"),
        ({"from": ["18.1.2026"]}, "write year-month-day, for example 2026-01-18"),
        ({"until": ["2026-02-30"]}, "write year-month-day"),
        ({"from": ["20260118"]}, "write year-month-day"),
        ({"from": ["2026-01-18", "2026-01-19"]}, "from is given 2 times; give it once"),
        ({"from": ["2026-01-18"], "until": ["2026-01-18"]}, "goes from an earlier day to a later one"),
    ],
    ids=["rhythm", "form", "no such day", "compact", "twice", "order"],
)
def test_what_is_not_understood_is_refused_with_what_would_be_right(
    params: dict[str, list[str]], message: str
) -> None:
    with pytest.raises(QuestionError, match=message):
        film.film_options(params)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (
            FilmOptions(dt.date(1999, 1, 1)),
            r"from=1999-01-01 is outside the time covered; it goes from \d{4}-01-01 to 2026-11-20",
        ),
        (FilmOptions(last=dt.date(2027, 1, 1)), "until=2027-01-01 is outside"),
        (FilmOptions(dt.date(2026, 6, 1)), "would begin on 2026-06-01 and end on 2026-03-20"),
    ],
    ids=["too early", "too late", "after the last evidence"],
)
def test_days_that_are_not_covered_are_refused(asked: FilmOptions, message: str) -> None:
    with pytest.raises(QuestionError, match=message):
        film.days(ledger(), show().state, asked, NOW)


def test_too_many_frames_are_refused_with_a_span_that_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(film, "MOST_FRAMES", 10)
    with pytest.raises(
        QuestionError, match=r"would have 44 frames; at most 10 .* or rhythm=month"
    ) as refused:
        film.film("gif", ledger(), show().state, Options(), FilmOptions(), NOW)
    until = dt.date.fromisoformat(re.findall(r"until=(\S+)", str(refused.value))[0])
    assert len(film.days(ledger(), show().state, FilmOptions(last=until), NOW)) == 10


def test_a_series_gives_the_briefing_of_each_day() -> None:
    found = [*forms.series(forms.Request(ledger(), show().state, NOW, Options(), SHORT))]
    assert [one.state.as_of for one in found] == [*SHOWN]
    assert [one.briefing() for one in found] == [compose(show(day.isoformat()), Options()) for day in SHOWN]
