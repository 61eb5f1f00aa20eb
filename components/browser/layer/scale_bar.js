/**
 * A scale bar of a round length.
 */

import { el, say } from "../text.js";
import { metresToPixels } from "./geometry.js";

export function makeScaleBar(className) {
  const text = el("span");
  const node = el("div", { class: className }, text);
  return {
    node,
    /** Show a round length that is at most `most` pixels long at this latitude and zoom. */
    show(lat, zoom, most) {
      const pixelsPerKm = metresToPixels(1000, lat, zoom);
      const limit = most / pixelsPerKm;
      const power = 10 ** Math.floor(Math.log10(limit));
      const km = [5, 2, 1].map((one) => one * power).find((one) => one <= limit);
      node.style.width = `${(km * pixelsPerKm).toFixed(1)}px`;
      say(text, km >= 1 ? `${km} km` : `${Math.round(km * 1000)} m`);
    },
  };
}
