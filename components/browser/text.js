/**
 * Small tools shared by the clock and the bar: safe DOM, icons, glyphs, search that forgives spelling, dates as typed.
 *
 * Words from the data only ever enter the page through `textContent` or `setAttribute`, so a name that looks
 * like markup stays a name.
 */

const SVG = "http://www.w3.org/2000/svg";

/** Make an element; `attributes` may hold class, text, on (listeners), dataset and plain attributes. */
export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** Make an SVG element, with the same arguments as `el`. */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "text") node.textContent = value;
    else if (name === "class") node.setAttribute("class", value);
    else if (name === "on") for (const [type, listener] of Object.entries(value)) node.addEventListener(type, listener);
    else if (name === "dataset") Object.assign(node.dataset, value);
    else if (name === "style") node.style.cssText = value; // as an attribute a strict page would refuse it
    else node.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat()) if (child !== null && child !== undefined) node.append(child);
  return node;
}

/** `text` cut to `most` characters, so that what somebody pasted does not fill the screen. */
export function clip(text, most = 40) {
  const characters = Array.from(String(text));
  return characters.length > most ? `${characters.slice(0, most - 1).join("")}…` : String(text);
}

/**
 * Put `text` into `node` only if it differs, so that an unchanged line costs no layout. A line that is there is rewritten:
 * a new one in its place would have the browser match the styles of all that stands about it.
 */
export function say(node, text) {
  if (node.textContent === text) return;
  const line = node.firstChild;
  if (text && line && line.nodeType === Node.TEXT_NODE && !line.nextSibling) line.data = text;
  else node.textContent = text;
}

/* ------------------------------------------------------------------------------------------------ icons */

const ICONS = {
  first: "M5 4v12M16 4.5 7.5 10l8.5 5.5z",
  previous: "M13.5 5 6.5 10l7 5z",
  play: "M7 4.2 16.2 10 7 15.8z",
  pause: "M6.2 4.5v11M13.8 4.5v11",
  next: "M6.5 5l7 5-7 5z",
  last: "M15 4v12M4 4.5 12.5 10 4 15.5z",
  search: "M8.6 3.6a5 5 0 1 0 0 10 5 5 0 0 0 0-10zM12.4 12.4 16.6 16.6",
  link: "M8.4 11.6a3.2 3.2 0 0 0 4.6 0l2.9-2.9a3.25 3.25 0 0 0-4.6-4.6L10.2 5.2M11.6 8.4a3.2 3.2 0 0 0-4.6 0l-2.9 2.9a3.25 3.25 0 0 0 4.6 4.6l1.1-1.1",
  close: "M5 5l10 10M15 5 5 15",
  loop: "M4.2 9.4a3.7 3.7 0 0 1 3.7-3.7h7.6M13 3.2l2.5 2.5L13 8.2M15.8 10.6a3.7 3.7 0 0 1-3.7 3.7H4.5M7 11.8l-2.5 2.5L7 16.8",
  compare: "M6.2 3v6.2M6.2 13.4V17M13.8 3v3.4M13.8 10.6V17M6.2 9.2a2.1 2.1 0 1 0 0 4.2 2.1 2.1 0 0 0 0-4.2zM13.8 6.4a2.1 2.1 0 1 0 0 4.2 2.1 2.1 0 0 0 0-4.2z",
  swap: "M4 7.2h11M12.4 4.4l2.8 2.8-2.8 2.8M16 13.2H5M7.6 10.4l-2.8 2.8 2.8 2.8",
  ghost: "M12.6 6a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM8.2 4.9a5.3 5.3 0 0 0-2.4.9M4 7.6a5.4 5.4 0 0 0-.8 2M3.3 11.6a5.4 5.4 0 0 0 1 2M6.2 14.6a5.3 5.3 0 0 0 2 .6",
  zoom: "M3.4 5.5v9M16.6 5.5v9M6 10h8M8.2 7.8 6 10l2.2 2.2M11.8 7.8 14 10l-2.2 2.2",
  options: "M3.4 6h6M13.6 6h3M11.5 3.9a2.1 2.1 0 1 0 0 4.2 2.1 2.1 0 0 0 0-4.2zM3.4 14h2.6M10.2 14h6.4M8.1 11.9a2.1 2.1 0 1 0 0 4.2 2.1 2.1 0 0 0 0-4.2z",
  more: "M4.2 10h.01M10 10h.01M15.8 10h.01",
  caret: "M6 8l4 4 4-4",
  clock: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 6v4l2.7 1.8",
  source: "M5 3.2h6.4L15 6.8v10H5zM7.6 11.6h4.8",
  light: "M10 6.4a3.6 3.6 0 1 0 0 7.2 3.6 3.6 0 0 0 0-7.2zM10 2.2v1.4M10 16.4v1.4M2.2 10h1.4M16.4 10h1.4M4.5 4.5l1 1M14.5 14.5l1 1M15.5 4.5l-1 1M5.5 14.5l-1 1",
  dark: "M16.4 12.1A7 7 0 1 1 7.9 3.6a5.6 5.6 0 0 0 8.5 8.5z",
};
const SOLID = new Set(["first", "previous", "play", "next", "last"]);
const HEAVY = new Set(["pause", "more"]);

/** An icon on a 20 by 20 grid; it takes the colour of the text beside it. */
export function icon(name) {
  const look = SOLID.has(name) ? "solid" : HEAVY.has(name) ? "heavy" : "line";
  return svg("svg", { class: `atlas-icon atlas-icon-${look}`, viewBox: "0 0 20 20", "aria-hidden": "true", focusable: "false" },
    svg("path", { d: ICONS[name] }));
}

/* ----------------------------------------------------------------------------------------------- glyphs */

const SHAPES = {
  "coalition-federal": () => svg("circle", { cx: 10, cy: 10, r: 6 }),
  "coalition-kurdistan": () => svg("path", { d: "M10 2.8 17.2 10 10 17.2 2.8 10z" }),
  "iraqi-forces": () => svg("rect", { x: 4.4, y: 4.4, width: 11.2, height: 11.2 }),
  "kurdistan-forces": () => svg("path", { d: "M10 3.4 17 15.8H3z" }),
};

/** The symbol of a category on a 20 by 20 grid; `half` names the old and the new category of a site that is changing. */
export function glyph(category, half = null) {
  const root = svg("svg", { class: "atlas-glyph", viewBox: "0 0 20 20", "aria-hidden": "true", focusable: "false" });
  const colour = (id) => `var(--c-${id})`;
  if (category === "changing-hands") {
    const [old, fresh] = half || ["coalition-federal", "iraqi-forces"];
    root.append(
      svg("circle", { cx: 10, cy: 10, r: 8.9, fill: "none", stroke: "var(--mute)", "stroke-width": 1.1, "stroke-dasharray": "2.4 1.6" }),
      halfGlyph(old, 0),
      halfGlyph(fresh, 1),
    );
  } else if (category === "islamic-state") {
    root.append(svg("path", { d: "M5 5l10 10M15 5 5 15", fill: "none", stroke: colour(category), "stroke-width": 3.4 }));
  } else if (category in SHAPES) {
    const shape = SHAPES[category]();
    shape.setAttribute("fill", colour(category));
    root.append(shape);
  } else {
    root.append(
      svg("circle", { cx: 10, cy: 10, r: 7.2, fill: "none", stroke: colour("not-sourced"), "stroke-width": 1.2, "stroke-dasharray": "2.4 1.6" }),
      svg("text", { x: 10, y: 13.6, "text-anchor": "middle", "font-size": 10, "font-weight": 600, fill: colour("not-sourced"), text: "?" }),
    );
  }
  return root;
}

/** One side (0 left, 1 right) of the symbol of a change; a cross and a "?" cut in two say nothing, so they stand whole and small. */
function halfGlyph(category, side) {
  const whole = !(category in SHAPES);
  const symbol = glyph(category);
  const [x, y, width, height] = whole ? [side ? 10.4 : 1.6, 6, 8, 8] : [side ? 10.5 : 2, 2, 7.5, 16];
  const attributes = { x, y, width, height, viewBox: whole ? "2 2 16 16" : `${side ? 10 : 0.625} 0 9.375 20` };
  for (const [name, value] of Object.entries(attributes)) symbol.setAttribute(name, value);
  symbol.removeAttribute("class");
  return symbol;
}

/* ----------------------------------------------------------------------------------------------- search */

const ARABIC_MARKS = /[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]/g;
const LATIN_MARKS = /[\u0300-\u036f]/g;

/** Words of a name with case, accents, vowel marks, letter variants and the article folded away. */
export function words(text) {
  const folded = String(text)
    .replace(ARABIC_MARKS, "")
    .normalize("NFKD")
    .replace(ARABIC_MARKS, "")
    .replace(LATIN_MARKS, "")
    .toLowerCase()
    .replace(/[أإآٱ]/g, "ا")
    .replace(/[ىیې]/g, "ي")
    .replace(/[ةە]/g, "ه")
    .replace(/ک/g, "ك")
    .replace(/ؤ/g, "و")
    .replace(/ئ/g, "ي")
    .replace(/ı/g, "i")
    .replace(/[\u2018\u2019\u02bc\u02bb\u02bf\u02be'\u0060´]/g, "");
  return folded
    .split(/[^\p{L}\p{N}]+/u)
    .map((word) => word.replace(/^ال(?=.{2})/u, ""))
    .filter((word, at, all) => word && !(/^(al|el|as|at|ad|the)$/.test(word) && all.length > 1));
}

/** One string without spaces for comparing whole names: "Q-West" and "q west" are the same. */
export function fold(text) {
  return words(text).join("");
}

/** Latin spelling of a sound, roughly: doubled letters, vowels and the usual rival letters fall together. */
function sound(word) {
  return word
    .replace(/ou|oo/g, "u").replace(/ee|ie/g, "i").replace(/ay|ai|ei|ey/g, "e")
    .replace(/q|c(?!h)|kh/g, "k").replace(/gh/g, "g").replace(/w/g, "u").replace(/y/g, "i")
    .replace(/(.)\1+/g, "$1");
}

/** Edits (insert, delete, replace, swap neighbours) between two words, or `most + 1` as soon as it is more than `most`. */
export function edits(a, b, most) {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let older = [];
  let previous = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j += 1) {
      let value = Math.min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) value = Math.min(value, older[j - 2] + 1);
      row.push(value);
      least = Math.min(least, value);
    }
    if (least > most) return most + 1;
    older = previous;
    previous = row;
  }
  return previous[b.length];
}

/** A word or a whole name, with its sound reckoned once. */
const heard = (spelling) => ({ spelling, sound: sound(spelling) });

/**
 * How well one word of the query fits one word of a name, both as `heard`: 0 exact, 1 beginning, 2 sounds alike, 3 to 5
 * misspelt; null if not at all. Misspellings take long to tell; without `patient` they are not looked for.
 */
function fit({ spelling: asked, sound: a }, { spelling: word, sound: b }, patient) {
  if (word === asked) return 0;
  if (word.startsWith(asked)) return 1;
  if (asked.length >= 3 && a.length >= 2 && (b === a || (a.length >= 3 && b.startsWith(a)))) return 2; // "er" is not "air"
  if (asked.length >= 3 && word.includes(asked)) return 3;
  if (patient && asked.length >= 5) {
    const most = asked.length >= 8 ? 2 : 1;
    const distance = Math.min(edits(asked, word, most), edits(a, b, most), edits(asked, word.slice(0, asked.length), most));
    if (distance <= most) return 3 + distance;
  }
  return null;
}

/** Prepare names for `find`: `sites` as in the payload. */
export function searchIndex(sites) {
  return sites.map((site) => ({
    site,
    names: [...new Set([site.short, site.name, ...(site.names || []), site.name_local].filter(Boolean))]
      .map((name) => ({ name, words: words(name).map(heard), whole: heard(fold(name)) })),
    place: words(site.governorate || "").concat(words(site.type || "")),
  }));
}

const FEW = 1000; // so many sites are searched for misspellings too, even where some are spelt as asked
const alphabet = new Intl.Collator("en");

/** Sites that fit the query, best first, each with the spelling that matched. */
export function find(index, query) {
  const found = search(index, query, index.length <= FEW);
  return found.length || index.length <= FEW ? found : search(index, query, true);
}

function search(index, query, patient) {
  const asked = words(query);
  const whole = heard(asked.join(""));
  if (!whole.spelling) return [];
  const heardWords = asked.map(heard);
  const found = [];
  for (const entry of index) {
    let best = null;
    for (const name of entry.names) {
      let score = null;
      if (name.whole.spelling === whole.spelling) score = 0;
      else if (name.whole.spelling.startsWith(whole.spelling)) score = 1;
      else {
        let sum = 0;
        for (const word of heardWords) {
          let least = 99;
          for (const other of name.words) least = Math.min(least, fit(word, other, patient) ?? 99);
          sum += least;
          if (sum >= 99) break;
        }
        if (sum < 99) score = 1.5 + sum / asked.length;
        else {
          const joined = fit(whole, name.whole, patient);
          if (joined !== null) score = 2.5 + joined;
        }
      }
      if (score !== null && (best === null || score < best.score)) best = { score, name: name.name };
    }
    if (best === null && asked.every((word) => entry.place.some((other) => word.length >= 3 && other.startsWith(word)))) {
      best = { score: 9, name: entry.site.name };
    }
    if (best) found.push({ site: entry.site, matched: best.name, score: best.score });
  }
  return found.sort((a, b) => a.score - b.score || alphabet.compare(a.site.short, b.site.short));
}

/* ------------------------------------------------------------------------------------------------ dates */

const MONTHS = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

/** Read a date typed by a person into an ISO string, or null: ISO, "17 Jan 2026", "17.01.2026", "jan 2026", "2026", "today". */
export function readDate(text, todayIso) {
  const typed = String(text)
    .replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
    .replace(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0))
    .trim().toLowerCase().replace(/(\d)(st|nd|rd|th)\b/g, "$1").replace(/,/g, " ").replace(/\s+/g, " ");
  if (typed === "today" || typed === "now") return todayIso;
  const month = (word) => {
    const clean = word.replace(/\.$/, "");
    const at = clean.length >= 3 ? MONTHS.findIndex((name) => name.startsWith(clean) || (clean === "sept" && name === "september")) : -1;
    return at + 1;
  };
  let match;
  if ((match = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(typed))) return valid(+match[1], +match[2], +match[3]);
  if ((match = /^(\d{4})-(\d{1,2})$/.exec(typed))) return valid(+match[1], +match[2], 1);
  if ((match = /^(\d{4})$/.exec(typed))) return valid(+match[1], 1, 1);
  if ((match = /^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})$/.exec(typed))) return valid(+match[3], +match[2], +match[1]);
  if ((match = /^(\d{1,2})[ -]([a-z]+\.?)[ -](\d{4})$/.exec(typed))) return valid(+match[3], month(match[2]), +match[1]);
  if ((match = /^([a-z]+\.?) (\d{1,2}) (\d{4})$/.exec(typed))) return valid(+match[3], month(match[1]), +match[2]);
  if ((match = /^([a-z]+\.?) (\d{4})$/.exec(typed))) return valid(+match[2], month(match[1]), 1);
  return null;
}

function valid(year, month, day) {
  const date = new Date(Date.UTC(year, month - 1, day));
  const same = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return same ? date.toISOString().slice(0, 10) : null;
}
