// Draws the exercise panel from the `view` trait. Its parts stay where they are when the view
// changes, so that neither focus nor what was opened is lost.
import { button, guarded, line, node, notebookOf, root, told } from "./base.js";

const ACTIONS = ["check", "hint", "take", "reset", "undo"];
const ANSWERED = ["answer", "manual"];
// a screen reader misses what changes in one go with the page
const BREATH_MS = 60;

const cellsOf = (notebook, exercise) => [...(notebook?.model?.cells ?? [])]
  .filter((cell) => cell.getMetadata("kit")?.id === exercise && ANSWERED.includes(cell.getMetadata("kit").role));

/** The answer cells of an exercise as they stand in the page. */
export const answersIn = (notebook, exercise) => cellsOf(notebook, exercise).map((cell) => ({
  id: cell.id,
  cell_type: cell.type,
  metadata: { kit: cell.getMetadata("kit"), nbgrader: cell.getMetadata("nbgrader") },
  source: cell.sharedModel.getSource(),
}));

/** Whether an answer was changed since it ran: a check would look at what it was before. */
export const changedSince = (notebook, exercise) => cellsOf(notebook, exercise).some((cell) => cell.isDirty === true);

/** Put texts into their cells and save; returns those that have no cell here. */
export function put(notebook, texts) {
  const cells = new Map([...(notebook?.model?.cells ?? [])].map((cell) => [cell.id, cell]));
  const left = texts.filter(({ id }) => !cells.has(id));
  for (const { id, source } of texts) {
    const cell = cells.get(id);
    cell?.sharedModel.setSource(source);
    // what the text before has printed is not this one's
    if (cell?.type === "code") cell.clearExecution();
  }
  // a notebook that cannot be saved now says so itself, and keeps the text
  if (left.length < texts.length) notebook.save().catch(() => {});
  return left.map(({ source }) => source);
}

function labelled([label, text]) {
  const row = node("p");
  if (label) row.append(told(node("strong", { className: "upskill-label" }), label));
  row.append(told(node("span"), text));
  return row;
}

/** The one place that speaks: `say` for all to read, `whisper` for who cannot see. */
function voice() {
  const shown = node("span", { className: "upskill-status" });
  const spoken = node("span", { className: "upskill-spoken" });
  const set = (visible, text) => {
    shown.textContent = visible;
    spoken.textContent = "";
    if (text) setTimeout(() => { spoken.textContent = text; }, BREATH_MS);
  };
  const element = node("div", { role: "status", "aria-live": "polite" }, shown, spoken);
  const say = (text, instead = shown.textContent) => {
    if (shown.textContent === instead) set(text, "");
  };
  return { element, say, whisper: (text) => set("", text) };
}

/** Outcome, message, hints, what a coach said: `update(view)` draws another view in place. */
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
      node("strong", {}, view.heading), node("span", { className: "upskill-title" }, view.title));
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

/** The question before a new start, in place; `asked(true)` is yes. */
function question(words, asked) {
  const yes = button(words.yes, { "data-action": "yes" });
  const no = button(words.no, { "data-action": "no" });
  const element = node("div", { className: "upskill-sure", role: "group", "aria-label": words.sure, tabIndex: -1, hidden: true },
    node("p", {}, words.sure), node("div", { className: "upskill-actions" }, yes, no));
  yes.addEventListener("click", () => asked(true));
  no.addEventListener("click", () => asked(false));
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    asked(false);
  });
  return element;
}

/** Texts for a cell that cannot be reached from here. */
function box(words, speak) {
  const text = node("pre", { tabIndex: 0, role: "group", "aria-label": words.paste });
  const copy = button(words.copy, { "data-action": "copy" });
  const element = node("div", { className: "upskill-box", hidden: true }, node("p", {}, words.paste), text, copy);
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.textContent);
      speak(words.copied);
    } catch {
      // no clipboard here: the text is marked, and the keys for copying do the rest
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

/** The buttons, which stay; `update(view)` names them and hides those without a name. */
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

/** What goes to Python, one thing at a time; `last()` is what was asked for. */
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

export default {
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

    /** Focus stays where it was; where that is gone, it goes to what has come instead. */
    const follow = (last) => {
      const same = controls.all[last === "reset" ? "undo" : last];
      const appeared = last === "hint" ? shown.hints.lastElementChild : shown.head;
      (same.hidden ? appeared : same).focus();
    };
    const redraw = () => {
      const view = model.get("view");
      const last = courier.last();
      const inside = section.contains(document.activeElement) && document.activeElement.dataset.action === last;
      // the next button may be pressed as soon as it is seen
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
      // said once: who opens the notebook again does not hear it again
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
  },
};
