import { gzipSync } from "node:zlib";
import { COLLECTORS } from "../../lib/collectors/collectors.ts";
import { Exporter } from "../../lib/exporter.ts";
import { historyFrame } from "../../lib/live/history_frame.ts";
import { CHANNELS } from "../../lib/live/history_schema.ts";
import { HistoryStore } from "../../lib/live/history_store.ts";
import { NodeView } from "../../lib/live/node_view.ts";
import { configOf } from "../collectors/readings.ts";
import { BEHAVIOR_FLAGS, type Bench, type BenchRow } from "./bench.ts";
import { median } from "./median.ts";
import { SyntheticHost } from "./synthetic_host.ts";

const BAR = 0.10;
const WARM_UP = 10;
const MAX_HISTORY_MIB = 20;
const MAX_ANSWER_KIB = 256;
const BUILD = { version: "0.0.0", revision: "none", deno: "0.0.0", arch: "none" };
const HOUR_OF_CYCLES = { historyMs: 3_600_000, intervalMs: 10_000 };

/** What the live page costs in each cycle, and what an hour of history takes. */
const liveBench: Bench = {
  name: "live",
  async run({ smoke }) {
    const [instances, rounds] = smoke ? [20, 3] : [500, 61];
    return [...compare(instances, rounds), await remember(instances)];
  },
};

export default liveBench;

/** The snapshot and its history against collecting and rendering the page of the same cycle. */
function compare(instances: number, rounds: number): readonly BenchRow[] {
  const host = new SyntheticHost(instances);
  const clock = { now: () => performance.now(), wall: () => Date.now() };
  const config = configOf(...BEHAVIOR_FLAGS);
  const ownResources = () => ({ heapUsed: 0, process: {} });
  const exporter = new Exporter(config, {
    build: BUILD,
    clock,
    collectors: COLLECTORS,
    ownResources,
  });
  const view = new NodeView(config, { build: BUILD, clock, node: "bench", lifetimeMs: 20_000 });
  const store = new HistoryStore(frame());
  const pages: number[] = [];
  const lives: number[] = [];
  let snapshot = new Uint8Array(0);
  for (let turn = -WARM_UP; turn < rounds; turn++) {
    const readings = host.cycle(turn + WARM_UP);
    const beganMs = performance.now();
    const page = exporter.update(readings);
    const renderedMs = performance.now();
    const picture = view.update(readings, page);
    if (picture.history) store.put(picture.history);
    const endedMs = performance.now();
    snapshot = picture.snapshot;
    if (turn < 0) continue;
    pages.push(renderedMs - beganMs);
    lives.push(endedMs - renderedMs);
  }
  const ratio = median(lives) / median(pages);
  const kib = gzipSync(snapshot, { level: 1 }).length / 1024;
  return [
    {
      what: `live: snapshot and history of ${instances} instances`,
      ours: `${median(lives).toFixed(2)} ms`,
      against: `collect and render ${median(pages).toFixed(1)} ms`,
      ratio,
      bar: `<= ${BAR.toFixed(2)} x`,
      pass: ratio <= BAR,
    },
    {
      what: `live: the one answer a cycle that an open page asks for, ${instances} instances, gzip`,
      ours: `${kib.toFixed(0)} KiB`,
      against: `plain ${(snapshot.length / 1024).toFixed(0)} KiB`,
      ratio: kib,
      bar: `<= ${MAX_ANSWER_KIB} KiB`,
      pass: kib <= MAX_ANSWER_KIB,
    },
  ];
}

/** Heap and buffers that an hour of history keeps. */
async function remember(instances: number): Promise<BenchRow> {
  const { points } = frame();
  const uuids = Array.from({ length: instances }, () => crypto.randomUUID());
  const values = new Float32Array(instances * CHANNELS.length).fill(12.5);
  const before = await usedMiB();
  const store = new HistoryStore(frame());
  for (let turn = 0; turn < points; turn++) {
    store.put({ dueAtMs: turn * HOUR_OF_CYCLES.intervalMs, uuids, values });
  }
  const used = await usedMiB() - before;
  const kept = uuids.filter((uuid) => store.instance(uuid)?.series.flows.length === points).length;
  return {
    what: `live: an hour of history of ${kept} instances, heap and buffers`,
    ours: `${used.toFixed(1)} MiB`,
    against: `${(1024 * used / kept).toFixed(1)} KiB an instance`,
    ratio: used,
    bar: `<= ${MAX_HISTORY_MIB} MiB`,
    pass: used > 0 && used <= MAX_HISTORY_MIB && kept === instances,
  };
}

function frame() {
  const frame = historyFrame(HOUR_OF_CYCLES);
  if (frame === undefined) throw new Error("Cannot measure the history: it is switched off");
  return frame;
}

/** Heap in use and buffers outside of it, after what is dead was collected. */
async function usedMiB(): Promise<number> {
  const collect: unknown = Reflect.get(globalThis, "gc");
  if (typeof collect !== "function") throw new Error("Cannot measure the heap: V8 has no gc()");
  for (let turn = 0; turn < 3; turn++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { heapUsed, external } = Deno.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
}
