/**
 * The marks as small pictures for the canvas: each drawn once for a size, a density of pixels and a theme.
 *
 * Same outlines and colours as the elements in glyphs.js. In units of 32 to a field, as there: `unit` is how many device
 * pixels one is. Small marks lose what could not be read on them ("?", dashes, the hands of the clock).
 */

import { SHAPES, UNKNOWN_TURN, indivisible } from "./glyphs.js";
import { APART, GHOST, SAME } from "./states.js";

const FULL = 10;             // radius of a glyph in units
const READABLE = 0.6;        // below this many CSS pixels a unit, dashes and letters are left out
const REACH = 15.5;          // how far a mark with its disc of doubt reaches, in units
const THEN = 22;             // how far beside a mark stands what it was on another day
const SMALL = 0.62;          // how much smaller that is
const FADED = 0.3;
const STALE = 0.4;           // how much of its colour is left in a mark without evidence for long; one on weak evidence is hollow

/** Make a cache of sprites; `radius` is that of a glyph in CSS pixels, `density` device pixels per CSS pixel. */
export function makeSprites(root, { radius, density, laterFirst }) {
  const scale = radius / FULL;
  const unit = scale * density;
  const style = getComputedStyle(root);
  const colours = new Map();
  const sprites = new Map();
  const pen = new OffscreenCanvas(1, 1).getContext("2d");

  function colour(name) {
    if (!colours.has(name)) {
      pen.fillStyle = "#888888";
      pen.fillStyle = style.getPropertyValue(`--${name}`).trim() || "#888888";
      colours.set(name, pen.fillStyle);
    }
    return colours.get(name);
  }

  /** `share` of one colour and the rest of another, both "#rrggbb". */
  function mix(one, other, share) {
    const part = (text, at) => Number.parseInt(text.slice(at, at + 2), 16);
    const value = (at) => Math.round(part(one, at) * share + part(other, at) * (1 - share)).toString(16).padStart(2, "0");
    return `#${value(1)}${value(3)}${value(5)}`;
  }

  /** The sprite of a code: { data, left, top, width, height, rank }; left and top are how far its corner is from its place. */
  function sprite(code, vague, decode) {
    const key = vague ? code + 2 ** 24 : code;
    let found = sprites.get(key);
    if (!found) {
      found = draw(decode(code), vague);
      sprites.set(key, found);
    }
    return found;
  }

  function draw(look, vague) {
    const reach = Math.ceil(REACH * unit) + 1;
    const aside = look.mode === APART ? Math.ceil((THEN + 9) * unit) + 1 : 0;
    const behind = look.mode === GHOST ? Math.ceil(18.5 * unit) + 1 : 0;
    const left = Math.max(reach, laterFirst ? 0 : aside, behind);
    const top = Math.max(reach, behind);
    const width = left + Math.max(reach, laterFirst ? aside : 0);
    const height = top + reach;
    const ctx = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    ctx.setTransform(unit, 0, 0, unit, left, top);
    ctx.lineJoin = "round";
    if (look.hidden) dot(ctx);
    else mark(ctx, look, vague);
    const low = look.hidden || look.mode === SAME || look.category === "not-sourced";
    const high = look.mode === APART || look.category === "changing-hands";
    return { ...trim(ctx.getImageData(0, 0, width, height), left, top), rank: low ? (look.mode === APART ? 2 : 0) : high ? 2 : 1 };
  }

  /** A picture without the empty rows and columns at its edges. */
  function trim({ data, width, height }, left, top) {
    const pixels = new Uint32Array(data.buffer);
    let [l, t, r, b] = [width, height, 0, 0];
    pixels.forEach((pixel, at) => {
      if (!(pixel >>> 24)) return;
      const [column, row] = [at % width, Math.floor(at / width)];
      l = Math.min(l, column);
      r = Math.max(r, column + 1);
      t = Math.min(t, row);
      b = Math.max(b, row + 1);
    });
    if (r <= l) return { data: new Uint32Array(0), left: 0, top: 0, width: 0, height: 0 };
    const kept = new Uint32Array((r - l) * (b - t));
    for (let row = t; row < b; row += 1) kept.set(pixels.subarray(row * width + l, row * width + r), (row - t) * (r - l));
    return { data: kept, left: left - l, top: top - t, width: r - l, height: b - t };
  }

  function dot(ctx) {
    ctx.globalAlpha = 0.55;
    ctx.fillStyle = colour("mute");
    ctx.beginPath();
    ctx.arc(0, 0, Math.max(3, 0.9 / scale), 0, 7);
    ctx.fill();
  }

  function mark(ctx, look, vague) {
    if (look.mode === SAME) ctx.globalAlpha = FADED;
    if (vague) doubt(ctx, look.category === "changing-hands" ? 16 : 14);
    if (look.mode === GHOST) {
      ctx.save();
      ctx.globalAlpha = 0.45;
      ctx.translate(-9, -9);
      ctx.scale(SMALL, SMALL);
      glyph(ctx, look.other);
      ctx.restore();
    }
    glyph(ctx, look);
    if (look.mode === APART) {
      const side = laterFirst ? 1 : -1;
      ctx.save();
      ctx.translate(side * THEN, 0);
      ctx.scale(SMALL, SMALL);
      glyph(ctx, look.other);
      ctx.restore();
      pointer(ctx, laterFirst ? 10.4 : -15.2);
    }
    if (look.badge) badge(ctx);
  }

  /** The disc of doubt of an approximate position. */
  function doubt(ctx, radiusUnits) {
    ctx.save();
    ctx.fillStyle = colour("ink");
    ctx.strokeStyle = colour("ink");
    ctx.beginPath();
    ctx.arc(0, 0, radiusUnits - 0.6, 0, 7);
    const alpha = ctx.globalAlpha;
    ctx.globalAlpha = alpha * 0.07;
    ctx.fill();
    ctx.globalAlpha = alpha * 0.42;
    ctx.lineWidth = Math.max(0.9, 0.6 / scale);
    ctx.setLineDash([ctx.lineWidth, ctx.lineWidth * 1.6]);
    ctx.stroke();
    ctx.restore();
  }

  function glyph(ctx, look) {
    if (look.category !== "changing-hands") {
      shape(ctx, look.category, true, look);
      return;
    }
    const [before, after] = look.half || UNKNOWN_TURN;
    ctx.beginPath();
    ctx.arc(0, 0, 12.6, 0, 7);
    ctx.fillStyle = ctx.strokeStyle = colour("halo");
    ctx.lineWidth = 2.4;
    ctx.fill();
    ctx.stroke();
    ctx.save();
    ctx.globalAlpha *= 0.75;
    ctx.strokeStyle = colour("ink");
    ctx.lineWidth = Math.max(1.3, 0.7 / scale);
    if (scale >= READABLE) ctx.setLineDash([3.2, 2.4]);
    ctx.stroke();
    ctx.restore();
    for (const [one, side] of [[before, -1], [after, 1]]) {
      ctx.save();
      if (indivisible(one)) {
        ctx.translate(side * 6.1, 0);
        ctx.scale(0.66, 0.66);
        shape(ctx, one, true, look);
      } else {
        ctx.beginPath();
        ctx.rect(side < 0 ? -12 : 0.6, -12, 11.4, 24);
        ctx.clip();
        ctx.scale(0.98, 0.98);
        shape(ctx, one, false, look);
      }
      ctx.restore();
    }
  }

  function outline(category) {
    const [tag, given] = SHAPES[category];
    const path = new Path2D(tag === "path" ? given.d : "");
    if (tag === "circle") path.arc(0, 0, given.r, 0, 7);
    if (tag === "rect") path.rect(given.x, given.y, given.width, given.height);
    return path;
  }

  function shape(ctx, category, whole, { weak, stale }) {
    const known = category in SHAPES ? category : "not-sourced";
    const path = outline(known);
    const own = colour(`c-${known}`);
    const halo = colour("halo");
    const thin = (width) => Math.max(width, 0.62 / scale);
    ctx.save();
    if (known === "islamic-state") {
      ctx.strokeStyle = halo;
      ctx.lineWidth = 7.6;
      ctx.stroke(path);
      ctx.strokeStyle = own;
      ctx.lineWidth = weak ? thin(stale ? 2.8 : 1.8) : 4;
      ctx.stroke(path);
      if (stale) {
        ctx.strokeStyle = mix(own, halo, STALE);
        ctx.lineWidth = weak ? 1.4 : 2;
        ctx.stroke(path);
      }
      ctx.restore();
      return;
    }
    if (known === "not-sourced" && scale < READABLE) ctx.scale(0.82, 0.82); // many of them must not drown what is known
    ctx.fillStyle = ctx.strokeStyle = halo;
    ctx.lineWidth = 3.4;
    ctx.fill(path);
    ctx.stroke(path);
    if (known === "not-sourced") {
      ctx.strokeStyle = own;
      ctx.lineWidth = thin(weak ? 1 : 1.4);
      if (scale >= READABLE) ctx.setLineDash([2.6, 1.9]);
      ctx.stroke(path);
      if (whole && scale >= READABLE) {
        ctx.fillStyle = own;
        ctx.font = `700 11px ${style.getPropertyValue("--type") || "sans-serif"}`;
        ctx.textAlign = "center";
        ctx.fillText("?", 0, 3.9);
      }
    } else {
      ctx.fillStyle = weak ? halo : stale ? mix(own, halo, STALE) : own;
      // A darker edge: gold and sky blue alone have too little contrast with the paper.
      ctx.strokeStyle = mix(own, colour("ink"), weak && !stale ? 0.8 : 0.68);
      ctx.lineWidth = thin(weak ? (stale ? 2.8 : 2.2) : stale ? 1.3 : 1);
      ctx.fill(path);
      ctx.stroke(path);
      if (weak && stale) {
        ctx.strokeStyle = mix(own, halo, STALE);
        ctx.lineWidth = thin(1.8);
        ctx.stroke(path);
      }
    }
    ctx.restore();
  }

  /** The short arrow between what a site was and what it is. */
  function pointer(ctx, x) {
    ctx.save();
    ctx.strokeStyle = colour("ink");
    ctx.lineCap = "round";
    ctx.lineWidth = Math.max(1.1, 0.7 / scale);
    ctx.beginPath();
    ctx.moveTo(x, 0);
    ctx.lineTo(x + 4.6, 0);
    ctx.moveTo(x + 2.4, -2.3);
    ctx.lineTo(x + 4.8, 0);
    ctx.lineTo(x + 2.4, 2.3);
    ctx.stroke();
    ctx.restore();
  }

  /** A small hollow clock: known differently today. */
  function badge(ctx) {
    ctx.save();
    ctx.translate(8.6, 8.6);
    const small = scale < READABLE;
    ctx.beginPath();
    ctx.arc(0, 0, small ? 5 : 4.4, 0, 7);
    ctx.fillStyle = colour("halo");
    ctx.strokeStyle = colour("map-label");
    ctx.lineWidth = Math.max(1.2, 0.7 / scale);
    ctx.fill();
    ctx.stroke();
    if (!small) {
      ctx.beginPath();
      ctx.moveTo(0, -2.4);
      ctx.lineTo(0, 0.3);
      ctx.lineTo(1.9, 1.4);
      ctx.stroke();
    }
    ctx.restore();
  }

  return {
    sprite,
    /** How far any mark can reach from its place, in device pixels, on each side. */
    reach(comparing, ghosting) {
      const plain = Math.ceil(REACH * unit) + 1;
      const aside = comparing ? Math.ceil((THEN + 9) * unit) + 1 : 0;
      const behind = ghosting ? Math.ceil(18.5 * unit) + 1 : 0;
      return {
        left: Math.max(plain, laterFirst ? 0 : aside, behind), right: Math.max(plain, laterFirst ? aside : 0),
        top: Math.max(plain, behind), bottom: plain,
      };
    },
  };
}
