import assert from "node:assert/strict";

/** The nice value of each thread of this process (proc(5), field 19 of stat, behind the name). */
function niceValues(): string[] {
  return Array.from(Deno.readDirSync("/proc/self/task"), ({ name }) => {
    const stat = Deno.readTextFileSync(`/proc/self/task/${name}/stat`);
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[16] ?? "";
  });
}

Deno.test("lowerThreadPriority lowers that of the calling thread and of no other", async () => {
  const before = niceValues().filter((nice) => nice === "10").length;
  const url = new URL("./thread_priority_worker.ts", import.meta.url);
  const worker = new Worker(url, { type: "module" });
  await new Promise((resolve) => worker.onmessage = resolve);
  const after = niceValues();
  worker.terminate();
  assert.ok(after.filter((nice) => nice === "10").length > before);
  assert.ok(after.includes("0"));
});
