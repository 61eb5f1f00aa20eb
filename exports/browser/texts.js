/**
 * The words beside the map, as far as they follow the clock: the table of sites, and what is of later days and recedes.
 */

import { formatDay } from "../../components/browser/store.js";
import { el, find, glyph, say, searchIndex } from "../../components/browser/text.js";

/**
 * Let the words follow the store; `layer` is the control layer, which knows what is said of each site on a day, and
 * `start` the view on which the page opens: { day, compare }.
 */
export function followClock(store, layer, start) {
  const rows = [...document.querySelectorAll("#cap-sites tr[data-site]")].map((row) => ({
    row, id: row.dataset.site, sign: row.querySelector("[data-sign]"), words: row.querySelector("[data-words]"),
    evidence: row.querySelector("[data-evidence]"), button: row.querySelector("[data-select]"), look: "",
  }));
  const lists = [...document.querySelectorAll("[data-later-of]")].map((note) => ({
    note, all: document.getElementById(note.dataset.laterOf).querySelectorAll("li").length,
    items: [...document.getElementById(note.dataset.laterOf).querySelectorAll("[data-day]")].map((node) => ({ node, day: Number(node.dataset.day) })),
  }));
  const days = document.querySelectorAll("[data-clock-day]");
  const sought = document.getElementById("cap-find");
  const index = searchIndex(store.lives.sites);
  let frame = 0;

  // What was exported stands still; where the map shows another day, it says so and recedes a little.
  const still = document.getElementById("briefing");
  const shown = el("span");
  const back = el("button", { type: "button", class: "cap-link", text: `back to ${formatDay(start.day)}`, on: { click: () => {
    store.set({ day: start.day, compare: start.compare ?? null, playing: false });
    still.querySelector("h1, h2").scrollIntoView({ block: "nearest" });
  } } });
  const elsewhere = el("p", { class: "cap-elsewhere", id: "cap-elsewhere", hidden: true }, shown, " ", back);
  still.querySelector(".cap-eyebrow").after(elsewhere);
  const compareDays = (day, compare) => {
    const other = day !== start.day || compare !== (start.compare ?? null);
    still.classList.toggle("is-elsewhere", other);
    elsewhere.hidden = !other;
    if (other) say(shown, `The map shows ${compare === null ? formatDay(day) : [compare, day].sort((a, b) => a - b).map((one) => formatDay(one)).join(" and ")} now`);
  };

  const draw = () => {
    frame = 0;
    const { day, compare, off, site: selected, playing } = store.state;
    compareDays(day, compare);
    for (const node of days) say(node, formatDay(day));
    const asked = sought ? sought.value.trim() : "";
    const found = asked ? new Set(find(index, asked).map((one) => one.site.id)) : null;
    for (const one of rows) {
      const told = layer.said(one.id);
      if (!told) continue;
      say(one.words, told.words);
      say(one.evidence, told.evidence);
      const look = `${told.category} ${told.half || ""}`;
      if (look !== one.look) one.sign.replaceChildren(glyph(told.category, told.half));
      one.look = look;
      one.row.classList.toggle("is-stale", told.stale);
      one.row.classList.toggle("is-selected", one.id === selected);
      one.button.setAttribute("aria-pressed", String(one.id === selected));
      one.row.hidden = found ? !found.has(one.id) : off.includes(told.category);
    }
    if (playing) return; // what is later recedes when the clock rests: a film is watched on the map
    for (const { note, all, items } of lists) {
      let later = 0;
      for (const { node, day: since } of items) {
        const is = since > day;
        later += is ? 1 : 0;
        if (node.classList.contains("is-later") !== is) node.classList.toggle("is-later", is);
      }
      say(note, later ? `${later.toLocaleString("en")} of ${all.toLocaleString("en")} are of days after ${formatDay(day)}, and paler.` : "");
    }
  };
  const soon = () => {
    if (!frame) frame = requestAnimationFrame(draw);
  };

  const none = document.getElementById("cap-none");
  /** Open what is said of a site, and bring it into sight; of very many sites not all are told one by one. */
  const open = (id) => {
    const dossier = [...document.querySelectorAll("[data-dossier]")].find((one) => one.dataset.dossier === id);
    const site = store.lives.sites.find((one) => one.id === id);
    none.hidden = Boolean(dossier) || !site;
    if (site) say(none, `What the sources say of ${site.name} is not told here; it is in the data.`);
    if (dossier) dossier.open = true;
    const texts = document.getElementById("cap-texts");
    if (getComputedStyle(texts).overflowY !== "auto") return; // on a phone the page would leave the map
    const at = (dossier || none).getBoundingClientRect();
    const seen = texts.getBoundingClientRect();
    if (at.top < seen.top || at.top > seen.bottom - 120) texts.scrollTop += at.top - seen.top - 56;
  };

  store.subscribe((state, keys) => {
    if (["day", "off", "site", "lives", "playing", "compare"].some((key) => keys.has(key))) soon();
    if (keys.has("site") && !keys.has("lives") && state.site) open(state.site);
    if (keys.has("search") && sought) {
      sought.focus();
      sought.select();
    }
    if (keys.has("help")) {
      const keysOf = document.getElementById("keys");
      keysOf.scrollIntoView({ block: "start" });
    }
  });
  if (sought) {
    sought.addEventListener("input", soon);
    sought.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        sought.value = "";
        soon();
        sought.blur();
      } else if (event.key === "Enter") {
        draw(); // what was typed a moment ago counts
        const first = rows.find((one) => !one.row.hidden);
        if (first) store.actions.select(first.id);
      }
    });
  }
  for (const { button, id } of rows) {
    button.addEventListener("click", () => store.actions.select(store.state.site === id ? null : id));
  }
}
