import { type Panel, type Row, table } from "./dashboard.ts";
import { both, gauges, I, lines, rate } from "./instance_panels.ts";

const KINDS = "It takes -collector.flow_kinds.";
const BYTES = "By conntrack, IP headers included; it takes -collector.flow_bytes and" +
  " nf_conntrack_acct on the host.";

/** A counter of fixed IPs by direction, with out below the axis. */
function byFixedIp(title: string, unit: string, counter: string): Panel {
  return both(title, unit, "{{ip}}", [
    rate(counter, 'direction="in"'),
    rate(counter, 'direction="out"'),
  ], { description: BYTES });
}

/** The same of what a fixed IP reaches and of what reaches it, side by side. */
function behaviour(direction: "outbound" | "inbound"): readonly Panel[] {
  const title = direction === "outbound" ? "Outbound" : "Inbound";
  const of = (rest: string, named: Readonly<Record<string, string>>) =>
    gauges(
      `${title}: ${rest}`,
      "short",
      Object.fromEntries(
        Object.entries(named).map((
          [metric, what],
        ) => [`oie_${direction}_${metric}`, `{{ip}} ${what}`]),
      ),
      { description: `It takes -${direction}.behavior.enable.` },
    );
  return [
    of("remotes", { unique_remotes: "all", new_remotes: "new" }),
    of("destination ports", { unique_dst_ports: "all", new_dst_ports: "new" }),
    of("most flows of one", {
      max_flows_single_remote: "remote",
      max_flows_single_dst_port: "port",
    }),
  ];
}

function sideBySide(left: readonly Panel[], right: readonly Panel[]): readonly Panel[] {
  return left.flatMap((panel, at) => [panel, right[at]].filter((each) => each !== undefined));
}

const VNIC_COLUMNS = {
  interface: "vNIC",
  mac: "Address",
  bridge: "Bridge",
  model: "Model",
  port_uuid: "Neutron port",
  mtu: "MTU",
};

export const NETWORK_ROW: Row = {
  title: "Network",
  panels: [
    both("Throughput", "binBps", "{{interface}}", [
      `${rate("oie_net_rx_gbytes")} * 2^30`,
      `${rate("oie_net_tx_gbytes")} * 2^30`,
    ]),
    both("Packets", "pps", "{{interface}}", [
      rate("oie_net_rx_pkt_total"),
      rate("oie_net_tx_pkt_total"),
    ]),
    both("Errors", "pps", "{{interface}}", [
      rate("oie_net_rx_er_total"),
      rate("oie_net_tx_er_total"),
    ]),
    both("Drops", "pps", "{{interface}}", [
      rate("oie_net_rx_drp_total"),
      rate("oie_net_tx_drp_total"),
    ]),
    byFixedIp("Throughput by fixed IP", "binBps", "oie_conntrack_ip_bytes_total"),
    byFixedIp("Packets by fixed IP", "pps", "oie_conntrack_ip_packets_total"),
    table("vNICs", VNIC_COLUMNS, [
      {
        expr: `group by (${Object.keys(VNIC_COLUMNS).join(", ")}) (oie_net_info{${I}})`,
        legend: "",
      },
    ]),
  ],
};

export const FLOW_ROW: Row = {
  title: "Flows",
  panels: [
    gauges("Flows", "short", {
      oie_conntrack_ip_flows_total: "{{ip}} all",
      oie_outbound_flows: "{{ip}} outbound",
      oie_inbound_flows: "{{ip}} inbound",
    }),
    gauges("Flows without an answer", "short", {
      oie_conntrack_ip_unreplied_flows: "{{ip}}",
    }, { description: `Many of them are a scan, or a remote that is gone. ${KINDS}` }),
    gauges("Flows by who opened them", "short", {
      oie_conntrack_ip_direction_flows: "{{ip}} {{direction}}",
    }, { description: `out are the instance's own. ${KINDS}`, isStacked: true }),
    gauges("Flows by protocol", "short", {
      oie_conntrack_ip_protocol_flows: "{{ip}} {{protocol}}",
    }, { description: KINDS, isStacked: true }),
  ],
};

export const BEHAVIOUR_ROW: Row = {
  title: "Behaviour",
  panels: [
    ...sideBySide(behaviour("outbound"), behaviour("inbound")),
    lines("Contacts with threat lists, within 15 minutes", "short", [
      { expr: `instance_list:oie_contact:increase15m{${I}}`, legend: "{{list}} {{direction}}" },
    ], { width: 24, mayBeEmpty: "an instance has no contacts as a rule" }),
  ],
};
