/**
 * The tools in the header: site search, known-on date, copy link, theme, help, and two quiet notices.
 *
 * On phones the search field opens over the header and the rest sits in one menu. Nothing here asks the server;
 * a choice goes to the store, which tells whoever follows it.
 */

import { dayToIso, formatDay, isoToDay } from "./store.js";
import { el, find, glyph, icon, readDate, say, searchIndex, svg } from "./text.js";

const SEEN = "atlas-how-to-read";
const OFFLINE_PATIENCE_MS = 1500; // the first connection and a short hiccup are no news
const COPIED_MS = 2400;
const MOST_SHOWN = 40;

/** Draw the tools into `root`; called again on the same root it does nothing. Returns a function that removes them. */
export function mount({ root, store }) {
  if (root.atlasBar) return root.atlasBar;
  const gone = new AbortController();
  const listen = (target, type, listener, options = {}) => target.addEventListener(type, listener, { ...options, signal: gone.signal });
  const popovers = makePopovers(listen);

  const search = makeSearch(store, listen);
  const known = makeKnown(store, popovers);
  const link = makeLink(store, popovers);
  const theme = makeTheme(store);
  const help = makeHelp(store);
  const guide = makeGuide(help);
  const offline = el("p", { class: "ab-offline", role: "status", hidden: true });
  const version = el("span", { class: "ab-version" });

  const openSearch = tool("search", "Search for a site", () => search.open(), "ab-phone");
  const tools = el("div", { class: "ab-tools", id: "atlas-bar-tools" }, known.node, link.node, version, theme.node, help.node);
  const more = tool("more", "More tools", () => {
    const open = !tools.classList.contains("is-open");
    popovers.close();
    showTools(open);
  }, "ab-phone");
  more.setAttribute("aria-controls", tools.id);
  more.setAttribute("aria-expanded", "false");
  const showTools = (open) => {
    tools.classList.toggle("is-open", open);
    more.setAttribute("aria-expanded", String(open));
  };

  const bar = el("div", { class: "atlas-bar", role: "group", "aria-label": "Tools" },
    search.node, openSearch, more, tools, guide.node, offline, help.dialog);
  root.append(bar);

  listen(document, "pointerdown", (event) => {
    popovers.closeUnless(event.target);
    if (!tools.contains(event.target) && !more.contains(event.target)) showTools(false);
    if (!search.node.contains(event.target)) search.close();
  });
  // A click into the map's frame reaches this page only as a loss of focus.
  listen(window, "blur", () => {
    popovers.close();
    showTools(false);
    search.close();
  });
  listen(document, "keydown", (event) => {
    if (event.key !== "Escape" || help.dialog.open) return;
    const used = popovers.close() || tools.classList.contains("is-open") || guide.dismiss();
    if (tools.classList.contains("is-open")) {
      showTools(false);
      more.focus();
    }
    if (used) event.preventDefault(); // this Escape is used up: the selected site stays
  }, { capture: true });

  let patience = 0;
  const unsubscribe = store.subscribe((state, changed) => {
    if (changed.has("search")) search.open();
    if (changed.has("help")) {
      popovers.close();
      guide.dismiss();
      help.show();
    }
    if (changed.has("lives") && store.lives) {
      search.prepare();
      const { date, print } = dataVersion(store.lives);
      say(version, `Data ${date}`);
      version.title = `No source speaks of a later day${print ? `. Fingerprint of the data: ${print}` : ""}`;
      help.prepare();
      guide.offer({ small: Boolean(state.site) });
    }
    if (changed.has("known") || changed.has("lives")) known.draw();
    if (changed.has("day")) search.refresh();
    if (changed.has("theme")) theme.draw();
    if (changed.has("site") && state.site && !changed.has("lives")) guide.dismiss(); // the dossier is what they came for
    if (changed.has("online")) {
      clearTimeout(patience);
      if (state.online) offline.hidden = true;
      else {
        patience = setTimeout(() => {
          say(offline, "Connection lost: the map and clock keep working; the panels catch up when it is back.");
          offline.hidden = false;
        }, OFFLINE_PATIENCE_MS);
      }
      known.draw();
    }
  });

  root.atlasBar = () => {
    gone.abort();
    clearTimeout(patience);
    unsubscribe();
    bar.remove();
    delete root.atlasBar;
  };
  return root.atlasBar;
}

/** The two parts of the data version: the last day a source speaks of, and the fingerprint ("" if there is none). */
function dataVersion(lives) {
  const at = lives.data_version.lastIndexOf(" · ");
  return at < 0 ? { date: lives.data_version, print: "" } : { date: lives.data_version.slice(0, at), print: lives.data_version.slice(at + 3) };
}

function tool(name, label, act, extra = "") {
  return el("button", { type: "button", class: `ab-tool ab-square ${extra}`, "aria-label": label, title: label, on: { click: act } }, icon(name));
}

/* --------------------------------------------------------------------------------------------- popovers */

/** Small panels under a button; one is open at a time. */
function makePopovers(listen) {
  let open = null; // { button, panel, wrap }
  const close = () => {
    if (!open) return false;
    const { button, panel } = open;
    open = null;
    const inside = panel.contains(document.activeElement);
    panel.hidden = true;
    button.setAttribute("aria-expanded", "false");
    if (inside) button.focus();
    return true;
  };
  return {
    close,
    closeUnless: (target) => {
      if (open && !open.wrap.contains(target)) close();
    },
    show(button, panel, wrap) {
      close();
      open = { button, panel, wrap };
      panel.hidden = false;
      button.setAttribute("aria-expanded", "true");
    },
    attach(button, panel, wrap, opened) {
      button.setAttribute("aria-expanded", "false");
      button.setAttribute("aria-haspopup", "dialog");
      listen(button, "click", () => {
        if (open?.panel === panel) return close();
        this.show(button, panel, wrap);
        return opened?.();
      });
    },
  };
}

/* ----------------------------------------------------------------------------------------------- search */

function makeSearch(store, listen) {
  let index = [];
  let shown = []; // sites in the list, in order
  let active = -1;

  const list = el("ul", { class: "ab-list", id: "atlas-bar-sites", role: "listbox", "aria-label": "Sites", hidden: true });
  const note = el("p", { class: "ab-note", role: "status", hidden: true });
  const input = el("input", {
    class: "ab-field", type: "text", inputmode: "search", autocomplete: "off", spellcheck: "false", autocapitalize: "off", enterkeyhint: "go", dir: "auto",
    placeholder: "Find a site", role: "combobox", "aria-label": "Find a site", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list",
    title: "Any spelling, Latin or Arabic (/)",
  });
  const leave = tool("close", "Close the search", () => close(true), "ab-leave");
  const panel = el("div", { class: "ab-results", hidden: true }, note, list);
  const node = el("div", { class: "ab-search" }, icon("search"), input, el("kbd", { class: "ab-key", "aria-hidden": "true", text: "/" }), leave, panel);

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
    const query = input.value.trim();
    const found = query ? find(index, query) : [];
    const nothing = query && !found.length;
    const everything = () => index.map(({ site }) => ({ site, matched: null })).sort((a, b) => a.site.short.localeCompare(b.site.short));
    const rows = (found.length ? found : nothing || all ? everything() : []).slice(0, MOST_SHOWN);
    shown = rows.map(({ site }) => site);
    say(note, nothing ? `No site called “${query}”; ${index.length === 1 ? "the one site is" : `${index.length} sites are`} listed below.` : "");
    note.hidden = !nothing;
    list.replaceChildren(...rows.map(option));
    activate(found.length ? 0 : -1);
    const open = rows.length > 0;
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
      if (!panel.hidden && shown[active]) choose(shown[active]);
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
    if (row) choose(shown[+row.dataset.at]);
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
      index = searchIndex(store.lives.sites);
      if (!panel.hidden) draw();
    },
    refresh() {
      if (panel.hidden || !store.lives) return;
      const at = active;
      draw(!input.value.trim());
      activate(Math.min(at, shown.length - 1));
    },
  };
}

/* --------------------------------------------------------------------------------------------- known-on */

function makeKnown(store, popovers) {
  const words = el("span", { text: "Known today" });
  const button = el("button", { type: "button", class: "ab-tool", title: "Which reports count" }, words, icon("caret"));
  const field = el("input", { class: "ab-field", type: "text", autocomplete: "off", spellcheck: "false", placeholder: "18 Sep 2025", "aria-label": "Reported by" });
  const wrong = el("p", { class: "ab-wrong", role: "status", hidden: true });
  const state = el("p", { class: "ab-faint", role: "status", hidden: true });
  const reset = el("button", { type: "button", class: "ab-tool ab-plain", text: "Back to what is known today" });
  const form = el("form", { class: "ab-row", novalidate: true }, field, el("button", { type: "submit", class: "ab-tool ab-strong", text: "Show" }));
  const panel = el("div", { class: "ab-popover", role: "dialog", "aria-label": "Which reports count", hidden: true },
    el("p", { class: "ab-title", text: "Only what our sources had reported by" }), form, wrong,
    el("p", { class: "ab-faint", text: "Leaves out everything published after that day, and what has no date of publication. Sources often look back, so this is not what the world knew then." }),
    state, reset);
  const node = el("div", { class: "ab-anchor ab-known" }, button, panel);

  const complain = (text) => {
    say(wrong, text);
    wrong.hidden = !text;
    if (text) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  };
  const draw = () => {
    const { known, online } = store.state;
    const day = known === null ? null : isoToDay(known);
    say(words, day === null ? "Known today" : `As reported by ${formatDay(day, "short")}`);
    node.classList.toggle("is-on", day !== null);
    reset.hidden = day === null;
    const waiting = store.lives && (store.lives.known_on ?? null) !== known;
    node.classList.toggle("is-waiting", Boolean(waiting));
    say(state, !waiting ? "" : online ? "Working it out …" : "Waits for the connection.");
    state.hidden = !waiting;
  };
  popovers.attach(button, panel, node, () => {
    complain("");
    field.value = store.state.known ? formatDay(isoToDay(store.state.known), "short") : "";
    field.focus();
    field.select();
  });
  field.addEventListener("input", () => complain(""));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { lives } = store;
    if (!lives) return;
    const iso = readDate(field.value, dayToIso(lives.today));
    if (!iso) complain(field.value.trim() ? `“${field.value.trim()}” is no date. Write 2025-09-18, 18 Sep 2025 or Sep 2025.` : "Write a date, like 18 Sep 2025.");
    else if (isoToDay(iso) < lives.first) complain(`The record starts on ${formatDay(lives.first)}.`);
    else if (isoToDay(iso) > lives.today) complain("That day is yet to come.");
    else {
      store.actions.setKnown(iso);
      popovers.close();
    }
  });
  reset.addEventListener("click", () => {
    store.actions.setKnown(null);
    popovers.close();
  });
  return { node, draw };
}

/* ------------------------------------------------------------------------------------------------- link */

function makeLink(store, popovers) {
  const words = el("span", { text: "Copy link" });
  const spoken = el("span", { class: "ab-spoken", role: "status" }); // inside the button it would be lost from its name
  const button = el("button", { type: "button", class: "ab-tool", title: "Copy a link to exactly this view" }, icon("link"), words);
  const field = el("input", { class: "ab-field", type: "text", readonly: true, "aria-label": "Link to this view" });
  const panel = el("div", { class: "ab-popover", role: "dialog", "aria-label": "Link to this view", hidden: true },
    el("p", { class: "ab-title", text: "Copy this link" }), field,
    el("p", { class: "ab-faint", text: "The browser did not let us copy it: press Ctrl+C, or ⌘C on a Mac." }));
  const node = el("div", { class: "ab-anchor" }, button, spoken, panel);
  let timer = 0;

  button.addEventListener("click", async () => {
    const link = store.permalink();
    if (await copy(link)) {
      say(words, "Link copied");
      say(spoken, "Link copied");
      clearTimeout(timer);
      timer = setTimeout(() => {
        say(words, "Copy link");
        say(spoken, "");
      }, COPIED_MS);
    } else {
      field.value = link;
      popovers.show(button, panel, node);
      field.focus();
      field.select();
    }
  });
  return { node };
}

/** Copy `text`; plain http has no `navigator.clipboard`, so the older way is tried second. */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const before = document.activeElement;
    const area = el("textarea", { class: "ab-offscreen", readonly: true, "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    area.select();
    let done = false;
    try {
      done = document.execCommand("copy");
    } catch {
      done = false;
    }
    area.remove();
    before?.focus?.({ preventScroll: true });
    return done;
  }
}

/* ------------------------------------------------------------------------------------------------ theme */

/**
 * Light or dark by choice. Streamlit 1.67 reads the choice when it starts, from this key for each path; there is no
 * way in from outside, so the page loads again. The address holds the view.
 */
function makeTheme(store) {
  const words = el("span", { class: "ab-phone" });
  const button = el("button", { type: "button", class: "ab-tool ab-square" });
  button.addEventListener("click", () => {
    const choice = store.state.theme === "dark" ? "Light" : "Dark";
    const paths = new Set([location.pathname, ...[...document.querySelectorAll(".atlas-nav a[href]")].map((link) => new URL(link.href).pathname)]);
    try {
      for (const path of paths) localStorage.setItem(`stActiveTheme-${path}-v2`, JSON.stringify(choice));
    } catch {
      return; // a browser that keeps nothing follows the system
    }
    location.replace(store.permalink());
    if (location.hash) location.reload();
  });
  const draw = () => {
    const other = store.state.theme === "dark" ? "light" : "dark";
    button.setAttribute("aria-label", `Use the ${other} theme`);
    button.title = `Use the ${other} theme`;
    say(words, `Use the ${other} theme`);
    button.replaceChildren(icon(other), words);
  };
  draw();
  return { node: button, draw };
}

/* ------------------------------------------------------------------------------------------- help, guide */

const KEYS = [
  [["←", "→"], "a day back or on"],
  [["shift", "←", "→"], "previous or next change"],
  [["page ↑", "page ↓"], "a year back or on"],
  [["home", "end"], "first or last day with evidence"],
  [["space"], "play or pause"],
  [["/"], "find a site"],
  [["0"], "the whole map again"],
  [["esc"], "close, or let go of the site"],
  [["?"], "this help"],
];

/** How to read the map in a few lines, with the signs themselves. */
function howToRead() {
  const ring = svg("svg", { class: "atlas-glyph", viewBox: "0 0 20 20", "aria-hidden": "true" },
    svg("circle", { cx: 10, cy: 10, r: 8.6, fill: "color-mix(in srgb, var(--mute) 12%, transparent)", stroke: "var(--mute)", "stroke-width": 1, "stroke-dasharray": "1.4 1.6" }),
    svg("circle", { cx: 10, cy: 10, r: 3.6, fill: "var(--c-coalition-federal)" }));
  const click = svg("svg", { class: "atlas-glyph", viewBox: "0 0 20 20", "aria-hidden": "true" },
    svg("rect", { x: 2.6, y: 3.5, width: 14.8, height: 13, rx: 2, fill: "none", stroke: "var(--mute)", "stroke-width": 1.3 }),
    svg("path", { d: "M5.6 7.5h8.8M5.6 10.2h8.8M5.6 12.9h5", stroke: "var(--mute)", "stroke-width": 1.3, "stroke-linecap": "round" }));
  const row = (signs, strong, text) => el("li", {}, el("span", { class: "ab-signs" }, signs), el("span", {}, el("b", { text: strong }), ` ${text}`));
  return el("ul", { class: "ab-guide-lines" },
    row([glyph("coalition-federal"), glyph("coalition-kurdistan"), glyph("iraqi-forces"), glyph("kurdistan-forces"), glyph("islamic-state")],
      "Who was there that day.", "Disc, diamond: coalition forces are guests. Square, triangle, cross: one holder alone."),
    row([glyph("changing-hands")], "Changing.", "A change is sourced; its day is uncertain or told differently. Left: before. Right: after."),
    row([glyph("not-sourced")], "Not sourced.", "No source for that day. It does not mean that nobody was there."),
    row([ring], "A ring", "shows how far off the position may be."),
    row([hollow()], "Hollow:", "weak evidence, or one party’s claim."),
    row([click], "Click a marker:", "the dossier says who reports it, since when, and who disagrees."));
}

/** The marks of the clock that explain themselves least. */
function marksOfTheClock() {
  const sign = (...drawing) => svg("svg", { class: "atlas-glyph", viewBox: "0 0 20 20", "aria-hidden": "true" }, ...drawing);
  const hatch = [0, 4, 8, 12, 16, 20, 24].map((from) => `M${from} 0 ${from - 12} 12`).join("");
  const rows = [
    [sign(svg("path", { d: "M6 3v14M14 3v14", stroke: "var(--c-iraqi-forces)", "stroke-width": 2.4 })), "Ticks:", "changes, in the colour of who is there from that day on."],
    [sign(svg("path", { d: "M10 2v16", stroke: "var(--late)", "stroke-width": 2, "stroke-dasharray": "2 2.4" })), "Red dotted:", "a promised end of a phase; fainter: a rival report of it."],
    [sign(svg("rect", { x: 2.5, y: 4, width: 15, height: 12, fill: "var(--wash)", stroke: "var(--line)" }), svg("svg", { x: 2.5, y: 4, width: 15, height: 12 }, svg("path", { d: hatch, stroke: "var(--mute)", "stroke-width": 0.8, "stroke-opacity": 0.7 }))), "Hatched:", "no source speaks of these days."],
    [sign(svg("rect", { x: 1, y: 6.5, width: 12, height: 7, rx: 1.5, fill: "var(--mute)", "fill-opacity": 0.45 }), svg("path", { d: "M15 7l3 3-3 3", fill: "none", stroke: "var(--mute)", "stroke-width": 1.4 })), "Grey band:", "a phase; the arrow: not yet over."],
  ];
  return el("ul", { class: "ab-guide-lines ab-marks" }, rows.map(([mark, strong, text]) =>
    el("li", {}, el("span", { class: "ab-signs" }, mark), el("span", {}, el("b", { text: strong }), ` ${text}`))));
}

/** A hollow mark of the map: the evidence for the state is weak. */
function hollow() {
  return svg("svg", { class: "atlas-glyph", viewBox: "0 0 20 20", "aria-hidden": "true" },
    svg("rect", { x: 4.9, y: 4.9, width: 10.2, height: 10.2, fill: "color-mix(in srgb, var(--c-iraqi-forces) 18%, var(--paper))", stroke: "var(--c-iraqi-forces)", "stroke-width": 2 }));
}

function makeHelp(store) {
  const version = el("p", { class: "ab-faint ab-data" });
  const close = tool("close", "Close", () => dialog.close(), "ab-close");
  const keys = el("dl", { class: "ab-keys" }, KEYS.map(([caps, text]) =>
    el("div", {}, el("dt", {}, caps.map((cap) => el("kbd", { class: "ab-key", text: cap }))), el("dd", { text }))));
  const dialog = el("dialog", { class: "ab-help", "aria-labelledby": "atlas-bar-help" }, el("div", { class: "ab-sheet", tabindex: "-1", autofocus: true },
    el("header", {}, el("h2", { id: "atlas-bar-help", text: "Help" }), close),
    el("div", { class: "ab-columns" },
      el("section", {}, el("h3", { text: "How to read the map" }), howToRead()),
      el("section", {}, el("h3", { text: "Keys" }), keys),
      el("section", { class: "ab-across" }, el("h3", { text: "Marks on the clock" }), marksOfTheClock())),
    version));
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  // While the help is open the keys are its own: Tab stays inside, Escape and "?" close it, no date moves behind it.
  document.addEventListener("keydown", (event) => {
    if (!dialog.open) return;
    event.stopPropagation();
    if (event.key === "Escape" || event.key === "?") {
      event.preventDefault();
      dialog.close();
    } else if (event.key === "Tab") {
      const stops = [...dialog.querySelectorAll("button, a[href], input, select, summary")].filter((each) => each.offsetParent);
      const at = stops.indexOf(document.activeElement);
      event.preventDefault();
      stops.at((at + (event.shiftKey ? -1 : 1) + (at < 0 && event.shiftKey ? 1 : 0)) % stops.length)?.focus();
    }
  }, true);
  const show = () => {
    if (!dialog.open) dialog.showModal();
  };
  const node = el("button", { type: "button", class: "ab-tool ab-square", "aria-label": "Help: keys and how to read the map", title: "Help (?)", "aria-haspopup": "dialog", on: { click: show } },
    el("span", { class: "ab-mark", text: "?" }), el("span", { class: "ab-phone", text: "Help and keys" }));
  return {
    node, dialog, show,
    prepare() {
      const { lives } = store;
      const { date, print } = dataVersion(lives);
      const known = lives.known_on === null || lives.known_on === undefined ? null : isoToDay(lives.known_on);
      const seen = known === null ? "" : ` Of what was reported by ${formatDay(known)}, nothing speaks of a day after ${formatDay(lives.last_evidence)}.`;
      say(version, `Data ${date}${print ? `, fingerprint ${print}` : ""}. The record runs from ${formatDay(lives.first)} to ${formatDay(lives.last)}; no source speaks of a day after ${formatDay(lives.default_day)}.${seen}`);
    },
  };
}

/** The card of the first visit; on phones, and beside a dossier, one line that opens the help. */
function makeGuide(help) {
  const done = () => {
    try {
      localStorage.setItem(SEEN, "1");
    } catch { /* a browser that keeps nothing sees the card again */ }
  };
  let offered = false;
  const dismiss = () => {
    offered = true;
    if (node.hidden) return false;
    node.hidden = true;
    done();
    return true;
  };
  const node = el("aside", { class: "ab-guide", "aria-label": "How to read the map", hidden: true },
    el("button", { type: "button", class: "ab-teaser", text: "New here? How to read the map", on: { click: () => { dismiss(); help.show(); } } }),
    el("h2", { text: "How to read the map" }),
    howToRead(),
    el("p", { class: "ab-faint" }, "Move the date below the map. ", el("kbd", { class: "ab-key", text: "?" }), " brings this back."),
    el("button", { type: "button", class: "ab-tool ab-strong ab-gotit", text: "Got it", on: { click: dismiss } }),
    tool("close", "Dismiss how to read", dismiss, "ab-close"));
  return {
    node, dismiss,
    /** Show it unless it was seen; `small` where the card would cover what a link points at. */
    offer({ small }) {
      if (offered) return;
      offered = true;
      node.classList.toggle("is-small", small);
      let seen = false;
      try {
        seen = localStorage.getItem(SEEN) !== null;
      } catch { /* as above */ }
      node.hidden = seen;
    },
  };
}
