/**
 * The lives of all sites as they travel, and as the page uses them.
 *
 * Python writes them as rows of numbers with one table of words (components/lives.py): 10,000 sites in a few megabytes.
 * Here they become plain objects again, which the clock, the map and the search read. Days are integers since 1970-01-01.
 * From day `evidence[i]` of a site on, its latest evidence is of day `latest[i]`: the same day, unless each day counts
 * only what had been reported by then. `dated[i]` is its date in words where that is no plain day, or null.
 */

/** Turn what /lives.json answers into { sites: [{ spans, differs, ... }], changes, ... }; the rows are named in `columns`. */
export function unpack(wire) {
  const { columns, words, ...lives } = wire;
  const ids = lives.categories.map((category) => category.id);
  const word = (at) => (at < 0 ? null : words[at]);
  const changes = [];
  lives.sites = wire.sites.map((row) => {
    const site = named(columns.site, row);
    site.latest ??= site.evidence;
    site.dated = site.dated && site.dated.map(word);
    const rows = site.spans;
    let before = null;
    site.spans = rows.map((cells, at) => {
      const span = named(columns.span, cells);
      const { phrase, by } = span;
      delete span.phrase;
      delete span.by;
      span.to = at + 1 < rows.length ? rows[at + 1][0] - 1 : lives.last;
      span.category = ids[span.category];
      span.half = span.half ? span.half.map((one) => ids[one]) : null;
      span.words = words[span.words];
      span.basis = word(span.basis);
      span.weak = Boolean(span.weak);
      if (before !== null && before !== span.category) {
        changes.push({ day: span.from, site: site.id, category: span.category, text: `${site.short}: ${words[phrase]}`, by: word(by) ?? "" });
      }
      before = span.category;
      return span;
    });
    site.differs = site.differs.map(([from, to, category]) => ({ from, to, category: ids[category] }));
    return site;
  });
  changes.sort((a, b) => a.day - b.day || (a.site < b.site ? -1 : a.site > b.site ? 1 : 0));
  return { ...lives, changes };
}

function named(names, cells) {
  const found = {};
  for (let at = 0; at < names.length; at += 1) found[names[at]] = cells[at];
  return found;
}
