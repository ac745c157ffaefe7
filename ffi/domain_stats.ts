/**
 * What libvirt says of one running domain in one cycle, as plain data.
 *
 * A field that libvirt did not return is absent; a list that is absent means that libvirt did not
 * return the whole group (a busy domain under NOWAIT, or a driver without it). Counters are 64-bit
 * in libvirt and stay bigint. Names of the typed parameters: libvirt's
 * `virConnectGetAllDomainStats`.
 */
export interface DomainStats {
  /** Lower-case UUID with dashes: Nova's instance UUID. */
  readonly uuid: string;
  /** libvirt's name, such as `instance-0000000a`. */
  readonly name: string;
  /** libvirt's number of this run of the domain: another one after each start. */
  readonly id: number;
  /** `state.state`: a virDomainState. */
  readonly state?: number;
  /** `state.reason`: the reason's number, which belongs to the state. */
  readonly stateReason?: number;
  /** `cpu.time`, nanoseconds used by all vCPUs since the domain started. */
  readonly cpuTimeNs?: bigint;
  /** `cpu.user`, nanoseconds of the whole QEMU process in user mode. */
  readonly cpuUserNs?: bigint;
  /** `cpu.system`, nanoseconds of the whole QEMU process in the kernel. */
  readonly cpuSystemNs?: bigint;
  /** `balloon.current`, KiB. */
  readonly memoryCurrentKib?: bigint;
  /** `balloon.maximum`, KiB. */
  readonly memoryMaximumKib?: bigint;
  /** `balloon.rss`: resident memory of QEMU on the host, KiB. */
  readonly memoryRssKib?: bigint;
  /** `balloon.available`: what the guest's kernel has at all, KiB. This and what follows the guest says. */
  readonly memoryAvailableKib?: bigint;
  /** `balloon.usable`: what the guest could take without swapping, KiB. */
  readonly memoryUsableKib?: bigint;
  /** `balloon.unused`, KiB. */
  readonly memoryUnusedKib?: bigint;
  /** `balloon.disk_caches`, KiB. */
  readonly memoryDiskCachesKib?: bigint;
  /** `balloon.swap_in`, KiB. */
  readonly memorySwapInKib?: bigint;
  /** `balloon.swap_out`, KiB. */
  readonly memorySwapOutKib?: bigint;
  /** `balloon.major_fault` */
  readonly memoryMajorFaults?: bigint;
  /** `balloon.minor_fault` */
  readonly memoryMinorFaults?: bigint;
  /** `balloon.last-update`: when the guest said so, seconds since the epoch; 0 is never. */
  readonly memoryUpdatedAtS?: bigint;
  /** Current number of vCPUs, where libvirt gave it without being asked for the costly VCPU group. */
  readonly vcpus?: number;
  readonly disks?: readonly DiskStats[];
  readonly interfaces?: readonly InterfaceStats[];
}

/** Counters and sizes of one disk; `name` is the target device (`vda`). */
export interface DiskStats {
  readonly name: string;
  readonly readBytes?: bigint;
  readonly readRequests?: bigint;
  readonly writeBytes?: bigint;
  readonly writeRequests?: bigint;
  /** `rd.times`, `wr.times` and `fl.times`: time of all such requests, summed, in nanoseconds. */
  readonly readNs?: bigint;
  readonly writeNs?: bigint;
  readonly flushNs?: bigint;
  readonly flushRequests?: bigint;
  /** What the guest sees. */
  readonly capacityBytes?: bigint;
  /** Highest offset that was written since QEMU opened it. */
  readonly allocationBytes?: bigint;
  /** What the image's file takes up, or the size of its device. */
  readonly physicalBytes?: bigint;
}

/** Counters of one virtual network interface; `name` is the host's device (`tap...`). */
export interface InterfaceStats {
  readonly name: string;
  readonly rxBytes?: bigint;
  readonly rxPackets?: bigint;
  readonly rxErrors?: bigint;
  readonly rxDrops?: bigint;
  readonly txBytes?: bigint;
  readonly txPackets?: bigint;
  readonly txErrors?: bigint;
  readonly txDrops?: bigint;
}
