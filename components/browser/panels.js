/**
 * The panels: puts the parts of the page into their place, and touches only those whose text changed.
 *
 * Their HTML is written by our own templates, which escape everything that comes from data. A part that is drawn anew
 * keeps what the reader had unfolded in it.
 */

/** Show `data.parts`, [[name, html], ...], from top to bottom; called again on every rerun. */
export function mount({ root, data }) {
  let host = root.querySelector(":scope > .atlas-parts");
  if (!host) {
    host = document.createElement("div");
    host.className = "atlas-parts";
    root.append(host);
  }
  const there = new Map([...host.children].map((node) => [node.dataset.panel, node]));
  let before = null;
  for (const [name, html] of data.parts) {
    const node = there.get(name) ?? part(name);
    there.delete(name);
    if (node.written !== html) write(node, html);
    const place = before ? before.nextSibling : host.firstChild;
    if (place !== node) host.insertBefore(node, place);
    before = node;
  }
  for (const node of there.values()) node.remove();
  return () => host.remove();
}

function part(name) {
  const node = document.createElement("div");
  node.className = "panels";
  node.dataset.panel = name;
  return node;
}

const summaries = (node) => [...node.querySelectorAll("details")].map((one) => [one, one.querySelector("summary")?.textContent.replace(/[\d,]+/g, "") ?? ""]);

function write(node, html) {
  const unfolded = new Map(summaries(node).map(([one, words]) => [words, one.open]));
  node.written = html;
  node.innerHTML = html;
  for (const [one, words] of summaries(node)) if (unfolded.get(words)) one.open = true;
}
