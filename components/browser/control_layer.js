/**
 * The control layer: everything that moves with the date, drawn inside the map's frame.
 *
 * Markers, labels, position rings, fan-out, the Baghdad inset, the headline, the legend that counts and filters, the scale
 * bar and the hover label. The base map under it holds nothing that changes. The layer listens to the page's one store
 * (`window.parent.__atlas`) and paints inside the store's own call, so a move shows in the frame in which it was made.
 *
 * A classic script, since the frame's document loads it without modules: `AtlasControlLayer.attach(map, options)`.
 * Words from the data enter the document through `textContent` and `setAttribute` only.
 * Days are integers since 1970-01-01; positions are lat, lon as Leaflet has them; lengths on screen are CSS pixels.
 */
(function () {
  "use strict";

  const SVG = "http://www.w3.org/2000/svg";
  const NARROW_PX = 680;             // below this width headline, inset and legend leave the map and flow around it
  const STACKED_PX = 900;            // below this width of the page the map has no height of its own: see --map-h in frame.css
  const MOST_ZOOM = 10;              // the outlines are drawn for 1:10 million: nearer, they would look surer than they are
  const INSET_UNTIL_ZOOM = 8.2;      // beyond it the six Baghdad sites are readable on the map itself
  const EXTENT = { west: 38.75, south: 28.95, east: 48.75, north: 37.5 };
  const NORTH_EAST_LON = 46.45;      // the easternmost point of the northern half: what the inset must not cover
  const GLYPH_PX = 10;               // radius a glyph takes, keyline included
  const LABEL_GAP_PX = 14;
  const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December"];

  const MEANING = {
    "coalition-federal": "An Iraqi base, administered by Baghdad, where coalition forces are guests.",
    "coalition-kurdistan": "A site administered by the Kurdistan Region where coalition forces are guests.",
    "changing-hands": "The day is uncertain: known only roughly, or told differently by rival sources. Left: before. Right: after. Here: disc to square.",
    "iraqi-forces": "Iraqi federal forces, without coalition forces.",
    "kurdistan-forces": "Forces of the Kurdistan Region, without coalition forces.",
    "islamic-state": "Held by ISIS.",
    "not-sourced": "None of our sources says who holds the site on this day. It does not mean that nobody does.",
  };

  /* ---------------------------------------------------------------------------------------------- small help */

  /** Make an element with a class and, if given, a text. */
  function el(tag, className, text) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  }

  /** Make an SVG element with attributes. */
  function svg(tag, attributes, ...children) {
    const node = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes || {})) node.setAttribute(name, value);
    node.append(...children);
    return node;
  }

  /** Put a text into a node only if it differs. */
  function say(node, text) {
    if (node.textContent !== text) node.textContent = text;
  }

  function iso(day) {
    return new Date(day * 864e5).toISOString().slice(0, 10);
  }

  function dayInWords(day) {
    const date = new Date(day * 864e5);
    return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
  }

  function isoInWords(text) {
    const day = Date.parse(`${text}T00:00:00Z`) / 864e5;
    return Number.isFinite(day) ? dayInWords(day) : text;
  }

  function plural(count, one, many) {
    return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
  }

  function monthInWords(day) {
    const date = new Date(day * 864e5);
    return `${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
  }

  /** True where a span rests on weak evidence or on one party's word: it must not look as sure as the others. */
  const soft = (span) => Boolean(span.weak) || span.basis === "claimed";

  /** Index of the last entry whose `key(entry)` is not after `day`, or -1; the entries are in order. */
  function lastUpTo(entries, day, key) {
    let low = 0;
    let high = entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (key(entries[middle]) <= day) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const coarse = window.matchMedia("(pointer: coarse)");

  /* ------------------------------------------------------------------------------------------------- glyphs */

  const SHAPES = {
    "coalition-federal": ["circle", { r: 7.8 }],
    "coalition-kurdistan": ["path", { d: "M0-9.6 9.6 0 0 9.6-9.6 0Z" }],
    "iraqi-forces": ["rect", { x: -7, y: -7, width: 14, height: 14, rx: 0.8 }],
    "kurdistan-forces": ["path", { d: "M0-8.8 9.2 7H-9.2Z" }],
    "islamic-state": ["path", { d: "M-6-6 6 6M6-6-6 6" }],
    "not-sourced": ["circle", { r: 7.4 }],
  };

  /** One category's shape around 0, 0: a keyline in the colour of the paper and the coloured shape on it. */
  function shape(category, whole) {
    const known = category in SHAPES ? category : "not-sourced";
    const [tag, attributes] = SHAPES[known];
    const group = svg("g", { class: `atlas-shape atlas-shape-${known}` });
    group.append(svg(tag, { ...attributes, class: "atlas-key" }), svg(tag, { ...attributes, class: "atlas-fill" }));
    if (known === "not-sourced" && whole) {
      const mark = svg("text", { class: "atlas-question", y: 3.9, "text-anchor": "middle" });
      mark.textContent = "?";
      group.append(mark);
    }
    return group;
  }

  const drawn = new Map();

  /** The glyph of a span: `half` names the old and the new category of a site that is changing hands. */
  function glyph(category, half, weak) {
    const key = `${category} ${half ? half.join(" ") : ""} ${weak ? "weak" : ""}`;
    if (!drawn.has(key)) {
      const root = svg("svg", { class: `atlas-glyph${weak ? " is-weak" : ""}`, viewBox: "-16 -16 32 32", "aria-hidden": "true" });
      if (category === "changing-hands") {
        const [before, after] = half || ["coalition-federal", "iraqi-forces"];
        root.append(svg("circle", { r: 12.6, class: "atlas-turn-key" }), svg("circle", { r: 12.6, class: "atlas-turn" }));
        for (const [one, x] of [[before, -12], [after, 0.6]]) {
          // Half a cross or half a "?" cannot be read: those stand whole, and smaller, on their side.
          if (one === "islamic-state" || !(one in SHAPES) || one === "not-sourced") {
            root.append(svg("g", { transform: `translate(${x < 0 ? -6.1 : 6.1} 0) scale(.66)` }, shape(one, true)));
            continue;
          }
          // A nested viewport clips: each half shows its own side of the whole shape.
          root.append(svg("svg", { x, y: -12, width: 11.4, height: 24, viewBox: `${x} -12 11.4 24` },
            svg("g", { transform: "scale(.98)" }, shape(one, false))));
        }
      } else {
        root.append(shape(category, true));
      }
      drawn.set(key, root);
    }
    return drawn.get(key).cloneNode(true);
  }

  /* ------------------------------------------------------------------------------------- boxes and placement */

  const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  const box = (left, top, width, height) => ({ left, top, right: left + width, bottom: top + height });
  const around = (x, y, radius) => ({ left: x - radius, top: y - radius, right: x + radius, bottom: y + radius });
  const inside = (a, bounds) => a.left >= bounds.left && a.right <= bounds.right && a.top >= bounds.top && a.bottom <= bounds.bottom;

  /** True if the segment from (x1, y1) to (x2, y2) touches the box. */
  function crosses(line, a) {
    for (let step = 0; step <= 12; step += 1) {
      const x = line.x1 + ((line.x2 - line.x1) * step) / 12;
      const y = line.y1 + ((line.y2 - line.y1) * step) / 12;
      if (x > a.left && x < a.right && y > a.top && y < a.bottom) return true;
    }
    return false;
  }

  /** Where a label may sit around its mark, best first: the left upper corner relative to the mark, and its alignment. */
  function candidates(item) {
    const { w, h } = item;
    const g = item.gap;
    const slant = g * 0.62;
    // Farther away, with a thin line to the mark: for a crowd in which the near seats are taken.
    const far = (item.far || []).flatMap((reach) => [[1, -1], [1, 0.4], [-1, -1], [-1, 0.4], [0.4, 1], [-0.4, 1], [1, 0], [-1, 0], [1, -0.5], [-1, -0.5]].map(([x, y]) => ({
      dx: x > 0 ? x * reach : x * reach - w, dy: y * reach - h / 2, align: x > 0 ? "start" : "end", cost: 6 + reach / 10, vx: 0, vy: 0, far: true,
    })));
    return [
      ...far,
      { dx: g, dy: -h / 2, align: "start", cost: 0, vx: 1, vy: 0 },
      { dx: -g - w, dy: -h / 2, align: "end", cost: 1, vx: -1, vy: 0 },
      { dx: slant, dy: -h - slant + 5, align: "start", cost: 2, vx: 0.7, vy: -0.7 },
      { dx: slant, dy: slant - 5, align: "start", cost: 2, vx: 0.7, vy: 0.7 },
      { dx: -slant - w, dy: -h - slant + 5, align: "end", cost: 2.6, vx: -0.7, vy: -0.7 },
      { dx: -slant - w, dy: slant - 5, align: "end", cost: 2.6, vx: -0.7, vy: 0.7 },
      { dx: -w / 2, dy: g - 1, align: "center", cost: 2.4, vx: 0, vy: 1 },
      { dx: -w / 2, dy: -g - h + 1, align: "center", cost: 2.8, vx: 0, vy: -1 },
      { dx: -w * 0.75, dy: -g - h + 1, align: "end", cost: 3.1, vx: -0.3, vy: -1 },
      { dx: -w * 0.25, dy: -g - h + 1, align: "start", cost: 3.1, vx: 0.3, vy: -1 },
      { dx: -w * 0.75, dy: g - 1, align: "end", cost: 3.1, vx: -0.3, vy: 1 },
      { dx: -w * 0.25, dy: g - 1, align: "start", cost: 3.1, vx: 0.3, vy: 1 },
      { dx: g - 2, dy: -h / 2 - 7, align: "start", cost: 1.2, vx: 0.9, vy: -0.4 },
      { dx: g - 2, dy: -h / 2 + 7, align: "start", cost: 1.2, vx: 0.9, vy: 0.4 },
      { dx: -g - w + 2, dy: -h / 2 - 7, align: "end", cost: 1.8, vx: -0.9, vy: -0.4 },
      { dx: -g - w + 2, dy: -h / 2 + 7, align: "end", cost: 1.8, vx: -0.9, vy: 0.4 },
    ];
  }

  const HARD = 100;

  /** Find a seat for an item that has none by moving the one or two names in its way, or by dropping one that ranks lower. */
  function makeWay(item, items, total) {
    const kept = items.map((other) => other.place);
    for (const seat of [...item.options].filter((one) => one.base < HARD).sort((a, b) => a.base - b.base)) {
      const blockers = items.filter((other) => other !== item && other.place && overlap(seat.grown, other.place.area));
      if (blockers.length > 2) continue;
      item.place = seat;
      const free = blockers.every((other) => {
        const best = other.options.reduce((a, b) => (total(other, b) < total(other, a) ? b : a));
        const fits = total(other, best) < HARD;
        if (!fits && (other.force || !(other.rank > item.rank))) return false;
        other.place = fits ? best : null;
        return true;
      });
      if (free && total(item, seat) < HARD) return;
      items.forEach((other, at) => {
        other.place = kept[at];
      });
    }
  }

  /** The line from a mark to the nearest point of a label that stands away from it. */
  function hairline(item, area) {
    const x2 = Math.max(area.left, Math.min(area.right, item.x));
    const y2 = Math.max(area.top + 3, Math.min(area.bottom - 3, item.y));
    const length = Math.hypot(x2 - item.x, y2 - item.y) || 1;
    return { x1: item.x + ((x2 - item.x) / length) * GLYPH_PX, y1: item.y + ((y2 - item.y) / length) * GLYPH_PX, x2, y2 };
  }

  /**
   * Give every item a place where its label touches no other label, no glyph and no box; an item without one gets null.
   *
   * Items: { x, y, w, h, gap, away: [x, y] | null, force }. `lines` and `dots` (of the dashed line) are better not covered.
   * Deterministic: the same items give the same places.
   */
  function placeLabels(items, { glyphs, boxes, lines, bounds, dots = [] }) {
    const pad = 1.5;
    for (const item of items) {
      item.options = candidates(item).map((one) => {
        const area = box(item.x + one.dx, item.y + one.dy, item.w, item.h);
        let cost = one.cost;
        if (item.away) cost += 1.6 * (1 - (one.vx * item.away[0] + one.vy * item.away[1]));
        const grown = box(area.left - pad, area.top - pad, item.w + 2 * pad, item.h + 2 * pad);
        const reach = box(area.left - 7, area.top - 4, item.w + 14, item.h + 8);
        for (const other of glyphs) {
          if (other.key === item.key) continue;
          if (overlap(grown, other)) cost += HARD;
          else if (overlap(reach, other)) cost += 3; // so near another mark that it could be taken for that one's
        }
        for (const other of boxes) if (overlap(grown, other)) cost += HARD;
        cost += Math.min(4, 0.8 * dots.filter((dot) => dot.x > grown.left && dot.x < grown.right && dot.y > grown.top && dot.y < grown.bottom).length);
        for (const line of lines) if (line.key !== item.key && crosses(line, area)) cost += 4;
        if (bounds && !inside(area, bounds)) cost += HARD;
        if (one.far) {
          const hair = hairline(item, area);
          for (const other of glyphs) if (other.key !== item.key && crosses(hair, other)) cost += HARD;
        }
        return { ...one, area, grown, base: cost };
      });
      item.place = item.options.reduce((best, one) => (one.base < best.base ? one : best));
    }
    const clashes = (item, one) => items.filter((other) => other !== item && other.place && overlap(one.grown, other.place.area)).length;
    const total = (item, one) => one.base + HARD * clashes(item, one);
    for (let round = 0; round < 8; round += 1) {
      let moved = false;
      for (const item of items) {
        const best = item.options.reduce((a, b) => (total(item, b) < total(item, a) - 1e-9 ? b : a), item.place);
        if (best !== item.place) {
          item.place = best;
          moved = true;
        }
      }
      if (!moved) break;
    }
    // What still collides goes, the latest item first; a forced one stays and the others make room.
    for (const item of [...items].reverse()) {
      if (!item.force && total(item, item.place) >= HARD) item.place = null;
    }
    for (const item of items) {
      if (item.place) continue;
      const best = item.options.reduce((a, b) => (total(item, b) < total(item, a) ? b : a));
      if (total(item, best) < HARD) item.place = best;
    }
    for (const item of items) if (!item.place) makeWay(item, items, total);
    // A long name broken into more lines may still fit.
    for (const item of items) {
      if (item.place || !item.tighten || !item.tighten()) continue;
      const beside = (others) => placeLabels([{ ...item, tighten: null }], {
        glyphs, lines, bounds, boxes: [...boxes, ...others.filter((other) => other.place).map((other) => other.place.area)],
      })[0].place;
      item.place = beside(items);
      // If not, then in the room of a name that is wanted less.
      if (item.place) continue;
      item.place = beside(items.filter((other) => other.force || !(other.rank > item.rank)));
      if (!item.place) continue;
      for (const other of items) if (other !== item && other.place && overlap(item.place.grown, other.place.area)) other.place = null;
    }
    return items;
  }

  /**
   * Push marks that would cover each other apart, always in the same way; sets dx, dy (0, 0 where nothing is in the way).
   *
   * Marks at one place stand on a circle round it; a mark that merely touches another steps aside.
   */
  function fanOut(points, { apart, boxes, bounds }) {
    const order = [...points].sort((a, b) => (a.key < b.key ? -1 : 1));
    const groups = [];
    for (const point of order) {
      point.dx = 0;
      point.dy = 0;
      const near = groups.find((group) => group.some((other) => Math.hypot(other.x - point.x, other.y - point.y) < apart * 0.42));
      if (near) near.push(point);
      else groups.push([point]);
    }
    const placed = groups.filter((group) => group.length === 1).map(([point]) => point);
    const others = (self) => placed.filter((other) => !self.includes(other));
    const cost = (x, y, self) => {
      let sum = 0;
      for (const other of others(self)) {
        const distance = Math.hypot(other.x + other.dx - x, other.y + other.dy - y);
        if (distance < apart) sum += (apart - distance) * 4 + 10;
        else if (distance < apart * 1.7) sum += (apart * 1.7 - distance) * 0.12;
      }
      const area = around(x, y, GLYPH_PX);
      for (const one of boxes) if (overlap(area, one)) sum += 60;
      if (bounds && !inside(area, bounds)) sum += 60;
      return sum;
    };
    // Twice: the first group was placed before the others were.
    const crowds = groups.filter((one) => one.length > 1);
    for (const group of [...crowds, ...crowds]) {
      const least = Math.max(apart * 0.72, (apart * 0.54) / Math.sin(Math.PI / group.length));
      const centre = { x: group.reduce((sum, p) => sum + p.x, 0) / group.length, y: group.reduce((sum, p) => sum + p.y, 0) / group.length };
      let best = null;
      for (const radius of [least, least * 1.3, least * 1.7]) {
        for (let turn = 0; turn < 24; turn += 1) {
          const start = (turn / 24) * 2 * Math.PI;
          const seats = group.map((_, at) => {
            const angle = start + (at / group.length) * 2 * Math.PI;
            return { x: centre.x + radius * Math.cos(angle), y: centre.y + radius * Math.sin(angle) };
          });
          const sum = seats.reduce((all, seat) => all + cost(seat.x, seat.y, group), 0) + radius * 0.2 + turn * 0.01;
          if (!best || sum < best.sum - 1e-9) best = { sum, seats };
        }
      }
      group.forEach((point, at) => {
        point.dx = best.seats[at].x - point.x;
        point.dy = best.seats[at].y - point.y;
      });
      if (!placed.includes(group[0])) placed.push(...group);
    }
    for (const [point] of groups.filter((one) => one.length === 1)) {
      const blocking = others([point]).some((other) => Math.hypot(other.x + other.dx - point.x, other.y + other.dy - point.y) < apart * 0.9
        && (other.dx || other.dy || other.key < point.key));
      if (!blocking) continue;
      let best = { sum: cost(point.x, point.y, [point]), dx: 0, dy: 0 };
      for (const radius of [apart * 0.9, apart * 1.2, apart * 1.5]) {
        for (let turn = 0; turn < 24; turn += 1) {
          const [dx, dy] = [radius * Math.cos((turn / 12) * Math.PI), radius * Math.sin((turn / 12) * Math.PI)];
          const sum = cost(point.x + dx, point.y + dy, [point]) + radius * 0.3 + turn * 0.01;
          if (sum < best.sum - 1e-9) best = { sum, dx, dy };
        }
      }
      point.dx = best.dx;
      point.dy = best.dy;
    }
    // What is still too near moves on a little; a mark at its own place stays there.
    for (let round = 0; round < 60; round += 1) {
      let near = false;
      for (const a of order) {
        if (!a.dx && !a.dy) continue;
        for (const b of order) {
          if (a === b) continue;
          const [x, y] = [a.x + a.dx - b.x - b.dx, a.y + a.dy - b.y - b.dy];
          const distance = Math.hypot(x, y);
          if (distance >= apart - 0.5) continue;
          near = true;
          const push = ((apart - distance) / 2) / (distance || 1);
          a.dx += (distance ? x : 1) * push;
          a.dy += y * push;
        }
      }
      if (!near) break;
    }
    return points;
  }

  /* --------------------------------------------------------------------------------------------- geometry */

  /** The rings of a GeoJSON polygon or multipolygon, each with its bounds, as [lon, lat]. */
  function ringsOf(geometry) {
    const parts = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.type === "MultiPolygon" ? geometry.coordinates : [];
    return parts.flat().map((points) => {
      const lons = points.map((point) => point[0]);
      const lats = points.map((point) => point[1]);
      return { points, west: Math.min(...lons), east: Math.max(...lons), south: Math.min(...lats), north: Math.max(...lats) };
    });
  }

  /** True if the position is inside the rings, by the even-odd rule. */
  function within(rings, lon, lat) {
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
  function crossings(rings, lat) {
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

  function linesOf(geometry) {
    switch (geometry.type) {
      case "LineString": return [geometry.coordinates];
      case "MultiLineString": case "Polygon": return geometry.coordinates;
      case "MultiPolygon": return geometry.coordinates.flat();
      default: return [];
    }
  }

  /* ---------------------------------------------------------------------------------------------- the layer */

  function attach(map, options) {
    const given = options || {};
    const L = window.L;
    const container = map.getContainer();
    const root = document.documentElement;
    let store = null;
    let lives = null;
    let sites = [];                 // what is known of each site: see makeSite
    const byId = new Map();
    let day = null;
    let off = new Set();
    let selected = null;
    let narrow = null;
    let insetShown = false;
    let opening = null;             // { centre, zoom }: where the map stands until the reader moves it
    let moved = false;
    let told = null;                // the map extent last written to the store
    let ready = false;              // the stylesheet is there, so sizes can be read
    let closed = false;

    root.classList.add("atlas-frame");
    container.classList.add("atlas-map");
    container.setAttribute("role", "region");
    container.setAttribute("aria-label", "Map of federal Iraq and the Kurdistan Region");

    /* ------------------------------------------------------------------------------- how the map behaves */

    map.options.zoomSnap = 0;
    map.options.zoomDelta = 0.75;
    map.options.wheelPxPerZoomLevel = 110;
    map.options.maxBoundsViscosity = 0.9;
    map.setMaxZoom(MOST_ZOOM);
    if (map.zoomControl) map.zoomControl.remove();
    if (map.attributionControl) map.attributionControl.remove();
    map.keyboard.disable();
    // One finger scrolls the page, two move the map. The stylesheet sets touch-action; here the handler follows the pointer.
    if (coarse.matches) map.dragging.disable();
    document.addEventListener("pointerdown", (event) => {
      if (event.pointerType === "touch") map.dragging.disable();
      else map.dragging.enable();
    }, true);

    for (const [name, level] of [["atlas-edge", 401], ["atlas-names", 405], ["atlas-under", 590], ["atlas-marks", 600]]) {
      map.createPane(name).style.zIndex = level;
    }

    /* ----------------------------------------------------------------------------------- the fixed parts */

    const top = el("div", "atlas-top");
    const below = el("div", "atlas-below");
    container.before(top);
    container.after(below);

    const head = el("header", "atlas-head");
    const headDate = el("h1", "atlas-date");
    const headFinding = el("p", "atlas-finding");
    const headKnown = el("p", "atlas-known");
    const headStale = el("p", "atlas-stale");
    head.append(headDate, headFinding, headKnown, headStale);
    const live = el("div", "atlas-unseen");
    live.setAttribute("aria-live", "polite");

    const legend = el("section", "atlas-legend");
    legend.setAttribute("aria-label", "Legend: sites in each category on this day. Press a row to hide or show it");
    const legendRows = el("div", "atlas-rows");
    const legendHidden = el("div", "atlas-hidden");
    const legendHiddenText = el("span");
    const showAll = button("atlas-link", "show all", () => store.set({ off: [] }));
    legendHidden.append(legendHiddenText, " · ", showAll);
    const legendFoot = el("div", "atlas-foot");
    const legendTotal = el("span", "atlas-total");
    const unplacedButton = button("atlas-link atlas-unplaced", "", () => toggleUnplaced());
    unplacedButton.setAttribute("aria-expanded", "false");
    legendFoot.append(legendTotal, unplacedButton);
    const legendKeys = el("div", "atlas-keys");
    const keyVague = el("span", "atlas-key-item");
    keyVague.append(svg("svg", { viewBox: "-8 -8 16 16", class: "atlas-key-ring", "aria-hidden": "true" }, svg("circle", { r: 6 })), "approximate position");
    const keyWeak = el("span", "atlas-key-item");
    keyWeak.append(svg("svg", { viewBox: "-8 -8 16 16", class: "atlas-key-weak", "aria-hidden": "true" }, svg("rect", { x: -4.6, y: -4.6, width: 9.2, height: 9.2 })), "weak evidence or one party’s claim");
    const keyLine = el("span", "atlas-key-item");
    keyLine.append(svg("svg", { viewBox: "-8 -8 16 16", class: "atlas-key-line", "aria-hidden": "true" }, svg("path", { d: "M-8 0H8" })), "Kurdistan Region, along governorate lines");
    legendKeys.append(keyVague, keyWeak, keyLine);
    const unplacedList = el("div", "atlas-list");
    unplacedList.setAttribute("role", "group");
    unplacedList.setAttribute("aria-label", "Sites without a known position");
    unplacedList.hidden = true;
    legend.append(legendRows, legendHidden, unplacedList, legendFoot, legendKeys);

    const inset = el("section", "atlas-inset");
    inset.setAttribute("aria-label", "Baghdad area, enlarged");
    const insetBase = svg("svg", { class: "atlas-inset-base", "aria-hidden": "true" });
    const insetUnder = el("div", "atlas-inset-layer");
    const insetMarks = el("div", "atlas-inset-layer");
    const insetTitle = el("div", "atlas-inset-title", "Baghdad area");
    const insetScale = el("div", "atlas-scale atlas-inset-scale");
    const insetScaleText = el("span");
    insetScale.append(insetScaleText);
    inset.append(insetBase, insetUnder, insetMarks, insetTitle, insetScale);

    const tools = el("div", "atlas-tools");
    tools.setAttribute("role", "group");
    tools.setAttribute("aria-label", "Map view");
    const icon = (d) => svg("svg", { viewBox: "0 0 20 20", "aria-hidden": "true" }, svg("path", { d }));
    for (const [label, path, act] of [
      ["Zoom in", "M10 4.5v11M4.5 10h11", () => map.zoomIn(0.75, { animate: !calm.matches })],
      ["Zoom out", "M4.5 10h11", () => map.zoomOut(0.75, { animate: !calm.matches })],
      ["Reset view", "M4 7.5V4h3.5M12.5 4H16v3.5M16 12.5V16h-3.5M7.5 16H4v-3.5M10 8.2v3.6M8.2 10h3.6", () => (store ? store.actions.resetView() : fit(true))],
    ]) {
      const one = button("atlas-tool", "", act);
      one.append(icon(path));
      one.setAttribute("aria-label", label);
      one.title = label === "Reset view" ? "Reset view (0)" : label;
      tools.append(one);
    }

    const scale = el("div", "atlas-scale");
    const scaleText = el("span");
    scale.append(scaleText);

    const footnote = el("details", "atlas-note");
    const footnoteTitle = el("summary", "", "About this map");
    const footnoteText = el("p");
    footnote.append(footnoteTitle, footnoteText);

    const tip = el("div", "atlas-tip");
    tip.setAttribute("role", "tooltip");
    tip.id = "atlas-tip";
    tip.hidden = true;
    document.body.append(live, tip);

    for (const part of [head, legend, inset, tools, footnote]) {
      L.DomEvent.disableClickPropagation(part);
      if (part !== head) L.DomEvent.disableScrollPropagation(part);
    }

    function button(className, text, act) {
      const node = el("button", className, text);
      node.type = "button";
      node.addEventListener("click", act);
      return node;
    }

    /* ---------------------------------------------------------------------------------------- hover label */

    let tipFor = null; // { anchor, fill }

    function showTip(anchor, fill) {
      tipFor = { anchor, fill };
      refreshTip();
    }

    function refreshTip() {
      if (!tipFor) return;
      tip.replaceChildren();
      tipFor.fill(tip);
      tip.hidden = false;
      const at = tipFor.anchor.getBoundingClientRect();
      const { offsetWidth: w, offsetHeight: h } = tip;
      const width = root.clientWidth;
      const height = Math.max(root.clientHeight, document.body.scrollHeight);
      const gap = 14;
      const clampX = (x) => Math.round(Math.max(6, Math.min(width - w - 6, x)));
      const clampY = (y) => Math.round(Math.max(6, Math.min(height - h - 6, y)));
      const [midX, midY] = [at.left + at.width / 2, at.top + at.height / 2];
      // The site's own name is in the label; what the label hides of the others is what counts.
      const kept = tipFor.anchor.dataset.site ? [...container.querySelectorAll(".atlas-mark, .atlas-label")] : [];
      const others = kept.map((node) => node.getBoundingClientRect()).filter((one) => one.width);
      const words = narrow ? [] : [headDate, headFinding].map((node) => node.getBoundingClientRect());
      const rows = [midY - h / 2, midY - 20, midY - h + 20].map(clampY);
      const seats = [
        ...rows.map((y) => [at.right + gap, y]), ...rows.map((y) => [at.left - gap - w, y]),
        [clampX(midX - w / 2), at.top - gap - h], [clampX(midX - w / 2), at.bottom + gap],
      ].map(([x, y], order) => {
        const area = box(x, y, w, h);
        const out = x < 6 || y < 6 || x + w > width - 6 || y + h > height - 6;
        return { x, y, cost: (out ? 1000 : 0) + (overlap(area, at) ? 500 : 0) + others.filter((one) => overlap(area, one)).length
          + 10 * words.filter((one) => overlap(area, one)).length + order * 0.2 };
      });
      const best = seats.reduce((one, other) => (other.cost < one.cost ? other : one));
      tip.style.left = `${clampX(best.x)}px`;
      tip.style.top = `${clampY(best.y)}px`;
    }

    function hideTip(anchor) {
      if (!tipFor || (anchor && tipFor.anchor !== anchor)) return;
      tipFor = null;
      tip.hidden = true;
    }

    function tipOnHover(node, anchor, fill) {
      node.addEventListener("pointerenter", (event) => event.pointerType !== "touch" && showTip(anchor, fill));
      node.addEventListener("pointerleave", () => hideTip(anchor));
      node.addEventListener("focus", () => node.matches(":focus-visible") && showTip(anchor, fill));
      node.addEventListener("blur", () => hideTip(anchor));
    }

    /** The site's name in both scripts, what is sourced about it on the painted day, and how old that is. */
    function fillSite(site, node) {
      const span = site.spans[site.at];
      const head = el("div", "atlas-tip-name");
      head.append(el("strong", "", site.name));
      if (site.name_local) {
        const local = el("bdi", "atlas-local", site.name_local);
        local.lang = "ar";
        head.append(local);
      }
      const words = el("p", "atlas-tip-words");
      words.append(glyph(span.category, span.half, soft(span)), el("span", "", span.words || categoryLabel(span.category)));
      node.append(head, words);
      const claim = claimWords(span);
      if (claim) node.append(el("p", "", capital(claim)));
      const age = evidenceWords(site);
      if (age) node.append(el("p", "", capital(age)));
    }

    function fillSiteTip(site, node) {
      fillSite(site, node);
      if (site.radius_m) node.append(el("p", "", `Position approximate, within ${distanceWords(site.radius_m)}`));
      node.append(el("p", "atlas-tip-hint", coarse.matches ? "tap for sources" : "click for sources"));
    }

    /** What the words of a span leave out about how far it is sure. */
    function claimWords(span) {
      if (span.basis === "claimed" && !/claimed by one party/i.test(span.words || "")) return "claimed by one party";
      return span.weak && !/weak/i.test(span.words || "") ? "weak evidence only" : "";
    }

    /* --------------------------------------------------------------------------- card at the foot, for thumbs */

    const card = el("section", "atlas-card");
    card.setAttribute("aria-live", "polite");
    card.hidden = true;
    L.DomEvent.disableClickPropagation(card);
    container.append(card);
    let cardFor = null;

    /** Show a site that was tapped: what a hover label tells a mouse, and the way to the sources. */
    function showCard(site) {
      cardFor = site;
      hideTip();
      refreshCard();
    }

    function refreshCard() {
      if (!cardFor || cardFor.at < 0) return;
      const body = el("div", "atlas-card-body");
      fillSite(cardFor, body);
      const close = button("atlas-card-close", "×", hideCard);
      close.setAttribute("aria-label", "Close");
      const { id } = cardFor;
      body.append(button("atlas-card-go", "Who says so ↓", () => goToDossier(id)));
      card.setAttribute("aria-label", cardFor.name);
      card.replaceChildren(body, close);
      card.hidden = false;
    }

    function hideCard() {
      cardFor = null;
      card.hidden = true;
    }

    /** Scroll the page to the dossier of a site; Python may still be writing it. */
    function goToDossier(id, tries = 60) {
      let dossier = null;
      try {
        dossier = [...window.parent.document.querySelectorAll("[data-dossier]")].find((node) => node.dataset.dossier === id);
      } catch {
        return; // a page of another origin keeps its own scroll
      }
      if (dossier) dossier.scrollIntoView({ behavior: calm.matches ? "auto" : "smooth", block: "start" });
      else if (tries > 0 && !closed) setTimeout(() => goToDossier(id, tries - 1), 100);
    }

    map.on("click", hideCard);

    const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
    const distanceWords = (metres) => (metres >= 1000 ? `${Math.round(metres / 100) / 10} km` : `${metres} m`);

    /** What is known about the age of the evidence on the painted day: "last evidence 12 March 2026, 218 days earlier". */
    function evidenceWords(site) {
      const at = lastUpTo(site.evidence, day, (one) => one);
      if (at < 0 && /source/i.test(site.spans[site.at].words || "")) return ""; // the words say it already
      if (at < 0) return site.evidence.length ? `no source before ${dayInWords(site.evidence[0])}` : "no dated source";
      const last = site.evidence[at];
      if (last === day) return "evidence of this day";
      const next = site.evidence[at + 1];
      // Between two sources that are far apart the older one must not pass for a young one.
      if (next !== undefined && day - last > 365) return `evidence of ${monthInWords(last)} and next ${monthInWords(next)}, none between`;
      return `last evidence ${dayInWords(last)}, ${plural(day - last, "day", "days")} earlier`;
    }

    function categoryLabel(id) {
      const found = lives.categories.find((category) => category.id === id);
      return found ? found.label : id;
    }

    /* --------------------------------------------------------------------------------------------- sites */

    /** What the layer keeps of one site: the payload's fields, the painted span, and its marks on map and inset. */
    function makeSite(data) {
      const site = { ...data, at: -1, from: 1, to: 0, spots: [], ring: null };
      adopt(site, data);
      return site;
    }

    function adopt(site, data) {
      Object.assign(site, data);
      const days = new Set(data.spans.flatMap((span) => span.evidence || []));
      if (Number.isInteger(data.last_evidence)) days.add(data.last_evidence);
      site.evidence = [...days].sort((a, b) => a - b);
      site.at = -1;
      site.from = 1;
      site.to = 0;
    }

    /** One mark of a site on a surface ("map" or "inset"). */
    function makeSpot(site, surface) {
      const spot = { site, surface, dx: 0, dy: 0, x: 0, y: 0, shown: true, label: null };
      spot.root = el("div", "atlas-spot");
      spot.mark = el("div", "atlas-mark");
      spot.mark.setAttribute("role", "button");
      spot.mark.setAttribute("aria-describedby", tip.id);
      spot.mark.tabIndex = 0;
      spot.mark.dataset.site = site.id;
      spot.glyph = el("span", "atlas-glyph-box");
      spot.mark.append(spot.glyph);
      spot.label = el("div", "atlas-label", site.short || site.name);
      spot.label.setAttribute("aria-hidden", "true");
      spot.root.append(spot.mark, spot.label);
      spot.under = el("div", "atlas-spot atlas-spot-under");
      spot.line = svg("line", { class: "atlas-leader" });
      spot.leader = svg("svg", { class: "atlas-leader-box", width: 1, height: 1, "aria-hidden": "true" }, spot.line, svg("circle", { class: "atlas-true", r: 2.2 }));
      spot.hair = svg("line", { class: "atlas-hair" });
      spot.hairBox = svg("svg", { class: "atlas-hair-box", width: 1, height: 1, "aria-hidden": "true" }, spot.hair);
      spot.hairBox.style.display = "none";
      spot.under.append(spot.leader, spot.hairBox);
      const choose = (event) => {
        event.preventDefault();
        event.stopPropagation();
        if (store) store.actions.select(site.id);
        if (event.pointerType === "touch" || (coarse.matches && event.type === "click")) showCard(site);
      };
      for (const node of [spot.mark, spot.label]) {
        L.DomEvent.disableClickPropagation(node);
        node.addEventListener("click", choose);
        tipOnHover(node, spot.mark, (into) => fillSiteTip(site, into));
        node.addEventListener("pointerenter", () => spot.root.classList.add("is-near"));
        node.addEventListener("pointerleave", () => spot.root.classList.remove("is-near"));
      }
      spot.mark.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") choose(event);
      });
      spot.mark.addEventListener("focus", () => name(site));
      if (surface === "map") {
        const place = [site.lat, site.lon];
        const still = { interactive: false, keyboard: false };
        spot.under.classList.add("leaflet-zoom-animated");
        spot.marker = L.marker(place, { ...still, pane: "atlas-marks", icon: L.divIcon({ className: "atlas-icon", html: spot.root, iconSize: [0, 0] }) }).addTo(map);
        spot.underMarker = L.marker(place, { ...still, pane: "atlas-under", icon: L.divIcon({ className: "atlas-icon", html: spot.under, iconSize: [0, 0] }) }).addTo(map);
        spot.outer = spot.marker.getElement();
        spot.underOuter = spot.underMarker.getElement();
      } else {
        spot.outer = spot.root;
        spot.underOuter = spot.under;
        insetUnder.append(spot.under);
        insetMarks.append(spot.root);
      }
      return spot;
    }

    /** Give the marks of a site the name a screen reader says. */
    function name(site) {
      if (site.at < 0) return;
      const span = site.spans[site.at];
      const hidden = off.has(span.category) ? ", hidden in the legend" : "";
      const words = span.words || categoryLabel(span.category);
      const age = evidenceWords(site);
      const claim = claimWords(span);
      const text = `${site.name}: ${words.replace(/\.$/, "")}${claim ? `, ${claim}` : ""}${age ? `. ${capital(age)}` : ""}${hidden}`;
      for (const spot of site.spots) if (spot.mark.getAttribute("aria-label") !== text) spot.mark.setAttribute("aria-label", text);
    }

    function clearSites() {
      for (const site of sites) {
        for (const spot of site.spots) {
          if (spot.marker) {
            spot.marker.remove();
            spot.underMarker.remove();
          } else {
            spot.root.remove();
            spot.under.remove();
          }
        }
        if (site.ring) site.ring.remove();
      }
      sites = [];
      byId.clear();
    }

    /** Take over a new payload; marks are only made anew if a site, a name or a position differs. */
    function takeLives(payload) {
      const same = lives && sites.length === payload.sites.length && payload.sites.every((data, at) => {
        const site = sites[at];
        return ["id", "name", "short", "lat", "lon", "radius_m", "inset"].every((key) => site[key] === data[key]);
      });
      lives = payload;
      hideTip();
      if (same) {
        payload.sites.forEach((data, at) => adopt(sites[at], data));
      } else {
        clearSites();
        for (const data of payload.sites) {
          const site = makeSite(data);
          sites.push(site);
          byId.set(site.id, site);
          if (site.lat === null || site.lon === null || site.lat === undefined) continue;
          site.spots.push(makeSpot(site, "map"));
          if (site.inset) site.spots.push(makeSpot(site, "inset"));
          for (const spot of site.spots) for (const node of [spot.root, spot.under]) node.classList.toggle("is-vague", Boolean(site.radius_m));
          if (site.radius_m) {
            site.ring = L.circle([site.lat, site.lon], { radius: site.radius_m, pane: "atlas-under", className: "atlas-ring", interactive: false }).addTo(map);
          }
        }
      }
      buildLegend();
      say(footnoteText, lives.footnote || "");
      footnote.classList.toggle("is-empty", !lives.footnote);
      day = null;
    }

    /* ---------------------------------------------------------------------------------------------- paint */

    const counts = new Map();
    const rows = new Map();

    /** Show the sites as they were on a day; touches only what differs from the day painted before. */
    function paintDay(next, playing) {
      if (next === null || next === day || !lives) return;
      const before = day;
      day = next;
      const changed = [];
      for (const site of sites) {
        if (day >= site.from && day <= site.to) continue;
        const at = Math.max(0, lastUpTo(site.spans, day, (span) => span.from));
        const span = site.spans[at];
        if (!span) continue;
        const old = site.at >= 0 ? site.spans[site.at] : null;
        site.at = at;
        site.from = span.from;
        site.to = at + 1 < site.spans.length ? site.spans[at + 1].from - 1 : Infinity;
        if (at === 0) site.from = -Infinity;
        const alike = old && site.painted && old.category === span.category && soft(old) === soft(span)
          && String(old.half) === String(span.half);
        if (!alike) {
          for (const spot of site.spots) paintSpot(spot, span);
          paintRing(site);
          if (before !== null) changed.push(site);
        }
        site.painted = true;
        name(site);
      }
      countAll();
      headline();
      if (tipFor) refreshTip();
      if (cardFor) refreshCard();
      if (changed.length && changed.length <= 5 && !calm.matches && ready) pulseSoon(changed);
      if (!playing) rest();
    }

    function paintSpot(spot, span) {
      spot.glyph.replaceChildren(glyph(span.category, span.half, soft(span)));
      spot.root.dataset.category = span.category;
      const hidden = off.has(span.category);
      spot.root.classList.toggle("is-off", hidden);
      spot.under.classList.toggle("is-off", hidden);
    }

    /** A ring is shown where it is larger than its glyph and its site is neither hidden nor in the inset. */
    function paintRing(site) {
      const path = site.ring && site.ring.getElement();
      if (path) path.style.display = site.ringFits && site.at >= 0 && !off.has(site.spans[site.at].category) ? "" : "none";
    }

    let pulsing = null;

    /** In the next frame, so that the marks themselves are painted first, and once however far the day has moved by then. */
    function pulseSoon(changed) {
      if (pulsing) {
        pulsing = changed;
        return;
      }
      pulsing = changed;
      requestAnimationFrame(() => {
        pulse(pulsing);
        pulsing = null;
      });
    }

    /** A ring that opens once round what has just changed. */
    function pulse(changed) {
      for (const site of changed) {
        for (const spot of site.spots) {
          if (!spot.shown) continue;
          const ring = el("span", "atlas-pulse");
          spot.mark.append(ring);
          const run = ring.animate([{ transform: "scale(.5)", opacity: 0.75 }, { transform: "scale(1.5)", opacity: 0 }], { duration: 700, easing: "ease-out" });
          run.onfinish = run.oncancel = () => ring.remove();
        }
      }
    }

    function countAll() {
      const now = new Map();
      let hidden = 0;
      for (const site of sites) {
        if (site.at < 0) continue;
        const span = site.spans[site.at];
        now.set(span.category, (now.get(span.category) || 0) + 1);
        if (off.has(span.category)) hidden += 1;
      }
      for (const [id, row] of rows) {
        const count = now.get(id) || 0;
        if (counts.get(id) !== count) {
          counts.set(id, count);
          row.count.textContent = String(count);
          row.node.classList.toggle("is-zero", count === 0);
          row.node.setAttribute("aria-label", `${row.label}: ${plural(count, "site", "sites")}`);
        }
      }
      say(legendHiddenText, plural(hidden, "site hidden", "sites hidden"));
      legendHidden.hidden = off.size === 0;
    }

    function headline() {
      say(headDate, dayInWords(day));
      const at = lastUpTo(lives.headlines, day, (one) => one.from);
      say(headFinding, lives.sites.length ? (at >= 0 ? lives.headlines[at].text : "") : "There is no site to show.");
      const late = lives.last_evidence !== null && day > lives.last_evidence;
      headStale.hidden = !late;
      if (late) say(headStale, `No source after ${dayInWords(lives.last_evidence)}, ${plural(day - lives.last_evidence, "day", "days")} earlier.`);
    }

    function knownLine() {
      headKnown.hidden = !lives.known_on;
      if (lives.known_on) say(headKnown, `as our sources had reported by ${isoInWords(lives.known_on)}`);
    }

    let restTimer = 0;

    /** When the day has rested: tell a screen reader, and bring the names of the marks up to date. */
    function rest() {
      clearTimeout(restTimer);
      restTimer = setTimeout(() => {
        if (day === null || (store && store.state.playing)) return;
        say(live, `${headDate.textContent}. ${headFinding.textContent}`);
        for (const site of sites) name(site);
        if (labelsLag()) layoutSoon();
      }, 500);
    }

    function paintSelection(id) {
      const fresh = id !== selected;
      for (const one of [selected, id]) {
        const site = byId.get(one);
        if (!site) continue;
        const is = one === id;
        for (const spot of site.spots) {
          spot.root.classList.toggle("is-selected", is);
          spot.under.classList.toggle("is-selected", is);
          if (is) spot.mark.setAttribute("aria-current", "true");
          else spot.mark.removeAttribute("aria-current");
          if (spot.marker) spot.marker.setZIndexOffset(is ? 5000 : 0);
        }
      }
      for (const row of unplacedList.children) row.classList.toggle("is-selected", row.dataset.site === id);
      selected = id;
      if (cardFor && cardFor.id !== id) {
        if (byId.has(id)) showCard(byId.get(id));
        else hideCard();
      }
      if (!fresh || !ready) return;
      bringIntoView(byId.get(id));
      layoutSoon();
    }

    /** Pan to a site chosen elsewhere if its mark is outside the map. */
    function bringIntoView(site) {
      if (!site || !site.spots.length || (insetShown && site.inset)) return;
      const at = map.latLngToContainerPoint([site.lat, site.lon]);
      const size = map.getSize();
      if (at.x > 24 && at.y > 24 && at.x < size.x - 24 && at.y < size.y - 24) return;
      map.panTo([site.lat, site.lon], { animate: !calm.matches });
    }

    function paintFilter(list) {
      off = new Set(list);
      for (const site of sites) {
        if (site.at < 0) continue;
        const hidden = off.has(site.spans[site.at].category);
        for (const spot of site.spots) {
          spot.root.classList.toggle("is-off", hidden);
          spot.under.classList.toggle("is-off", hidden);
        }
        paintRing(site);
        name(site);
      }
      for (const [id, row] of rows) {
        row.node.setAttribute("aria-pressed", String(!off.has(id)));
      }
      if (day !== null) countAll();
    }

    /* --------------------------------------------------------------------------------------------- legend */

    function buildLegend() {
      legendRows.replaceChildren();
      rows.clear();
      counts.clear();
      for (const category of lives.categories) {
        const node = button("atlas-row", "", () => store.actions.toggleCategory(category.id));
        node.dataset.category = category.id;
        node.setAttribute("aria-pressed", String(!off.has(category.id)));
        const count = el("span", "atlas-count");
        node.append(glyph(category.id, null, false), el("span", "atlas-row-label", category.label), count);
        tipOnHover(node, node, (into) => {
          into.append(el("strong", "", category.label), el("p", "", category.meaning || MEANING[category.id] || ""));
          into.append(el("p", "atlas-tip-hint", off.has(category.id) ? "click to show these sites" : "click to hide these sites"));
        });
        rows.set(category.id, { node, count, label: category.label });
        legendRows.append(node);
      }
      const unplaced = sites.filter((site) => !site.spots.length);
      const placed = sites.length - unplaced.length;
      say(legendTotal, plural(sites.length, "site", "sites") + (unplaced.length ? `, ${placed} on the map` : ""));
      say(unplacedButton, `${unplaced.length} not placed`);
      unplacedButton.hidden = !unplaced.length;
      keyVague.hidden = !sites.some((site) => site.radius_m && site.spots.length);
      unplacedList.replaceChildren(...unplaced.map((site) => {
        const row = button("atlas-list-row", site.name, () => store.actions.select(site.id));
        row.dataset.site = site.id;
        row.classList.toggle("is-selected", site.id === selected);
        tipOnHover(row, row, (into) => fillSiteTip(site, into));
        return row;
      }));
      if (!unplaced.length) unplacedList.hidden = true;
    }

    function toggleUnplaced(open) {
      unplacedList.hidden = open === undefined ? !unplacedList.hidden : !open;
      unplacedButton.setAttribute("aria-expanded", String(!unplacedList.hidden));
    }

    /* ----------------------------------------------------------------------------------- base geometry */

    let shapes = null;

    /** The features of the base map by class name; the inset and the names of countries are drawn from them too. */
    function base(className) {
      if (!shapes) {
        shapes = new Map();
        map.eachLayer((layer) => {
          const named = layer.feature && layer.options && layer.options.className;
          if (!named || !layer.feature.geometry) return;
          for (const one of String(named).split(/\s+/)) {
            if (!shapes.has(one)) shapes.set(one, []);
            shapes.get(one).push(layer.feature);
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
      if (event.layer.feature) {
        shapes = null;
        ringCache.clear();
        layoutSoon();
      }
    });

    const ringCache = new Map();

    /** The rings of a layer, or of its one feature that has a position, [lat, lon], inside. */
    function ringsNamed(className, inner) {
      const key = `${className} ${inner || ""}`;
      if (!ringCache.has(key)) {
        const found = base(className).filter((feature) => !inner || within(ringsOf(feature.geometry), inner[1], inner[0]));
        if (!found.length) return [];
        ringCache.set(key, found.flatMap((feature) => ringsOf(feature.geometry)));
      }
      return ringCache.get(key);
    }

    let edges = [];

    /** Beyond the data's own edge the land goes on, so that a wide screen shows no false coast. */
    function drawEdges() {
      if (edges.length || !base("atlas-neighbours").length) return;
      const rings = base("atlas-neighbours").flatMap((feature) => ringsOf(feature.geometry));
      const west = Math.min(...rings.map((ring) => ring.west)) + 0.02;
      const east = Math.max(...rings.map((ring) => ring.east)) - 0.02;
      const south = Math.min(...rings.map((ring) => ring.south)) + 0.02;
      const north = Math.max(...rings.map((ring) => ring.north)) - 0.02;
      const far = 40;
      edges = [
        [[south - far, west - far], [north + far, west]], [[south - far, east], [north + far, east + far]],
        [[north, west], [north + far, east]], [[south - far, west], [south, east]],
      ].map((bounds) => L.rectangle(bounds, { pane: "atlas-edge", className: "atlas-beyond", interactive: false }).addTo(map));
      map.setMaxBounds([[south - 6, west - 9], [north + 6, east + 9]]);
    }

    /* --------------------------------------------------------------------------------------------- extent */

    /** The view that shows all of Iraq beside headline, legend and inset: { centre, zoom }. */
    function openingView() {
      const size = map.getSize();
      const crs = map.options.crs;
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
        const rest = size.x - inset.offsetWidth - 32;
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
      least(opening.zoom - 0.7);
      moved = false;
      root.classList.remove("atlas-zoomed");
      go(opening.centre, opening.zoom, fly);
    }

    /** Set the least zoom; not by Leaflet 1.9's setMinZoom, which starts a zoom of its own that ends after ours. */
    function least(zoom) {
      map.options.minZoom = Math.min(zoom, map.getMaxZoom());
    }

    function go(centre, zoom, fly) {
      if (fly && !calm.matches && ready) map.flyTo(centre, zoom, { duration: 0.6 });
      else map.setView(centre, zoom, { animate: false });
    }

    function readExtent(text) {
      const match = /^(\d+(?:\.\d+)?)\/(-?\d+(?:\.\d+)?)\/(-?\d+(?:\.\d+)?)$/.exec(String(text || ""));
      if (!match) return null;
      const [zoom, lat, lon] = match.slice(1).map(Number);
      if (zoom < 3 || zoom > 13 || lat < 20 || lat > 45 || lon < 30 || lon > 60) return null;
      return { centre: [lat, lon], zoom };
    }

    function adoptExtent(text, fly) {
      if (text === told) return;
      told = text;
      const extent = readExtent(text);
      if (extent) {
        opening = openingView();
        least(Math.min(opening.zoom - 0.7, extent.zoom));
        moved = true;
        go(extent.centre, extent.zoom, fly);
      } else {
        fit(fly);
      }
    }

    map.on("moveend", () => {
      if (!opening || !ready || resizing) return;
      const zoom = map.getZoom();
      const away = map.project(opening.centre, zoom).distanceTo(map.project(map.getCenter(), zoom));
      moved = away > 3 || Math.abs(zoom - opening.zoom) > 0.01;
      root.classList.toggle("atlas-zoomed", moved);
      const centre = map.getCenter();
      // Leaflet rounds to whole pixels; a link that has been opened keeps its own spelling until somebody moves.
      const given = readExtent(told);
      const still = moved && given && Math.abs(zoom - given.zoom) < 0.006
        && map.project(given.centre, zoom).distanceTo(map.project(centre, zoom)) < 3;
      if (!still) told = moved ? `${zoom.toFixed(2)}/${centre.lat.toFixed(4)}/${centre.lng.toFixed(4)}` : null;
      if (store && store.state.map !== told) store.set({ map: told });
      scaleBar();
      callout();
    });
    map.on("move", () => {
      if (insetShown && !narrow) callout();
      hideTip();
    });
    map.on("zoomend", () => starting || layout());

    /* --------------------------------------------------------------------------------------------- layout */

    /** Put the parts where the width asks for them: over the map, or above and below it on a phone. */
    function arrange() {
      const stacked = window.parent.innerWidth < STACKED_PX;
      const is = root.clientWidth < (stacked ? 800 : NARROW_PX);
      root.classList.toggle("atlas-compact", !is && (root.clientWidth < 920 || root.clientHeight < 600));
      // A frame that cannot grow with its content scrolls instead.
      root.classList.toggle("atlas-scroll", is && !stacked);
      if (is !== narrow) {
        narrow = is;
        root.classList.toggle("atlas-narrow", is);
        root.classList.toggle("atlas-wide", !is);
        if (is) {
          top.append(head);
          below.append(legend, inset, footnote);
          container.append(tools, scale);
        } else {
          container.append(head, inset, tools, legend, scale, footnote);
        }
        footnote.open = !is;
      }
      keepHeadline();
      if (is) container.style.setProperty("--atlas-map-height", `${Math.round(Math.min(560, root.clientWidth * 1.03))}px`);
      frameHeight();
    }

    /** On a phone the headline keeps the height of its longest sentence: the map under it must not jump while it plays. */
    function keepHeadline() {
      headFinding.style.minHeight = "";
      if (!narrow || !lives || !lives.headlines.length) return;
      const shown = headFinding.textContent;
      headFinding.textContent = lives.headlines.reduce((long, one) => (one.text.length > long.length ? one.text : long), "");
      headFinding.style.minHeight = `${headFinding.offsetHeight}px`;
      headFinding.textContent = shown;
    }

    /** On a phone the frame is as high as its content, so that the page scrolls and not the frame. */
    function frameHeight() {
      if (narrow === null || window.parent === window) return;
      let height = null;
      if (narrow && window.parent.innerWidth < STACKED_PX) height = Math.ceil(below.getBoundingClientRect().bottom + window.scrollY);
      else if (window.parent.innerWidth < STACKED_PX) height = Math.round(Math.max(520, Math.min(720, root.clientWidth * 0.82)));
      if (height === toldHeight) return;
      toldHeight = height;
      const page = window.parent.document.documentElement.style;
      if (height) page.setProperty("--map-h", `${height}px`);
      else page.removeProperty("--map-h");
      if (height && window.Streamlit && typeof window.Streamlit.setFrameHeight === "function") window.Streamlit.setFrameHeight(height);
    }

    let toldHeight;
    let resizing = false;
    let lastSize = "";

    function resize() {
      if (!ready || closed || !started || !container.clientWidth) return;
      const size = sizeNow();
      arrange();
      if (size === lastSize && opening) {
        frameHeight();
        return;
      }
      lastSize = sizeNow();
      resizing = true;
      const held = readExtent(told) || { centre: map.getCenter(), zoom: map.getZoom() };
      map.invalidateSize({ pan: false, animate: false });
      if (!moved) fit(false);
      else {
        opening = openingView();
        least(Math.min(opening.zoom - 0.7, held.zoom));
        map.setView(held.centre, held.zoom, { animate: false });
      }
      resizing = false;
      layout();
    }

    function sizeNow() {
      return `${root.clientWidth} ${container.clientWidth} ${container.clientHeight}`;
    }

    let layoutFrame = 0;

    function layoutSoon() {
      if (layoutFrame) return;
      layoutFrame = requestAnimationFrame(() => {
        layoutFrame = 0;
        layout();
      });
    }

    /** Boxes on the map that labels keep clear of, relative to the map's own corner. */
    function fixtures() {
      const origin = container.getBoundingClientRect();
      const parts = narrow ? [tools, scale] : [headDate, headFinding, headKnown, headStale, legend, tools, scale, footnote];
      if (!narrow && insetShown) parts.push(inset);
      return parts.filter((part) => part.isConnected && !part.hidden && part.offsetWidth).map((part) => {
        const at = part.getBoundingClientRect();
        const text = part === scale ? 14 : 0; // its number stands above its box
        return box(at.left - origin.left - 4, at.top - origin.top - 3 - text, at.width + 8, at.height + 6 + text);
      });
    }

    /** How much a site's name is wanted on the painted day: 0 most. A mark without a source comes last. */
    function weight(site) {
      if (site.id === selected) return 0;
      const { category } = site.at >= 0 ? site.spans[site.at] : { category: "not-sourced" };
      if (category === "changing-hands") return 1;
      if (category.startsWith("coalition-")) return 2;
      // Among those without a source, the one that is most written about comes first.
      return category === "not-sourced" ? 4 + 1 / (1 + site.evidence.length) : 3;
    }

    /** True where a name is missing although one that is wanted less has found room: the day has moved since. */
    function labelsLag() {
      const near = labelled.map((spot) => [weight(spot.site), spot.label.hidden]);
      return near.some(([mine, missing]) => missing && near.some(([other, hidden]) => !hidden && other > mine));
    }

    let labelled = [];

    function layout() {
      const marks = layoutMarks();
      if (marks) layoutLabels(marks);
    }

    /** Put every mark in its place: cheap enough for the first frame. */
    function layoutMarks() {
      if (!ready || !lives || closed || !opening) return null;
      drawEdges();
      const zoom = map.getZoom();
      const insetSites = sites.filter((site) => site.inset && site.spots.length);
      insetShown = insetSites.length > 1 && zoom < INSET_UNTIL_ZOOM;
      inset.hidden = !insetShown && !narrow;
      if (narrow) inset.hidden = insetSites.length < 2;

      const size = map.getSize();
      const boxes = fixtures();
      const bounds = box(4, 4, size.x - 8, size.y - 8);
      const view = box(-20, -20, size.x + 40, size.y + 40);
      const spots = [];
      for (const site of sites) {
        const spot = site.spots[0];
        if (!spot) continue;
        spot.shown = !(insetShown && site.inset);
        spot.outer.style.display = spot.underOuter.style.display = spot.shown ? "" : "none";
        const pixels = metresToPixels(site.radius_m || 0, site.lat, zoom);
        site.ringFits = spot.shown && pixels > GLYPH_PX + 4;
        paintRing(site);
        spot.root.classList.toggle("is-small", pixels <= GLYPH_PX + 4);
        if (!spot.shown) continue;
        const at = map.latLngToContainerPoint([site.lat, site.lon]);
        spots.push(Object.assign(spot, { x: at.x, y: at.y, key: site.id }));
      }
      const frame = layoutFrameBox(insetSites);
      if (frame) boxes.push(frame);
      fanOut(spots, { apart: narrow ? 20.5 : 22, boxes, bounds });
      const lines = drawSpots(spots);
      const glyphs = spots.map((spot) => ({ ...around(spot.x + spot.dx, spot.y + spot.dy, GLYPH_PX + 1), key: spot.key }));
      scaleBar();
      return { zoom, spots, lines, glyphs, boxes, bounds, view, frame, insetSites };
    }

    /** The names of the marks, the inset, and whatever else is written on the map where there is room left. */
    function layoutLabels({ zoom, spots, lines, glyphs, boxes, bounds, view, frame, insetSites }) {
      if (!inset.hidden) layoutInset(insetSites);
      const near = spots.filter((spot) => inside(around(spot.x, spot.y, 1), view));
      near.sort((a, b) => weight(a.site) - weight(b.site));
      for (const spot of spots) spot.label.hidden = false; // all writes before the first read of a size
      lines.push(...callout());
      const items = placeByWeight(near, { glyphs, boxes, lines, bounds, dots: dashes(view) }, frame);
      for (const spot of spots) if (!near.includes(spot)) spot.label.hidden = true;
      for (const item of items) item.put(item.place);
      labelled = near;
      const taken = [...boxes, ...glyphs, ...items.filter((item) => item.place).map((item) => item.place.area)];
      layoutNames({ zoom, taken, lines, bounds, spots });
    }

    /** Place the names; where one that is wanted more has no seat and one that is wanted less has, try again with it first. */
    function placeByWeight(near, room, frame) {
      const place = (first) => {
        const items = near.map((spot) => labelItem(spot, narrow ? [24, 34] : [24, 38]));
        for (const item of items) if (first.has(item.key)) item.force = true;
        if (frame) items.unshift(frameItem(frame));
        return placeLabels(items, room);
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
      return items;
    }

    /** How many pixels a length is at a latitude and zoom. */
    function metresToPixels(metres, lat, zoom) {
      return (metres * 256 * 2 ** zoom) / (40075016.7 * Math.cos((lat * Math.PI) / 180));
    }

    /** The corners of the dashed regional line that are in sight, on screen. */
    function dashes(view) {
      return base("atlas-kr-boundary").flatMap((feature) => linesOf(feature.geometry).flat())
        .map(([lon, lat]) => map.latLngToContainerPoint([lat, lon]))
        .filter((dot) => dot.x > view.left && dot.x < view.right && dot.y > view.top && dot.y < view.bottom);
    }

    /** Move the marks to where fan-out puts them; returns the leader lines. */
    function drawSpots(spots) {
      const lines = [];
      for (const spot of spots) {
        const apart = Math.hypot(spot.dx, spot.dy) > 1;
        spot.mark.style.transform = apart ? `translate(${spot.dx.toFixed(1)}px,${spot.dy.toFixed(1)}px)` : "";
        spot.leader.style.display = apart ? "" : "none";
        spot.root.classList.toggle("is-fanned", apart);
        if (!apart) continue;
        spot.line.setAttribute("x2", spot.dx.toFixed(1));
        spot.line.setAttribute("y2", spot.dy.toFixed(1));
        lines.push({ x1: spot.x, y1: spot.y, x2: spot.x + spot.dx, y2: spot.y + spot.dy, key: spot.key });
      }
      return lines;
    }

    function labelItem(spot, far) {
      const { label } = spot;
      label.hidden = false;
      label.classList.remove("is-tight");
      const length = Math.hypot(spot.dx, spot.dy);
      return {
        key: spot.key, far, rank: weight(spot.site), x: spot.x + spot.dx, y: spot.y + spot.dy, w: label.offsetWidth, h: label.offsetHeight,
        gap: spot.site.id === selected ? LABEL_GAP_PX + 6 : LABEL_GAP_PX, away: length > 1 ? [spot.dx / length, spot.dy / length] : null, force: spot.site.id === selected,
        tighten() {
          label.classList.add("is-tight");
          if (label.offsetWidth === this.w) return false;
          this.w = label.offsetWidth;
          this.h = label.offsetHeight;
          return true;
        },
        put(place) {
          label.hidden = !place;
          spot.hairBox.style.display = place && place.far ? "" : "none";
          if (!place) return;
          if (place.far) {
            const hair = hairline(this, place.area);
            for (const [key, value] of Object.entries(hair)) spot.hair.setAttribute(key, (value - (key[0] === "x" ? spot.x : spot.y)).toFixed(1));
          }
          label.style.transform = `translate(${(spot.dx + place.dx).toFixed(1)}px,${(spot.dy + place.dy).toFixed(1)}px)`;
          label.style.textAlign = place.align;
        },
      };
    }

    /* ---------------------------------------------------------------------------- frame, inset and call-out */

    let frameShape = null;
    let frameLabel = null;
    let frameLabelMarker = null;
    const calloutLines = [];

    /** The inset's bounds: the six sites and some air, as L.LatLngBounds. */
    function insetBounds(insetSites) {
      return L.latLngBounds(insetSites.map((site) => [site.lat, site.lon])).pad(0.16);
    }

    function layoutFrameBox(insetSites) {
      if (!insetShown) {
        if (frameShape) frameShape.remove();
        if (frameLabelMarker) frameLabelMarker.remove();
        for (const line of calloutLines) line.remove();
        frameShape = null;
        frameLabelMarker = null;
        return null;
      }
      const bounds = insetBounds(insetSites);
      if (!frameShape) {
        frameShape = L.rectangle(bounds, { pane: "atlas-under", className: "atlas-detail", interactive: false }).addTo(map);
        frameLabel = button("atlas-detail-label", "", () => {
          moved = true;
          if (calm.matches) map.fitBounds(bounds, { animate: false, maxZoom: 9.4 });
          else map.flyToBounds(bounds, { duration: 0.6, maxZoom: 9.4, padding: [60, 60] });
        });
        L.DomEvent.disableClickPropagation(frameLabel);
        frameLabelMarker = L.marker(bounds.getCenter(), {
          interactive: false, keyboard: false, pane: "atlas-marks", icon: L.divIcon({ className: "atlas-icon", html: frameLabel, iconSize: [0, 0] }),
        }).addTo(map);
      } else {
        frameShape.setBounds(bounds);
        frameLabelMarker.setLatLng(bounds.getCenter());
      }
      say(frameLabel, `Baghdad: ${plural(insetSites.length, "site", "sites")}`);
      frameLabel.title = "Zoom to the Baghdad area";
      frameLabel.setAttribute("aria-label", `Baghdad area, ${plural(insetSites.length, "site", "sites")}: zoom in`);
      const nw = map.latLngToContainerPoint(bounds.getNorthWest());
      const se = map.latLngToContainerPoint(bounds.getSouthEast());
      return { left: nw.x - 1, top: nw.y - 1, right: se.x + 1, bottom: se.y + 1 };
    }

    function frameItem(frame) {
      const x = (frame.left + frame.right) / 2;
      const y = (frame.top + frame.bottom) / 2;
      return {
        key: "detail", x, y, w: frameLabel.offsetWidth, h: frameLabel.offsetHeight, gap: (frame.right - frame.left) / 2 + 4, away: null, force: true,
        put(place) {
          frameLabel.style.transform = `translate(${place.dx.toFixed(1)}px,${place.dy.toFixed(1)}px)`;
        },
      };
    }

    /** A thin line from the frame on the map to the inset, while both are in sight. */
    function callout() {
      const show = insetShown && !narrow && frameShape && ready;
      if (!show) {
        for (const line of calloutLines) line.remove();
        return [];
      }
      const bounds = frameShape.getBounds();
      const ne = map.latLngToContainerPoint(bounds.getNorthEast());
      const se = map.latLngToContainerPoint(bounds.getSouthEast());
      const a = inset.getBoundingClientRect();
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

    let insetDrawn = "";

    function layoutInset(insetSites) {
      const w = inset.clientWidth;
      const h = inset.clientHeight;
      if (!w || !h) return;
      const crs = L.CRS.EPSG3857;
      const bounds = L.latLngBounds(insetSites.map((site) => [site.lat, site.lon]));
      // Half of each ring of doubt at least is to be seen too, where that leaves the sites themselves room enough.
      for (const site of insetSites) {
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
      const zoom = crs.zoom(factor * crs.scale(0));
      const water = base("atlas-rivers").length + base("atlas-lakes").length;
      const key = `${w} ${h} ${factor} ${cx} ${water}`;
      if (key !== insetDrawn) {
        insetDrawn = key;
        insetBase.setAttribute("viewBox", `0 0 ${w} ${h}`);
        const parts = [];
        for (const [className, closedPath] of [["atlas-lakes", true], ["atlas-rivers", false]]) {
          let d = "";
          for (const feature of base(className)) {
            for (const line of linesOf(feature.geometry)) {
              const points = line.map(([lon, lat]) => project(lat, lon));
              if (!points.some((point) => point.x > -400 && point.x < w + 400 && point.y > -400 && point.y < h + 400)) continue;
              d += `M${points.map((point) => `${point.x.toFixed(1)} ${point.y.toFixed(1)}`).join("L")}${closedPath ? "Z" : ""}`;
            }
          }
          if (d) parts.push(svg("path", { d, class: className }));
        }
        for (const site of insetSites) {
          const pixels = metresToPixels(site.radius_m || 0, site.lat, zoom);
          const point = project(site.lat, site.lon);
          if (pixels > GLYPH_PX + 4) parts.push(svg("circle", { class: "atlas-ring", cx: point.x.toFixed(1), cy: point.y.toFixed(1), r: pixels.toFixed(1) }));
          site.spots[1].root.classList.toggle("is-small", pixels <= GLYPH_PX + 4);
        }
        insetBase.replaceChildren(...parts);
      }
      const spots = insetSites.map((site) => {
        const spot = site.spots[1];
        const point = project(site.lat, site.lon);
        spot.root.style.left = spot.under.style.left = `${point.x.toFixed(1)}px`;
        spot.root.style.top = spot.under.style.top = `${point.y.toFixed(1)}px`;
        return Object.assign(spot, { x: point.x, y: point.y, key: site.id });
      });
      const boxOf = (node) => box(node.offsetLeft - 4, node.offsetTop - 2, node.offsetWidth + 8, node.offsetHeight + 4);
      niceScale(insetScale, insetScaleText, metresToPixels(1000, bounds.getCenter().lat, zoom), 60);
      const bar = boxOf(insetScale);
      const boxes = [boxOf(insetTitle), { ...bar, top: bar.top - 14 }];
      const limits = box(4, 4, w - 8, h - 8);
      fanOut(spots, { apart: 23, boxes, bounds: limits });
      const lines = drawSpots(spots);
      const glyphs = spots.map((spot) => ({ ...around(spot.x + spot.dx, spot.y + spot.dy, GLYPH_PX + 1), key: spot.key }));
      const items = [...spots].sort((a, b) => weight(a.site) - weight(b.site)).map((spot) => labelItem(spot, [24]));
      placeLabels(items, { glyphs, boxes, lines, bounds: limits });
      for (const item of items) item.put(item.place);
    }

    /* ------------------------------------------------------------------------------------- quiet names */

    const towns = readTowns(given.towns);
    const countries = (given.countries || []).map((country) => ({ ...country, kind: "country" }));
    const areas = [
      { name: "Federal Iraq", rings: "atlas-regions-federal", kind: "area" },
      { name: "Kurdistan Region", rings: "atlas-regions-kurdistan", kind: "area" },
    ];

    function readTowns(data) {
      const features = Array.isArray(data) ? data : (data && data.features) || [];
      return features.map((feature) => (feature.geometry
        ? { name: feature.properties.name, rank: feature.properties.rank || 3, at: [...feature.geometry.coordinates].reverse() }
        : { ...feature, rank: feature.rank || 3 })).sort((a, b) => a.rank - b.rank);
    }

    /** A word on the map in a pane of its own; made once, moved afterwards. */
    function nameMarker(entry, className) {
      if (entry.marker) return entry;
      entry.node = el("div", className);
      entry.text = el("span", "", entry.name);
      entry.node.append(entry.text);
      entry.marker = L.marker(entry.at || [33, 43], {
        interactive: false, keyboard: false, pane: "atlas-names", icon: L.divIcon({ className: "atlas-icon", html: entry.node, iconSize: [0, 0] }),
      }).addTo(map);
      entry.marker.getElement().setAttribute("aria-hidden", "true");
      return entry;
    }

    const plain = (text) => text.toLowerCase().replace(/[^a-z]/g, "");

    /** Towns, areas and countries, each where there is room; while the reader zooms they wait for a rest. */
    function layoutNames(room) {
      clearTimeout(namesTimer);
      namesTimer = setTimeout(() => {
        if (rootShapes()) spreadNames(room);
        laidOut = true;
      }, laidOut ? 90 : 0);
    }

    function spreadNames({ zoom, taken, lines, bounds, spots }) {
      const boxes = [...taken];
      for (const town of towns) {
        nameMarker(town, `atlas-town atlas-town-${town.rank}`);
        town.node.hidden = false;
      }
      for (const area of areas) nameMarker(area, "atlas-country atlas-country-area").node.hidden = false;
      for (const country of countries) nameMarker(country, "atlas-country").node.hidden = false;
      // All sizes in one go, before anything is moved: reading them one by one lays the page out again each time.
      for (const entry of [...towns, ...areas, ...countries]) Object.assign(entry, { w: entry.text.offsetWidth, h: entry.text.offsetHeight });
      const finest = zoom < 6.2 ? 1 : zoom < 7.6 ? 2 : 3;
      const spread = (least, most) => {
        for (const town of towns) {
          if (town.rank >= least && town.rank <= most) placeTown(town, town.rank <= finest, { zoom, boxes, lines, bounds, spots });
        }
      };
      spread(0, 1);
      for (const area of areas) {
        area.lack = narrow || !placeName(area, ringsNamed(area.rings), boxes, bounds, lines);
      }
      // Both names or neither: one alone would say that the other part has no name.
      if (areas.some((area) => area.lack)) for (const area of areas) area.node.hidden = true;
      spread(2, 9);
      if (!narrow) {
        // The name of a country beside the date would read as part of the headline.
        const [at, origin] = [head.getBoundingClientRect(), container.getBoundingClientRect()];
        boxes.push(box(at.left - origin.left, at.top - origin.top, at.width + 12, at.height + 8));
      }
      for (const country of countries) {
        placeName(country, ringsNamed("atlas-neighbours", country.at), boxes, bounds, lines);
      }
    }

    function placeTown(town, wanted, { zoom, boxes, lines, bounds, spots }) {
      town.node.hidden = true;
      const at = map.latLngToContainerPoint(town.at);
      if (!wanted || !inside(around(at.x, at.y, 1), bounds)) return;
      const covered = boxes.some((one) => overlap(one, around(at.x, at.y, 3)));
      if (covered && town.rank > 1) return;
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

    const rootShapes = () => base("atlas-neighbours").length > 0;
    let namesTimer = 0;
    let laidOut = false;

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

    /* ------------------------------------------------------------------------------------------ scale bar */

    /** Make a scale bar of a round length that is at most `most` pixels long. */
    function niceScale(node, text, pixelsPerKm, most) {
      const limit = most / pixelsPerKm;
      const power = 10 ** Math.floor(Math.log10(limit));
      const km = [5, 2, 1].map((one) => one * power).find((one) => one <= limit);
      node.style.width = `${(km * pixelsPerKm).toFixed(1)}px`;
      say(text, km >= 1 ? `${km} km` : `${Math.round(km * 1000)} m`);
    }

    function scaleBar() {
      niceScale(scale, scaleText, metresToPixels(1000, map.getCenter().lat, map.getZoom()), narrow ? 70 : 110);
    }

    /* ---------------------------------------------------------------------------------------------- store */

    /** The store's listener; it must never throw, or the store would let it go. */
    function onStore(state, keys) {
      if (closed) return;
      try {
        if (keys.has("theme")) root.dataset.theme = state.theme;
        if (!store.lives) return;
        if (store.lives !== lives) {
          takeLives(store.lives);
          knownLine();
          paintFilter(state.off || []);
          paintDay(state.day, state.playing);
          paintSelection(state.site);
          if (started) layout();
          else start(state);
        }
        if (keys.has("off")) paintFilter(state.off);
        if (keys.has("day")) paintDay(state.day, state.playing);
        if (keys.has("playing") && !state.playing) rest();
        if (keys.has("site")) paintSelection(state.site);
        if (keys.has("map") && ready) adoptExtent(state.map, true);
        if (keys.has("resetView") && ready) fit(true);
        if (keys.has("escape")) {
          hideTip();
          hideCard();
          toggleUnplaced(false);
        }
      } catch (error) {
        console.error("Handover Atlas: the control layer", error);
      }
    }

    let started = false;
    let starting = false; // while the opening view is set, Leaflet's own events must not lay everything out

    /** First view, once both the stylesheet and the lives are there. */
    function start(state) {
      if (started || !ready || !lives) return;
      started = starting = true;
      arrange();
      map.invalidateSize({ pan: false, animate: false });
      // The inset's size is needed for the opening view, and its visibility for its size.
      inset.hidden = false;
      if (readExtent(state.map)) adoptExtent(state.map, false);
      else fit(false);
      root.classList.add("atlas-started");
      // The marks at once; their names in the next frame, and the quiet names after that.
      layoutMarks();
      lastSize = sizeNow();
      starting = false;
      layoutSoon();
    }

    function connect() {
      if (closed || store) return;
      let found = null;
      try {
        found = window.parent.__atlas;
      } catch {
        found = null;
      }
      store = found || window.__atlas || null;
      if (!store) return;
      clearInterval(poll);
      root.dataset.theme = store.state.theme || "light";
      const leave = store.subscribe(onStore);
      window.addEventListener("pagehide", () => {
        closed = true;
        leave();
      });
    }

    const poll = setInterval(connect, 50);
    try {
      window.parent.addEventListener("atlas-ready", connect, { once: true });
    } catch {
      // A frame of another origin: the store can only be our own.
    }
    connect();

    document.addEventListener("keydown", (event) => {
      const target = event.target;
      const pressable = target.closest && target.closest("button, summary, [role=button]");
      if ((event.key === " " || event.key === "Enter") && pressable) return;
      if (event.key === "Escape" && tipFor) hideTip();
      if (store && store.onKey(event)) event.preventDefault();
    });

    // Sizes can only be read once the stylesheet is there; the frame loads it without waiting for it.
    let waited = 0;
    const styled = setInterval(() => {
      waited += 1;
      if (getComputedStyle(container).getPropertyValue("--atlas-layer").trim() !== "1" && waited < 200) return;
      clearInterval(styled);
      ready = true;
      if (store && lives) start(store.state);
    }, 20);
    if (document.fonts) {
      document.fonts.ready.then(() => layoutSoon());
      document.fonts.addEventListener("loadingdone", () => layoutSoon());
    }
    new ResizeObserver(() => resize()).observe(root);
    new ResizeObserver(() => resize()).observe(container);
    for (const part of [top, below]) new ResizeObserver(() => frameHeight()).observe(part);
    window.addEventListener("beforeprint", () => hideTip());

    /* ----------------------------------------------------------------------------------- for tests */

    window.controlLayer = {
      /** The painted day as an ISO date, or null. */
      get day() {
        return day === null ? null : iso(day);
      },
      /** The painted category of a site, or null. */
      category(id) {
        const site = byId.get(id);
        return site && site.at >= 0 ? site.spans[site.at].category : null;
      },
      /** The painted category of every site by id. */
      categories() {
        return Object.fromEntries(sites.map((site) => [site.id, site.at >= 0 ? site.spans[site.at].category : null]));
      },
      /** True once the first view is laid out, names and all. */
      get ready() {
        return laidOut;
      },
    };
    return window.controlLayer;
  }

  window.AtlasControlLayer = { attach, glyph };
})();
