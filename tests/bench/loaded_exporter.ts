import { ConntrackTable } from "../../scripts/demo/conntrack_table.ts";
import { ExporterProcess } from "../../scripts/demo/exporter_process.ts";
import { enterNetworkNamespace } from "../../scripts/demo/network_namespace.ts";
import { type PageSample, parsePage } from "../../scripts/demo/page.ts";
import { BINARY } from "../e2e/exporter_binary.ts";
import { BEHAVIOR_FLAGS } from "./bench.ts";
import { passing, raiseConntrackLimit, standing } from "./conntrack_load.ts";
import { nodeXml } from "./node_xml.ts";

/** Cycles take longer than this, so that the next one begins when one ends. */
const INTERVAL_MS = 200;
const ADDRESS = "127.0.0.1:9120";
const COLLECTED_AT = /^oie_host_last_collection_timestamp_seconds (\S+)$/m;

/** Where the loaded exporter serves, in the namespace of this thread. */
export const LOADED_URL = `http://${ADDRESS}/metrics`;

/** A real exporter under a load of the bench's choice; leaving the scope ends all of it. */
export interface LoadedExporter extends AsyncDisposable {
  readonly pid: number;
  /** Waits for the page of the next cycle. */
  nextPage(): Promise<readonly PageSample[]>;
  /** Replaces a few flows by others, as a living cloud does: call it now and then. */
  churn(flows: number): void;
}

/**
 * Starts the exporter with outbound and inbound behaviour on a host of libvirt's test driver, in a network
 * namespace that this process moves into for good, with that many conntrack entries. Needs root.
 */
export async function startLoadedExporter(
  { instances, entries, intervalMs = INTERVAL_MS }: {
    readonly instances: number;
    readonly entries: number;
    readonly intervalMs?: number;
  },
): Promise<LoadedExporter> {
  await using stack = new AsyncDisposableStack();
  stack.use(raiseConntrackLimit(entries + 100_000));
  if (!enterNetworkNamespace()) throw new Error("Cannot make a network namespace: run as root");
  const table = stack.use(new ConntrackTable());
  table.create(standing(instances, entries));
  const node = await Deno.makeTempFile({ prefix: "oie-node-", suffix: ".xml" });
  stack.defer(() => Deno.remove(node));
  await Deno.writeTextFile(node, nodeXml(instances));
  const exporter = stack.use(
    await ExporterProcess.start([
      `-web.listen-address=${ADDRESS}`,
      `-libvirt.uri=test://${node}`,
      `-collection.interval=${intervalMs}ms`,
      // A cycle may take long on a busy machine: the page must not shrink to its host part then.
      "-dynamic.cache.expiration=10m",
      "-cpu.min=0",
      ...BEHAVIOR_FLAGS,
      "-log.level=error",
    ], BINARY),
  );
  let ended: number | undefined;
  void exporter.code.then((code) => ended = code);
  let seen = 0;
  let passed = 0;
  const resources = stack.move();
  return {
    pid: exporter.pid,
    async nextPage() {
      for (;;) {
        if (ended !== undefined) throw new Error(`Cannot go on: the exporter ended with ${ended}`);
        const text = await textOf(LOADED_URL) ?? "";
        const at = Number(COLLECTED_AT.exec(text)?.[1] ?? 0);
        if (at > seen) {
          seen = at;
          return parsePage(text);
        }
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    },
    churn(flows) {
      table.create(passing(instances, passed, flows));
      passed += flows;
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** Value of a host metric; undefined where the page has none. */
export function metric(page: readonly PageSample[], name: string): number | undefined {
  return page.find((sample) => sample.name === name)?.value;
}

async function textOf(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url);
    return await response.text();
  } catch (error) {
    // It does not listen yet.
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
