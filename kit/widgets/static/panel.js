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
var MARKS = /`([^`]+)`|(?<![\p{L}\p{N}_*])\*([\p{L}\p{N}_][^*\n]*)\*(?![\p{L}\p{N}_])/u;
var INDENT = "    ";
function pieces(text) {
  return String(text).split("\n").flatMap((line2, number) => {
    const columns = [["code", line2.slice(INDENT.length).replaceAll(" ", " ")]];
    const found = line2.startsWith(INDENT) ? columns : line2.split(MARKS).map((part, index) => [["", "code", "em"][index % 3], part]).filter(([, part]) => part !== void 0 && part !== "");
    return number ? [["br", ""], ...found] : found;
  });
}
function told(element, text) {
  for (const [tag, part] of pieces(text)) element.append(tag ? node(tag, {}, part) : part);
  return element;
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

// kit/widgets/js/panel.js
var ACTIONS = ["check", "hint", "take", "reset", "undo"];
var ANSWERED = ["answer", "manual"];
var BREATH_MS = 60;
var cellsOf = (notebook, exercise) => [...notebook?.model?.cells ?? []].filter((cell) => cell.getMetadata("kit")?.id === exercise && ANSWERED.includes(cell.getMetadata("kit").role));
var answersIn = (notebook, exercise) => cellsOf(notebook, exercise).map((cell) => ({
  id: cell.id,
  cell_type: cell.type,
  metadata: { kit: cell.getMetadata("kit"), nbgrader: cell.getMetadata("nbgrader") },
  source: cell.sharedModel.getSource()
}));
var changedSince = (notebook, exercise) => cellsOf(notebook, exercise).some((cell) => cell.isDirty === true);
function put(notebook, texts) {
  const cells = new Map([...notebook?.model?.cells ?? []].map((cell) => [cell.id, cell]));
  const left = texts.filter(({ id }) => !cells.has(id));
  for (const { id, source } of texts) {
    const cell = cells.get(id);
    cell?.sharedModel.setSource(source);
    if (cell?.type === "code") cell.clearExecution();
  }
  if (left.length < texts.length) notebook.save().catch(() => {
  });
  return left.map(({ source }) => source);
}
function labelled([label, text]) {
  const row = node("p");
  if (label) row.append(told(node("strong", { className: "upskill-label" }), label));
  row.append(told(node("span"), text));
  return row;
}
function voice() {
  const shown = node("span", { className: "upskill-status" });
  const spoken = node("span", { className: "upskill-spoken" });
  const set = (visible, text) => {
    shown.textContent = visible;
    spoken.textContent = "";
    if (text) setTimeout(() => {
      spoken.textContent = text;
    }, BREATH_MS);
  };
  const element = node("div", { role: "status", "aria-live": "polite" }, shown, spoken);
  const say = (text, instead = shown.textContent) => {
    if (shown.textContent === instead) set(text, "");
  };
  return { element, say, whisper: (text) => set("", text) };
}
function content(section) {
  const head = node("p", { className: "upskill-head", tabIndex: -1 });
  const body = node("div", { className: "upskill-body" });
  const hints = node("ol", { className: "upskill-hints" });
  const coach = node("div", { className: "upskill-coach", role: "group" });
  const showHints = (texts) => {
    if (texts.length < hints.children.length) hints.replaceChildren();
    for (const hint of texts.slice(hints.children.length)) hints.append(told(node("li", { tabIndex: -1 }), hint));
    hints.hidden = !texts.length;
  };
  const update = (view) => {
    section.dataset.outcome = view.kind;
    section.setAttribute("aria-label", view.title);
    head.replaceChildren(
      node("span", { className: "upskill-sign", "aria-hidden": "true" }, view.sign),
      node("strong", {}, view.heading),
      node("span", { className: "upskill-title" }, view.title)
    );
    body.replaceChildren(...view.lines.map(labelled));
    if (view.waits) body.append(told(node("p", { className: "upskill-waits" }), view.waits));
    if (view.report) {
      const report = node("pre", { tabIndex: 0 }, view.report);
      body.append(node("details", {}, told(node("summary"), view.report_label), report));
    }
    showHints(view.hints);
    coach.setAttribute("aria-label", view.coach_label);
    const title = told(node("p", { className: "upskill-coach-title" }), view.coach_label);
    coach.replaceChildren(title, ...view.coach.map(labelled));
    coach.hidden = !view.coach.length;
  };
  return { parts: [head, body, hints, coach], head, hints, update };
}
function question(words, asked) {
  const yes = button(words.yes, { "data-action": "yes" });
  const no = button(words.no, { "data-action": "no" });
  const element = node(
    "div",
    { className: "upskill-sure", role: "group", "aria-label": words.sure, tabIndex: -1, hidden: true },
    node("p", {}, words.sure),
    node("div", { className: "upskill-actions" }, yes, no)
  );
  yes.addEventListener("click", () => asked(true));
  no.addEventListener("click", () => asked(false));
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    asked(false);
  });
  return element;
}
function box(words, speak) {
  const text = node("pre", { tabIndex: 0, role: "group", "aria-label": words.paste });
  const copy = button(words.copy, { "data-action": "copy" });
  const element = node("div", { className: "upskill-box", hidden: true }, node("p", {}, words.paste), text, copy);
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.textContent);
      speak(words.copied);
    } catch {
      getSelection().selectAllChildren(text);
      text.focus();
    }
  });
  const show = (texts) => {
    text.textContent = texts.join("\n\n");
    element.hidden = !texts.length;
    if (texts.length) element.querySelector("pre").focus();
  };
  return { element, show };
}
function buttons(press) {
  const all = Object.fromEntries(ACTIONS.map((action) => {
    const control = button("", { "data-action": action });
    control.addEventListener("click", () => press(action));
    return [action, control];
  }));
  const update = (view) => {
    for (const action of ACTIONS) {
      all[action].textContent = view[`${action}_label`];
      all[action].hidden = !view[`${action}_label`];
    }
  };
  const anew = node("span", { className: "upskill-anew" }, all.reset, all.undo);
  const element = node("div", { className: "upskill-actions" }, all.check, all.hint, all.take, anew);
  return { all, element, update };
}
function messenger(model, section, say) {
  let last = "";
  let working = false;
  const settle = () => {
    working = false;
    section.removeAttribute("aria-busy");
  };
  const way = line(model, say, settle);
  const send = (action, more = {}) => {
    if (working) return;
    working = true;
    last = action;
    section.setAttribute("aria-busy", "true");
    way.ask({ action, ...more });
  };
  const heard = () => {
    if (!model.get("heard").working) settle();
  };
  return { send, settle, heard, last: () => last, close: way.close };
}
var panel_default = {
  render({ model, el }) {
    const words = model.get("words");
    const section = root(model, "panel");
    const speaker = voice();
    const shown = content(section);
    const courier = messenger(model, section, speaker.say);
    const cells = () => guarded(() => answersIn(notebookOf(model), model.get("view").exercise), []);
    const controls = buttons((action) => {
      const unrun = action === "check" && guarded(() => changedSince(notebookOf(model), model.get("view").exercise), false);
      if (action === "reset") ask(true);
      else if (unrun) speaker.say(words.unrun);
      else courier.send(action, action === "undo" ? { cells: cells() } : {});
    });
    const sure = question(words, (yes) => {
      ask(false);
      if (yes) courier.send("reset", { cells: cells() });
    });
    const ask = (open) => {
      sure.hidden = !open;
      (open ? sure : controls.all.reset).focus();
    };
    const paste = box(words, (text) => speaker.say(text));
    const { why_label: asked, why } = model.get("view");
    const locked = node("details", { className: "upskill-why", hidden: !why }, told(node("summary"), asked), told(node("p"), why));
    const follow = (last) => {
      const same = controls.all[last === "reset" ? "undo" : last];
      const appeared = last === "hint" ? shown.hints.lastElementChild : shown.head;
      (same.hidden ? appeared : same).focus();
    };
    const redraw = () => {
      const view = model.get("view");
      const last = courier.last();
      const inside = section.contains(document.activeElement) && document.activeElement.dataset.action === last;
      courier.settle();
      speaker.say("");
      shown.update(view);
      controls.update(view);
      if (inside) follow(last);
    };
    const tell = () => {
      const text = model.get("news");
      if (!text) return;
      speaker.whisper(text);
      model.set("news", "");
      model.save_changes();
    };
    const message = ({ texts }) => {
      if (Array.isArray(texts)) paste.show(guarded(() => put(notebookOf(model), texts), texts.map((one) => one.source)));
    };
    section.append(...shown.parts, controls.element, sure, paste.element, locked, speaker.element);
    el.append(section);
    redraw();
    tell();
    const events = { "change:view": redraw, "change:heard": courier.heard, "change:news": tell, "msg:custom": message };
    for (const [event, call] of Object.entries(events)) model.on(event, call);
    return () => {
      for (const [event, call] of Object.entries(events)) model.off(event, call);
      courier.close();
    };
  }
};
export {
  answersIn,
  changedSince,
  panel_default as default,
  put
};
