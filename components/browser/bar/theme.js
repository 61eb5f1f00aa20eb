/** Light or dark by choice. */

import { el, icon, say } from "../text.js";

/**
 * The button. All that is on screen takes its colours from our own variables, so the switch is at once and playback goes
 * on; Streamlit 1.67 reads the choice when it starts, from one key for each path, and has no way in from outside.
 */
export function makeTheme(store) {
  const words = el("span", { class: "ab-phone" });
  const button = el("button", { type: "button", class: "ab-tool ab-square" });
  button.addEventListener("click", () => {
    const choice = store.state.theme === "dark" ? "light" : "dark";
    const paths = new Set([location.pathname, ...[...document.querySelectorAll(".atlas-nav a[href]")].map((link) => new URL(link.href).pathname)]);
    try {
      for (const path of paths) localStorage.setItem(`stActiveTheme-${path}-v2`, JSON.stringify(choice === "dark" ? "Dark" : "Light"));
    } catch { /* a browser that keeps nothing follows the system at the next visit */ }
    store.chooseTheme(choice);
  });
  const draw = () => {
    const other = store.state.theme === "dark" ? "light" : "dark";
    button.setAttribute("aria-label", `Use the ${other} theme`);
    button.title = `Use the ${other} theme`;
    say(words, `Use the ${other} theme`);
    button.replaceChildren(icon(other), words);
  };
  draw();
  return { node: button, draw };
}
