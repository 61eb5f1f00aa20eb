"""The page of the briefing: what it offers is what is understood, and only what can be quoted follows the view."""

from __future__ import annotations

import datetime as dt
import html
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from components import composer, frame, view
from components.desk import load_ledger, today
from components.view_state import Filters, ViewState
from exports import briefing, film, forms, options, request
from geodata.knowledge import Knowledge

BROWSER = Path(composer.__file__).parent / "browser"
LATE = ViewState(dt.date(2026, 1, 18))
EARLY = ViewState(dt.date(2017, 9, 27))
NARROW = ViewState(
    dt.date(2026, 1, 18), Knowledge(known_on=dt.date(2026, 1, 5), without=frozenset({"P037"}), without_grades=frozenset({"C"})),
    hidden=frozenset({"not-sourced"}), site="ain-al-asad", filters=Filters(words="nothing has these words"),
)  # fmt: skip
HARM = "</label><script>alert(1)</script>&"


def page(state: ViewState) -> dict[str, str]:
    return dict(composer.parts(view.build(load_ledger(), state, now=today())))


def offered(part: str) -> list[str]:
    return [html.unescape(item) for item in re.findall(r'data-quote="([^"]+)"', part)]


def choices(name: str) -> list[str]:
    """The values of the radio buttons, or of the options, of one choice; without a value an option is its words."""
    whole = "".join(page(LATE).values())
    if radios := re.findall(rf'<input type="radio" name="composer-{name}" value="([^"]*)"', whole):
        return radios
    select = re.search(rf'<select [^>]*data-choose="{name}">(.*?)</select>', whole, re.DOTALL)
    assert select, f"nothing chooses {name}"
    offers = re.findall(r"<option([^>]*)>([^<]*)<", select[1])
    return [attribute.partition('"')[2].rstrip('"') if attribute else words for attribute, words in offers]


def written(file: str, name: str) -> list[str]:
    """The strings of a list, or the names of an object, that a module declares."""
    text = (BROWSER / file).read_text(encoding="utf-8")
    found = re.search(rf"const {name} = (?:Object\.freeze\()?[\[{{](.*?)[\]}}]", text, re.DOTALL)
    assert found, f"{file} declares no {name}"
    return re.findall(r"([a-z]+): ", found[1]) or re.findall(r'"([a-z_]+)"', found[1])


def test_it_stands_in_the_header_before_the_data() -> None:
    names = list(frame.PAGES)
    assert names.index("briefing") == names.index("data") - 1
    assert 'data-page="briefing"' in frame.header_html("")


def test_only_the_clock_and_the_quotations_follow_the_view() -> None:
    late, early = page(LATE), page(NARROW)
    assert list(late) == list(early)
    assert {name for name in late if late[name] != early[name]} == {"clock", "composer-quotes"}


@pytest.mark.parametrize("state", [LATE, EARLY, NARROW], ids=["late", "early", "narrow"])
def test_what_can_be_chosen_is_what_a_briefing_can_quote(state: ViewState) -> None:
    shown = view.build(load_ledger(), state, now=today())
    quotable = [briefing.item_of(said) for said in briefing.quotable(shown)]
    assert quotable
    assert offered(page(state)["composer-quotes"]) == quotable
    made = briefing.compose(shown, options.Options(quotes=tuple(quotable[: options.MOST_QUOTES])))
    assert [quotation.item for quotation in made.quotations] == quotable[: options.MOST_QUOTES]


def test_every_quotation_names_the_day_from_which_it_can_be_chosen() -> None:
    days = {item: int(day) for item, day in re.findall(r'data-quote="([^"]+)" data-from="(\d+)"', page(LATE)["composer-quotes"])}  # fmt: skip
    assert len(set(days.values())) > 10
    for day in sorted(set(days.values()))[::6]:
        said_on = dt.date(1970, 1, 1) + dt.timedelta(days=day)
        on, before = (set(offered(page(replace(LATE, as_of=when))["composer-quotes"])) for when in (said_on, said_on - dt.timedelta(1)))  # fmt: skip
        assert on - before == {item for item in days if days[item] == day}, said_on


def test_the_list_says_for_which_question_it_is() -> None:
    asked = re.search(r'data-asked="([^"]*)"', page(NARROW)["composer-quotes"])
    assert asked
    assert parse_qs(html.unescape(asked[1])) == {
        "as_of": ["2026-01-18"], "known_on": ["2026-01-05"], "without": ["P037"], "without_grade": ["C"]
    }  # fmt: skip


def test_words_of_the_data_stay_words(monkeypatch: pytest.MonkeyPatch) -> None:
    said = briefing.quotable(view.build(load_ledger(), LATE, now=today()))[0]
    hostile = replace(said, quotation=HARM, speaker=HARM, key=HARM, sentence=None)
    monkeypatch.setattr(briefing, "quotable", lambda _: (hostile,))
    part = page(LATE)["composer-quotes"]
    assert "<script" not in part
    assert offered(part) == [HARM]
    assert html.unescape(part).count(HARM) >= 3


def test_more_than_a_list_can_hold_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composer, "MOST_OFFERED", 5)
    part = page(LATE)["composer-quotes"]
    everything = briefing.quotable(view.build(load_ledger(), LATE, now=today()))
    assert len(offered(part)) == 5
    assert f"and {len(everything) - 5} older ones" in part


@pytest.mark.parametrize(
    ("name", "values"),
    [
        (options.LAYOUT, list(options.LAYOUTS)),
        (options.THEME, list(options.THEMES)),
        (options.MARKING, ["", "TLP:RED", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:GREEN", "TLP:CLEAR", "free"]),
        ("film", list(forms.FILMS)),
        (film.RHYTHM, list(film.RHYTHMS)),
        ("extent", ["", "all"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_choice_is_one_that_is_understood(name: str, values: list[str]) -> None:
    assert choices(name) == values


def test_every_form_can_be_taken_once() -> None:
    links = re.findall(r'data-take="(\w+)"(?: data-scale="(\d)")?', page(LATE)["composer-preview"])
    still = [form for form in forms.FORMS if form not in forms.FILMS]
    assert sorted(links) == sorted([("png", str(scale)) for scale in options.SCALES] + [(form, "") for form in still if form != "png"])  # fmt: skip


def test_the_browser_speaks_the_words_of_the_server() -> None:
    assert set(written("composer/words.js", "VIEW")) == set(request.BRIEFED)
    chosen = set(written("composer/words.js", "PLAIN"))
    assert chosen == set(written("store.js", "COMPOSED"))
    assert chosen - set(options.PARAMETERS) == {"extent", "link"}
    assert set(options.PARAMETERS) - chosen == {"map", "address", "scale"}
    assert tuple(written("composer.js", "LISTED_BY")) == composer.LISTED_BY


def test_all_labels_are_offered_and_typing_a_plain_one_meets_it_first() -> None:
    assert sorted(composer.LABELS) == sorted(options.TLP)
    for label in options.TLP:
        assert next(one for one in composer.LABELS if one.startswith(label)) == label


def test_the_limits_are_those_of_the_server() -> None:
    part = page(LATE)["composer-options"]
    assert f'data-longest="{options.LONGEST[options.HEADLINE]}"' in part
    assert f"at most {options.LONGEST[options.MARKING]} characters" in part
    assert f'data-most="{options.MOST_QUOTES}" data-proposed="{briefing.PROPOSED_QUOTES}"' in part
