// What several views are made of.

import { el, own, long, time, outside, percent, clean, counted } from "./dom.js";
import { address, askable } from "./state.js";

export const SIGNS = { favor: "▲", against: "▼", neutral: "·" };
export const WORDS = { favor: "for", against: "against", neutral: "neutral" };

export const heading = (...children) => el("h2", { id: "title", tabindex: "-1" }, ...children);

export const sign = (label) =>
  el("span", { class: "sign", "aria-hidden": "true" }, SIGNS[label] ?? "·");

export function speakerLink(name, filters, limit = 80) {
  if (!askable(name)) return own(name ?? "Unknown speaker", limit);
  return el("a", { href: address({ view: "speaker", of: name, filters }) }, own(name, limit));
}

export function targetLink(target, filters, limit = 60) {
  if (!askable(target.id)) return own(target.name, limit);
  return el(
    "a",
    { href: address({ view: "target", of: target.id, filters }) },
    own(target.name, limit),
  );
}

export const sourceLink = (article, text) => outside(article.url, text);

export function stanceText(stance) {
  return stance.abstained ? "undecided" : (WORDS[stance.label] ?? clean(stance.label));
}

function badge(stance, filters) {
  const label = stance.label in SIGNS ? stance.label : "neutral";
  return el(
    "li",
    { class: `stance ${label}` },
    sign(label),
    ` ${stanceText(stance)} `,
    targetLink(stance.target, filters),
    el("span", { class: "score" }, ` ${percent(stance.score)}`),
  );
}

const MAX_BADGES = 8;
// Most statements have nothing to say on most targets.
const MAX_NEUTRAL = 2;

// The sides that were taken, and how many were not; what is asked for is shown in any case.
function badges(stances, filters, page) {
  const asked = ({ target, label }) => target.id === filters.target || label === filters.label;
  const sorted = [...stances].sort(
    (a, b) => (a.label === "neutral") - (b.label === "neutral") || b.score - a.score,
  );
  const neutral = sorted.filter((stance) => stance.label === "neutral" && !asked(stance));
  const rest = neutral.length > MAX_NEUTRAL ? neutral : [];
  const shown = sorted.filter((stance) => !rest.includes(stance));
  const list = (some) => some.slice(0, MAX_BADGES).map((stance) => badge(stance, filters));
  const more = (some) =>
    some.length > MAX_BADGES &&
    el("li", {}, el("a", { href: page }, `${some.length - MAX_BADGES} more`));
  return el(
    "ul",
    { class: "stances", "aria-label": "Stances" },
    list(shown),
    more(shown),
    rest.length > 0 &&
      el(
        "li",
        { class: "stance neutral" },
        el(
          "details",
          {},
          el("summary", {}, sign("neutral"), ` neutral on ${counted(rest.length, "target")}`),
          el("ul", { class: "stances" }, list(rest), more(rest)),
        ),
      ),
  );
}

export function card(statement, filters) {
  const { number, article, speaker, stances } = statement;
  const page = address({ view: "statement", of: String(number), filters });
  const heading = `statement-${number}`;
  return el(
    "article",
    { class: "card", "aria-labelledby": heading, "data-number": String(number) },
    el(
      "h3",
      { id: heading },
      speakerLink(speaker?.name, filters),
      speaker?.role && el("span", { class: "role" }, ", ", own(speaker.role, 100)),
    ),
    el("blockquote", {}, long(statement.text)),
    badges(stances, filters, page),
    el(
      "p",
      { class: "meta" },
      time(statement.said_at),
      el("span", {}, own(article.feed.title ?? article.feed.id, 60)),
      statement.polarity !== "asserted" && el("span", {}, own(statement.polarity, 40)),
      el(
        "a",
        { href: page, class: "context" },
        "In context",
        el("span", { class: "unseen" }, ": ", own(statement.text, 60)),
      ),
      sourceLink(article),
    ),
  );
}

export const loading = () => el("p", { class: "loading", role: "status" }, "Loading…");

export const empty = (...children) => el("p", { class: "empty" }, ...children);

export function failed(error, retry) {
  return el(
    "div",
    { class: "failed", role: "alert" },
    el("p", {}, own(error.message, 300)),
    el("button", { type: "button", click: retry }, "Try again"),
  );
}

// Fills `place` with what `make` resolves to; failing, with the error and a way to try again.
export async function load(place, signal, make) {
  place.replaceChildren(loading());
  place.setAttribute("aria-busy", "true");
  try {
    const made = await make();
    if (!signal.aborted) place.replaceChildren(...[made].flat().filter(Boolean));
  } catch (error) {
    if (signal.aborted) return;
    place.replaceChildren(failed(error, () => load(place, signal, make)));
  } finally {
    place.removeAttribute("aria-busy");
  }
}

export function note(text) {
  document.getElementById("notes").textContent = text;
}
