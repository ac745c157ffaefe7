import { openConntrackSocket } from "../../ffi/conntrack.ts";
import { openLibc } from "../../ffi/libc.ts";
import { ConntrackReader } from "../../lib/reading/conntrack_reader.ts";
import { ConntrackTable } from "../../scripts/demo/conntrack_table.ts";
import { inNetworkNamespace } from "../integration/conntrack_namespace.ts";
import type { Bench, BenchRow } from "./bench.ts";
import { fixedIpOwners, raiseConntrackLimit, standing } from "./conntrack_load.ts";
import { median } from "./median.ts";

const INSTANCES = 250;
const BAR = 1.25;

/** Whole dumps, decoded and added up, against a C program that only receives them. */
const conntrackBench: Bench = {
  name: "conntrack",
  run({ smoke }) {
    const sizes = smoke ? [2_000] : [250_000, 1_000_000];
    return Promise.resolve(sizes.map((size) => compare(size, smoke ? 3 : 9)));
  },
};

export default conntrackBench;

function compare(size: number, rounds: number): BenchRow {
  using _limit = raiseConntrackLimit(size + 1_000);
  const floor = compileFloor();
  try {
    return inNetworkNamespace(() => measure(size, rounds, floor));
  } finally {
    Deno.removeSync(floor);
  }
}

function measure(size: number, rounds: number, floor: string): BenchRow {
  using table = new ConntrackTable();
  table.create(standing(INSTANCES, size));
  using libc = openLibc();
  using reader = new ConntrackReader({
    outbound: true,
    inbound: true,
    open: () => openConntrackSocket(libc),
  });
  const owners = fixedIpOwners(INSTANCES);
  const ours: number[] = [];
  const theirs: number[] = [];
  // The first dumps compile the decoder and let the tables of both intervals grow.
  for (let round = -3; round < rounds; round++) {
    const reading = reader.read(owners);
    if (!reading.ok) throw reading.error;
    if (reading.summary.entries !== size) {
      throw new Error(`Cannot compare: ${reading.summary.entries} of ${size} entries were read`);
    }
    const floorMs = runFloor(floor);
    if (round < 0) continue;
    ours.push(reading.durationMs);
    theirs.push(floorMs);
  }
  // Of pairs: what else the machine does slows both halves of one.
  const ratio = median(ours.map((ms, round) => ms / (theirs[round] ?? NaN)));
  return {
    what: `conntrack: dump, decode and add up ${size} entries for ${2 * INSTANCES} fixed IPs`,
    ours: `${median(ours).toFixed(0)} ms`,
    against: `C receive loop ${median(theirs).toFixed(0)} ms`,
    ratio,
    bar: `<= ${BAR} x`,
    pass: ratio <= BAR,
  };
}

function compileFloor(): string {
  const program = Deno.makeTempFileSync({ prefix: "oie-conntrack-floor-" });
  const source = new URL("./conntrack_floor.c", import.meta.url).pathname;
  const args = ["-O2", "-o", program, source, "-lnetfilter_conntrack"];
  const { success, stderr } = new Deno.Command("gcc", { args }).outputSync();
  if (!success) throw new Error(`Cannot compile the floor: ${new TextDecoder().decode(stderr)}`);
  return program;
}

/** Starts the C program, which inherits this thread's network namespace. Milliseconds. */
function runFloor(program: string): number {
  const { success, stdout } = new Deno.Command(program).outputSync();
  if (!success) throw new Error("Cannot dump the table with the C program");
  return Number(new TextDecoder().decode(stdout).split(" ")[0]) / 1e6;
}
