/**
 * The composer: the briefing as it will leave, drawn anew whenever the view or a choice changes, and the choices.
 *
 * The view is the store's; what is chosen beside it stands in the page's address (the store writes it) and, so that
 * neither reloading nor another page loses a written headline, in the tab's own memory. The old picture stays until the
 * new one is there. One picture is asked for at a time: while the date plays, the newest is drawn next.
 */

import { leadsHereOnly, linkChoice, now, oneLine, parameters, printsLink, query, read, sentence, spell } from "./composer/words.js";
import { makeWays } from "./composer/take.js";
import { formatDay, isoToDay } from "./store.js";
import { clip, el, fold, say } from "./text.js";

const KEPT = "atlas-briefing";
const SOON_MS = 60;
const MOVED_MS = 220;
const TYPED_MS = 400;
const PLAYING_MS = 700;
const PATIENCE_MS = 250; // a picture that comes sooner needs no sign
const LIST_MS = 2000; // how long the list of quotations may lag behind the view
const AGAIN_MS = 5000;
const ONCE_MORE_MS = 500; // there when it was asked for the second time
const LONGEST_WAIT_MS = 30_000;
const NEAR_LIMIT = 40; // characters
const LISTED_BY = ["as_of", "known_on", "without", "derived", "without_grade"]; // as composer.py
const PAGES = ["a4", "letter"]; // as wide as their place, and scrolled: whole they would be too small to read
const SET = ["png", "svg", "pdf", "zip"]; // forms that hold a page of fixed size
const MOST_WORDS = 90; // of a quotation in the list of those chosen

let open = null;

/** Follow the page: open the composer where it is drawn, close it where it is gone; called after every drawing. */
export function compose(store) {
  // While pages change, Streamlit (1.67) draws the parts of the old one once more in the place of the new one.
  const root = document.querySelector(".st-key-atlas-page-briefing [data-composer]");
  if (open && open.root !== root) {
    open.close();
    open = null;
  }
  if (root && store.lives) open ??= makeComposer(root, store);
  open?.listed();
}

function makeComposer(root, store) {
  const scope = root.closest(".atlas-parts");
  const gone = new AbortController();
  const find = (selector) => scope.querySelector(selector);
  const findAll = (selector) => [...scope.querySelectorAll(selector)];
  const listen = (type, listener, options = {}) => scope.addEventListener(type, listener, { ...options, signal: gone.signal });

  const memory = remembered();
  const chosen = read(store.state.briefing || memory.chosen);
  // The dates that were shown when the headline was written; of one that came by a link they are not known.
  let written = read(memory.chosen).headline === chosen.headline ? memory.written : "";
  let spoken = spell(chosen); // what the store has last been told
  const ownWords = () => Boolean(chosen.marking) && ![...find('[data-choose="marking"]').options].some((one) => one.value === chosen.marking);
  let free = ownWords();
  let told = null; // what the server said of the briefing on screen: headline, proposed, fits, file, pixels
  let settled = ""; // the address of the picture that was asked for last, once it or the reason against it is shown
  let running = false;
  let timer = 0;
  const said = new Map(); // the words and the language of the quotations seen, by their names
  let scrolled = 0; // of the list of quotations, which is drawn anew with the day

  /* -------------------------------------------------------------------------------------- what is asked */

  const here = () => new URL(root.dataset.root, location.origin).href;
  const address = (ending, params) => `${root.dataset.root}export/briefing.${ending}?${query(params)}`;
  const search = () => new URL(store.permalink()).search;
  /** The quotations of the list that had been said by the day on screen; the list itself may be of a later day. */
  const offered = () => new Set(findAll("[data-quote]").filter((box) => Number(box.dataset.from) <= store.state.day).map((box) => box.dataset.quote));

  /** The parameters of the briefing; a quotation that is not there on this day is not asked for. */
  function asked() {
    const there = offered();
    const quotes = chosen.quotes?.filter((item) => there.has(item)) ?? null;
    return parameters(search(), store.state.map ?? "", { ...chosen, quotes }, here());
  }

  /** Whether the list of quotations belongs to the view on screen. */
  function listIsPresent() {
    const [shown, wanted] = [find("[data-asked]")?.dataset.asked ?? "", search()].map((text) => new URLSearchParams(text));
    return LISTED_BY.every((name) => shown.get(name) === wanted.get(name));
  }

  const ways = makeWays({ find, findAll, listen, asked, address, stem: () => told?.file ?? "handover-atlas_briefing" });

  /* --------------------------------------------------------------------------------------- the picture */

  function later(delay) {
    ways.draw();
    if (timer && store.state.playing) return; // every day asks anew: the first of them sets the time
    clearTimeout(timer);
    timer = setTimeout(draw, delay);
  }

  let waited = 0;
  async function draw() {
    timer = 0;
    if (running) return; // it looks again when it is done
    if (chosen.quotes?.length && !store.state.playing && !listIsPresent()) {
      waited ||= performance.now();
      if (performance.now() - waited < LIST_MS) {
        later(SOON_MS);
        return;
      }
    }
    waited = 0;
    ways.draw();
    const params = asked();
    const wanted = address("png", params);
    if (wanted === settled) {
      busy(false);
      return;
    }
    running = true;
    busy(true);
    let again = 0;
    try {
      again = await bring(params, wanted);
    } finally {
      running = false;
    }
    if (gone.signal.aborted) return;
    settled = again ? "" : wanted;
    if (address("png", asked()) !== wanted) later(store.state.playing ? PLAYING_MS : SOON_MS);
    else {
      busy(false);
      ways.draw();
      if (again) later(again);
    }
  }

  /** Bring what the server makes of some parameters onto the screen; returns when it is worth asking again, or 0. */
  async function bring(params, wanted) {
    const [answer, picture] = await Promise.all([ask(address("json", params)), load(wanted)]);
    const why = picture || answer.words || answer.found.fits.length ? null : await ask(wanted, "blob");
    if (gone.signal.aborted) return 0;
    if (answer.found) {
      told = answer.found;
      showTold();
    }
    if (picture) show(picture);
    find("[data-figure]").toggleAttribute("data-late", !picture);
    const fits = answer.found?.fits ?? [];
    const off = fits.some((one) => /\bheadline\b/i.test(one)) ? [...SET, "pptx"] : SET; // further slides have room for all but that
    notice([answer.words ?? "", ...fits.map(sentence), why?.words ?? ""].filter(Boolean), fits.length ? off : null);
    // A server that is busy, or away for a moment, is no reason to offer less.
    const refused = [answer, why].find((one) => one?.words && !one.again)?.words ?? "";
    ways.block(refused || (fits.length ? sentence(fits[0]) : ""), refused ? undefined : (form) => off.includes(form));
    return answer.again || (why && (why.found ? ONCE_MORE_MS : why.again)) || 0;
  }

  /** What the server answers: { found }, or in words why nothing, and when it is worth asking again. */
  async function ask(where, as = "json") {
    try {
      const answer = await fetch(where, { signal: gone.signal });
      if (answer.ok) return { found: await answer[as]() };
      const after = Number(answer.headers.get("Retry-After")) * 1000;
      return { words: sentence(await answer.text()), again: answer.status === 503 ? Math.min(after || AGAIN_MS, LONGEST_WAIT_MS) : 0 };
    } catch {
      return { words: "The server does not answer; the picture follows when it does.", again: AGAIN_MS };
    }
  }

  /** A picture that is ready to be shown, or null. */
  async function load(source) {
    const picture = new Image();
    picture.decoding = "async";
    picture.src = source;
    try {
      await picture.decode();
      return picture;
    } catch {
      return null;
    }
  }

  function show(picture) {
    picture.alt = told?.headline ? `The briefing: ${told.headline}` : "The briefing";
    picture.dataset.picture = "";
    find("[data-first]")?.remove();
    const old = find("[data-picture]");
    if (old) old.replaceWith(picture);
    else find("[data-paper]").prepend(picture);
    const layout = new URL(picture.src).searchParams.get("layout") ?? "slide";
    const figure = find("[data-figure]");
    if (figure.dataset.layout !== layout) find("[data-paper]").scrollTo(0, 0);
    figure.dataset.layout = layout;
    if (PAGES.includes(layout)) find("[data-paper]").tabIndex = 0; // what scrolls is reached by the keyboard
    else find("[data-paper]").removeAttribute("tabindex");
    if (find("[data-large]").open) enlarge();
  }

  /** Show the picture at its own size, over the whole window. */
  function enlarge() {
    const [picture, large, paper] = [find("[data-picture]"), find("[data-large]"), find("[data-large-paper]")];
    if (!picture) return;
    const same = paper.firstElementChild?.src === picture.src;
    if (!same) paper.replaceChildren(el("img", { src: picture.src, alt: picture.alt }));
    say(find("[data-large-words]"), find("[data-measure]").textContent);
    find("[data-large-tab]").href = picture.src;
    if (large.open) return;
    large.showModal();
    paper.scrollTo(0, 0);
    paper.focus();
  }

  let patience = 0;
  function busy(on) {
    const figure = find("[data-figure]");
    figure.setAttribute("aria-busy", String(on));
    if (on) {
      patience ||= setTimeout(() => {
        figure.dataset.drawing = "";
        say(find("[data-progress]"), "The picture is being made.");
      }, PATIENCE_MS);
      return;
    }
    clearTimeout(patience);
    patience = 0;
    if (!("drawing" in figure.dataset)) return;
    delete figure.dataset.drawing;
    say(find("[data-progress]"), "The picture shows what is chosen.");
  }

  /** Say in the picture's place why there is none; `overfull`: the forms for which there is too much, else null. */
  function notice(sentences, overfull) {
    const place = find("[data-notices]");
    const words = sentences.join("\n");
    if (place.dataset.words === words) return;
    place.dataset.words = words;
    if (sentences.length) find("[data-first]")?.remove(); // nothing is being drawn any more
    place.replaceChildren(...(sentences.length
      ? [el("p", { class: "composer-heading", text: overfull ? "It does not fit, and nothing is cut:" : "Not drawn as it is now:" }),
        el("ul", {}, sentences.map((text) => el("li", { text }))),
        overfull && el("p", { class: "small", text: overfull.includes("pptx")
          ? "The HTML scrolls, and can still be taken." : "PowerPoint takes further slides and the HTML scrolls: both can still be taken." }),
        find("[data-picture]") && el("p", { class: "small mute", text: "The picture still shows what was chosen before." })].filter(Boolean)
      : []));
  }

  /** What the server said, where it is shown. */
  function showTold() {
    const field = find('[data-choose="headline"]');
    if (field.placeholder !== told.proposed) field.placeholder = told.proposed;
    say(find("[data-measure]"), `${told.pixels.join(" × ")} pixels · ${told.file}`);
    showHeadline();
  }

  /* --------------------------------------------------------------------------------------- the choices */

  function put(patch, delay = SOON_MS) {
    Object.assign(chosen, patch);
    keep();
    showChoices();
    later(delay);
  }

  function keep() {
    spoken = spell(chosen);
    store.set({ briefing: spoken });
    remember();
  }

  function remember() {
    try {
      sessionStorage.setItem(KEPT, JSON.stringify({ chosen: spoken, written }));
    } catch {
      // A browser that keeps nothing still has the address.
    }
  }

  /** The dates that are shown, in words. */
  const dates = () => [store.state.compare, store.state.day].filter((day) => day !== null).sort((a, b) => a - b)
    .map((day) => formatDay(day)).join(" and ");

  function showHeadline() {
    const field = find('[data-choose="headline"]');
    if (field !== document.activeElement && field.value !== chosen.headline) field.value = chosen.headline;
    const empty = !chosen.headline;
    toggle(find('[data-headline="edit"]'), empty && Boolean(told?.proposed), find('[data-headline="back"]'));
    toggle(find('[data-headline="back"]'), !empty, find('[data-headline="edit"]'));
    const count = find("[data-count]");
    const [length, most] = [Array.from(oneLine(chosen.headline)).length, Number(count.dataset.longest)];
    say(count, length > most - NEAR_LIMIT ? `${length} of ${most} characters` : "");
    count.classList.toggle("late", length > most);
    const moved = !empty && written && written !== dates();
    say(find("[data-written]"), moved ? `Written for ${written}; the briefing now shows ${dates()}.` : "");
  }

  /** Show or hide a button; the focus of one that goes moves to the one that comes. */
  function toggle(button, on, other) {
    if (button.hidden === !on) return;
    const held = document.activeElement === button;
    button.hidden = !on;
    if (held && !on) {
      other.hidden = false;
      other.focus();
    }
  }

  function showChoices() {
    for (const name of ["layout", "theme", "extent"]) {
      for (const radio of findAll(`[data-choose="${name}"]`)) radio.checked = radio.value === chosen[name];
    }
    find('[data-choose="marking"]').value = free ? "free" : chosen.marking;
    find("[data-free]").hidden = !free;
    const words = find('[data-choose="free"]');
    if (free && words !== document.activeElement && ownWords()) words.value = chosen.marking;
    say(find("[data-unwritten]"), free && !words.value.trim()
      ? `Write the marking, or choose none${chosen.marking ? `: until then it stays ${chosen.marking}` : ""}.` : "");
    find('[data-choose="made"]').checked = Boolean(chosen.made);
    find("[data-now]").hidden = !chosen.made;
    say(find("[data-made]"), chosen.made ? `: ${formatDay(isoToDay(chosen.made.slice(0, 10)))}, ${chosen.made.slice(11, 16)} in Baghdad` : "");
    find('[data-choose="link"]').checked = printsLink(chosen.link, here());
    find("[data-own]").hidden = !leadsHereOnly(here());
    showExtent();
    showSite();
    showHeadline();
    showQuotes();
  }

  let listed = null; // the lives whose sites are offered
  function showSite() {
    const select = find('[data-choose="site"]');
    if (listed !== store.lives) {
      listed = store.lives;
      const alike = new Map();
      for (const { short } of listed.sites) alike.set(short, (alike.get(short) ?? 0) + 1);
      const alphabet = new Intl.Collator("en", { numeric: true });
      const names = listed.sites.map(({ id, short, name, governorate }) =>
        [id, alike.get(short) > 1 ? [name, governorate].filter(Boolean).join(", ") : short]).sort((a, b) => alphabet.compare(a[1], b[1]));
      select.replaceChildren(select.options[0], ...names.map(([value, text]) => el("option", { value, text })));
    }
    select.value = store.state.site ?? "";
    const away = find("[data-no-site]");
    const held = document.activeElement === away;
    away.hidden = !store.state.site;
    if (held && away.hidden) select.focus();
  }

  const showExtent = () =>
    say(find("[data-extent]"), chosen.extent || store.state.map ? "" : "The map page shows all of Iraq now; move it there, and the briefing follows.");

  /* ------------------------------------------------------------------------------------ the quotations */

  const current = () => chosen.quotes ?? [...offered()].slice(0, Number(find("[data-order]").dataset.proposed));

  function showQuotes() {
    const [items, most] = [current(), Number(find("[data-order]").dataset.most)];
    for (const box of findAll("[data-quote]")) {
      box.checked = items.includes(box.dataset.quote);
      box.disabled = !box.checked && items.length >= most;
    }
    say(find("[data-chosen-words]"), chosen.quotes === null
      ? "The newest are proposed." : items.length ? `${items.length} of at most ${most}, in this order:` : "None.");
    toggle(find('[data-quotes="back"]'), chosen.quotes !== null, find('[data-quotes="none"]'));
    toggle(find('[data-quotes="none"]'), items.length > 0, find('[data-quotes="back"]'));
    showOrder(items);
  }

  function showOrder(items) {
    const order = find("[data-order]");
    const there = offered();
    const lines = items.map((item) => [item, ...(said.get(item) ?? [item, ""]), there.has(item)]);
    const words = JSON.stringify(lines);
    if (order.dataset.words === words) return;
    order.dataset.words = words;
    const held = order.contains(document.activeElement) ? document.activeElement.dataset : null;
    order.replaceChildren(...lines.map(([item, text, lang, present], at) => {
      const act = (name, sign, label, off) =>
        el("button", { type: "button", "aria-label": `${label}: ${clip(text, 50)}`, title: label, disabled: off, dataset: { move: name, of: item }, text: sign });
      return el("li", { class: present ? null : "is-missing" },
        el("div", {}, el("span", { lang: lang || null, dir: "auto", text: clip(text, MOST_WORDS) }),
          present ? null : el("p", { class: "small mute", text: "Not said yet, or not counted: left out." })),
        el("span", { class: "composer-moves" },
          act("up", "↑", "Earlier", at === 0), act("down", "↓", "Later", at === lines.length - 1), act("out", "×", "Take out", false)));
    }));
    if (!held) return;
    const button = (name, of) => [...order.querySelectorAll("[data-move]")].find((one) => one.dataset.move === name && one.dataset.of === of && !one.disabled);
    const other = { up: "down", down: "up" }[held.move];
    (button(held.move, held.of) ?? button(other, held.of) ?? order.querySelector("[data-move]:not(:disabled)") ?? find("[data-find]")).focus();
  }

  function move(item, where) {
    const items = [...current()];
    const at = items.indexOf(item);
    if (at < 0) return;
    items.splice(at, 1);
    if (where !== "out") items.splice(Math.max(0, at + (where === "up" ? -1 : 1)), 0, item);
    put({ quotes: items });
  }

  /** Show the quotations that have the words looked for, whatever accents and articles they are written with. */
  function seek() {
    const lines = findAll("[data-line]");
    const typed = find("[data-find]").value.trim();
    const wanted = fold(typed) ? typed.split(/\s+/).map(fold).filter(Boolean) : [];
    let found = 0;
    for (const line of lines) {
      const text = wanted.length ? fold(line.textContent) : "";
      line.hidden = !wanted.every((word) => text.includes(word));
      found += !line.hidden;
    }
    const place = find("[data-found]");
    if (place) say(place, wanted.length ? `${found} of ${lines.length}` : "");
  }

  /* ------------------------------------------------------------------------------------------ listeners */

  listen("input", ({ target }) => {
    const { choose, find: seeks } = target.dataset;
    if (seeks !== undefined) seek();
    if (choose === "headline") {
      if (!chosen.headline) written = dates();
      put({ headline: target.value.trim() ? target.value : "" }, TYPED_MS);
    } else if (choose === "free") put(target.value.trim() ? { marking: target.value.trim() } : {}, TYPED_MS);
  });
  listen("change", ({ target }) => {
    const { choose, quote } = target.dataset;
    if (quote !== undefined) {
      const items = current().filter((item) => item !== quote);
      put({ quotes: target.checked ? [...items, quote] : items });
    } else if (choose === "headline") {
      written = dates(); // looked over, whatever it said before
      keep();
      showHeadline();
    } else if (choose === "marking") {
      free = target.value === "free";
      // What was marked stays marked until other words are there.
      const words = free ? find('[data-choose="free"]').value.trim() || chosen.marking : target.value;
      put({ marking: words });
      if (free) find('[data-choose="free"]').focus();
    } else if (["layout", "theme", "extent"].includes(choose)) put({ [choose]: target.value });
    else if (choose === "made") put({ made: target.checked ? now() : "" });
    else if (choose === "link") put({ link: linkChoice(target.checked, here()) });
    else if (choose === "site") store.actions.select(target.value || null);
    else if (choose && choose !== "free") ways.draw();
  });
  listen("click", (event) => {
    const { target } = event;
    const button = target.closest?.("[data-headline], [data-quotes], [data-move], [data-now], [data-close-up], [data-picture], [data-large-close], [data-no-site], [data-downloads]");
    if (!button) return;
    const { headline, quotes, move: where, of, now: again, closeUp, picture, largeClose, noSite } = button.dataset;
    if (headline !== undefined) {
      const field = find('[data-choose="headline"]');
      field.value = headline === "edit" ? told.proposed : "";
      written = field.value ? dates() : "";
      put({ headline: field.value });
      field.focus();
    } else if (quotes !== undefined) put({ quotes: quotes === "none" ? [] : null });
    else if (where !== undefined) move(of, where);
    else if (again !== undefined) put({ made: now() });
    else if (closeUp !== undefined || picture !== undefined) enlarge();
    else if (largeClose !== undefined) find("[data-large]").close();
    else if (noSite !== undefined) store.actions.select(null);
    else {
      event.preventDefault(); // an anchor would change the address
      find("[data-copy-picture]").focus();
    }
  });
  // While the large picture is open its keys are its own; the header would use Escape up for what lies open behind it.
  find("[data-large]").addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key !== "Escape") return;
    event.preventDefault();
    find("[data-large]").close();
  }, { signal: gone.signal });
  listen("scroll", ({ target }) => {
    if (target.matches?.("[data-offered]")) scrolled = target.scrollTop;
  }, { capture: true, passive: true });

  keep();
  showChoices();
  const leave = store.subscribe((state, changed) => {
    // Back; a link to another page leaves the choices behind before it changes the address.
    if (changed.has("briefing") && state.briefing !== spoken && state.briefing === spell(read(location.search))) {
      const before = chosen.headline;
      Object.assign(chosen, read(state.briefing));
      if (chosen.headline !== before) written = "";
      free = ownWords();
      spoken = state.briefing;
      remember();
      showChoices();
    }
    if (changed.has("map")) showExtent();
    if (changed.has("site") || changed.has("lives")) showSite();
    if (changed.has("day") || changed.has("compare")) {
      showHeadline();
      if (chosen.quotes?.length) showQuotes();
    }
    if (["lives", "day", "compare", "known", "site", "off", "without", "derived", "grades", "map", "briefing", "online", "playing"].some((name) => changed.has(name))) {
      later(state.playing ? PLAYING_MS : MOVED_MS);
    }
  });

  return {
    root,
    /** The list of quotations may have been drawn anew. */
    listed() {
      for (const line of findAll("[data-line]")) {
        const text = line.querySelector(".text");
        said.set(line.dataset.line, [text.textContent, text.lang]);
      }
      const list = find("[data-offered]");
      if (list && list.scrollTop !== scrolled) list.scrollTop = scrolled;
      showQuotes();
      seek();
      if (chosen.quotes?.length) later(SOON_MS);
      else ways.draw();
    },
    close() {
      gone.abort();
      leave();
      ways.close();
      clearTimeout(timer);
      clearTimeout(patience);
    },
  };
}

/** What was chosen in this tab before: { chosen, written }. */
function remembered() {
  try {
    const { chosen, written } = JSON.parse(sessionStorage.getItem(KEPT)) ?? {};
    return { chosen: String(chosen ?? ""), written: String(written ?? "") };
  } catch {
    return { chosen: "", written: "" };
  }
}
