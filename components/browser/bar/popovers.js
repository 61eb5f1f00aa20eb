/** What the tools share: a square button, and small panels under a button, of which one is open at a time. */

import { el, icon } from "../text.js";

/** A button that is an icon. */
export function tool(name, label, act, extra = "") {
  return el("button", { type: "button", class: `ab-tool ab-square ${extra}`, "aria-label": label, title: label, on: { click: act } }, icon(name));
}

/** The panels; `listen` adds a listener that goes with the bar. */
export function makePopovers(listen) {
  let open = null; // { button, panel, wrap }
  const close = () => {
    if (!open) return false;
    const { button, panel } = open;
    open = null;
    const inside = panel.contains(document.activeElement);
    panel.hidden = true;
    button.setAttribute("aria-expanded", "false");
    if (inside) button.focus();
    return true;
  };
  return {
    close,
    closeUnless: (target) => {
      if (open && !open.wrap.contains(target)) close();
    },
    show(button, panel, wrap) {
      close();
      open = { button, panel, wrap };
      panel.hidden = false;
      button.setAttribute("aria-expanded", "true");
    },
    attach(button, panel, wrap, opened) {
      button.setAttribute("aria-expanded", "false");
      button.setAttribute("aria-haspopup", "dialog");
      listen(button, "click", () => {
        if (open?.panel === panel) return close();
        this.show(button, panel, wrap);
        return opened?.();
      });
    },
  };
}
