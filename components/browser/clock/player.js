/** Where playback stands, in two rhythms. Pure but for the clock it is handed: it draws nothing and sets nothing. */

import { above } from "./changes.js";

const SECONDS_A_CHANGE = 1.2;
const SECONDS_A_SPAN = 60;
const RESTING = 0.5; // by change: the part of its time the picture rests on a change before it moves on
const LOOP_REST_SECONDS = 1.5; // on the last day, before a loop begins again
const LONGEST_FRAME_MS = 100; // after a sleeping tab, go on from where it was instead of leaping

/**
 * Make a player. All it needs it asks for at every frame: `span()` the first and last day of the axis shown, `days()` the
 * sorted change days, `tempo()` the rhythm ("change" or "time"), speed and loop, `calm()` whether to step instead of glide.
 */
export function makePlayer({ span, days, tempo, calm }) {
  let before = null; // time of the last frame, in ms
  let shown = null; // the day last returned: another one on screen means somebody moved the date
  let place = null; // by change: { all, stop, part }; by time: { day }
  let rested = 0; // seconds on the last day, waiting to begin again
  let setting = ""; // what `place` was reckoned for

  const stops = ({ first, last }) => [...new Set([first, ...days().filter((day) => day > first && day < last), last])];
  // Rest on the change first, then glide to the next: a reader needs a still picture to read.
  const glide = (part) => {
    const t = Math.max(0, (part - RESTING) / (1 - RESTING));
    return t * t * (3 - 2 * t);
  };
  const unglide = (done) => (done <= 0 ? 0 : RESTING + (1 - RESTING) * (0.5 - Math.sin(Math.asin(1 - 2 * done) / 3)));

  const locate = (day, ends, rhythm) => {
    if (rhythm === "time") return { day };
    const all = stops(ends);
    const stop = Math.max(0, Math.min(all.length - 2, above(all, day) - 1));
    return { all, stop, part: all.length < 2 ? 1 : unglide((day - all[stop]) / (all[stop + 1] - all[stop])) };
  };

  return {
    restart() {
      before = null;
      place = null;
      rested = 0;
    },
    /** The day to show at `time` (ms), given the day on screen. */
    advance(time, day) {
      const passed = before === null ? 0 : Math.min(LONGEST_FRAME_MS, time - before) / 1000;
      before = time;
      const { rhythm, speed, loop } = tempo();
      const { first, last } = span();
      const now = `${rhythm} ${first} ${last}`;
      if (day < first || day > last) { // the axis was zoomed while it played elsewhere
        [place, shown, setting] = [locate(first, { first, last }, rhythm), first, now];
        return shown;
      }
      if (!place || day !== shown || setting !== now) place = locate(day, { first, last }, rhythm);
      setting = now;
      if (day >= last && loop) {
        rested += passed;
        shown = last;
        if (rested < LOOP_REST_SECONDS) return shown;
        rested = 0;
        [place, shown] = [locate(first, { first, last }, rhythm), first];
        return shown;
      }
      rested = 0;
      if (rhythm === "time") {
        const step = (last - first) / SECONDS_A_SPAN;
        place.day = Math.min(last, place.day + step * speed * passed);
        const stepped = calm() && step > 0 ? first + Math.floor((place.day - first) / step) * step : place.day;
        shown = place.day >= last ? last : Math.max(day, Math.floor(stepped));
        return shown;
      }
      const { all } = place;
      place.part += (passed / SECONDS_A_CHANGE) * speed;
      if (place.part >= 1 && place.stop < all.length - 2) {
        // One stop a frame at most, and still resting on it: on a slow machine too every change is painted.
        place.part = Math.min(place.part - 1, RESTING - 0.01);
        place.stop += 1;
      }
      const done = place.part >= 1 ? 1 : calm() ? 0 : glide(place.part);
      shown = done >= 1 ? all.at(place.stop + 1) ?? last : Math.floor(all[place.stop] + done * (all[place.stop + 1] - all[place.stop]));
      if (calm()) shown = Math.max(shown, day);
      return shown;
    },
  };
}
