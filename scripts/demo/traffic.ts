import { type Entry, ICMP, ICMPV6, TCP, UDP } from "./conntrack_table.ts";

/** What one instance of the demo does on the network: flows of each of its fixed IPs. */
interface Habit {
  /** To web servers of the world, each with an address of its own. */
  readonly browse: number;
  /** To one and the same remote: a database, a proxy. */
  readonly fanIn: number;
  /** From clients of the world, to port 443. */
  readonly serve: number;
  /** Tries of port 22 of everybody: what outbound behaviour is there to show. */
  readonly scan: number;
}

/** By instance, again from the start where there are more of them. */
const HABITS: readonly Habit[] = [
  { browse: 10, fanIn: 60, serve: 240, scan: 0 },
  { browse: 8, fanIn: 40, serve: 190, scan: 0 },
  { browse: 25, fanIn: 120, serve: 30, scan: 0 },
  { browse: 3, fanIn: 4, serve: 2, scan: 0 },
  { browse: 40, fanIn: 15, serve: 0, scan: 0 },
  { browse: 5, fanIn: 2, serve: 1, scan: 420 },
  { browse: 90, fanIn: 35, serve: 60, scan: 0 },
];

/** Longer than a demo lasts. */
const STANDING_SECONDS = 30 * 24 * 3600;
const PASSING_SECONDS = 20;
const PASSING_FLOWS = 12;
const FIRST_PORT = 10_000;
const FIRST_PASSING_PORT = 40_000;
const PASSING_PORTS = 20_000;

/** Flows that are there from the start to the end of the demo. */
export function* standingFlows(instances: readonly (readonly string[])[]): Generator<Entry> {
  for (const [index, fixedIps] of instances.entries()) {
    const habit = HABITS[index % HABITS.length] ?? HABITS[0];
    if (habit === undefined) return;
    for (const ip of fixedIps) yield* flowsOf(ip, index, habit);
  }
}

/**
 * A few short flows to remotes that nobody talked to before: with a new turn each second, the counts
 * of new remotes have something to count.
 */
export function* passingFlows(
  instances: readonly (readonly string[])[],
  turn: number,
): Generator<Entry> {
  const fixedIps = instances.flat();
  for (let flow = 0; flow < PASSING_FLOWS && fixedIps.length > 0; flow++) {
    const number = turn * PASSING_FLOWS + flow;
    const src = fixedIps[(number * 7) % fixedIps.length] ?? "";
    yield {
      protocol: flow % 3 === 0 ? UDP : TCP,
      src,
      dst: remote(src, 0x8000 + number % 0x7fff),
      srcPort: FIRST_PASSING_PORT + number % PASSING_PORTS,
      dstPort: flow % 3 === 0 ? 53 : 443,
      timeoutSeconds: PASSING_SECONDS,
    };
  }
}

function* flowsOf(ip: string, index: number, habit: Habit): Generator<Entry> {
  let srcPort = FIRST_PORT;
  const out = (protocol: number, to: number, dstPort = 0): Entry => ({
    protocol,
    src: ip,
    dst: remote(ip, to),
    srcPort: srcPort++,
    dstPort,
    timeoutSeconds: STANDING_SECONDS,
  });
  const ofInstance = 500 * (index % 16);
  yield out(ip.includes(":") ? ICMPV6 : ICMP, ofInstance);
  for (let flow = 0; flow < habit.browse; flow++) {
    yield flow % 4 === 0 ? out(UDP, ofInstance + 1, 53) : out(TCP, ofInstance + flow, 443);
  }
  for (let flow = 0; flow < habit.fanIn; flow++) yield out(TCP, ofInstance + 2, 5432);
  for (let flow = 0; flow < habit.scan; flow++) yield out(TCP, ofInstance + flow, 22);
  for (let flow = 0; flow < habit.serve; flow++) {
    const { src: dst, dst: src, ...rest } = out(TCP, ofInstance + flow, 443);
    yield { ...rest, src, dst };
  }
}

/** An address of the ranges that are kept for benchmarks and documentation (RFC 2544, RFC 3849). */
function remote(to: string, number: number): string {
  if (to.includes(":")) return `2001:db8:ffff::${(number + 1).toString(16)}`;
  return `198.18.${number >>> 8}.${number & 255}`;
}
