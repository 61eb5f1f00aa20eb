/** The ways out of the composer: files under the server's names, the film with its progress, the picture and links to copy. */

import { copy } from "../copy.js";
import { say } from "../text.js";
import { command, nameOf, sentence, size } from "./words.js";

const POLL_MS = 500;
const COPIED_MS = 4000;
const KEPT_MS = 60_000; // how long the browser may take to write a file
const NO_ANSWER = "The server did not answer. Nothing was saved.";

const count = (number) => number.toLocaleString("en");

/**
 * `find` finds a node of the page, `asked` returns the parameters as they are now, `address` the address of a form of
 * them, `stem` the name of its file. Returns { draw, close }.
 */
export function makeWays({ find, findAll, listen, asked, address, stem }) {
  const gone = new AbortController();
  let blocked = ""; // why nothing that is set as a page can be made of what is chosen
  let film = null; // { stop, ... } while one is being made
  let told = 0;

  const tell = (words, place = "[data-told]") => say(find(place), words);
  const passing = (words, place) => {
    tell(words, place);
    clearTimeout(told);
    told = setTimeout(() => tell("", place), COPIED_MS);
  };

  /** Fetch a file and hand it to the browser under the server's name. */
  async function take(link) {
    if (link.getAttribute("aria-busy") === "true") return;
    const words = link.getAttribute("aria-label").split(",")[0];
    const done = new AbortController();
    clearTimeout(told);
    link.setAttribute("aria-busy", "true");
    tell(`${words}: being made …`);
    // There is a film in it, which takes its time.
    if (link.dataset.take === "zip") watch(asked(), done.signal, (made, of) => tell(`${words}: being made, its film has ${count(made)} of ${count(of)} pictures …`));
    try {
      const answer = await fetch(link.href, { signal: gone.signal });
      tell(answer.ok ? await saved(answer, words) : `${words}: not made. ${sentence(await answer.text())}`);
    } catch (error) {
      if (error.name !== "AbortError") tell(NO_ANSWER);
    } finally {
      done.abort();
      link.removeAttribute("aria-busy");
    }
  }

  async function saved(answer, otherwise) {
    const body = await answer.blob();
    const name = nameOf(answer, otherwise);
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(body), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
    return `Saved: ${name}, ${size(body.size)}.`;
  }

  const picked = (name) => find(`[data-choose="${name}"]:checked`).value;

  /** Make the film: one request waits for the file, others ask how far it is. */
  async function make() {
    if (film) return;
    const stop = new AbortController();
    film = stop;
    const span = Object.fromEntries(["from", "until"].map((name) => [name, find(`[data-choose="${name}"]`).value]).filter(([, day]) => day));
    const params = { ...asked(), rhythm: picked("rhythm"), ...span };
    const ending = picked("film");
    const bar = find("[data-film-bar]");
    const running = (on) => {
      find("[data-film-make]").disabled = on;
      find("[data-film-stop]").hidden = !on;
      bar.hidden = !on;
      bar.removeAttribute("value");
    };
    const held = document.activeElement === find("[data-film-make]");
    running(true);
    if (held) find("[data-film-stop]").focus();
    tell("The film is being made …", "[data-film-told]");
    watch(params, stop.signal, (done, of) => {
      bar.max = of;
      bar.value = done;
      tell(`${count(done)} of ${count(of)} pictures are made …`, "[data-film-told]");
    });
    let end = "";
    try {
      const answer = await fetch(address(ending, params), { signal: stop.signal });
      end = answer.ok ? await saved(answer, `${stem()}.${ending}`) : `The film was not made. ${sentence(await answer.text())}`;
    } catch (error) {
      end = error.name === "AbortError" ? "Stopped. Nothing was saved." : NO_ANSWER;
    }
    stop.abort();
    film = null;
    if (gone.signal.aborted) return;
    const back = document.activeElement === find("[data-film-stop]");
    running(false);
    tell(end, "[data-film-told]");
    if (back) find("[data-film-make]").focus();
  }

  /** Ask how far a film of these parameters is, until `signal` ends it. */
  async function watch(params, signal, progress) {
    while (!signal.aborted) {
      await new Promise((done) => setTimeout(done, POLL_MS));
      try {
        const answer = signal.aborted || (await fetch(address("progress", params), { signal }));
        const { done, of } = answer.ok ? await answer.json() : {};
        if (of && !signal.aborted) progress(done, of);
      } catch {
        // How far it is, is a courtesy; the film itself says whether it came.
      }
    }
  }

  /** Copy the picture; the browser waits for its bytes itself, so that the press of the button still counts. */
  async function copyPicture() {
    if (!navigator.clipboard?.write || !window.ClipboardItem) {
      tell("This browser copies pictures only from https or from this machine itself. Take the PNG instead.");
      return;
    }
    let refused = "";
    const picture = fetch(address("png", asked())).then(async (answer) => {
      if (!answer.ok) refused = sentence(await answer.text());
      if (refused) throw new Error(refused);
      return answer.blob();
    });
    picture.catch(() => {});
    try {
      await navigator.clipboard.write([new ClipboardItem({ "image/png": picture })]);
      passing("Picture copied: paste it where you need it.");
    } catch {
      tell(refused ? `Nothing was copied. ${refused}` : "The browser did not let us copy the picture. Take the PNG instead.");
    }
  }

  async function copyWords(words, done, place) {
    passing((await copy(words)) ? done : "The browser did not let us copy it.", place);
  }

  listen("click", async (event) => {
    const target = event.target.closest?.("[data-take], [data-film-make], [data-film-stop], [data-copy-picture], [data-copy-address], [data-copy-command]");
    if (!target) return;
    if (target.getAttribute("aria-disabled") === "true") {
      event.preventDefault();
      clearTimeout(told);
      tell(`Not made. ${blocked}`);
      return;
    }
    const { take: ending, filmMake, filmStop, copyPicture: picture, copyAddress } = target.dataset;
    if (ending !== undefined) {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || !target.href) return;
      event.preventDefault();
      await take(target);
    } else if (filmMake !== undefined) await make();
    else if (filmStop !== undefined) film?.abort();
    else if (picture !== undefined) await copyPicture();
    else if (copyAddress !== undefined) await copyWords(new URL(address("png", asked()), location.origin).href, "Link copied: it always shows this picture.");
    else await copyWords(find("[data-command]").textContent, "Copied.", "[data-command-told]");
  });

  return {
    /** Say that the forms in `which` cannot be made, and why; without a reason all can be made again. */
    block(why, which = () => true) {
      if (blocked && !why) tell("");
      blocked = why;
      for (const way of findAll(".composer-take :is(a, button)")) {
        const off = Boolean(why) && which(way.dataset.take ?? "png");
        way.dataset.plain ??= way.title;
        way.title = off ? why : way.dataset.plain;
        if (off) way.setAttribute("aria-disabled", "true");
        else way.removeAttribute("aria-disabled");
      }
    },
    /** Bring addresses and command up to what is chosen now. */
    draw() {
      const params = asked();
      const scaled = (scale) => (scale > 1 ? { ...params, scale } : params);
      for (const link of findAll("[data-take]")) link.href = address(link.dataset.take, scaled(Number(link.dataset.scale ?? 0)));
      const [form, scale] = find('[data-choose="form"]').value.split(" ");
      const span = scale === "0" && ["mp4", "webm", "gif"].includes(form)
        ? Object.fromEntries([["rhythm", picked("rhythm")], ...["from", "until"].map((name) => [name, find(`[data-choose="${name}"]`).value])].filter(([, value]) => value))
        : {};
      say(find("[data-command]"), command({ ...scaled(Number(scale)), ...span }, form, `${stem()}.${form}`));
    },
    close() {
      gone.abort();
      film?.abort();
      clearTimeout(told);
    },
  };
}

