"""The control layer inside the map's frame: marks, labels, legend, inset, headline, hover label, extent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.conftest import wait_until_still

if TYPE_CHECKING:
    from playwright.sync_api import Frame, Locator, Page

    from tests.conftest import OpenPage, Screen

pytestmark = pytest.mark.browser

DAYS = ("2015-06-01", "2017-06-01", "2020-04-05", "2026-01-15", "2026-11-20")
DEVICES: tuple[dict[str, Any], ...] = (
    {"width": 1440, "height": 900},
    {"width": 1280, "height": 720},
    {"width": 390, "height": 844, "touch": True},
)
HOSTILE = '<img src=x onerror="window.hurt = true">'

# What the payload says about a day, worked out the plain way: every span is looked at.
EXPECTED = """(iso) => {
  const day = Date.parse(iso + "T00:00:00Z") / 864e5;
  return Object.fromEntries(window.__atlas.lives.sites.map((site) => [
    site.id, site.spans.filter((span) => span.from <= day && day <= span.to).at(-1)?.category ?? null]));
}"""
GO = '(iso) => window.__atlas.set({day: Date.parse(iso + "T00:00:00Z") / 864e5})'
# Boxes of what is drawn on the map (not in the inset), on screen: [name, left, top, right, bottom].
BOXES = """(selector) => [...document.querySelectorAll(selector)]
  .filter((node) => node.offsetWidth && node.offsetHeight && getComputedStyle(node).visibility === "visible")
  .map((node) => { const at = node.getBoundingClientRect();
    return [node.textContent.trim() || node.dataset.site || node.className, at.left, at.top, at.right, at.bottom]; })"""
# Boxes of the lines of the headline where it stands on the map itself.
HEADLINE_LINES = """() => [...document.querySelectorAll(".atlas-map .atlas-head > *")].filter((node) => node.offsetWidth).flatMap((node) => {
  const range = document.createRange(); range.selectNodeContents(node);
  return [...range.getClientRects()].map((at) => ["headline", at.left, at.top, at.right, at.bottom]); })"""

# Marks on the map that stand aside, each with the others whose place or line it covers or whose place its line runs over.
# Sites whose places are less than 9.5 pixels apart are one place to the reader.
MISLEADING = """() => {
  const corner = window.map.getContainer().getBoundingClientRect();
  const shown = window.parent.__atlas.lives.sites.filter((site) => site.lat !== null).flatMap((site) => {
    const mark = document.querySelector(`.leaflet-pane .atlas-mark[data-site="${site.id}"]`);
    if (!mark || !mark.offsetWidth) return [];
    const at = mark.getBoundingClientRect(), place = window.map.latLngToContainerPoint([site.lat, site.lon]);
    const x = at.left + at.width / 2 - corner.left, y = at.top + at.height / 2 - corner.top;
    return [{ id: site.id, place, x, y, aside: Math.hypot(x - place.x, y - place.y) > 1.5 }];
  });
  const covers = (one, x, y, radius) => Math.abs(one.x - x) < radius && Math.abs(one.y - y) < radius;
  const points = (one) => Array.from({ length: 33 }, (_, at) => [one.place.x + (one.x - one.place.x) * at / 32, one.place.y + (one.y - one.place.y) * at / 32]);
  const found = [];
  for (const one of shown) for (const other of shown) {
    if (one === other || Math.hypot(one.place.x - other.place.x, one.place.y - other.place.y) < 9.5) continue;
    if (one.aside && other.aside && covers(one, other.place.x, other.place.y, 9)) found.push(`${one.id} on the place of ${other.id}`);
    if (other.aside && points(other).some(([x, y]) => covers(one, x, y, 8))) found.push(`${one.id} on the line of ${other.id}`);
    if (one.aside && other.aside && points(one).some(([x, y]) => Math.hypot(x - other.place.x, y - other.place.y) < 4)) found.push(`line of ${one.id} over the place of ${other.id}`);
  }
  return found;
}"""
# Names that the line to another name runs over.
UNDER_A_LINE = """() => {
  const names = [...document.querySelectorAll(".leaflet-pane .atlas-label, .atlas-detail-label, .atlas-town span")]
    .filter((name) => name.offsetWidth).map((name) => [name.textContent, name.getBoundingClientRect()]);
  return [...document.querySelectorAll(".leaflet-pane .atlas-hair-box")].filter((box) => box.style.display !== "none").flatMap((box) => {
    const { left, top } = box.getBoundingClientRect(), [x1, y1, x2, y2] = ["x1", "y1", "x2", "y2"].map((key) => Number(box.firstChild.getAttribute(key)));
    return names.filter(([, at]) => Array.from({ length: 33 }, (_, step) => step / 33).some((share) => {
      const x = left + x1 + (x2 - x1) * share, y = top + y1 + (y2 - y1) * share;
      return x > at.left + 1 && x < at.right - 1 && y > at.top + 2 && y < at.bottom - 2;
    })).map(([name]) => name);
  });
}"""
CROWDED = (
    "/?as_of=2019-12-10",
    "/?as_of=2020-08-23",
    "/?as_of=2026-01-18",
    "/?as_of=2026-01-18&compare=2020-01-01",
)

Box = tuple[str, float, float, float, float]


def map_on(show: OpenPage, path: str = "/?as_of=2026-01-15", *, still: bool = False, **device: Any) -> Screen:
    """Show the dashboard by `open_page` or `turn_to`; `still`: with every mark and name where it stays."""
    screen = show(path, **device)
    if still:
        wait_until_still(screen.map)
    return screen


def mark(frame: Frame, site: str) -> Locator:
    return frame.locator(f'.atlas-mark[data-site="{site}"]:visible').first


def state(page: Page, key: str) -> Any:
    return page.evaluate("(key) => window.__atlas.state[key]", key)


def boxes(frame: Frame, selector: str) -> list[Box]:
    return [tuple(box) for box in frame.evaluate(BOXES, selector)]


def overlapping(one: Box, other: Box, slack: float = 1) -> bool:
    return (
        one[1] + slack < other[3]
        and other[1] + slack < one[3]
        and one[2] + slack < other[4]
        and other[2] + slack < one[4]
    )


def glyph_boxes(frame: Frame) -> list[Box]:
    """The visible part of each glyph: 16 pixels in the middle of its mark."""
    marks = boxes(frame, ".atlas-mark")
    return [
        (name, (left + right) / 2 - 8, (top + bottom) / 2 - 8, (left + right) / 2 + 8, (top + bottom) / 2 + 8)
        for name, left, top, right, bottom in marks
    ]


def test_marks_and_counts_show_what_the_payload_says(turn_to: OpenPage) -> None:
    screen = map_on(turn_to)
    for iso in DAYS:
        check_marks_and_counts(screen, iso)


def check_marks_and_counts(screen: Screen, iso: str) -> None:
    screen.page.evaluate(GO, iso)
    expected = screen.page.evaluate(EXPECTED, iso)
    frame = screen.map
    assert screen.day() == iso
    assert frame.evaluate("() => window.controlLayer.categories()") == expected
    for node in frame.locator(".atlas-spot[data-category]").all():
        site = node.locator(".atlas-mark").get_attribute("data-site")
        assert site is not None
        assert node.get_attribute("data-category") == expected[site]
    for row in frame.locator(".atlas-row").all():
        category = row.get_attribute("data-category")
        count = sum(value == category for value in expected.values())
        assert row.locator(".atlas-count").inner_text() == str(count)


def test_the_day_is_painted_inside_the_call_that_sets_it(turn_to: OpenPage) -> None:
    screen = map_on(turn_to)
    painted = screen.map.evaluate(
        """() => {
          const store = window.parent.__atlas;
          const found = [];
          for (const iso of ["2015-06-01", "2026-01-12", "2026-01-13", "2026-01-18"]) {
            store.set({day: Date.parse(iso + "T00:00:00Z") / 864e5});
            const mark = document.querySelector('.atlas-mark[data-site="ain-al-asad"]');
            found.push([document.querySelector(".atlas-date").textContent, mark.parentElement.dataset.category]);
          }
          return found;
        }"""
    )
    assert painted == [
        ["1 June 2015", "coalition-federal"],
        ["12 January 2026", "coalition-federal"],
        ["13 January 2026", "changing-hands"],
        ["18 January 2026", "iraqi-forces"],
    ]


def test_jumping_about_equals_walking(turn_to: OpenPage) -> None:
    screen = map_on(turn_to)
    wrong = screen.map.evaluate(
        """() => {
          const store = window.parent.__atlas, {first, last, sites} = store.lives, wrong = [];
          for (let step = 0; step < 300; step += 1) {
            const day = first + ((step * 7919) % (last - first + 1));
            store.set({day}, {url: false});
            const shown = window.controlLayer.categories();
            for (const site of sites) {
              const span = site.spans.filter((one) => one.from <= day && day <= one.to).at(-1);
              if (shown[site.id] !== span.category) wrong.push([site.id, day]);
            }
          }
          return wrong;
        }"""
    )
    assert wrong == []


@pytest.mark.parametrize("device", DEVICES, ids=lambda device: str(device["width"]))
def test_glyphs_labels_and_boxes_keep_clear_of_each_other(
    open_page: OpenPage, device: dict[str, Any]
) -> None:
    frame = map_on(open_page, still=True, **device).map
    glyphs = glyph_boxes(frame)
    assert len(glyphs) == frame.evaluate(
        "() => window.parent.__atlas.lives.sites.filter((site) => site.lat !== null).length"
    )
    for at, glyph in enumerate(glyphs):
        for other in glyphs[at + 1 :]:
            assert not overlapping(glyph, other), (glyph, other)
    labels = boxes(frame, ".atlas-label, .atlas-detail-label")
    assert len(labels) >= 14, "too few labels found room"
    for at, label in enumerate(labels):
        for other in labels[at + 1 :]:
            assert not overlapping(label, other), (label, other)
        for glyph in glyphs:
            assert not overlapping(label, glyph), (label, glyph)
    on_map = boxes(
        frame, ".leaflet-marker-pane .atlas-label, .atlas-marks-pane .atlas-label, .atlas-detail-label"
    )
    fixed = (
        ".atlas-map .atlas-change, .atlas-map .atlas-legend, .atlas-map .atlas-inset, .atlas-map .atlas-tools"
    )
    lines = frame.evaluate(HEADLINE_LINES)
    for label in on_map:
        for part in [*boxes(frame, fixed), *lines]:
            assert not overlapping(label, part), (label, part)


@pytest.mark.parametrize(
    "device", [{"width": 1920, "height": 1080}, *DEVICES], ids=lambda device: str(device["width"])
)
def test_every_site_on_the_map_has_its_name(turn_to: OpenPage, device: dict[str, Any]) -> None:
    """Without exception: where there is no room beside a mark, its name stands farther off, tied to it by a line."""
    for path in ("/?as_of=2017-06-01", "/?as_of=2026-01-15", *CROWDED):
        check_names(map_on(turn_to, path, still=True, **device).map, path)


def check_names(frame: Frame, path: str) -> None:
    nameless = frame.evaluate(
        """() => [...document.querySelectorAll(".atlas-spot[data-category]")]
          .filter((spot) => spot.querySelector(".atlas-mark").offsetWidth && !spot.querySelector(".atlas-label").offsetWidth)
          .map((spot) => spot.querySelector(".atlas-mark").dataset.site)"""
    )
    assert nameless == [], path
    assert frame.evaluate(UNDER_A_LINE) == [], path


@pytest.mark.parametrize("device", DEVICES, ids=lambda device: str(device["width"]))
def test_a_mark_that_stands_aside_seems_to_belong_to_no_other_place(
    turn_to: OpenPage, device: dict[str, Any]
) -> None:
    for path in CROWDED:
        frame = map_on(turn_to, path, still=True, **device).map
        assert frame.evaluate(MISLEADING) == [], path


def test_a_name_away_from_its_mark_is_tied_to_it(turn_to: OpenPage) -> None:
    frame = map_on(turn_to, width=390, height=844, touch=True, still=True).map
    far = frame.evaluate(
        """() => [...document.querySelectorAll(".atlas-map .atlas-spot[data-category]")].map((spot) => {
          const mark = spot.querySelector(".atlas-mark").getBoundingClientRect();
          const label = spot.querySelector(".atlas-label").getBoundingClientRect();
          const [x, y] = [mark.left + mark.width / 2, mark.top + mark.height / 2];
          return [label.width, Math.hypot(Math.max(label.left - x, 0, x - label.right), Math.max(label.top - y, 0, y - label.bottom))];
        }).filter(([width, gap]) => width && gap > 22).length"""
    )
    assert frame.locator(".leaflet-pane .atlas-hair-box:visible").count() >= far


def test_sites_at_one_place_stand_apart_with_a_line_to_the_place(turn_to: OpenPage) -> None:
    frame = map_on(turn_to, still=True).map
    fanned = frame.locator(".atlas-inset .atlas-spot.is-fanned .atlas-mark")
    assert {"joc-hq", "union-iii"} <= {node.get_attribute("data-site") for node in fanned.all()}
    assert frame.locator(".atlas-inset .atlas-leader-box:visible").count() == fanned.count()


def test_an_approximate_position_never_looks_exact(turn_to: OpenPage) -> None:
    frame = map_on(turn_to, still=True).map
    plain = frame.evaluate(
        """() => window.parent.__atlas.lives.sites.filter((site) => site.radius_m && site.lat !== null).filter((site) => {
          const marks = [...document.querySelectorAll(`.atlas-mark[data-site="${site.id}"]`)].filter((node) => node.offsetWidth);
          return marks.some((node) => !node.parentElement.classList.contains("is-vague"));
        }).map((site) => site.id)"""
    )
    assert plain == []
    # At the opening the largest ones are rings of their real size, the others a halo round the glyph.
    assert frame.locator("path.atlas-ring:visible").count() >= 1
    assert frame.locator(".is-vague.is-small:visible, .is-vague.is-small .atlas-mark:visible").count() >= 1


def test_a_mark_is_a_button_that_says_what_it_shows(turn_to: OpenPage) -> None:
    screen = map_on(turn_to)
    one = mark(screen.map, "k1")
    assert one.get_attribute("role") == "button"
    assert one.get_attribute("tabindex") == "0"
    label = one.get_attribute("aria-label") or ""
    assert "Iraqi forces alone" in label
    assert "Not corroborated since" in label
    box = one.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 28
    one.focus()
    one.press("Enter")
    assert state(screen.page, "site") == "k1"
    mark(screen.map, "harir").click()
    assert state(screen.page, "site") == "harir"
    assert (
        screen.map.locator(".atlas-spot.is-selected .atlas-mark:visible").get_attribute("data-site")
        == "harir"
    )
    mark(screen.map, "balad").focus()
    mark(screen.map, "balad").press("Space")
    assert state(screen.page, "site") == "balad"
    assert state(screen.page, "playing") is False


def test_a_mark_is_large_enough_for_a_thumb(turn_to: OpenPage) -> None:
    frame = map_on(turn_to, width=390, height=844, touch=True).map
    box = mark(frame, "balad").bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44


def test_a_tap_docks_a_card_that_leads_to_the_sources(turn_to: OpenPage) -> None:
    screen = map_on(turn_to, width=390, height=844, touch=True)
    card = screen.map.locator(".atlas-card")
    expect(card).to_be_hidden()
    mark(screen.map, "balad").tap()
    expect(card).to_be_visible()
    expect(card).to_contain_text("Balad")
    expect(card).to_contain_text("Iraqi forces alone")
    expect(card).to_contain_text("Not corroborated since")
    assert state(screen.page, "site") == "balad"
    card.get_by_role("button", name=re.compile("Who says so")).tap()
    expect(screen.page.locator('[data-dossier="balad"]')).to_be_in_viewport()
    mark(screen.map, "k1").tap()
    expect(card).to_contain_text("K-1")
    card.get_by_role("button", name="Close").tap()
    expect(card).to_be_hidden()


def test_evidence_long_past_says_when_the_next_one_comes(turn_to: OpenPage) -> None:
    frame = map_on(turn_to).map
    mark(frame, "camp-singara").hover()
    expect(frame.locator(".atlas-tip")).to_contain_text(
        re.compile(r"Not corroborated since [\w ]+, \w+ (months|years) ago; next evidence [\w ]+ 20\d\d")
    )


def test_the_hover_label_says_how_old_the_evidence_is(turn_to: OpenPage) -> None:
    screen = map_on(turn_to, "/?as_of=2026-11-20")
    mark(screen.map, "balad").hover()
    tip = screen.map.locator(".atlas-tip")
    expect(tip).to_be_visible()
    expect(tip).to_contain_text("Balad")
    expect(tip).to_contain_text("click for sources")
    expect(tip).to_contain_text(re.compile(r"Not corroborated since [\w ]+ 20\d\d, \d+ years ago"))
    screen.page.mouse.move(5, 5)
    expect(tip).to_be_hidden()


def test_the_headline_says_the_date_and_when_sources_end(turn_to: OpenPage) -> None:
    screen = map_on(turn_to, "/?as_of=2026-11-20")
    expect(screen.map.locator(".atlas-date")).to_have_text("20 November 2026")
    assert screen.map.locator(".atlas-finding").inner_text()
    expect(screen.map.locator(".atlas-stale")).to_contain_text("No source after")
    screen.page.evaluate(GO, "2026-01-15")
    expect(screen.map.locator(".atlas-stale")).to_be_hidden()


def test_the_headline_says_what_was_known_when(turn_to: OpenPage) -> None:
    screen = map_on(turn_to, "/?as_of=2026-01-05&known_on=2026-01-10")
    expect(screen.map.locator(".atlas-known")).to_have_text("as our sources had reported by 10 January 2026")


def test_a_legend_row_hides_and_shows_its_category(turn_to: OpenPage) -> None:
    screen = map_on(turn_to)
    row = screen.map.locator('.atlas-row[data-category="iraqi-forces"]')
    count = row.locator(".atlas-count").inner_text()
    row.click()
    expect(row).to_have_attribute("aria-pressed", "false")
    assert row.locator(".atlas-count").inner_text() == count
    assert state(screen.page, "off") == ["iraqi-forces"]
    hidden = screen.map.locator(".atlas-spot.is-off .atlas-mark:visible")
    assert hidden.count() > 0, "hidden sites stay as faint dots"
    assert screen.map.locator('.atlas-spot[data-category="iraqi-forces"]:not(.is-off)').count() == 0
    expect(screen.map.locator(".atlas-hidden")).to_contain_text(f"{count} sites hidden")
    screen.map.get_by_role("button", name="show all").click()
    assert state(screen.page, "off") == []
    expect(row).to_have_attribute("aria-pressed", "true")
    expect(screen.map.locator(".atlas-hidden")).to_be_hidden()


def test_the_legend_says_what_not_sourced_means(turn_to: OpenPage) -> None:
    frame = map_on(turn_to).map
    frame.locator('.atlas-row[data-category="not-sourced"]').hover()
    expect(frame.locator(".atlas-tip")).to_contain_text("does not mean that nobody does")


def test_sites_without_a_position_are_counted_listed_and_selectable(turn_to: OpenPage) -> None:
    screen = map_on(turn_to)
    screen.map.get_by_role("button", name="2 not placed").click()
    screen.map.locator(".atlas-list").get_by_role("button", name=re.compile("Firebase Saham")).click()
    assert state(screen.page, "site") == "fb-saham"


def test_baghdad_has_an_inset_until_the_map_shows_it_large(turn_to: OpenPage) -> None:
    frame = map_on(turn_to, still=True).map
    inset = frame.locator(".atlas-inset")
    expect(inset).to_be_visible()
    assert inset.locator(".atlas-mark").count() == 6
    frame.get_by_role("button", name=re.compile("Baghdad area, 6 sites")).click()
    expect(inset).to_be_hidden()
    expect(frame.locator('.leaflet-pane .atlas-mark[data-site="camp-taji"]')).to_be_visible()


def test_the_extent_survives_fifty_days_and_is_told_and_reset(turn_to: OpenPage) -> None:
    screen = map_on(turn_to)
    frame = screen.map
    assert state(screen.page, "map") is None
    frame.evaluate("() => window.map.setView([36, 44], 8, {animate: false})")
    told = state(screen.page, "map")
    assert told == "8.00/36.0000/44.0000"
    for step in range(50):
        screen.page.evaluate(
            "(step) => window.__atlas.set({day: window.__atlas.lives.first + step * 90})", step
        )
    assert frame.evaluate("() => [window.map.getZoom(), window.map.getCenter().lat]") == [8, 36]
    assert screen.map == frame
    screen.page.evaluate("() => window.__atlas.actions.resetView()")
    frame.wait_for_function("() => window.map.getZoom() < 7")
    screen.page.wait_for_function("() => window.__atlas.state.map === null")


def test_a_link_opens_its_extent(open_page: OpenPage) -> None:
    screen = map_on(open_page, "/?as_of=2026-01-15&map=8.50/36.2000/44.0000")
    assert state(screen.page, "map") == "8.50/36.2000/44.0000"
    assert screen.map.evaluate("() => [window.map.getZoom(), window.map.getCenter().lng]") == [
        8.5,
        pytest.approx(44, abs=0.004),
    ]


@pytest.mark.parametrize("nonsense", ["x", "6/999/44"])
def test_a_nonsense_extent_is_the_opening_one(open_page: OpenPage, nonsense: str) -> None:
    screen = map_on(open_page, f"/?as_of=2026-01-15&map={nonsense}")
    zoom, lat, lon = screen.map.evaluate(
        "() => { const c = window.map.getCenter(); return [window.map.getZoom(), c.lat, c.lng]; }"
    )
    assert 5 < zoom < 8
    assert 32 < lat < 35
    assert 41 < lon < 46
    assert screen.errors == []


def test_keys_pressed_on_the_map_move_the_date(turn_to: OpenPage) -> None:
    screen = map_on(turn_to)
    mark(screen.map, "balad").focus()
    mark(screen.map, "balad").press("ArrowRight")
    assert screen.day() == "2026-01-16"
    assert screen.map.evaluate("() => window.map.keyboard.enabled()") is False


def test_a_theme_switch_restyles_the_frame_in_place(turn_to: OpenPage) -> None:
    screen = map_on(turn_to)
    frame = screen.map
    colour = "() => getComputedStyle(document.querySelector('.atlas-regions-federal')).fill"
    light = frame.evaluate(colour)
    screen.page.evaluate('() => window.__atlas.set({theme: "dark"})')
    assert frame.evaluate("() => document.documentElement.dataset.theme") == "dark"
    assert frame.evaluate(colour) != light
    assert screen.map == frame


def test_on_a_phone_the_frame_is_as_high_as_its_content(turn_to: OpenPage) -> None:
    frame = map_on(turn_to, width=390, height=844, touch=True, still=True).map
    shown, needed = frame.evaluate(
        "() => [window.innerHeight, document.querySelector('.atlas-below').getBoundingClientRect().bottom]"
    )
    assert abs(shown - needed) <= 2


def test_text_from_the_data_stays_text(turn_to: OpenPage) -> None:
    screen = map_on(turn_to)
    screen.page.evaluate(
        """(hostile) => {
          const hurt = (value, key) => {
            if (Array.isArray(value)) return key === "half" ? value : value.map((one) => hurt(one, key));
            if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, hurt(v, k)]));
            const kept = ["id", "site", "category", "version", "known_on", "governorate"].includes(key);
            return typeof value === "string" && !kept ? hostile : value;
          };
          const real = window.__atlas.lives;
          (window.undo ??= []).push(() => window.__atlas.setLives(real));
          window.__atlas.setLives({...hurt(real), version: "hostile"});
        }""",
        HOSTILE,
    )
    frame = screen.map
    for site in ("balad", "k1", "harir"):
        mark(frame, site).hover(force=True)
        expect(frame.locator(".atlas-tip strong")).to_have_text(HOSTILE)
    frame.locator(".atlas-row").first.hover(force=True)
    expect(frame.locator(".atlas-finding")).to_have_text(HOSTILE)
    assert frame.locator(".atlas-map img, .atlas-tip img, .atlas-legend img").count() == 0
    assert frame.evaluate("() => window.hurt") is None


def test_weak_evidence_looks_weak_and_says_so(turn_to: OpenPage) -> None:
    screen = map_on(turn_to)
    found = screen.page.evaluate(
        """() => window.__atlas.lives.sites.filter((site) => site.lat !== null)
          .flatMap((site) => site.spans.filter((span) => span.weak).map((span) => [site.id, span.from]))[0]"""
    )
    assert found, "the ledger has at least one state that rests on weak evidence alone"
    site, day = found
    screen.page.evaluate("(day) => window.__atlas.set({day})", day)
    one = mark(screen.map, site)
    assert one.locator(".atlas-glyph.is-weak:visible").count() == 1
    one.hover()
    expect(screen.map.locator(".atlas-tip")).to_contain_text(re.compile("weak evidence", re.IGNORECASE))


def test_one_partys_claim_looks_weak_and_says_so(turn_to: OpenPage) -> None:
    screen = map_on(turn_to, "/?as_of=2026-01-05&known_on=2026-01-05")
    one = mark(screen.map, "ain-al-asad")
    assert one.locator(".atlas-glyph.is-weak:visible").count() == 1
    one.hover()
    expect(screen.map.locator(".atlas-tip")).to_contain_text(
        re.compile("claimed by one party", re.IGNORECASE)
    )
    expect(screen.map.locator(".atlas-legend")).to_contain_text("weak evidence or one party")


def test_while_it_plays_the_legend_is_heard_as_it_is_seen(turn_to: OpenPage) -> None:
    screen = map_on(turn_to, "/?as_of=2020-03-10")
    rows = """() => [...document.querySelectorAll(".atlas-row")].map((row) => [
      Number(row.querySelector(".atlas-count").textContent), Number(/: (\\d+) site/.exec(row.getAttribute("aria-label"))[1])])"""
    before = screen.map.evaluate(rows)
    screen.page.evaluate(
        "() => { window.__atlas.set({ rhythm: 'change', speed: 1 }); window.__atlas.actions.play(); }"
    )
    screen.map.wait_for_function(
        f"(before) => {{ const now = ({rows})(); return String(now) !== before && now.every(([seen, heard]) => seen === heard); }}",
        arg=",".join(str(number) for row in before for number in row),
    )
    assert screen.page.evaluate("() => window.__atlas.state.playing")
    screen.page.evaluate("() => window.__atlas.actions.pause()")


def test_a_mark_shows_one_symbol_and_it_is_that_of_the_painted_state(turn_to: OpenPage) -> None:
    """Symbols shown before stay in the mark unseen; on no day may two be seen, or an old one."""
    screen = map_on(turn_to)
    wrong = screen.page.evaluate(
        """() => {
          const store = window.__atlas, { changes, first, last } = store.lives, wrong = [];
          const frame = [...document.querySelectorAll("iframe")].map((one) => one.contentWindow).find((one) => one.controlLayer);
          const marks = [...frame.document.querySelectorAll(".atlas-mark[data-site]")];
          const days = [...new Set(changes.map(({ day }) => day))];
          const look = (day) => {
            store.set({ day }, { url: false });
            for (const mark of marks) {
              const seen = [...mark.querySelectorAll(".atlas-glyph-box > .atlas-glyph")].filter((one) => one.style.display !== "none");
              const { category, weak, stale } = frame.controlLayer.said(mark.dataset.site);
              const shown = seen[0]?.querySelector(":scope > .atlas-turn") ? "changing-hands" : seen[0]?.querySelector(".atlas-shape")?.classList[1]?.slice(12);
              const signs = ["is-weak", "is-stale"].map((one) => seen[0]?.classList.contains(one));
              if (seen.length !== 1 || shown !== category || String(signs) !== String([weak, stale])) wrong.push([day, mark.dataset.site, shown, category, seen.length]);
            }
          };
          for (const day of [...days, ...[...days].reverse(), first, last]) look(day);
          for (const compare of [days[9], null]) {
            store.set({ compare }, { url: false });
            if (compare === null) for (const day of days) look(day);
          }
          return wrong;
        }"""
    )
    assert wrong == []


def test_a_cross_or_a_question_mark_in_a_change_is_drawn_whole(turn_to: OpenPage) -> None:
    frame = map_on(turn_to, "/?as_of=2017-06-01").map
    glyph = frame.locator('.atlas-spot[data-category="changing-hands"] .atlas-glyph:visible').first
    assert glyph.locator("svg").count() + glyph.locator("g[transform*='translate']").count() == 2
    assert glyph.locator("g[transform*='translate'] .atlas-shape").count() >= 1
