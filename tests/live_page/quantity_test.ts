import assert from "node:assert/strict";
import {
  age,
  binaryBytes,
  count,
  duration,
  percent,
  scaled,
  written,
} from "../../lib/live_page/quantity.ts";

/** With the blanks that no line break parts as plain ones. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");

Deno.test("scaled has three digits and a decimal prefix", () => {
  const rows: readonly (readonly [number | null, string])[] = [
    [null, "–"],
    [0, "0 B/s"],
    [0.01, "<0.1 B/s"],
    [0.25, "0.3 B/s"],
    [9.94, "9.9 B/s"],
    [9.96, "10 B/s"],
    [999.4, "999 B/s"],
    [999.6, "1.00 kB/s"],
    [1234, "1.23 kB/s"],
    [9_994, "9.99 kB/s"],
    [9_996, "10.0 kB/s"],
    [99_940, "99.9 kB/s"],
    [99_960, "100 kB/s"],
    [999_600, "1.00 MB/s"],
    [123_456_789_012, "123 GB/s"],
    [5e17, "500 PB/s"],
  ];
  for (const [value, text] of rows) assert.equal(plain(written(scaled(value, "B/s"))), text);
});

Deno.test("binaryBytes, percent, count, duration and age write what people read", () => {
  assert.equal(plain(written(binaryBytes(512 * 2 ** 20))), "512 MiB");
  assert.equal(plain(written(binaryBytes(96.5 * 2 ** 30))), "96.5 GiB");
  const percents = [null, 0, 0.04, 12.34, 99.94, 99.96, 100].map((value) => percent(value).number);
  assert.deepEqual(percents, ["–", "0", "0.0", "12.3", "99.9", "100", "100"]);
  const counts = [null, 0, 999, 1000, 1234567.4].map((value) => plain(written(count(value))));
  assert.deepEqual(counts, ["–", "0", "999", "1 000", "1 234 567"]);
  const times = [null, 0.0000371, 0.0342, 1.5, 99.99, 3600].map((s) => plain(written(duration(s))));
  assert.deepEqual(times, ["–", "37.1 µs", "34.2 ms", "1.50 s", "100 s", "3 600 s"]);
  const ages = [-3, 0.4, 119, 121, 7_300, 200_000].map(age);
  assert.deepEqual(ages, ["0 s", "0 s", "119 s", "2 min", "2 h", "2 days"]);
});
