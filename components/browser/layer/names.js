/**
 * The quiet names of the map: towns, the two parts of Iraq, countries; each only where there is room.
 */

import { el } from "../text.js";
import { around, box, crosses, inside, overlap } from "./boxes.js";
import { crossings } from "./geometry.js";
import { placeLabels } from "./placement.js";
import { pin } from "./spot.js";

const REST_MS = 90;
const MARKED_PX = 20;   // a town this near a mark is under it

export function makeNames(layer) {
  const { map, L, container, base } = layer;
  const towns = readTowns(layer.options.towns);
  const countries = (layer.options.countries || []).map((country) => ({ ...country, kind: "country" }));
  const areas = [
    { name: "Federal Iraq", rings: "atlas-regions-federal", kind: "area" },
    { name: "Kurdistan Region", rings: "atlas-regions-kurdistan", kind: "area" },
  ];
  let timer = 0;
  let laidOut = false;

  /** A word on the map in a pane of its own; made once, moved afterwards. */
  function write(entry, className) {
    if (entry.marker) return entry;
    entry.text = el("span", { text: entry.name });
    entry.node = el("div", { class: className }, entry.text);
    entry.marker = pin(L, entry.at || [33, 43], "atlas-names", entry.node).addTo(map);
    entry.marker.getElement().setAttribute("aria-hidden", "true");
    return entry;
  }

  /** Place all of them; while the reader zooms they wait for a rest. */
  function layout(room) {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (layer.closed) return;
      if (base.drawn) spread(room);
      laidOut = true;
    }, laidOut ? REST_MS : 0);
  }

  function spread(room) {
    const { zoom, bounds, taken, spots } = room;
    const lines = [...room.lines, ...spots.flatMap((spot) => spot.tie || [])];
    const boxes = [...taken];
    for (const town of towns) write(town, `atlas-town atlas-town-${town.rank}`).node.hidden = false;
    for (const area of areas) write(area, "atlas-country atlas-country-area").node.hidden = false;
    for (const country of countries) write(country, "atlas-country").node.hidden = false;
    // All sizes in one go, before anything is moved: reading them one by one lays the page out again each time.
    for (const entry of [...towns, ...areas, ...countries]) Object.assign(entry, { w: entry.text.offsetWidth, h: entry.text.offsetHeight });
    const finest = zoom < 6.2 ? 1 : zoom < 7.6 ? 2 : 3;
    const placeTowns = (least, most) => {
      for (const town of towns) if (town.rank >= least && town.rank <= most) placeTown(town, town.rank <= finest, { ...room, boxes, lines });
    };
    placeTowns(0, 1);
    for (const area of areas) area.lack = layer.narrow || !placeName(area, base.ringsNamed(area.rings), boxes, bounds, lines);
    // Both names or neither: one alone would say that the other part has no name.
    if (areas.some((area) => area.lack)) for (const area of areas) area.node.hidden = true;
    placeTowns(2, 9);
    if (!layer.narrow) {
      // The name of a country beside the date would read as part of the headline.
      const [at, origin] = [layer.headline.head.getBoundingClientRect(), container.getBoundingClientRect()];
      boxes.push(box(at.left - origin.left, at.top - origin.top, at.width + 12, at.height + 8));
    }
    for (const country of countries) placeName(country, base.ringsNamed("atlas-neighbours", country.at), boxes, bounds, lines);
  }

  function placeTown(town, wanted, { zoom, boxes, lines, bounds, spots }) {
    town.node.hidden = true;
    const at = map.latLngToContainerPoint(town.at);
    if (!wanted || !inside(around(at.x, at.y, 1), bounds)) return;
    const covered = boxes.some((one) => overlap(one, around(at.x, at.y, 3)));
    // Beside the mark that covers the town its name could be read as that of the site; a small map has no farther seat.
    const marked = layer.compact() && spots.some((spot) => Math.hypot(spot.x - at.x, spot.y - at.y) < MARKED_PX);
    if (covered && (town.rank > 1 || marked)) return;
    const twin = zoom < 8 && spots.some((spot) => plain(spot.site.short || "").startsWith(plain(town.name)) && Math.hypot(spot.x - at.x, spot.y - at.y) < 40);
    if (twin) return;
    const item = { key: town.name, x: at.x, y: at.y, w: town.w, h: town.h, gap: covered ? 16 : 5, away: null };
    placeLabels([item], { glyphs: [], boxes, lines, bounds });
    town.node.hidden = !item.place || item.place.base >= 4;
    if (town.node.hidden) return;
    town.node.classList.toggle("is-covered", covered);
    town.text.style.transform = `translate(${item.place.dx.toFixed(1)}px,${item.place.dy.toFixed(1)}px)`;
    boxes.push(item.place.area);
    if (!covered) boxes.push(around(at.x, at.y, 3));
  }

  /** Write a name where the visible part of its area has room for it; false if there is none. */
  function placeName(entry, rings, boxes, bounds, lines) {
    const { w, h } = entry;
    const step = 14;
    // On this projection a row of pixels is one latitude and a column one longitude: each row is cut once.
    const west = map.containerPointToLatLng([0, 0]).lng;
    const perPixel = (map.containerPointToLatLng([1000, 0]).lng - west) / 1000;
    const rowsCut = new Map();
    const has = (x, y) => {
      const row = Math.round(y);
      if (!rowsCut.has(row)) rowsCut.set(row, crossings(rings, map.containerPointToLatLng([0, row]).lat));
      const lon = west + x * perPixel;
      let odd = false;
      for (const cut of rowsCut.get(row)) if (cut > lon) odd = !odd;
      return odd;
    };
    const found = [];
    let sumX = 0;
    let sumY = 0;
    for (let y = bounds.top + step; y < bounds.bottom; y += step) {
      for (let x = bounds.left + step; x < bounds.right; x += step) {
        if (!has(x, y)) continue;
        found.push([x, y]);
        sumX += x;
        sumY += y;
      }
    }
    let best = null;
    const mid = [sumX / found.length, sumY / found.length];
    const margin = entry.kind === "area" ? 3 : 10;
    for (const [x, y] of found) {
      const area = box(x - w / 2, y - h / 2, w, h);
      const grown = box(area.left - margin, area.top - margin, w + 2 * margin, h + 2 * margin);
      if (!inside(grown, bounds) || boxes.some((one) => overlap(one, grown)) || lines.some((line) => crosses(line, grown))) continue;
      const corners = [[grown.left, grown.top], [grown.right, grown.top], [grown.left, grown.bottom], [grown.right, grown.bottom], [x, grown.top], [x, grown.bottom]];
      if (!corners.every(([cx, cy]) => has(cx, cy))) continue;
      const air = Math.min(90, ...boxes.map((one) => Math.max(one.left - area.right, area.left - one.right, one.top - area.bottom, area.top - one.bottom)));
      const score = Math.hypot(x - mid[0], (y - mid[1]) * 1.4) - 2 * air;
      if (!best || score < best.score) best = { score, x, y, area };
    }
    entry.node.hidden = !best;
    if (!best) return found.length < 15; // hardly any of it is in sight
    entry.marker.setLatLng(map.containerPointToLatLng([best.x, best.y]));
    entry.text.style.transform = `translate(${(-w / 2).toFixed(1)}px,${(-h / 2).toFixed(1)}px)`;
    boxes.push(best.area);
    return true;
  }

  return {
    layout,
    /** True once the names have been placed for the first time. */
    get laidOut() {
      return laidOut;
    },
  };
}

const plain = (text) => text.toLowerCase().replace(/[^a-z]/g, "");

function readTowns(data) {
  const features = Array.isArray(data) ? data : (data && data.features) || [];
  return features.map((feature) => (feature.geometry
    ? { name: feature.properties.name, rank: feature.properties.rank || 3, at: [...feature.geometry.coordinates].reverse() }
    : { ...feature, rank: feature.rank || 3 })).sort((a, b) => a.rank - b.rank);
}
