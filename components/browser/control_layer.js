/**
 * The door to the control layer: `AtlasControlLayer.attach(map, options)`.
 *
 * The map's frame loads classic scripts only, so this one is; it brings in the modules in layer/ by an address made from
 * its own.
 */
(function () {
  "use strict";

  // Asked for at once: the modules come in while the map itself is still being made.
  const layer = import(new URL("layer/attach.js", document.currentScript.src).href);
  layer.catch((error) => console.error("Handover Atlas: the control layer could not be loaded", error));

  window.AtlasControlLayer = {
    /** Draw the layer on a Leaflet map as soon as its modules are there; the promise holds what tests look at. */
    attach(map, options) {
      return layer.then((module) => module.attach(map, options));
    },
  };
})();
