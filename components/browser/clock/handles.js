/**
 * The handles on the axis: B, the date shown, and A, the day it is compared with; by mouse, touch and keyboard.
 *
 * Everything here that follows a day moves by `transform` alone, so a date change is painted in the frame after the
 * input. x is in CSS pixels from the left edge of the track.
 */

import { formatDay } from "../store.js";
import { el } from "../text.js";
import { beside, firstSourced } from "./compare.js";
import { above } from "./changes.js";
import { promised } from "./words.js";

const SNAP_PX = 4;
const GRAB_PX = { mouse: 14, touch: 24 };
const EDGE_PX = 5; // where the arrow of a handle stands whose day the axis does not show
const BUBBLE_ROOM_PX = 6;
const MOST_LINES = 3;
const DAYS_A_YEAR = 365;
const KEYS = "Arrow keys move a day, with shift a change, page keys a year, home to the first day with a sourced state, end to the last day with evidence";

const NAMES = { a: "Compared with", b: "Date" };

const hand = (label, letter, description) => el("div", {
  class: `ac-hand is-${letter.toLowerCase()}`, role: "slider", tabindex: "0", "aria-label": label, "aria-orientation": "horizontal", "aria-description": description,
}, el("span", { class: "ac-knob" }, el("span", { class: "ac-knobletter", "aria-hidden": "true", text: letter })));

/** The elements, for the track. */
export function drawHandles() {
  return {
    range: el("div", { class: "ac-range", hidden: true }),
    elapsed: el("div", { class: "ac-elapsed" }),
    start: el("div", { class: "ac-start", hidden: true }),
    preview: el("div", { class: "ac-preview", hidden: true }),
    a: Object.assign(hand(NAMES.a, "A", `${KEYS}; escape stops comparing`), { hidden: true }),
    b: hand(NAMES.b, "B", KEYS),
    bubble: el("div", { class: "ac-bubble", hidden: true, "aria-hidden": "true" }),
  };
}

/** Make them work. `axis` knows where days lie, `told` holds lives, changes and words, `leave` stops comparing. */
export function moveHandles(parts, { store, axis, told, section, track, leave, listen }) {
  const { a, b, bubble, preview, range, elapsed, start } = parts;
  const keyOf = { a: "compare", b: "day" };
  let dragging = null; // { side, offset }

  const dayOf = (side) => store.state[keyOf[side]];
  const comparing = () => store.state.compare !== null;
  /** Move a handle; A never comes to lie on B. */
  const move = (side, target) => {
    if (side === "b") return store.set({ day: target });
    const day = beside(told.lives, target, store.state.compare, store.state.day);
    return day === null ? undefined : store.actions.setCompare(day);
  };

  /* ---- what follows the days: cheap, no layout is read */

  const put = (node, day) => {
    const { scale } = axis;
    const before = day < scale.from;
    const after = day > scale.to;
    const at = before ? EDGE_PX : after ? scale.width - EDGE_PX : scale.x(day);
    node.style.transform = `translate3d(${at}px,0,0)`;
    node.classList.toggle("is-before", before);
    node.classList.toggle("is-after", after);
    return Math.max(scale.left, Math.min(scale.right, at));
  };
  const stretch = (node, from, to) => {
    node.style.transform = `translate3d(${Math.min(from, to)}px,0,0) scaleX(${Math.abs(to - from)})`;
  };
  const speak = (node, day, text) => {
    node.setAttribute("aria-valuenow", day);
    node.setAttribute("aria-valuetext", text);
  };
  const draw = () => {
    const { day, compare, ghost, start: began } = store.state;
    if (!axis.scale || day === null) return;
    const { words } = told;
    const at = put(b, day);
    const with_ = comparing() ? `; compared with ${formatDay(compare)}` : "";
    speak(b, day, `${words.spoken(day)}${with_}`);
    a.hidden = range.hidden = !comparing();
    section.classList.toggle("is-comparing", comparing());
    let from = axis.scale.left;
    if (comparing()) {
      from = put(a, compare);
      speak(a, compare, words.spoken(compare));
      stretch(range, from, at);
    }
    stretch(elapsed, from, at);
    start.hidden = !ghost || began === null || !axis.scale.holds(began);
    if (!start.hidden) start.style.transform = `translate3d(${axis.scale.x(began)}px,0,0)`;
    for (const { node, from: first, to: last } of axis.bands) node.classList.toggle("is-now", first <= day && day <= last);
    if (dragging) showBubble(dayOf(dragging.side), dragging.side);
  };

  /* ---- what a click would show */

  const snapped = (px) => {
    const { days } = told.changes;
    const day = axis.dayAt(px);
    let best = day;
    let gap = SNAP_PX + 0.01;
    for (let at = above(days, axis.dayAt(px - SNAP_PX) - 1); at < days.length; at += 1) {
      const there = axis.scale.x(days[at]);
      if (there > px + SNAP_PX) break;
      if (Math.abs(there - px) < gap) [best, gap] = [days[at], Math.abs(there - px)];
    }
    return best;
  };
  const showBubble = (day, side, hint = "") => {
    const { lives, words } = told;
    const { scale } = axis;
    const inside = scale.holds(day);
    const at = inside ? scale.x(day) : day < scale.from ? EDGE_PX : scale.width - EDGE_PX;
    const lines = words.told(day, MOST_LINES);
    const due = lives.phases.flatMap((phase) => phase.promised
      .filter((promise) => inside && Math.abs(scale.x(promise.day) - at) <= SNAP_PX)
      .map((promise) => promised(phase, promise)));
    const body = lines.length ? lines : due.length ? [] : [words.headline(day)];
    bubble.replaceChildren(
      el("strong", {}, ...(comparing() ? [el("i", { class: `ac-letter is-${side}`, text: side.toUpperCase() }), el("em", { text: NAMES[side] })] : []), formatDay(day)),
      ...body.filter(Boolean).map((text) => el("span", { text })),
      ...[...new Set(due)].slice(0, 2).map((text) => el("span", { class: "ac-due", text })),
      ...(day > lives.last_evidence && day <= lives.last ? [el("span", { class: "ac-faint", text: "No source speaks of this day" })] : []),
      ...(hint ? [el("span", { class: "ac-faint", text: hint })] : []),
    );
    bubble.hidden = false;
    const half = bubble.offsetWidth / 2 + BUBBLE_ROOM_PX;
    bubble.style.transform = `translate3d(${Math.max(half, Math.min(scale.width - half, at))}px,0,0) translate(-50%,-100%)`;
  };
  const hidePreview = () => {
    preview.hidden = true;
    if (!dragging) bubble.hidden = true;
  };

  /* ---- pointer */

  const local = (event) => event.clientX - track.getBoundingClientRect().left;
  /** The handle at `px`, the nearer one where both are; null if none is. */
  const handleAt = (px, reach) => {
    const near = (comparing() ? ["b", "a"] : ["b"])
      .map((side) => ({ side, gap: Math.abs(px - axis.scale.x(dayOf(side))) }))
      .filter(({ side, gap }) => axis.scale.holds(dayOf(side)) && gap <= reach)
      .sort((one, two) => one.gap - two.gap);
    return near[0]?.side ?? null;
  };
  /** The handle whose arrow at the edge is under the pointer. */
  const arrowUnder = (event) => {
    const node = event.target.closest(".ac-hand");
    return node?.matches(".is-before, .is-after") ? (node === a ? "a" : "b") : null;
  };
  const reach = (event) => (event.pointerType === "touch" ? GRAB_PX.touch : GRAB_PX.mouse);

  listen(track, "pointerdown", (event) => {
    if (!told.lives || !axis.scale || event.button) return;
    event.preventDefault();
    if (arrowUnder(event)) {
      store.set({ axis: "all" });
      return;
    }
    const px = local(event);
    const side = handleAt(px, reach(event));
    dragging = { side: side ?? "b", offset: side ? px - axis.scale.x(dayOf(side)) : 0 };
    track.setPointerCapture(event.pointerId);
    section.classList.add("is-dragging");
    preview.hidden = true;
    parts[dragging.side].focus({ preventScroll: true });
    if (dragging.side === "b" && store.state.playing) store.actions.pause();
    if (side) draw();
    else store.set({ day: snapped(px) });
    showBubble(dayOf(dragging.side), dragging.side);
  });
  listen(track, "pointermove", (event) => {
    if (!told.lives || !axis.scale) return;
    const px = local(event);
    if (dragging) {
      const day = axis.dayAt(px - dragging.offset);
      if (day !== dayOf(dragging.side)) move(dragging.side, day);
      return;
    }
    if (event.pointerType === "touch") return;
    const away = arrowUnder(event);
    const side = away ?? handleAt(px, GRAB_PX.mouse);
    preview.hidden = side !== null;
    if (side) {
      showBubble(dayOf(side), side, away ? "Not on this part of the axis: a click shows all years" : "");
      return;
    }
    const day = snapped(px);
    preview.style.transform = `translate3d(${axis.scale.x(day)}px,0,0)`;
    showBubble(day, "b");
  });
  const letGo = () => {
    if (!dragging) return;
    dragging = null;
    section.classList.remove("is-dragging");
    hidePreview();
  };
  for (const type of ["pointerup", "pointercancel", "lostpointercapture"]) listen(track, type, letGo);
  listen(track, "pointerleave", hidePreview);

  /* ---- keyboard on A; the store's own listener does B's, wherever the focus is */

  listen(a, "keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !comparing()) return;
    const { lives, changes } = told;
    const at = store.state.compare;
    // A change on B's own day is passed over: A never lies on B.
    const change = (find) => {
      const day = find(at);
      return day === store.state.day ? find(day) : day;
    };
    const targets = {
      ArrowLeft: () => (event.shiftKey ? change(changes.before) : at - 1),
      ArrowRight: () => (event.shiftKey ? change(changes.after) : at + 1),
      ArrowDown: () => at - 1,
      ArrowUp: () => at + 1,
      PageUp: () => at - DAYS_A_YEAR,
      PageDown: () => at + DAYS_A_YEAR,
      Home: () => firstSourced(lives),
      End: () => lives.last_evidence,
    };
    if (event.key === "Escape") leave();
    else if (Object.hasOwn(targets, event.key)) {
      const target = targets[event.key]();
      if (target !== undefined) move("a", target);
    } else return;
    event.preventDefault(); // used up: neither the date nor the selected site follows this key
  });

  return {
    draw,
    bound(lives) {
      for (const node of [a, b]) {
        node.setAttribute("aria-valuemin", lives.first);
        node.setAttribute("aria-valuemax", lives.last);
      }
    },
  };
}
