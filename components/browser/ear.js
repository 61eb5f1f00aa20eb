/**
 * The ear: tells Python what the reader looks at, and brings back what Python has to say.
 *
 * It is the only reporter. Two components that each set a value in one tick lose updates, so all that makes a view goes
 * together, as one object. Python answers every report with `shown`, the view its panels are drawn for; as long as that
 * differs from the store, the ear reports again. With it comes the version of the lives that belong to that view, which
 * the ear fetches where they are not here yet. So nothing stays wrong after a lost message, answers that crossed, a
 * server restart or an hour offline.
 */

import { unpack } from "./lives.js";
import { listenToFilters } from "./filters.js";
import { FILTERS, dayToIso, isoToDay, store } from "./store.js";
import { listenToPages } from "./pages.js";
import { listenToTargets } from "./targets.js";
import { offerCopies } from "./copy.js";

const REST_MS = 80;
const PLAYING_MS = 1000;
const STEPPING_MS = 250; // from change to change Python hears of each, as far as it can keep up
const DOUBT_MS = 3000; // no answer for so long: say it again
const MISHEARD_MS = 300; // an answer to something older: say it again, unless the right one comes
const RECONNECTED_MS = 700;
const PAPER_PX = { wide: 700, high: 900 }; // what fits on A4 within its margins
const WAITING_MS = 400; // an answer that comes sooner needs no word
const WAITING = "The map still shows what counted before; what counts now is on its way.";
const FAILED = "The map still shows what counted before; the server has not answered. Trying again.";
const REVEAL_MS = 3000;
const PUSHED_DOWN = 0.4; // of the panels' height: a dossier that begins lower is brought up
const CHOICES = ["site", "known", "off", "compare", "without", "derived", "grades", "item", ...FILTERS];
const ACTS = ["site", "day", "category", "compare", "leaveout", "takeback", "derived", "grade", "page", "dismiss"].map((name) => `[data-${name}]`).join();
const MOST_REPEATS = 5; // Python may know better, for example about a site that is gone

const ear = (window.__atlasEar ??= { tell: null, wanted: null, fetching: null, start: null, shown: "", told: "", at: 0, timer: 0, doubt: 0, repeats: 0, wish: null, wishes: 0, count: 0, crossed: null, days: [] });

/** Take Python's word (`data`: shown, lives) and keep the way back to it; called again on every rerun. */
export function mount({ data, setStateValue }) {
  ear.tell = (value) => setStateValue("view", value);
  const { shown } = data;
  ear.page = data.page;
  if (!leaving()) ear.wish = null;
  ear.wanted = data.lives;
  ear.start = shown;
  ear.shown = spell({ ...shown, off: [...shown.off].sort() });
  if (ear.shown === ear.told && !leaving()) {
    clearTimeout(ear.doubt);
    ear.repeats = 0;
  }
  store.refreshTheme();
  fetchLives();
  sayWaiting();
  if (store.lives) settle();
}

const question = ({ known, without, derived, grades }) => JSON.stringify([known, without, derived, grades]);

/** Say over the map that it still shows what counted before, once that has lasted long enough to be seen. */
function sayWaiting() {
  const late = store.lives && ear.start && (question(view()) !== question(ear.start) || store.lives.version !== ear.wanted?.version);
  clearTimeout(ear.waiting);
  if (!late) {
    ear.failed = false;
    veil("");
  } else ear.waiting = setTimeout(() => veil(ear.failed ? FAILED : WAITING), ear.failed ? 0 : WAITING_MS);
}

function veil(words) {
  const map = document.querySelector(".st-key-atlas-map");
  if (!map || (map.dataset.waiting ?? "") === words) return;
  if (words) map.dataset.waiting = words;
  else delete map.dataset.waiting;
  let status = document.getElementById("atlas-waiting");
  if (!status) {
    status = Object.assign(document.createElement("div"), { id: "atlas-waiting", className: "unseen" });
    status.setAttribute("role", "status");
    document.body.append(status);
  }
  status.textContent = words;
}

/** Report what the store has and Python does not show. */
function settle() {
  listen();
  if (store.state.playing || ear.shown === now()) return;
  if (ear.told === now()) doubt(MISHEARD_MS);
  else report(REST_MS);
}

/** Bring the lives that Python named last; an answer to an older question is dropped, a failure tried again. */
async function fetchLives() {
  const { wanted } = ear;
  if (!wanted || ear.fetching === wanted.version || store.lives?.version === wanted.version) return;
  ear.fetching = wanted.version;
  try {
    const answer = await fetch(new URL(wanted.url, location.origin));
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
    const lives = unpack(await answer.json());
    if (ear.wanted.version === wanted.version) {
      const { day, compare, ...start } = ear.start;
      store.setLives(lives, { ...start, day: isoToDay(day), compare: isoToDay(compare) });
      settle();
    }
    ear.failed = false;
  } catch (error) {
    ear.failed = true;
    console.error("Handover Atlas: the lives of the sites", error);
    setTimeout(fetchLives, DOUBT_MS);
  } finally {
    if (ear.fetching === wanted.version) ear.fetching = null;
    sayWaiting();
  }
}

const spell = ({ day, compare, derived, ...chosen }) =>
  JSON.stringify([day, compare, derived, ...CHOICES.map((name) => chosen[name])]);

/** The present view, spelled as Python spells it. */
function view() {
  const { day, compare, derived, without, grades } = store.state;
  return {
    ...Object.fromEntries(CHOICES.map((name) => [name, store.state[name]])),
    day: dayToIso(day), compare: compare === null ? null : dayToIso(compare),
    derived: derived && Boolean(without.length || grades.length),
  };
}
const now = () => spell(view());

function report(delay) {
  clearTimeout(ear.timer);
  ear.timer = setTimeout(tell, delay);
}

/**
 * Whether a change of page is on its way. Streamlit (1.67) sends each report with the page that is shown: said
 * meanwhile, it can be taken together with the change, and the reader stays on the old page.
 */
const leaving = () => store.sought() !== ear.page;

function tell() {
  clearTimeout(ear.timer);
  if (leaving()) return; // the page is drawn for the view in its address; what has changed since is told then
  if (!ear.tell || !store.lives || store.state.day === null) return;
  const spelled = now();
  if (spelled === ear.shown && (spelled === ear.told || !ear.told)) return;
  if (spelled !== ear.told) ear.repeats = 0;
  ear.told = spelled;
  ear.at = performance.now();
  ear.count += 1; // the same view said twice is two reports
  ear.tell({ ...view(), count: ear.count });
  doubt(DOUBT_MS);
}

/** After `delay`, say it once more if Python still shows something else; ask once more for a page that does not come. */
function doubt(delay) {
  clearTimeout(ear.doubt);
  ear.doubt = setTimeout(() => {
    if (leaving() && store.state.online) {
      const lost = store.page() !== store.sought(); // the header comes first; the page may take its time
      if (lost && ear.wishes < MOST_REPEATS) store.goAgain();
      else if (lost) store.stay();
      ear.wishes += lost;
      doubt(DOUBT_MS);
      return;
    }
    if (ear.shown === now() || store.state.playing || !store.state.online || ear.repeats >= MOST_REPEATS) return;
    ear.repeats += 1;
    // A server restarted under a page that had never reported has not run it: have Streamlit run it whole, as on Back.
    if (ear.repeats === 1) window.dispatchEvent(new PopStateEvent("popstate", { state: null }));
    tell();
  }, delay);
}

function listen() {
  if (ear.listening) return;
  ear.listening = true;
  store.subscribe((state, changed) => {
    if (changed.has("lives")) ear.days = [...new Set(store.lives.changes.map((change) => change.day))].sort((a, b) => a - b);
    if (changed.has("online") && state.online) {
      ear.repeats = 0;
      doubt(RECONNECTED_MS); // Streamlit runs the page first, with what was said meanwhile
    } else if (CHOICES.some((key) => changed.has(key))) {
      sayWaiting();
      report(0);
    }
    else if (state.playing && changed.has("day")) hearPlayback(state.day);
    else if (changed.has("day") || changed.has("playing")) report(REST_MS);
  });
  store.subscribe((state, changed) => {
    if (changed.has("site") && state.site) reveal(state.site);
  });
  window.addEventListener("popstate", () => { // after the store's
    if (!leaving()) return;
    if (ear.wish !== store.sought()) ear.wishes = 0;
    ear.wish = store.sought();
    doubt(DOUBT_MS);
  }, true);
  document.addEventListener("click", onClick);
  listenToFilters(store);
  listenToPages(store);
  listenToTargets(store);
  offerCopies(store);
  followComposer();
  window.addEventListener("beforeprint", fitPaper);
}

/** Have the composer follow its page; its modules are fetched where that page is first opened. */
function followComposer() {
  let module = null;
  const look = () => {
    if (!module && !document.querySelector("[data-composer]")) return;
    module ??= import("./composer.js");
    module.then(({ compose }) => compose(store)).catch((error) => {
      module = null;
      console.error("Handover Atlas: the composer", error);
    });
  };
  document.addEventListener("atlas-panels", look);
  look();
}

/**
 * Bring the dossier of a site just chosen into sight, once Python has drawn it, and give it the focus where nothing
 * else holds it. A tap on the phone's map leaves the page where it is: the map says there what was tapped.
 */
function reveal(site) {
  const asked = performance.now();
  const narrow = matchMedia("(max-width: 899.98px)").matches;
  const onMap = document.activeElement instanceof HTMLIFrameElement;
  const look = () => {
    if (store.state.site !== site || performance.now() - asked > REVEAL_MS) return;
    const dossier = document.querySelector(`[data-dossier="${CSS.escape(site)}"]`);
    if (!dossier) {
      requestAnimationFrame(look);
      return;
    }
    const body = document.querySelector(".st-key-atlas-body");
    if (!narrow && body) {
      // What was asked for beside the day stands above the dossier; it goes out of sight only if the dossier would.
      const below = dossier.getBoundingClientRect().top - body.getBoundingClientRect().top + body.scrollTop;
      body.scrollTop = below > body.clientHeight * PUSHED_DOWN ? below : 0;
    }
    else if (narrow && !onMap) keepInSight(dossier);
    const held = document.activeElement;
    if (held === document.body || held?.closest("[data-panel]")) dossier.querySelector("h2")?.focus({ preventScroll: true });
  };
  requestAnimationFrame(look);
}

/** Bring something to the top, and again as long as what stands above it still grows; not against the reader's hand. */
function keepInSight(node) {
  const bring = () => node.isConnected && node.scrollIntoView({ block: "start" });
  const done = new AbortController();
  const growing = new ResizeObserver(bring);
  for (const above of document.querySelectorAll(".st-key-atlas-map, .st-key-atlas-map iframe")) growing.observe(above);
  const stop = () => {
    growing.disconnect();
    done.abort();
  };
  for (const hand of ["wheel", "touchstart", "keydown"]) window.addEventListener(hand, stop, { signal: done.signal, passive: true });
  setTimeout(stop, REVEAL_MS);
  bring();
}

/** Print the map as it stands on the screen, shrunk: a frame is not laid out anew for paper, it would only be cut. */
function fitPaper() {
  const frame = document.querySelector(".st-key-atlas-map iframe");
  if (!frame?.offsetWidth) return;
  const { style } = document.documentElement;
  style.setProperty("--frame-w", `${frame.offsetWidth}px`);
  style.setProperty("--frame-h", `${frame.offsetHeight}px`);
  style.setProperty("--frame-scale", Math.min(PAPER_PX.wide / frame.offsetWidth, PAPER_PX.high / frame.offsetHeight).toFixed(4));
}

function hearPlayback(day) {
  let crossed = 0;
  while (crossed < ear.days.length && ear.days[crossed] <= day) crossed += 1;
  const waited = performance.now() - ear.at;
  // One report on its way at a time: the more readers a server has, the fewer each of them sends.
  if (ear.told && ear.shown !== ear.told && waited < DOUBT_MS) return;
  const due = crossed !== ear.crossed && store.state.rhythm === "change" ? STEPPING_MS : PLAYING_MS;
  if (waited < due) return;
  ear.crossed = crossed;
  tell();
}

const CARRIED = new Set(["item", "site", ...FILTERS]);

/** What a link to a page chooses with it, from its data-with: "item=E018.S0&site=ain-al-asad&day=20470". */
function carried(element) {
  const found = {};
  for (const [name, value] of new URLSearchParams(element.dataset.with ?? "")) {
    if (name === "day") found.day = Number(value);
    else if (CARRIED.has(name)) found[name] = value;
  }
  return found;
}

/**
 * Buttons and links in the panels act on the store: data-site, data-day, data-category, data-compare, data-leaveout,
 * data-takeback, data-derived ("out" or ""), data-grade, data-page with data-with, data-dismiss.
 */
function onClick(event) {
  if (event.defaultPrevented || event.button !== 0) return;
  const target = event.composedPath()[0];
  if (!(target instanceof Element)) return;
  const element = target.closest(ACTS);
  if (!element || !store.lives) return;
  const { site, day, category, compare, leaveout, takeback, derived, grade, page, dismiss } = element.dataset;
  if (page !== undefined) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) {
      element.href = store.hrefTo(page || ".", carried(element)); // a new tab opens the same view
      return;
    }
    store.go(page || ".", carried(element));
  } else if (dismiss !== undefined) element.closest("[data-notice]")?.setAttribute("hidden", "");
  else {
    if (target.closest("a[href]")) return; // a link to a source inside a row goes to the source
    if (day !== undefined) store.set({ day: Number(day), playing: false });
    if (site !== undefined) {
      store.actions.select(site || null);
      // A site named on another page is shown on the map.
      if (site && store.page()) store.go(".");
    }
    if (category !== undefined) store.actions.toggleCategory(category);
    if (compare !== undefined) store.actions.setCompare(compare === "" ? null : Number(compare));
    if (leaveout !== undefined) store.actions.leaveOut(leaveout);
    if (takeback !== undefined) store.actions.takeBack(takeback || null);
    if (derived !== undefined) store.actions.setDerived(derived === "out");
    if (grade !== undefined) store.actions.toggleGrade(grade);
  }
  event.preventDefault();
}
