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
  /** `cpu.time`, nanoseconds used by all vCPUs since the domain started. */
  readonly cpuTimeNs?: bigint;
  /** `balloon.current`, KiB. */
  readonly memoryCurrentKib?: bigint;
  /** Current number of vCPUs, where libvirt gave it without being asked for the costly VCPU group. */
  readonly vcpus?: number;
  readonly disks?: readonly DiskStats[];
  readonly interfaces?: readonly InterfaceStats[];
}

/** Counters of one disk; `name` is the target device (`vda`). */
export interface DiskStats {
  readonly name: string;
  readonly readBytes?: bigint;
  readonly readRequests?: bigint;
  readonly writeBytes?: bigint;
  readonly writeRequests?: bigint;
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
