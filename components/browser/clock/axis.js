/** The axis: which years it shows, its scale, and its still picture; zooming glides unless less motion is asked for. */

import { drawPicture, makeScale } from "./picture.js";
import { allYears, denseYears } from "./years.js";

const MARGIN_PX = 12;
const GLIDE_MS = 320;

/** Make the axis of `track`; `drawn(drawing)` is called after each new picture, `calm()` says whether to jump. */
export function makeAxis({ track, picture, store, compact, calm, drawn }) {
  let lives = null;
  let changes = null;
  let dense = null;
  let shown = null; // { from, to } as drawn, in mid-glide too
  let frame = 0;

  const axis = {
    scale: null,
    bands: [],
    get dense() {
      return dense;
    },
    /** The years asked for: { from, to }. */
    get wanted() {
      return store.state.axis === "dense" && dense ? dense : allYears(lives);
    },
    /** The first and the last day that can be shown on the axis as asked for. */
    get span() {
      const { from, to } = axis.wanted;
      return { first: Math.max(lives.first, from), last: Math.min(lives.last, to) };
    },
    /** The day at `px`, within the record and the years shown. */
    dayAt(px) {
      const { first, last } = axis.span;
      return Math.max(first, Math.min(last, axis.scale.day(px)));
    },
    take(newLives, newChanges) {
      [lives, changes] = [newLives, newChanges];
      dense = denseYears(lives);
      axis.layOut();
    },
    /** Draw at once, at the width there is. */
    layOut() {
      cancelAnimationFrame(frame);
      frame = 0;
      if (lives) draw(axis.wanted);
    },
    /** Draw the years asked for, from those now on screen. */
    glide() {
      cancelAnimationFrame(frame);
      frame = 0;
      if (!lives) return;
      if (calm() || !shown || !axis.scale) {
        draw(axis.wanted);
        return;
      }
      const from = shown;
      const to = axis.wanted;
      let start = null;
      const step = (time) => {
        start ??= time;
        const part = Math.min(1, (time - start) / GLIDE_MS);
        const eased = part * part * (3 - 2 * part);
        frame = part < 1 ? requestAnimationFrame(step) : 0;
        draw(part < 1 ? { from: from.from + (to.from - from.from) * eased, to: from.to + (to.to - from.to) * eased } : to);
      };
      frame = requestAnimationFrame(step);
    },
    stop: () => cancelAnimationFrame(frame),
  };

  function draw(years) {
    const width = track.clientWidth;
    if (!width) return;
    shown = { from: years.from, to: years.to };
    axis.scale = makeScale(shown, { left: MARGIN_PX, right: width - MARGIN_PX, width });
    const drawing = drawPicture({ lives, changes, scale: axis.scale, compact: compact(), site: store.state.site });
    axis.bands = drawing.bands;
    picture.replaceChildren(...drawing.nodes);
    picture.setAttribute("viewBox", `0 0 ${width} ${drawing.height}`);
    picture.setAttribute("width", width);
    picture.setAttribute("height", drawing.height);
    track.style.height = `${drawing.height}px`;
    drawn(drawing);
  }
  return axis;
}
