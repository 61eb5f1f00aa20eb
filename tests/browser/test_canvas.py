"""Marks on a canvas, for more sites than there could be elements: what is painted, where, and what a click finds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.test_control_layer import map_on, state

if TYPE_CHECKING:
    from playwright.sync_api import Frame

    from tests.conftest import OpenPage, Screen

pytestmark = pytest.mark.browser

MANY = 600
# Made-up lives, always the same: sites spread over the map, one far from all others, two at one place, one approximate.
# Python's own lives stay out from then on.
MADE_UP = """(count) => {
  const store = window.__atlas, base = store.lives, put = store.setLives;
  store.setLives = () => {};
  (window.undo ??= []).push(() => {
    store.setLives = put;
    put.call(store, base);
  });
  let seed = 7;
  const any = (most) => { seed = (seed * 1664525 + 1013904223) >>> 0; return Math.floor(seed / 4294967296 * most); };
  const ids = base.categories.map((category) => category.id);
  const sites = [], changes = [];
  const add = (id, lat, lon, more = {}) => {
    const days = [...new Set(Array.from({length: 6}, () => base.first + 40 + any(base.last - base.first - 80)))].sort((a, b) => a - b);
    let before = null;
    const spans = [base.first, ...days].map((from, at) => {
      const category = ids.filter((one) => one !== before)[any(ids.length - (before ? 1 : 0))];
      before = category;
      if (at) changes.push({day: from, site: id, category, text: `Post ${id}: ${category}`, by: "Gazette"});
      const half = category === "changing-hands" ? ["islamic-state", "iraqi-forces"] : null;
      return {from, to: at < days.length ? days[at] - 1 : base.last, category, half, words: `told as ${category}`, basis: "official", weak: any(8) === 0};
    });
    sites.push({id, name: `Post number ${id}`, short: `Post ${id}`, names: [], name_local: null, type: "base", governorate: "Anbar", lat, lon,
      radius_m: null, inset: false, last_evidence: days.at(-1), evidence: days, spans, differs: [], ...more});
  };
  for (let n = 0; n < count - 4; n += 1) add(`m${n}`, 31.6 + any(4800) / 1000, 42 + any(4600) / 1000);
  add("lonely", 30.2, 44.6);
  add("twin-a", 30.4, 46.2);
  add("twin-b", 30.4, 46.2);
  add("vague", 30.6, 43.2, {radius_m: 6000});
  changes.sort((a, b) => a.day - b.day || (a.site < b.site ? -1 : 1));
  put.call(store, {...base, version: `made up ${count}`, sites, changes, known_on: null, without: []});
}"""
# The day in the page's own number.
GO = '(iso) => window.__atlas.set({day: Date.parse(iso + "T00:00:00Z") / 864e5}, {url: false})'
# One number for the whole picture.
PICTURE = """() => {
  const canvas = document.querySelector(".atlas-canvas canvas:last-child");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let sum = 7;
  for (let at = 0; at < data.length; at += 1) sum = (Math.imul(sum, 31) + data[at]) | 0;
  return sum;
}"""


def canvas_on(show: OpenPage, count: int = MANY, **device: Any) -> Screen:
    """Show the dashboard with made-up sites on it."""
    screen = map_on(show, **device)
    screen.page.evaluate(MADE_UP, count)
    screen.map.wait_for_function(
        "() => window.controlLayer.drawsOn === 'canvas' && window.controlLayer.spot('m0')"
    )
    return screen


def on_page(screen: Screen, site: str) -> tuple[float, float]:
    """Where a site's mark is on the page, in CSS pixels."""
    frame = screen.page.locator(".st-key-atlas-map iframe").bounding_box()
    assert frame is not None
    at = screen.map.evaluate("(id) => window.controlLayer.spot(id)", site)
    return frame["x"] + at["x"], frame["y"] + at["y"]


def colour_at(frame: Frame, site: str) -> list[int]:
    """The colour painted in the middle of a mark."""
    colour: list[int] = frame.evaluate(
        """(id) => {
          const canvas = document.querySelector(".atlas-canvas canvas:last-child");
          const at = window.controlLayer.spot(id), corner = canvas.getBoundingClientRect(), density = canvas.width / corner.width;
          return [...canvas.getContext("2d").getImageData((at.x - corner.left) * density, (at.y - corner.top) * density, 1, 1).data];
        }""",
        site,
    )
    return colour


def test_few_sites_are_elements_and_many_are_painted(turn_to: OpenPage) -> None:
    screen = map_on(turn_to)
    assert screen.map.evaluate("() => window.controlLayer.drawsOn") == "dom"
    screen.page.evaluate(MADE_UP, MANY)
    frame = screen.map
    frame.wait_for_function("() => window.controlLayer.drawsOn === 'canvas'")
    assert frame.locator(".atlas-map .atlas-mark").count() == 0
    assert frame.locator(".atlas-inset").is_hidden()
    expect(frame.get_by_role("img", name=re.compile(f"{MANY} sites drawn on the map"))).to_have_count(1)
    expect(frame.locator(".atlas-total")).to_have_text(f"{MANY} sites")


def test_painted_state_equals_the_lives_about_every_change(turn_to: OpenPage) -> None:
    screen = canvas_on(turn_to)
    wrong = screen.page.evaluate(
        """() => {
          const store = window.__atlas, { sites, changes, first, last } = store.lives, wrong = [];
          const layer = [...document.querySelectorAll("iframe")].map((one) => one.contentWindow.controlLayer).find(Boolean);
          const days = [...new Set(changes.filter((_, at) => at % 40 === 0).flatMap(({ day }) => [day - 1, day, day + 1]))].sort((a, b) => a - b);
          const jumps = days.map((_, at) => days[(at * 37) % days.length]);
          for (const day of [...days, ...[...days].reverse(), ...jumps, first, last]) {
            store.set({ day }, { url: false });
            const painted = layer.categories();
            for (const site of sites) {
              const right = site.spans.filter((span) => span.from <= day).at(-1).category;
              if (painted[site.id] !== right) wrong.push([site.id, day, painted[site.id], right]);
            }
          }
          return wrong;
        }"""
    )
    assert wrong == []


def test_the_legend_counts_what_is_painted(turn_to: OpenPage) -> None:
    screen = canvas_on(turn_to)
    for iso in ("2015-03-02", "2020-07-01", "2016-01-01", "2025-12-31"):
        screen.page.evaluate(GO, iso)
        painted = list(screen.map.evaluate("() => window.controlLayer.categories()").values())
        rows = screen.map.evaluate(
            """() => Object.fromEntries([...document.querySelectorAll(".atlas-row")]
              .map((row) => [row.dataset.category, Number(row.querySelector(".atlas-count").textContent)]))"""
        )
        assert rows == {category: painted.count(category) for category in rows}
        assert sum(rows.values()) == MANY


def test_repainting_what_changed_equals_painting_everything(turn_to: OpenPage) -> None:
    screen = canvas_on(turn_to)
    check_repaints(screen, "{}")
    check_repaints(screen, "{ ghost: true, start: first + 900 }")
    check_repaints(screen, "{ ghost: false, compare: first + 2000 }")


def check_repaints(screen: Screen, shown: str) -> None:
    """Forwards, backwards and in jumps: after each move the picture is what a fresh one would be."""
    different = screen.page.evaluate(
        f"""() => {{
          const store = window.__atlas, {{ first, last }} = store.lives;
          const map = [...document.querySelectorAll("iframe")].map((one) => one.contentWindow).find((one) => one.controlLayer);
          const picture = map.eval({PICTURE!r});
          store.set({{ ...{shown}, day: first + 700 }}, {{ url: false }});
          const days = [];
          for (let step = 0; step < 12; step += 1) days.push(first + 700 + step);
          for (let step = 0; step < 12; step += 1) days.push(first + 2500 - 3 * step);
          for (let step = 0; step < 12; step += 1) days.push(first + (step * 7919) % (last - first));
          const different = [];
          for (const day of days) {{
            store.set({{ day }}, {{ url: false }});
            const inParts = picture();
            map.controlLayer.redraw();
            if (picture() !== inParts) different.push(day);
          }}
          return different;
        }}"""
    )
    assert different == []


# One number for the part of the picture that is in sight.
IN_SIGHT = """() => {
  const canvas = document.querySelector(".atlas-canvas canvas:last-child");
  const at = canvas.getBoundingClientRect(), view = window.map.getContainer().getBoundingClientRect(), density = canvas.width / at.width;
  const { data } = canvas.getContext("2d").getImageData((view.left - at.left) * density, (view.top - at.top) * density, view.width * density, view.height * density);
  let sum = 7;
  for (let at = 0; at < data.length; at += 1) sum = (Math.imul(sum, 31) + data[at]) | 0;
  return sum;
}"""


def test_a_jump_paints_what_is_in_sight_at_once_and_the_rest_before_it_can_be_seen(turn_to: OpenPage) -> None:
    screen = canvas_on(turn_to)
    zoomed = "new Promise((done) => { window.map.once('moveend', done); window.map.setView([34, 44], 7.5, { animate: false }); })"
    screen.map.evaluate(f"() => {zoomed}")
    found = screen.page.evaluate(
        f"""async () => {{
          const store = window.__atlas, {{ first, last }} = store.lives;
          const frame = [...document.querySelectorAll("iframe")].map((one) => one.contentWindow).find((one) => one.controlLayer);
          const [sight, whole] = [{IN_SIGHT!r}, {PICTURE!r}].map((text) => frame.eval(text));
          const rests = {{
            "is never asked for": () => null,
            "the map begins to move": () => frame.map.fire("movestart"),
            "nobody waits": () => new Promise((done) => setTimeout(done, 600)),
          }};
          const found = {{}};
          for (const [name, rest] of Object.entries(rests)) {{
            for (const day of [first + 300, last - 300]) store.set({{ day }}, {{ url: false }});
            const seen = sight();
            await rest();
            const all = whole();
            frame.controlLayer.redraw();
            found[name] = [seen === sight(), all === whole()];
          }}
          return found;
        }}"""
    )
    assert found == {
        "is never asked for": [True, False],
        "the map begins to move": [True, True],
        "nobody waits": [True, True],
    }


def test_rings_come_back_with_their_category(turn_to: OpenPage) -> None:
    screen = canvas_on(turn_to)
    rings = PICTURE.replace("canvas:last-child", "canvas:first-child")
    screen.page.evaluate(GO, "2019-06-01")
    category = screen.map.evaluate("() => window.controlLayer.category('vague')")
    whole = screen.map.evaluate(rings)
    screen.page.evaluate("(category) => window.__atlas.set({ off: [category] })", category)
    assert screen.map.evaluate(rings) != whole
    screen.page.evaluate("() => window.__atlas.set({ off: [] })")
    assert screen.map.evaluate(rings) == whole


def test_a_mark_has_the_colour_of_its_category(turn_to: OpenPage) -> None:
    screen = canvas_on(turn_to)
    frame = screen.map
    seen = set()
    for category, day in screen.page.evaluate(
        """() => window.__atlas.lives.sites.find((site) => site.id === "lonely").spans
          .filter((span) => !span.weak && !["changing-hands", "not-sourced"].includes(span.category)).map((span) => [span.category, span.from])"""
    ):
        screen.page.evaluate("(day) => window.__atlas.set({ day })", day)
        assert frame.evaluate("() => window.controlLayer.category('lonely')") == category
        right = frame.evaluate(
            """(name) => { const value = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
              return [1, 3, 5].map((at) => parseInt(value.slice(at, at + 2), 16)); }""",
            f"--c-{category}",
        )
        assert colour_at(frame, "lonely") == [*right, 255]
        seen.add(category)
    assert len(seen) >= 2


def test_the_pointer_finds_a_mark_and_a_click_selects_it(turn_to: OpenPage) -> None:
    screen = canvas_on(turn_to)
    frame, mouse = screen.map, screen.page.mouse
    tip = frame.locator(".atlas-tip")
    mouse.move(*on_page(screen, "lonely"))
    expect(tip).to_be_visible()
    expect(tip).to_contain_text("Post number lonely")
    assert frame.evaluate("() => getComputedStyle(window.map.getContainer()).cursor") == "pointer"
    x, y = on_page(screen, "lonely")
    mouse.move(x + 40, y + 30)
    expect(tip).to_be_hidden()
    mouse.click(x, y)
    assert state(screen.page, "site") == "lonely"
    mark = frame.locator(".atlas-spot.is-selected .atlas-mark")
    expect(mark).to_have_attribute("data-site", "lonely")
    expect(mark).to_have_attribute("aria-label", re.compile("Post number lonely: told as"))
    expect(frame.locator(".atlas-spot.is-selected .atlas-label")).to_have_text("Post lonely")
    screen.page.evaluate("() => window.__atlas.actions.select(null)")
    expect(mark).to_have_count(0)


def test_a_hidden_category_is_not_hit(turn_to: OpenPage) -> None:
    screen = canvas_on(turn_to)
    category = screen.map.evaluate("() => window.controlLayer.category('lonely')")
    screen.page.evaluate("(id) => window.__atlas.actions.toggleCategory(id)", category)
    x, y = on_page(screen, "lonely")
    screen.page.mouse.move(x, y)
    screen.page.mouse.click(x, y)
    assert state(screen.page, "site") is None
    expect(screen.map.locator(".atlas-tip")).to_be_hidden()
    hidden = screen.map.locator(".atlas-hidden")
    expect(hidden).to_contain_text(re.compile(r"\d+ sites? hidden"))
    screen.page.evaluate("(id) => window.__atlas.actions.toggleCategory(id)", category)
    screen.page.mouse.click(x, y)
    assert state(screen.page, "site") == "lonely"


def test_sites_at_one_place_stand_apart_and_each_can_be_chosen(turn_to: OpenPage) -> None:
    screen = canvas_on(turn_to)
    (ax, ay), (bx, by) = on_page(screen, "twin-a"), on_page(screen, "twin-b")
    assert abs(ax - bx) + abs(ay - by) > 8
    for site, x, y in (("twin-a", ax, ay), ("twin-b", bx, by)):
        screen.page.mouse.click(x, y)
        assert state(screen.page, "site") == site


def test_marks_grow_and_stay_in_place_when_the_map_is_enlarged(turn_to: OpenPage) -> None:
    screen = canvas_on(turn_to)
    screen.map.evaluate("() => window.map.setView([30.2, 44.6], 8.5, {animate: false})")
    x, y = on_page(screen, "lonely")
    frame = screen.page.locator(".st-key-atlas-map iframe").bounding_box()
    assert frame is not None
    assert abs(x - frame["x"] - frame["width"] / 2) < 3
    assert abs(y - frame["y"] - frame["height"] / 2) < 3
    screen.page.mouse.click(x, y)
    assert state(screen.page, "site") == "lonely"
    expect(screen.map.locator(".atlas-map .atlas-label:visible", has_text="Post lonely")).to_have_count(1)


def test_names_are_few_and_touch_no_other(turn_to: OpenPage) -> None:
    screen = canvas_on(turn_to)
    screen.map.evaluate("() => window.map.setView([33.2, 44.6], 8, {animate: false})")
    screen.map.wait_for_function(
        "() => [...document.querySelectorAll('.atlas-map .atlas-label')].filter((one) => one.offsetWidth).length > 5"
    )
    touching = screen.map.evaluate(
        """() => {
          const all = [...document.querySelectorAll(".atlas-map .atlas-label")].filter((one) => one.offsetWidth).map((one) => [one.textContent, one.getBoundingClientRect()]);
          const found = all.length > 60 ? ["too many"] : [];
          all.forEach(([one, a], at) => all.slice(at + 1).forEach(([other, b]) => {
            if (a.left + 1 < b.right && b.left + 1 < a.right && a.top + 1 < b.bottom && b.top + 1 < a.bottom) found.push([one, other]);
          }));
          return found;
        }"""
    )
    assert touching == []


def test_a_switch_of_the_theme_paints_in_other_colours(turn_to: OpenPage) -> None:
    screen = canvas_on(turn_to)
    before = screen.map.evaluate(PICTURE)
    screen.page.evaluate('() => window.__atlas.set({ theme: "dark" })')
    assert screen.map.evaluate(PICTURE) != before
    screen.page.evaluate('() => window.__atlas.set({ theme: "light" })')
    assert screen.map.evaluate(PICTURE) == before


def test_an_approximate_position_never_looks_exact_on_the_canvas(turn_to: OpenPage) -> None:
    """Far away it has a disc of doubt, near by its ring: without the radius the picture is another one."""
    screen = canvas_on(turn_to)
    for zoom in (6.2, 9):
        screen.map.evaluate("(zoom) => window.map.setView([30.6, 43.2], zoom, {animate: false})", zoom)
        ink = screen.map.evaluate(
            """() => {
              const at = window.controlLayer.spot("vague");
              let seen = 0;
              for (const canvas of document.querySelectorAll(".atlas-canvas canvas")) {
                if (canvas.style.display === "none") continue;
                const corner = canvas.getBoundingClientRect(), density = canvas.width / corner.width, side = Math.round(260 * density);
                const { data } = canvas.getContext("2d").getImageData((at.x - corner.left) * density - side / 2, (at.y - corner.top) * density - side / 2, side, side);
                for (let pixel = 3; pixel < data.length; pixel += 4) if (data[pixel] > 4 && data[pixel] < 60) seen += 1;
              }
              return seen;
            }"""
        )
        assert ink > 40, zoom


def test_a_tap_shows_the_card(turn_to: OpenPage) -> None:
    screen = canvas_on(turn_to, width=390, height=844, touch=True)
    screen.page.locator(".st-key-atlas-map iframe").scroll_into_view_if_needed()
    screen.page.touchscreen.tap(*on_page(screen, "lonely"))
    card = screen.map.locator(".atlas-card")
    expect(card).to_contain_text("Post number lonely")
    assert state(screen.page, "site") == "lonely"


def test_a_change_pulses_once_and_bursts_do_not_pile_up(turn_to: OpenPage) -> None:
    screen = canvas_on(turn_to)
    most = screen.page.evaluate(
        """async () => {
          const store = window.__atlas, { first } = store.lives;
          const map = [...document.querySelectorAll("iframe")].map((one) => one.contentWindow).find((one) => one.controlLayer);
          const rings = () => map.document.querySelectorAll(".atlas-pulse").length;
          store.set({ day: first + 200, playing: true, start: first + 200 }, { url: false });
          let most = 0;
          for (let step = 1; step < 40; step += 1) {
            store.set({ day: first + 200 + 20 * step }, { url: false });
            await new Promise((done) => requestAnimationFrame(done));
            most = Math.max(most, rings());
          }
          store.set({ playing: false });
          return most;
        }"""
    )
    assert 0 < most <= 28
    screen.map.wait_for_function("() => document.querySelectorAll('.atlas-pulse').length === 0")
