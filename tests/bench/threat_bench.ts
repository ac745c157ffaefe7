import { openConntrackSocket } from "../../ffi/conntrack.ts";
import { openLibc } from "../../ffi/libc.ts";
import { ConntrackReader } from "../../lib/reading/conntrack_reader.ts";
import { buildIndex } from "../../lib/threat/build_index.ts";
import { THREAT_LISTS } from "../../lib/threat/lists.ts";
import { PrefixSetBuilder } from "../../lib/threat/prefix_set.ts";
import { byteLengthOf, ThreatIndex } from "../../lib/threat/threat_index.ts";
import { ConntrackTable, type Entry, TCP } from "../integration/conntrack_entries.ts";
import { inNetworkNamespace } from "../integration/conntrack_namespace.ts";
import type { Bench, BenchRow } from "./bench.ts";
import { fixedIpOwners, raiseConntrackLimit } from "./conntrack_load.ts";
import { median } from "./median.ts";

const INSTANCES = 250;
const BAR = 1.10;
/** About as many as the feeds have; the custom list is the million. */
const ENTRIES: Readonly<Record<(typeof THREAT_LISTS)[number]["name"], number>> = {
  tor_exit: 2_000,
  tor_relay: 9_000,
  spamhaus: 1_500,
  emergingthreats: 1_000,
  customlist: 1_000_000,
};
/** One in ten entries of the custom list is a prefix. */
const PREFIX_EVERY = 10;

/** Whole dumps with every flow matched against five lists, against the same without lists. */
const threatBench: Bench = {
  name: "threat",
  run({ smoke }) {
    const size = smoke ? 2_000 : 1_000_000;
    using _limit = raiseConntrackLimit(size + 1_000);
    return Promise.resolve(inNetworkNamespace(() => [measure(size, smoke)]));
  },
};

export default threatBench;

function measure(size: number, smoke: boolean): BenchRow {
  using table = new ConntrackTable();
  table.create(entries(size));
  const data = buildIndex(lists(smoke ? 1_000 : 1));
  const listed = new ThreatIndex(data);
  using libc = openLibc();
  const open = () => openConntrackSocket(libc);
  using plain = new ConntrackReader({ outbound: false, open });
  const directions = THREAT_LISTS.map(() => "any" as const);
  const threats = { directions, mostFresh: 1_000, mostFreshOfEach: 20 };
  using matching = new ConntrackReader({ outbound: false, threats, open });
  const owners = fixedIpOwners(INSTANCES);
  const ours: number[] = [];
  const theirs: number[] = [];
  let hits = 0;
  // The first dumps compile the decoder and let the tables of both intervals grow.
  for (let round = -3; round < (smoke ? 3 : 9); round++) {
    const without = plain.read(owners);
    const reading = matching.read(owners, { listed });
    if (!reading.ok) throw reading.error;
    if (!without.ok) throw without.error;
    hits = [...reading.summary.threats?.byInstance.values() ?? []]
      .flat().reduce((sum, { active }) => sum + active, 0);
    if (round < 0) continue;
    ours.push(reading.durationMs);
    theirs.push(without.durationMs);
  }
  // Of pairs: what else the machine does slows both halves of one.
  const ratio = median(ours.map((ms, round) => ms / (theirs[round] ?? NaN)));
  const megabytes = (byteLengthOf(data) / 1e6).toFixed(0);
  return {
    what: `threat: match ${size} flows against five lists (${megabytes} MB, ${hits} hits)`,
    ours: `${median(ours).toFixed(0)} ms`,
    against: `the same without lists ${median(theirs).toFixed(0)} ms`,
    ratio,
    bar: `<= ${BAR.toFixed(2)} x`,
    pass: ratio <= BAR,
  };
}

/** Flows whose remotes lie all over the internet: three in four are IPv4, a tenth comes in. */
function* entries(count: number): Generator<Entry> {
  const random = generator(1);
  for (let number = 0; number < count; number++) {
    const instance = number % INSTANCES;
    const round = Math.floor(number / INSTANCES);
    const ipv6 = round % 4 === 3;
    const guest = ipv6
      ? `fd00::${(instance + 1).toString(16)}`
      : `10.0.${instance >>> 8}.${instance & 255}`;
    const remote = ipv6 ? ipv6Text(random) : ipv4Text(random);
    const incoming = round % 10 === 9;
    yield {
      protocol: TCP,
      src: incoming ? remote : guest,
      dst: incoming ? guest : remote,
      srcPort: 1 + number % 65_535,
      dstPort: 443,
    };
  }
}

/** The five lists, `divisor` times smaller: addresses all over the internet, a quarter IPv6. */
function lists(divisor: number) {
  const random = generator(2);
  const words = new Uint32Array(4);
  return THREAT_LISTS.map(({ name }, bit) => {
    const builder = new PrefixSetBuilder();
    for (let entry = 0; entry < ENTRIES[name] / divisor; entry++) {
      const isPrefix = name === "spamhaus" || (name === "customlist" && entry % PREFIX_EVERY === 0);
      if (entry % 4 === 3) {
        words.set([0x2000_0000 | (random() >>> 4), random(), random(), random()]);
        builder.add(4, words, 0, isPrefix ? 32 + random() % 33 : 128);
      } else {
        words[0] = publicIpv4(random);
        builder.add(1, words, 0, isPrefix ? 20 + random() % 9 : 32);
      }
    }
    return { bit, set: builder.build() };
  });
}

/** From 11.0.0.0 to 223.255.255.255, without what the guests have. */
function publicIpv4(random: () => number): number {
  return ((11 + random() % 213) << 24 | (random() & 0xffffff)) >>> 0;
}

function ipv4Text(random: () => number): string {
  const word = publicIpv4(random);
  return [word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255].join(".");
}

function ipv6Text(random: () => number): string {
  const groups = Array.from({ length: 6 }, () => (random() & 0xffff).toString(16));
  return `2${(random() & 0xfff).toString(16).padStart(3, "0")}:${groups.join(":")}:1`;
}

/** The same words on every machine: xorshift32. */
function generator(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>>= 0;
  };
}
