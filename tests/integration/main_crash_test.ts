import assert from "node:assert/strict";
import { REPOSITORY } from "../../scripts/repository.ts";
import { DEMO_NODE } from "../e2e/exporter_binary.ts";
import { RealProcess } from "../e2e/real_process.ts";
import { freePort } from "../e2e/wait_until.ts";

Deno.test("main tells the stack of an error that nobody caught, and ends with code 1", async () => {
  const port = freePort();
  await using program = new RealProcess(Deno.execPath(), [
    ...["run", "--quiet", "--no-prompt", `--config=${REPOSITORY}/deno.json`],
    ...[
      "--permission-set=exporter",
      `--preload=${REPOSITORY}/tests/integration/throw_while_serving.ts`,
    ],
    `${REPOSITORY}/main.ts`,
    `-web.listen-address=127.0.0.1:${port}`,
    `-libvirt.uri=test://${DEMO_NODE}`,
  ]);
  await program.answer(`http://127.0.0.1:${port}/-/healthy`, 20_000);
  const { code, signal, stdout, stderr } = await program.stop("SIGUSR2", 10_000);
  assert.deepEqual({ code, signal }, { code: 1, signal: null }, stdout + stderr);
  const lines = (stdout + stderr).split("\n").filter((line) => line.includes("a defect"));
  assert.equal(lines.length, 1, stdout + stderr);
  assert.match(
    lines[0] ?? "",
    /^ts=\S+ level=error msg="The program failed" reason="a defect" stack="TypeError: a defect\\n +at defect .*throw_while_serving\.ts/,
  );
});
