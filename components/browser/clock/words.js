/** What the clock says of a day. However many sites change on it, only a few are named and the rest are counted. */

import { formatDay } from "../store.js";

const MOST_SPOKEN = 4; // changes read aloud for one day
const MOST_NAMED = 12; // changes of a day of which the line above the axis names every site
const FEW_NAMED = 2; // sites named for each category on a day with more
const MOST_LOOKED_AT = 400; // changes of a day among which names are looked for

/** What ends on a day on which nothing is known to happen, by the words of its changes (components/wording.py). */
const ENDS = [
  ["promised end passed", (date) => `A promised end passes ${date}, outcome not sourced`],
  ["last evidence too old", (date, sites) => `${sites > 1 ? "States lapse" : "State lapses"} ${date}`],
];

/** The sentences of one payload; `changes` is its index. */
export function makeWords(lives, changes) {
  const names = new Map(lives.sites.map((site) => [site.id, site.short || site.name]));
  const short = (site) => names.get(site) || site;
  const rest = (all, named) => (all > named ? `and ${all - named} more` : "");
  const ends = new Map(); // day -> how to say it, or null for a change: looked up once for each day

  /** What a coming day brings, with its date: only where all its changes are of one kind is it more than "next change". */
  const brings = (day, length) => {
    if (!ends.has(day)) {
      const all = changes.lapses(day) ? changes.on(day, changes.count(day)) : [];
      ends.set(day, ENDS.find(([phrase]) => all.length && all.every((change) => change.text.includes(phrase)))?.[1] ?? null);
    }
    const date = formatDay(day, length);
    return ends.get(day)?.(date, changes.sites(day)) ?? `Next change: ${date}`;
  };

  const words = {
    /** What changes on the day, in sentences: `most` at most, and how many more there are. */
    told(day, most = MOST_SPOKEN) {
      const more = rest(changes.count(day), most);
      return [...changes.on(day, most).map((change) => change.text), ...(more ? [more] : [])];
    },

    /** The sites that change on the day: "Camp Taji, K1 and 3 more". */
    listed(day, most) {
      const sites = [...new Set(changes.on(day, MOST_LOOKED_AT).map((change) => change.site))].slice(0, most);
      return [sites.map(short).join(", "), rest(changes.sites(day), sites.length)].filter(Boolean).join(" ");
    },

    /** The changes of the day by category: "Iraqi forces: K1, Besmaya · Not sourced: Harir". */
    grouped(day) {
      const counts = changes.byCategory(day);
      const most = changes.count(day) > MOST_NAMED ? FEW_NAMED : MOST_NAMED;
      const found = new Map(lives.categories.map(({ id }) => [id, new Set()]));
      for (const change of changes.on(day, MOST_LOOKED_AT)) {
        const sites = found.get(change.category);
        if (sites && sites.size < most) sites.add(change.site);
      }
      return lives.categories
        .map(({ id, label }, at) => ({ label, count: counts[at], sites: [...found.get(id)] }))
        .filter(({ count }) => count)
        .map(({ label, count, sites }) => `${label}: ${sites.length ? `${sites.map(short).join(", ")} ${most === FEW_NAMED ? rest(count, sites.length) : ""}`.trim() : count}`)
        .join(" · ");
    },

    /** One line for the day itself; "" if nothing changes. */
    now: (day) => (changes.count(day) > 2 ? words.grouped(day) : words.told(day).join(" · ")),

    /** One line for what comes next; the sites only if there is room for them. */
    next(day, { most, length = "long" }) {
      const coming = changes.after(day);
      if (coming === undefined) return "No later change";
      const who = most ? ` · ${words.listed(coming, most)}` : "";
      return `${brings(coming, length)}${who}`;
    },

    /** The day as a reader's machine speaks it: the date and what changed. */
    spoken(day) {
      if (changes.count(day)) return `${formatDay(day)}: ${words.told(day).join("; ")}`;
      const coming = changes.after(day);
      const next = coming === undefined ? "" : `. ${brings(coming, "long")}, ${words.listed(coming, 2)}`;
      return `${formatDay(day)}: no change${next}`;
    },

    /** The headline of the map on that day. */
    headline(day) {
      const all = lives.headlines || [];
      let low = 0;
      let high = all.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (all[middle].from > day) high = middle;
        else low = middle + 1;
      }
      return all[low - 1]?.text ?? "";
    },
  };
  return words;
}

/** A promise in words; the payload may have said "promised" already. */
export function promised(phase, promise) {
  return `${phase.label}: ${/^promis/i.test(promise.text) ? "" : "promised "}${promise.text}`;
}
