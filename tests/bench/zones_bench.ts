import { openConntrackSocket } from "../../ffi/conntrack.ts";
import { openLibc } from "../../ffi/libc.ts";
import { ConntrackReader } from "../../lib/reading/conntrack_reader.ts";
import { ConntrackTable, type Entry } from "../../scripts/demo/conntrack_table.ts";
import { inNetworkNamespace } from "../integration/conntrack_namespace.ts";
import type { Bench, BenchRow } from "./bench.ts";
import { fixedIpOwners, raiseConntrackLimit, standing } from "./conntrack_load.ts";
import { median } from "./median.ts";

const INSTANCES = 250;
const BAR = 1.03;
/** Where no zone is a port's, each connection is also held against all others. */
const FOREIGN_BAR = 1.25;
/** A router's. */
const FOREIGN_ZONE = 5000;

/** Whole dumps whose flows are told apart by the zones of ports, against the same by addresses. */
const zonesBench: Bench = {
  name: "zones",
  run({ smoke }) {
    const size = smoke ? 2_000 : 1_000_000;
    using _limit = raiseConntrackLimit(size + 1_000);
    const rounds = smoke ? 3 : 9;
    return Promise.resolve([
      inNetworkNamespace(() =>
        compare(size, rounds, {
          what: `zones: tell ${size} flows apart by the zones of ${INSTANCES} ports`,
          bar: BAR,
          zoneOfEntry: zoneOf,
        })
      ),
      inNetworkNamespace(() =>
        compare(size, rounds, {
          what: `zones: the same where all flows are in a router's zone`,
          bar: FOREIGN_BAR,
          zoneOfEntry: () => FOREIGN_ZONE,
        })
      ),
    ]);
  },
};

export default zonesBench;

function compare(
  size: number,
  rounds: number,
  { what, bar, zoneOfEntry }: {
    readonly what: string;
    readonly bar: number;
    readonly zoneOfEntry: (instance: number) => number;
  },
): BenchRow {
  using table = new ConntrackTable();
  table.create(zoned(size, zoneOfEntry));
  using libc = openLibc();
  const open = () => openConntrackSocket(libc);
  using plain = new ConntrackReader({ outbound: true, inbound: true, open });
  using telling = new ConntrackReader({ outbound: true, inbound: true, open });
  const owners = fixedIpOwners(INSTANCES).map((owner, instance) => ({
    ...owner,
    ports: owner.fixedIps.map(() => [portOf(instance)]),
  }));
  const zones = new Map(owners.map((_, instance) => [portOf(instance), zoneOf(instance)]));
  const ours: number[] = [];
  const theirs: number[] = [];
  // The first dumps compile the decoder and let the tables of both intervals grow.
  for (let round = -3; round < rounds; round++) {
    // Each goes first as often as the other.
    const isFirst = round % 2 === 0;
    const early = isFirst ? telling.read(owners, { zones }) : undefined;
    const byAddress = plain.read(owners);
    const byZone = early ?? telling.read(owners, { zones });
    if (!byZone.ok) throw byZone.error;
    if (!byAddress.ok) throw byAddress.error;
    if (round < 0) continue;
    ours.push(byZone.durationMs);
    theirs.push(byAddress.durationMs);
  }
  // Of pairs: what else the machine does slows both halves of one.
  const ratio = median(ours.map((ms, round) => ms / (theirs[round] ?? NaN)));
  return {
    what,
    ours: `${median(ours).toFixed(0)} ms`,
    against: `the same by addresses alone ${median(theirs).toFixed(0)} ms`,
    ratio,
    bar: `<= ${bar.toFixed(2)} x`,
    pass: ratio <= bar,
  };
}

/** The usual entries, each in the zone that its guest's number tells. */
function* zoned(count: number, zoneOfEntry: (instance: number) => number): Generator<Entry> {
  let number = 0;
  for (const entry of standing(INSTANCES, count)) {
    yield { ...entry, zone: zoneOfEntry(number++ % INSTANCES) };
  }
}

function portOf(instance: number): string {
  return `port-${instance}`;
}

function zoneOf(instance: number): number {
  return 1 + instance;
}
