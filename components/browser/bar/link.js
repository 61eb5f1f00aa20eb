/** Copy a link to exactly the view on screen. */

import { copy } from "../copy.js";
import { el, icon, say } from "../text.js";

const COPIED_MS = 2400;

export function makeLink(store, popovers) {
  const words = el("span", { text: "Copy link" });
  const spoken = el("span", { class: "ab-spoken", role: "status" }); // inside the button it would be lost from its name
  const button = el("button", { type: "button", class: "ab-tool", title: "Copy a link to exactly this view" }, icon("link"), words);
  const field = el("input", { class: "ab-field", type: "text", readonly: true, "aria-label": "Link to this view" });
  const panel = el("div", { class: "ab-popover", role: "dialog", "aria-label": "Link to this view", hidden: true },
    el("p", { class: "ab-title", text: "Copy this link" }), field,
    el("p", { class: "ab-faint", text: "The browser did not let us copy it: press Ctrl+C, or ⌘C on a Mac." }));
  const node = el("div", { class: "ab-anchor ab-copy" }, button, spoken, panel);
  let timer = 0;

  button.addEventListener("click", async () => {
    const link = store.permalink();
    if (await copy(link)) {
      say(words, "Link copied");
      say(spoken, "Link copied");
      clearTimeout(timer);
      timer = setTimeout(() => {
        say(words, "Copy link");
        say(spoken, "");
      }, COPIED_MS);
    } else {
      field.value = link;
      popovers.show(button, panel, node);
      field.focus();
      field.select();
    }
  });
  return { node };
}
