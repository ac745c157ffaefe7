import { openConntrackSocket } from "../../ffi/conntrack.ts";
import { openLibc } from "../../ffi/libc.ts";
import { type IpAddress, parseIpAddress } from "../../lib/address/ip_address.ts";
import type { FixedIpOwner } from "../../lib/conntrack/flow_summary.ts";
import { ConntrackReader } from "../../lib/reading/conntrack_reader.ts";
import { ConntrackTable, type Entry, TCP, UDP } from "../integration/conntrack_entries.ts";
import { inNetworkNamespace } from "../integration/conntrack_namespace.ts";
import type { Bench, BenchRow } from "./bench.ts";

const LIMIT_PATH = "/proc/sys/net/netfilter/nf_conntrack_max";
const INSTANCES = 250;
const BAR = 1.25;
const COMMON_PORTS: readonly number[] = [443, 80, 53, 123, 22, 8080, 993, 5432];

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
  using _limit = raiseLimit(size + 1_000);
  const floor = compileFloor();
  try {
    return inNetworkNamespace(() => measure(size, rounds, floor));
  } finally {
    Deno.removeSync(floor);
  }
}

function measure(size: number, rounds: number, floor: string): BenchRow {
  using table = new ConntrackTable();
  table.create(entries(size));
  using libc = openLibc();
  using reader = new ConntrackReader({ outbound: true, open: () => openConntrackSocket(libc) });
  const owners = fixedIpOwners();
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

/** Each instance has an IPv4 and an IPv6 fixed IP. */
function fixedIpOwners(): FixedIpOwner[] {
  return Array.from({ length: INSTANCES }, (_, instance) => ({
    uuid: `00000000-0000-4000-8000-${String(instance).padStart(12, "0")}`,
    fixedIps: [address(ipv4Of(instance)), address(ipv6Of(instance))],
  }));
}

/** Three in four are IPv4; nearly every one has a remote of its own; a tenth comes in; most ports are common. */
function* entries(count: number): Generator<Entry> {
  for (let number = 0; number < count; number++) {
    const instance = number % INSTANCES;
    const ipv6 = Math.floor(number / INSTANCES) % 4 === 3;
    const guest = ipv6 ? ipv6Of(instance) : ipv4Of(instance);
    const remote = ipv6
      ? `2001:db8::${(number >>> 16).toString(16)}:${(number & 0xffff).toString(16)}`
      : `${100 + (number >>> 24)}.${(number >>> 16) & 255}.${(number >>> 8) & 255}.${number & 255}`;
    const incoming = Math.floor(number / INSTANCES) % 10 === 9;
    yield {
      protocol: number % 3 === 0 ? UDP : TCP,
      src: incoming ? remote : guest,
      dst: incoming ? guest : remote,
      srcPort: 1024 + (number % 60_000),
      dstPort: number % 8 === 7 ? 1 + (number % 997) : COMMON_PORTS[(number >>> 3) % 8] ?? 0,
    };
  }
}

function ipv4Of(instance: number): string {
  return `10.0.${instance >>> 8}.${instance & 255}`;
}

function ipv6Of(instance: number): string {
  return `fd00::${(instance + 1).toString(16)}`;
}

function address(text: string): IpAddress {
  const parsed = parseIpAddress(text);
  if (parsed === undefined) throw new TypeError(`Cannot parse ${text}: it is no address`);
  return parsed;
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

/** Lets the table hold `entries`, which only the first network namespace can say; undone at the end. */
function raiseLimit(entries: number): Disposable {
  const before = Number(Deno.readTextFileSync(LIMIT_PATH));
  if (before < entries) Deno.writeTextFileSync(LIMIT_PATH, String(entries));
  return {
    [Symbol.dispose]() {
      const now = Number(Deno.readTextFileSync(LIMIT_PATH));
      // Another run may have raised it further since.
      if (before < entries && now === entries) Deno.writeTextFileSync(LIMIT_PATH, String(before));
    },
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
