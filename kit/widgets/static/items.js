// kit/widgets/js/base.js
var PATIENCE_MS = 2500;
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
function button(label, traits = {}) {
  return node("button", { type: "button", className: "upskill-button", ...traits }, label);
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

// kit/widgets/js/parts/forms.js
var CHUNK = 1 << 20;
function chance(form) {
  return form.form === "choice" && form.options.length ? Math.round(100 / form.options.length) : 0;
}

// kit/widgets/js/parts/kept.js
var KEPT = /* @__PURE__ */ Symbol.for("upskill.kept");
function place(model, name) {
  globalThis[KEPT] ??= /* @__PURE__ */ new Map();
  const all = globalThis[KEPT];
  const key = JSON.stringify([guarded(() => notebookOf(model).path, ""), name]);
  return {
    put: (value) => all.set(key, value),
    found: () => all.get(key) ?? null,
    clear: () => all.delete(key)
  };
}

// kit/widgets/js/parts/sure.js
var MIDDLE = 50;
var STEPS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "PageUp", "PageDown"];
function sure(words, chance2, given = null) {
  let said = given;
  const slider = node("input", { type: "range", min: 0, max: 100, step: 5 });
  const shown = node("span", { className: "upskill-said", "aria-hidden": "true" });
  const spoken = node("span", { className: "upskill-spoken", role: "status", "aria-live": "polite" });
  const set = (value) => {
    said = value;
    const text = said === null ? words.unsaid : `${said} %`;
    slider.value = said ?? 0;
    slider.dataset.said = said !== null;
    slider.setAttribute("aria-valuetext", text);
    shown.textContent = text;
  };
  const moved = () => set(Number(slider.value));
  for (const event of ["input", "pointerup"]) slider.addEventListener(event, moved);
  slider.addEventListener("keydown", (event) => {
    if (said !== null) return;
    if (STEPS.includes(event.key)) slider.value = MIDDLE;
    if (event.key === "Home") moved();
  });
  const guess = button(words.guess);
  guess.addEventListener("click", () => {
    set(chance2);
    spoken.textContent = shown.textContent;
  });
  const label = node("label", { className: "upskill-how" }, node("span", {}, words.sure), slider);
  const element = node("div", { className: "upskill-confidence" }, label, shown, guess, spoken);
  set(said);
  return {
    element,
    read: () => said,
    focus: () => slider.focus(),
    fix(value) {
      set(value);
      slider.disabled = true;
      guess.remove();
    }
  };
}

// kit/widgets/js/items.js
function optionRow(name, [value, text]) {
  const input = node("input", { type: "radio", name, value });
  return node("label", { className: "upskill-option" }, input, node("span", {}, text));
}
function questionBlock(model, question, number) {
  const words = model.get("words");
  const name = `upskill-${question.id}-${Math.random()}`;
  const rows = question.options.map((option) => optionRow(name, option));
  const inputs = rows.map((row) => row.firstChild);
  const kept = place(model, [question.id, question.question]);
  const mine = kept.found() ?? {};
  for (const input of inputs) input.checked = input.value === mine.option;
  const slider = sure(words, chance({ form: "choice", options: question.options }), mine.confidence);
  const { element, say } = status();
  const way = line(model, say);
  const send = button(words.answer);
  const block = node(
    "fieldset",
    { className: "upskill-item" },
    node("legend", {}, `${number}. ${question.question}`),
    ...rows,
    slider.element,
    node("div", { className: "upskill-foot" }, send, element)
  );
  const choice = () => inputs.find((input) => input.checked);
  for (const event of ["input", "click", "keyup"]) {
    block.addEventListener(event, () => {
      if (send.isConnected) kept.put({ option: choice()?.value, confidence: slider.read() });
    });
  }
  send.addEventListener("click", () => {
    const chosen = choice();
    if (!chosen) say(words.choose);
    else if (slider.read() === null) {
      say(words.say);
      slider.focus();
    } else way.ask({ item: question.id, option: chosen.value, confidence: slider.read() });
  });
  const stand = () => {
    const given = model.get("answers")[question.id];
    if (!given || !send.isConnected && block.isConnected) return;
    kept.clear();
    const here = block.contains(document.activeElement);
    for (const input of inputs) {
      input.checked = input.value === given.option;
      input.disabled = true;
    }
    slider.fix(given.confidence);
    send.remove();
    say(words.saved);
    if (!here) return;
    block.tabIndex = -1;
    block.focus();
  };
  stand();
  return { block, stand, close: way.close };
}
var items_default = {
  render({ model, el }) {
    const section = root(model, "items");
    const drawn = model.get("questions").map((question, index) => questionBlock(model, question, index + 1));
    section.append(...drawn.map((one) => one.block));
    el.append(section);
    const changed = () => drawn.forEach((one) => one.stand());
    model.on("change:answers", changed);
    return () => {
      model.off("change:answers", changed);
      drawn.forEach((one) => one.close());
    };
  }
};
export {
  items_default as default
};
