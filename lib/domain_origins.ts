import type { DomainsReading } from "./collectors/cycle.ts";

interface Origin {
  readonly run: object;
  readonly sinceMs: number | undefined;
}

/**
 * Since when domains run, as far as it was seen: one that the listing before did not have, or had as
 * another run, began after that listing. Of those that ran when the exporter started nobody knows.
 */
export class DomainOrigins {
  #origins: ReadonlyMap<string, Origin> = new Map();
  #listed: ReadonlySet<string> | undefined;
  #listedAtMs = 0;

  /** Takes in a good listing of `nowMs`, in milliseconds since 1970. */
  take(domains: DomainsReading & { readonly ok: true }, nowMs: number): void {
    const origins = new Map<string, Origin>();
    for (const { stats: { uuid }, run } of domains.instances) {
      const before = this.#origins.get(uuid);
      const isNew = before ? before.run !== run : this.#listed?.has(uuid) === false;
      const sinceMs = isNew ? this.#listedAtMs : before?.sinceMs;
      origins.set(uuid, { run, sinceMs });
    }
    // What could not be read in this cycle may be the same run in the next.
    for (const [uuid, origin] of this.#origins) {
      if (!origins.has(uuid) && domains.listed.has(uuid)) origins.set(uuid, origin);
    }
    this.#origins = origins;
    this.#listed = domains.listed;
    this.#listedAtMs = nowMs;
  }

  /** Milliseconds since 1970, or undefined where it is not known. */
  of(uuid: string): number | undefined {
    return this.#origins.get(uuid)?.sinceMs;
  }
}
