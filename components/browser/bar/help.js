/** The help, the card of the first visit, and the signs both explain. */

import { formatDay, isoToDay } from "../store.js";
import { el, glyph, icon, say, svg } from "../text.js";
import { tool } from "./popovers.js";

const SEEN = "atlas-how-to-read";

/** The two parts of the data version: the last day a source speaks of, and the fingerprint ("" if there is none). */
export function dataVersion(lives) {
  const at = lives.data_version.lastIndexOf(" · ");
  return at < 0 ? { date: lives.data_version, print: "" } : { date: lives.data_version.slice(0, at), print: lives.data_version.slice(at + 3) };
}

const KEYS = [
  [["←", "→"], "a day back or on"],
  [["shift", "←", "→"], "previous or next change"],
  [["page ↑", "page ↓"], "a year back or on"],
  [["home"], "first day with a sourced state"],
  [["end"], "last day with evidence"],
  [["space"], "play or pause"],
  [["/"], "find a site"],
  [["0"], "the whole map again"],
  [["esc"], "close, or let go of the site"],
  [["?"], "this help"],
];

/** What each control does, in a line. */
const CONTROLS = [
  ["play", "By change, by time.", "By change, playback rests on every change and passes quiet years quickly. By time, every day takes equally long: at 1× the axis lasts a minute."],
  ["loop", "Loop.", "Rests on the last day, then begins again."],
  ["zoom", "All years, or only some.", "Spreads the dense part of the axis over the whole width, and back. A handle on another day is an arrow at the edge."],
  ["compare", "Compare.", "A second handle, A: what changed between A and B. With A in focus the keys move A."],
  ["ghost", "Keep the start.", "The picture of the day playback began on stays, faintly."],
  ["clock", "Known today, as reported by that day.", "Everything we have; or, on every day, only what our sources had reported by that day. They often look back, so it is not what the world knew."],
  ["source", "All sources.", "Leave out a source, a whole grade, or what derives from them, and see which states fall."],
];

function controls() {
  return el("div", { class: "ab-controls" }, CONTROLS.map(([sign, strong, text]) =>
    el("div", {}, icon(sign), el("span", {}, el("b", { text: strong }), ` ${text}`))));
}

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
    row([faded()], "Faded:", "no evidence for more than a year. The state is carried on, not corroborated."),
    row([click], "Click a marker:", "the dossier says who reports it, since when, and who disagrees."));
}

/** The marks of the clock that explain themselves least. */
function marksOfTheClock() {
  const sign = (...drawing) => svg("svg", { class: "atlas-glyph", viewBox: "0 0 20 20", "aria-hidden": "true" }, ...drawing);
  const hatch = [0, 4, 8, 12, 16, 20, 24].map((from) => `M${from} 0 ${from - 12} 12`).join("");
  const rows = [
    [sign(svg("path", { d: "M6 3v14M14 3v14", stroke: "var(--c-iraqi-forces)", "stroke-width": 2.4 })), "Ticks:", "changes, in the colour of who is there from that day on. With a site selected its own are dark, those of other sites pale."],
    [sign(svg("path", { d: "M10 2v16", stroke: "var(--late)", "stroke-width": 2, "stroke-dasharray": "2 2.4" })), "Red dotted:", "a promised end of a phase; fainter: a rival report of it."],
    [sign(svg("rect", { x: 2.5, y: 4, width: 15, height: 12, fill: "var(--wash)", stroke: "var(--line)" }), svg("svg", { x: 2.5, y: 4, width: 15, height: 12 }, svg("path", { d: hatch, stroke: "var(--mute)", "stroke-width": 0.8, "stroke-opacity": 0.7 }))), "Hatched:", "no source speaks of these days."],
    [sign(svg("rect", { x: 1, y: 6.5, width: 12, height: 7, rx: 1.5, fill: "var(--mute)", "fill-opacity": 0.45 }), svg("path", { d: "M15 7l3 3-3 3", fill: "none", stroke: "var(--mute)", "stroke-width": 1.4 })), "Grey band:", "a phase; the arrow: not yet over."],
  ];
  return el("ul", { class: "ab-guide-lines ab-marks" }, rows.map(([mark, strong, text]) =>
    el("li", {}, el("span", { class: "ab-signs" }, mark), el("span", {}, el("b", { text: strong }), ` ${text}`))));
}

/** The square of the map with another fill. */
const square = (fill, edge) => svg("svg", { class: "atlas-glyph", viewBox: "0 0 20 20", "aria-hidden": "true" },
  svg("rect", { x: 4.9, y: 4.9, width: 10.2, height: 10.2, fill, stroke: "color-mix(in srgb, var(--c-iraqi-forces) 80%, var(--ink))", "stroke-width": edge }));

/** A hollow mark of the map: the evidence for the state is weak. */
const hollow = () => square("var(--paper)", 2);

/** A faded one: nobody has corroborated the state for long. */
const faded = () => square("color-mix(in srgb, var(--c-iraqi-forces) 40%, var(--paper))", 1);

export function makeHelp(store) {
  const version = el("p", { class: "ab-faint ab-data" });
  const close = tool("close", "Close", () => dialog.close(), "ab-close");
  const keys = el("dl", { class: "ab-keys" }, KEYS.map(([caps, text]) =>
    el("div", {}, el("dt", {}, caps.map((cap) => el("kbd", { class: "ab-key", text: cap }))), el("dd", { text }))));
  const dialog = el("dialog", { class: "ab-help", "aria-labelledby": "atlas-bar-help" }, el("div", { class: "ab-sheet", tabindex: "-1", autofocus: true },
    el("header", {}, el("h2", { id: "atlas-bar-help", text: "Help" }), close),
    el("div", { class: "ab-columns" },
      el("section", {}, el("h3", { text: "How to read the map" }), howToRead()),
      el("section", {}, el("h3", { text: "Keys" }), keys),
      el("section", { class: "ab-across" }, el("h3", { text: "Marks on the clock" }), marksOfTheClock()),
      el("section", { class: "ab-across" }, el("h3", { text: "Controls" }), controls())),
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
      const known = isoToDay(lives.known_on); // null too with "each-day"
      const seen = known === null ? "" : ` Of what was reported by ${formatDay(known)}, nothing speaks of a day after ${formatDay(lives.last_evidence)}.`;
      say(version, `Data ${date}${print ? `, fingerprint ${print}` : ""}. The record runs from ${formatDay(lives.first)} to ${formatDay(lives.last)}; no source speaks of a day after ${formatDay(lives.default_day)}.${seen}`);
    },
  };
}

/** The card of the first visit; on phones, and where a link points at something, one line that opens the help. */
export function makeGuide(help) {
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
    el("button", { type: "button", class: "ab-teaser", on: { click: () => { dismiss(); help.show(); } } },
      "New here?", el("span", { text: " How to read the map" })),
    el("h2", { text: "How to read the map" }),
    howToRead(),
    el("div", { class: "ab-foot" },
      el("p", { class: "ab-faint" }, "Move the date below the map. ", el("kbd", { class: "ab-key", text: "?" }), " brings this back."),
      el("button", { type: "button", class: "ab-tool ab-strong ab-gotit", text: "Got it", on: { click: dismiss } })),
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
