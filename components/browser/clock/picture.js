/**
 * The still picture of the axis: years, ticks, phases, promises, the time without sources.
 *
 * It depends on the lives, the width, the years shown and the selected site, never on the day, so it is drawn once for
 * each of these. x is in CSS pixels from the left edge of the track, y downwards from its top.
 */

import { svg } from "../text.js";
import { above } from "./changes.js";
import { promised } from "./words.js";
import { monthStart, yearOf } from "./years.js";

const BIN_PX = 3;
const SINGLE_PX = 10; // height of a tick for one change
const CROWDED_SINGLE_PX = 3; // the same where a bin may hold more changes than the eye can tell apart
const CROWD = 40;
const BANDS_PX = 48; // the room below the axis; many phases at once share it
const YEAR_ROOM_PX = 36; // a year's label needs so much
const MONTH_ROOM_PX = 30;
const YEAR_WITH_MONTHS_PX = 150; // below, the years alone are enough
const TODAY_ROOM_PX = 24;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Where days lie: { from, to } in days on { left, right } in px, with `x(day)` and its inverse. */
export function makeScale({ from, to }, { left, right, width }) {
  const perDay = (right - left) / (to - from);
  return {
    from, to, left, right, width, perDay,
    x: (day) => left + (day - from) * perDay,
    day: (px) => Math.round(from + (px - left) / perDay),
    holds: (day) => day >= from && day <= to,
  };
}

/** Draw everything; returns the nodes, the phase bands with their days, and the heights in px. */
export function drawPicture({ lives, changes, scale, compact, site }) {
  const { x, left, right } = scale;
  const within = (day) => Math.max(left, Math.min(right, x(day)));
  const nodes = [];
  const axis = compact ? 25 : 36; // y of the axis; the ticks stand on it
  const years = axis + 16; // baseline of the years, clear of the handle's knob
  const phases = compact ? [] : placePhases(lives, scale, within);
  const depth = phases.reduce((most, phase) => Math.max(most, phase.row + 1), 1);
  const pitch = Math.min(16, BANDS_PX / depth);
  const rows = { top: years + 7, pitch, tall: Math.min(9, pitch - 3) };
  const height = compact ? years + 3 : rows.top + depth * rows.pitch;

  nodes.push(svg("defs", {},
    svg("pattern", { id: "atlas-clock-hatch", width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
      svg("line", { x1: 0, y1: 0, x2: 0, y2: 5, class: "ac-hatch" }))));

  if (lives.last_evidence < lives.last && lives.last > scale.from) {
    const silent = within(lives.last_evidence);
    const box = { x: silent, y: 0, width: Math.max(0, within(lives.last) - silent), height: compact ? axis : height };
    nodes.push(svg("rect", { class: "ac-silent", ...box }), svg("rect", { ...box, fill: "url(#atlas-clock-hatch)" }));
  }

  nodes.push(svg("line", { class: "ac-axis", x1: left, x2: within(lives.last), y1: axis, y2: axis }));
  if (scale.from > lives.first) nodes.push(svg("line", { class: "ac-axis ac-before", x1: 0, x2: left, y1: axis, y2: axis }));
  if (scale.to > lives.last) nodes.push(svg("line", { class: "ac-axis ac-future", x1: within(lives.last), x2: right, y1: axis, y2: axis }));
  nodes.push(...drawYears({ lives, scale, axis, baseline: years, compact }));
  nodes.push(...drawTicks({ lives, changes, scale, axis, tallest: axis - (compact ? 6 : 8), site }));

  const bands = [];
  for (const phase of phases) {
    const y = rows.top + phase.row * rows.pitch;
    const band = svg("rect", { class: "ac-band", x: phase.x0, y, width: Math.max(3, phase.x1 - phase.x0), height: rows.tall, rx: 2 });
    const label = svg("text", { class: "ac-label ac-phase", x: phase.labelX, y: y + rows.tall - 0.5, "text-anchor": phase.anchor, text: phase.label });
    const group = svg("g", {}, band, label);
    if (phase.open) group.append(svg("path", { class: "ac-open", d: `M${phase.x1 + 1.5} ${y + 1}l3 ${rows.tall / 2 - 1}l-3 ${rows.tall / 2 - 1}` }));
    const promisedTo = Math.max(phase.x1, ...phase.promised.filter((promise) => promise.day <= scale.to).map((promise) => within(promise.day)));
    if (promisedTo > phase.x1 && !phase.open) {
      group.append(svg("line", { class: "ac-early", x1: phase.x1 + 1, x2: promisedTo - 2, y1: y + rows.tall / 2, y2: y + rows.tall / 2 }));
    }
    nodes.push(group);
    bands.push({ node: group, from: phase.from, to: phase.to });
  }

  let promises = 0;
  for (const phase of lives.phases) {
    const row = phases.find((other) => other.id === phase.id)?.row ?? 0;
    for (const promise of phase.promised) {
      if (!scale.holds(promise.day)) continue;
      promises += 1;
      const y = rows.top + row * rows.pitch;
      const at = x(promise.day);
      // Above the axis and in the phase's own row, not through the words between.
      const d = `M${at} ${compact ? 6 : axis - 18}V${axis}${compact ? "" : `M${at} ${y - 3}V${y + rows.tall + 3}`}`;
      nodes.push(svg("path", { class: `ac-promise ${promise.primary ? "" : "is-rival"}`, d }, svg("title", { text: promised(phase, promise) })));
    }
  }

  if (scale.holds(lives.today)) {
    nodes.push(svg("line", { class: "ac-today", x1: x(lives.today), x2: x(lives.today), y1: compact ? 8 : 12, y2: axis + 4 }));
    if (!compact) nodes.push(svg("text", { class: "ac-label ac-todaylabel", x: Math.min(x(lives.today), right), y: years, "text-anchor": "middle", text: "today" }));
  }
  return { nodes, bands, height, axis, promises };
}

/** Years, and months between them where there is room. */
function drawYears({ lives, scale, axis, baseline, compact }) {
  const nodes = [];
  const roomOfMonth = (365.25 / 12) * scale.perDay;
  // Months from label to label; 12 where only the years are named.
  const every = roomOfMonth * 12 < YEAR_WITH_MONTHS_PX ? 12 : [1, 3, 6].find((months) => roomOfMonth * months >= MONTH_ROOM_PX) ?? 12;
  const skip = 365.25 * scale.perDay < YEAR_ROOM_PX ? 2 : 1; // years from label to label
  const today = compact ? null : scale.x(lives.today);
  const last = yearOf(scale.to);
  for (let year = yearOf(scale.from); year <= last; year += 1) {
    for (let month = 0; month < 12; month += every) {
      const day = monthStart(year, month);
      if (day < scale.from || day > Math.min(scale.to, lives.last) || day < lives.first) continue;
      const at = scale.x(day);
      const january = month === 0;
      nodes.push(svg("line", { class: `ac-year ${january ? "" : "is-month"}`, x1: at, x2: at, y1: axis, y2: axis + (january ? 4 : 3) }));
      if (january && (last - year) % skip) continue;
      if (!january && today !== null && Math.abs(at - today) < TODAY_ROOM_PX) continue;
      const text = !january ? MONTHS[month] : compact ? `’${String(year).slice(2)}` : year;
      nodes.push(svg("text", { class: `ac-label ${january && every < 12 ? "is-year" : ""}`, x: at, y: baseline, "text-anchor": at < 24 ? "start" : "middle", text }));
    }
  }
  return nodes;
}

const tenth = (px) => Math.round(px * 10) / 10;

/**
 * Stacked ticks: one path per category the site changed to, so that colour and height both tell. Where changes crowd the
 * ticks grow in height and width until they touch; with a site selected its own stand in front, the others fade.
 */
function drawTicks({ lives, changes, scale, axis, tallest, site }) {
  const { days, counts, kinds } = changes;
  const own = site ? changes.countsOf(site) : counts;
  const bins = Math.ceil(scale.width / BIN_PX) + 1;
  const mine = new Uint32Array(bins * kinds);
  const others = new Uint32Array(bins * kinds);
  const totals = new Uint32Array(bins);
  let most = 1;
  for (let place = above(days, scale.from - 1); place < days.length && days[place] <= scale.to; place += 1) {
    const bin = Math.round(scale.x(days[place]) / BIN_PX);
    for (let kind = 0; kind < kinds; kind += 1) {
      const count = counts[place * kinds + kind];
      if (!count) continue;
      const its = Math.min(count, own[place * kinds + kind]);
      mine[bin * kinds + kind] += its;
      others[bin * kinds + kind] += count - its;
      totals[bin] += count;
    }
    most = Math.max(most, totals[bin]);
  }
  // One change is easy to see, the most crowded place as high as there is room; roots, so that a burst hides nothing.
  const single = most > CROWD ? CROWDED_SINGLE_PX : SINGLE_PX;
  const tall = (count) => single + (tallest - single) * Math.sqrt((count - 1) / Math.max(4, most - 1));
  const paths = Array.from({ length: kinds * 2 }, () => []);
  for (let bin = 0; bin < bins; bin += 1) {
    if (!totals[bin]) continue;
    const part = tall(totals[bin]) / totals[bin];
    const wide = Math.min(BIN_PX, 2 + 0.35 * Math.log2(totals[bin]));
    let y = axis - 1;
    let low = axis - 1;
    let held = 0;
    for (let kind = 0; kind < kinds; kind += 1) held += mine[bin * kinds + kind];
    // The few of one site would drown in a crowd: they keep the height of single changes, in front of the others.
    const ownPart = site ? Math.max(part, Math.min(SINGLE_PX, tallest / held)) : part;
    for (const [side, stack, each] of [[0, mine, ownPart], [1, others, part]]) {
      for (let kind = 0; kind < kinds; kind += 1) {
        const count = stack[bin * kinds + kind];
        if (!count) continue;
        const high = each * count;
        const at = side ? y : low;
        paths[side * kinds + kind].push(`M${tenth(bin * BIN_PX - wide / 2)} ${tenth(at - high)}h${tenth(wide)}v${tenth(high)}h-${tenth(wide)}z`);
        low -= side ? 0 : high;
        y -= part * count;
      }
    }
  }
  const drawn = paths.map((parts, at) => {
    if (!parts.length) return null;
    const id = lives.categories[at % kinds].id.replace(/[^a-z-]/g, "");
    return svg("path", {
      class: `ac-tick ${at < kinds ? "" : "is-other"}`, d: parts.join(""),
      style: `fill:color-mix(in srgb, var(--c-${id}, var(--ink)) 78%, var(--ink))`,
    });
  });
  return [...drawn.slice(kinds), ...drawn.slice(0, kinds)].filter(Boolean);
}

/** Give every phase in sight a row in which neither its band nor its label runs into another's. */
function placePhases(lives, scale, within) {
  const ends = [];
  const shown = lives.phases
    .filter((phase) => phase.from <= Math.min(lives.last, scale.to) && (phase.to ?? lives.last) >= scale.from)
    .sort((a, b) => a.from - b.from);
  return shown.map((phase) => {
    const to = phase.to ?? lives.last;
    const x0 = within(phase.from);
    const x1 = Math.min(within(lives.last), within(to));
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
