/**
 * What changes on which day, counted once for each payload.
 *
 * A payload may hold a hundred thousand changes; drawing the axis or the words of a day reads only these counts and the
 * few changes it names. Days are integers since 1970-01-01.
 */

/** Index of the first element greater than `value` in a sorted array. */
export function above(sorted, value) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Index `lives.changes`, which come sorted by day and site. */
export function indexChanges(lives) {
  const all = lives.changes;
  const order = new Map(lives.categories.map((category, at) => [category.id, at]));
  const kinds = lives.categories.length;
  const lapse = order.get("not-sourced") ?? kinds - 1;
  const kind = (change) => order.get(change.category) ?? lapse;
  const days = [];
  const starts = []; // where the changes of the day begin in `all`
  const sites = []; // how many sites change on the day
  for (let at = 0; at < all.length; at += 1) {
    if (at === 0 || all[at].day !== all[at - 1].day) {
      days.push(all[at].day);
      starts.push(at);
      sites.push(0);
    }
    if (starts.at(-1) === at || all[at].site !== all[at - 1].site) sites[sites.length - 1] += 1;
  }
  starts.push(all.length);
  const counts = new Uint32Array(days.length * kinds); // changes of a day, by the category they lead to
  for (let place = 0; place < days.length; place += 1) {
    for (let at = starts[place]; at < starts[place + 1]; at += 1) counts[place * kinds + kind(all[at])] += 1;
  }
  const places = new Map(days.map((day, place) => [day, place]));

  return {
    days,
    kinds,
    counts,
    /** How many changes there are on a day. */
    count(day) {
      const place = places.get(day);
      return place === undefined ? 0 : starts[place + 1] - starts[place];
    },
    /** How many sites change on a day. */
    sites: (day) => sites[places.get(day)] ?? 0,
    /** How many changes of a day lead to each category, in the order of `lives.categories`. */
    byCategory(day) {
      const place = places.get(day);
      return place === undefined ? null : counts.subarray(place * kinds, (place + 1) * kinds);
    },
    /** The first changes of a day, `most` at most. */
    on(day, most) {
      const place = places.get(day);
      return place === undefined ? [] : all.slice(starts[place], Math.min(starts[place + 1], starts[place] + most));
    },
    /** The next day with a change, undefined after the last. */
    after: (day) => days[above(days, day)],
    /** The last day with a change before `day`, undefined before the first. */
    before: (day) => days[above(days, day - 1) - 1],
    /** True if nothing is known to happen on that day: a promised end passes, or evidence grows too old. */
    lapses(day) {
      const place = places.get(day);
      return place !== undefined && counts[place * kinds + lapse] === starts[place + 1] - starts[place];
    },
    /** As `counts`, for one site only: how many of its changes lead to each category on each day. */
    countsOf(id) {
      const own = new Uint32Array(counts.length);
      const spans = lives.sites.find((site) => site.id === id)?.spans ?? [];
      for (let at = 1; at < spans.length; at += 1) {
        const place = spans[at].category === spans[at - 1].category ? undefined : places.get(spans[at].from);
        if (place !== undefined) own[place * kinds + kind(spans[at])] += 1;
      }
      return own;
    },
  };
}
