import assert from "node:assert/strict";
import { parseIpAddress } from "../../lib/address/ip_address.ts";
import type { Cycle } from "../../lib/collectors/cycle.ts";
import { feedSamples } from "../../lib/collectors/feed.ts";
import { hostThreatSamples } from "../../lib/collectors/host_threat.ts";
import { THREAT } from "../../lib/collectors/threat.ts";
import type { ContactCounts } from "../../lib/conntrack/flow_summary.ts";
import { sampleLine } from "../metrics/sample_line.ts";
import { THREAT_LISTS } from "../../lib/threat/lists.ts";
import { configOf, reading, started, UUID } from "./readings.ts";

const NONE: ContactCounts = { active: 0, total: 0 };

/** A cycle with the counts of some lists, by their names. */
function cycleWith(counts: Readonly<Record<string, ContactCounts>> | undefined): Cycle {
  return {
    statsAtMs: 0,
    flows: {
      entries: 0,
      ambiguousFixedIps: 0,
      byInstance: new Map([[UUID, []]]),
      threats: {
        byInstance: new Map(
          counts && [[UUID, THREAT_LISTS.map(({ name }) => counts[name] ?? NONE)]],
        ),
        fresh: [],
        leftOut: [],
      },
    },
  };
}

function labels(direction: string): string {
  return `{domain="instance-0000000a",instance_uuid="${UUID}",project_uuid="p-1",` +
    `user_uuid="u-1",direction="${direction}"}`;
}

for (const { name, flag } of THREAT_LISTS) {
  Deno.test(`THREAT exports the contacts of ${name} with its direction, also when none is left`, () => {
    const collect = started(
      THREAT,
      `-${flag}.enable`,
      "-customlist.path=/x",
      `-${flag}.direction=any`,
    );
    assert.deepEqual(collect(reading({}), cycleWith({ [name]: { active: 2, total: 5 } })), [
      `oie_${name}_contact_active${labels("any")} 2\n`,
      `oie_${name}_contact${labels("any")} 5\n`,
    ]);
    assert.deepEqual(collect(reading({}), cycleWith({ [name]: { active: 0, total: 5 } })), [
      `oie_${name}_contact_active${labels("any")} 0\n`,
      `oie_${name}_contact${labels("any")} 5\n`,
    ]);
  });
}

Deno.test("THREAT has no series before the first contact with a list", () => {
  const collect = started(THREAT, "-spamhaus.enable", "-tor.exit.enable", "-contacts.direction=in");
  assert.deepEqual(collect(reading({}), cycleWith(undefined)), []);
  assert.deepEqual(collect(reading({}), cycleWith({ spamhaus: { active: 1, total: 1 } })), [
    `oie_spamhaus_contact_active${labels("in")} 1\n`,
    `oie_spamhaus_contact${labels("in")} 1\n`,
  ]);
});

Deno.test("THREAT leaves what is cached where no dump was read, or not for this instance", () => {
  const collect = started(THREAT, "-spamhaus.enable");
  assert.equal(collect(reading({}), { statsAtMs: 0, flows: undefined }), undefined);
  const other = "22222222-2222-4222-8222-222222222222";
  assert.equal(collect(reading({ stats: { uuid: other } }), cycleWith(undefined)), undefined);
});

Deno.test("THREAT is off unless a list is switched on", () => {
  assert.equal(THREAT.start(configOf()), undefined);
});

Deno.test("hostThreatSamples has a series for each list that has an address, and each address once", () => {
  const address = (text: string, lists: number) => {
    const parsed = parseIpAddress(text);
    assert.ok(parsed);
    return { address: parsed, lists };
  };
  const addresses = [
    address("198.51.100.7", 0b00101),
    address("198.51.100.8", 0),
    address("2001:DB8:0::7", 0b10000),
    address("::ffff:198.51.100.7", 0b00101),
  ];
  assert.deepEqual(hostThreatSamples(addresses).map(sampleLine), [
    'oie_host_threat_listed{list="tor_exit",ip="198.51.100.7",family="ipv4"} 1\n',
    'oie_host_threat_listed{list="spamhaus",ip="198.51.100.7",family="ipv4"} 1\n',
    'oie_host_threat_listed{list="customlist",ip="2001:db8::7",family="ipv6"} 1\n',
  ]);
});

Deno.test("feedSamples says in seconds how lists stand, and nothing of what is not known yet", () => {
  const samples = feedSamples([
    { list: "spamhaus", errorsTotal: 1, entries: 0 },
    {
      list: "customlist",
      lastSuccessMs: 1_767_225_600_250,
      durationMs: 40,
      errorsTotal: 0,
      entries: 9,
    },
  ]);
  assert.deepEqual(samples.map(sampleLine), [
    "oie_spamhaus_refresh_errors_total 1\n",
    "oie_spamhaus_entries 0\n",
    "oie_customlist_refresh_last_success_timestamp_seconds 1767225600.25\n",
    "oie_customlist_refresh_duration_seconds 0.04\n",
    "oie_customlist_refresh_errors_total 0\n",
    "oie_customlist_entries 9\n",
  ]);
});
