// What every widget shares. Text reaches the page as text nodes only.

const PATIENCE_MS = 2500;
const SETTLE_MS = 120;
const SVG = "http://www.w3.org/2000/svg";

// text given as a child becomes a text node: nothing is ever parsed as markup
function dressed(element, traits, children) {
  for (const [name, value] of Object.entries(traits)) {
    if (value === undefined) continue;
    if (element.namespaceURI === SVG || name.includes("-") || name === "role") element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children);
  return element;
}

/** An element: traits with a hyphen, and `role`, are attributes, the others properties. */
export function node(tag, traits = {}, ...children) {
  return dressed(document.createElement(tag), traits, children);
}

/** An element of a drawing: all traits are attributes. */
export function shape(tag, traits = {}, ...children) {
  return dressed(document.createElementNS(SVG, tag), traits, children);
}

export function button(label, traits = {}) {
  return node("button", { type: "button", className: "upskill-button", ...traits }, label);
}

// `code` in backticks, *stress*; of letters in every script, as Python has them
const MARKS = /`([^`]+)`|(?<![\p{L}\p{N}_*])\*([\p{L}\p{N}_][^*\n]*)\*(?![\p{L}\p{N}_])/u;

const INDENT = "    ";

/**
 * The pieces of a message: [tag, text], tag "" for plain text and "br" for a line's end. A line
 * of four spaces is code whose columns stay below each other.
 */
export function pieces(text) {
  return String(text).split("\n").flatMap((line, number) => {
    const columns = [["code", line.slice(INDENT.length).replaceAll(" ", "\u00a0")]];
    // split keeps both groups: plain, code, stress, plain, code, stress, ...
    const found = line.startsWith(INDENT) ? columns : line.split(MARKS)
      .map((part, index) => [["", "code", "em"][index % 3], part])
      .filter(([, part]) => part !== undefined && part !== "");
    return number ? [["br", ""], ...found] : found;
  });
}

/** `element` with a message in it. */
export function told(element, text) {
  for (const [tag, part] of pieces(text)) element.append(tag ? node(tag, {}, part) : part);
  return element;
}

/** A template with its `{names}` replaced. */
export const fill = (template, values) => template.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));

/** `call`, once, when nobody has asked for `wait` milliseconds; `now()` does what still waits. */
export function settled(call, wait = SETTLE_MS) {
  let timer;
  let args = null;
  const now = () => {
    clearTimeout(timer);
    if (args === null) return;
    const last = args;
    args = null;
    call(...last);
  };
  const later = (...latest) => {
    args = latest;
    clearTimeout(timer);
    timer = setTimeout(now, wait);
  };
  return Object.assign(later, { now });
}

/** From a value's range to a span of pixels; a range without width lies in the middle. */
export function scale([low, high], [from, to]) {
  const width = high - low;
  return (value) => (width === 0 ? (from + to) / 2 : from + ((value - low) / width) * (to - from));
}

/** An SVG path through points; a missing value breaks the line. */
export function path(points) {
  let open = false;
  return points.map(([x, y]) => {
    if (!Number.isFinite(x) || !Number.isFinite(y)) {
      open = false;
      return "";
    }
    const step = `${open ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
    open = true;
    return step;
  }).join("");
}

/** `read` with the notebook's ways, or `without` in a front end that has others. */
export function guarded(read, without) {
  try {
    return read();
  } catch {
    return without;
  }
}

/** The notebook around a widget, where the page gives it: JupyterLab and Notebook 7 do. */
export const notebookOf = (model) => model.widget_manager?.context ?? null;

// each widget's bundle has its own copy of this file, and all of them one notebook
const QUEUED = Symbol.for("upskill.queued");

/**
 * Has a notebook saved once at a time, whoever asks: a widget, JupyterLab's keys or its clock.
 * JupyterLab takes what an earlier save has just written for somebody else's, and asks what to
 * do with it, when another one begins meanwhile. All who ask while one runs wait for the same
 * next one; where the one that runs fails they fail with it, as it has been said why.
 */
export function queued(notebook) {
  if (!notebook || notebook[QUEUED]) return;
  const save = notebook.save.bind(notebook);
  let running = null;
  let waiting = null;
  const begin = () => {
    waiting = null;
    running = save().finally(() => { running = null; });
    return running;
  };
  const dropped = (error) => {
    waiting = null;
    throw error;
  };
  notebook[QUEUED] = true;
  notebook.save = () => {
    if (running) waiting ??= running.then(begin, dropped);
    return waiting ?? begin();
  };
}

/**
 * The way to Python. `ask(message, buffers)` sends it with a number, which it returns. Python
 * answers with that number, with a refusal if it has one. If nobody answers, the kernel is busy
 * or the notebook was opened without it. All three are given to `say(text)`, the latter two
 * after `silent()`; `say("", text)` takes back a text that still stands.
 */
export function line(model, say, silent = () => {}) {
  let timer;
  let left = "";
  // numbers of another view of the same widget must not be taken for ours
  let number = Math.floor(Math.random() * 1e9);
  const heard = () => {
    const { number: answered, fault } = model.get("heard");
    // somebody is there after all
    if (left) say("", left);
    left = "";
    if (answered !== number) return;
    clearTimeout(timer);
    if (fault) say(fault);
  };
  const unheard = () => {
    const { busy, offline } = model.get("words");
    const works = guarded(() => notebookOf(model).sessionContext.session.kernel.status === "busy", false);
    silent();
    left = works ? busy : offline;
    say(left);
  };
  model.on("change:heard", heard);
  return {
    ask(message, buffers = [], more = 0) {
      number += 1;
      clearTimeout(timer);
      timer = setTimeout(unheard, PATIENCE_MS + more);
      model.send({ ...message, number }, undefined, buffers);
      return number;
    },
    close() {
      clearTimeout(timer);
      model.off("change:heard", heard);
    },
  };
}

/** A place that says what has just happened to who cannot see it. */
export function status() {
  const element = node("span", { className: "upskill-status", role: "status", "aria-live": "polite" });
  const say = (text, instead = element.textContent) => {
    if (element.textContent === instead) element.textContent = text;
  };
  return { element, say };
}

/**
 * The place that a widget lives in, kept from the notebook's shortcuts but for saving. A group:
 * a notebook of twenty landmarks would be one without any. Above all else stands what is shown
 * when the kernel has gone: no live region, or twenty widgets would say it at once.
 */
export function root(model, name, label) {
  guarded(() => queued(notebookOf(model)));
  const traits = { className: `upskill upskill-live upskill-${name}`, role: "group", "data-lm-suppress-shortcuts": "true" };
  const element = node("div", traits, node("p", { className: "upskill-gone" }, model.get("words").offline));
  if (label) element.setAttribute("aria-label", label);
  // the view of the widget is what events are bound to, and nothing else tells
  model.on("comm_live_update", function changed() { element.dataset.gone = this?.model?.comm_live === false; });
  // a shortcut for whatever has the focus, such as an arrow, is kept away only there
  element.addEventListener("focusin", ({ target }) => target.setAttribute("data-lm-suppress-shortcuts", "true"));
  element.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s" || !notebookOf(model)) return;
    event.preventDefault();
    // a notebook that cannot be saved now says so itself
    notebookOf(model).save().catch(() => {});
  });
  return element;
}
