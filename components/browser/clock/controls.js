/**
 * The buttons and fields of the clock: playback, dates and comparison, which reports count.
 *
 * On a desk they stand in one row above the axis; on a phone the row keeps the three thumb-size buttons and the date, and
 * the same elements move into a sheet.
 */

import { el, icon, say } from "../text.js";
import { formatDay, isoToDay } from "../store.js";

const SPEEDS = [0.5, 1, 2, 4, 8];
const DATES_READ = "2026-01-17, 17 Jan 2026, Jan 2026 or today";

const CLOCKS = {
  today: ["Known today", "Known today", "Every report we have counts for every day"],
  each: ["As reported by that day", "Reported by that day", "On every day only what our sources had reported by that day. They often look back, so this is not what the world knew then"],
};

/** A button with an icon; `words` are shown beside it only in the phone's sheet. */
function button(name, label, { key = "", act, extra = "", words = "", pressed = false }) {
  return el("button", {
    type: "button", class: `ac-button ${extra}`, "aria-label": label, title: key ? `${label} (${key})` : label,
    "aria-pressed": pressed ? "false" : null, on: { click: act },
  }, icon(name), words ? el("span", { class: "ac-words", "aria-hidden": "true", text: words }) : null);
}

/** Build them; `compare`, `swap` and `leave` are what the buttons of the comparison do, `leaveSelect` where the focus goes. */
export function makeControls(store, { compare, swap, leave, leaveSelect }) {
  const { actions } = store;

  /* ---- playback */

  const play = button("play", "Play", { key: "space", act: () => actions.toggle(), extra: "ac-play" });
  const transport = el("div", { class: "ac-transport", role: "group", "aria-label": "Move the date" },
    button("first", "First day with a sourced state", { key: "home", act: () => actions.first(), extra: "ac-wide" }),
    button("previous", "Previous change", { key: "shift + ←", act: () => actions.previous() }),
    play,
    button("next", "Next change", { key: "shift + →", act: () => actions.next() }),
    button("last", "Last day with evidence", { key: "end", act: () => actions.last(), extra: "ac-wide" }));

  const choice = (label, title, options, act) => {
    const select = el("select", { class: "ac-select", "aria-label": label, title }, options.map(([value, words]) => el("option", { value, text: words })));
    let byPointer = false;
    select.addEventListener("pointerdown", () => { byPointer = true; });
    select.addEventListener("keydown", () => { byPointer = false; });
    select.addEventListener("change", () => {
      act(select.value);
      if (byPointer) leaveSelect(); // else the arrow keys would go on changing the speed
    });
    return { select, node: el("span", { class: "ac-choice" }, select, icon("caret")) };
  };
  const rhythm = choice("Rhythm of playback", "By change: from one change to the next. By time: every day takes equally long",
    [["change", "by change"], ["time", "by time"]], (value) => store.set({ rhythm: value }, { url: false }));
  const speed = choice("Speed of playback", "Speed of playback", SPEEDS.map((each) => [each, `${each}×`]), (value) => store.set({ speed: Number(value) }, { url: false }));
  const loop = button("loop", "Loop: at the end begin again", { act: () => store.set({ loop: !store.state.loop }, { url: false }), words: "Loop", pressed: true });
  const tempo = el("div", { class: "ac-group ac-tempo", role: "group", "aria-label": "Tempo" }, rhythm.node, speed.node, loop);

  /* ---- dates and comparison */

  const dateField = (label, letter, id) => {
    const input = el("input", {
      class: "ac-field", type: "text", autocomplete: "off", spellcheck: "false", enterkeyhint: "go",
      "aria-label": label, title: `Type a date: ${DATES_READ}`, "aria-describedby": id,
    });
    const wrong = el("p", { class: "ac-wrong", id, role: "status", hidden: true });
    const badge = el("span", { class: `ac-letter is-${letter.toLowerCase()}`, "aria-hidden": "true", text: letter });
    return { input, wrong, node: el("span", { class: "ac-fieldbox" }, badge, input), form: null };
  };
  const date = dateField("Go to date", "B", "atlas-clock-wrong");
  const today = el("button", { type: "button", class: "ac-button ac-text ac-wide ac-gotoday", "aria-label": "Today", title: "Go to today", text: "Today", on: { click: () => actions.today() } });
  date.form = el("form", { class: "ac-date", novalidate: true }, date.node, today, date.wrong);

  const other = dateField("Compare with date", "A", "atlas-clock-wrong-other");
  const begin = el("button", { type: "button", class: "ac-button ac-text ac-begin", "aria-label": "Compare", title: "Compare with another day: what changed between A and B", on: { click: compare } },
    icon("compare"), el("span", { text: "Compare" }));
  const close = button("close", "Stop comparing", { key: "esc on handle A", act: leave });
  other.form = el("form", { class: "ac-other", novalidate: true, hidden: true },
    el("span", { class: "ac-with", "aria-hidden": "true", text: "compared with" }), other.node,
    button("swap", "Swap A and B", { act: swap }), close, other.wrong);
  const comparison = el("div", { class: "ac-group ac-comparison", role: "group", "aria-label": "Compare" }, begin, other.form);
  const ghost = button("ghost", "Keep the start in sight", { act: () => keepStart(), extra: "ac-keep", words: "Keep the start", pressed: true });
  ghost.title = "Keep the start in sight: a faint picture of the day playback began on stays on the map";
  const keepStart = () => {
    const { ghost: kept, start, day } = store.state;
    store.set({ ghost: !kept, ...(kept || start !== null ? {} : { start: day }) }, { url: false });
  };

  /* ---- which reports count */

  const clocks = {};
  for (const [id, [long, brief, title]] of Object.entries(CLOCKS)) {
    clocks[id] = el("button", { type: "button", class: `ac-part is-${id}`, "aria-pressed": "false", "aria-label": long, title, on: { click: () => actions.setKnown(id === "each" ? "each-day" : null) } },
      el("span", { class: "ac-long", text: long }), el("span", { class: "ac-brief", text: brief }));
  }
  const fixedLong = el("span", { class: "ac-long" });
  const fixedBrief = el("span", { class: "ac-brief" });
  const fixed = el("span", { class: "ac-part is-fixed", hidden: true, title: "Only what our sources had reported by that day; chosen in the header" }, fixedLong, fixedBrief);
  const knowledge = el("div", { class: "ac-group ac-knowledge", role: "group", "aria-label": "Which reports count" },
    el("span", { class: "ac-caption", "aria-hidden": "true", text: "Count:" }), clocks.today, clocks.each, fixed);

  /* ---- the axis */

  const years = el("span", { class: "ac-years" });
  const zoomWords = el("span");
  const zoom = el("button", { type: "button", class: "ac-button ac-text ac-zoom", hidden: true, on: { click: () => store.set({ axis: store.state.axis === "dense" ? "all" : "dense" }) } },
    icon("zoom"), zoomWords, years);

  /* ---- the row and the sheet */

  const sheetButton = (text, act) => el("button", { type: "button", class: "ac-button ac-text", text, on: { click: () => { act(); openSheet(false); } } });
  const ends = el("div", { class: "ac-group ac-ends" },
    sheetButton("First sourced day", () => actions.first()), sheetButton("Today", () => actions.today()), sheetButton("Last evidence", () => actions.last()));
  const sheet = el("div", { class: "ac-sheet", id: "atlas-clock-more", role: "group", "aria-label": "Options", hidden: true }, ends);
  const more = button("options", "Options", { act: () => openSheet(sheet.hidden), extra: "ac-narrow" });
  more.setAttribute("aria-controls", sheet.id);
  more.setAttribute("aria-expanded", "false");
  const openSheet = (open) => {
    sheet.hidden = !open;
    more.setAttribute("aria-expanded", String(open));
  };
  const row = el("div", { class: "ac-controls" }, transport, date.form, more);
  /** Put the groups where the screen has room for them; `line` is the line of words above the axis. */
  const settle = (phone, line) => {
    if (phone) {
      sheet.prepend(comparison);
      sheet.append(tempo, zoom, ghost, knowledge);
    } else {
      openSheet(false);
      row.replaceChildren(transport, tempo, date.form, comparison, ghost, knowledge, more);
      line.append(zoom);
    }
  };

  /* ---- in step with the store */

  const press = (node, on) => node.setAttribute("aria-pressed", String(on));
  const sync = (state) => {
    if (play.dataset.playing !== String(state.playing)) {
      play.dataset.playing = String(state.playing);
      play.setAttribute("aria-label", state.playing ? "Pause" : "Play");
      play.title = state.playing ? "Pause (space)" : "Play (space)";
      play.replaceChildren(icon(state.playing ? "pause" : "play"));
    }
    rhythm.select.value = state.rhythm;
    speed.select.value = String(state.speed);
    press(loop, state.loop);
    press(ghost, state.ghost);
    ghost.hidden = state.compare !== null; // A is in sight then
    begin.hidden = state.compare !== null;
    other.form.hidden = state.compare === null;
    const day = state.known === null || state.known === "each-day" ? null : isoToDay(state.known);
    press(clocks.today, state.known === null);
    press(clocks.each, state.known === "each-day");
    fixed.hidden = day === null;
    say(fixedLong, day === null ? "" : `As reported by ${formatDay(day, "short")}`);
    say(fixedBrief, day === null ? "" : `Reported by ${formatDay(day, "short")}`);
    // Its words say what a click does, so it is no pressed button: "All years, pressed" would be the opposite.
    const dense = state.axis === "dense";
    zoom.classList.toggle("is-on", dense);
    years.hidden = dense;
    say(zoomWords, dense ? "All years" : "Only");
    zoom.setAttribute("aria-label", dense ? "All years" : `Only ${years.textContent}`);
    zoom.title = dense ? "Show all years on the axis" : `Spread ${years.textContent} over the whole axis`;
  };
  const nameYears = (dense) => {
    zoom.hidden = !dense;
    say(years, dense?.label ?? "");
    sync(store.state);
  };

  return { row, sheet, more, openSheet, settle, sync, nameYears, date, other, begin };
}
