import assert from "node:assert/strict";
import { REPOSITORY } from "../../scripts/repository.ts";
import { type PageSample, parsePage } from "../../scripts/demo/page.ts";
import { RealProcess } from "./real_process.ts";
import { freePort, waitUntil } from "./wait_until.ts";

const DEMO = ["run", "--quiet", "--allow-all", `${REPOSITORY}/scripts/demo.ts`];
const PATIENCE_MS = 60_000;

function startDemo(...args: readonly string[]): RealProcess {
  return new RealProcess(Deno.execPath(), [...DEMO, "-collection.interval=500ms", ...args]);
}

/** Processes that this one started. */
async function childrenOf(pid: number): Promise<string[]> {
  const text = await Deno.readTextFile(`/proc/${pid}/task/${pid}/children`);
  return text.split(" ").filter((child) => child !== "");
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function sum(page: readonly PageSample[], name: string, domain: string): number {
  return page.filter((sample) => sample.name === name && sample.labels["domain"] === domain)
    .reduce((total, { value }) => total + value, 0);
}

Deno.test("demo shows what a scrape from outside its namespace says, and leaves nothing behind", async () => {
  assert.equal(Deno.uid(), 0, "this test makes a network namespace: run it as root");
  const port = freePort();
  await using demo = startDemo(`-web.listen-address=127.0.0.1:${port}`);
  const summary = await waitUntil(
    "the summary",
    () => Promise.resolve(/^[^]*(?=\n\nCtrl-C ends the demo)/.exec(demo.output)?.[0]),
    { withinMs: PATIENCE_MS, describe: () => demo.output },
  );
  const lines = summary.split("\n");
  const page = parsePage(await demo.answer(`http://127.0.0.1:${port}/metrics`, PATIENCE_MS));
  const infos = page.filter(({ name }) => name === "oie_instance_info");
  const projects = new Set(infos.map(({ labels }) => labels["project_uuid"]));
  assert.deepEqual(lines.slice(0, 5), [
    `Browser   http://127.0.0.1:${port}/`,
    `Terminal  scripts/deno task start top -url=http://127.0.0.1:${port}/`,
    `Scrape    http://127.0.0.1:${port}/metrics`,
    `Cloud     ${infos.length} instances of ${projects.size} projects`,
    `Series    ${page.length}`,
  ]);
  assert.equal(infos.length, 10);

  // Flows come and go by a few each second.
  const entries = page.find(({ name }) => name === "oie_host_conntrack_entries_total")?.value ?? 0;
  const shown = Number(/^Conntrack (\d+) entries, /.exec(lines[5] ?? "")?.[1]);
  assert.ok(shown > 2_000 && Math.abs(shown - entries) < 500, `${shown} shown, ${entries} scraped`);
  const rows = lines.slice(9).map((line) => line.split(/ {2,}/));
  assert.equal(rows.length, 5);
  for (const [domain = "", project, , cpu, , , flows] of rows) {
    const info = infos.find(({ labels }) => labels["domain"] === domain);
    assert.equal(project, info?.labels["project_name"]);
    const scrapedCpu = sum(page, "oie_cpu_percent", domain);
    assert.ok(Math.abs(Number(cpu) - scrapedCpu) < 20, `${domain}: ${cpu} %, then ${scrapedCpu}`);
    const scrapedFlows = sum(page, "oie_conntrack_ip_flows_total", domain);
    const shownFlows = flows === "-" ? 0 : Number(flows);
    assert.ok(Math.abs(shownFlows - scrapedFlows) < 150, `${domain}: ${flows}, ${scrapedFlows}`);
  }

  const children = await childrenOf(demo.pid);
  assert.equal(children.length, 1);
  const [ours, theirs] = await Promise.all(
    ["self", children[0]].map((pid) => Deno.readLink(`/proc/${pid}/ns/net`)),
  );
  assert.notEqual(theirs, ours);
  const ended = await demo.stop("SIGINT", 10_000);
  assert.deepEqual({ ...ended, tookMs: 0, stdout: "" }, {
    code: 0,
    signal: null,
    stdout: "",
    stderr: "",
    tookMs: 0,
  });
  assert.equal(await exists(`/proc/${children[0]}`), false);
});

Deno.test("demo -once ends after the summary, also without privileges, and beside another one", async () => {
  // Root without a single capability is as unprivileged as anybody, and can read this checkout.
  const drop = Deno.uid() === 0 ? ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] : [];
  const [program = "", ...args] = [...drop, Deno.execPath(), ...DEMO, "-once"];
  await using unprivileged = new RealProcess(program, [...args, "-collection.interval=500ms"]);
  await using other = startDemo("-once");
  const [without, beside] = await Promise.all(
    [unprivileged, other].map((demo) => demo.end(PATIENCE_MS)),
  );
  assert.equal(without?.code, 0, without?.stderr);
  assert.match(without?.stderr ?? "", /^Going on without conntrack: .* takes root$/m);
  assert.match(without?.stdout ?? "", /^Cloud +10 instances of 4 projects$/m);
  assert.match(without?.stdout ?? "", /^Conntrack left out: /m);
  assert.equal(beside?.code, 0, beside?.stderr);
  assert.match(beside?.stdout ?? "", /^Conntrack \d{4} entries, /m);
  const url = (text = "") => /^Scrape +(\S+)$/m.exec(text)?.[1];
  assert.notEqual(url(without?.stdout), url(beside?.stdout));
});

Deno.test("demo says in one line why it cannot start", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const address = `127.0.0.1:${taken.addr.port}`;
  const bad: readonly (readonly [string, number, RegExp])[] = [
    ["-bogus", 2, /^Cannot parse flag -bogus: there is no such flag, see -h\n$/],
    [`-web.listen-address=${address}`, 1, /^Cannot listen on 127\.0\.0\.1:\d+: .*\n$/],
  ];
  for (const [flag, code, stderr] of bad) {
    await using demo = startDemo("-once", flag);
    const ended = await demo.end(PATIENCE_MS);
    assert.equal(ended.code, code);
    assert.match(ended.stderr, stderr);
    assert.equal(ended.stdout, "");
  }
});
