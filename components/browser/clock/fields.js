/** A date typed by a person: read in many spellings, answered in words if it is none. */

import { dayToIso, formatDay, isoToDay } from "../store.js";
import { clip, readDate, say } from "../text.js";

const REMEMBERED_MS = 4000; // the message stays for a moment: it explains why the old date is back

/**
 * Make `field` (its input, form and place for complaints) take dates. `lives()` bounds them, `shown()` is the day to show,
 * `go(day)` moves there; it may answer with a complaint. Returns what puts the shown day into the field.
 */
export function readDates({ input, form, wrong }, { lives, shown, go, listen }) {
  let typing = false;

  const complain = (text) => {
    say(wrong, text);
    wrong.hidden = !text;
    if (text) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  };
  const draw = () => {
    const day = shown();
    const text = day === null ? "" : formatDay(day, "short");
    if (!typing && input.value !== text) input.value = text;
  };
  const commit = () => {
    const iso = readDate(input.value, dayToIso(lives().today));
    if (!iso) return complain(`“${clip(input.value.trim()) || " "}” is no date. Write 2026-01-17, 17 Jan 2026, Jan 2026 or today.`);
    const day = isoToDay(iso);
    const { first, last } = lives();
    if (day === null || day < first || day > last) return complain(`The record runs from ${formatDay(first, "short")} to ${formatDay(last, "short")}.`);
    const refused = go(day);
    if (refused) return complain(refused);
    complain("");
    typing = false;
    draw();
    return undefined;
  };

  listen(input, "focus", () => input.select());
  listen(input, "input", () => {
    typing = true;
    complain("");
  });
  listen(input, "keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    typing = false;
    complain("");
    draw();
    input.blur();
  });
  listen(input, "blur", () => {
    if (!typing || !lives()) return complain("");
    if (readDate(input.value, dayToIso(lives().today))) return commit();
    typing = false;
    draw();
    return setTimeout(() => { if (!typing) complain(""); }, REMEMBERED_MS);
  });
  listen(form, "submit", (event) => {
    event.preventDefault();
    if (!lives()) return;
    commit();
    if (wrong.hidden) input.select();
  });
  return draw;
}
