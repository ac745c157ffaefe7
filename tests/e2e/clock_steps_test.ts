import assert from "node:assert/strict";
import { LibvirtNode } from "../integration/libvirt_node.ts";
import { isUp, NodeExporter } from "./node_exporter_process.ts";
import { waitUntil } from "./wait_until.ts";

const START_MS = 30_000;
const DAY_S = 24 * 3600;
/** How far a time that was just written may be from the clock on a busy machine. */
const NEAR_S = 30;
/** Steps of the clock from the true time, in days: back, far forth, and home. */
const STEPS = [0, -2, 400, 0];
const GUEST = {
  name: "instance-00000001",
  uuid: "6695eb01-f6a4-4304-89aa-97f2502e1931",
  fixedIps: ["10.0.0.1"],
  bare: true,
  busy: true,
};

const LAST = "oie_host_last_collection_timestamp_seconds";
const REFRESHED = "oie_customlist_refresh_last_success_timestamp_seconds";

/** What on a page is negative, absurd, or a moment far from the clock's. */
function absurd(values: ReadonlyMap<string, number>, nowS: number): string[] {
  return [...values].filter(([series, value]) => {
    const [family = ""] = series.split("{");
    if (!Number.isFinite(value) || value < 0) return true;
    if (family === LAST || family === REFRESHED) return Math.abs(value - nowS) > NEAR_S;
    if (family === "oie_cpu_percent") return value > 100;
    return /(duration|lag)_seconds$/.test(family) && value > NEAR_S;
  }).map(([series, value]) => `${series} ${value}`);
}

Deno.test("binary says nothing absurd when the clock is stepped back and forth", async () => {
  await using node = await LibvirtNode.start();
  await node.createGuest(GUEST);
  const folder = await Deno.makeTempDir({ prefix: "oie-clock-" });
  try {
    await Deno.chmod(folder, 0o777);
    await Deno.writeTextFile(`${folder}/offset`, "+0d");
    await Deno.writeTextFile(`${folder}/listed.txt`, "192.0.2.0/24\n");
    await using exporter = await NodeExporter.start(node, {
      where: "network",
      flags: [
        ...["-cpu.min=0", "-conntrack.min=0", "-log.level=debug"],
        ...["-customlist.enable", `-customlist.path=${folder}/listed.txt`],
        ...["-customlist.refresh=1s", "-threatfile.enable"],
        `-threatfile.path=${folder}/threat.log`,
      ],
      env: {
        // The wall clock alone: a step does not touch the clock that counts from the boot.
        LD_PRELOAD: "/usr/$LIB/faketime/libfaketimeMT.so.1",
        FAKETIME_DONT_FAKE_MONOTONIC: "1",
        FAKETIME_NO_CACHE: "1",
        FAKETIME_TIMESTAMP_FILE: `${folder}/offset`,
      },
    });
    await exporter.values("a full page", START_MS, isUp(1));
    const threatTimes = async () =>
      (await Deno.readTextFile(`${folder}/threat.log`)).trimEnd().split("\n")
        .map((line) => Date.parse(JSON.parse(line).time) / 1000);

    for (const [number, days] of STEPS.entries()) {
      await Deno.writeTextFile(`${folder}/offset`, `${days < 0 ? "" : "+"}${days}d`);
      const now = () => Date.now() / 1000 + days * DAY_S;
      const [conntrack, entry] = node.inside(
        "conntrack",
        `-I -p tcp -s 10.0.0.1 -d 192.0.2.${number} --sport 1 --dport 443 --state ESTABLISHED -t 600`
          .split(" "),
      );
      assert.ok((await new Deno.Command(conntrack, { args: entry }).output()).success);
      // Two cycles and a refresh of the list: with and against the step.
      const stepped = now();
      const values = await exporter.values(
        "a page by the new clock",
        START_MS,
        (values) =>
          [LAST, REFRESHED].every((name) => Math.abs((values.get(name) ?? 0) - now()) < NEAR_S) &&
          (values.get(LAST) ?? 0) > stepped + 2,
      );
      assert.deepEqual(absurd(values, now()), []);
      assert.ok(isUp(1)(values), "the guest's data outlives the step");
      const cpu = [...values].find(([series]) => series.startsWith("oie_cpu_percent{"))?.[1];
      assert.ok(cpu !== undefined && cpu > 0, `${cpu} %`);
      const written = await waitUntil("a line of the threat file", async () => {
        const times = await threatTimes();
        return times.length > number ? times : undefined;
      }, { withinMs: START_MS });
      assert.equal(written.length, number + 1);
      assert.ok(Math.abs((written.at(-1) ?? 0) - now()) < NEAR_S, `${written.at(-1)}`);
    }
    const { code, stdout, stderr } = await exporter.process.stop("SIGTERM", 10_000);
    assert.equal(code, 0);
    const stamps = (stdout + stderr).trimEnd().split("\n")
      .map((line) => Date.parse(/^ts=(\S+) /.exec(line)?.[1] ?? "") / 1000);
    const offsets = stamps.map((stamp) => Math.round((stamp - Date.now() / 1000) / DAY_S));
    assert.deepEqual(new Set(offsets), new Set(STEPS));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
