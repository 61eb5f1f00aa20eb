/**
 * Boxes on screen, in CSS pixels: what a mark, a name or a part of the map takes up.
 */

export const HARD = 100; // a cost that says "not there", beside costs that only say "rather not"

/** Radius a glyph takes at full size, keyline included. */
export const GLYPH_PX = 10;

export const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
export const box = (left, top, width, height) => ({ left, top, right: left + width, bottom: top + height });
export const around = (x, y, radius) => ({ left: x - radius, top: y - radius, right: x + radius, bottom: y + radius });
export const inside = (a, bounds) => a.left >= bounds.left && a.right <= bounds.right && a.top >= bounds.top && a.bottom <= bounds.bottom;

/** True if the segment from (x1, y1) to (x2, y2) touches the box. */
export function crosses(line, a) {
  for (let step = 0; step <= 12; step += 1) {
    const x = line.x1 + ((line.x2 - line.x1) * step) / 12;
    const y = line.y1 + ((line.y2 - line.y1) * step) / 12;
    if (x > a.left && x < a.right && y > a.top && y < a.bottom) return true;
  }
  return false;
}
