/** Before anything is drawn: the theme a reader chose on another page of this edition, else the system's. */

function begin() {
  let kept = null;
  try {
    kept = localStorage.getItem("atlas-edition-theme");
  } catch { /* a browser that keeps nothing follows the system */ }
  const known = ["light", "dark", "grey"].includes(kept) ? kept : null;
  document.documentElement.dataset.theme = known ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  if (known) document.documentElement.dataset.chosen = known;
}

begin();
