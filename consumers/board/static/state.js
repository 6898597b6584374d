// What is shown is in the address, so that it can be sent to somebody and stepped back from.

export const FILTERS = ["q", "speaker", "target", "label", "feed", "since", "until"];
const VIEWS = ["stream", "matrix", "targets", "speakers", "target", "speaker", "statement"];

// Longer names cannot be asked for: servers refuse such addresses.
const MAX_NAME = 1000;

export function read(search = location.search) {
  const asked = new URLSearchParams(search);
  const view = VIEWS.includes(asked.get("view")) ? asked.get("view") : "stream";
  const filters = {};
  for (const name of FILTERS) if (asked.get(name)) filters[name] = asked.get(name);
  return { view, of: asked.get("of"), filters };
}

export function address({ view = "stream", of = null, filters = {} }) {
  const said = new URLSearchParams();
  if (view !== "stream") said.set("view", view);
  if (of !== null) said.set("of", of);
  for (const name of FILTERS) if (filters[name]) said.set(name, filters[name]);
  const text = said.toString();
  return text ? `/?${text}` : "/";
}

export const askable = (name) => typeof name === "string" && name !== "" && name.length <= MAX_NAME;

export function go(state, { replace = false } = {}) {
  const url = address(state);
  if (url === location.pathname + location.search) return;
  if (replace) history.replaceState(null, "", url);
  else history.pushState(null, "", url);
  window.dispatchEvent(new PopStateEvent("popstate"));
}
