/**
 * Marks that would cover each other stand aside, with a line to the place they belong to.
 */

import { GLYPH_PX, around, inside, overlap } from "./boxes.js";

// In shares of `apart`, how far two marks stand apart at least:
const HERE = 0.42;       // points this near each other are one place
const ON_PLACE = 0.62;   // a mark this near a true position covers it
const ON_LINE = 0.64;    // a mark this near a line covers it
const PAST_PLACE = 0.25; // a line this near a true position seems to begin there
// What speaks against a seat, beside the length of its line:
const CROWDED = 30;      // two marks touch
const OUT = 60;          // it is under a box or out of sight
const REFUSED = 120;     // it would tie a mark to a place that is not its own
const UNEVEN = 14;       // the marks of one place do not stand evenly round it
// The search for uneven seats: how many of each mark are looked at, and how often while they are put together.
const CHOICES = 40;
const LOOKS = 4000;
const FULL_TURN = 2 * Math.PI;

/**
 * Push marks that would cover each other apart, always in the same way; sets dx, dy (0, 0 where nothing is in the way).
 *
 * Marks at one place stand on a circle round it; a mark that merely touches another steps aside. A mark that stands
 * aside keeps clear of the places of others and of their lines, so that no line seems to lead to it. Where two days are
 * compared, `beside` says how far to the right of a mark what it was on the other day may be drawn; that is better not
 * covered either, and is kept free whether or not it is drawn, so that marks stay where they are from day to day.
 */
export function fanOut(points, { apart, boxes, bounds, beside = 0 }) {
  const order = [...points].sort((a, b) => (a.key < b.key ? -1 : 1));
  const groups = grouped(order, apart * HERE);
  const crowds = groups.filter((group) => group.length > 1);
  const singles = groups.filter((group) => group.length === 1);
  const unseated = new Set(crowds.flat());
  const field = { apart, boxes, bounds, beside, order, unseated };
  // Twice: the first group was placed before the others were.
  for (let round = 0; round < 2; round += 1) {
    for (const crowd of crowds) {
      take(crowd, seatsFor(crowd, field));
      for (const point of crowd) unseated.delete(point);
    }
    for (const [point] of singles) {
      take([point], { seats: [point] });
      if (blocked(point, field)) take([point], cheapest([point], steps(point, apart), othersOf([point], field), field));
    }
  }
  pushApart(order, apart);
  return points;
}

/** Points that are one place on screen, together. */
function grouped(order, reach) {
  const groups = [];
  for (const point of order) {
    point.dx = 0;
    point.dy = 0;
    const near = groups.find((group) => group.some((other) => Math.hypot(other.x - point.x, other.y - point.y) < reach));
    if (near) near.push(point);
    else groups.push([point]);
  }
  return groups;
}

function take(group, { seats }) {
  group.forEach((point, at) => {
    point.dx = seats[at].x - point.x;
    point.dy = seats[at].y - point.y;
  });
}

/** Ways to stand evenly on a circle round one place. */
function circles(group, apart) {
  const count = group.length;
  const centre = { x: group.reduce((sum, p) => sum + p.x, 0) / count, y: group.reduce((sum, p) => sum + p.y, 0) / count };
  const least = leastRadius(count, apart);
  return [1, 1.3, 1.7].flatMap((wider) => turns((angle, late) => ({
    seats: group.map((_, at) => onCircle(centre, least * wider, angle + (at / count) * FULL_TURN)), least: least * wider * 0.2 + late,
  })));
}

const leastRadius = (count, apart) => Math.max(apart * 0.72, (apart * 0.54) / Math.sin(Math.PI / count));

/** What `make` makes of each direction, with a small cost that has the first win among equals. */
const turns = (make) => Array.from({ length: 24 }, (_, turn) => make((turn / 24) * FULL_TURN, turn * 0.01));

/** Ways to step aside from a mark that is in the way; to stay is one of them. */
function steps(point, apart) {
  const away = [0.9, 1.2, 1.5, 2, 2.6].flatMap((wider) => turns((angle, late) => ({ seats: [onCircle(point, apart * wider, angle)], least: apart * wider * 0.3 + late })));
  return [{ seats: [{ x: point.x, y: point.y }], least: 0 }, ...away];
}

const onCircle = (centre, radius, angle) => ({ x: centre.x + radius * Math.cos(angle), y: centre.y + radius * Math.sin(angle) });

/** The points near a group that are not of it, and where they stand. */
function othersOf(group, { apart, beside, order, unseated }) {
  const [{ x, y }] = group;
  const reach = apart * 4.7 + Math.abs(beside); // the longest line, and what is between two marks that do not crowd
  return order.filter((other) => !group.includes(other) && Math.hypot(other.x - x, other.y - y) - Math.hypot(other.dx, other.dy) < reach)
    .map((other) => ({ place: other, seat: unseated.has(other) ? null : seatOf(other), aside: Boolean(other.dx || other.dy) }));
}

/** The best of the plans for a group; none is looked at that cannot be better than what was found. */
function cheapest(group, plans, others, field) {
  let best = { sum: Infinity, seats: plans[0].seats };
  for (const { seats, least } of [...plans].sort((a, b) => a.least - b.least)) {
    if (least >= best.sum) break;
    let sum = least;
    for (let at = 0; at < group.length && sum < best.sum; at += 1) sum += cost(group[at], seats[at], others, field, best.sum - sum);
    if (sum < best.sum - 1e-9) best = { sum, seats };
  }
  return best;
}

/** Seats for a crowd: evenly on a circle, or where there is room for each if nothing even keeps clear. */
function seatsFor(group, field) {
  const others = othersOf(group, field);
  const even = cheapest(group, circles(group, field.apart), others, field);
  return even.sum < UNEVEN ? even : singly(group, even, others, field);
}

/** Each mark of a crowd in a seat of its own choice; `even` is what has to be beaten. */
function singly(group, even, others, field) {
  const { apart } = field;
  const choices = group.map((point) => [0.72, 0.95, 1.25, 1.6, 2].flatMap((wider) => turns((angle, late) => {
    const seat = onCircle(point, apart * wider, angle);
    return { seat, sum: cost(point, seat, others, field, even.sum) + apart * wider * 0.25 + late };
  })).filter((one) => one.sum < even.sum).sort((a, b) => a.sum - b.sum).slice(0, CHOICES));
  if (choices.some((found) => !found.length)) return even;
  const rest = group.map((_, at) => choices.slice(at).reduce((sum, [first]) => sum + first.sum, 0));
  let best = even;
  let looks = LOOKS;
  const seat = (at, seats, sum) => {
    if (at === group.length) {
      best = { sum, seats };
      return;
    }
    const later = rest[at] - choices[at][0].sum; // what the seats still to come cost at least
    for (const one of choices[at]) {
      let total = sum + one.sum;
      looks -= 1;
      if (looks < 0 || total + later >= best.sum - 1e-9) return;
      for (let mate = 0; mate < at && total + later < best.sum; mate += 1) total += amongThem(one.seat, { place: group[mate], seat: seats[mate] }, group[at], field);
      if (total + later < best.sum - 1e-9) seat(at + 1, [...seats, one.seat], total);
    }
  };
  seat(0, [], UNEVEN);
  return best;
}

/** What speaks against two seats for two marks of one place. */
function amongThem(seat, mate, point, { apart, beside }) {
  const { place, seat: at } = mate;
  const crowd = crowding(Math.hypot(seat.x - at.x, seat.y - at.y), apart);
  if (crowd > CROWDED) return crowd + REFUSED;
  const covered = toLine(seat, place, at) < apart * ON_LINE || toLine(at, point, seat) < apart * ON_LINE || cross(point, seat, place, at);
  return crowd + hiding(point, seat, mate, beside, apart) + (covered ? REFUSED : 0);
}

/** What speaks against this seat for a point; counted no further than `enough`. */
function cost(point, seat, others, { apart, boxes, bounds, beside }, enough) {
  const area = around(seat.x, seat.y, GLYPH_PX);
  let sum = bounds && !inside(area, bounds) ? OUT : 0;
  for (const one of boxes) if (overlap(area, one)) sum += OUT;
  for (const other of others) {
    if (sum > enough) break;
    if (other.seat) sum += crowding(Math.hypot(other.seat.x - seat.x, other.seat.y - seat.y), apart) + hiding(point, seat, other, beside, apart);
    if (misleads(point, seat, other, apart)) sum += REFUSED;
    else if (isOpen(other)) sum += Math.max(0, apart - Math.hypot(other.place.x - seat.x, other.place.y - seat.y)) * 0.8;
  }
  return sum;
}

function crowding(distance, apart) {
  if (distance < apart) return (apart - distance) * 4 + CROWDED;
  return distance < apart * 1.7 ? (apart * 1.7 - distance) * 0.12 : 0;
}

/** What speaks against one mark or its line lying on what the other was. */
function hiding(point, seat, { place, seat: at }, beside, apart) {
  if (!beside) return 0;
  const marks = Math.min(Math.hypot(seat.x + beside - at.x, seat.y - at.y), Math.hypot(at.x + beside - seat.x, at.y - seat.y));
  const lines = Math.min(toLine({ x: seat.x + beside, y: seat.y }, place, at), toLine({ x: at.x + beside, y: at.y }, point, seat));
  return Math.max(0, apart * 0.9 - marks) * 2 + Math.max(0, apart * ON_LINE - lines) * 5;
}

/** True if a mark in this seat, or its line, would seem to belong to another's place or line. */
function misleads(point, seat, other, apart) {
  const { place } = other;
  const open = isOpen(other);
  const leads = seat.x !== point.x || seat.y !== point.y;
  if (open && Math.hypot(place.x - seat.x, place.y - seat.y) < apart * ON_PLACE) return true;
  if (other.aside && toLine(seat, place, other.seat) < apart * ON_LINE) return true;
  if (!leads) return false;
  if (other.seat && toLine(other.seat, point, seat) < apart * ON_LINE) return true;
  if (open && toLine(place, point, seat) < apart * PAST_PLACE) return true;
  return other.aside && cross(point, seat, place, other.seat);
}

/** True if a place is or will be bare, with a line from it. */
const isOpen = (other) => other.aside || !other.seat;
const seatOf = (point) => ({ x: point.x + point.dx, y: point.y + point.dy });

/** How far a point is from the line between two others. */
function toLine(point, from, to) {
  const [x, y] = [to.x - from.x, to.y - from.y];
  const along = Math.max(0, Math.min(1, ((point.x - from.x) * x + (point.y - from.y) * y) / (x * x + y * y || 1)));
  return Math.hypot(from.x + along * x - point.x, from.y + along * y - point.y);
}

const side = (from, to, point) => (to.x - from.x) * (point.y - from.y) - (to.y - from.y) * (point.x - from.x);
const cross = (a, b, c, d) => side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;

/** True if a mark at its own place touches one that stands aside or comes first, or covers where a line begins. */
function blocked(point, { order, apart }) {
  return order.some((other) => {
    if (other === point) return false;
    const aside = other.dx || other.dy;
    if (aside && Math.hypot(other.x - point.x, other.y - point.y) < apart * ON_PLACE) return true;
    if (aside && toLine(point, other, seatOf(other)) < apart * ON_LINE) return true;
    return Math.hypot(other.x + other.dx - point.x, other.y + other.dy - point.y) < apart * 0.9 && (aside || other.key < point.key);
  });
}

/** What is still too near moves on a little; a mark at its own place stays there. */
function pushApart(order, apart) {
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
}
