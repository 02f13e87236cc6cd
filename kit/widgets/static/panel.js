// Draws the exercise panel from the `view` trait. Text only reaches the page as text nodes.

const PATIENCE_MS = 2500;

function node(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) fill(element, text);
  return element;
}

// `code` in backticks becomes <code>, *stress* becomes <em>, line ends become <br>.
const MARKS = /`([^`]+)`|(?<![\w*])\*(\w[^*\n]*)\*(?!\w)/;

function fill(element, text) {
  String(text).split("\n").forEach((line, number) => {
    if (number) element.append(document.createElement("br"));
    // split keeps both groups: plain, code, stress, plain, code, stress, ...
    line.split(MARKS).forEach((part, index) => {
      const tag = ["", "code", "em"][index % 3];
      if (part === undefined || part === "") return;
      element.append(tag ? Object.assign(document.createElement(tag), { textContent: part }) : part);
    });
  });
}

function button(label, action, model, note, offline) {
  const element = node("button", "upskill-button", label);
  element.type = "button";
  element.addEventListener("click", () => {
    model.send({ action });
    // after a kernel restart the panel is drawn from the saved notebook and nobody answers
    const silence = setTimeout(() => { note.textContent = offline; }, PATIENCE_MS);
    model.on("change:view", () => clearTimeout(silence));
  });
  return element;
}

function draw(model, root) {
  const view = model.get("view");
  root.replaceChildren();
  root.dataset.outcome = view.kind;
  const head = node("p", "upskill-head");
  head.append(node("span", "upskill-sign", view.sign), node("strong", "", view.heading));
  head.append(node("span", "upskill-title", view.title));
  const body = node("div", "upskill-body");
  body.setAttribute("aria-live", "polite");
  for (const [label, text] of view.lines) {
    const row = node("p");
    if (label) row.append(node("strong", "upskill-label", label));
    const span = node("span", "", text);
    row.append(span);
    body.append(row);
  }
  if (view.hints.length) {
    const list = node("ol", "upskill-hints");
    view.hints.forEach((hint) => list.append(node("li", "", hint)));
    body.append(list);
  }
  if (view.report) {
    const details = node("details");
    details.append(node("summary", "", view.report_label), node("pre", "", ""));
    details.lastChild.textContent = view.report;
    body.append(details);
  }
  const note = node("p", "upskill-note");
  note.setAttribute("role", "status");
  const actions = node("div", "upskill-actions");
  if (view.hint_label) actions.append(button(view.hint_label, "hint", model, note, view.offline));
  if (view.take_label) actions.append(button(view.take_label, "take", model, note, view.offline));
  root.append(head, body, actions, note);
}

export default {
  render({ model, el }) {
    const root = node("section", "upskill-panel");
    root.setAttribute("aria-label", model.get("view").title);
    el.append(root);
    const redraw = () => draw(model, root);
    model.on("change:view", redraw);
    redraw();
    return () => model.off("change:view", redraw);
  },
};
