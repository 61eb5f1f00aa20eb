/**
 * The one thing a link points at: brings it into sight, unfolds what hides it, marks it, and gives it the focus.
 *
 * data-item="E018.S0 E018.S2": what one line of a page says may have several identifiers.
 */

export function listenToTargets(store) {
  let shown = ""; // which one has been brought into sight: the reader may scroll away from it

  const show = () => {
    const { item } = store.state;
    const wanted = item ? `${store.page()} ${item}` : "";
    const marked = document.querySelector(".is-target");
    const target = item && document.querySelector(`[data-panel] [data-item~="${CSS.escape(item)}"]`);
    if (marked && marked !== target) marked.classList.remove("is-target");
    if (!target) {
      if (!item) shown = "";
      return;
    }
    target.classList.add("is-target");
    if (shown === wanted) return;
    shown = wanted;
    for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    const held = document.activeElement;
    requestAnimationFrame(() => {
      target.scrollIntoView({ block: "start" });
      const own = target.matches("details") ? target.querySelector("summary") : target;
      if (!held || held === document.body || held.closest?.("[data-panel], .atlas-nav, .st-key-atlas-body") || !held.isConnected) own.focus({ preventScroll: true });
    });
  };
  document.addEventListener("atlas-panels", show);
  store.subscribe((state, changed) => changed.has("item") && show());
}
