/**
 * What the reader's device asks for: less motion, larger targets.
 */

export const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
export const coarse = window.matchMedia("(pointer: coarse)");
