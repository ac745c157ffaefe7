import assert from "node:assert/strict";
import { executablePath } from "../../scripts/compile.ts";
import { REPOSITORY } from "../../scripts/repository.ts";
import { DEMO_NODE } from "./exporter_binary.ts";
import { sampleValues } from "./page_text.ts";
import { RealProcess } from "./real_process.ts";
import { freePort } from "./wait_until.ts";

/** Emulated, each instruction costs ten to thirty of the machine's. */
const START_MS = 120_000;
const STOP_MS = 30_000;

Deno.test("aarch64 binary reads the test driver through arm64 libvirt and serves", async () => {
  const port = freePort();
  await using exporter = new RealProcess("qemu-aarch64-static", [
    `${REPOSITORY}/${executablePath("aarch64-unknown-linux-gnu")}`,
    `-web.listen-address=127.0.0.1:${port}`,
    `-libvirt.uri=test://${DEMO_NODE}`,
    "-collection.interval=2s",
  ]);
  const base = `http://127.0.0.1:${port}`;
  await exporter.answer(`${base}/-/ready`, START_MS);
  const page = await exporter.answer(`${base}/metrics`, START_MS);

  const values = sampleValues(page);
  const build = [...values.keys()].find((series) => series.startsWith("oie_build_info{"));
  assert.match(build ?? "", /arch="aarch64"/);
  assert.equal(values.get("oie_libvirt_up"), 1);
  const domains = (await Deno.readTextFile(DEMO_NODE)).match(/<domain[ >]/g)?.length;
  assert.equal(values.get("oie_host_active_vms"), domains);

  const { code } = await exporter.stop("SIGTERM", STOP_MS);
  assert.equal(code, 0);
});
