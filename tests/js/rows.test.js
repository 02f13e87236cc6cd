import assert from "node:assert/strict";
import { test } from "node:test";

import { dress } from "../../kit/widgets/js/rows.js";

/** As much of an element as naming needs. */
function element(found = {}) {
  const attributes = new Map();
  return {
    attributes,
    dataset: {},
    style: { setProperty: (name, value) => attributes.set(name, value) },
    getAttribute: (name) => attributes.get(name) ?? null,
    setAttribute: (name, value) => attributes.set(name, value),
    removeAttribute: (name) => attributes.delete(name),
    querySelector: (selector) => found[selector] ?? null,
    querySelectorAll: (selector) => found[selector] ?? [],
  };
}

const words = { filter: "Filter {column}", how: "How {column}", pages: "Pages" };

function drawn() {
  const inputs = [element(), element()];
  const cells = [element(), element()];
  const message = [element()];
  const table = element({
    "thead tr:first-child .dt-column-title": [{ textContent: "machine" }, { textContent: "GiB" }],
    "thead tr:nth-child(2) > *": inputs.map((input) => element({ input })),
    "tbody tr": [{ children: cells }, { children: message }],
  });
  return { place: element({ table }), table, inputs, cells, message };
}

test("filters and cells are named by their column", () => {
  const { place, table, inputs, cells } = drawn();
  dress(place, words, "Rows: 2");
  assert.equal(table.getAttribute("aria-label"), "Rows: 2");
  assert.deepEqual(inputs.map((input) => input.getAttribute("aria-label")), ["Filter machine", "Filter GiB"]);
  assert.deepEqual(cells.map((cell) => cell.dataset.head), ["machine", "GiB"]);
  assert.equal(place.attributes.get("--columns"), 2);
});

test("the sentence of a table without rows belongs to no column", () => {
  const { place, message } = drawn();
  dress(place, words, "Rows: 0");
  assert.equal(message[0].dataset.head, undefined);
});

test("nothing happens before the table is there", () => {
  dress(element(), words, "");
});
