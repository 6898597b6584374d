// Shows the view that the address names, and follows it.

import { el, show } from "./dom.js";
import { address, go, read } from "./state.js";
import { filterForm } from "./filters.js";
import { lists } from "./lists.js";
import { matrix } from "./matrix.js";
import { speaker } from "./speaker.js";
import { statement } from "./statement.js";
import { stream } from "./stream.js";
import { target } from "./target.js";

const VIEWS = { stream, matrix, target, speaker, statement, ...lists };
const NAVIGATION = {
  stream: "Statements",
  matrix: "Matrix",
  targets: "Targets",
  speakers: "Speakers",
};

const main = document.getElementById("main");
const form = filterForm(document.getElementById("filters"));
let leave = new AbortController();
let shown = null;

function navigation({ view, filters }) {
  show(
    document.getElementById("nav"),
    Object.entries(NAVIGATION).map(([name, text]) =>
      el(
        "a",
        { href: address({ view: name, filters }), "aria-current": name === view ? "page" : null },
        text,
      ),
    ),
  );
}

function render() {
  const state = read();
  leave.abort();
  leave = new AbortController();
  navigation(state);
  form.update(state);
  const place = el("div", { class: `view ${state.view}` });
  main.replaceChildren(place);
  const title = VIEWS[state.view](place, state, leave.signal);
  document.title = `${title} – Stancewire`;
  const page = `${state.view} ${state.of}`;
  // Another page starts at its heading, for the eye and for a screen reader.
  if (shown !== null && shown !== page) {
    window.scrollTo(0, 0);
    document.getElementById("title")?.focus({ preventScroll: true });
  }
  shown = page;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a");
  if (!link || link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
  if (link.pathname !== "/" || link.hash || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  go(read(link.search));
});
window.addEventListener("popstate", render);
render();
