// Ranges of assumptions and their bars. Which are ranges, and what they do, is decided in Python.
import { fill, node, root, scale, shape, status } from "./base.js";
import { acting, fitting, hatching, telling, textWidth, widths } from "./parts/plot.js";

const ROW = 46;
const BAR = 16;
const TOP = 8;

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
        x: from.toFixed(1), y: y + 20, width: Math.max(1.5, to - from).toFixed(1), height: BAR,
        class: bar.turns ? "upskill-turns" : "upskill-stays", ...(bar.turns ? { fill: `url(#${hatch.id})` } : {}),
      }),
    );
    // figures beside the bar where there is room, else at its ends inside
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
  const element = node("div", { className: "upskill-range", role: "group", "aria-label": row.name },
    node("div", {}, node("code", {}, row.name), " ", node("span", { className: "upskill-quiet" }, row.meaning)),
    node("div", { className: "upskill-ends" }, low, node("span", { "aria-hidden": "true" }, "–"), high,
      node("span", { className: "upskill-quiet" }, fill(words.used, { value: row.used }))), fault);
  return {
    element,
    show(told) {
      fields.forEach((input, end) => { if (input.value !== told[row.name][end]) input.value = told[row.name][end]; });
    },
    judge(faults) {
      fault.textContent = faults[row.name] ?? "";
      // what nobody has typed is not wrong, it is still to come
      const wrong = Boolean(faults[row.name]) && fields.some((input) => input.value);
      fault.classList.toggle("upskill-wrong", wrong);
      fields.forEach((input) => {
        input.setAttribute("aria-invalid", String(wrong));
        input.setAttribute("aria-describedby", fault.id);
      });
    },
  };
}

export default {
  render({ model, el }) {
    const words = model.get("words");
    const place = node("div", { className: "upskill-place" });
    const { element, say } = status();
    const told = telling(model, words, say);
    const state = acting(model, (now) => rows.forEach((row) => row.show(now)), say);
    const mark = Math.floor(Math.random() * 1e9);
    const rows = model.get("rows").map((row, at) => rangeRow(row, words, state, `${mark}-${at}`));
    const room = widths(place, (width) => place.replaceChildren(...(model.get("view").bars.length ? [bars(model.get("view"), width)] : [])));
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
  },
};
