/**
 * The symbol of each category around 0, 0 in a field of 32 by 32: the outlines are shared with the canvas (sprites.js).
 */

import { svg } from "../text.js";

export const SHAPES = {
  "coalition-federal": ["circle", { r: 7.8 }],
  "coalition-kurdistan": ["path", { d: "M0-9.6 9.6 0 0 9.6-9.6 0Z" }],
  "iraqi-forces": ["rect", { x: -7, y: -7, width: 14, height: 14, rx: 0.8 }],
  "kurdistan-forces": ["path", { d: "M0-8.8 9.2 7H-9.2Z" }],
  "islamic-state": ["path", { d: "M-6-6 6 6M6-6-6 6" }],
  "not-sourced": ["circle", { r: 7.4 }],
};

/** A site that is changing hands where the payload does not say from what to what. */
export const UNKNOWN_TURN = ["coalition-federal", "iraqi-forces"];

/** True where half a symbol cannot be read: half a cross, half a "?" stand whole, and smaller, on their side. */
export const indivisible = (category) => category === "islamic-state" || category === "not-sourced" || !(category in SHAPES);

/** True where a span rests on weak evidence or on one party's word: it must not look as sure as the others. */
export const soft = (span) => Boolean(span.weak) || span.basis === "claimed";

/** One category's shape: a keyline in the colour of the paper and the coloured shape on it. */
function shape(category, whole) {
  const known = category in SHAPES ? category : "not-sourced";
  const [tag, attributes] = SHAPES[known];
  return svg("g", { class: `atlas-shape atlas-shape-${known}` },
    svg(tag, { ...attributes, class: "atlas-key" }), svg(tag, { ...attributes, class: "atlas-fill" }),
    known === "not-sourced" ? null : svg(tag, { ...attributes, class: "atlas-core" }),
    known === "not-sourced" && whole ? svg("text", { class: "atlas-question", y: 3.9, "text-anchor": "middle", text: "?" }) : null);
}

const drawn = new Map();

/** The glyph of a look; `half` names the old and the new category of a site that is changing hands. */
export function glyph({ category, half = null, weak = false, stale = false }) {
  const key = `${category} ${half ? half.join(" ") : ""} ${weak} ${stale}`;
  if (!drawn.has(key)) drawn.set(key, draw(category, half || UNKNOWN_TURN, `${weak ? " is-weak" : ""}${stale ? " is-stale" : ""}`));
  return drawn.get(key).cloneNode(true);
}

function draw(category, [before, after], marked) {
  const root = svg("svg", { class: `atlas-glyph${marked}`, viewBox: "-16 -16 32 32", "aria-hidden": "true" });
  if (category !== "changing-hands") {
    root.append(shape(category, true));
    return root;
  }
  root.append(svg("circle", { r: 12.6, class: "atlas-turn-key" }), svg("circle", { r: 12.6, class: "atlas-turn" }));
  for (const [one, x] of [[before, -12], [after, 0.6]]) {
    if (indivisible(one)) {
      root.append(svg("g", { transform: `translate(${x < 0 ? -6.1 : 6.1} 0) scale(.66)` }, shape(one, true)));
      continue;
    }
    // A nested viewport clips: each half shows its own side of the whole shape.
    root.append(svg("svg", { x, y: -12, width: 11.4, height: 24, viewBox: `${x} -12 11.4 24` },
      svg("g", { transform: "scale(.98)" }, shape(one, false))));
  }
  return root;
}

/** A small hollow clock: what is known today about the site is another category. */
export function clockBadge() {
  return svg("svg", { class: "atlas-badge", viewBox: "-6 -6 12 12", "aria-hidden": "true" },
    svg("circle", { r: 4.4 }), svg("path", { d: "M0-2.4V0.3L1.9 1.4" }));
}

/** A short arrow to the right. */
export function arrow() {
  return svg("svg", { class: "atlas-arrow", viewBox: "0 -4 10 8", "aria-hidden": "true" }, svg("path", { d: "M0 0H8.4M5.4-2.9 8.6 0 5.4 2.9" }));
}
