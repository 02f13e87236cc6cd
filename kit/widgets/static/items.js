// Pre and post questions. Rules are in Python; an answer is sent once and then stands.

const PATIENCE_MS = 2500;

function node(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

function optionRow(question, [id, text], given) {
  const label = node("label", "upskill-option");
  const input = node("input");
  input.type = "radio";
  input.name = `upskill-${question.id}`;
  input.value = id;
  input.checked = given?.option === id;
  input.disabled = Boolean(given);
  label.append(input, node("span", "", text));
  return label;
}

function questionBlock(model, question, number) {
  const words = model.get("words");
  const given = model.get("answers")[question.id];
  const block = node("fieldset", "upskill-item");
  block.append(node("legend", "", `${number}. ${question.question}`));
  question.options.forEach((option) => block.append(optionRow(question, option, given)));
  const sure = node("label", "upskill-sure");
  const slider = node("input");
  Object.assign(slider, { type: "range", min: 0, max: 100, step: 5 });
  slider.value = given ? given.confidence : 50;
  slider.disabled = Boolean(given);
  const shown = node("output", "", `${slider.value} %`);
  slider.addEventListener("input", () => { shown.textContent = `${slider.value} %`; });
  sure.append(node("span", "", words.sure), slider, shown);
  const foot = node("div", "upskill-foot");
  const status = node("span", "upskill-status", given ? words.saved : "");
  status.setAttribute("role", "status");
  if (!given) {
    const send = node("button", "upskill-button", words.answer);
    send.type = "button";
    send.addEventListener("click", () => {
      const chosen = block.querySelector("input[type=radio]:checked");
      if (!chosen) status.textContent = words.choose;
      else {
        model.send({ item: question.id, option: chosen.value, confidence: Number(slider.value) });
        // drawn from a saved notebook, nobody answers until the cell has run again
        const silence = setTimeout(() => { status.textContent = words.offline; }, PATIENCE_MS);
        model.on("change:answers", () => clearTimeout(silence));
      }
    });
    foot.append(send);
  }
  foot.append(status);
  block.append(sure, foot);
  return block;
}

export default {
  render({ model, el }) {
    const root = node("section", "upskill-items");
    el.append(root);
    const blocks = new Map();
    const draw = (question, index) => {
      const fresh = questionBlock(model, question, index + 1);
      if (blocks.has(question.id)) blocks.get(question.id).replaceWith(fresh);
      else root.append(fresh);
      blocks.set(question.id, fresh);
    };
    model.get("questions").forEach(draw);
    // only the answered question is drawn again: choices made in the others stay
    const changed = () => {
      const answers = model.get("answers");
      model.get("questions").forEach((question, index) => {
        const open = blocks.get(question.id).querySelector("button");
        if (answers[question.id] && open) draw(question, index);
      });
    };
    model.on("change:answers", changed);
    return () => model.off("change:answers", changed);
  },
};
