// kit/widgets/js/base.js
var PATIENCE_MS = 2500;
var SETTLE_MS = 120;
var SVG = "http://www.w3.org/2000/svg";
function dressed(element, traits, children) {
  for (const [name, value] of Object.entries(traits)) {
    if (value === void 0) continue;
    if (element.namespaceURI === SVG || name.includes("-") || name === "role") element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children);
  return element;
}
function node(tag, traits = {}, ...children) {
  return dressed(document.createElement(tag), traits, children);
}
function shape(tag, traits = {}, ...children) {
  return dressed(document.createElementNS(SVG, tag), traits, children);
}
function button(label, traits = {}) {
  return node("button", { type: "button", className: "upskill-button", ...traits }, label);
}
function settled(call, wait = SETTLE_MS) {
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
function scale([low, high], [from, to]) {
  const width = high - low;
  return (value) => width === 0 ? (from + to) / 2 : from + (value - low) / width * (to - from);
}
function path(points) {
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
function guarded(read, without) {
  try {
    return read();
  } catch {
    return without;
  }
}
var notebookOf = (model) => model.widget_manager?.context ?? null;
var QUEUED = /* @__PURE__ */ Symbol.for("upskill.queued");
function queued(notebook) {
  if (!notebook || notebook[QUEUED]) return;
  const save = notebook.save.bind(notebook);
  let running = null;
  let waiting = null;
  const begin = () => {
    waiting = null;
    running = save().finally(() => {
      running = null;
    });
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
function line(model, say, silent = () => {
}) {
  let timer;
  let left = "";
  let number = Math.floor(Math.random() * 1e9);
  const heard = () => {
    const { number: answered, fault } = model.get("heard");
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
      model.send({ ...message, number }, void 0, buffers);
      return number;
    },
    close() {
      clearTimeout(timer);
      model.off("change:heard", heard);
    }
  };
}
function status() {
  const element = node("span", { className: "upskill-status", role: "status", "aria-live": "polite" });
  const say = (text, instead = element.textContent) => {
    if (element.textContent === instead) element.textContent = text;
  };
  return { element, say };
}
function root(model, name, label) {
  guarded(() => queued(notebookOf(model)));
  const traits = { className: `upskill upskill-live upskill-${name}`, role: "group", "data-lm-suppress-shortcuts": "true" };
  const element = node("div", traits, node("p", { className: "upskill-gone" }, model.get("words").offline));
  if (label) element.setAttribute("aria-label", label);
  model.on("comm_live_update", function changed() {
    element.dataset.gone = this?.model?.comm_live === false;
  });
  element.addEventListener("focusin", ({ target }) => target.setAttribute("data-lm-suppress-shortcuts", "true"));
  element.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s" || !notebookOf(model)) return;
    event.preventDefault();
    notebookOf(model).save().catch(() => {
    });
  });
  return element;
}

// kit/widgets/js/parts/plot.js
var LEAST_WIDTH = 240;
var HEIGHT = 240;
var LETTER = 6.6;
var WIDE_LETTER = 11.5;
var HANGUL = /[\u1100-\u11ff\u3000-\u9fff\uac00-\ud7af\uff00-\uffef]/;
var PAGE = Math.floor(Math.random() * 1e9);
var patterns = 0;
var textWidth = (text) => [...String(text)].reduce((sum, letter) => sum + (HANGUL.test(letter) ? WIDE_LETTER : LETTER), 0);
var nearest = (list, value) => list.reduce((best, one, at) => Math.abs(one - value) < Math.abs(list[best] - value) ? at : best, 0);
function fitting(ticks, at, gap = 12) {
  for (let step = 1; step < ticks.length; step += 1) {
    const kept = ticks.filter((_, number) => number % step === 0);
    const clash = kept.some(([value, text], number) => number > 0 && at(value) - at(kept[number - 1][0]) < (textWidth(text) + textWidth(kept[number - 1][1])) / 2 + gap);
    if (!clash) return kept;
  }
  return ticks.slice(0, 1);
}
function above(points, level) {
  const outlines = [];
  let open = null;
  points.forEach(([x, y], at) => {
    const [before, height] = points[at - 1] ?? [];
    const crossing = at > 0 && height > level !== y > level ? [before + (level - height) / (y - height) * (x - before), level] : null;
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
function apart(heights, gap, [top, bottom]) {
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
function hatching(tone) {
  patterns += 1;
  const id = `upskill-hatch-${PAGE}-${patterns}`;
  const stripes = shape(
    "pattern",
    { id, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    shape("rect", { width: 6, height: 6, class: `upskill-fill-${tone}`, opacity: 0.25 }),
    shape("rect", { width: 2.5, height: 6, class: `upskill-fill-${tone}` })
  );
  return { id, definition: shape("defs", {}, stripes) };
}
var word = (x, y, text, traits = {}) => shape("text", { x: x.toFixed(1), y: y.toFixed(1), ...traits }, text);
var rule = (x1, y1, x2, y2, name) => shape("line", { x1: x1.toFixed(1), y1: y1.toFixed(1), x2: x2.toFixed(1), y2: y2.toFixed(1), class: name });
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
    word(box.right, named[number], one.text, { "text-anchor": "end", class: "upskill-named" })
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
function drawing(plot, label, width, height = HEIGHT) {
  const left = Math.max(28, ...plot.y.ticks.map(([, text]) => textWidth(text) + 10));
  const right = Math.max(12, textWidth(plot.x.ticks.at(-1)?.[1] ?? "") / 2 + 4);
  const box = { left, right: width - right, top: 22, bottom: height - 42 };
  const at = { x: scale([plot.x.low, plot.x.high], [box.left, box.right]), y: scale([plot.y.low, plot.y.high], [box.bottom, box.top]) };
  const hatch = hatching("vermillion");
  const parts = [...axes(plot, at, box), ...lines(plot, at, box, hatch), ...levels(plot, at, box)];
  const isName = (part) => (part.getAttribute("class") ?? "").includes("upskill-named");
  const names = shape("g", {}, ...parts.filter(isName));
  const element = shape(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": label, class: "upskill-drawing" },
    hatch.definition,
    ...parts.filter((part) => !isName(part)),
    names
  );
  return { element, at, box, names, value: scale([box.left, box.right], [plot.x.low, plot.x.high]) };
}
function widths(place, draw) {
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
function acting(model, shown, say) {
  let mine = null;
  let asked = null;
  const way = line(model, say);
  const tell = settled(() => {
    asked = way.ask({ state: mine });
  });
  const now = () => mine ?? model.get("state");
  const heard = () => {
    if (model.get("heard").number !== asked) return;
    asked = null;
    mine = null;
    shown(now());
  };
  const told = () => {
    if (mine === null) shown(now());
  };
  model.on("change:heard", heard);
  model.on("change:state", told);
  return {
    now,
    change(part) {
      mine = { ...now(), ...part };
      asked = null;
      shown(mine);
      tell();
    },
    close() {
      tell.now();
      way.close();
      model.off("change:heard", heard);
      model.off("change:state", told);
    }
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
    show: (state) => {
      input.value = state[control.name];
    }
  };
}
var facts = (rows) => rows.map(([name, value]) => node("div", {}, node("dt", {}, name), node("dd", {}, value)));
function codeBox(words, say) {
  const code = node("code");
  const box = node("pre", { tabIndex: 0, role: "group", "aria-label": words.follows }, code);
  const copy = button(words.copy);
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      say(words.copied);
    } catch {
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
    }
  };
}
function telling(model, words, say) {
  const sentence = node("p", { className: "upskill-finding", "aria-live": "polite" });
  const list = node("dl", { className: "upskill-facts" });
  const code = codeBox(words, say);
  const show = () => {
    const view = model.get("view");
    if (sentence.textContent !== view.sentence) sentence.textContent = view.sentence;
    list.replaceChildren(...facts(view.facts));
    code.show(view.code);
  };
  return { sentence, list, code: code.element, show };
}
function handles(controls, drawn, state) {
  return controls.filter((one) => one.places.length).map((one) => {
    const at = one.values.indexOf(state[one.name]);
    const x = drawn.at.x(one.places[at]);
    const text = one.texts[at];
    const end = x + 10 + textWidth(text) > drawn.box.right;
    return shape(
      "g",
      { class: "upskill-handle" },
      rule(x, drawn.box.top, x, drawn.box.bottom, ""),
      shape("circle", { cx: x.toFixed(1), cy: drawn.box.top, r: 6 }),
      word(end ? x - 10 : x + 10, drawn.box.top + 4, text, { "text-anchor": end ? "end" : "start", class: "upskill-named" })
    );
  });
}
function dragging(place, controls, drawn, change) {
  const [one] = controls.filter((control) => control.places.length);
  if (!one) return;
  const follow = (event) => {
    const svg = place.querySelector("svg");
    const frame = svg.getBoundingClientRect();
    const x = (event.clientX - frame.left) / frame.width * svg.viewBox.baseVal.width;
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
function controlled(name) {
  return {
    render({ model, el }) {
      const words = model.get("words");
      const place = node("div", { className: "upskill-place" });
      const { element, say } = status();
      const told = telling(model, words, say);
      const controls = model.get("controls");
      let drawn;
      const show = (state2) => {
        moved.forEach((one) => one.show(state2));
        if (!drawn) return;
        place.querySelectorAll(".upskill-handle").forEach((one) => one.remove());
        drawn.names.before(...handles(controls, drawn, state2));
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
      section.append(
        node("div", { className: "upskill-controls" }, ...moved.map((one) => one.element)),
        told.sentence,
        place,
        told.list,
        told.code,
        element
      );
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
    }
  };
}

// kit/widgets/js/breakeven.js
var breakeven_default = controlled("breakeven");
export {
  breakeven_default as default
};
