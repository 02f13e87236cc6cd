// kit/widgets/js/base.js
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
var fill = (template, values) => template.replace(/\{(\w+)\}/g, (whole, name) => name in values ? values[name] : whole);
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
function root(model, name, label2) {
  guarded(() => queued(notebookOf(model)));
  const traits = { className: `upskill upskill-live upskill-${name}`, role: "group", "data-lm-suppress-shortcuts": "true" };
  const element = node("div", traits, node("p", { className: "upskill-gone" }, model.get("words").offline));
  if (label2) element.setAttribute("aria-label", label2);
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

// kit/widgets/js/rows.js
var label = (element, text) => {
  if (element && element.getAttribute("aria-label") !== text) element.setAttribute("aria-label", text);
};
var heads = (table) => [...table.querySelectorAll("thead tr:first-child .dt-column-title")].map((title) => title.textContent);
function dress(place, words, about) {
  const table = place.querySelector("table");
  if (!table) return;
  const names = heads(table);
  label(table, about);
  place.style.setProperty("--columns", names.length);
  [...table.querySelectorAll("thead tr:nth-child(2) > *")].forEach((cell, index) => {
    const column = names[index];
    label(cell.querySelector("input"), fill(words.filter, { column }));
    label(cell.querySelector("select"), fill(words.how, { column }));
  });
  for (const row of table.querySelectorAll("tbody tr")) {
    [...row.children].forEach((cell, index) => {
      if (!cell.dataset.head && row.children.length === names.length) cell.dataset.head = names[index];
    });
  }
  place.querySelector("nav")?.setAttribute("role", "none");
  place.querySelector("nav")?.removeAttribute("aria-label");
  place.querySelector(".dt-paging")?.setAttribute("role", "group");
  label(place.querySelector(".dt-paging"), words.pages);
}
var rows_default = {
  async render({ model, el }) {
    const about = model.get("about") || model.get("note");
    const section = root(model, "rows", about);
    const place = node("div", { className: "upskill-table" });
    if (model.get("about")) section.append(node("p", {}, node("strong", {}, model.get("about"))));
    section.append(node("p", { className: "upskill-quiet" }, model.get("note")), place);
    el.append(section);
    const watch = new MutationObserver(() => dress(place, model.get("words"), about));
    watch.observe(place, { childList: true, subtree: true });
    const name = model.get("table").replace("IPY_MODEL_", "");
    const view = await model.widget_manager.create_view(await model.widget_manager.get_model(name));
    place.append(view.el);
    return () => {
      watch.disconnect();
      view.remove();
    };
  }
};
export {
  rows_default as default,
  dress,
  heads
};
