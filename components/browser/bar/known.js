/** Which reports count: all known today, those of a fixed day, or on each day those of that day. */

import { dayToIso, formatDay, isoToDay } from "../store.js";
import { clip, el, icon, readDate, say } from "../text.js";

const EACH_DAY = "each-day"; // as in store.js

export function makeKnown(store, popovers) {
  const words = el("span", { text: "Known today" });
  const button = el("button", { type: "button", class: "ab-tool", title: "Which reports count" }, words, icon("caret"));
  const field = el("input", { class: "ab-field", type: "text", autocomplete: "off", spellcheck: "false", placeholder: "e.g. 18 Sep 2025", "aria-label": "Reported by" });
  const wrong = el("p", { class: "ab-wrong", role: "status", hidden: true });
  const state = el("p", { class: "ab-faint", role: "status", hidden: true });
  const reset = el("button", { type: "button", class: "ab-tool ab-plain", text: "Back to what is known today" });
  const each = el("button", { type: "button", class: "ab-tool ab-plain", text: "On every day, as reported by that day" });
  const form = el("form", { class: "ab-row", novalidate: true }, field, el("button", { type: "submit", class: "ab-tool ab-strong", text: "Show" }));
  const panel = el("div", { class: "ab-popover", role: "dialog", "aria-label": "Which reports count", hidden: true },
    el("p", { class: "ab-title", text: "Which reports count?" }), el("p", { text: "Only what our sources had reported by:" }), form, wrong,
    el("p", { class: "ab-faint", text: "Leaves out everything published after that day, and what has no date of publication. Sources often look back, so this is not what the world knew then." }),
    state, each, reset);
  const node = el("div", { class: "ab-anchor ab-known" }, button, panel);

  const complain = (text) => {
    say(wrong, text);
    wrong.hidden = !text;
    if (text) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  };
  const draw = () => {
    const { known, online } = store.state;
    say(words, known === null ? "Known today" : `As reported by ${known === EACH_DAY ? "that day" : formatDay(isoToDay(known), "short")}`);
    node.classList.toggle("is-on", known !== null);
    reset.hidden = known === null;
    each.hidden = known === EACH_DAY;
    const waiting = store.lives && (store.lives.known_on ?? null) !== known;
    node.classList.toggle("is-waiting", Boolean(waiting));
    say(state, !waiting ? "" : online ? "Working it out …" : "Waits for the connection.");
    state.hidden = !waiting;
  };
  popovers.attach(button, panel, node, () => {
    complain("");
    const day = isoToDay(store.state.known);
    field.value = day === null ? "" : formatDay(day, "short");
    field.focus();
    field.select();
  });
  field.addEventListener("input", () => complain(""));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { lives } = store;
    if (!lives) return;
    const iso = readDate(field.value, dayToIso(lives.today));
    if (!iso) complain(field.value.trim() ? `“${clip(field.value.trim())}” is no date. Write 2025-09-18, 18 Sep 2025 or Sep 2025.` : "Write a date, like 18 Sep 2025.");
    else if (isoToDay(iso) < lives.first) complain(`The record starts on ${formatDay(lives.first)}.`);
    else if (isoToDay(iso) > lives.today) complain("That day is yet to come.");
    else {
      store.actions.setKnown(iso);
      popovers.close();
    }
  });
  for (const [choice, known] of [[reset, null], [each, EACH_DAY]]) {
    choice.addEventListener("click", () => {
      store.actions.setKnown(known);
      popovers.close();
    });
  }
  return { node, draw };
}
