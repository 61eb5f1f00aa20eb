/**
 * The panels: puts the parts of the page into their place, and touches only those whose text changed.
 *
 * Their HTML is written by our own templates, which escape everything that comes from data. A part that is drawn anew
 * keeps what the reader had unfolded in it, and the focus. While the date plays, a part out of sight waits until it is looked at or the
 * playback stops: each names the day it shows, and laying out a long table every second would cost the film its frames.
 */

const NEAR = "200px 0px"; // about to be scrolled into sight
const BACK_MS = 10_000;

/**
 * What the reader had on the panels that were last taken down: where the page was scrolled to, what was unfolded, what
 * had the focus. A run that overtakes another makes Streamlit (1.67) put up the same panels anew; nobody should notice.
 */
let left = null;

/** Show `data.parts`, [[name, html], ...], from top to bottom; called again on every rerun. */
export function mount({ root, data, store }) {
  const panels = (root.atlasPanels ??= open(root, store));
  panels.show(data.parts);
  return () => {
    panels.close();
    delete root.atlasPanels;
  };
}

function open(root, store) {
  const host = document.createElement("div");
  host.className = "atlas-parts";
  root.append(host);
  const waits = (node) => store.state.playing && node.written !== undefined && !node.inSight;
  const settle = (node) => node.wanted !== node.written && !waits(node) && write(node);
  const sight = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      target.inSight = isIntersecting;
      settle(target);
    }
  }, { rootMargin: NEAR });
  const leave = store.subscribe((state, changed) => changed.has("playing") && [...host.children].forEach(settle));
  const page = host.closest(".st-key-atlas-body");
  let top = page?.scrollTop ?? 0;
  let focus = null;
  // Once the panels are gone the page jumps to its beginning; only what the reader did is remembered.
  const scrolled = () => {
    if (host.isConnected) top = page.scrollTop;
  };
  page?.addEventListener("scroll", scrolled, { passive: true });
  host.addEventListener("focusin", (event) => {
    focus = mark(event.target);
  });
  // Chromium tells of the loss before it takes an element away, so the question is put afterwards.
  host.addEventListener("focusout", () => setTimeout(() => {
    if (host.isConnected && !host.contains(document.activeElement)) focus = null;
  }));
  const names = () => [...host.children].map((node) => node.dataset.panel).join();

  const takeBack = () => {
    const was = left;
    left = null;
    if (!was || was.names !== names() || performance.now() - was.at > BACK_MS) return;
    for (const [one, words] of summaries(host)) if (was.unfolded.get(words)) one.open = true;
    if (page) page.scrollTop = was.top;
    if (was.focus && document.activeElement === document.body) refocus(host, was.focus);
  };

  return {
    show(parts) {
      const there = new Map([...host.children].map((node) => [node.dataset.panel, node]));
      let before = null;
      for (const [name, html] of parts) {
        const node = there.get(name) ?? part(name, sight);
        there.delete(name);
        node.wanted = html;
        settle(node);
        const place = before ? before.nextSibling : host.firstChild;
        if (place !== node) host.insertBefore(node, place);
        before = node;
      }
      for (const node of there.values()) {
        sight.unobserve(node);
        node.remove();
      }
      takeBack();
      document.dispatchEvent(new Event("atlas-panels"));
    },
    close() {
      left = { at: performance.now(), names: names(), unfolded: new Map(summaries(host).map(([one, words]) => [words, one.open])), top, focus };
      page?.removeEventListener("scroll", scrolled);
      leave();
      sight.disconnect();
      host.remove();
    },
  };
}

function part(name, sight) {
  const node = document.createElement("div");
  node.className = "panels";
  node.dataset.panel = name;
  sight.observe(node);
  return node;
}

/** Folds with what tells them apart: what they belong to, and their words without the numbers. */
const summaries = (node) => [...node.querySelectorAll("details")].map((one) =>
  [one, `${one.closest("[data-item]")?.dataset.item ?? ""} ${one.querySelector("summary")?.textContent.replace(/[\d,]+/g, "") ?? ""}`]);

/** What tells a control apart from the others of its part, before and after it is drawn anew. */
const mark = (one) => [one.tagName, one.id, JSON.stringify(one.dataset), one.getAttribute("aria-label"), one.getAttribute("href")].join(" ");

function write(node) {
  const held = node.contains(document.activeElement) ? mark(document.activeElement) : null;
  const unfolded = new Map(summaries(node).map(([one, words]) => [words, one.open]));
  node.written = node.wanted;
  node.innerHTML = node.wanted;
  for (const [one, words] of summaries(node)) if (unfolded.get(words)) one.open = true;
  if (held) refocus(node, held);
}

const refocus = (node, held) => [...node.querySelectorAll("a, button, input, select, summary, [tabindex]")].find((one) => mark(one) === held)?.focus({ preventScroll: true });
