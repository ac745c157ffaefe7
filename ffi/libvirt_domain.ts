import { cString } from "./c_string.ts";
import type { DiskStats, DomainStats, InterfaceStats } from "./domain_stats.ts";
import { type JobStats, parseJobStats } from "./job_stats.ts";
import {
  BlockStatsStruct,
  ControlInfoStruct,
  ControlState,
  DomainInfoStruct,
  InterfaceStatsStruct,
  JobType,
  TypedParameter,
  UUID_STRING_LENGTH,
} from "./libvirt_layout.ts";
import { lastLibvirtError } from "./libvirt_error.ts";
import type { Libvirt } from "./libvirt_symbols.ts";

/** The running domains of one listing. Dispose it: it owns the memory behind its domains. */
export interface DomainList extends Disposable {
  readonly domains: readonly ListedDomain[];
}

/** What `virDomainGetInfo` says of a running domain. */
export interface DomainInfo {
  /** A virDomainState. */
  readonly state: number;
  readonly memoryKib: bigint;
  readonly vcpus: number;
  readonly cpuTimeNs: bigint;
}

/**
 * One running domain of a {@link DomainList}; of use only until the list is disposed. Each method
 * is one call to the daemon.
 */
export interface ListedDomain {
  readonly stats: DomainStats;
  /** @throws {LibvirtError} If libvirt cannot give it. */
  xml(): string;
  /** @throws {LibvirtError} If libvirt cannot give it. */
  info(): DomainInfo;
  /**
   * @param device Target device of a disk, such as `vda`.
   * @throws {LibvirtError} If libvirt cannot give them.
   */
  blockStats(device: string): DiskStats;
  /**
   * @param device The host's device of an interface, such as `tap0`.
   * @throws {LibvirtError} If libvirt cannot give them.
   */
  interfaceStats(device: string): InterfaceStats;
  /**
   * The job that runs on the domain, such as a migration. Two calls: a domain that another call
   * occupies, or whose QEMU does not answer one, is told by the first, which never waits for it.
   *
   * @returns undefined where there is none, or the domain is occupied.
   * @throws {LibvirtError} If libvirt cannot give it.
   */
  job(): JobStats | undefined;
}

/** A domain of a listing, by its handle, which it borrows: the list frees it. */
export class HandleDomain implements ListedDomain {
  readonly stats: DomainStats;
  readonly #libvirt: Libvirt;
  readonly #handle: () => Deno.PointerValue;

  /** @param handle The domain's handle; it must throw once the list is disposed. */
  constructor(libvirt: Libvirt, handle: () => Deno.PointerValue, stats: DomainStats) {
    this.#libvirt = libvirt;
    this.#handle = handle;
    this.stats = stats;
  }

  xml(): string {
    const text = this.#libvirt.virDomainGetXMLDesc(this.#handle(), 0);
    if (text === null) throw this.#error("the XML");
    try {
      return Deno.UnsafePointerView.getCString(text);
    } finally {
      this.#libvirt.free(text);
    }
  }

  info(): DomainInfo {
    const view = new DataView(new ArrayBuffer(DomainInfoStruct.size));
    if (this.#libvirt.virDomainGetInfo(this.#handle(), bytesOf(view)) < 0) {
      throw this.#error("the state");
    }
    return {
      state: view.getUint8(DomainInfoStruct.state),
      memoryKib: view.getBigUint64(DomainInfoStruct.memory, true),
      vcpus: view.getUint16(DomainInfoStruct.nrVirtCpu, true),
      cpuTimeNs: view.getBigUint64(DomainInfoStruct.cpuTime, true),
    };
  }

  blockStats(device: string): DiskStats {
    const view = new DataView(new ArrayBuffer(BlockStatsStruct.size));
    const { virDomainBlockStats } = this.#libvirt;
    const size = BigInt(BlockStatsStruct.size);
    if (virDomainBlockStats(this.#handle(), cString(device), bytesOf(view), size) < 0) {
      throw this.#error(`disk ${device}`);
    }
    return {
      name: device,
      ...counter("readBytes", view, BlockStatsStruct.rd_bytes),
      ...counter("readRequests", view, BlockStatsStruct.rd_req),
      ...counter("writeBytes", view, BlockStatsStruct.wr_bytes),
      ...counter("writeRequests", view, BlockStatsStruct.wr_req),
    };
  }

  interfaceStats(device: string): InterfaceStats {
    const view = new DataView(new ArrayBuffer(InterfaceStatsStruct.size));
    const { virDomainInterfaceStats } = this.#libvirt;
    const size = BigInt(InterfaceStatsStruct.size);
    if (virDomainInterfaceStats(this.#handle(), cString(device), bytesOf(view), size) < 0) {
      throw this.#error(`interface ${device}`);
    }
    return {
      name: device,
      ...counter("rxBytes", view, InterfaceStatsStruct.rx_bytes),
      ...counter("rxPackets", view, InterfaceStatsStruct.rx_packets),
      ...counter("rxErrors", view, InterfaceStatsStruct.rx_errs),
      ...counter("rxDrops", view, InterfaceStatsStruct.rx_drop),
      ...counter("txBytes", view, InterfaceStatsStruct.tx_bytes),
      ...counter("txPackets", view, InterfaceStatsStruct.tx_packets),
      ...counter("txErrors", view, InterfaceStatsStruct.tx_errs),
      ...counter("txDrops", view, InterfaceStatsStruct.tx_drop),
    };
  }

  job(): JobStats | undefined {
    const { virDomainGetControlInfo, virDomainGetJobStats, virTypedParamsFree } = this.#libvirt;
    const handle = this.#handle();
    const control = new DataView(new ArrayBuffer(ControlInfoStruct.size));
    if (virDomainGetControlInfo(handle, bytesOf(control), 0) < 0) throw this.#error("the job");
    if (control.getUint32(ControlInfoStruct.state, true) > ControlState.JOB) return undefined;
    const type = new Int32Array(1);
    const params = new BigUint64Array(1);
    const count = new Int32Array(1);
    const [typeOut, countOut] = [new Uint8Array(type.buffer), new Uint8Array(count.buffer)];
    if (virDomainGetJobStats(handle, typeOut, params, countOut, 0) < 0) {
      throw this.#error("the job");
    }
    const memory = Deno.UnsafePointer.create(params[0] ?? 0n);
    if (memory === null) return type[0] === JobType.NONE ? undefined : {};
    try {
      if (type[0] === JobType.NONE) return undefined;
      const size = (count[0] ?? 0) * TypedParameter.size;
      return parseJobStats(Deno.UnsafePointerView.getArrayBuffer(memory, size));
    } finally {
      virTypedParamsFree(memory, count[0] ?? 0);
    }
  }

  #error(what: string) {
    return lastLibvirtError(this.#libvirt, `Cannot read ${what} of domain ${this.stats.name}`);
  }
}

/** What every handle tells without a call to the daemon. */
export function identityOf(
  libvirt: Libvirt,
  handle: Deno.PointerValue,
): Pick<DomainStats, "uuid" | "name" | "id"> {
  const uuid = new Uint8Array(UUID_STRING_LENGTH);
  libvirt.virDomainGetUUIDString(handle, uuid);
  const name = libvirt.virDomainGetName(handle);
  return {
    uuid: new TextDecoder().decode(uuid.subarray(0, UUID_STRING_LENGTH - 1)),
    name: name === null ? "" : Deno.UnsafePointerView.getCString(name),
    id: libvirt.virDomainGetID(handle),
  };
}

function bytesOf(view: DataView<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(view.buffer);
}

/** A counter of -1 is one that the driver does not keep. */
function counter<K extends string>(key: K, view: DataView, at: number): { [key in K]?: bigint } {
  const value = view.getBigInt64(at, true);
  const found: { [key in K]?: bigint } = {};
  if (value >= 0n) found[key] = value;
  return found;
}
