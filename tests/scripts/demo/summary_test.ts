import assert from "node:assert/strict";
import { parsePage } from "../../../scripts/demo/page.ts";
import { summarize } from "../../../scripts/demo/summary.ts";

function instance(uuid: string, project: string): string {
  return `oie_instance_info{domain="${uuid}",instance_uuid="${uuid}",project_uuid="p-${project}",` +
    `project_name="${project}",flavor="m1"} 1\n`;
}

function value(name: string, uuid: string, number: number, more = ""): string {
  return `${name}{instance_uuid="${uuid}"${more}} ${number}\n`;
}

const CLOUD = instance("i-1", "alpha") + instance("i-2", "be\u001b[31mta") +
  instance("i-3", "alpha");

Deno.test("summarize shows figures of the newer page, rates from both, and a dash for what is not known", () => {
  const before = parsePage(
    CLOUD + "oie_host_last_collection_timestamp_seconds 100\n" +
      value("oie_disk_r_gbytes", "i-1", 1) + value("oie_disk_w_gbytes", "i-1", 1) +
      value("oie_net_rx_gbytes", "i-2", 5),
  );
  const page = parsePage(
    CLOUD + "oie_host_last_collection_timestamp_seconds 104\n" +
      "oie_conntrack_up 1\noie_host_conntrack_entries_total 1234\n" +
      value("oie_cpu_percent", "i-1", 12.34) + value("oie_cpu_percent", "i-2", 99.9) +
      value("oie_disk_r_gbytes", "i-1", 1.5) + value("oie_disk_w_gbytes", "i-1", 1.25) +
      value("oie_net_rx_gbytes", "i-2", 4) +
      value("oie_conntrack_ip_flows_total", "i-2", 40, ',ip="10.0.0.1"') +
      value("oie_conntrack_ip_flows_total", "i-2", 2, ',ip="10.0.0.2"') +
      value("oie_outbound_unique_remotes", "i-2", 7),
  );
  const summary = summarize(before, page, {
    url: "http://127.0.0.1:1/",
    metrics: "http://127.0.0.1:1/metrics",
    conntrack: true,
  });
  assert.equal(
    summary,
    [
      "Browser   http://127.0.0.1:1/",
      "Terminal  scripts/deno task start top -url=http://127.0.0.1:1/",
      "Scrape    http://127.0.0.1:1/metrics",
      "Cloud     3 instances of 2 projects",
      "Series    14",
      "Conntrack 1234 entries, in a network namespace of the demo's own",
      "",
      "The busiest instances:",
      "instance  project    flavor  CPU %  disk MiB/s  net MiB/s  flows  remotes",
      "i-2       be?[31mta  m1       99.9           -          -     42        7",
      "i-1       alpha      m1       12.3     192.000          -      -        -",
      "i-3       alpha      m1          -           -          -      -        -",
    ].join("\n"),
  );
});

Deno.test("summarize tells conntrack that is left out from conntrack that cannot be read", () => {
  const page = parsePage("oie_conntrack_up 0\n");
  const line = (conntrack: boolean) =>
    summarize([], page, { url: "u", metrics: "m", conntrack }).split("\n")[5];
  assert.equal(line(false), "Conntrack left out: entries of the demo's own take root");
  assert.equal(line(true), "Conntrack could not be read, see above");
});
