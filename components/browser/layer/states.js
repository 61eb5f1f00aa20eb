/**
 * What every site is on the painted day, looked up incrementally.
 *
 * All spans lie in typed arrays. A step of the day touches only the sites that change on the way; a jump finds each
 * site's span by bisection. Counts run along. What a mark must show is one number, its code: two marks with the same
 * code look alike, so a renderer repaints exactly where a code has changed.
 */

import { soft } from "./glyphs.js";

/** How a mark relates to another day: by itself, with what it was on the day compared with, with its ghost, or unchanged. */
export const ALONE = 0;
export const APART = 1;
export const GHOST = 2;
export const SAME = 3;

const HIDDEN = 1 << 18;
const BADGE = 1 << 19;
const SITES_AT_MOST = 2 ** 21; // how many sites an event can name beside its day, see below

/** Index of the last entry whose `key(entry)` is not after `day`, or -1; the entries are in order. */
export function lastUpTo(entries, day, key) {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (key(entries[middle]) <= day) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export function makeStates() {
  let sites = [];
  let categories = [];
  let day = null;
  let compare = null;
  let ghost = null;
  let hiddenCategories = new Uint8Array(0);
  let starts = new Int32Array(1);       // where each site's spans begin in the arrays below; one more entry at the end
  let froms = new Int32Array(0);        // first day of each span
  let faces = new Uint8Array(0);        // what each span looks like: an index into `looks`
  let looks = [];                       // { category, half, weak, at } with `at` the index of the category
  let now = new Int32Array(0);          // each site's present span
  let other = new Int32Array(0);        // each site's span on the day compared with or on the ghost's, or -1
  let codes = new Int32Array(0);
  let disputed = new Uint8Array(0);     // 1 where another category is known today on some day
  let events = new Float64Array(0);     // day * SITES_AT_MOST + site of every change of a span, in order
  let changed = new Int32Array(0);
  let changedCount = 0;
  const byId = new Map();
  const counts = { now: new Int32Array(0), then: new Int32Array(0), apart: 0 };

  /** Take over a payload's sites and categories; no day is painted then. */
  function adopt(payload) {
    categories = payload.categories.map((category) => category.id);
    sites = payload.sites.map((data, index) => ({ ...data, index, evidence: evidenceOf(data), placed: Number.isFinite(data.lat) && Number.isFinite(data.lon) }));
    byId.clear();
    for (const site of sites) byId.set(site.id, site);
    const total = sites.reduce((sum, site) => sum + site.spans.length, 0);
    starts = new Int32Array(sites.length + 1);
    froms = new Int32Array(total);
    faces = new Uint8Array(total);
    now = new Int32Array(sites.length).fill(-1);
    other = new Int32Array(sites.length).fill(-1);
    codes = new Int32Array(sites.length).fill(-1);
    changed = new Int32Array(sites.length);
    disputed = Uint8Array.from(sites, (site) => (site.differs && site.differs.length ? 1 : 0));
    hiddenCategories = new Uint8Array(categories.length);
    counts.now = new Int32Array(categories.length);
    counts.then = new Int32Array(categories.length);
    counts.apart = 0;
    day = null;
    compare = null;
    ghost = null;
    looks = [];
    const known = new Map();
    const found = [];
    let at = 0;
    for (const site of sites) {
      starts[site.index] = at;
      site.spans.forEach((span, order) => {
        froms[at] = span.from;
        faces[at] = face(span, known);
        if (order) found.push(span.from * SITES_AT_MOST + site.index);
        at += 1;
      });
      for (const stretch of site.differs || []) found.push(stretch.from * SITES_AT_MOST + site.index, (stretch.to + 1) * SITES_AT_MOST + site.index);
    }
    starts[sites.length] = at;
    events = Float64Array.from(found).sort();
  }

  function face(span, known) {
    const weak = soft(span);
    const key = `${span.category} ${span.half || ""} ${weak}`;
    if (!known.has(key)) {
      known.set(key, looks.length);
      looks.push({ category: span.category, half: span.half, weak, at: categories.indexOf(span.category) });
    }
    return known.get(key);
  }

  /** The index of a site's span on a day; before its first span, the first. */
  function spanAt(index, on) {
    let low = starts[index];
    let high = starts[index + 1];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (froms[middle] <= on) low = middle;
      else high = middle;
    }
    return low;
  }

  function eventAfter(on) {
    const wanted = on * SITES_AT_MOST;
    let low = 0;
    let high = events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (events[middle] < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function codeOf(index) {
    const mine = faces[now[index]];
    const { at } = looks[mine];
    let code = mine;
    if (other[index] >= 0) {
      const their = faces[other[index]];
      const differs = looks[their].at !== at;
      if (compare !== null) code |= differs ? (their << 8) | (APART << 16) : SAME << 16;
      else if (differs) code |= (their << 8) | (GHOST << 16);
    }
    if (at >= 0 && hiddenCategories[at]) code |= HIDDEN;
    if (disputed[index] && stretchOn(sites[index], day)) code |= BADGE;
    return code;
  }

  /** Bring one site up to the day; it joins the changed ones if its code did. */
  function bring(index) {
    const span = spanAt(index, day);
    const before = now[index];
    if (span !== before) {
      if (before >= 0) counts.now[looks[faces[before]].at] -= 1;
      counts.now[looks[faces[span]].at] += 1;
      now[index] = span;
    }
    const code = codeOf(index);
    const old = codes[index];
    if (code === old) return;
    if (old >= 0 && ((old >> 16) & 3) === APART) counts.apart -= 1;
    if (((code >> 16) & 3) === APART) counts.apart += 1;
    codes[index] = code;
    changed[changedCount] = index;
    changedCount += 1;
  }

  /** Move to a day; returns the indexes of the sites whose mark must change. */
  function go(next) {
    const before = day;
    changedCount = 0;
    day = next;
    if (before === null) {
      for (let index = 0; index < sites.length; index += 1) bring(index);
    } else {
      // A span that begins on the day d is passed by going forwards to d, or backwards from d.
      const low = eventAfter(Math.min(before, next) + 1);
      const high = eventAfter(Math.max(before, next) + 1);
      if (high - low > sites.length) for (let index = 0; index < sites.length; index += 1) bring(index);
      else for (let at = low; at < high; at += 1) bring(events[at] % SITES_AT_MOST);
    }
    return changed.subarray(0, changedCount);
  }

  /** Look at every site again, after the filter, the comparison or the ghost changed. */
  function refresh() {
    changedCount = 0;
    if (day !== null) for (let index = 0; index < sites.length; index += 1) bring(index);
    return changed.subarray(0, changedCount);
  }

  /** Set the day compared with, or the day of the ghost; both are null for neither. Comparing goes before the ghost. */
  function relate(compareDay, ghostDay) {
    compare = compareDay;
    ghost = compareDay === null ? ghostDay : null;
    const on = compare ?? ghost;
    counts.then.fill(0);
    for (let index = 0; index < sites.length; index += 1) {
      other[index] = on === null ? -1 : spanAt(index, on);
      if (on !== null) counts.then[looks[faces[other[index]]].at] += 1;
    }
    return refresh();
  }

  function hide(list) {
    categories.forEach((id, at) => {
      hiddenCategories[at] = list.includes(id) ? 1 : 0;
    });
    return refresh();
  }

  function look(index) {
    return decode(codes[index]);
  }

  /** What a code means, for drawing. */
  function decode(code) {
    const mode = (code >> 16) & 3;
    return {
      ...looks[code & 255], mode, hidden: Boolean(code & HIDDEN), badge: Boolean(code & BADGE),
      other: mode === APART || mode === GHOST ? looks[(code >> 8) & 255] : null,
    };
  }

  /** The stretch of a day on which something else is known today, or undefined. */
  function stretchOn(site, on) {
    return (site.differs || []).find((stretch) => stretch.from <= on && on <= stretch.to);
  }

  return {
    adopt, go, refresh, relate, hide, look, decode, byId, counts,
    get sites() {
      return sites;
    },
    get day() {
      return day;
    },
    get compare() {
      return compare;
    },
    get ghost() {
      return ghost;
    },
    get codes() {
      return codes;
    },
    /** How many sites are of a hidden category. */
    get hiddenCount() {
      return hiddenCategories.reduce((sum, hidden, at) => sum + (hidden ? counts.now[at] : 0), 0);
    },
    /** The painted category of a site, or null. */
    category(index) {
      return now[index] >= 0 ? looks[faces[now[index]]].category : null;
    },
    /** The painted span of a site, or null. */
    span(site) {
      return now[site.index] >= 0 ? site.spans[now[site.index] - starts[site.index]] : null;
    },
    /** A site's span on any day. */
    spanOn(site, on) {
      return site.spans[spanAt(site.index, on) - starts[site.index]];
    },
    /** What is known today where it differs from what is painted, or undefined. */
    knownToday(site) {
      return day === null ? undefined : stretchOn(site, day);
    },
  };
}

/** The days on which there is evidence about a site, in order. */
function evidenceOf(data) {
  return data.evidence || [...new Set([...data.spans.flatMap((span) => span.evidence || []), ...(Number.isInteger(data.last_evidence) ? [data.last_evidence] : [])])].sort((a, b) => a - b);
}
