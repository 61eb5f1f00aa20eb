/**
 * Watches a page from inside: when the map can be used, when a move is painted, told to the server, and settled.
 *
 * Runs before the page's own scripts. Times are milliseconds of `performance.now()` in the top page. A frame counts as
 * painted in a message sent from its animation callback: the browser handles that after it has drawn the frame.
 * `CONTESTANT` is put in by the tool: { category, ready, panels }.
 */
(() => {
  if (window.top !== window) return;
  const contestant = CONTESTANT;
  const FIND = ".leaflet-container";

  /** The map's window, wherever its frame is at the moment. */
  const findMap = () => {
    for (const frame of document.querySelectorAll("iframe")) {
      try {
        if (frame.contentDocument?.querySelector(FIND)) return frame.contentWindow;
      } catch { /* a frame of another origin is none of ours */ }
    }
    return null;
  };

  const afterPaint = (act) => {
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

  const slider = () => document.querySelector("[role=slider], input[type=range]");
  const waitUntilUsable = () => {
    const map = findMap();
    if (map && slider() && contestant.ready(map)) afterPaint(() => { probe.usable = performance.now(); });
    else requestAnimationFrame(waitUntilUsable);
  };
  requestAnimationFrame(waitUntilUsable);

  /* ---------------------------------------------------------------------------------------------- a move */

  /** Get ready for one key press; `expected`: site -> category that must be painted, `day`: what the panels must say. */
  probe.arm = ({ expected, day }) => {
    const map = findMap();
    const mark = {};
    map.__mark = mark;
    map.document.querySelector(FIND).__mark = mark;
    move = { expected, day, mark, input: null, told: null, painted: null, frames: 0, changed: null, panels: document.querySelector(contestant.panels) };
    const current = move;
    const observer = new MutationObserver(() => { current.changed = performance.now(); });
    observer.observe(move.panels, { childList: true, characterData: true, subtree: true });
    current.stop = () => observer.disconnect();
  };
  addEventListener("keydown", (event) => {
    if (!move || move.input !== null || event.key === "Shift") return;
    const current = move;
    current.input = event.timeStamp;
    requestAnimationFrame(() => look(current));
  }, { capture: true });

  /** In each frame after the input: are all changed marks as they must be? Then the frame being drawn shows them. */
  const look = (current) => {
    if (current !== move || current.painted !== null) return;
    current.frames += 1;
    const map = findMap();
    const shown = map && Object.entries(current.expected).every(([site, category]) => contestant.category(map, site) === category);
    if (shown) afterPaint(() => { current.painted = performance.now(); });
    else requestAnimationFrame(() => look(current));
  };

  /** True once the marks are painted and the panels have said the day and been still for `quiet` ms. */
  probe.settled = (quiet) => {
    if (!move || move.painted === null || move.changed === null) return false;
    return move.panels.querySelector("[data-shown]")?.dataset.shown === move.day && performance.now() - move.changed > quiet;
  };

  probe.result = () => {
    const { input, told, painted, frames, changed, mark, panels } = move;
    const map = findMap();
    move.stop();
    move = null;
    return {
      painted: painted - input, frames, told: told === null ? null : told - input, settled: changed - input,
      remounted: map?.__mark !== mark || map.document.querySelector(FIND).__mark !== mark, kept: panels.isConnected,
    };
  };

  /** Where the map looks: zoom, latitude and longitude of its centre. */
  probe.extent = () => {
    const { map } = findMap();
    const centre = map.getCenter();
    return [map.getZoom(), centre.lat, centre.lng].map((each) => Number(each.toFixed(3)));
  };
})();
