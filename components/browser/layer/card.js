/**
 * The card at the foot of the map, for thumbs: what a hover label tells a mouse, and the way to the sources.
 */

import { el } from "../text.js";
import { calm } from "./reader.js";

export function makeCard(layer) {
  const { map, L, container } = layer;
  const card = el("section", { class: "atlas-card", "aria-live": "polite" });
  card.hidden = true;
  L.DomEvent.disableClickPropagation(card);
  container.append(card);
  let site = null;

  function show(next) {
    site = next;
    layer.tip.hide();
    refresh();
  }

  function refresh() {
    if (!site || !layer.states.span(site)) return;
    const body = el("div", { class: "atlas-card-body" });
    layer.account.fill(site, body);
    card.setAttribute("aria-live", layer.playing ? "off" : "polite"); // a film is not read out
    const { id } = site;
    body.append(el("button", { type: "button", class: "atlas-card-go", text: "Who says so ↓", on: { click: () => goToDossier(id) } }));
    const close = el("button", { type: "button", class: "atlas-card-close", text: "×", "aria-label": "Close", on: { click: hide } });
    card.setAttribute("aria-label", site.name);
    card.replaceChildren(body, close);
    card.hidden = false;
  }

  function hide() {
    site = null;
    card.hidden = true;
  }

  /** Scroll the page to the dossier of a site; Python may still be writing it. */
  function goToDossier(id, tries = 60) {
    let dossier = null;
    try {
      dossier = [...layer.page.document.querySelectorAll("[data-dossier]")].find((node) => node.dataset.dossier === id);
    } catch {
      return; // a page of another origin keeps its own scroll
    }
    if (dossier) dossier.scrollIntoView({ behavior: calm.matches ? "auto" : "smooth", block: "start" });
    else if (tries > 0 && !layer.closed) setTimeout(() => goToDossier(id, tries - 1), 100);
  }

  map.on("click", hide);

  return {
    show, hide, refresh,
    /** Follow a selection made elsewhere, while the card is open; the payload may have been replaced. */
    follow(id) {
      if (!site) return;
      const next = layer.states.byId.get(id);
      if (next) show(next);
      else hide();
    },
    get open() {
      return site !== null;
    },
  };
}
