import type { InstanceSnapshot } from "../../lib/live/node_schema.ts";
import { IDLE } from "../live/idle_instance.ts";

/** An instance that does nothing, with some of it changed. */
export function instance(change: Partial<InstanceSnapshot> & { uuid: string }): InstanceSnapshot {
  return {
    ...IDLE,
    domain: "instance-00000001",
    name: "quiet",
    project: { uuid: "p-1", name: "shop" },
    user: { uuid: "u-1", name: "mara" },
    created_at: "2026-01-01 00:00:00",
    metadata_version: "30.0.0",
    memory_bytes: 2 ** 30,
    ...change,
  };
}
