/**
 * What every site is on the painted day, looked up incrementally.
 *
 * All spans lie in typed arrays, cut into stretches where a state becomes stale or fresh again. A step of the day touches
 * only the sites that change on the way; a jump finds each site's stretch by bisection. Counts run along. What a mark must show is one number, its code: two marks with the same
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
const FACE = 255;
const AGELESS = new Set(["not-sourced", "changing-hands"]); // as in geodata/staleness.py
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
  let starts = new Int32Array(1);       // where each site's stretches begin in the arrays below; one more entry at the end
  let froms = new Int32Array(0);        // first day of each stretch
  let orders = new Int32Array(0);       // which of its site's spans each stretch belongs to
  let faces = new Uint8Array(0);        // what each stretch looks like: an index into `looks`
  let looks = [];                       // { category, half, weak, stale, at } with `at` the index of the category
  let now = new Int32Array(0);          // each site's present stretch
  let other = new Int32Array(0);        // each site's stretch on the day compared with or on the ghost's, or -1
  let codes = new Int32Array(0);
  let disputed = new Uint8Array(0);     // 1 where another category is known today on some day
  let events = new Float64Array(0);     // day * SITES_AT_MOST + site of every change of a stretch, in order
  let changed = new Int32Array(0);
  let changedCount = 0;
  let told = new Int32Array(0);         // those of the changed ones that did not merely become stale or fresh
  let toldCount = 0;
  const byId = new Map();
  const counts = { now: new Int32Array(0), then: new Int32Array(0), apart: 0, stale: 0, staleThen: 0 };

  /** Take over a payload's sites and categories; no day is painted then. */
  function adopt(payload) {
    categories = payload.categories.map((category) => category.id);
    sites = payload.sites.map((data, index) => ({ ...data, index, evidence: evidenceOf(data), placed: Number.isFinite(data.lat) && Number.isFinite(data.lon) }));
    byId.clear();
    for (const site of sites) byId.set(site.id, site);
    starts = new Int32Array(sites.length + 1);
    now = new Int32Array(sites.length).fill(-1);
    other = new Int32Array(sites.length).fill(-1);
    codes = new Int32Array(sites.length).fill(-1);
    changed = new Int32Array(sites.length);
    told = new Int32Array(sites.length);
    disputed = Uint8Array.from(sites, (site) => (site.differs && site.differs.length ? 1 : 0));
    hiddenCategories = new Uint8Array(categories.length);
    counts.now = new Int32Array(categories.length);
    counts.then = new Int32Array(categories.length);
    counts.apart = counts.stale = counts.staleThen = 0;
    day = null;
    compare = null;
    ghost = null;
    looks = [];
    const known = new Map();
    const found = [];
    const cut = { froms: [], orders: [], faces: [] };
    const age = payload.stale_after_days ?? Infinity;
    for (const site of sites) {
      starts[site.index] = cut.froms.length;
      stretches(site, age, (from, order, stale) => {
        if (cut.froms.length > starts[site.index]) found.push(from * SITES_AT_MOST + site.index);
        cut.froms.push(from);
        cut.orders.push(order);
        cut.faces.push(face(site.spans[order], stale, known));
      });
      for (const stretch of site.differs || []) found.push(stretch.from * SITES_AT_MOST + site.index, (stretch.to + 1) * SITES_AT_MOST + site.index);
    }
    starts[sites.length] = cut.froms.length;
    froms = Int32Array.from(cut.froms);
    orders = Int32Array.from(cut.orders);
    faces = Uint8Array.from(cut.faces);
    events = Float64Array.from(found).sort();
  }

  /** Tell the stretches of a site in order: { first day, number of its span, whether it is stale }. */
  function stretches(site, age, tell) {
    const { evidence } = site;
    const latest = site.latest ?? evidence;
    let at = -1; // the evidence that is the latest on `from`
    site.spans.forEach((span, order) => {
      let { from } = span;
      let before = null;
      const add = (day, stale) => {
        if (before !== stale) tell(day, order, stale);
        before = stale;
      };
      const next = site.spans[order + 1];
      const end = next ? next.from : Infinity;
      if (AGELESS.has(span.category)) add(from, false);
      else while (from < end) {
        while (at + 1 < evidence.length && evidence[at + 1] <= from) at += 1;
        const until = Math.min(end, evidence[at + 1] ?? Infinity);
        const pale = at < 0 ? Infinity : latest[at] + age + 1;
        if (pale > from) add(from, false);
        if (pale < until) add(Math.max(from, pale), true);
        from = until;
      }
    });
  }

  function face(span, stale, known) {
    const weak = soft(span);
    const key = `${span.category} ${span.half || ""} ${weak} ${stale}`;
    if (!known.has(key)) {
      known.set(key, looks.length);
      looks.push({ category: span.category, half: span.half, weak, stale, at: categories.indexOf(span.category) });
    }
    return known.get(key);
  }

  /** The index of a site's stretch on a day; before its first one, the first. */
  function stretchAt(index, on) {
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
    if (disputed[index] && differsOn(sites[index], day)) code |= BADGE;
    return code;
  }

  /** Bring one site up to the day; it joins the changed ones if its code did. */
  function bring(index) {
    const stretch = stretchAt(index, day);
    const before = now[index];
    if (stretch !== before) {
      if (before >= 0) count(looks[faces[before]], -1);
      count(looks[faces[stretch]], 1);
      now[index] = stretch;
    }
    const code = codeOf(index);
    const old = codes[index];
    if (code === old) return;
    if (old >= 0 && ((old >> 16) & 3) === APART) counts.apart -= 1;
    if (((code >> 16) & 3) === APART) counts.apart += 1;
    codes[index] = code;
    changed[changedCount] = index;
    changedCount += 1;
    if (before >= 0 && orders[before] === orders[stretch] && (code & ~FACE) === (old & ~FACE)) return;
    told[toldCount] = index;
    toldCount += 1;
  }

  function count(look, by) {
    counts.now[look.at] += by;
    if (look.stale) counts.stale += by;
  }

  /** Move to a day; returns the indexes of the sites whose mark must change. */
  function go(next) {
    const before = day;
    changedCount = toldCount = 0;
    day = next;
    if (before === null) {
      for (let index = 0; index < sites.length; index += 1) bring(index);
    } else {
      // A stretch that begins on the day d is passed by going forwards to d, or backwards from d.
      const low = eventAfter(Math.min(before, next) + 1);
      const high = eventAfter(Math.max(before, next) + 1);
      if (high - low > sites.length) for (let index = 0; index < sites.length; index += 1) bring(index);
      else for (let at = low; at < high; at += 1) bring(events[at] % SITES_AT_MOST);
    }
    return changed.subarray(0, changedCount);
  }

  /** Look at every site again, after the filter, the comparison or the ghost changed. */
  function refresh() {
    changedCount = toldCount = 0;
    if (day !== null) for (let index = 0; index < sites.length; index += 1) bring(index);
    return changed.subarray(0, changedCount);
  }

  /** Set the day compared with, or the day of the ghost; both are null for neither. Comparing goes before the ghost. */
  function relate(compareDay, ghostDay) {
    compare = compareDay;
    ghost = compareDay === null ? ghostDay : null;
    const on = compare ?? ghost;
    counts.then.fill(0);
    counts.staleThen = 0;
    for (let index = 0; index < sites.length; index += 1) {
      other[index] = on === null ? -1 : stretchAt(index, on);
      if (on === null) continue;
      const their = looks[faces[other[index]]];
      counts.then[their.at] += 1;
      if (their.stale) counts.staleThen += 1;
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
      ...looks[code & FACE], mode, hidden: Boolean(code & HIDDEN), badge: Boolean(code & BADGE),
      other: mode === APART || mode === GHOST ? looks[(code >> 8) & FACE] : null,
    };
  }

  /** What is known today of a day where that is something else, or undefined. */
  function differsOn(site, on) {
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
    /** How many plain looks there are: the codes below this number. */
    get faces() {
      return looks.length;
    },
    /** How many sites are of a hidden category. */
    get hiddenCount() {
      return hiddenCategories.reduce((sum, hidden, at) => sum + (hidden ? counts.now[at] : 0), 0);
    },
    /** The painted category of a site, or null. */
    category(index) {
      return now[index] >= 0 ? looks[faces[now[index]]].category : null;
    },
    /** True where the painted state of a site is stale. */
    stale(index) {
      return now[index] >= 0 && looks[faces[now[index]]].stale;
    },
    /** Whether a site's state on any day is stale. */
    staleOn(site, on) {
      return looks[faces[stretchAt(site.index, on)]].stale;
    },
    /** Of the sites that changed last, those that did not merely become stale or fresh again. */
    get told() {
      return told.subarray(0, toldCount);
    },
    /** The painted span of a site, or null. */
    span(site) {
      return now[site.index] >= 0 ? site.spans[orders[now[site.index]]] : null;
    },
    /** A site's span on any day. */
    spanOn(site, on) {
      return site.spans[orders[stretchAt(site.index, on)]];
    },
    /** What is known today where it differs from what is painted, or undefined. */
    knownToday(site) {
      return day === null ? undefined : differsOn(site, day);
    },
  };
}

/** The days on which there is evidence about a site, in order. */
function evidenceOf(data) {
  return data.evidence || [...new Set([...data.spans.flatMap((span) => span.evidence || []), ...(Number.isInteger(data.last_evidence) ? [data.last_evidence] : [])])].sort((a, b) => a - b);
}
