// Small charts. Widths are percentages, so that they fit every screen with letters of one size.

import { count, day, el, svg } from "./dom.js";
import { SIGNS, WORDS } from "./parts.js";

const DAY_MS = 86_400_000;
const MAX_BARS = 60;
const HEIGHT = 160;
const MIDDLE = HEIGHT / 2;

// Days without a side count too; many days are put together, to be seen at all.
function bars(series) {
  const at = (entry) => Date.parse(entry.day) / DAY_MS;
  const known = series.filter((entry) => !isNaN(at(entry))).sort((a, b) => at(a) - at(b));
  const sided = known.filter((entry) => entry.favor + entry.against > 0);
  if (!sided.length) return { days: 1, bars: [] };
  const first = at(sided[0]);
  const end = at(sided[sided.length - 1]);
  const span = end - first + 1;
  const days = Math.ceil(span / MAX_BARS);
  const made = Array.from({ length: Math.ceil(span / days) }, (_, index) => ({
    day: new Date((first + index * days) * DAY_MS).toISOString().slice(0, 10),
    favor: 0,
    against: 0,
    neutral: 0,
  }));
  for (const entry of known) {
    if (at(entry) < first || at(entry) > end) continue;
    const bar = made[Math.floor((at(entry) - first) / days)];
    for (const label of Object.keys(WORDS)) bar[label] += entry[label];
  }
  return { days, bars: made, end: new Date(end * DAY_MS).toISOString().slice(0, 10) };
}

function picture(shown, most, title) {
  const width = 100 / Math.max(shown.length, 12);
  const height = (value) => (value / most) * (MIDDLE - 4);
  return svg(
    "svg",
    { class: "bars", width: "100%", height: HEIGHT, role: "img", "aria-label": title },
    shown.map((bar, index) => [
      svg("rect", {
        class: "favor",
        x: `${index * width}%`,
        y: MIDDLE - height(bar.favor),
        width: `${width * 0.8}%`,
        height: height(bar.favor),
      }),
      svg("rect", {
        class: "against",
        x: `${index * width}%`,
        y: MIDDLE,
        width: `${width * 0.8}%`,
        height: height(bar.against),
      }),
    ]).flat(),
    svg("line", { class: "axis", x1: "0", x2: "100%", y1: MIDDLE, y2: MIDDLE }),
  );
}

function numbers(shown) {
  const rows = shown.filter((bar) => bar.favor + bar.against + bar.neutral);
  return el(
    "details",
    {},
    el("summary", {}, "The same as a table"),
    el(
      "table",
      {},
      el("thead", {}, el("tr", {}, ["From", "For", "Against", "Neutral"].map((text) =>
        el("th", { scope: "col" }, text)))),
      el("tbody", {}, rows.map((bar) =>
        el("tr", {}, el("th", { scope: "row" }, day(bar.day)),
          ["favor", "against", "neutral"].map((label) => el("td", {}, count(bar[label])))))),
    ),
  );
}

export function series(entries) {
  const { days, bars: shown, end } = bars(entries);
  if (!shown.length) return null;
  const most = Math.max(1, ...shown.map((bar) => Math.max(bar.favor, bar.against)));
  const sum = (label) => count(shown.reduce((total, bar) => total + bar[label], 0));
  const title =
    `From ${day(shown[0].day)} to ${day(end)}: ` +
    `${sum("favor")} for, ${sum("against")} against; at most ${count(most)} a bar`;
  return el(
    "figure",
    {},
    el("figcaption", {}, `▲ for above the line, ▼ against below; a bar is ${days === 1 ? "a day" : `${days} days`}, at most ${count(most)}`),
    picture(shown, most, title),
    el("p", { class: "ends" }, el("span", {}, day(shown[0].day)), el("span", {}, day(end))),
    numbers(shown),
  );
}

const HEIGHTS = { favor: 18, neutral: 44, against: 70 };

export function positions(found, name) {
  const times = found.map((position) => Date.parse(position.said_at));
  const first = Math.min(...times);
  const span = Math.max(...times) - first || 1;
  const x = (index) => `${isNaN(times[index]) ? 8 : 8 + 88 * ((times[index] - first) / span)}%`;
  const y = (position) => HEIGHTS[position.label] ?? HEIGHTS.neutral;
  return svg(
    "svg",
    {
      class: "positions",
      width: "100%",
      height: 88,
      role: "img",
      "aria-label": `Positions on ${name} over time; the table has the same`,
    },
    Object.entries(HEIGHTS).map(([label, height]) => [
      svg("line", { class: "axis", x1: "6%", x2: "100%", y1: height, y2: height }),
      svg("text", { x: "0", y: height + 4 }, SIGNS[label]),
    ]).flat(),
    found.slice(1).map((position, index) =>
      svg("line", {
        class: position.changed ? "step changed" : "step",
        x1: x(index),
        y1: y(found[index]),
        x2: x(index + 1),
        y2: y(position),
      }),
    ),
    found.map((position, index) =>
      svg("circle", {
        class: position.changed ? `${position.label} changed` : position.label,
        cx: x(index),
        cy: y(position),
        r: position.changed ? 7 : 4,
      }),
    ),
  );
}
