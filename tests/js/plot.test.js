import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { above, acting, apart, fitting, nearest, textWidth } from "../../kit/widgets/js/parts/plot.js";
import { model } from "./base.test.js";

test("the nearest of a row of places is found, whichever way they run", () => {
  assert.equal(nearest([10, 5, 0], 6), 1);
  assert.equal(nearest([0, 5, 10], 99), 2);
  assert.equal(nearest([0, 5, 10], -99), 0);
});

test("a Hangul letter takes nearly the room of two Latin ones", () => {
  assert.ok(textWidth("가동률") > 1.5 * textWidth("abc"));
  assert.equal(textWidth(""), 0);
});

test("of labels that would touch every second or third is left, and one at least", () => {
  const ticks = [0, 1, 2, 3, 4, 5, 6].map((value) => [value, `${value}0,000`]);
  assert.deepEqual(fitting(ticks, (value) => 100 * value), ticks);
  assert.deepEqual(fitting(ticks, (value) => 40 * value).map(([value]) => value), [0, 2, 4, 6]);
  assert.deepEqual(fitting(ticks, (value) => value), [ticks[0]]);
});

test("what lies above a level is cut off at it, each piece closed", () => {
  assert.deepEqual(above([[0, 0], [2, 4], [4, 0]], 2), [[[1, 2], [2, 4], [3, 2]]]);
  assert.deepEqual(above([[0, 5], [1, 5], [3, 1]], 3), [[[0, 3], [0, 5], [1, 5], [2, 3]]]);
  assert.deepEqual(above([[0, 1], [1, 5]], 3), [[[0.5, 3], [1, 5], [1, 3]]]);
  assert.deepEqual(above([[0, 1], [1, 3]], 3), [], "what just reaches it is not above");
  assert.equal(above([[0, 5], [1, 0], [2, 5]], 3).length, 2);
});

test("labels are moved apart as little as needed, and stay within", () => {
  assert.deepEqual(apart([10, 50], 15, [0, 100]), [10, 50]);
  assert.deepEqual(apart([52, 50], 15, [0, 100]), [65, 50]);
  assert.deepEqual(apart([99, 98], 15, [0, 100]), [100, 85]);
});

test("a handle follows at once, Python hears the last place, and an echo of an earlier one moves nothing", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const seen = model({ heard: {}, state: { q: 90, free: 0 } });
  const shown = [];
  const state = acting(seen, (now) => shown.push(now.q), () => {});
  const answer = (at, q) => {
    seen.set("state", { q, free: 0 });
    seen.set("heard", { number: seen.sent[at].number, fault: "" });
  };
  state.change({ q: 95 });
  mock.timers.tick(500);
  state.change({ q: 96 });
  answer(0, 95);
  assert.deepEqual(shown, [95, 96], "the answer to 95 came while the hand was at 96");
  mock.timers.tick(500);
  assert.deepEqual(seen.sent.map((one) => one.state), [{ q: 95, free: 0 }, { q: 96, free: 0 }]);
  // Python may know better than the page
  answer(1, 97);
  assert.deepEqual(state.now(), { q: 97, free: 0 });
  seen.set("state", { q: 91, free: 0 });
  assert.deepEqual(shown, [95, 96, 97, 91], "what Python sets by itself is shown");
  state.close();
  mock.timers.reset();
});

test("what was refused goes back to what Python has", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const seen = model({ heard: {}, state: { q: 90 }, words: { offline: "gone" } });
  const told = [];
  const state = acting(seen, (now) => told.push(now.q), (text) => told.push(text));
  state.change({ q: 95 });
  mock.timers.tick(500);
  seen.set("heard", { number: seen.sent[0].number, fault: "No." });
  assert.deepEqual(told, [95, "No.", 90]);
  state.change({ q: 96 });
  mock.timers.tick(500);
  mock.timers.tick(10_000);
  assert.equal(told.at(-1), "gone");
  state.close();
  mock.timers.reset();
});
