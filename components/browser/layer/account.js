/**
 * What is said about one site on the painted day: in the hover label, in the card for thumbs, and to a screen reader.
 */

import { el } from "../text.js";
import { glyph, soft } from "./glyphs.js";
import { coarse } from "./reader.js";
import { lastUpTo } from "./states.js";
import { capital, claimWords, dayInShort, dayInWords, distanceWords } from "./words.js";

export function makeAccount(layer) {
  const { states } = layer;

  function categoryLabel(id) {
    const found = layer.lives.categories.find((category) => category.id === id);
    return found ? found.label : id;
  }

  const wordsOf = (span) => span.words || categoryLabel(span.category);

  /**
   * How long ago the site was last corroborated on the painted day, in the words of components/wording.py: "last evidence
   * 12 March 2026, 7 months ago" or, beyond the stated age, "not corroborated since 12 March 2025, 19 months ago".
   */
  function evidenceWords(site) {
    const { day } = states;
    const { evidence } = site;
    const at = lastUpTo(evidence, day, (one) => one);
    const silent = /source/i.test(states.span(site).words || "");
    if (at < 0 && silent) return ""; // the words say it already
    if (at < 0 && layer.lives.known_on === "each-day") return "no source had reported on it yet";
    if (at < 0) return evidence.length ? `first evidence ${dateOf(site, 0)}` : "no dated source";
    const last = (site.latest ?? evidence)[at];
    const told = dateOf(site, at);
    const age = ageInWords(last, day);
    const words = states.stale(site.index) ? `not corroborated since ${told.replace(/^(by |.* to )/, "")}` : `last evidence ${told}`;
    // What comes next is not known where each day counts only what had been reported by then. Where it is far off it is
    // told, so that an old piece of evidence does not pass for a young one.
    const next = layer.lives.known_on !== "each-day" && at + 1 < evidence.length && day - last > layer.lives.stale_after_days;
    return `${words}${age && `, ${age} ago`}${next ? `; next evidence ${dateOf(site, at + 1)}` : ""}`;
  }

  const dateOf = (site, at) => (site.dated && site.dated[at]) || dayInWords((site.latest ?? site.evidence)[at]);

  /** The days compared and the site's spans on them, the earlier first; null if no day is compared with. */
  function pair(site) {
    if (states.compare === null) return null;
    return [states.compare, states.day].sort((a, b) => a - b).map((day) => ({ day, span: states.spanOn(site, day) }));
  }

  function line(site, day, span, text) {
    const look = { category: span.category, half: span.half, weak: soft(span), stale: states.staleOn(site, day) };
    return el("p", { class: "atlas-tip-words" }, glyph(look), el("span", { text }));
  }

  /** The site's name in both scripts, what is sourced about it on the painted day, and how old that is. */
  function fill(site, node) {
    const span = states.span(site);
    node.append(el("div", { class: "atlas-tip-name" }, el("strong", { text: site.name }),
      site.name_local ? el("bdi", { class: "atlas-local", lang: "ar", text: site.name_local }) : null));
    const days = pair(site);
    if (days) for (const one of days) node.append(line(site, one.day, one.span, `${dayInShort(one.day)}: ${wordsOf(one.span)}`));
    else node.append(line(site, states.day, span, wordsOf(span)));
    const claim = claimWords(span);
    if (claim) node.append(el("p", { text: days ? `${dayInShort(states.day)}: ${claim}` : capital(claim) }));
    const later = states.knownToday(site);
    if (later) node.append(el("p", { class: "atlas-tip-today", text: `Known today: ${categoryLabel(later.category)}` }));
    const age = evidenceWords(site);
    if (age) node.append(el("p", { class: states.stale(site.index) ? "atlas-tip-stale" : null, text: capital(age) }));
  }

  function fillTip(site, node) {
    fill(site, node);
    if (site.radius_m) node.append(el("p", { text: `Position approximate, within ${distanceWords(site.radius_m)}` }));
    node.append(el("p", { class: "atlas-tip-hint", text: coarse.matches ? "tap for sources" : "click for sources" }));
  }

  /** The name of a mark as a screen reader says it; "" before a day is painted. */
  function name(site) {
    const span = states.span(site);
    if (!span) return "";
    const look = states.look(site.index);
    const claim = claimWords(span);
    const age = evidenceWords(site);
    const days = pair(site);
    const said = days
      ? days.map((one) => `${dayInWords(one.day)}, ${wordsOf(one.span).replace(/\.$/, "")}`).join("; ")
      : wordsOf(span).replace(/\.$/, "");
    const later = states.knownToday(site);
    return `${site.name}: ${said}${claim ? `, ${claim}` : ""}${later ? `. Known today: ${categoryLabel(later.category)}` : ""}`
      + `${age ? `. ${capital(age)}` : ""}${look.hidden ? ", hidden in the legend" : ""}`;
  }

  /** The words of a site on the painted day, and how old its evidence is. */
  const say = (site) => ({ words: wordsOf(states.span(site)), evidence: capital(evidenceWords(site)) });

  return { fill, fillTip, name, say, categoryLabel };
}

/** The time between two days, as geodata/staleness.py says it: days below two months, months below two years, then years. */
export function ageInWords(last, day) {
  const [from, to] = [last, day].map((one) => new Date(one * 864e5));
  const months = 12 * (to.getUTCFullYear() - from.getUTCFullYear()) + to.getUTCMonth() - from.getUTCMonth() - (to.getUTCDate() < from.getUTCDate() ? 1 : 0);
  if (months >= 24) return `${Math.floor(months / 12)} years`;
  if (months >= 2) return `${months} months`;
  return day <= last ? "" : day - last === 1 ? "1 day" : `${day - last} days`;
}
