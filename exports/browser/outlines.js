/**
 * The outlines of the base map as they travel: rings of whole numbers, each a step from the one before it.
 */

/** Turn one packed geometry, { t: type, c: coordinates }, into GeoJSON; `unit` is how many steps a degree has. */
export function geometryOf({ t, c }, unit) {
  const unpack = (part) => {
    if (typeof part[0] !== "number") return part.map(unpack);
    const ring = [];
    let [x, y] = [0, 0];
    for (let at = 0; at < part.length; at += 2) {
      x += part[at];
      y += part[at + 1];
      ring.push([x / unit, y / unit]);
    }
    return ring;
  };
  return { type: t, coordinates: unpack(c) };
}

/** Draw them on a Leaflet map, in their order. */
export function drawOutlines(L, map, { unit, smooth, layers }) {
  for (const { kind, shapes } of layers) {
    const features = shapes.map((shape) => ({ type: "Feature", properties: {}, geometry: geometryOf(shape, unit) }));
    L.geoJSON({ type: "FeatureCollection", features }, { smoothFactor: smooth, className: kind, interactive: false }).addTo(map);
  }
}
