/** Light, dark, or grey for a printer: the buttons. */

/** Let the buttons call `choose`; where pages belong together (data-keep on the root), the choice is kept for all. */
export function offerThemes(choose) {
  const root = document.documentElement;
  const buttons = [...document.querySelectorAll("[data-theme-choice]")];
  const mark = (theme) => {
    for (const one of buttons) one.setAttribute("aria-pressed", String(one.dataset.themeChoice === theme));
  };
  mark(root.dataset.theme);
  for (const button of buttons) {
    button.addEventListener("click", () => {
      const theme = button.dataset.themeChoice;
      choose(theme);
      mark(theme);
      if (root.dataset.keep === undefined) return;
      try {
        localStorage.setItem("atlas-edition-theme", theme);
      } catch { /* a browser that keeps nothing follows the system at the next page */ }
    });
  }
}
