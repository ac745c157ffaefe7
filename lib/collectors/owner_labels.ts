import type { InstanceReading } from "./cycle.ts";

/** The labels that lead every instance family back to its owner. */
export interface OwnerLabels {
  readonly domain: string;
  readonly instance_uuid: string;
  readonly project_uuid: string;
  readonly user_uuid: string;
}

/** Owner labels of an instance, unrendered. */
export function ownerLabels({ stats, description }: InstanceReading): OwnerLabels {
  return {
    domain: stats.name,
    instance_uuid: stats.uuid,
    project_uuid: description.projectUuid,
    user_uuid: description.userUuid,
  };
}

/**
 * Remembers what `make` gives for an instance for as long as its description is the same object:
 * label texts are then rendered when the XML changes, not in each cycle.
 */
export function byDescription<T>(
  make: (instance: InstanceReading) => T,
): (instance: InstanceReading) => T {
  const known = new WeakMap<object, T>();
  return (instance) => {
    const found = known.get(instance.description);
    if (found !== undefined) return found;
    const made = make(instance);
    known.set(instance.description, made);
    return made;
  };
}
