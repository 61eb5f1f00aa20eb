/**
 * The clock under the map: buttons, a date to type, and the time line with its handle.
 *
 * All that depends only on the lives and the width is drawn once; what follows the day moves by `transform`, so a
 * date change costs a handful of style writes and is painted in the frame after the input. Days are integers
 * since 1970-01-01; x is in CSS pixels from the left edge of the track.
 */

import { dayToIso, formatDay, isoToDay } from "./store.js";
import { el, icon, readDate, say, svg } from "./text.js";

const SECONDS_A_CHANGE = 1.2;
const SECONDS_A_SPAN = 60;
const RESTING = 0.5; // by change: the part of its time the picture rests on a change before it moves on
const SPEEDS = [0.5, 1, 2, 4, 8];
const LONGEST_FRAME_MS = 100; // after a sleeping tab, go on from where it was instead of leaping
const SNAP_PX = 4;
const BIN_PX = 3;
const SINGLE_PX = 10; // height of a tick for one change
const BANDS_PX = 48; // the room below the axis; many phases at once share it
const FUTURE_DAYS = 120; // room right of today for promises not yet due
const PHONE = "(max-width: 899.98px)"; // as in frame.css

/** What the reader chose for playback; it outlives a re-mount within one visit. */
const tempo = { rhythm: "change", speed: 1 };

/** Draw the clock into `root`; called again on the same root it does nothing. Returns a function that removes it. */
export function mount({ root, store }) {
  if (root.atlasClock) return root.atlasClock;
  const parts = build(store);
  root.append(parts.section);
  const clock = run(parts, store);
  root.atlasClock = () => {
    clock.stop();
    parts.section.remove();
    delete root.atlasClock;
  };
  return root.atlasClock;
}

/* -------------------------------------------------------------------------------------------- the parts */

function build(store) {
  const { actions } = store;
  const button = (name, label, key, act, extra = "") =>
    el("button", { type: "button", class: `ac-button ${extra}`, "aria-label": label, title: key ? `${label} (${key})` : label, on: { click: act } }, icon(name));

  const play = button("play", "Play", "space", () => actions.toggle(), "ac-play");
  const transport = el("div", { class: "ac-transport", role: "group", "aria-label": "Move the date" },
    button("first", "First day with evidence", "home", () => actions.first(), "ac-wide"),
    button("previous", "Previous change", "shift + ←", () => actions.previous()),
    play,
    button("next", "Next change", "shift + →", () => actions.next()),
    button("last", "Last day with evidence", "end", () => actions.last(), "ac-wide"));

  const field = el("input", {
    class: "ac-field", type: "text", autocomplete: "off", spellcheck: "false", enterkeyhint: "go",
    "aria-label": "Go to date", title: "Type a date: 2026-01-17, 17 Jan 2026, Jan 2026 or today", "aria-describedby": "atlas-clock-wrong",
  });
  const wrong = el("p", { class: "ac-wrong", id: "atlas-clock-wrong", role: "status", hidden: true });
  const today = el("button", { type: "button", class: "ac-button ac-text ac-wide", "aria-label": "Today", title: "Today", text: "Today", on: { click: () => actions.today() } });
  const date = el("form", { class: "ac-date", novalidate: true }, field, today, wrong);

  const rhythms = [];
  const speeds = [];
  const choice = (list, label, options, act) => {
    const select = el("select", { class: "ac-select", "aria-label": label, title: label },
      options.map(([value, words]) => el("option", { value, text: words })));
    let byPointer = false;
    select.addEventListener("pointerdown", () => { byPointer = true; });
    select.addEventListener("keydown", () => { byPointer = false; });
    select.addEventListener("change", () => {
      act(select.value);
      if (byPointer) hand.focus({ preventScroll: true }); // else the arrow keys would go on changing the speed
    });
    list.push(select);
    return el("span", { class: "ac-choice" }, select, icon("caret"));
  };
  const tempoChoice = () => [
    choice(rhythms, "Rhythm of playback", [["change", "by change"], ["time", "by time"]], (value) => { tempo.rhythm = value; syncTempo(); }),
    choice(speeds, "Speed of playback", SPEEDS.map((speed) => [speed, `${speed}×`]), (value) => { tempo.speed = +value; syncTempo(); }),
  ];
  const syncTempo = () => {
    for (const select of rhythms) select.value = tempo.rhythm;
    for (const select of speeds) select.value = String(tempo.speed);
  };

  const sheetButton = (label, act) => el("button", { type: "button", class: "ac-button ac-text", text: label, on: { click: () => { act(); openSheet(false); } } });
  const sheet = el("div", { class: "ac-sheet", id: "atlas-clock-more", hidden: true },
    sheetButton("First evidence", () => actions.first()),
    sheetButton("Today", () => actions.today()),
    sheetButton("Last evidence", () => actions.last()),
    el("div", { class: "ac-tempo" }, tempoChoice()));
  const more = button("more", "More of the clock", "", () => openSheet(sheet.hidden), "ac-narrow");
  more.setAttribute("aria-controls", sheet.id);
  more.setAttribute("aria-expanded", "false");
  const openSheet = (open) => {
    sheet.hidden = !open;
    more.setAttribute("aria-expanded", String(open));
  };

  const controls = el("div", { class: "ac-controls" }, transport, date, el("div", { class: "ac-tempo ac-wide" }, tempoChoice()), more);
  syncTempo();

  const now = el("span", { class: "ac-now" });
  const upcoming = el("button", { type: "button", class: "ac-next", title: "Go there (shift + →)", on: { click: () => actions.next() } });
  const unsourced = el("span", { class: "ac-unsourced" });
  const key = el("span", { class: "ac-key", title: "A red dotted line: the day by which a phase was promised to end. Fainter: a rival report of that promise." },
    el("i", { class: "ac-key-promise" }), "promised end");
  const line = el("div", { class: "ac-line" }, now, upcoming, key, unsourced);

  const picture = svg("svg", { class: "ac-picture", "aria-hidden": "true", focusable: "false" });
  const elapsed = el("div", { class: "ac-elapsed" });
  const ghost = el("div", { class: "ac-ghost", hidden: true });
  const hand = el("div", {
    class: "ac-hand", role: "slider", tabindex: "0", "aria-label": "Date", "aria-orientation": "horizontal",
    "aria-description": "Arrow keys move a day, with shift a change, page keys a year, home and end to the first and last evidence",
  }, el("span", { class: "ac-knob" }));
  const track = el("div", { class: "ac-track" }, picture, elapsed, ghost, hand);
  const bubble = el("div", { class: "ac-bubble", hidden: true, "aria-hidden": "true" });
  const timeline = el("div", { class: "ac-timeline" }, line, track, bubble);

  const section = el("section", { class: "atlas-clock is-loading", "aria-label": "Clock" }, controls, timeline, sheet);
  return { section, play, field, wrong, date, now, upcoming, key, unsourced, picture, elapsed, ghost, hand, track, bubble, timeline, sheet, more, openSheet };
}

/* --------------------------------------------------------------------------------------------- behaviour */

function run(parts, store) {
  const { section, play, field, wrong, track, hand, ghost, bubble, picture } = parts;
  const phone = window.matchMedia(PHONE);
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const gone = new AbortController();
  const listen = (target, type, listener, options = {}) => target.addEventListener(type, listener, { ...options, signal: gone.signal });

  let lives = null;
  let changes = null; // { days: sorted change days, at: day -> changes that day }
  let names = new Map();
  let becomes = null; // change -> category id
  let scale = null; // { from, to, left, right, width }
  let bands = [];
  let dragging = null;
  let typing = false;

  const x = (day) => scale.left + ((day - scale.from) / (scale.to - scale.from)) * (scale.right - scale.left);
  const dayAt = (px) => clamp(Math.round(scale.from + ((px - scale.left) / (scale.right - scale.left)) * (scale.to - scale.from)));
  const clamp = (day) => Math.max(lives.first, Math.min(lives.last, day));
  const short = (site) => names.get(site) || site;

  /* ---- words */

  const listed = (day, most) => {
    const there = changes.at.get(day) || [];
    const sites = [...new Set(there.map((change) => short(change.site)))];
    return sites.length > most ? `${sites.slice(0, most).join(", ")} and ${sites.length - most} more` : sites.join(", ");
  };
  const told = (day) => (changes.at.get(day) || []).map((change) => change.text);
  const following = (day) => changes.days[above(changes.days, day)];
  /** Nothing is known to happen on that day: our sources end, and the state with them. */
  const lapses = (day) => changes.at.get(day).every((change) => becomes(change) === "not-sourced");
  const valueText = (day) => {
    const here = told(day);
    if (here.length) return `${formatDay(day)}: ${here.slice(0, 4).join("; ")}${here.length > 4 ? `; and ${here.length - 4} more` : ""}`;
    const next = following(day);
    return `${formatDay(day)}: no change${next === undefined ? "" : `; ${lapses(next) ? "evidence runs out" : "next change"} ${formatDay(next)}, ${listed(next, 2)}`}`;
  };
  const grouped = (day) => {
    const groups = new Map();
    for (const change of changes.at.get(day)) {
      const id = becomes(change);
      if (!groups.has(id)) groups.set(id, new Set());
      groups.get(id).add(short(change.site));
    }
    return lives.categories.filter(({ id }) => groups.has(id)).map(({ id, label }) => `${label}: ${[...groups.get(id)].join(", ")}`).join(" · ");
  };
  const headline = (day) => {
    let text = "";
    for (const item of lives.headlines || []) if (item.from <= day) text = item.text; else break;
    return text;
  };

  /* ---- what follows the day: cheap, no layout is read */

  const draw = () => {
    const { day } = store.state;
    if (!lives || !scale || day === null) return;
    const at = x(day);
    hand.style.transform = `translate3d(${at}px,0,0)`;
    parts.elapsed.style.transform = `scaleX(${Math.max(0, (at - scale.left) / (scale.right - scale.left))})`;
    hand.setAttribute("aria-valuenow", day);
    hand.setAttribute("aria-valuetext", valueText(day));
    if (!typing) field.value = formatDay(day, "short");
    const here = told(day);
    section.classList.toggle("is-change", here.length > 0);
    section.classList.toggle("is-unsourced", day > lives.last_evidence);
    say(parts.now, here.length > 2 ? grouped(day) : here.join(" · "));
    parts.now.title = here.join("\n");
    const next = following(day);
    const who = here.length ? "" : ` · ${listed(next, phone.matches ? 1 : 3)}`;
    say(parts.upcoming, next === undefined ? "No later change" : `${lapses(next) ? "Evidence runs out" : "Next change"}: ${formatDay(next, phone.matches ? "short" : "long")}${who}`);
    parts.upcoming.disabled = next === undefined;
    for (const { node, from, to } of bands) node.classList.toggle("is-now", from <= day && day <= to);
    if (dragging) showBubble(day, at);
  };

  const drawPlay = () => {
    const { playing } = store.state;
    if (play.dataset.playing === String(playing)) return;
    play.dataset.playing = String(playing);
    play.setAttribute("aria-label", playing ? "Pause" : "Play");
    play.title = playing ? "Pause (space)" : "Play (space)";
    play.replaceChildren(icon(playing ? "pause" : "play"));
    section.classList.toggle("is-playing", playing);
  };

  /* ---- what does not: once per lives, width or selected site */

  const prepare = () => {
    lives = store.lives;
    const at = new Map();
    for (const change of lives.changes) {
      if (!at.has(change.day)) at.set(change.day, []);
      at.get(change.day).push(change);
    }
    changes = { at, days: [...at.keys()].sort((a, b) => a - b) };
    becomes = categoryFinder(lives);
    names = new Map(lives.sites.map((site) => [site.id, site.short || site.name]));
    hand.setAttribute("aria-valuemin", lives.first);
    hand.setAttribute("aria-valuemax", lives.last);
    section.classList.remove("is-loading");
    layOut();
  };

  const layOut = () => {
    const width = track.clientWidth;
    if (!lives || !width) return;
    const promised = lives.phases.flatMap((phase) => phase.promised.map((promise) => promise.day));
    const latest = Math.max(lives.last, ...promised.filter((day) => day <= lives.last + FUTURE_DAYS).map((day) => day + 8));
    scale = { from: lives.first, to: latest, left: 12, right: width - 12, width };
    const drawing = drawStill({ lives, changes, becomes, scale, x, compact: phone.matches, site: store.state.site });
    bands = drawing.bands;
    picture.replaceChildren(...drawing.nodes);
    picture.setAttribute("viewBox", `0 0 ${width} ${drawing.height}`);
    picture.setAttribute("width", width);
    picture.setAttribute("height", drawing.height);
    track.style.height = `${drawing.height}px`;
    section.style.setProperty("--axis", `${drawing.axis}px`);
    parts.elapsed.style.left = `${scale.left}px`;
    parts.elapsed.style.width = `${scale.right - scale.left}px`;
    say(parts.unsourced, lives.last_evidence < lives.last ? `no source after ${formatDay(lives.last_evidence)}` : "");
    parts.unsourced.title = lives.known_on ? "Of the reports that count under the chosen known-on date" : "No source speaks of a later day";
    parts.key.hidden = !drawing.promises;
    parts.unsourced.style.marginRight = `${Math.max(0, width - x(lives.last))}px`;
    draw();
  };

  /* ---- pointer */

  const snapped = (px) => {
    const day = dayAt(px);
    let best = day;
    let gap = SNAP_PX + 0.01;
    for (let at = above(changes.days, dayAt(px - SNAP_PX) - 1); at < changes.days.length; at += 1) {
      const distance = Math.abs(x(changes.days[at]) - px);
      if (x(changes.days[at]) > px + SNAP_PX) break;
      if (distance < gap) [best, gap] = [changes.days[at], distance];
    }
    return best;
  };

  const showBubble = (day, at) => {
    const lines = told(day);
    const rest = lines.length > 3 ? [`and ${lines.length - 3} more`] : [];
    const due = lives.phases.flatMap((phase) => phase.promised.filter((promise) => Math.abs(x(promise.day) - at) <= SNAP_PX)
      .map((promise) => promised(phase, promise)));
    const body = lines.length ? lines.slice(0, 3).concat(rest) : due.length ? [] : [headline(day)];
    bubble.replaceChildren(
      el("strong", { text: formatDay(day) }),
      ...body.filter(Boolean).map((text) => el("span", { text })),
      ...due.map((text) => el("span", { class: "ac-due", text })),
      ...(day > lives.last_evidence ? [el("span", { class: "ac-faint", text: `no source after ${formatDay(lives.last_evidence)}` })] : []),
    );
    bubble.hidden = false;
    const half = Math.min(170, scale.width / 2);
    bubble.style.transform = `translate3d(${Math.max(half, Math.min(scale.width - half, at))}px,0,0) translate(-50%,-100%)`;
  };
  const hidePreview = () => {
    ghost.hidden = true;
    if (!dragging) bubble.hidden = true;
  };
  const local = (event) => event.clientX - track.getBoundingClientRect().left;

  listen(track, "pointerdown", (event) => {
    if (!lives || event.button) return;
    event.preventDefault();
    const px = local(event);
    const onHand = event.target.closest(".ac-hand") !== null && Math.abs(px - x(store.state.day)) <= 14;
    dragging = { offset: onHand ? px - x(store.state.day) : 0, id: event.pointerId, moved: false };
    track.setPointerCapture(event.pointerId);
    section.classList.add("is-dragging");
    ghost.hidden = true;
    hand.focus({ preventScroll: true });
    if (store.state.playing) store.actions.pause();
    if (!onHand) store.set({ day: snapped(px) });
    else draw();
  });
  listen(track, "pointermove", (event) => {
    if (!lives || !scale) return;
    const px = local(event);
    if (dragging) {
      const day = dayAt(px - dragging.offset);
      if (day !== store.state.day) store.set({ day });
      return;
    }
    if (event.pointerType === "touch") return;
    const day = snapped(px);
    ghost.hidden = false;
    ghost.style.transform = `translate3d(${x(day)}px,0,0)`;
    showBubble(day, x(day));
  });
  const letGo = () => {
    if (!dragging) return;
    dragging = null;
    section.classList.remove("is-dragging");
    hidePreview();
  };
  listen(track, "pointerup", letGo);
  listen(track, "pointercancel", letGo);
  listen(track, "lostpointercapture", letGo);
  listen(track, "pointerleave", hidePreview);

  /* ---- the typed date */

  const complain = (text) => {
    say(wrong, text);
    wrong.hidden = !text;
    if (text) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  };
  const commit = () => {
    const iso = readDate(field.value, dayToIso(lives.today));
    if (!iso) return complain(`“${field.value.trim() || " "}” is no date. Write 2026-01-17, 17 Jan 2026, Jan 2026 or today.`);
    const day = isoToDay(iso);
    if (day < lives.first || day > lives.last) return complain(`The record runs from ${formatDay(lives.first, "short")} to ${formatDay(lives.last, "short")}.`);
    complain("");
    typing = false;
    if (store.state.playing) store.actions.pause();
    store.set({ day });
    draw();
    field.select();
    return undefined;
  };
  listen(field, "focus", () => field.select());
  listen(field, "input", () => { typing = true; complain(""); });
  listen(field, "keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    typing = false;
    complain("");
    draw();
    field.blur();
  });
  listen(field, "blur", () => {
    if (!typing) return complain("");
    const iso = readDate(field.value, dayToIso(lives.today));
    if (iso) return commit();
    typing = false; // the message stays for a moment: it explains why the old date is back
    draw();
    return setTimeout(() => { if (!typing) complain(""); }, 4000);
  });
  listen(parts.date, "submit", (event) => {
    event.preventDefault();
    if (lives) commit();
  });

  /* ---- the phone's sheet; the store's own listener does the other keys */

  listen(document, "keydown", (event) => {
    if (event.key !== "Escape" || parts.sheet.hidden) return;
    parts.openSheet(false);
    parts.more.focus();
    event.preventDefault(); // this Escape is used up: the selected site stays
  }, { capture: true });
  listen(document, "pointerdown", (event) => {
    if (!parts.sheet.hidden && !parts.sheet.contains(event.target) && !parts.more.contains(event.target)) parts.openSheet(false);
  });

  /* ---- playback */

  let frame = 0;
  const player = makePlayer({ lives: () => lives, days: () => changes.days, calm: () => calm.matches });
  const tick = (time) => {
    frame = 0;
    if (!store.state.playing || !lives) return;
    const day = player.advance(time, store.state.day);
    if (day !== store.state.day) store.set({ day });
    if (day >= lives.last) store.actions.pause();
    else frame = requestAnimationFrame(tick);
  };
  const syncPlayback = () => {
    if (!store.state.playing || frame || !lives) return;
    // From where the page opens or the evidence ends, play means the whole story, not its silent end.
    const { day } = store.state;
    if (day >= lives.last || day === lives.last_evidence || day === lives.default_day) store.set({ day: lives.first });
    player.restart();
    frame = requestAnimationFrame(tick);
  };

  const observer = new ResizeObserver(layOut);
  observer.observe(track);
  listen(phone, "change", layOut);

  const unsubscribe = store.subscribe((state, changed) => {
    if (changed.has("lives") && store.lives && store.lives !== lives) prepare();
    if (!lives) return;
    if (changed.has("site") && scale) layOut();
    else if (changed.has("day") || changed.has("lives")) draw();
    if (changed.has("playing")) {
      drawPlay();
      syncPlayback();
    }
  });

  return {
    stop() {
      gone.abort();
      observer.disconnect();
      unsubscribe();
      cancelAnimationFrame(frame);
    },
  };
}

/* ---------------------------------------------------------------------------------------------- playback */

/** Where playback stands, in two rhythms; pure but for the clock it is handed. */
export function makePlayer({ lives, days, calm }) {
  let before = null; // time of the last frame, in ms
  let shown = null; // the day last returned: another one on screen means somebody moved the date
  let place = null; // by change: { stop, part }; by time: { day }
  let rhythm = null;

  const stops = () => {
    const { first, last } = lives();
    return [...new Set([first, ...days().filter((day) => day > first && day < last), last])];
  };
  // Rest on the change first, then glide to the next: a reader needs a still picture to read.
  const glide = (part) => {
    const t = Math.max(0, (part - RESTING) / (1 - RESTING));
    return t * t * (3 - 2 * t);
  };
  const unglide = (done) => (done <= 0 ? 0 : RESTING + (1 - RESTING) * (0.5 - Math.sin(Math.asin(1 - 2 * done) / 3)));

  const locate = (day) => {
    if (tempo.rhythm === "time") return { day };
    const all = stops();
    const stop = Math.max(0, Math.min(all.length - 2, above(all, day) - 1));
    return { all, stop, part: unglide((day - all[stop]) / (all[stop + 1] - all[stop])) };
  };

  return {
    restart() {
      before = null;
      place = null;
    },
    /** The day to show at `time` (ms), given the day on screen. */
    advance(time, day) {
      const passed = before === null ? 0 : Math.min(LONGEST_FRAME_MS, time - before) / 1000;
      before = time;
      if (!place || day !== shown || rhythm !== tempo.rhythm) place = locate(day);
      rhythm = tempo.rhythm;
      const { first, last } = lives();
      if (rhythm === "time") {
        place.day = Math.min(last, place.day + ((last - first) / SECONDS_A_SPAN) * tempo.speed * passed);
        const stepped = calm() ? first + Math.floor(((place.day - first) / (last - first)) * SECONDS_A_SPAN) * ((last - first) / SECONDS_A_SPAN) : place.day;
        shown = place.day >= last ? last : Math.max(day, Math.floor(stepped));
        return shown;
      }
      const { all } = place;
      place.part += (passed / SECONDS_A_CHANGE) * tempo.speed;
      if (place.part >= 1 && place.stop < all.length - 2) {
        // One stop a frame at most, and still resting on it: on a slow machine too every change is painted.
        place.part = Math.min(place.part - 1, RESTING - 0.01);
        place.stop += 1;
      }
      const done = place.part >= 1 ? 1 : calm() ? 0 : glide(place.part);
      shown = Math.floor(all[place.stop] + done * (all[place.stop + 1] - all[place.stop]));
      if (calm()) shown = Math.max(shown, day);
      return shown;
    },
  };
}

/** Index of the first element greater than `value` in a sorted array. */
function above(sorted, value) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/* --------------------------------------------------------------------------------------- the still picture */

function drawStill({ lives, changes, becomes, scale, x, compact, site }) {
  const nodes = [];
  const axis = compact ? 25 : 36; // y of the axis; the ticks stand on it
  const years = axis + 16; // baseline of the years, clear of the handle's knob
  const phases = compact ? [] : placePhases(lives, scale, x);
  const depth = phases.reduce((most, phase) => Math.max(most, phase.row + 1), 1);
  const pitch = Math.min(16, BANDS_PX / depth);
  const rows = { top: years + 7, pitch, tall: Math.min(9, pitch - 3) };
  const height = compact ? years + 3 : rows.top + depth * rows.pitch;

  nodes.push(svg("defs", {},
    svg("pattern", { id: "atlas-clock-hatch", width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
      svg("line", { x1: 0, y1: 0, x2: 0, y2: 5, class: "ac-hatch" }))));

  const silent = x(lives.last_evidence);
  if (lives.last_evidence < lives.last) {
    const width = Math.max(0, x(lives.last) - silent);
    nodes.push(svg("rect", { class: "ac-silent", x: silent, y: 0, width, height: compact ? axis : height }),
      svg("rect", { x: silent, y: 0, width, height: compact ? axis : height, fill: "url(#atlas-clock-hatch)" }));
  }

  nodes.push(svg("line", { class: "ac-axis", x1: scale.left, x2: x(lives.last), y1: axis, y2: axis }));
  if (scale.to > lives.last) nodes.push(svg("line", { class: "ac-axis ac-future", x1: x(lives.last), x2: scale.right, y1: axis, y2: axis }));

  const firstYear = new Date(lives.first * 864e5).getUTCFullYear();
  const lastYear = new Date(lives.last * 864e5).getUTCFullYear();
  const room = (scale.right - scale.left) / (lastYear - firstYear + 1);
  const every = room < 36 ? 2 : 1;
  for (let year = firstYear; year <= lastYear; year += 1) {
    const day = Date.UTC(year, 0, 1) / 864e5;
    if (day < lives.first) continue;
    nodes.push(svg("line", { class: "ac-year", x1: x(day), x2: x(day), y1: axis, y2: axis + 4 }));
    if ((lastYear - year) % every === 0) {
      nodes.push(svg("text", { class: "ac-label", x: x(day), y: years, "text-anchor": x(day) < 24 ? "start" : "middle", text: compact ? `’${String(year).slice(2)}` : year }));
    }
  }

  nodes.push(...drawTicks({ lives, changes, becomes, x, axis, tallest: axis - (compact ? 6 : 8), site }));

  const bands = [];
  let promises = 0;
  for (const phase of phases) {
    const y = rows.top + phase.row * rows.pitch;
    const band = svg("rect", { class: "ac-band", x: phase.x0, y, width: Math.max(3, phase.x1 - phase.x0), height: rows.tall, rx: 2 });
    const label = svg("text", { class: "ac-label ac-phase", x: phase.labelX, y: y + rows.tall - 0.5, "text-anchor": phase.anchor, text: phase.label });
    const group = svg("g", {}, band, label);
    if (phase.open) group.append(svg("path", { class: "ac-open", d: `M${phase.x1 + 1.5} ${y + 1}l3 ${rows.tall / 2 - 1}l-3 ${rows.tall / 2 - 1}` }));
    const promisedTo = Math.max(phase.x1, ...phase.promised.filter((promise) => promise.day <= scale.to).map((promise) => x(promise.day)));
    if (promisedTo > phase.x1 && !phase.open) {
      group.append(svg("line", { class: "ac-early", x1: phase.x1 + 1, x2: promisedTo - 2, y1: y + rows.tall / 2, y2: y + rows.tall / 2 }));
    }
    nodes.push(group);
    bands.push({ node: group, from: phase.from, to: phase.to });
  }
  for (const phase of lives.phases) {
    const row = phases.find((other) => other.id === phase.id)?.row ?? 0;
    for (const promise of phase.promised) {
      if (promise.day > scale.to) continue;
      promises += 1;
      const y = rows.top + row * rows.pitch;
      const at = x(promise.day);
      // Above the axis and in the phase's own row, not through the words between.
      const d = `M${at} ${compact ? 6 : axis - 18}V${axis}${compact ? "" : `M${at} ${y - 3}V${y + rows.tall + 3}`}`;
      nodes.push(svg("path", { class: `ac-promise ${promise.primary ? "" : "is-rival"}`, d },
        svg("title", { text: promised(phase, promise) })));
    }
  }

  nodes.push(svg("line", { class: "ac-today", x1: x(lives.today), x2: x(lives.today), y1: compact ? 8 : 12, y2: axis + 4 }));
  if (!compact) nodes.push(svg("text", { class: "ac-label ac-todaylabel", x: Math.min(x(lives.today), scale.right), y: years, "text-anchor": "middle", text: "today" }));
  return { nodes, bands, height, axis, promises };
}

/** Stacked ticks: one path per category the site changed to, so that colour and height both tell. */
function drawTicks({ lives, changes, becomes, x, axis, tallest, site }) {
  const bins = new Map();
  let most = 1;
  for (const day of changes.days) {
    const bin = Math.round(x(day) / BIN_PX) * BIN_PX;
    if (!bins.has(bin)) bins.set(bin, []);
    const stack = bins.get(bin);
    for (const change of changes.at.get(day)) stack.push({ id: becomes(change), own: !site || change.site === site });
    most = Math.max(most, stack.length);
  }
  const order = new Map(lives.categories.map((category, at) => [category.id, at]));
  // One change is easy to see, the most crowded place as high as there is room; roots, so that a burst hides nothing.
  const tall = (count) => SINGLE_PX + (tallest - SINGLE_PX) * Math.sqrt((count - 1) / Math.max(4, most - 1));
  const paths = new Map();
  for (const [bin, stack] of bins) {
    const part = tall(stack.length) / stack.length;
    stack.sort((a, b) => order.get(a.id) - order.get(b.id));
    let y = axis - 1;
    for (const { id, own } of stack) {
      const key = `${id} ${own ? "" : "is-other"}`;
      paths.set(key, `${paths.get(key) || ""}M${bin - 1} ${(y - part).toFixed(1)}h2v${part.toFixed(1)}h-2z`);
      y -= part;
    }
  }
  return [...paths].map(([key, d]) => {
    const [id, other] = key.split(" ");
    return svg("path", { class: `ac-tick ${other}`, d, style: `fill:color-mix(in srgb, var(--c-${id.replace(/[^a-z-]/g, "")}, var(--ink)) 78%, var(--ink))` });
  });
}

/** A promise in words; the payload may have said "promised" already. */
function promised(phase, promise) {
  return `${phase.label}: ${/^promis/i.test(promise.text) ? "" : "promised "}${promise.text}`;
}

/** A function from a change to the category the site has from that day on. */
function categoryFinder(lives) {
  const spans = new Map(lives.sites.map((site) => [site.id, site.spans]));
  return (change) => spans.get(change.site)?.findLast((span) => span.from <= change.day)?.category ?? "not-sourced";
}

/** Give every phase a row in which neither its band nor its label runs into another's. */
function placePhases(lives, scale, x) {
  const ends = [];
  const sorted = lives.phases.filter((phase) => phase.from <= lives.last).sort((a, b) => a.from - b.from);
  return sorted.map((phase) => {
    const to = phase.to ?? lives.last;
    const x0 = Math.max(scale.left, x(phase.from));
    const x1 = Math.min(x(lives.last), x(to));
    const wide = phase.label.length * 5.6 + 8;
    const left = x0 - wide >= scale.left;
    const after = !left && x1 + wide <= scale.right;
    const from = left ? x0 - wide : x0;
    const until = after ? x1 + wide : x1 + 6;
    let row = 0;
    while ((ends[row] || []).some(([a, b]) => from < b && until > a)) row += 1;
    (ends[row] ||= []).push([from, until]);
    return {
      id: phase.id, label: phase.label, promised: phase.promised, from: phase.from, to, row, x0, x1, open: phase.to === null,
      labelX: left ? x0 - 6 : after ? x1 + 6 : x0 + 4, anchor: left ? "end" : "start",
    };
  });
}
