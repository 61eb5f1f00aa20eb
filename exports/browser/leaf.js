/** A page of text: the theme, and the signs of the categories. */

import { glyph } from "../../components/browser/text.js";
import { offerThemes } from "./themes.js";

function begin() {
  offerThemes((theme) => {
    document.documentElement.dataset.theme = theme;
  });
  for (const node of document.querySelectorAll("[data-sign]")) {
    node.append(glyph(node.dataset.sign, node.dataset.half ? node.dataset.half.split(" ") : null));
  }
}

begin();
