// One statement where it stands in its article.

import { get } from "./api.js";
import { add, clean, el, long, own, percent, time } from "./dom.js";
import {
  empty,
  heading,
  load,
  sign,
  sourceLink,
  speakerLink,
  stanceText,
  targetLink,
} from "./parts.js";

const KINDS = ["quote", "speaker", "cue"];
const MAX_PIECE = 5000;

// Marks may lie in one another: the paragraph is cut at every edge. Offsets are code points.
function paragraph({ text, marks }) {
  const letters = Array.from(text);
  const known = marks.filter(({ kind, start, end }) => KINDS.includes(kind) && start < end);
  const edges = new Set([0, letters.length]);
  for (const { start, end } of known) {
    edges.add(Math.min(start, letters.length));
    edges.add(Math.min(end, letters.length));
  }
  const sorted = [...edges].sort((a, b) => a - b);
  const made = el("p", { dir: "auto" });
  for (let index = 1; index < sorted.length; index += 1) {
    const [start, end] = [sorted[index - 1], sorted[index]];
    const kinds = KINDS.filter((kind) =>
      known.some((mark) => mark.kind === kind && mark.start <= start && end <= mark.end),
    );
    const piece = letters.slice(start, end).join("");
    // Whole as a rule: a <bdi> of its own would turn the order of a right-to-left paragraph.
    const shown = piece.length > MAX_PIECE ? long(piece, MAX_PIECE) : [piece];
    add(made, kinds.length ? el("mark", { class: kinds.join(" ") }, ...shown) : shown);
  }
  return made;
}

function marked(paragraphs, kind) {
  for (const { text, marks } of paragraphs) {
    const mark = marks.find((each) => each.kind === kind);
    if (mark) return Array.from(text).slice(mark.start, mark.end).join("");
  }
  return null;
}

function context({ paragraphs, text }) {
  if (!paragraphs.length) {
    return [
      el("blockquote", {}, long(text, 5000)),
      el("p", { class: "meta" }, "The article around it is not known."),
    ];
  }
  const legend = KINDS.filter((kind) => marked(paragraphs, kind)).map((kind) =>
    el(
      "li",
      {},
      el("mark", { class: kind }, kind),
      kind !== "quote" && [" ", own(marked(paragraphs, kind), 60)],
    ),
  );
  return [
    el("ul", { class: "legend", "aria-label": "What is marked" }, legend),
    el("div", { class: "paragraphs" }, paragraphs.map(paragraph)),
  ];
}

function scores(stances) {
  const head = ["Target", "Stance", "For", "Against", "Neutral", "Model"];
  return el(
    "div",
    { class: "scroll", role: "region", tabindex: "0", "aria-label": "Scores by target" },
    el(
      "table",
      {},
      el("thead", {}, el("tr", {}, head.map((text) => el("th", { scope: "col" }, text)))),
      el(
        "tbody",
        {},
        stances.map((stance) =>
          el(
            "tr",
            {},
            el("th", { scope: "row" }, targetLink(stance.target, {})),
            el(
              "td",
              {},
              el(
                "span",
                { class: `stance ${clean(stance.label)}` },
                sign(stance.label),
                ` ${stanceText(stance)}`,
              ),
            ),
            ["favor", "against", "neutral"].map((label) =>
              el("td", {}, percent(stance.scores[label])),
            ),
            el("td", {}, own(stance.model.name), " ", el("code", {}, own(stance.model.revision, 40))),
          ),
        ),
      ),
    ),
  );
}

const fact = (name, ...value) => [el("dt", {}, name), el("dd", {}, ...value)];

function facts({ article, said_at, kind, polarity, speaker }) {
  const title = article.title ?? "the article";
  return el(
    "dl",
    {},
    fact("Speaker", speakerLink(speaker?.name, {}, 300)),
    speaker?.role && fact("Role", own(speaker.role, 300)),
    fact("Source", sourceLink(article, own(title, 300)) ?? own(title, 300)),
    fact("Feed", own(article.feed.title ?? article.feed.id, 300)),
    fact("Date", time(said_at)),
    fact("Kind", own(kind, 40), ", ", own(polarity, 40)),
    fact("Revision", `${article.revision} of the article`),
  );
}

export function statement(place, { of }, signal) {
  const title = heading("Statement");
  const body = el("div");
  place.append(title, body);
  load(body, signal, async () => {
    const found = await get(`statements/${encodeURIComponent(of ?? "")}`, { signal });
    if (found.speaker) title.replaceChildren("Statement by ", own(found.speaker.name, 120));
    return el(
      "div",
      {},
      context(found),
      el("h3", {}, "Source"),
      facts(found),
      el("h3", {}, "Scores"),
      found.stances.length ? scores(found.stances) : empty("Not classified."),
    );
  });
  return "Statement";
}
