import assert from "node:assert/strict";
import fc from "fast-check";
import { FORMAT_RECORD } from "../../lib/log/format.ts";
import type { LogRecord } from "../../lib/log/forward.ts";
import { LOG_LEVELS } from "../../lib/log/logger.ts";

const RECORD: LogRecord = {
  timeMs: Date.UTC(2026, 0, 2, 3, 4, 5, 6),
  level: "notice",
  message: "Cannot read",
  fields: {
    path: "/a/b.c:1",
    empty: "",
    text: 'a "b"\n\u001b[31m\u202e=\u007f\u2028\\',
    count: 3,
    big: 2n ** 64n,
    ratio: NaN,
    yes: true,
    none: undefined,
    msg: "own",
    "bad key": 1,
    half: "\ud800",
  },
};

Deno.test("FORMAT_RECORD.logfmt quotes what is not plain", () => {
  assert.equal(
    FORMAT_RECORD.logfmt(RECORD),
    'ts=2026-01-02T03:04:05.006Z level=notice msg="Cannot read" path=/a/b.c:1 empty="" ' +
      'text="a \\"b\\"\\n\\u001b[31m\\u202e=\\u007f\\u2028\\\\" count=3 big=18446744073709551616 ' +
      'ratio=NaN yes=true msg_=own bad_key=1 half="\ufffd"\n',
  );
});

Deno.test("FORMAT_RECORD.json keeps numbers that JSON can hold", () => {
  assert.equal(
    FORMAT_RECORD.json(RECORD),
    '{"ts":"2026-01-02T03:04:05.006Z","level":"notice","msg":"Cannot read","path":"/a/b.c:1",' +
      '"empty":"","text":"a \\"b\\"\\n\\u001b[31m\\u202e=\\u007f\\u2028\\\\","count":3,' +
      '"big":"18446744073709551616","ratio":"NaN","yes":true,"msg_":"own","bad_key":1,' +
      '"half":"\ufffd"}\n',
  );
});

Deno.test("FORMAT_RECORD cuts long values without breaking a character", () => {
  const long = "x".repeat(1023) + "\u{1f600}".repeat(1000);
  const line = FORMAT_RECORD.logfmt({ ...RECORD, message: "m", fields: { long } });
  const cut = "x".repeat(1023) + "...";
  assert.equal(line, `ts=2026-01-02T03:04:05.006Z level=notice msg=m long="${cut}"\n`);
});

/** Reads a line of logfmt by its grammar: key=bare or key="JSON string", separated by one blank. */
function parseLogfmt(line: string): [string, string][] {
  const pairs: [string, string][] = [];
  const pair = /([\w.-]+)=("(?:[^"\\]|\\.)*"|[^\s"=\\]+)( |\n$)/y;
  while (pair.lastIndex < line.length) {
    const [, key = "", value = ""] = pair.exec(line) ?? assert.fail(`no pair: ${line}`);
    pairs.push([key, value.startsWith('"') ? JSON.parse(value) : value]);
  }
  return pairs;
}

Deno.test("FORMAT_RECORD writes one line that reads back, whatever the texts hold", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 40 }),
    fc.constantFrom("\n", "\r\n", "\ud83d", "a=b", '"', "\\", "\u0000", " ", "{x}"),
  );
  fc.assert(
    fc.property(text, text, fc.constantFrom(...LOG_LEVELS), (message, value, level) => {
      const record: LogRecord = { timeMs: 0, level, message, fields: { value } };
      const pairs = [
        ["ts", "1970-01-01T00:00:00.000Z"],
        ["level", level],
        ["msg", message.toWellFormed()],
        ["value", value.toWellFormed()],
      ];
      const logfmt = FORMAT_RECORD.logfmt(record);
      assert.match(logfmt, /^[\x20-\x7e\u00a0-\u{10ffff}]*\n$/u);
      assert.deepEqual(parseLogfmt(logfmt), pairs);
      const json = FORMAT_RECORD.json(record);
      assert.match(json, /^[\x20-\x7e\u00a0-\u{10ffff}]*\n$/u);
      assert.deepEqual(JSON.parse(json), Object.fromEntries(pairs));
    }),
    { seed: 11, numRuns: 300 },
  );
});

Deno.test("FORMAT_RECORD survives a clock that is wrong", () => {
  const line = FORMAT_RECORD.logfmt({ timeMs: NaN, level: "info", message: "m", fields: {} });
  assert.equal(line, "ts=1970-01-01T00:00:00.000Z level=info msg=m\n");
});
