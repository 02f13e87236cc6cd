// A form of an exercise. What counts as an answer is decided in Python; here it is drawn and sent.

const PATIENCE_MS = 2500;
const CHUNK = 1 << 20;

// text given as a child becomes a text node: nothing is ever parsed as markup
function node(tag, traits = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(traits)) {
    if (name.includes("-") || name === "role") element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children);
  return element;
}

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
const asNumber = (input) => (Number.isNaN(input.valueAsNumber) ? null : input.valueAsNumber);

function field(type, value, label) {
  const input = node("input", { type, className: "upskill-field", "aria-label": label });
  if (type === "number") input.step = "any";
  input.value = value ?? "";
  return input;
}

function picks(form, type, given, read) {
  // one name in two views, or in two widgets, would make their options one group
  const name = `upskill-${form.id}-${Math.random()}`;
  const rows = form.options.map(([value, text]) => {
    const input = node("input", { type, name, value });
    input.checked = given.includes(value);
    return node("label", { className: "upskill-option" }, input, node("span", {}, text));
  });
  const chosen = () => rows.map((row) => row.firstChild).filter((input) => input.checked);
  return { parts: rows, read: () => read(chosen().map((input) => input.value)) };
}

function ranking(form, given, words, say) {
  const texts = new Map(form.options);
  const list = node("ol", { className: "upskill-order" });
  const move = (row, by, button) => {
    const rows = [...list.children];
    const place = rows.indexOf(row) + by;
    if (place < 0 || place >= rows.length) return;
    if (by < 0) rows[place].before(row);
    else rows[place].after(row);
    // a node that is moved loses the focus, and the keyboard its place
    button.focus();
    ends();
    say(fill(words.place, { text: texts.get(row.dataset.key), place: place + 1, all: rows.length }));
  };
  const ends = () => [...list.children].forEach((row, at, { length }) => {
    const [up, down] = row.querySelectorAll("button");
    up.setAttribute("aria-disabled", at === 0);
    down.setAttribute("aria-disabled", at === length - 1);
  });
  for (const key of given ?? texts.keys()) {
    const row = node("li", {}, node("span", {}, texts.get(key)));
    row.dataset.key = key;
    for (const [sign, by, word] of [["↑", -1, words.up], ["↓", 1, words.down]]) {
      const label = fill(word, { text: texts.get(key) });
      const button = node("button", { type: "button", className: "upskill-button", "aria-label": label }, sign);
      button.addEventListener("click", () => move(row, by, button));
      row.append(button);
    }
    list.append(row);
  }
  ends();
  return { parts: [list], read: () => [...list.children].map((row) => row.dataset.key) };
}

function table(form, given, words) {
  const heads = form.columns.map((column) => column.title + (column.unit ? ` (${column.unit})` : ""));
  const body = node("tbody");
  const number = () => [...body.rows].forEach((row, at) => {
    row.querySelectorAll("[data-title]").forEach((input) => {
      input.setAttribute("aria-label", fill(input.dataset.title, { row: at + 1 }));
    });
  });
  const made = (column, value) => {
    let input = field(column.type === "number" ? "number" : "text", value, "");
    if (column.type === "choice") {
      const offered = [["", ""], ...column.options];
      input = node("select", { className: "upskill-field" }, ...offered.map(([key, text]) => node("option", { value: key }, text)));
      input.value = value ?? "";
    }
    input.dataset.title = `${column.title}, ${words.row}`;
    const cell = node("td", {}, input);
    // what a narrow window shows in place of the head
    cell.dataset.head = heads[form.columns.indexOf(column)];
    return cell;
  };
  const add = (values) => {
    const remove = node("button", { type: "button", className: "upskill-button", "data-title": words.remove }, "×");
    const row = node("tr", {}, ...form.columns.map((column) => made(column, values[column.id])), node("td", {}, remove));
    remove.addEventListener("click", () => {
      row.remove();
      number();
      more.focus();
    });
    body.append(row);
    number();
    return row;
  };
  const more = node("button", { type: "button", className: "upskill-button" }, words.add);
  more.addEventListener("click", () => add({}).querySelector(".upskill-field").focus());
  (given ?? [{}]).forEach(add);
  const head = heads.map((text) => node("th", { scope: "col" }, text));
  const whole = node("table", {}, node("thead", {}, node("tr", {}, ...head, node("td"))), body);
  const value = (row, column, at) => {
    const input = row.cells[at].firstChild;
    return column.type === "number" ? asNumber(input) : input.value;
  };
  const read = () => [...body.rows].map((row) => Object.fromEntries(form.columns.map((column, at) => [column.id, value(row, column, at)])));
  return { parts: [node("div", { className: "upskill-wide" }, whole), more], read };
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
  const read = () => Object.fromEntries(rows.map((row) => [row.querySelector("input"), row.lastChild])
    .filter(([box]) => box.checked).map(([box, reason]) => [box.value, reason.value]));
  return { parts: rows, read };
}

function defence(form, given) {
  const inputs = form.questions.map((one) => field(one.numeric ? "number" : "text", given?.[one.id], one.text));
  const parts = form.questions.map((one, at) => node("label", { className: "upskill-asked" }, `${at + 1}. ${one.text}`, inputs[at]));
  const told = (one, at) => [one.id, one.numeric ? asNumber(inputs[at]) : inputs[at].value];
  return { parts, read: () => Object.fromEntries(form.questions.map(told)) };
}

const DRAW = {
  choice: (form, given) => picks(form, "radio", [given], ([one]) => one),
  choices: (form, given) => picks(form, "checkbox", given ?? [], (all) => (all.length ? all : undefined)),
  ranking, table, audit, defence,
  number: (form, given) => {
    const input = field("number", given, form.title);
    return { parts: [node("label", { className: "upskill-line" }, input, form.unit)], read: () => asNumber(input) ?? undefined };
  },
  text: (form, given) => {
    const input = node("textarea", { className: "upskill-field", rows: 4, value: given ?? "", "aria-label": form.title });
    return { parts: [input], read: () => input.value.trim() || undefined };
  },
  file: (form, given) => {
    const input = node("input", { type: "file", accept: form.suffixes.join(","), "aria-label": form.title });
    const told = given ? [node("p", {}, `${given.name} (sha256 ${given.sha256.slice(0, 12)}…)`)] : [];
    return { parts: [input, ...told], read: () => input.files[0] };
  },
};

async function sendFile(model, number, file) {
  // in pieces: a server closes the connection on a message that is too long
  for (let from = 0; from === 0 || from < file.size; from += CHUNK) {
    const piece = await file.slice(from, from + CHUNK).arrayBuffer();
    const last = from + CHUNK >= file.size;
    model.send({ number, name: file.name, part: from / CHUNK, last }, undefined, [piece]);
  }
}

export default {
  render({ model, el }) {
    const words = model.get("words");
    const form = model.get("form");
    const status = node("span", { className: "upskill-status", role: "status", "aria-live": "polite" });
    const say = (text) => { status.textContent = text; };
    let drawn = DRAW[form.form](form, model.get("given"), words, say);
    const save = node("button", { type: "button", className: "upskill-button" }, words.save);
    const body = node("div", {}, ...drawn.parts);
    const block = node("fieldset", { className: "upskill-item" }, node("legend", {}, form.title), body, node("div", { className: "upskill-foot" }, save, status));
    const root = node("section", { className: "upskill-items upskill-ask", "data-lm-suppress-shortcuts": "true" }, block);
    let number = 0;
    let silence;
    save.addEventListener("click", () => {
      const value = drawn.read();
      if (value === undefined) {
        say(words.empty);
        return;
      }
      number += 1;
      say("");
      clearTimeout(silence);
      // drawn from a saved notebook, nobody answers until the cell has run again
      silence = setTimeout(() => say(words.offline), PATIENCE_MS + (value.size ?? 0) / 1000);
      if (value instanceof File) sendFile(model, number, value);
      else model.send({ number, value });
    });
    const replied = () => {
      clearTimeout(silence);
      const { text, refused } = model.get("reply");
      if (form.form === "file" && !refused) {
        drawn = DRAW.file(form, model.get("given"));
        body.replaceChildren(...drawn.parts);
      }
      block.dataset.refused = refused;
      say(text);
    };
    if (model.get("attempts")) say(fill(words.given, { attempts: model.get("attempts") }));
    model.on("change:reply", replied);
    el.append(root);
    return () => model.off("change:reply", replied);
  },
};
