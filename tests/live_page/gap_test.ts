import assert from "node:assert/strict";
import { hasGap, type Moment } from "../../lib/live_page/gap.ts";

/** What a page sees of an exporter that began at some second and has data of another one. */
function moment(startedAt: number, collectedAt: number | null): Moment {
  return {
    exporter: { started_at: startedAt },
    cycle: { interval_seconds: 10, collected_at: collectedAt },
  };
}

Deno.test("hasGap tells when the exporter remembers what a page has not", () => {
  const rows: readonly (readonly [string, Moment | undefined, Moment, boolean])[] = [
    ["at the start", undefined, moment(1, 100), true],
    ["at the start, before its first data", undefined, moment(1, null), false],
    ["with its first data", moment(1, null), moment(1, 100), true],
    ["with the next data", moment(1, 100), moment(1, 110), false],
    ["with the same data", moment(1, 100), moment(1, 100), false],
    ["after three cycles", moment(1, 100), moment(1, 130), false],
    ["after more cycles", moment(1, 100), moment(1, 131), true],
    ["at another exporter that has no data", moment(1, 100), moment(105, null), false],
    ["at another exporter with its first data", moment(105, null), moment(105, 110), true],
    ["at another exporter that has data", moment(1, 100), moment(105, 110), true],
  ];
  for (const [when, before, now, expected] of rows) {
    assert.equal(hasGap(before, now), expected, when);
  }
});
