/**
 * The legend: counts the sites of each category on the day, hides and shows them, and explains what else is drawn.
 */

import { el, say, svg } from "../text.js";
import { clockBadge, glyph } from "./glyphs.js";
import { MEANING, SHORTER, dayInShort, dayInWords, grouped, plural } from "./words.js";

const SPOKEN_AFTER_MS = 400; // what is only heard can wait until the frame is painted, and need not change with each one

export function makeLegend(layer) {
  const { states, tip } = layer;
  const button = (className, text, act) => el("button", { type: "button", class: className, text, on: { click: act } });
  const key = (className, view, drawing, text) => el("span", { class: "atlas-key-item" },
    svg("svg", { viewBox: view, class: className, "aria-hidden": "true" }, ...drawing), el("span", { text }));

  const letters = [el("span"), el("span"), el("span", { class: "atlas-count-change", text: "±" })];
  const pair = el("div", { class: "atlas-pair", "aria-hidden": "true" }, ...letters);
  pair.hidden = true;
  const rowsBox = el("div", { class: "atlas-rows" });
  const hiddenText = el("span");
  const hidden = el("div", { class: "atlas-hidden" }, hiddenText, " · ", button("atlas-link", "show all", () => layer.store.set({ off: [] })));
  const total = el("span", { class: "atlas-total" });
  const unplacedButton = button("atlas-link atlas-unplaced", "", () => toggleUnplaced());
  unplacedButton.setAttribute("aria-expanded", "false");
  const keyVague = key("atlas-key-ring", "-8 -8 16 16", [svg("circle", { r: 6 })], "approximate position");
  // A shape and a colour of no category: all of them are drawn so.
  const keyWeak = key("atlas-key-weak", "-8 -8 16 16", [svg("path", { d: "M0-6L5.2-3V3L0 6L-5.2 3V-3Z", fill: "none", stroke: "currentColor", "stroke-width": 2 })], "hollow: weak evidence or one party’s claim");
  const keyLine = key("atlas-key-line", "-8 -8 16 16", [svg("path", { d: "M-8 0H8" })], "Kurdistan Region, along governorate lines");
  const keyGhost = key("atlas-key-ghost", "-8 -8 16 16", [svg("rect", { x: -6.5, y: -6.5, width: 8, height: 8, class: "atlas-faint" }), svg("rect", { x: -2.5, y: -2.5, width: 9, height: 9 })], "");
  const keyGhostText = keyGhost.querySelector("span");
  const keyStale = key("atlas-key-stale", "-8 -8 46 16", [
    svg("circle", { r: 5, class: "is-federal" }), svg("path", { d: "M15-6L21 0L15 6L9 0Z", class: "is-kurdistan" }), svg("rect", { x: 25.4, y: -4.6, width: 9.2, height: 9.2, class: "is-iraqi" }),
  ], "");
  const keyStaleText = keyStale.querySelector("span");
  const keyStaleCount = el("b");
  keyStale.append(keyStaleCount);
  const keyBadge = el("span", { class: "atlas-key-item" }, clockBadge(), el("span", { text: "known differently today" }));
  const keys = el("div", { class: "atlas-keys", id: "atlas-signs" }, keyVague, keyWeak, keyLine);
  // What comes and goes stands at the end that grows, so that the rows keep their place.
  const passing = el("div", { class: "atlas-keys atlas-keys-passing" }, keyStale, keyGhost, keyBadge);
  // Where the map has little room the lasting signs are folded away.
  const signs = button("atlas-link atlas-signs", "Signs", () => unfold(!legend.classList.contains("has-signs")));
  signs.setAttribute("aria-controls", "atlas-signs");
  signs.setAttribute("aria-expanded", "false");
  const unplacedList = el("div", { class: "atlas-list", role: "group", "aria-label": "Sites without a known position" });
  unplacedList.hidden = true;
  const legend = el("section", { class: "atlas-legend", "aria-label": "Legend: sites in each category on this day. Press a row to hide or show it" },
    passing, rowsBox, hidden, unplacedList, el("div", { class: "atlas-foot" }, total, signs, unplacedButton), keys);

  keyStale.hidden = true;
  let rows = [];
  let spoken = 0;
  let resized = false; // since the names were placed

  function adopt(lives) {
    rows = lives.categories.map((category) => {
      const count = el("span", { class: "atlas-count", text: "0" });
      const then = el("span", { class: "atlas-count-then" });
      const change = el("span", { class: "atlas-count-change" });
      const name = el("span", { class: "atlas-row-label", text: category.label });
      const row = { id: category.id, label: category.label, name, count, then, change, shown: null, both: "" };
      const node = button("atlas-row", undefined, () => layer.store.actions.toggleCategory(category.id));
      node.dataset.category = category.id;
      node.append(glyph({ category: category.id }), name, then, count, change);
      tip.onHover(node, node, (into) => {
        into.append(el("strong", { text: category.label }), el("p", { text: category.meaning || MEANING[category.id] || "" }));
        if (row.both) into.append(el("p", { text: row.both }));
        const off = layer.store.state.off.includes(category.id);
        into.append(el("p", { class: "atlas-tip-hint", text: off ? "click to show these sites" : "click to hide these sites" }));
      });
      const small = el("b", { text: "0" });
      const chip = el("span", { class: "atlas-chip" }, glyph({ category: category.id }), small);
      return Object.assign(row, { node, chip, small });
    });
    rowsBox.replaceChildren(pair, ...rows.map((row) => row.node));
    layer.headline.plateCounts.replaceChildren(...rows.map((row) => row.chip));
    const unplaced = states.sites.filter((site) => !site.placed);
    const placed = states.sites.length - unplaced.length;
    say(total, plural(states.sites.length, "site", "sites") + (unplaced.length ? `, ${grouped(placed)} on the map` : ""));
    say(unplacedButton, `${unplaced.length} not placed`);
    unplacedButton.hidden = !unplaced.length;
    keyVague.hidden = !states.sites.some((site) => site.radius_m && site.placed);
    keyBadge.hidden = !states.sites.some((site) => (site.differs || []).length);
    showPassing();
    unplacedList.replaceChildren(...unplaced.map((site) => {
      const row = button("atlas-list-row", site.name, () => layer.store.actions.select(site.id));
      row.dataset.site = site.id;
      row.classList.toggle("is-selected", site.id === layer.selected);
      tip.onHover(row, row, (into) => layer.account.fillTip(site, into));
      return row;
    }));
    if (!unplaced.length) unplacedList.hidden = true;
    filter();
  }

  /** Show which categories are hidden. */
  function filter() {
    const { off } = layer.store.state;
    for (const row of rows) row.node.setAttribute("aria-pressed", String(!off.includes(row.id)));
    hidden.hidden = off.length === 0;
  }

  /** Write the counts of the painted day; of both days where one is compared with. */
  function count() {
    const comparing = states.compare !== null;
    const reversed = comparing && states.compare > states.day;
    const days = comparing ? [states.compare, states.day].sort((a, b) => a - b).map(dayInShort) : [];
    rows.forEach((row, at) => {
      const here = states.counts.now[at];
      const there = comparing ? states.counts.then[at] : here;
      const [first, last] = reversed ? [here, there] : [there, here];
      const difference = last === first ? "" : `${last > first ? "+" : "−"}${grouped(Math.abs(last - first))}`;
      if (comparing) row.both = `${days[0]}: ${plural(first, "site", "sites")}; ${days[1]}: ${grouped(last)}${difference && ` (${difference})`}`;
      else row.both = "";
      const shown = `${first} ${last} ${comparing}`;
      if (row.shown === shown) return;
      row.shown = shown;
      const text = grouped(comparing ? last : here);
      row.count.firstChild.data = text;
      row.small.firstChild.data = text;
      say(row.then, comparing ? grouped(first) : "");
      say(row.change, comparing ? difference : "");
      const zero = !first && !last;
      row.node.classList.toggle("is-zero", zero);
      row.chip.classList.toggle("is-zero", zero);
      row.spoken = comparing
        ? `${row.label}: ${plural(first, "site", "sites")}, then ${plural(last, "site", "sites")}`
        : `${row.label}: ${plural(here, "site", "sites")}`;
    });
    spoken ||= setTimeout(speak, SPOKEN_AFTER_MS);
    countStale(comparing);
    if (layer.store.state.off.length) say(hiddenText, plural(states.hiddenCount, "site hidden", "sites hidden"));
    if (comparing) ["A", "B"].forEach((letter, at) => say(letters[reversed ? 1 - at : at], letter));
  }

  /** Bring what a screen reader says of the rows up to date. */
  function speak() {
    spoken = 0;
    for (const row of rows) if (row.spoken && row.node.getAttribute("aria-label") !== row.spoken) row.node.setAttribute("aria-label", row.spoken);
  }

  /** Explain the faded marks while there are any; of two days that are compared, without their number. */
  function countStale(comparing) {
    const any = states.counts.stale + states.counts.staleThen > 0;
    if (any) {
      say(keyStaleText, `faded: no evidence for ${period(layer.lives.stale_after_days)}`);
      say(keyStaleCount, comparing || !states.counts.stale ? "" : grouped(states.counts.stale));
    }
    if (keyStale.hidden === any) {
      keyStale.hidden = !any;
      showPassing();
      resized = true;
    }
    if (!resized || layer.playing) return; // while it plays names keep their place
    resized = false;
    layer.layout.later();
  }

  const period = (days) => `more than ${days === 365 ? "a year" : `${days} days`}`;

  /** Explain what marks show beside their category: another day compared with, or the ghost of one. */
  function explain() {
    const comparing = states.compare !== null;
    pair.hidden = !comparing;
    legend.classList.toggle("is-comparing", comparing);
    for (const row of rows) say(row.name, (comparing && SHORTER[row.id]) || row.label);
    keyGhost.hidden = states.ghost === null;
    if (states.ghost !== null) say(keyGhostText, `faint: as on ${dayInWords(states.ghost)}`);
    showPassing();
  }

  function showPassing() {
    passing.hidden = keyStale.hidden && keyGhost.hidden && keyBadge.hidden;
  }

  function unfold(open) {
    legend.classList.toggle("has-signs", open);
    signs.setAttribute("aria-expanded", String(open));
    layer.layoutSoon();
  }

  function toggleUnplaced(open) {
    unplacedList.hidden = open === undefined ? !unplacedList.hidden : !open;
    unplacedButton.setAttribute("aria-expanded", String(!unplacedList.hidden));
  }

  function select(id) {
    for (const row of unplacedList.children) row.classList.toggle("is-selected", row.dataset.site === id);
  }

  return { legend, adopt, filter, count, explain, toggleUnplaced, select };
}
