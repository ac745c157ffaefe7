import { parseStatus } from "../../lib/reading/process_reader.ts";
import type { Bench } from "./bench.ts";
import { metric, startLoadedExporter } from "./loaded_exporter.ts";

const MEBIBYTE = 2 ** 20;
const MAX_MEBIBYTES = 250;
/** What still counts as flat: growth over the newest half of the cycles, by the line that fits best. */
const MAX_GROWTH_MEBIBYTES = 5;
const CHURN_FLOWS = 2_000;

/** Resident memory of a real exporter over many cycles of a large host. */
const memoryBench: Bench = {
  name: "memory",
  async run({ smoke }) {
    const load = smoke ? { instances: 10, entries: 2_000 } : { instances: 500, entries: 1_000_000 };
    const cycles = smoke ? 6 : 50;
    await using exporter = await startLoadedExporter(load);
    const sizes: number[] = [];
    let what = "";
    while (sizes.length < cycles) {
      const page = await exporter.nextPage();
      const status = await Deno.readTextFile(`/proc/${exporter.pid}/status`);
      sizes.push((parseStatus(status).residentMemory ?? NaN) / MEBIBYTE);
      exporter.churn(smoke ? 10 : CHURN_FLOWS);
      what = `memory: ${load.instances} instances, ${
        metric(page, "oie_host_conntrack_entries_total")
      } entries, ${page.length} series`;
      if (sizes.length % 10 === 0) console.error(`cycle ${sizes.length}: ${sizes.at(-1)} MiB`);
    }
    const newest = sizes.slice(-cycles / 2);
    const most = Math.max(...newest);
    const growth = slope(newest) * newest.length;
    return [
      {
        what: `${what}, most of cycles ${cycles / 2 + 1} to ${cycles}`,
        ours: `${most.toFixed(0)} MiB`,
        against: "-",
        ratio: most,
        bar: `<= ${MAX_MEBIBYTES} MiB`,
        pass: most <= MAX_MEBIBYTES,
      },
      {
        what: `${what}, growth over those cycles`,
        ours: `${growth.toFixed(1)} MiB`,
        against: `${(growth / newest.length).toFixed(2)} MiB a cycle`,
        ratio: growth,
        bar: `<= ${MAX_GROWTH_MEBIBYTES} MiB`,
        pass: growth <= MAX_GROWTH_MEBIBYTES,
      },
    ];
  },
};

export default memoryBench;

/** By how much the values grow from one to the next, by the line with the least squares. */
function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let covariance = 0;
  let variance = 0;
  values.forEach((value, at) => {
    covariance += (at - middle) * (value - mean);
    variance += (at - middle) ** 2;
  });
  return covariance / variance;
}
