import assert from "node:assert/strict";
import { readPromql } from "../../../scripts/monitoring/promql.ts";

Deno.test("readPromql finds metrics, their labels and the grouping", () => {
  const good: readonly (readonly [string, unknown])[] = [
    ["up", { selectors: [{ metric: "up", labels: [], from: 0, to: 2 }], grouping: [] }],
    ["time() - a:b:c > 2 ^ 30", {
      selectors: [{ metric: "a:b:c", labels: [], from: 9, to: 14 }],
      grouping: [],
    }],
    ['rate(x_total{h=~"$h",l!="rate(y{}"}[$__rate_interval])', {
      selectors: [{ metric: "x_total", labels: ["h", "l"], from: 5, to: 12 }],
      grouping: [],
    }],
    ["sum by (h, u) (a) * on (u) group_left (n) topk by (u) (1, b offset 15m)", {
      selectors: [
        { metric: "a", labels: [], from: 15, to: 16 },
        { metric: "b", labels: [], from: 58, to: 59 },
      ],
      grouping: ["h", "u", "u", "n", "u"],
    }],
  ];
  for (const [text, expected] of good) assert.deepEqual(readPromql(text), expected, text);
});

Deno.test("readPromql refuses what is no PromQL or names no metric", () => {
  const bad: readonly (readonly [string, string])[] = [
    ["sum by (x (y", 'Cannot parse PromQL "sum by (x (y": unexpected text at 10'],
    ["", 'Cannot parse PromQL "": unexpected text at 0'],
    ["rate(x[$unknown])", 'Cannot parse PromQL "rate(x[$unknown])": unexpected text at 7'],
    ['{job="x"}', 'Cannot read selector "{job="x"}": it names no metric'],
  ];
  for (const [text, message] of bad) {
    assert.throws(() => readPromql(text), { name: "SyntaxError", message }, text);
  }
});
