/**
 * Dates, counts and lengths in words, as the map's frame writes them. Days are integers since 1970-01-01.
 */

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
  "November", "December"];

/** What each category means, for the legend's hover label. */
export const MEANING = {
  "coalition-federal": "An Iraqi base, administered by Baghdad, where coalition forces are guests.",
  "coalition-kurdistan": "A site administered by the Kurdistan Region where coalition forces are guests.",
  "changing-hands": "The day is uncertain: known only roughly, or told differently by rival sources. Left: before. Right: after. Here: disc to square.",
  "iraqi-forces": "Iraqi federal forces, without coalition forces.",
  "kurdistan-forces": "Forces of the Kurdistan Region, without coalition forces.",
  "islamic-state": "Held by ISIS.",
  "not-sourced": "None of our sources says who holds the site on this day. It does not mean that nobody does.",
};

/** Labels of the legend while it has to find room for the counts of two days. */
export const SHORTER = {
  "coalition-federal": "Hosted, federal Iraq",
  "coalition-kurdistan": "Hosted, Kurdistan Region",
};

export function iso(day) {
  return new Date(day * 864e5).toISOString().slice(0, 10);
}

/** "18 January 2026". */
export function dayInWords(day) {
  const date = new Date(day * 864e5);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

/** "18 Jan 2026". */
export function dayInShort(day) {
  const date = new Date(day * 864e5);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()].slice(0, 3)} ${date.getUTCFullYear()}`;
}

export function isoInWords(text) {
  const day = Date.parse(`${text}T00:00:00Z`) / 864e5;
  return Number.isFinite(day) ? dayInWords(day) : text;
}

/** A number as it is read: "1,234"; the formatter is asked only where it has something to do, as it takes longer than all else. */
export const grouped = (number) => (Math.abs(number) < 1000 ? String(number) : number.toLocaleString("en"));

export function plural(count, one, many) {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
export const distanceWords = (metres) => (metres >= 1000 ? `${Math.round(metres / 100) / 10} km` : `${metres} m`);

/** What the words of a span leave out about how far it is sure. */
export function claimWords(span) {
  if (span.basis === "claimed" && !/claimed by one party/i.test(span.words || "")) return "claimed by one party";
  return span.weak && !/weak/i.test(span.words || "") ? "weak evidence only" : "";
}
