/**
 * What is said about one site on the painted day: in the hover label, in the card for thumbs, and to a screen reader.
 */

import { el } from "../text.js";
import { glyph, soft } from "./glyphs.js";
import { coarse } from "./reader.js";
import { lastUpTo } from "./states.js";
import { capital, claimWords, dayInShort, dayInWords, distanceWords, monthInWords, plural } from "./words.js";

export function makeAccount(layer) {
  const { states } = layer;

  function categoryLabel(id) {
    const found = layer.lives.categories.find((category) => category.id === id);
    return found ? found.label : id;
  }

  const wordsOf = (span) => span.words || categoryLabel(span.category);

  /** What is known about the age of the evidence on the painted day: "last evidence 12 March 2026, 218 days earlier". */
  function evidenceWords(site) {
    const { day } = states;
    const at = lastUpTo(site.evidence, day, (one) => one);
    if (at < 0 && /source/i.test(states.span(site).words || "")) return ""; // the words say it already
    if (at < 0 && layer.lives.known_on === "each-day") return "no source had reported on it yet";
    if (at < 0) return site.evidence.length ? `no source before ${dayInWords(site.evidence[0])}` : "no dated source";
    const last = (site.latest ?? site.evidence)[at];
    if (last === day) return "evidence of this day";
    // What comes next is not known where each day counts only what had been reported by then.
    const next = layer.lives.known_on === "each-day" ? undefined : site.evidence[at + 1];
    // Between two sources that are far apart the older one must not pass for a young one.
    if (next !== undefined && day - last > 365) return `evidence of ${monthInWords(last)} and next ${monthInWords(next)}, none between`;
    return `last evidence ${dayInWords(last)}, ${plural(day - last, "day", "days")} earlier`;
  }

  /** The days compared and the site's spans on them, the earlier first; null if no day is compared with. */
  function pair(site) {
    if (states.compare === null) return null;
    return [states.compare, states.day].sort((a, b) => a - b).map((day) => ({ day, span: states.spanOn(site, day) }));
  }

  function line(span, text) {
    return el("p", { class: "atlas-tip-words" }, glyph(span.category, span.half, soft(span)), el("span", { text }));
  }

  /** The site's name in both scripts, what is sourced about it on the painted day, and how old that is. */
  function fill(site, node) {
    const span = states.span(site);
    node.append(el("div", { class: "atlas-tip-name" }, el("strong", { text: site.name }),
      site.name_local ? el("bdi", { class: "atlas-local", lang: "ar", text: site.name_local }) : null));
    const days = pair(site);
    if (days) for (const one of days) node.append(line(one.span, `${dayInShort(one.day)}: ${wordsOf(one.span)}`));
    else node.append(line(span, wordsOf(span)));
    const claim = claimWords(span);
    if (claim) node.append(el("p", { text: days ? `${dayInShort(states.day)}: ${claim}` : capital(claim) }));
    const later = states.knownToday(site);
    if (later) node.append(el("p", { class: "atlas-tip-today", text: `Known today: ${categoryLabel(later.category)}` }));
    const age = evidenceWords(site);
    if (age) node.append(el("p", { text: capital(age) }));
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

  return { fill, fillTip, name, categoryLabel };
}
