// Pre and post questions. Rules are in Python; an answer is sent once and then stands.
import { button, line, node, root, status } from "./base.js";
import { chance } from "./parts/forms.js";
import { place } from "./parts/kept.js";
import { sure } from "./parts/sure.js";

function optionRow(name, [value, text]) {
  const input = node("input", { type: "radio", name, value });
  return node("label", { className: "upskill-option" }, input, node("span", {}, text));
}

function questionBlock(model, question, number) {
  const words = model.get("words");
  // one name in two views would make their options one group
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
  const block = node("fieldset", { className: "upskill-item" },
    node("legend", {}, `${number}. ${question.question}`), ...rows, slider.element,
    node("div", { className: "upskill-foot" }, send, element));
  const choice = () => inputs.find((input) => input.checked);
  // the button for who guesses moves the slider and gives no input of its own
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
    // who has just answered goes on from here, not from the top of the notebook
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

export default {
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
  },
};
