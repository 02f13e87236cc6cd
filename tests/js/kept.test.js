import assert from "node:assert/strict";
import { test } from "node:test";

import { place } from "../../kit/widgets/js/parts/kept.js";

const of = (path) => ({ widget_manager: { context: { path } } });

test("what stands in a form is found again by its notebook and name, until it is taken", () => {
  const mine = place(of("a/workbook.ipynb"), ["rule", "Which rule?"]);
  assert.equal(mine.found(), null);
  mine.put({ rule: "p95" });
  assert.deepEqual(place(of("a/workbook.ipynb"), ["rule", "Which rule?"]).found(), { rule: "p95" });
  assert.equal(place(of("b/workbook.ipynb"), ["rule", "Which rule?"]).found(), null);
  assert.equal(place({}, ["rule", "Which rule?"]).found(), null);
  mine.clear();
  assert.equal(place(of("a/workbook.ipynb"), ["rule", "Which rule?"]).found(), null);
});
