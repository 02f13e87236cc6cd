// What work widgets share: drawings with axes, controls, and the state between page and Python.

import { button, line, node, path, root, scale, settled, shape, status } from "../base.js";

export const LEAST_WIDTH = 240;
const HEIGHT = 240;
const LETTER = 6.6;
const WIDE_LETTER = 11.5;
const HANGUL = /[\u1100-\u11ff\u3000-\u9fff\uac00-\ud7af\uff00-\uffef]/;
// ids are the page's: another widget's script counts for itself
const PAGE = Math.floor(Math.random() * 1e9);
let patterns = 0;

/** About how many pixels a text takes; a drawing must know before it is drawn. */
export const textWidth = (text) => [...String(text)].reduce((sum, letter) => sum + (HANGUL.test(letter) ? WIDE_LETTER : LETTER), 0);

/** Where in a list of numbers the one nearest to a value is. */
export const nearest = (list, value) => list.reduce((best, one, at) => (Math.abs(one - value) < Math.abs(list[best] - value) ? at : best), 0);

/** As many of the ticks as fit beside one another: every one, every second, ... */
export function fitting(ticks, at, gap = 12) {
  for (let step = 1; step < ticks.length; step += 1) {
    const kept = ticks.filter((_, number) => number % step === 0);
    const clash = kept.some(([value, text], number) => number > 0
      && at(value) - at(kept[number - 1][0]) < (textWidth(text) + textWidth(kept[number - 1][1])) / 2 + gap);
    if (!clash) return kept;
  }
  return ticks.slice(0, 1);
}

/** The parts of a line that lie above a level, as closed outlines; ends are cut at the level. */
export function above(points, level) {
  const outlines = [];
  let open = null;
  points.forEach(([x, y], at) => {
    const [before, height] = points[at - 1] ?? [];
    const crossing = at > 0 && (height > level) !== (y > level)
      ? [before + ((level - height) / (y - height)) * (x - before), level] : null;
    if (y > level) {
      if (!open) outlines.push(open = [crossing ?? [x, level]]);
      open.push([x, y]);
    } else if (open) {
      open.push(crossing);
      open = null;
    }
  });
  if (open) open.push([open.at(-1)[0], level]);
  return outlines;
}

/** Heights for labels so that none lies on another: in their order, `gap` apart, within limits. */
export function apart(heights, gap, [top, bottom]) {
  const order = heights.map((_, at) => at).sort((a, b) => heights[a] - heights[b]);
  const placed = [...heights];
  let free = top;
  for (const at of order) {
    placed[at] = Math.max(placed[at], free);
    free = placed[at] + gap;
  }
  let limit = bottom;
  for (const at of order.reverse()) {
    placed[at] = Math.min(placed[at], limit);
    limit = placed[at] - gap;
  }
  return placed;
}

/** A pattern of slanted lines: what is hatched can be told without its colour. */
export function hatching(tone) {
  patterns += 1;
  const id = `upskill-hatch-${PAGE}-${patterns}`;
  const stripes = shape("pattern", { id, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    shape("rect", { width: 6, height: 6, class: `upskill-fill-${tone}`, opacity: 0.25 }),
    shape("rect", { width: 2.5, height: 6, class: `upskill-fill-${tone}` }));
  return { id, definition: shape("defs", {}, stripes) };
}

const word = (x, y, text, traits = {}) => shape("text", { x: x.toFixed(1), y: y.toFixed(1), ...traits }, text);
const rule = (x1, y1, x2, y2, name) => shape("line", { x1: x1.toFixed(1), y1: y1.toFixed(1), x2: x2.toFixed(1), y2: y2.toFixed(1), class: name });

function axes({ x, y }, at, box) {
  const parts = [];
  for (const [value, text] of y.ticks) {
    parts.push(rule(box.left, at.y(value), box.right, at.y(value), "upskill-grid"));
    parts.push(word(box.left - 6, at.y(value) + 4, text, { "text-anchor": "end" }));
  }
  parts.push(rule(box.left, box.bottom, box.right, box.bottom, "upskill-axis"));
  for (const [value, text] of fitting(x.ticks, at.x)) {
    parts.push(rule(at.x(value), box.bottom, at.x(value), box.bottom + 4, "upskill-axis"));
    parts.push(word(at.x(value), box.bottom + 17, text, { "text-anchor": "middle" }));
  }
  parts.push(word(box.right, box.bottom + 35, x.title, { "text-anchor": "end" }));
  parts.push(word(2, 12, y.title));
  return parts;
}

function levels(plot, at, box) {
  const across = plot.levels.filter((one) => one.axis === "y");
  const named = apart(across.map((one) => at.y(one.at) - 4), 15, [box.top + 10, box.bottom - 4]);
  const parts = across.flatMap((one, number) => [
    rule(box.left, at.y(one.at), box.right, at.y(one.at), one.dashed ? "upskill-level upskill-dashed" : "upskill-level"),
    word(box.right, named[number], one.text, { "text-anchor": "end", class: "upskill-named" }),
  ]);
  for (const one of plot.levels.filter((level) => level.axis === "x")) {
    const x = at.x(one.at);
    const end = x + 5 + textWidth(one.text) > box.right;
    parts.push(rule(x, box.top, x, box.bottom, one.dashed ? "upskill-level upskill-dashed" : "upskill-level"));
    parts.push(word(end ? x - 5 : x + 5, box.bottom - 6, one.text, { "text-anchor": end ? "end" : "start", class: "upskill-named" }));
  }
  return parts;
}

function lines(plot, at, box, hatch) {
  const parts = [];
  const on = (points) => points.map(([x, y]) => [at.x(x), at.y(y)]);
  if (plot.over !== null) {
    for (const outline of above(plot.lines[0].points, plot.over)) {
      parts.push(shape("path", { d: `${path(on(outline))}Z`, fill: `url(#${hatch.id})` }));
    }
  }
  for (const one of plot.lines) {
    parts.push(shape("path", { d: path(on(one.points)), class: `upskill-line upskill-stroke-${one.tone}${one.dashed ? " upskill-dashed" : ""}` }));
  }
  const named = plot.lines.filter((one) => one.name);
  const heights = apart(named.map((one) => at.y(one.points[0][1]) - 8), 15, [box.top + 10, box.bottom - 20]);
  named.forEach((one, number) => parts.push(word(box.left + 4, heights[number], one.name, { class: `upskill-named upskill-word-${one.tone}` })));
  for (const one of plot.dots) {
    const [x, y] = [at.x(one.at[0]), at.y(one.at[1])];
    const end = x + 8 + textWidth(one.text) > box.right;
    parts.push(shape("circle", { cx: x.toFixed(1), cy: y.toFixed(1), r: 4.5, class: "upskill-dot" }));
    parts.push(word(end ? x - 8 : x + 8, y + (y > box.bottom - 26 ? -8 : 20), one.text, { "text-anchor": end ? "end" : "start", class: "upskill-named" }));
  }
  return parts;
}

/** A drawing of a plot, `width` wide: its element, where values are, and the other way round. */
export function drawing(plot, label, width, height = HEIGHT) {
  const left = Math.max(28, ...plot.y.ticks.map(([, text]) => textWidth(text) + 10));
  const right = Math.max(12, textWidth(plot.x.ticks.at(-1)?.[1] ?? "") / 2 + 4);
  const box = { left, right: width - right, top: 22, bottom: height - 42 };
  const at = { x: scale([plot.x.low, plot.x.high], [box.left, box.right]), y: scale([plot.y.low, plot.y.high], [box.bottom, box.top]) };
  const hatch = hatching("vermillion");
  const parts = [...axes(plot, at, box), ...lines(plot, at, box, hatch), ...levels(plot, at, box)];
  const isName = (part) => (part.getAttribute("class") ?? "").includes("upskill-named");
  // lines, the handle's too, run below names: these are read on their own ground
  const names = shape("g", {}, ...parts.filter(isName));
  const element = shape("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": label, class: "upskill-drawing" },
    hatch.definition, ...parts.filter((part) => !isName(part)), names);
  return { element, at, box, names, value: scale([box.left, box.right], [plot.x.low, plot.x.high]) };
}

/** Calls `draw(width)` whenever the room that `place` has is another one. */
export function widths(place, draw) {
  let last = 0;
  const look = () => {
    const width = Math.max(LEAST_WIDTH, Math.floor(place.clientWidth));
    if (!place.clientWidth || width === last) return;
    last = width;
    draw(width);
  };
  const watch = new ResizeObserver(look);
  watch.observe(place);
  return { again: () => draw(last || 560), close: () => watch.disconnect() };
}

/**
 * The person's state. `change(part)` shows it at once and tells Python when it settles; what
 * Python says meanwhile is not shown over a handle that still moves.
 */
export function acting(model, shown, say) {
  let mine = null;
  let asked = null;
  const way = line(model, say);
  const tell = settled(() => { asked = way.ask({ state: mine }); });
  const now = () => mine ?? model.get("state");
  const heard = () => {
    if (model.get("heard").number !== asked) return;
    asked = null;
    mine = null;
    shown(now());
  };
  const told = () => { if (mine === null) shown(now()); };
  model.on("change:heard", heard);
  model.on("change:state", told);
  return {
    now,
    change(part) {
      mine = { ...now(), ...part };
      // an answer to what was asked before is no answer to this
      asked = null;
      shown(mine);
      tell();
    },
    close() {
      tell.now();
      way.close();
      model.off("change:heard", heard);
      model.off("change:state", told);
    },
  };
}

function slider(control, change) {
  const last = control.values.length - 1;
  const input = node("input", { type: "range", min: 0, max: last, step: 1, "aria-label": control.label });
  const output = node("output", { "aria-hidden": "true" });
  input.addEventListener("input", () => change({ [control.name]: control.values[Number(input.value)] }));
  const show = (state) => {
    const at = control.values.indexOf(state[control.name]);
    input.value = at;
    output.textContent = control.texts[at];
    input.setAttribute("aria-valuetext", control.texts[at]);
  };
  return { element: node("div", { className: "upskill-slider" }, node("span", { "aria-hidden": "true" }, control.label), input, output), show };
}

function choice(control, change) {
  const options = control.values.map((value, at) => node("option", { value }, control.texts[at]));
  const input = node("select", { className: "upskill-field" }, ...options);
  input.addEventListener("change", () => change({ [control.name]: input.value }));
  return {
    element: node("label", { className: "upskill-slider" }, node("span", {}, control.label), input),
    show: (state) => { input.value = state[control.name]; },
  };
}

/** Figures by name. */
export const facts = (rows) => rows.map(([name, value]) => node("div", {}, node("dt", {}, name), node("dd", {}, value)));

/** Code to copy; `show("")` hides it. */
export function codeBox(words, say) {
  const code = node("code");
  const box = node("pre", { tabIndex: 0, role: "group", "aria-label": words.follows }, code);
  const copy = button(words.copy);
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      say(words.copied);
    } catch {
      // a page that is no secure context has no clipboard
      getSelection().selectAllChildren(code);
      say(words.uncopied);
    }
  });
  const element = node("div", { className: "upskill-code" }, node("p", { className: "upskill-quiet" }, words.follows), box, copy);
  return {
    element,
    show(text) {
      element.hidden = !text;
      code.textContent = text;
    },
  };
}

/** What is told in every work widget: the finding above the drawing, figures and code below. */
export function telling(model, words, say) {
  const sentence = node("p", { className: "upskill-finding", "aria-live": "polite" });
  const list = node("dl", { className: "upskill-facts" });
  const code = codeBox(words, say);
  const show = () => {
    const view = model.get("view");
    // the same words again would be read aloud again
    if (sentence.textContent !== view.sentence) sentence.textContent = view.sentence;
    list.replaceChildren(...facts(view.facts));
    code.show(view.code);
  };
  return { sentence, list, code: code.element, show };
}

// the line of a slider stands where the hand is; figures follow from Python
function handles(controls, drawn, state) {
  return controls.filter((one) => one.places.length).map((one) => {
    const at = one.values.indexOf(state[one.name]);
    const x = drawn.at.x(one.places[at]);
    const text = one.texts[at];
    const end = x + 10 + textWidth(text) > drawn.box.right;
    return shape("g", { class: "upskill-handle" },
      rule(x, drawn.box.top, x, drawn.box.bottom, ""),
      shape("circle", { cx: x.toFixed(1), cy: drawn.box.top, r: 6 }),
      word(end ? x - 10 : x + 10, drawn.box.top + 4, text, { "text-anchor": end ? "end" : "start", class: "upskill-named" }));
  });
}

function dragging(place, controls, drawn, change) {
  const [one] = controls.filter((control) => control.places.length);
  if (!one) return;
  const follow = (event) => {
    const svg = place.querySelector("svg");
    const frame = svg.getBoundingClientRect();
    const x = ((event.clientX - frame.left) / frame.width) * svg.viewBox.baseVal.width;
    change({ [one.name]: one.values[nearest(one.places, drawn().value(x))] });
  };
  place.classList.add("upskill-draggable");
  place.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    place.setPointerCapture(event.pointerId);
    follow(event);
  });
  place.addEventListener("pointermove", (event) => {
    if (place.hasPointerCapture(event.pointerId)) follow(event);
  });
}

/** The whole of a widget that is a drawing with controls. */
export function controlled(name) {
  return {
    render({ model, el }) {
      const words = model.get("words");
      const place = node("div", { className: "upskill-place" });
      const { element, say } = status();
      const told = telling(model, words, say);
      const controls = model.get("controls");
      let drawn;
      const show = (state) => {
        moved.forEach((one) => one.show(state));
        if (!drawn) return;
        place.querySelectorAll(".upskill-handle").forEach((one) => one.remove());
        drawn.names.before(...handles(controls, drawn, state));
      };
      const state = acting(model, show, say);
      const moved = controls.map((one) => (one.choice ? choice : slider)(one, state.change));
      const draw = (width) => {
        const view = model.get("view");
        drawn = drawing(view.plot, view.sentence, width);
        place.replaceChildren(drawn.element);
        show(state.now());
      };
      const section = root(model, name, model.get("name"));
      section.append(node("div", { className: "upskill-controls" }, ...moved.map((one) => one.element)),
        told.sentence, place, told.list, told.code, element);
      el.append(section);
      const room = widths(place, draw);
      const again = () => {
        say("");
        told.show();
        room.again();
      };
      told.show();
      show(state.now());
      dragging(place, controls, () => drawn, state.change);
      model.on("change:view", again);
      return () => {
        state.close();
        room.close();
        model.off("change:view", again);
      };
    },
  };
}
