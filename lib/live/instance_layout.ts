import type { InstanceReading } from "../collectors/cycle.ts";
import type { diskThresholds } from "../collectors/disk.ts";
import { boundedText } from "../metrics/labels.ts";
import { CHANNELS } from "./history_schema.ts";
import { Hole, JsonBlock, type WithHoles } from "./json_block.ts";
import type {
  DiskSnapshot,
  FixedIpSnapshot,
  InstanceSnapshot,
  OutboundSnapshot,
  VnicSnapshot,
} from "./node_schema.ts";

/** Rates of a disk, and of a vNIC, in the order of their values. */
export const DISK_RATES = [
  "read_bytes_per_second",
  "write_bytes_per_second",
  "read_requests_per_second",
  "write_requests_per_second",
] as const satisfies readonly (keyof DiskSnapshot)[];
export const VNIC_RATES = [
  "rx_bits_per_second",
  "tx_bits_per_second",
  "rx_packets_per_second",
  "tx_packets_per_second",
  "drops_per_second",
  "errors_per_second",
] as const satisfies readonly (keyof VnicSnapshot)[];
/** Counts of a fixed IP behind its flows, in the order of their values. */
export const OUTBOUND_COUNTS = [
  "unique_remotes",
  "new_remotes",
  "flows",
  "max_flows_single_remote",
  "unique_dst_ports",
  "new_dst_ports",
  "max_flows_single_dst_port",
] as const satisfies readonly (keyof OutboundSnapshot)[];
const FIXED_IP_VALUES = 1 + OUTBOUND_COUNTS.length;

/** What of a snapshot is not in the block, since it is no number and may change. */
export type Tail = Pick<InstanceSnapshot, "threats" | "over">;

/**
 * Where each number of an instance stands in the array of its values, and the JSON around them. It
 * holds for as long as the description and the vNICs stay the same.
 */
export interface InstanceLayout {
  /** CHANNELS begin at 0; then vCPUs, memory, and the devices. */
  readonly vcpus: number;
  readonly memory: number;
  readonly disks: number;
  readonly vnics: number;
  readonly fixedIps: number;
  readonly length: number;
  /** Without the brace at its end: a {@link Tail} follows. */
  readonly block: JsonBlock;
}

/** Values of each disk, vNIC and fixed IP. */
export const WIDTH = {
  disk: DISK_RATES.length,
  vnic: VNIC_RATES.length,
  fixedIp: FIXED_IP_VALUES,
} as const;

/** Lays out an instance with these vNICs. */
export function layOut(
  { stats, description }: InstanceReading,
  interfaces: readonly string[],
  options: {
    readonly thresholds: ReturnType<typeof diskThresholds>;
    readonly outbound: boolean;
  },
): InstanceLayout {
  const vcpus = CHANNELS.length;
  const memory = vcpus + 1;
  const disks = memory + 1;
  const vnics = disks + WIDTH.disk * description.disks.length;
  const fixedIps = vnics + WIDTH.vnic * interfaces.length;
  const [cpu_percent, ...sums] = CHANNELS.map((name, at) => [name, new Hole(at)] as const);
  const instance: WithHoles<Omit<InstanceSnapshot, keyof Tail>> = {
    uuid: stats.uuid,
    domain: boundedText(stats.name),
    name: boundedText(description.displayName),
    project: {
      uuid: boundedText(description.projectUuid),
      name: boundedText(description.projectName),
    },
    user: { uuid: boundedText(description.userUuid), name: boundedText(description.userName) },
    flavor: boundedText(description.flavor),
    root_type: boundedText(description.rootType),
    created_at: boundedText(description.createdAt),
    metadata_version: boundedText(description.metadataVersion),
    vcpus: new Hole(vcpus),
    memory_bytes: new Hole(memory),
    cpu_percent: cpu_percent?.[1] ?? null,
    sum: Object.fromEntries(sums) as WithHoles<InstanceSnapshot["sum"]>,
    disks: description.disks.map(({ device, uuid, tier }, at) => ({
      device: boundedText(device),
      uuid: boundedText(uuid),
      tier: boundedText(tier),
      ...holes(DISK_RATES, disks + WIDTH.disk * at),
      read_threshold: options.thresholds.read(tier),
      write_threshold: options.thresholds.write(tier),
    })),
    vnics: interfaces.map((name, at) => ({
      interface: boundedText(name),
      ...holes(VNIC_RATES, vnics + WIDTH.vnic * at),
    })),
    fixed_ips: description.fixedIps.map(({ text, family }, at): WithHoles<FixedIpSnapshot> => {
      const flows = fixedIps + WIDTH.fixedIp * at;
      return {
        ip: text,
        family,
        flows: new Hole(flows),
        outbound: options.outbound ? holes(OUTBOUND_COUNTS, flows + 1) : null,
      };
    }),
  };
  const length = fixedIps + WIDTH.fixedIp * description.fixedIps.length;
  return {
    vcpus,
    memory,
    disks,
    vnics,
    fixedIps,
    length,
    block: new JsonBlock(instance, length, { isOpen: true }),
  };
}

function holes<const Name extends string>(
  names: readonly Name[],
  from: number,
): Readonly<Record<Name, Hole>> {
  return Object.fromEntries(names.map((name, at) => [name, new Hole(from + at)])) as Record<
    Name,
    Hole
  >;
}
