/**
 * The tools in the header: site search, which reports and sources count, copy link, theme, help, and two quiet notices.
 *
 * On phones the search field opens over the header and the rest sits in one menu. Nothing here asks the server;
 * a choice goes to the store, which tells whoever follows it.
 */

import { dataVersion, makeGuide, makeHelp } from "./bar/help.js";
import { makeKnown } from "./bar/known.js";
import { makeLink } from "./bar/link.js";
import { makePopovers, tool } from "./bar/popovers.js";
import { makeSearch } from "./bar/search.js";
import { makeSources } from "./bar/sources.js";
import { makeTheme } from "./bar/theme.js";
import { el, say } from "./text.js";

const OFFLINE_PATIENCE_MS = 1500; // the first connection and a short hiccup are no news

/** Draw the tools into `root`; called again on the same root it does nothing. Returns a function that removes them. */
export function mount({ root, store }) {
  if (root.atlasBar) return root.atlasBar;
  const gone = new AbortController();
  const listen = (target, type, listener, options = {}) => target.addEventListener(type, listener, { ...options, signal: gone.signal });
  const popovers = makePopovers(listen);

  const search = makeSearch(store, listen);
  const known = makeKnown(store, popovers);
  const sources = makeSources(store, popovers);
  const link = makeLink(store, popovers);
  const theme = makeTheme(store);
  const help = makeHelp(store);
  const guide = makeGuide(help);
  const offline = el("p", { class: "ab-offline", role: "status", hidden: true });
  const version = el("span", { class: "ab-version" });

  const openSearch = tool("search", "Search for a site", () => search.open(), "ab-phone");
  const tools = el("div", { class: "ab-tools", id: "atlas-bar-tools" }, known.node, sources.node, link.node, version, theme.node, help.node);
  const more = tool("more", "More tools", () => {
    const open = !tools.classList.contains("is-open");
    popovers.close();
    showTools(open);
  }, "ab-phone");
  more.setAttribute("aria-controls", tools.id);
  more.setAttribute("aria-expanded", "false");
  const showTools = (open) => {
    tools.classList.toggle("is-open", open);
    more.setAttribute("aria-expanded", String(open));
  };

  const bar = el("div", { class: "atlas-bar", role: "group", "aria-label": "Tools" },
    search.node, openSearch, more, tools, guide.node, offline, help.dialog);
  root.append(bar);

  listen(document, "pointerdown", (event) => {
    popovers.closeUnless(event.target);
    if (!tools.contains(event.target) && !more.contains(event.target)) showTools(false);
    if (!search.node.contains(event.target)) search.close();
  });
  // A click into the map's frame reaches this page only as a loss of focus.
  listen(window, "blur", () => {
    popovers.close();
    showTools(false);
    search.close();
  });
  listen(document, "keydown", (event) => {
    if (event.key !== "Escape" || help.dialog.open) return;
    const used = popovers.close() || tools.classList.contains("is-open") || guide.dismiss();
    if (tools.classList.contains("is-open")) {
      showTools(false);
      more.focus();
    }
    if (used) event.preventDefault(); // this Escape is used up: the selected site stays
  }, { capture: true });

  let patience = 0;
  const unsubscribe = store.subscribe((state, changed) => {
    if (changed.has("search")) search.open();
    if (changed.has("help")) {
      popovers.close();
      guide.dismiss();
      help.show();
    }
    if (changed.has("lives") && store.lives) {
      search.prepare();
      const { date, print } = dataVersion(store.lives);
      say(version, `Data ${date}`);
      version.title = `No source speaks of a later day${print ? `. Fingerprint of the data: ${print}` : ""}`;
      help.prepare();
      // The card lies over the panels: where a link points at something, that is what stands there.
      guide.offer({ small: Boolean(state.site || state.compare !== null || state.known || state.without.length || state.grades.length) });
    }
    if (changed.has("known") || changed.has("lives")) known.draw();
    if (["without", "derived", "grades", "lives"].some((name) => changed.has(name))) sources.draw();
    if (changed.has("day")) search.refresh();
    if (changed.has("theme")) theme.draw();
    if (changed.has("site") && state.site && !changed.has("lives")) guide.dismiss(); // the dossier is what they came for
    if (changed.has("online")) {
      clearTimeout(patience);
      if (state.online) offline.hidden = true;
      else {
        patience = setTimeout(() => {
          say(offline, "Connection lost: the map and clock keep working; the panels catch up when it is back.");
          offline.hidden = false;
        }, OFFLINE_PATIENCE_MS);
      }
      known.draw();
      sources.draw();
    }
  });

  root.atlasBar = () => {
    gone.abort();
    clearTimeout(patience);
    unsubscribe();
    bar.remove();
    delete root.atlasBar;
  };
  return root.atlasBar;
}
