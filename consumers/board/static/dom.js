// Making elements. Whatever comes from a feed is text here, never markup.

// Control characters, and marks that turn the direction of what follows them.
const INVISIBLE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

export const clean = (value) => String(value ?? "").replace(INVISIBLE, "");

// Attributes are named by the code; only their values, and the children, may come from a feed.
function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") node.addEventListener(name, value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  add(node, ...children);
  return node;
}

export const el = (tag, attributes = {}, ...children) =>
  fill(document.createElement(tag), attributes, children);

export const svg = (tag, attributes = {}, ...children) =>
  fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

export function add(node, ...children) {
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : clean(child));
  }
}

export function show(node, ...children) {
  node.replaceChildren();
  add(node, ...children);
}

// By code points, so that no pair of surrogates is torn apart.
export function cut(value, limit) {
  const text = clean(value);
  if (text.length <= limit) return text;
  return `${Array.from(text.slice(0, 2 * limit)).slice(0, limit).join("").trimEnd()}…`;
}

// Text of the feed stands in <bdi>, so that its direction stays its own.
export const own = (value, limit = 120) => el("bdi", {}, cut(value, limit));

export function long(value, limit = 600) {
  const whole = clean(value);
  const shown = el("bdi", {}, cut(whole, limit));
  if (shown.textContent === whole) return [shown];
  const button = el(
    "button",
    {
      type: "button",
      class: "quiet",
      click: () => {
        shown.textContent = whole;
        button.remove();
      },
    },
    `Show all ${count(Array.from(whole).length)} characters`,
  );
  return [shown, " ", button];
}

const numbers = new Intl.NumberFormat("en");
export const count = (value) => numbers.format(value);
export const counted = (value, one, many = `${one}s`) =>
  `${count(value)} ${value === 1 ? one : many}`;
export const percent = (value) => `${Math.round(100 * value)}\u00a0%`;

const utc = { timeZone: "UTC" };
const days = new Intl.DateTimeFormat("en-GB", { ...utc, dateStyle: "medium" });
const moments = new Intl.DateTimeFormat("en-GB", {
  ...utc,
  dateStyle: "medium",
  timeStyle: "short",
});

export const day = (value) => (isNaN(new Date(value)) ? cut(value, 40) : days.format(new Date(value)));

export const date = (value) => time(value, days, "");

export function time(value, format = moments, zone = " UTC") {
  if (!value || isNaN(new Date(value))) return own(value ?? "undated", 40);
  const moment = new Date(value);
  return el("time", { datetime: moment.toISOString() }, `${format.format(moment)}${zone}`);
}

function web(url) {
  try {
    const parsed = new URL(url);
    return parsed.protocol === "http:" || parsed.protocol === "https:" ? parsed : null;
  } catch {
    return null;
  }
}

// A link out of the page, where the address is one of the web; else nothing.
export function outside(url, text) {
  const address = web(url);
  if (!address) return null;
  return el(
    "a",
    { href: address.href, target: "_blank", rel: "noopener noreferrer nofollow" },
    text ?? own(address.hostname, 60),
    el("span", { class: "unseen" }, " (opens a new tab)"),
  );
}
