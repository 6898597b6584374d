// The form of filters; the address is its only memory.

import { get, query } from "./api.js";
import { cut, el, own, show } from "./dom.js";
import { WORDS } from "./parts.js";
import { FILTERS, go, read } from "./state.js";

const NAMES = {
  q: "Text",
  speaker: "Speaker",
  target: "Target",
  label: "Stance",
  feed: "Feed",
  since: "From",
  until: "Until",
};
const FILTERED = ["stream", "matrix"];
const SUGGEST_MS = 250;

function field(name, input) {
  input.id = `filter-${name}`;
  return el("div", { class: "field" }, el("label", { for: input.id }, NAMES[name]), input);
}

export function filterForm(form) {
  const suggestions = el("datalist", { id: "speakers" });
  const inputs = {
    q: el("input", { type: "search", name: "q", maxlength: "200", placeholder: "Words of a statement" }),
    speaker: el("input", { type: "search", name: "speaker", list: "speakers", autocomplete: "off" }),
    target: el("select", { name: "target" }),
    label: el("select", { name: "label" }),
    feed: el("select", { name: "feed" }),
    since: el("input", { type: "date", name: "since" }),
    until: el("input", { type: "date", name: "until" }),
  };
  const chips = el("ul", { class: "chips", "aria-label": "Filters in use" });
  const exports = el("p", { class: "exports" });
  const names = { target: new Map(), feed: new Map(), label: new Map(Object.entries(WORDS)) };
  const more = el(
    "details",
    {},
    el("summary", {}, "Filters"),
    el(
      "div",
      { class: "fields" },
      FILTERS.filter((name) => name !== "q").map((name) => field(name, inputs[name])),
    ),
  );
  more.open = matchMedia("(min-width: 48rem)").matches;
  show(
    form,
    el("div", { class: "search" }, field("q", inputs.q), el("button", { type: "submit" }, "Search")),
    more,
    suggestions,
    el("div", { class: "row" }, chips, exports),
  );

  const apply = () => {
    const filters = {};
    for (const name of FILTERS) {
      const value = inputs[name].value.trim();
      if (value) filters[name] = value;
    }
    go({ ...read(), filters });
  };
  form.addEventListener("change", apply);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    apply();
  });

  const options = (name, filters) => {
    const known = new Map(names[name]);
    const chosen = filters[name] ?? "";
    if (chosen && !known.has(chosen)) known.set(chosen, chosen);
    show(
      inputs[name],
      el("option", { value: "" }, "any"),
      [...known].map(([value, text]) => el("option", { value }, cut(text, 60))),
    );
    inputs[name].value = chosen;
  };

  const fetchNames = async () => {
    try {
      const [{ targets }, { feeds }] = await Promise.all([get("targets"), get("feeds")]);
      for (const { id, name } of targets) names.target.set(id, name);
      for (const { id, title } of feeds) names.feed.set(id, title ?? id);
    } catch {
      return; // The view says that the server is away; the next one asks again.
    }
    update(read());
  };

  let timer;
  inputs.speaker.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const found = await get("speakers", { more: { q: inputs.speaker.value } }).catch(() => null);
      show(
        suggestions,
        (found?.speakers ?? []).slice(0, 20).map(({ name }) => el("option", { value: name })),
      );
    }, SUGGEST_MS);
  });

  const chip = (state, name) => {
    const value = state.filters[name];
    const filters = { ...state.filters };
    delete filters[name];
    return el(
      "li",
      {},
      el(
        "button",
        { type: "button", click: () => go({ ...state, filters }) },
        `${NAMES[name]}: `,
        own(names[name]?.get(value) ?? value, 40),
        el("span", { "aria-hidden": "true" }, " ×"),
        el("span", { class: "unseen" }, " (remove)"),
      ),
    );
  };

  function update(state) {
    form.hidden = !FILTERED.includes(state.view);
    for (const name of FILTERS) {
      if (names[name]) options(name, state.filters);
      else inputs[name].value = state.filters[name] ?? "";
    }
    show(chips, FILTERS.filter((name) => state.filters[name]).map((name) => chip(state, name)));
    show(
      exports,
      "Export ",
      ["csv", "json"].map((kind) => [
        el("a", { href: `/api/export.${kind}${query(state.filters)}`, download: true }, kind.toUpperCase()),
        " ",
      ]).flat(),
    );
  }

  let asked = 0;
  return {
    update(state) {
      update(state);
      // Targets and feeds that came since are offered too, but not asked for at every step.
      if (form.hidden || Date.now() - asked < 10_000) return;
      asked = Date.now();
      fetchNames();
    },
  };
}
