// A form of an exercise. What counts as an answer is decided in Python; here it is drawn and sent.

import { button, fill, line, node, root, settled, status } from "./base.js";
import { CHUNK, chance, cuts, moved, ordered, read } from "./parts/forms.js";
import { place } from "./parts/kept.js";
import { sure } from "./parts/sure.js";

// while somebody types, a draft is not worth a message for each key
const DRAFT_MS = 600;

function field(type, value, label) {
  const input = node("input", { type: "text", className: "upskill-field", "aria-label": label });
  if (type === "number") {
    // not of type number: what such a field cannot read it hides, and a comma is read differently
    input.inputMode = "decimal";
    input.autocomplete = "off";
    input.dataset.number = "yes";
  }
  input.value = value ?? "";
  return input;
}

function picks(form, type, given, raw) {
  // one name in two views, or in two widgets, would make their options one group
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
  const rows = new Map();
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
    // a node that is moved loses the focus, and the keyboard its place
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
  // what a narrow window shows in place of the head
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
  const add = (values) => {
    const remove = button("×", { "data-title": words.remove });
    const cells = form.columns.map((column, at) => cell(column, heads[at], values[column.id], `${column.title}, ${words.row}`));
    const row = node("tr", {}, ...cells, node("td", {}, remove));
    remove.addEventListener("click", () => {
      const at = [...body.rows].indexOf(row);
      row.remove();
      number();
      // on with the row that took its place; after the last one, with adding another
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
    box.addEventListener("change", () => { reason.hidden = !box.checked; });
    const label = node("label", { className: "upskill-option" }, box, node("span", {}, `${key}. ${text}`));
    return node("div", {}, label, reason);
  });
  const raw = () => Object.fromEntries(rows.map((row) => [row.querySelector("input"), row.lastChild])
    .filter(([box]) => box.checked).map(([box, reason]) => [box.value, reason.value]));
  return { parts: rows, raw };
}

function defence(form, given) {
  const inputs = form.questions.map((one) => field(one.numeric ? "number" : "text", given?.[one.id]));
  const parts = form.questions.map((one, at) => node("label", { className: "upskill-asked" }, `${at + 1}. ${one.text}`, inputs[at]));
  return { parts, raw: () => Object.fromEntries(form.questions.map((one, at) => [one.id, inputs[at].value])) };
}

const DRAW = {
  choice: (form, given) => picks(form, "radio", [given], ([one]) => one ?? null),
  choices: (form, given) => picks(form, "checkbox", given ?? [], (all) => all),
  ranking, table, audit, defence,
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
  },
};

async function sendFile(way, file, more) {
  for (const { part, from, to, last } of cuts(file.size)) {
    const piece = await file.slice(from, to).arrayBuffer();
    way.ask({ name: file.name, part, last, ...more }, [piece], CHUNK / 1000);
  }
}

/**
 * What the form has just become: a mark that stays while it is not saved, and a draft of it,
 * which the page keeps until Python has it.
 */
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

export default {
  render({ model, el }) {
    const words = model.get("words");
    const form = model.get("form");
    const { element, say } = status();
    const kept = place(model, [form.id, form.title]);
    const draft = kept.found() ?? model.get("draft");
    const mark = node("span", { className: "upskill-unsaved", hidden: draft === null }, words.unsaved);
    const way = line(model, say);
    const later = settled((raw) => way.ask({ draft: raw }), DRAFT_MS);
    // what is said of an earlier answer does not hold for this one
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
    const block = node("fieldset", { className: "upskill-item" }, node("legend", {}, form.title), body,
      ...(slider ? [slider.element] : []), foot);
    body.addEventListener("input", ({ target }) => {
      target.removeAttribute("aria-invalid");
      tell("");
    });
    // before the cell runs again, somebody has left the form
    body.addEventListener("focusout", () => later.now());
    save.addEventListener("click", () => {
      const { value, unread, at } = answerOf(form, drawn);
      const fault = body.querySelectorAll(".upskill-field")[at];
      if (fault) {
        fault.setAttribute("aria-invalid", "true");
        fault.focus();
        say(fill(words.unread, { text: unread }));
      } else if (value === undefined) say(words.empty);
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
  },
};
