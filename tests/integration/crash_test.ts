import assert from "node:assert/strict";

const PROGRAM = new URL("./crashing_program.ts", import.meta.url).pathname;

for (const thread of ["main", "worker"]) {
  for (const kind of ["throw", "reject"]) {
    Deno.test(`reportCrashes reports a ${kind} in a real ${thread} thread, and nothing else does`, async () => {
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "--quiet", "--no-prompt", "--allow-read", PROGRAM, thread, kind],
      }).output();
      const decoder = new TextDecoder();
      assert.match(
        decoder.decode(stdout),
        /^TypeError: a defect\n +at crash .*crashing_program\.ts:\d+/,
      );
      assert.deepEqual({ code, stderr: decoder.decode(stderr) }, { code: 1, stderr: "" });
    });
  }
}
