/**
 * Which part of the world the map shows: the opening view, what a link asks for, and what the address is told.
 */

import { calm } from "./reader.js";

const EXTENT = { west: 38.75, south: 28.95, east: 48.75, north: 37.5 };
const NORTH_EAST_LON = 46.45;      // the easternmost point of the northern half: what the inset must not cover
const AIR_ZOOM = 0.7;              // how much farther out than the opening view one may go
const LIMITS = [[24, 33], [41.5, 55]]; // (south, west) to (north, east); what the base map says goes before

export function makeExtent(layer) {
  const { map, L, root } = layer;
  const limits = layer.options.limits || LIMITS;
  let opening = null;             // { centre, zoom }: where the map stands until the reader moves it
  let moved = false;
  let told = null;                // the extent last written to the store

  /** The view that shows all of Iraq beside headline, legend and inset: { centre, zoom }. */
  function openingView() {
    const size = map.getSize();
    const { crs } = map.options;
    const { narrow } = layer;
    const at = (lat, lon) => crs.latLngToPoint(L.latLng(lat, lon), 0);
    const nw = at(EXTENT.north, EXTENT.west);
    const se = at(EXTENT.south, EXTENT.east);
    const pad = narrow ? 8 : 12;
    const tall = (size.y - 2 * pad) / (se.y - nw.y);
    let factor;
    let left;
    if (narrow) {
      factor = Math.min(tall, (size.x - 2 * pad) / (se.x - nw.x));
      left = (size.x - (se.x - nw.x) * factor) / 2;
    } else {
      const rest = size.x - layer.inset.node.offsetWidth - 32;
      const north = at(EXTENT.north, NORTH_EAST_LON).x - nw.x;
      factor = Math.min(tall, (rest - 16) / north, (size.x - 2 * pad) / (se.x - nw.x));
      const edge = at(EXTENT.north, 36.05).x;
      left = Math.min(rest - north * factor, (nw.x - edge) * factor + (size.x < 920 ? 50 : 0), (size.x - (se.x - nw.x) * factor) / 2 + 40);
      left = Math.max(left, pad);
    }
    const zoom = crs.zoom(factor * crs.scale(0));
    const topPx = (size.y - (se.y - nw.y) * factor) / 2;
    const centre = crs.pointToLatLng(L.point(nw.x + (size.x / 2 - left) / factor, nw.y + (size.y / 2 - topPx) / factor), 0);
    return { centre, zoom };
  }

  function fit(fly) {
    opening = openingView();
    least(opening.zoom - AIR_ZOOM);
    moved = false;
    root.classList.remove("atlas-zoomed");
    go(opening.centre, opening.zoom, fly);
  }

  /** Set the least zoom; not by Leaflet 1.9's setMinZoom, which starts a zoom of its own that ends after ours. */
  function least(zoom) {
    map.options.minZoom = Math.min(zoom, map.getMaxZoom());
  }

  function go(centre, zoom, fly) {
    if (fly && !calm.matches && layer.ready) map.flyTo(centre, zoom, { duration: 0.6 });
    else map.setView(centre, zoom, { animate: false });
  }

  /** Read "zoom/lat/lon"; null if it is no extent. */
  function read(text) {
    const match = /^(\d+(?:\.\d+)?)\/(-?\d+(?:\.\d+)?)\/(-?\d+(?:\.\d+)?)$/.exec(String(text || ""));
    if (!match) return null;
    const [zoom, lat, lon] = match.slice(1).map(Number);
    return { centre: [lat, lon], zoom };
  }

  /** True if the map can go there by hand: neither too far out nor too near, and within the land that is drawn. */
  function reachable({ centre: [lat, lon], zoom }) {
    const [[south, west], [north, east]] = limits;
    return zoom >= opening.zoom - AIR_ZOOM - 0.005 && zoom <= map.getMaxZoom() && lat >= south && lat <= north && lon >= west && lon <= east;
  }

  /** Take over the extent of the address; what cannot be shown opens as if nothing had been asked for. */
  function adopt(text, fly) {
    if (text === told && opening) return;
    told = text;
    opening = openingView();
    const extent = read(text);
    if (extent && reachable(extent)) {
      least(opening.zoom - AIR_ZOOM);
      moved = true;
      go(extent.centre, extent.zoom, fly);
    } else {
      fit(fly);
    }
  }

  /** After the frame has another size: all of Iraq again, or the reader's own place. */
  function resized() {
    const held = read(told) || { centre: map.getCenter(), zoom: map.getZoom() };
    map.invalidateSize({ pan: false, animate: false });
    if (!moved) {
      fit(false);
      return;
    }
    opening = openingView();
    least(Math.min(opening.zoom - AIR_ZOOM, held.zoom));
    map.setView(held.centre, held.zoom, { animate: false });
  }

  /** Tell the address where the map stands, unless that is the opening view. */
  function tell() {
    const zoom = map.getZoom();
    const centre = map.getCenter();
    const away = map.project(opening.centre, zoom).distanceTo(map.project(centre, zoom));
    moved = away > 3 || Math.abs(zoom - opening.zoom) > 0.01;
    root.classList.toggle("atlas-zoomed", moved);
    // Leaflet rounds to whole pixels; a link that has been opened keeps its own spelling until somebody moves.
    const given = read(told);
    const still = moved && given && Math.abs(zoom - given.zoom) < 0.006
      && map.project(given.centre, zoom).distanceTo(map.project(centre, zoom)) < 3;
    if (!still) told = moved ? `${zoom.toFixed(2)}/${centre.lat.toFixed(4)}/${centre.lng.toFixed(4)}` : null;
    const { store } = layer;
    if (store && store.state.map !== told) store.set({ map: told });
  }

  return {
    fit, adopt, resized, tell,
    leave() {
      moved = true;
    },
    get opened() {
      return opening !== null;
    },
    /** True while the map stands elsewhere than where it opened. */
    get moved() {
      return moved;
    },
  };
}
