/**
 * The marks on the map as elements, for up to some 150 sites: each can be focused, and says what it is.
 *
 * canvas_marks.js does the same for more; both have the functions that are returned at the end.
 */

import { GLYPH_PX, around } from "./boxes.js";
import { fanOut } from "./fan_out.js";
import { metresToPixels } from "./geometry.js";
import { makeSpot, nameSpot, paintSpot, removeSpot, selectSpot, standAside } from "./spot.js";
import { APART } from "./states.js";

const THEN_PX = 22;

export function makeDomMarks(layer) {
  const { map, L, states } = layer;
  let spots = [];
  let fanned = "";
  const byIndex = new Map();

  function adopt() {
    for (const site of states.sites) {
      if (!site.placed) continue;
      const spot = makeSpot(layer, site, "map");
      if (site.radius_m) {
        spot.ring = L.circle([site.lat, site.lon], { radius: site.radius_m, pane: "atlas-under", className: "atlas-ring", interactive: false }).addTo(map);
      }
      spots.push(spot);
      byIndex.set(site.index, spot);
    }
  }

  /** Go on with the same marks after a payload that differs in what it says, not in its sites. */
  function readopt() {
    byIndex.clear();
    for (const spot of spots) {
      spot.site = states.byId.get(spot.key);
      byIndex.set(spot.site.index, spot);
    }
  }

  function clear() {
    for (const spot of spots) {
      removeSpot(spot);
      if (spot.ring) spot.ring.remove();
    }
    spots = [];
    fanned = "";
    byIndex.clear();
  }

  /** Draw the marks of these sites anew. */
  function paint(changed) {
    for (const index of changed) {
      const spot = byIndex.get(index);
      if (!spot) continue;
      paintSpot(layer, spot);
      paintRing(spot);
    }
  }

  /** A ring is shown where it is larger than its glyph and its site is neither hidden nor in the inset. */
  function paintRing(spot) {
    const path = spot.ring && spot.ring.getElement();
    if (path) path.style.display = spot.ringFits && !states.look(spot.site.index).hidden ? "" : "none";
  }

  /** Put every mark in its place; returns what the labels need: the marks, what they cover, and their lines. */
  function place({ zoom, boxes, bounds }) {
    const shown = [];
    for (const spot of spots) {
      const { site } = spot;
      spot.shown = !(layer.inset.shown && site.inset);
      spot.outer.style.display = spot.underOuter.style.display = spot.shown ? "" : "none";
      const pixels = metresToPixels(site.radius_m || 0, site.lat, zoom);
      spot.ringFits = spot.shown && pixels > GLYPH_PX + 4;
      paintRing(spot);
      spot.root.classList.toggle("is-small", pixels <= GLYPH_PX + 4);
      if (!spot.shown) continue;
      const at = map.latLngToContainerPoint([site.lat, site.lon]);
      shown.push(Object.assign(spot, { x: at.x, y: at.y }));
    }
    const room = { apart: layer.narrow ? 20.5 : 22, boxes, bounds, beside: states.compare === null ? 0 : thenSide(layer) };
    // The same places in the same room stand as they did: most layouts follow a new day, which moves no mark.
    const now = JSON.stringify([room, shown.map((spot) => [spot.key, spot.x, spot.y])]);
    if (now !== fanned) fanOut(shown, room);
    fanned = now;
    const lines = standAside(shown);
    return { spots: shown, candidates: shown, lines, glyphs: glyphBoxes(layer, shown) };
  }

  return {
    kind: "dom", adopt, readopt, clear, paint, place,
    /** How many marks are made. */
    get count() {
      return spots.length;
    },
    select(site, is) {
      const spot = site && byIndex.get(site.index);
      if (spot) selectSpot(spot, is);
    },
    /** Bring what a screen reader says up to date. */
    names() {
      for (const spot of spots) nameSpot(layer, spot);
    },
    /** Where a ring that opens round a site is put: { parent, x, y }, or null. */
    pulseAt(site) {
      const spot = byIndex.get(site.index);
      return spot && spot.shown ? { parent: spot.mark, inside: true } : null;
    },
    /** Where a mark is in the frame, in CSS pixels, or null. */
    spotOf(site) {
      const spot = site && byIndex.get(site.index);
      if (!spot || !spot.shown) return null;
      const at = spot.mark.getBoundingClientRect();
      return { x: at.left + at.width / 2, y: at.top + at.height / 2 };
    },
    redraw() {},
  };
}

/** How far to the right of a mark what it was on another day is drawn. */
const thenSide = (layer) => (layer.laterFirst ? THEN_PX : -THEN_PX);

/** What the marks cover; one that stands beside what it was on another day covers more. */
export function glyphBoxes(layer, spots) {
  const found = [];
  for (const spot of spots) {
    const [x, y] = [spot.x + spot.dx, spot.y + spot.dy];
    found.push({ ...around(x, y, GLYPH_PX + 1), key: spot.key });
    if (layer.states.compare !== null && layer.states.look(spot.site.index).mode === APART) {
      found.push({ ...around(x + thenSide(layer), y, GLYPH_PX - 1), key: `${spot.key} then`, of: spot.key });
    }
  }
  return found;
}
