/**
 * The buttons of the map: nearer, farther, back to the opening view.
 */

import { el, svg } from "../text.js";
import { calm } from "./reader.js";

export function makeTools(layer) {
  const { map } = layer;
  const tools = el("div", { class: "atlas-tools", role: "group", "aria-label": "Map view" });
  for (const [label, d, act] of [
    ["Zoom in", "M10 4.5v11M4.5 10h11", () => map.zoomIn(0.75, { animate: !calm.matches })],
    ["Zoom out", "M4.5 10h11", () => map.zoomOut(0.75, { animate: !calm.matches })],
    ["Reset view", "M4 7.5V4h3.5M12.5 4H16v3.5M16 12.5V16h-3.5M7.5 16H4v-3.5M10 8.2v3.6M8.2 10h3.6", () => (layer.store ? layer.store.actions.resetView() : layer.extent.fit(true))],
  ]) {
    tools.append(el("button", { type: "button", class: "atlas-tool", "aria-label": label, title: label === "Reset view" ? "Reset view (0)" : label, on: { click: act } },
      svg("svg", { viewBox: "0 0 20 20", "aria-hidden": "true" }, svg("path", { d }))));
  }
  return tools;
}
