// All targets, and speakers by name.

import { get } from "./api.js";
import { count, counted, el } from "./dom.js";
import { empty, heading, load, sign, speakerLink, targetLink } from "./parts.js";

const SEARCH_MS = 250;

function targets(place, { filters }, signal) {
  const body = el("div");
  place.append(heading("Targets"), body);
  load(body, signal, async () => {
    const found = (await get("targets", { signal })).targets;
    if (!found.length) return empty("No target yet.");
    const total = (target) => target.favor + target.against + target.neutral;
    return el(
      "table",
      { class: "wide" },
      el(
        "thead",
        {},
        el("tr", {}, ["Target", "For", "Against", "Neutral"].map((text) =>
          el("th", { scope: "col" }, text))),
      ),
      el(
        "tbody",
        {},
        found.sort((a, b) => total(b) - total(a)).map((target) =>
          el(
            "tr",
            {},
            el("th", { scope: "row" }, targetLink(target, filters, 120)),
            ["favor", "against", "neutral"].map((label) =>
              el("td", {}, el("span", { class: `stance ${label}` }, sign(label), ` ${count(target[label])}`)),
            ),
          ),
        ),
      ),
    );
  });
  return "Targets";
}

function speakers(place, { filters }, signal) {
  const body = el("div");
  const input = el("input", { id: "name", type: "search", autocomplete: "off" });
  const find = () =>
    load(body, signal, async () => {
      const found = (await get("speakers", { more: { q: input.value || null }, signal })).speakers;
      if (!found.length) return empty("No speaker of that name.");
      return el(
        "ul",
        { class: "names" },
        found.map(({ name, statements }) =>
          el(
            "li",
            {},
            speakerLink(name, filters, 120),
            el("span", { class: "meta" }, counted(statements, "statement")),
          ),
        ),
      );
    });
  let timer;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(find, SEARCH_MS);
  });
  place.append(
    heading("Speakers"),
    el("div", { class: "field" }, el("label", { for: "name" }, "Name"), input),
    body,
  );
  find();
  return "Speakers";
}

export const lists = { targets, speakers };
