/**
 * Outlines as GeoJSON has them, [lon, lat]: which ring a position is in, and where a row of pixels cuts them.
 */

/** The rings of a GeoJSON polygon or multipolygon, each with its bounds, as [lon, lat]. */
export function ringsOf(geometry) {
  const parts = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.type === "MultiPolygon" ? geometry.coordinates : [];
  return parts.flat().map((points) => {
    const lons = points.map((point) => point[0]);
    const lats = points.map((point) => point[1]);
    return { points, west: Math.min(...lons), east: Math.max(...lons), south: Math.min(...lats), north: Math.max(...lats) };
  });
}

/** True if the position is inside the rings, by the even-odd rule. */
export function within(rings, lon, lat) {
  let odd = false;
  for (const ring of rings) {
    if (lon < ring.west || lon > ring.east || lat < ring.south || lat > ring.north) continue;
    const { points } = ring;
    for (let i = 0, j = points.length - 1; i < points.length; j = i, i += 1) {
      const [x1, y1] = points[i];
      const [x2, y2] = points[j];
      if (y1 > lat !== y2 > lat && lon < ((x2 - x1) * (lat - y1)) / (y2 - y1) + x1) odd = !odd;
    }
  }
  return odd;
}

/** Where the circle of latitude crosses the rings, as longitudes. */
export function crossings(rings, lat) {
  const found = [];
  for (const ring of rings) {
    if (lat < ring.south || lat > ring.north) continue;
    const { points } = ring;
    for (let i = 0, j = points.length - 1; i < points.length; j = i, i += 1) {
      const y1 = points[i][1];
      const y2 = points[j][1];
      if (y1 > lat !== y2 > lat) found.push(((points[j][0] - points[i][0]) * (lat - y1)) / (y2 - y1) + points[i][0]);
    }
  }
  return found;
}

/** The lines a geometry is drawn with. */
export function linesOf(geometry) {
  switch (geometry.type) {
    case "LineString": return [geometry.coordinates];
    case "MultiLineString": case "Polygon": return geometry.coordinates;
    case "MultiPolygon": return geometry.coordinates.flat();
    default: return [];
  }
}

/** How many pixels a length is at a latitude and zoom. */
export function metresToPixels(metres, lat, zoom) {
  return (metres * 256 * 2 ** zoom) / (40075016.7 * Math.cos((lat * Math.PI) / 180));
}
