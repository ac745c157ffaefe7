import { listActiveDomains } from "./list_active_domains.ts";
import { cString } from "./c_string.ts";
import { type DomainList, HandleDomain, identityOf, type ListedDomain } from "./libvirt_domain.ts";
import { lastLibvirtError, LibvirtError } from "./libvirt_error.ts";
import { StatsFlag, StatsGroup, StatsRecord, TypedParameter } from "./libvirt_layout.ts";
import { openLibvirtLibrary } from "./libvirt_library.ts";
import { StatsParser } from "./libvirt_params.ts";

export type { DomainInfo, DomainList, ListedDomain } from "./libvirt_domain.ts";
export { LibvirtError, LibvirtUnavailableError } from "./libvirt_error.ts";

/** A group of the bulk call, by libvirt's name for it. */
export type StatsGroupName = keyof typeof StatsGroup;

/** Every group that the program reads. */
export const STATS_GROUPS = Object.keys(StatsGroup) as readonly StatsGroupName[];

const BULK_FLAGS = StatsFlag.ACTIVE | StatsFlag.NOWAIT;

/** Versions of what a connection leads to, each as `major.minor.release`; absent where it is not said. */
export interface Versions {
  /** Of libvirt's daemon. */
  readonly libvirt: string | undefined;
  /** Of the hypervisor: QEMU's. */
  readonly hypervisor: string | undefined;
}

/**
 * One read-only connection to libvirt. Calls block the calling thread; use it on one thread only.
 * It owns the connection and the library until {@link close}.
 */
export class LibvirtConnection implements Disposable {
  readonly #library: ReturnType<typeof openLibvirtLibrary>;
  readonly #parser = new StatsParser(readText);
  readonly #groups: readonly StatsGroupName[];
  #connection: Deno.PointerValue;
  #missing: ReadonlySet<StatsGroupName> | undefined;

  private constructor(
    library: ReturnType<typeof openLibvirtLibrary>,
    connection: Deno.PointerValue,
    groups: readonly StatsGroupName[],
  ) {
    this.#library = library;
    this.#connection = connection;
    this.#groups = groups;
  }

  /**
   * @param uri A connection URI, such as `qemu:///system`.
   * @param groups What the bulk call asks for.
   * @throws {LibvirtUnavailableError} If libvirt cannot be loaded.
   * @throws {LibvirtError} If it cannot connect: no daemon, wrong URI, or permission refused.
   */
  static open(
    uri: string,
    groups: readonly StatsGroupName[] = STATS_GROUPS,
  ): LibvirtConnection {
    const library = openLibvirtLibrary();
    const connection = library.symbols.virConnectOpenReadOnly(cString(uri));
    if (connection !== null) return new LibvirtConnection(library, connection, groups);
    const action = `Cannot connect to libvirt: tried ${uri}, read-only`;
    const error = lastLibvirtError(library.symbols, action);
    library.close();
    throw error;
  }

  /**
   * Groups that this driver does not have in its bulk call; known after the first
   * {@link allDomainStats}. Per-domain calls can fill them. A group that one busy guest lacks is
   * not among them: asking again would wait for that guest.
   */
  get missingGroups(): ReadonlySet<StatsGroupName> {
    return this.#missing ?? new Set();
  }

  /**
   * Statistics of all running domains in one call that does not wait for busy guests; without any,
   * where the driver has no such call. The caller disposes the list.
   *
   * @throws {LibvirtError} If the call fails.
   */
  allDomainStats(): DomainList {
    if (this.#connection === null) throw new Error("Cannot list domains: connection is closed");
    // The flag ENFORCE_STATS has the driver refuse at once, before any guest is asked, if it lacks
    // a group: the one answer that tells such a driver from a guest too busy to fill the group.
    if (this.#missing === undefined) {
      try {
        const list = this.#list(this.#groups, BULK_FLAGS | StatsFlag.ENFORCE_STATS);
        this.#missing = new Set();
        return list;
      } catch (error) {
        if (!isUnsupported(error)) throw error;
        this.#missing = new Set(this.#groups.filter((group) => !this.#has(group)));
      }
    }
    const missing = this.#missing;
    // Every driver that has the call has the state in it: libvirt's test driver came to it after 7.0.
    if (missing.has("STATE")) return listActiveDomains(this.#library.symbols, this.#connection);
    return this.#list(this.#groups.filter((group) => !missing.has(group)), BULK_FLAGS);
  }

  /** What is at the other end. Never throws: a version that cannot be told is absent. */
  versions(): Versions {
    if (this.#connection === null) throw new Error("Cannot tell versions: connection is closed");
    const { virConnectGetLibVersion, virConnectGetVersion } = this.#library.symbols;
    const out = new BigUint64Array(1);
    const libvirt = virConnectGetLibVersion(this.#connection, out) < 0 ? undefined : version(out);
    const hypervisor = virConnectGetVersion(this.#connection, out) < 0 ? undefined : version(out);
    return { libvirt, hypervisor };
  }

  /**
   * Closes the connection and the library. Further calls throw.
   *
   * @returns The references to the connection that are left: 0, unless a handle leaked.
   */
  close(): number {
    if (this.#connection === null) return 0;
    const left = this.#library.symbols.virConnectClose(this.#connection);
    this.#connection = null;
    this.#library.close();
    return left;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #has(group: StatsGroupName): boolean {
    try {
      this.#list([group], BULK_FLAGS | StatsFlag.ENFORCE_STATS)[Symbol.dispose]();
      return true;
    } catch (error) {
      if (isUnsupported(error)) return false;
      throw error;
    }
  }

  #list(groups: readonly StatsGroupName[], flags: number): DomainList {
    const { symbols } = this.#library;
    const out = new BigUint64Array(1);
    const mask = groups.reduce((bits, group) => bits | StatsGroup[group], 0);
    // The driver takes no groups for all of them; the state is in every driver and costs nothing.
    const wanted = mask === 0 ? StatsGroup.STATE : mask;
    const count = symbols.virConnectGetAllDomainStats(this.#connection, wanted, out, flags >>> 0);
    if (count < 0) throw lastLibvirtError(symbols, "Cannot list domains");
    const records = Deno.UnsafePointer.create(out[0] ?? 0n);
    let freed = false;
    const free = () => {
      if (!freed && records !== null) symbols.virDomainStatsRecordListFree(records);
      freed = true;
    };
    try {
      const domains: ListedDomain[] = [];
      const list = records === null ? undefined : new Deno.UnsafePointerView(records);
      for (let i = 0; list !== undefined && i < count; i++) {
        domains.push(this.#domain(list.getPointer(i * 8), () => freed));
      }
      return { domains, [Symbol.dispose]: free };
    } catch (error) {
      free();
      throw error;
    }
  }

  #domain(record: Deno.PointerValue, isFreed: () => boolean): ListedDomain {
    const { symbols } = this.#library;
    if (record === null) throw new Error("Cannot list domains: libvirt returned an empty record");
    const view = new Deno.UnsafePointerView(record);
    const handle = view.getPointer(StatsRecord.dom);
    const params = view.getPointer(StatsRecord.params);
    const count = view.getInt32(StatsRecord.nparams);
    const stats = params === null ? {} : this.#parser.parse(
      Deno.UnsafePointerView.getArrayBuffer(params, count * TypedParameter.size),
    );
    const handleOf = () => {
      if (isFreed()) throw new Error("Cannot read a domain: its list is disposed");
      return handle;
    };
    return new HandleDomain(symbols, handleOf, { ...identityOf(symbols, handle), ...stats });
  }
}

/** `major * 1,000,000 + minor * 1,000 + release`, as libvirt and its drivers count. */
function version(out: BigUint64Array): string {
  const number = Number(out[0] ?? 0n);
  return [Math.floor(number / 1e6), Math.floor(number / 1e3) % 1e3, number % 1e3].join(".");
}

function isUnsupported(error: unknown): boolean {
  return error instanceof LibvirtError && error.kind === "unsupported";
}

function readText(address: bigint): string {
  const pointer = Deno.UnsafePointer.create(address);
  return pointer === null ? "" : Deno.UnsafePointerView.getCString(pointer);
}
