import { DISK } from "../metrics/instance_families.ts";
import { labelText } from "../metrics/labels.ts";
import type { LabelText } from "../metrics/labels.ts";
import type { InstanceReading } from "./cycle.ts";
import { byDescription, ownerLabels } from "./owner_labels.ts";

/** Labels that all disk families have. */
export type DiskLabels = LabelText<typeof DISK.info.labels>;

/** Rendered labels of each disk of an instance, by target device (`vda`), in the XML's order. */
export const diskLabels: (instance: InstanceReading) => ReadonlyMap<string, DiskLabels> =
  byDescription((instance) => {
    const owner = ownerLabels(instance);
    return new Map(instance.description.disks.map(({ uuid, tier, device }) => [
      device,
      labelText(DISK.info.labels, {
        ...owner,
        disk_uuid: uuid,
        disk_type: tier,
        disk_path: device,
      }),
    ]));
  });
