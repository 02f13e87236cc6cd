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
var fill = (template, values) => template.replace(/\{(\w+)\}/g, (whole, name) => name in values ? values[name] : whole);
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
var LETTER = 6.6;
var WIDE_LETTER = 11.5;
var HANGUL = /[\u1100-\u11ff\u3000-\u9fff\uac00-\ud7af\uff00-\uffef]/;
var PAGE = Math.floor(Math.random() * 1e9);
var patterns = 0;
var textWidth = (text) => [...String(text)].reduce((sum, letter) => sum + (HANGUL.test(letter) ? WIDE_LETTER : LETTER), 0);
function fitting(ticks, at, gap = 12) {
  for (let step = 1; step < ticks.length; step += 1) {
    const kept = ticks.filter((_, number) => number % step === 0);
    const clash = kept.some(([value, text], number) => number > 0 && at(value) - at(kept[number - 1][0]) < (textWidth(text) + textWidth(kept[number - 1][1])) / 2 + gap);
    if (!clash) return kept;
  }
  return ticks.slice(0, 1);
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

// kit/widgets/js/tornado.js
var ROW = 46;
var BAR = 16;
var TOP = 8;
function bars(view, width) {
  const height = TOP + ROW * view.bars.length + 44;
  const at = scale([view.axis.low, view.axis.high], [14, width - 14]);
  const hatch = hatching("vermillion");
  const bottom = TOP + ROW * view.bars.length;
  const upright = (value, name) => shape("line", { x1: at(value).toFixed(1), x2: at(value).toFixed(1), y1: TOP, y2: bottom, class: name });
  const parts = [upright(view.base, "upskill-level upskill-dashed"), upright(0, "upskill-axis")];
  const ticks = fitting(view.axis.ticks, at);
  for (const [value, text] of ticks) {
    parts.push(shape("text", { x: at(value).toFixed(1), y: bottom + 15, "text-anchor": "middle" }, text));
  }
  parts.push(shape("text", { x: width - 4, y: bottom + 34, "text-anchor": "end" }, view.axis.title));
  view.bars.forEach((bar, rank) => {
    const y = TOP + ROW * rank;
    const [from, to] = [at(Math.min(bar.low, bar.high)), at(Math.max(bar.low, bar.high))];
    parts.push(
      shape("text", { x: 2, y: y + 14, class: "upskill-named" }, `${rank + 1}. ${bar.name} · ${bar.word}`),
      shape("rect", {
        x: from.toFixed(1),
        y: y + 20,
        width: Math.max(1.5, to - from).toFixed(1),
        height: BAR,
        class: bar.turns ? "upskill-turns" : "upskill-stays",
        ...bar.turns ? { fill: `url(#${hatch.id})` } : {}
      })
    );
    for (const [x, text, out] of [[from, bar.low <= bar.high ? bar.low_text : bar.high_text, -1], [to, bar.low <= bar.high ? bar.high_text : bar.low_text, 1]]) {
      const room = out < 0 ? x - 4 : width - x - 4;
      if (textWidth(text) <= room) parts.push(shape("text", { x: (x + 4 * out).toFixed(1), y: y + 32, "text-anchor": out < 0 ? "end" : "start", class: "upskill-named" }, text));
    }
  });
  return shape("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": view.sentence, class: "upskill-drawing" }, hatch.definition, ...parts);
}
function field(row, end, words, change) {
  const label = fill(end ? words.high : words.low, { name: row.name });
  const input = node("input", { type: "text", inputMode: "decimal", className: "upskill-field", autocomplete: "off", maxLength: 40, "aria-label": label });
  input.addEventListener("input", () => change(end, input.value));
  return input;
}
function rangeRow(row, words, state, number) {
  const fault = node("p", { className: "upskill-fault", id: `upskill-fault-${number}` });
  const change = (end, text) => {
    const range = [...state.now()[row.name]];
    range[end] = text;
    state.change({ [row.name]: range });
  };
  const fields = [0, 1].map((end) => field(row, end, words, change));
  const [low, high] = fields;
  const element = node(
    "div",
    { className: "upskill-range", role: "group", "aria-label": row.name },
    node("div", {}, node("code", {}, row.name), " ", node("span", { className: "upskill-quiet" }, row.meaning)),
    node(
      "div",
      { className: "upskill-ends" },
      low,
      node("span", { "aria-hidden": "true" }, "–"),
      high,
      node("span", { className: "upskill-quiet" }, fill(words.used, { value: row.used }))
    ),
    fault
  );
  return {
    element,
    show(told) {
      fields.forEach((input, end) => {
        if (input.value !== told[row.name][end]) input.value = told[row.name][end];
      });
    },
    judge(faults) {
      fault.textContent = faults[row.name] ?? "";
      const wrong = Boolean(faults[row.name]) && fields.some((input) => input.value);
      fault.classList.toggle("upskill-wrong", wrong);
      fields.forEach((input) => {
        input.setAttribute("aria-invalid", String(wrong));
        input.setAttribute("aria-describedby", fault.id);
      });
    }
  };
}
var tornado_default = {
  render({ model, el }) {
    const words = model.get("words");
    const place = node("div", { className: "upskill-place" });
    const { element, say } = status();
    const told = telling(model, words, say);
    const state = acting(model, (now) => rows.forEach((row) => row.show(now)), say);
    const mark = Math.floor(Math.random() * 1e9);
    const rows = model.get("rows").map((row, at) => rangeRow(row, words, state, `${mark}-${at}`));
    const room = widths(place, (width) => place.replaceChildren(...model.get("view").bars.length ? [bars(model.get("view"), width)] : []));
    const again = () => {
      say("");
      told.show();
      rows.forEach((row) => row.judge(model.get("view").faults));
      room.again();
    };
    const section = root(model, "tornado", model.get("name"));
    section.append(node("div", { className: "upskill-ranges" }, ...rows.map((row) => row.element)), told.sentence, place, told.list, told.code, element);
    el.append(section);
    rows.forEach((row) => row.show(state.now()));
    again();
    model.on("change:view", again);
    return () => {
      state.close();
      room.close();
      model.off("change:view", again);
    };
  }
};
export {
  tornado_default as default
};
