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

/** Whole dumps whose flows are told apart by the zones of ports, against the same by addresses. */
const zonesBench: Bench = {
  name: "zones",
  run({ smoke }) {
    const size = smoke ? 2_000 : 1_000_000;
    using _limit = raiseConntrackLimit(size + 1_000);
    return Promise.resolve(inNetworkNamespace(() => [measure(size, smoke ? 3 : 9)]));
  },
};

export default zonesBench;

function measure(size: number, rounds: number): BenchRow {
  using table = new ConntrackTable();
  table.create(zoned(size));
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
    const byAddress = plain.read(owners);
    const byZone = telling.read(owners, { zones });
    if (!byZone.ok) throw byZone.error;
    if (!byAddress.ok) throw byAddress.error;
    if (round < 0) continue;
    ours.push(byZone.durationMs);
    theirs.push(byAddress.durationMs);
  }
  // Of pairs: what else the machine does slows both halves of one.
  const ratio = median(ours.map((ms, round) => ms / (theirs[round] ?? NaN)));
  return {
    what: `zones: tell ${size} flows apart by the zones of ${INSTANCES} ports`,
    ours: `${median(ours).toFixed(0)} ms`,
    against: `the same by addresses alone ${median(theirs).toFixed(0)} ms`,
    ratio,
    bar: `<= ${BAR.toFixed(2)} x`,
    pass: ratio <= BAR,
  };
}

/** The usual entries, each in the zone of its guest's port. */
function* zoned(count: number): Generator<Entry> {
  let number = 0;
  for (const entry of standing(INSTANCES, count)) {
    yield { ...entry, zone: zoneOf(number++ % INSTANCES) };
  }
}

function portOf(instance: number): string {
  return `port-${instance}`;
}

function zoneOf(instance: number): number {
  return 1 + instance;
}
