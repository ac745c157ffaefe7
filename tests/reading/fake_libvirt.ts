import type { DomainStats } from "../../ffi/domain_stats.ts";
import type { ListedDomain, StatsGroupName } from "../../ffi/libvirt.ts";
import { LibvirtError } from "../../ffi/libvirt_error.ts";
import type { LibvirtSource } from "../../lib/reading/libvirt_reader.ts";

/** A domain of the fake; a call whose result is an error throws it. */
export interface FakeDomain {
  stats: DomainStats;
  xml?: string | Error;
  info?: ReturnType<ListedDomain["info"]> | Error;
  blockStats?: Error;
  interfaceStats?: Error;
  job?: ReturnType<ListedDomain["job"]> | Error | undefined;
}

/** A libvirt whose domains and failures a test sets; it counts what the reader asks of it. */
export class FakeLibvirt {
  domains: FakeDomain[] = [];
  missing: StatsGroupName[] = [];
  hypervisor = "7.2.22";
  nowMs = 0;
  /** How long each bulk call takes. */
  listMs = 10;
  /** What the next calls throw, one after the other; then they succeed. */
  connectErrors: Error[] = [];
  listErrors: Error[] = [];
  connections = 0;
  open = 0;
  openLists = 0;
  xmlFetches: string[] = [];

  readonly now = (): number => this.nowMs;

  readonly connect = (): LibvirtSource => {
    this.connections++;
    const refused = this.connectErrors.shift();
    if (refused !== undefined) throw refused;
    this.open++;
    return {
      missingGroups: new Set(this.missing),
      allDomainStats: () => {
        const failed = this.listErrors.shift();
        if (failed !== undefined) throw failed;
        this.nowMs += this.listMs;
        this.openLists++;
        return {
          domains: this.domains.map((domain) => this.#listed(domain)),
          [Symbol.dispose]: () => void this.openLists--,
        };
      },
      versions: () => ({ libvirt: "9.0.0", hypervisor: this.hypervisor }),
      close: () => {
        this.open--;
        return 0;
      },
    };
  };

  #listed(
    { stats, xml = "<domain/>", info, blockStats, interfaceStats, job }: FakeDomain,
  ): ListedDomain {
    return {
      stats,
      xml: () => {
        this.xmlFetches.push(stats.name);
        return resultOf(xml);
      },
      info: () => resultOf(info ?? new Error("Cannot give info: the test has none")),
      blockStats: (name) => resultOf(blockStats ?? { name, readBytes: 1n }),
      job: () => resultOf(job),
      interfaceStats: (name) => resultOf(interfaceStats ?? { name, rxBytes: 2n }),
    };
  }
}

function resultOf<T>(result: T | Error): T {
  if (result instanceof Error) throw result;
  return result;
}

/** Errors of each kind, as libvirt codes them. */
export const FAILURES = {
  lost: () => new LibvirtError("lost", { code: 38, domain: 7, level: 2 }),
  gone: () => new LibvirtError("gone", { code: 42, domain: 10, level: 2 }),
  unsupported: () => new LibvirtError("unsupported", { code: 3, domain: 12, level: 2 }),
  other: () => new LibvirtError("other", { code: 1, domain: 10, level: 2 }),
} as const;
