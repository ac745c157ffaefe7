import type { InstanceSnapshot, NodeSnapshot } from "../live/node_schema.ts";
import { shownText } from "./shown_text.ts";

/**
 * The snapshot with all that tenants wrote as it may be shown: no text turns what stands behind it
 * around, and a name that nobody could see is none, so that libvirt's stands in its place.
 */
export function withShownNames(snapshot: NodeSnapshot): NodeSnapshot {
  return { ...snapshot, instances: snapshot.instances.map(shown) };
}

function shown(instance: InstanceSnapshot): InstanceSnapshot {
  const { name, project, user, flavor } = instance;
  return {
    ...instance,
    name: shownText(name).trim(),
    project: { ...project, name: shownText(project.name).trim() },
    user: { ...user, name: shownText(user.name).trim() },
    flavor: shownText(flavor).trim(),
  };
}
