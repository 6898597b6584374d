// One target: who is for it, who is against, and when.

import { get } from "./api.js";
import { series } from "./chart.js";
import { count, counted, date, el, own } from "./dom.js";
import { empty, heading, load, sign, speakerLink } from "./parts.js";
import { address, askable } from "./state.js";

const SHOWN = 25;
// The server names no more.
const LISTED = 100;

function rows(people, target, label) {
  return people.map(({ speaker, count: statements, latest }) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, speakerLink(speaker, {})),
      el(
        "td",
        {},
        askable(speaker)
          ? el(
              "a",
              { href: address({ filters: { speaker, target, label } }) },
              count(statements),
              el("span", { class: "unseen" }, " statements"),
            )
          : count(statements),
      ),
      el("td", {}, date(latest)),
    ),
  );
}

function camp(title, label, people, target) {
  const body = el("tbody", {}, rows(people.slice(0, SHOWN), target, label));
  const rest = people.length - SHOWN;
  const more =
    rest > 0 &&
    el(
      "button",
      {
        type: "button",
        class: "quiet",
        click: () => {
          body.append(...rows(people.slice(SHOWN), target, label));
          more.remove();
        },
      },
      `Show ${counted(rest, "more speaker")}`,
    );
  const size = `${people.length < LISTED ? "" : "at least "}${counted(people.length, "speaker")}`;
  return el(
    "section",
    { class: `camp ${label}` },
    el("h3", {}, sign(label), ` ${title} `, el("small", {}, size)),
    people.length
      ? el(
          "table",
          {},
          el(
            "thead",
            {},
            el("tr", {}, ["Speaker", "Count", "Latest"].map((t) => el("th", { scope: "col" }, t))),
          ),
          body,
        )
      : empty("Nobody yet."),
    more,
  );
}

// The same subject as different publications have it.
function publications(feeds, target) {
  const labels = ["favor", "against", "neutral"];
  const row = (feed) =>
    el(
      "tr",
      {},
      el(
        "th",
        { scope: "row" },
        askable(feed.id)
          ? el(
              "a",
              { href: address({ filters: { feed: feed.id, target } }) },
              own(feed.title ?? feed.id, 80),
            )
          : own(feed.title ?? feed.id, 80),
      ),
      labels.map((label) => el("td", {}, count(feed[label]))),
    );
  const head = ["Feed", "For", "Against", "Neutral"];
  return el(
    "section",
    { class: "publications" },
    el("h3", {}, "By publication"),
    el(
      "table",
      {},
      el("thead", {}, el("tr", {}, head.map((text) => el("th", { scope: "col" }, text)))),
      el("tbody", {}, feeds.map(row)),
    ),
  );
}

export function target(place, { of }, signal) {
  const title = heading("Target");
  const body = el("div");
  place.append(title, body);
  load(body, signal, async () => {
    const found = await get(`targets/${encodeURIComponent(of ?? "")}`, { signal });
    title.replaceChildren(own(found.name, 300));
    document.title = `${title.textContent} – Stancewire`;
    return el(
      "div",
      {},
      el(
        "p",
        {},
        el("a", { href: address({ filters: { target: found.id } }) }, "All statements on this target"),
      ),
      series(found.series) ?? empty("No side taken yet."),
      el(
        "div",
        { class: "camps" },
        camp("For", "favor", found.favor, found.id),
        camp("Against", "against", found.against, found.id),
      ),
      found.feeds.length > 0 && publications(found.feeds, found.id),
    );
  });
  return "Target";
}
