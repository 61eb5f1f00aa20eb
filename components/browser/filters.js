/**
 * What narrows and orders the list of a page: the controls in its panels write to the store, and show what stands there.
 *
 * data-filter="speaker" on a field, data-filter-set="speaker=AFP" and data-filter-clear="speaker" (or "", for all) on
 * buttons, data-sort="name" on the heading of a column: pressed again, it turns the order round.
 */

import { FILTERS } from "./store.js";

const TYPING_MS = 180;
const KEPT = new Set(["sort"]); // an order narrows nothing

export function listenToFilters(store) {
  let timer = 0;
  const set = (field) => FILTERS.includes(field.dataset.filter) && store.set({ [field.dataset.filter]: field.value.trim() });

  document.addEventListener("input", ({ target }) => {
    if (!target.matches?.("input[data-filter]")) return;
    clearTimeout(timer);
    timer = setTimeout(() => set(target), TYPING_MS);
  });
  document.addEventListener("change", ({ target }) => {
    if (!target.matches?.("[data-filter]")) return;
    clearTimeout(timer);
    set(target);
  });
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element && event.target.closest("[data-filter-set], [data-filter-clear], [data-sort]");
    if (!button) return;
    const { filterSet, filterClear, sort } = button.dataset;
    if (sort !== undefined) store.set({ sort: store.state.sort === sort ? `-${sort}` : sort });
    else if (filterSet !== undefined) {
      const wanted = [...new URLSearchParams(filterSet)].filter(([name]) => FILTERS.includes(name));
      store.set(Object.fromEntries(wanted));
    } else {
      const names = filterClear ? [filterClear] : FILTERS.filter((name) => !KEPT.has(name));
      store.set(Object.fromEntries(names.filter((name) => FILTERS.includes(name)).map((name) => [name, ""])));
    }
    event.preventDefault();
  });

  const show = () => {
    for (const field of document.querySelectorAll("[data-filter]")) {
      const value = store.state[field.dataset.filter] ?? "";
      if (field === document.activeElement && field.matches("input")) continue; // never while somebody types
      if (field.value !== value) field.value = value;
      // A value that no option names still narrows the list: the field must not say otherwise.
      if (field instanceof HTMLSelectElement && field.value !== value) {
        field.add(new Option(value, value));
        field.value = value;
      }
    }
    const any = FILTERS.some((name) => !KEPT.has(name) && store.state[name]);
    for (const button of document.querySelectorAll('[data-filter-clear=""]')) button.disabled = !any;
  };
  store.subscribe((state, changed) => FILTERS.some((name) => changed.has(name)) && show());
  document.addEventListener("atlas-panels", show);
}
