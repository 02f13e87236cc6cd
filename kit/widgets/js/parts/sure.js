// How sure somebody is. Nothing is preset: a slider that was never moved says nothing.

import { button, node } from "../base.js";

const MIDDLE = 50;
const STEPS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "PageUp", "PageDown"];

/**
 * A slider and a button for who guesses, which is as sure as `chance`. `read()` gives 0 to 100,
 * null before anything is said. `given` was said before; `fix(value)` makes it stand.
 */
export function sure(words, chance, given = null) {
  let said = given;
  const slider = node("input", { type: "range", min: 0, max: 100, step: 5 });
  // the slider says its value itself; only the button's is said beside it
  const shown = node("span", { className: "upskill-said", "aria-hidden": "true" });
  const spoken = node("span", { className: "upskill-spoken", role: "status", "aria-live": "polite" });
  const set = (value) => {
    said = value;
    const text = said === null ? words.unsaid : `${said} %`;
    // an empty track says nothing of a middle
    slider.value = said ?? 0;
    slider.dataset.said = said !== null;
    slider.setAttribute("aria-valuetext", text);
    shown.textContent = text;
  };
  const moved = () => set(Number(slider.value));
  // a press where the thumb lies hidden changes no value, and is meant all the same; a click
  // would also come from the label
  for (const event of ["input", "pointerup"]) slider.addEventListener(event, moved);
  slider.addEventListener("keydown", (event) => {
    if (said !== null) return;
    // the first step goes from the middle; at the lower end the slider does not know of a change
    if (STEPS.includes(event.key)) slider.value = MIDDLE;
    if (event.key === "Home") moved();
  });
  const guess = button(words.guess);
  guess.addEventListener("click", () => {
    set(chance);
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
    },
  };
}
