/**
 * One mark of a site as elements: on the map while there are few sites, in the inset, and for the selected site.
 *
 * A mark is a button with a name; its label, its line to the place it belongs to and its disc of doubt go with it.
 */

import { el, svg } from "../text.js";
import { arrow, clockBadge, glyph } from "./glyphs.js";
import { coarse } from "./reader.js";
import { APART, GHOST, SAME } from "./states.js";

/** Make the mark of a site on a surface ("map" or "inset"). */
export function makeSpot(layer, site, surface) {
  const { L, map, tip, card } = layer;
  const spot = { site, surface, key: site.id, dx: 0, dy: 0, x: 0, y: 0, shown: true };
  spot.glyph = el("span", { class: "atlas-glyph-box" });
  spot.mark = el("div", { class: "atlas-mark", role: "button", tabindex: 0, "aria-describedby": tip.id, dataset: { site: site.id } }, spot.glyph);
  spot.label = el("div", { class: "atlas-label", "aria-hidden": "true", text: site.short || site.name });
  spot.root = el("div", { class: "atlas-spot" }, spot.mark, spot.label);
  spot.line = svg("line", { class: "atlas-leader" });
  spot.leader = svg("svg", { class: "atlas-leader-box", width: 1, height: 1, "aria-hidden": "true" }, spot.line, svg("circle", { class: "atlas-true", r: 2.2 }));
  Object.assign(spot, makeHair());
  spot.under = el("div", { class: "atlas-spot atlas-spot-under" }, spot.leader, spot.hairBox);
  for (const node of [spot.root, spot.under]) node.classList.toggle("is-vague", Boolean(site.radius_m));
  const choose = (event) => {
    event.preventDefault();
    event.stopPropagation();
    if (layer.store) layer.store.actions.select(spot.key);
    if (event.pointerType === "touch" || (coarse.matches && event.type === "click")) card.show(spot.site);
  };
  for (const node of [spot.mark, spot.label]) {
    L.DomEvent.disableClickPropagation(node);
    node.addEventListener("click", choose);
    tip.onHover(node, spot.mark, (into) => layer.account.fillTip(spot.site, into));
    node.addEventListener("pointerenter", () => spot.root.classList.add("is-near"));
    node.addEventListener("pointerleave", () => spot.root.classList.remove("is-near"));
  }
  spot.mark.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") choose(event);
  });
  spot.mark.addEventListener("focus", () => nameSpot(layer, spot));
  if (surface === "map") {
    const place = [site.lat, site.lon];
    spot.under.classList.add("leaflet-zoom-animated");
    spot.marker = pin(L, place, "atlas-marks", spot.root).addTo(map);
    spot.underMarker = pin(L, place, "atlas-under", spot.under).addTo(map);
    spot.outer = spot.marker.getElement();
    spot.underOuter = spot.underMarker.getElement();
  }
  return spot;
}

/** The thin line from a mark to a label that stands away from it. */
export function makeHair() {
  const hair = svg("line", { class: "atlas-hair" });
  const hairBox = svg("svg", { class: "atlas-hair-box", width: 1, height: 1, "aria-hidden": "true" }, hair);
  hairBox.style.display = "none";
  return { hair, hairBox };
}

/** A Leaflet marker that only carries an element to its place. */
export function pin(L, place, pane, html) {
  return L.marker(place, { interactive: false, keyboard: false, pane, icon: L.divIcon({ className: "atlas-icon", html, iconSize: [0, 0] }) });
}

export function removeSpot(spot) {
  spot.root.remove();
  spot.under.remove();
  if (spot.marker) spot.marker.remove();
  if (spot.underMarker) spot.underMarker.remove();
}

/** Draw what the site's code says: its glyph, and what it was or will be beside it. */
export function paintSpot(layer, spot) {
  const look = layer.states.look(spot.site.index);
  const plain = look.mode !== GHOST && look.mode !== APART && !look.badge;
  const key = plain ? `${look.category} ${look.half} ${look.weak} ${look.stale}` : null;
  if (!plain) {
    spot.glyph.replaceChildren(...drawnApart(layer, look));
    spot.kept = null;
  } else if (spot.looks !== key) showGlyph(spot, key, look);
  spot.looks = key;
  const { root, under } = spot;
  if (root.dataset.category !== look.category) root.dataset.category = look.category;
  const mode = `${look.hidden} ${look.mode}`;
  if (spot.shownMode === mode) return;
  spot.shownMode = mode;
  for (const node of [root, under]) {
    node.classList.toggle("is-off", look.hidden);
    node.classList.toggle("is-same", look.mode === SAME);
  }
  root.classList.toggle("is-apart", look.mode === APART);
}

/**
 * Show the drawing of a plain look. Those shown before stay in the mark unseen: a jump changes most marks, most of them to
 * what they were before, and to show one takes a third of the time of putting it in.
 */
function showGlyph(spot, key, look) {
  if (!spot.kept) {
    spot.glyph.replaceChildren();
    spot.kept = new Map();
  } else spot.kept.get(spot.looks).style.display = "none";
  const there = spot.kept.get(key);
  if (there) there.style.display = "";
  else {
    spot.kept.set(key, glyph(look));
    spot.glyph.append(spot.kept.get(key));
  }
}

function drawnApart(layer, look) {
  const parts = [];
  if (look.mode === GHOST) parts.push(el("span", { class: "atlas-ghost" }, glyph(look.other)));
  parts.push(glyph(look));
  if (look.mode === APART) parts.push(el("span", { class: `atlas-was ${layer.laterFirst ? "is-later" : ""}` }, glyph(look.other), arrow()));
  if (look.badge) parts.push(clockBadge());
  return parts;
}

/** Give a mark the name a screen reader says. */
export function nameSpot(layer, spot) {
  const text = layer.account.name(spot.site);
  if (text && spot.named !== text) {
    spot.named = text;
    spot.mark.setAttribute("aria-label", text);
  }
}

/** Move the marks to where fan-out puts them; returns the leader lines. */
export function standAside(spots) {
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

export function selectSpot(spot, is) {
  for (const node of [spot.root, spot.under]) node.classList.toggle("is-selected", is);
  if (is) spot.mark.setAttribute("aria-current", "true");
  else spot.mark.removeAttribute("aria-current");
  if (spot.marker) spot.marker.setZIndexOffset(is ? 5000 : 0);
}
