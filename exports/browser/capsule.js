/**
 * A page without a server: the map, the clock and the words beside them, on one store. What it shows lies in the page.
 */

import { mount } from "../../components/browser/clock.js";
import { attach } from "../../components/browser/layer/attach.js";
import { unpack } from "../../components/browser/lives.js";
import { store } from "../../components/browser/store.js";
import { drawOutlines } from "./outlines.js";
import { followClock } from "./texts.js";
import { offerThemes } from "./themes.js";

function begin() {
  const place = document.getElementById("cap-map");
  const { lives, map: how, outlines, layer: options, start } = JSON.parse(document.getElementById("cap-data").textContent);
  const { theme, ...view } = start;
  const chosen = theme || document.documentElement.dataset.chosen;
  if (chosen) store.chooseTheme(chosen);
  else store.refreshTheme();
  offerThemes(store.chooseTheme);
  const { L } = window;
  // A finger that moves over the map scrolls the page; two fingers move and zoom the map.
  const dragging = !window.matchMedia("(pointer: coarse)").matches;
  const map = L.map(document.getElementById("map"), { ...how.options, dragging, center: how.centre, zoom: how.zoom });
  drawOutlines(L, map, outlines);
  const layer = attach(map, { ...options, root: place });
  mount({ root: document.getElementById("cap-clock"), store });
  store.setLives(unpack(lives), view);
  followClock(store, layer, start);
}

begin();
