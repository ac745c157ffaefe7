import assert from "node:assert/strict";
import { Timeline } from "../../lib/live_page/timeline.ts";

const FRAME = { step_seconds: 10, ended_at: 1000 };

Deno.test("Timeline goes on where the exporter's history ends", () => {
  const line = new Timeline(FRAME, [[1, 2, 3]], 4);
  assert.deepEqual(line.times, [980, 990, 1000]);
  line.add(1010, [4]);
  assert.deepEqual([line.times, line.values(0)], [[980, 990, 1000, 1010], [1, 2, 3, 4]]);
  // Two steps later: nobody told what was between, and the oldest has no room.
  line.add(1030.5, [6]);
  assert.deepEqual([line.times, line.values(0)], [[1000, 1010, 1020, 1030], [3, 4, null, 6]]);
});

Deno.test("Timeline takes the mean of the cycles of a step, and forgets all after a long gap", () => {
  const line = new Timeline(FRAME, [[10], [null]], 4);
  line.add(1002, [20, null]);
  line.add(1004, [30, 7]);
  assert.deepEqual([line.values(0), line.values(1)], [[20], [7]]);
  line.add(1006, [null, 9]);
  assert.deepEqual(line.values(0), [20]);
  line.add(1500, [1, 2]);
  assert.deepEqual([line.times, line.values(0), line.values(1)], [[1500], [1], [2]]);
});

Deno.test("Timeline begins with nothing", () => {
  const line = new Timeline(FRAME, [[]], 3);
  assert.deepEqual(line.times, []);
  line.add(1000, [5]);
  line.add(1010, [null]);
  assert.deepEqual([line.times, line.values(0)], [[1000, 1010], [5, null]]);
});
