import assert from "node:assert/strict";
import { nodeXml } from "../bench/node_xml.ts";
import { wrk } from "../bench/wrk.ts";
import { Crowd } from "./crowd.ts";
import { BINARY } from "./exporter_binary.ts";
import { RealProcess } from "./real_process.ts";
import { freePort, waitUntil } from "./wait_until.ts";

const START_MS = 30_000;
const INSTANCES = 100;
const SECONDS = 4;
/** Of one client's scrapes among the crowd: a machine that stands still for a moment is no defect. */
const MOST_FAILED = 0.02;
/** Pages, buffers and sockets of all clients that are let in, with what V8 leaves lying. */
const MOST_GROWTH_MIB = 250;

/** The compiled program as `nobody` without any capability, on a cloud of the test driver. */
async function startAsNobody(stack: AsyncDisposableStack) {
  const folder = await Deno.makeTempDir({ prefix: "oie-crowd-" });
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  await Deno.chmod(folder, 0o755);
  await Deno.copyFile(BINARY, `${folder}/exporter`);
  await Deno.writeTextFile(`${folder}/node.xml`, nodeXml(INSTANCES));
  const port = freePort();
  const process = stack.use(
    new RealProcess("setpriv", [
      ...["--reuid=nobody", "--regid=nogroup", "--clear-groups", "--no-new-privs"],
      ...["--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all"],
      `${folder}/exporter`,
      `-web.listen-address=127.0.0.1:${port}`,
      `-libvirt.uri=test://${folder}/node.xml`,
      "-collection.interval=1s",
      "-cpu.min=0",
    ]),
  );
  return { process, port };
}

async function ofProcess(pid: number): Promise<{ residentMiB: number; descriptors: number }> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return {
    residentMiB: Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024,
    descriptors: [...Deno.readDirSync(`/proc/${pid}/fd`)].length,
  };
}

Deno.test("binary answers a scrape among a thousand half-open connections and all kinds of nuisances", async () => {
  await using stack = new AsyncDisposableStack();
  const { process, port } = await startAsNobody(stack);
  const metrics = `http://127.0.0.1:${port}/metrics`;
  await process.answer(`http://127.0.0.1:${port}/-/ready`, START_MS);
  const page = await process.answer(metrics, START_MS);
  const alone = await wrk(metrics, { clients: 1, seconds: 2 });
  const before = await ofProcess(process.pid);
  {
    await using _crowd = new Crowd({ hostname: "127.0.0.1", port }, {
      halfOpen: 1000,
      slowReader: 60,
      stalledHttp2: 10,
      hugeHead: 10,
      openBody: 10,
      badMethod: 10,
      pathTrick: 10,
      noHttp: 10,
    });
    // Until then the readers take all places: only one who stands still for a while has to go.
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const among = await wrk(metrics, { clients: 1, seconds: SECONDS });
    const { residentMiB, descriptors } = await ofProcess(process.pid);
    const seen = `page ${(page.length / 1024).toFixed(0)} KiB, p99 ${among.p99Ms.toFixed(1)} ms ` +
      `among them, ${alone.p99Ms.toFixed(1)} ms alone, ${among.failed} of ` +
      `${(among.answersPerSecond * SECONDS).toFixed(0)} failed, ${descriptors} descriptors, ` +
      `+${(residentMiB - before.residentMiB).toFixed(0)} MiB`;
    console.log(seen);
    assert.ok(among.failed <= MOST_FAILED * among.answersPerSecond * SECONDS, seen);
    assert.ok(among.answersPerSecond > 1, seen);
    // The limit of connections, with those that were only just ended.
    assert.ok(descriptors < before.descriptors + 2 * 512, seen);
    assert.ok(residentMiB < before.residentMiB + MOST_GROWTH_MIB, seen);
    const line = /msg="Connections are ended" state=begins subject=/;
    await waitUntil(
      "a line that says so",
      () => Promise.resolve(line.test(process.output) || undefined),
      {
        withinMs: START_MS,
      },
    );
  }
  const many = await wrk(metrics, { clients: 500, seconds: SECONDS });
  const after = await ofProcess(process.pid);
  const seen = `500 scrapers: ${many.answersPerSecond.toFixed(0)} answers/s, ${many.failed} of ` +
    `them 503, +${(after.residentMiB - before.residentMiB).toFixed(0)} MiB`;
  console.log(seen);
  assert.ok(many.answersPerSecond > 10, seen);
  assert.ok(after.residentMiB < before.residentMiB + MOST_GROWTH_MIB, seen);
  await waitUntil("the descriptors of before", async () => {
    const { descriptors } = await ofProcess(process.pid);
    return descriptors <= before.descriptors + 5 || undefined;
  }, { withinMs: START_MS });
  const { code, stderr } = await process.stop("SIGTERM", 10_000);
  assert.equal(code, 0, stderr);
});

Deno.test("binary that has too few descriptors serves again as soon as it has some", async () => {
  await using stack = new AsyncDisposableStack();
  const port = freePort();
  const flags = `-web.listen-address=127.0.0.1:${port} -libvirt.uri=test:///default`;
  const limited = ["-c", `ulimit -n 64; exec ${BINARY} ${flags}`];
  const process = stack.use(new RealProcess("sh", limited));
  await process.answer(`http://127.0.0.1:${port}/-/healthy`, START_MS);
  using connections = new DisposableStack();
  const connect = async () => {
    for (;;) connections.use(await Deno.connect({ hostname: "127.0.0.1", port }));
  };
  // NotConnected: it was reset before Deno had asked whom it is connected to.
  await assert.rejects(connect(), { name: /^(Connection(Refused|Reset)|NotConnected)$/ });
  await process.answer(`http://127.0.0.1:${port}/-/healthy`, START_MS);
  const line = /msg="An address takes no connections" .*without a free descriptor/;
  await waitUntil(
    "a line that says why",
    () => Promise.resolve(line.test(process.output) || undefined),
    {
      withinMs: START_MS,
      describe: () => process.output,
    },
  );
  const { code, stderr } = await process.stop("SIGTERM", 10_000);
  assert.equal(code, 0, stderr);
});
