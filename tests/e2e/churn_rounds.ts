import assert from "node:assert/strict";
import { LibvirtReader } from "../../lib/reading/libvirt_reader.ts";
import type { LibvirtNode } from "../integration/libvirt_node.ts";
import { GuestChurn } from "./guest_churn.ts";
import { LibvirtProxy } from "./libvirt_proxy.ts";
import { NodeExporter } from "./node_exporter_process.ts";
import { sampleValues } from "./page_text.ts";
import { shownGuests, shownInterfaces } from "./shown_guests.ts";
import { waitUntil } from "./wait_until.ts";

const INTERVAL_MS = 200;
const START_MS = 30_000;
/** XML is read again after a minute at the latest. */
const READDRESSED_MS = 60_000 + 10_000;
const CYCLE_MS = 30_000;
const LAST = "oie_host_last_collection_timestamp_seconds";

/** What a process holds that must not grow. */
export interface Held {
  readonly descriptors: number;
  readonly threads: number;
  readonly residentMib: number;
}

/** What {@link churnGuests} saw. */
export interface ChurnResult {
  readonly done: ReadonlyMap<string, number>;
  /** Of the exporter, once it had settled and at the end. */
  readonly before: Held;
  readonly after: Held;
  /** Resident memory after each operation, in MiB. */
  readonly residentMib: readonly number[];
  /** Most connections to libvirt that the exporter had at once. */
  readonly connections: number;
  /** References to a connection of this process that read each round too, after its last call. */
  readonly references: number;
}

/**
 * Does operations on the guests of a node, one after the other, and holds the compiled program to a
 * page that is right by the second cycle that ends after each.
 *
 * @param options `settled` operations are done when what the program holds is first looked at.
 * @param readdress Whether at the end every fixed IP changes with no device, which takes a minute.
 */
export async function churnGuests(
  node: LibvirtNode,
  options: { readonly operations: number; readonly settled: number; readonly seed: number },
  readdress = false,
): Promise<ChurnResult> {
  const churn = new GuestChurn(node, options.seed);
  await using proxy = await LibvirtProxy.start(node.socket);
  await using exporter = await NodeExporter.start(node, {
    uri: proxy.uri,
    intervalMs: INTERVAL_MS,
    // Each fixed IP has a series, with flows or without.
    flags: ["-conntrack.min=0"],
  });
  const { pid } = exporter.process;
  await exporter.values("a page", START_MS, (values) => values.get("oie_libvirt_up") === 1);
  const reader = new LibvirtReader(node.uri, { intervalMs: INTERVAL_MS });
  let before = await heldBy(pid);
  const residentMib: number[] = [];
  for (let number = 1; number <= options.operations; number++) {
    const what = `page after ${await churn.step()} (operation ${number})`;
    await expectPage(exporter, churn, what);
    const reading = reader.read();
    assert.ok(reading.up && reading.domainErrors === 0, what);
    const held = await heldBy(pid);
    residentMib.push(held.residentMib);
    if (number === options.settled) before = held;
  }
  if (readdress) {
    await churn.readdress();
    const wanted = churn.expected().join("\n");
    const isRight = (values: ReadonlyMap<string, number>) =>
      shownGuests(values).join("\n") === wanted;
    await exporter.values("the other fixed IPs", READDRESSED_MS, isRight);
  }
  return {
    done: churn.done,
    before,
    after: await heldBy(pid),
    residentMib,
    connections: proxy.mostOpen,
    references: reader.close(),
  };
}

/** Waits for a page that is right, which the second cycle to end from now on must have. */
export async function expectPage(
  exporter: NodeExporter,
  churn: GuestChurn,
  what: string,
): Promise<void> {
  const doneAt = Date.now() / 1000;
  const cycles = new Set<number>();
  const values = await waitUntil(what, async () => {
    const values = sampleValues(await exporter.page());
    const endedAt = values.get(LAST) ?? 0;
    if (endedAt <= doneAt) return undefined;
    cycles.add(endedAt);
    // The first cycle to end may have begun before the operation was done.
    const isRight = shownGuests(values).join("\n") === churn.expected().join("\n");
    return isRight || cycles.size >= 2 ? values : undefined;
  }, { withinMs: CYCLE_MS, describe: () => exporter.process.output });
  assert.deepEqual(shownGuests(values), churn.expected(), what);
  const unknown = [...shownInterfaces(values)].filter((device) => !churn.interfaces.has(device));
  assert.deepEqual(unknown, [], what);
}

/** What a process holds at this moment. */
export async function heldBy(pid: number): Promise<Held> {
  const count = (kind: string) => [...Deno.readDirSync(`/proc/${pid}/${kind}`)].length;
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  const residentKib = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]);
  return { descriptors: count("fd"), threads: count("task"), residentMib: residentKib / 1024 };
}
