/**
 * The marks on a canvas, for more sites than there could be elements; dom_marks.js does the same for few.
 *
 * A change of the day repaints only the neighbourhood of what has changed: of each mark that reaches into the box of a changed
 * one, the part that lies in it. All copies are whole pixels, so what is repainted in parts equals what is painted at once.
 * The selected site and the names are elements. Positions on the canvas are device pixels from its left upper corner.
 */

import { el } from "../text.js";
import { around, inside } from "./boxes.js";
import { metresToPixels } from "./geometry.js";
import { makeGrid } from "./grid.js";
import { STRIP, makeRaster } from "./raster.js";
import { coarse } from "./reader.js";
import { makeHair, makeSpot, nameSpot, paintSpot, pin, removeSpot, selectSpot, standAside } from "./spot.js";
import { makeSprites } from "./sprites.js";
import { APART, SAME } from "./states.js";

const MOST_NAMES = 60;
const FULL_PX = 10;                 // radius of a mark where there is room
const SIZES_PX = [1.9, 2.3, 2.8, 3.2, 3.8, 4.6, 5.6, 7, 8.4, FULL_PX];
const ROOM = 0.42;                  // radius of a mark as a share of the mean distance to the next
const PADDING = 0.15;               // how much more than the view the canvas holds, so that a pan shows no empty edge at once
const FINGER_PX = 16;
const MOUSE_PX = 3;
const WARM = 12;
const REST_MS = 300;                // what is out of sight is painted then, even if the page is never idle
const MOST_BOXES = 200;             // more of them take longer than all that is in sight, at 1,000 and at 10,000 sites
const RANKS = 3;                    // see sprites.js: what is known less is under what is known more
const ON_A_CIRCLE = 10;             // more sites at one place stand in a spiral

export function makeCanvasMarks(layer) {
  const { map, L, container, root, states } = layer;
  let count = 0;                    // placed sites, from north to south: where marks overlap, the southern one is on top
  let indexes = new Int32Array(0);  // the state index of each
  let order = new Int32Array(0);    // and the way back, -1 for sites without a position
  let worldX = new Float64Array(0); // position on the map at zoom 0
  let worldY = new Float64Array(0);
  let aside = null;                 // of sites at one place: how far each stands from it, in marks' radii, as pairs
  let x = new Int32Array(0);
  let y = new Int32Array(0);
  let vague = new Uint8Array(0);    // 1 where the disc of doubt belongs to the mark, since its ring would be too small
  let rings = new Uint8Array(0);    // 1 where it is a ring of its own, under the marks
  let drawn = [];                   // the sprite each mark shows; null where the inset shows the site
  let grid = null;
  let near = 1;                     // marks that have to be looked at for one that changed, on average
  let sprites = null;
  let spriteKey = "";
  let viewKey = "";
  let radius = FULL_PX;
  let density = 1;
  let reach = null;
  let surface = null;
  let rested = null;                // where the picture lies: { zoom, origin, min, size } of Leaflet's
  let canvas = null;
  let raster = null;
  let extent = [0, 0, 0, 0];        // the box of the raster in which marks can be: left, top, right, bottom
  let strips = [];                  // of each STRIP of rows, from the top: the first and the last mark that can reach into it
  let owing = false;                // of the raster only what is in sight is painted
  let moving = false;               // the map is being dragged or flies: what is out of sight now may be seen in the next frame
  let filtered = false;             // the rings were painted with some categories hidden
  let apart = new Uint8Array(0);    // 1 where the inset shows the site while it stands beside the map
  let under = null;                 // rings and lines to true places: they stay while the day moves
  let scratch = new Float64Array(256);
  let selected = null;              // the selected site's own mark, as elements
  let names = new Map();
  let hovered = -1;
  const halo = el("div", { class: "atlas-near" });
  halo.hidden = true;

  /* ------------------------------------------------------------------------------------------- surface */

  // Leaflet's base of its own renderers keeps a padded canvas under the map while it is dragged and zoomed.
  const Surface = L.Renderer.extend({
    _initContainer() {
      this._container = el("div", { class: "atlas-canvas" });
      under = el("canvas", { "aria-hidden": "true" });
      canvas = el("canvas", { role: "img" });
      this._container.append(under, canvas);
      raster = null;
    },
    _destroyContainer() {
      this._container.remove();
      delete this._container;
    },
    _update() {
      if (this._map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      L.DomUtil.setPosition(this._container, this._bounds.min);
      // While the map flies, its zoom runs ahead of the picture, which is scaled meanwhile: what is painted then still lies
      // where it lay when the map last rested.
      rested = { zoom: this._zoom, origin: this._map.getPixelOrigin().add(this._bounds.min), min: this._bounds.min, size: this._bounds.getSize() };
      draw();
    },
  });

  function adopt() {
    const placed = states.sites.filter((site) => site.placed).sort((a, b) => b.lat - a.lat || a.lon - b.lon || (a.id < b.id ? -1 : 1));
    count = placed.length;
    indexes = Int32Array.from(placed, (site) => site.index);
    order = new Int32Array(states.sites.length).fill(-1);
    indexes.forEach((index, at) => {
      order[index] = at;
    });
    worldX = new Float64Array(count);
    worldY = new Float64Array(count);
    x = new Int32Array(count);
    y = new Int32Array(count);
    vague = new Uint8Array(count);
    rings = new Uint8Array(count);
    apart = Uint8Array.from(placed, (site) => (site.inset ? 1 : 0));
    drawn = new Array(count).fill(null);
    placed.forEach((site, at) => {
      const point = map.options.crs.latLngToPoint(L.latLng(site.lat, site.lon), 0);
      worldX[at] = point.x;
      worldY[at] = point.y;
    });
    spread();
    viewKey = "";
    surface = new Surface({ pane: "atlas-canvas", padding: PADDING });
    surface.addTo(map);
    canvas.setAttribute("aria-label", `${count.toLocaleString("en")} sites drawn on the map. Search with the slash key, or take one from the table of sites.`);
    map.getPane("atlas-marks").append(halo);
    map.on("mousemove", onMove);
    map.on("mouseout", leaveMark);
    map.on("click", onClick);
    map.on("movestart zoomstart", onMoveStart);
    map.on("moveend", onMoveEnd);
  }

  /** Sites at exactly one place stand apart: a few on a circle round it, more in a spiral. In radii of a mark. */
  function spread() {
    aside = new Float32Array(2 * count);
    for (let from = 0; from < count;) {
      let to = from + 1;
      while (to < count && worldX[to] === worldX[from] && worldY[to] === worldY[from]) to += 1;
      const size = to - from;
      for (let at = from; size > 1 && at < to; at += 1) {
        const turn = at - from;
        const onCircle = size <= ON_A_CIRCLE;
        const angle = onCircle ? (turn / size) * 2 * Math.PI + Math.PI : turn * 2.39996;
        const far = onCircle ? Math.max(1.5, 1.12 / Math.sin(Math.PI / size)) : 1.3 * Math.sqrt(turn + 0.5);
        aside[2 * at] = far * Math.cos(angle);
        aside[2 * at + 1] = far * Math.sin(angle);
      }
      from = to;
    }
  }

  function readopt() {
    for (const spot of [...names.values(), ...(selected ? [selected] : [])]) spot.site = states.byId.get(spot.key);
    drawn.fill(null); // the same code may mean another look now
    spriteKey = "";
    viewKey = "";
  }

  function clear() {
    if (!surface) return;
    surface.remove();
    surface = null;
    rested = null;
    grid = null;
    map.off("mousemove", onMove);
    map.off("mouseout", leaveMark);
    map.off("click", onClick);
    map.off("movestart zoomstart", onMoveStart);
    map.off("moveend", onMoveEnd);
    leaveMark();
    halo.remove();
    for (const spot of names.values()) removeName(spot);
    names.clear();
    if (selected) removeSpot(selected);
    selected = null;
  }

  /* ----------------------------------------------------------------------------------------------- draw */

  /** Lay out and paint everything, unless the view is the one that is painted. */
  function draw() {
    if (!surface || !rested || !layer.ready || states.day === null) return;
    const { zoom, origin, size } = rested;
    density = window.devicePixelRatio || 1;
    const width = Math.round(size.x * density);
    const height = Math.round(size.y * density);
    const comparing = states.compare !== null;
    const key = [zoom, origin.x, origin.y, width, height, layer.inset.shown, comparing, states.ghost !== null, layer.laterFirst, root.dataset.theme].join(" ");
    if (key === viewKey) return;
    viewKey = key;
    for (const one of [canvas, under]) {
      if (one.width !== width || one.height !== height) {
        one.width = width;
        one.height = height;
        raster = null;
      }
      one.style.width = `${size.x}px`;
      one.style.height = `${size.y}px`;
    }
    raster ??= makeRaster(canvas);
    position(zoom, origin, width, height);
    arm(zoom, comparing);
    canvas.getContext("2d").clearRect(0, 0, width, height);
    measure();
    paintAll();
    paintUnder(zoom, origin);
  }

  /** Where each mark is, and how large marks can be so that the picture stays a map. */
  function position(zoom, origin, width, height) {
    const scale = 2 ** zoom;
    for (let at = 0; at < count; at += 1) {
      x[at] = Math.round((worldX[at] * scale - origin.x) * density);
      y[at] = Math.round((worldY[at] * scale - origin.y) * density);
    }
    grid = makeGrid(x, y, count, width, height);
    const apart = Math.sqrt(grid.area / Math.max(1, grid.count)) / density;
    radius = SIZES_PX.findLast((one) => one <= apart * ROOM) ?? SIZES_PX[0];
    if (grid.count < 40) radius = FULL_PX;
    let moved = false;
    for (let at = 0; at < count; at += 1) {
      if (!aside[2 * at] && !aside[2 * at + 1]) continue;
      x[at] += Math.round(aside[2 * at] * radius * density);
      y[at] += Math.round(aside[2 * at + 1] * radius * density);
      moved = true;
    }
    if (moved) grid = makeGrid(x, y, count, width, height);
  }

  /** Make ready the sprites of this size, density and theme, and give each mark its own. */
  function arm(zoom, comparing) {
    const key = [radius, density, root.dataset.theme, layer.laterFirst].join(" ");
    if (key !== spriteKey) {
      spriteKey = key;
      sprites = makeSprites(root, { radius, density, laterFirst: layer.laterFirst });
      prepare(sprites);
    }
    reach = sprites.reach(comparing, states.ghost !== null);
    const { sites } = states;
    for (let at = 0; at < count; at += 1) {
      const site = sites[indexes[at]];
      vague[at] = site.radius_m && metresToPixels(site.radius_m, site.lat, zoom) <= radius + 4 ? 1 : 0;
      rings[at] = site.radius_m && !vague[at] ? 1 : 0;
      dress(at);
    }
    const width = reach.left + reach.right;
    const height = reach.top + reach.bottom;
    near = 1 + (grid.count * 4 * width * height) / Math.max(1, grid.area);
  }

  /** Draw the marks other days will show while nobody waits for them. */
  function prepare(fresh, code = 0) {
    requestIdleCallback((time) => {
      if (sprites !== fresh || layer.closed || !raster) return;
      let next = code;
      for (; next < states.faces && time.timeRemaining() > 2; next += 1) for (const doubt of [false, true]) raster.list(fresh.sprite(next, doubt, states.decode));
      if (next < states.faces) prepare(fresh, next);
      else warm(fresh);
    });
  }

  /** Paint the same picture some times over, so that the first jump is as quick as the tenth. */
  function warm(fresh, turn = 0) {
    if (turn === WARM) return;
    requestIdleCallback(() => {
      if (sprites !== fresh || layer.closed || !grid || !raster) return;
      paintSight();
      warm(fresh, turn + 1);
    });
  }

  function dress(at) {
    drawn[at] = apart[at] && layer.inset.shown ? null : sprites.sprite(states.codes[indexes[at]], vague[at] === 1, states.decode);
  }

  function inSight(at) {
    return x[at] > -reach.right && y[at] > -reach.bottom && x[at] < canvas.width + reach.left && y[at] < canvas.height + reach.top;
  }

  /** Paint all marks in a box: those of a lower rank first, and of one rank from north to south. */
  function paintAll([left, top, right, bottom] = extent) {
    if (right <= left) return;
    for (let strip = Math.floor(top / STRIP); strip * STRIP < bottom; strip += 1) {
      const [first, last] = strips[strip];
      raster.begin(left, Math.max(top, strip * STRIP), right, Math.min(bottom, (strip + 1) * STRIP));
      for (let rank = 0; rank < RANKS; rank += 1) {
        for (let at = first; at <= last; at += 1) {
          const one = drawn[at];
          if (one && one.rank === rank) raster.lay(one, x[at] - one.left, y[at] - one.top);
        }
      }
      raster.show();
    }
  }

  /** Paint all marks that are in sight at once, and those beside them when nobody waits, or before the map moves. */
  function paintSight() {
    if (moving || map.getZoom() !== rested.zoom) {
      paintAll();
      return;
    }
    const corner = map.layerPointToContainerPoint(rested.min);
    const [left, top] = [-corner.x, -corner.y].map((side) => Math.floor(side * density));
    const size = map.getSize();
    const [right, bottom] = [left + Math.ceil(size.x * density) + 1, top + Math.ceil(size.y * density) + 1];
    paintAll([Math.max(extent[0], left), Math.max(extent[1], top), Math.min(extent[2], right), Math.min(extent[3], bottom)]);
    if (!owing) requestIdleCallback(paintRest, { timeout: REST_MS });
    owing = true;
  }

  function onMoveStart() {
    moving = true;
    paintRest();
  }

  function onMoveEnd() {
    moving = false;
  }

  function paintRest() {
    if (!owing) return;
    owing = false;
    if (surface && grid && !layer.closed) paintAll();
  }

  /** The box in which marks can be, on all of Iraq half of the picture, and which marks reach into each strip of it. */
  function measure() {
    const found = [raster.width, raster.height, 0, 0];
    strips = Array.from({ length: Math.ceil(raster.height / STRIP) }, () => [count, -1]);
    for (let at = 0; at < count; at += 1) {
      if (!inSight(at)) continue;
      const [top, bottom] = [Math.max(0, y[at] - reach.top), Math.min(raster.height, y[at] + reach.bottom)];
      found[0] = Math.min(found[0], x[at] - reach.left);
      found[1] = Math.min(found[1], top);
      found[2] = Math.max(found[2], x[at] + reach.right);
      found[3] = Math.max(found[3], bottom);
      for (let strip = Math.floor(top / STRIP); strip * STRIP < bottom; strip += 1) {
        strips[strip][0] = Math.min(strips[strip][0], at);
        strips[strip][1] = at;
      }
    }
    extent = [Math.max(0, found[0]), found[1], Math.min(raster.width, found[2]), found[3]];
  }

  /** Draw the marks of these sites anew, and whatever overlaps them. */
  function paint(changed) {
    if (!surface || !grid) {
      draw();
      return;
    }
    const before = viewKey;
    draw(); // comparing, or a ghost, has come or gone: marks reach farther then
    if (before !== viewKey) {
      repaintElements(changed);
      return;
    }
    const boxes = [];
    const most = changed.length * near > 2 * grid.count; // then boxes are not worth their making
    let ringed = false;
    for (const index of changed) {
      const at = order[index];
      if (at < 0) continue;
      const old = drawn[at];
      dress(at);
      if (!most && inSight(at)) boxes.push(boxAround(at, old, drawn[at]));
      if (rings[at] || aside[2 * at] || aside[2 * at + 1]) ringed = true;
    }
    if (most || boxes.length > MOST_BOXES || boxes.length * near > grid.count) paintSight();
    else for (const [left, top, right, bottom] of boxes) paintBox(left, top, right, bottom);
    if (ringed && (filtered || layer.store.state.off.length)) paintUnder(rested.zoom, rested.origin);
    repaintElements(changed);
  }

  /** What a mark covers with its old sprite and with its new one. */
  function boxAround(at, ...shown) {
    const found = [Infinity, Infinity, -Infinity, -Infinity];
    for (const one of shown) {
      if (!one) continue;
      const [left, top] = [x[at] - one.left, y[at] - one.top];
      found[0] = Math.min(found[0], left);
      found[1] = Math.min(found[1], top);
      found[2] = Math.max(found[2], left + one.width);
      found[3] = Math.max(found[3], top + one.height);
    }
    return found;
  }

  /** Paint one box anew: of every mark that reaches into it, the part that lies in it. */
  function paintBox(left, top, right, bottom) {
    left = Math.max(0, left);
    top = Math.max(0, top);
    right = Math.min(canvas.width, right);
    bottom = Math.min(canvas.height, bottom);
    if (right <= left) return;
    let found = 0;
    grid.each(left - reach.right, top - reach.bottom, right + reach.left, bottom + reach.top, (at) => {
      const one = drawn[at];
      if (!one) return;
      const x0 = x[at] - one.left;
      const y0 = y[at] - one.top;
      if (x0 >= right || y0 >= bottom || x0 + one.width <= left || y0 + one.height <= top) return;
      if (found === scratch.length) {
        const more = new Float64Array(2 * found);
        more.set(scratch);
        scratch = more;
      }
      scratch[found] = one.rank * count + at; // lower ranks first, then from north to south, as in paintAll
      found += 1;
    });
    const list = scratch.subarray(0, found).sort();
    for (let row = top; row < bottom; row += STRIP) {
      raster.begin(left, row, right, Math.min(bottom, row + STRIP));
      for (let place = 0; place < found; place += 1) {
        const at = list[place] % count;
        const one = drawn[at];
        raster.lay(one, x[at] - one.left, y[at] - one.top);
      }
      raster.show();
    }
  }

  /** Rings of approximate positions, and lines from marks that stand aside to their true place. */
  function paintUnder(zoom, origin) {
    filtered = layer.store.state.off.length > 0;
    const pen = under.getContext("2d");
    pen.clearRect(0, 0, under.width, under.height);
    const ink = getComputedStyle(root).getPropertyValue("--ink").trim() || "#222";
    const scale = 2 ** zoom;
    let any = false;
    pen.save();
    pen.fillStyle = pen.strokeStyle = ink;
    for (let at = 0; at < count; at += 1) {
      const site = states.sites[indexes[at]];
      const ring = rings[at] && drawn[at];
      const stands = drawn[at] && (aside[2 * at] || aside[2 * at + 1]);
      if (!ring && !stands) continue;
      const trueX = (worldX[at] * scale - origin.x) * density;
      const trueY = (worldY[at] * scale - origin.y) * density;
      const { hidden } = states.look(indexes[at]);
      const r = ring ? metresToPixels(site.radius_m, site.lat, zoom) * density : 0;
      if (trueX < -r - 99 || trueY < -r - 99 || trueX > under.width + r + 99 || trueY > under.height + r + 99) continue;
      any = true;
      if (ring && !hidden) {
        pen.beginPath();
        pen.arc(trueX, trueY, r, 0, 7);
        pen.globalAlpha = 0.04;
        pen.fill();
        pen.globalAlpha = 0.42;
        pen.lineWidth = density;
        pen.setLineDash([1.5 * density, 3.5 * density]);
        pen.stroke();
      }
      if (stands) {
        pen.setLineDash([]);
        pen.globalAlpha = hidden ? 0.2 : 0.6;
        pen.lineWidth = density;
        pen.beginPath();
        pen.moveTo(trueX, trueY);
        pen.lineTo(x[at], y[at]);
        pen.stroke();
        pen.beginPath();
        pen.arc(trueX, trueY, Math.min(2.2, 0.3 * radius) * density, 0, 7);
        pen.fill();
      }
    }
    pen.restore();
    under.style.display = any ? "" : "none";
  }

  /* ---------------------------------------------------------------------------- the elements on the canvas */

  function repaintElements(changed) {
    if (!names.size && !selected) return;
    for (const index of changed) {
      const spot = names.get(index);
      if (spot && !spot.label.hidden) dressName(spot, index); // a hidden one is dressed when it finds room
      if (selected && selected.site.index === index) paintSpot(layer, selected);
    }
  }

  /** The place of a site's mark in CSS pixels from the map's corner; `at` in the arrays. */
  function onScreen(at) {
    const corner = map.layerPointToContainerPoint(rested.min);
    return { x: corner.x + x[at] / density, y: corner.y + y[at] / density };
  }

  /** Put every mark in its place; returns what the labels need. */
  function place({ zoom, view }) {
    draw();
    if (!grid) return { spots: [], candidates: [], lines: [], glyphs: [], taken: [] };
    const corner = map.layerPointToContainerPoint(rested.min);
    const candidates = namesWanted(view, corner);
    const spots = [...candidates];
    if (selected) {
      placeSelected(zoom);
      spots.push(selected);
    }
    for (const spot of candidates) if (selected && spot.key === selected.key) spot.label.hidden = true;
    const labelled = [...(selected && selected.shown ? [selected] : []), ...candidates.filter((spot) => !selected || spot.key !== selected.key)];
    const boxes = grid.occupied().map((one) => ({
      left: corner.x + one.left / density, top: corner.y + one.top / density, right: corner.x + one.right / density, bottom: corner.y + one.bottom / density,
    }));
    return { spots: labelled, candidates: labelled, lines: [], glyphs: { near: (area) => glyphsNear(area, corner) }, taken: boxes };
  }

  /** The marks whose box touches an area on screen. */
  function glyphsNear(area, corner) {
    const found = [];
    const r = radius + 1;
    const comparing = states.compare !== null;
    const side = (layer.laterFirst ? 1 : -1) * radius * 2.2;
    const far = comparing ? r + 2.2 * radius : r;
    const toX = (value) => (value - corner.x) * density;
    const toY = (value) => (value - corner.y) * density;
    grid.each(toX(area.left - far), toY(area.top - r), toX(area.right + far), toY(area.bottom + r), (at) => {
      if (!drawn[at]) return;
      const key = states.sites[indexes[at]].id;
      const [px, py] = [corner.x + x[at] / density, corner.y + y[at] / density];
      found.push({ ...around(px, py, r), key });
      if (comparing && states.decode(states.codes[indexes[at]]).mode === APART) found.push({ ...around(px + side, py, r * 0.8), key: `${key} then`, of: key });
    });
    if (selected && selected.shown) found.push({ ...around(selected.x + selected.dx, selected.y + selected.dy, FULL_PX + 5), key: selected.key });
    return found;
  }

  /** The sites in sight whose names are wanted most, each with an element for its name. */
  function namesWanted(view, corner) {
    const weights = new Map();
    const inView = [];
    for (let at = 0; at < count; at += 1) {
      if (!drawn[at]) continue;
      const code = states.codes[indexes[at]];
      if (states.decode(code).hidden) continue;
      const px = corner.x + x[at] / density;
      const py = corner.y + y[at] / density;
      if (!inside(around(px, py, 1), view)) continue;
      if (!weights.has(code)) weights.set(code, layer.weight(states.sites[indexes[at]]));
      inView.push({ at, px, py, weight: weights.get(code), lot: Math.imul(at, 2654435761) >>> 0 });
    }
    if (inView.length > MOST_NAMES) {
      inView.sort((a, b) => a.weight - b.weight || a.lot - b.lot); // of equal ones some everywhere, not the northernmost
      inView.length = MOST_NAMES;
    }
    const kept = new Map();
    for (const { at, px, py } of inView) {
      const index = indexes[at];
      const spot = names.get(index) || makeName(states.sites[index]);
      names.delete(index);
      Object.assign(spot, { x: px, y: py, dx: 0, dy: 0, gap: radius + 4 });
      dressName(spot, index);
      const place = map.containerPointToLatLng([px, py]);
      spot.marker.setLatLng(place);
      spot.underMarker.setLatLng(place);
      kept.set(index, spot);
    }
    for (const spot of names.values()) removeName(spot);
    names = kept;
    return [...kept.values()];
  }

  /** A name follows its mark: grey without a source, quiet where two days show the same. */
  function dressName(spot, index) {
    const look = states.decode(states.codes[index]);
    const unsourced = look.category === "not-sourced";
    const same = look.mode === SAME;
    if (spot.unsourced !== unsourced) spot.root.classList.toggle("is-unsourced", unsourced);
    if (spot.same !== same) spot.root.classList.toggle("is-same", same);
    Object.assign(spot, { unsourced, same });
  }

  function makeName(site) {
    const spot = { site, key: site.id, dx: 0, dy: 0, x: 0, y: 0, ...makeHair() };
    spot.label = el("div", { class: "atlas-label", "aria-hidden": "true", text: site.short || site.name });
    spot.root = el("div", { class: "atlas-spot" }, spot.label);
    spot.under = el("div", { class: "atlas-spot atlas-spot-under" }, spot.hairBox);
    const place = [site.lat, site.lon];
    spot.marker = pin(L, place, "atlas-marks", spot.root).addTo(map);
    spot.underMarker = pin(L, place, "atlas-under", spot.under).addTo(map);
    L.DomEvent.disableClickPropagation(spot.label);
    const anchor = anchorOf(site.id);
    layer.tip.onHover(spot.label, anchor, (into) => layer.account.fillTip(spot.site, into));
    spot.label.addEventListener("click", (event) => choose(spot.site, event));
    return spot;
  }

  function removeName(spot) {
    spot.marker.remove();
    spot.underMarker.remove();
  }

  function placeSelected(zoom) {
    const { site } = selected;
    const at = order[site.index];
    selected.shown = !(layer.inset.shown && site.inset);
    selected.outer.style.display = selected.underOuter.style.display = selected.shown ? "" : "none";
    const point = map.latLngToContainerPoint([site.lat, site.lon]);
    const mine = onScreen(at);
    const stands = aside[2 * at] || aside[2 * at + 1];
    Object.assign(selected, { x: point.x, y: point.y, dx: stands ? mine.x - point.x : 0, dy: stands ? mine.y - point.y : 0 });
    selected.root.classList.toggle("is-small", metresToPixels(site.radius_m || 0, site.lat, zoom) <= FULL_PX + 4);
    standAside([selected]);
  }

  function select(site, is) {
    if (selected) removeSpot(selected);
    selected = null;
    if (!is || !site || !site.placed) return;
    selected = makeSpot(layer, site, "map");
    selected.leader.style.display = "none";
    if (states.day !== null) paintSpot(layer, selected);
    nameSpot(layer, selected);
    selectSpot(selected, true);
  }

  /* ------------------------------------------------------------------------------------------ hit testing */

  /** The site whose mark is at a place on screen, the topmost first; nothing hidden is hit. */
  function hit(point, slack) {
    if (!grid || !surface) return null;
    const corner = map.layerPointToContainerPoint(rested.min);
    const px = (point.x - corner.x) * density;
    const py = (point.y - corner.y) * density;
    const most = (radius + slack) * density;
    let best = null;
    grid.each(px - most, py - most, px + most, py + most, (at) => {
      const one = drawn[at];
      if (!one || states.decode(states.codes[indexes[at]]).hidden) return;
      const away = Math.hypot(x[at] - px, y[at] - py) / density;
      if (away > radius + slack) return;
      // Right under the pointer the topmost counts, beside it the nearest.
      const cost = away <= radius ? -(one.rank * count + at) - 1 : away;
      if (!best || cost < best.cost) best = { cost, at };
    });
    return best ? states.sites[indexes[best.at]] : null;
  }

  /** True for events of the bare map, not of what stands on it. */
  function bare(event) {
    const { target } = event.originalEvent;
    return target === container || (target.closest(".leaflet-map-pane") && !target.closest(".atlas-mark, .atlas-label, button"));
  }

  /** What the hover label holds on to: the mark's place on screen. */
  function anchorOf(id) {
    return {
      dataset: { site: id },
      getBoundingClientRect() {
        const at = onScreen(order[states.byId.get(id).index]);
        const corner = container.getBoundingClientRect();
        return new DOMRect(corner.left + at.x - radius, corner.top + at.y - radius, 2 * radius, 2 * radius);
      },
    };
  }

  let anchor = null;

  function onMove(event) {
    if (event.originalEvent.pointerType === "touch" || coarse.matches) return;
    const site = bare(event) ? hit(event.containerPoint, MOUSE_PX) : null;
    const index = site ? site.index : -1;
    if (index === hovered) return;
    leaveMark();
    if (!site) return;
    hovered = index;
    anchor = anchorOf(site.id);
    container.classList.add("is-over-mark");
    const at = order[index];
    const corner = rested.min;
    const r = radius + 3;
    halo.style.cssText = `left:${corner.x + x[at] / density - r}px;top:${corner.y + y[at] / density - r}px;width:${2 * r}px;height:${2 * r}px`;
    halo.hidden = false;
    layer.tip.show(anchor, (into) => layer.account.fillTip(states.byId.get(site.id) || site, into));
  }

  function leaveMark() {
    if (hovered < 0) return;
    hovered = -1;
    container.classList.remove("is-over-mark");
    halo.hidden = true;
    layer.tip.hide(anchor);
  }

  function onClick(event) {
    if (!bare(event)) return;
    const touch = event.originalEvent.pointerType === "touch" || coarse.matches;
    const site = hit(event.containerPoint, touch ? FINGER_PX : MOUSE_PX);
    if (site) choose(site, event.originalEvent);
  }

  function choose(site, event) {
    if (layer.store) layer.store.actions.select(site.id);
    if (event.pointerType === "touch" || coarse.matches) layer.card.show(site);
  }

  return {
    kind: "canvas", adopt, readopt, clear, paint, place, select, hit,
    get count() {
      return count;
    },
    names() {
      if (selected) nameSpot(layer, selected);
    },
    /** Where a ring that opens round a site is put, or null if it is out of sight. */
    pulseAt(site) {
      const at = order[site.index];
      if (at < 0 || !grid || !drawn[at] || !inSight(at)) return null;
      const corner = rested.min;
      return { parent: map.getPane("atlas-marks"), x: corner.x + x[at] / density, y: corner.y + y[at] / density, radius: radius + 6, inside: false };
    },
    /** Where a mark is in the frame, in CSS pixels, or null. */
    spotOf(site) {
      const at = site ? order[site.index] : -1;
      if (at < 0 || !grid || !drawn[at]) return null;
      const here = onScreen(at);
      const corner = container.getBoundingClientRect();
      return { x: corner.left + here.x, y: corner.top + here.y };
    },
    /** Paint everything anew, as after a switch of the theme. */
    redraw() {
      viewKey = "";
      spriteKey = "";
      draw();
    },
  };
}
