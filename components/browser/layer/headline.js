/**
 * The date and the finding in large type, what counts as known, and the line that says what has just changed.
 *
 * On a wide screen it stands on the map. On a phone it stands above the map, so while it plays a plate on the map
 * repeats the date, the change and the counts.
 */

import { el, say } from "../text.js";
import { lastUpTo } from "./states.js";
import { dayInShort, dayInWords, isoInWords, plural } from "./words.js";

const NAMED_CHANGES = 3;      // of one day; the others are counted
const LINE_REST_MS = 220;     // in a burst the line changes no more often than it could be noticed
const SAID_AFTER_MS = 500;
const OLD_AFTER_DAYS = 60;    // while it plays, a change this far behind is no news any more,
const READ_AFTER_MS = 2500;   // once there has been time to read it

export function makeHeadline(layer) {
  const { states } = layer;
  const date = el("h1", { class: "atlas-date" });
  const finding = el("p", { class: "atlas-finding" });
  const known = el("p", { class: "atlas-known" });
  const stale = el("p", { class: "atlas-stale" });
  const change = el("p", { class: "atlas-change" });
  change.hidden = true;
  const head = el("header", { class: "atlas-head" }, date, finding, known, stale, change);
  const plateDate = el("p", { class: "atlas-plate-date" });
  const plateCounts = el("p", { class: "atlas-plate-counts" });
  const plate = el("div", { class: "atlas-plate", "aria-hidden": "true" }, plateDate, plateCounts);
  plate.hidden = true;
  const live = el("div", { class: "atlas-unseen", "aria-live": "polite" });
  document.body.append(live);

  let changeDays = [];       // the days on which something changes, in order
  let changesFrom = [];      // where the changes of each of these days begin
  let lineTimer = 0;
  let lineAt = 0;
  let told = { day: null, since: 0 }; // the day whose changes the line tells while it plays, and since when
  let sayTimer = 0;

  function adopt(lives) {
    changeDays = [];
    changesFrom = [];
    lives.changes.forEach((one, at) => {
      if (changeDays.at(-1) === one.day) return;
      changeDays.push(one.day);
      changesFrom.push(at);
    });
    paintKnown(lives);
  }

  function paintKnown(lives) {
    const parts = [];
    if (lives.known_on === "each-day") parts.push(`as our sources had reported by ${states.compare === null ? "that day" : "each of the two days"}`);
    else if (lives.known_on) parts.push(`as our sources had reported by ${isoInWords(lives.known_on)}`);
    const without = (lives.without || []).length;
    if (without) parts.push(`without ${plural(without, "source", "sources")}`);
    known.hidden = !parts.length;
    if (parts.length) say(known, parts.join(", "));
  }

  function paint(playing) {
    const { lives } = layer;
    const { day, compare } = states;
    const pair = compare === null ? null : [compare, day].sort((a, b) => a - b);
    // A line may end after the arrow, not within a date.
    say(date, pair ? pair.map((one) => dayInWords(one).replaceAll(" ", "\u00a0")).join("\u00a0→ ") : dayInWords(day));
    if (date.classList.contains("is-pair") !== Boolean(pair)) {
      date.classList.toggle("is-pair", Boolean(pair));
      paintKnown(lives);
    }
    if (pair) {
      if (compare === day) say(finding, "Both dates are the same day.");
      else say(finding, states.counts.apart ? `${plural(states.counts.apart, "site", "sites")} changed between the two days.` : "No site shows another category on the other day.");
    } else {
      const at = lastUpTo(lives.headlines, day, (one) => one.from);
      say(finding, lives.sites.length ? (at >= 0 ? lives.headlines[at].text : "") : "There is no site to show.");
    }
    const late = lives.last_evidence !== null && day > lives.last_evidence;
    stale.hidden = !late;
    if (late) say(stale, `No source after ${dayInWords(lives.last_evidence)}, ${plural(day - lives.last_evidence, "day", "days")} earlier.`);
    if (!plate.hidden) say(plateDate, date.textContent);
    lineSoon(playing);
  }

  /* ------------------------------------------------------------------------------------------- the changes */

  function lineSoon(playing) {
    const wait = playing ? lineAt + LINE_REST_MS - performance.now() : 0;
    if (wait <= 0) {
      clearTimeout(lineTimer);
      lineTimer = 0;
      paintLine(playing);
    } else if (!lineTimer) {
      lineTimer = setTimeout(() => {
        lineTimer = 0;
        if (states.day !== null && !layer.closed) paintLine(layer.playing);
      }, wait);
    }
  }

  /** While it plays, the last change since it began; at rest, the changes of the day itself. */
  function paintLine(playing) {
    const text = lineOf(playing);
    if ((change.hidden ? "" : change.textContent) === text) return;
    lineAt = performance.now();
    say(change, text);
    change.hidden = !text;
    showPlate();
    if (!layer.narrow) layer.layout.giveWaySoon(text ? change : null);
  }

  function lineOf(playing) {
    if (states.compare !== null) return "";
    const at = lastUpTo(changeDays, states.day, (one) => one);
    if (at < 0) return "";
    const day = changeDays[at];
    if (playing ? day < (layer.store.state.start ?? day) || isOld(day) : day !== states.day) return "";
    const changes = layer.lives.changes.slice(changesFrom[at], changesFrom[at + 1] ?? undefined);
    const named = changes.length === NAMED_CHANGES + 1 ? changes.length : NAMED_CHANGES;
    const those = changes.slice(0, named);
    // A small map has no room for who said so either.
    const by = new Set(layer.compact() ? [] : those.map((one) => one.by || ""));
    const shared = by.size === 1 ? [...by][0] : "";
    // Many changes, and two on a phone, leave no room for who said so; the dossier of each says it.
    const roomy = by.size && those.length <= (layer.narrow ? 1 : 2);
    const lines = those.map((one) => `${one.text}${one.by && !shared && roomy ? ` (${one.by})` : ""}`);
    const more = changes.length > named ? ` and ${changes.length - named} more` : "";
    // Where the line may be cut short, the day must not be what is cut off.
    if (layer.compact()) return `${day === states.day ? "" : `${dayInShort(day)}: `}${lines.join("; ")}${more}`;
    return `${lines.join("; ")}${more}, ${dayInShort(day)}${shared ? `, ${shared}` : ""}`;
  }

  /** True if the playback has left the day behind, and the reader has had time for its line. */
  function isOld(day) {
    const now = performance.now();
    if (told.day !== day) told = { day, since: now };
    return states.day - day > OLD_AFTER_DAYS && now - told.since > READ_AFTER_MS;
  }

  /** On a phone: the date and the counts on the map while it plays, and the changes of the day. */
  function showPlate() {
    const needed = layer.narrow && (layer.playing || !change.hidden);
    plate.classList.toggle("is-playing", layer.playing);
    if (needed && layer.playing) say(plateDate, date.textContent);
    plate.hidden = !needed;
  }

  /** Put the line where the width asks for it; called after the headline has found its own place. */
  function arrange() {
    if (layer.narrow) plate.append(plateDate, change, plateCounts);
    else head.append(change);
    showPlate();
  }

  /** On a phone the headline keeps the height of its longest sentence: the map under it must not jump while it plays. */
  function keepHeight() {
    finding.style.minHeight = "";
    const { lives } = layer;
    if (!layer.narrow || !lives || !lives.headlines.length || states.compare !== null) return;
    const shown = finding.textContent;
    finding.textContent = lives.headlines.reduce((long, one) => (one.text.length > long.length ? one.text : long), "");
    finding.style.minHeight = `${finding.offsetHeight}px`;
    finding.textContent = shown;
  }

  /** Tell a screen reader, when the day has rested. */
  function rest(then) {
    clearTimeout(sayTimer);
    sayTimer = setTimeout(() => {
      if (states.day === null || layer.playing || layer.closed) return;
      say(live, `${date.textContent}. ${finding.textContent}${change.hidden ? "" : ` ${change.textContent}.`}`);
      then();
    }, SAID_AFTER_MS);
  }

  /** True where the headline stands on a plate of its own: over many marks, and wherever marks can come to lie under it. */
  const grounded = () => layer.marks.kind === "canvas" || layer.extent.moved;

  return {
    head, plate, plateCounts, adopt, paint, arrange, keepHeight, rest, showPlate,
    repaintLine: () => lineSoon(layer.playing),
    /** What the tip must not cover. */
    words: () => [date, finding],
    /** What names on the map keep clear of. */
    parts: () => (layer.narrow ? [plate] : grounded() ? [head] : [change]),
    /** The lines of text that stand on the map itself, as boxes on screen; a name may stand beside a short one. */
    lines() {
      if (layer.narrow || grounded()) return [];
      return [date, finding, known, stale].filter((part) => !part.hidden && part.firstChild).flatMap((part) => {
        const range = document.createRange();
        range.selectNodeContents(part);
        return [...range.getClientRects()];
      });
    },
    /** How high it stands on the map. */
    height: () => (layer.narrow ? plate.offsetHeight : head.offsetHeight),
  };
}
