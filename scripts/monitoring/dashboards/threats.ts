import { THREAT_LISTS } from "../../../lib/threat/lists.ts";
import { type Dashboard, series, stat, table } from "./dashboard.ts";
import { instanceLinks } from "./links.ts";
import { hypervisorVariable } from "./variables.ts";

const H = 'hypervisor=~"$hypervisor"';
const LINKED = { links: instanceLinks("series") };
const UNUSED = "lists are off unless they are switched on";

export const THREATS: Dashboard = {
  uid: "oie-threats",
  title: "OpenStack instances / Threats",
  description: "Contacts with listed addresses, hosts that are listed, and outbound behaviour.",
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
    {
      title: "Outbound behaviour",
      panels: [
        series("Most remotes", "short", [
          {
            expr: `topk(10, oie_outbound_unique_remotes{${H}})`,
            legend: "{{domain}} {{ip}}",
          },
        ], LINKED),
        series("Most new remotes", "short", [
          { expr: `topk(10, oie_outbound_new_remotes{${H}})`, legend: "{{domain}} {{ip}}" },
        ], LINKED),
        series("Most destination ports", "short", [
          {
            expr: `topk(10, oie_outbound_unique_dst_ports{${H}})`,
            legend: "{{domain}} {{ip}}",
          },
        ], LINKED),
        series("Most flows to one remote", "short", [
          {
            expr: `topk(10, oie_outbound_max_flows_single_remote{${H}})`,
            legend: "{{domain}} {{ip}}",
          },
        ], LINKED),
      ],
    },
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
          { width: 8, mayBeEmpty: UNUSED },
        ),
        series("Age, oldest host", "s", [
          {
            expr: `max by (list) (hypervisor_list:oie_refresh_age:seconds{${H}})`,
            legend: "{{list}}",
          },
        ], { width: 8, mayBeEmpty: UNUSED }),
        series(
          "Failed refreshes, within an hour",
          "short",
          THREAT_LISTS.map(({ name, title }) => ({
            expr: `sum(increase(oie_${name}_refresh_errors_total{${H}}[1h]))`,
            legend: title,
          })),
          { width: 8, mayBeEmpty: UNUSED },
        ),
      ],
    },
  ],
};
