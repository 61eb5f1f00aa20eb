/**
 * What the base map under the layer holds: its outlines by class name, and land beyond the data's own edge.
 */

import { ringsOf, within } from "./geometry.js";

const SPARE = 0.3; // how much more than the view the outlines are drawn for on each side, so that a drag shows no false sea

export function makeBaseMap(layer) {
  const { map, L } = layer;
  let shapes = null;
  let edges = [];
  const rings = new Map();

  /** The features of the base map by class name; the inset and the names of countries are drawn from them too. */
  function features(className) {
    if (!shapes) {
      shapes = new Map();
      map.eachLayer((one) => {
        const named = one.feature && one.options && one.options.className;
        if (!named || !one.feature.geometry) return;
        map.getRenderer(one).options.padding = SPARE;
        for (const part of String(named).split(/\s+/)) {
          if (!shapes.has(part)) shapes.set(part, []);
          shapes.get(part).push(one.feature);
        }
      });
      if (!shapes.size) {
        shapes = null;
        return [];
      }
    }
    return shapes.get(className) || [];
  }

  map.on("layeradd layerremove", (event) => {
    if (!event.layer.feature) return;
    shapes = null;
    rings.clear();
    layer.layoutSoon();
  });

  /** The rings of a layer, or of its one feature that has a position, [lat, lon], inside. */
  function ringsNamed(className, inner) {
    const key = `${className} ${inner || ""}`;
    if (!rings.has(key)) {
      const found = features(className).filter((feature) => !inner || within(ringsOf(feature.geometry), inner[1], inner[0]));
      if (!found.length) return [];
      rings.set(key, found.flatMap((feature) => ringsOf(feature.geometry)));
    }
    return rings.get(key);
  }

  /** Beyond the data's own edge the land goes on, so that a wide screen shows no false coast. */
  function drawEdges() {
    if (edges.length || !features("atlas-neighbours").length) return;
    const all = features("atlas-neighbours").flatMap((feature) => ringsOf(feature.geometry));
    const west = Math.min(...all.map((ring) => ring.west)) + 0.02;
    const east = Math.max(...all.map((ring) => ring.east)) - 0.02;
    const south = Math.min(...all.map((ring) => ring.south)) + 0.02;
    const north = Math.max(...all.map((ring) => ring.north)) - 0.02;
    const far = 40;
    edges = [
      [[south - far, west - far], [north + far, west]], [[south - far, east], [north + far, east + far]],
      [[north, west], [north + far, east]], [[south - far, west], [south, east]],
    ].map((bounds) => L.rectangle(bounds, { pane: "atlas-edge", className: "atlas-beyond", interactive: false }).addTo(map));
    map.setMaxBounds([[south - 6, west - 9], [north + 6, east + 9]]);
  }

  return {
    features, ringsNamed, drawEdges,
    /** True once the outlines are there. */
    get drawn() {
      return features("atlas-neighbours").length > 0;
    },
  };
}
