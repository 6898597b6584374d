// Speakers by targets.

import { get, listen } from "./api.js";
import { count, el, own } from "./dom.js";
import { empty, heading, load, SIGNS, speakerLink, targetLink } from "./parts.js";
import { address, askable } from "./state.js";

const REFRESH_MS = 3000;
const LABELS = ["favor", "against", "neutral"];

// One side is all or most of it, or else the speaker has been on both.
function side({ favor, against }) {
  if (!favor && !against) return "neutral";
  if (favor && against && Math.min(favor, against) * 4 > Math.max(favor, against)) return "mixed";
  return favor > against ? "favor" : "against";
}

function cell(found, name, target, filters) {
  if (!found) return el("td", {}, el("span", { class: "unseen" }, "none"));
  const strength = Math.min(3, 1 + Math.floor(Math.log2(found.favor + found.against || 1) / 2));
  const parts = LABELS.filter((label) => found[label]).map((label) =>
    el("span", { class: "count" }, `${SIGNS[label]} ${count(found[label])}`),
  );
  const spoken = `: ${found.favor} for, ${found.against} against, ${found.neutral} neutral`;
  const inner = askable(name) && askable(target.id)
    ? el(
        "a",
        { href: address({ filters: { ...filters, speaker: name, target: target.id } }) },
        el("span", { "aria-hidden": "true" }, parts),
        el("span", { class: "unseen" }, own(name, 60), " on ", own(target.name, 60), spoken),
      )
    : el("span", {}, parts);
  return el("td", { class: `${side(found)} strength-${strength}` }, inner);
}

function table({ speakers, targets, cells }, filters) {
  const found = new Map(cells.map((c) => [JSON.stringify([c.speaker, c.target]), c]));
  return el(
    "table",
    { class: "grid" },
    el("caption", { class: "unseen" }, "Statements by speaker and target"),
    el(
      "thead",
      {},
      el(
        "tr",
        {},
        el("th", { scope: "col" }, "Speaker"),
        targets.map((target) => el("th", { scope: "col" }, targetLink(target, filters, 40))),
      ),
    ),
    el(
      "tbody",
      {},
      speakers.map((name) =>
        el(
          "tr",
          {},
          el("th", { scope: "row" }, speakerLink(name, filters, 50)),
          targets.map((target) =>
            cell(found.get(JSON.stringify([name, target.id])), name, target, filters),
          ),
        ),
      ),
    ),
  );
}

const legend = () =>
  el(
    "ul",
    { class: "legend", "aria-label": "Legend" },
    el("li", { class: "favor" }, "▲ for"),
    el("li", { class: "against" }, "▼ against"),
    el("li", { class: "mixed" }, "▲ ▼ both"),
    el("li", { class: "neutral" }, "· neutral"),
  );

export function matrix(place, { filters }, signal) {
  const region = el("div", {
    class: "scroll",
    role: "region",
    tabindex: "0",
    "aria-label": "Matrix of speakers and targets",
  });
  const body = el("div");
  const fetched = () => get("matrix", { filters, more: { speakers: 20, targets: 12 }, signal });
  const made = (found) => {
    if (!found.speakers.length || !found.targets.length) return empty("Nothing fits these filters.");
    region.replaceChildren(table(found, filters));
    return region;
  };
  place.append(heading("Speakers and targets"), legend(), body);

  let timer = null;
  const refresh = async () => {
    timer = null;
    // Never from under somebody's cursor.
    if (region.contains(document.activeElement) && document.activeElement !== region) return;
    const found = await fetched().catch(() => null);
    if (!found || signal.aborted) return;
    const held = document.activeElement === region;
    body.replaceChildren(made(found));
    if (held) region.focus({ preventScroll: true });
  };
  load(body, signal, async () => made(await fetched())).then(() => {
    if (signal.aborted) return;
    const later = () => (timer ??= setTimeout(refresh, REFRESH_MS));
    listen(filters, signal, {
      arrived: later,
      opened: (again) => again && later(),
      lost: () => {},
    });
  });
  signal.addEventListener("abort", () => clearTimeout(timer));
  return "Matrix";
}
