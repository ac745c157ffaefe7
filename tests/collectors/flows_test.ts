import assert from "node:assert/strict";
import { CONNTRACK } from "../../lib/collectors/conntrack.ts";
import { FLOWS_BY_KIND } from "../../lib/collectors/flow_kinds.ts";
import { FLOW_BYTES } from "../../lib/collectors/flow_traffic.ts";
import { INBOUND_BEHAVIOR, OUTBOUND_BEHAVIOR } from "../../lib/collectors/outbound.ts";
import type { BehaviorFlows } from "../../lib/conntrack/flow_summary.ts";
import { configOf, cycle, describe, fixedIps, reading, started, UUID } from "./readings.ts";

const DESCRIPTION = describe({ fixedIps: fixedIps("10.0.0.1", "2001:DB8::0:1") });

function labels(ip: string, family: string): string {
  return `{domain="instance-0000000a",instance_uuid="${UUID}",ip="${ip}",family="${family}",` +
    `project_uuid="p-1",user_uuid="u-1"}`;
}
const V4 = labels("10.0.0.1", "ipv4");
const V6 = labels("2001:db8::1", "ipv6");

const OUTBOUND: BehaviorFlows = {
  uniqueRemotes: 0,
  newRemotes: 0,
  flows: 0,
  maxFlowsSingleRemote: 0,
  uniqueDstPorts: 0,
  newDstPorts: 0,
  maxFlowsSingleDstPort: 0,
};

Deno.test("CONNTRACK exports the fixed IPs that reach the minimum", () => {
  const collect = started(CONNTRACK);
  const at = (v4: number, v6: number) =>
    collect(reading({ description: DESCRIPTION }), cycle(0, [{ flows: v4 }, { flows: v6 }]));
  assert.deepEqual(at(20, 19), [`oie_conntrack_ip_flows_total${V4} 20\n`]);
  assert.deepEqual(at(0, 21), [`oie_conntrack_ip_flows_total${V6} 21\n`]);
  assert.deepEqual(at(0, 0), []);
});

Deno.test("CONNTRACK with a minimum of 0 exports every fixed IP", () => {
  const collect = started(CONNTRACK, "-conntrack.min=0");
  const flows = [{ flows: 0 }, { flows: 3 }];
  assert.deepEqual(collect(reading({ description: DESCRIPTION }), cycle(0, flows)), [
    `oie_conntrack_ip_flows_total${V4} 0\n`,
    `oie_conntrack_ip_flows_total${V6} 3\n`,
  ]);
});

Deno.test("CONNTRACK and OUTBOUND_BEHAVIOR leave what is cached where no dump was read", () => {
  for (const collector of [CONNTRACK, OUTBOUND_BEHAVIOR]) {
    const collect = started(collector, "-outbound.behavior.enable");
    assert.equal(collect(reading({ description: DESCRIPTION }), cycle()), undefined);
  }
});

Deno.test("OUTBOUND_BEHAVIOR is off unless it is switched on", () => {
  assert.equal(OUTBOUND_BEHAVIOR.start(configOf()), undefined);
});

Deno.test("OUTBOUND_BEHAVIOR exports its seven families together, zeros included", () => {
  const collect = started(OUTBOUND_BEHAVIOR, "-outbound.behavior.enable", "-conntrack.min=5");
  const at = (outbound: Partial<BehaviorFlows>) =>
    collect(
      reading({ description: DESCRIPTION }),
      cycle(0, [
        { flows: 99, outbound: { ...OUTBOUND, ...outbound } },
        { flows: 99, outbound: OUTBOUND },
      ]),
    );
  assert.deepEqual(at({ flows: 5, uniqueRemotes: 2, maxFlowsSingleRemote: 4 }), [
    `oie_outbound_unique_remotes${V4} 2\n`,
    `oie_outbound_new_remotes${V4} 0\n`,
    `oie_outbound_flows${V4} 5\n`,
    `oie_outbound_max_flows_single_remote${V4} 4\n`,
    `oie_outbound_unique_dst_ports${V4} 0\n`,
    `oie_outbound_new_dst_ports${V4} 0\n`,
    `oie_outbound_max_flows_single_dst_port${V4} 0\n`,
  ]);
  assert.equal(at({ uniqueRemotes: 5, flows: 4 })?.length, 7);
  assert.deepEqual(at({ uniqueRemotes: 4, flows: 4, uniqueDstPorts: 9, newRemotes: 9 }), []);
});

Deno.test("INBOUND_BEHAVIOR has a flag of its own and the same gate", () => {
  assert.equal(INBOUND_BEHAVIOR.start(configOf("-outbound.behavior.enable")), undefined);
  const collect = started(INBOUND_BEHAVIOR, "-inbound.behavior.enable", "-conntrack.min=5");
  const at = (inbound: Partial<BehaviorFlows>) =>
    collect(
      reading({ description: DESCRIPTION }),
      cycle(0, [{ flows: 99, outbound: { ...OUTBOUND, flows: 99 } }, {
        flows: 99,
        inbound: { ...OUTBOUND, ...inbound },
      }]),
    );
  assert.deepEqual(at({ flows: 4, uniqueRemotes: 4 }), []);
  assert.deepEqual(at({ flows: 7, uniqueRemotes: 3, newRemotes: 1, uniqueDstPorts: 2 }), [
    `oie_inbound_unique_remotes${V6} 3\n`,
    `oie_inbound_new_remotes${V6} 1\n`,
    `oie_inbound_flows${V6} 7\n`,
    `oie_inbound_max_flows_single_remote${V6} 0\n`,
    `oie_inbound_unique_dst_ports${V6} 2\n`,
    `oie_inbound_new_dst_ports${V6} 0\n`,
    `oie_inbound_max_flows_single_dst_port${V6} 0\n`,
  ]);
});

Deno.test("FLOWS_BY_KIND exports seven series of the fixed IPs that reach the minimum, zeros included", () => {
  const collect = started(FLOWS_BY_KIND, "-collector.flow_kinds");
  const kinds = { out: 20, in: 5, tcp: 15, udp: 0, icmp: 9, other: 1, unreplied: 3 };
  const lines = collect(
    reading({ description: DESCRIPTION }),
    cycle(0, [{ flows: 25, kinds }, { flows: 19, kinds }]),
  );
  const labelled = (label: string) => V4.replace("}", `,${label}}`);
  assert.deepEqual(lines, [
    `oie_conntrack_ip_direction_flows${labelled('direction="out"')} 20\n`,
    `oie_conntrack_ip_direction_flows${labelled('direction="in"')} 5\n`,
    `oie_conntrack_ip_protocol_flows${labelled('protocol="tcp"')} 15\n`,
    `oie_conntrack_ip_protocol_flows${labelled('protocol="udp"')} 0\n`,
    `oie_conntrack_ip_protocol_flows${labelled('protocol="icmp"')} 9\n`,
    `oie_conntrack_ip_protocol_flows${labelled('protocol="other"')} 1\n`,
    `oie_conntrack_ip_unreplied_flows${V4} 3\n`,
  ]);
  assert.equal(collect(reading({ description: DESCRIPTION }), cycle()), undefined);
});

Deno.test("FLOW_BYTES exports four series of each fixed IP once it had traffic in either direction", () => {
  const collect = started(FLOW_BYTES, "-collector.flow_bytes");
  const none = { sentBytes: 0, sentPackets: 0, receivedBytes: 0, receivedPackets: 0 };
  const sent = { ...none, sentBytes: 128, sentPackets: 1 };
  const received = { ...none, receivedBytes: 84, receivedPackets: 2 };
  const at = (v4: typeof none | undefined, v6: typeof none | undefined) =>
    collect(
      reading({ description: DESCRIPTION }),
      cycle(0, [v4, v6].map((traffic) => ({ flows: 0, ...traffic && { traffic } }))),
    );
  const lines = (ip: string, values: readonly number[]) => {
    const labelled = (direction: string) => ip.replace("}", `,direction="${direction}"}`);
    return [
      `oie_conntrack_ip_bytes_total${labelled("out")} ${values[0]}\n`,
      `oie_conntrack_ip_bytes_total${labelled("in")} ${values[1]}\n`,
      `oie_conntrack_ip_packets_total${labelled("out")} ${values[2]}\n`,
      `oie_conntrack_ip_packets_total${labelled("in")} ${values[3]}\n`,
    ];
  };
  assert.deepEqual(at(none, none), []);
  assert.deepEqual(at(sent, none), lines(V4, [128, 0, 1, 0]));
  assert.deepEqual(at(none, received), lines(V6, [0, 84, 0, 2]));
  // A kernel that does not count.
  assert.deepEqual(at(undefined, undefined), []);
  assert.equal(collect(reading({ description: DESCRIPTION }), cycle()), undefined);
});
