import type { DomainStats } from "../../ffi/domain_stats.ts";
import type { JobStats } from "../../ffi/job_stats.ts";
import type { ListedDomain, StatsGroupName } from "../../ffi/libvirt.ts";
import { LibvirtError } from "../../ffi/libvirt_error.ts";
import { parseDomainXml } from "../inventory/domain_xml.ts";
import type { InstanceDescription } from "../inventory/instance.ts";
import { fillMissingStats } from "./missing_stats.ts";
import type { DomainReading } from "./libvirt_reading.ts";

/** XML is never used for longer than this. */
export const MAX_XML_AGE_MS = 60_000;

/** One run of a domain, from its start to its end, with the description that its XML gave. */
export class DomainRun {
  readonly #identity = {};
  readonly #spreadMs: number;
  #xml = "";
  #fetchedAtMs = -Infinity;
  #devices: string | undefined;
  /** Whether the devices have just changed: Nova plugs first, and writes its metadata after that. */
  #isChanging = false;
  #description: InstanceDescription | undefined;
  #parseError: Error | undefined;
  #callError: Error | undefined;

  constructor(uuid: string) {
    this.#spreadMs = spreadOf(uuid);
  }

  /**
   * Brings the description up to date and takes this cycle's statistics.
   *
   * @param nextMs When the next cycle is due: XML that would be too old by then is fetched now.
   * @returns undefined where the domain has gone since it was listed.
   * @throws {LibvirtError} If the connection is lost.
   */
  read(
    domain: ListedDomain,
    options: {
      readonly nowMs: number;
      readonly nextMs: number;
      readonly missing: ReadonlySet<StatsGroupName>;
      /** Whether to ask for the domain's job. */
      readonly jobs: boolean;
    },
  ): DomainReading | undefined {
    let callError: Error | undefined;
    let stats = domain.stats;
    try {
      this.#refresh(domain, options);
      if (options.missing.size > 0) {
        const filled = fillMissingStats(domain, this.#description, options.missing);
        ({ stats, error: callError } = filled);
      }
    } catch (error) {
      if (!(error instanceof LibvirtError) || error.kind === "connection lost") throw error;
      if (error.kind === "domain gone") return undefined;
      callError = error;
    }
    // The same complaint keeps its object, so that a caller can tell a new one.
    if (callError?.message !== this.#callError?.message) this.#callError = callError;
    const error = this.#callError ?? this.#parseError;
    const job = options.jobs ? jobOf(domain) : undefined;
    return { run: this.#identity, stats, description: this.#description, job, error };
  }

  /** Has the XML fetched anew: what a daemon that was restarted calls by the same id may be another run. */
  expireXml(): void {
    this.#fetchedAtMs = -Infinity;
  }

  #refresh(domain: ListedDomain, { nowMs, nextMs }: { nowMs: number; nextMs: number }): void {
    const devices = devicesOf(domain.stats) ?? this.#devices;
    const isChanged = devices !== this.#devices;
    const isFresh = nextMs - this.#fetchedAtMs < MAX_XML_AGE_MS;
    if (isFresh && !isChanged && !this.#isChanging) return;
    const xml = domain.xml();
    // All domains are fetched together in the first cycle, and need not be ever after.
    this.#fetchedAtMs = this.#fetchedAtMs === -Infinity ? nowMs - this.#spreadMs : nowMs;
    this.#isChanging = isChanged && this.#devices !== undefined;
    this.#devices = devices;
    if (xml === this.#xml) return;
    this.#xml = xml;
    try {
      const description = parseDomainXml(xml);
      this.#parseError = undefined;
      if (!meansTheSame(description, this.#description)) this.#description = description;
    } catch (error) {
      this.#parseError = error instanceof Error ? error : new Error(String(error));
    }
  }
}

/** The job of a domain. A driver without jobs and the target of a migration refuse to tell: none. */
function jobOf(domain: ListedDomain): JobStats | undefined {
  try {
    return domain.job();
  } catch (error) {
    if (!(error instanceof LibvirtError) || error.kind === "connection lost") throw error;
    return undefined;
  }
}

/** The devices that statistics name; undefined where libvirt gave no such list. */
function devicesOf({ disks, interfaces }: DomainStats): string | undefined {
  if (disks === undefined || interfaces === undefined) return undefined;
  return [...disks.map(({ name }) => name), "", ...interfaces.map(({ name }) => name)].join("\n");
}

function meansTheSame(a: InstanceDescription, b: InstanceDescription | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The same for a domain in every run, and evenly spread over domains (FNV-1a). */
function spreadOf(uuid: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < uuid.length; i++) hash = Math.imul(hash ^ uuid.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % MAX_XML_AGE_MS;
}
