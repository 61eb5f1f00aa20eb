/**
 * Rings that open once round what has just changed; a few elements, used again, so that a burst cannot pile up.
 */

import { el } from "../text.js";
import { calm } from "./reader.js";

const MOST_AT_ONCE = 14;
const LENGTH_MS = 700;
const STILL_MS = 1100; // how long a ring stands where motion is not wanted

export function makePulses(layer) {
  const idle = [];
  let running = 0;
  let waiting = null;

  /**
   * After the next frame, so that the marks themselves are painted first, and once however far the day has moved by then.
   * To start an animation the browser brings all styles up to date: in that frame it would do so for the marks twice.
   */
  function soon(sites) {
    const had = waiting;
    waiting = sites;
    if (had) return;
    requestAnimationFrame(() => setTimeout(() => {
      const due = waiting;
      waiting = null;
      if (!layer.closed) for (const site of due) if (running < MOST_AT_ONCE) pulse(site);
    }));
  }

  function pulse(site) {
    const spots = [layer.marks.pulseAt(site), layer.inset.pulseAt(site)];
    for (const place of spots) {
      if (!place) continue;
      const ring = idle.pop() || el("span", { class: "atlas-pulse" });
      ring.classList.toggle("is-still", calm.matches);
      ring.style.cssText = place.inside ? "" : `left:${place.x - place.radius}px;top:${place.y - place.radius}px;width:${2 * place.radius}px;height:${2 * place.radius}px`;
      place.parent.append(ring);
      running += 1;
      const end = () => {
        running -= 1;
        ring.remove();
        idle.push(ring);
      };
      if (calm.matches) {
        setTimeout(end, STILL_MS);
        continue;
      }
      const run = ring.animate([{ transform: "scale(.5)", opacity: 0.85 }, { transform: "scale(1.6)", opacity: 0 }], { duration: LENGTH_MS, easing: "ease-out" });
      run.onfinish = run.oncancel = end;
    }
  }

  return { soon, most: MOST_AT_ONCE };
}
