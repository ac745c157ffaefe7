import assert from "node:assert/strict";
import { prefersOpenMetrics } from "../../lib/web/accept.ts";

const CASES: readonly [string | null, boolean][] = [
  [null, false],
  ["", false],
  ["*/*", false],
  ["text/html,application/xhtml+xml,*/*;q=0.8", false],
  ["application/openmetrics-text", true],
  ["Application/OpenMetrics-Text; Version=1.0.0", true],
  ['application/openmetrics-text; version="1.0.0"; charset=utf-8', true],
  ["application/openmetrics-text;version=0.0.1", false],
  ["application/openmetrics-text;version=2.0.0", false],
  ["application/openmetrics-text;q=0", false],
  ["application/openmetrics-text;q=high", false],
  ["application/openmetrics-text;q=0.5,text/plain;q=0.5", true],
  ["application/openmetrics-text;q=0.3,text/plain;q=0.5", false],
  // Prometheus 2.42 and 3.
  [
    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75," +
    "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
    true,
  ],
  [
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6," +
    "application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;q=0.4,*/*;q=0.1",
    true,
  ],
  ["text/plain;version=0.0.4;q=1,*/*;q=0.1", false],
  ["text/*;q=1,application/openmetrics-text;q=0.1", false],
  ["application/openmetrics-text,application/openmetrics-text;version=1.0.0;q=0", false],
  ["application/openmetrics-text;version=1.0.0;q=0.5,*/*;q=1", false],
  ["application/openmetrics-text;q=0.5,text/plain;q=0.4,text/*;q=0.9,*/*", true],
];

for (const [header, wanted] of CASES) {
  Deno.test(`prefersOpenMetrics is ${wanted} for ${JSON.stringify(header)}`, () => {
    assert.equal(prefersOpenMetrics(header), wanted);
  });
}
