import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { fill, line, path, pieces, scale, settled } from "../../kit/widgets/js/base.js";

/** A model as a widget sees it, with what was sent. */
export function model(values = {}) {
  const heard = new Map();
  const sent = [];
  return {
    sent,
    get: (name) => values[name],
    set(name, value) {
      values[name] = value;
      for (const call of heard.get(`change:${name}`) ?? []) call();
    },
    on: (name, call) => heard.set(name, [...(heard.get(name) ?? []), call]),
    off: (name, call) => heard.set(name, (heard.get(name) ?? []).filter((one) => one !== call)),
    send: (message, _callbacks, buffers) => sent.push({ ...message, buffers }),
  };
}

test("code, stress and line ends of a message are told apart; the rest stays as it is", () => {
  assert.deepEqual(pieces("Use `npv` *now*\n<b>2 * 3 * 4</b>"), [
    ["", "Use "], ["code", "npv"], ["", " "], ["em", "now"], ["br", ""], ["", "<b>2 * 3 * 4</b>"],
  ]);
  assert.deepEqual(pieces(""), []);
  assert.deepEqual(pieces("see\n    17  *2"), [["", "see"], ["br", ""], ["code", "17\u00a0\u00a0*2"]]);
  assert.deepEqual(pieces("표본의 *중앙값* 0.1"), [["", "표본의 "], ["em", "중앙값"], ["", " 0.1"]]);
});

test("names in braces are filled in, and unknown ones stay", () => {
  assert.equal(fill("row {row} of {all}", { row: 2 }), "row 2 of {all}");
});

test("a scale maps ends to ends, and a range without width to the middle", () => {
  const at = scale([10, 20], [0, 100]);
  assert.deepEqual([10, 15, 20, 25].map(at), [0, 50, 100, 150]);
  assert.equal(scale([5, 5], [0, 100])(5), 50);
});

test("a path breaks where a value is missing", () => {
  assert.equal(path([[0, 1], [2, 3], [4, null], [5, NaN], [6, 7], [8, 9]].map(([x, y]) => [x, y ?? NaN])),
    "M0.0 1.0L2.0 3.0M6.0 7.0L8.0 9.0");
});

test("of many calls in a row one is made, with the last of them", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const calls = [];
  const later = settled((value) => calls.push(value), 100);
  for (const value of [1, 2, 3]) {
    later(value);
    mock.timers.tick(60);
  }
  assert.deepEqual(calls, []);
  mock.timers.tick(60);
  assert.deepEqual(calls, [3]);
  later(4);
  later.now();
  later.now();
  mock.timers.tick(500);
  assert.deepEqual(calls, [3, 4]);
  mock.timers.reset();
});

test("who gets no answer is told so once, and an answer to somebody else is none", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const told = [];
  const seen = model({ heard: {}, words: { offline: "gone", busy: "busy" } });
  const way = line(seen, (text, instead) => told.push(instead ? `not ${instead}` : text));
  way.ask({ action: "hint" });
  seen.set("heard", { number: -1, fault: "not ours" });
  mock.timers.tick(10_000);
  assert.deepEqual(told, ["gone"]);
  way.ask({ action: "hint" });
  seen.set("heard", { number: seen.sent[1].number, fault: "" });
  way.ask({ action: "take" });
  seen.set("heard", { number: seen.sent[2].number, fault: "No." });
  mock.timers.tick(10_000);
  assert.deepEqual(told, ["gone", "not gone", "No."]);
  assert.equal(new Set(seen.sent.map((one) => one.number)).size, 3);
  way.close();
  mock.timers.reset();
});

test("a kernel that computes is called busy, and no more once it has answered", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const told = [];
  const seen = model({ heard: {}, words: { offline: "gone", busy: "busy" } });
  seen.widget_manager = { context: { sessionContext: { session: { kernel: { status: "busy" } } } } };
  const way = line(seen, (text, instead) => told.push([text, instead]), () => told.push("silent"));
  const number = way.ask({ state: {} });
  mock.timers.tick(10_000);
  seen.set("heard", { number, fault: "" });
  assert.deepEqual(told, ["silent", ["busy", undefined], ["", "busy"]]);
  way.close();
  mock.timers.reset();
});
