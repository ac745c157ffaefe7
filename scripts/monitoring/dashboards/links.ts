import type { Link } from "./dashboard.ts";

/** Where a label stands: with a series of a graph, or in a row of a table. */
type Place = "series" | "table";

/** The live page that the exporter itself serves on its host, with the instance opened. */
const NODE_PAGE = "http://HYPERVISOR:9120/#/instance/INSTANCE";

function label(place: Place, name: string): string {
  return place === "series" ? `\${__field.labels.${name}}` : `\${__data.fields["${name}"]}`;
}

function dashboard(uid: string, variables: Readonly<Record<string, string>>): string {
  const chosen = Object.entries(variables).map(([name, value]) => `var-${name}=${value}`);
  return `/d/${uid}?${[...chosen, "${datasource:queryparam}", "${__url_time_range}"].join("&")}`;
}

/** To the dashboard of the host that is called `name` there. */
export function hypervisorLink(place: Place, name = "hypervisor"): Link {
  return {
    title: "Hypervisor",
    url: dashboard("oie-hypervisor", { hypervisor: label(place, name) }),
  };
}

/** To the dashboard of the project. */
export function projectLink(place: Place, name = "project_uuid"): Link {
  return {
    title: "Project",
    url: dashboard("oie-project", { hypervisor: "$__all", project: label(place, name) }),
  };
}

/** To the dashboard of the instance, and to its host's own page. */
export function instanceLinks(
  place: Place,
  { hypervisor = "hypervisor", instance = "instance_uuid" } = {},
): readonly Link[] {
  return [
    {
      title: "Instance",
      url: dashboard("oie-instance", {
        hypervisor: "$__all",
        project: "$__all",
        instance: label(place, instance),
      }),
    },
    {
      title: "The node's own page",
      url: NODE_PAGE.replace("HYPERVISOR", label(place, hypervisor))
        .replace("INSTANCE", label(place, instance)),
      isOutside: true,
    },
  ];
}
