/**
 * The hover label: what is known about the mark or row under the pointer, where it covers least.
 */

import { el } from "../text.js";
import { box, overlap } from "./boxes.js";

export function makeTip(layer) {
  const { container } = layer;
  const view = document.documentElement;
  const tip = el("div", { class: "atlas-tip", role: "tooltip", id: "atlas-tip" });
  tip.hidden = true;
  document.body.append(tip);
  let shownFor = null; // { anchor, fill }; the anchor has getBoundingClientRect() and dataset

  function show(anchor, fill) {
    shownFor = { anchor, fill };
    refresh();
  }

  function refresh() {
    if (!shownFor) return;
    tip.replaceChildren();
    shownFor.fill(tip);
    tip.hidden = false;
    const at = shownFor.anchor.getBoundingClientRect();
    const { offsetWidth: w, offsetHeight: h } = tip;
    const width = view.clientWidth;
    // The frame is as high as what it holds; a page of its own is seen through a window.
    const height = layer.framed ? Math.max(view.clientHeight, document.body.scrollHeight) : view.clientHeight;
    const gap = 14;
    const clampX = (x) => Math.round(Math.max(6, Math.min(width - w - 6, x)));
    const clampY = (y) => Math.round(Math.max(6, Math.min(height - h - 6, y)));
    const [midX, midY] = [at.left + at.width / 2, at.top + at.height / 2];
    // The site's own name is in the label; what the label hides of the others is what counts.
    const kept = shownFor.anchor.dataset.site ? [...container.querySelectorAll(".atlas-mark, .atlas-label")] : [];
    const others = kept.map((node) => node.getBoundingClientRect()).filter((one) => one.width);
    const words = layer.narrow ? [] : layer.headline.words().map((node) => node.getBoundingClientRect());
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

  function hide(anchor) {
    if (!shownFor || (anchor && shownFor.anchor !== anchor)) return;
    shownFor = null;
    tip.hidden = true;
  }

  function onHover(node, anchor, fill) {
    node.addEventListener("pointerenter", (event) => event.pointerType !== "touch" && show(anchor, fill));
    node.addEventListener("pointerleave", () => hide(anchor));
    node.addEventListener("focus", () => node.matches(":focus-visible") && show(anchor, fill));
    node.addEventListener("blur", () => hide(anchor));
  }

  window.addEventListener("beforeprint", () => hide());
  return {
    id: tip.id, show, refresh, hide, onHover,
    get open() {
      return shownFor !== null;
    },
  };
}
