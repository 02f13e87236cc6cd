// A frame around itables' table: its names for who cannot see it, and what a narrow page needs.
import { fill, node, root } from "./base.js";

const label = (element, text) => {
  if (element && element.getAttribute("aria-label") !== text) element.setAttribute("aria-label", text);
};

/** The names of the columns, from their heads. */
export const heads = (table) => [...table.querySelectorAll("thead tr:first-child .dt-column-title")]
  .map((title) => title.textContent);

/** Names what DataTables leaves without a name; done again whenever it draws. */
export function dress(place, words, about) {
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
  // a group: a notebook of twenty tables would be one of twenty landmarks
  place.querySelector("nav")?.setAttribute("role", "none");
  place.querySelector("nav")?.removeAttribute("aria-label");
  place.querySelector(".dt-paging")?.setAttribute("role", "group");
  label(place.querySelector(".dt-paging"), words.pages);
}

export default {
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
  },
};
