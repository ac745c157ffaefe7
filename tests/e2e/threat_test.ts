import assert from "node:assert/strict";
import { BINARY, DEMO_NODE, startExporter } from "./exporter_binary.ts";
import { sampleValues } from "./page_text.ts";
import { RealProcess } from "./real_process.ts";
import { runScenario } from "./run_scenario.ts";
import type { ThreatScenario } from "./threat_scenario.ts";
import { waitUntil } from "./wait_until.ts";

const OWNER = 'domain="instance-00000001",instance_uuid="0fd630f1-f29d-4da9-953f-48f1a09f76b5",' +
  'project_uuid="6513270e-269e-4d37-b2a7-4de452e6b438",' +
  'user_uuid="6b0d549b-6f03-475a-9600-a35a099950d8"';

/** Both series of a list's contacts at the end, when none is left. */
function contacts(list: string, direction: string, total: number): [string, number][] {
  const labels = `{${OWNER},direction="${direction}"}`;
  return [
    [`oie_${list}_contact_active${labels}`, 0],
    [`oie_${list}_contact${labels}`, total],
  ];
}

Deno.test("binary matches real flows against five lists; Prometheus' increase() is what was sent", async () => {
  const found = await runScenario<ThreatScenario>(`${import.meta.dirname}/threat_scenario.ts`);

  assert.deepEqual(found.entries, {
    tor_exit: 1,
    tor_relay: 3,
    spamhaus: 2,
    emergingthreats: 1,
    customlist: 2,
  });
  assert.deepEqual(
    found.series,
    Object.fromEntries([
      ...contacts("tor_exit", "out", 1),
      ...contacts("tor_relay", "any", 2),
      ...contacts("spamhaus", "any", 6),
      ...contacts("emergingthreats", "any", 1),
      ...contacts("customlist", "any", 2),
      ['oie_host_threat_listed{list="customlist",ip="192.0.2.7",family="ipv4"}', 1],
    ]),
  );
  assert.deepEqual(found.increase, {
    tor_exit: 0,
    tor_relay: 1,
    spamhaus: 5,
    emergingthreats: 0,
    customlist: 1,
  });
  const line = (rest: string) => rest.replace(" ", " instance-00000001 ");
  assert.deepEqual(found.lines, [
    [
      "customlist out 10.20.0.10 198.51.100.4 tcp 443",
      "emergingthreats out 10.20.0.10 198.51.100.3 tcp 443",
      "spamhaus in 10.20.0.10 203.0.113.2 tcp 22",
      "spamhaus in 10.20.0.10 203.0.113.3 tcp 22",
      "spamhaus out 10.20.0.10 203.0.113.1 tcp 443",
      "spamhaus out 10.20.0.10 203.0.113.4 tcp 80",
      "spamhaus out 2001:db8:20::a 2001:db8:bad::1 tcp 443",
      "tor_exit out 10.20.0.10 198.51.100.1 tcp 443",
      "tor_relay out 10.20.0.10 198.51.100.1 tcp 443",
      "tor_relay out 2001:db8:20::a 2001:db8:bad::1 tcp 443",
    ].map(line),
    [
      "customlist out 10.20.0.10 198.51.100.4 tcp 443",
      "spamhaus out 10.20.0.10 203.0.113.1 tcp 443",
    ].map(line),
  ]);
  assert.equal((found.mode ?? 0) & 0o777, 0o640);
});

Deno.test("binary that cannot open its threat file ends with code 1 and one line that names it", async () => {
  const path = "/no/such/folder/threat.log";
  await using exporter = new RealProcess(BINARY, [
    "-web.listen-address=127.0.0.1:0",
    `-libvirt.uri=test://${DEMO_NODE}`,
    "-threatfile.enable",
    `-threatfile.path=${path}`,
  ]);
  const { code, stdout, stderr } = await exporter.end(10_000);
  assert.deepEqual({ code, stdout, stderr }, {
    code: 1,
    stdout: "",
    stderr: `Cannot open threat file ${path}: No such file or directory (os error 2)\n`,
  });
});

Deno.test("binary reads the custom list again on SIGHUP", async () => {
  const folder = await Deno.makeTempDir({ prefix: "oie-custom-list-" });
  try {
    const path = `${folder}/listed.txt`;
    const written = new Date("2026-01-02T03:04:05Z");
    // Size and time stay the same, so that looking at the file tells nothing: only the signal does.
    const write = async (text: string) => {
      await Deno.writeTextFile(path, text);
      await Deno.utime(path, written, written);
    };
    await write("192.0.2.1\n192.0.2.2\n");
    await using exporter = startExporter("-customlist.enable", `-customlist.path=${path}`);
    const entries = (wanted: number) =>
      waitUntil(`${wanted} entries`, async () => {
        const page = await exporter.process.answer(`${exporter.base}/metrics`, 30_000);
        return sampleValues(page).get("oie_customlist_entries") === wanted || undefined;
      }, { withinMs: 30_000, describe: () => exporter.process.output });
    assert.equal(await entries(2), true);
    await write("192.0.2.1\n#92.0.2.2\n");
    Deno.kill(exporter.process.pid, "SIGHUP");
    assert.equal(await entries(1), true);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
