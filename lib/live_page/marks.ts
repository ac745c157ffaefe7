import type { InstanceSnapshot, Mark } from "../live/node_schema.ts";
import { count, percent, scaled, written } from "./quantity.ts";

/** How each mark is called: in the table, and where there is room. */
export const MARK_NAMES: Readonly<Record<Mark, { readonly short: string; readonly long: string }>> =
  {
    disk_read: { short: "read", long: "Disk reads over threshold" },
    disk_write: { short: "write", long: "Disk writes over threshold" },
    conntrack: { short: "flows", long: "Large share of conntrack" },
    threat: { short: "listed", long: "Contact with a listed address" },
  };

/** Why an instance has a mark, in a few words with the numbers. */
export function reasonsOf(
  instance: InstanceSnapshot,
  mark: Mark,
  conntrackMax: number | null,
): readonly string[] {
  switch (mark) {
    case "disk_read":
      return diskReasons(instance, "read");
    case "disk_write":
      return diskReasons(instance, "write");
    case "conntrack": {
      const { flows } = instance.sum;
      const share = flows === null || !conntrackMax ? null : 100 * flows / conntrackMax;
      return [
        `${written(count(flows))} flows, ${written(percent(share))} of what the table can hold`,
      ];
    }
    case "threat":
      return instance.threats.filter(({ active }) => active > 0).map((
        { list, active, direction },
      ) =>
        `${active} ${active === 1 ? "contact" : "contacts"} with ${list} now${DIRECTION[direction]}`
      );
  }
}

const DIRECTION = {
  out: ", opened by the instance",
  in: ", opened from outside",
  any: "",
} as const;

function diskReasons({ disks }: InstanceSnapshot, way: "read" | "write"): readonly string[] {
  return disks.flatMap((disk) => {
    const rate = disk[`${way}_requests_per_second`];
    const threshold = disk[`${way}_threshold`];
    if (rate === null || rate <= threshold) return [];
    const [much, most] = [rate, threshold].map((value) => written(scaled(value, "/s")));
    return [`${disk.device} ${way}s ${much}, its tier ${disk.tier} allows ${most}`];
  });
}
