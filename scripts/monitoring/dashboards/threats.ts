import { THREAT_LISTS } from "../../../lib/threat/lists.ts";
import { type Dashboard, type Row, series, stat, table } from "./dashboard.ts";
import { instanceLinks } from "./links.ts";
import { hypervisorVariable } from "./variables.ts";

const H = 'hypervisor=~"$hypervisor"';
const LINKED = { links: instanceLinks("series") };
const UNUSED = "lists are off unless they are switched on";

/** The fixed IPs that stand out by what they reach, or by what reaches them. */
function behaviour(direction: "outbound" | "inbound"): Row {
  const name = direction === "outbound" ? "Outbound" : "Inbound";
  const most = (what: string, metric: string) =>
    series(`${name}: most ${what}`, "short", [
      { expr: `topk(10, oie_${direction}_${metric}{${H}})`, legend: "{{domain}} {{ip}}" },
    ], { ...LINKED, description: `It takes -${direction}.behavior.enable.` });
  return {
    title: `${name} behaviour`,
    panels: [
      most("remotes", "unique_remotes"),
      most("new remotes", "new_remotes"),
      most("destination ports", "unique_dst_ports"),
      most("flows of one remote", "max_flows_single_remote"),
    ],
  };
}

export const THREATS: Dashboard = {
  uid: "oie-threats",
  title: "OpenStack instances / Threats",
  description:
    "Contacts with listed addresses, hosts that are listed, outbound and inbound behaviour.",
  variables: [hypervisorVariable(true)],
  rows: [
    {
      title: "Now",
      panels: [
        stat(
          "Instances in contact, 15 minutes",
          `count(count by (instance_uuid) (instance_list:oie_contact:increase15m{${H}})) or vector(0)`,
          { width: 8, steps: [[0, "green"], [1, "orange"]] },
        ),
        stat(
          "Host addresses listed",
          `count(oie_host_threat_listed{${H}}) or vector(0)`,
          { width: 8, steps: [[0, "green"], [1, "red"]] },
        ),
        stat(
          "Oldest list",
          `max(hypervisor_list:oie_refresh_age:seconds{${H}})`,
          { width: 8, unit: "s", mayBeEmpty: UNUSED },
        ),
      ],
    },
    {
      title: "Contacts",
      panels: [
        series("Contacts by list, within 15 minutes", "short", [
          {
            expr: `sum by (list, direction) (instance_list:oie_contact:increase15m{${H}})`,
            legend: "{{list}} {{direction}}",
          },
        ], { mayBeEmpty: UNUSED }),
        series("Instances with the most contacts now", "short", [
          {
            expr: `topk(10, instance_list:oie_contact_active:sum{${H}})`,
            legend: "{{domain}} {{list}}",
          },
        ], { ...LINKED, mayBeEmpty: UNUSED }),
        table("Instances in contact, 15 minutes", {
          hypervisor: "Hypervisor",
          domain: "Domain",
          instance_uuid: "Instance",
          project_name: "Project",
          list: "List",
          direction: "Direction",
        }, [
          {
            expr: `instance_list:oie_contact:increase15m{${H}} * on (project_uuid)` +
              " group_left (project_name) project:oie_project_name:info",
            legend: "Contacts",
          },
        ], {
          links: instanceLinks("table", { hypervisor: "Hypervisor", instance: "Instance" }),
          mayBeEmpty: UNUSED,
        }),
        table("Host addresses listed", {
          hypervisor: "Hypervisor",
          list: "List",
          ip: "Address",
        }, [
          {
            expr: `max by (hypervisor, list, ip) (oie_host_threat_listed{${H}})`,
            legend: "",
          },
        ], { mayBeEmpty: "a host is on no list as a rule" }),
      ],
    },
    behaviour("outbound"),
    behaviour("inbound"),
    {
      title: "Lists",
      panels: [
        series(
          "Entries",
          "short",
          THREAT_LISTS.map(({ name, title }) => ({
            expr: `max(oie_${name}_entries{${H}})`,
            legend: title,
          })),
          { mayBeEmpty: UNUSED },
        ),
        series("Age, oldest host", "s", [
          {
            expr: `max by (list) (hypervisor_list:oie_refresh_age:seconds{${H}})`,
            legend: "{{list}}",
          },
        ], { mayBeEmpty: UNUSED }),
        series(
          "Failed refreshes, within an hour",
          "short",
          THREAT_LISTS.map(({ name, title }) => ({
            expr: `sum(increase(oie_${name}_refresh_errors_total{${H}}[1h]))`,
            legend: title,
          })),
          { mayBeEmpty: UNUSED },
        ),
        series(
          "Time of the newest refresh, slowest host",
          "s",
          THREAT_LISTS.map(({ name, title }) => ({
            expr: `max(oie_${name}_refresh_duration_seconds{${H}})`,
            legend: title,
          })),
          { mayBeEmpty: UNUSED },
        ),
      ],
    },
  ],
};
