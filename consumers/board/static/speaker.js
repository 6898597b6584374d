// One speaker: positions on each target over time.

import { get } from "./api.js";
import { positions } from "./chart.js";
import { clean, counted, el, own, percent, time } from "./dom.js";
import { empty, heading, load, sign, targetLink, WORDS } from "./parts.js";
import { address } from "./state.js";

const SHOWN = 20;

function row({ number, said_at, label, score, changed }) {
  return el(
    "tr",
    { class: changed ? "changed" : null },
    el(
      "th",
      { scope: "row" },
      el("a", { href: address({ view: "statement", of: String(number) }) }, time(said_at)),
    ),
    el(
      "td",
      {},
      el("span", { class: `stance ${label}` }, sign(label), ` ${WORDS[label] ?? clean(label)}`),
      changed && el("strong", {}, " ⇄ changed"),
    ),
    el("td", {}, percent(score)),
  );
}

function onTarget({ target, positions: found }, name) {
  const newest = [...found].reverse();
  const body = el("tbody", {}, newest.slice(0, SHOWN).map(row));
  const changes = found.filter((position) => position.changed).length;
  const rest = newest.length - SHOWN;
  const more =
    rest > 0 &&
    el(
      "button",
      {
        type: "button",
        class: "quiet",
        click: () => {
          body.append(...newest.slice(SHOWN).map(row));
          more.remove();
        },
      },
      `Show ${counted(rest, "earlier position")}`,
    );
  return el(
    "section",
    {},
    el("h3", {}, targetLink(target, {})),
    el(
      "p",
      { class: "meta" },
      el(
        "a",
        { href: address({ filters: { speaker: name, target: target.id } }) },
        counted(found.length, "position"),
      ),
      el("span", {}, changes ? counted(changes, "change") + " of position" : "no change of position"),
    ),
    found.length > 1 && positions(found, clean(target.name).slice(0, 100)),
    el(
      "table",
      {},
      el(
        "thead",
        {},
        el("tr", {}, ["Said", "Position", "Score"].map((text) => el("th", { scope: "col" }, text))),
      ),
      body,
    ),
    more,
  );
}

export function speaker(place, { of }, signal) {
  const title = heading(own(of ?? "Speaker", 300));
  const body = el("div");
  place.append(title, body);
  load(body, signal, async () => {
    const found = await get(`speakers/${encodeURIComponent(of ?? "")}`, { signal });
    title.replaceChildren(own(found.name, 300));
    return el(
      "div",
      {},
      el(
        "p",
        {},
        el(
          "a",
          { href: address({ filters: { speaker: found.name } }) },
          `All ${counted(found.statements, "statement")}`,
        ),
      ),
      found.targets.length
        ? found.targets.map((entry) => onTarget(entry, found.name))
        : empty("No position on any target yet."),
    );
  });
  return clean(of ?? "Speaker").slice(0, 100);
}
