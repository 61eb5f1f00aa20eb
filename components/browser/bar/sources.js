/** Sources left out: which ones, whole grades, and what derives from them; the map shows what is left to say. */

import { clip, el, icon, say, words } from "../text.js";

const MOST_FOUND = 20;
const GRADES = {
  A: "official text, wire or established outlet",
  B: "secondary or relay, plausible",
  C: "partisan, relay or undated",
  D: "unreliable or machine-written, used for nothing",
};

const counted = (count, what) => `${count} ${what}${count === 1 ? "" : "s"}`;

/** What a source is called: its publisher, and its title if it has one. */
const called = (source) => `${source.publisher}${source.title ? `: ${source.title}` : ""}`;

export function makeSources(store, popovers) {
  const { actions } = store;
  const label = el("span", { text: "All sources" });
  const button = el("button", { type: "button", class: "ab-tool", title: "Which sources count" }, label, icon("caret"));

  const out = el("ul", { class: "ab-out", "aria-label": "Sources left out" });
  const more = el("p", { class: "ab-faint", hidden: true });
  const derived = el("input", { type: "checkbox", on: { change: () => actions.setDerived(derived.checked) } });
  const derivedRow = el("label", { class: "ab-check" }, derived, el("span", { text: "and what derives from them" }));
  const all = el("button", { type: "button", class: "ab-tool ab-plain", text: "Count all again", on: { click: () => { actions.takeBack(null); input.focus(); } } });
  const state = el("p", { class: "ab-faint", role: "status", hidden: true });

  const list = el("ul", { class: "ab-list", id: "atlas-bar-sources", role: "listbox", "aria-label": "Sources to leave out", hidden: true });
  const note = el("p", { class: "ab-note", role: "status", hidden: true });
  const input = el("input", {
    class: "ab-field", type: "text", autocomplete: "off", spellcheck: "false", dir: "auto", placeholder: "Find a source to leave out", role: "combobox",
    "aria-label": "Find a source to leave out", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list", title: "Publisher or title",
  });
  const finder = el("div", { class: "ab-finder" }, input, el("div", { class: "ab-found" }, list, note));

  const grades = Object.entries(GRADES).map(([grade, meaning]) => {
    const count = el("span", { class: "ab-count" });
    const node = el("button", { type: "button", class: "ab-grade", "aria-pressed": "false", title: `Grade ${grade}: ${meaning}`, on: { click: () => actions.toggleGrade(grade) } }, el("b", { text: grade }), count);
    return { grade, node, count };
  });
  // Once one is left out the panels beside say which states fall.
  const hint = el("p", { class: "ab-faint", text: "A state that rests on sources left out alone falls; which ones fall is listed beside the map." });
  const panel = el("div", { class: "ab-popover ab-sources", role: "dialog", "aria-label": "Leave out sources", hidden: true },
    el("p", { class: "ab-title", text: "Leave out sources" }), finder,
    el("div", { class: "ab-grades", role: "group", "aria-label": "Leave out a whole grade" }, el("span", { class: "ab-faint", text: "leave out a whole grade" }), grades.map(({ node }) => node)),
    el("dl", { class: "ab-meanings" }, Object.entries(GRADES).map(([grade, meaning]) => el("div", {}, el("dt", { text: grade }), el("dd", { text: meaning })))),
    out, more, derivedRow, all, state, hint);
  const node = el("div", { class: "ab-anchor ab-known" }, button, panel);

  let index = null; // [{ source, text }] of the lives' list
  let shown = [];
  let active = -1;
  const sources = () => store.lives?.sources ?? [];

  /* ---- the combobox */

  const activate = (at) => {
    active = at;
    [...list.children].forEach((each, number) => each.setAttribute("aria-selected", String(number === at)));
    if (at >= 0 && list.children[at]) {
      input.setAttribute("aria-activedescendant", list.children[at].id);
      list.children[at].scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  };
  const close = () => {
    list.hidden = note.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const search = () => {
    index ??= sources().map((source) => ({ source, text: ` ${words(`${source.publisher} ${source.title} ${source.id}`).join(" ")}` }));
    const asked = words(input.value);
    const found = index.filter(({ source, text }) => !store.state.without.includes(source.id) && asked.every((word) => text.includes(` ${word}`)));
    shown = found.slice(0, MOST_FOUND).map(({ source }) => source);
    list.replaceChildren(...shown.map((source, at) => el("li", { class: "ab-option ab-source", role: "option", id: `atlas-bar-source-${at}`, "aria-selected": "false", dataset: { at } },
      el("span", { class: "ab-name", dir: "auto", text: source.publisher }),
      el("span", { class: "ab-gradesign", title: `Grade ${source.grade}`, text: source.grade }),
      el("span", { class: "ab-under", dir: "auto", text: [source.title, source.published || "no date", counted(source.claims, "claim")].filter(Boolean).join(" · ") }))));
    const rest = found.length - shown.length;
    say(note, !found.length ? `No source fits “${clip(input.value.trim())}”.` : rest ? `and ${rest.toLocaleString("en")} more: type to narrow` : "");
    note.hidden = !note.textContent;
    list.hidden = !shown.length;
    input.setAttribute("aria-expanded", String(shown.length > 0));
    activate(asked.length && shown.length ? 0 : -1);
  };
  const choose = (source) => {
    input.value = "";
    close();
    actions.leaveOut(source.id);
    input.focus();
  };
  input.addEventListener("input", search);
  input.addEventListener("click", () => { if (list.hidden) search(); });
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (list.hidden) search();
      else if (shown.length) activate((active + step + shown.length + (active < 0 && step < 0 ? 1 : 0)) % shown.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (!list.hidden && shown[active]) choose(shown[active]);
      else if (list.hidden) search();
    } else if (event.key === "Tab") close();
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // keep the focus in the field
  list.addEventListener("click", (event) => {
    const row = event.target.closest("[role=option]");
    if (row) choose(shown[Number(row.dataset.at)]);
  });
  list.addEventListener("pointermove", (event) => {
    const row = event.target.closest("[role=option]");
    if (row && Number(row.dataset.at) !== active) activate(Number(row.dataset.at));
  });
  panel.addEventListener("pointerdown", (event) => { if (!finder.contains(event.target)) close(); });

  /* ---- in step with the store */

  const takeBack = (source) => {
    const at = store.state.without.indexOf(source.id);
    actions.takeBack(source.id);
    (out.children[Math.min(at, out.children.length - 1)]?.querySelector("button") ?? input).focus();
  };
  const drawOut = (asked) => {
    const known = new Map(sources().map((source) => [source.id, source]));
    out.replaceChildren(...asked.map((id) => known.get(id) ?? { id, publisher: id, title: "", grade: "" }).map((source) =>
      el("li", {},
        el("span", { class: "ab-outname", dir: "auto", title: called(source) }, el("b", { text: source.publisher }), source.title ? ` ${source.title}` : ""),
        el("button", { type: "button", class: "ab-tool ab-plain", "aria-label": `Count ${clip(called(source), 80)} again`, title: "Let this source count again", text: "count again", on: { click: () => takeBack(source) } }))));
    out.hidden = !asked.length;
  };
  const draw = () => {
    const { without, derived: and, grades: whole, online } = store.state;
    const { lives } = store;
    const ofGrades = sources().filter(({ grade }) => whole.includes(grade)).map(({ id }) => id);
    const asked = new Set([...without, ...ofGrades]);
    const really = lives?.without ?? [];
    const missing = [...asked].some((id) => !really.includes(id));
    const waiting = Boolean(lives?.sources) && (missing || (!(and && asked.size) && really.length !== asked.size));
    const count = waiting ? asked.size : really.length;
    const some = without.length > 0 || whole.length > 0;

    node.hidden = !some && !sources().length;
    say(label, some ? `Without ${counted(count, "source")}` : "All sources");
    node.classList.toggle("is-on", some);
    node.classList.toggle("is-waiting", waiting);
    if (!panel.contains(document.activeElement) || out.children.length !== without.length) drawOut(without);
    const further = waiting ? 0 : really.length - asked.size;
    say(more, further > 0 ? `and ${further} that derive${further === 1 ? "s" : ""} from them` : "");
    more.hidden = further <= 0;
    derived.checked = and;
    derivedRow.hidden = all.hidden = !some;
    hint.hidden = some;
    for (const { grade, node: each, count: figure } of grades) {
      const size = sources().reduce((sum, source) => sum + (source.grade === grade ? 1 : 0), 0);
      each.setAttribute("aria-pressed", String(whole.includes(grade)));
      each.setAttribute("aria-label", `Leave out grade ${grade}: ${counted(size, "source")}`);
      each.disabled = !size && !whole.includes(grade);
      say(figure, String(size));
    }
    say(state, !waiting ? "" : online ? "Working it out …" : "Waits for the connection.");
    state.hidden = !waiting;
    if (lives !== drawnFor) {
      drawnFor = lives;
      index = null;
    }
  };
  let drawnFor = null;

  popovers.attach(button, panel, node, () => {
    input.value = "";
    close();
    drawOut(store.state.without);
    input.focus({ preventScroll: true });
  });
  return { node, draw };
}
