/**
 * A strip of a picture in memory that small pictures are laid on, pixel by pixel, before it is shown on a canvas.
 *
 * Ten thousand drawImage calls take 20 ms without a graphics card (Chromium 141, two slow cores); the same pixels copied by
 * hand take 2 ms. A strip is small enough to stay in the processor's cache from its clearing until it is shown; a picture
 * of the whole map is not. Pixels are as ImageData has them: red, green, blue and alpha, not multiplied; on all of today's machines
 * a 32-bit number read from them has the alpha in its highest byte.
 */

/** How many rows a part may have. */
export const STRIP = 128;

export function makeRaster(canvas) {
  const ctx = canvas.getContext("2d");
  const { width } = canvas;
  const image = ctx.createImageData(width, STRIP);
  const pixels = new Uint32Array(image.data.buffer);
  let [left, top, right, rows] = [0, 0, 0, 0];

  /** Begin a part of the picture, with nothing on it; `bottom` is at most STRIP below `top`. */
  function begin(partLeft, partTop, partRight, partBottom) {
    [left, top, right, rows] = [partLeft, partTop, partRight, partBottom - partTop];
    for (let row = 0; row < rows; row += 1) pixels.fill(0, row * width + left, row * width + right);
  }

  /**
   * Lay a picture, { data, width, height }, with its corner at (x, y) of the canvas; only what lies in the part is laid.
   * One that lies in it whole is laid by its lists of pixels, which takes half as long as row by row.
   */
  function lay(one, x, y) {
    const { data, width: wide, height: high } = one;
    const first = x > left ? 0 : left - x;
    const last = x + wide < right ? wide : right - x;
    if (first >= last) return;
    const firstRow = y > top ? 0 : top - y;
    const lastRow = y + high < top + rows ? high : top + rows - y;
    if (first === 0 && firstRow === 0 && last === wide && lastRow === high) {
      layWhole(one, (y - top) * width + x);
      return;
    }
    for (let row = firstRow; row < lastRow; row += 1) {
      const from = row * wide;
      const to = (y - top + row) * width + x;
      for (let at = first; at < last; at += 1) {
        const over = data[from + at];
        const share = over >>> 24;
        if (share === 255) pixels[to + at] = over;
        else if (share) pixels[to + at] = blend(over, pixels[to + at]);
      }
    }
  }

  function layWhole(one, to) {
    if (one.stride !== width) list(one);
    const { solid, solidAt, soft, softAt } = one;
    for (let at = 0; at < solid.length; at += 1) pixels[to + solidAt[at]] = solid[at];
    for (let at = 0; at < soft.length; at += 1) pixels[to + softAt[at]] = blend(soft[at], pixels[to + softAt[at]]);
  }

  /** List the pixels of a picture that cover what is beneath them, and those that are mixed with it. */
  function list(one) {
    const [solid, solidAt, soft, softAt] = [[], [], [], []];
    one.data.forEach((pixel, at) => {
      if (!(pixel >>> 24)) return;
      const covers = pixel >>> 24 === 255;
      (covers ? solid : soft).push(pixel);
      (covers ? solidAt : softAt).push(Math.floor(at / one.width) * width + (at % one.width));
    });
    Object.assign(one, {
      stride: width, solid: Uint32Array.from(solid), solidAt: Int32Array.from(solidAt), soft: Uint32Array.from(soft), softAt: Int32Array.from(softAt),
    });
  }

  return {
    width, height: canvas.height, begin, lay, list,
    /** Show the part on the canvas. */
    show() {
      ctx.putImageData(image, 0, top, left, 0, right - left, rows);
    },
  };
}

/** One pixel over another, both with alpha. */
function blend(over, under) {
  const share = over >>> 24;
  const below = under >>> 24;
  if (below === 0) return over;
  const rest = (below * (255 - share)) / 255;
  const alpha = share + rest;
  const red = (((over & 255) * share + (under & 255) * rest) / alpha + 0.5) | 0;
  const green = ((((over >>> 8) & 255) * share + ((under >>> 8) & 255) * rest) / alpha + 0.5) | 0;
  const blue = ((((over >>> 16) & 255) * share + ((under >>> 16) & 255) * rest) / alpha + 0.5) | 0;
  return ((((alpha + 0.5) | 0) << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
