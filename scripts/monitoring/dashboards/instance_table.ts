import { type Panel, table } from "./dashboard.ts";
import { instanceLinks } from "./links.ts";

/** Columns of a list of instances. */
export const INSTANCE_COLUMNS: Readonly<Record<string, string>> = {
  hypervisor: "Hypervisor",
  domain: "Domain",
  instance_uuid: "Instance",
  project_name: "Project",
  user_name: "User",
  flavor: "Flavor",
  vcpus: "vCPUs",
  mem_mb: "Memory (MiB)",
  created_at: "Created",
};

/** What is known of the instances that fit the matchers. */
export function instanceTable(
  title: string,
  matchers: string,
  columns: Readonly<Record<string, string>>,
): Panel {
  const labels = Object.keys(columns).join(", ");
  return table(title, columns, [
    { expr: `group by (${labels}) (oie_instance_info{${matchers}})`, legend: "" },
  ], { links: instanceLinks("table", { hypervisor: "Hypervisor", instance: "Instance" }) });
}
