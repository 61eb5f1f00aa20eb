/**
 * What is chosen for a briefing, as words: in the page's address, in the address of the briefing, on the command line.
 *
 * Pure. The names are those of exports/options.py, but `extent` and `link`, which say what of the screen goes along.
 */

/** What is sent of a view; an extent of the map goes beside it, where it is chosen. */
const VIEW = ["as_of", "known_on", "site", "hide", "compare", "without", "derived", "without_grade"];
const REPEATED = new Set(["hide", "without", "without_grade"]); // on the command line, once for each
const NONE = "none";
const PYTHON = ".venv/bin/python"; // in the folder of the atlas, once `make run` has been called
const OFFSET_MS = 3 * 36e5; // Baghdad, without summer time since 2008
const ADDRESS = /^https?:\/\/[A-Za-z0-9.-]+(:\d{1,5})?(\/[A-Za-z0-9._~-]+)*\/?$/; // as options.py reads it

export const PLAIN = Object.freeze({
  layout: "slide", theme: "light", headline: "", marking: "", quotes: null, made: "", extent: "", link: "",
});

/** Computers that call themselves so: an address with such a name leads everybody else to their own machine. */
const OWN = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Whether an address leads here from this computer only. */
export const leadsHereOnly = (address) => OWN.has(new URL(address).hostname);

/** Whether the address of the atlas is printed: as chosen ("on", "off"), else where it is of use to others. */
export const printsLink = (link, address) => (link ? link !== "off" : !leadsHereOnly(address));

/** The choice that means `on`: none where it is so anyway. */
export const linkChoice = (on, address) => (on === printsLink("", address) ? "" : on ? "on" : "off");

/** What a query says that was chosen; what it leaves out is as it is without it. */
export function read(text) {
  const params = new URLSearchParams(text);
  const found = { ...PLAIN };
  for (const name of Object.keys(PLAIN)) if (params.get(name)) found[name] = params.get(name);
  if (found.quotes !== null) found.quotes = found.quotes === NONE ? [] : found.quotes.split(",").filter(Boolean);
  return found;
}

/** The query that `read` reads back. */
export function spell(chosen) {
  const params = new URLSearchParams();
  for (const [name, plain] of Object.entries(PLAIN)) {
    const value = name === "quotes" ? listed(chosen.quotes) : chosen[name];
    if (value && value !== plain) params.set(name, value);
  }
  return params.toString();
}

const listed = (quotes) => (quotes === null ? "" : quotes.join() || NONE);

/** A text on one line, as the server reads it. */
export const oneLine = (text) => text.replace(/[\p{C}\p{Z}\s]+/gu, " ").trim();

/**
 * The parameters of a briefing: those of the view in the query `search`, the extent `map` ("" for all of Iraq), what is
 * chosen, and the `address` of this atlas.
 */
export function parameters(search, map, chosen, address) {
  const view = new URLSearchParams(search);
  const found = Object.fromEntries(VIEW.filter((name) => view.get(name)).map((name) => [name, view.get(name)]));
  const more = {
    map: chosen.extent ? "" : map,
    layout: chosen.layout === PLAIN.layout ? "" : chosen.layout,
    theme: chosen.theme === PLAIN.theme ? "" : chosen.theme,
    headline: oneLine(chosen.headline), marking: oneLine(chosen.marking), quotes: listed(chosen.quotes), made: chosen.made,
    address: printsLink(chosen.link, address) && ADDRESS.test(address) ? address.replace(/\/$/, "") : "",
  };
  return { ...found, ...Object.fromEntries(Object.entries(more).filter(([, value]) => value)) };
}

/** The query of some parameters, as legible as an address may be. */
export const query = (params) => new URLSearchParams(params).toString().replaceAll("%2C", ",").replaceAll("%2F", "/").replaceAll("%3A", ":");

/** The command that writes the same bytes into `file`; a value that begins with a dash would be taken for an option. */
export function command(params, form, file) {
  const words = Object.entries(params).flatMap(([name, value]) => {
    if (name === "derived") return ["--and-derived"];
    const option = `--${name.replaceAll("_", "-")}`;
    return (REPEATED.has(name) ? value.split(",") : [value]).map((one) => `${option}${one.startsWith("-") ? "=" : " "}${quoted(one)}`);
  });
  return [`${PYTHON} -m exports briefing`, ...words, `--format ${form}`, `--out ${quoted(file)}`].join(" ");
}

/** A word as a shell takes it literally. */
const quoted = (text) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** Now in Baghdad, to the minute, with its offset. */
export const now = () => `${new Date(Date.now() + OFFSET_MS).toISOString().slice(0, 16)}+03:00`;

/** The name that the server gives to a file. */
export function nameOf(answer, otherwise) {
  return /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") ?? "")?.[1] ?? otherwise;
}

/** What the server says of a question it does not answer, as a sentence. */
export function sentence(line) {
  const words = line.trim().replace(/^Not answered: /, "").replace(/\.{2,}$/, ".");
  return words ? `${words[0].toUpperCase()}${words.slice(1)}` : "The server gave no reason.";
}

/** A size in words. */
export const size = (bytes) => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`);
