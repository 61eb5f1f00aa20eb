/**
 * The control layer: everything that moves with the date, drawn inside the map's frame.
 *
 * Marks, labels, position rings, the Baghdad inset, the headline, the legend that counts and filters, the scale bar and
 * the hover label. The base map under it holds nothing that changes. The layer listens to the page's one store
 * (`window.parent.__atlas`) and paints inside the store's own call, so a move shows in the frame in which it was made.
 *
 * Words from the data enter the document through `textContent` and `setAttribute` only.
 * Days are integers since 1970-01-01; positions are lat, lon as Leaflet has them; lengths on screen are CSS pixels.
 */

import { el, say } from "../text.js";
import { makeAccount } from "./account.js";
import { makeArrangement } from "./arrangement.js";
import { makeBaseMap } from "./base_map.js";
import { makeCanvasMarks } from "./canvas_marks.js";
import { makeCard } from "./card.js";
import { makeDomMarks } from "./dom_marks.js";
import { makeExtent } from "./extent.js";
import { makeHeadline } from "./headline.js";
import { makeInset } from "./inset.js";
import { weightOf } from "./labels.js";
import { makeLayout } from "./layout.js";
import { makeLegend } from "./legend.js";
import { makeNames } from "./names.js";
import { makePulses } from "./pulses.js";
import { calm, coarse } from "./reader.js";
import { makeScaleBar } from "./scale_bar.js";
import { makeStates } from "./states.js";
import { makeTip } from "./tip.js";
import { makeTools } from "./tools.js";
import { iso } from "./words.js";

const MOST_ZOOM = 10;              // the outlines are drawn for 1:10 million: nearer, they would look surer than they are
const MOST_ELEMENTS = 150;         // more placed sites than this are painted on a canvas
const PULSED_AT_REST = 5;          // after a jump, more changes than this are no event but another picture

/** `options.root`: the element round the map where it has no frame of its own, and the store is in its own window. */
export function attach(map, options) {
  const container = map.getContainer();
  const framed = !(options && options.root);
  const root = framed ? document.documentElement : options.root;
  const layer = {
    map, container, root, framed, page: framed ? window.parent : window, L: window.L, options: options || {}, states: makeStates(),
    store: null, lives: null, selected: null, narrow: null, playing: false,
    laterFirst: false,              // the day compared with is after the painted one
    ready: false,                   // the stylesheet is there, so sizes can be read
    closed: false,
    weight: (site) => weightOf(layer, site),
    compact: () => root.classList.contains("atlas-compact"),
    layoutSoon: () => layer.layout && layer.layout.soon(),
  };
  const { states } = layer;
  prepare(layer);

  layer.account = makeAccount(layer);
  layer.base = makeBaseMap(layer);
  layer.headline = makeHeadline(layer);
  layer.tip = makeTip(layer);
  layer.card = makeCard(layer);
  layer.legend = makeLegend(layer);
  layer.inset = makeInset(layer);
  layer.extent = makeExtent(layer);
  layer.names = makeNames(layer);
  layer.pulses = makePulses(layer);
  layer.scale = makeScaleBar("atlas-scale");
  layer.tools = makeTools(layer);
  layer.footnote = el("details", { class: "atlas-note" }, el("summary", { text: "About this map" }), el("p"));
  layer.marks = makeDomMarks(layer);
  layer.arrangement = makeArrangement(layer);
  layer.layout = makeLayout(layer);
  layer.showScale = () => layer.scale.show(map.getCenter().lat, map.getZoom(), layer.narrow ? 70 : 110);
  const { headline, tip, card, legend, inset, extent, names, arrangement, layout } = layer;
  for (const part of [headline.head, legend.legend, inset.node, layer.tools, layer.footnote]) {
    layer.L.DomEvent.disableClickPropagation(part);
    if (part !== headline.head) layer.L.DomEvent.disableScrollPropagation(part);
  }

  let started = false;
  let starting = false; // while the opening view is set, Leaflet's own events must not lay everything out
  let resizing = false;
  let painted = 0;
  let lastPaintMs = 0;

  /* ---------------------------------------------------------------------------------------------- paint */

  /** Take over a new payload; marks are only made anew if a site, a name or a position differs. */
  function takeLives(payload) {
    const sites = states.sites;
    const same = layer.lives && sites.length === payload.sites.length && payload.sites.every((data, at) => (
      ["id", "name", "short", "lat", "lon", "radius_m", "inset"].every((key) => sites[at][key] === data[key])));
    layer.lives = payload;
    tip.hide();
    states.adopt(payload);
    if (same) {
      layer.marks.readopt();
      inset.readopt();
    } else {
      layer.marks.clear();
      inset.clear();
      const many = states.sites.filter((site) => site.placed).length > MOST_ELEMENTS;
      root.classList.toggle("atlas-many", many);
      layer.marks = many ? makeCanvasMarks(layer) : makeDomMarks(layer);
      layer.marks.adopt();
      inset.adopt();
    }
    headline.adopt(payload);
    legend.adopt(payload);
    const note = layer.footnote.querySelector("p");
    say(note, payload.footnote || "");
    layer.footnote.classList.toggle("is-empty", !payload.footnote);
  }

  /** Show the sites as they were on a day; touches only what differs from the day painted before. */
  function paintDay(day) {
    if (day === null || day === states.day || !layer.lives) return;
    const began = performance.now();
    if (!layer.playing) layout.stepBack(); // in playback every frame is a new day: names would wait to its end
    const first = states.day === null;
    const moved = layer.laterFirst;
    layer.laterFirst = states.compare !== null && states.compare > day;
    const changed = states.go(day);
    repaint(moved !== layer.laterFirst ? everySite() : changed);
    if (!first && states.told.length && layer.ready && states.compare === null) pulse(states.told);
    headline.paint(layer.playing);
    legend.count();
    if (tip.open) tip.refresh();
    if (card.open) card.refresh();
    if (!layer.playing) rest();
    painted += 1;
    lastPaintMs = performance.now() - began;
  }

  function repaint(changed) {
    if (!changed.length) return;
    layer.marks.paint(changed);
    inset.paint(changed);
  }

  const everySite = () => Int32Array.from(states.sites.keys());

  /** Let what has changed be noticed: in playback every change, at rest only a step of a few. */
  function pulse(changed) {
    const most = layer.playing ? layer.pulses.most : PULSED_AT_REST;
    if (!layer.playing && changed.length > most) return;
    layer.pulses.soon([...changed.subarray(0, most)].map((index) => states.sites[index]));
  }

  /** When the day has rested: tell a screen reader, and bring the names of the marks up to date. */
  function rest() {
    headline.rest(() => {
      nameMarks();
      if (layout.lag()) layout.soon();
    });
  }

  function nameMarks() {
    layer.marks.names();
    inset.names();
  }

  /** Show the marks beside what they were on another day, or with a ghost of it, or by themselves again. */
  function relate(state) {
    const compare = state.compare ?? null;
    const ghost = state.ghost ? state.start ?? firstEvidence() : null;
    if (compare === states.compare && ghost === states.ghost) return;
    const was = states.compare;
    layer.laterFirst = compare !== null && states.day !== null && compare > states.day;
    layer.root.classList.toggle("atlas-comparing", compare !== null);
    states.relate(compare, ghost);
    if (states.day === null) return;
    repaint(everySite());
    legend.explain();
    legend.count();
    headline.paint(layer.playing);
    if (!layer.playing) rest();
    if ((was === null) === (compare === null)) return;
    headline.keepHeight();
    layout.soon();
  }

  const firstEvidence = () => states.sites.reduce((least, site) => Math.min(least, site.evidence[0] ?? Infinity), Infinity);

  function paintFilter(list) {
    repaint(states.hide(list));
    legend.filter();
    if (states.day === null) return;
    legend.count();
    nameMarks();
  }

  function paintSelection(id) {
    const fresh = id !== layer.selected;
    for (const [one, is] of [[layer.selected, false], [id, true]]) {
      const site = one === null ? null : states.byId.get(one);
      if (!site) continue;
      layer.marks.select(site, is);
      inset.select(site, is);
    }
    legend.select(id);
    layer.selected = id;
    if (card.open && fresh) card.follow(id);
    if (!fresh || !layer.ready) return;
    bringIntoView(states.byId.get(id));
    layout.soon();
  }

  /** Pan to a site chosen elsewhere if its mark is outside the map. */
  function bringIntoView(site) {
    if (!site || !site.placed || (inset.shown && site.inset)) return;
    const at = map.latLngToContainerPoint([site.lat, site.lon]);
    const size = map.getSize();
    if (at.x > 24 && at.y > 24 && at.x < size.x - 24 && at.y < size.y - 24) return;
    map.panTo([site.lat, site.lon], { animate: !calm.matches });
  }

  /* ---------------------------------------------------------------------------------------------- map, size */

  map.on("moveend", () => {
    if (!extent.opened || !layer.ready || resizing) return;
    extent.tell();
    layer.showScale();
    inset.callout();
    if (started && !starting) layout.soon();
  });
  map.on("move", () => {
    if (inset.shown && !layer.narrow) inset.callout();
    tip.hide();
  });
  map.on("zoomend", () => starting || layout.all());

  function resize() {
    if (!layer.ready || layer.closed || !started || !container.clientWidth) return;
    if (!arrangement.resized()) return;
    resizing = true;
    extent.resized();
    resizing = false;
    layout.all();
  }

  /** First view, once both the stylesheet and the lives are there. */
  function start(state) {
    if (started || !layer.ready || !layer.lives) return;
    started = starting = true;
    arrangement.arrange();
    map.invalidateSize({ pan: false, animate: false });
    // The inset's size is needed for the opening view, and its visibility for its size.
    inset.decide(-Infinity);
    extent.adopt(state.map, false);
    root.classList.add("atlas-started");
    // The marks at once; their names in the next frame, and the quiet names after that.
    layout.marks();
    arrangement.remember();
    starting = false;
    layout.soon();
  }

  /* ---------------------------------------------------------------------------------------------- store */

  /** The store's listener; it must never throw, or the store would let it go. */
  function onStore(state, keys) {
    if (layer.closed) return;
    try {
      if (keys.has("theme")) {
        root.dataset.theme = state.theme;
        layer.marks.redraw();
      }
      const { store } = layer;
      if (!store.lives) return;
      layer.playing = Boolean(state.playing);
      if (store.lives !== layer.lives) {
        takeLives(store.lives);
        paintFilter(state.off || []);
        paintDay(state.day);
        relate(state);
        legend.explain();
        layer.selected = null;
        paintSelection(state.site);
        if (started) layout.all();
        else start(state);
        if (started) nameMarks();
        return;
      }
      if (keys.has("off")) paintFilter(state.off);
      if (keys.has("compare") || keys.has("ghost") || keys.has("start")) relate(state);
      if (keys.has("day")) paintDay(state.day);
      if (keys.has("playing")) {
        headline.repaintLine();
        headline.showPlate();
        if (!state.playing) rest();
      }
      if (keys.has("site")) paintSelection(state.site);
      if (keys.has("map") && layer.ready) extent.adopt(state.map, true);
      if (keys.has("resetView") && layer.ready) extent.fit(true);
      if (keys.has("escape")) {
        tip.hide();
        card.hide();
        legend.toggleUnplaced(false);
      }
    } catch (error) {
      console.error("Handover Atlas: the control layer", error);
    }
  }

  function connect() {
    if (layer.closed || layer.store) return;
    let found = null;
    try {
      found = layer.page.__atlas;
    } catch {
      found = null;
    }
    layer.store = found || window.__atlas || null;
    if (!layer.store) return;
    clearInterval(poll);
    root.dataset.theme = layer.store.state.theme || "light";
    const leave = layer.store.subscribe(onStore);
    window.addEventListener("pagehide", () => {
      layer.closed = true;
      leave();
    });
  }

  const poll = setInterval(connect, 50);
  try {
    layer.page.addEventListener("atlas-ready", connect, { once: true });
  } catch {
    // A frame of another origin: the store can only be our own.
  }
  connect();

  document.addEventListener("keydown", (event) => {
    const { target } = event;
    const pressable = target.closest && target.closest("button, summary, [role=button]");
    if ((event.key === " " || event.key === "Enter") && pressable) return;
    if (event.key === "Escape" && tip.open) tip.hide();
    if (layer.store && layer.store.onKey(event)) event.preventDefault();
  });

  // Sizes can only be read once the stylesheet is there; the frame loads it without waiting for it.
  let waited = 0;
  const styled = setInterval(() => {
    waited += 1;
    if (getComputedStyle(container).getPropertyValue("--atlas-layer").trim() !== "1" && waited < 200) return;
    clearInterval(styled);
    layer.ready = true;
    if (layer.store && layer.lives) start(layer.store.state);
    nameMarks();
  }, 20);
  if (document.fonts) {
    document.fonts.ready.then(() => layout.soon());
    document.fonts.addEventListener("loadingdone", () => layout.soon());
  }
  for (const part of [root, container]) new ResizeObserver(() => resize()).observe(part);

  /* ----------------------------------------------------------------------------------- for tests */

  window.controlLayer = {
    /** The painted day as an ISO date, or null. */
    get day() {
      return states.day === null ? null : iso(states.day);
    },
    /** The painted category of a site, or null. */
    category(id) {
      const site = states.byId.get(id);
      return site ? states.category(site.index) : null;
    },
    /** The painted category of every site by id. */
    categories() {
      return Object.fromEntries(states.sites.map((site) => [site.id, states.category(site.index)]));
    },
    /** True where the painted state of a site has had no evidence for longer than the stated age. */
    stale(id) {
      const site = states.byId.get(id);
      return Boolean(site) && states.stale(site.index);
    },
    /** True once the first view is laid out, names and all. */
    get ready() {
      return names.laidOut;
    },
    /** How often a day has been painted, and how long the layer worked on the last one, in milliseconds. */
    get painted() {
      return painted;
    },
    get lastPaintMs() {
      return lastPaintMs;
    },
    /** "dom" or "canvas": what draws the marks. */
    get drawsOn() {
      return layer.marks.kind;
    },
    /** Draw all marks anew. */
    redraw: () => layer.marks.redraw(),
    /** What is said of a site on the painted day: { category, half, weak, stale, words, evidence }, or null. */
    said(id) {
      const site = states.byId.get(id);
      return site && states.day !== null ? { ...states.look(site.index), ...layer.account.say(site) } : null;
    },
    /** Where the mark of a site is in the frame, { x, y } in CSS pixels, or null; only of painted marks. */
    spot: (id) => layer.marks.spotOf(states.byId.get(id)),
  };
  return window.controlLayer;
}

/** Make the map behave: any zoom, no keys of its own, one finger scrolls the page; and the panes of the layer. */
function prepare({ map, container, root }) {
  root.classList.add("atlas-frame");
  container.classList.add("atlas-map");
  container.setAttribute("role", "region");
  container.setAttribute("aria-label", "Map of federal Iraq and the Kurdistan Region");
  map.options.zoomSnap = 0;
  map.options.zoomDelta = 0.75;
  map.options.wheelPxPerZoomLevel = 110;
  map.options.maxBoundsViscosity = 0.9;
  map.setMaxZoom(MOST_ZOOM);
  if (map.zoomControl) map.zoomControl.remove();
  if (map.attributionControl) map.attributionControl.remove();
  map.keyboard.disable();
  // One finger scrolls the page, two move the map. The stylesheet sets touch-action; here the handler follows the pointer.
  if (coarse.matches) map.dragging.disable();
  document.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch") map.dragging.disable();
    else map.dragging.enable();
  }, true);
  for (const [name, level] of [["atlas-edge", 401], ["atlas-names", 405], ["atlas-under", 590], ["atlas-canvas", 595], ["atlas-marks", 600]]) {
    map.createPane(name).style.zIndex = level;
  }
}
