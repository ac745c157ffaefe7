import assert from "node:assert/strict";
import { LINT_EXCEPTIONS } from "../../lib/metrics/families.ts";
import { REPOSITORY } from "../../scripts/repository.ts";
import { BINARY, DEMO_NODE, startExporter } from "./exporter_binary.ts";
import { sampleValues, seriesShape } from "./page_text.ts";
import { RealProcess } from "./real_process.ts";
import { freePort, waitUntil } from "./wait_until.ts";

const START_MS = 20_000;
const STOP_MS = 5_000;
const GOLDEN = `${REPOSITORY}/tests/fixtures/e2e/demo_page.txt`;

/** What only a Deno program that forgot to handle an error prints. */
const STACK_TRACE = /^\s+at |Uncaught|^error: /m;

Deno.test("binary serves the demo's cloud: ready, healthy, page of every instance", async () => {
  await using exporter = startExporter("-cpu.min=0", "-outbound.behavior.enable");
  await exporter.process.answer(`${exporter.base}/-/ready`, START_MS);
  await exporter.process.answer(`${exporter.base}/-/healthy`, START_MS);
  const page = await exporter.process.answer(`${exporter.base}/metrics`, START_MS);

  const domains = (await Deno.readTextFile(DEMO_NODE)).match(/<domain[ >]/g)?.length;
  const values = sampleValues(page);
  assert.equal(values.get("oie_libvirt_up"), 1);
  assert.equal(values.get("oie_host_active_vms"), domains);
  assert.equal(
    [...values.keys()].filter((series) => series.startsWith("oie_instance_info{")).length,
    domains,
  );
});

Deno.test("binary's page of the demo's cloud has the golden series", async () => {
  await using exporter = startExporter("-cpu.min=0");
  // A CPU percentage takes two readings; from the second cycle on the series stay the same.
  const page = await waitUntil("a page with CPU", async () => {
    const text = await exporter.process.answer(`${exporter.base}/metrics`, START_MS);
    return text.includes("\noie_cpu_percent{") ? text : undefined;
  }, { withinMs: START_MS });
  const shape = seriesShape(page);
  if (Deno.env.get("UPDATE_GOLDEN") === "1") await Deno.writeTextFile(GOLDEN, shape);
  assert.equal(shape, await Deno.readTextFile(GOLDEN));
});

Deno.test("binary's page passes promtool but for the specification's own names", async () => {
  await using exporter = startExporter("-cpu.min=0", "-outbound.behavior.enable");
  await exporter.process.answer(`${exporter.base}/-/ready`, START_MS);
  const page = await exporter.process.answer(`${exporter.base}/metrics`, START_MS);

  const promtool = new Deno.Command("promtool", {
    args: ["check", "metrics"],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const [{ stdout, stderr }] = await Promise.all([
    promtool.output(),
    new Blob([page]).stream().pipeTo(promtool.stdin),
  ]);
  const decoder = new TextDecoder();
  const lines = (decoder.decode(stdout) + decoder.decode(stderr)).split("\n");
  assert.equal(LINT_EXCEPTIONS.length, 14);
  assert.deepEqual(
    lines.filter((line) => line !== "" && !LINT_EXCEPTIONS.includes(line.split(" ", 1)[0] ?? "")),
    [],
  );
});

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  Deno.test(`binary ends with code 0 within five seconds of ${signal}`, async () => {
    await using exporter = startExporter();
    await exporter.process.answer(`${exporter.base}/-/ready`, START_MS);
    const ended = await exporter.process.stop(signal, 2 * STOP_MS);
    assert.deepEqual({ code: ended.code, signal: ended.signal }, { code: 0, signal: null });
    assert.ok(ended.tookMs < STOP_MS, `${ended.tookMs} ms`);
    assert.doesNotMatch(ended.stderr, STACK_TRACE);
  });
}

Deno.test("binary that cannot bind ends with code 1 and one line that names the address", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const address = `127.0.0.1:${(taken.addr as Deno.NetAddr).port}`;
  const uri = `-libvirt.uri=test://${DEMO_NODE}`;
  await using exporter = new RealProcess(BINARY, [`-web.listen-address=${address}`, uri]);
  const { code, stderr, tookMs } = await exporter.end(2 * STOP_MS);
  assert.equal(code, 1);
  assert.ok(stderr.includes(address), stderr);
  assert.ok(tookMs < STOP_MS, `${tookMs} ms`);
  assert.doesNotMatch(stderr, STACK_TRACE);
});

Deno.test("binary ends with code 2 and one line for what it cannot parse", async () => {
  const bad = [
    ["-no.such.flag"],
    ["-cpu.min=x"],
    ["-collection.interval=0s"],
    ["-collection.interval=10"],
    ["-read.thresholds=default:a"],
    ["stray"],
  ];
  for (const args of bad) {
    await using exporter = new RealProcess(BINARY, args);
    const { code, stdout, stderr } = await exporter.end(2 * STOP_MS);
    assert.deepEqual({ args, code, stdout }, { args, code: 2, stdout: "" });
    assert.equal(stderr.trimEnd().split("\n").length, 1, stderr);
    assert.doesNotMatch(stderr, STACK_TRACE);
  }
});

Deno.test("binary prints its usage for -h and ends with code 0", async () => {
  await using exporter = new RealProcess(BINARY, ["-h"]);
  const { code, stdout, stderr } = await exporter.end(2 * STOP_MS);
  assert.equal(code, 0);
  assert.match(stdout + stderr, /-web\.listen-address/);
});

Deno.test("binary serves while libvirt cannot be reached, and says so", async () => {
  const port = freePort();
  await using exporter = new RealProcess(BINARY, [
    `-web.listen-address=127.0.0.1:${port}`,
    "-libvirt.uri=test:///no/such/node.xml",
    "-collection.interval=200ms",
  ]);
  const page = await exporter.answer(`http://127.0.0.1:${port}/metrics`, START_MS);
  const values = sampleValues(page);
  assert.equal(values.get("oie_libvirt_up"), 0);
  assert.equal(values.get("oie_dynamic_cache_entries"), 0);
  const ready = await fetch(`http://127.0.0.1:${port}/-/ready`);
  await ready.body?.cancel();
  assert.equal(ready.status, 503);
  const { code, stderr } = await exporter.stop("SIGTERM", 2 * STOP_MS);
  assert.equal(code, 0);
  assert.doesNotMatch(stderr, STACK_TRACE);
});
