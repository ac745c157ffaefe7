import assert from "node:assert/strict";
import { REPOSITORY } from "../../scripts/repository.ts";
import { LibvirtNode } from "../integration/libvirt_node.ts";
import { isUp, NodeExporter } from "./node_exporter_process.ts";
import { RealProcess } from "./real_process.ts";
import { waitUntil } from "./wait_until.ts";

const START_MS = 20_000;
const GUEST = {
  name: "instance-00000001",
  uuid: "6695eb01-f6a4-4304-89aa-97f2502e1931",
  fixedIps: ["10.0.0.1"],
  bare: true,
};
/** `CAP_NET_ADMIN` is the capability with number 12. */
const NET_ADMIN = (1n << 12n).toString(16).padStart(16, "0");

/** A receiver of notifications at `path` that listens. */
async function startManager(path: string): Promise<RealProcess> {
  const receiver = `${REPOSITORY}/tests/e2e/notify_receiver.ts`;
  const args = ["run", "--quiet", "--unstable-net", "--allow-all", receiver, path];
  const manager = new RealProcess(Deno.execPath(), args);
  const isListening = () => Promise.resolve(manager.output.includes("listening") || undefined);
  const describe = () => manager.output;
  await waitUntil("the service manager", isListening, { withinMs: START_MS, describe });
  return manager;
}

Deno.test("binary works as nobody with one capability, and tells systemd how it fares", async (test) => {
  await using node = await LibvirtNode.start();
  await node.createGuest(GUEST);
  const folder = await Deno.makeTempDir({ prefix: "oie-notify-" });
  await Deno.chmod(folder, 0o755);
  try {
    const path = `${folder}/notify`;
    await using manager = await startManager(path);
    const [conntrack, entry] = node.inside(
      "conntrack",
      "-I -p tcp -s 10.0.0.1 -d 192.0.2.7 --sport 1000 --dport 443 --state ESTABLISHED -t 600"
        .split(" "),
    );
    assert.equal((await new Deno.Command(conntrack, { args: entry }).output()).code, 0);

    await using exporter = await NodeExporter.start(node, {
      where: "network",
      flags: ["-conntrack.min=1", "-outbound.behavior.enable"],
      env: { NOTIFY_SOCKET: path, WATCHDOG_USEC: "30000000" },
    });

    await test.step("reads libvirt and the conntrack table", async () => {
      const values = await exporter.values("a full page", START_MS, isUp(1));
      assert.equal(values.get("oie_conntrack_up"), 1);
      assert.equal(values.get("oie_host_conntrack_entries_total"), 1);
      const flows = [...values].filter(([series]) => series.startsWith("oie_conntrack_ip_flows"));
      assert.deepEqual(flows.map(([, count]) => count), [1]);
      const outbound = [...values].filter(([series]) => series.startsWith("oie_outbound_"));
      // What is new, it was in the first cycle only.
      const lasting = outbound.filter(([series]) => !series.startsWith("oie_outbound_new_"));
      assert.deepEqual([outbound.length, ...lasting.map(([, count]) => count)], [7, 1, 1, 1, 1, 1]);
    });

    await test.step("has that capability, that user, and no group", async () => {
      const status = await Deno.readTextFile(`/proc/${exporter.process.pid}/status`);
      const fields = new Map(
        status.split("\n").map((line) => [line.split(":")[0], line.split(":")[1]?.trim()]),
      );
      const names = ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "Groups", "NoNewPrivs"];
      assert.deepEqual(names.map((name) => fields.get(name)), [
        ...Array(5).fill(NET_ADMIN),
        "",
        "1",
      ]);
      assert.match(fields.get("Uid") ?? "", /^(65534\s*){4}$/);
    });

    await test.step("tells ready, feeds the watchdog with each cycle, tells its end", async () => {
      const fed = () => manager.output.match(/WATCHDOG=1/g)?.length ?? 0;
      const before = fed();
      await waitUntil("three cycles", () => Promise.resolve(fed() >= before + 3 || undefined), {
        withinMs: START_MS,
        describe: () => manager.output,
      });
      const { code } = await exporter.process.stop("SIGTERM", 10_000);
      assert.equal(code, 0, exporter.process.output);
      const messages = await waitUntil("the end", () => {
        const lines = manager.output.split("\n").slice(1, -1).map((line) =>
          String(JSON.parse(line))
        );
        return Promise.resolve(lines.at(-1)?.startsWith("STOPPING=1") ? lines : undefined);
      }, { withinMs: START_MS, describe: () => manager.output });
      const address = `READY=1\nSTATUS=Serving on 127.0.0.1:${exporter.port}`;
      assert.equal(messages.filter((message) => message === address).length, 1);
      assert.ok(
        messages.some((message) =>
          message.includes("STATUS=libvirt up, conntrack up, 1 instances")
        ),
        messages.join("\n"),
      );
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("binary feeds no watchdog while a cycle waits for libvirtd", async () => {
  await using node = await LibvirtNode.start();
  const folder = await Deno.makeTempDir({ prefix: "oie-notify-" });
  await Deno.chmod(folder, 0o755);
  try {
    const path = `${folder}/notify`;
    await using manager = await startManager(path);
    await using exporter = await NodeExporter.start(node, {
      env: { NOTIFY_SOCKET: path, WATCHDOG_USEC: "30000000" },
    });
    const fed = () => manager.output.match(/WATCHDOG=1/g)?.length ?? 0;
    await exporter.values("a full page", START_MS, isUp(0));
    await node.freezeDaemon();
    await waitUntil("a quiet watchdog", async () => {
      const before = fed();
      await new Promise((resolve) => setTimeout(resolve, 2_500));
      return fed() === before || undefined;
    }, { withinMs: START_MS });
    await node.thawDaemon();
    const before = fed();
    await waitUntil("a cycle", () => Promise.resolve(fed() > before || undefined), {
      withinMs: START_MS,
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("binary without CAP_NET_ADMIN serves all but conntrack, counts that, and says what to grant", async () => {
  await using node = await LibvirtNode.start();
  await node.createGuest(GUEST);
  await using exporter = await NodeExporter.start(node, {
    capabilities: [],
    flags: ["-conntrack.min=1"],
  });
  const values = await exporter.values(
    "a full page with counted errors",
    START_MS,
    (values) => isUp(1)(values) && (values.get("oie_host_conntrack_read_errors_total") ?? 0) >= 2,
  );
  assert.equal(values.get("oie_conntrack_up"), 0);
  assert.equal(values.get("oie_host_conntrack_entries_total"), undefined);
  const shown = [...values.keys()].filter((series) => series.startsWith("oie_conntrack_ip_flows"));
  assert.deepEqual(shown, []);
  assert.match(exporter.process.output, /CAP_NET_ADMIN/);
});
