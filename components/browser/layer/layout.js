/**
 * Where everything goes on the map: marks at once, their names in the next frame, the quiet names after a rest.
 */

import { around, box, inside, overlap } from "./boxes.js";
import { linesOf } from "./geometry.js";
import { placeByWeight } from "./labels.js";

const LATER_MS = 120;

export function makeLayout(layer) {
  const { map, container, base } = layer;
  let frameRequest = 0;
  let yielding = 0;
  let labelled = [];
  let headline = 0; // how high the headline was when the names were placed

  function soon() {
    if (frameRequest) return;
    frameRequest = requestAnimationFrame(() => {
      frameRequest = 0;
      all();
    });
  }

  /** Let a new day be painted first: names that are about to be placed wait a moment longer. */
  function stepBack() {
    if (!frameRequest) return;
    cancelAnimationFrame(frameRequest);
    frameRequest = 0;
    later();
  }

  const later = () => setTimeout(() => layer.closed || soon(), LATER_MS);

  function all() {
    const room = marks();
    if (room) labels(room);
  }

  /** Put every mark in its place: cheap enough for the first frame. */
  function marks() {
    if (!layer.ready || !layer.lives || layer.closed || !layer.extent.opened) return null;
    base.drawEdges();
    const zoom = map.getZoom();
    layer.inset.decide(zoom);
    const size = map.getSize();
    const boxes = fixtures();
    const bounds = box(4, 4, size.x - 8, size.y - 8);
    const view = box(-20, -20, size.x + 40, size.y + 40);
    const frame = layer.inset.frame();
    if (frame) boxes.push(frame);
    const placed = layer.marks.place({ zoom, boxes, bounds, view });
    layer.showScale();
    return { zoom, boxes, bounds, view, frame, ...placed };
  }

  /** The names of the marks, the inset, and whatever else is written on the map where there is room left. */
  function labels({ zoom, spots, candidates, lines, glyphs, taken, boxes, bounds, view, frame }) {
    layer.inset.layout();
    const near = candidates.filter((spot) => inside(around(spot.x, spot.y, 1), view));
    near.sort((a, b) => layer.weight(a.site) - layer.weight(b.site));
    giveWay(null);
    for (const spot of candidates) spot.label.hidden = false; // all writes before the first read of a size
    const all = [...lines, ...layer.inset.callout()];
    const items = placeByWeight(layer, near, { glyphs, boxes, lines: all, bounds, dots: dashes(view) }, frame);
    for (const spot of candidates) if (!near.includes(spot)) spot.label.hidden = true;
    for (const item of items) item.put(item.place);
    labelled = near;
    const names = items.filter((item) => item.place).map((item) => item.place.area);
    layer.names.layout({ zoom, taken: [...boxes, ...(taken || glyphs), ...names], lines: all, bounds, spots });
  }

  /** Boxes on the map that labels keep clear of, relative to the map's own corner. */
  function fixtures() {
    const origin = container.getBoundingClientRect();
    headline = layer.headline.height();
    const written = layer.headline.lines().map((at) => box(at.left - origin.left - 4, at.top - origin.top - 1, at.width + 8, at.height + 2));
    const { narrow, legend, tools, scale, footnote, inset } = layer;
    const parts = [...layer.headline.parts(), tools, scale.node];
    if (!narrow) parts.push(legend.legend, footnote);
    if (!narrow && inset.shown) parts.push(inset.node);
    return written.concat(parts.filter((part) => part.isConnected && !part.hidden && part.offsetWidth).map((part) => {
      const at = part.getBoundingClientRect();
      const text = part === scale.node ? 14 : 0; // its number stands above its box
      return box(at.left - origin.left - 4, at.top - origin.top - 3 - text, at.width + 8, at.height + 6 + text);
    }));
  }

  /** The corners of the dashed regional line that are in sight, on screen. */
  function dashes(view) {
    return base.features("atlas-kr-boundary").flatMap((feature) => linesOf(feature.geometry).flat())
      .map(([lon, lat]) => map.latLngToContainerPoint([lat, lon]))
      .filter((dot) => dot.x > view.left && dot.x < view.right && dot.y > view.top && dot.y < view.bottom);
  }

  /** Give way once the frame is painted: to measure before would have the page laid out once more for every input. */
  function giveWaySoon(part) {
    clearTimeout(yielding);
    yielding = setTimeout(() => layer.closed || giveWay(part));
  }

  /** While it plays names keep their place; those under the line of the last change are not shown cut in two. */
  function giveWay(part) {
    const at = part && part.getBoundingClientRect();
    const under = labelled.map((spot) => Boolean(at) && overlap(at, spot.label.getBoundingClientRect()));
    labelled.forEach((spot, index) => spot.label.classList.toggle("is-under", under[index]));
  }

  /** True where a name is missing although one that is wanted less has found room, or the headline lies on one: the day has moved since. */
  function lag() {
    if (layer.headline.height() > headline) return true;
    const lines = layer.headline.lines();
    const names = lines.length ? labelled.filter((spot) => !spot.label.hidden).map((spot) => spot.label.getBoundingClientRect()) : [];
    if (names.some((name) => lines.some((line) => overlap(name, line)))) return true;
    const near = labelled.map((spot) => [layer.weight(spot.site), spot.label.hidden]);
    return near.some(([mine, missing]) => missing && near.some(([other, hidden]) => !hidden && other > mine));
  }

  return { soon, later, stepBack, all, marks, lag, giveWaySoon };
}
