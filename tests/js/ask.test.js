import assert from "node:assert/strict";
import { test } from "node:test";

import { chance, cuts, moved, ordered, read, readNumber } from "../../kit/widgets/js/parts/forms.js";

const COLUMNS = [
  { id: "disk", type: "text" }, { id: "size", type: "number" }, { id: "keep", type: "choice" },
];

test("a number is read as it is usually typed, on a Korean keyboard, too", () => {
  const typed = { 1200: 1200, " 1.5 ": 1.5, "-3": -3, "+2": 2, ".5": 0.5, "2.": 2, "1e3": 1000, "７５．５": 75.5, "−4": -4, "0": 0 };
  for (const [text, value] of Object.entries(typed)) assert.equal(readNumber(text), value, text);
  assert.equal(readNumber("  "), null);
});

test("what could be another number in another country is none", () => {
  for (const text of ["1,200", "1,5", "1 200", "1.200.000", "12 GB", "12%", "0x10", "Infinity", "1e999", "e5", "-", "．", "열"]) {
    assert.equal(readNumber(text), undefined, text);
  }
});

test("moving one place on changes two neighbours, and beyond an end nothing", () => {
  assert.deepEqual(moved(["a", "b", "c"], "b", -1), ["b", "a", "c"]);
  assert.deepEqual(moved(["a", "b", "c"], "b", 1), ["a", "c", "b"]);
  assert.equal(moved(["a", "b", "c"], "a", -1), null);
  assert.equal(moved(["a", "b", "c"], "c", 1), null);
  assert.equal(moved(["a"], "z", 1), null);
});

test("any sequence of moves keeps each option once", () => {
  let keys = ["a", "b", "c", "d"];
  for (let step = 0; step < 200; step += 1) keys = moved(keys, "abcd"[(step * 7) % 4], step % 3 ? 1 : -1) ?? keys;
  assert.deepEqual([...keys].sort(), ["a", "b", "c", "d"]);
});

test("an order from before holds as far as its options are still asked about", () => {
  assert.deepEqual(ordered(["a", "b", "c"], ["c", "a", "b"]), ["c", "a", "b"]);
  assert.deepEqual(ordered(["a", "b", "c"], ["c", "gone", "c"]), ["c", "a", "b"]);
  for (const none of [null, undefined, "cab", 3]) assert.deepEqual(ordered(["a", "b"], none), ["a", "b"]);
});

test("a file is cut into pieces that are the file again, an empty one into one", () => {
  const whole = Uint8Array.from({ length: 25 }, (_, at) => at);
  for (const [size, count] of [[0, 1], [1, 1], [10, 1], [11, 2], [25, 3]]) {
    const pieces = cuts(size, 10);
    assert.equal(pieces.length, count);
    assert.deepEqual(pieces.map((one) => one.part), [...pieces.keys()]);
    assert.deepEqual(pieces.map((one) => one.last), pieces.map((_, at) => at === count - 1));
    const again = pieces.flatMap(({ from, to }) => [...whole.slice(0, size).slice(from, to)]);
    assert.deepEqual(again, [...whole.slice(0, size)]);
  }
});

test("nothing chosen and nothing written is no answer; a draft with nothing wrong is one", () => {
  for (const [form, raw] of [["choice", null], ["choices", []], ["text", "  \n"], ["number", " "]]) {
    assert.deepEqual(read({ form }, raw), {}, form);
  }
  assert.deepEqual(read({ form: "audit" }, {}), { value: {} });
  assert.deepEqual(read({ form: "choice" }, "b"), { value: "b" });
  assert.deepEqual(read({ form: "choices" }, ["b", "a"]), { value: ["b", "a"] });
  assert.deepEqual(read({ form: "text" }, " so \n"), { value: "so" });
  assert.deepEqual(read({ form: "ranking" }, ["b", "a"]), { value: ["b", "a"] });
  assert.deepEqual(read({ form: "number" }, "0"), { value: 0 });
});

test("cells of a table are numbers where their column is, and empty ones stay empty", () => {
  const rows = [{ disk: "db", size: "8", keep: "yes" }, { disk: "", size: "" }];
  assert.deepEqual(read({ form: "table", columns: COLUMNS }, rows), {
    value: [{ disk: "db", size: 8, keep: "yes" }, { disk: "", size: null, keep: "" }],
  });
});

test("what cannot be read is told with the place of its field", () => {
  const rows = [{ disk: "1,200", size: "8" }, { disk: "db", size: "1,200" }];
  assert.deepEqual(read({ form: "table", columns: COLUMNS }, rows), { unread: "1,200", at: 4 });
  assert.deepEqual(read({ form: "number" }, "12 GB"), { unread: "12 GB", at: 0 });
  const questions = [{ id: "q1", numeric: false }, { id: "q2", numeric: true }];
  assert.deepEqual(read({ form: "defence", questions }, { q1: "db", q2: "two" }), { unread: "two", at: 1 });
  assert.deepEqual(read({ form: "defence", questions }, { q1: "db" }), { value: { q1: "db", q2: null } });
});

test("who guesses is as sure as chance", () => {
  const options = (count) => Array.from({ length: count }, (_, at) => [`${at}`, ""]);
  assert.equal(chance({ form: "choice", options: options(4) }), 25);
  assert.equal(chance({ form: "choice", options: options(3) }), 33);
  assert.equal(chance({ form: "choice", options: [] }), 0);
  assert.equal(chance({ form: "ranking", options: options(4) }), 0);
  assert.equal(chance({ form: "number", options: [] }), 0);
});
