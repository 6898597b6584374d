// Statements, newest first, as they come.

import { get, listen } from "./api.js";
import { counted, el, show } from "./dom.js";
import { card, empty, heading, load, loading, note } from "./parts.js";

const PAGE = 50;
const MAX_CARDS = 500;
const BATCH_MS = 250;
// Above this the reader is looking at the top, where the news goes.
const TOP_PX = 150;

export function stream(place, { filters }, signal) {
  const list = el("div", { class: "cards" });
  const status = el("span", { class: "status", role: "status" }, "Connecting…");
  const pause = el("button", { type: "button", class: "quiet", "aria-pressed": "false" }, "Pause");
  const news = el("button", { type: "button", class: "news", hidden: true });
  const older = el("button", { type: "button", class: "older", hidden: true }, "Older statements");
  const body = el("div");
  const cards = new Map();
  let waiting = new Map();
  let next = null;
  let paused = false;
  let timer = null;

  const put = (statement) => {
    const made = card(statement, filters);
    const { id, revision } = statement.article;
    made.article = { id, revision };
    // An edited article takes the statements of its earlier form away.
    for (const [number, other] of cards) {
      if (other.article.id === id && other.article.revision < revision) {
        other.remove();
        cards.delete(number);
      }
    }
    const before = cards.get(statement.number);
    cards.set(statement.number, made);
    if (before) return before.replaceWith(made);
    const after = [...list.children].find((c) => Number(c.dataset.number) < statement.number);
    list.insertBefore(made, after ?? null);
  };

  const end = () => {
    older.hidden = next === null;
    const none = body.querySelector(".empty");
    if (cards.size) none?.remove();
    else if (!none) {
      const filtered = Object.keys(filters).length;
      body.append(
        filtered
          ? empty("No statement fits these filters. New ones that do will appear here.")
          : empty("No statement has come yet. They appear here as soon as they do."),
      );
    }
  };

  const trim = () => {
    while (list.children.length > MAX_CARDS) {
      const last = list.lastElementChild;
      cards.delete(Number(last.dataset.number));
      last.remove();
      next = Number(list.lastElementChild.dataset.number);
    }
  };

  const flush = () => {
    const fresh = [...waiting.values()].filter(({ number }) => !cards.has(number)).length;
    for (const statement of waiting.values()) put(statement);
    waiting = new Map();
    news.hidden = true;
    trim();
    end();
    if (fresh) note(counted(fresh, "new statement"));
  };

  const announce = () => {
    timer = null;
    if (signal.aborted || !waiting.size) return;
    if (!paused && window.scrollY < TOP_PX) return flush();
    const text = `Show ${counted(waiting.size, "new statement")}`;
    news.textContent = text;
    if (news.hidden) note(`${counted(waiting.size, "new statement")} at the top`);
    news.hidden = false;
  };

  const arrived = (statement) => {
    // Of a flood only the newest can be looked at; the rest is behind "older".
    if (waiting.size >= MAX_CARDS) waiting.delete(Math.min(...waiting.keys()));
    waiting.set(statement.number, statement);
    timer ??= setTimeout(announce, BATCH_MS);
  };

  const first = async () => {
    const page = await get("statements", { filters, more: { limit: PAGE }, signal });
    list.replaceChildren();
    cards.clear();
    next = page.next;
    page.statements.forEach(put);
    end();
    return [list, older, body];
  };

  // What came while the connection was away.
  const again = async () => {
    const page = await get("statements", { filters, more: { limit: PAGE }, signal });
    if (page.next !== null && !page.statements.some(({ number }) => cards.has(number))) {
      return load(all, signal, first);
    }
    page.statements.filter(({ number }) => !cards.has(number)).forEach(arrived);
  };

  older.addEventListener("click", async () => {
    older.disabled = true;
    const wait = loading();
    older.after(wait);
    try {
      const page = await get("statements", { filters, more: { limit: PAGE, before: next }, signal });
      const from = list.lastElementChild;
      page.statements.forEach(put);
      next = page.next;
      end();
      note(`${counted(page.statements.length, "older statement")} shown`);
      from?.nextElementSibling?.querySelector("a")?.focus({ preventScroll: true });
    } catch (error) {
      if (!signal.aborted) note(error.message);
      older.textContent = "Older statements: that failed, try again";
    } finally {
      older.disabled = false;
      wait.remove();
    }
  });
  news.addEventListener("click", () => {
    flush();
    window.scrollTo(0, 0);
    document.getElementById("title")?.focus({ preventScroll: true });
  });
  pause.addEventListener("click", () => {
    paused = !paused;
    pause.setAttribute("aria-pressed", String(paused));
    show(status, paused ? "Paused" : "Live");
    announce();
  });

  const all = el("div");
  place.append(
    el("div", { class: "top" }, heading("Statements"), el("p", {}, status, " ", pause)),
    news,
    all,
  );
  load(all, signal, first).then(() => {
    if (signal.aborted) return;
    listen(filters, signal, {
      arrived,
      opened: () => {
        show(status, paused ? "Paused" : "Live");
        // Also the first time: something may have come between the page and the stream.
        if (list.isConnected) again().catch(() => {});
        else load(all, signal, first);
      },
      lost: () => show(status, "Connection lost, trying again…"),
    });
  });
  return "Statements";
}
