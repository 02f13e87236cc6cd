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
function guarded(read2, without) {
  try {
    return read2();
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
var NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
function readNumber(text) {
  const plain = String(text).normalize("NFKC").replace(/[\u2212\u2013]/g, "-").trim();
  if (!plain) return null;
  const value = NUMBER.test(plain) ? Number(plain) : NaN;
  return Number.isFinite(value) ? value : void 0;
}
function ordered(keys, wanted) {
  const known = Array.isArray(wanted) ? [...new Set(wanted)].filter((key) => keys.includes(key)) : [];
  return [...known, ...keys.filter((key) => !known.includes(key))];
}
function moved(keys, key, by) {
  const from = keys.indexOf(key);
  const to = from + by;
  if (from < 0 || to < 0 || to >= keys.length) return null;
  const rest = keys.filter((one) => one !== key);
  return [...rest.slice(0, to), key, ...rest.slice(to)];
}
function cuts(size, chunk = CHUNK) {
  const count = Math.max(1, Math.ceil(size / chunk));
  return Array.from({ length: count }, (_, part) => ({
    part,
    from: part * chunk,
    to: Math.min((part + 1) * chunk, size),
    last: part === count - 1
  }));
}
function chance(form) {
  return form.form === "choice" && form.options.length ? Math.round(100 / form.options.length) : 0;
}
function fieldsRead(fields) {
  const values = [];
  for (const [at, [numeric, text]] of fields.entries()) {
    const value = numeric ? readNumber(text) : text;
    if (value === void 0) return { unread: text, at };
    values.push(value);
  }
  return { values };
}
function rowsRead(form, rows) {
  const width = form.columns.length;
  const fields = rows.flatMap((row) => form.columns.map((column) => [column.type === "number", row[column.id] ?? ""]));
  const { values, ...fault } = fieldsRead(fields);
  if (!values) return fault;
  return { value: rows.map((_, row) => Object.fromEntries(form.columns.map((column, at) => [column.id, values[row * width + at]]))) };
}
function questionsRead(form, raw) {
  const { values, ...fault } = fieldsRead(form.questions.map((one) => [one.numeric, raw[one.id] ?? ""]));
  return values ? { value: Object.fromEntries(form.questions.map((one, at) => [one.id, values[at]])) } : fault;
}
function numberRead(_form, raw) {
  const { values, ...fault } = fieldsRead([[true, raw]]);
  if (!values) return fault;
  return values[0] === null ? {} : { value: values[0] };
}
var some = (value) => value && value.length ? { value } : {};
var READ = {
  choice: (_form, raw) => some(raw),
  choices: (_form, raw) => some(raw),
  text: (_form, raw) => some(raw.trim()),
  ranking: (_form, raw) => ({ value: raw }),
  // nothing flagged is an answer, too
  audit: (_form, raw) => ({ value: raw }),
  number: numberRead,
  table: rowsRead,
  defence: questionsRead
};
var read = (form, raw) => READ[form.form](form, raw);

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
  const moved2 = () => set(Number(slider.value));
  for (const event of ["input", "pointerup"]) slider.addEventListener(event, moved2);
  slider.addEventListener("keydown", (event) => {
    if (said !== null) return;
    if (STEPS.includes(event.key)) slider.value = MIDDLE;
    if (event.key === "Home") moved2();
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

// kit/widgets/js/ask.js
var DRAFT_MS = 600;
function field(type, value, label) {
  const input = node("input", { type: "text", className: "upskill-field", "aria-label": label });
  if (type === "number") {
    input.inputMode = "decimal";
    input.autocomplete = "off";
    input.dataset.number = "yes";
  }
  input.value = value ?? "";
  return input;
}
function picks(form, type, given, raw) {
  const name = `upskill-${form.id}-${Math.random()}`;
  const rows = form.options.map(([value, text]) => {
    const input = node("input", { type, name, value });
    input.checked = given.includes(value);
    return node("label", { className: "upskill-option" }, input, node("span", {}, text));
  });
  const chosen = () => rows.map((row) => row.firstChild).filter((input) => input.checked);
  return { parts: rows, raw: () => raw(chosen().map((input) => input.value)) };
}
function ranking(form, given, words, tell) {
  const texts = new Map(form.options);
  const rows = /* @__PURE__ */ new Map();
  const list = node("ol", { className: "upskill-order" });
  let order = ordered([...texts.keys()], given);
  const ends = () => order.forEach((key, at) => {
    const [up, down] = rows.get(key).querySelectorAll("button");
    up.setAttribute("aria-disabled", at === 0);
    down.setAttribute("aria-disabled", at === order.length - 1);
  });
  const move = (key, by, control) => {
    const next = moved(order, key, by);
    if (!next) return;
    order = next;
    list.append(...order.map((one) => rows.get(one)));
    control.focus();
    ends();
    tell(fill(words.place, { text: texts.get(key), place: order.indexOf(key) + 1, all: order.length }));
  };
  for (const key of order) {
    const row = node("li", {}, node("span", {}, texts.get(key)));
    row.dataset.key = key;
    for (const [sign, by, word] of [["↑", -1, words.up], ["↓", 1, words.down]]) {
      const control = button(sign, { "aria-label": fill(word, { text: texts.get(key) }) });
      control.addEventListener("click", () => move(key, by, control));
      row.append(control);
    }
    rows.set(key, row);
  }
  list.append(...rows.values());
  ends();
  return { parts: [list], raw: () => order };
}
function cell(column, head, value, title) {
  let input = field(column.type, value, "");
  if (column.type === "choice") {
    const offered = [["", ""], ...column.options];
    input = node("select", { className: "upskill-field" }, ...offered.map(([key, text]) => node("option", { value: key }, text)));
    input.value = value ?? "";
  }
  input.dataset.title = title;
  const made = node("td", {}, input);
  made.dataset.head = head;
  return made;
}
function table(form, given, words, tell) {
  const heads = form.columns.map((column) => column.title + (column.unit ? ` (${column.unit})` : ""));
  const body = node("tbody");
  const number = () => [...body.rows].forEach((row, at) => {
    row.querySelectorAll("[data-title]").forEach((input) => {
      input.setAttribute("aria-label", fill(input.dataset.title, { row: at + 1 }));
    });
  });
  const add = (values2) => {
    const remove = button("×", { "data-title": words.remove });
    const cells = form.columns.map((column, at) => cell(column, heads[at], values2[column.id], `${column.title}, ${words.row}`));
    const row = node("tr", {}, ...cells, node("td", {}, remove));
    remove.addEventListener("click", () => {
      const at = [...body.rows].indexOf(row);
      row.remove();
      number();
      (body.rows[at]?.querySelector("button") ?? more).focus();
      tell(fill(words.removed, { row: at + 1 }));
    });
    body.append(row);
    number();
    return row;
  };
  const more = button(words.add);
  more.addEventListener("click", () => {
    const row = add({});
    tell("");
    row.querySelector(".upskill-field").focus();
  });
  (given ?? [{}]).forEach(add);
  const head = heads.map((text) => node("th", { scope: "col" }, text));
  const whole = node("table", {}, node("thead", {}, node("tr", {}, ...head, node("td"))), body);
  const values = (row) => form.columns.map((column, at) => [column.id, row.cells[at].firstChild.value]);
  const raw = () => [...body.rows].map((row) => Object.fromEntries(values(row)));
  return { parts: [node("div", { className: "upskill-wide" }, whole), more], raw };
}
function audit(form, given, words) {
  const rows = form.options.map(([key, text]) => {
    const box = node("input", { type: "checkbox", value: key, checked: key in (given ?? {}) });
    const reason = field("text", given?.[key], fill(words.reason, { claim: key }));
    reason.placeholder = words.why;
    reason.hidden = !box.checked;
    box.addEventListener("change", () => {
      reason.hidden = !box.checked;
    });
    const label = node("label", { className: "upskill-option" }, box, node("span", {}, `${key}. ${text}`));
    return node("div", {}, label, reason);
  });
  const raw = () => Object.fromEntries(rows.map((row) => [row.querySelector("input"), row.lastChild]).filter(([box]) => box.checked).map(([box, reason]) => [box.value, reason.value]));
  return { parts: rows, raw };
}
function defence(form, given) {
  const inputs = form.questions.map((one) => field(one.numeric ? "number" : "text", given?.[one.id]));
  const parts = form.questions.map((one, at) => node("label", { className: "upskill-asked" }, `${at + 1}. ${one.text}`, inputs[at]));
  return { parts, raw: () => Object.fromEntries(form.questions.map((one, at) => [one.id, inputs[at].value])) };
}
var DRAW = {
  choice: (form, given) => picks(form, "radio", [given], ([one]) => one ?? null),
  choices: (form, given) => picks(form, "checkbox", given ?? [], (all) => all),
  ranking,
  table,
  audit,
  defence,
  number: (form, given) => {
    const input = field("number", given, form.title);
    return { parts: [node("label", { className: "upskill-line" }, input, form.unit)], raw: () => input.value };
  },
  text: (form, given) => {
    const input = node("textarea", { className: "upskill-field", rows: 4, value: given ?? "", "aria-label": form.title });
    return { parts: [input], raw: () => input.value };
  },
  file: (form, given) => {
    const input = node("input", { type: "file", accept: form.suffixes.join(","), "aria-label": form.title });
    const told = given ? [node("p", {}, `${given.name} (sha256 ${given.sha256.slice(0, 12)}…)`)] : [];
    return { parts: [input, ...told], file: () => input.files[0] };
  }
};
async function sendFile(way, file, more) {
  for (const { part, from, to, last } of cuts(file.size)) {
    const piece = await file.slice(from, to).arrayBuffer();
    way.ask({ name: file.name, part, last, ...more }, [piece], CHUNK / 1e3);
  }
}
function keeper(drawn, mark, kept, later) {
  return () => {
    mark.hidden = false;
    if (!drawn.raw) return;
    kept.put(drawn.raw());
    later(drawn.raw());
  };
}
function answerOf(form, drawn) {
  if (!drawn.file) return read(form, drawn.raw());
  const file = drawn.file();
  return file ? { value: file } : {};
}
var ask_default = {
  render({ model, el }) {
    const words = model.get("words");
    const form = model.get("form");
    const { element, say } = status();
    const kept = place(model, [form.id, form.title]);
    const draft = kept.found() ?? model.get("draft");
    const mark = node("span", { className: "upskill-unsaved", hidden: draft === null }, words.unsaved);
    const way = line(model, say);
    const later = settled((raw) => way.ask({ draft: raw }), DRAFT_MS);
    const tell = (text) => {
      say(text);
      touched();
    };
    let drawn = DRAW[form.form](form, draft ?? model.get("given"), words, tell);
    const touched = keeper(drawn, mark, kept, later);
    if (kept.found() !== null) touched();
    const slider = form.confidence ? sure(words, chance(form), model.get("confidence")) : null;
    const save = button(words.save);
    const body = node("div", {}, ...drawn.parts);
    const foot = node("div", { className: "upskill-foot" }, save, mark, element);
    const block = node(
      "fieldset",
      { className: "upskill-item" },
      node("legend", {}, form.title),
      body,
      ...slider ? [slider.element] : [],
      foot
    );
    body.addEventListener("input", ({ target }) => {
      target.removeAttribute("aria-invalid");
      tell("");
    });
    body.addEventListener("focusout", () => later.now());
    save.addEventListener("click", () => {
      const { value, unread, at } = answerOf(form, drawn);
      const fault = body.querySelectorAll(".upskill-field")[at];
      if (fault) {
        fault.setAttribute("aria-invalid", "true");
        fault.focus();
        say(fill(words.unread, { text: unread }));
      } else if (value === void 0) say(words.empty);
      else if (slider?.read() === null) {
        slider.focus();
        say(words.say);
      } else {
        const more = slider ? { confidence: slider.read() } : {};
        say("");
        later.now();
        if (drawn.file) sendFile(way, value, more);
        else way.ask({ value, ...more });
      }
    });
    const replied = () => {
      const { text, refused } = model.get("reply");
      if (form.form === "file" && !refused) {
        drawn = DRAW.file(form, model.get("given"));
        body.replaceChildren(...drawn.parts);
      }
      mark.hidden = !refused && model.get("draft") === null;
      block.dataset.refused = refused;
      say(text);
    };
    if (model.get("reply").text) replied();
    else if (mark.hidden && model.get("attempts")) say(fill(words.given, { attempts: model.get("attempts") }));
    model.on("change:reply", replied);
    model.on("change:heard", kept.clear);
    el.append(root(model, "ask"));
    el.lastChild.append(block);
    return () => {
      model.off("change:reply", replied);
      model.off("change:heard", kept.clear);
      later.now();
      way.close();
    };
  }
};
export {
  ask_default as default
};
