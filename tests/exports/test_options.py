"""What somebody chooses for a briefing: read strictly, spelled back as it was."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports import options
from exports.options import LAYOUTS, Extent, Options
from geodata.errors import QuestionError

UNDERSTOOD: tuple[tuple[dict[str, str], Options], ...] = (
    ({}, Options()),
    ({"layout": "a4", "theme": "grey", "scale": "4"}, Options(LAYOUTS["a4"], "grey", scale=4)),
    ({"headline": "  All\nfederal sites\t"}, Options(headline="All federal sites")),
    ({"marking": "TLP:AMBER+STRICT"}, Options(marking="TLP:AMBER+STRICT")),
    ({"marking": "none"}, Options()),
    ({"marking": "للاستخدام الرسمي"}, Options(marking="للاستخدام الرسمي")),
    ({"headline": "پایگاه‌ها"}, Options(headline="پایگاه‌ها")),
    ({"quotes": "G2, G1,G2"}, Options(quotes=("G2", "G1"))),
    ({"quotes": "none"}, Options(quotes=())),
    ({"map": "7.5/33.3/44.4"}, Options(extent=Extent(7.5, 33.3, 44.4))),
    (
        {"made": "2026-01-18T14:05+03:00"},
        Options(made=dt.datetime(2026, 1, 18, 14, 5, tzinfo=dt.timezone(dt.timedelta(hours=3)))),
    ),
    ({"address": "https://atlas.example.org/iraq/"}, Options(address="https://atlas.example.org/iraq")),
)
REFUSED: tuple[tuple[dict[str, str], str], ...] = (
    ({"layout": "a3"}, "layout=“a3” is not understood; it is one of slide, a4, letter, square"),
    ({"theme": "red"}, "one of light, dark, grey"),
    ({"scale": "3"}, "one of 1, 2, 4"),
    ({"marking": "TLP:WHITE"}, "no label of TLP 2.0; they are TLP:RED, TLP:AMBER+STRICT"),
    ({"marking": "tlp:red"}, "no label of TLP 2.0"),
    ({"marking": "x" * 81}, "at most 80 are read"),
    ({"headline": "x" * 241}, "has 241 characters; at most 240"),
    ({"quotes": "1,2,3,4,5,6,7"}, "7 quotations are asked for; a briefing takes at most 6"),
    ({"map": "1/2"}, "zoom/latitude/longitude"),
    ({"map": "99/33/44"}, "zoom/latitude/longitude"),
    ({"made": "2026-01-18"}, "no moment with its time zone"),
    ({"made": "2026-01-18T14:05"}, "no moment with its time zone"),
    ({"made": "yesterday"}, "no moment with its time zone"),
    ({"made": "1999-12-31T23:59Z"}, "no moment with its time zone"),
    ({"headline": "x\u202ey"}, "a sign that cannot be printed, U+202E"),
    ({"marking": "\ue000"}, "U+E000"),
    ({"headline": "Bases \N{BOMB} 漢"}, "signs that our typefaces do not have: “\N{BOMB}漢”"),
    ({"address": "https://a..b"}, "not where an atlas is found"),
    ({"address": "https://a.example:99999"}, "not where an atlas is found"),
    ({"address": "javascript:alert(1)"}, "not where an atlas is found"),
    ({"address": "https://a.example/?x=1"}, "not where an atlas is found"),
)


def read(params: dict[str, str]) -> Options:
    return options.parse({name: [value] for name, value in params.items()})


@pytest.mark.parametrize(("params", "meant"), UNDERSTOOD, ids=[str(n) for n in range(len(UNDERSTOOD))])
def test_it_is_read_and_spelled_back(params: dict[str, str], meant: Options) -> None:
    assert read(params) == meant
    assert read(options.format_options(meant)) == meant


@pytest.mark.parametrize(("params", "words"), REFUSED, ids=[str(n) for n in range(len(REFUSED))])
def test_what_is_not_understood_is_refused_with_what_would_be_right(
    params: dict[str, str], words: str
) -> None:
    with pytest.raises(QuestionError) as refused:
        read(params)
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


def test_nothing_is_given_twice() -> None:
    with pytest.raises(QuestionError, match="layout is given 2 times"):
        options.parse({"layout": ["a4", "slide"]})


@given(st.dictionaries(st.sampled_from(options.PARAMETERS), st.text(max_size=60)))
def test_any_text_is_read_or_refused_in_one_line(params: dict[str, str]) -> None:
    try:
        meant = read(params)
    except QuestionError as refused:
        meant, words = None, str(refused)
    assert "\n" not in words if meant is None else read(options.format_options(meant)) == meant


@pytest.mark.parametrize(
    ("name", "scale", "pixels"),
    [("slide", 1, (1920, 1080)), ("slide", 4, (7680, 4320)), ("a4", 1, (1240, 1754)), ("letter", 2, (2550, 3300)), ("square", 1, (1080, 1080))],
)  # fmt: skip
def test_a_layout_knows_its_pixels(name: str, scale: int, pixels: tuple[int, int]) -> None:
    assert LAYOUTS[name].pixels(scale) == pixels
