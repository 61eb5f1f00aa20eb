/**
 * What belongs to a page as a whole: that it can be scrolled by keyboard, the way past the header, the tab that is open.
 */

export function listenToPages(store) {
  let shown = null;

  const look = () => {
    const body = place();
    const page = store.page();
    if (!body || page === shown) return;
    const opened = shown !== null;
    shown = page;
    body.tabIndex = page ? 0 : -1; // beside the map the keys move the date
    body.setAttribute("role", "region");
    body.setAttribute("aria-label", page ? "Page" : "Panels");
    document.querySelector(".stMain")?.setAttribute("tabindex", "-1"); // a stop without a name before the first link
    const tab = document.querySelector(".atlas-nav [aria-current]");
    const nav = tab?.closest(".atlas-nav");
    if (nav) nav.scrollLeft = tab.offsetLeft - (nav.clientWidth - tab.offsetWidth) / 2;
    if (opened) body.scrollTop = 0;
    // A page of text has the keys as soon as it is open, so that they turn its leaves.
    const held = document.activeElement;
    if (page && (!held || held === document.body || !held.isConnected || held.closest(".stMain") === held || (opened && held.closest(".atlas-nav, [data-panel]")))) {
      body.dataset.opened = "";
      body.addEventListener("blur", () => delete body.dataset.opened, { once: true });
      body.focus({ preventScroll: true });
    }
  };
  document.addEventListener("atlas-panels", look);
  look();

  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element) || !event.target.closest("[data-skip]")) return;
    event.preventDefault();
    place()?.focus();
  });
}

const place = () => document.querySelector(".st-key-atlas-body");
