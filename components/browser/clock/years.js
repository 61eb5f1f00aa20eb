/**
 * The years the axis shows: all of them, or the dense part.
 *
 * The dense part is the shortest run of whole calendar years up to today that holds at least a third of the evidence, a
 * report about one site on one day counting once. It belongs to the data, not to what a reader lets count: it is reckoned
 * from the fullest lives seen of a data version.
 */

const SHARE = 1 / 3;
const FUTURE_DAYS = 120; // room right of today for promises not yet due
const PROMISE_ROOM_DAYS = 8; // right of the last of them
const seen = new Map(); // data version: { share counted, run }

export const yearOf = (day) => new Date(day * 864e5).getUTCFullYear();
/** The first day of a month (0 to 11) of a year. */
export const monthStart = (year, month = 0) => Date.UTC(year, month, 1) / 864e5;

/** The whole axis, { from, to }: from the first day of the record to the last promise in sight. */
export function allYears(lives) {
  const promised = lives.phases.flatMap((phase) => phase.promised.map((promise) => promise.day));
  const near = promised.filter((day) => day <= lives.last + FUTURE_DAYS).map((day) => day + PROMISE_ROOM_DAYS);
  return { from: lives.first, to: Math.max(lives.last, ...near) };
}

/** The dense part, { from, to, label }; null where it would be the whole axis. */
export function denseYears(lives) {
  const evidence = new Map();
  let all = 0;
  for (const site of lives.sites) {
    for (const day of site.evidence ?? []) {
      evidence.set(yearOf(day), (evidence.get(yearOf(day)) ?? 0) + 1);
      all += 1;
    }
  }
  const known = seen.get(lives.data_version);
  if (known && known.all > all) return known.run;
  const end = yearOf(lives.last);
  let start = end;
  let held = evidence.get(end) ?? 0;
  while (held < all * SHARE && monthStart(start) > lives.first) {
    start -= 1;
    held += evidence.get(start) ?? 0;
  }
  const { to } = allYears(lives);
  const run = monthStart(start) > lives.first ? { from: monthStart(start), to, label: start === end ? `${end}` : `${start}–${end}` } : null;
  seen.set(lives.data_version, { all, run });
  return run;
}
