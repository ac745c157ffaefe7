import type { DomainsReading, InstanceReading } from "../collectors/cycle.ts";
import type { LibvirtReading } from "./libvirt_reading.ts";
import type { DelaysReading, RunningInstance } from "./vcpu_threads.ts";

const NO_DELAYS: DelaysReading = { delays: new Map() };

/** How domains are read of what libvirt said. */
export interface DomainsOptions {
  /** Time that the listing took, for one that failed. */
  readonly listDurationMs: number;
  /** Whether an instance is exported; all are unless it is given. */
  readonly isSelected?: ((instance: InstanceReading) => boolean) | undefined;
  /** Reads how long the vCPUs of instances waited. */
  readonly readDelays?: ((running: readonly RunningInstance[]) => DelaysReading) | undefined;
}

/** The domains of a cycle, and what could not be read of them. */
export interface DomainsOutcome {
  readonly reading: DomainsReading;
  /** Why no domain could be listed. */
  readonly error: Error | undefined;
  /** Why something of a domain could not be used, by its name. */
  readonly errors: ReadonlyMap<string, Error>;
  /** Why the delays of none are known. */
  readonly delayError?: Error | undefined;
}

/** Tells the instances that are exported from the others, and reads the rest of what is known of them. */
export function domainsReading(listing: LibvirtReading, options: DomainsOptions): DomainsOutcome {
  const { isSelected = () => true, readDelays = () => NO_DELAYS } = options;
  if (!listing.up) {
    const { listDurationMs } = options;
    return { reading: { ok: false, listDurationMs }, error: listing.error, errors: new Map() };
  }
  const { listDurationMs, statsAtMs, domains, domainErrors, versions } = listing;
  const unselected = domains.flatMap(({ stats, description, run }) => {
    const instance = description && { stats, description, run };
    return instance && !isSelected(instance) ? [instance] : [];
  });
  const left = new Set(unselected.map(({ stats }) => stats.uuid));
  const selected = domains.filter(({ stats }) => !left.has(stats.uuid));
  const { delays, error: delayError } = readDelays(
    selected.map(({ run, stats: { uuid } }) => ({ run, uuid })),
  );
  const instances: InstanceReading[] = [];
  const errors = new Map<string, Error>();
  for (const { stats, description, run, job, error } of domains) {
    if (error) errors.set(stats.name, error);
    if (!description || left.has(stats.uuid)) continue;
    instances.push({ stats, description, run, job, delay: delays.get(run) });
  }
  const listed = new Set(selected.map(({ stats }) => stats.uuid));
  return {
    reading: {
      ok: true,
      listDurationMs,
      statsAtMs,
      listed,
      instances,
      unselected,
      domainErrors,
      versions,
    },
    error: undefined,
    errors,
    delayError,
  };
}
