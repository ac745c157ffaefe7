import type { CollectorResult } from "./collectors/runner.ts";
import type { LogFields, Logger } from "./log/logger.ts";
import { TroubleLog } from "./log/trouble_log.ts";
import type { ReadTroubles } from "./reading/read_troubles.ts";

/**
 * Tells the log how cycles fare: each trouble when it begins, once a minute while it lasts, and when
 * it ends.
 */
export class CycleReport {
  readonly #log: Logger;
  readonly #nowMs: () => number;
  readonly #troubles: TroubleLog;
  /** What the kernel does not have it will not have in a minute: told when it begins and ends. */
  readonly #lasting: TroubleLog;

  /** @param nowMs A clock that never steps, in milliseconds. */
  constructor(log: Logger, nowMs: () => number) {
    this.#log = log;
    this.#nowMs = nowMs;
    this.#troubles = new TroubleLog(log, { nowMs });
    this.#lasting = new TroubleLog(log, { nowMs, everyMs: Infinity });
  }

  /** Tells of one cycle, after it ended; `contactsLeftOut` are those the threat file has no line for. */
  tell(
    troubles: ReadTroubles,
    cycle: {
      readonly instances: number;
      readonly series: number;
      readonly collectors: readonly CollectorResult[];
    },
    contactsLeftOut = 0,
  ): void {
    const toldAtMs = this.#nowMs();
    if (troubles.libvirt) this.#report("libvirt cannot be read", troubles.libvirt);
    if (troubles.conntrack) {
      this.#report("The conntrack table cannot be read", troubles.conntrack);
    }
    if (troubles.hostAddresses) {
      this.#report("This host's addresses cannot be read", troubles.hostAddresses);
    }
    if (troubles.vcpuThreads) {
      this.#lasting.report("vCPU threads cannot be seen", {
        fields: { reason: troubles.vcpuThreads.message },
      });
    }
    for (const [subject, { message: reason }] of troubles.kernelFiles ?? []) {
      this.#lasting.report("A file of the kernel cannot be used", { subject, fields: { reason } });
    }
    for (const [domain, error] of troubles.domains) {
      this.#report("A domain cannot be used", error, domain);
    }
    for (const { name, failures } of cycle.collectors) {
      for (const [instance_uuid, error] of failures) {
        // A defect of the program, not of what it reads: the stack is what its authors need.
        const stack = error instanceof Error ? error.stack : undefined;
        this.#report("A collector failed", error, name, { instance_uuid, stack });
      }
    }
    if (contactsLeftOut > 0) {
      this.#report(
        "Contacts were left out of the threat file",
        "too many in one cycle",
        undefined,
        {
          left_out: contactsLeftOut,
        },
      );
    }
    this.#troubles.endUnseen(toldAtMs);
    this.#lasting.endUnseen(toldAtMs);
    const { instances, series } = cycle;
    this.#log.debug("Cycle ended", { instances, series });
  }

  #report(message: string, error: unknown, subject?: string, fields: LogFields = {}): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#troubles.report(message, {
      ...subject !== undefined && { subject },
      fields: { reason, ...fields },
    });
  }
}
