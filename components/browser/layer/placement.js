/**
 * Where the names of the marks go: each beside its mark, touching no other name, no mark and no box.
 */

import { GLYPH_PX, HARD, box, crosses, inside, overlap } from "./boxes.js";

// The seats far from a mark: how far, and in which directions, clockwise from its right.
const FAR_PX = [30, 40, 52, 66, 82, 100];
const FAR_TURNS = [0, 180, -25, 25, 205, 155, -50, 50, 230, 130, 90, 270, -70, 70, 250, 110];

/** Where a label may sit around its mark, best first: the left upper corner relative to the mark, and its alignment. */
function candidates(item) {
  const { w, h } = item;
  const g = item.gap;
  const slant = g * 0.62;
  // Farther away, with a thin line to the mark: for a crowd in which the near seats are taken.
  const far = (item.far || []).flatMap((reach) => [[1, -1], [1, 0.4], [-1, -1], [-1, 0.4], [0.4, 1], [-0.4, 1], [0.4, -1], [-0.4, -1], [1, 0], [-1, 0], [1, -0.5], [-1, -0.5]].map(([x, y]) => ({
    dx: x > 0 ? x * reach : x * reach - w, dy: y * reach - h / 2, align: x > 0 ? "start" : "end", cost: 6 + reach / 10, vx: 0, vy: 0, far: true,
  })));
  return [
    ...far,
    { dx: g, dy: -h / 2, align: "start", cost: 0, vx: 1, vy: 0 },
    { dx: -g - w, dy: -h / 2, align: "end", cost: 1, vx: -1, vy: 0 },
    { dx: slant, dy: -h - slant + 5, align: "start", cost: 2, vx: 0.7, vy: -0.7 },
    { dx: slant, dy: slant - 5, align: "start", cost: 2, vx: 0.7, vy: 0.7 },
    { dx: -slant - w, dy: -h - slant + 5, align: "end", cost: 2.6, vx: -0.7, vy: -0.7 },
    { dx: -slant - w, dy: slant - 5, align: "end", cost: 2.6, vx: -0.7, vy: 0.7 },
    { dx: -w / 2, dy: g - 1, align: "center", cost: 2.4, vx: 0, vy: 1 },
    { dx: -w / 2, dy: -g - h + 1, align: "center", cost: 2.8, vx: 0, vy: -1 },
    { dx: -w * 0.75, dy: -g - h + 1, align: "end", cost: 3.1, vx: -0.3, vy: -1 },
    { dx: -w * 0.25, dy: -g - h + 1, align: "start", cost: 3.1, vx: 0.3, vy: -1 },
    { dx: -w * 0.75, dy: g - 1, align: "end", cost: 3.1, vx: -0.3, vy: 1 },
    { dx: -w * 0.25, dy: g - 1, align: "start", cost: 3.1, vx: 0.3, vy: 1 },
    { dx: g - 2, dy: -h / 2 - 7, align: "start", cost: 1.2, vx: 0.9, vy: -0.4 },
    { dx: g - 2, dy: -h / 2 + 7, align: "start", cost: 1.2, vx: 0.9, vy: 0.4 },
    { dx: -g - w + 2, dy: -h / 2 - 7, align: "end", cost: 1.8, vx: -0.9, vy: -0.4 },
    { dx: -g - w + 2, dy: -h / 2 + 7, align: "end", cost: 1.8, vx: -0.9, vy: 0.4 },
  ];
}

/** True if the line from a mark to its name would run over another mark; over one that lies on its own it has to. */
function inTheWay(hair, other, item) {
  if (other.key === item.key || other.of === item.key) return false;
  return crosses(hair, other) && !(item.x > other.left && item.x < other.right && item.y > other.top && item.y < other.bottom);
}

/** True if a name in this seat would touch the other, or the line of one would run over the other. */
function clashes(one, other) {
  return overlap(one.grown, other.area) || Boolean(one.hair && crosses(one.hair, other.area)) || Boolean(other.hair && crosses(other.hair, one.area));
}

/** Find a seat for an item that has none by moving the one or two names in its way, or by dropping one that ranks lower. */
function makeWay(item, items, total) {
  const kept = items.map((other) => other.place);
  for (const seat of [...item.options].filter((one) => one.base < HARD).sort((a, b) => a.base - b.base)) {
    const blockers = items.filter((other) => other !== item && other.place && clashes(seat, other.place));
    if (blockers.length > 2) continue;
    item.place = seat;
    const free = blockers.every((other) => {
      const best = other.options.reduce((a, b) => (total(other, b) < total(other, a) ? b : a));
      const fits = total(other, best) < HARD;
      if (!fits && (other.force || !(other.rank > item.rank))) return false;
      other.place = fits ? best : null;
      return true;
    });
    if (free && total(item, seat) < HARD) return;
    items.forEach((other, at) => {
      other.place = kept[at];
    });
  }
}

const spanOf = (line) => ({
  left: Math.min(line.x1, line.x2), top: Math.min(line.y1, line.y2), right: Math.max(line.x1, line.x2), bottom: Math.max(line.y1, line.y2),
});

const side = (line, x, y) => (line.x2 - line.x1) * (y - line.y1) - (line.y2 - line.y1) * (x - line.x1);

/** True if two lines cross. */
function meet(a, b) {
  return side(a, b.x1, b.y1) * side(a, b.x2, b.y2) < 0 && side(b, a.x1, a.y1) * side(b, a.x2, a.y2) < 0;
}

/** The line from a mark to the nearest point of a label that stands away from it. */
export function hairline(item, area) {
  const x2 = Math.max(area.left, Math.min(area.right, item.x));
  const y2 = Math.max(area.top + 3, Math.min(area.bottom - 3, item.y));
  const length = Math.hypot(x2 - item.x, y2 - item.y) || 1;
  return { x1: item.x + ((x2 - item.x) / length) * GLYPH_PX, y1: item.y + ((y2 - item.y) / length) * GLYPH_PX, x2, y2 };
}

/**
 * Give every item a place where its label touches no other label, no glyph and no box; an item without one gets null.
 *
 * `glyphs` are the boxes of the marks, with their keys, or { near(area) } that finds them.
 * Items: { x, y, w, h, gap, away: [x, y] | null, force, anywhere }; one that is `anywhere` may get a seat of `placeFar`.
 * `lines` and `dots` (of the dashed line) are better not covered.
 * Deterministic: the same items give the same places. `seats` keeps the options of each key for another try in the same room.
 */
export function placeLabels(items, { glyphs, boxes, lines, bounds, dots = [], seats = new Map() }) {
  const pad = 1.5;
  const glyphsNear = Array.isArray(glyphs) ? () => glyphs : (area) => glyphs.near(area);
  for (const item of items) {
    item.options = seats.get(item.key) ?? candidates(item).map((one) => {
      const area = box(item.x + one.dx, item.y + one.dy, item.w, item.h);
      let cost = one.cost;
      if (item.away) cost += 1.6 * (1 - (one.vx * item.away[0] + one.vy * item.away[1]));
      const grown = box(area.left - pad, area.top - pad, item.w + 2 * pad, item.h + 2 * pad);
      const reach = box(area.left - 7, area.top - 4, item.w + 14, item.h + 8);
      for (const other of glyphsNear(reach)) {
        if (other.key === item.key) continue;
        if (overlap(grown, other)) cost += HARD;
        else if (overlap(reach, other)) cost += 3; // so near another mark that it could be taken for that one's
      }
      for (const other of boxes) if (overlap(grown, other)) cost += HARD;
      cost += Math.min(4, 0.8 * dots.filter((dot) => dot.x > grown.left && dot.x < grown.right && dot.y > grown.top && dot.y < grown.bottom).length);
      for (const line of lines) if (line.key !== item.key && crosses(line, area)) cost += 4;
      if (bounds && !inside(area, bounds)) cost += HARD;
      const hair = one.far ? hairline(item, area) : null;
      if (hair) {
        for (const other of glyphsNear(spanOf(hair))) if (inTheWay(hair, other, item)) cost += HARD;
        for (const line of lines) if (line.key !== item.key && meet(line, hair)) cost += 4;
      }
      return { ...one, area, grown, hair, base: cost };
    });
    seats.set(item.key, item.options);
    item.place = item.options.reduce((best, one) => (one.base < best.base ? one : best));
  }
  const total = (item, one) => {
    let cost = one.base;
    for (const other of items) if (other !== item && other.place && clashes(one, other.place)) cost += HARD;
    return cost;
  };
  const cheapest = (item, start) => {
    let [best, least] = [start, total(item, start)];
    for (const one of item.options) {
      const cost = one.base < least ? total(item, one) : Infinity; // clashes only add to it
      if (cost < least - 1e-9) [best, least] = [one, cost];
    }
    return best;
  };
  for (let round = 0; round < 8; round += 1) {
    let moved = false;
    for (const item of items) {
      const best = cheapest(item, item.place);
      if (best !== item.place) {
        item.place = best;
        moved = true;
      }
    }
    if (!moved) break;
  }
  // What still collides goes, the latest item first; a forced one stays and the others make room.
  for (const item of [...items].reverse()) {
    if (!item.force && total(item, item.place) >= HARD) item.place = null;
  }
  for (const item of items) {
    if (item.place) continue;
    const best = cheapest(item, item.options[0]);
    if (total(item, best) < HARD) item.place = best;
  }
  for (const item of items) if (!item.place) makeWay(item, items, total);
  // A long name broken into more lines may still fit.
  for (const item of items) {
    if (item.place || !item.tighten || !item.tighten()) continue;
    const beside = (others) => placeLabels([{ ...item, tighten: null, anywhere: false }], {
      glyphs, lines, bounds, boxes: [...boxes, ...others.filter((other) => other.place).map((other) => other.place.area)],
    })[0].place;
    item.place = beside(items);
    // If not, then in the room of a name that is wanted less.
    if (item.place) continue;
    item.place = beside(items.filter((other) => other.force || !(other.rank > item.rank)));
    if (!item.place) continue;
    for (const other of items) if (other !== item && other.place && clashes(item.place, other.place)) other.place = null;
  }
  placeFar(items.filter((item) => item.place || item.anywhere), { glyphs, boxes, lines, bounds });
  return items;
}

/**
 * Give each item that has no place a seat away from its mark, tied to it by a line; the nearest that is free.
 *
 * Nothing may touch the name or its line: no mark, no other name, no box and no other line. Where nothing is free the
 * item stays without a place.
 */
export function placeFar(items, { glyphs, boxes, lines, bounds }) {
  const glyphsNear = Array.isArray(glyphs) ? () => glyphs : (area) => glyphs.near(area);
  for (const item of items) {
    if (item.place) continue;
    const placed = items.filter((other) => other.place).map((other) => other.place);
    const taken = [...boxes, ...placed.map((place) => place.area)];
    const drawn = [...lines.filter((line) => line.key !== item.key), ...placed.flatMap((place) => place.hair || [])];
    const free = (seat) => (!bounds || inside(seat.grown, bounds))
      && !taken.some((other) => overlap(seat.grown, other) || crosses(seat.hair, other))
      && !glyphsNear(seat.grown).some((other) => other.key !== item.key && overlap(seat.grown, other))
      && !glyphsNear(spanOf(seat.hair)).some((other) => inTheWay(seat.hair, other, item))
      && !drawn.some((line) => crosses(line, seat.grown) || meet(line, seat.hair));
    item.place = farSeats(item).find(free) ?? null;
  }
}

/** Seats round a mark at growing distances, the nearest first: those beside it before those above and below. */
function farSeats(item) {
  const { x, y, w, h } = item;
  return FAR_PX.flatMap((reach) => FAR_TURNS.map((degrees) => {
    const [vx, vy] = [Math.cos((degrees / 180) * Math.PI), Math.sin((degrees / 180) * Math.PI)];
    const dx = vx * reach - (vx > 0.1 ? 0 : vx < -0.1 ? w : w / 2);
    const dy = vy * reach - h / 2 + (Math.abs(vx) > 0.1 ? 0 : Math.sign(vy) * (h / 2));
    const area = box(x + dx, y + dy, w, h);
    return { dx, dy, area, align: vx > 0.1 ? "start" : vx < -0.1 ? "end" : "center", far: true, grown: box(area.left - 3, area.top - 2, w + 6, h + 4), hair: hairline(item, area), base: 0 };
  }));
}
