import assert from "node:assert/strict";
import { FairTurns } from "../../lib/threat/fair_turns.ts";

const never = new AbortController().signal;

Deno.test("FairTurns gives the event loop a turn after 8 ms, and none before", async () => {
  let nowMs = 0;
  const turns = new FairTurns({ signal: never, now: () => nowMs });
  let others = 0;
  const other = setInterval(() => others++, 0);
  try {
    for (let piece = 0; piece < 1000; piece++) await turns.afterPiece();
    assert.equal(others, 0);
    for (let piece = 0; piece < 20; piece++) {
      nowMs += 8;
      await turns.afterPiece();
    }
    assert.ok(others > 0);
  } finally {
    clearInterval(other);
  }
});

Deno.test("FairTurns ends a reading at its deadline by the clock, whatever timers do", async () => {
  let nowMs = 100;
  const turns = new FairTurns({ signal: never, now: () => nowMs, deadlineMs: 15_000 });
  nowMs += 14_999;
  await turns.afterPiece();
  nowMs += 1;
  await assert.rejects(turns.afterPiece(), {
    name: "FeedError",
    message: "Cannot fetch the list: no whole answer in 15 s",
  });
});

Deno.test("FairTurns ends a reading that was stopped", async () => {
  const reason = new Error("stopped");
  const turns = new FairTurns({ signal: AbortSignal.abort(reason) });
  await assert.rejects(turns.afterPiece(), reason);
});
