// The server, by HTTP and server-sent events.

import { FILTERS } from "./state.js";

const RETRY_MS = 5000;
const DAY_MS = 86_400_000;

// A reader's "until Friday" has Friday in it; the server's ends where the day begins.
function afterDay(date) {
  const start = Date.parse(date);
  if (!/^\d{4}-\d\d-\d\d$/.test(date) || isNaN(start)) return date;
  return new Date(start + DAY_MS).toISOString().slice(0, 10);
}

export function query(filters, more = {}) {
  const asked = new URLSearchParams();
  for (const name of FILTERS) if (filters[name]) asked.set(name, filters[name]);
  if (filters.until) asked.set("until", afterDay(filters.until));
  for (const [name, value] of Object.entries(more)) {
    if (value !== null && value !== undefined) asked.set(name, value);
  }
  const text = asked.toString();
  return text ? `?${text}` : "";
}

export async function get(path, { filters = {}, more = {}, signal } = {}) {
  let answer;
  try {
    answer = await fetch(`/api/${path}${query(filters, more)}`, { signal });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error("The server cannot be reached.");
  }
  const said = await answer.json().catch(() => null);
  if (answer.ok && said !== null) return said;
  throw new Error(said?.error ?? `The server answered with an error (${answer.status}).`);
}

// Statements as they come, until the signal; `opened(again)` once it listens. A page that nobody
// sees does not listen: browsers allow few connections to a server, for all their tabs together.
export function listen(filters, signal, { arrived, opened, lost }) {
  let again = false;
  let source = null;
  let timer;
  const close = () => {
    clearTimeout(timer);
    source?.close();
  };
  const open = () => {
    close();
    source = new EventSource(`/api/events${query(filters)}`);
    source.addEventListener("statement", (event) => arrived(JSON.parse(event.data)));
    source.addEventListener("open", () => {
      opened(again);
      again = true;
    });
    source.addEventListener("error", () => {
      lost();
      // After an answer that is no stream the browser does not try again.
      if (source.readyState === EventSource.CLOSED) timer = setTimeout(open, RETRY_MS);
    });
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()), {
    signal,
  });
  signal.addEventListener("abort", close);
  if (!document.hidden) open();
}
