/**
 * Watches a playing page: how long after each report the panels show its day, and how many frames there are.
 *
 * Runs before the page's own scripts, in the top window only.
 */
(() => {
  if (window.top !== window) return;
  const DAY = /"day":"(\d{4}-\d\d-\d\d)"/; // in the ear's value, which travels as JSON text inside the message
  const text = new TextDecoder("latin1");
  let sent = new Map();
  let delays = [];
  let frames = 0;
  let started = null;

  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (...message) {
    if (typeof message[0] !== "string") {
      const day = DAY.exec(text.decode(message[0]))?.[1];
      if (day) sent.set(day, performance.now());
    }
    return send.apply(this, message);
  };

  /** Panels that show a day answer the report of that day, and all before it. */
  const look = () => {
    const day = document.querySelector(".st-key-atlas-body [data-shown]")?.dataset.shown;
    if (!sent.has(day)) return;
    delays.push(performance.now() - sent.get(day));
    for (const earlier of [...sent.keys()]) {
      sent.delete(earlier);
      if (earlier === day) break;
    }
  };
  document.addEventListener("DOMContentLoaded", () => {
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-shown"] });
  });

  const count = () => {
    frames += 1;
    requestAnimationFrame(count);
  };

  const replay = () => {
    const { state, actions } = window.__atlas;
    if (state.playing) return;
    actions.first();
    actions.play();
  };

  window.__watch = {
    ready: () => Boolean(window.__atlas?.lives && document.querySelector(".st-key-atlas-body [data-shown]")),
    /** Play, and again from the start whenever the end is reached. */
    play: () => {
      replay();
      setInterval(replay, 500);
    },
    start: () => {
      [sent, delays, frames, started] = [new Map(), [], 0, performance.now()];
      requestAnimationFrame(count);
    },
    result: () => ({ delays, frames, seconds: (performance.now() - started) / 1000, unanswered: sent.size }),
  };
})();
