import assert from "node:assert/strict";
import { readConntrackLimits } from "../../lib/reading/conntrack_limits.ts";

Deno.test("readConntrackLimits reads what the kernel gives and leaves the rest out", () => {
  const files = (max?: string, count?: string, acct?: string) => (path: string) => {
    if (path === "/proc/sys/net/netfilter/nf_conntrack_max") return max;
    if (path === "/proc/sys/net/netfilter/nf_conntrack_count") return count;
    if (path === "/proc/sys/net/netfilter/nf_conntrack_acct") return acct;
    throw new Error(path);
  };
  assert.deepEqual(readConntrackLimits(files("262144\n", "17\n")), { max: 262_144, entries: 17 });
  assert.deepEqual(readConntrackLimits(files(undefined, "0\n", "1\n")), {
    entries: 0,
    accounting: 1,
  });
  assert.deepEqual(readConntrackLimits(files("", "many")), {});
});
