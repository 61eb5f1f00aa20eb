/** The other day of a comparison: which one to begin with, and which ones the keys reach. */

import { dayToIso, isoToDay } from "../store.js";

/** The category of a site on a day. */
function categoryOn(site, day) {
  const { spans } = site;
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle].from > day) high = middle;
    else low = middle + 1;
  }
  return spans[low - 1]?.category ?? "not-sourced";
}

/** True if at least one site is in another category on the other day. */
function differ(lives, one, other) {
  return lives.sites.some((site) => categoryOn(site, one) !== categoryOn(site, other));
}

/** The same date a year earlier; the 29th of February has none, so it is the 28th. */
function yearBefore(day) {
  const [year, month, date] = dayToIso(day).split("-").map(Number);
  const pad = (number, size) => String(number).padStart(size, "0");
  return isoToDay(`${pad(year - 1, 4)}-${pad(month, 2)}-${pad(date, 2)}`) ?? isoToDay(`${pad(year - 1, 4)}-02-28`);
}

/** The first day of the axis on which the state of any site is sourced; its first day if none ever is. */
export function firstSourced(lives) {
  const first = lives.sites.reduce((least, site) => Math.min(least, site.spans.find((span) => span.category !== "not-sourced")?.from ?? Infinity), Infinity);
  return Number.isFinite(first) ? Math.max(first, lives.first) : lives.first;
}

/** The day to compare `day` with: a year earlier; if nothing differs then, the first sourced day; else any end that differs. */
export function dayToCompare(lives, day) {
  const inside = (other) => other >= lives.first && other <= lives.last && other !== day;
  const choices = [yearBefore(day), firstSourced(lives), lives.first, lives.last_evidence, lives.last].filter(inside);
  return choices.find((other) => differ(lives, other, day)) ?? choices[0] ?? null;
}

/** `target`, or the next day in the same direction if that is `taken`; null if there is none. */
export function beside(lives, target, from, taken) {
  const inside = (day) => Math.max(lives.first, Math.min(lives.last, day));
  const day = inside(target);
  if (day !== taken) return day;
  const further = inside(day + Math.sign(target - from || 1));
  return further === taken ? null : further;
}
