"""The composer: the picture follows view and choices, nothing that was written is lost, and every way out says how it went."""

from __future__ import annotations

import io
import json
import re
import shlex
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image
from playwright.sync_api import expect

from components.desk import load_ledger, today
from exports import __main__ as command
from exports import forms, options
from tests.browser.test_pages import body, copied, page_path, query

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page, Route

    from tests.conftest import Devices, OpenPage, Screen

pytestmark = pytest.mark.browser

DAY = "2026-01-18"
BRIEFINGS = re.compile(r"/export/briefing\.")
LINE = "Not answered: there is no room for this.\n"


class Stub:
    """Stands in for the server's briefings: notes what is asked for, answers at once, or as it is told to."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.fits: list[str] = []
        self.answers: dict[str, Callable[[Route], None]] = {}
        drawn = io.BytesIO()
        Image.new("RGB", (192, 108), "#0b63a5").save(drawn, "PNG")
        self.picture = drawn.getvalue()

    def __call__(self, route: Route) -> None:
        ending = urlsplit(route.request.url).path.rpartition(".")[2]
        self.asked.append(route.request.url)
        if ending in self.answers:
            self.answers[ending](route)
        elif ending == "json":
            route.fulfill(json={"headline": "H", "proposed": "Proposed of the facts.", "fits": self.fits, "file": "stem", "quotes": [], "pixels": [192, 108]})  # fmt: skip
        elif ending == "png":
            route.fulfill(body=self.picture, content_type="image/png")
        else:
            named = {"Content-Disposition": f'attachment; filename="as the server says.{ending}"'}
            route.fulfill(body=b"bytes", headers=named)

    def last(self, ending: str = "png") -> dict[str, str]:
        """The parameters of the last request for a form."""
        address = next(url for url in reversed(self.asked) if urlsplit(url).path.endswith(f".{ending}"))
        return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def refuse(status: int, words: str) -> Callable[[Route], None]:
    return lambda route: route.fulfill(status=status, body=words, content_type="text/plain")


@pytest.fixture
def composer(open_page: OpenPage, devices: Devices) -> Iterator[Callable[..., tuple[Screen, Stub]]]:
    """Opens the composer on a stand-in for the briefings; the page itself is the server's."""
    stub, routed = Stub(), []

    def open_it(address: str = f"/briefing?as_of={DAY}", **device: Any) -> tuple[Screen, Stub]:
        routed.append(devices(touch=bool(device.get("touch"))).context)
        routed[-1].route(BRIEFINGS, stub)
        screen = open_page(address, wait=False, **device)
        expect(screen.page.locator("[data-picture]")).to_be_visible()
        return screen, stub

    yield open_it
    for context in routed:
        context.unroute(BRIEFINGS, stub)


def rest(page: Page) -> None:
    """Wait until the picture shows what is chosen."""
    page.wait_for_function(
        """() => window.__atlas.settled && document.querySelector('[data-figure]').getAttribute('aria-busy') === 'false'
          && document.querySelector('[data-take=png]').getAttribute('href') === new URL(document.querySelector('[data-picture]').src).pathname
            + new URL(document.querySelector('[data-picture]').src).search"""
    )


def test_the_picture_is_the_servers_and_follows_view_and_choices(open_page: OpenPage) -> None:
    screen = open_page(f"/briefing?as_of={DAY}&map=7.5/33.3/44.4&hide=not-sourced", wait=False)
    page, picture = screen.page, screen.page.locator("[data-picture]")
    expect(picture).to_be_visible()
    rest(page)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(picture.get_attribute("src") or "").query).items()}  # fmt: skip
    assert asked == {"as_of": DAY, "hide": "not-sourced", "map": "7.5/33.3/44.4"}  # fmt: skip
    assert picture.evaluate("(img) => [img.naturalWidth, img.naturalHeight]") == list(options.LAYOUTS["slide"].pixels())  # fmt: skip
    body(page).get_by_text("Square", exact=True).click()
    body(page).get_by_text("All of Iraq", exact=True).click()
    page.get_by_label("Handling marking, top and bottom").select_option("TLP:AMBER")
    page.evaluate("() => window.__atlas.set({ day: window.__atlas.state.day - 10, compare: window.__atlas.state.day - 900 })")  # fmt: skip
    page.wait_for_function("() => document.querySelector('[data-picture]').src.includes('compare=')")
    rest(page)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(picture.get_attribute("src") or "").query).items()}  # fmt: skip
    assert {"layout": "square", "marking": "TLP:AMBER", "as_of": "2026-01-08", "compare": "2023-08-02"}.items() <= asked.items()  # fmt: skip
    assert "map" not in asked
    assert picture.evaluate("(img) => [img.naturalWidth, img.naturalHeight]") == list(options.LAYOUTS["square"].pixels())  # fmt: skip
    assert screen.errors == []


def test_the_old_picture_stays_until_the_new_one_is_there_and_what_does_not_fit_is_said(
    composer: Callable[..., tuple[Screen, Stub]],
) -> None:
    screen, stub = composer()
    page = screen.page
    rest(page)
    held: list[Route] = []
    stub.answers["png"] = held.append
    before = page.locator("[data-picture]").get_attribute("src")
    body(page).get_by_text("Dark", exact=True).click()
    expect(page.locator("[data-figure]")).to_have_attribute("data-drawing", "")
    assert page.locator("[data-picture]").get_attribute("src") == before
    expect(page.locator("[data-progress]")).to_have_text("The picture is being made.")
    del stub.answers["png"]
    held[0].fulfill(body=stub.picture, content_type="image/png")
    rest(page)
    assert stub.last()["theme"] == "dark"
    # what does not fit
    stub.fits, stub.answers["png"] = ["The headline takes four lines; shorten it."], refuse(400, LINE)
    body(page).get_by_text("A4", exact=True).click()
    notices = page.locator("[data-notices]")
    expect(notices).to_contain_text("nothing is cut")
    expect(notices).to_contain_text(stub.fits[0])
    expect(page.locator("[data-figure]")).to_have_attribute("data-late", "")
    assert page.locator("[data-figure] [data-notices]").count() == 1, "it stands where the picture would"
    ways = page.locator(".composer-take :is(a, button)")
    blocked = {"png", "svg", "pdf", "zip"}
    expect(page.locator("[data-copy-picture]")).to_have_attribute("aria-disabled", "true")
    for way in ways.all():
        off = (way.get_attribute("data-take") or "png") in blocked | {"pptx"}
        assert (way.get_attribute("aria-disabled"), way.get_attribute("title") == stub.fits[0]) == ("true" if off else None, off)  # fmt: skip
    asked = len(stub.asked)
    for name in ("PDF", "Copy picture", "Copy link"):
        page.get_by_role("group", name="Take it along").get_by_text(name).click(force=True)
        expect(page.locator("[data-told]")).to_have_text(f"Not made. {stub.fits[0]}")
    assert len(stub.asked) == asked
    # too much for a page is not too much for further slides
    stub.fits = ["The first quotation does not fit on the page.."]
    body(page).get_by_text("Letter", exact=True).click()
    expect(notices).to_contain_text("PowerPoint takes further slides")
    assert "page.." not in notices.inner_text()
    assert {way.get_attribute("data-take") for way in ways.all() if not way.get_attribute("aria-disabled")} == {"pptx", "html"}  # fmt: skip
    # what is not understood
    stub.answers["json"] = refuse(400, "Not answered: marking='TLP:PINK' is no label.\n")
    page.get_by_label("Handling marking, top and bottom").select_option("free")
    expect(page.locator("[data-choose=free]")).to_be_focused()
    page.keyboard.type("TLP:PINK")
    expect(notices).to_contain_text("Marking='TLP:PINK' is no label.")
    expect(page.locator(".composer-take [aria-disabled]")).to_have_count(ways.count())
    assert stub.last("json")["marking"] == "TLP:PINK"
    stub.answers.clear()
    stub.fits = []
    page.get_by_label("Handling marking, top and bottom").select_option("")
    expect(notices).to_be_empty()
    expect(page.locator(".composer-take [aria-disabled]")).to_have_count(0)
    expect(page.locator("[data-told]")).to_be_empty()
    rest(page)
    assert screen.errors == []


def test_what_never_was_drawn_is_not_said_to_be_drawn(composer: Callable[..., tuple[Screen, Stub]]) -> None:
    screen, stub = composer()
    stub.fits, stub.answers["png"] = ["There is no room."], refuse(400, LINE)
    screen.page.reload()
    expect(screen.page.locator("[data-figure]")).to_contain_text("There is no room.")
    expect(screen.page.locator("[data-first]")).to_have_count(0)
    expect(screen.page.locator("[data-notices]")).not_to_contain_text("still shows")


def test_a_marking_stays_until_another_is_written(composer: Callable[..., tuple[Screen, Stub]]) -> None:
    screen, stub = composer(f"/briefing?as_of={DAY}&marking=TLP:AMBER")
    page = screen.page
    rest(page)
    choice, words = page.get_by_label("Handling marking, top and bottom"), page.locator("[data-choose=free]")
    choice.select_option("free")
    expect(words).to_be_focused()
    expect(words).to_have_value("")
    unwritten = page.locator("[data-unwritten]")
    expect(unwritten).to_have_text("Write the marking, or choose none: until then it stays TLP:AMBER.")
    page.get_by_text("Dark", exact=True).click()
    page.wait_for_function("() => document.querySelector('[data-picture]').src.includes('theme=dark')")
    rest(page)
    words.fill("Restricted")
    expect(unwritten).to_be_empty()
    page.wait_for_function(
        "() => document.querySelector('[data-picture]').src.includes('marking=Restricted')"
    )
    words.fill("  ")
    expect(unwritten).to_contain_text("until then it stays Restricted")
    rest(page)
    marked = [(parse_qs(urlsplit(url).query).get("marking") or [""])[0] for url in stub.asked]
    assert set(marked) == {"TLP:AMBER", "Restricted"}
    assert stub.last()["marking"] == "Restricted"
    choice.select_option("")
    page.wait_for_function("() => !document.querySelector('[data-picture]').src.includes('marking')")
    choice.focus()
    page.keyboard.type("TLP:AMBER")
    expect(choice).to_have_value("TLP:AMBER")
    assert screen.errors == []


def test_an_address_that_only_leads_here_is_printed_on_demand(
    composer: Callable[..., tuple[Screen, Stub]],
) -> None:
    screen, stub = composer()
    page = screen.page
    box = page.get_by_label("the address of this server")
    expect(box).not_to_be_checked()
    expect(page.locator("[data-own]")).to_have_text(": this address works only on this computer")
    rest(page)
    assert "address" not in stub.last()
    box.check()
    page.wait_for_function("() => document.querySelector('[data-picture]').src.includes('address=')")
    assert stub.last()["address"] == page.url.partition("/briefing")[0]
    page.reload()
    expect(box).to_be_checked()
    # elsewhere it is printed unless it is left off
    found = page.evaluate(
        """async (hosts) => {
          const { printsLink, linkChoice } = await import(new URL("browser/composer/words.js", document.baseURI));
          return hosts.map((host) => [...["", "on", "off"].map((link) => printsLink(link, host)), linkChoice(true, host), linkChoice(false, host)]);
        }""",
        ["http://localhost:8501/", "http://127.0.0.1/", "http://[::1]:80/", "https://atlas.example.org/a/"],
    )
    assert found[:3] == [[False, True, False, "on", ""]] * 3
    assert found[3] == [True, True, False, "", "off"]
    assert screen.errors == []


def test_one_site_is_chosen_and_let_go_on_the_page(composer: Callable[..., tuple[Screen, Stub]]) -> None:
    screen, stub = composer()
    page = screen.page
    site, away = page.locator("[data-choose=site]"), page.get_by_role("button", name="Take the site away")
    assert site.locator("option").all_inner_texts()[0] == "none"
    assert site.locator("option").count() == len(load_ledger().sites) + 1
    expect(away).to_be_hidden()
    site.select_option(label="Balad")
    page.wait_for_function("() => document.querySelector('[data-picture]').src.includes('site=balad')")
    away.press("Enter")
    expect(site).to_be_focused()
    expect(site).to_have_value("")
    page.wait_for_function("() => !document.querySelector('[data-picture]').src.includes('site=')")
    page.get_by_role("combobox", name="Find a site").fill("ain al asad")
    page.keyboard.press("Enter")
    expect(site).to_have_value("ain-al-asad")
    rest(page)
    assert stub.last()["site"] == "ain-al-asad"
    assert (page_path(page), query(page)["site"]) == ("/briefing", "ain-al-asad")
    assert screen.errors == []


def test_the_picture_is_seen_at_its_own_size_and_a_page_in_its_whole_width(
    composer: Callable[..., tuple[Screen, Stub]],
) -> None:
    screen, stub = composer(f"/briefing?as_of={DAY}&layout=a4")
    drawn = io.BytesIO()
    Image.new("RGB", (1240, 1754), "#0b63a5").save(drawn, "PNG")
    stub.picture = drawn.getvalue()
    page = screen.page
    page.get_by_text("Dark", exact=True).click()
    page.wait_for_function("() => document.querySelector('[data-picture]').naturalWidth === 1240")
    wide = "(node) => { const box = node.getBoundingClientRect(), place = node.closest('[data-figure]').getBoundingClientRect(); return box.width / place.width }"
    assert page.locator("[data-picture]").evaluate(wide) > 0.9
    assert page.locator("[data-paper]").evaluate("(node) => node.scrollHeight > node.clientHeight && node.tabIndex === 0")  # fmt: skip
    full = page.get_by_role("button", name="full size")
    full.click()
    large = page.get_by_role("dialog", name="The briefing at its own size")
    assert large.bounding_box() == {"x": 0, "y": 0, **(page.viewport_size or {})}
    assert large.locator("img").evaluate("(img) => [img.width, img.height]") == [1240, 1754]
    page.keyboard.press("End")
    page.wait_for_function("() => document.querySelector('[data-large-paper]').scrollTop > 100")
    assert large.get_by_role("link").evaluate("(link) => link.href === document.querySelector('[data-picture]').src")  # fmt: skip
    page.keyboard.press("Escape")
    expect(large).to_be_hidden()
    expect(full).to_be_focused()
    assert screen.errors == []


@pytest.mark.parametrize("after", ["options", "quotes"])
def test_a_link_leads_from_the_choices_to_the_downloads(
    composer: Callable[..., tuple[Screen, Stub]], after: str
) -> None:
    screen, _ = composer()
    link = screen.page.locator(f'[data-panel="composer-{after}"] [data-downloads]')
    link.focus()
    assert link.evaluate("(node) => getComputedStyle(node).clipPath") == "none"
    screen.page.keyboard.press("Enter")
    expect(screen.page.locator("[data-copy-picture]")).to_be_focused()
    assert not urlsplit(screen.page.url).fragment


def test_how_it_went_is_in_sight_beside_the_ways_out(composer: Callable[..., tuple[Screen, Stub]]) -> None:
    screen, _ = composer(width=1280, height=800)
    page = screen.page
    rest(page)
    with page.expect_download():
        page.locator("[data-take=pdf]").click()
    told, link, copying = (page.locator(f"[{name}]").bounding_box() for name in ("data-told", "data-copy-address", "data-copy-picture"))  # fmt: skip
    clock = page.locator(".atlas-clock").bounding_box()
    assert told
    assert link
    assert copying
    assert clock
    assert told["y"] + told["height"] <= link["y"] < told["y"] + told["height"] + 12
    assert link["y"] == copying["y"], "in the first row"
    assert max(way.bounding_box()["y"] + way.bounding_box()["height"] for way in page.locator(".composer-take :is(a, button)").all()) <= clock["y"]  # type: ignore[index]  # fmt: skip


def test_a_headline_is_lost_by_nothing(composer: Callable[..., tuple[Screen, Stub]]) -> None:
    screen, stub = composer()
    page = screen.page
    field = page.get_by_label("Headline")
    expect(field).to_have_attribute("placeholder", "Proposed of the facts.")
    page.get_by_role("button", name="edit the proposed one").click()
    expect(field).to_be_focused()
    expect(field).to_have_value("Proposed of the facts.")
    page.keyboard.press("Control+A")
    page.keyboard.type("Mine: ")
    page.evaluate("() => window.__atlas.set({ day: window.__atlas.state.day - 700 })")
    page.keyboard.type("one & only")
    page.wait_for_function("() => document.querySelector('[data-shown]').dataset.shown.startsWith('2024')")
    page.keyboard.type(" …")
    expect(field).to_be_focused()
    expect(field).to_have_value("Mine: one & only …")
    expect(page.locator("[data-written]")).to_contain_text("Written for 18 January 2026")
    page.wait_for_function("() => new URLSearchParams(location.search).get('headline')?.endsWith('…')")
    rest(page)
    assert stub.last()["headline"] == "Mine: one & only …"
    page.reload()
    expect(field).to_have_value("Mine: one & only …")
    page.locator(".atlas-nav").get_by_role("link", name="Statements").click()
    expect(page.locator(".st-key-atlas-page-statements")).to_be_visible()
    assert "headline" not in query(page)
    page.locator(".atlas-nav").get_by_role("link", name="Briefing").click()
    expect(field).to_have_value("Mine: one & only …")
    page.wait_for_function("() => new URLSearchParams(location.search).has('headline')")
    field.fill("x" * 241)
    expect(page.locator("[data-count]")).to_have_text("241 of 240 characters")
    page.get_by_role("button", name="take the proposed one back").click()
    expect(field).to_have_value("")
    rest(page)
    assert "headline" not in stub.last()
    assert page_path(page) == "/briefing"
    assert screen.errors == []


def test_quotations_are_found_chosen_ordered_and_left_out_where_they_had_not_been_said(
    composer: Callable[..., tuple[Screen, Stub]],
) -> None:
    screen, stub = composer()
    page = screen.page
    order = page.locator("[data-order] li")
    expect(order).to_have_count(2)
    rest(page)
    assert "quotes" not in stub.last()
    page.get_by_label("Find one, the newest first").fill("strategic threat")
    expect(page.locator("[data-line=G4]")).to_be_visible()
    expect(page.locator("[data-line=G2]")).to_be_hidden()
    page.locator("[data-quote=G4]").check()
    expect(order).to_have_count(3)
    page.locator("[data-move=up][data-of=G4]").press("Enter")
    expect(page.locator("[data-move=up][data-of=G4]")).to_be_focused()
    page.locator("[data-move=out][data-of=G1]").click()
    rest(page)
    assert stub.last()["quotes"] == "G4,G2"
    page.evaluate("() => window.__atlas.set({ day: window.__atlas.state.day - 1 })")
    expect(page.locator("[data-order] .is-missing")).to_have_count(2)
    rest(page)
    assert stub.last()["quotes"] == "none"
    page.evaluate("() => window.__atlas.set({ day: window.__atlas.state.day + 1 })")
    page.wait_for_function("() => document.querySelector('[data-picture]').src.includes('quotes=G4,G2')")
    page.locator("[data-find]").fill("")
    for item in ("G1", "G3", "G6", "G7"):
        page.locator(f"[data-quote={item}]").check()
    assert page.locator("[data-quote]:enabled").count() == options.MOST_QUOTES
    page.get_by_role("button", name="as proposed").click()
    expect(order).to_have_count(2)
    assert screen.errors == []


def test_files_keep_their_names_and_a_refusal_is_worded(composer: Callable[..., tuple[Screen, Stub]]) -> None:
    screen, stub = composer()
    page = screen.page
    told = page.locator("[data-told]")
    stub.answers["pptx"] = refuse(503, "Many files are being made; ask again in 10 seconds.\n")
    page.locator("[data-take=pptx]").click()
    expect(told).to_have_text("PowerPoint: not made. Many files are being made; ask again in 10 seconds.")
    with page.expect_download():
        page.locator('[data-take=png][data-scale="4"]').click()
    assert stub.last()["scale"] == "4"
    with page.expect_download() as found:
        page.locator("[data-take=pdf]").click()
    assert found.value.suggested_filename == "as the server says.pdf"
    expect(told).to_have_text("Saved: as the server says.pdf, 1 kB.")
    # a film: how far it is, stopping it, having it
    held: list[Route] = []
    stub.answers["mp4"] = held.append
    stub.answers["progress"] = lambda route: route.fulfill(json={"done": 3, "of": 12})
    body(page).get_by_text("By month", exact=True).click()
    page.get_by_label("From", exact=True).fill("2020-01-01")
    page.get_by_role("button", name="Make the film").click()
    bar = page.locator("[data-film-bar]")
    expect(bar).to_have_js_property("value", 3)
    assert bar.evaluate("(node) => node.max") == 12
    asked = stub.last("mp4")
    assert (asked["rhythm"], asked["from"]) == ("month", "2020-01-01")
    assert stub.last("progress") == asked
    page.get_by_role("button", name="Stop").press("Enter")
    expect(page.locator("[data-film-told]")).to_have_text("Stopped. Nothing was saved.")
    expect(page.get_by_role("button", name="Make the film")).to_be_focused()
    del stub.answers["mp4"]
    with page.expect_download() as found:
        page.keyboard.press("Enter")
    assert found.value.suggested_filename == "as the server says.mp4"
    expect(bar).to_be_hidden()
    assert screen.errors == []


def test_picture_link_and_command_are_copied_and_say_the_same(
    composer: Callable[..., tuple[Screen, Stub]],
) -> None:
    address = f"/briefing?as_of={DAY}&without=P037&derived=out&without_grade=C,D&hide=not-sourced&site=ain-al-asad&quotes=none&marking=--odd"
    screen, stub = composer(address)
    page = screen.page
    page.get_by_label("Headline").fill("It’s 'done' & \"over\"; $HOME `x`\nin two lines")
    page.get_by_label("when it was made").check()
    rest(page)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy link to this picture").click()
    link = copied(page, "/export/briefing.png?")
    line = page.locator("[data-command]").inner_text()
    page.get_by_role("button", name="Copy the command").click()
    assert copied(page, ".venv/bin/python -m exports") == line
    words = shlex.split(line)
    assert words[:4] == [".venv/bin/python", "-m", "exports", "briefing"]
    args = command._parser().parse_args(words[3:])
    ledger = load_ledger()
    asked = forms.read(command._params(args), ledger, today())
    assert asked == forms.read(parse_qs(urlsplit(link).query), ledger, today())
    assert asked.options.headline == "It’s 'done' & \"over\"; $HOME `x` in two lines"
    assert asked.options.marking == "--odd"
    assert asked.options.made is not None
    assert asked.state.knowledge.and_derived
    page.get_by_role("button", name="Copy picture").click()
    expect(page.locator("[data-told]")).to_contain_text("Picture copied")
    types = page.evaluate("async () => (await navigator.clipboard.read())[0].types")
    assert types == ["image/png"]
    stub.answers["png"] = refuse(400, LINE)
    page.get_by_role("button", name="Copy picture").click()
    expect(page.locator("[data-told]")).to_have_text("Nothing was copied. There is no room for this.")
    assert screen.errors == []


@pytest.mark.parametrize("device", ["desk", "phone"])
def test_it_fits_the_screen_and_every_control_is_named_and_large_enough(
    composer: Callable[..., tuple[Screen, Stub]], device: str
) -> None:
    phone = device == "phone"
    size = {"width": 390, "height": 844, "touch": True} if phone else {"width": 1440, "height": 900}
    screen, _ = composer(**size)
    page = screen.page
    rest(page)
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0
    picture, take, field = (page.locator(f"[{name}]").first.bounding_box() for name in ("data-figure", "data-take", "data-choose=headline"))  # fmt: skip
    assert picture
    assert take
    assert field
    assert picture["y"] < take["y"] < size["height"] - 120, "picture and ways out are in sight"
    assert (field["y"] > take["y"]) if phone else (field["x"] > picture["x"] + picture["width"])
    found = json.loads(
        body(page).evaluate(
            """(node) => JSON.stringify([...node.querySelectorAll(".composer :is(button, a, input, select, textarea)")]
              .filter((one) => one.checkVisibility())
              .map((one) => ({ what: one.outerHTML.slice(0, 90), tab: one.tabIndex,
                named: Boolean(one.ariaLabel || one.textContent.trim() || one.labels?.length),
                high: Math.max(one.getBoundingClientRect().height, ...[...(one.labels ?? [])].map((label) => label.getBoundingClientRect().height)) })))"""
        )
    )
    assert len(found) > 40
    assert [one["what"] for one in found if not one["named"] or one["tab"] < 0] == []
    assert [one["what"] for one in found if one["high"] < (44 if phone else 24)] == []
    assert screen.errors == []
