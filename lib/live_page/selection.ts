import type { InstanceSnapshot } from "../live/node_schema.ts";
import { searchFor } from "../screen/instance_search.ts";
import type { PageState } from "./page_state.ts";

/** One project of the node. */
export interface ProjectChoice {
  readonly uuid: string;
  readonly name: string;
  readonly instances: number;
}

/** The instances that the filters leave. */
export function selected(
  instances: readonly InstanceSnapshot[],
  { text, project, mark }: Pick<PageState, "text" | "project" | "mark">,
): readonly InstanceSnapshot[] {
  const hasText = searchFor(text);
  return instances.filter((instance) =>
    (project === "" || instance.project.uuid === project) &&
    (mark === undefined ||
      (mark === "any" ? instance.over.length > 0 : instance.over.includes(mark))) &&
    hasText(instance)
  );
}

/** The projects of the instances, by name. */
export function projectsOf(instances: readonly InstanceSnapshot[]): readonly ProjectChoice[] {
  const projects = new Map<string, ProjectChoice>();
  for (const { project: { uuid, name } } of instances) {
    if (uuid === "") continue;
    const known = projects.get(uuid);
    projects.set(uuid, { uuid, name, instances: (known?.instances ?? 0) + 1 });
  }
  return [...projects.values()].sort((a, b) =>
    a.name.localeCompare(b.name) || a.uuid.localeCompare(b.uuid)
  );
}
