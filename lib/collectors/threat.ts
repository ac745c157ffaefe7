import type { Direction } from "../config/direction.ts";
import { labelText } from "../metrics/labels.ts";
import { type Sample, sample } from "../metrics/sample.ts";
import { CONTACT, CONTACT_FAMILIES, type ContactFamilies } from "../metrics/threat_families.ts";
import { listDirections } from "../threat/list_directions.ts";
import { THREAT_LISTS } from "../threat/lists.ts";
import type { Collector } from "./collector.ts";
import type { InstanceReading } from "./cycle.ts";
import { byDescription, ownerLabels } from "./owner_labels.ts";

/**
 * Contacts of each instance with listed addresses, from its first one with a list on. The sums are
 * the aggregation's, which counts also while libvirt cannot be read.
 */
export const THREAT: Collector = {
  name: "threat",
  families: CONTACT_FAMILIES,
  needsFlows: true,
  start(config) {
    const directions = listDirections(config);
    if (directions.every((direction) => direction === undefined)) return undefined;
    const families = THREAT_LISTS.map(({ name }) => CONTACT[name]);
    const labelsOf = byDescription((instance) =>
      families.map((family, list) => contactLabels(instance, family, directions[list]))
    );
    return (instance, { flows }) => {
      if (!flows?.threats) return undefined;
      const { uuid } = instance.stats;
      const counts = flows.threats.byInstance.get(uuid);
      // What the dump was not asked about it cannot have: the cache keeps what it knows.
      if (!counts) return flows.byInstance.has(uuid) ? [] : undefined;
      const labels = labelsOf(instance);
      return counts.flatMap(({ active, total }, list): readonly Sample[] => {
        const family = families[list];
        const text = labels[list];
        if (!family || text === undefined || total === 0) return [];
        return [sample(family.active, text, active), sample(family.total, text, total)];
      });
    };
  },
};

function contactLabels(
  instance: InstanceReading,
  { active }: ContactFamilies,
  direction: Direction | undefined,
) {
  return direction === undefined
    ? undefined
    : labelText(active.labels, { ...ownerLabels(instance), direction });
}
