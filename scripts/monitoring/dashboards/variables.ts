import { JOB } from "../rules.ts";
import type { Variable } from "./dashboard.ts";

/** The hosts, also those that do not answer. */
export function hypervisorVariable(isMulti: boolean): Variable {
  return {
    name: "hypervisor",
    label: "Hypervisor",
    query: `label_values(up{${JOB}}, hypervisor)`,
    isMulti,
  };
}

/** The projects with instances on the chosen hosts: the UUID counts, the name is shown. */
export function projectVariable(isMulti: boolean): Variable {
  return {
    name: "project",
    label: "Project",
    query: "query_result(count by (project_name, project_uuid)" +
      ' (oie_instance_info{hypervisor=~"$hypervisor"}))',
    // Grafana escapes nothing: a project may be called anything, its UUID stands last.
    regex: '/project_name="(?<text>.*)",project_uuid="(?<value>[^"]*)"/',
    isMulti,
  };
}

/** The instances of the chosen projects on the chosen hosts. */
export function instanceVariable(isMulti: boolean): Variable {
  return {
    name: "instance",
    label: "Instance",
    query: "query_result(count by (domain, instance_uuid)" +
      ' (oie_instance_info{hypervisor=~"$hypervisor",project_uuid=~"$project"}))',
    regex: '/domain="(?<text>[^"]*)",instance_uuid="(?<value>[^"]*)"/',
    isMulti,
  };
}
