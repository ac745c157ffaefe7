import assert from "node:assert/strict";
import { FORMAT_RECORD } from "../../lib/log/format.ts";
import { forwardingLogger } from "../../lib/log/forward.ts";
import { TroubleLog } from "../../lib/log/trouble_log.ts";

function start(options: { mostTroubles?: number } = {}) {
  const clock = { ms: 0 };
  const lines: string[] = [];
  const log = forwardingLogger(
    (record) => lines.push(FORMAT_RECORD.logfmt(record).trimEnd().slice("ts=".length + 25)),
    { level: "debug", nowMs: () => 0 },
  );
  const troubles = new TroubleLog(log, { nowMs: () => clock.ms, ...options });
  return { clock, lines, troubles };
}

Deno.test("TroubleLog tells the begin, once a minute, and the end", () => {
  const { clock, lines, troubles } = start();
  for (clock.ms = 0; clock.ms < 130_000; clock.ms += 10_000) {
    troubles.report("Read failed", { fields: { code: 38 } });
  }
  troubles.end("Read failed");
  troubles.end("Read failed");
  troubles.end("Never began");
  clock.ms = 180_000;
  troubles.report("Read failed");
  assert.deepEqual(lines, [
    'level=error msg="Read failed" state=begins code=38',
    'level=error msg="Read failed" state=lasts count=7 seconds=60 code=38',
    'level=error msg="Read failed" state=lasts count=13 seconds=120 code=38',
    'level=notice msg="Read failed" state=ended count=13 seconds=130',
    'level=error msg="Read failed" state=begins',
  ]);
});

Deno.test("TroubleLog keeps subjects apart and ends what a cycle did not report", () => {
  const { clock, lines, troubles } = start();
  troubles.report("Bad XML", { subject: "a" });
  troubles.report("Bad XML", { subject: "b" });
  clock.ms = 10_000;
  troubles.report("Bad XML", { subject: "b" });
  troubles.endUnseen(10_000);
  assert.deepEqual(lines, [
    'level=error msg="Bad XML" state=begins subject=a',
    'level=error msg="Bad XML" state=begins subject=b',
    'level=notice msg="Bad XML" state=ended subject=a count=1 seconds=10',
  ]);
});

Deno.test("TroubleLog puts subjects beyond its bound together", () => {
  const { clock, lines, troubles } = start({ mostTroubles: 1 });
  for (const subject of ["a", "b", "c", "a"]) troubles.report("Bad XML", { subject });
  clock.ms = 1000;
  troubles.endUnseen(1000);
  assert.deepEqual(lines, [
    'level=error msg="Bad XML" state=begins subject=a',
    'level=error msg="Bad XML" state=begins subject="(others)"',
    'level=notice msg="Bad XML" state=ended subject=a count=2 seconds=1',
    'level=notice msg="Bad XML" state=ended subject="(others)" count=2 seconds=1',
  ]);
});

Deno.test("TroubleLog tells of a trouble that comes and goes no more than three times a minute", () => {
  const { clock, lines, troubles } = start();
  for (; clock.ms < 150_000; clock.ms += 10_000) {
    // There in two cycles of three.
    if (clock.ms % 30_000 !== 20_000) troubles.report("Read failed");
    troubles.endUnseen(clock.ms);
  }
  assert.deepEqual(lines, [
    'level=error msg="Read failed" state=begins',
    'level=notice msg="Read failed" state=ended count=2 seconds=20',
    'level=error msg="Read failed" state=begins',
    'level=notice msg="Read failed" state=ended count=2 seconds=20',
    'level=error msg="Read failed" state=begins',
    'level=notice msg="Read failed" state=ended count=2 seconds=20',
  ]);
});

Deno.test("TroubleLog tells that a trouble which came back too soon lasts, and then its end", () => {
  const { clock, lines, troubles } = start();
  for (; clock.ms <= 90_000; clock.ms += 10_000) {
    if (clock.ms !== 10_000 && clock.ms < 80_000) troubles.report("Read failed");
    troubles.endUnseen(clock.ms);
  }
  assert.deepEqual(lines, [
    'level=error msg="Read failed" state=begins',
    'level=notice msg="Read failed" state=ended count=1 seconds=10',
    'level=error msg="Read failed" state=lasts count=6 seconds=60',
    'level=notice msg="Read failed" state=ended count=7 seconds=80',
  ]);
});

Deno.test("TroubleLog forgets a trouble that is over once it may be told again", () => {
  const { clock, lines, troubles } = start({ mostTroubles: 1 });
  troubles.report("Bad XML", { subject: "a" });
  troubles.end("Bad XML", "a");
  clock.ms = 60_000;
  troubles.report("Bad XML", { subject: "b" });
  assert.deepEqual(lines.slice(2), ['level=error msg="Bad XML" state=begins subject=b']);
});
