/**
 * Copying: a text that stands in the page, the answer of an address, or a link to one thing on the page.
 *
 * data-copy="text", data-copy-from="/export/citation.bib?item=Q0-1" (without a question, about the view on screen) and
 * data-copy-link="G4" on buttons of the panels.
 */

import { el, say } from "./text.js";

const COPIED_MS = 2000;

export function offerCopies(store) {
  const spoken = el("div", { class: "unseen", role: "status" });
  document.body.append(spoken);
  const tell = (button, words) => {
    const before = (button.copyWords ??= button.textContent);
    button.textContent = words;
    say(spoken, words);
    clearTimeout(button.copyTimer);
    button.copyTimer = setTimeout(() => {
      button.textContent = before;
      say(spoken, "");
    }, COPIED_MS);
  };
  document.addEventListener("click", async (event) => {
    const button = event.target instanceof Element && event.target.closest("[data-copy], [data-copy-from], [data-copy-link]");
    if (!button) return;
    event.preventDefault();
    const { copy: text, copyFrom, copyLink } = button.dataset;
    try {
      const words = text ?? (copyLink === undefined ? await answer(copyFrom, store) : store.permalink({ item: copyLink }));
      tell(button, (await copy(words)) ? "copied" : "could not copy");
    } catch (error) {
      tell(button, "no answer");
      console.error("Handover Atlas: copying", error);
    }
  });
}

/** What an address answers; one that names nothing of its own is asked about the view on screen. */
async function answer(address, store) {
  const asked = new URL(address, location.origin);
  if (!asked.search) asked.search = new URL(store.permalink()).search;
  const found = await fetch(asked);
  if (!found.ok) throw new Error(`the server answered ${found.status}`);
  return found.text();
}

/** Copy `text`; plain http has no `navigator.clipboard`, so the older way is tried second. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const before = document.activeElement;
    const area = el("textarea", { class: "ab-offscreen", readonly: true, "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    area.select();
    let done = false;
    try {
      done = document.execCommand("copy");
    } catch {
      done = false;
    }
    area.remove();
    before?.focus?.({ preventScroll: true });
    return done;
  }
}
