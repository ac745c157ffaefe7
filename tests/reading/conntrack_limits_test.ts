import assert from "node:assert/strict";
import { readConntrackLimits } from "../../lib/reading/conntrack_limits.ts";

Deno.test("readConntrackLimits reads what the kernel gives and leaves the rest out", () => {
  const files = (max?: string, count?: string, acct?: string) => (path: string) => {
    if (path === "/proc/sys/net/netfilter/nf_conntrack_max") return max;
    if (path === "/proc/sys/net/netfilter/nf_conntrack_count") return count;
    if (path === "/proc/sys/net/netfilter/nf_conntrack_acct") return acct;
    throw new Error(path);
  };
  const limits = (...texts: Parameters<typeof files>) =>
    readConntrackLimits(files(...texts)).limits;
  assert.deepEqual(limits("262144\n", "17\n"), { max: 262_144, entries: 17 });
  assert.deepEqual(limits(undefined, "0\n", "1\n"), { entries: 0, accounting: 1 });
  assert.deepEqual(limits("", "many", "9".repeat(11)), {});
});

Deno.test("readConntrackLimits names each file that is missing or odd", () => {
  const { limits, errors } = readConntrackLimits((path) => path.endsWith("_max") ? "7" : undefined);
  assert.deepEqual(limits, { max: 7 });
  const folder = "/proc/sys/net/netfilter";
  assert.deepEqual([...errors.values()].map(({ message }) => message), [
    `Cannot use ${folder}/nf_conntrack_count: it is missing or no number`,
    `Cannot use ${folder}/nf_conntrack_acct: it is missing or no number`,
  ]);
});
