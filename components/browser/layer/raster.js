/**
 * A picture in memory that small pictures are laid on, pixel by pixel, and then shown on a canvas.
 *
 * Ten thousand drawImage calls take 20 ms without a graphics card (Chromium 141, two slow cores); the same pixels copied by
 * hand take 2 ms. Pixels are as ImageData has them: red, green, blue and alpha, not multiplied; on all of today's machines
 * a 32-bit number read from them has the alpha in its highest byte.
 */

const RECTANGLES_AT_ONCE = 40; // showing more small parts than this costs more than showing all

export function makeRaster(canvas) {
  const ctx = canvas.getContext("2d");
  const image = ctx.createImageData(canvas.width, canvas.height);
  const pixels = new Uint32Array(image.data.buffer);
  const { width, height } = image;
  let dirty = [];
  let whole = false;

  function clear(left, top, right, bottom) {
    for (let row = top; row < bottom; row += 1) pixels.fill(0, row * width + left, row * width + right);
  }

  /**
   * Lay a picture, { data, width, height, spans }, at (x0, y0); only what lies in the box from (left, top) to (right, bottom).
   * Most pixels of a mark cover what is beneath or show it, and those are not mixed; `spans` says where they are.
   */
  function lay({ data, width: wide, height: high, spans }, x0, y0, left, top, right, bottom) {
    const begin = x0 > left ? 0 : left - x0;
    const finish = x0 + wide < right ? wide : right - x0;
    const end = y0 + high < bottom ? y0 + high : bottom;
    for (let row = y0 > top ? y0 : top; row < end; row += 1) {
      const from = (row - y0) * wide;
      const to = row * width + x0;
      const span = 4 * (row - y0);
      const full = spans[span + 1] < finish ? spans[span + 1] : finish;
      const fading = spans[span + 2] < finish ? spans[span + 2] : finish;
      const last = spans[span + 3] < finish ? spans[span + 3] : finish;
      let at = spans[span] > begin ? spans[span] : begin;
      for (; at < full; at += 1) mix(to + at, data[from + at]);
      for (; at < fading; at += 1) pixels[to + at] = data[from + at];
      for (; at < last; at += 1) mix(to + at, data[from + at]);
    }
  }

  function mix(at, over) {
    const alpha = over >>> 24;
    if (alpha === 0) return;
    const under = pixels[at];
    pixels[at] = alpha === 255 || under >>> 24 === 0 ? over : blend(over, under);
  }

  return {
    width, height, clear, lay,
    /** Remember that a box has to be shown; without one, everything. */
    touch(left, top, right, bottom) {
      if (left === undefined) whole = true;
      else dirty.push([left, top, right - left, bottom - top]);
    },
    /** Show what has been touched. */
    show() {
      if (whole || dirty.length > RECTANGLES_AT_ONCE) ctx.putImageData(image, 0, 0);
      else for (const part of dirty) ctx.putImageData(image, 0, 0, ...part);
      dirty = [];
      whole = false;
    },
  };
}

/** Of each row of a picture where it begins, where its first run without gaps begins and ends, and where it ends. */
export function spansOf(data, width, height) {
  const spans = new Int32Array(4 * height);
  for (let row = 0; row < height; row += 1) {
    const alpha = (at) => data[row * width + at] >>> 24;
    let [begin, end] = [0, width];
    while (begin < end && alpha(begin) === 0) begin += 1;
    while (end > begin && alpha(end - 1) === 0) end -= 1;
    let full = begin;
    while (full < end && alpha(full) !== 255) full += 1;
    let fading = full;
    while (fading < end && alpha(fading) === 255) fading += 1;
    spans.set([begin, full, fading, end], 4 * row);
  }
  return spans;
}

/** One pixel over another, both with alpha. */
function blend(over, under) {
  const share = over >>> 24;
  const rest = ((under >>> 24) * (255 - share)) / 255;
  const alpha = share + rest;
  const one = (shift) => ((((over >>> shift) & 255) * share + ((under >>> shift) & 255) * rest) / alpha + 0.5) | 0;
  return ((((alpha + 0.5) | 0) << 24) | (one(16) << 16) | (one(8) << 8) | one(0)) >>> 0;
}
