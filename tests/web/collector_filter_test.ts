import assert from "node:assert/strict";
import { parseCollectorFilter } from "../../lib/web/collector_filter.ts";

const RUNNING = ["cpu", "disk", "network"];

const GOOD: readonly [string, readonly string[] | undefined][] = [
  ["", undefined],
  ["target=x&collect=cpu", undefined],
  ["collect[]=cpu", ["cpu"]],
  ["collect%5B%5D=cpu&collect[]=network&collect[]=cpu", ["cpu", "network"]],
  ["exclude[]=cpu", ["disk", "network"]],
  ["exclude[]=cpu&exclude[]=disk&exclude[]=network", []],
  ["exclude[]=cpu&exclude[]=off_here&exclude[]=", ["disk", "network"]],
];

for (const [query, wanted] of GOOD) {
  Deno.test(`parseCollectorFilter reads ${JSON.stringify(query)}`, () => {
    const filter = parseCollectorFilter(query, RUNNING);
    assert.deepEqual(filter && RUNNING.filter(filter), wanted);
  });
}

const BAD: readonly [string, string][] = [
  [
    "collect[]=gpu",
    'Cannot filter: "gpu" is no collector that runs; these do: cpu, disk, network',
  ],
  ["collect[]=", 'Cannot filter: "" is no collector that runs; these do: cpu, disk, network'],
  [
    "collect[]=%1b[2J%0a",
    'Cannot filter: "\\u001b[2J\\n" is no collector that runs; these do: cpu, disk, network',
  ],
  ["collect[]=cpu&exclude[]=disk", "Cannot filter: collect[] and exclude[] exclude each other"],
];

for (const [query, message] of BAD) {
  Deno.test(`parseCollectorFilter refuses ${JSON.stringify(query)}`, () => {
    assert.throws(() => parseCollectorFilter(query, RUNNING), { name: "RangeError", message });
  });
}
