/**
 * Marks that would cover each other stand aside, with a line to the place they belong to.
 */

import { GLYPH_PX, around, inside, overlap } from "./boxes.js";

/**
 * Push marks that would cover each other apart, always in the same way; sets dx, dy (0, 0 where nothing is in the way).
 *
 * Marks at one place stand on a circle round it; a mark that merely touches another steps aside.
 */
export function fanOut(points, { apart, boxes, bounds }) {
  const order = [...points].sort((a, b) => (a.key < b.key ? -1 : 1));
  const groups = [];
  for (const point of order) {
    point.dx = 0;
    point.dy = 0;
    const near = groups.find((group) => group.some((other) => Math.hypot(other.x - point.x, other.y - point.y) < apart * 0.42));
    if (near) near.push(point);
    else groups.push([point]);
  }
  const placed = groups.filter((group) => group.length === 1).map(([point]) => point);
  const others = (self) => placed.filter((other) => !self.includes(other));
  const cost = (x, y, self) => {
    let sum = 0;
    for (const other of others(self)) {
      const distance = Math.hypot(other.x + other.dx - x, other.y + other.dy - y);
      if (distance < apart) sum += (apart - distance) * 4 + 10;
      else if (distance < apart * 1.7) sum += (apart * 1.7 - distance) * 0.12;
    }
    const area = around(x, y, GLYPH_PX);
    for (const one of boxes) if (overlap(area, one)) sum += 60;
    if (bounds && !inside(area, bounds)) sum += 60;
    return sum;
  };
  // Twice: the first group was placed before the others were.
  const crowds = groups.filter((one) => one.length > 1);
  for (const group of [...crowds, ...crowds]) {
    const least = Math.max(apart * 0.72, (apart * 0.54) / Math.sin(Math.PI / group.length));
    const centre = { x: group.reduce((sum, p) => sum + p.x, 0) / group.length, y: group.reduce((sum, p) => sum + p.y, 0) / group.length };
    let best = null;
    for (const radius of [least, least * 1.3, least * 1.7]) {
      for (let turn = 0; turn < 24; turn += 1) {
        const start = (turn / 24) * 2 * Math.PI;
        const seats = group.map((_, at) => {
          const angle = start + (at / group.length) * 2 * Math.PI;
          return { x: centre.x + radius * Math.cos(angle), y: centre.y + radius * Math.sin(angle) };
        });
        const sum = seats.reduce((all, seat) => all + cost(seat.x, seat.y, group), 0) + radius * 0.2 + turn * 0.01;
        if (!best || sum < best.sum - 1e-9) best = { sum, seats };
      }
    }
    group.forEach((point, at) => {
      point.dx = best.seats[at].x - point.x;
      point.dy = best.seats[at].y - point.y;
    });
    if (!placed.includes(group[0])) placed.push(...group);
  }
  for (const [point] of groups.filter((one) => one.length === 1)) {
    const blocking = others([point]).some((other) => Math.hypot(other.x + other.dx - point.x, other.y + other.dy - point.y) < apart * 0.9
      && (other.dx || other.dy || other.key < point.key));
    if (!blocking) continue;
    let best = { sum: cost(point.x, point.y, [point]), dx: 0, dy: 0 };
    for (const radius of [apart * 0.9, apart * 1.2, apart * 1.5]) {
      for (let turn = 0; turn < 24; turn += 1) {
        const [dx, dy] = [radius * Math.cos((turn / 12) * Math.PI), radius * Math.sin((turn / 12) * Math.PI)];
        const sum = cost(point.x + dx, point.y + dy, [point]) + radius * 0.3 + turn * 0.01;
        if (sum < best.sum - 1e-9) best = { sum, dx, dy };
      }
    }
    point.dx = best.dx;
    point.dy = best.dy;
  }
  // What is still too near moves on a little; a mark at its own place stays there.
  for (let round = 0; round < 60; round += 1) {
    let near = false;
    for (const a of order) {
      if (!a.dx && !a.dy) continue;
      for (const b of order) {
        if (a === b) continue;
        const [x, y] = [a.x + a.dx - b.x - b.dx, a.y + a.dy - b.y - b.dy];
        const distance = Math.hypot(x, y);
        if (distance >= apart - 0.5) continue;
        near = true;
        const push = ((apart - distance) / 2) / (distance || 1);
        a.dx += (distance ? x : 1) * push;
        a.dy += y * push;
      }
    }
    if (!near) break;
  }
  return points;
}
