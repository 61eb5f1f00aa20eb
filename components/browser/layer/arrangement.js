/**
 * The parts round the map: over it on a wide screen, above and below it on a phone; and the height of the frame.
 */

import { el } from "../text.js";

const NARROW_PX = 680;             // below this width headline, inset and legend leave the map and flow around it
const STACKED_PX = 900;            // below this width of the page the map has no height of its own: see --map-h in frame.css

export function makeArrangement(layer) {
  const { root, container, page } = layer;
  const top = el("div", { class: "atlas-top" });
  const below = el("div", { class: "atlas-below" });
  container.before(top);
  container.after(below);
  let toldHeight;
  let lastSize = "";

  /** Put the parts where the width asks for them. */
  function arrange() {
    const stacked = page.innerWidth < STACKED_PX;
    const is = root.clientWidth < (stacked ? 800 : NARROW_PX);
    root.classList.toggle("atlas-compact", !is && (root.clientWidth < 920 || root.clientHeight < 600));
    // A frame that cannot grow with its content scrolls instead.
    root.classList.toggle("atlas-scroll", is && !stacked);
    if (is !== layer.narrow) {
      const { headline, inset, legend, footnote, tools, scale } = layer;
      layer.narrow = is;
      root.classList.toggle("atlas-narrow", is);
      root.classList.toggle("atlas-wide", !is);
      if (is) {
        top.append(headline.head);
        below.append(legend.legend, inset.node, footnote);
        container.append(headline.plate, tools, scale.node);
      } else {
        headline.plate.remove();
        container.append(headline.head, inset.node, tools, legend.legend, scale.node, footnote);
      }
      headline.arrange();
      footnote.open = !is;
    }
    layer.headline.keepHeight();
    if (is) container.style.setProperty("--atlas-map-height", `${Math.round(Math.min(560, root.clientWidth * 1.03))}px`);
    frameHeight();
  }

  /** On a phone the frame is as high as its content, so that the page scrolls and not the frame. */
  function frameHeight() {
    if (layer.narrow === null || page === window) return;
    let height = null;
    if (layer.narrow && page.innerWidth < STACKED_PX) height = Math.ceil(below.getBoundingClientRect().bottom + window.scrollY);
    else if (page.innerWidth < STACKED_PX) height = Math.round(Math.max(520, Math.min(720, root.clientWidth * 0.82)));
    if (height === toldHeight) return;
    toldHeight = height;
    const outside = page.document.documentElement.style;
    if (height) outside.setProperty("--map-h", `${height}px`);
    else outside.removeProperty("--map-h");
    if (height && window.Streamlit && typeof window.Streamlit.setFrameHeight === "function") window.Streamlit.setFrameHeight(height);
  }

  const sizeNow = () => `${root.clientWidth} ${container.clientWidth} ${container.clientHeight}`;

  /** Follow a new size; true if the map itself has another one. */
  function resized() {
    const size = sizeNow();
    arrange();
    if (size === lastSize && layer.extent.opened) {
      frameHeight();
      return false;
    }
    lastSize = sizeNow();
    return true;
  }

  for (const part of [top, below]) new ResizeObserver(() => frameHeight()).observe(part);

  return {
    arrange, resized,
    remember() {
      lastSize = sizeNow();
    },
  };
}
