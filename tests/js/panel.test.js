import assert from "node:assert/strict";
import { test } from "node:test";

import { notebookOf } from "../../kit/widgets/js/base.js";
import { answersIn, changedSince, put } from "../../kit/widgets/js/panel.js";

const cell = (id, type, kit, text) => {
  const state = { text, cleared: false };
  return {
    id,
    type,
    state,
    getMetadata: (name) => (name === "kit" ? kit : undefined),
    sharedModel: { getSource: () => state.text, setSource: (source) => { state.text = source; } },
    clearExecution: () => { state.cleared = true; },
  };
};

/** A notebook as JupyterLab hands it to a widget; cells can be gone through, and are no array. */
function notebook(...cells) {
  const found = { saved: 0, model: { cells: new Set(cells) } };
  found.save = async () => { found.saved += 1; };
  return found;
}

test("answers are found by what their cells say, not by place or text", () => {
  const mine = cell("a", "code", { id: "count", role: "answer" }, "count = 3");
  const written = cell("b", "markdown", { id: "count", role: "manual" }, "Because.");
  const others = [
    cell("c", "code", { id: "count", role: "check" }, 'wb.check("count")'),
    cell("d", "code", { id: "total", role: "answer" }, "count = 4"),
    cell("e", "code", undefined, "count = 5"),
  ];
  assert.deepEqual(
    answersIn(notebook(...others, mine, written), "count").map((one) => [one.id, one.cell_type, one.source]),
    [["a", "code", "count = 3"], ["b", "markdown", "Because."]],
  );
  assert.deepEqual(answersIn(notebook(mine), "count")[0].metadata.kit, { id: "count", role: "answer" });
});

test("an answer that was changed since it ran is told from one that was not, and from others", () => {
  const mine = { id: "count", role: "answer" };
  const edited = (metadata, isDirty) => ({ ...cell("a", "code", metadata, "x = 2"), isDirty });
  assert.equal(changedSince(notebook(edited(mine, true)), "count"), true);
  assert.equal(changedSince(notebook(edited(mine, false)), "count"), false);
  assert.equal(changedSince(notebook(edited({ id: "total", role: "answer" }, true)), "count"), false);
  // prose is not run
  assert.equal(changedSince(notebook(cell("b", "markdown", mine, "text")), "count"), false);
  assert.equal(changedSince(null, "count"), false);
});

test("a text goes into its cell, its old results go, and the notebook is saved", () => {
  const code = cell("a", "code", {}, "old");
  const text = cell("b", "markdown", {}, "old");
  const page = notebook(code, text);
  assert.deepEqual(put(page, [{ id: "a", source: "new" }, { id: "b", source: "prose" }]), []);
  assert.deepEqual([code.state, text.state], [{ text: "new", cleared: true }, { text: "prose", cleared: false }]);
  assert.equal(page.saved, 1);
});

test("a text without a cell comes back, and nothing is saved for it", () => {
  const page = notebook(cell("a", "code", {}, "stays"));
  assert.deepEqual(put(page, [{ id: "gone", source: "new" }, { id: "", source: "too" }]), ["new", "too"]);
  assert.equal(page.saved, 0);
  assert.equal([...page.model.cells][0].state.text, "stays");
});

test("a front end without a notebook to reach has no answers and takes no text", () => {
  for (const model of [{}, { widget_manager: {} }, { widget_manager: { context: null } }]) {
    const page = notebookOf(model);
    assert.equal(page, null);
    assert.deepEqual(answersIn(page, "count"), []);
    assert.deepEqual(put(page, [{ id: "a", source: "new" }]), ["new"]);
  }
});

test("a notebook that cannot be saved now keeps the text", async () => {
  const one = cell("a", "code", {}, "old");
  const page = { ...notebook(one), save: () => Promise.reject(new Error("changed on disk")) };
  assert.deepEqual(put(page, [{ id: "a", source: "new" }]), []);
  await new Promise(setImmediate);
  assert.equal(one.state.text, "new");
});
