/**
 * Watches a page from inside: when the map can be used, when a move is painted, told to the server and settled, what work
 * it was, and how a playback runs.
 *
 * Runs before the page's own scripts. Times are milliseconds of `performance.now()` in the top page. A frame counts as
 * painted in a message sent from its animation callback: the browser handles that after it has drawn the frame.
 * `CONTESTANT` is put in by the tool: { categories, ready, stamp, panels, inMap }.
 */
(() => {
  if (window.top !== window) return;
  const contestant = CONTESTANT;
  const FIND = ".leaflet-container";
  const SLIDER = "[role=slider], input[type=range]";

  /** The map's window, wherever its frame is at the moment. */
  const findMap = () => {
    for (const frame of document.querySelectorAll("iframe")) {
      try {
        if (frame.contentDocument?.querySelector(FIND)) return frame.contentWindow;
      } catch { /* a frame of another origin is none of ours */ }
    }
    return null;
  };

  const soon = (act) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = act;
    port2.postMessage(null);
  };

  let move = null;
  const probe = (window.__bench = { usable: null });

  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (...message) {
    if (move && move.input !== null) move.told ??= performance.now();
    return send.apply(this, message);
  };

  /* -------------------------------------------------------------------------------------------- opening */

  const slider = () => (contestant.inMap ? findMap()?.document : document)?.querySelector(SLIDER);
  const waitUntilUsable = () => {
    const map = findMap();
    if (map && slider() && contestant.ready(map)) soon(() => { probe.usable = performance.now(); });
    else requestAnimationFrame(waitUntilUsable);
  };
  requestAnimationFrame(waitUntilUsable);

  probe.focus = (selector) => {
    const map = findMap();
    if (contestant.inMap) map.focus();
    (contestant.inMap ? map.document : document).querySelector(selector).focus();
  };

  /* ---------------------------------------------------------------------------------------------- marks */

  /** Put a mark on the map; `isRemounted` tells whether the map that carries it is still the one shown. */
  const putMark = () => {
    const map = findMap();
    const mark = {};
    map.__mark = mark;
    map.document.querySelector(FIND).__mark = mark;
    return mark;
  };
  const isRemounted = (mark) => {
    const map = findMap();
    return map?.__mark !== mark || map.document.querySelector(FIND).__mark !== mark;
  };

  /* ---------------------------------------------------------------------------------------------- a move */

  /** Get ready for one key press; `expected`: site -> category that must be painted, `day`: what the panels must say. */
  probe.arm = ({ expected, day }) => {
    const panels = contestant.panels && document.querySelector(contestant.panels);
    move = {
      expected, day, panels, mark: putMark(), input: null, told: null, painted: null, frames: 0, changed: null,
      began: null, handled: null, frame: null, called: null, drawn: null,
    };
    const current = move;
    if (panels) {
      const observer = new MutationObserver(() => { current.changed = performance.now(); });
      observer.observe(panels, { childList: true, characterData: true, subtree: true });
      current.stop = () => observer.disconnect();
    }
    // The first listener of all on the way down; on the way up the last: it is put back behind the page's own each time.
    for (const view of new Set([window, findMap()])) {
      view.addEventListener("keydown", onKey, { capture: true });
      view.removeEventListener("keydown", onHandled);
      view.addEventListener("keydown", onHandled);
    }
  };
  const onKey = (event) => {
    if (!move || move.input !== null || event.key === "Shift") return;
    const current = move;
    // An event's time is counted from the beginning of its own window.
    const home = event.view ?? window;
    current.input = event.timeStamp + home.performance.timeOrigin - performance.timeOrigin;
    // Should a listener keep the event to itself: what is posted now is handled once all of them are through.
    soon(() => { current.handled ??= performance.now(); });
    requestAnimationFrame(() => look(current));
    current.began = performance.now(); // what the watching takes is not the page's work; nor is it in `look`
  };
  addEventListener("keydown", onKey, { capture: true });
  const onHandled = () => {
    if (!move || move.input === null || move.handled !== null) return;
    const current = move;
    current.handled = performance.now();
    // Callbacks run in the order in which they were asked for, those of a frame's document after the page's own.
    findMap().requestAnimationFrame(() => { current.called = performance.now(); });
  };

  /** In each frame after the input: are all changed marks as they must be? Then the frame being drawn shows them. */
  const look = (current) => {
    if (current !== move || current.painted !== null) return;
    if (current.frame === null) soon(() => { current.drawn = performance.now(); });
    current.frames += 1;
    if (isShown(current.expected)) soon(() => { current.painted = performance.now(); });
    else requestAnimationFrame(() => look(current));
    current.frame ??= performance.now();
  };

  const isShown = (expected) => {
    const map = findMap();
    if (!map) return false;
    const found = contestant.categories(map, expected);
    return Object.entries(expected).every(([site, category]) => found[site] === category);
  };

  /** True once the marks are painted and the panels, if any follow, have said the day and been still for `quiet` ms. */
  probe.settled = (quiet) => {
    if (!move || move.painted === null) return false;
    if (!move.panels) return performance.now() - move.painted > quiet;
    return move.changed !== null && move.panels.querySelector("[data-shown]")?.dataset.shown === move.day && performance.now() - move.changed > quiet;
  };

  probe.result = () => {
    const { input, told, painted, frames, changed, panels, began, handled, frame, called, drawn, mark } = move;
    move.stop?.();
    move = null;
    // A frame may have begun before the message came round: the handler was through by then.
    const handler = Math.min(handled ?? Infinity, frame) - began;
    const callbacks = Math.max((called ?? drawn) - frame, 0);
    return {
      painted: painted - input, frames, told: told === null ? null : told - input, settled: changed === null ? null : changed - input,
      handler, work: handler + callbacks, frame: handler + drawn - frame, layer: findMap()?.controlLayer?.lastPaintMs ?? null, remounted: isRemounted(mark), kept: !panels || panels.isConnected,
    };
  };

  /* -------------------------------------------------------------------------------------------- playback */

  let playback = null;
  /** Count from now on: frames, and how often another date is shown. */
  probe.watch = () => {
    playback = { mark: putMark(), started: performance.now(), frames: 0, dates: 0, longest: 0, last: null, stamp: stampNow() };
    const current = playback;
    const count = (now) => {
      if (current !== playback) return;
      current.frames += 1;
      if (current.last !== null) current.longest = Math.max(current.longest, now - current.last);
      current.last = now;
      const stamp = stampNow();
      if (stamp !== undefined && stamp !== current.stamp) {
        current.dates += 1;
        current.stamp = stamp;
      }
      requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
  };
  const stampNow = () => {
    const map = findMap();
    return map ? contestant.stamp(map) : undefined;
  };
  probe.watched = () => {
    const { started, frames, dates, longest, mark } = playback;
    playback = null;
    return { seconds: (performance.now() - started) / 1000, frames, dates, longest, remounted: isRemounted(mark) };
  };
  probe.play = (act) => act(findMap());
  probe.start = (act, time) => act(findMap(), time);

  /** Where the map looks: zoom, latitude and longitude of its centre. */
  probe.extent = () => {
    const { map } = findMap();
    const centre = map.getCenter();
    return [map.getZoom(), centre.lat, centre.lng].map((each) => Number(each.toFixed(3)));
  };
})();
