/** Find a site: a combobox that forgives spelling, in Latin and Arabic script. */

import { clip, el, find, glyph, icon, say, searchIndex } from "../text.js";
import { tool } from "./popovers.js";

const MOST_SHOWN = 50;
const PART = 100; // sites prepared at once
const PART_MS = 40;

export function makeSearch(store, listen) {
  let index = []; // of the sites prepared so far
  let waiting = []; // sites to prepare
  let idle = 0;
  let shown = []; // rows of the list, in order: { site, matched }
  let active = -1;
  let everything = null; // all sites by name, for the list without a query

  const list = el("ul", { class: "ab-list", id: "atlas-bar-sites", role: "listbox", "aria-label": "Sites", hidden: true });
  const note = el("p", { class: "ab-note", role: "status", hidden: true });
  const rest = el("p", { class: "ab-note", hidden: true });
  const input = el("input", {
    class: "ab-field", type: "text", inputmode: "search", autocomplete: "off", spellcheck: "false", autocapitalize: "off", enterkeyhint: "go", dir: "auto",
    placeholder: "Find a site", role: "combobox", "aria-label": "Find a site", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list",
    title: "Any spelling, Latin or Arabic (/)",
  });
  const leave = tool("close", "Close the search", () => close(true), "ab-leave");
  const panel = el("div", { class: "ab-results", hidden: true }, note, list, rest);
  const node = el("div", { class: "ab-search" }, icon("search"), input, el("kbd", { class: "ab-key", "aria-hidden": "true", text: "/" }), leave, panel);

  // Ten thousand sites take a moment to prepare: it is done a part at a time while nothing else happens, or when asked for.
  const schedule = () => {
    clearTimeout(idle);
    if (waiting.length) idle = setTimeout(() => { prepareSome(PART); schedule(); }, PART_MS);
  };
  const prepareSome = (most) => {
    index.push(...searchIndex(waiting.slice(0, most)));
    waiting = waiting.slice(most);
  };
  const prepareAll = () => {
    while (waiting.length) prepareSome(PART);
    const alphabet = new Intl.Collator("en", { numeric: true });
    everything ??= index.map(({ site }) => ({ site, matched: null })).sort((a, b) => alphabet.compare(a.site.short, b.site.short));
  };

  const category = (site) => {
    const span = site.spans.findLast((one) => one.from <= store.state.day) ?? site.spans[0];
    return span ?? { category: "not-sourced", half: null };
  };
  const label = (id) => store.lives.categories.find((one) => one.id === id)?.label ?? "";

  const option = ({ site, matched }, at) => {
    const span = category(site);
    const other = matched && matched !== site.name && matched !== site.short && matched !== site.name_local ? matched : null;
    const under = [site.governorate, label(span.category), site.lat === null ? "not placed on the map" : null].filter(Boolean).join(" · ");
    return el("li", { class: "ab-option", role: "option", id: `atlas-bar-site-${at}`, "aria-selected": "false", dataset: { at, site: site.id } },
      glyph(span.category, span.half),
      el("span", { class: "ab-name" },
        el("span", { text: site.name }),
        other ? el("span", { class: "ab-other", dir: "auto", text: other }) : null),
      site.name_local ? el("span", { class: "ab-local", lang: "ar", dir: "rtl", text: site.name_local }) : null,
      el("span", { class: "ab-under", text: under }));
  };

  const draw = (all = false) => {
    prepareAll();
    const query = input.value.trim();
    const found = query ? find(index, query) : [];
    const nothing = query && !found.length;
    const rows = found.length ? found : nothing || all ? everything : [];
    shown = rows.slice(0, MOST_SHOWN);
    say(note, nothing ? `No site called “${clip(query)}”; ${index.length === 1 ? "the one site is" : `${index.length.toLocaleString("en")} sites are`} listed below.` : "");
    note.hidden = !nothing;
    const more = rows.length - shown.length;
    say(rest, more ? `and ${more.toLocaleString("en")} more: type to narrow` : "");
    rest.hidden = !more;
    list.replaceChildren(...shown.map(option));
    activate(found.length ? 0 : -1);
    const open = shown.length > 0;
    panel.hidden = !open;
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
  };
  const activate = (at) => {
    active = at;
    [...list.children].forEach((each, number) => each.setAttribute("aria-selected", String(number === at)));
    if (at >= 0 && list.children[at]) {
      input.setAttribute("aria-activedescendant", list.children[at].id);
      list.children[at].scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  };
  const close = (clear = false) => {
    panel.hidden = true;
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    node.classList.remove("is-open");
    if (clear) {
      input.value = "";
      input.blur();
    }
  };
  const choose = (site) => {
    close(true);
    store.actions.select(site.id);
    if (store.page() === "briefing") return; // it is the site of the briefing then
    document.querySelector('.atlas-nav a[data-page=""]:not([aria-current])')?.click(); // the map and dossier are on the first page
  };

  listen(input, "input", () => draw());
  listen(input, "keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (panel.hidden) draw(true);
      if (shown.length) activate((active + step + shown.length + (active < 0 && step < 0 ? 1 : 0)) % shown.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (!panel.hidden && shown[active]) choose(shown[active].site);
      else if (panel.hidden) draw(true);
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      close(panel.hidden || !input.value || node.classList.contains("is-open"));
    } else if (event.key === "Tab") close();
  });
  listen(input, "focus", () => { if (input.value) draw(); });
  listen(list, "pointerdown", (event) => event.preventDefault()); // keep the focus in the field
  listen(list, "click", (event) => {
    const row = event.target.closest("[role=option]");
    if (row) choose(shown[+row.dataset.at].site);
  });
  listen(list, "pointermove", (event) => {
    const row = event.target.closest("[role=option]");
    if (row && +row.dataset.at !== active) activate(+row.dataset.at);
  });

  return {
    node,
    close: () => close(false),
    open() {
      node.classList.add("is-open");
      input.focus();
      input.select();
    },
    prepare() {
      index = [];
      waiting = store.lives.sites;
      everything = null;
      schedule();
      if (!panel.hidden) draw();
    },
    refresh() {
      if (panel.hidden || !store.lives) return;
      list.replaceChildren(...shown.map(option)); // the same rows, with the state of the new day
      activate(active);
    },
  };
}
