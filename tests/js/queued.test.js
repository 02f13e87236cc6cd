import assert from "node:assert/strict";
import { test } from "node:test";

import { queued } from "../../kit/widgets/js/base.js";

const settle = () => new Promise(setImmediate);

/** A notebook whose saves end when the test says so; `most` is how many ever ran at once. */
function notebook() {
  const ends = [];
  const page = { begun: 0, most: 0, running: 0 };
  page.save = () => {
    page.begun += 1;
    page.running += 1;
    page.most = Math.max(page.most, page.running);
    return new Promise((resolve, reject) => ends.push({ resolve, reject })).finally(() => { page.running -= 1; });
  };
  page.end = async (error) => {
    const { resolve, reject } = ends.shift();
    if (error) reject(error);
    else resolve();
    await settle();
  };
  return page;
}

test("one save runs, and all who ask meanwhile wait for the same next one", async () => {
  const page = notebook();
  queued(page);
  const told = [];
  for (const name of ["first", "second", "third"]) page.save().then(() => told.push(name));
  await settle();
  assert.equal(page.begun, 1);
  await page.end();
  assert.deepEqual([told, page.begun], [["first"], 2]);
  page.save().then(() => told.push("fourth"));
  await page.end();
  assert.deepEqual([told, page.begun], [["first", "second", "third"], 3]);
  await page.end();
  assert.deepEqual([told.at(-1), page.begun, page.most], ["fourth", 3, 1]);
});

test("with a save that fails who waits fails too, and the next one runs as if nothing had been", async () => {
  const page = notebook();
  queued(page);
  const told = [];
  for (const name of ["first", "second"]) page.save().catch((error) => told.push(`${name} ${error.message}`));
  await page.end(new Error("cancelled"));
  assert.deepEqual(told, ["first cancelled", "second cancelled"]);
  assert.equal(page.begun, 1);
  page.save().then(() => told.push("third"));
  await page.end();
  assert.deepEqual([told.at(-1), page.begun, page.most], ["third", 2, 1]);
});

test("the bundles of many widgets queue a notebook once, and none where there is no notebook", async () => {
  const page = notebook();
  queued(page);
  const { save } = page;
  const other = await import("../../kit/widgets/js/base.js?another-bundle");
  other.queued(page);
  assert.equal(page.save, save);
  queued(null);
});
