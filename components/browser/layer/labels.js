/**
 * The names beside the marks: as many as have room, those that are wanted most first.
 */

import { HARD } from "./boxes.js";
import { placeFar, placeLabels } from "./placement.js";

const GAP_PX = 14;
const FARTHEST_PX = 56;

/** How much a site's name is wanted on the painted day: 0 most. A mark without a source comes last. */
export function weightOf(layer, site) {
  if (site.id === layer.selected) return 0;
  const look = layer.states.look(site.index);
  const category = look.category || "not-sourced";
  if (look.other && layer.states.compare !== null) return 0.5;
  if (category === "changing-hands") return 1;
  if (category.startsWith("coalition-")) return 2;
  // Among those without a source, the one that is most written about comes first.
  return category === "not-sourced" ? 4 + 1 / (1 + site.evidence.length) : 3;
}

/** What `placeLabels` needs to know of a mark's name, and how the name is put in its place. */
export function labelItem(layer, spot, reaches) {
  const { label } = spot;
  label.hidden = false;
  label.classList.remove("is-tight");
  const length = Math.hypot(spot.dx, spot.dy);
  const selected = spot.key === layer.selected;
  const gap = spot.gap ?? GAP_PX;
  const rank = layer.weight(spot.site);
  const far = rank < 1 ? [...reaches, FARTHEST_PX] : reaches; // what two days differ in should not go without a name
  return {
    key: spot.key, far, rank, anywhere: spot.surface === "inset", x: spot.x + spot.dx, y: spot.y + spot.dy, w: label.offsetWidth, h: label.offsetHeight,
    gap: selected ? GAP_PX + 6 : gap, away: length > 1 ? [spot.dx / length, spot.dy / length] : null, force: selected,
    tighten() {
      label.classList.add("is-tight");
      if (label.offsetWidth === this.w) return false;
      this.w = label.offsetWidth;
      this.h = label.offsetHeight;
      return true;
    },
    put(place) {
      label.hidden = !place;
      spot.tie = (place && place.hair) || null; // the towns' names keep off it
      spot.hairBox.style.display = spot.tie ? "" : "none";
      if (!place) return;
      if (spot.tie) {
        for (const [key, value] of Object.entries(spot.tie)) spot.hair.setAttribute(key, (value - (key[0] === "x" ? spot.x : spot.y)).toFixed(1));
      }
      label.style.transform = `translate(${(spot.dx + place.dx).toFixed(1)}px,${(spot.dy + place.dy).toFixed(1)}px)`;
      label.style.textAlign = place.align;
    },
  };
}

/** Place the names; where one that is wanted more has no seat and one that is wanted less has, try again with it first. */
export function placeByWeight(layer, near, room, frame) {
  const seats = new Map();
  const place = (first) => {
    const items = near.map((spot) => labelItem(layer, spot, layer.narrow ? [24, 34] : [24, 38]));
    for (const item of items) if (first.has(item.key)) item.force = true;
    if (frame) items.unshift(layer.inset.frameItem(frame));
    return placeLabels(items, { ...room, seats });
  };
  const lostRank = (items) => Math.min(Infinity, ...items.filter((item) => !item.place).map((item) => item.rank));
  let first = new Set();
  let items = place(first);
  for (let round = 0; round < 3; round += 1) {
    const rank = lostRank(items);
    const lost = items.find((item) => !item.place && item.rank === rank);
    if (!lost || !items.some((item) => item.place && item.rank > rank)) break;
    const more = new Set(first).add(lost.key);
    const next = place(more);
    if (lostRank(next) > rank && next.every((item) => !more.has(item.key) || item.place.base < HARD)) {
      items = next;
      first = more;
    } else {
      items = place(first); // the labels themselves remember how they were last broken into lines
      break;
    }
  }
  // Of a few sites none is without a name while there is room anywhere near it; of thousands only some can have theirs.
  if (layer.marks.kind === "dom") placeFar(items, room);
  return items;
}
