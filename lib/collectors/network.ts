import type { InterfaceStats } from "../../ffi/domain_stats.ts";
import type { Family } from "../metrics/family.ts";
import { NETWORK } from "../metrics/instance_families.ts";
import { type LabelText, labelText } from "../metrics/labels.ts";
import { type Sample, sample } from "../metrics/sample.ts";
import type { Collector } from "./collector.ts";
import { gibibytes } from "./units.ts";
import { byDescription, ownerLabels } from "./owner_labels.ts";

type NetworkLabels = typeof NETWORK.rxGbytes.labels;

interface Counter {
  readonly family: Family<NetworkLabels>;
  readonly read: (stats: InterfaceStats) => number | bigint | undefined;
}

const COUNTERS: readonly Counter[] = [
  { family: NETWORK.rxGbytes, read: (vnic) => gibibytes(vnic.rxBytes) },
  { family: NETWORK.txGbytes, read: (vnic) => gibibytes(vnic.txBytes) },
  { family: NETWORK.rxPackets, read: (vnic) => vnic.rxPackets },
  { family: NETWORK.txPackets, read: (vnic) => vnic.txPackets },
  { family: NETWORK.rxErrors, read: (vnic) => vnic.rxErrors },
  { family: NETWORK.txErrors, read: (vnic) => vnic.txErrors },
  { family: NETWORK.rxDrops, read: (vnic) => vnic.rxDrops },
  { family: NETWORK.txDrops, read: (vnic) => vnic.txDrops },
];

/** Counters of each vNIC that are, or once were, above zero since the domain started. */
export const NETWORK_IO: Collector = {
  name: "network",
  families: COUNTERS.map(({ family }) => family),
  start() {
    const labelsOf = byDescription((instance) => {
      const owner = ownerLabels(instance);
      const texts = new Map<string, LabelText<NetworkLabels>>();
      return (name: string) => {
        const known = texts.get(name);
        if (known !== undefined) return known;
        const text = labelText(NETWORK.rxGbytes.labels, { ...owner, interface: name });
        texts.set(name, text);
        return text;
      };
    });
    const exported = new WeakMap<object, Map<string, Set<Family>>>();
    return (instance) => {
      const { interfaces } = instance.stats;
      if (!interfaces) return undefined;
      const label = labelsOf(instance);
      const before = exported.get(instance.run);
      // Of the vNICs that there are: a tenant may plug in and out as often as it likes.
      const families = new Map<string, Set<Family>>();
      exported.set(instance.run, families);
      const samples: Sample[] = [];
      for (const vnic of interfaces) {
        const once = before?.get(vnic.name) ?? new Set();
        families.set(vnic.name, once);
        for (const { family, read } of COUNTERS) {
          const value = read(vnic);
          if (value === undefined || (!value && !once.has(family))) continue;
          once.add(family);
          samples.push(sample(family, label(vnic.name), value));
        }
      }
      return samples;
    };
  },
};
