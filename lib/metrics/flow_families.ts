import { type Convention, family } from "./family.ts";

const FIXED_IP_LABELS = [
  "domain",
  "instance_uuid",
  "ip",
  "family",
  "project_uuid",
  "user_uuid",
] as const;

const FLOWS_GATE = "while the fixed IP has at least `-conntrack.min` flows";
const KINDS_GATE = `with \`-collector.flow_kinds\`, ${FLOWS_GATE}`;

function fixedIpGauge(name: string, exported: string, help: string, convention?: Convention) {
  return family({ name, type: "gauge", help, labels: FIXED_IP_LABELS, exported, convention });
}

export const CONNTRACK_FLOWS = fixedIpGauge(
  "oie_conntrack_ip_flows_total",
  FLOWS_GATE,
  "Entries of the host's conntrack table that belong to the fixed IP, in either direction.",
  { name: "oie_conntrack_ip_flows" },
);

/** Flows of a fixed IP by kind; they appear together. */
export const FLOW_KINDS = {
  direction: family({
    name: "oie_conntrack_ip_direction_flows",
    type: "gauge",
    help: "Flows of the fixed IP by who opened them: out are its own.",
    labels: [...FIXED_IP_LABELS, "direction"],
    exported: KINDS_GATE,
  }),
  protocol: family({
    name: "oie_conntrack_ip_protocol_flows",
    type: "gauge",
    help: "Flows of the fixed IP by protocol: tcp, udp, icmp with ICMPv6, other.",
    labels: [...FIXED_IP_LABELS, "protocol"],
    exported: KINDS_GATE,
  }),
  unreplied: fixedIpGauge(
    "oie_conntrack_ip_unreplied_flows",
    KINDS_GATE,
    "Flows of the fixed IP that had packets in one direction only.",
  ),
} as const;

const TRAFFIC_GATE =
  "with `-collector.flow_bytes`, where the kernel counts (`nf_conntrack_acct`), " +
  "once the fixed IP had traffic, then while the instance runs";

function trafficCounter(name: string, what: string) {
  return family({
    name,
    type: "counter",
    help:
      `${what} of the fixed IP's flows, out is sent by it, added up over dumps of the conntrack ` +
      "table from the second on that the fixed IP is in: flows that begin and end between two dumps " +
      "are missed, and of others what came after the last dump that had them, or before their counters " +
      "were set back.",
    labels: [...FIXED_IP_LABELS, "direction"],
    exported: TRAFFIC_GATE,
  });
}

/** Traffic of a fixed IP by direction; both families appear together. */
export const FLOW_TRAFFIC = {
  bytes: trafficCounter("oie_conntrack_ip_bytes_total", "Bytes, IP headers included,"),
  packets: trafficCounter("oie_conntrack_ip_packets_total", "Packets"),
} as const;

/** Words of the two directions of behaviour. */
interface Words {
  readonly direction: "outbound" | "inbound";
  readonly remotes: string;
  readonly to: string;
  readonly ports: string;
}

/** Seven families of one direction; they appear together. */
function behaviorFamilies({ direction, remotes, to, ports }: Words) {
  const gate = `with \`-${direction}.behavior.enable\`, while the fixed IP has at least ` +
    `\`-conntrack.min\` ${direction} remotes or flows`;
  const gauge = (name: string, help: string, convention?: Convention) =>
    fixedIpGauge(`oie_${direction}_${name}`, gate, help, convention);
  const conventional = (name: string): Convention => ({ name: `oie_${direction}_${name}` });
  const title = direction === "outbound" ? "Outbound" : "Inbound";
  return {
    uniqueRemotes: gauge("unique_remotes", `${remotes}.`),
    newRemotes: gauge(
      "new_remotes",
      "Remote addresses that were not there in the previous interval.",
    ),
    flows: gauge("flows", `${title} flows of the fixed IP.`),
    maxFlowsSingleRemote: gauge(
      "max_flows_single_remote",
      `Most ${direction} flows ${to} one remote address.`,
    ),
    uniqueDstPorts: gauge(
      "unique_dst_ports",
      `${ports}, over all protocols.`,
      conventional("unique_destination_ports"),
    ),
    newDstPorts: gauge(
      "new_dst_ports",
      "Destination ports that were not there in the previous interval.",
      conventional("new_destination_ports"),
    ),
    maxFlowsSingleDstPort: gauge(
      "max_flows_single_dst_port",
      `Most ${direction} flows to one destination port.`,
      conventional("max_flows_single_destination_port"),
    ),
  } as const;
}

/** Outbound behaviour: flows whose source is the fixed IP, to others than the instance itself. */
export const OUTBOUND = behaviorFamilies({
  direction: "outbound",
  remotes: "Remote addresses the fixed IP talks to",
  to: "to",
  ports: "Destination ports the fixed IP talks to",
});

/** Inbound behaviour: flows that reach the fixed IP, also through DNAT, from others than the instance. */
export const INBOUND = behaviorFamilies({
  direction: "inbound",
  remotes: "Remote addresses that talk to the fixed IP",
  to: "from",
  ports: "Destination ports that remotes opened flows of the fixed IP to",
});
