// What stands in the forms of this page and Python has not taken: a kernel that goes does not take
// it along, and who runs the cell again finds it.

import { guarded, notebookOf } from "../base.js";

// forms and questions are bundles of their own
const KEPT = Symbol.for("upskill.kept");

/** The place of a form, by its notebook and name; it holds null until something is `put` there. */
export function place(model, name) {
  globalThis[KEPT] ??= new Map();
  const all = globalThis[KEPT];
  const key = JSON.stringify([guarded(() => notebookOf(model).path, ""), name]);
  return {
    put: (value) => all.set(key, value),
    found: () => all.get(key) ?? null,
    clear: () => all.delete(key),
  };
}
