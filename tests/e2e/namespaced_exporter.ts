/**
 * Run by tests in a process of its own, because it moves into a network namespace for good: the
 * compiled exporter on the demo's cloud with real conntrack entries, served outside the namespace.
 * Arguments: the port to serve on, then flags. Needs root.
 */
import { serveBridge } from "../../scripts/demo/bridge.ts";
import { CLOUD, fixedIpsOfCloud } from "../../scripts/demo/cloud.ts";
import { parseDemoArguments } from "../../scripts/demo/arguments.ts";
import { ConntrackTable } from "../../scripts/demo/conntrack_table.ts";
import { enterNetworkNamespace } from "../../scripts/demo/network_namespace.ts";
import { passingFlows, standingFlows } from "../../scripts/demo/traffic.ts";
import { BINARY } from "./exporter_binary.ts";

const TRAFFIC_INTERVAL_MS = 500;
const INNER_PORT = 9120;

async function main([port, ...flags]: readonly string[]): Promise<void> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: Number(port) });
  if (!enterNetworkNamespace()) throw new Error("Cannot make a network namespace: run as root");
  using table = new ConntrackTable();
  const fixedIps = fixedIpsOfCloud(await Deno.readTextFile(CLOUD));
  table.create(standingFlows(fixedIps));
  let turn = 0;
  const timer = setInterval(
    () => table.create(passingFlows(fixedIps, turn++)),
    TRAFFIC_INTERVAL_MS,
  );
  const { flags: all = [] } = parseDemoArguments([
    ...flags,
    `-web.listen-address=127.0.0.1:${INNER_PORT}`,
  ]) ?? {};
  const exporter = new Deno.Command(BINARY, { args: [...all], stdin: "null" }).spawn();
  Deno.addSignalListener("SIGTERM", () => {
    exporter.kill("SIGTERM");
    listener.close();
  });
  await Promise.race([serveBridge(listener, INNER_PORT).catch(() => {}), exporter.status]);
  await exporter.status;
  clearInterval(timer);
  Deno.exit(0);
}

if (import.meta.main) await main(Deno.args);
