import type { DiskStats, DomainStats, InterfaceStats } from "../../ffi/domain_stats.ts";
import type { CycleReadings, InstanceReading } from "../../lib/collectors/cycle.ts";
import type { FixedIpFlows } from "../../lib/conntrack/flow_summary.ts";
import { describe, fixedIps, vnics } from "../collectors/readings.ts";

/** A letter beyond Latin-1 here and there, as tenants' names have. */
const PROJECT_NAMES = ["alpha", "beta", "Ünïcode", "東京", "delta", "epsilon", "zeta", "eta"];
const INTERVAL_MS = 10_000;

interface SyntheticInstance extends Omit<InstanceReading, "stats"> {
  readonly uuid: string;
  readonly name: string;
}

/**
 * Readings of a host that never existed: each instance has two disks, two vNICs and two fixed IPs,
 * all busy, and every counter moves from cycle to cycle.
 */
export class SyntheticHost {
  readonly #instances: readonly SyntheticInstance[];
  readonly #listed: ReadonlySet<string>;

  constructor(instances: number) {
    this.#instances = Array.from({ length: instances }, (_, index) => instance(index));
    this.#listed = new Set(this.#instances.map(({ uuid }) => uuid));
  }

  /** What the cycle with this number reads; cycles are ten seconds apart. */
  cycle(turn: number): CycleReadings {
    const startedAtMs = turn * INTERVAL_MS;
    return {
      startedAtMs,
      lagMs: 0,
      skippedTotal: 0,
      domains: {
        ok: true,
        listDurationMs: 1,
        statsAtMs: startedAtMs,
        listed: this.#listed,
        instances: this.#instances.map(({ uuid, name, description, run }, index) => ({
          description,
          run,
          delay: { stealNs: BigInt(turn + 1) * BigInt(1_000_003 * (index + 1)) },
          stats: stats({ uuid, name }, index, turn),
        })),
        domainErrors: 0,
      },
      conntrack: {
        summary: {
          entries: 1_000_000,
          ambiguousFixedIps: 0,
          byInstance: new Map(this.#instances.map(({ uuid }, index) => [uuid, flows(index, turn)])),
        },
        durationMs: 1,
        interruptedTotal: 0,
        enobufsTotal: 0,
        kernelEntries: 1_000_000,
        kernelMax: 2_000_000,
      },
    };
  }
}

function instance(index: number): SyntheticInstance {
  const hex = index.toString(16).padStart(8, "0");
  return {
    uuid: `${hex}-7f3a-4c1e-9d42-5b8e6a${hex.slice(2)}`,
    name: `instance-${hex}`,
    run: {},
    description: describe({
      projectUuid: `9c1d4e7f5a2b4c8d8e3f6a1b${hex}`,
      userUuid: `3b8f2d6e1c4a4f7b9a5d8c2e${hex}`,
      projectName: PROJECT_NAMES[index % PROJECT_NAMES.length] ?? "",
      fixedIps: fixedIps(`10.0.${index >>> 8}.${index & 255}`, `fd00:1:2:3::${index.toString(16)}`),
      disks: [
        { uuid: `d15c0000-2b4d-4e6f-8a1c-3d5e${hex}`, tier: "local", device: "vda" },
        { uuid: `d15c0001-2b4d-4e6f-8a1c-3d5e${hex}`, tier: "ultra", device: "vdb" },
      ],
      interfaces: vnics(`tap${hex}-0`, `tap${hex}-1`),
    }),
  };
}

function stats(
  names: Pick<DomainStats, "uuid" | "name">,
  index: number,
  turn: number,
): DomainStats {
  const step = BigInt(turn + 1) * BigInt(7919 * (index + 1));
  const hex = index.toString(16).padStart(8, "0");
  return {
    ...names,
    id: index + 1,
    state: 1,
    // From 20 to 99 percent of two vCPUs.
    stateReason: 1,
    cpuUserNs: 17n * step,
    cpuSystemNs: 3n * step,
    cpuTimeNs: BigInt(turn * INTERVAL_MS) * BigInt(20 + index % 80) * 20_000n,
    memoryCurrentKib: 2_097_152n,
    memoryMaximumKib: 2_097_152n,
    memoryRssKib: 1_000_000n + step % 4096n,
    memoryAvailableKib: 2_000_000n,
    memoryUsableKib: 1_500_000n - step % 1024n,
    memoryUnusedKib: 900_000n - step % 1024n,
    memoryDiskCachesKib: 600_000n + step % 1024n,
    memorySwapInKib: step >> 14n,
    memorySwapOutKib: step >> 13n,
    memoryMajorFaults: step >> 8n,
    memoryMinorFaults: step,
    memoryUpdatedAtS: 1_767_225_600n + BigInt(turn * 10),
    disks: [disk("vda", step), disk("vdb", 31n * step)],
    interfaces: [vnic(`tap${hex}-0`, step), vnic(`tap${hex}-1`, 17n * step)],
  };
}

function disk(name: string, step: bigint): DiskStats {
  return {
    name,
    readBytes: 4096n * step,
    readRequests: step,
    writeBytes: 8192n * step,
    writeRequests: 2n * step,
    readNs: 100_003n * step,
    writeNs: 200_003n * step,
    flushNs: 9_001n * step,
    flushRequests: step >> 3n,
    capacityBytes: 21_474_836_480n,
    allocationBytes: 5_368_709_120n + 4096n * (step % 512n),
    physicalBytes: 5_368_709_632n,
  };
}

function vnic(name: string, step: bigint): InterfaceStats {
  return {
    name,
    rxBytes: 1500n * step,
    rxPackets: step,
    rxErrors: step >> 12n,
    rxDrops: step >> 10n,
    txBytes: 900n * step,
    txPackets: step + 1n,
    txErrors: (step >> 13n) + 1n,
    txDrops: (step >> 11n) + 1n,
  };
}

function flows(index: number, turn: number): FixedIpFlows[] {
  return [0, 1].map((at) => {
    const all = 1000 + (index * 37 + turn * 11 + at) % 900;
    return {
      flows: all,
      outbound: {
        uniqueRemotes: all - 200,
        newRemotes: (turn + index) % 97,
        flows: all - 100,
        maxFlowsSingleRemote: 20 + turn % 50,
        uniqueDstPorts: 300 + (turn + index) % 70,
        newDstPorts: turn % 13,
        maxFlowsSingleDstPort: 60 + (turn + at) % 40,
      },
      inbound: {
        uniqueRemotes: 80 + (turn + index) % 20,
        newRemotes: (turn + at) % 19,
        flows: 100,
        maxFlowsSingleRemote: 1 + turn % 5,
        uniqueDstPorts: 2 + index % 7,
        newDstPorts: turn % 2,
        maxFlowsSingleDstPort: 40 + (turn + index) % 50,
      },
    };
  });
}
