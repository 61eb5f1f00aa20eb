/**
 * The inset of the Baghdad area, the frame on the map that shows where it is, and the line between the two.
 */

import { el, say, svg } from "../text.js";
import { GLYPH_PX, box } from "./boxes.js";
import { fanOut } from "./fan_out.js";
import { linesOf, metresToPixels } from "./geometry.js";
import { glyphBoxes } from "./dom_marks.js";
import { labelItem } from "./labels.js";
import { placeLabels } from "./placement.js";
import { calm } from "./reader.js";
import { makeScaleBar } from "./scale_bar.js";
import { makeSpot, nameSpot, paintSpot, pin, removeSpot, selectSpot, standAside } from "./spot.js";
import { plural } from "./words.js";

const UNTIL_ZOOM = 8.2;      // beyond it the sites near each other are readable on the map itself
const MOST_SITES = 40;       // more would not be readable in the inset either

export function makeInset(layer) {
  const { map, L, container, states, base } = layer;
  const drawing = svg("svg", { class: "atlas-inset-base", "aria-hidden": "true" });
  const under = el("div", { class: "atlas-inset-layer" });
  const marks = el("div", { class: "atlas-inset-layer" });
  const title = el("div", { class: "atlas-inset-title", text: "Baghdad area" });
  const scale = makeScaleBar("atlas-scale atlas-inset-scale");
  const node = el("section", { class: "atlas-inset", "aria-label": "Baghdad area, enlarged" }, drawing, under, marks, title, scale.node);
  const calloutLines = [];
  const byIndex = new Map();
  let spots = [];
  let shown = false;
  let drawn = "";
  let frameShape = null;
  let frameLabel = null;
  let frameMarker = null;

  function adopt() {
    const wanted = states.sites.filter((site) => site.inset && site.placed);
    if (wanted.length > MOST_SITES) return;
    spots = wanted.map((site) => {
      const spot = makeSpot(layer, site, "inset");
      under.append(spot.under);
      marks.append(spot.root);
      byIndex.set(site.index, spot);
      return spot;
    });
  }

  function readopt() {
    byIndex.clear();
    for (const spot of spots) {
      spot.site = states.byId.get(spot.key);
      byIndex.set(spot.site.index, spot);
    }
  }

  function clear() {
    for (const spot of spots) removeSpot(spot);
    spots = [];
    byIndex.clear();
    drawn = "";
  }

  function paint(changed) {
    if (!spots.length) return;
    for (const index of changed) if (byIndex.has(index)) paintSpot(layer, byIndex.get(index));
  }

  /** Decide whether the inset stands beside the map at this zoom. */
  function decide(zoom) {
    shown = spots.length > 1 && zoom < UNTIL_ZOOM;
    node.hidden = layer.narrow ? spots.length < 2 : !shown;
  }

  /** The frame on the map round what the inset shows, in pixels, or null. */
  function frame() {
    if (!shown) {
      if (frameShape) frameShape.remove();
      if (frameMarker) frameMarker.remove();
      for (const line of calloutLines) line.remove();
      frameShape = null;
      frameMarker = null;
      return null;
    }
    const bounds = L.latLngBounds(spots.map(({ site }) => [site.lat, site.lon])).pad(0.16);
    if (!frameShape) {
      frameShape = L.rectangle(bounds, { pane: "atlas-under", className: "atlas-detail", interactive: false }).addTo(map);
      frameLabel = el("button", { type: "button", class: "atlas-detail-label", on: { click: () => zoomIn(bounds) } });
      L.DomEvent.disableClickPropagation(frameLabel);
      frameMarker = pin(L, bounds.getCenter(), "atlas-marks", frameLabel).addTo(map);
    } else {
      frameShape.setBounds(bounds);
      frameMarker.setLatLng(bounds.getCenter());
    }
    const count = plural(spots.length, "site", "sites");
    say(frameLabel, `Baghdad: ${count}`);
    frameLabel.title = "Zoom to the Baghdad area";
    frameLabel.setAttribute("aria-label", `Baghdad area, ${count}: zoom in`);
    const nw = map.latLngToContainerPoint(bounds.getNorthWest());
    const se = map.latLngToContainerPoint(bounds.getSouthEast());
    return { left: nw.x - 1, top: nw.y - 1, right: se.x + 1, bottom: se.y + 1 };
  }

  function zoomIn(bounds) {
    layer.extent.leave();
    if (calm.matches) map.fitBounds(bounds, { animate: false, maxZoom: 9.4 });
    else map.flyToBounds(bounds, { duration: 0.6, maxZoom: 9.4, padding: [60, 60] });
  }

  /** The frame's own label, to be placed among the others. */
  function frameItem(at) {
    return {
      key: "detail", x: (at.left + at.right) / 2, y: (at.top + at.bottom) / 2, w: frameLabel.offsetWidth, h: frameLabel.offsetHeight,
      gap: (at.right - at.left) / 2 + 4, away: null, force: true,
      put(place) {
        frameLabel.style.transform = `translate(${place.dx.toFixed(1)}px,${place.dy.toFixed(1)}px)`;
      },
    };
  }

  /** A thin line from the frame on the map to the inset, while both are in sight; returns it for the labels. */
  function callout() {
    if (!shown || layer.narrow || !frameShape || !layer.ready) {
      for (const line of calloutLines) line.remove();
      return [];
    }
    const bounds = frameShape.getBounds();
    const ne = map.latLngToContainerPoint(bounds.getNorthEast());
    const se = map.latLngToContainerPoint(bounds.getSouthEast());
    const a = node.getBoundingClientRect();
    const origin = container.getBoundingClientRect();
    const left = a.left - origin.left;
    const bottom = a.bottom - origin.top;
    const linked = ne.x < left && ne.y > 0 && se.y > bottom;
    const ends = linked ? [[ne, L.point(left, bottom)]] : [];
    ends.forEach((pair, at) => {
      const places = pair.map((point) => map.containerPointToLatLng(point));
      if (!calloutLines[at]) calloutLines[at] = L.polyline(places, { pane: "atlas-under", className: "atlas-callout", interactive: false });
      calloutLines[at].setLatLngs(places);
      if (!map.hasLayer(calloutLines[at])) calloutLines[at].addTo(map);
    });
    if (!linked) for (const line of calloutLines) line.remove();
    return ends.map(([from, to]) => ({ x1: from.x, y1: from.y, x2: to.x, y2: to.y }));
  }

  /** Draw water and rings, and place marks and names. */
  function layout() {
    const w = node.clientWidth;
    const h = node.clientHeight;
    if (node.hidden || !w || !h || spots.length < 2) return;
    const { project, zoom, lat, key } = projection(w, h);
    if (key !== drawn) {
      drawn = key;
      drawing.setAttribute("viewBox", `0 0 ${w} ${h}`);
      drawing.replaceChildren(...water(project, w, h), ...rings(project, zoom));
    }
    for (const spot of spots) {
      const point = project(spot.site.lat, spot.site.lon);
      spot.root.style.left = spot.under.style.left = `${point.x.toFixed(1)}px`;
      spot.root.style.top = spot.under.style.top = `${point.y.toFixed(1)}px`;
      Object.assign(spot, point);
    }
    const boxOf = (part) => box(part.offsetLeft - 4, part.offsetTop - 2, part.offsetWidth + 8, part.offsetHeight + 4);
    scale.show(lat, zoom, 60);
    const bar = boxOf(scale.node);
    const boxes = [boxOf(title), { ...bar, top: bar.top - 14 }];
    const limits = box(4, 4, w - 8, h - 8);
    fanOut(spots, { apart: 23, boxes, bounds: limits });
    const lines = standAside(spots);
    const items = [...spots].sort((a, b) => layer.weight(a.site) - layer.weight(b.site)).map((spot) => labelItem(layer, spot, [24]));
    placeLabels(items, { glyphs: glyphBoxes(layer, spots), boxes, lines, bounds: limits });
    for (const item of items) item.put(item.place);
  }

  /** From lat, lon to the inset's own pixels, so that all its sites are in it. */
  function projection(w, h) {
    const crs = L.CRS.EPSG3857;
    const bounds = L.latLngBounds(spots.map(({ site }) => [site.lat, site.lon]));
    // Half of each ring of doubt at least is to be seen too, where that leaves the sites themselves room enough.
    for (const { site } of spots) {
      const north = ((w > 320 ? 0.5 : 0.1) * (site.radius_m || 0)) / 1.11e5;
      const east = north / Math.cos((site.lat * Math.PI) / 180);
      bounds.extend([site.lat + north, site.lon + east]).extend([site.lat - north, site.lon - east]);
    }
    const at = (lat, lon) => crs.latLngToPoint(L.latLng(lat, lon), 0);
    const nw = at(bounds.getNorth(), bounds.getWest());
    const se = at(bounds.getSouth(), bounds.getEast());
    const factor = Math.min((w - (w > 320 ? 60 : 110)) / (se.x - nw.x || 1e-6), (h - 52) / (se.y - nw.y || 1e-6));
    const cx = (nw.x + se.x) / 2;
    const cy = (nw.y + se.y) / 2;
    const project = (lat, lon) => {
      const point = at(lat, lon);
      return { x: w / 2 + (point.x - cx) * factor, y: h / 2 + 16 + (point.y - cy) * factor };
    };
    const waters = base.features("atlas-rivers").length + base.features("atlas-lakes").length;
    return { project, zoom: crs.zoom(factor * crs.scale(0)), lat: bounds.getCenter().lat, key: `${w} ${h} ${factor} ${cx} ${waters}` };
  }

  function water(project, w, h) {
    const parts = [];
    for (const [className, closed] of [["atlas-lakes", true], ["atlas-rivers", false]]) {
      let d = "";
      for (const feature of base.features(className)) {
        for (const line of linesOf(feature.geometry)) {
          const points = line.map(([lon, lat]) => project(lat, lon));
          if (!points.some((point) => point.x > -400 && point.x < w + 400 && point.y > -400 && point.y < h + 400)) continue;
          d += `M${points.map((point) => `${point.x.toFixed(1)} ${point.y.toFixed(1)}`).join("L")}${closed ? "Z" : ""}`;
        }
      }
      if (d) parts.push(svg("path", { d, class: className }));
    }
    return parts;
  }

  function rings(project, zoom) {
    const parts = [];
    for (const { site, root } of spots) {
      const pixels = metresToPixels(site.radius_m || 0, site.lat, zoom);
      const point = project(site.lat, site.lon);
      if (pixels > GLYPH_PX + 4) parts.push(svg("circle", { class: "atlas-ring", cx: point.x.toFixed(1), cy: point.y.toFixed(1), r: pixels.toFixed(1) }));
      root.classList.toggle("is-small", pixels <= GLYPH_PX + 4);
    }
    return parts;
  }

  return {
    node, adopt, readopt, clear, paint, decide, frame, frameItem, callout, layout,
    select(site, is) {
      const spot = site && byIndex.get(site.index);
      if (spot) selectSpot(spot, is);
    },
    names() {
      for (const spot of spots) nameSpot(layer, spot);
    },
    pulseAt(site) {
      const spot = byIndex.get(site.index);
      return spot && !node.hidden ? { parent: spot.mark, inside: true } : null;
    },
    /** True while it stands in for its sites' marks on the map. */
    get shown() {
      return shown;
    },
  };
}
