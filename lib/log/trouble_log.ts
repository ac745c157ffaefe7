import type { LogFields, Logger } from "./logger.ts";

interface Trouble {
  readonly message: string;
  readonly subject: string | undefined;
  readonly beganMs: number;
  toldMs: number;
  seenMs: number;
  count: number;
  /** Whether it ended; it is kept while it would be too soon to tell of its next begin. */
  isOver: boolean;
  /** Whether a line says that it is there, so that another must say when it is not. */
  isTold: boolean;
}

/** Subjects beyond the bound share this one. */
const OTHERS = "(others)";

/**
 * Reports an error that keeps coming back when it begins, once a minute while it lasts, and when it
 * ends. One that comes and goes is told no more often: three lines a minute at most, whatever
 * happens. An error is known by its message, a constant, and optionally by whom it concerns.
 */
export class TroubleLog {
  readonly #log: Logger;
  readonly #nowMs: () => number;
  readonly #everyMs: number;
  readonly #mostTroubles: number;
  readonly #troubles = new Map<string, Trouble>();

  /** @param options `nowMs` is a monotonic clock in milliseconds. */
  constructor(log: Logger, options: {
    readonly nowMs: () => number;
    readonly everyMs?: number;
    readonly mostTroubles?: number;
  }) {
    this.#log = log;
    this.#nowMs = options.nowMs;
    this.#everyMs = options.everyMs ?? 60_000;
    this.#mostTroubles = options.mostTroubles ?? 1000;
  }

  /** The error happened (again). */
  report(message: string, options: { subject?: string; fields?: LogFields } = {}): void {
    const now = this.#nowMs();
    this.#forgetOver(now);
    let { subject } = options;
    let trouble = this.#troubles.get(keyOf(message, subject));
    if (trouble === undefined && this.#troubles.size >= this.#mostTroubles) {
      subject = OTHERS;
      trouble = this.#troubles.get(keyOf(message, subject));
    }
    if (trouble === undefined) {
      this.#begin({ message, subject }, now, options.fields);
      return;
    }
    if (trouble.isOver) Object.assign(trouble, { isOver: false, isTold: false });
    trouble.count++;
    trouble.seenMs = now;
    if (now - trouble.toldMs < this.#everyMs) return;
    Object.assign(trouble, { toldMs: now, isTold: true });
    this.#log.error(message, { state: "lasts", ...tally(trouble, now), ...options.fields });
  }

  /** The error is over; nothing is said when it was not there. */
  end(message: string, subject?: string): void {
    const trouble = this.#troubles.get(keyOf(message, subject));
    if (trouble !== undefined) this.#end(trouble);
  }

  /** Ends what was last reported before `sinceMs` (the start of a cycle, by the same clock). */
  endUnseen(sinceMs: number): void {
    for (const trouble of this.#troubles.values()) {
      if (trouble.seenMs < sinceMs) this.#end(trouble);
    }
  }

  #begin(
    about: Pick<Trouble, "message" | "subject">,
    now: number,
    fields: LogFields | undefined,
  ): void {
    const { message, subject } = about;
    this.#troubles.set(keyOf(message, subject), {
      ...about,
      ...{ beganMs: now, toldMs: now, seenMs: now, count: 1, isOver: false, isTold: true },
    });
    this.#log.error(message, { state: "begins", subject, ...fields });
  }

  #end(trouble: Trouble): void {
    if (trouble.isOver) return;
    trouble.isOver = true;
    if (!trouble.isTold) return;
    this.#log.notice(trouble.message, { state: "ended", ...tally(trouble, this.#nowMs()) });
  }

  #forgetOver(now: number): void {
    for (const [key, { isOver, toldMs }] of this.#troubles) {
      if (isOver && now - toldMs >= this.#everyMs) this.#troubles.delete(key);
    }
  }
}

function keyOf(message: string, subject: string | undefined): string {
  return subject === undefined ? message : `${message}\0${subject}`;
}

function tally({ subject, count, beganMs }: Trouble, nowMs: number): LogFields {
  return { subject, count, seconds: Math.round((nowMs - beganMs) / 1000) };
}
