/**
 * The clock under the map: its controls, and the axis with its handles.
 *
 * All that depends only on the lives and the width is drawn once (clock/picture.js); what follows the day moves by
 * `transform` (clock/handles.js), so a date change costs a handful of style writes and is painted in the frame after
 * the input. Days are integers since 1970-01-01.
 */

import { makeAxis } from "./clock/axis.js";
import { indexChanges } from "./clock/changes.js";
import { dayToCompare } from "./clock/compare.js";
import { makeControls } from "./clock/controls.js";
import { readDates } from "./clock/fields.js";
import { drawHandles, moveHandles } from "./clock/handles.js";
import { makePlayer } from "./clock/player.js";
import { makeWords } from "./clock/words.js";
import { dayToIso, formatDay } from "./store.js";
import { el, say, svg } from "./text.js";

const PHONE = "(max-width: 899.98px)"; // as in frame.css

/** Draw the clock into `root`; called again on the same root it does nothing. Returns a function that removes it. */
export function mount({ root, store }) {
  if (root.atlasClock) return root.atlasClock;
  const clock = run(root, store);
  root.atlasClock = () => {
    clock.stop();
    delete root.atlasClock;
  };
  return root.atlasClock;
}

function run(root, store) {
  const { actions } = store;
  const phone = window.matchMedia(PHONE);
  const stillness = window.matchMedia("(prefers-reduced-motion: reduce)");
  const calm = () => stillness.matches;
  const gone = new AbortController();
  const listen = (target, type, listener, options = {}) => target.addEventListener(type, listener, { ...options, signal: gone.signal });
  const told = { lives: null, changes: null, words: null };

  /* ---- the parts */

  const compare = () => {
    if (!told.lives) return;
    actions.setCompare(dayToCompare(told.lives, store.state.day));
    hands.a.focus({ preventScroll: true });
  };
  const leave = () => {
    actions.setCompare(null);
    if (phone.matches && controls.sheet.hidden) hands.b.focus({ preventScroll: true });
    else controls.begin.focus({ preventScroll: true });
  };
  const swap = () => store.set({ day: store.state.compare, compare: store.state.day, playing: false });
  const controls = makeControls(store, { compare, swap, leave, leaveSelect: () => hands.b.focus({ preventScroll: true }) });

  const now = el("span", { class: "ac-now" });
  const upcoming = el("button", { type: "button", class: "ac-next", title: "Go there (shift + →)", on: { click: () => actions.next() } });
  const key = el("span", { class: "ac-key", title: "A red dotted line: the day by which a phase was promised to end. Fainter: a rival report of that promise." },
    el("i", { class: "ac-key-promise" }), el("span", { text: "promised end" }));
  const unsourced = el("span", { class: "ac-unsourced" });
  const siteKey = el("span", { class: "ac-key ac-sitekey", hidden: true, title: "Ticks: the changes of the selected site stand dark in front of those of the other sites" });
  const line = el("div", { class: "ac-line" }, now, upcoming, siteKey, key, unsourced);

  const picture = svg("svg", { class: "ac-picture", "aria-hidden": "true", focusable: "false" });
  const hands = drawHandles();
  const track = el("div", { class: "ac-track" }, picture, hands.range, hands.elapsed, hands.start, hands.preview, hands.a, hands.b);
  const timeline = el("div", { class: "ac-timeline" }, line, track, hands.bubble);
  const section = el("section", { class: "atlas-clock is-loading", "aria-label": "Clock" }, controls.row, timeline, controls.sheet);
  controls.settle(phone.matches, line);
  root.append(section);

  /* ---- the axis and what stands on it */

  const axis = makeAxis({ track, picture, store, calm, compact: () => phone.matches, drawn });
  const handles = moveHandles(hands, { store, axis, told, section, track, leave, listen });
  function drawn(drawing) {
    const { lives } = told;
    section.style.setProperty("--axis", `${drawing.axis}px`);
    key.hidden = !drawing.promises;
    const selected = lives.sites.find((site) => site.id === store.state.site);
    siteKey.hidden = !selected;
    say(siteKey, selected ? `dark: ${selected.short || selected.name} · pale: other sites` : "");
    say(unsourced, lives.last_evidence < lives.last ? `no source after ${formatDay(lives.last_evidence)}` : "");
    unsourced.title = lives.known_on ? "Of the reports that count under the chosen known-on date" : "No source speaks of a later day";
    handles.draw();
  }
  const fields = [
    readDates(controls.date, {
      listen, lives: () => told.lives, shown: () => store.state.day,
      go: (day) => store.set({ day, playing: false }),
    }),
    readDates(controls.other, {
      listen, lives: () => told.lives, shown: () => store.state.compare,
      go: (day) => (day === store.state.day ? "That is the date shown: compare it with another day." : actions.setCompare(day)),
    }),
  ];

  const draw = () => {
    const { day } = store.state;
    if (!told.lives || day === null) return;
    const { words, changes, lives } = told;
    handles.draw();
    for (const drawField of fields) drawField();
    const changing = changes.count(day) > 0;
    section.classList.toggle("is-unsourced", day > lives.last_evidence);
    say(now, words.now(day));
    say(upcoming, words.next(day, { most: changing ? 0 : phone.matches ? 1 : 3, length: phone.matches ? "short" : "long" }));
    upcoming.disabled = changes.after(day) === undefined;
  };
  listen(now, "pointerenter", () => {
    if (told.words) now.title = told.words.told(store.state.day, 12).join("\n");
  });
  const prepare = () => {
    told.lives = store.lives;
    opened ??= store.state.day;
    told.changes = indexChanges(told.lives);
    told.words = makeWords(told.lives, told.changes);
    section.classList.remove("is-loading");
    handles.bound(told.lives);
    axis.take(told.lives, told.changes);
    controls.nameYears(axis.dense);
    draw();
  };

  /**
   * Whoever moves a handle to a day the zoomed axis does not show gets all years back, so that no key leads out of sight.
   * An address that asks for both is followed as it is: the handle is an arrow at the edge then.
   */
  const followOut = (state, changed) => {
    if (state.axis !== "dense" || changed.has("axis") || changed.has("lives") || state.playing || !axis.dense) return;
    const { from, to } = axis.wanted;
    const out = (name) => changed.has(name) && state[name] !== null && (state[name] < from || state[name] > to);
    const begun = state.compare !== null && compared === null;
    const address = store.asked();
    const asked = address.get("axis") === "dense" && address.get("as_of") === dayToIso(state.day);
    if (!asked && (out("day") || (out("compare") && !begun))) store.set({ axis: "all" });
  };
  let compared = null; // the day compared with before this change

  /* ---- the phone's sheet; the store's own listener does the other keys */

  listen(document, "keydown", (event) => {
    if (event.key !== "Escape" || controls.sheet.hidden || event.target instanceof HTMLInputElement) return;
    controls.openSheet(false);
    controls.more.focus();
    event.preventDefault(); // this Escape is used up: the selected site stays
  }, { capture: true });
  listen(document, "pointerdown", (event) => {
    if (!controls.sheet.hidden && !section.contains(event.target)) controls.openSheet(false);
    else if (!controls.sheet.hidden && track.contains(event.target)) controls.openSheet(false);
  });

  /* ---- playback */

  let frame = 0;
  let opened = null; // the first day shown
  let stopped = null; // the day playback last stopped on: going on from there is no new start
  const player = makePlayer({ span: () => axis.span, days: () => told.changes.days, tempo: () => store.state, calm });
  const tick = (time) => {
    frame = 0;
    if (!store.state.playing || !told.lives) return;
    const day = player.advance(time, store.state.day);
    if (day !== store.state.day) store.set({ day });
    if (day >= axis.span.last && !store.state.loop) actions.pause();
    else frame = requestAnimationFrame(tick);
  };
  const syncPlayback = () => {
    if (!store.state.playing) stopped = store.state.day;
    if (!store.state.playing || frame || !told.lives) return;
    // From where the page opens or the evidence ends, play means the whole story, not its silent end.
    const { lives } = told;
    const { first, last } = axis.span;
    const { day, start } = store.state;
    const opening = day === opened && day > lives.last_evidence;
    const over = day >= last || day < first || day === lives.last_evidence || day === lives.default_day || opening;
    const from = over ? first : day;
    store.set({ day: from, start: start !== null && from === stopped ? start : from }, { url: false });
    player.restart();
    frame = requestAnimationFrame(tick);
  };

  const observer = new ResizeObserver(() => axis.layOut());
  observer.observe(track);
  listen(phone, "change", () => {
    controls.settle(phone.matches, line);
    axis.layOut();
    draw();
  });

  const unsubscribe = store.subscribe((state, changed) => {
    if (changed.has("lives") && store.lives && store.lives !== told.lives) prepare();
    if (changed.size > 1 || !changed.has("day")) controls.sync(state); // the day alone changes no button
    if (!told.lives) return;
    followOut(state, changed);
    compared = state.compare;
    if (changed.has("axis") && !changed.has("lives")) axis.glide();
    else if (changed.has("site")) axis.layOut();
    if (["day", "lives", "compare", "ghost", "start", "site", "axis"].some((name) => changed.has(name))) draw();
    if (changed.has("playing")) {
      section.classList.toggle("is-playing", state.playing);
      syncPlayback();
    }
  });

  return {
    stop() {
      gone.abort();
      observer.disconnect();
      unsubscribe();
      axis.stop();
      cancelAnimationFrame(frame);
      section.remove();
    },
  };
}
