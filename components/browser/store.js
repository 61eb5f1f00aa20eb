/**
 * One store for the whole page: the day, the selected site and what else the reader chose.
 *
 * The clock, the header, the map (in its frame, through `window.parent.__atlas`) and the ear all read and write it by
 * plain calls, so a move is painted everywhere in the frame in which it was made. Days are integers since 1970-01-01,
 * UTC. The store alone writes the address bar: the query, or on a page without a server the part behind the "#"
 * (data-address="fragment" on the root element); there what counts is fixed, and every address holds the whole view. Moving the date adds no history; what changes the question does (the
 * second day, the clock, the sources left out), so that Back undoes it.
 */

const MONTHS = [
  "January", "February", "March", "April", "May", "June",
  "July", "August", "September", "October", "November", "December",
];
const MS_A_DAY = 864e5;
const URL_REST_MS = 250;
const DAYS_A_YEAR = 365;
const EACH_DAY = "each-day"; // as known-on date: on every day, what had been reported by that day
const SPEEDS = [0.5, 1, 2, 4, 8];
const GRADES = ["A", "B", "C", "D"];
const MOST_LEFT_OUT = 200; // as view_state.py: an address has to stay an address
const LONGEST_FILTER = 100; // as there
/** What narrows and orders the list of a page; it belongs to that page and stays behind when another is opened. */
export const FILTERS = ["q", "speaker", "outlet", "about", "phase", "since", "sort"];
/** How the briefing is composed (composer.js writes it, as one query); it belongs to its page as the filters to theirs. */
const COMPOSED = ["layout", "theme", "headline", "marking", "quotes", "made", "extent", "link"];
const NO_FILTERS = { item: null, briefing: "", ...Object.fromEntries(FILTERS.map((name) => [name, ""])) };

/* ------------------------------------------------------------------------------------------------ dates */

/** Days since 1970-01-01 of an ISO date, or null if it is not a date that exists. */
export function isoToDay(iso) {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(String(iso ?? ""));
  if (!match) return null;
  const [year, month, day] = match.slice(1).map(Number);
  const time = new Date(0).setUTCFullYear(year, month - 1, day);
  const date = new Date(time);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? time / MS_A_DAY : null;
}

/** The ISO date of a day. */
export function dayToIso(day) {
  return new Date(day * MS_A_DAY).toISOString().slice(0, 10);
}

/** A day in words: "18 January 2026", or "18 Jan 2026" with "short". */
export function formatDay(day, length = "long") {
  const date = new Date(day * MS_A_DAY);
  const month = MONTHS[date.getUTCMonth()];
  return `${date.getUTCDate()} ${length === "short" ? month.slice(0, 3) : month} ${date.getUTCFullYear()}`;
}

/* ------------------------------------------------------------------------------------------------ store */

const DAYS = new Set(["day", "compare", "start"]);
const LISTS = new Set(["off", "without", "grades"]);
const COUNTS = ["known", "without", "derived", "grades"];
const STEPS = [...COUNTS, "item"]; // and compare, but only when it is switched on or off

function createStore() {
  const state = {
    day: null, site: null, known: null, off: [], compare: null, without: [], derived: false, grades: [],
    playing: false, rhythm: "change", speed: 1, loop: false, ghost: false, start: null,
    axis: "all", map: null, online: true, theme: "light", ...NO_FILTERS,
  };
  const subscribers = new Set();
  let changeDays = [];
  let firstSourced = null;
  let opens = null; // the day on which a page without a server opens
  let siteIds = new Set();
  let urlTimer = 0;
  let going = null; // the page last asked for, null before there was any
  let step = false; // the next address is a new entry in the history
  const fragment = document.documentElement.dataset.address === "fragment";
  /**
   * What the address asks for, as a query; a link to a place in the page asks for nothing. Without a server it stands
   * behind the "#", but a link that was printed for the dashboard is followed as well.
   */
  const search = () => (fragment && location.hash.includes("=") ? `?${location.hash.slice(1)}` : location.search);
  let lastSearch = search();

  const clamp = (day) => Math.max(store.lives.first, Math.min(store.lives.last, day));

  const notify = (keys) => {
    for (const subscriber of [...subscribers]) {
      try {
        subscriber(state, keys);
      } catch (error) {
        // The map's frame may be gone while its listener is still here; a function made in another window is dropped.
        if (!(subscriber instanceof Function)) subscribers.delete(subscriber);
        console.error("Handover Atlas: a listener failed", error);
      }
    }
  };

  /** What of `patch` is really new, put right where the lives allow only some values. */
  const clean = (patch) => {
    const fresh = {};
    for (const [key, value] of Object.entries(patch)) {
      if (value === undefined) continue;
      if (DAYS.has(key)) {
        if (value !== null && !Number.isFinite(value)) continue;
        fresh[key] = value === null || !store.lives ? value : clamp(Math.round(value));
      } else if (LISTS.has(key)) fresh[key] = [...new Set(value ?? [])].sort().slice(0, MOST_LEFT_OUT);
      else fresh[key] = value;
    }
    if (fresh.day === null) delete fresh.day; // once there is a day, there is always one
    for (const key of Object.keys(fresh)) {
      if (LISTS.has(key) ? fresh[key].join() === state[key].join() : fresh[key] === state[key]) delete fresh[key];
    }
    return fresh;
  };

  const store = {
    state,
    lives: null,
    /** True while nothing has been chosen for 250 ms and nothing plays: the address bar is up to date. */
    get settled() {
      return !urlTimer && !state.playing;
    },
    get theme() {
      return state.theme;
    },

    /** Merge `patch`, tell everybody, and write the address bar soon (`rest`: at once). */
    set(patch, { rest = false, url = true } = {}) {
      const fresh = clean(patch);
      const keys = new Set(Object.keys(fresh));
      if (keys.size) {
        const switched = keys.has("compare") && (fresh.compare === null) !== (state.compare === null);
        if (url && !step && (switched || STEPS.some((key) => keys.has(key)))) {
          writeUrl(); // what was chosen before belongs to the entry that Back returns to
          step = true;
        }
        Object.assign(state, fresh);
        notify(keys);
      }
      if (url && (rest || keys.size)) scheduleUrl(rest ? 0 : URL_REST_MS);
    },

    /**
     * Take over unpacked lives. `start` seeds an empty state: day, site, known, off, compare, without, derived and grades
     * as Python read them from the address.
     */
    setLives(payload, start = null) {
      if (!payload || (store.lives && store.lives.version === payload.version)) return;
      const first = !store.lives;
      store.lives = payload;
      changeDays = [...new Set(payload.changes.map((change) => change.day))].sort((a, b) => a - b);
      firstSourced = payload.sites.reduce((least, site) =>
        Math.min(least, site.spans.find((span) => span.category !== "not-sourced")?.from ?? Infinity), Infinity);
      siteIds = new Set(payload.sites.map((site) => site.id));
      const keys = new Set(["lives"]);
      if (fragment && first) opens = start?.day ?? null;
      if (fragment && first) Object.assign(state, Object.fromEntries(COUNTS.filter((key) => start?.[key]).map((key) => [key, start[key]])));
      const url = fromUrl();
      if (state.day === null) Object.assign(state, clean({ ...url, ...(fragment && search() ? {} : start ?? {}) }));
      else Object.assign(state, clean({ day: state.day, compare: state.compare }));
      if (state.day === null) state.day = clamp(payload.default_day);
      if (first) for (const key of Object.keys(state)) keys.add(key);
      notify(keys);
      scheduleUrl(URL_REST_MS);
    },

    /** Call `listener(state, changedKeys)` on every change, and at once if there is something to show. */
    subscribe(listener) {
      subscribers.add(listener);
      if (store.lives) {
        try {
          listener(state, new Set(["lives", ...Object.keys(state)]));
        } catch (error) {
          console.error("Handover Atlas: a listener failed", error);
        }
      }
      return () => subscribers.delete(listener);
    },

    /** Say something that is no state: "resetView", "search", "help", "escape". */
    announce(what) {
      notify(new Set([what]));
    },

    actions: {
      next: () => moveTo(changeDays.find((day) => day > state.day)),
      previous: () => moveTo(changeDays.findLast((day) => day < state.day)),
      first: () => moveTo(Number.isFinite(firstSourced) ? firstSourced : store.lives?.first),
      last: () => moveTo(store.lives?.last_evidence),
      today: () => moveTo(store.lives?.today),
      step: (days) => moveTo(state.day === null ? null : state.day + days),
      play: () => store.lives && store.set({ playing: true }),
      pause: () => store.set({ playing: false }),
      toggle: () => (state.playing ? store.actions.pause() : store.actions.play()),
      select: (site) => {
        if (site === null || siteIds.has(site)) store.set({ site });
      },
      toggleCategory: (id) => {
        if (!store.lives?.categories.some((category) => category.id === id)) return;
        store.set({ off: state.off.includes(id) ? state.off.filter((one) => one !== id) : [...state.off, id] });
      },
      resetView: () => {
        store.set({ map: null });
        store.announce("resetView");
      },
      /** `iso`: a date, null for all that is known today, or "each-day". */
      setKnown: (iso) => {
        const day = iso === null || iso === EACH_DAY ? null : isoToDay(iso);
        if (iso !== null && iso !== EACH_DAY && day === null) return;
        // Everything known by today is what "known today" means, so it has one spelling only.
        const open = day === null || (store.lives && day >= store.lives.today);
        store.set({ known: iso === EACH_DAY ? EACH_DAY : open ? null : dayToIso(store.lives ? clamp(day) : day) });
      },
      setCompare: (day) => store.set({ compare: day }),
      leaveOut: (source) => {
        if (state.without.length < MOST_LEFT_OUT && store.lives?.sources.some((one) => one.id === source)) store.set({ without: [...state.without, source] });
      },
      /** Count a source again; without one, all sources and all grades. */
      takeBack: (source = null) => store.set(source
        ? { without: state.without.filter((one) => one !== source) }
        : { without: [], grades: [], derived: false }),
      setDerived: (derived) => store.set({ derived: Boolean(derived) }),
      toggleGrade: (grade) => {
        if (!GRADES.includes(grade)) return;
        store.set({ grades: state.grades.includes(grade) ? state.grades.filter((one) => one !== grade) : [...state.grades, grade] });
      },
      setSpeed: (speed) => SPEEDS.includes(speed) && store.set({ speed }, { url: false }),
    },

    onKey,
    page,
    sought,
    goAgain,
    stay,
    /** The parameters of the address as it stands. */
    asked: () => new URLSearchParams(search()),
    /** The address of the view on screen, always with its day; `change` as in `go`. */
    permalink: (change = {}) => location.href.split(/[?#]/)[0] + query({ explicit: true, change }).replace("?", fragment ? "#" : "?"),
    /** Where a page of the app is, with the view as it is now; `path` is relative, like "sources", `change` as in `go`. */
    hrefTo: (path, change = {}) => new URL(path + query({ explicit: false, change: leaving(path, change) }), document.baseURI).href,
    go,
    refreshTheme,
    chooseTheme,
  };

  function moveTo(day) {
    if (day === null || day === undefined || !store.lives) return;
    store.set({ day, playing: false });
  }

  /* ---------------------------------------------------------------------------------------------- address */

  /** What the address says, as far as it makes sense; Python words the notice about the rest. */
  function fromUrl() {
    const params = new URLSearchParams(search());
    const one = (name) => (params.getAll(name).length === 1 ? params.get(name) : null);
    const listed = (name) => (one(name) ?? "").split(",").filter(Boolean);
    const { lives } = store;
    const knownDay = isoToDay(one("known_on"));
    const known = knownDay === null || knownDay >= lives.today ? null : dayToIso(Math.max(lives.first, knownDay));
    const site = one("site");
    const ids = new Set(lives.categories.map((category) => category.id));
    const sources = new Set(lives.sources.map((source) => source.id));
    return {
      day: isoToDay(one("as_of")) ?? opens ?? lives.default_day,
      site: siteIds.has(site) ? site : null,
      known: one("known_on") === EACH_DAY ? EACH_DAY : known,
      off: listed("hide").filter((id) => ids.has(id)),
      compare: isoToDay(one("compare")),
      without: listed("without").filter((id) => sources.has(id)),
      derived: one("derived") === "out",
      grades: listed("without_grade").filter((grade) => GRADES.includes(grade)),
      axis: one("axis") === "dense" ? "dense" : "all",
      map: one("map"),
      item: one("item") || null,
      briefing: new URLSearchParams(COMPOSED.filter(one).map((name) => [name, one(name)])).toString(),
      ...Object.fromEntries(FILTERS.map((name) => [name, short(one(name))])),
      ...(fragment ? Object.fromEntries(COUNTS.map((key) => [key, state[key]])) : {}),
    };
  }

  const short = (text) => ((text ?? "").trim().length > LONGEST_FILTER ? "" : (text ?? "").trim());

  /** The query of the present view; parameters that are not ours stay as they are. */
  function query({ explicit, change = {} }) {
    const params = new URLSearchParams(search());
    const view = { ...state, ...change };
    const put = (name, value) => (value ? params.set(name, value) : params.delete(name));
    if (store.lives && view.day !== null) {
      put("as_of", explicit || view.day !== store.lives.default_day ? dayToIso(view.day) : null);
      put("known_on", view.known);
      put("site", view.site);
      put("hide", view.off.join(","));
      put("compare", view.compare === null ? null : dayToIso(view.compare));
      put("without", view.without.join(","));
      put("derived", view.derived && (view.without.length || view.grades.length) ? "out" : null);
      put("without_grade", view.grades.join(","));
      put("axis", view.axis === "dense" ? "dense" : null);
      put("map", view.map);
      for (const name of ["item", ...FILTERS]) put(name, view[name]);
      for (const name of COMPOSED) params.delete(name);
      for (const [name, value] of new URLSearchParams(view.briefing)) params.set(name, value);
    }
    const text = params.toString().replaceAll("%2C", ",").replaceAll("%2F", "/");
    return text ? `?${text}` : "";
  }

  function scheduleUrl(delay) {
    clearTimeout(urlTimer);
    urlTimer = setTimeout(writeUrl, delay);
  }

  function writeUrl() {
    clearTimeout(urlTimer);
    urlTimer = 0;
    if (state.playing || !store.lives || state.day === null) return;
    const wanted = query({ explicit: fragment });
    if (wanted !== search()) {
      // Of a file only what stands behind the "#" may be written.
      const address = !fragment ? location.pathname + wanted + location.hash : `${location.protocol === "file:" ? "" : location.pathname}#${wanted.slice(1)}`;
      try {
        history[step ? "pushState" : "replaceState"](history.state, "", address);
      } catch (error) {
        if (!fragment) throw error; // a page in somebody's preview may have no address of its own
      }
    }
    step = false;
    lastSearch = search();
  }

  /** The page that is shown: "" for the map. */
  function page() {
    return document.querySelector(".atlas-nav")?.dataset.pageShown ?? "";
  }

  /** The page the reader last asked for; until it is drawn, another one is shown. */
  function sought() {
    return going ?? page();
  }

  /** What narrows the list of a page is left behind with it. */
  function leaving(path, change) {
    if (path.replace(/^\.$/, "") !== sought()) return { ...NO_FILTERS, ...change };
    return "site" in change ? { item: null, ...change } : change; // what was pointed at belongs to the other site
  }

  /**
   * Show another page of the app without loading it: the address changes first, and Streamlit follows it as on Back.
   * `change` is what is chosen with it: { item, site, day, q, ... }.
   */
  function go(path, change = {}) {
    writeUrl();
    const target = store.hrefTo(path, change);
    const here = path.replace(/^\.$/, "") === sought();
    const chosen = leaving(path, change);
    if (!here) going = path.replace(/^\.$/, "");
    store.set(chosen, here ? {} : { url: false });
    if (here) return;
    if (target !== location.href) history.pushState(null, "", target);
    follow();
  }

  /** Ask once more for the page sought, where Streamlit has lost the wish and put the address of the old page back. */
  function goAgain() {
    history.replaceState(null, "", new URL((sought() || ".") + query({ explicit: false }), document.baseURI).href);
    follow();
  }

  /** Give up the page sought: the address is again that of the page that is shown. */
  function stay() {
    going = null;
    history.replaceState(null, "", new URL((page() || ".") + query({ explicit: false }), document.baseURI).href);
    lastSearch = search();
  }

  function follow() {
    lastSearch = search();
    window.dispatchEvent(new PopStateEvent("popstate", { state: null }));
  }

  window.addEventListener("popstate", () => {
    if (!fragment) going = location.pathname.slice(document.querySelector('.atlas-nav a[data-page=""]')?.pathname.length ?? 1);
    if (!store.lives || search() === lastSearch) return; // a link to a heading; the address may lag behind us
    if (fragment && !search()) return;
    clearTimeout(urlTimer);
    urlTimer = 0;
    lastSearch = search();
    store.set({ playing: false, ...fromUrl() }, { url: false });
    scheduleUrl(URL_REST_MS); // what the address got wrong is put right
  }, true);
  window.addEventListener("pagehide", writeUrl);

  /* ------------------------------------------------------------------------------------------------- keys */

  /** Act on a key pressed in the page or in the map's frame; true if it was ours. */
  function onKey(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false;
    if (!store.lives) return false;
    const path = event.composedPath?.() ?? [];
    const target = path[0] ?? event.target;
    const tag = target?.tagName ?? "";
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(tag) || target?.isContentEditable) return false;
    if (target?.closest?.("dialog, [role=dialog], [role=listbox], [role=menu]")) return false;
    if (event.key === " " && target?.closest?.("button, a, summary, [role=button], [role=tab], [role=option]")) return false;
    const { actions } = store;
    const keys = {
      ArrowLeft: () => (event.shiftKey ? actions.previous() : actions.step(-1)),
      ArrowRight: () => (event.shiftKey ? actions.next() : actions.step(1)),
      PageUp: () => actions.step(-DAYS_A_YEAR),
      PageDown: () => actions.step(DAYS_A_YEAR),
      Home: actions.first,
      End: actions.last,
      " ": actions.toggle,
      "/": () => store.announce("search"),
      "?": () => store.announce("help"),
      0: actions.resetView,
      Escape: () => {
        store.announce("escape");
        if (!page()) actions.select(null); // elsewhere the site is what the page is about
      },
    };
    const act = Object.hasOwn(keys, event.key) ? keys[event.key] : null;
    if (!act) return false;
    // On a page of text the keys turn its leaves, unless the clock has the focus.
    if (page() && !["/", "?", "Escape"].includes(event.key) && !target?.closest?.(".atlas-clock")) return false;
    act();
    return true;
  }
  document.addEventListener("keydown", (event) => {
    if (onKey(event)) event.preventDefault();
  });

  /* ------------------------------------------------------------------------------------ theme, connection */

  let chosenTheme = null;

  /** Light or dark by choice. Streamlit 1.67 hears of it at its next start only; all that is on screen is ours. */
  function chooseTheme(theme) {
    chosenTheme = theme;
    refreshTheme();
  }

  /** Read light or dark from Streamlit's page itself, if nothing was chosen: its theme switch runs no Python. */
  function refreshTheme() {
    const app = document.querySelector("[data-testid=stApp]");
    if (app && chosenTheme) app.style.colorScheme = chosenTheme; // form controls and scroll bars follow
    const scheme = app ? getComputedStyle(app).colorScheme : "";
    const dark = scheme.includes("dark")
      || (!scheme.includes("light") && matchMedia("(prefers-color-scheme: dark)").matches);
    const theme = chosenTheme ?? (dark ? "dark" : "light");
    document.documentElement.dataset.theme = theme;
    store.set({ theme }, { url: false });
    return theme;
  }

  /** False while Streamlit has lost its server, or the browser is offline and the server is not on this machine. */
  async function refreshConnection() {
    if (fragment) return; // no server, no connection to lose
    const told = document.querySelector("[data-testid=stApp]")?.dataset.testConnectionState;
    let online = !told || told === "CONNECTED";
    // Without a network the browser calls itself offline, though a server on the same machine still answers.
    if (online && navigator.onLine === false) online = await answers();
    store.set({ online }, { url: false });
  }

  async function answers() {
    try {
      return (await fetch(new URL("../_stcore/health", import.meta.url), { cache: "no-store" })).ok;
    } catch {
      return false;
    }
  }

  function watchPage() {
    const app = document.querySelector("[data-testid=stApp]");
    if (!app) return;
    let queued = 0;
    const look = () => {
      queued = 0;
      refreshTheme();
      refreshConnection();
    };
    new MutationObserver(() => {
      if (!queued) queued = requestAnimationFrame(look);
    }).observe(app, { attributes: true, attributeFilter: ["class", "data-test-connection-state"] });
    // Without its server Streamlit (1.67) locks the page behind a dialog for developers. Map and clock need no server.
    new MutationObserver(() => {
      if (app.dataset.testConnectionState !== "CONNECTED") document.querySelector("[data-testid=stDialog] button[aria-label=Close]")?.click();
    }).observe(document.body, { childList: true });
    look();
  }
  for (const kind of ["online", "offline"]) window.addEventListener(kind, refreshConnection);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => setTimeout(refreshTheme, 60));
  watchPage();
  return store;
}

/** The page's store; made once, whatever imports this module first. */
export const store = (window.__atlas ??= createStore());
if (!store.announced) {
  store.announced = true;
  window.dispatchEvent(new Event("atlas-ready"));
}
